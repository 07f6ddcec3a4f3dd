"""The transposed convolution: every pixel stamps the kernel, where a convolution reads through it."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cnnlab.errors import ShapeError
from cnnlab.ops.arguments import Array, PerAxis, biases, by, finish, images, kernels, one_or_all, per_axis, result_dtype
from cnnlab.ops.exact import sum_dtype
from cnnlab.ops.padding import check_cells
from cnnlab.shapes import whole_number
from cnnlab.texts import plural


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Array:
    """Stamp kernels onto a larger image: the gradient of conv2d, torch.nn.functional.conv_transpose2d in NumPy.

    Pixel (i, j) adds x[c, i, j] * weight[c, o, a, b] to out[o, i*S + a*D - P, j*S + b*D - P], for stride S, dilation D
    and padding P. Along each axis the output has (size - 1)*S - 2*P + D*(kernel_size - 1) + output_padding + 1 cells
    (Dumoulin and Visin 2016; the documentation of torch.nn.ConvTranspose2d).

    Args:
        x: (C, H, W) or (N, C, H, W)
        weight: (C, O/groups, FH, FW), the input channels first.
        bias: (O,), added to every cell of its output channel.
        stride: pixels from stamp to stamp; one number or (rows, columns), as are padding, output_padding and dilation.
        padding: pixels cut off on every side of the output, which undoes what a convolution's padding added.
        output_padding: rows and columns that the output has more at its end, since convolutions with a stride bring
            several sizes to one; less than the stride or the dilation.
        groups: the channels fall into this many groups, each stamped onto its own share of the output.
        dilation: pixels from one cell of a stamp to the next.

    Returns:
        (O, OH, OW) or (N, O, OH, OW), of the kind of number that conv2d gives.

    Raises:
        ShapeError: shapes or settings that do not go together, or integers whose sum could leave int64.

    >>> conv_transpose2d([[[1, 2]]], [[[[10, 1, 0]]]], stride=2).tolist()  # 10 1 0 from pixel 0, 20 2 0 two further
    [[[10, 1, 20, 2, 0]]]
    """
    conv = read_transposed(x, weight, bias, stride, padding, output_padding, groups, dilation)
    batch, kernel, groups, share = conv.x, conv.weight, conv.groups, conv.weight.shape[1]
    sizes, kernel_size = batch.shape[2:], kernel.shape[2:]
    dtype = sum_dtype(batch, kernel, conv.bias, outputs_axis=1)
    # (N, G, C/G, H*W) pixels meet (FH, FW, G, O/G, C/G) weights, one cell of the kernel after the other.
    pixels = batch.astype(dtype, copy=False).reshape(len(batch), groups, len(kernel) // groups, -1)
    stamps = kernel.reshape(groups, len(kernel) // groups, share, *kernel_size).transpose(3, 4, 0, 2, 1)
    stamps = np.ascontiguousarray(stamps, dtype)  # the fast matrix product wants its rows in one piece
    out = np.zeros((len(batch), groups, share, *conv.stamped), dtype)
    with np.errstate(over="ignore", invalid="ignore"):  # as in conv2d
        for cell in itertools.product(*map(range, kernel_size)):
            added = stamps[cell] @ pixels
            places = (
                slice(index * gap, index * gap + (size - 1) * step + 1, step)
                for index, gap, size, step in zip(cell, conv.dilations, sizes, conv.strides, strict=True)
            )
            out[(..., *places)] += added.reshape(*added.shape[:-1], *sizes)
        inside = (slice(cut, size - cut) for cut, size in zip(conv.cuts, conv.stamped, strict=True))
        sums = out[(..., *inside)]
        sums = sums.reshape(len(batch), -1, *sums.shape[3:])
        out = finish(sums, conv.bias, result_dtype(batch, kernel, conv.bias))
    return out if conv.is_batch else out[0]


@dataclass(frozen=True, eq=False)
class TransposedConvolution:
    """One transposed convolution, checked: `read_transposed` makes it.

    Args:
        x: (N, C, H, W), always a batch.
        is_batch: whether the caller gave a batch.
        weight: (C, O/groups, FH, FW)
        bias: (O,) or None
        groups: into how many groups input and kernels fall.
        strides: pixels from stamp to stamp along each axis.
        cuts: pixels cut off at both ends of each axis.
        dilations: pixels from one cell of a stamp to the next along each axis.
        stamped: (rows, columns) of the output before anything is cut off.
    """

    x: Array
    is_batch: bool
    weight: Array
    bias: Array | None
    groups: int
    strides: tuple[int, ...]
    cuts: tuple[int, ...]
    dilations: tuple[int, ...]
    stamped: tuple[int, ...]

    @property
    def output_shape(self) -> tuple[int, ...]:
        """(O, OH, OW), with N in front where the caller gave a batch."""
        sizes = (size - 2 * cut for size, cut in zip(self.stamped, self.cuts, strict=True))
        shape = (self.groups * self.weight.shape[1], *sizes)
        return (len(self.x), *shape) if self.is_batch else shape


def read_transposed(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> TransposedConvolution:
    """Check the arguments of a transposed convolution against each other.

    Raises:
        ShapeError: something is out of its range, or does not go together with the rest.
    """
    batch, is_batch = images(x)
    kernel = kernels(weight, layout="(C, O/groups, FH, FW)")
    channels, share, *kernel_size = kernel.shape
    groups = _check_groups(groups, batch.shape[1], channels)
    offsets = biases(bias, groups * share)
    strides = per_axis("stride", stride, 1)
    dilations = per_axis("dilation", dilation, 1)
    cuts = per_axis("padding", padding, 0)
    extras = per_axis("output_padding", output_padding, 0)
    for extra, step, gap in zip(extras, strides, dilations, strict=True):
        if extra >= max(step, gap):
            raise ShapeError(
                "output_padding is {extra} with stride {stride} and dilation {dilation}: use less than the larger of "
                "the two, at most {most}.",
                extra=extra,
                stride=step,
                dilation=gap,
                most=max(step, gap) - 1,
            )
    settings = list(zip(batch.shape[2:], strides, dilations, kernel_size, extras, strict=True))
    stamped = tuple((size - 1) * step + gap * (cells - 1) + 1 + extra for size, step, gap, cells, extra in settings)
    if any(size <= 2 * cut for size, cut in zip(stamped, cuts, strict=True)):
        most = min((size - 1) // 2 for size in stamped)
        raise ShapeError(
            "Padding {padding} cuts away the whole {stamped} output: use padding <= {most}, a larger kernel or a "
            "larger input.",
            padding=one_or_all(cuts),
            stamped=by(stamped),
            most=most,
        )
    check_cells("output", (len(batch), groups * share, *stamped))
    return TransposedConvolution(batch, is_batch, kernel, offsets, groups, strides, cuts, dilations, stamped)


def _check_groups(groups: object, channels: int, kernel_channels: int) -> int:
    count = whole_number("groups", groups, 1)
    if kernel_channels != channels:
        raise ShapeError(
            "weight is for {kernel_channels} input channels but the input has {channels}: use weight of shape "
            "({channels}, O/groups, FH, FW).",
            kernel_channels=kernel_channels,
            channels=channels,
        )
    if channels % count:
        raise ShapeError(
            plural(
                "groups={groups} does not divide the {n} channel of the input: use a divisor of {n}.",
                "groups={groups} does not divide the {n} channels of the input: use a divisor of {n}.",
                n=channels,
                groups=count,
            )
        )
    return count
