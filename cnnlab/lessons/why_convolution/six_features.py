"""Two rows of six features: what an MLP finds that they have in common, and what a convolution makes of both."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from cnnlab import lecture
from cnnlab.errors import ParseError, ShapeError
from cnnlab.ops import conv2d

FEATURES = 6

Row = tuple[int, ...]

KERNELS: Mapping[str, Row] = MappingProxyType({"pair": (1, 1), "triple": (1, 1, 1), "gap": (1, 0, 1), "edge": (-1, 1)})
"""The kernels on offer, by the word that the link holds."""


@dataclass(frozen=True)
class Pair:
    """Two rows to begin with, and the kernel that suits their mark."""

    first: Row
    second: Row
    kernel: str


PAIRS: Mapping[str, Pair] = MappingProxyType(
    {
        "one": Pair(*lecture.FEATURE_ROWS, "pair"),
        "far": Pair((1, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 1), "pair"),
        "gap": Pair((1, 0, 1, 0, 0, 0), (0, 1, 0, 1, 0, 0), "gap"),
        "other": Pair((0, 1, 1, 0, 0, 0), (0, 1, 0, 1, 0, 0), "pair"),
    }
)
"""The examples, by name."""


@dataclass(frozen=True)
class Comparison:
    """What two rows have in common.

    Args:
        products: (6,), place by place; a neuron that has the first row as its weights adds them up.
        own: what that neuron answers to the first row itself.
        overlap: what it answers to the second row: the number of places where both have the mark.
        cosine: of the angle between the two; None where a row is empty, which points nowhere.
        first_map: (6 + K - 1,), the kernel slid along the first row, hanging over both ends.
        second_map: likewise.
        travelled: by how many places the second map is the first one, moved; None where it is another one.
    """

    products: Row
    own: int
    overlap: int
    cosine: float | None
    first_map: Row
    second_map: Row
    travelled: int | None

    @property
    def maxima(self) -> tuple[int, int]:
        """The largest number of each map: what global max pooling keeps."""
        return max(self.first_map), max(self.second_map)


def compare(first: Row, second: Row, kernel: Row) -> Comparison:
    """Compare two rows of six features as an MLP does, and as a convolution does.

    Raises:
        ShapeError: a row that has not six features, or a kernel that is longer than a row.

    >>> found = compare((1, 1, 0, 0, 0, 0), (0, 1, 1, 0, 0, 0), (1, 1))
    >>> found.overlap, found.own, found.cosine  # 1 / (sqrt(2) * sqrt(2))
    (1, 2, 0.5)
    >>> found.first_map, found.second_map, found.travelled
    ((1, 2, 1, 0, 0, 0, 0), (0, 1, 2, 1, 0, 0, 0), 1)
    """
    for row in (first, second):
        if len(row) != FEATURES:
            raise ShapeError(
                "A row of {features} features cannot be compared here: give {needed} of them.",
                features=len(row),
                needed=FEATURES,
            )
    products = tuple(a * b for a, b in zip(first, second, strict=True))
    first_map, second_map = feature_map(first, kernel), feature_map(second, kernel)
    lengths = sum(map(abs, first)) * sum(map(abs, second))
    return Comparison(
        products=products,
        own=sum(first),
        overlap=sum(products),
        cosine=sum(products) / math.sqrt(lengths) if lengths else None,
        first_map=first_map,
        second_map=second_map,
        travelled=_travelled(first_map, second_map),
    )


def feature_map(row: Row, kernel: Row) -> Row:
    """Slide a kernel along a row, from where it touches the first feature to where it leaves the last one.

    Zeros lie around the row, so that no place of the mark is seen by fewer windows than another.

    Raises:
        ShapeError: the kernel is longer than the row.

    >>> feature_map((1, 1, 0, 0, 0, 0), (1, 1))
    (1, 2, 1, 0, 0, 0, 0)
    """
    if not 1 <= len(kernel) <= len(row):
        raise ShapeError(
            "A kernel of {kernel} does not fit {features} features: use a shorter one.",
            kernel=len(kernel),
            features=len(row),
        )
    padding = (0, len(kernel) - 1)
    return tuple(conv2d(np.array([[row]]), np.array([[[kernel]]]), padding=padding)[0, 0].tolist())


def shift_row(row: Row, places: int) -> Row:
    """Move a row to the right, or to the left where `places` is negative; what leaves it is lost.

    >>> shift_row((1, 1, 0, 0, 0, 0), 1), shift_row((1, 1, 0, 0, 0, 0), -1)
    ((0, 1, 1, 0, 0, 0), (1, 0, 0, 0, 0, 0))
    """
    return tuple(row[index - places] if 0 <= index - places < len(row) else 0 for index in range(len(row)))


def parse_row(text: str) -> Row:
    """Read a row as a link has it: `110000`.

    Raises:
        ParseError: anything but six digits of 0 and 1.

    >>> parse_row("110000")
    (1, 1, 0, 0, 0, 0)
    """
    if len(text) != FEATURES or set(text) - set("01"):
        raise ParseError("A row is {digits} digits, each 0 or 1, like 110000.", digits=FEATURES)
    return tuple(map(int, text))


def format_row(row: Row) -> str:
    """Write a row as `parse_row` reads it.

    >>> format_row((0, 1, 1, 0, 0, 0))
    '011000'
    """
    return "".join(map(str, row))


def _travelled(first: Row, second: Row) -> int | None:
    """The shortest way, if there is one; two empty maps went nowhere."""
    ways = sorted(range(1 - len(first), len(first)), key=lambda places: (abs(places), -places))
    for places in ways:
        # Nothing but zeros may be lost on the way.
        if shift_row(first, places) == second and shift_row(second, -places) == first:
            return places
    return None
