"""Named inputs and kernels of the convolution page.

Sources: the kernels are the textbooks'; the Sobel pair after I. Sobel and G. Feldman (1968); the worked example is the
one that V. Dumoulin and F. Visin slide a window over in "A guide to convolution arithmetic for deep learning" (2016).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from cnnlab import lecture
from cnnlab.errors import ShapeError
from cnnlab.number_text import Matrix
from cnnlab.presets import Preset
from cnnlab.texts import message

MAX_INPUT = 16
"""Rows and columns that the page's input may have."""

MAX_KERNEL = 7
"""Rows and columns that its kernel may have."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """What a preset puts on the page. One without an input (or kernel) leaves the learner's as it is.

    Args:
        input: (H, W)
        kernel: (FH, FW)
    """

    input: Matrix | None = None
    kernel: Matrix | None = None

    @property
    def is_example(self) -> bool:
        """Whether it brings both matrices, and with them the plain settings: stride 1, no padding, no bias."""
        return self.input is not None and self.kernel is not None


def _matrix(rows: Sequence[Sequence[float]], divided_by: int = 1) -> Matrix:
    matrix = np.array(rows) if divided_by == 1 else np.array(rows) / divided_by
    matrix.flags.writeable = False
    return matrix


DEFAULT_INPUT, DEFAULT_KERNEL = lecture.INPUT, lecture.KERNEL
"""The lecture's example, which the page opens with."""

_FIRST, _SECOND = lecture.PRINTED
_EDGE = [[0, 0, 0, 9, 9, 9]] * 6
_SINGLE_ONE = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]

PRESETS: Mapping[str, Preset[Numbers]] = MappingProxyType(
    {
        "lecture": Preset(
            message("The lecture's example"),
            message(
                "The first two cells come to {first} and {second}. The printed slides say {printed_first} and"
                " {printed_second}, which leave out the last product of each: {product_first} and {product_second}.",
                first=_FIRST.true,
                second=_SECOND.true,
                printed_first=_FIRST.total,
                printed_second=_SECOND.total,
                product_first=_FIRST.product,
                product_second=_SECOND.product,
            ),
            Numbers(DEFAULT_INPUT, DEFAULT_KERNEL),
        ),
        "dumoulin": Preset(
            message("Dumoulin & Visin's example"),
            message(
                "The worked example of “A guide to convolution arithmetic for deep learning”: the output starts 12, 12,"
                " 17."
            ),
            Numbers(
                _matrix([[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]),
                _matrix([[0, 1, 2], [2, 2, 0], [0, 1, 2]]),
            ),
        ),
        "edge": Preset(
            message("Input: an edge"),
            message("Dark on the left, bright on the right. Try Sobel x, Sobel y and the box blur on it."),
            Numbers(input=_matrix(_EDGE)),
        ),
        "single": Preset(
            message("Input: a single 1"),
            message(
                "Each output cell shows the one weight that met the 1, so the output is the kernel, turned by 180°."
                " Flip the kernel, and the output is the kernel as you typed it."
            ),
            Numbers(input=_matrix(_SINGLE_ONE)),
        ),
        "identity": Preset(
            message("Kernel: identity"),
            message(
                "Only the middle weight counts: the output repeats the input, without its rim where there is no"
                " padding."
            ),
            Numbers(kernel=_matrix([[0, 0, 0], [0, 1, 0], [0, 0, 0]])),
        ),
        "box": Preset(
            message("Kernel: box blur"),
            message("The mean of nine cells: every weight is 1/9."),
            Numbers(kernel=_matrix([[1, 1, 1]] * 3, divided_by=9)),
        ),
        "gaussian": Preset(
            message("Kernel: Gaussian blur"),
            message("A mean in which near cells count more; the weights add up to 1."),
            Numbers(kernel=_matrix([[1, 2, 1], [2, 4, 2], [1, 2, 1]], divided_by=16)),
        ),
        "sharpen": Preset(
            message("Kernel: sharpen"),
            message(
                "Five times the cell minus its four neighbours: a cell that differs from its surroundings differs even"
                " more afterwards."
            ),
            Numbers(kernel=_matrix([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])),
        ),
        "sobel_x": Preset(
            message("Kernel: Sobel x"),
            message("How fast the input rises from left to right: large at vertical edges, 0 where nothing changes."),
            Numbers(kernel=_matrix([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])),
        ),
        "sobel_y": Preset(
            message("Kernel: Sobel y"),
            message("How fast the input rises from top to bottom: large at horizontal edges."),
            Numbers(kernel=_matrix([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])),
        ),
        "laplacian": Preset(
            message("Kernel: Laplacian"),
            message(
                "The four neighbours minus four times the cell: 0 on every even slope, large at edges in any direction."
            ),
            Numbers(kernel=_matrix([[0, 1, 0], [1, -4, 1], [0, 1, 0]])),
        ),
        "emboss": Preset(
            message("Kernel: emboss"),
            message(
                "The cell plus its rise towards the lower right: bright where the input rises, dark where it falls."
            ),
            Numbers(kernel=_matrix([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])),
        ),
    }
)
"""The presets by the word that names them, in the order of the menu."""


def random_numbers(seed: int, input_shape: tuple[int, int], kernel_shape: tuple[int, int]) -> Numbers:
    """Draw whole numbers for an input (0 to 9) and a kernel (-3 to 3); the same seed gives the same numbers.

    Raises:
        ShapeError: a shape that the page does not have.

    >>> random_numbers(7, (1, 2), (1, 1)).input.tolist() == random_numbers(7, (1, 2), (1, 1)).input.tolist()
    True
    """
    if not all(1 <= size <= MAX_INPUT for size in input_shape):
        raise ShapeError(
            "A random input of shape {shape} was asked for: use 1 to {limit} rows and columns.",
            shape=input_shape,
            limit=MAX_INPUT,
        )
    if not all(1 <= size <= MAX_KERNEL for size in kernel_shape):
        raise ShapeError(
            "A random kernel of shape {shape} was asked for: use 1 to {limit} rows and columns.",
            shape=kernel_shape,
            limit=MAX_KERNEL,
        )
    # Two generators, so that another kernel size does not change the input.
    pixels, weights = (np.random.default_rng((seed, part)) for part in (0, 1))
    return Numbers(
        input=_matrix(pixels.integers(0, 10, input_shape).tolist()),
        kernel=_matrix(weights.integers(-3, 4, kernel_shape).tolist()),
    )
