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

MAX_INPUT = 16
"""Rows and columns that the page's input may have."""

MAX_KERNEL = 7
"""Rows and columns that its kernel may have."""


@dataclass(frozen=True, eq=False)
class Preset:
    """What a name stands for. A preset without an input (or kernel) leaves the learner's as it is.

    Args:
        title: how the menu calls it.
        note: a sentence or two on what there is to see.
        input: (H, W)
        kernel: (FH, FW)
    """

    title: str
    note: str
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

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "lecture": Preset(
            "The lecture's example",
            f"The sums give {_FIRST.true} and {_SECOND.true} for the first two cells. The printed slides say"
            f" {_FIRST.total} and {_SECOND.total}, which leaves out the last product of each: {_FIRST.product} and"
            f" {_SECOND.product}.",
            input=DEFAULT_INPUT,
            kernel=DEFAULT_KERNEL,
        ),
        "dumoulin": Preset(
            "Dumoulin & Visin's example",
            "The worked example of “A guide to convolution arithmetic for deep learning”: the output starts"
            " 12, 12, 17.",
            input=_matrix([[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]),
            kernel=_matrix([[0, 1, 2], [2, 2, 0], [0, 1, 2]]),
        ),
        "edge": Preset(
            "Input: an edge",
            "Dark on the left, bright on the right. Try Sobel x, Sobel y and the box blur on it.",
            input=_matrix(_EDGE),
        ),
        "single": Preset(
            "Input: a single 1",
            "Each output cell shows the one weight that met the 1, so the output is the kernel, turned by 180°."
            " Flip the kernel, and the output is the kernel as you typed it.",
            input=_matrix(_SINGLE_ONE),
        ),
        "identity": Preset(
            "Kernel: identity",
            "Only the middle weight counts: the output repeats the input, without its rim where there is no padding.",
            kernel=_matrix([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ),
        "box": Preset(
            "Kernel: box blur",
            "The mean of nine cells: every weight is 1/9.",
            kernel=_matrix([[1, 1, 1]] * 3, divided_by=9),
        ),
        "gaussian": Preset(
            "Kernel: Gaussian blur",
            "A mean in which near cells count more; the weights add up to 1.",
            kernel=_matrix([[1, 2, 1], [2, 4, 2], [1, 2, 1]], divided_by=16),
        ),
        "sharpen": Preset(
            "Kernel: sharpen",
            "Five times the cell less its four neighbours: what differs from its surroundings differs more.",
            kernel=_matrix([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ),
        "sobel_x": Preset(
            "Kernel: Sobel x",
            "How fast the input rises from left to right: large at vertical edges, 0 where nothing changes.",
            kernel=_matrix([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ),
        "sobel_y": Preset(
            "Kernel: Sobel y",
            "How fast the input rises from top to bottom: large at horizontal edges.",
            kernel=_matrix([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ),
        "laplacian": Preset(
            "Kernel: Laplacian",
            "The four neighbours less four times the cell: 0 on every even slope, large at edges of all directions.",
            kernel=_matrix([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ),
        "emboss": Preset(
            "Kernel: emboss",
            "The cell plus its rise towards the lower right: bright where the input rises, dark where it falls.",
            kernel=_matrix([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        ),
    }
)
"""The presets by the word that names them, in the order of the menu."""


def random_preset(seed: int, input_shape: tuple[int, int], kernel_shape: tuple[int, int]) -> Preset:
    """Draw whole numbers for an input (0 to 9) and a kernel (-3 to 3); the same seed gives the same numbers.

    Raises:
        ShapeError: a shape that the page does not have.

    >>> random_preset(7, (1, 2), (1, 1)).input.tolist() == random_preset(7, (1, 2), (1, 1)).input.tolist()
    True
    """
    for what, shape, limit in (("input", input_shape, MAX_INPUT), ("kernel", kernel_shape, MAX_KERNEL)):
        if not all(1 <= size <= limit for size in shape):
            raise ShapeError(
                "A random {what} of shape {shape} was asked for: use 1 to {limit} rows and columns.",
                what=what,
                shape=shape,
                limit=limit,
            )
    # Two generators, so that another kernel size does not change the input.
    pixels, weights = (np.random.default_rng((seed, part)) for part in (0, 1))
    return Preset(
        f"Random numbers, seed {seed}",
        f"Whole numbers drawn with seed {seed}: the same seed gives the same numbers on every machine.",
        input=_matrix(pixels.integers(0, 10, input_shape).tolist()),
        kernel=_matrix(weights.integers(-3, 4, kernel_shape).tolist()),
    )
