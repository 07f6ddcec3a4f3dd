"""The receptive-field page's pictures are numbers of the core, collected and coloured."""

import json

import numpy as np
import pytest

from cnnlab.exact_fields import receptive_field_region
from cnnlab.lessons.receptive_field.maps import Field, field_map, reach_map, shares
from cnnlab.lessons.receptive_field.presets import LENET5, PRESETS, StackSettings
from cnnlab.lessons.receptive_field.stack import Stack, parse_layers
from cnnlab.presets import Preset

TEXTS = {"input": "Input"}


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_each_unit_sees_in_each_map_what_the_core_says(preset: Preset[StackSettings]) -> None:
    stack = preset.settings.stack
    data = reach_map(stack, TEXTS)
    layers = [row.layer.to_layer() for row in stack.rows]
    for top in range(1, len(layers) + 1):
        for unit in range(stack.rows[top - 1].size):
            regions = receptive_field_region(layers[:top], (stack.size,) * 2, (unit, 0))
            for told, region in zip(data["seen"][top][unit], regions, strict=True):
                mask = np.zeros(len(region.rows.mask), bool)
                for start, length in told["runs"]:
                    mask[start : start + length] = True
                assert np.array_equal(mask, region.rows.mask)
                assert (told["first"], told["last"]) == (region.rows.first, region.rows.last)
                assert told["count"] == region.rows.mask.sum()


def test_maps_are_told_in_order_with_what_their_units_see() -> None:
    data = reach_map(LENET5, TEXTS)
    assert [entry["size"] for entry in data["maps"]] == [32, 28, 14, 10, 5, 1]
    assert [entry.get("field") for entry in data["maps"]] == [None, 5, 6, 14, 16, 32]
    assert [entry["jump"] for entry in data["maps"]] == [1, 1, 2, 2, 4, 4]
    assert [entry["centre"] for entry in data["maps"]] == [0, 2, 2.5, 6.5, 7.5, 15.5]
    assert data["taps"][2][3] == [6, 7]
    assert all(entry["margin"] == 0 for entry in data["maps"])
    json.dumps(data)


def test_there_is_room_for_the_padding_that_units_see() -> None:
    data = reach_map(Stack(6, parse_layers("c3p1,c3p1")), TEXTS)
    assert [entry["margin"] for entry in data["maps"]] == [2, 1, 0]
    assert data["taps"][1][0] == [-1, 0, 1]
    assert data["paddings"] == [1, 1, 0]
    far = reach_map(Stack(3, parse_layers("c11p10")), TEXTS)
    assert far["maps"][0]["margin"] == 4


def test_a_stack_without_layers_is_its_input() -> None:
    data = reach_map(Stack(4, ()), TEXTS)
    assert [entry["size"] for entry in data["maps"]] == [4]


def test_a_heat_map_outlines_the_theory_on_the_scale_that_it_is_given() -> None:
    figure = field_map(Field("trained", shares(np.eye(4))), 0.5, (1, 2), (-1, 2), ((1, 1), (0, 0)))
    assert np.asarray(figure.data[0].z).sum() == pytest.approx(100)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 50)
    # Rows and columns count from 1, on the axes and where one points.
    assert (figure.data[0].x0, figure.data[0].y0) == (1, 1)
    assert (figure.layout.xaxis.range, figure.layout.yaxis.range) == ((0.5, 4.5), (4.5, 0.5))
    solid, dashed = figure.layout.shapes
    assert (solid.x0, solid.x1, solid.y0, solid.y1, solid.line.dash) == (-0.5, 3.5, 1.5, 3.5, "solid")
    assert (dashed.x0, dashed.x1, dashed.y0, dashed.y1, dashed.line.dash) == (0.5, 1.5, 1.5, 2.5, "dash")
    assert figure.layout.title.text == "trained"


def test_a_field_of_nothing_stays_nothing() -> None:
    assert not shares(np.zeros((2, 2))).any()
