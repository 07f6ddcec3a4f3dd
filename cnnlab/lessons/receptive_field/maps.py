"""The receptive-field page's pictures: what each unit sees in every map below, and heat maps of what it listens to."""

# plotly leaves its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.exact_fields import AxisRegion
from cnnlab.figures.style import SEQUENTIAL, layout
from cnnlab.lessons.receptive_field.stack import Stack
from cnnlab.texts import Message, say

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

OUTLINE = "#d9730d"
SMALLEST_CUT = 4
"""Pixels of padding that are drawn around however small a map."""


# --- the maps ---------------------------------------------------------------------------------------------------------


def reach_map(stack: Stack, texts: Mapping[str, str]) -> dict[str, Any]:
    """Collect what the drawing of the maps needs: plain numbers and words.

    Rows and columns are alike, so everything is told along one axis; a region is the rectangle of two of them.

    Args:
        texts: the words of the drawing, by name; `{row}` and the like are filled in by the drawing.

    Returns:
        `maps`, first the input, with size, title, and the margin that regions of the layers above reach into;
        `seen[k][unit][m]` for a unit of map k in map m: first, last, and the pixels with a path as runs (start, length)
        and their number; `taps[k][unit]` the pixels of map k - 1 that the window reads, padding included. A map's
        `centre` is the middle of what its first unit sees, in pixels of the input, and `jump` leads to the next unit's.
    """
    sizes = stack.chain.sizes
    seen = [
        [[_span(region) for region in regions] for regions in _all_regions(stack, top)] for top in range(len(sizes))
    ]
    maps: list[dict[str, Any]] = []
    for bottom, size in enumerate(sizes):
        spans = [unit[bottom] for units in seen[bottom:] for unit in units]
        margin = max(0, *(max(-span["first"], span["last"] - size + 1) for span in spans))
        field = stack.chain.fields(bottom)[0]
        maps.append(
            {
                "size": size,
                # A margin as wide as the map says enough; what reaches further is cut off.
                "margin": min(margin, max(SMALLEST_CUT, size)),
                "centre": field.start + (field.size - 1) / 2,
                "jump": field.jump,
            }
        )
    maps[0]["title"] = texts["input"]
    for row, entry in zip(stack.rows, maps[1:], strict=True):
        entry |= {"title": row.layer.title, "field": row.field.size}
    return {
        "maps": maps,
        "seen": seen,
        "taps": [[], *(_taps(row.layer.to_layer().window(0), row.size) for row in stack.rows)],
        "paddings": [row.layer.padding for row in stack.rows] + [0],
        "texts": dict(texts),
    }


def _all_regions(stack: Stack, top: int) -> list[list[AxisRegion]]:
    """For every unit of map `top`, what it sees in each map up to its own."""
    chain = stack.chain
    size = chain.sizes[top]
    fields, paths = chain.fields(top), chain.paths(np.eye(size), top)
    return [
        [AxisRegion(*field.span(unit), ways[unit]) for field, ways in zip(fields, paths, strict=True)]
        for unit in range(size)
    ]


def _span(region: AxisRegion) -> dict[str, Any]:
    edges = np.flatnonzero(np.diff(region.mask.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return {
        "first": region.first,
        "last": region.last,
        "runs": [[int(start), int(end - start)] for start, end in edges],
        "count": int(region.mask.sum()),
    }


def _taps(window: Any, count: int) -> list[list[int]]:
    starts = range(-window.padding[0], -window.padding[0] + count * window.stride, window.stride)
    return [[start + cell * window.dilation for cell in range(window.kernel_size)] for start in starts]


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
    _outline(figure, rows, columns, OUTLINE, "solid")
    if middle:
        _outline(figure, middle[0], middle[1], "#ffffff", "dash")
    height, width = field.shares.shape
    low, high = 0.5, max(height, width) + 0.5
    plain = {"showgrid": False, "zeroline": False, "constrain": "domain"}
    layout(figure, height=340)
    figure.update_layout(
        title={"text": say(field.title), "x": 0, "font": {"size": 15}},
        margin={"l": 32, "r": 8, "t": 36, "b": 28},
        xaxis=plain | {"range": [low, high]},
        yaxis=plain | {"range": [high, low], "scaleanchor": "x"},
    )
    return figure


def _outline(figure: "Figure", rows: tuple[int, int], columns: tuple[int, int], colour: str, dash: str) -> None:
    figure.add_shape(
        type="rect",
        x0=columns[0] + 0.5,
        x1=columns[1] + 1.5,
        y0=rows[0] + 0.5,
        y1=rows[1] + 1.5,
        line={"color": colour, "width": 2.5, "dash": dash},
    )
