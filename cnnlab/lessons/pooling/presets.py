"""Named settings of the pooling page, each with what it is there to show.

Sources: overlapping windows of 3 with a stride of 2 after A. Krizhevsky, I. Sutskever and G. Hinton, "ImageNet
classification with deep convolutional neural networks" (2012); the mean of a whole map in place of the last layers
after M. Lin, Q. Chen and S. Yan, "Network in network" (2013).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from cnnlab.lessons.pooling.settings import PoolSettings
from cnnlab.number_text import Matrix
from cnnlab.presets import Preset
from cnnlab.texts import message


def _matrix(rows: Sequence[Sequence[float]]) -> Matrix:
    matrix = np.array(rows)
    matrix.flags.writeable = False
    return matrix


DEFAULT_INPUT = _matrix([[1, 3, 2, 1], [4, 6, 5, 3], [3, 1, 1, 0], [1, 2, 2, 4]])
"""The 4x4 matrix that the page opens with: no window of 2x2 has a tie, and each sum is told from the others."""

_ALL_KINDS = _matrix(
    [
        [1, 0, 2, 3, 1, 0, 1],
        [4, 6, 6, 8, 2, 1, 0],
        [3, 1, 1, 0, 9, 2, 3],
        [1, 2, 2, 4, 1, 0, 5],
        [0, 7, 3, 1, 2, 6, 1],
        [2, 1, 0, 3, 4, 1, 2],
        [5, 0, 1, 2, 0, 3, 8],
    ]
)
_TIES = _matrix([[5, 5, 0, 0], [5, 5, 0, 7], [2, 3, 4, 4], [3, 1, 4, 1]])
_ODD = _matrix([[1, 2, 3, 4, 5], [2, 3, 4, 5, 6], [3, 4, 5, 6, 7], [4, 5, 6, 7, 8], [5, 6, 7, 8, 9]])
_NEGATIVE = _matrix([[-3, -1, -2, -4], [-5, -2, -6, -1], [-4, -3, -1, -2], [-2, -6, -3, -5]])
_CORNER = _matrix([[8, 4, 4, 8], [4, 4, 4, 4], [4, 4, 4, 4], [8, 4, 4, 8]])
_SPOT = _matrix([[0, 0, 0, 0, 0, 0], [0, 9, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 9, 0], [0] * 6, [0] * 6])

PRESETS: Mapping[str, Preset[PoolSettings]] = MappingProxyType(
    {
        "max": Preset(
            message("4×4, the maximum of 2×2"),
            message("Each window keeps its largest number and throws the other three away: 4×4 becomes 2×2."),
            PoolSettings(DEFAULT_INPUT),
        ),
        "mean": Preset(
            message("4×4, the average of 2×2"),
            message("The same windows, but all four numbers count: their sum is divided by 4."),
            PoolSettings(DEFAULT_INPUT, "avg"),
        ),
        "overlapping": Preset(
            message("Overlaps, as in AlexNet"),
            message(
                "A 3×3 window moves by 2, so neighbours share a row or a column. The 9 is the maximum of four windows,"
                " and all four send their gradient to it."
            ),
            PoolSettings(_ALL_KINDS, kernel=(3, 3)),
        ),
        "global": Preset(
            message("Global average pooling"),
            message(
                "One window covers the whole map: each channel becomes a single number, wherever its pattern lies."
            ),
            PoolSettings(DEFAULT_INPUT, "avg", kernel=(4, 4), stride=4),
        ),
        "ties": Preset(
            message("Ties"),
            message(
                "Several cells hold the maximum. PyTorch takes the first in reading order, and it alone gets the"
                " gradient."
            ),
            PoolSettings(_TIES),
        ),
        "ceil": Preset(
            message("5×5, rounded up"),
            message(
                "Rounded down, the last row and column are dropped and 2×2 numbers come out. Rounded up, the last"
                " windows reach beyond the input and pool what is there."
            ),
            PoolSettings(_ODD, ceil=True),
        ),
        "padding": Preset(
            message("Padding never wins"),
            message(
                "All numbers are negative, and yet the padding does not win with a 0: for a maximum it counts as minus"
                " infinity."
            ),
            PoolSettings(_NEGATIVE, kernel=(3, 3), stride=2, padding=1),
        ),
        "count_padding": Preset(
            message("The average with padding"),
            message(
                "The corner window holds 8 + 4 + 4 + 4 = 20 and five zeros of the padding: the average is 20/9 if they"
                " count, 20/4 if they do not."
            ),
            PoolSettings(_CORNER, "avg", kernel=(3, 3), stride=2, padding=1),
        ),
        "shift": Preset(
            message("A shift by one pixel"),
            message(
                "Two bright pixels. Move the picture one pixel to the right: one of them stays within its window, the"
                " other leaves it."
            ),
            PoolSettings(_SPOT),
        ),
    }
)
"""The presets by the word that names them, in the order of the menu."""
