"""A stack of convolutions and poolings on a square input: its text in a link, and what its units see.

    c5,p2,c5,p2,c5        LeNet-5: a convolution of 5x5, a pooling of 2x2, ...
    c3s2p1,c3p2d2         with a stride of 2 and a padding of 1; with a padding of 2 and a dilation of 2

What is left out is PyTorch's default: a stride of 1 for a convolution, of its own size for a pooling.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from cnnlab.axis_fields import ReceptiveField
from cnnlab.errors import ParseError, ShapeError, quoted
from cnnlab.exact_fields import AxisChain, Region, axis_chain, receptive_field_region
from cnnlab.layers import Conv2d, Layer, MaxPool2d, ReLU, WindowLayer
from cnnlab.shapes import windows
from cnnlab.texts import Message, message

Kind = Literal["conv", "pool"]
Unit = tuple[int, int, int]
"""(layer, row, column): the layer counted from 1, its rows and columns from 0."""

MAX_LAYERS = 8
MAX_SIZE = 64
MAX_TEXT = 200
NO_LAYERS = "none"
"""What a link says where there is no layer: an empty parameter would be lost on the way."""

LIMITS = MappingProxyType({"kernel": (1, 11), "stride": (1, 6), "padding": (0, 10), "dilation": (1, 8)})
"""Lowest and highest value of each setting of a layer: what a screen can show."""

SETTING_NAMES = MappingProxyType(
    {
        "kernel": message("kernel"),
        "stride": message("stride"),
        "padding": message("padding"),
        "dilation": message("dilation"),
    }
)
"""What the settings are called within a sentence."""

CHANNELS = 16
"""Of every convolution, where the stack becomes a network: they play no part in what a unit can see."""

_LETTERS = MappingProxyType({"s": "stride", "p": "padding", "d": "dilation"})
_LAYER = re.compile(r"([cp])(\d{1,3})((?:[spd]\d{1,3})*)")


@dataclass(frozen=True)
class StackLayer:
    """One layer. A pooling's window reads its pixels just as a convolution's does."""

    kind: Kind
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def extent(self) -> int:
        """Pixels that the window spans, its gaps included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def title(self) -> Message:
        """What it is called on the page.

        >>> StackLayer("pool", 2, stride=2).title
        'pool 2×2'
        """
        if self.kind == "pool":
            return message("pool {kernel}×{kernel}", kernel=self.kernel)
        return message("conv {kernel}×{kernel}", kernel=self.kernel)

    def to_layer(self, in_channels: int = 1, out_channels: int = 1) -> WindowLayer:
        """The layer of a network.

        Raises:
            ShapeError: a pooling with a padding of more than half of its window, which PyTorch refuses.
        """
        if self.kind == "pool":
            stride = None if self.stride == self.kernel else self.stride
            return MaxPool2d(self.kernel, stride, self.padding, self.dilation)
        return Conv2d(in_channels, out_channels, self.kernel, self.stride, self.padding, self.dilation)

    def __str__(self) -> str:
        letter, usual_stride = ("c", 1) if self.kind == "conv" else ("p", self.kernel)
        parts = [f"{letter}{self.kernel}"]
        parts += [f"s{self.stride}"] if self.stride != usual_stride else []
        parts += [f"p{self.padding}"] if self.padding else []
        parts += [f"d{self.dilation}"] if self.dilation != 1 else []
        return "".join(parts)


@dataclass(frozen=True)
class Row:
    """One layer that fits: what goes in, what comes out, and what its units see along each axis.

    Args:
        number: of the layer, counted from 1.
        size_before, size: pixels of the map before and of its own, along each axis.
        before, field: what a unit of the map before and one of its own see of the input.
    """

    number: int
    layer: StackLayer
    size_before: int
    size: int
    before: ReceptiveField
    field: ReceptiveField

    def recurrence(self) -> dict[str, str]:
        """How its numbers follow from those of the layer before, written out; pixels count from 1.

        Returns:
            the sums of output, field, jump and start; of extent, too, where there is a dilation.

        >>> row = Stack(32, parse_layers("c5,p2,c5")).rows[2]
        >>> row.recurrence()["field"]
        '6 + (5 − 1)·2 = 14'
        """
        layer, before = self.layer, self.before
        spread = f"{layer.dilation}·({layer.kernel} − 1) + 1 = {layer.extent}"
        extent = {"extent": spread} if layer.dilation > 1 else {}
        room = f"({self.size_before} + 2·{layer.padding} − {layer.extent})"
        divided = f"⌊{room}/{layer.stride}⌋" if layer.stride > 1 else room
        return {
            **extent,
            "output": f"{divided} + 1 = {self.size}",
            "field": f"{before.size} + ({layer.extent} − 1)·{before.jump} = {self.field.size}",
            "jump": f"{before.jump}·{layer.stride} = {self.field.jump}",
            "start": f"{_signed(before.start + 1)} − {layer.padding}·{before.jump} = {_signed(self.field.start + 1)}",
        }


@dataclass(frozen=True)
class Trouble:
    """The first layer that does not fit, counted from 1, and the sentence that says why."""

    number: int
    sentence: Message


@dataclass(frozen=True)
class Stack:
    """Layers on an input of `size` x `size` pixels."""

    size: int
    layers: tuple[StackLayer, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The layers up to the first that does not fit."""
        return self._walk[0]

    @cached_property
    def trouble(self) -> Trouble | None:
        """Why the next one does not fit; None where all do."""
        return self._walk[1]

    @cached_property
    def _walk(self) -> tuple[tuple[Row, ...], Trouble | None]:
        rows, size, field = list[Row](), self.size, ReceptiveField()
        for number, layer in enumerate(self.layers, start=1):
            try:
                layer.to_layer()
                after = windows(size, layer.kernel, layer.stride, layer.padding, layer.dilation).count
            except ShapeError as error:
                told = message(
                    "Layer {number} ({layer}) does not fit. {reason}",
                    number=number,
                    layer=layer.title,
                    reason=error.message,
                )
                return tuple(rows), Trouble(number, told)
            seen = field.then(layer.kernel, layer.stride, layer.padding, layer.dilation)
            rows.append(Row(number, layer, size, after, field, seen))
            size, field = after, seen
        return tuple(rows), None

    @cached_property
    def chain(self) -> AxisChain:
        """The layers that fit, along one axis; both are alike."""
        return axis_chain([row.layer.to_layer() for row in self.rows], self.size, 0)

    def region(self, unit: Unit) -> Region:
        """The pixels of the input that a unit depends on.

        Raises:
            ShapeError: there is no such unit.
        """
        number, row, column = unit
        layers = [one.layer.to_layer() for one in self.rows[:number]]
        return receptive_field_region(layers, (self.size, self.size), (row, column))[0]

    @property
    def middle(self) -> Unit | None:
        """The unit in the middle of the last map; None without any layer."""
        if not self.rows:
            return None
        return len(self.rows), self.rows[-1].size // 2, self.rows[-1].size // 2

    def nearest(self, unit: Unit | None) -> Unit | None:
        """A unit that there is: this one, or the nearest of the nearest layer; the middle one for None."""
        if unit is None or not self.rows:
            return self.middle
        number = min(unit[0], len(self.rows))
        last = self.rows[number - 1].size - 1
        return number, min(unit[1], last), min(unit[2], last)

    def network_layers(self, in_channels: int = 3, relu: bool = True) -> tuple[Layer, ...]:
        """The layers that fit as those of a network, with `CHANNELS` kernels each, and ReLUs after convolutions."""
        layers, channels = list[Layer](), in_channels
        for row in self.rows:
            layers.append(row.layer.to_layer(channels, CHANNELS))
            if row.layer.kind == "conv":
                channels = CHANNELS
                layers += [ReLU()] if relu else []
        return tuple(layers)

    def index_in_network(self, number: int) -> int:
        """Where layer `number` of the stack, with the ReLU after it, stands in `network_layers`.

        >>> Stack(32, parse_layers("c5,p2,c5")).index_in_network(3)  # conv, ReLU, pool, conv, ReLU
        4
        """
        return number + sum(row.layer.kind == "conv" for row in self.rows[:number]) - 1

    def weights_sentence(self) -> Message | None:
        """Compare the weights with those of one kernel that sees as much; None where there is nothing to compare.

        >>> Stack(9, parse_layers("c3,c3")).weights_sentence()  # 9 + 9, and 5*5
        'With C channels everywhere, the 2 convolutions have 18·C² weights; one of 5×5, which sees as much, has 25·C².'
        """
        convolutions = [row.layer for row in self.rows if row.layer.kind == "conv"]
        if len(convolutions) < 2:
            return None
        seen = self.rows[-1].field.size
        numbers = {
            "convolutions": len(convolutions),
            "own": sum(layer.kernel**2 for layer in convolutions),
            "size": seen,
            "single": seen**2,
        }
        if any(row.layer.dilation > 1 for row in self.rows):
            return message(
                "With C channels everywhere, the {convolutions} convolutions have {own}·C² weights; one of "
                "{size}×{size}, which spans as much, has {single:,}·C².",
                **numbers,
            )
        return message(
            "With C channels everywhere, the {convolutions} convolutions have {own}·C² weights; one of {size}×{size}, "
            "which sees as much, has {single:,}·C².",
            **numbers,
        )


def parse_layers(text: str) -> tuple[StackLayer, ...]:
    """Read a link's layers; see the module's docstring.

    Raises:
        ParseError: it cannot be read, there are too many layers, or a number is out of its range.

    >>> parse_layers("c3p1,p2")
    (StackLayer(kind='conv', kernel=3, stride=1, padding=1, dilation=1), StackLayer(kind='pool', kernel=2, stride=2, \
padding=0, dilation=1))
    >>> format_layers(parse_layers("c3s1p0d1,p2s2"))
    'c3,p2'
    """
    if text.strip().lower() in ("", NO_LAYERS):
        return ()
    if len(text) > MAX_TEXT:
        raise ParseError("The text of the layers has more than {most} characters: leave some out.", most=MAX_TEXT)
    parts = [part.strip().lower() for part in text.split(",")]
    if len(parts) > MAX_LAYERS:
        raise ParseError("There are {layers} layers: use at most {most}.", layers=len(parts), most=MAX_LAYERS)
    return tuple(_parse_layer(number, part) for number, part in enumerate(parts, start=1))


def format_layers(layers: tuple[StackLayer, ...]) -> str:
    """Write layers as `parse_layers` reads them."""
    return ",".join(map(str, layers)) or NO_LAYERS


def parse_unit(text: str, stack: Stack) -> Unit:
    """Read a link's unit, such as `3,5,5`.

    Raises:
        ParseError: it cannot be read, or the stack has no such unit.
    """
    parts = text.split(",")
    if len(parts) == 3 and all(part.isascii() and part.isdecimal() and len(part) <= 3 for part in parts):
        number, row, column = map(int, parts)
        if 1 <= number <= len(stack.rows) and max(row, column) < stack.rows[number - 1].size:
            return number, row, column
    if not stack.rows:
        raise ParseError(
            "It is a layer, which a link counts from 1, and the row and column of a unit in it, counted from 0. There "
            "is no layer here."
        )
    last = stack.rows[-1]
    raise ParseError(
        "It is a layer, which a link counts from 1, and the row and column of a unit in it, counted from 0, up to "
        "{layer},{row},{row} here.",
        layer=last.number,
        row=last.size - 1,
    )


def format_unit(unit: Unit | None) -> str:
    """Write a unit as `parse_unit` reads it."""
    return ",".join(map(str, unit)) if unit else ""


def _parse_layer(number: int, text: str) -> StackLayer:
    found = _LAYER.fullmatch(text) if text.isascii() else None
    if not found:
        shown = text if len(text) <= 24 else text[:24] + "…"
        raise ParseError(
            "Layer {number} is {text}: write c3 for a convolution of 3×3 or p2 for a pooling of 2×2, with s, p and d "
            "for stride, padding and dilation, as in c3s2p1d1.",
            number=number,
            text=quoted(shown),
        )
    kind: Kind = "conv" if found[1] == "c" else "pool"
    values = {"kernel": int(found[2])}
    for letter, digits in re.findall(r"([spd])(\d+)", found[3]):
        if (name := _LETTERS[letter]) in values:
            raise ParseError(
                "Layer {number} sets {setting} twice: set it once.", number=number, setting=SETTING_NAMES[name]
            )
        values[name] = int(digits)
    for name, value in values.items():
        low, high = LIMITS[name]
        if not low <= value <= high:
            raise ParseError(
                "Layer {number} has {setting} {size}: use {low} to {high}.",
                number=number,
                setting=SETTING_NAMES[name],
                size=value,
                low=low,
                high=high,
            )
    if kind == "pool":
        usual = min(values["kernel"], LIMITS["stride"][1])
        values.setdefault("stride", usual)
    return StackLayer(kind, **values)


def _signed(number: int) -> str:
    return str(number).replace("-", "−")
