"""One output cell of a convolution, taken apart: which numbers meet, what their products are, and how they add up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops.arguments import Array, PerAxis, cell_of, result_dtype
from cnnlab.ops.convolution import read_convolution
from cnnlab.ops.exact import sum_dtype
from cnnlab.ops.padding import source_positions
from cnnlab.shapes import AxisWindows


@dataclass(frozen=True, eq=False)
class ConvStep:
    """How one output cell of conv2d comes about.

    Args:
        index: the cell: (o, i, j), or (n, o, i, j) in a batch.
        rows: the FH rows that the window reads, in padded coordinates: 0 is the first row of the padding, if any.
        columns: the FW columns that it reads, likewise.
        window: (C/groups, FH, FW), the values that it reads.
        is_padding: (C/groups, FH, FW), True where a value stands in the padding.
        kernel: (C/groups, FH, FW), the weights that meet them.
        products: window * kernel.
        partial_sums: (C/groups,), the sum of the products in each channel.
        bias: what is added to them; 0 without one.
        total: the sum of the partial sums and the bias, which is the output cell.
    """

    index: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    window: Array
    is_padding: Array
    kernel: Array
    products: Array
    partial_sums: Array
    bias: float
    total: float


def conv2d_step(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    index: Sequence[int],
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> ConvStep:
    """Take one output cell of `conv2d`, called with the same arguments, apart.

    Args:
        index: the cell (o, i, j) of output channel o, row i and column j; (n, o, i, j) in a batch; (i, j) is enough
            where there is one kernel and no batch. The rest is as in conv2d.

    Raises:
        ShapeError: what conv2d refuses, or a cell that the output does not have.

    >>> step = conv2d_step([[[1, 2], [3, 4]]], [[[[10, 1], [1, 0]]]], [5], (0, 0), padding=1)
    >>> step.rows, step.columns, step.window.tolist()
    ((0, 1), (0, 1), [[[0, 0], [0, 1]]])
    >>> conv2d_step([[[1, 2], [3, 4]]], [[[[10, 1], [1, 0]]]], [5], (1, 1), padding=1).total  # 10*1 + 1*2 + 1*3 + 5
    20
    """
    conv = read_convolution(x, weight, bias, stride, padding, dilation, groups, padding_mode)
    shape = (len(conv.weight), *(axis.count for axis in conv.axes))
    cell = cell_of((len(conv.x), *shape) if conv.is_batch else shape, index, channel="o")
    image, output, row, column = cell if conv.is_batch else (0, *cell)
    (rows, row_outside, from_rows), (columns, column_outside, from_columns) = (
        _reads(axis, start, conv.padding_mode) for axis, start in zip(conv.axes, (row, column), strict=True)
    )
    depth = conv.weight.shape[1]
    first = output // (len(conv.weight) // conv.groups) * depth
    window: Array = conv.x[image][first : first + depth, from_rows[:, None], from_columns]
    outside = row_outside[:, None] | column_outside
    if conv.padding_mode == "zeros":
        window = np.where(outside, 0, window)
    kernel = conv.weight[output]
    offset = None if conv.bias is None else conv.bias[output : output + 1]
    dtype = result_dtype(conv.x, conv.weight, conv.bias)
    sums = sum_dtype(window, kernel[None], offset)  # refuses integers that are too large
    terms = sums if dtype.kind == "f" else dtype
    with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
        products = window.astype(terms) * kernel.astype(terms)
        partial_sums = products.sum(axis=(1, 2))
        total = (partial_sums.sum() if offset is None else partial_sums.sum() + offset[0]).astype(dtype)
    return ConvStep(
        index=cell,
        rows=rows,
        columns=columns,
        window=window,
        is_padding=np.broadcast_to(outside, window.shape),
        kernel=kernel,
        products=products,
        partial_sums=partial_sums,
        bias=0 if offset is None else offset[0].item(),
        total=total.item(),
    )


def _reads(axis: AxisWindows, start: int, mode: str) -> tuple[tuple[int, ...], NDArray[np.bool_], NDArray[np.int64]]:
    """What window number `start` reads along one axis: padded coordinates, which are padding, and the pixels read."""
    padded = start * axis.stride + axis.dilation * np.arange(axis.kernel_size)
    pixels = padded - axis.padding[0]
    outside = (pixels < 0) | (pixels >= axis.size)
    return tuple(padded.tolist()), outside, source_positions(pixels, axis.size, mode)
