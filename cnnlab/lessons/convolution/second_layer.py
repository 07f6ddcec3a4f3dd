"""A second convolution that takes the output of the convolution page further, and what its units see of the input."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ShapeError
from cnnlab.lessons.convolution.settings import ConvSettings, ConvWalk, walk
from cnnlab.number_text import Matrix

DEFAULT_SECOND_KERNEL: Matrix = np.array([[1, 0], [0, 1]])
"""Our own: the slide with two layers does not show the numbers of its second kernel."""
DEFAULT_SECOND_KERNEL.flags.writeable = False


@dataclass(frozen=True, eq=False)
class TwoLayers:
    """Two convolutions one after the other, all their steps at once.

    Args:
        first: of the input with the first kernel.
        settings: the second one: its input is the first output, its stride 1, without padding and bias.
        second: of the first output with the second kernel.
        inputs: (units, inputs): for each unit of the second output the cells of the first that it reads, row by row.
        fields: (units, cells): likewise the cells of the padded input that these read, each once.
    """

    first: ConvWalk
    settings: ConvSettings
    second: ConvWalk
    inputs: NDArray[np.int64]
    fields: NDArray[np.int64]


def take_further(first: ConvWalk, kernel: Matrix) -> TwoLayers:
    """Convolve a first output with a second kernel.

    Args:
        kernel: (FH, FW)

    Raises:
        ShapeError: the kernel does not fit into the first output.

    >>> first = walk(ConvSettings(np.array([[1, 2, 3, 4]]), np.array([[1, 10]])))  # 21, 32, 43
    >>> both = take_further(first, np.array([[1, 1]]))
    >>> both.second.totals.tolist(), both.inputs.tolist(), both.fields.tolist()  # 21 + 32, 32 + 43
    ([[53, 75]], [[0, 1], [1, 2]], [[0, 1, 2], [1, 2, 3]])
    """
    rows, columns = first.totals.shape
    height, width = kernel.shape
    if height > rows or width > columns:
        raise ShapeError(
            "The second kernel has {height} × {width} cells and the first output only {rows} × {columns}: make the"
            " second kernel smaller, or the first output larger.",
            height=height,
            width=width,
            rows=rows,
            columns=columns,
        )
    settings = ConvSettings(first.totals, kernel)
    second = walk(settings)
    inputs = _cells(second.rows, second.columns, columns)
    # Along each axis what the rows of one window read, once.
    tall, wide = (
        np.array([np.unique(reads[window]) for window in windows])
        for reads, windows in ((first.rows, second.rows), (first.columns, second.columns))
    )
    return TwoLayers(first, settings, second, inputs, _cells(tall, wide, first.padded.shape[1]))


def _cells(rows: NDArray[np.int64], columns: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """(windows, cells): the flat cells of windows that read these (OH, FH) rows and (OW, FW) columns."""
    cells = rows[:, None, :, None] * width + columns[None, :, None, :]
    return cells.reshape(len(rows) * len(columns), -1)
