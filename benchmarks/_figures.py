"""Figures of a measurement: their spread, what was wanted of them, and the table that shows both."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """A set of times, in milliseconds."""

    count: int
    median: float
    p95: float
    worst: float

    @staticmethod
    def of(milliseconds: Sequence[float]) -> "Spread":
        """Sum up some times, of which there must be one at least.

        >>> Spread.of([1, 2, 3, 4, 100])
        Spread(count=5, median=3, p95=100, worst=100)
        """
        ordered = sorted(milliseconds)
        # The smallest time that at least 95 % of all do not exceed.
        p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
        return Spread(len(ordered), statistics.median(ordered), p95, ordered[-1])


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Args:
        ratio: to what it is compared with; None where there is nothing.
        figure: what is held against `wanted`.
        wanted: the figure must stay below; None where nothing was promised.
    """

    name: str
    spread: Spread
    ratio: float | None = None
    figure: float | None = None
    wanted: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether it is as wanted."""
        if self.figure is None or self.wanted is None:
            return ""
        return "as wanted" if self.figure <= self.wanted else "MISSED"


def format_table(rows: Sequence[Row]) -> str:
    """Lay the rows out for the terminal."""
    heads = ("", "median", "95 %", "worst", "of", "ratio", "wanted", "")
    cells = [
        (
            row.name,
            _milliseconds(row.spread.median),
            _milliseconds(row.spread.p95),
            _milliseconds(row.spread.worst),
            str(row.spread.count),
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.note,
            row.verdict,
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    words = {0, 6, 7}
    lines = [
        "  ".join(
            cell.ljust(width) if column in words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (heads, *cells)
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _milliseconds(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 20 else f"{value:.1f} ms"
