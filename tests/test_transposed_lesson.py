"""The transposed convolution's lesson: its stamps, its direct form, its presets, wrong answers, PyTorch lines."""

import dataclasses
import io
import re
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnlab.errors import ShapeError
from cnnlab.lessons.transposed.agreement import ask_torch, check_with_torch
from cnnlab.lessons.transposed.cells import direct_windows, meetings
from cnnlab.lessons.transposed.presets import PRESETS
from cnnlab.lessons.transposed.pytorch_code import conv_transpose2d_code
from cnnlab.lessons.transposed.quiz import explain
from cnnlab.lessons.transposed.sentences import (
    direct_sentences,
    overlap_sentences,
    pattern_along,
    size_sentence,
    stamps_along,
)
from cnnlab.lessons.transposed.settings import (
    MAX_INPUT,
    MAX_KERNEL,
    TransposedSettings,
    direct_convolution,
    walk,
)
from cnnlab.shapes import output_size
from cnnlab.torch_reference import TorchReference


def matrices(most: int) -> st.SearchStrategy[np.ndarray]:
    shapes = st.tuples(st.integers(1, most), st.integers(1, most))
    return hnp.arrays(np.int64, shapes, elements=st.integers(-4, 4))


@st.composite
def transposed_settings(draw: st.DrawFn) -> TransposedSettings:
    input_, kernel = draw(matrices(4)), draw(matrices(4))
    stride, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    output_padding = draw(st.integers(0, max(stride, dilation) - 1))
    settings = TransposedSettings(input_, kernel, stride, draw(st.integers(0, 5)), output_padding, dilation)
    try:
        settings.output()
    except ShapeError as refusal:
        assume("cuts away the whole" not in str(refusal))
        raise
    return settings


# --- stamps ---------------------------------------------------------------------------------------------------------


@given(transposed_settings())
def test_the_walk_is_made_of_the_single_stamps(settings: TransposedSettings) -> None:
    steps = walk(settings)
    width, padding = steps.is_cut.shape[1], settings.padding
    canvas = np.zeros(steps.is_cut.shape, dtype=np.int64)
    covered = np.zeros(steps.is_cut.shape, dtype=np.int64)
    for number, (row, column) in enumerate(np.ndindex(settings.input.shape)):
        stamp = settings.stamp(row, column)
        places = [(r + padding) * width + c + padding for r in stamp.rows for c in stamp.columns]
        assert steps.stamps[number].tolist() == places
        assert steps.products[number].tolist() == stamp.products.ravel().tolist()
        assert np.array_equal(steps.is_cut.ravel()[places], stamp.is_cut.ravel())
        np.add.at(canvas.ravel(), places, stamp.products.ravel())
        np.add.at(covered.ravel(), places, 1)
        assert np.array_equal(steps.accumulated[number], canvas)
    assert np.array_equal(steps.overlaps, covered)
    kept = steps.accumulated[-1][~steps.is_cut].reshape(steps.totals.shape)
    assert np.array_equal(kept, steps.totals)


@given(transposed_settings())
def test_as_many_products_meet_in_a_cell_as_stamps_cover_it(settings: TransposedSettings) -> None:
    steps = walk(settings)
    padding = settings.padding
    for row, column in np.ndindex(steps.totals.shape):
        assert settings.cell(row, column).products.size == steps.overlaps[row + padding, column + padding]


@given(transposed_settings())
def test_the_formula_gives_the_outputs_size(settings: TransposedSettings) -> None:
    shape = settings.output().shape
    for axis in (0, 1):
        assert settings.size_formula(axis).endswith(f" = {shape[axis]}")
        left = settings.size_formula(axis).split("=")[0]
        assert eval(left.replace("−", "-").replace("·", "*")) == shape[axis]


# --- the direct convolution -----------------------------------------------------------------------------------------


@given(transposed_settings())
def test_the_direct_convolution_gives_the_same(settings: TransposedSettings) -> None:
    direct = direct_convolution(settings)
    assert np.array_equal(direct.output, settings.output())
    assert direct.spread.shape == direct.sources.shape == direct.is_between.shape
    from_input = direct.sources >= 0
    assert np.array_equal(direct.spread[from_input], settings.input.ravel()[direct.sources[from_input]])
    assert not direct.spread[~from_input].any()
    assert not (direct.is_between & from_input).any()
    assert np.array_equal(direct.kernel[::-1, ::-1], settings.kernel)


def test_zeros_between_are_told_from_zeros_around() -> None:
    direct = direct_convolution(TransposedSettings(np.array([[1, 2]]), np.array([[1, 1, 1]]), stride=3))
    assert direct.spread.tolist() == [[0, 0, 1, 0, 0, 2, 0, 0]]
    assert direct.is_between.tolist() == [[False, False, False, True, True, False, False, False]]


@given(transposed_settings())
def test_pytorch_agrees_with_the_stamps_and_with_the_direct_convolution(settings: TransposedSettings) -> None:
    assert check_with_torch(settings).agrees
    assert check_with_torch(settings, "direct").agrees


def test_the_childs_question_and_answer_go_through_json() -> None:
    reference = TorchReference()
    try:
        assert ask_torch(reference, PRESETS["bilinear"].settings).shape == (6, 6)
        assert ask_torch(reference, PRESETS["output_padding"].settings, "direct").agrees
    finally:
        reference.close()


def test_settings_that_do_not_go_together_are_refused_in_words() -> None:
    with pytest.raises(ShapeError, match="output_padding is 2 with stride 2 and dilation 1: use less than"):
        walk(TransposedSettings(np.ones((2, 2)), np.ones((2, 2)), output_padding=2))
    with pytest.raises(ShapeError, match=r"Padding 2 cuts away the whole 4×4 output: use padding <= 1"):
        direct_convolution(TransposedSettings(np.ones((2, 2)), np.ones((2, 2)), padding=2))
    with pytest.raises(ShapeError, match="give two matrices"):
        TransposedSettings(np.ones((1, 2, 2)), np.ones((2, 2))).stamp(0, 0)


# --- presets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_something_and_can_be_computed(name: str) -> None:
    preset = PRESETS[name]
    assert preset.title
    assert preset.note.endswith(".")
    assert max(preset.settings.input.shape) <= MAX_INPUT
    assert max(preset.settings.kernel.shape) <= MAX_KERNEL
    assert walk(preset.settings).totals.size
    for matrix in (preset.settings.input, preset.settings.kernel):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 1


def test_stamps_side_by_side_do_not_overlap() -> None:
    assert (walk(PRESETS["tiles"].settings).overlaps == 1).all()


def test_the_checkerboards_counts_are_its_output() -> None:
    steps = walk(PRESETS["checkerboard"].settings)
    assert np.array_equal(steps.totals, steps.overlaps)
    assert set(steps.totals.ravel().tolist()) == {1, 2, 4}
    assert not steps.is_even


def test_a_kernel_that_the_stride_divides_is_even() -> None:
    steps = walk(PRESETS["even"].settings)
    assert steps.is_even
    assert (steps.totals == 4).all()


def test_the_bilinear_kernel_keeps_an_even_picture_even_but_for_the_rim() -> None:
    settings = dataclasses.replace(PRESETS["bilinear"].settings, input=np.full((3, 3), 7))
    output = settings.output()
    assert output.shape == (6, 6)
    assert np.allclose(output[1:-1, 1:-1], 7)
    assert (output[0] < 7).all()


def test_bilinear_enlargement_is_what_pytorch_interpolates_inside() -> None:
    import torch

    settings = PRESETS["bilinear"].settings
    picture = torch.tensor(settings.input, dtype=torch.float64)[None, None]
    enlarged = torch.nn.functional.interpolate(picture, scale_factor=2, mode="bilinear", align_corners=False)
    np.testing.assert_allclose(settings.output()[1:-1, 1:-1], enlarged[0, 0, 1:-1, 1:-1].numpy())


def test_the_shape_comes_back_and_the_numbers_do_not() -> None:
    assert walk(PRESETS["full"].settings).totals.shape == (4, 4)
    assert walk(PRESETS["output_padding"].settings).totals.shape == (6, 6)
    without = dataclasses.replace(PRESETS["output_padding"].settings, output_padding=0)
    assert walk(without).totals.shape == (5, 5)


def test_dilated_stamps_lie_in_each_others_gaps() -> None:
    assert (walk(PRESETS["dilation"].settings).overlaps == 1).all()


# --- what a wrong answer tells --------------------------------------------------------------------------------------

OVERLAP = TransposedSettings(np.array([[3, 50], [700, 11000]]), np.array([[2, -3, 5], [-7, 11, 13], [17, 19, 23]]))
OTHER = TransposedSettings(np.array([[1, 900], [7, 2]]), OVERLAP.kernel)
MINUSES = TransposedSettings(OVERLAP.input * [[1, -1], [1, -1]], OVERLAP.kernel)
MIDDLE = 3 * 23 + 50 * 17 + 700 * 5 + 11000 * 2
FLIPPED = 3 * 2 + 50 * 5 + 700 * 17 + 11000 * 23


@pytest.mark.parametrize(
    ("settings", "cell", "value", "kind", "words"),
    [
        (OVERLAP, (2, 2), 22000, "last_only", "22000 is what the last stamp leaves here: stamps that overlap add up."),
        (OVERLAP, (2, 2), 69, "first_only", "69 is what the first stamp leaves here"),
        (OTHER, (2, 2), 15300, "largest_only", "15300 is the largest of the products that meet here: add them all."),
        (OVERLAP, (2, 2), MIDDLE / 4, "averaged", "is the average of the products that meet here"),
        (
            OVERLAP,
            (2, 2),
            MIDDLE - 850,
            "product_missing",
            "leaves out the product of the input's cell in row 1, column 2.",
        ),
        (
            OVERLAP,
            (2, 2),
            MIDDLE - 138,
            "minus_added",
            "a minus for the product of the input's cell in row 1, column 1, which is positive",
        ),
        (
            OVERLAP,
            (1, 2),
            13 * 3 + 50 * 7,
            "minus_lost",
            "a plus for the product of the input's cell in row 1, column 2",
        ),
        (MINUSES, (2, 2), 69 + 850 + 3500 + 22000, "every_minus_lost", "the products that are marked are negative"),
        (OVERLAP, (2, 2), MIDDLE - 3500 + 705, "added_instead", "has a sum in place of the product"),
        (OVERLAP, (2, 2), 11753, "no_weights", "adds the input cells themselves"),
        (
            OVERLAP,
            (2, 2),
            -MIDDLE,
            "sign",
            "Check the sign of −26419: see whether",
        ),
        (OVERLAP, (2, 2), FLIPPED, "kernel_flipped", "the kernel turned by 180 degrees"),
        (OVERLAP, (2, 2), 50 * -7 + 11000 * -3 - 3 * 0 + 700 * 0, "unexplained", "is too small."),
        (OVERLAP, (2, 2), 3 * 19 + 700 * -3, "neighbour", "is what the cell on the left holds"),
        (OVERLAP, (2, 2), 50 * -7 + 3 * 13, "neighbour", "is what the cell above holds"),
        (dataclasses.replace(OVERLAP, padding=1), (1, 1), 33, "padding_forgotten", "from the corner before the cut"),
        (OVERLAP, (1, 1), 3 * 11 + 50 * -7 + 700 * -3 + 22000, "stride_forgotten", "the stamps lie 2 cells apart"),
        (
            dataclasses.replace(OVERLAP, stride=1, dilation=2),
            (1, 1),
            3 * 11 + 50 * -7 + 700 * -3 + 22000,
            "dilation_forgotten",
            "dilation 2 spreads their cells apart",
        ),
    ],
)
def test_a_mistake_is_told_by_its_value(
    settings: TransposedSettings, cell: tuple[int, int], value: float, kind: str, words: str
) -> None:
    verdict = explain(settings, *cell, value)
    assert not verdict.right
    assert (verdict.kind, words in " ".join(verdict.sentences)) == (kind, True), verdict


@given(transposed_settings(), st.data())
def test_the_cells_number_is_right_and_every_other_answer_gets_a_sentence(
    settings: TransposedSettings, data: st.DataObject
) -> None:
    output = settings.output()
    row, column = data.draw(st.tuples(*(st.integers(0, size - 1) for size in output.shape)))
    assert explain(settings, row, column, float(output[row, column])).right
    verdict = explain(settings, row, column, data.draw(st.integers(-40, 40)))
    assert verdict.sentences
    assert all("{" not in sentence and sentence.endswith(".") for sentence in verdict.sentences)
    for place in verdict.places:
        assert all(0 <= index < size for index, size in zip(place, settings.input.shape, strict=True))


# --- PyTorch lines --------------------------------------------------------------------------------------------------


def run(code: str) -> tuple[dict[str, Any], str]:
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<script>", "exec"), names)
    return names, printed.getvalue()


@given(transposed_settings())
def test_the_script_computes_what_the_lab_computes(settings: TransposedSettings) -> None:
    names, printed = run(conv_transpose2d_code(settings))
    np.testing.assert_allclose(names["y"][0, 0].numpy(), settings.output(), rtol=1e-5, atol=1e-5)
    assert "False" not in printed
    assert printed.count("True\n") == (2 if settings.output_padding < settings.stride else 1)


@pytest.mark.parametrize("name", PRESETS)
def test_the_scripts_comments_are_what_it_prints(name: str) -> None:
    code = conv_transpose2d_code(PRESETS[name].settings)
    _, printed = run(code)
    comments = [line.removeprefix("# ") for line in code.splitlines() if line.startswith(("# tensor", "#      "))]
    assert comments == [line for line in printed.splitlines() if line != "True"]


def test_the_script_holds_only_what_the_settings_need() -> None:
    plain = conv_transpose2d_code(TransposedSettings(np.ones((2, 2)), np.ones((2, 2)), stride=1))
    assert "F.conv_transpose2d(x, weight)" in plain
    full = conv_transpose2d_code(TransposedSettings(np.ones((2, 2)), np.ones((3, 2)), 2, 1, 1, 2))
    assert "kernel_size=(3, 2), stride=2, padding=1, output_padding=1, dilation=2, bias=False)" in full


# --- cells and sentences --------------------------------------------------------------------------------------------


@given(transposed_settings())
def test_what_meets_in_a_cell_is_what_the_cell_is_taken_apart_into(settings: TransposedSettings) -> None:
    steps = walk(settings)
    found = meetings(settings, steps)
    assert len(found) == steps.totals.size
    for (row, column), meeting in zip(np.ndindex(steps.totals.shape), found, strict=True):
        cell = settings.cell(row, column)
        (height, width), (_, kernel_width) = settings.input.shape, settings.kernel.shape
        inputs = [r * width + c for r in cell.input_rows for c in cell.input_columns]
        assert list(meeting.inputs) == inputs
        assert all(index < height * width for index in inputs)
        assert list(meeting.kernel) == [a * kernel_width + b for a in cell.kernel_rows for b in cell.kernel_columns]
        assert list(meeting.products) == cell.products.ravel().tolist()
        assert meeting.columns == max(1, len(cell.input_columns) if cell.input_rows else 0)


@given(transposed_settings())
def test_with_the_rim_there_is_a_meeting_for_each_stamped_cell(settings: TransposedSettings) -> None:
    steps = walk(settings)
    found = meetings(settings, steps, with_rim=True)
    assert [len(meeting.inputs) for meeting in found] == steps.overlaps.ravel().tolist()
    assert [sum(meeting.products) for meeting in found] == steps.accumulated[-1].ravel().tolist()


@given(transposed_settings())
def test_the_windows_of_the_direct_convolution_add_up_to_the_output(settings: TransposedSettings) -> None:
    direct = direct_convolution(settings)
    reads, products = direct_windows(direct)
    assert products.sum(axis=1).tolist() == settings.output().ravel().tolist()
    # The products that are not of zeros put in are those that the stamps bring together.
    for sources, terms, meeting in zip(
        direct.sources.ravel()[reads], products, meetings(settings, walk(settings)), strict=True
    ):
        assert tuple(sources[sources >= 0].tolist()) == meeting.inputs
        assert tuple(terms[sources >= 0].tolist()) == meeting.products


@given(transposed_settings())
def test_a_cells_stamps_are_its_rows_times_its_columns(settings: TransposedSettings) -> None:
    steps = walk(settings)
    rows, columns = (np.array(stamps_along(settings, axis)) for axis in (0, 1))
    assert np.array_equal(np.outer(rows, columns), steps.overlaps[~steps.is_cut].reshape(steps.totals.shape))


@given(transposed_settings())
def test_far_from_the_rim_the_pattern_comes_again_and_again(settings: TransposedSettings) -> None:
    wide = dataclasses.replace(settings, input=np.ones((40, 1), dtype=np.int64), padding=0, output_padding=0)
    counts = stamps_along(wide, 0)
    pattern = pattern_along(wide, 0)
    reach = settings.dilation * (settings.kernel.shape[0] - 1)
    inside = range(reach, len(counts) - reach)
    assert [counts[place] for place in inside] == [pattern[place % settings.stride] for place in inside]


@given(transposed_settings())
def test_the_sizes_that_a_convolution_brings_back_are_true(settings: TransposedSettings) -> None:
    told = size_sentence(settings)
    assume(told is not None)
    first, *_, last = re.findall(r"(\d+) × (\d+)", str(told).split(" into ")[0])
    sizes = [tuple(map(int, size)) for size in (first, last)]
    back = re.findall(r"brings (\d+) × (\d+) back", str(told))[0]
    assert tuple(map(int, back)) == settings.output().shape
    for size in sizes:
        lengths = [
            output_size(length, cells, settings.stride, settings.padding, settings.dilation)
            for length, cells in zip(size, settings.kernel.shape, strict=True)
        ]
        assert tuple(lengths) == settings.input.shape


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (TransposedSettings(np.ones((2, 2)), np.ones((3, 3)), stride=1), None),
        (TransposedSettings(np.ones((2, 2)), np.ones((3, 3)), stride=2, dilation=3, output_padding=2), None),
        (
            TransposedSettings(np.ones((3, 2)), np.ones((3, 3)), stride=3),
            "turns all sizes from 9 × 6 to 11 × 8 into 3 × 2. Output padding 0 brings 9 × 6 back.",
        ),
    ],
)
def test_output_padding_is_explained_where_it_decides_something(settings: TransposedSettings, words: str) -> None:
    told = size_sentence(settings)
    assert told is None if words is None else str(told).endswith(words)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (PRESETS["even"].settings, "Every cell of the output gets 4 stamps: there is no pattern to see."),
        (PRESETS["tiles"].settings, "Every cell of the output gets 1 stamp: there is no pattern to see."),
        (
            PRESETS["tiles"].settings,
            "2 is a multiple of the stride 2, so each place away from the rim gets 1 stamp: no checkerboard.",
        ),
        (PRESETS["checkerboard"].settings, "3 is not a multiple of the stride 2, so 2, 1 repeats away from the rim"),
        (PRESETS["full"].settings, "With stride 1 each place away from the rim gets 3 stamps: no checkerboard."),
        (
            TransposedSettings(np.ones((2, 2)), np.ones((2, 2)), stride=2, dilation=2),
            "With kernel size 2, stride 2 and dilation 2 the counts repeat 2, 0 away from the rim: a checker",
        ),
        (
            TransposedSettings(np.ones((2, 2)), np.ones((4, 3)), stride=2, dilation=1),
            "Columns: The kernel size 3 is not a multiple of the stride 2, so 2, 1 repeats",
        ),
        (
            TransposedSettings(np.ones((2, 3)), np.ones((3, 3))),
            "The rows get 1, 1, 2, 1, 1 stamps from top to bottom, the columns 1, 1, 2, 1, 2, 1, 1 from left to right.",
        ),
        (TransposedSettings(np.ones((6, 6)), np.ones((3, 3))), "1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, … stamps"),
    ],
)
def test_the_overlaps_are_explained(settings: TransposedSettings, words: str) -> None:
    assert words in " ".join(overlap_sentences(settings, walk(settings)))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            PRESETS["overlap"].settings,
            "Stride 2 puts 1 zero between neighbouring input cells. Around the input 2 zeros are added",
        ),
        (
            PRESETS["full"].settings,
            "Stride 1 puts nothing between the input cells. Around the input 2 zeros are added on every side.",
        ),
        (
            PRESETS["output_padding"].settings,
            "Around the input 1 zero is added on every side. Output padding adds 1 more zero at the end",
        ),
        (PRESETS["dilation"].settings, "turned by 180° and keeps its dilation of 2, and its window moves by 1."),
        (
            dataclasses.replace(PRESETS["overlap"].settings, padding=2),
            "Around the input no zeros are added.",
        ),
        (
            TransposedSettings(np.ones((3, 3)), np.ones((2, 1)), padding=1),
            "Above and below no zeros are added. On the left and right 1 column is cut off.",
        ),
    ],
)
def test_the_direct_convolution_is_explained(settings: TransposedSettings, words: str) -> None:
    assert words in " ".join(direct_sentences(settings))
