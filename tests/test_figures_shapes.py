"""The output-shape page's pictures and sentences, as values."""

import json
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlab.lessons.output_shape.figures import (
    ceil_remark,
    lecture_formula,
    lecture_remark,
    lecture_remarks,
    size_formula,
    unread_remark,
    visit_colours,
    window_map,
)
from cnnlab.lessons.output_shape.presets import PRESETS
from cnnlab.lessons.output_shape.settings import ShapeSettings
from cnnlab.shapes import AxisWindows

AXES = st.builds(
    AxisWindows,
    st.integers(1, 40),
    st.integers(1, 7),
    st.integers(1, 5),
    st.integers(0, 5).map(lambda padding: (padding, padding)),
    st.integers(1, 3),
    st.booleans(),
)


@given(AXES, AXES)
def test_the_formula_ends_with_the_number_of_windows_along_each_axis(rows: AxisWindows, cols: AxisWindows) -> None:
    assume(rows.count and cols.count)
    _, letters, height, width, _ = size_formula(rows, cols).splitlines()
    for line, axis in ((height, rows), (width, cols)):
        assert line.removesuffix(r" \\[4pt]").endswith(rf"= \mathbf{{{axis.count}}}")
        assert (r"\lceil" in line) == axis.ceil
        assert line.count("{") == line.count("}")
    assert letters.startswith(r"\mathit{OH} &=")
    assert width.startswith(r"\mathit{OW} &=")


@given(AXES)
def test_the_lectures_formula_is_told_to_agree_exactly_where_it_does(axis: AxisWindows) -> None:
    assume(axis.count)
    agrees = (axis.padded - axis.kernel_size) / axis.stride + 1 == axis.count
    assert lecture_remark(axis).startswith("It gives the same") == agrees
    other = AxisWindows(6, 3)
    assert rf"\mathbf{{{axis.count}}},\ \mathbf{{4}})" in lecture_formula(axis, other) or not agrees
    assert rf"(\mathbf{{4}},\ \mathbf{{{axis.count}}})" in lecture_formula(other, axis) or not agrees


def test_the_lectures_formula_has_its_left_side_and_the_slides_letters_for_both_axes() -> None:
    _, left, letters, numbers, result, _ = lecture_formula(AxisWindows(9, 5), AxisWindows(7, 3, 2, (1, 1))).splitlines()
    assert left.startswith(r"&(\mathit{OH}, \mathit{OW})")
    assert r"\frac{H{+}2P{-}\mathit{FH}}{S} + 1,\ \frac{W{+}2P{-}\mathit{FW}}{S} + 1" in letters
    assert r"\frac{9{+}2{\cdot}0{-}5}{1} + 1,\ \frac{7{+}2{\cdot}1{-}3}{2} + 1" in numbers
    assert result == r"&= (\mathbf{5},\ \mathbf{4})"


def test_a_remark_names_the_axis_where_the_two_differ() -> None:
    even, odd = AxisWindows(7, 3, 2), AxisWindows(8, 3, 2)
    assert lecture_remarks(even, even) == lecture_remark(even)
    assert lecture_remarks(even, odd) == f"Height: {lecture_remark(even)} Width: {lecture_remark(odd)}"


@pytest.mark.parametrize(
    ("axis", "remark"),
    [
        (AxisWindows(7, 3, stride=3), "the stride of 3 leaves 1 pixel over, and it has no floor"),
        (AxisWindows(9, 3, dilation=2), "has no dilation, and with gaps the kernel of 3 spans 5 pixels"),
        (AxisWindows(10, 3, stride=2, dilation=2), "neither the dilation"),
        (AxisWindows(6, 3, stride=2, ceil=True), "it has no ceil"),
        (AxisWindows(6, 2, stride=2, dilation=2, ceil=True), "by chance"),
    ],
)
def test_where_the_lectures_formula_differs_the_reason_is_given(axis: AxisWindows, remark: str) -> None:
    assert remark in lecture_remark(axis)


@pytest.mark.parametrize(
    ("axis", "remark"),
    [
        (AxisWindows(6, 3, stride=2), None),
        (AxisWindows(7, 3, stride=2, ceil=True), "changes nothing"),
        (AxisWindows(6, 3, stride=2, ceil=True), "reaches 1 pixel beyond"),
        (AxisWindows(5, 2, stride=4, padding=(1, 1), ceil=True), "left out"),
    ],
)
def test_what_ceil_does_is_said(axis: AxisWindows, remark: str | None) -> None:
    said = ceil_remark(axis)
    assert said is None if remark is None else remark in str(said)


@pytest.mark.parametrize(
    ("settings", "remark"),
    [
        (ShapeSettings(7, 7, 3, 3, sh=3, sw=3), "The last row and column are never read. So 13 of the 49"),
        (ShapeSettings(8, 7, 3, 3, sh=4, sw=4), "The last row is never read."),
        (ShapeSettings(7, 9, 3, 3, sh=4, sw=4), "The last 2 columns are never read."),
        (ShapeSettings(9, 9, 5, 5), "Every pixel of the input is read."),
        (ShapeSettings(224, 224, 11, 11, 2, 2, 4, 4), "That is padding only"),
        (ShapeSettings(6, 6, 3, 3, sh=2, sw=2, ceil=True), "reaches beyond the padded input"),
        (ShapeSettings(7, 7, 1, 1, sh=2, sw=2), "More lie between"),
    ],
)
def test_what_is_never_read_is_counted_in_a_sentence(settings: ShapeSettings, remark: str) -> None:
    assert remark in unread_remark(settings).replace("No row and no column is dropped: ", "")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_the_picture_holds_plain_numbers_that_fit_together(preset) -> None:
    settings: ShapeSettings = preset.settings
    drawn = window_map(settings, visits=True)
    padded, output = drawn.planes
    (link,) = drawn.links
    for axis, reach, seen, made in (
        (settings.rows, link.rows, padded.rows, output.rows),
        (settings.cols, link.cols or link.rows, padded.cols or padded.rows, output.cols or output.rows),
    ):
        before = axis.padding[0]
        spans = [reach.span(cell) for cell in range(made.size)]
        assert len(reach.firsts) == made.size == axis.count
        assert [[start + before for start, _ in span.runs] for span in spans] == axis.positions().tolist()
        assert all(span.last - span.first + 1 == axis.extent for span in spans)
        assert before + seen.size + seen.room[1] == max(axis.padded, axis.end)
        assert [made.centre + made.jump * cell for cell in range(made.size)] == [(s.first + s.last) / 2 for s in spans]
    assert np.outer(settings.rows.visits(), settings.cols.visits()).max() == len(padded.scale)
    plain = json.loads(json.dumps(drawn.to_plain()))
    assert plain["planes"][1]["rows"]["size"] == settings.rows.count
    assert ("cols" in plain["links"][0]) == (settings.rows != settings.cols)


@pytest.mark.parametrize(
    ("settings", "areas"),
    [
        (ShapeSettings(9, 9, 5, 5), []),
        (ShapeSettings(8, 7, 3, 3, sh=4, sw=4), [("dropped", 7, 0, 1, 7)]),
        (ShapeSettings(7, 7, 3, 3, 1, 1, 4, 4), [("dropped", 6, -1, 2, 9), ("dropped", -1, 6, 7, 2)]),
        (ShapeSettings(6, 6, 3, 3, sh=2, sw=2, ceil=True), [("beyond", 0, 0, 7, 7)]),
    ],
)
def test_what_is_dropped_and_what_lies_beyond_is_marked(settings: ShapeSettings, areas: list[tuple]) -> None:
    assert [astuple(area) for area in window_map(settings).planes[0].areas] == areas


def test_a_hidden_output_is_not_told() -> None:
    drawn = window_map(ShapeSettings(7, 7, 3, 3, 1, 1, 4, 4), visits=True, hidden=True)
    padded, output = drawn.planes
    assert drawn.is_fixed
    assert output.unknown
    assert not padded.areas
    assert not padded.scale
    assert not output.note
    assert padded.centres is None
    assert "told_pixel" not in drawn.words


@pytest.mark.parametrize("most", [1, 9, 25, 121])
def test_numbers_are_readable_on_every_colour_of_the_scale(most: int) -> None:
    colours = visit_colours(most)
    assert len(colours) == most
    assert min(_contrast(ground, text) for ground, text in colours) >= 4.5
    brightness = [_luminance(ground) for ground, _ in colours]
    assert brightness == sorted(brightness)


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
