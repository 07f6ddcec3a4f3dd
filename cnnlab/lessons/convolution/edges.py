"""What a kernel answers to: even areas, horizontal edges, vertical ones."""

from typing import Literal

from cnnlab.number_text import Matrix

Answers = Literal["flat", "horizontal", "vertical", "both", "nothing"]


def answers_to(kernel: Matrix) -> Answers:
    """Say what a kernel answers to, of pictures that change in one direction only.

    On an even area each weight meets the same number: the answer is the sum of the weights, times it. On a horizontal
    edge all columns are alike, so only the sums of the kernel's rows count; on a vertical one those of its columns.

    Returns:
        "flat" where even areas are answered, whatever else is; else the direction of the edges that are, "both", or
        "nothing" where neither is.

    >>> import numpy as np
    >>> answers_to(np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]))  # rows 4, 0, -4; columns 0, 0, 0
    'horizontal'
    >>> answers_to(np.ones((3, 3)))
    'flat'
    """
    rows, columns = (kernel.sum(axis=axis, dtype=float) for axis in (1, 0))
    tiny = 1e-9 * max(1.0, float(abs(kernel).max()))
    if abs(float(rows.sum())) > tiny:
        return "flat"
    is_horizontal, is_vertical = bool((abs(rows) > tiny).any()), bool((abs(columns) > tiny).any())
    if is_horizontal and is_vertical:
        return "both"
    return "horizontal" if is_horizontal else "vertical" if is_vertical else "nothing"
