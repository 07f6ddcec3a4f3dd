"""Gradients of convolutions and poolings: what one number of the input, or one weight, adds to a loss.

Each function takes the loss's gradient with respect to the output and goes one operation back, which is the chain rule
for that operation (Rumelhart, Hinton and Williams 1986; for the convolution as a transposed convolution Dumoulin and
Visin, "A guide to convolution arithmetic for deep learning", 2016, chapter 4).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.errors import ShapeError
from cnnlab.ops.arguments import Array, PerAxis, images, kernels, per_axis, summed_in, without
from cnnlab.ops.convolution import Convolution, conv2d, read_convolution
from cnnlab.ops.exact import check_repeated_sum
from cnnlab.ops.padding import check_cells, pad_axes, source_positions
from cnnlab.ops.pooling import counted_cells, max_pool2d, pooling_axes, window_reads
from cnnlab.ops.transposed import conv_transpose2d
from cnnlab.shapes import true_or_false, whole_number


def conv2d_input_grad(
    grad_output: ArrayLike,
    weight: ArrayLike,
    input_size: PerAxis,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Array:
    """Bring the gradient of conv2d's output to its input: every output cell stamps the kernel back where it was read.

    With G the gradient of the output, S the stride and D the dilation, the padded input's gradient is
    grad[c, y, x] = sum over o, a, b, i, j of G[o, i, j] * weight[o, c, a, b] with i*S + a*D = y and j*S + b*D = x.
    That is the transposed convolution of G. What lies in the padding is cut off; where the padding repeats pixels, it
    is added to the pixel that it came from.

    Args:
        grad_output: (O, OH, OW) or (N, O, OH, OW), shaped as conv2d's output with these settings.
        weight: (O, C/groups, FH, FW)
        input_size: rows and columns of the input; one number or (rows, columns), as are stride and dilation.
        stride, padding, dilation, groups, padding_mode: as in conv2d.

    Returns:
        (C, H, W) or (N, C, H, W), of the kind of number that conv2d gives: exact for integers.

    Raises:
        ShapeError: settings that do not go together, a `grad_output` that is no gradient of their output, or integers
            whose sum could leave int64.

    >>> conv2d_input_grad([[[1, 10]]], [[[[1, 2]]]], (1, 3)).tolist()  # 1*1, 1*2 + 10*1, 10*2
    [[[1, 12, 20]]]
    """
    gradient, is_batch = images(grad_output, name="grad_output")
    kernel = kernels(weight)
    sizes = per_axis("input_size", input_size, 1)
    channels = kernel.shape[1] * whole_number("groups", groups, 1)
    # Only the shape of the input matters, so that one zero may stand for all of its numbers.
    stand_in = np.broadcast_to(np.zeros((), np.int64), (len(gradient), channels, *sizes))
    conv = read_convolution(stand_in, kernel, None, stride, padding, dilation, groups, padding_mode)
    output = (len(kernel), *(axis.count for axis in conv.axes))
    _check_gradient(gradient, is_batch, output, len(gradient) if is_batch else None)
    strides, dilations = zip(*((axis.stride, axis.dilation) for axis in conv.axes), strict=True)
    stamped = conv_transpose2d(gradient, kernel, stride=strides, groups=conv.groups, dilation=dilations)
    padded = np.zeros((*stamped.shape[:2], *(axis.padded for axis in conv.axes)), stamped.dtype)
    padded[:, :, : stamped.shape[2], : stamped.shape[3]] = stamped
    found = _unpadded(padded, conv)
    return found if is_batch else found[0]


def conv2d_weight_grad(
    x: ArrayLike,
    grad_output: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Array:
    """Bring the gradient of conv2d's output to its weights: each weight meets the pixels that it was multiplied with.

    With x padded, G the gradient of the output, S the stride and D the dilation,
    grad[o, c, a, b] = sum over n, i, j of G[n, o, i, j] * x[n, c, i*S + a*D, j*S + b*D].
    That is a convolution of x with G as its kernel, where stride and dilation have changed places.

    Args:
        x: (C, H, W) or (N, C, H, W)
        grad_output: (O, OH, OW) or (N, O, OH, OW), shaped as conv2d's output with these settings.
        kernel_size: rows and columns of the kernels; one number or (rows, columns).
        stride, padding, dilation, groups, padding_mode: as in conv2d.

    Returns:
        (O, C/groups, FH, FW), summed over a batch, of the kind of number that conv2d gives: exact for integers.

    Raises:
        ShapeError: settings that do not go together, a `grad_output` that is no gradient of their output, or integers
            whose sum could leave int64.

    >>> conv2d_weight_grad([[[1, 2, 3]]], [[[1, 10]]], (1, 2)).tolist()  # 1*1 + 10*2, 1*2 + 10*3
    [[[[21, 32]]]]
    """
    batch, is_batch = images(x)
    gradient, gradient_is_batch = images(grad_output, name="grad_output")
    size = per_axis("kernel_size", kernel_size, 1)
    channels, outputs = batch.shape[1], gradient.shape[1]
    count = whole_number("groups", groups, 1)
    stand_in = np.broadcast_to(np.zeros((), np.int64), (outputs, max(1, channels // count), *size))
    conv = read_convolution(batch, stand_in, None, stride, padding, dilation, count, padding_mode)
    output = (outputs, *(axis.count for axis in conv.axes))
    _check_gradient(gradient, gradient_is_batch, output, len(batch) if is_batch else None)
    strides, dilations = zip(*((axis.stride, axis.dilation) for axis in conv.axes), strict=True)
    # Rows and columns that the floor drops meet no weight.
    read = pad_axes(batch, conv.pads, padding_mode)[:, :, : conv.axes[0].end, : conv.axes[1].end]
    # The sum runs over the images, which therefore take the place of the channels: (C/G, G*N, ...) and (O, N, ...).
    pixels = np.moveaxis(read.reshape(len(batch), count, channels // count, *read.shape[2:]), 2, 0)
    pixels = pixels.swapaxes(1, 2).reshape(channels // count, count * len(batch), *read.shape[2:])
    found = conv2d(pixels, gradient.swapaxes(0, 1), stride=dilations, dilation=strides, groups=count)
    return np.ascontiguousarray(found.swapaxes(0, 1))


def max_pool2d_grad(
    grad_output: ArrayLike,
    x: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
) -> Array:
    """Bring the gradient of max_pool2d's output to its input: the cell that was chosen gets all of it.

    Of equal numbers the first in reading order was chosen, as in torch; a cell that several windows chose gets the sum.

    Args:
        grad_output: (C, OH, OW) or (N, C, OH, OW), shaped as max_pool2d's output with these settings.
        x: (C, H, W) or (N, C, H, W), the input that was pooled.
        kernel_size, stride, padding, dilation, ceil_mode: as in max_pool2d.

    Returns:
        An array of x's shape, of grad_output's floats, or int64 for integers.

    Raises:
        ShapeError: settings that do not go together, a `grad_output` that is no gradient of their output, a window with
            nothing but padding, or integers whose sum could leave int64.

    >>> max_pool2d_grad([[[1, 10]]], [[[3, 3, 5]]], (1, 2), stride=1).tolist()  # 1 to the first 3, 10 to the 5
    [[[1, 0, 10]]]
    """
    batch, is_batch = images(x)
    gradient, gradient_is_batch = images(grad_output, name="grad_output")
    _, found = max_pool2d(batch, kernel_size, stride, padding, dilation, ceil_mode, return_indices=True)
    _check_gradient(gradient, gradient_is_batch, found.shape[1:], len(batch) if is_batch else None)
    # No more windows than a window has cells can choose the same cell.
    check_repeated_sum(gradient, int(np.prod(per_axis("kernel_size", kernel_size, 1))))
    planes = batch.shape[0] * batch.shape[1]
    area = batch.shape[2] * batch.shape[3]
    firsts = area * np.arange(planes, dtype=np.int64)
    places: NDArray[np.int64] = found.reshape(planes, -1) + firsts[:, None]
    routed = np.zeros(planes * area, summed_in(gradient))
    np.add.at(routed, places.ravel(), gradient.ravel())
    routed = routed.reshape(batch.shape).astype(gradient.dtype, copy=False)
    return routed if is_batch else routed[0]


@without(divisor_override=None)
def avg_pool2d_grad(
    grad_output: ArrayLike,
    input_size: PerAxis,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Bring the gradient of avg_pool2d's output to its input: all cells of a window share it alike.

    Each cell of a window gets the window's gradient divided by what its sum was divided by; what falls to the padding
    is lost, and a cell that several windows read gets the sum.

    Args:
        grad_output: (C, OH, OW) or (N, C, OH, OW), shaped as avg_pool2d's output with these settings.
        input_size: rows and columns of the input; one number or (rows, columns).
        kernel_size, stride, padding, ceil_mode, count_include_pad: as in avg_pool2d.

    Returns:
        (C, H, W) or (N, C, H, W) of grad_output's floats, or float64 for integers.

    Raises:
        ShapeError: settings that do not go together, or a `grad_output` that is no gradient of their output.

    >>> avg_pool2d_grad([[[2, 4]]], (1, 3), (1, 2), stride=1).tolist()  # 2/2, 2/2 + 4/2, 4/2
    [[[1.0, 3.0, 2.0]]]
    """
    gradient, is_batch = images(grad_output, name="grad_output")
    count_include_pad = true_or_false("count_include_pad", count_include_pad)
    sizes = per_axis("input_size", input_size, 1)
    axes = pooling_axes(sizes, kernel_size, stride, padding, 1, ceil_mode)
    output = (gradient.shape[1], *(axis.count for axis in axes))
    _check_gradient(gradient, is_batch, output, len(gradient) if is_batch else None)
    check_cells("gradient", (*gradient.shape[:2], *sizes))
    rows, columns = (counted_cells(axis, count_include_pad) for axis in axes)
    dtype = gradient.dtype if gradient.dtype.kind == "f" else np.dtype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
        spread = gradient.astype(summed_in(gradient.astype(dtype, copy=False)), copy=False)
        spread = spread / (rows[:, None] * columns)
        for axis, windows in enumerate(axes, start=2):
            shape = list(spread.shape)
            shape[axis] = windows.size
            shared = np.moveaxis(np.zeros(shape, spread.dtype), axis, 0)
            shares = np.moveaxis(spread, axis, 0)
            for pixels, is_inside in window_reads(-1, windows):
                shared[pixels[is_inside]] += shares[is_inside]
            spread = np.moveaxis(shared, 0, axis)
        spread = np.ascontiguousarray(spread, dtype)
    return spread if is_batch else spread[0]


def _check_gradient(gradient: Array, is_batch: bool, output: Sequence[int], batch: int | None) -> None:
    """Refuse a gradient that is not shaped as the output.

    Args:
        gradient: (N, O, OH, OW)
        is_batch: whether the caller gave it as a batch.
        output: (O, OH, OW)
        batch: how many outputs there are; None for one that is no batch.
    """
    wanted = tuple(output) if batch is None else (batch, *output)
    shape = gradient.shape if is_batch else gradient.shape[1:]
    if shape != wanted:
        raise ShapeError(
            "grad_output has shape {shape} but the output of these settings has shape {wanted}: use one number for "
            "each cell of the output.",
            shape=shape,
            wanted=wanted,
        )


def _unpadded(padded: Array, conv: Convolution) -> Array:
    """Bring the gradient of a padded input to the input: (N, C, H, W)."""
    if conv.padding_mode == "zeros":
        inside = (slice(axis.padding[0], axis.padding[0] + axis.size) for axis in conv.axes)
        return np.ascontiguousarray(padded[(..., *inside)])
    positions = [_sources(axis.size, pads, conv.padding_mode) for axis, pads in zip(conv.axes, conv.pads, strict=True)]
    repeated = [int(np.bincount(along).max()) for along in positions]
    check_repeated_sum(padded, repeated[0] * repeated[1])
    folded = padded.astype(summed_in(padded), copy=False)
    for number, (axis, along) in enumerate(zip(conv.axes, positions, strict=True), start=2):
        shape = list(folded.shape)
        shape[number] = axis.size
        gathered = np.moveaxis(np.zeros(shape, folded.dtype), number, 0)
        np.add.at(gathered, along, np.moveaxis(folded, number, 0))
        folded = np.moveaxis(gathered, 0, number)
    return np.ascontiguousarray(folded, padded.dtype)


def _sources(size: int, pads: tuple[int, int], mode: str) -> NDArray[np.int64]:
    """Which pixel each position of a padded axis repeats."""
    before, after = pads
    return source_positions(np.arange(-before, size + after, dtype=np.int64), size, mode)
