"""A drawing on a small grid, shifted: what is left of it in the flattened vector, and what a kernel sees."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ParseError, ShapeError, quoted
from cnnlab.ops import conv2d
from cnnlab.texts import one_of

SIDE = 12
"""Rows and columns of the grid."""

CELLS = SIDE * SIDE

Edge = Literal["fall", "wrap"]
EDGES: tuple[Edge, ...] = ("fall", "wrap")

Grid = NDArray[np.int64]

_DIGITS = SIDE // 4  # hexadecimal digits of a row


def _cells(*lines: str) -> Grid:
    return np.array([[int(cell == "#") for cell in line] for line in lines], dtype=np.int64)


def _placed(mark: Grid, row: int = 3, column: int = 2) -> Grid:
    grid = np.zeros((SIDE, SIDE), dtype=np.int64)
    grid[row : row + mark.shape[0], column : column + mark.shape[1]] = mark
    return grid


PRESETS: Mapping[str, Grid] = MappingProxyType(
    {
        "x": _placed(_cells("#...#", ".#.#.", "..#..", ".#.#.", "#...#")),
        "o": _placed(_cells(".###.", "#...#", "#...#", "#...#", ".###.")),
        "plus": _placed(_cells("..#..", "..#..", "#####", "..#..", "..#..")),
        "l": _placed(_cells("#....", "#....", "#....", "#....", "#####")),
        "block": _placed(_cells("#####", "#####", "#####", "#####", "#####")),
        "clear": _placed(_cells(".")),
    }
)
"""Drawings to begin with, by the word that stands for them in a link."""

KERNELS: Mapping[str, Grid] = MappingProxyType(
    {
        "x": 2 * _cells("#.#", ".#.", "#.#") - 1,
        "x5": 2 * _cells("#...#", ".#.#.", "..#..", ".#.#.", "#...#") - 1,
        "plus": 2 * _cells(".#.", "###", ".#.") - 1,
        "line": np.array([[-1, 2, -1]] * 3, dtype=np.int64),
    }
)
"""What slides over the drawing: 1 where its mark is and -1 where it is not, or an edge detector for lines."""


@dataclass(frozen=True)
class Shift:
    """By how far a drawing is moved, and what happens at the edge of the grid.

    Args:
        rows: downwards; negative is upwards.
        columns: to the right; negative is to the left.
        edge: fall, what leaves the grid is gone; wrap, it comes in again on the other side.
    """

    rows: int = 0
    columns: int = 0
    edge: Edge = "fall"

    def apply(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Move a matrix; where something has left, zeros come in.

        >>> Shift(0, 1).apply(np.array([[1, 2, 3]])).tolist(), Shift(0, 1, "wrap").apply(np.array([[1, 2, 3]])).tolist()
        ([[0, 1, 2]], [[3, 1, 2]])
        """
        moved = np.roll(cells, (self.rows, self.columns), axis=(0, 1))
        if self.edge == "fall":
            for axis, places in ((0, self.rows), (1, self.columns)):
                index: list[slice] = [slice(None), slice(None)]
                index[axis] = slice(0, places) if places >= 0 else slice(places, None)
                moved[tuple(index)] = 0
        return moved


@dataclass(frozen=True, eq=False)
class Peak:
    """The largest number of a feature map, and the first cell that has it."""

    value: int
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class ShiftedDrawing:
    """A drawing before and after a shift. All vectors are the grids read row by row, (144,).

    Args:
        before: (12, 12) of 0 and 1.
        after: likewise.
        map_before: (12, 12), the kernel slid over the drawing.
        map_after: likewise, over the shifted drawing; not the first map moved, but computed anew.
        shift: what was done.
    """

    before: Grid
    after: Grid
    map_before: Grid
    map_after: Grid
    shift: Shift

    @property
    def drawn(self) -> int:
        """How many cells are drawn."""
        return int(self.before.sum())

    @property
    def left(self) -> int:
        """How many of them are still on the grid."""
        return int(self.after.sum())

    @property
    def same(self) -> int:
        """In how many places of the vector something is drawn before and after."""
        return int((self.before & self.after).sum())

    @property
    def agreeing(self) -> int:
        """In how many of the 144 places the vectors are equal, blank ones included."""
        return int((self.before == self.after).sum())

    @property
    def cosine(self) -> float | None:
        """Of the angle between the two vectors; None where one is empty, which points nowhere."""
        lengths = self.drawn * self.left
        return self.same / math.sqrt(lengths) if lengths else None

    @property
    def expected_map(self) -> Grid:
        """The first feature map, moved as the drawing was."""
        return self.shift.apply(self.map_before)

    @property
    def differing(self) -> int:
        """In how many cells the second feature map is not the first one moved: the edge's doing."""
        return int((self.expected_map != self.map_after).sum())

    @property
    def peaks(self) -> tuple[Peak, Peak]:
        """The maximum before and after: what global max pooling keeps."""
        return _peak(self.map_before), _peak(self.map_after)


def shifted(drawing: Grid, shift: Shift, kernel: Grid) -> ShiftedDrawing:
    """Shift a drawing, and slide a kernel over it before and after.

    What lies around the grid is what the edge says: zeros where things fall off, the other side where they wrap.

    Raises:
        ShapeError: a drawing of another size.

    >>> found = shifted(PRESETS["x"], Shift(0, 1), KERNELS["x"])
    >>> found.drawn, found.same, found.cosine  # each diagonal moves onto blank cells
    (9, 0, 0.0)
    >>> found.peaks[0].value, found.peaks[1].value, found.differing
    (5, 5, 0)
    """
    if drawing.shape != (SIDE, SIDE):
        raise ShapeError(
            "A drawing of shape {shape} does not fit this grid: give {side} rows and columns.",
            shape=drawing.shape,
            side=SIDE,
        )
    after = shift.apply(drawing)
    return ShiftedDrawing(
        drawing, after, feature_map(drawing, kernel, shift.edge), feature_map(after, kernel, shift.edge), shift
    )


def feature_map(drawing: Grid, kernel: Grid, edge: Edge) -> Grid:
    """(12, 12): a kernel of odd size slid over the drawing, one place for each cell."""
    mode = "circular" if edge == "wrap" else "zeros"
    return conv2d(drawing[None], kernel[None, None], padding="same", padding_mode=mode)[0]


def random_drawing(rng: np.random.Generator) -> Grid:
    """A quarter of all cells, about."""
    return (rng.random((SIDE, SIDE)) < 0.25).astype(np.int64)


def parse_drawing(text: str) -> Grid:
    """Read a drawing: a preset's word, or three hexadecimal digits for each row.

    Raises:
        ParseError: it is neither.

    >>> parse_drawing("800" + 11 * "000")[0].tolist()  # 8 is 1000
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    """
    if text in PRESETS:
        return PRESETS[text]
    if len(text) != SIDE * _DIGITS or set(text.lower()) - set("0123456789abcdef"):
        raise ParseError(
            "A drawing is one of {words}, or {digits} hexadecimal digits, three for each row.",
            words=one_of(PRESETS),
            digits=SIDE * _DIGITS,
        )
    bits = f"{int(text, 16):0{CELLS}b}"
    return np.array([*bits], dtype=np.int64).reshape(SIDE, SIDE)


def format_drawing(drawing: Grid) -> str:
    """Write a drawing as `parse_drawing` reads it.

    >>> format_drawing(PRESETS["x"]), format_drawing(_placed(_cells("#"), 0, 0))[:6]
    ('x', '800000')
    """
    for word, preset in PRESETS.items():
        if np.array_equal(preset, drawing):
            return word
    return f"{int(bits_of(drawing), 2):0{SIDE * _DIGITS}x}"


def bits_of(drawing: Grid) -> str:
    """The flattened vector as text, 144 digits of 0 and 1."""
    return "".join(map(str, drawing.ravel().tolist()))


def parse_bits(text: object) -> Grid | None:
    """Read what `bits_of` writes; None for anything else, for a browser may send anything."""
    if not isinstance(text, str) or len(text) != CELLS or set(text) - set("01"):
        return None
    return np.array([*text], dtype=np.int64).reshape(SIDE, SIDE)


def parse_places(text: str) -> tuple[int, int]:
    """Read a shift: rows down and columns to the right, `0,1`.

    Raises:
        ParseError: it is no such pair, or leads further than the grid is wide.
    """
    parts = text.split(",")
    bare = [part.removeprefix("-") for part in parts]
    if len(parts) == 2 and all(part.isascii() and part.isdecimal() and len(part) <= 2 for part in bare):
        rows, columns = (int(part) for part in parts)
        if max(abs(rows), abs(columns)) < SIDE:
            return rows, columns
    raise ParseError(
        "A shift is rows down and columns to the right, like 0,1, each from {low} to {high}.",
        low=1 - SIDE,
        high=SIDE - 1,
    )


def as_edge(word: str) -> Edge:
    """The word as the type that it is.

    Raises:
        ParseError: an edge that the grid does not have.
    """
    if word not in EDGES:
        raise ParseError("There is no edge {word}: use fall or wrap.", word=quoted(word))
    return word


def _peak(cells: Grid) -> Peak:
    row, column = divmod(int(cells.argmax()), cells.shape[1])
    return Peak(int(cells[row, column]), row, column)
