"""A network as it is usually drawn: maps as slabs in perspective, rows of features as bars, windows on their way.

`draw` turns the rows of a summary into shapes with coordinates and the names of colours. Whoever shows them only
draws lines: the component `pictures` in a browser. A picture is as wide as it needs to be; coordinates are
pixels at its natural size, at which its numbers can be read from the back row.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

from cnnlab.layers import Layer, Shape, WindowLayer
from cnnlab.lessons.network.hiding import Cover, passes_on
from cnnlab.networks import LayerSummary
from cnnlab.texts import Message, all_of, in_a_row, message

WIDE = 916
"""Pixels that a picture should get along with: a projector's 1280, less the menu."""

COMPRESS = 12
"""When the largest of what is drawn is this many times the smallest, roots are drawn in place of sizes."""

MOST_SPARE = 44
"""Pixels by which a gap between two blocks may grow where there is room."""

OBLIQUE = (0.36, 0.3)
"""A pixel of a map's width goes this far to the right and this far up."""

DEEP = 12
"""Channels that are drawn as deep as any: with fewer, a slab stays thin, so that three do not look like many."""

CHARACTER = 0.58
"""The width of a character as a share of the size of its type; digits are about as wide."""

HIDDEN = "?"

Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """A filled polygon.

    Args:
        block: the number of the block it belongs to, counted from 0, which is the input.
        colour: a name: input, conv, pool, linear, other, trouble, mark.
        share: how much of the colour is mixed into the ground, from 0 to 1; 0 is an empty outline.
        dashed: whether its outline is.
    """

    block: int
    points: tuple[Point, ...]
    colour: str
    share: float
    dashed: bool = False


@dataclass(frozen=True)
class Line:
    """A line from one point to another; it belongs to the block that it leads to."""

    block: int
    points: tuple[Point, ...]
    colour: str
    dashed: bool = False


@dataclass(frozen=True)
class Label:
    """A text. `row` is the index of the layer that it names, None where it names none.

    Args:
        text: a number, a layer's name, or a message.
        anchor: start, middle or end.
        colour: a name as above, or ink or quiet.
    """

    block: int
    at: Point
    text: str
    size: float
    anchor: str = "middle"
    colour: str = "ink"
    strong: bool = False
    row: int | None = None


@dataclass(frozen=True)
class Block:
    """What a map or a row of features stands for.

    Args:
        rows: indices of the layers: the one that makes it, and those that act on each of its numbers; none for the
            input.
        name: what it is, for those who do not see it.
        box: left, top, right and bottom.
    """

    rows: tuple[int, ...]
    name: Message
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """A drawing: draw areas and lines in order, then labels."""

    width: float
    height: float
    blocks: tuple[Block, ...]
    areas: tuple[Area, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    scale: Message
    """How sizes are drawn, in words."""

    def to_plain(self) -> dict[str, Any]:
        """The same as lists and dictionaries, with coordinates to a tenth of a pixel."""
        return _rounded(asdict(self))


@dataclass(frozen=True)
class _Style:
    """How large a picture is drawn."""

    side: float
    depth: float
    bar: float
    bar_width: float
    number: float
    word: float
    gap: float
    is_compact: bool


_ROOMY = _Style(side=112, depth=46, bar=150, bar_width=13, number=15, word=13.5, gap=16, is_compact=False)
_LARGE = _Style(side=186, depth=70, bar=250, bar_width=18, number=21, word=18, gap=14, is_compact=False)
_COMPACT = _Style(side=104, depth=22, bar=140, bar_width=9, number=13.5, word=12.5, gap=4, is_compact=True)


@dataclass(frozen=True)
class _Part:
    """One block before it is placed."""

    rows: tuple[LayerSummary, ...]
    shape: Shape
    is_hidden: bool
    colour: str

    @property
    def layer(self) -> Layer | None:
        return self.rows[0].layer if self.rows else None

    @property
    def is_bar(self) -> bool:
        return len(self.shape) == 1


@dataclass(frozen=True)
class Failure:
    """The layer that does not fit, which ends the picture: its index and itself."""

    index: int
    layer: Layer


def draw(
    rows: Sequence[LayerSummary],
    input_shape: Shape,
    covers: Sequence[Cover] = (),
    failure: Failure | None = None,
    *,
    is_large: bool = False,
) -> Picture:
    """Draw a network as far as an input passes it.

    Args:
        rows: of its summary.
        covers: what of each row is hidden. A hidden block has one size, whatever is behind it.
        failure: the layer that comes next, and does not fit.
        is_large: whether the picture has a screen for itself.
    """
    parts = _parts(rows, input_shape, covers)
    for style in (_LARGE, _ROOMY) if is_large else (_ROOMY,):
        picture = _Drawing(parts, failure, style).picture()
        if picture.width <= WIDE:
            # What is left of the width goes between the blocks, where the windows' lines run.
            spare = min((WIDE - picture.width) / len(parts), MOST_SPARE)
            return _Drawing(parts, failure, replace(style, gap=style.gap + spare)).picture()
    return _Drawing(parts, failure, _COMPACT).picture()


def is_act(row: LayerSummary) -> bool:
    """Whether a layer acts on each number by itself, and is named below what it acts on: ReLU, Dropout, BatchNorm."""
    return passes_on(row) and row.input_shape == row.output_shape and not isinstance(row.layer, WindowLayer)


def _parts(rows: Sequence[LayerSummary], input_shape: Shape, covers: Sequence[Cover]) -> list[_Part]:
    parts = [_Part((), input_shape, False, "input")]
    for index, row in enumerate(rows):
        if is_act(row):
            parts[-1] = replace(parts[-1], rows=(*parts[-1].rows, row))
            continue
        is_hidden = bool(covers) and covers[index].shape
        parts.append(_Part((row,), row.output_shape, is_hidden, _colour(row)))
    return parts


def _colour(row: LayerSummary) -> str:
    if row.macs:
        return "conv" if len(row.output_shape) == 3 else "linear"
    return "pool" if len(row.input_shape) == len(row.output_shape) == 3 else "other"


def _scale(
    sizes: Sequence[int], longest: float, shortest: float, least: int = 1
) -> tuple[Callable[[int], float], bool]:
    """How long a size is drawn, and whether by its root; the longest is that of the largest size, or of `least`."""
    counted = [size for size in sizes if size > 1]
    most = max([least, *counted])
    is_root = bool(counted) and max(counted) > COMPRESS * min(counted)

    def length(size: int) -> float:
        share = math.sqrt(size / most) if is_root else size / most
        return max(shortest, longest * share)

    return length, is_root


class _Drawing:
    """One picture in the making."""

    def __init__(self, parts: Sequence[_Part], failure: Failure | None, style: _Style) -> None:
        self.parts, self.failure, self.style = parts, failure, style
        seen = [part for part in parts if not part.is_hidden]
        maps = [part.shape for part in seen if not part.is_bar]
        self.side, sides_are_roots = _scale([size for shape in maps for size in shape[1:]], style.side, 5)
        self.depth, depths_are_roots = _scale([shape[0] for shape in maps], style.depth, 4, DEEP)
        self.bar, bars_are_roots = _scale([part.shape[0] for part in seen if part.is_bar], style.bar, 8)
        self.scale = _scale_sentence(
            {
                message("heights"): sides_are_roots,
                message("widths"): sides_are_roots,
                message("channels"): depths_are_roots,
            }
            | ({message("features"): bars_are_roots} if any(part.is_bar for part in seen) else {})
        )
        self.areas: list[Area] = []
        self.lines: list[Line] = []
        self.labels: list[Label] = []
        self.blocks: list[Block] = []
        self.middle = style.number + 8 + style.side * (1 + OBLIQUE[1]) * 0.56
        self.x = 6.0
        self.words_end = 0.0
        """Where the words below the blocks end so far, so that the next ones do not run into them."""

    def picture(self) -> Picture:
        before: tuple[_Part, _Placed] | None = None
        for number, part in enumerate(self.parts):
            before = part, self._place(number, part, before)
        if self.failure:
            self._fail(len(self.parts), self.failure)
        lowest = max((label.at[1] for label in self.labels), default=0.0)
        width = max(self.x, self.words_end, 120.0)
        return Picture(
            width + 6,
            lowest + 9,
            tuple(self.blocks),
            tuple(self.areas),
            tuple(self.lines),
            tuple(self.labels),
            self.scale,
        )

    # --- one block ----------------------------------------------------------------------------------------------------

    def _place(self, number: int, part: _Part, before: "tuple[_Part, _Placed] | None") -> "_Placed":
        style = self.style
        sizes: Shape = part.shape[1:] if not part.is_bar else ()
        is_repeated = before is not None and before[0].shape[1:] == sizes and not part.is_hidden and bool(sizes)
        names_sides = bool(sizes) and not (style.is_compact and is_repeated)
        placed = self._measure(part)
        # Room on the left for the height's number, and for the words below.
        left = self.x + (style.gap if number else 0)
        if names_sides:
            left = max(
                left, self.x + 5 + _width(HIDDEN if part.is_hidden else str(math.prod(sizes[:1])), style.number) + 4
            )
        words = self._words(part)
        wide = max(_width(text, size) for text, size, *_ in words)
        middle = placed.width / 2
        left = max(left, self.words_end + 7 + wide / 2 - middle)
        placed = replace(placed, left=left)
        if before is not None:
            self._connect(number, *before, part, placed)
        self._solid(number, part, placed)
        self._numbers(number, part, placed, names_sides)
        centre = left + middle
        y = self.middle + max(style.side * 0.56, style.bar / 2) + style.number + 4
        top = placed.top(self.middle)
        for index, (text, size, colour, row) in enumerate(words):
            strong = index == 0
            self.labels.append(Label(number, (centre, y), text, size, "middle", colour, strong, row))
            y += size + 3
        self.x = placed.right
        self.words_end = centre + wide / 2
        self.blocks.append(Block(tuple(row.index for row in part.rows), _name(part), (left, top, placed.right, y)))
        return placed

    def _measure(self, part: _Part) -> "_Placed":
        if part.is_hidden:
            side = self.style.side * 0.55
            if part.is_bar:
                return _Placed(0, self.style.bar_width, self.style.bar * 0.5, 0, 0)
            return _Placed(0, self.style.depth * 0.5, side, side * OBLIQUE[0], side * OBLIQUE[1])
        if part.is_bar:
            return _Placed(0, self.style.bar_width, self.bar(part.shape[0]), 0, 0)
        channels, height, width = part.shape
        return _Placed(
            0,
            self.depth(channels),
            self.side(height),
            self.side(width) * OBLIQUE[0],
            self.side(width) * OBLIQUE[1],
        )

    def _solid(self, number: int, part: _Part, placed: "_Placed") -> None:
        """The slab or the bar: its front, and for a slab its top and the side that shows the map."""
        front = placed.front(self.middle)
        share, dashed = (0.0, True) if part.is_hidden else (0.62, False)
        self.areas.append(Area(number, front, part.colour, share, dashed))
        if placed.across:
            top_left, top_right, bottom_right, _ = front
            shift = (placed.across, -placed.up)
            top = (top_left, _moved(top_left, shift), _moved(top_right, shift), top_right)
            side = (top_right, _moved(top_right, shift), _moved(bottom_right, shift), bottom_right)
            self.areas.append(Area(number, top, part.colour, share * 0.55, dashed))
            self.areas.append(Area(number, side, part.colour, share * 0.3, dashed))

    def _numbers(self, number: int, part: _Part, placed: "_Placed", names_sides: bool) -> None:
        style = self.style
        size = style.number
        shown = [HIDDEN] * len(part.shape) if part.is_hidden else [f"{one:,}" for one in part.shape]
        top, bottom = self.middle - placed.tall / 2, self.middle + placed.tall / 2
        if part.is_bar:
            at = (placed.left + placed.thick / 2, top - 6)
            self.labels.append(Label(number, at, shown[0], size, "middle", "ink", True))
            return
        at = (placed.left + placed.thick / 2, bottom + size)
        self.labels.append(Label(number, at, shown[0], size, "middle", "ink", True))
        if names_sides:
            self.labels.append(Label(number, (placed.left - 4, self.middle + size * 0.35), shown[1], size, "end"))
            at = (placed.left + placed.across / 2 - 3, top - placed.up / 2 - 3)
            self.labels.append(Label(number, at, shown[2], size, "end" if placed.across > 12 else "middle"))

    def _words(self, part: _Part) -> list[tuple[str, float, str, int | None]]:
        """What stands below a block: the layer that makes it, and those that act on it."""
        size = self.style.word
        if not part.layer:
            made: tuple[str, int | None] = (message("input"), None)
            acts = part.rows
        elif is_act(part.rows[0]):
            made, acts = (message("input"), None), part.rows
        else:
            made, acts = (self._title(part.rows[0].layer), part.rows[0].index), part.rows[1:]
        names = [(_word(row.layer), row.index) for row in acts]
        return [
            (made[0], size, part.colour if made[1] is not None else "quiet", made[1]),
            *((name, size * 0.92, "quiet", index) for name, index in names),
        ]

    def _title(self, layer: Layer) -> str:
        word = _word(layer)
        if isinstance(layer, WindowLayer):
            kernel = "×".join(str(layer.window(axis).kernel_size) for axis in (0, 1))
            return kernel if self.style.is_compact else message("{layer} {kernel}", layer=word, kernel=kernel)
        return word

    # --- from one block to the next -----------------------------------------------------------------------------------

    def _connect(self, number: int, before: _Part, there: "_Placed", part: _Part, placed: "_Placed") -> None:
        layer = part.layer
        if isinstance(layer, WindowLayer) and not before.is_bar:
            self._window(number, layer, before, there, placed)
        elif part.colour == "linear" and before.is_bar:
            starts = [(there.right, self.middle + sign * there.tall / 2) for sign in (-1, 1)]
            ends = [(placed.left, self.middle + sign * placed.tall / 2) for sign in (-1, 1)]
            self.lines += [Line(number, (start, end), "quiet") for start in starts for end in ends]
        else:
            tops = [(there.right, self.middle - there.tall / 2), (placed.left, self.middle - placed.tall / 2)]
            bottoms = [(there.right - there.across, self.middle + there.tall / 2)]
            bottoms.append((placed.left, self.middle + placed.tall / 2))
            self.lines += [Line(number, tuple(points), "quiet", dashed=True) for points in (tops, bottoms)]

    def _window(self, number: int, layer: WindowLayer, before: _Part, there: "_Placed", placed: "_Placed") -> None:
        """A window on the map before, and lines from its corners to the cell that it makes."""
        rows, columns = layer.window(0), layer.window(1)
        if before.is_hidden:
            tall = wide = 0.3
        else:
            tall, wide = (
                min(1.0, (window.dilation * (window.kernel_size - 1) + 1) / size)
                for window, size in zip((rows, columns), before.shape[1:], strict=True)
            )
        down, along = (1 - tall) * 0.62, (1 - wide) * 0.5
        corners = [
            there.on_map(self.middle, along + dx * wide, down + dy * tall)
            for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))
        ]
        self.areas.append(Area(number, tuple(corners), "mark", 0.25))
        end = (placed.left, self.middle + placed.tall * 0.22)
        starts = corners[1:3] if self.style.is_compact else corners
        self.lines += [Line(number, (start, end), "mark", dashed=True) for start in starts]

    def _fail(self, number: int, failure: Failure) -> None:
        """The layer that does not fit: an empty outline, crossed out."""
        style = self.style
        words = [(_word(failure.layer), style.word), (message("does not fit"), style.word)]
        wide = max(_width(text, size) for text, size in words)
        left = max(self.x + style.gap, self.words_end + 8 + wide / 2 - 15)
        tall = style.side * 0.6
        top, bottom = self.middle - tall / 2, self.middle + tall / 2
        outline = ((left, top), (left + 30, top), (left + 30, bottom), (left, bottom))
        self.areas.append(Area(number, outline, "trouble", 0.12, dashed=True))
        for start, end in ((0, 2), (1, 3)):
            self.lines.append(Line(number, (outline[start], outline[end]), "trouble"))
        y = self.middle + max(style.side * 0.56, style.bar / 2) + style.number + 4
        for text, size in words:
            self.labels.append(Label(number, (left + 15, y), text, size, "middle", "trouble", True, failure.index))
            y += size + 3
        self.x, self.words_end = left + 30, left + 15 + wide / 2
        name = message("Layer {number}, {layer}, does not fit", number=failure.index + 1, layer=failure.layer.name)
        self.blocks.append(Block((failure.index,), name, (left, top, left + 30, y)))


@dataclass(frozen=True)
class _Placed:
    """Where a block stands: its left edge, the thickness and height of its front, and how far back it goes."""

    left: float
    thick: float
    tall: float
    across: float
    up: float

    @property
    def width(self) -> float:
        return self.thick + self.across

    @property
    def right(self) -> float:
        return self.left + self.width

    def top(self, middle: float) -> float:
        return middle - self.tall / 2 - self.up

    def front(self, middle: float) -> tuple[Point, Point, Point, Point]:
        """Top left, top right, bottom right, bottom left."""
        top, bottom = middle - self.tall / 2, middle + self.tall / 2
        right = self.left + self.thick
        return (self.left, top), (right, top), (right, bottom), (self.left, bottom)

    def on_map(self, middle: float, along: float, down: float) -> Point:
        """A place on the side that shows the map, as shares of its width and its height."""
        return (
            self.left + self.thick + along * self.across,
            middle - self.tall / 2 + down * self.tall - along * self.up,
        )


def _word(layer: Layer) -> str:
    return layer.word or layer.name


def _name(part: _Part) -> Message:
    shape = HIDDEN if part.is_hidden else " × ".join(f"{size:,}" for size in part.shape)
    if not part.rows or is_act(part.rows[0]):
        return message("Input, {shape}", shape=shape)
    row = part.rows[0]
    return message("Layer {number}, {layer}, {shape}", number=row.index + 1, layer=row.name, shape=shape)


def _scale_sentence(roots: dict[Message, bool]) -> Message:
    to_scale = [name for name, is_root in roots.items() if not is_root]
    by_root = [name for name, is_root in roots.items() if is_root]
    return in_a_row(
        message("Drawn to scale: {sizes}.", sizes=all_of(to_scale)) if to_scale else "",
        message("Drawn by their square roots: {sizes}.", sizes=all_of(by_root)) if by_root else "",
    )


def _width(text: str, size: float) -> float:
    return len(text) * size * CHARACTER


def _moved(point: Point, by: Point) -> Point:
    return point[0] + by[0], point[1] + by[1]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 1)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in cast("list[Any]", value)]
    return value
