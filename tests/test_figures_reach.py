"""The receptive-field page's pictures are numbers of the core, collected and coloured."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.exact_fields import receptive_field_region
from cnnlab.figures.maps import Map, Reach, Span
from cnnlab.lessons.receptive_field.maps import Field, field_map, reach_map, shares
from cnnlab.lessons.receptive_field.presets import LENET5, PRESETS, StackSettings
from cnnlab.lessons.receptive_field.stack import Stack, parse_layers
from cnnlab.presets import Preset


def span(drawn: Map, source: int, target: int, cell: int) -> Span:
    """What a cell of one plane is connected to in another; rows and columns are alike."""
    (link,) = (link for link in drawn.links if (link.source, link.target) == (source, target))
    assert link.cols is None
    return link.rows.span(cell)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_each_unit_sees_in_each_map_what_the_core_says(preset: Preset[StackSettings]) -> None:
    stack = preset.settings.stack
    drawn = reach_map(stack)
    layers = [row.layer.to_layer() for row in stack.rows]
    for top in range(1, len(layers) + 1):
        for unit in range(stack.rows[top - 1].size):
            regions = receptive_field_region(layers[:top], (stack.size,) * 2, (unit, 0))
            for bottom, region in enumerate(regions[:top]):
                told = span(drawn, top, bottom, unit)
                mask = np.zeros(len(region.rows.mask), bool)
                for start, length in told.runs:
                    mask[start : start + length] = True
                assert np.array_equal(mask, region.rows.mask)
                assert (told.first, told.last) == (region.rows.first, region.rows.last)
                assert told.count == region.rows.mask.sum()
                # To walk from layer to layer, one goes by the middles.
                axis = drawn.planes[top].rows
                if bottom == 0:
                    assert axis.centre + unit * axis.jump == (told.first + told.last) / 2


def test_maps_are_told_in_order_with_what_their_units_see() -> None:
    drawn = reach_map(LENET5)
    assert [plane.rows.size for plane in drawn.planes] == [32, 28, 14, 10, 5, 1]
    assert [plane.title for plane in drawn.planes[:3]] == ["Input", "1 conv 5×5", "2 pool 2×2"]
    assert [plane.facts for plane in drawn.planes[:3]] == ["32×32 pixels", "28×28, sees 5", "14×14, sees 6"]
    assert [plane.facts.rpartition(" ")[2] for plane in drawn.planes[1:]] == ["5", "6", "14", "16", "32"]
    assert [plane.rows.jump for plane in drawn.planes] == [1, 1, 2, 2, 4, 4]
    assert [plane.rows.centre for plane in drawn.planes] == [0, 2, 2.5, 6.5, 7.5, 15.5]
    assert all(plane.rows.room == (0, 0) for plane in drawn.planes)
    json.dumps(drawn.to_plain())


def test_from_the_side_the_windows_of_each_layer_are_told() -> None:
    drawn = reach_map(LENET5, from_side=True)
    assert [start for start, _ in drawn.ways[1].span(3).runs] == [6, 7]
    assert [plane.facts for plane in drawn.planes[:2]] == ["", "sees 5"]


def test_there_is_room_for_the_padding_that_units_see() -> None:
    stack = Stack(6, parse_layers("c3p1,c3p1"))
    drawn = reach_map(stack)
    assert [plane.rows.room for plane in drawn.planes] == [(2, 2), (1, 1), (0, 0)]
    assert [plane.rows.padding for plane in drawn.planes] == [(0, 0)] * 3
    side = reach_map(stack, from_side=True)
    assert [plane.rows.room for plane in side.planes] == [(2, 2), (1, 1), (0, 0)]
    assert [plane.rows.padding for plane in side.planes] == [(1, 1), (1, 1), (0, 0)]
    assert side.ways[0].span(0) == Span(-1, 1, ((-1, 1), (0, 1), (1, 1)))
    far = reach_map(Stack(3, parse_layers("c11p10")))
    assert far.planes[0].rows.room == (4, 4)


def test_a_stack_without_layers_is_its_input() -> None:
    drawn = reach_map(Stack(4, ()))
    assert [plane.rows.size for plane in drawn.planes] == [4]
    assert not drawn.legend


@pytest.mark.parametrize("from_side", [False, True])
def test_what_is_hidden_is_not_told(from_side: bool) -> None:
    drawn = reach_map(LENET5, from_side=from_side, hidden=True)
    assert not drawn.links
    assert not drawn.ways
    assert [plane.facts.rpartition(" ")[2] for plane in drawn.planes[1:]] == ["?"] * 5
    assert [name for name in drawn.words if name.startswith("told_")] == ["told_unit"]


@given(st.lists(st.tuples(st.integers(-3, 9), st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3))))))
def test_a_packed_span_is_the_same_span(drawn_spans: list[tuple[int, list[tuple[int, int]]]]) -> None:
    spans = list[Span]()
    for first, gaps_and_lengths in drawn_spans:
        runs, end = list[tuple[int, int]](), first
        for gap, length in gaps_and_lengths:
            runs.append((end + gap, length))
            end += gap + length + 1
        spans.append(Span(first, end, tuple(runs)))
    packed = Reach.of(spans)
    assert [packed.span(cell) for cell in range(len(spans))] == spans
    assert len(set(packed.shapes)) == len(packed.shapes)


def test_a_heat_map_outlines_the_theory_on_the_scale_that_it_is_given() -> None:
    figure = field_map(Field("trained", shares(np.eye(4))), 0.5, (1, 2), (-1, 2), ((1, 1), (0, 0)))
    assert np.asarray(figure.data[0].z).sum() == pytest.approx(100)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 50)
    # Rows and columns count from 1, on the axes and where one points.
    assert (figure.data[0].x0, figure.data[0].y0) == (1, 1)
    assert (figure.layout.xaxis.range, figure.layout.yaxis.range) == ((0.5, 4.5), (4.5, 0.5))
    around, solid, dashed = figure.layout.shapes
    # White around the outline: it is seen on the dark end of the scale, too.
    assert [getattr(around, side) for side in ("x0", "x1", "y0", "y1")] == [-0.5, 3.5, 1.5, 3.5]
    assert (around.line.color, around.line.width > solid.line.width) == ("#ffffff", True)
    assert (solid.x0, solid.x1, solid.y0, solid.y1, solid.line.dash) == (-0.5, 3.5, 1.5, 3.5, "solid")
    assert (dashed.x0, dashed.x1, dashed.y0, dashed.y1, dashed.line.dash) == (0.5, 1.5, 1.5, 2.5, "dash")
    assert figure.layout.title.text == "trained"


def test_a_field_of_nothing_stays_nothing() -> None:
    assert not shares(np.zeros((2, 2))).any()
