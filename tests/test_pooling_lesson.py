"""The pooling page's lesson: its steps, its presets, what a wrong answer tells, its PyTorch lines."""

import dataclasses
import io
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnlab import avg_pool2d
from cnnlab.errors import ShapeError
from cnnlab.lessons.pooling.agreement import ask_torch, check_with_torch
from cnnlab.lessons.pooling.effects import effects, shares
from cnnlab.lessons.pooling.presets import DEFAULT_INPUT, PRESETS
from cnnlab.lessons.pooling.pytorch_code import pool2d_class, pool2d_code
from cnnlab.lessons.pooling.quiz import explain
from cnnlab.lessons.pooling.settings import (
    MAX_INPUT,
    MAX_KERNEL,
    PoolSettings,
    ShiftExperiment,
    shift_experiment,
    walk,
)
from cnnlab.torch_reference import TorchReference


@st.composite
def pool_settings(draw: st.DrawFn) -> PoolSettings:
    kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    padding = draw(st.integers(0, min(kernel) // 2))
    kind = draw(st.sampled_from(["max", "avg"]))
    dilation = draw(st.integers(1, 2)) if padding == 0 else 1
    smallest = [max(1, dilation * (cells - 1) + 1 - 2 * padding) for cells in kernel]
    shape = tuple(size + draw(st.integers(0, 4)) for size in smallest)
    return PoolSettings(
        draw(hnp.arrays(np.int64, shape, elements=st.integers(-4, 4))),
        kind,
        kernel,
        draw(st.integers(1, 4)),
        padding,
        dilation,
        draw(st.booleans()),
        draw(st.booleans()),
    )


# --- the walk -------------------------------------------------------------------------------------------------------


@given(pool_settings())
def test_the_walk_is_made_of_the_single_steps(settings: PoolSettings) -> None:
    steps = walk(settings)
    width = steps.grid.shape[1]
    assert np.array_equal(steps.totals, settings.output())
    for number, (row, column) in enumerate(np.ndindex(steps.totals.shape)):
        step = settings.cell(row, column)
        read = steps.reads[number]
        assert read.tolist() == [r * width + c for r in step.rows for c in step.columns]
        assert np.array_equal(steps.grid.ravel()[read], step.window.ravel())
        assert np.array_equal(steps.is_padding.ravel()[read], step.is_padding.ravel())
        assert np.array_equal(steps.is_beyond.ravel()[read], step.is_beyond.ravel())
        assert np.array_equal(steps.totals[row, column], step.total)
        won = [np.unravel_index(place, step.window.shape) for place in np.flatnonzero(steps.holds_maximum[number])]
        assert won == list(step.winners)
        assert steps.has_tie[number] == (len(step.winners) > 1)
        if settings.kind == "max":
            assert step.chosen is not None
            assert steps.chosen[number] == step.rows[step.chosen[0]] * width + step.columns[step.chosen[1]]
        else:
            assert steps.chosen[number] == -1
            assert (steps.sums[number], steps.divisors[number]) == (step.sum, step.divisor)
            assert steps.totals[row, column] == pytest.approx(steps.sums[number] / steps.divisors[number])


@given(pool_settings())
def test_every_input_cell_stands_in_the_grid_once(settings: PoolSettings) -> None:
    steps = walk(settings)
    is_input = steps.sources >= 0
    assert np.array_equal(steps.grid[is_input], settings.input.ravel())
    assert np.array_equal(steps.sources[is_input], np.arange(settings.input.size))
    assert np.array_equal(is_input, ~steps.is_padding & ~steps.is_beyond)
    assert not steps.grid[~is_input].any()


@given(pool_settings())
def test_pytorch_agrees_forwards_and_backwards(settings: PoolSettings) -> None:
    assert check_with_torch(settings).agrees
    assert check_with_torch(settings, "gradient").agrees


def test_the_childs_question_and_answer_go_through_json() -> None:
    reference = TorchReference()
    try:
        assert ask_torch(reference, PRESETS["overlapping"].settings, "gradient").agrees
        assert ask_torch(reference, PRESETS["count_padding"].settings).shape == (2, 2)
    finally:
        reference.close()


def test_a_difference_is_told_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*args: Any, **keywords: Any) -> np.ndarray:
        output = avg_pool2d(*args, **keywords)
        output[0, 1, 0] += 4
        return output

    monkeypatch.setattr("cnnlab.lessons.pooling.settings.avg_pool2d", wrong)
    agreement = check_with_torch(PRESETS["mean"].settings)
    assert (agreement.agrees, agreement.where, agreement.largest_difference) == (False, (1, 0), 4)
    assert check_with_torch(PRESETS["mean"].settings, "gradient").agrees


def test_settings_that_do_not_go_together_are_refused_in_words() -> None:
    with pytest.raises(ShapeError, match="A 4×4 kernel does not fit into a 2×2 input"):
        walk(PoolSettings(np.ones((2, 2)), kernel=(4, 4)))
    with pytest.raises(ShapeError, match="Padding 2 is more than half of the 2×2 window"):
        walk(PoolSettings(np.ones((4, 4)), padding=2))
    with pytest.raises(ShapeError, match="reads only padding"):
        walk(PoolSettings(np.ones((1, 1)), stride=1, padding=1, dilation=2))
    with pytest.raises(ShapeError, match="is not one channel: give one matrix"):
        PoolSettings(np.ones((1, 4, 4))).output()


def test_an_average_leaves_the_dilation_out_of_account() -> None:
    settings = PoolSettings(DEFAULT_INPUT, "avg", stride=1, dilation=2)
    assert settings.output().shape == (3, 3)
    assert walk(settings).totals.shape == (3, 3)


@given(pool_settings())
def test_the_gradient_gathers_to_what_pytorch_routes(settings: PoolSettings) -> None:
    steps = walk(settings)
    before = np.zeros_like(steps.routed)
    for number, after in enumerate(steps.gathered):
        inside = steps.sources.ravel()[steps.reads[number]]
        assert set(np.flatnonzero(after - before)) <= set(inside[inside >= 0].tolist())
        before = after
    assert before == pytest.approx(steps.routed)


# --- a shift --------------------------------------------------------------------------------------------------------


def test_a_shift_moves_the_input_and_brings_zeros_in() -> None:
    settings = PoolSettings(np.arange(1, 10).reshape(3, 3), kernel=(1, 1), stride=1)
    assert shift_experiment(settings).shifted.tolist() == [[0, 1, 2], [0, 4, 5], [0, 7, 8]]
    assert shift_experiment(settings, down=-1, right=0).shifted.tolist() == [[4, 5, 6], [7, 8, 9], [0, 0, 0]]
    assert not shift_experiment(settings, down=7).shifted.any()
    assert not shift_experiment(settings, right=-3).shifted.any()


def test_a_maximum_keeps_more_of_a_shifted_picture_than_the_picture_itself() -> None:
    picture = np.zeros((8, 8), dtype=int)
    picture[2, 2], picture[5, 4] = 9, 7  # on even columns, so that a step to the right stays within the window
    seen = shift_experiment(PoolSettings(picture))
    assert seen.share == 1
    assert seen.input_share == (64 - 4) / 64
    back = shift_experiment(PoolSettings(picture), right=-1)
    assert back.share == (16 - 4) / 16


def test_without_pooling_the_share_is_the_inputs() -> None:
    seen = shift_experiment(PoolSettings(DEFAULT_INPUT, kernel=(1, 1), stride=1))
    assert seen.share == seen.input_share


# --- presets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_something_and_can_be_computed(name: str) -> None:
    preset = PRESETS[name]
    assert preset.title
    assert preset.note.endswith(".")
    assert max(preset.settings.input.shape) <= MAX_INPUT
    assert max(preset.settings.kernel) <= MAX_KERNEL
    assert walk(preset.settings).totals.size
    with pytest.raises(ValueError, match="read-only"):
        preset.settings.input[0, 0] = 1


def test_the_default_input_pools_without_ties() -> None:
    assert walk(PRESETS["max"].settings).totals.tolist() == [[6, 5], [3, 4]]
    assert not walk(PRESETS["max"].settings).has_tie.any()
    assert walk(PRESETS["mean"].settings).totals.tolist() == [[3.5, 2.75], [1.75, 1.75]]


def test_the_nine_of_the_overlapping_windows_is_chosen_four_times() -> None:
    steps = walk(PRESETS["overlapping"].settings)
    assert steps.totals.shape == (3, 3)
    assert steps.routed[2, 4] == (steps.totals == 9).sum() == 4


def test_a_global_mean_is_one_number() -> None:
    totals = walk(PRESETS["global"].settings).totals
    assert totals.tolist() == [[DEFAULT_INPUT.mean()]]


def test_the_ties_are_some() -> None:
    steps = walk(PRESETS["ties"].settings)
    assert steps.has_tie.tolist() == [True, False, True, True]
    assert steps.routed[0, 0] == 1


def test_rounding_up_reaches_beyond_the_input() -> None:
    settings = PRESETS["ceil"].settings
    assert walk(settings).totals.shape == (3, 3)
    assert walk(settings).is_beyond.any()
    assert walk(dataclasses.replace(settings, ceil=False)).totals.shape == (2, 2)


def test_negative_numbers_win_over_the_padding() -> None:
    steps = walk(PRESETS["padding"].settings)
    assert (steps.totals < 0).all()
    assert steps.is_padding.any()


def test_counting_the_padding_makes_the_corner_twenty_ninths() -> None:
    settings = PRESETS["count_padding"].settings
    assert walk(settings).totals[0, 0] == pytest.approx(20 / 9)
    assert walk(dataclasses.replace(settings, count_include_pad=False)).totals[0, 0] == 20 / 4


def test_of_the_shifted_pixels_one_stays_within_its_window() -> None:
    seen = shift_experiment(PRESETS["shift"].settings)
    assert (~seen.same).sum() == 2
    assert seen.after[1, 2] == seen.before[1, 2] == 9


# --- what a wrong answer tells --------------------------------------------------------------------------------------

WINDOW = PoolSettings(np.array([[103, 1009, 20011], [307, 5003, 70001], [601, 8009, -90007]]), kernel=(3, 3), stride=3)
MEAN = dataclasses.replace(WINDOW, kind="avg", input=np.array([[10, 200, 3000], [1, 20, 307], [40, 500, 60]]))
PADDED = PoolSettings(np.array([[-4, -8], [-16, -32]]), kernel=(3, 3), stride=2, padding=1)
PADDED_MEAN = dataclasses.replace(PADDED, kind="avg", input=np.array([[4, 8], [16, 33]]))
BEYOND = PoolSettings(np.array([[1, 2, 40], [3, 5, 60], [7, 8, 9]]), "avg", ceil=True)
STRIDED = PoolSettings(np.arange(1, 37).reshape(6, 6) ** 2)


@pytest.mark.parametrize(
    ("settings", "cell", "value", "kind", "words"),
    [
        (WINDOW, (0, 0), -90007, "min", "−90007 is the smallest number of the window"),
        (WINDOW, (0, 0), 90007, "magnitude", "is the number furthest from 0"),
        (WINDOW, (0, 0), 15037, "sum", "15037 is the sum of the window: max pooling keeps its largest number."),
        (WINDOW, (0, 0), 20011, "second", "the window also holds a larger number"),
        (WINDOW, (0, 0), 5003, "another", "5003 is a number of the window, but not its largest."),
        (WINDOW, (0, 0), 15037 / 9, "mean", "is the average of the window: max pooling keeps"),
        (PADDED, (0, 0), 0, "padding_as_zero", "0 would be the largest if the padding counted as 0"),
        (STRIDED, (1, 1), 36**2 - 0, "unexplained", "1296 is too large."),
        (STRIDED, (1, 1), 26**2, "unexplained", "is too large"),
        (
            dataclasses.replace(STRIDED, kind="avg"),
            (1, 1),
            141.5,
            "stride_forgotten",
            "this window starts 2 pixels after the last",
        ),
        (STRIDED, (1, 1), 20**2, "neighbour", "400 belongs to the window on the left: move the window 2 to the right."),
        (STRIDED, (1, 1), 24**2, "neighbour", "belongs to the window on the right"),
        (STRIDED, (1, 1), 10**2, "neighbour", "belongs to the window above: move the window down by 2."),
        (STRIDED, (1, 1), 34**2, "neighbour", "belongs to the window below: move the window up by 2."),
        (MEAN, (0, 0), 4138, "sum", "4138 is the sum of the window: divide it by the number of cells that count."),
        (MEAN, (0, 0), 3000, "max", "3000 is the largest number of the window: average pooling takes the average."),
        (MEAN, (0, 0), 1, "min", "1 is the smallest number of the window"),
        (MEAN, (0, 0), 60, "median", "is in the middle of the sorted window"),
        (
            MEAN,
            (0, 0),
            4138 / 3,
            "wrong_divisor",
            "is the sum divided by 3: divide it by the number of all cells that count.",
        ),
        (MEAN, (0, 0), 4138 / 8, "miscounted", "divided by 8: count the cells again."),
        (MEAN, (0, 0), 3638 / 9, "left_out", "leaves out the number in row 3, column 2 of the window."),
        (MEAN, (0, 0), 3638 / 8, "left_out_of_both", "is the average without the number in row 3, column 2"),
        (MEAN, (0, 0), -4138 / 9, "sign", "Check the sign of"),
        (MEAN, (0, 0), 500, "unexplained", "500 is too large."),
        (dataclasses.replace(BEYOND, ceil=False), (0, 0), 2.8, "rounded", "too few digits"),
        (PADDED_MEAN, (0, 0), 61 / 4, "padding_not_counted", "here its zeros count, so divide by their number, too."),
        (
            dataclasses.replace(PADDED_MEAN, count_include_pad=False),
            (0, 0),
            61 / 9,
            "padding_counted",
            "here they do not count, so divide by a smaller number.",
        ),
        (BEYOND, (0, 1), 25, "beyond_counted", "what lies beyond the padded input never counts."),
        (
            PoolSettings(STRIDED.input, stride=1, dilation=2),
            (1, 1),
            15**2,
            "dilation_forgotten",
            "with dilation 2 the window has gaps",
        ),
        (
            PoolSettings(STRIDED.input, kernel=(3, 3), stride=2, padding=1),
            (1, 1),
            29**2,
            "padding_forgotten",
            "what comes out without padding: the first window starts 1 outside the input.",
        ),
    ],
)
def test_a_mistake_is_told_by_its_value(
    settings: PoolSettings, cell: tuple[int, int], value: float, kind: str, words: str
) -> None:
    verdict = explain(settings, *cell, value)
    assert not verdict.right
    assert (verdict.kind, words in " ".join(verdict.sentences)) == (kind, True), verdict.sentences


@given(pool_settings(), st.data())
def test_the_cells_number_is_right_and_every_other_answer_gets_a_sentence(
    settings: PoolSettings, data: st.DataObject
) -> None:
    output = settings.output()
    row, column = data.draw(st.tuples(*(st.integers(0, size - 1) for size in output.shape)))
    assert explain(settings, row, column, float(output[row, column])).right
    verdict = explain(settings, row, column, data.draw(st.integers(-40, 40)))
    assert verdict.sentences
    assert all("{" not in sentence and sentence.endswith(".") for sentence in verdict.sentences)
    for place in verdict.places:
        assert all(0 <= index < size for index, size in zip(place, settings.kernel, strict=True))


# --- PyTorch lines --------------------------------------------------------------------------------------------------


def run(code: str) -> tuple[dict[str, Any], str]:
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<script>", "exec"), names)
    return names, printed.getvalue()


@given(pool_settings())
def test_the_script_computes_what_the_lab_computes_and_says_what_it_prints(settings: PoolSettings) -> None:
    code = pool2d_code(settings)
    names, printed = run(code)
    steps = walk(settings)
    np.testing.assert_allclose(names["y"][0, 0].detach().numpy(), steps.totals, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(names["x"].grad[0, 0].numpy(), steps.routed, rtol=1e-5, atol=1e-6)
    assert "True\n" in printed


@given(pool_settings())
def test_the_class_of_the_slides_computes_the_same(settings: PoolSettings) -> None:
    names, _ = run(pool2d_class(settings))
    np.testing.assert_allclose(names["y"][0, 0].numpy(), walk(settings).totals, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", PRESETS)
def test_the_slides_class_says_what_it_prints(name: str) -> None:
    code = pool2d_class(PRESETS[name].settings)
    _, printed = run(code)
    comments = [line.removeprefix("# ") for line in code.splitlines() if line.startswith(("# tensor", "#      "))]
    assert comments == printed.splitlines()
    assert "# tensor" not in pool2d_class(PRESETS[name].settings, show_output=False)


def test_the_slides_pooling_is_that_of_slide_37() -> None:
    assert "        self.pool = nn.MaxPool2d(2, 2)\n" in pool2d_class(PRESETS["max"].settings)
    assert "        x = self.pool(x)\n" in pool2d_class(PRESETS["max"].settings)


@pytest.mark.parametrize("name", PRESETS)
def test_the_scripts_comments_are_what_it_prints(name: str) -> None:
    code = pool2d_code(PRESETS[name].settings)
    _, printed = run(code)
    comments = [line.removeprefix("# ") for line in code.splitlines() if line.startswith(("# tensor", "#      "))]
    assert comments == [line for line in printed.splitlines() if line != "True"]


def test_the_script_holds_only_what_the_settings_need() -> None:
    assert "F.max_pool2d(x, kernel_size=2)" in pool2d_code(PRESETS["max"].settings)
    assert "torch.nn.AvgPool2d(kernel_size=4)" in pool2d_code(PRESETS["global"].settings)
    full = pool2d_code(PoolSettings(np.ones((9, 9)), "avg", (3, 2), 1, 1, 2, True, False))
    assert "kernel_size=(3, 2), stride=1, padding=1, ceil_mode=True, count_include_pad=False)" in full
    assert "dilation=2" in pool2d_code(PoolSettings(np.ones((9, 9)), dilation=2))


# --- what the settings do -------------------------------------------------------------------------------------------


ODD = PRESETS["ceil"].settings


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            ODD,
            "With ceil the output is 3 × 3, without it 2 × 2. The windows in its last row and column reach beyond the",
        ),
        (
            dataclasses.replace(ODD, ceil=False),
            "Without ceil the output is 2 × 2. The last row and column of the input are never read. With ceil"
            " it would be 3 × 3, and the windows in its last row and column would reach beyond the input.",
        ),
        (
            PoolSettings(np.ones((4, 6)), kernel=(2, 3), stride=4),
            "Without ceil the output is 1 × 1. The last 2 rows of the input are never read. The last 3 columns of the"
            " input are never read. With ceil it would be 1 × 2, and the windows in its last column would"
            " reach beyond the input.",
        ),
        (
            PoolSettings(np.ones((4, 5)), kernel=(2, 2)),
            "Without ceil the output is 2 × 2. The last column of the input is never read. With ceil it would be 2 × 3,"
            " and the windows in its last column would reach beyond the input.",
        ),
        (
            PoolSettings(np.ones((6, 4)), kernel=(3, 2), stride=4),
            "Without ceil the output is 1 × 1. The last 3 rows of the input are never read. The last 2 columns of the"
            " input are never read.",
        ),
        (
            dataclasses.replace(PRESETS["max"].settings, ceil=True),
            "Rounding up makes no difference here: the output is 2 × 2",
        ),
        (
            PoolSettings(np.ones((2, 2)), kernel=(3, 3), ceil=True),
            "With ceil the output is 1 × 1, without it not even one window fits. The windows in its last row and",
        ),
        (PRESETS["padding"].settings, "The padding counts as −∞, so it is never the largest."),
        (
            PRESETS["count_padding"].settings,
            "The padding counts: in row 1, column 1 the sum of 20 is divided by 9, which gives 2.222. If it did not"
            " count, the sum would be divided by 4, which gives 5.",
        ),
        (
            PoolSettings(np.array([[8]]), "avg", padding=1, count_include_pad=False),
            "The padding does not count: in row 1, column 1 the sum of 8 is divided by 1, which gives 8. If it counted,"
            " the sum would be divided by 4, which gives 2.",
        ),
        (PoolSettings(np.zeros((2, 2)), "avg", padding=1), "Whether the padding counts makes no difference here"),
    ],
)
def test_what_a_setting_does_is_said_with_the_numbers_at_hand(settings: PoolSettings, sentence: str) -> None:
    assert sentence in " ".join(effects(settings))


@given(pool_settings())
def test_whatever_the_settings_say_is_true_of_the_output(settings: PoolSettings) -> None:
    rows, columns = settings.output().shape
    for said in effects(settings):
        if said.startswith(("With ceil", "Without ceil")):
            assert f"the output is {rows} × {columns}" in said
        if said.startswith("Rounding up"):
            assert f"the output is {rows} × {columns} either way" in said


def test_settings_in_which_nothing_is_special_say_nothing() -> None:
    assert effects(PRESETS["max"].settings) == ()
    assert effects(PRESETS["mean"].settings) == ()


def test_the_shares_of_a_shift_are_told_as_counts_and_percents() -> None:
    told = shares(shift_experiment(PRESETS["overlapping"].settings))
    assert told == "Without pooling 4 of 49 numbers stay the same (8.2 %), with pooling 5 of 9 (55.6 %)."


def test_a_share_is_not_rounded_to_what_it_is_not() -> None:
    eighth = np.arange(8).reshape(2, 4) < 1
    told = shares(ShiftExperiment(*[np.zeros((2, 4))] * 3, eighth, eighth))
    assert told == "Without pooling 1 of 8 numbers stays the same (12.5 %), with pooling 1 of 8 (12.5 %)."
