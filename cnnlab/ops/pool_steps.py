"""One output cell of a pooling, taken apart: what its window reads, which number is kept, what is divided by what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.errors import ShapeError, quoted
from cnnlab.ops.arguments import Array, PerAxis, cell_of, images, one_or_all, per_axis, without
from cnnlab.ops.pooling import nothing_but_padding, pooling_axes
from cnnlab.shapes import AxisWindows, true_or_false

PoolKind = Literal["max", "avg"]

WindowCell = tuple[int, int]
"""A cell of a window: (row, column), from 0."""


@dataclass(frozen=True, eq=False)
class PoolStep:
    """How one output cell of max_pool2d or avg_pool2d comes about.

    Args:
        index: the cell: (c, i, j), or (n, c, i, j) in a batch.
        kind: "max" or "avg".
        rows: the FH rows that the window reads, in padded coordinates: 0 is the first row of the padding, if any.
        columns: the FW columns that it reads, likewise.
        window: (FH, FW), the values that it reads, and 0 where it reads none of the image.
        is_padding: (FH, FW), True where a cell stands in the padding.
        is_beyond: (FH, FW), True where a cell lies behind the padded image, as `ceil_mode` allows.
        winners: the cells of the window that hold the maximum, in reading order; of a mean, none.
        chosen: the one of them that max_pool2d finds, and to which all of the gradient goes; of a mean, None.
        sum: of the window; of a maximum, None.
        divisor: the cells that the sum is divided by; of a maximum, None.
        total: the output cell: the maximum, or sum / divisor.
    """

    index: tuple[int, ...]
    kind: PoolKind
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    window: Array
    is_padding: NDArray[np.bool_]
    is_beyond: NDArray[np.bool_]
    winners: tuple[WindowCell, ...]
    chosen: WindowCell | None
    sum: float | None
    divisor: int | None
    total: float


@without(divisor_override=None)
def pool2d_step(
    x: ArrayLike,
    kernel_size: PerAxis,
    index: Sequence[int],
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    kind: PoolKind = "max",
) -> PoolStep:
    """Take one output cell of `max_pool2d` or `avg_pool2d` apart.

    Args:
        x: (C, H, W) or (N, C, H, W)
        index: the cell (c, i, j) of channel c, row i and column j; (n, c, i, j) in a batch; (i, j) is enough where
            there is one channel and no batch.
        kind: "max" or "avg". The rest is as in these functions: an average knows no dilation, and whether the padding
            counts matters to an average only.

    Raises:
        ShapeError: what the poolings refuse, or a cell that the output does not have.

    >>> step = pool2d_step([[[1, 4, 4]]], (1, 2), (0, 1), stride=1)
    >>> step.columns, step.winners, step.chosen, step.total
    ((1, 2), ((0, 0), (0, 1)), (0, 0), 4)
    >>> step = pool2d_step([[[1, 4, 4]]], 2, (0, 0), padding=1, kind="avg")  # of four cells one is no padding
    >>> step.sum, step.divisor, step.total
    (1, 4, 0.25)
    """
    if kind not in ("max", "avg"):
        raise ShapeError("kind is {kind}: use 'max' or 'avg'.", kind=quoted(cast("object", kind)))
    batch, is_batch = images(x)
    dilations = per_axis("dilation", dilation, 1)
    if kind == "avg" and max(dilations) > 1:
        raise ShapeError(
            "Average pooling has no dilation, but it is {dilation}: use dilation 1.", dilation=one_or_all(dilations)
        )
    count_include_pad = true_or_false("count_include_pad", count_include_pad)
    axes = pooling_axes(batch.shape[2:], kernel_size, stride, padding, dilations, ceil_mode)
    counts = [axis.count for axis in axes]
    shape = (*batch.shape[:2], *counts) if is_batch else (batch.shape[1], *counts)
    cell = cell_of(shape, index, channel="c")
    image, channel, *place = cell if is_batch else (0, *cell)
    along = [_read(axis, start) for axis, start in zip(axes, place, strict=True)]
    (rows, from_rows, row_outside, row_beyond), (columns, from_columns, column_outside, column_beyond) = along
    is_outside = row_outside[:, None] | column_outside
    is_beyond = row_beyond[:, None] | column_beyond
    window = np.where(is_outside, 0, batch[image, channel][from_rows[:, None], from_columns]).astype(batch.dtype)
    winners, chosen, added, divisor = (), None, None, None
    if kind == "max":
        winners, chosen = _winners(window, ~is_outside)
        if chosen is None and window.dtype.kind == "i":
            raise nothing_but_padding(axes)
        total = -np.inf if chosen is None else window[chosen].item()
    else:
        dtype = batch.dtype if batch.dtype.kind == "f" else np.dtype(np.float64)
        divisor = int((~is_beyond if count_include_pad else ~is_outside).sum())
        with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
            summed = window.astype(np.result_type(dtype, np.float32), copy=False).sum()
            total = (summed / divisor).astype(dtype).item()
        added = int(summed) if window.dtype.kind == "i" else summed.item()
    return PoolStep(
        index=cell,
        kind=kind,
        rows=tuple(rows.tolist()),
        columns=tuple(columns.tolist()),
        window=window,
        is_padding=is_outside & ~is_beyond,
        is_beyond=is_beyond,
        winners=winners,
        chosen=chosen,
        sum=added,
        divisor=divisor,
        total=total,
    )


def _read(
    axis: AxisWindows, start: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """What window number `start` reads along one axis: padded coordinates, pixels, which are outside, and beyond."""
    padded = start * axis.stride + axis.dilation * np.arange(axis.kernel_size, dtype=np.int64)
    pixels = padded - axis.padding[0]
    outside = (pixels < 0) | (pixels >= axis.size)
    return padded, np.clip(pixels, 0, axis.size - 1), outside, padded >= axis.padded


def _winners(window: Array, is_inside: NDArray[np.bool_]) -> tuple[tuple[WindowCell, ...], WindowCell | None]:
    """The cells that hold the maximum, and the one that is found: the first, but of several NaN the last, as in torch.

    >>> _winners(np.array([[4, 9]]), np.array([[True, False]]))
    (((0, 0),), (0, 0))
    """
    if not is_inside.any():
        return (), None
    is_nan = np.isnan(window) & is_inside
    holds = is_nan if is_nan.any() else is_inside & (window == window[is_inside].max())
    winners = tuple((int(row), int(column)) for row, column in np.argwhere(holds))
    return winners, winners[-1 if is_nan.any() else 0]
