"""Convolutions over two and three axes.

Cross-correlation, as in every deep-learning library: the kernel is not flipped.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from cnnlab.errors import ShapeError, quoted
from cnnlab.ops.arguments import (
    Array,
    PerAxis,
    biases,
    check_groups,
    finish,
    fitting,
    images,
    kernels,
    one_or_all,
    per_axis,
    result_dtype,
    without,
)
from cnnlab.ops.exact import sum_dtype
from cnnlab.ops.padding import Pads, check_cells, check_padding, pad_axes
from cnnlab.shapes import AxisWindows, same_padding

BLOCK_CELLS = 2**16
"""Numbers of the windows that are laid out at a time: 512 KiB of float64, which stay in a core's cache.

For 8 kernels of 7x7 over a 3x512x512 picture this was five times as fast as blocks of 8 MiB."""


def conv2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Array:
    """Slide kernels over images and sum the products: torch.nn.functional.conv2d in NumPy.

    With x padded, S the stride and D the dilation,
    out[o, i, j] = bias[o] + sum over c, a, b of x[c, i*S + a*D, j*S + b*D] * weight[o, c, a, b].
    The output has `output_size(...)` cells along each axis.

    Args:
        x: (C, H, W) or (N, C, H, W)
        weight: (O, C/groups, FH, FW)
        bias: (O,), added to every cell of its output channel.
        stride: pixels from window to window; one number or (rows, columns), as are the next two.
        padding: pixels added on both sides; or "same" (the size stays, at stride 1 only), or "valid" (none).
        dilation: pixels from one cell of a window to the next.
        groups: the channels fall into this many groups, each seen by its own share of the kernels.
        padding_mode: what the padding holds: zeros, reflect, replicate or circular.

    Returns:
        (O, OH, OW) or (N, O, OH, OW). Integers (and bools) alone give int64, exactly; otherwise the widest float among
        x, weight and bias. NaN and infinities flow through as through any sum.

    Raises:
        ShapeError: shapes or settings that do not go together, or integers whose sum could leave int64.

    >>> x = [[[0, 1, 2], [3, 4, 5], [6, 7, 8]]]
    >>> conv2d(x, [[[[1, 0], [0, -1]]]], bias=[10]).tolist()  # 0 - 4 + 10 = 6, and so everywhere
    [[[6, 6], [6, 6]]]
    """
    return convolve(read_convolution(x, weight, bias, stride, padding, dilation, groups, padding_mode))


@without(dilation=1, groups=1)
def conv3d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
) -> Array:
    """Slide kernels over volumes along three axes: a kernel thinner than the data moves in depth too.

    Args:
        x: (C, D, H, W) or (N, C, D, H, W)
        weight: (O, C, FD, FH, FW)
        bias: (O,), added to every cell of its output channel.
        stride: cells from window to window; one number or (depth, rows, columns), as is padding.
        padding: zeros added on both sides; or "same" (the size stays, at stride 1 only), or "valid" (none).

    Returns:
        (O, OD, OH, OW) or (N, O, OD, OH, OW), of the kind of number that conv2d gives.

    Raises:
        ShapeError: shapes or settings that do not go together, or integers whose sum could leave int64.

    >>> volume = np.arange(3).reshape(1, 3, 1, 1)
    >>> conv3d(volume, np.ones((1, 1, 2, 1, 1), dtype=int)).ravel().tolist()  # 0 + 1, 1 + 2
    [1, 3]
    """
    return convolve(read_convolution(x, weight, bias, stride, padding, spatial=3))


@dataclass(frozen=True, eq=False)
class Convolution:
    """One convolution, checked: `read_convolution` makes it.

    Args:
        x: (N, C, ...), always a batch.
        is_batch: whether the caller gave a batch.
        weight: (O, C/groups, ...)
        bias: (O,) or None
        axes: the windows along each spatial axis, padding included.
        groups: into how many groups input and kernels fall.
        padding_mode: what the padding holds.
    """

    x: Array
    is_batch: bool
    weight: Array
    bias: Array | None
    axes: tuple[AxisWindows, ...]
    groups: int
    padding_mode: str

    @property
    def pads(self) -> Pads:
        """Pixels added (before, after) each spatial axis."""
        return tuple(axis.padding for axis in self.axes)


def read_convolution(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    spatial: int = 2,
) -> Convolution:
    """Check the arguments of a convolution over `spatial` axes against each other.

    Raises:
        ShapeError: something is out of its range, or does not go together with the rest.
    """
    batch, is_batch = images(x, spatial)
    weight = kernels(weight, spatial)
    outputs, depth, *kernel_size = weight.shape
    groups = check_groups(groups, batch.shape[1], depth, outputs)
    strides = per_axis("stride", stride, 1, spatial)
    dilations = per_axis("dilation", dilation, 1, spatial)
    pads = _pads(padding, kernel_size, strides, dilations)
    sizes = batch.shape[2:]
    most = check_padding(batch.shape, pads, padding_mode)
    axes = [AxisWindows(*axis) for axis in zip(sizes, kernel_size, strides, pads, dilations, strict=True)]
    return Convolution(batch, is_batch, weight, biases(bias, outputs), fitting(axes, most), groups, padding_mode)


def _pads(padding: PerAxis | str, kernel_size: Sequence[int], strides: Sequence[int], dilations: Sequence[int]) -> Pads:
    if not isinstance(padding, str):
        return tuple((pixels, pixels) for pixels in per_axis("padding", padding, 0, len(strides)))
    if padding == "valid":
        return ((0, 0),) * len(strides)
    if padding != "same":
        raise ShapeError("padding is {padding}: use 'same', 'valid' or whole numbers.", padding=quoted(padding))
    if max(strides) > 1:
        raise ShapeError(
            "padding='same' keeps the size only at stride 1, but stride is {stride}: use stride 1 or padding in "
            "numbers.",
            stride=one_or_all(strides),
        )
    return tuple(same_padding(size, dilation) for size, dilation in zip(kernel_size, dilations, strict=True))


def convolve(conv: Convolution) -> Array:
    """Compute a checked convolution, block by block of its output.

    The windows of a block are laid out as the columns of a matrix, so that one matrix product takes all of its sums;
    laying out all windows at once would need FH*FW times the memory of the image.
    """
    dtype = sum_dtype(conv.x, conv.weight, conv.bias)
    weight = conv.weight.astype(dtype, copy=False).reshape(conv.groups, len(conv.weight) // conv.groups, -1)
    windows = _windows(conv, dtype)
    batch, rows, rest = len(conv.x), conv.axes[0].count, [axis.count for axis in conv.axes[1:]]
    check_cells("output", (batch, len(conv.weight), rows, *rest))
    out = np.empty((batch, *weight.shape[:2], rows, *rest), dtype)
    cells_per_row = conv.groups * weight.shape[2] * math.prod(rest)
    rows_at_once = min(rows, max(1, BLOCK_CELLS // cells_per_row))
    images_at_once = max(1, BLOCK_CELLS // (cells_per_row * rows))
    with np.errstate(over="ignore", invalid="ignore"):  # what floats do at infinity is an answer, not a warning
        for image in range(0, batch, images_at_once):
            for row in range(0, rows, rows_at_once):
                block = windows[row : row + rows_at_once, image : image + images_at_once]
                # (rows, N, G, C/G, kernel..., rest...) -> (N, G, C/G, kernel..., rows, rest...)
                block = np.moveaxis(block, 0, -len(rest) - 1)
                columns = block.reshape(*block.shape[:2], weight.shape[2], -1)
                target = out[image : image + images_at_once, :, :, row : row + rows_at_once]
                target[...] = (weight @ columns).reshape(target.shape)
        out = finish(out.reshape(batch, -1, rows, *rest), conv.bias, result_dtype(conv.x, conv.weight, conv.bias))
    return out if conv.is_batch else out[0]


def _windows(conv: Convolution, dtype: np.dtype[Any]) -> Array:
    """View the padded input as windows: (rows, N, G, C/G, kernel..., other spatial axes...), nothing copied."""
    padded = pad_axes(conv.x.astype(dtype, copy=False), conv.pads, conv.padding_mode)
    padded = padded.reshape(len(padded), conv.groups, -1, *padded.shape[2:])
    spatial = range(3, padded.ndim)
    windows = sliding_window_view(padded, [axis.extent for axis in conv.axes], tuple(spatial))
    strides = (slice(None, None, axis.stride) for axis in conv.axes)
    dilations = (slice(None, None, axis.dilation) for axis in conv.axes)
    windows = windows[:, :, :, *strides, *dilations]
    windows = np.moveaxis(windows, spatial, range(-len(conv.axes), 0))
    return np.moveaxis(windows, -len(conv.axes), 0)
