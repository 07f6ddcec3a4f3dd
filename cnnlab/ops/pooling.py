"""Poolings: one number for every window, channel by channel."""

from collections.abc import Iterator
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.errors import ShapeError
from cnnlab.ops.arguments import Array, PerAxis, by, fitting, images, one_or_all, per_axis
from cnnlab.shapes import AxisWindows

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
        (C, H', W') or (N, C, H', W') of x's floats, or int64 for integers. Of equal numbers the first is found; NaN
        beats every number, as in torch. A window with nothing but padding, which dilation can make, gives -inf.

    Raises:
        ShapeError: settings that do not go together; or a window with nothing but padding, among integers or with
            `return_indices`, where -inf is no answer.

    >>> max_pool2d([[[1, 2, 5], [4, 3, 0]]], 2, stride=1, return_indices=True)  # 4 is at 1*3 + 0, 5 at 0*3 + 2
    (array([[[4, 5]]]), array([[[3, 2]]]))
    """
    batch, is_batch = images(x)
    axes = _pooling_axes(batch.shape[2:], kernel_size, stride, padding, dilation, ceil_mode)
    shape = (*batch.shape[:2], *(axis.count for axis in axes))
    largest = np.full(shape, -np.inf if batch.dtype.kind == "f" else np.iinfo(np.int64).min, batch.dtype)
    found = np.full(shape, -1, dtype=np.int64)
    for values, is_inside, place in _cells(batch, axes):
        # A window of -inf alone is still found at its first cell, hence the last condition.
        better = is_inside & ((values > largest) | np.isnan(values) | (found < 0))
        largest = np.where(better, values, largest)
        found = np.where(better, place, found)
    if (return_indices or batch.dtype.kind == "i") and (found < 0).any():
        raise ShapeError(
            f"a {by(axis.kernel_size for axis in axes)} window with dilation {one_or_all([a.dilation for a in axes])} "
            "reads only padding, where there is no largest number: use less padding or dilation 1"
        )
    pooled = largest if is_batch else largest[0]
    if not return_indices:
        return pooled
    return pooled, found if is_batch else found[0]


def avg_pool2d(
    x: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Take the mean of each window: torch.nn.functional.avg_pool2d in NumPy.

    Args:
        x: (C, H, W) or (N, C, H, W)
        kernel_size: cells of a window; one number or (rows, columns), as are the next two.
        stride: pixels from window to window; None is the kernel's size, so that windows do not overlap.
        padding: zeros around the image; at most half of the kernel.
        ceil_mode: let the last window reach beyond the padded image, as long as it starts before its end. What lies
            beyond is never counted.
        count_include_pad: whether the padding's zeros count when the sum is divided.

    Returns:
        (C, H', W') or (N, C, H', W') of x's floats, or float64 for integers, since a mean is rarely whole.

    Raises:
        ShapeError: settings that do not go together.

    >>> avg_pool2d([[[1, 2], [3, 6]]], 2).tolist()  # (1 + 2 + 3 + 6) / 4
    [[[3.0]]]
    >>> avg_pool2d([[[4]]], 2, padding=1, count_include_pad=False).tolist()  # 4 / 1, where 4 / 4 would count padding
    [[[4.0]]]
    """
    batch, is_batch = images(x)
    axes = _pooling_axes(batch.shape[2:], kernel_size, stride, padding, 1, ceil_mode)
    dtype = batch.dtype if batch.dtype.kind == "f" else np.dtype(np.float64)
    work = np.result_type(dtype, np.float32)  # half precision is too coarse to sum in
    sums = np.zeros((*batch.shape[:2], *(axis.count for axis in axes)), work)
    with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
        for values, is_inside, _ in _cells(batch.astype(work, copy=False), axes):
            sums += np.where(is_inside, values, 0)
        rows, columns = (_counted(axis, count_include_pad) for axis in axes)
        means = (sums / (rows[:, None] * columns)).astype(dtype)
    return means if is_batch else means[0]


def _pooling_axes(
    sizes: tuple[int, ...],
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    dilation: PerAxis,
    ceil_mode: bool,
) -> Axes:
    kernel = per_axis("kernel_size", kernel_size, 1)
    strides = kernel if stride is None else per_axis("stride", stride, 1)
    pads = per_axis("padding", padding, 0)
    dilations = per_axis("dilation", dilation, 1)
    for cells, pad in zip(kernel, pads, strict=True):
        if pad > cells // 2:
            raise ShapeError(
                f"padding {pad} is more than half of the {by(kernel)} window: use padding <= {cells // 2} "
                "or a larger window"
            )
    axes = [
        AxisWindows(size, cells, step, (pad, pad), gap, bool(ceil_mode))
        for size, cells, step, pad, gap in zip(sizes, kernel, strides, pads, dilations, strict=True)
    ]
    return fitting(axes, [cells // 2 for cells in kernel])


def _cells(batch: Array, axes: Axes) -> Iterator[tuple[Array, NDArray[np.bool_], NDArray[np.int64]]]:
    """Go through the cells of a window, row by row, for all windows at once.

    Yields:
        The (N, C, H', W') values that the windows read there; (H', W'), which of them lie inside the image (the others
        are no values); and (H', W'), their places in the image, row*W + column.
    """
    rows, columns = (axis.positions() - axis.padding[0] for axis in axes)
    height, width = (axis.size for axis in axes)
    for row in rows.T[:, :, None]:
        for column in columns.T:
            is_inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            values = batch[:, :, np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
            yield values, is_inside, row * width + column


def _counted(axis: AxisWindows, count_include_pad: bool) -> NDArray[np.int64]:
    """By how many cells each window along an axis is divided: shape (count,)."""
    positions = axis.positions()
    if count_include_pad:
        return (positions < axis.padded).sum(axis=1)
    pixels = positions - axis.padding[0]
    return ((pixels >= 0) & (pixels < axis.size)).sum(axis=1)
