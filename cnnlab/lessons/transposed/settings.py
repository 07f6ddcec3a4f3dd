"""One transposed convolution of a matrix, as its page sets it up: stamps, and a convolution that does the same."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ShapeError
from cnnlab.number_text import Matrix
from cnnlab.ops import (
    ConvTransposeStamp,
    ConvTransposeStep,
    conv2d,
    conv_transpose2d,
    conv_transpose2d_stamp,
    conv_transpose2d_step,
)

MAX_INPUT = 6
"""Rows and columns that the page's input may have: the output is several times as large."""

MAX_KERNEL = 5
"""Rows and columns that its kernel may have."""


@dataclass(frozen=True, eq=False)
class TransposedSettings:
    """All that decides the numbers on the page: one input channel, one kernel, everything square but the matrices.

    Args:
        input: (H, W)
        kernel: (FH, FW), which each input cell stamps.
        stride: output cells from stamp to stamp.
        padding: output cells cut off on every side.
        output_padding: rows and columns that the output has more at its end.
        dilation: output cells from one cell of a stamp to the next.
        step: index of the input cell that is looked at, row by row from 0.
    """

    input: Matrix
    kernel: Matrix
    stride: int = 2
    padding: int = 0
    output_padding: int = 0
    dilation: int = 1
    step: int = 0

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments that conv_transpose2d takes besides x, weight and bias."""
        return {
            "stride": self.stride,
            "padding": self.padding,
            "output_padding": self.output_padding,
            "dilation": self.dilation,
        }

    def output(self) -> Matrix:
        """Compute the whole output: (OH, OW), in whole numbers where input and kernel are whole.

        Raises:
            ShapeError: settings that do not go together.

        >>> TransposedSettings(np.array([[1, 2]]), np.array([[10, 1, 3]])).output()  # 3 of the 1 and 20 of the 2 meet
        array([[10,  1, 23,  2,  6]])
        """
        self._check()
        return conv_transpose2d(self.input[None], self.kernel[None, None], **self.arguments)[0]

    def cell(self, row: int, column: int) -> ConvTransposeStep:
        """Take one output cell apart.

        Raises:
            ShapeError: what `output` refuses, or a cell that the output does not have.

        >>> TransposedSettings(np.array([[1, 2]]), np.array([[10, 1, 3]])).cell(0, 2).products.tolist()
        [[[3, 20]]]
        """
        self._check()
        kernel = self.kernel[None, None]
        return conv_transpose2d_step(self.input[None], kernel, None, (0, row, column), **self.arguments)

    def stamp(self, row: int, column: int) -> ConvTransposeStamp:
        """Show what one input cell adds to the output, and where.

        Raises:
            ShapeError: what `output` refuses, or a cell that the input does not have.
        """
        self._check()
        return conv_transpose2d_stamp(self.input[None], self.kernel[None, None], (0, row, column), **self.arguments)

    def size_formula(self, axis: int) -> str:
        """Write the output's size along an axis as the formula with these numbers: 0 for the rows, 1 for the columns.

        It is (size - 1)*S - 2*P + D*(kernel_size - 1) + output_padding + 1 (Dumoulin and Visin 2016; the documentation
        of torch.nn.ConvTranspose2d).

        >>> TransposedSettings(np.ones((2, 2)), np.ones((3, 3)), padding=1, output_padding=1).size_formula(0)
        '(2 − 1)·2 − 2·1 + 1·(3 − 1) + 1 + 1 = 4'
        """
        size, cells = self.input.shape[axis], self.kernel.shape[axis]
        result = (size - 1) * self.stride - 2 * self.padding + self.dilation * (cells - 1) + self.output_padding + 1
        return (
            f"({size} − 1)·{self.stride} − 2·{self.padding} + {self.dilation}·({cells} − 1) "
            f"+ {self.output_padding} + 1 = {result}"
        ).replace("= -", "= −")

    def _check(self) -> None:
        if self.input.ndim != 2 or self.kernel.ndim != 2:
            raise ShapeError(
                "An input of shape {input} and a kernel of shape {kernel} are not one channel and one kernel: give two"
                " matrices.",
                input=self.input.shape,
                kernel=self.kernel.shape,
            )


@dataclass(frozen=True, eq=False)
class TransposedWalk:
    """All steps of a transposed convolution at once, so that a picture of it can step without asking again.

    The canvas is the output before padding cuts its rim off. T is the number of input cells, H*W, in reading order; K
    is FH*FW.

    Args:
        is_cut: (CH, CW), True where a cell of the canvas is cut off.
        stamps: (T, K), the flat indices into the canvas of what each input cell stamps.
        products: (T, K), what it adds there.
        accumulated: (T, CH, CW), the canvas after each step.
        overlaps: (CH, CW), how many stamps cover each cell; 0 where no stamp reaches.
        totals: (OH, OW), the output: the last canvas without what is cut off.
    """

    is_cut: NDArray[np.bool_]
    stamps: NDArray[np.int64]
    products: Matrix
    accumulated: Matrix
    overlaps: NDArray[np.int64]
    totals: Matrix

    @property
    def is_even(self) -> bool:
        """Whether equally many stamps cover all cells of the output, so that no checkerboard can show."""
        kept = self.overlaps[~self.is_cut]
        return bool((kept == kept[0]).all())


def walk(settings: TransposedSettings) -> TransposedWalk:
    """Work out every step of a transposed convolution.

    Raises:
        ShapeError: settings that do not go together.

    >>> steps = walk(TransposedSettings(np.array([[1, 2]]), np.array([[10, 1, 3]])))
    >>> steps.accumulated.tolist(), steps.overlaps.tolist()
    ([[[10, 1, 3, 0, 0]], [[10, 1, 23, 2, 6]]], [[1, 1, 2, 1, 1]])
    """
    totals = settings.output()
    shape = tuple(size + 2 * settings.padding for size in totals.shape)
    starts = [np.arange(size, dtype=np.int64) * settings.stride for size in settings.input.shape]
    offsets = [np.arange(cells, dtype=np.int64) * settings.dilation for cells in settings.kernel.shape]
    rows, columns = (start[:, None] + offset for start, offset in zip(starts, offsets, strict=True))
    # (H, W, FH, FW) -> (T, K)
    flat: NDArray[np.int64] = rows[:, None, :, None] * shape[1] + columns[None, :, None, :]
    stamps = flat.reshape(settings.input.size, -1)
    dtype = totals.dtype
    products = settings.input.reshape(-1, 1).astype(dtype) * settings.kernel.reshape(1, -1).astype(dtype)
    added = np.zeros((len(stamps), shape[0] * shape[1]), dtype)
    np.put_along_axis(added, stamps, products, axis=1)
    overlaps = np.bincount(stamps.ravel(), minlength=shape[0] * shape[1]).astype(np.int64)
    is_cut = np.ones(shape, dtype=bool)
    is_cut[tuple(slice(settings.padding, settings.padding + size) for size in totals.shape)] = False
    return TransposedWalk(
        is_cut=is_cut,
        stamps=stamps,
        products=products,
        accumulated=added.cumsum(axis=0).reshape(-1, *shape),
        overlaps=overlaps.reshape(shape),
        totals=totals,
    )


@dataclass(frozen=True, eq=False)
class DirectConvolution:
    """The convolution with stride 1 that gives the same as a transposed one.

    Args:
        spread: the input with stride - 1 zeros between its cells and zeros around it, which the kernel slides over.
        sources: likewise, the flat index of the input cell; -1 for a zero that was put in.
        is_between: likewise, True for a zero put in between input cells, not around them.
        kernel: (FH, FW), turned by 180 degrees.
        dilation: of the kernel.
        output: (OH, OW), equal to the transposed convolution's.
    """

    spread: Matrix
    sources: NDArray[np.int64]
    is_between: NDArray[np.bool_]
    kernel: Matrix
    dilation: int
    output: Matrix


def direct_convolution(settings: TransposedSettings) -> DirectConvolution:
    """Write a transposed convolution as a convolution (Dumoulin and Visin 2016, chapter 4).

    Along each axis S - 1 zeros go between the input's cells; D*(kernel_size - 1) - P zeros around them, output_padding
    more at the end (where P is larger, that much is cut off); the kernel is turned by 180 degrees and moves by 1.

    Raises:
        ShapeError: settings that do not go together.

    >>> direct = direct_convolution(TransposedSettings(np.array([[1, 2]]), np.array([[10, 1, 3]])))
    >>> direct.spread.tolist(), direct.kernel.tolist(), direct.output.tolist()
    ([[0, 0, 1, 0, 2, 0, 0]], [[3, 1, 10]], [[10, 1, 23, 2, 6]])
    """
    totals = settings.output()
    around = [settings.dilation * (cells - 1) for cells in settings.kernel.shape]
    inner = [(size - 1) * settings.stride + 1 for size in settings.input.shape]
    # Everything is laid out with full padding first, so that a large P cuts into it without a case of its own.
    full = [size + 2 * rim + settings.output_padding for size, rim in zip(inner, around, strict=True)]
    cut = slice(settings.padding, -settings.padding or None)
    places = tuple(slice(rim, rim + size, settings.stride) for size, rim in zip(inner, around, strict=True))
    within = tuple(slice(rim, rim + size) for size, rim in zip(inner, around, strict=True))
    spread = np.zeros(full, settings.input.dtype)
    spread[places] = settings.input
    sources = np.full(full, -1, dtype=np.int64)
    sources[places] = np.arange(settings.input.size, dtype=np.int64).reshape(settings.input.shape)
    is_between = np.zeros(full, dtype=bool)
    is_between[within] = True
    is_between &= sources < 0
    kernel = np.ascontiguousarray(settings.kernel[::-1, ::-1])
    spread = spread[cut, cut]
    output = conv2d(spread[None], kernel[None, None], dilation=settings.dilation)[0]
    return DirectConvolution(
        spread, sources[cut, cut], is_between[cut, cut], kernel, settings.dilation, output.astype(totals.dtype)
    )
