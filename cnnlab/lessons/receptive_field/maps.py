"""The receptive-field page's pictures: what each unit sees in every map below, and heat maps of what it listens to."""

# plotly leaves its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from cnnlab.exact_fields import AxisRegion
from cnnlab.figures.maps import Axis, Entry, Link, Map, Plane, Reach, Span
from cnnlab.figures.style import MEANINGS, SEQUENTIAL
from cnnlab.figures.style import layout as lay_out
from cnnlab.lessons.receptive_field.stack import Row, Stack
from cnnlab.texts import NOTHING, Message, in_a_row, message, say, unfilled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

OUTLINE, AROUND = MEANINGS["selected"].light, "#ffffff"
SMALLEST_CUT = 4
"""Pixels of padding that are drawn around however small a map."""


# --- the maps ---------------------------------------------------------------------------------------------------------

_SEES = {
    "tiles": unfilled(
        "The unit in row {row}, column {col} of layer {layer} sees rows {top} to {bottom} and columns {left} to "
        "{right} of the input: {size} × {size} pixels."
    ),
    "side": unfilled("Unit {col} of layer {layer} sees pixels {left} to {right} along this axis: {size} of them."),
}
_OF_THESE = {
    "": "",
    "_part": unfilled("Only {count} of these {all} have a path to it; the rest is gaps or padding."),
    "_nothing": message("It reads padding only."),
}
_RIM = {"": "", "_rim": message("(The input's first pixel is 1; smaller numbers lie in the padding.)")}


def reach_map(stack: Stack, *, from_side: bool = False, hidden: bool = False, picture: str = "") -> Map:
    """Describe the maps of a stack, and what every unit sees in each map below its own.

    Args:
        from_side: as lines of dots above each other, with all paths between them.
        hidden: without what units see.
        picture: the data URL of what the input shows.
    """
    layout = "side" if from_side else "tiles"
    reaches = _reaches(stack)
    planes = [_input(stack, reaches.room[0], from_side, picture)]
    planes += [
        _layer(stack, row, room, from_side, hidden) for row, room in zip(stack.rows, reaches.room[1:], strict=True)
    ]
    return Map(
        tuple(planes),
        layout,
        _words(layout, hidden),
        links=() if hidden else reaches.links,
        ways=tuple(_ways(row) for row in stack.rows) if from_side and not hidden else (),
        legend=() if from_side or not stack.rows else _legend(hidden, picture, any(reaches.room)),
    )


def _input(stack: Stack, room: int, from_side: bool, picture: str) -> Plane:
    axis = Axis(stack.size, _padding(stack, 0, from_side), (room, room))
    return Plane(
        axis,
        title=message("Input"),
        facts=NOTHING if from_side else message("{size}×{size} pixels", size=stack.size),
        name=message("The input, {size} by {size} pixels, with what the selected unit sees", size=stack.size),
        cells="veil" if picture else "region",
        outline="span",
        outside=True,
        image="" if from_side else picture,
    )


def _layer(stack: Stack, row: Row, room: int, from_side: bool, hidden: bool) -> Plane:
    axis = Axis(
        row.size,
        _padding(stack, row.number, from_side),
        (room, room),
        centre=row.field.start + (row.field.size - 1) / 2,
        jump=row.field.jump,
    )
    field = "?" if hidden else f"{row.field.size:,}"
    return Plane(
        axis,
        title=in_a_row(str(row.number), row.layer.title),
        facts=message("sees {field}", field=field)
        if from_side
        else message("{size}×{size}, sees {field}", size=row.size, field=field),
        name=message(
            "Layer {layer}, {title}, {size} by {size} units. The arrow keys select a unit, Page Up and Page Down "
            "another layer.",
            layer=row.number,
            title=row.layer.title,
            size=row.size,
        ),
        use="choose",
        keys=True,
        told="unit",
        unit="unit",
        cells="region",
        outline="span",
        outside=True,
    )


def _words(layout: Literal["tiles", "side"], hidden: bool) -> dict[str, Message]:
    words: dict[str, Message] = {"empty": message("There is no layer yet: add one below.")}
    if layout == "side":
        words |= {
            "side_name": message("All layers from the side. Left and right select a unit, up and down a layer."),
            "pixels": unfilled("{size} pixels"),
        }
    if hidden:
        rule = unfilled(
            "What does a unit of layer {layer} see? Count, or use the rule: each kernel adds (extent − 1) · jump."
        )
        return words | {"told_unit": rule}
    return words | {
        f"told_unit{part}{rim}": in_a_row(_SEES[layout], _OF_THESE[part], _RIM[rim])
        for part in _OF_THESE
        for rim in _RIM
    }


def _legend(hidden: bool, picture: str, has_padding: bool) -> tuple[Entry, ...]:
    unit = Entry("unit", message("the unit"))
    if hidden:
        return (unit,)
    if picture:
        seen = Entry("span", message("its receptive field"))
    else:
        seen = Entry("region", message("pixels with a path to it"))
    padding = Entry("outside", message("beyond the map: padding"))
    return (unit, seen, padding) if has_padding else (unit, seen)


def _padding(stack: Stack, number: int, from_side: bool) -> tuple[int, int]:
    """What the layer after map `number` adds to it. From the side it is drawn as pixels; else only where it is seen."""
    padding = stack.rows[number].layer.padding if from_side and number < len(stack.rows) else 0
    return padding, padding


@dataclass(frozen=True)
class _Reaches:
    """What all units see, and for each map the pixels around it that are seen from above."""

    links: tuple[Link, ...]
    room: tuple[int, ...]


@lru_cache(maxsize=16)
def _reaches(stack: Stack) -> _Reaches:
    sizes = stack.chain.sizes
    links = list[Link]()
    furthest = [0] * len(sizes)
    for top in range(1, len(sizes)):
        regions = _all_regions(stack, top)
        for bottom in range(top):
            spans = [_span(regions[unit][bottom]) for unit in range(sizes[top])]
            links.append(Link(top, bottom, Reach.of(spans)))
            beyond = (max(-span.first, span.last - sizes[bottom] + 1) for span in spans)
            furthest[bottom] = max(furthest[bottom], *beyond)
    # A margin as wide as the map says enough; what reaches further is cut off.
    room = (min(far, max(SMALLEST_CUT, size)) for far, size in zip(furthest, sizes, strict=True))
    return _Reaches(tuple(links), tuple(room))


def _all_regions(stack: Stack, top: int) -> list[list[AxisRegion]]:
    """For every unit of map `top`, what it sees in each map up to its own."""
    chain = stack.chain
    size = chain.sizes[top]
    fields, paths = chain.fields(top), chain.paths(np.eye(size), top)
    return [
        [AxisRegion(*field.span(unit), ways[unit]) for field, ways in zip(fields, paths, strict=True)]
        for unit in range(size)
    ]


def _span(region: AxisRegion) -> Span:
    edges = np.flatnonzero(np.diff(region.mask.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return Span(region.first, region.last, tuple((int(start), int(end - start)) for start, end in edges))


def _ways(row: Row) -> Reach:
    """The pixels of the map before that the windows of a layer read, padding included."""
    layer = row.layer
    starts = range(-layer.padding, -layer.padding + row.size * layer.stride, layer.stride)
    cells = tuple((cell * layer.dilation, 1) for cell in range(layer.kernel))
    return Reach(tuple(starts), ((layer.extent, cells),))


# --- what a unit listens to -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Field:
    """A heat map: (H, W) shares of the gradient, which sum to 1, and its title."""

    title: Message
    shares: NDArray[np.float64]


def shares(field: NDArray[np.float64]) -> NDArray[np.float64]:
    """A field as shares of its sum; all zero where it is.

    >>> shares(np.array([[1.0, 3.0]])).tolist()
    [[0.25, 0.75]]
    """
    total = float(field.sum())
    return field / total if total else field


def field_map(
    field: Field,
    highest: float,
    rows: tuple[int, int],
    columns: tuple[int, int],
    middle: tuple[tuple[int, int], ...] = (),
) -> "Figure":
    """Draw a heat map with the theoretical receptive field outlined; its axes count the pixels from 1.

    Args:
        highest: the share at the top of the scale; maps that are to be compared have the same.
        rows, columns: first and last of the receptive field, from 0; they may lie outside, in padding.
        middle: of another rectangle, its rows and its columns, which is dashed.
    """
    from plotly.graph_objects import Figure, Heatmap

    # Plotly fills in what it points at.
    pointed = say("row {row}, column {column}: {share} of the gradient", row="%{y}", column="%{x}", share="%{z:.2f} %")
    figure = Figure(
        Heatmap(
            z=100 * field.shares,
            x0=1,
            y0=1,
            colorscale=SEQUENTIAL,
            zmin=0,
            zmax=100 * highest,
            colorbar={"title": {"text": say("% per pixel")}, "thickness": 14},
            hovertemplate=f"{pointed}<extra></extra>",
        )
    )
    # The scale begins with a dark violet, on which only the white around the outline shows it.
    _outline(figure, rows, columns, AROUND, "solid", width=6)
    _outline(figure, rows, columns, OUTLINE, "solid")
    if middle:
        _outline(figure, middle[0], middle[1], AROUND, "dash")
    height, width = field.shares.shape
    low, high = 0.5, max(height, width) + 0.5
    plain = {"showgrid": False, "zeroline": False, "constrain": "domain"}
    lay_out(figure, height=340)
    figure.update_layout(
        title={"text": say(field.title), "x": 0, "font": {"size": 15}},
        margin={"l": 32, "r": 8, "t": 36, "b": 28},
        xaxis=plain | {"range": [low, high]},
        yaxis=plain | {"range": [high, low], "scaleanchor": "x"},
    )
    return figure


def _outline(
    figure: "Figure", rows: tuple[int, int], columns: tuple[int, int], colour: str, dash: str, width: float = 2.5
) -> None:
    figure.add_shape(
        type="rect",
        x0=columns[0] + 0.5,
        x1=columns[1] + 1.5,
        y0=rows[0] + 0.5,
        y1=rows[1] + 1.5,
        line={"color": colour, "width": width, "dash": dash},
    )
