"""The same numbers as (C, H, W) and as (H, W, C): which one lies where in memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.number_text import Matrix


@dataclass(frozen=True, eq=False)
class Order:
    """One way of laying a picture's numbers out in memory.

    Args:
        name: (C, H, W) or (H, W, C).
        array: the numbers in this shape.
        sources: (C * H * W, 3), for each place in memory the channel, row and column whose number lies there.
        formula: where an entry lies, with the sizes of this array, as Python writes it.
    """

    name: str
    array: Matrix
    sources: NDArray[np.int64]
    formula: str

    @property
    def flat(self) -> Matrix:
        """The numbers one after another, as they lie in memory."""
        return self.array.ravel()

    @property
    def text(self) -> str:
        """The array as Python writes it, one row of numbers a line."""
        lines = np.array2string(self.array, separator=", ", threshold=self.array.size + 1).split("\n")
        return "\n".join(line for line in lines if line.strip())


def orders(pixels: Matrix) -> tuple[Order, Order]:
    """Lay the channels of a picture out in both orders.

    Args:
        pixels: (C, H, W)

    >>> channels_first, channels_last = orders(np.array([[[1, 2]], [[10, 20]]]))
    >>> channels_first.flat.tolist(), channels_last.flat.tolist()
    ([1, 2, 10, 20], [1, 10, 2, 20])
    >>> channels_last.sources[1].tolist()  # channel 1 of row 0, column 0
    [1, 0, 0]
    """
    channels, rows, columns = pixels.shape
    places: NDArray[np.int64] = np.array(list(np.ndindex(channels, rows, columns)), dtype=np.int64)
    sources = places.reshape(channels, rows, columns, 3)
    return (
        Order(
            "(C, H, W)",
            np.ascontiguousarray(pixels),
            places,
            f"x[c, h, w] == memory[c*{rows * columns} + h*{columns} + w]",
        ),
        Order(
            "(H, W, C)",
            np.ascontiguousarray(pixels.transpose(1, 2, 0)),
            sources.transpose(1, 2, 0, 3).reshape(-1, 3),
            f"x[h, w, c] == memory[h*{columns * channels} + w*{channels} + c]",
        ),
    )
