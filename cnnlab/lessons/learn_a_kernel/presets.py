"""Named settings of the page, each with what it is there to show.

Source: the kernel of the edge detector after I. Sobel and G. Feldman (1968).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from cnnlab import lecture
from cnnlab.lessons.learn_a_kernel.settings import LearnSettings
from cnnlab.number_text import Matrix
from cnnlab.presets import Preset
from cnnlab.texts import message


def _matrix(rows: Sequence[Sequence[float]], divided_by: int = 1) -> Matrix:
    matrix = np.array(rows) if divided_by == 1 else np.array(rows) / divided_by
    matrix.flags.writeable = False
    return matrix


_SOBEL = _matrix([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
_BLUR = _matrix([[1, 1, 1]] * 3, divided_by=9)

_VARIED = _matrix(
    [
        [1, 0, 0, -1, -1, -1],
        [-1, -1, -1, 1, 0, 1],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 1, 1, -1, 1],
        [0, 1, -1, 1, 1, -1],
        [1, 0, 1, 0, -1, 0],
    ]
)
_SHAPES = _matrix(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 1, 0, 0, 0, 0],
        [0, 1, 0, 1, 0, 0, 1, 0],
        [0, 1, 1, 1, 0, 1, 0, 0],
        [0, 0, 0, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 1, 1, 0],
        [0, 0, 1, 0, 0, 1, 1, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]
)
_CONSTANT = _matrix([[1] * 5] * 5)

PRESETS: Mapping[str, Preset[LearnSettings]] = MappingProxyType(
    {
        "edge": Preset(
            message("An edge detector"),
            message(
                "The descent sees a small picture and where its vertical edges are, and finds Sobel's kernel, although"
                " nobody has told it a single weight."
            ),
            LearnSettings(_SHAPES, _SOBEL, rate=0.4),
        ),
        "lecture": Preset(
            message("The lecture's kernel"),
            message(
                "Nine weights, drawn at random, are found from 16 numbers of the output, with an input that determines"
                " them all. After about 50 steps the weights match the target to three digits."
            ),
            LearnSettings(_VARIED, lecture.KERNEL, rate=0.4, start="random"),
        ),
        "blur": Preset(
            message("A blur"),
            message("Nine weights that are all 1/9, found from a random start."),
            LearnSettings(_VARIED, _BLUR, rate=0.4, start="random", seed=1),
        ),
        "lecture_input": Preset(
            message("The lecture's input"),
            message(
                "In all rows but the last the numbers rise evenly, so adding 1, −2, 1 to the first or the second row of"
                " the kernel changes no output: two of nine directions stay open. The loss falls below a ten-thousandth"
                " of what it was, and yet the kernel that is found is not the lecture's."
            ),
            LearnSettings(lecture.INPUT, lecture.KERNEL, rate=0.004, steps=200),
        ),
        "constant": Preset(
            message("An input that teaches nothing"),
            message(
                "All windows are alike, so only the sum of the weights matters: the descent finds nine equal weights"
                " with the right sum, and the loss is 0."
            ),
            LearnSettings(_CONSTANT, lecture.KERNEL, rate=0.03),
        ),
        "diverging": Preset(
            message("A rate that is too large"),
            message(
                "In one direction each step overshoots further than the one before: after a few steps the loss grows"
                " without bound."
            ),
            LearnSettings(_VARIED, lecture.KERNEL, rate=0.9, start="random"),
        ),
        "slow": Preset(
            message("A rate that is too small"),
            message("Every step goes down, but 200 steps are not enough."),
            LearnSettings(_VARIED, lecture.KERNEL, rate=0.01, steps=200, start="random"),
        ),
    }
)
"""The presets by the word that names them, in the order of the menu."""
