"""Poolings."""
# ruff: noqa: ARG002  (all answer alike)

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cnnlab.axis_fields import Reads
from cnnlab.errors import ShapeError
from cnnlab.layers.base import Layer, WindowLayer, axis_lines
from cnnlab.layers.checks import map_shape
from cnnlab.layers.fields import Window
from cnnlab.layers.mismatch import Kind, Mismatch
from cnnlab.layers.rules import between, switch
from cnnlab.layers.shapes import MAX_WINDOW, Pair, Shape, both, in_lines, pair, twice
from cnnlab.layers.torch_words import listed, no_axis, output_too_small
from cnnlab.ops import adaptive_avg_pool2d, avg_pool2d, max_pool2d
from cnnlab.ops.arguments import Array
from cnnlab.texts import Message, message, one_of


@dataclass(frozen=True, repr=False)
class Pool2d(WindowLayer):
    """What both poolings have in common. The stride is the kernel size where none is given."""

    member = "pool"

    kernel_size: Pair = field(
        metadata=between(1, MAX_WINDOW, pair=True, named=True, about=message("Rows and columns of the window."))
    )
    stride: Pair | None = field(
        default=None,
        metadata=between(
            1,
            MAX_WINDOW,
            pair=True,
            optional=True,
            about=message("Pixels from one position to the next; None stands for the kernel size."),
        ),
    )
    padding: Pair = field(
        default=0, metadata=between(0, MAX_WINDOW, pair=True, about=message("Pixels added around the map."))
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for kernel_size, padding in zip(both(self.kernel_size), both(self.padding), strict=True):
            if 2 * padding > kernel_size:
                raise ShapeError(
                    "{layer}'s padding {padding} is more than half of its kernel size {kernel}, so that a window could "
                    "hold nothing but padding: use padding <= {most}.",
                    layer=self.name,
                    padding=padding,
                    kernel=kernel_size,
                    most=kernel_size // 2,
                )

    @classmethod
    def agreeing(cls, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Let the padding be half of the window at most."""
        rims, kernels = both(settings["padding"]), both(settings["kernel_size"])
        yield "padding", pair(*(min(rim, size // 2) for rim, size in zip(rims, kernels, strict=True)))
        yield "kernel_size", pair(*(max(2 * rim, size) for rim, size in zip(rims, kernels, strict=True)))

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        stride = self.kernel_size if self.stride is None else self.stride
        return Window(both(self.kernel_size)[axis], both(stride)[axis], twice(both(self.padding)[axis]))

    def _keywords(self) -> list[str]:
        """The slides give a pooling's window and stride without their names."""
        named = [word for word in super()._keywords() if not word.startswith(("kernel_size=", "stride="))]
        stride = self.kernel_size if self.stride is None else self.stride
        return [repr(self.kernel_size), repr(stride), *named]

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of windows that are too large, with the sizes below 1 that PyTorch computes then."""
        if mismatch.kind is not Kind.TOO_SMALL:
            return None
        channels, *sides = input_shape
        sizes = [_computed(side, self.window(axis)) for axis, side in enumerate(sides)]
        return output_too_small(input_shape, (channels, *sizes))


@dataclass(frozen=True, repr=False)
class MaxPool2d(Pool2d):
    """Largest number of each window, channel by channel: (C, H, W) -> (C, OH, OW).

    >>> MaxPool2d(kernel_size=2).output_shape((6, 28, 28))
    (6, 14, 14)
    """

    about = message("The largest number of each window, channel by channel: (C, H, W) -> (C, OH, OW).")
    word = message("max")

    dilation: Pair = field(
        default=1,
        metadata=between(1, MAX_WINDOW, pair=True, about=message("Pixels from one cell of the window to the next.")),
    )
    ceil_mode: bool = field(default=False, metadata=switch(message("Whether a window may reach beyond the edge.")))

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        return replace(super().window(axis), dilation=both(self.dilation)[axis], ceil_mode=self.ceil_mode)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Keep the largest: (N, C, H, W) -> (N, C, OH, OW)."""
        return max_pool2d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of rows, too."""
        if mismatch.kind is Kind.ROW_GIVEN:
            return "non-empty 3D or 4D (batch mode) tensor expected for input"
        return super().torch_message(mismatch, input_shape, batch)


@dataclass(frozen=True, repr=False)
class AvgPool2d(Pool2d):
    """Average of each window, channel by channel: (C, H, W) -> (C, OH, OW).

    >>> AvgPool2d(kernel_size=3, stride=2, ceil_mode=True).output_shape((6, 8, 8))  # ceil((8 - 3) / 2) + 1 = 4
    (6, 4, 4)
    """

    about = message("The average of each window, channel by channel: (C, H, W) -> (C, OH, OW).")
    word = message("average")

    ceil_mode: bool = field(default=False, metadata=switch(message("Whether a window may reach beyond the edge.")))
    count_include_pad: bool = field(default=True, metadata=switch(message("Whether padding counts in the average.")))

    def window(self, axis: int) -> Window:
        """What slides along an axis: 0 is the height, 1 the width."""
        return replace(super().window(axis), ceil_mode=self.ceil_mode)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Take the averages: (N, C, H, W) -> (N, C, OH, OW)."""
        return avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of rows, too."""
        if mismatch.kind is Kind.ROW_GIVEN:
            return no_axis(-3, 2)
        return super().torch_message(mismatch, input_shape, batch)


@dataclass(frozen=True, repr=False)
class AdaptiveAvgPool2d(Layer):
    """The average of as many windows as the output has cells, whatever the input: (C, H, W) -> (C, OH, OW).

    Window i of OH reads the rows from floor(i*H / OH) to ceil((i + 1)*H / OH) - 1, as in PyTorch. Where OH divides H
    they lie side by side and hold H / OH rows each. Else some hold more than others or share rows, and the receptive
    field is that of the unit that sees most.

    >>> AdaptiveAvgPool2d(7).output_shape((512, 13, 20))
    (512, 7, 7)
    """

    about = message(
        "The average of as many windows as the output has cells, whatever the input: (C, H, W) -> (C, OH, OW)."
    )
    word = message("average")
    member = "pool"

    output_size: Pair = field(
        metadata=between(1, MAX_WINDOW, pair=True, about=message("Rows and columns that come out."))
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        """(C, H, W) -> (C, *output_size)."""
        return (map_shape(self, input_shape)[0], *both(self.output_size))

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        """Of rows; with output_size=1 PyTorch takes the mean of the whole batch."""
        if self.output_size == 1:
            return None
        if isinstance(self.output_size, tuple):
            return "Input dimension should be at least 3"
        return f"adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got {listed((batch, *input_shape))}"

    def repeats_pixels(self, input_shape: Shape) -> bool:
        """So it does for a map that is smaller than the one that is asked for."""
        return math.prod(self.output_shape(input_shape)) > math.prod(input_shape)

    def size(self, size: int, axis: int) -> int:
        """Make as many cells as are asked for."""
        return both(self.output_size)[axis]

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        """Take the averages: (N, C, H, W) -> (N, C, *output_size)."""
        return adaptive_avg_pool2d(x, self.output_size)

    def step(self, size: int, axis: int) -> Reads:
        """Read rows (axis 0) or columns (axis 1), window by window, of a map that has `size` of them."""
        count = both(self.output_size)[axis]
        common = math.gcd(size, count)
        read = (range(i * size // count, -(-(i + 1) * size // count)) for i in range(count // common))
        return Reads(tuple(read), advance=size // common)

    def shape_text(self, input_shape: Shape) -> Message:
        """Write that the sizes are those that were asked for, and how large the windows are."""
        rows, columns = both(self.output_size)
        lines = axis_lines(
            ["output_size"] * 2 if rows == columns else ["output_size[0]", "output_size[1]"],
            self.output_shape(input_shape),
        )
        heights, widths = (
            one_of(sorted({len(cells) for cells in self.step(size, axis).cells}))
            for axis, size in enumerate(input_shape[1:])
        )
        return in_lines(
            lines,
            message(
                "each the average of a window of height {heights} and width {widths}", heights=heights, widths=widths
            ),
        )


def _computed(size: int, window: Window) -> int:
    """What PyTorch computes where no window fits, below 1."""
    padding = window.padding[0]
    room = size + 2 * padding - window.dilation * (window.kernel_size - 1) - 1
    count = (room + (window.stride - 1 if window.ceil_mode else 0)) // window.stride + 1
    return count - int(window.ceil_mode and (count - 1) * window.stride >= size + padding)
