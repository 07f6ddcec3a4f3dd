"""The interface shared by all layers, and what those have in common that slide a window."""
# ruff: noqa: ARG002  (all answer alike)

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from cnnlab.errors import ShapeError, counted
from cnnlab.layers.rules import Rule
from cnnlab.layers.shapes import AXES, MAX_SIZE, Shape, TooLargeError
from cnnlab.layers.views import View, Window
from cnnlab.ops.arguments import Array, numbers
from cnnlab.shapes import AxisWindows, Reads, windows

if TYPE_CHECKING:
    from torch import nn

_INPUT_SETTINGS = ("in_channels", "in_features", "num_features")


@dataclass(frozen=True, repr=False)
class Layer:
    """The interface shared by all layers. Here stand the answers of a layer that works on each number by itself."""

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

        >>> from cnnlab.layers import Conv2d, Linear, ReLU
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
                raise ShapeError(f"{self.name} needs its {name}, which is not given: give an array of shape {shape}")
            known[name] = numbers(f"{self.name}'s {name}", given[name])
            if known[name].shape != shape:
                raise ShapeError(f"{self.name}'s {name} has shape {known[name].shape}: use shape {shape}")
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
        """(C, H, W) -> (C, OH, OW) with one position for each place of the window."""
        channels, height, width = map_shape(self, input_shape)
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
        return size_checked(places, axis)

    def step(self, size: int, axis: int) -> Window:
        """Read as many cells as the window covers."""
        return self.window(axis)

    def shape_text(self, input_shape: Shape) -> str:
        """Write the formula of both axes with their numbers in it."""
        return axis_lines(
            [window_text(size, self.window(axis)) for axis, size in enumerate(input_shape[1:])],
            self.output_shape(input_shape),
        )


def as_batch(x: ArrayLike) -> tuple[Array, bool]:
    """Take pictures or rows of features as a batch, and say whether they were one already.

    Raises:
        ShapeError: an array of another number of axes, or of no number.
    """
    array = numbers("x", x)
    if array.ndim not in (1, 2, 3, 4) or not array.size:
        raise ShapeError(
            f"x has shape {array.shape}: use (C, H, W) or (F,), or a batch of them, with at least one number"
        )
    is_batch = array.ndim in (2, 4)
    return (array if is_batch else array[None]), is_batch


def map_shape(layer: Layer, input_shape: Shape) -> Shape:
    if len(input_shape) != 3:
        raise ShapeError(
            f"{layer.name} expects a map (channels, height, width) but gets "
            f"{counted(math.prod(input_shape), 'feature')} in a row: put it before Flatten and Linear"
        )
    return input_shape


def axis_lines(texts: Sequence[str], output_shape: Shape) -> str:
    """Write one line for both axes where they are equal, and one for each where they are not."""
    values = output_shape[1:]
    if texts[0] == texts[1]:
        return f"height and width: {texts[0]} = {values[0]:,}"
    return "\n".join(f"{axis}: {text} = {value:,}" for axis, text, value in zip(AXES, texts, values, strict=True))


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


def size_checked(size: int, axis: int) -> int:
    if size > MAX_SIZE:
        raise TooLargeError(
            f"along the {AXES[axis]}, {size:,} numbers would come out, and no map here has more than {MAX_SIZE:,}: use "
            "a smaller stride or padding, or a smaller input"
        )
    return size
