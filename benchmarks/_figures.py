"""Figures of a measurement: times, bytes, what was wanted of them, and the table that shows it all."""

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
class Sent:
    """What a server sent: so many bytes, in so many answers, each a run of the page's script or of a part of it."""

    size: int
    answers: int

    @staticmethod
    def median(several: Sequence["Sent"]) -> "Sent | None":
        """Sum up what was sent several times; None where it was not counted.

        >>> Sent.median([Sent(900, 2), Sent(1000, 1), Sent(1100, 2)])
        Sent(size=1000, answers=2)
        """
        if not several:
            return None
        return Sent(
            statistics.median_high(sent.size for sent in several),
            statistics.median_high(sent.answers for sent in several),
        )

    def __str__(self) -> str:
        return f"{self.size:,} in {self.answers}"


@dataclass(frozen=True)
class Measured:
    """What the same thing took in another lab."""

    spread: Spread
    sent: Sent | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Args:
        ratio: to what it is compared with; None where there is nothing.
        figure: what is held against `wanted`.
        wanted: the figure must stay below; None where nothing was promised.
        sent: what the server sent meanwhile; None where it was not counted.
        most: no more than this may be sent; None where nothing was promised.
        against: the same of the lab that this one is compared with; None where there is none.
    """

    name: str
    spread: Spread
    ratio: float | None = None
    figure: float | None = None
    wanted: float | None = None
    note: str = ""
    sent: Sent | None = None
    most: Sent | None = None
    against: Measured | None = None

    @property
    def verdict(self) -> str:
        """Whether it is as wanted."""
        kept: list[bool] = []
        if self.figure is not None and self.wanted is not None:
            kept.append(self.figure <= self.wanted)
        if self.sent is not None and self.most is not None:
            kept.append(self.sent.size <= self.most.size and self.sent.answers <= self.most.answers)
        if not kept:
            return ""
        return "as wanted" if all(kept) else "MISSED"


def format_table(rows: Sequence[Row]) -> str:
    """Lay the rows out for the terminal; what nothing is told of has no column."""
    columns = [
        ("", [row.name for row in rows]),
        ("median", [_milliseconds(row.spread.median) for row in rows]),
        ("95 %", [_milliseconds(row.spread.p95) for row in rows]),
        ("worst", [_milliseconds(row.spread.worst) for row in rows]),
        ("of", [str(row.spread.count) for row in rows]),
        ("ratio", ["" if row.ratio is None else f"{row.ratio:.2f}" for row in rows]),
        ("bytes in answers", [_text(row.sent) for row in rows]),
        ("against: median", [row.against and _milliseconds(row.against.spread.median) for row in rows]),
        ("95 %", [row.against and _milliseconds(row.against.spread.p95) for row in rows]),
        ("ratio", [row.against and f"{row.spread.median / row.against.spread.median:.2f}" for row in rows]),
        ("bytes in answers", [row.against and _text(row.against.sent) for row in rows]),
        ("wanted", [_wanted(row) for row in rows]),
        ("", [row.verdict for row in rows]),
    ]
    told = [(head, [cell or "" for cell in cells]) for head, cells in columns if any(cells)]
    words = {"", "wanted"}
    lines = [""] * (len(rows) + 1)
    for head, cells in told:
        width = max(map(len, (head, *cells)))
        for place, cell in enumerate((head, *cells)):
            lines[place] += (cell.ljust(width) if head in words else cell.rjust(width)) + "  "
    lines = [line.rstrip() for line in lines]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _text(sent: Sent | None) -> str:
    return "" if sent is None else str(sent)


def _wanted(row: Row) -> str:
    bytes_wanted = "" if row.most is None or row.sent is None else f"bytes <= {row.most}"
    return ", ".join(filter(None, [row.note, bytes_wanted]))


def _milliseconds(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 20 else f"{value:.1f} ms"
