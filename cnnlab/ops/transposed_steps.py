"""A transposed convolution, taken apart: what one output cell is the sum of, and what one input cell stamps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops.arguments import Array, PerAxis, cell_of, result_dtype
from cnnlab.ops.exact import sum_dtype
from cnnlab.ops.transposed import TransposedConvolution, read_transposed


@dataclass(frozen=True, eq=False)
class ConvTransposeStep:
    """How one output cell of conv_transpose2d comes about: R rows and Q columns of the input reach it.

    Args:
        index: the cell: (o, i, j), or (n, o, i, j) in a batch.
        input_rows: (R,), the rows of the input whose stamps reach the cell; R is 0 where none does.
        kernel_rows: (R,), the row of the kernel with which each of them does.
        input_columns: (Q,), likewise.
        kernel_columns: (Q,), likewise.
        pixels: (C/groups, R, Q), the input cells.
        weights: (C/groups, R, Q), the cells of the kernel that they are stamped with.
        products: pixels * weights.
        partial_sums: (C/groups,), the sum of the products in each channel.
        bias: what is added to them; 0 without one.
        total: the sum of the partial sums and the bias, which is the output cell.
    """

    index: tuple[int, ...]
    input_rows: tuple[int, ...]
    kernel_rows: tuple[int, ...]
    input_columns: tuple[int, ...]
    kernel_columns: tuple[int, ...]
    pixels: Array
    weights: Array
    products: Array
    partial_sums: Array
    bias: float
    total: float


@dataclass(frozen=True, eq=False)
class ConvTransposeStamp:
    """What one input cell of conv_transpose2d adds to the output.

    Args:
        index: the input cell: (c, i, j), or (n, c, i, j) in a batch.
        outputs: the output channels that it is stamped onto: O/groups of them.
        rows: the FH rows of the output that the stamp covers; below 0 or behind the last where padding cuts them off.
        columns: the FW columns, likewise.
        is_cut: (FH, FW), True where a cell of the stamp is cut off.
        pixel: the input cell's number.
        products: (O/groups, FH, FW), pixel * kernel.
    """

    index: tuple[int, ...]
    outputs: range
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    is_cut: NDArray[np.bool_]
    pixel: float
    products: Array


def conv_transpose2d_step(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    index: Sequence[int],
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> ConvTransposeStep:
    """Take one output cell of `conv_transpose2d`, called with the same arguments, apart.

    Row r of the input reaches row i of the output with row a of the kernel where r*S + a*D - P = i, for stride S,
    dilation D and padding P; columns likewise.

    Args:
        index: the cell (o, i, j) of output channel o, row i and column j; (n, o, i, j) in a batch; (i, j) is enough
            where there is one output channel and no batch. The rest is as in conv_transpose2d.

    Raises:
        ShapeError: what conv_transpose2d refuses, or a cell that the output does not have.

    >>> step = conv_transpose2d_step([[[1, 2]]], [[[[10, 1, 3]]]], None, (0, 2), stride=2)  # 1*3 + 2*10
    >>> step.input_columns, step.kernel_columns, step.total
    ((0, 1), (2, 0), 23)
    """
    conv = read_transposed(x, weight, bias, stride, padding, output_padding, groups, dilation)
    cell = cell_of(conv.output_shape, index, channel="o")
    image, output, row, column = cell if conv.is_batch else (0, *cell)
    (input_rows, kernel_rows), (input_columns, kernel_columns) = _reaching(conv, 0, row), _reaching(conv, 1, column)
    group, share = divmod(output, conv.weight.shape[1])
    depth = len(conv.weight) // conv.groups
    channels = slice(group * depth, (group + 1) * depth)
    pixels: Array = conv.x[image, channels][:, input_rows[:, None], input_columns]
    weights: Array = conv.weight[channels, share][:, kernel_rows[:, None], kernel_columns]
    offset = None if conv.bias is None else conv.bias[output : output + 1]
    dtype = result_dtype(conv.x, conv.weight, conv.bias)
    # Refuses integers that are too large; a cell that nothing reaches has none.
    sums = sum_dtype(pixels, weights[None], offset) if pixels.size else dtype
    terms = sums if dtype.kind == "f" else dtype
    with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
        products = pixels.astype(terms) * weights.astype(terms)
        partial_sums = products.sum(axis=(1, 2))
        total = (partial_sums.sum() if offset is None else partial_sums.sum() + offset[0]).astype(dtype)
    return ConvTransposeStep(
        index=cell,
        input_rows=tuple(input_rows.tolist()),
        kernel_rows=tuple(kernel_rows.tolist()),
        input_columns=tuple(input_columns.tolist()),
        kernel_columns=tuple(kernel_columns.tolist()),
        pixels=pixels,
        weights=weights,
        products=products,
        partial_sums=partial_sums,
        bias=0 if offset is None else offset[0].item(),
        total=total.item(),
    )


def conv_transpose2d_stamp(
    x: ArrayLike,
    weight: ArrayLike,
    index: Sequence[int],
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> ConvTransposeStamp:
    """Show what one input cell of `conv_transpose2d`, called with the same arguments, adds to the output, and where.

    Args:
        index: the input cell (c, i, j) of channel c, row i and column j; (n, c, i, j) in a batch; (i, j) is enough
            where there is one input channel and no batch. The rest is as in conv_transpose2d.

    Raises:
        ShapeError: what conv_transpose2d refuses, or a cell that the input does not have.

    >>> stamp = conv_transpose2d_stamp([[[1, 2]]], [[[[10, 1, 3]]]], (0, 1), stride=2)
    >>> stamp.columns, stamp.products.tolist()
    ((2, 3, 4), [[[20, 2, 6]]])
    """
    conv = read_transposed(x, weight, None, stride, padding, output_padding, groups, dilation)
    cell = cell_of(conv.x.shape if conv.is_batch else conv.x.shape[1:], index, channel="c", of="input")
    image, channel, *place = cell if conv.is_batch else (0, *cell)
    rows, columns = (_stamped(conv, axis, position) for axis, position in enumerate(place))
    height, width = conv.output_shape[-2:]
    share = conv.weight.shape[1]
    first = channel // (len(conv.weight) // conv.groups) * share
    pixel, kernel = conv.x[image, channel, place[0], place[1]], conv.weight[channel]
    dtype = result_dtype(conv.x, conv.weight)
    sum_dtype(pixel.reshape(1), kernel.reshape(-1, 1))  # refuses integers that are too large
    with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
        products = pixel.astype(dtype) * kernel.astype(dtype)
    return ConvTransposeStamp(
        index=cell,
        outputs=range(first, first + share),
        rows=tuple(rows.tolist()),
        columns=tuple(columns.tolist()),
        is_cut=((rows < 0) | (rows >= height))[:, None] | (columns < 0) | (columns >= width),
        pixel=pixel.item(),
        products=products,
    )


def _stamped(conv: TransposedConvolution, axis: int, position: int) -> NDArray[np.int64]:
    """Which positions of the output one position of the input reaches along an axis, cut off or not."""
    start = position * conv.strides[axis] - conv.cuts[axis]
    return start + conv.dilations[axis] * np.arange(conv.weight.shape[2 + axis], dtype=np.int64)


def _reaching(conv: TransposedConvolution, axis: int, position: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which positions of the input reach one position of the output along an axis, and with which of the kernel's."""
    size, cells = conv.x.shape[2 + axis], conv.weight.shape[2 + axis]
    offsets: NDArray[np.int64] = position + conv.cuts[axis] - conv.dilations[axis] * np.arange(cells, dtype=np.int64)
    reaches = (offsets % conv.strides[axis] == 0) & (offsets >= 0) & (offsets // conv.strides[axis] < size)
    in_kernel = np.flatnonzero(reaches)[::-1].astype(np.int64)  # so that the input's positions rise
    return offsets[in_kernel] // conv.strides[axis], in_kernel
