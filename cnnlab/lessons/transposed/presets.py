"""Named settings of the transposed convolution's page, each with what it is there to show.

Sources: the checkerboard after A. Odena, V. Dumoulin and C. Olah, "Deconvolution and checkerboard artifacts", Distill
(2016); the bilinear kernel after J. Long, E. Shelhamer and T. Darrell, "Fully convolutional networks for semantic
segmentation" (2015).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from cnnlab import lecture
from cnnlab.lessons.transposed.settings import TransposedSettings
from cnnlab.number_text import Matrix
from cnnlab.presets import Preset
from cnnlab.texts import message


def _matrix(rows: Sequence[Sequence[float]], divided_by: int = 1) -> Matrix:
    matrix = np.array(rows) if divided_by == 1 else np.array(rows) / divided_by
    matrix.flags.writeable = False
    return matrix


_SMALL = _matrix([[1, 2], [3, 4]])
_ONES = _matrix([[1, 1, 1]] * 3)
_RISING = _matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]])

PRESETS: Mapping[str, Preset[TransposedSettings]] = MappingProxyType(
    {
        "tiles": Preset(
            message("Stamps side by side"),
            message(
                "A 2×2 kernel with stride 2: the stamps touch but do not overlap, so each output cell is one product."
            ),
            TransposedSettings(_SMALL, _matrix([[1, 2], [3, 4]])),
        ),
        "overlap": Preset(
            message("Stamps that overlap"),
            message("A 3×3 kernel with stride 2: neighbouring stamps share a row or a column, and there they add up."),
            TransposedSettings(_SMALL, _matrix([[1, 2, 1], [2, 4, 2], [1, 2, 1]])),
        ),
        "checkerboard": Preset(
            message("Checkerboard"),
            message(
                "Input and kernel are all ones, and still the output is uneven: 3 is not a multiple of the stride 2, so"
                " some cells get one stamp, some two and some four."
            ),
            TransposedSettings(_ONES, _ONES),
        ),
        "even": Preset(
            message("No checkerboard"),
            message(
                "4 is a multiple of the stride 2, so all cells get the same number of stamps. Padding 2 cuts off the"
                " rim, where fewer meet."
            ),
            TransposedSettings(_ONES, _matrix([[1, 1, 1, 1]] * 4), padding=2),
        ),
        "bilinear": Preset(
            message("Bilinear enlargement"),
            message(
                "The 4×4 kernel of bilinear interpolation: the picture doubles in size, and each new cell is a mixture"
                " of the nearest four. The rim, where fewer stamps meet, gets darker."
            ),
            TransposedSettings(
                _RISING, _matrix([[1, 3, 3, 1], [3, 9, 9, 3], [3, 9, 9, 3], [1, 3, 3, 1]], divided_by=16), padding=1
            ),
        ),
        "full": Preset(
            message("Stride 1: the same shape"),
            message(
                "A 3×3 convolution turns 4×4 into 2×2. The transposed convolution brings 4×4 back: the shape, not the"
                " numbers."
            ),
            TransposedSettings(_SMALL, lecture.KERNEL, stride=1),
        ),
        "output_padding": Preset(
            message("Output padding"),
            message(
                "With stride 2, a convolution turns both 5×5 and 6×6 into 3×3. Output padding decides which of the two"
                " comes back: with 1 it is 6×6."
            ),
            TransposedSettings(_RISING, _matrix([[1, 2, 1], [2, 4, 2], [1, 2, 1]]), padding=1, output_padding=1),
        ),
        "dilation": Preset(
            message("Dilation"),
            message("Stamps with gaps of one cell: neighbouring stamps reach into each other's gaps."),
            TransposedSettings(_SMALL, _matrix([[1, 2], [3, 4]]), stride=1, dilation=2),
        ),
    }
)
"""The presets by the word that names them, in the order of the menu."""
