"""A transposed convolution seen from its output: which products meet in each cell, as stamps and as a convolution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.lessons.transposed.settings import DirectConvolution, TransposedSettings, TransposedWalk
from cnnlab.number_text import Matrix


@dataclass(frozen=True, eq=False)
class Meeting:
    """What meets in one cell, in the order of the stamps.

    Args:
        inputs: the flat indices of the input cells whose stamps reach the cell.
        kernel: the flat index of the kernel's cell that each of them is multiplied with there.
        products: what comes of it.
        columns: how many columns of the input take part; 1 where nothing meets.
    """

    inputs: tuple[int, ...]
    kernel: tuple[int, ...]
    products: tuple[float, ...]
    columns: int


def meetings(settings: TransposedSettings, steps: TransposedWalk, *, with_rim: bool = False) -> list[Meeting]:
    """Turn the stamps round: for each cell, row by row, what meets there.

    Args:
        settings: what was walked.
        steps: `walk(settings)`.
        with_rim: whether the cells that padding cuts off are in the list, too.

    >>> from cnnlab.lessons.transposed.settings import walk
    >>> settings = TransposedSettings(np.array([[1, 2]]), np.array([[10, 1, 3]]))
    >>> meetings(settings, walk(settings))[2]
    Meeting(inputs=(0, 1), kernel=(2, 0), products=(3, 20), columns=2)
    """
    found: list[list[tuple[int, int, float]]] = [[] for _ in range(steps.overlaps.size)]
    products: list[list[float]] = steps.products.tolist()
    stamps: list[list[int]] = steps.stamps.tolist()
    for step, cells in enumerate(stamps):
        for weight, cell in enumerate(cells):
            found[cell].append((step, weight, products[step][weight]))
    wanted = range(len(found)) if with_rim else np.flatnonzero(~steps.is_cut).tolist()
    width = settings.input.shape[1]
    return [
        Meeting(
            inputs=tuple(step for step, _, _ in found[cell]),
            kernel=tuple(weight for _, weight, _ in found[cell]),
            products=tuple(product for _, _, product in found[cell]),
            columns=max(1, len({step % width for step, _, _ in found[cell]})),
        )
        for cell in wanted
    ]


def direct_windows(direct: DirectConvolution) -> tuple[NDArray[np.int64], Matrix]:
    """Slide the turned kernel over the spread input.

    Returns:
        For each output cell, row by row, the flat indices of the spread input that the window reads, and the products,
        both (cells, FH*FW).

    >>> from cnnlab.lessons.transposed.settings import direct_convolution
    >>> settings = TransposedSettings(np.array([[1, 2]]), np.array([[10, 1, 3]]))
    >>> [part[2].tolist() for part in direct_windows(direct_convolution(settings))]
    [[2, 3, 4], [3, 0, 20]]
    """
    width = direct.spread.shape[1]
    starts = [np.arange(size, dtype=np.int64) for size in direct.output.shape]
    offsets = [np.arange(cells, dtype=np.int64) * direct.dilation for cells in direct.kernel.shape]
    rows, columns = (start[:, None] + offset for start, offset in zip(starts, offsets, strict=True))
    # (OH, OW, FH, FW) -> (OH*OW, FH*FW)
    reads: NDArray[np.int64] = (rows[:, None, :, None] * width + columns[None, :, None, :]).reshape(
        direct.output.size, -1
    )
    return reads, direct.spread.ravel()[reads] * direct.kernel.ravel()
