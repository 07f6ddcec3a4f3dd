"""Maps: planes of cells side by side, which cells of two planes are connected, and how what is pointed at is marked.

A convolution's input and output are two planes, the maps of a network one each. Rows and columns are told apart from
each other: what a cell is connected to in another plane is the rectangle of a span of rows and a span of columns. Cells
count from 0 at the first that is no padding, so those before it have negative numbers.

Everything here is a value; the component `map` of the user interface draws it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, cast

from cnnlab.texts import NOTHING, Message

Look = Literal[
    "",  # not drawn
    "unit",  # a full cell, with an edge
    "region",  # cells under a colour
    "veil",  # all but these cells fades
    "feeds",  # cells in the accent colour
    "kernel",  # as a region, but over the lines
    "traced",  # cells with an edge only
    "span",  # an outline
    "window",  # a wider one
    "frame",  # one in the colour of text
    "pixel",  # one in the accent colour
    "dropped",  # hatched
    "beyond",  # a dashed outline
    # Only in legends:
    "outside",
    "unread",
    "padding",
    "border",
    "centres",
    "scale",
]
"""What a mark looks like. The component's style sheet has a class for each."""

Use = Literal["look", "point", "choose"]
"""What a plane is there for: to be looked at; to be pointed at, too; or to have one of its cells chosen, too."""

Layout = Literal["beside", "tiles", "side"]
"""Two planes beside each other, the first with many in rows beside it, or all as lines of dots above each other."""


@dataclass(frozen=True)
class Span:
    """The cells of an axis that one cell of another plane is connected to.

    Args:
        first, last: both included; they may lie in padding or beyond.
        runs: the connected ones among them, as (start, length), from first to last.
    """

    first: int
    last: int
    runs: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        """Cells that are connected."""
        return sum(length for _, length in self.runs)


@dataclass(frozen=True)
class Reach:
    """The span of every cell of an axis. Most are alike and only begin elsewhere, so a shape is told once.

    Args:
        firsts: of each cell's span.
        shapes: the spans' lengths, with their runs counted from their first cell.
        kinds: the index of each cell's shape; empty where all have the first.
    """

    firsts: tuple[int, ...]
    shapes: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
    kinds: tuple[int, ...] = ()

    @classmethod
    def of(cls, spans: Sequence[Span]) -> "Reach":
        """Pack spans, one for each cell.

        >>> Reach.of([Span(-1, 1, ((0, 2),)), Span(0, 2, ((0, 3),)), Span(1, 3, ((1, 3),))])
        Reach(firsts=(-1, 0, 1), shapes=((3, ((1, 2),)), (3, ((0, 3),))), kinds=(0, 1, 1))
        """
        shapes = [
            (span.last - span.first + 1, tuple((start - span.first, length) for start, length in span.runs))
            for span in spans
        ]
        known = {shape: index for index, shape in enumerate(dict.fromkeys(shapes))}
        kinds = tuple(known[shape] for shape in shapes)
        return cls(tuple(span.first for span in spans), tuple(known), kinds if len(known) > 1 else ())

    def span(self, cell: int) -> Span:
        """The span of one cell.

        >>> Reach((0, 2, 4), ((3, ((0, 3),)),)).span(1)
        Span(first=2, last=4, runs=((2, 3),))
        """
        first = self.firsts[cell]
        length, runs = self.shapes[self.kinds[cell] if self.kinds else 0]
        return Span(first, first + length - 1, tuple((first + start, count) for start, count in runs))


@dataclass(frozen=True)
class Link:
    """What each cell of the plane `source` is connected to in the plane `target`; no `cols` means as the rows."""

    source: int
    target: int
    rows: Reach
    cols: Reach | None = None


@dataclass(frozen=True)
class Axis:
    """One axis of a plane.

    Args:
        size: its cells, without padding.
        padding: cells (before, after) that count as the plane's, though they are padding.
        room: cells (before, after) that the drawing leaves free around `size`, those of the padding among them.
        centre: the middle of what its first cell sees of the first plane, in cells of that.
        jump: from there to the middle of what the next one sees.
    """

    size: int
    padding: tuple[int, int] = (0, 0)
    room: tuple[int, int] = (0, 0)
    centre: float = 0
    jump: int = 1


@dataclass(frozen=True)
class Area:
    """A rectangle that is marked whatever is pointed at."""

    look: Look
    row: int
    col: int
    height: int
    width: int


@dataclass(frozen=True)
class Plane:
    """Cells in rows and columns.

    Args:
        cols: none means as the rows.
        title, facts: what stands above it.
        name: what it is to somebody who does not see it; none where there is nothing to see.
        use: what it is there for.
        keys: whether it takes the focus, for keys that choose another cell.
        told: in the names of the texts that tell of its cells: `told_unit` and so on.
        unit: how its own cell is marked that is chosen or pointed at.
        cells, outline: how those are marked that are connected to the cell chosen or pointed at in another plane.
        outside: whether what of the outline lies beyond its cells is hatched.
        areas: what else is marked.
        image: the data URL of a picture that lies on its cells.
        scale: colours (ground, text) for the number of cells connected to each one, from 1; none, and they are not
            counted.
        rulers: whether its rows and columns are numbered, from 1 at the first that is no padding.
        centres: of which plane the cells' centres are dotted.
        note: what stands below it.
        unknown: whether a question mark stands in its place.
    """

    rows: Axis
    cols: Axis | None = None
    title: Message = NOTHING
    facts: Message = NOTHING
    name: Message = NOTHING
    use: Use = "look"
    keys: bool = False
    told: str = ""
    unit: Look = ""
    cells: Look = ""
    outline: Look = ""
    outside: bool = False
    areas: tuple[Area, ...] = ()
    image: str = ""
    scale: tuple[tuple[str, str], ...] = ()
    rulers: bool = False
    centres: int | None = None
    note: Message = NOTHING
    unknown: bool = False


@dataclass(frozen=True)
class Entry:
    """A line of the legend; of a scale `text` tells its beginning and `end` its end."""

    look: Look
    text: Message
    end: Message = NOTHING


@dataclass(frozen=True)
class Map:
    """A whole drawing.

    Args:
        planes: the first is what is seen, the others see it.
        links: between any two planes.
        ways: from the side, for each plane after the first: the cells of the one before that its windows read.
        words: `empty` where no cell can be chosen. `told_…` of the planes, with `_nothing`, `_once` or `_part` where
            none of the cells is connected, one, or not all in between, `_beyond` for cells that are not the plane's,
            and `_rim` at the end where a number below 1 is said. With a player those of its buttons; from the side
            `side_name` and `pixels`.
        has_player: whether buttons step through the cells that can be chosen.
        is_fixed: whether nothing can be chosen.
    """

    planes: tuple[Plane, ...]
    layout: Layout
    words: Mapping[str, Message]
    links: tuple[Link, ...] = ()
    ways: tuple[Reach, ...] = ()
    legend: tuple[Entry, ...] = ()
    has_player: bool = False
    is_fixed: bool = False

    def to_plain(self) -> dict[str, Any]:
        """Write it as plain data: what is as it is by default is left out."""
        return _plain(self)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        told = {each.name: getattr(value, each.name) for each in fields(value)}
        return {each.name: _plain(told[each.name]) for each in fields(value) if told[each.name] != each.default}
    if isinstance(value, tuple):
        return [_plain(each) for each in cast("tuple[Any, ...]", value)]
    return value
