"""Poolings: one number for every window, channel by channel.

A window is pooled along its columns and then along its rows: FH + FW passes over the image instead of FH * FW.
"""

from collections.abc import Iterator
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.errors import ShapeError
from cnnlab.ops.arguments import Array, PerAxis, by, fitting, images, one_or_all, per_axis, without
from cnnlab.ops.padding import check_cells
from cnnlab.shapes import AxisWindows, true_or_false

Axes = tuple[AxisWindows, ...]


@overload
def max_pool2d(
    x: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Array: ...


@overload
def max_pool2d(
    x: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Array, NDArray[np.int64]]: ...


def max_pool2d(
    x: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, NDArray[np.int64]]:
    """Keep the largest number of each window: torch.nn.functional.max_pool2d in NumPy.

    Args:
        x: (C, H, W) or (N, C, H, W)
        kernel_size: cells of a window; one number or (rows, columns), as are the next three.
        stride: pixels from window to window; None is the kernel's size, so that windows do not overlap.
        padding: cells around the image that no window chooses; at most half of the kernel.
        dilation: pixels from one cell of a window to the next.
        ceil_mode: let the last window reach beyond the padded image, as long as it starts before its end.
        return_indices: give (output, indices) instead: where each number was found, row*W + column in its channel.

    Returns:
        (C, OH, OW) or (N, C, OH, OW) of x's floats, or int64 for integers. Of equal numbers the first is found; NaN
        beats every number, as in torch. A window with nothing but padding, which dilation can make, gives -inf.

    Raises:
        ShapeError: settings that do not go together; or a window with nothing but padding, among integers or with
            `return_indices`, where -inf is no answer.

    >>> max_pool2d([[[1, 2, 5], [4, 3, 0]]], 2, stride=1, return_indices=True)  # 4 is at 1*3 + 0, 5 at 0*3 + 2
    (array([[[4, 5]]]), array([[[3, 2]]]))
    """
    batch, is_batch = images(x)
    return_indices = true_or_false("return_indices", return_indices)
    axes = pooling_axes(batch.shape[2:], kernel_size, stride, padding, dilation, ceil_mode)
    height, width = batch.shape[2:]
    places: NDArray[np.int64] = np.broadcast_to(
        np.arange(height * width, dtype=np.int64).reshape(height, width), batch.shape
    )
    # Along the rows first: of equal numbers, the first column of the first row is then the first in reading order.
    largest, found = _largest_along(-1, axes[1], batch, places)
    largest, found = _largest_along(-2, axes[0], largest, found)
    if (return_indices or batch.dtype.kind == "i") and (found < 0).any():
        raise nothing_but_padding(axes)
    pooled = largest if is_batch else largest[0]
    if not return_indices:
        return pooled
    return pooled, found if is_batch else found[0]


@without(divisor_override=None)
def avg_pool2d(
    x: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Take the average of each window: torch.nn.functional.avg_pool2d in NumPy.

    Args:
        x: (C, H, W) or (N, C, H, W)
        kernel_size: cells of a window; one number or (rows, columns), as are the next two.
        stride: pixels from window to window; None is the kernel's size, so that windows do not overlap.
        padding: zeros around the image; at most half of the kernel.
        ceil_mode: let the last window reach beyond the padded image, as long as it starts before its end. What lies
            beyond is never counted.
        count_include_pad: whether the padding's zeros count when the sum is divided.

    Returns:
        (C, OH, OW) or (N, C, OH, OW) of x's floats, or float64 for integers, since a mean is rarely whole.

    Raises:
        ShapeError: settings that do not go together.

    >>> avg_pool2d([[[1, 2], [3, 6]]], 2).tolist()  # (1 + 2 + 3 + 6) / 4
    [[[3.0]]]
    >>> avg_pool2d([[[4]]], 2, padding=1, count_include_pad=False).tolist()  # 4 / 1, where 4 / 4 would count padding
    [[[4.0]]]
    """
    batch, is_batch = images(x)
    count_include_pad = true_or_false("count_include_pad", count_include_pad)
    axes = pooling_axes(batch.shape[2:], kernel_size, stride, padding, 1, ceil_mode)
    dtype = batch.dtype if batch.dtype.kind == "f" else np.dtype(np.float64)
    work = np.result_type(dtype, np.float32)  # half precision is too coarse to sum in
    rows, columns = (counted_cells(axis, count_include_pad) for axis in axes)
    with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
        sums = _sum_along(-1, axes[1], batch.astype(work, copy=False))
        sums = _sum_along(-2, axes[0], sums)
        means = (sums / (rows[:, None] * columns)).astype(dtype)
    return means if is_batch else means[0]


def adaptive_avg_pool2d(x: ArrayLike, output_size: PerAxis) -> Array:
    """Take the means of as many windows as are asked for: torch.nn.functional.adaptive_avg_pool2d in NumPy.

    Window i of OH along H rows reads those from floor(i*H / OH) to ceil((i + 1)*H / OH) - 1.

    Args:
        x: (C, H, W) or (N, C, H, W)
        output_size: (OH, OW), or one number for both.

    Returns:
        (C, OH, OW) or (N, C, OH, OW) of x's floats, or float64 for integers.

    Raises:
        ShapeError: a size that is not a whole number of 1 or more.

    >>> adaptive_avg_pool2d([[[1, 2, 6]]], (1, 2)).tolist()  # (1 + 2) / 2, (2 + 6) / 2
    [[[1.5, 4.0]]]
    """
    batch, is_batch = images(x)
    sizes = per_axis("output_size", output_size, 1)
    check_cells("output", (*batch.shape[:2], *sizes))
    dtype = batch.dtype if batch.dtype.kind == "f" else np.dtype(np.float64)
    means = batch.astype(np.result_type(dtype, np.float32), copy=False)
    with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
        for axis, count in ((-1, sizes[1]), (-2, sizes[0])):
            size = means.shape[axis]
            reads = (range(i * size // count, -(-(i + 1) * size // count)) for i in range(count))
            means = np.stack([np.take(means, cells, axis).mean(axis) for cells in reads], axis)
    means = means.astype(dtype, copy=False)
    return means if is_batch else means[0]


def pooling_axes(
    sizes: tuple[int, ...],
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    dilation: PerAxis,
    ceil_mode: bool,
) -> Axes:
    """Place a pooling's windows along both axes of an image.

    Raises:
        ShapeError: a number is out of its range, a padding beyond half of the window, or no window fits.
    """
    kernel = per_axis("kernel_size", kernel_size, 1)
    strides = kernel if stride is None else per_axis("stride", stride, 1)
    pads = per_axis("padding", padding, 0)
    dilations = per_axis("dilation", dilation, 1)
    ceil = true_or_false("ceil_mode", ceil_mode)
    for cells, pad in zip(kernel, pads, strict=True):
        if pad > cells // 2:
            raise ShapeError(
                "Padding {padding} is more than half of the {window} window: use padding <= {most} or a larger window.",
                padding=pad,
                window=by(kernel),
                most=cells // 2,
            )
    axes = [
        AxisWindows(size, cells, step, (pad, pad), gap, ceil)
        for size, cells, step, pad, gap in zip(sizes, kernel, strides, pads, dilations, strict=True)
    ]
    for axis in fitting(axes, [cells // 2 for cells in kernel]):
        check_cells("windows", (axis.count, axis.kernel_size))
    return tuple(axes)


def nothing_but_padding(axes: Axes) -> ShapeError:
    """Make the error that says that a window reads no number."""
    return ShapeError(
        "A {window} window with dilation {dilation} reads only padding, where there is no largest number: use less "
        "padding or dilation 1.",
        window=by(axis.kernel_size for axis in axes),
        dilation=one_or_all([axis.dilation for axis in axes]),
    )


def _largest_along(
    axis: int, windows: AxisWindows, values: Array, places: NDArray[np.int64]
) -> tuple[Array, NDArray[np.int64]]:
    """Find the largest of `values` in each window along one axis, and the place that goes with it; -1 is no place."""
    shape = list(values.shape)
    shape[axis] = windows.count
    largest = np.full(shape, -np.inf if values.dtype.kind == "f" else np.iinfo(np.int64).min, values.dtype)
    found = np.full(shape, -1, dtype=np.int64)
    for pixels, is_inside in window_reads(axis, windows):
        candidates = np.take(values, pixels, axis)
        candidate_places = np.where(is_inside, np.take(places, pixels, axis), -1)
        # A window of -inf alone is still found at its first cell, hence the last condition.
        is_better = (candidates > largest) | np.isnan(candidates) | (found < 0)
        is_better &= candidate_places >= 0
        largest = np.where(is_better, candidates, largest)
        found = np.where(is_better, candidate_places, found)
    return largest, found


def _sum_along(axis: int, windows: AxisWindows, values: Array) -> Array:
    """Sum `values` over each window along one axis."""
    shape = list(values.shape)
    shape[axis] = windows.count
    sums = np.zeros(shape, values.dtype)
    for pixels, is_inside in window_reads(axis, windows):
        sums += np.where(is_inside, np.take(values, pixels, axis), 0)
    return sums


def window_reads(axis: int, windows: AxisWindows) -> Iterator[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """Go through the cells of a window along one axis, for all windows at once.

    Yields:
        The (count,) pixels read, and whether they lie inside the image, shaped to go with the values; a pixel outside
        is given as the nearest one inside, whose value does not count.
    """
    pixels = windows.positions() - windows.padding[0]
    is_inside = (pixels >= 0) & (pixels < windows.size)
    # Cells that only ever meet padding are passed over: `ceil_mode` allows windows much larger than the image.
    for cell in np.flatnonzero(is_inside.any(axis=0)):
        shaped = is_inside[:, cell] if axis == -1 else is_inside[:, cell, None]
        yield np.clip(pixels[:, cell], 0, windows.size - 1), shaped


def counted_cells(axis: AxisWindows, count_include_pad: bool) -> NDArray[np.int64]:
    """By how many cells each window along an axis is divided: shape (count,)."""
    positions = axis.positions()
    if count_include_pad:
        return (positions < axis.padded).sum(axis=1)
    pixels = positions - axis.padding[0]
    return ((pixels >= 0) & (pixels < axis.size)).sum(axis=1)
