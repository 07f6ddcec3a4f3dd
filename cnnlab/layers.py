"""The layers a network is made of: one frozen dataclass for each type, and `LAYER_TYPES`, the list of them.

A layer has PyTorch's name and PyTorch's arguments, and answers the same few questions whatever its type: what shape
comes out, how many parameters it learns, how many multiplications it needs, how far its units see.

To add a type: write its class here and put it into `LAYER_TYPES`. Each field says in its metadata what it accepts, so
that an editor can build its form, and `str(layer)` the PyTorch source, from the class alone.

Shapes are those of one picture, without the batch: a map is `(C, H, W)`, a row of features is `(F,)`.
"""
# ruff: noqa: ARG002  (all answer alike)

from __future__ import annotations

import dataclasses
import math
import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from cnnlab.errors import ShapeError, counted, quoted
from cnnlab.shapes import (
    AxisWindows,
    PhasedField,
    Reads,
    ReceptiveField,
    look_at_all,
    look_through,
    same_padding,
    windows,
)

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
Pair = int | tuple[int, int]
"""One number for both axes, or (height, width)."""

MAX_CHANNELS = 65_536
MAX_FEATURES = 16_777_216
MAX_WINDOW = 512
MAX_SIZE = 65_536
"""Of a map, along an axis. Transposed convolutions could make one of any size out of a few words in a link."""


class TooLargeError(ShapeError):
    """A layer would give a map that is larger than any here."""


def format_shape(shape: Shape) -> str:
    """Write a shape as learners read it.

    >>> format_shape((16, 5, 5))
    '16 x 5 x 5'
    """
    return " x ".join(str(size) for size in shape)


def short_shape(shape: Sequence[int]) -> str:
    """Write a shape as links, records and sentences carry it.

    >>> short_shape((3, 32, 32))
    '3x32x32'
    """
    return "x".join(map(str, shape))


# --- what a field accepts -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`: whole or real, perhaps a pair, perhaps one of a few words, perhaps None."""

    low: float
    high: float
    about: str
    whole: bool = True
    pair: bool = False
    words: tuple[str, ...] = ()
    optional: bool = False
    named: bool = False
    """Whether PyTorch's source reads better with the name in front of the value."""

    @property
    def is_fixed(self) -> bool:
        """Whether there is only one value, so that nobody needs to be asked for it."""
        return self.low == self.high and not (self.words or self.optional)

    def read(self, name: str, value: object) -> object:
        """Return the value as the layer keeps it, an equal pair as the one number that it is, or raise ShapeError."""
        if (value is None and self.optional) or (isinstance(value, str) and value in self.words):
            return value
        if self.pair and isinstance(value, tuple | list):
            sizes = [self._number(size) for size in cast("tuple[object, ...] | list[object]", value)]
            if len(sizes) == 2 and None not in sizes:
                return sizes[0] if sizes[0] == sizes[1] else tuple(sizes)
        elif (number := self._number(value)) is not None:
            return number
        raise ShapeError(f"{name} must be {self._wanted()}, not {quoted(cast('object', value))}")

    def _number(self, value: object) -> int | float | None:
        # True counts as 1 in Python, but nobody means it as a kernel size.
        kind = numbers.Integral if self.whole else numbers.Real
        if isinstance(value, bool) or not isinstance(value, kind):
            return None
        number = cast("int | float", value)
        if not self.low <= number <= self.high:
            return None
        return int(number) if self.whole else float(number)

    def _wanted(self) -> str:
        if self.is_fixed:
            return str(self.low)
        wanted = f"a {'whole ' if self.whole else ''}number from {self.low:,} to {self.high:,}"
        if self.pair:
            wanted += " or a pair of them"
        return " or ".join([wanted, *map(repr, self.words), *(["None"] if self.optional else [])])


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]
    about: str
    named: bool = True

    def read(self, name: str, value: object) -> object:
        """Return the word, or raise ShapeError."""
        if isinstance(value, str) and value in self.words:
            return value
        raise ShapeError(f"{name} must be one of {', '.join(map(repr, self.words))}, not {quoted(value)}")


@dataclass(frozen=True)
class Switch:
    """True or False."""

    about: str
    named: bool = True

    def read(self, name: str, value: object) -> object:
        """Return the truth value, or raise ShapeError."""
        if isinstance(value, bool):
            return value
        raise ShapeError(f"{name} must be True or False, not {quoted(value)}")


Rule = Between | OneOf | Switch


def between(
    low: float,
    high: float,
    *,
    about: str,
    whole: bool = True,
    pair: bool = False,
    words: tuple[str, ...] = (),
    optional: bool = False,
    named: bool = False,
) -> Mapping[str, Rule]:
    """Metadata of a field that takes numbers: see `Between`."""
    return {"rule": Between(low, high, about, whole, pair, words, optional, named)}


def one_of(*words: str, about: str) -> Mapping[str, Rule]:
    """Metadata of a field that takes one of these words."""
    return {"rule": OneOf(words, about)}


def switch(about: str) -> Mapping[str, Rule]:
    """Metadata of a field that is on or off."""
    return {"rule": Switch(about)}


# --- how far a unit sees --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """What one layer does along one axis: the window that it slides, and how."""

    kernel_size: int
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    """Pixels before and after the axis."""
    dilation: int = 1
    ceil_mode: bool = False


Field = ReceptiveField | PhasedField
"""What the units along one axis see: all equally much, or not quite."""


@dataclass(frozen=True)
class View:
    """What one unit of a layer sees of the network's input, and how many units stand side by side, on both axes.

    Flattening changes neither, as each number still sees what it saw. A linear layer's unit sees all positions at
    once, like a convolution whose window is the whole map; what follows it works on one position.
    """

    height: Field
    width: Field
    positions: tuple[int, int]

    @staticmethod
    def of(input_shape: Shape) -> View:
        """See the input itself: each unit is one pixel. A row of F features counts as a map of 1 x F."""
        height, width = input_shape[1:] if len(input_shape) == 3 else (1, input_shape[0])
        return View(ReceptiveField(), ReceptiveField(), (height, width))

    def through(self, height: Window | Reads, width: Window | Reads, positions: tuple[int, int]) -> View:
        """See through one more layer, of which `positions` units stand on each axis."""
        rows = grow(self.height, height, positions[0])
        is_alike = (self.width, width, positions[1]) == (self.height, height, positions[0])
        return View(rows, rows if is_alike else grow(self.width, width, positions[1]), positions)

    def whole(self) -> View:
        """See all positions at once, as a linear layer does."""
        fields = [
            field.then(positions) if isinstance(field, ReceptiveField) else look_at_all(field)
            for field, positions in zip((self.height, self.width), self.positions, strict=True)
        ]
        return View(fields[0], fields[1], (1, 1))


def grow(before: Field, step: Window | Reads, positions: int) -> Field:
    """Tell what the units see behind one more layer, of which `positions` stand along the axis."""
    if isinstance(step, Reads):
        return look_through(before, step, positions)
    if step.kernel_size == step.stride == 1 and step.padding == (0, 0):
        return before  # as activations do: nothing to work out, however long the pattern
    if isinstance(before, ReceptiveField):
        return before.then(step.kernel_size, step.stride, step.padding[0], step.dilation)
    cells = range(-step.padding[0], step.dilation * step.kernel_size - step.padding[0], step.dilation)
    return look_through(before, Reads((cells,), step.stride), positions)


# --- the layers -----------------------------------------------------------------------------------------------------

_INPUT_SETTINGS = ("in_channels", "in_features", "num_features")


@dataclass(frozen=True, repr=False)
class Layer:
    """What all layers can be asked. Here stand the answers of a layer that works on each number by itself."""

    def __post_init__(self) -> None:
        for name, rule in self.rules().items():
            value = rule.read(f"{self.name}'s {name}", getattr(self, name))
            object.__setattr__(self, name, value)  # the dataclass is frozen

    @classmethod
    def rules(cls) -> dict[str, Rule]:
        """What each field accepts, in the order of PyTorch's arguments."""
        return {entry.name: entry.metadata["rule"] for entry in dataclasses.fields(cls)}

    @property
    def name(self) -> str:
        """PyTorch's name of the layer type."""
        return type(self).__name__

    @classmethod
    def input_setting(cls) -> str | None:
        """Name of the setting that must be the first size of what comes in; None where any number is welcome.

        >>> Conv2d.input_setting(), Linear.input_setting(), ReLU.input_setting()
        ('in_channels', 'in_features', None)
        """
        return next((name for name in cls.rules() if name in _INPUT_SETTINGS), None)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Tell what shape comes out when `input_shape` comes in.

        Raises:
            ShapeError: the layer cannot take this shape.
        """
        return input_shape

    def num_params(self, input_shape: Shape) -> int:
        """Count the numbers that the layer learns."""
        return 0

    def macs(self, input_shape: Shape) -> int:
        """Count the multiplications with a weight, each added into a sum, that one picture takes."""
        return 0

    def size(self, size: int, axis: int) -> int:
        """Tell how many cells of a map come out along an axis of `size` cells: 0 is the height, 1 the width.

        Raises:
            ShapeError: the layer cannot take this size.
        """
        return size

    def step(self, size: int, axis: int) -> Window | Reads | None:
        """Tell what its units read along an axis of `size` cells; None where each reads the one in its own place."""
        return None

    def view(self, before: View) -> View:
        """Tell what one of its units sees, given what a unit before it sees."""
        height, width = before.positions
        positions = self.size(height, 0), self.size(width, 1)
        return before.through(self.step(height, 0) or Window(1), self.step(width, 1) or Window(1), positions)

    def shape_text(self, input_shape: Shape) -> str:
        """Write the output's sizes worked out, one line for each that is not as it came: `height: ... = 28`."""
        return ""

    def params_text(self, input_shape: Shape) -> str:
        """Write the number of parameters worked out: `(5*5*3 + 1) * 6`; nothing where there are none."""
        return ""

    def macs_text(self, input_shape: Shape) -> str:
        """Write the number of multiplications worked out: `(28*28*6) * (5*5*3)`; nothing where there are none."""
        return ""

    def to_torch(self) -> nn.Module:
        """Make PyTorch's layer with the same settings. Imports torch."""
        from torch import nn

        settings = {name: getattr(self, name) for name in self.rules()}
        return getattr(nn, self.name)(**settings)

    def __str__(self) -> str:
        """Write the layer as in PyTorch's source, without what is PyTorch's default anyway."""
        arguments: list[str] = []
        for entry in dataclasses.fields(self):
            value = getattr(self, entry.name)
            if entry.default is dataclasses.MISSING and not entry.metadata["rule"].named:
                arguments.append(repr(value))
            elif value != entry.default:
                arguments.append(f"{entry.name}={value!r}")
        return f"{self.name}({', '.join(arguments)})"

    __repr__ = __str__


@dataclass(frozen=True, repr=False)
class WindowLayer(Layer):
    """What the layers that slide a window over a map have in common."""

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        raise NotImplementedError

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (C, H', W') with one position for each place of the window."""
        channels, height, width = _map_shape(self, input_shape)
        return (channels, self.size(height, 0), self.size(width, 1))

    def size(self, size: int, axis: int) -> int:
        """Count the places of the window along an axis."""
        window = self.window(axis)
        try:
            places = windows(
                size, window.kernel_size, window.stride, window.padding, window.dilation, window.ceil_mode
            ).count
        except ShapeError as error:
            raise ShapeError(f"along the {AXES[axis]}, {error}") from None
        return _size_checked(places, axis)

    def step(self, size: int, axis: int) -> Window:
        """Read as many cells as the window covers."""
        return self.window(axis)

    def shape_text(self, input_shape: Shape) -> str:
        """Write the formula of both axes with their numbers in it."""
        return _axis_lines(
            [_window_text(size, self.window(axis)) for axis, size in enumerate(input_shape[1:])],
            self.output_shape(input_shape),
        )


@dataclass(frozen=True, repr=False)
class Conv2d(WindowLayer):
    """Cross-correlate each kernel with the map: (C, H, W) -> (out_channels, H', W').

    >>> Conv2d(3, 6, kernel_size=5).output_shape((3, 32, 32))  # (32 - 5) / 1 + 1 = 28
    (6, 28, 28)
    >>> Conv2d(3, 6, kernel_size=5).num_params((3, 32, 32))  # 6 kernels of 3*5*5, and 6 biases
    456
    """

    in_channels: int = field(metadata=between(1, MAX_CHANNELS, about="channels of the map that comes in"))
    out_channels: int = field(metadata=between(1, MAX_CHANNELS, about="kernels, each of which makes one channel"))
    kernel_size: Pair = field(
        metadata=between(1, MAX_WINDOW, pair=True, named=True, about="rows and columns of each kernel")
    )
    stride: Pair = field(
        default=1, metadata=between(1, MAX_WINDOW, pair=True, about="pixels from one position to the next")
    )
    padding: Pair | str = field(
        default=0,
        metadata=between(0, MAX_WINDOW, pair=True, words=("same", "valid"), about="rim of pixels put around the map"),
    )
    dilation: Pair = field(
        default=1, metadata=between(1, MAX_WINDOW, pair=True, about="pixels from one cell of the kernel to the next")
    )
    groups: int = field(
        default=1, metadata=between(1, MAX_CHANNELS, about="parts of the channels that are convolved separately")
    )
    bias: bool = field(default=True, metadata=switch("whether each kernel adds a number of its own"))
    padding_mode: str = field(
        default="zeros",
        metadata=one_of("zeros", "reflect", "replicate", "circular", about="what the padding pixels hold"),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_groups(self)
        if self.padding == "same" and self.stride != 1:
            raise ShapeError(
                f"Conv2d's padding='same' goes with stride 1 only, not with {self.stride}: "
                "PyTorch refuses it too; give the padding as a number"
            )

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        kernel_size, dilation = both(self.kernel_size)[axis], both(self.dilation)[axis]
        if self.padding == "same":
            padding = same_padding(kernel_size, dilation)
        else:
            padding = (0, 0) if isinstance(self.padding, str) else _twice(both(self.padding)[axis])
        return Window(kernel_size, both(self.stride)[axis], padding, dilation)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (out_channels, H', W')."""
        _, height, width = _channels_checked(self, input_shape)
        self._check_rim(height, self.window(0), "height")
        self._check_rim(width, self.window(1), "width")
        return (self.out_channels, self.size(height, 0), self.size(width, 1))

    def num_params(self, input_shape: Shape) -> int:
        """Count kernels and biases: out_channels * (in_channels / groups * FH * FW + 1)."""
        return _kernel_params(self)

    def macs(self, input_shape: Shape) -> int:
        """One for each cell of the kernel at each output cell; the bias only starts the sum."""
        return math.prod(self.output_shape(input_shape)) * _kernel_cells(self)

    def shape_text(self, input_shape: Shape) -> str:
        """Write the formula of both axes with their numbers in it, and where the channels come from."""
        return f"{super().shape_text(input_shape)}\nchannels: out_channels = {self.out_channels:,}"

    def params_text(self, input_shape: Shape) -> str:
        """Write the cells of a kernel, and one for the bias, times the kernels."""
        return _kernel_params_text(self)

    def macs_text(self, input_shape: Shape) -> str:
        """Write the cells of the output times those of a kernel."""
        channels, height, width = self.output_shape(input_shape)
        return f"({height:,}*{width:,}*{channels:,}) * ({_kernel_text(self)})"

    def _check_rim(self, size: int, window: Window, axis: str) -> None:
        # Reflected and wrapped padding take their pixels from the map, which must have as many.
        spare = {"reflect": 1, "circular": 0}.get(self.padding_mode)
        padding = max(window.padding)
        if spare is not None and padding > size - spare:
            raise ShapeError(
                f"padding {padding} with padding_mode={self.padding_mode!r} needs a {axis} of at least "
                f"{padding + spare} but gets {size}: use padding <= {size - spare} or padding_mode='zeros'"
            )


@dataclass(frozen=True, repr=False)
class ConvTranspose2d(Layer):
    """Stamp a kernel for each number of the map, and add the stamps up: (C, H, W) -> (out_channels, H', W').

    Some of its units see more than others: output cell o is reached by the cells i of the map for which there is a cell
    a of the kernel with o = i*S + a*D - P, and with a stride S not every o has equally many. The receptive field is
    that of the unit that sees most: with dilation 1, floor((FH - 1) / S) jumps of the map before more than a unit of
    that map sees. The jump becomes S times smaller.

    >>> ConvTranspose2d(16, 8, kernel_size=4, stride=2, padding=1).output_shape((16, 7, 7))  # 6*2 - 2*1 + 3 + 1
    (8, 14, 14)
    >>> ConvTranspose2d(16, 8, kernel_size=4).num_params((16, 7, 7))  # 8 kernels of 16*4*4, and 8 biases
    2056
    """

    in_channels: int = field(metadata=between(1, MAX_CHANNELS, about="channels of the map that comes in"))
    out_channels: int = field(metadata=between(1, MAX_CHANNELS, about="channels that the stamps add up to"))
    kernel_size: Pair = field(
        metadata=between(1, MAX_WINDOW, pair=True, named=True, about="rows and columns of each stamp")
    )
    stride: Pair = field(default=1, metadata=between(1, MAX_WINDOW, pair=True, about="pixels from stamp to stamp"))
    padding: Pair = field(
        default=0, metadata=between(0, MAX_WINDOW, pair=True, about="rim of pixels that is cut off the output")
    )
    output_padding: Pair = field(
        default=0,
        metadata=between(0, MAX_WINDOW, pair=True, about="rows and columns that the output has more at its end"),
    )
    groups: int = field(
        default=1, metadata=between(1, MAX_CHANNELS, about="parts of the channels that are stamped separately")
    )
    bias: bool = field(default=True, metadata=switch("whether each output channel adds a number of its own"))
    dilation: Pair = field(
        default=1, metadata=between(1, MAX_WINDOW, pair=True, about="pixels from one cell of the stamp to the next")
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_groups(self)
        for axis in (0, 1):
            _, stride, _, extra, dilation = self._axis(axis)
            if extra >= max(stride, dilation):
                raise ShapeError(
                    f"ConvTranspose2d's output_padding {extra} must be less than its stride {stride} or its dilation "
                    f"{dilation}: use output_padding <= {max(stride, dilation) - 1}"
                )

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (out_channels, H', W')."""
        _, height, width = _channels_checked(self, input_shape)
        return (self.out_channels, self.size(height, 0), self.size(width, 1))

    def num_params(self, input_shape: Shape) -> int:
        """Count kernels and biases: out_channels * (in_channels / groups * FH * FW + 1)."""
        return _kernel_params(self)

    def macs(self, input_shape: Shape) -> int:
        """One for each cell of its stamps at each number of the map, those that padding cuts off included."""
        return math.prod(input_shape) * self.out_channels // self.groups * math.prod(both(self.kernel_size))

    def size(self, size: int, axis: int) -> int:
        """Count the cells that the stamps leave, without what padding cuts off."""
        padding, stamped = both(self.padding)[axis], self.stamped(size, axis)
        if stamped <= 2 * padding:
            raise ShapeError(
                f"along the {AXES[axis]}, padding {padding} cuts away the whole output of {counted(stamped, 'pixel')}: "
                f"use padding <= {(stamped - 1) // 2}, a larger kernel or a larger input"
            )
        return _size_checked(stamped - 2 * padding, axis)

    def step(self, size: int, axis: int) -> Reads:
        """Read the cells of the map whose stamps reach a unit."""
        kernel_size, stride, padding, _, dilation = self._axis(axis)
        cells: list[list[int]] = [[] for _ in range(stride)]
        for cell in reversed(range(kernel_size)):
            # Pixel i stamps this cell onto o = i*S + a*D - P: onto every S-th o, of which the first few are told.
            place = (cell * dilation - padding) % stride
            cells[place].append((place + padding - cell * dilation) // stride)
        return Reads(tuple(map(tuple, cells)), advance=1)

    def shape_text(self, input_shape: Shape) -> str:
        """Write the formula of both axes with their numbers in it, and where the channels come from."""
        texts: list[str] = []
        for axis, size in enumerate(input_shape[1:]):
            kernel_size, stride, padding, extra, dilation = self._axis(axis)
            texts.append(f"({size} - 1)*{stride} - 2*{padding} + {dilation}*({kernel_size} - 1) + {extra} + 1")
        lines = _axis_lines(texts, self.output_shape(input_shape))
        return f"{lines}\nchannels: out_channels = {self.out_channels:,}"

    def params_text(self, input_shape: Shape) -> str:
        """Write the cells that end in one output channel, and one for the bias, times the output channels."""
        return _kernel_params_text(self)

    def macs_text(self, input_shape: Shape) -> str:
        """Write the numbers of the map times the cells of each one's stamps."""
        channels, height, width = input_shape
        stamps = "*".join([*map(str, both(self.kernel_size)), _share(self.out_channels, self.groups)])
        return f"({height:,}*{width:,}*{channels:,}) * ({stamps})"

    def _axis(self, axis: int) -> tuple[int, int, int, int, int]:
        """Kernel size, stride, padding, output padding and dilation along an axis."""
        settings = (self.kernel_size, self.stride, self.padding, self.output_padding, self.dilation)
        kernel_size, stride, padding, extra, dilation = (both(setting)[axis] for setting in settings)
        return kernel_size, stride, padding, extra, dilation

    def stamped(self, size: int, axis: int) -> int:
        """Count the cells that all stamps cover along an axis, before padding cuts some off."""
        # Dumoulin and Visin 2016; the documentation of torch.nn.ConvTranspose2d.
        kernel_size, stride, _, extra, dilation = self._axis(axis)
        return (size - 1) * stride + dilation * (kernel_size - 1) + extra + 1


@dataclass(frozen=True, repr=False)
class Pool2d(WindowLayer):
    """What both poolings have in common. The stride is the kernel size where none is given."""

    kernel_size: Pair = field(
        metadata=between(1, MAX_WINDOW, pair=True, named=True, about="rows and columns of the window")
    )
    stride: Pair | None = field(
        default=None,
        metadata=between(
            1, MAX_WINDOW, pair=True, optional=True, about="pixels to the next position; None: the kernel size"
        ),
    )
    padding: Pair = field(default=0, metadata=between(0, MAX_WINDOW, pair=True, about="rim of pixels around the map"))

    def __post_init__(self) -> None:
        super().__post_init__()
        for kernel_size, padding in zip(both(self.kernel_size), both(self.padding), strict=True):
            if 2 * padding > kernel_size:
                raise ShapeError(
                    f"{self.name}'s padding {padding} is more than half of its kernel size {kernel_size}, "
                    f"so that a window could hold nothing but padding: use padding <= {kernel_size // 2}"
                )

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        stride = self.kernel_size if self.stride is None else self.stride
        return Window(both(self.kernel_size)[axis], both(stride)[axis], _twice(both(self.padding)[axis]))


@dataclass(frozen=True, repr=False)
class MaxPool2d(Pool2d):
    """Largest number of each window, channel by channel: (C, H, W) -> (C, H', W').

    >>> MaxPool2d(kernel_size=2).output_shape((6, 28, 28))
    (6, 14, 14)
    """

    dilation: Pair = field(
        default=1, metadata=between(1, MAX_WINDOW, pair=True, about="pixels from one cell of the window to the next")
    )
    ceil_mode: bool = field(default=False, metadata=switch("whether a window may stand over the edge"))

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        return replace(super().window(axis), dilation=both(self.dilation)[axis], ceil_mode=self.ceil_mode)


@dataclass(frozen=True, repr=False)
class AvgPool2d(Pool2d):
    """Mean of each window, channel by channel: (C, H, W) -> (C, H', W').

    >>> AvgPool2d(kernel_size=3, stride=2, ceil_mode=True).output_shape((6, 8, 8))  # ceil((8 - 3) / 2) + 1 = 4
    (6, 4, 4)
    """

    ceil_mode: bool = field(default=False, metadata=switch("whether a window may stand over the edge"))
    count_include_pad: bool = field(default=True, metadata=switch("whether padding counts in the mean"))

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        return replace(super().window(axis), ceil_mode=self.ceil_mode)


@dataclass(frozen=True, repr=False)
class AdaptiveAvgPool2d(Layer):
    """Mean of as many windows as the output shall have cells, whatever the input: (C, H, W) -> (C, H', W').

    Window i of H' reads the rows from floor(i*H / H') to ceil((i + 1)*H / H') - 1, as in PyTorch. Where H' divides H
    they lie side by side and hold H / H' rows each. Else some hold more than others or share rows, and the receptive
    field is that of the unit that sees most.

    >>> AdaptiveAvgPool2d(7).output_shape((512, 13, 20))
    (512, 7, 7)
    """

    output_size: Pair = field(metadata=between(1, MAX_WINDOW, pair=True, about="rows and columns that come out"))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (C, *output_size)."""
        return (_map_shape(self, input_shape)[0], *both(self.output_size))

    def size(self, size: int, axis: int) -> int:
        """Make as many cells as are asked for."""
        return both(self.output_size)[axis]

    def step(self, size: int, axis: int) -> Reads:
        """Read rows (axis 0) or columns (axis 1), window by window, of a map that has `size` of them."""
        count = both(self.output_size)[axis]
        common = math.gcd(size, count)
        read = (range(i * size // count, -(-(i + 1) * size // count)) for i in range(count // common))
        return Reads(tuple(read), advance=size // common)

    def shape_text(self, input_shape: Shape) -> str:
        """Write that the sizes are those that were asked for, and how large the windows are."""
        rows, columns = both(self.output_size)
        lines = _axis_lines(
            ["output_size"] * 2 if rows == columns else ["output_size[0]", "output_size[1]"],
            self.output_shape(input_shape),
        )
        windows = [
            _lengths({len(cells) for cells in self.step(size, axis).cells}, noun)
            for axis, (size, noun) in enumerate(zip(input_shape[1:], ("row", "column"), strict=True))
        ]
        return f"{lines}\neach the mean of a window of {windows[0]} and {windows[1]}"


@dataclass(frozen=True, repr=False)
class ReLU(Layer):
    """max(0, x), number by number."""

    inplace: bool = field(default=False, metadata=switch("whether PyTorch overwrites what comes in, to save memory"))


@dataclass(frozen=True, repr=False)
class LeakyReLU(Layer):
    """x where it is positive, and x times a small slope where it is not, number by number."""

    negative_slope: float = field(
        default=0.01, metadata=between(0, 1, whole=False, about="what negative numbers are multiplied by")
    )
    inplace: bool = field(default=False, metadata=switch("whether PyTorch overwrites what comes in, to save memory"))


@dataclass(frozen=True, repr=False)
class Tanh(Layer):
    """Hyperbolic tangent, number by number, as LeNet-5 had it in 1998."""


@dataclass(frozen=True, repr=False)
class Sigmoid(Layer):
    """1 / (1 + exp(-x)), number by number."""


@dataclass(frozen=True, repr=False)
class Flatten(Layer):
    """Lay a map out as a row, channel after channel: (C, H, W) -> (C*H*W,).

    Both arguments can only be what they are by default: each picture of a batch becomes one row.

    >>> Flatten().output_shape((16, 5, 5))
    (400,)
    """

    start_dim: int = field(default=1, metadata=between(1, 1, named=True, about="first axis that is laid out"))
    end_dim: int = field(default=-1, metadata=between(-1, -1, named=True, about="last axis that is laid out"))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (C*H*W,)."""
        return (math.prod(input_shape),)

    def shape_text(self, input_shape: Shape) -> str:
        """Write the product of all sizes."""
        return f"features: {'*'.join(f'{size:,}' for size in input_shape)} = {math.prod(input_shape):,}"


@dataclass(frozen=True, repr=False)
class Linear(Layer):
    """Weigh all features for each output: (in_features,) -> (out_features,).

    >>> Linear(120, 100).num_params((120,))  # 120*100 weights and 100 biases
    12100
    """

    in_features: int = field(metadata=between(1, MAX_FEATURES, about="numbers that come in"))
    out_features: int = field(metadata=between(1, MAX_FEATURES, about="numbers that go out"))
    bias: bool = field(default=True, metadata=switch("whether each output adds a number of its own"))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(in_features,) -> (out_features,)."""
        features = math.prod(input_shape)
        if len(input_shape) != 1:
            # PyTorch would weigh each row of the map by itself if its width happened to fit; hardly anyone means that.
            raise ShapeError(
                f"Linear expects {counted(self.in_features, 'feature')} in a row but gets a map of {features:,} "
                f"numbers ({format_shape(input_shape)}): put Flatten() before it"
                + ("" if features == self.in_features else f" and use in_features={features}")
            )
        if features != self.in_features:
            raise ShapeError(
                f"Linear expects {counted(self.in_features, 'feature')} but gets {features}: "
                f"use in_features={features}, or change the layers before it"
            )
        return (self.out_features,)

    def num_params(self, input_shape: Shape) -> int:
        """Count weights and biases: out_features * (in_features + 1)."""
        return self.out_features * (self.in_features + int(self.bias))

    def macs(self, input_shape: Shape) -> int:
        """One for each weight; the bias only starts the sum."""
        return self.out_features * self.in_features

    def shape_text(self, input_shape: Shape) -> str:
        """Write where the number of features comes from."""
        return f"features: out_features = {self.out_features:,}"

    def params_text(self, input_shape: Shape) -> str:
        """Write the weights of an output, and one for the bias, times the outputs."""
        weights = f"({self.in_features:,} + 1)" if self.bias else f"{self.in_features:,}"
        return f"{weights} * {self.out_features:,}"

    def macs_text(self, input_shape: Shape) -> str:
        """Write one for each weight."""
        return f"{self.in_features:,} * {self.out_features:,}"

    def size(self, size: int, axis: int) -> int:
        """Leave one position."""
        return 1

    def step(self, size: int, axis: int) -> Window:
        """Read all cells, like a convolution whose window is the whole map."""
        return Window(size)

    def view(self, before: View) -> View:
        """See everything, with the jump as it was."""
        return before.whole()


@dataclass(frozen=True, repr=False)
class Dropout(Layer):
    """While training, set each number to zero with probability p, and divide the others by 1 - p."""

    p: float = field(default=0.5, metadata=between(0, 1, whole=False, about="probability that a number is dropped"))
    inplace: bool = field(default=False, metadata=switch("whether PyTorch overwrites what comes in, to save memory"))


@dataclass(frozen=True, repr=False)
class Dropout2d(Dropout):
    """While training, set whole channels to zero with probability p, and divide the others by 1 - p."""

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> the same."""
        return _map_shape(self, input_shape)


@dataclass(frozen=True, repr=False)
class BatchNorm(Layer):
    """What both batch normalisations have in common.

    The view is that of a trained network: while training, the whole batch takes part in the mean and the variance.
    They count no MACs, as a trained one can be folded into the weights of the layer before it.
    """

    num_features: int = field(metadata=between(1, MAX_FEATURES, about="channels of the map, or features, that come in"))
    eps: float = field(
        default=1e-5, metadata=between(0, 1, whole=False, about="added to the variance, so that none is zero")
    )
    momentum: float = field(
        default=0.1, metadata=between(0, 1, whole=False, about="share of the newest batch in the running statistics")
    )
    affine: bool = field(default=True, metadata=switch("whether mean and spread are learned"))

    def num_params(self, input_shape: Shape) -> int:
        """Count a scale and a shift for each channel or feature."""
        return 2 * self.num_features if self.affine else 0

    def params_text(self, input_shape: Shape) -> str:
        """Write a scale and a shift for each channel or feature."""
        return f"2 * {self.num_features:,}" if self.affine else ""


@dataclass(frozen=True, repr=False)
class BatchNorm2d(BatchNorm):
    """Shift and scale each channel to mean 0 and variance 1, then to a learned mean and spread."""

    def output_shape(self, input_shape: Shape) -> Shape:
        """(num_features, H, W) -> the same."""
        channels = _map_shape(self, input_shape)[0]
        if channels != self.num_features:
            raise ShapeError(
                f"BatchNorm2d expects {counted(self.num_features, 'channel')} but gets {channels} "
                f"({format_shape(input_shape)}): use num_features={channels}, or change the layers before it"
            )
        return input_shape


@dataclass(frozen=True, repr=False)
class BatchNorm1d(BatchNorm):
    """Shift and scale each feature to mean 0 and variance 1, then to a learned mean and spread."""

    def output_shape(self, input_shape: Shape) -> Shape:
        """(num_features,) -> the same."""
        if len(input_shape) != 1:
            raise ShapeError(
                f"BatchNorm1d expects {counted(self.num_features, 'feature')} in a row but gets a map "
                f"({format_shape(input_shape)}): use BatchNorm2d for maps, or put Flatten() before it"
            )
        if input_shape[0] != self.num_features:
            raise ShapeError(
                f"BatchNorm1d expects {counted(self.num_features, 'feature')} but gets {input_shape[0]}: "
                f"use num_features={input_shape[0]}, or change the layers before it"
            )
        return input_shape


@dataclass(frozen=True, repr=False)
class Softmax(Layer):
    """exp(x) over the sum of all exp(x) along an axis, so that they add up to 1.

    Axis 0 is the batch, 1 the channels of a map or the features of a row; None means 1 to PyTorch, with a warning.
    """

    dim: int | None = field(
        default=None,
        metadata=between(-4, 3, optional=True, named=True, about="axis along which they add up to 1: 1 for classes"),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        """The same shape."""
        axes = len(input_shape) + 1
        if self.dim is not None and not -axes <= self.dim < axes:
            kind = "a map" if axes == 4 else "a row of features"
            raise ShapeError(
                f"{self.name}'s dim={self.dim} is no axis of {kind}, which with the batch has {axes}: use dim=1"
            )
        return input_shape


@dataclass(frozen=True, repr=False)
class LogSoftmax(Softmax):
    """Logarithm of the softmax along an axis; PyTorch's CrossEntropyLoss takes it by itself, NLLLoss wants it here."""


LAYER_TYPES: dict[str, type[Layer]] = {
    layer_type.__name__: layer_type
    for layer_type in (
        Conv2d,
        MaxPool2d,
        AvgPool2d,
        AdaptiveAvgPool2d,
        ConvTranspose2d,
        ReLU,
        LeakyReLU,
        Tanh,
        Sigmoid,
        Softmax,
        LogSoftmax,
        Flatten,
        Linear,
        Dropout,
        Dropout2d,
        BatchNorm2d,
        BatchNorm1d,
    )
}
"""Every layer type by PyTorch's name, in the order in which an editor offers them."""


AXES = ("height", "width")


def both(value: Pair) -> tuple[int, int]:
    """Write a setting out for both axes, (height, width)."""
    return value if isinstance(value, tuple) else _twice(value)


def pair(height: int, width: int) -> Pair:
    """Write a setting as a layer keeps it: one number where both axes have the same."""
    return height if height == width else (height, width)


def _twice(value: int) -> tuple[int, int]:
    return value, value


def _map_shape(layer: Layer, input_shape: Shape) -> Shape:
    if len(input_shape) != 3:
        raise ShapeError(
            f"{layer.name} expects a map (channels, height, width) but gets "
            f"{counted(math.prod(input_shape), 'feature')} in a row: put it before Flatten and Linear"
        )
    return input_shape


def _channels_checked(layer: Conv2d | ConvTranspose2d, input_shape: Shape) -> Shape:
    shape = _map_shape(layer, input_shape)
    if shape[0] != layer.in_channels:
        raise ShapeError(
            f"{layer.name} expects {counted(layer.in_channels, 'channel')} but gets {shape[0]} "
            f"({format_shape(input_shape)}): use in_channels={shape[0]}, or change the layers before it"
        )
    return shape


def _check_groups(layer: Conv2d | ConvTranspose2d) -> None:
    for name, channels in (("in_channels", layer.in_channels), ("out_channels", layer.out_channels)):
        if channels % layer.groups:
            raise ShapeError(
                f"{layer.name} cannot split {name}={channels} into groups={layer.groups} equal parts: "
                f"use a number of groups that divides {channels}"
            )


def _kernel_cells(layer: Conv2d | ConvTranspose2d) -> int:
    """Numbers that one number of the output is made of."""
    return layer.in_channels // layer.groups * math.prod(both(layer.kernel_size))


def _kernel_params(layer: Conv2d | ConvTranspose2d) -> int:
    return layer.out_channels * (_kernel_cells(layer) + int(layer.bias))


def _kernel_text(layer: Conv2d | ConvTranspose2d) -> str:
    return "*".join([*map(str, both(layer.kernel_size)), _share(layer.in_channels, layer.groups)])


def _kernel_params_text(layer: Conv2d | ConvTranspose2d) -> str:
    kernel = f"({_kernel_text(layer)} + 1)" if layer.bias else _kernel_text(layer)
    return f"{kernel} * {layer.out_channels:,}"


def _share(channels: int, groups: int) -> str:
    return f"({channels:,}/{groups:,})" if groups > 1 else f"{channels:,}"


def _lengths(lengths: set[int], noun: str) -> str:
    """Write lengths that occur: `2 or 3 rows`."""
    *others, last = sorted(lengths)
    return "".join(f"{length} or " for length in others) + counted(last, noun)


def _axis_lines(texts: Sequence[str], output_shape: Shape) -> str:
    """Write one line for both axes where they are equal, and one for each where they are not."""
    values = output_shape[1:]
    if texts[0] == texts[1]:
        return f"height and width: {texts[0]} = {values[0]:,}"
    return "\n".join(f"{axis}: {text} = {value:,}" for axis, text, value in zip(AXES, texts, values, strict=True))


def _window_text(size: int, window: Window) -> str:
    before, after = window.padding
    rim = f"2*{before}" if before == after else f"{before} + {after}"
    extent = f"({window.dilation}*({window.kernel_size} - 1) + 1)" if window.dilation > 1 else f"{window.kernel_size}"
    rounded = "ceil" if window.ceil_mode else "floor"
    text = f"{rounded}(({size} + {rim} - {extent}) / {window.stride}) + 1"
    axis = AxisWindows(size, window.kernel_size, window.stride, window.padding, window.dilation, window.ceil_mode)
    rounded_up = -(-(axis.padded - axis.extent) // axis.stride) + 1
    # A last window that would start behind the input is left out.
    return f"{text} - 1" if window.ceil_mode and axis.count < rounded_up else text


def _size_checked(size: int, axis: int) -> int:
    if size > MAX_SIZE:
        raise TooLargeError(
            f"along the {AXES[axis]}, {size:,} numbers would come out, and no map here has more than {MAX_SIZE:,}: use "
            "a smaller stride or padding, or a smaller input"
        )
    return size
