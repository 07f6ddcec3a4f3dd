"""One convolution of a matrix with a matrix, as the convolution page sets it up and steps through it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ShapeError
from cnnlab.number_text import Matrix
from cnnlab.ops import ConvStep, conv2d, conv2d_step, pad


@dataclass(frozen=True, eq=False)
class ConvSettings:
    """All that decides the numbers on the convolution page: one input channel, one kernel, square stride and padding.

    Args:
        input: (H, W)
        kernel: (FH, FW), as the learner typed it.
        padding_mode: zeros, reflect, replicate or circular.
        flip: turn the kernel by 180 degrees first, as mathematicians' convolution does.
        step: index of the output cell that is looked at, row by row from 0.
    """

    input: Matrix
    kernel: Matrix
    stride: int = 1
    padding: int = 0
    padding_mode: str = "zeros"
    dilation: int = 1
    bias: float = 0.0
    flip: bool = False
    step: int = 0

    @property
    def effective_kernel(self) -> Matrix:
        """The (FH, FW) weights as they meet the window: the kernel, turned by 180 degrees where `flip` is set."""
        return np.ascontiguousarray(self.kernel[::-1, ::-1]) if self.flip else self.kernel

    @property
    def flip_changes_nothing(self) -> bool:
        """Whether the kernel looks the same after a turn by 180 degrees.

        >>> ConvSettings(np.zeros((5, 5)), np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])).flip_changes_nothing
        True
        """
        return bool(np.array_equal(self.kernel, self.kernel[::-1, ::-1]))

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments that conv2d and conv2d_step take besides x, weight and bias."""
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "padding_mode": self.padding_mode,
        }

    @property
    def bias_vector(self) -> Matrix:
        """The bias as conv2d takes it, an integer where it is whole, so that whole numbers give whole sums."""
        return np.array([int(self.bias) if float(self.bias).is_integer() else self.bias])

    def output(self) -> Matrix:
        """Compute the whole output: (OH, OW), in whole numbers where input, kernel and bias are whole.

        Raises:
            ShapeError: settings that do not go together.

        >>> ConvSettings(np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, 1]]), bias=10).output()  # 1 + 4 + 10
        array([[15]])
        """
        if self.input.ndim != 2 or self.kernel.ndim != 2:
            raise ShapeError(
                "An input of shape {input} and a kernel of shape {kernel} are not one channel and one kernel: give two"
                " matrices.",
                input=self.input.shape,
                kernel=self.kernel.shape,
            )
        return conv2d(self.input[None], self.effective_kernel[None, None], self.bias_vector, **self.arguments)[0]

    def cell(self, row: int, column: int) -> ConvStep:
        """Take one output cell apart.

        >>> ConvSettings(np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, 1]]), bias=10).cell(0, 0).total  # 1 + 4 + 10
        15
        """
        kernel = self.effective_kernel[None, None]
        return conv2d_step(self.input[None], kernel, self.bias_vector, (0, row, column), **self.arguments)


@dataclass(frozen=True, eq=False)
class ConvWalk:
    """All steps of a convolution at once, so that a picture of it can step without asking again.

    Args:
        padded: (H + 2P, W + 2P)
        is_padding: likewise, True where a value stands in the padding.
        sources: likewise, the flat index of the input cell that a value was taken from; -1 for a zero of the padding.
        rows: (OH, FH), the rows of `padded` that each output row reads.
        columns: (OW, FW), likewise.
        products: (OH, OW, FH, FW)
        totals: (OH, OW), the output.
    """

    padded: Matrix
    is_padding: NDArray[np.bool_]
    sources: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    products: Matrix
    totals: Matrix

    @property
    def row_sums(self) -> Matrix:
        """(OH, OW, FH): the products of each row of the window, added up."""
        return self.products.sum(axis=-1)


def padded_input(settings: ConvSettings) -> tuple[Matrix, NDArray[np.bool_], NDArray[np.int64]]:
    """Lay the padding around the input: `padded`, `is_padding` and `sources` as `ConvWalk` has them.

    Raises:
        ShapeError: a padding that the mode cannot fill.
    """
    height, width = settings.input.shape
    numbered: NDArray[np.int64] = np.arange(height * width, dtype=np.int64).reshape((1, height, width))
    padded = pad(settings.input[None], settings.padding, settings.padding_mode)[0]
    # Counted from 1, so that the zeros of the padding are told from the first cell.
    sources = pad(numbered + 1, settings.padding, settings.padding_mode)[0] - 1
    is_padding = np.ones(padded.shape, dtype=bool)
    is_padding[settings.padding : settings.padding + height, settings.padding : settings.padding + width] = False
    return padded, is_padding, sources


def walk(settings: ConvSettings) -> ConvWalk:
    """Work out every step of a convolution.

    Raises:
        ShapeError: settings that do not go together.

    >>> steps = walk(ConvSettings(np.array([[1, 2, 3]]), np.array([[1, 10]])))
    >>> steps.products.tolist(), steps.totals.tolist()
    ([[[[1, 20]], [[2, 30]]]], [[21, 32]])
    """
    kernel = settings.effective_kernel
    totals = settings.output()
    padded, is_padding, sources = padded_input(settings)
    rows, columns = (_reads(count, size, settings) for count, size in zip(totals.shape, kernel.shape, strict=True))
    products = padded[rows[:, None, :, None], columns[None, :, None, :]] * kernel
    return ConvWalk(padded, is_padding, sources, rows, columns, products, totals)


def _reads(count: int, size: int, settings: ConvSettings) -> NDArray[np.int64]:
    """(count, size): the positions on a padded axis that each of `count` windows reads."""
    starts = np.arange(count, dtype=np.int64) * settings.stride
    offsets = np.arange(size, dtype=np.int64) * settings.dilation
    return starts[:, None] + offsets
