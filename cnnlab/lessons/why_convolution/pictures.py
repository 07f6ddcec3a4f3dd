"""The pictures of the experiment: an X of nine pixels somewhere, or nine pixels that are no X.

What is no X has as many pixels as one, lies in the same box of 5 by 5, and is of four kinds, so that nothing but the
shape tells the two apart:

- nine pixels of the box at random;
- nine of the box's pixels of an X's own colour, were the picture a chessboard. Without these an X is known by having
  all its pixels on one colour, which an MLP learns for the whole picture at once: trained everywhere it reached 92 %;
- nine of the other colour;
- a plus, an L or a T.

In every picture a few specks lie around the box.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import TrainingError, quoted
from cnnlab.texts import one_of

SIDE = 16
"""Rows and columns of a picture."""

BOX = 5
"""Rows and columns of an X."""

PLACES = SIDE - BOX + 1
"""Rows, and columns, at which the box's upper left corner can lie."""

SPECKS = 4
TRAINED_PLACES = 4
TRAINING_PICTURES = 4000
PICTURES_PER_PLACE = 40
"""Of the test, half of them with an X."""

Part = Literal["corner", "left", "everywhere"]
PARTS: tuple[Part, ...] = ("corner", "left", "everywhere")

Pictures = NDArray[np.float32]
Mark = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Examples:
    """Pictures with the answers.

    Args:
        pictures: (N, 16, 16) of 0 and 1.
        is_x: (N,)
    """

    pictures: Pictures
    is_x: NDArray[np.bool_]


def _mark(*lines: str) -> Mark:
    return np.array([[cell == "#" for cell in line] for line in lines])


X = _mark("#...#", ".#.#.", "..#..", ".#.#.", "#...#")

OTHERS: Mapping[str, Mark] = MappingProxyType(
    {
        "plus": _mark("..#..", "..#..", "#####", "..#..", "..#.."),
        "L": _mark("#....", "#....", "#....", "#....", "#####"),
        "T": _mark("#####", "..#..", "..#..", "..#..", "..#.."),
    }
)
"""Marks of nine pixels, like an X; all but the plus are turned at random."""

_COLOURS = np.add.outer(np.arange(BOX), np.arange(BOX)).ravel() % 2
_LIKE_X, _UNLIKE_X = np.flatnonzero(_COLOURS == 0), np.flatnonzero(_COLOURS == 1)
_PIXELS = int(X.sum())


def shift_of_places(part: Part) -> NDArray[np.int64]:
    """(12, 12): by how many pixels a place lies beyond the trained ones, along the axis where that is more.

    >>> shift_of_places("corner")[0].tolist()
    [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    """
    beyond = np.maximum(np.arange(PLACES) - (TRAINED_PLACES - 1), 0)
    if part == "corner":
        return np.maximum(beyond[:, None], beyond[None, :])
    if part == "left":
        return np.broadcast_to(beyond[None, :], (PLACES, PLACES))
    if part == "everywhere":
        return np.zeros((PLACES, PLACES), dtype=np.int64)
    raise TrainingError(
        "There is no part {part} of the picture: use {parts}.",
        part=quoted(part),
        parts=one_of(PARTS),
    )


def pictures_to_learn(part: Part, seed: int, count: int = TRAINING_PICTURES) -> Examples:
    """Pictures whose box lies in one part, every other one with an X."""
    rng = np.random.default_rng((seed, 0))
    places = np.argwhere(shift_of_places(part) == 0)
    is_x = np.arange(count) % 2 == 0
    return _examples(rng, places[rng.integers(len(places), size=count)].tolist(), is_x)


def pictures_to_ask(seed: int, per_place: int = PICTURES_PER_PLACE) -> Examples:
    """Other pictures, `per_place` for each place in reading order, every other one with an X."""
    rng = np.random.default_rng((seed, 1))
    places = np.repeat(np.argwhere(np.ones((PLACES, PLACES), dtype=bool)), per_place, axis=0)
    return _examples(rng, places.tolist(), np.arange(len(places)) % 2 == 0)


def no_x(rng: np.random.Generator) -> Mark:
    """Draw nine pixels of the box that are no X: (5, 5)."""
    kind = int(rng.integers(4))
    if kind == 3:
        name = ("plus", "L", "T")[int(rng.integers(3))]
        return np.rot90(OTHERS[name], int(rng.integers(4)))
    pixels = (np.arange(BOX * BOX), _LIKE_X, _UNLIKE_X)[kind]
    while True:
        mark = np.zeros(BOX * BOX, dtype=bool)
        mark[rng.choice(pixels, _PIXELS, replace=False)] = True
        # One in two million draws of the first kind is an X after all, and one in 715 of the second.
        if not np.array_equal(mark.reshape(BOX, BOX), X):
            return mark.reshape(BOX, BOX)


def _examples(rng: np.random.Generator, places: Sequence[Sequence[int]], is_x: NDArray[np.bool_]) -> Examples:
    pictures = np.zeros((len(places), SIDE, SIDE), dtype=np.float32)
    for picture, (row, column), with_x in zip(pictures, places, is_x, strict=True):
        picture.reshape(-1)[rng.choice(SIDE * SIDE, SPECKS, replace=False)] = 1
        picture[row : row + BOX, column : column + BOX] = X if with_x else no_x(rng)
    return Examples(pictures, is_x)
