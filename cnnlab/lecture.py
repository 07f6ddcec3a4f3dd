"""The numbers of the lecture that the lab is made for, by the slide that shows them.

Whatever the lab calls the lecture's takes its numbers from here. A shape is (C, H, W), as PyTorch orders it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnlab.number_text import Matrix, show_number


def _matrix(rows: Sequence[Sequence[int]]) -> Matrix:
    matrix = np.array(rows)
    matrix.flags.writeable = False
    return matrix


# --- the example of slides 7, 8, 15 and 17 ----------------------------------------------------------------------------

INPUT = _matrix([[1, 2, 3, 4, 5], [2, 3, 4, 5, 6], [3, 4, 5, 6, 7], [1, 3, 5, 7, 9], [2, 4, 6, 8, 1]])
KERNEL = _matrix([[0, 1, 2], [3, -1, 2], [1, 0, 1]])
OUTPUT = _matrix([[27, 36, 45], [32, 43, 54], [32, 47, 53]])
"""What `KERNEL` makes of `INPUT`. The slides print other sums: see `PRINTED`."""


@dataclass(frozen=True)
class PrintedSum:
    """A sum as a slide prints it, which is `OUTPUT`'s less the last of the nine products.

    Args:
        row, column: the cell of the output, from 0.
        total: what the slide prints.
        left_out: input and weight of the product that the total leaves out.
    """

    row: int
    column: int
    total: int
    left_out: tuple[int, int]

    @property
    def true(self) -> int:
        """What the nine products add up to.

        >>> [printed.true for printed in PRINTED]  # 22 + 5*1, 30 + 6*1
        [27, 36]
        """
        return self.total + self.left_out[0] * self.left_out[1]

    @property
    def product(self) -> str:
        """What was left out, as people write it.

        >>> PRINTED[0].product
        '5 × 1'
        """
        return " × ".join(map(show_number, self.left_out))


PRINTED = (PrintedSum(0, 0, 22, (5, 1)), PrintedSum(0, 1, 30, (6, 1)))
"""The sums that slides 7 and 8 print."""

PRINTED_SECOND = 12
"""What slide 15 prints in the corner of its second output."""
SECOND_KERNEL_SIZE = 2
"""Rows and columns of the second layer's kernel on slide 15, which does not show its numbers."""

# --- an MLP's columns and rows, and pictures as numbers ---------------------------------------------------------------

COLUMN_ORDERS = (("height", "age", "grade"), ("age", "height", "grade"))
"""Slide 2: the columns of a table in two orders, which make two different data to an MLP."""

PICTURE_SIZES = ((400, 400), (1000, 1000))
"""Slide 4, (height, width): from 160,000 pixels, which it does not split into rows and columns, to over 1000x1000."""

FEATURE_ROWS = ((0, 1, 1, 0, 0, 0), (0, 0, 1, 1, 0, 0))
"""Slide 5: six features in two rows, which are two different data to an MLP."""

GREY_PICTURE, COLOUR_PICTURE = (1, 28, 28), (3, 28, 28)
"""Slide 16."""

# --- sizes ------------------------------------------------------------------------------------------------------------

STRIDE_INPUT, STRIDE_KERNEL = 7, 3
"""Slides 25 and 26: rows and columns of the input and of the kernel."""
STRIDE_OUTPUTS = {1: 5, 2: 3}
"""Rows and columns of the output by the stride: slide 25, slide 26."""

POOL_WINDOW, POOL_STRIDE = 2, 2
"""Slide 27, with the maximum of each window."""

KERNELS_INPUT, KERNELS_OUTPUT = (3, 9, 9), (2, 5, 5)
KERNELS_SIZE = 5
"""Slide 28: two kernels of 5x5x3, which make `KERNELS_OUTPUT` of `KERNELS_INPUT`."""

INPAINTING_INPUT, INPAINTING_KERNEL = (1, 32, 32), 3
"""Slide 23 names inpainting and gives no sizes: these are ours."""

# --- LeNet-5 ----------------------------------------------------------------------------------------------------------

LENET_INPUT = (1, 32, 32)
LENET_KERNEL, LENET_POOL = 5, 2
LENET_OUTPUTS = ((6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1))
"""Slides 31 and 32: convolution, average pooling, convolution, average pooling, convolution; no activations."""

CIFAR_INPUT = (3, 32, 32)
CIFAR_UNITS = 100
CIFAR_CLASSES = 10
"""Slide 33: the five layers on colour pictures, each convolution with a ReLU, and two linear layers behind them,
120 -> 100 -> classes, with a ReLU between."""
