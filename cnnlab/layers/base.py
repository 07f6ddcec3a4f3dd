"""The interface shared by all layers, and what those have in common that slide a window."""
# ruff: noqa: ARG002, ARG003  (all answer alike)

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from numpy.typing import ArrayLike

from cnnlab.axis_fields import Reads
from cnnlab.errors import ShapeError
from cnnlab.layers.checks import along, map_shape, size_checked
from cnnlab.layers.fields import View, Window
from cnnlab.layers.mismatch import OPEN, Kind, LeaveOut, Mismatch, Remedy, SetTo
from cnnlab.layers.rules import Rule
from cnnlab.layers.shapes import Shape, format_shape, in_lines, pair
from cnnlab.ops.arguments import Array, numbers
from cnnlab.shapes import AxisWindows, padding_needed, windows
from cnnlab.texts import NOTHING, Message, message

if TYPE_CHECKING:
    from torch import nn

_INPUT_SETTINGS = ("in_channels", "in_features", "num_features")
_OUTPUT_SETTINGS = ("out_channels", "out_features")


@dataclass(frozen=True, repr=False)
class Layer:
    """The interface shared by all layers. Here stand the answers of a layer that works on each number by itself."""

    about: ClassVar[Message] = NOTHING
    """What it does, in a sentence for whoever chooses layers."""
    word: ClassVar[str] = ""
    """What a drawing calls it, where its name is not short enough."""
    member: ClassVar[str] = ""
    """What a class calls its members of this type, before their numbers: `conv`; the name in small letters else."""
    makes_rows: ClassVar[bool] = False
    """Whether it lays whatever comes out as a row, as Flatten does."""
    loss: ClassVar[str] = "CrossEntropyLoss"
    """PyTorch's loss for what comes out of it, where it is a network's last layer."""

    def __post_init__(self) -> None:
        for name, rule in self.rules().items():
            value = rule.read(_of_layer(self.name, name), getattr(self, name))
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

        >>> from cnnlab.layers import Conv2d, Linear, ReLU
        >>> Conv2d.input_setting(), Linear.input_setting(), ReLU.input_setting()
        ('in_channels', 'in_features', None)
        """
        return next((name for name in cls.rules() if name in _INPUT_SETTINGS), None)

    @classmethod
    def output_setting(cls) -> str | None:
        """Name of the setting that is the first size of what comes out; None where the input decides.

        >>> from cnnlab.layers import BatchNorm2d, Conv2d, Linear
        >>> Conv2d.output_setting(), Linear.output_setting(), BatchNorm2d.output_setting()
        ('out_channels', 'out_features', None)
        """
        return next((name for name in cls.rules() if name in _OUTPUT_SETTINGS), None)

    @classmethod
    def agreeing(cls, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Think of single changes with which settings that do not go together may agree, the likeliest first.

        Args:
            settings: a value for each of `rules`, which it accepts.

        Returns:
            Names and values; most are of no use for what is wrong, so that each is tried before it is offered.
        """
        yield from ()

    def output_shape(self, input_shape: Shape) -> Shape:
        """Tell what shape comes out when `input_shape` comes in.

        Raises:
            Mismatch: the layer cannot take this shape.
        """
        return input_shape

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        """Think of changes of this layer with which it may take a shape that it refused, the likeliest first.

        >>> from cnnlab.layers import Linear
        >>> mismatch = Mismatch(Message(""), Kind.FEATURES, setting="in_features", expected=400, given=256)
        >>> list(Linear(400, 120).remedies(mismatch, (256,)))
        [SetTo(settings={'in_features': 256})]
        """
        if mismatch.kind in (Kind.CHANNELS, Kind.FEATURES) and mismatch.setting is not None:
            yield SetTo({mismatch.setting: input_shape[0]})
        if mismatch.kind is Kind.TOO_LARGE and "stride" in self.rules():
            yield SetTo({"stride": 1})

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Write what PyTorch says of a shape that the layer refused.

        Args:
            mismatch: what the layer itself has against it.
            input_shape: what comes, of one picture.
            batch: how many pictures come at once.

        Returns:
            None where PyTorch has nothing against it, or where its words are not known.
        """
        return None

    def repeats_pixels(self, input_shape: Shape) -> bool:
        """Whether it makes more of a map than there is: hardly what a network is made for, if another map is not."""
        return False

    def mixes_pictures(self, *, of_rows: bool) -> bool:
        """Whether what it gives for one picture depends on the others of a batch; `of_rows` once maps are laid out."""
        return False

    def remark_at_end(self) -> Message | None:
        """Say what hinders learning where a network that is trained ends with it; None where nothing does."""
        return None

    def batch_problem(self, input_shape: Shape, batch: int) -> Message | None:
        """Say why it cannot be trained on batches of so many pictures, with the way out; None where it can.

        The sentence stands behind the layer's name: "Layer 2 (BatchNorm2d(6)): ...".
        """
        return None

    def num_params(self, input_shape: Shape) -> int:
        """Count the numbers that the layer learns."""
        return 0

    def macs(self, input_shape: Shape) -> int:
        """Count the multiplications with a weight, each added into a sum, that one picture takes."""
        return 0

    def weight_shapes(self) -> dict[str, Shape]:
        """Tell the shapes of the arrays that `forward` needs, by PyTorch's names, in PyTorch's order.

        >>> from cnnlab.layers import Conv2d
        >>> Conv2d(3, 6, kernel_size=5).weight_shapes()
        {'weight': (6, 3, 5, 5), 'bias': (6,)}
        """
        return {}

    def forward(self, x: ArrayLike, weights: Mapping[str, ArrayLike] | None = None) -> Array:
        """Compute what comes out, in NumPy, as a trained network does it (PyTorch's `eval()`).

        Args:
            x: one picture (C, H, W) or row (F,), or a batch of them, (N, C, H, W) or (N, F).
            weights: an array for each name of `weight_shapes`; others are not looked at.

        Returns:
            `output_shape` of a picture, with N in front for a batch; of the floats among x and the weights.

        Raises:
            ShapeError: the layer cannot take this shape, or an array is missing or of another shape.

        >>> from cnnlab.layers import Linear
        >>> Linear(2, 1).forward([10, 1], {"weight": [[3, 4]], "bias": [5]}).tolist()  # 10*3 + 1*4 + 5
        [39]
        """
        batch, is_batch = as_batch(x)
        self.output_shape(batch.shape[1:])
        given = weights or {}
        known: dict[str, Array] = {}
        for name, shape in self.weight_shapes().items():
            if name not in given:
                raise ShapeError(
                    "{layer} needs its {array}, which is not given: give an array of shape {shape}.",
                    layer=self.name,
                    array=name,
                    shape=shape,
                )
            known[name] = numbers(_of_layer(self.name, name), given[name])
            if known[name].shape != shape:
                raise ShapeError(
                    "{array} has shape {shape}: use shape {wanted}.",
                    array=_of_layer(self.name, name),
                    shape=known[name].shape,
                    wanted=shape,
                )
        out = self.compute(batch, known)
        return out if is_batch else out[0]

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Compute what comes out of a batch, (N, C, H, W) or (N, F); x and the weights have been checked."""
        raise NotImplementedError

    def size(self, size: int, axis: int) -> int:
        """Tell how many cells of a map come out along an axis of `size` cells: 0 is the height, 1 the width.

        Raises:
            ShapeError: the layer cannot take this size.
        """
        return size

    def step(self, size: int, axis: int) -> Window | Reads | None:
        """Tell what its units read along an axis of `size` cells; None where each reads the one in its own place."""
        return None

    def filled_with(self) -> str:
        """What its padding holds: one of the padding modes of `cnnlab.ops`."""
        return "zeros"

    def view(self, before: View) -> View:
        """Tell what one of its units sees, given what a unit before it sees."""
        height, width = before.positions
        positions = self.size(height, 0), self.size(width, 1)
        return before.through(self.step(height, 0) or Window(1), self.step(width, 1) or Window(1), positions)

    def shape_text(self, input_shape: Shape) -> Message:
        """Write the output's sizes worked out, one line for each that is not as it came: `height: ... = 28`."""
        return NOTHING

    def params_text(self, input_shape: Shape) -> str:
        """Write the number of parameters worked out: `(5*5*3 + 1) * 6`; nothing where there are none."""
        return ""

    def macs_text(self, input_shape: Shape) -> str:
        """Write the number of multiplications worked out: `(28*28*6) * (5*5*3)`; nothing where there are none."""
        return ""

    def as_function(self) -> str | None:
        """Write the function that a class's forward calls in its place, of `{x}`; None where the class keeps it."""
        return None

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

    def with_keywords(self) -> str:
        """Write the layer as the lecture's slides do: with the name of each argument.

        >>> from cnnlab.layers import Conv2d, MaxPool2d
        >>> Conv2d(1, 6, kernel_size=5).with_keywords(), MaxPool2d(2).with_keywords()
        ('Conv2d(in_channels=1, out_channels=6, kernel_size=5)', 'MaxPool2d(2, 2)')
        """
        return f"{self.name}({', '.join(self._keywords())})"

    def _keywords(self) -> list[str]:
        """All arguments that have no default, and those that are not at theirs."""
        return [
            f"{entry.name}={value!r}"
            for entry in dataclasses.fields(self)
            if (value := getattr(self, entry.name)) != entry.default
        ]


@dataclass(frozen=True, repr=False)
class WindowLayer(Layer):
    """What the layers that slide a window over a map have in common."""

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        raise NotImplementedError

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (C, OH, OW) with one position for each place of the window."""
        channels, *_ = map_shape(self, input_shape)
        return (channels, *self.sizes(input_shape))

    def sizes(self, input_shape: Shape) -> tuple[int, int]:
        """Count the places of the window along both axes of a map.

        Raises:
            Mismatch: there is none, or there are too many.
        """
        _, height, width = input_shape
        axes = self.axes(input_shape)
        small = next((axis for axis, places in enumerate(axes) if not places.count), None)
        if small is None:
            return self.size(height, 0), self.size(width, 1)
        kernel, extent, padded = (
            format_shape(tuple(getattr(axis, name) for axis in axes)) for name in ("kernel_size", "extent", "padded")
        )
        is_padded = padded != format_shape(input_shape[1:])
        try:
            self.size(input_shape[1 + small], small)
        except ShapeError as error:
            raise Mismatch(
                error.message,
                Kind.TOO_SMALL,
                fact=_no_place(self.has_kernels, kernel, extent, padded if is_padded else None),
                setting="kernel_size",
                expected=axes[small].extent,
                given=axes[small].padded,
            ) from None
        raise AssertionError(f"{self} has a place on {input_shape} after all")

    def axes(self, input_shape: Shape) -> tuple[AxisWindows, AxisWindows]:
        """The places of the window along the height and the width of a map, be there none."""
        rows, columns = (
            AxisWindows(size, window.kernel_size, window.stride, window.padding, window.dilation, window.ceil_mode)
            for size, window in zip(input_shape[1:], (self.window(0), self.window(1)), strict=True)
        )
        return rows, columns

    @property
    def has_kernels(self) -> bool:
        """Whether the window weighs what it covers, as a convolution does and a pooling does not."""
        return "weight" in self.weight_shapes()

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        """Let windows that are too large fit by more padding, or by a smaller or denser kernel."""
        if mismatch.kind is not Kind.TOO_SMALL or mismatch.setting != "kernel_size":
            yield from super().remedies(mismatch, input_shape)
            return
        axes, settings = self.axes(input_shape), self.rules()
        if not self.has_kernels:
            yield LeaveOut()
        elif "padding" in settings:
            yield SetTo({"padding": pair(*(max(axis.padding[0], padding_needed(axis)) for axis in axes))})
        # What one window may span, and the most cells that it can have then.
        room = [axis.padded + (axis.stride - 1 if axis.ceil else 0) for axis in axes]
        cells = [min(axis.kernel_size, (span - 1) // axis.dilation + 1) for axis, span in zip(axes, room, strict=True)]
        smaller = min(cells) if axes[0].kernel_size == axes[1].kernel_size else pair(*cells)
        if self.has_kernels or smaller != 1:
            yield SetTo({"kernel_size": smaller})
        if any(axis.dilation > 1 for axis in axes):
            spans = zip(axes, room, strict=True)
            yield SetTo(
                {"dilation": pair(*(min(a.dilation, (span - 1) // max(1, a.kernel_size - 1)) for a, span in spans))}
            )
        if "ceil_mode" in settings:
            yield SetTo({"ceil_mode": True})

    def size(self, size: int, axis: int) -> int:
        """Count the places of the window along an axis."""
        window = self.window(axis)
        try:
            places = windows(
                size, window.kernel_size, window.stride, window.padding, window.dilation, window.ceil_mode
            ).count
        except ShapeError as error:
            raise ShapeError(along(axis, error.message)) from None
        return size_checked(places, axis)

    def step(self, size: int, axis: int) -> Window:
        """Read as many cells as the window covers."""
        return self.window(axis)

    def shape_text(self, input_shape: Shape) -> Message:
        """Write the formula of both axes with their numbers in it."""
        return axis_lines(
            [window_text(size, self.window(axis)) for axis, size in enumerate(input_shape[1:])],
            self.output_shape(input_shape),
        )


@cache
def _of_layer(layer: str, name: str) -> Message:
    """What a sentence calls a setting of a layer, or one of its arrays. Kept, as layers are made by the thousand."""
    return message("{layer}'s {name}", layer=layer, name=name)


def as_batch(x: ArrayLike) -> tuple[Array, bool]:
    """Take pictures or rows of features as a batch, and say whether they were one already.

    Raises:
        ShapeError: an array of another number of axes, or of no number.
    """
    array = numbers("x", x)
    if array.ndim not in (1, 2, 3, 4) or not array.size:
        raise ShapeError(
            "x has shape {shape}: use (C, H, W) or (F,), or a batch of them, with at least one number.",
            shape=array.shape,
        )
    is_batch = array.ndim in (2, 4)
    return (array if is_batch else array[None]), is_batch


def axis_lines(formulas: Sequence[str], output_shape: Shape) -> Message:
    """Write one line for both axes where they are equal, and one for each where they are not."""
    _, height, width = output_shape
    rows, columns = formulas
    if rows == columns:
        return message("height and width: {formula} = {size:,}", formula=rows, size=height)
    return in_lines(
        message("height: {formula} = {size:,}", formula=rows, size=height),
        message("width: {formula} = {size:,}", formula=columns, size=width),
    )


def _no_place(has_kernels: bool, kernel: str, extent: str, padded: str | None) -> Message:
    """Say that a map is too small, with the sizes that make it so, which are written already."""
    told = {**OPEN, "kernel": kernel, "extent": extent, "padded": padded}
    match has_kernels, extent != kernel, padded is not None:
        case True, False, False:
            return message(
                "Layer {number} ({layer}) has a kernel of {kernel}. {gives} That is too small for the kernel.",
                **told,
            )
        case True, False, True:
            return message(
                "Layer {number} ({layer}) has a kernel of {kernel}. {gives} "
                "Even padded to {padded}, that is too small for the kernel.",
                **told,
            )
        case True, True, False:
            return message(
                "Layer {number} ({layer}) has a kernel of {kernel} that its dilation spreads over {extent}. {gives} "
                "That is too small for the kernel.",
                **told,
            )
        case True, True, True:
            return message(
                "Layer {number} ({layer}) has a kernel of {kernel} that its dilation spreads over {extent}. {gives} "
                "Even padded to {padded}, that is too small for the kernel.",
                **told,
            )
        case False, False, False:
            return message(
                "Layer {number} ({layer}) has a window of {kernel}. {gives} That is too small for the window.",
                **told,
            )
        case False, False, True:
            return message(
                "Layer {number} ({layer}) has a window of {kernel}. {gives} "
                "Even padded to {padded}, that is too small for the window.",
                **told,
            )
        case False, True, False:
            return message(
                "Layer {number} ({layer}) has a window of {kernel} that its dilation spreads over {extent}. {gives} "
                "That is too small for the window.",
                **told,
            )
        case _:
            return message(
                "Layer {number} ({layer}) has a window of {kernel} that its dilation spreads over {extent}. {gives} "
                "Even padded to {padded}, that is too small for the window.",
                **told,
            )


def window_text(size: int, window: Window) -> str:
    before, after = window.padding
    rim = f"2*{before}" if before == after else f"{before} + {after}"
    extent = f"({window.dilation}*({window.kernel_size} - 1) + 1)" if window.dilation > 1 else f"{window.kernel_size}"
    rounded = "ceil" if window.ceil_mode else "floor"
    text = f"{rounded}(({size} + {rim} - {extent}) / {window.stride}) + 1"
    axis = AxisWindows(size, window.kernel_size, window.stride, window.padding, window.dilation, window.ceil_mode)
    rounded_up = -(-(axis.padded - axis.extent) // axis.stride) + 1
    # A last window that would start behind the input is left out.
    return f"{text} - 1" if window.ceil_mode and axis.count < rounded_up else text
