"""The Learn a kernel lesson: its descent, one gradient as the sum it is, why a rate diverges, its PyTorch lines."""

import dataclasses
import io
import math
import re
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnlab import conv2d
from cnnlab.errors import ShapeError
from cnnlab.lessons.learn_a_kernel.agreement import ask_torch, check_with_torch
from cnnlab.lessons.learn_a_kernel.presets import PRESETS
from cnnlab.lessons.learn_a_kernel.pytorch_code import learn_code
from cnnlab.lessons.learn_a_kernel.quiz import explain
from cnnlab.lessons.learn_a_kernel.settings import (
    DIVERGED,
    MAX_INPUT,
    MAX_KERNEL,
    LearnSettings,
    curvature,
    gradient_terms,
    learn,
)
from cnnlab.torch_reference import TorchReference


@st.composite
def learn_settings(draw: st.DrawFn) -> LearnSettings:
    kernel = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    shape = tuple(size + draw(st.integers(0, 3)) for size in kernel)
    return LearnSettings(
        draw(hnp.arrays(np.int64, shape, elements=st.integers(-3, 3))),
        draw(hnp.arrays(np.int64, kernel, elements=st.integers(-3, 3))),
        draw(st.floats(0.001, 0.5)),
        draw(st.integers(0, 12)),
        draw(st.sampled_from(["zeros", "random"])),
        draw(st.integers(0, 99)),
    )


# --- the descent ----------------------------------------------------------------------------------------------------


@given(learn_settings())
def test_every_row_is_what_it_says(settings: LearnSettings) -> None:
    learning = learn(settings)
    assert learning.kernels.shape == learning.gradients.shape == (learning.steps + 1, *settings.target.shape)
    assert np.array_equal(learning.kernels[0], settings.first_kernel)
    for step, kernel in enumerate(learning.kernels):
        output = conv2d(settings.input[None].astype(float), kernel[None, None])[0]
        assert np.allclose(learning.outputs[step], output, rtol=1e-12, atol=1e-12)
        assert np.array_equal(learning.errors[step], learning.outputs[step] - learning.wanted)
        assert learning.losses[step] == pytest.approx((learning.errors[step] ** 2).mean())
        if step:
            moved = learning.kernels[step - 1] - settings.rate * learning.gradients[step - 1]
            assert np.array_equal(kernel, moved)


@given(learn_settings())
@example(  # every step makes what was lost before some seventy times larger
    LearnSettings(
        np.array([[2, 2, 2, 2], [2, 1, 2, 2], [2, 2, 2, 2], [2, 2, 2, 2], [2, 2, 2, 2]]),
        np.array([[0, -2, 0], [1, 1, 0], [0, -1, 1]]),
        rate=0.5,
        steps=6,
    )
)
def test_the_descent_and_its_gradients_are_pytorchs(settings: LearnSettings) -> None:
    steps = learn(settings).steps
    assert check_with_torch(settings, steps).agrees
    for step in {0, steps // 2, steps}:
        assert check_with_torch(settings, step, "gradient").agrees


def test_the_childs_question_and_answer_go_through_json() -> None:
    reference = TorchReference()
    try:
        assert ask_torch(reference, PRESETS["blur"].settings, 50).shape == (3, 3)
        assert ask_torch(reference, PRESETS["edge"].settings, 3, "gradient").agrees
        with pytest.raises(ValueError, match=r"There is no step 51: use 0 to 50\."):
            ask_torch(reference, PRESETS["edge"].settings, 51)
    finally:
        reference.close()


def test_a_difference_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "cnnlab.lessons.learn_a_kernel.settings._windows", lambda _, shape: np.full((shape[0] * shape[1], 9), 0.5)
    )
    settings = dataclasses.replace(PRESETS["edge"].settings, steps=3)
    assert not check_with_torch(settings, 3).agrees
    assert not check_with_torch(settings, 0, "gradient").agrees


def test_the_same_seed_gives_the_same_start_and_another_seed_another() -> None:
    first, again, other = (dataclasses.replace(PRESETS["blur"].settings, seed=seed).first_kernel for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (np.abs(first) <= 1).all()
    assert np.array_equal(first, np.round(first, 2))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"steps": 201}, r"^The number of steps is 201: use 200 or less\.$"),
        ({"steps": -1}, r"^steps is -1: use 0 or more\.$"),
        ({"rate": 0.0}, r"^The learning rate is 0\.0: use a number above 0\.$"),
        ({"rate": float("nan")}, r"^The learning rate is nan: use a number above 0\.$"),
        (
            {"target": np.ones((9, 9))},
            "A target of 9×9 does not fit into an input of 8×8: use a larger input or a smaller target",
        ),
        ({"input": np.ones((1, 8, 8))}, "are not one channel and one kernel: give two matrices"),
    ],
)
def test_what_cannot_be_learnt_is_refused_in_words(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ShapeError, match=sentence):
        learn(dataclasses.replace(PRESETS["edge"].settings, **change))


# --- one gradient ---------------------------------------------------------------------------------------------------


@given(learn_settings(), st.data())
def test_a_weights_gradient_is_the_sum_of_error_times_pixel(settings: LearnSettings, data: st.DataObject) -> None:
    learning = learn(settings)
    step = data.draw(st.integers(0, learning.steps))
    for row, column in np.ndindex(settings.target.shape):
        terms = gradient_terms(settings, learning, step, row, column)
        assert terms.errors.shape == terms.pixels.shape
        assert np.array_equal(terms.products, terms.errors * terms.pixels)
        assert terms.sum == pytest.approx(terms.products.sum())
        assert terms.factor == 2 / learning.wanted.size
        scale = float(np.abs(terms.products).sum()) + 1e-300
        assert terms.gradient == pytest.approx(learning.gradients[step, row, column], rel=1e-9, abs=1e-12 * scale)
        if step < learning.steps:
            following = learning.kernels[step + 1, row, column]
            assert terms.next_weight == pytest.approx(following, rel=1e-9, abs=1e-12 * (scale + abs(terms.weight)))


def test_a_gradient_that_is_not_there_is_refused_in_words() -> None:
    settings = PRESETS["edge"].settings
    learning = learn(settings)
    with pytest.raises(ShapeError, match=r"^There is no step 51: use 0 to 50\.$"):
        gradient_terms(settings, learning, 51, 0, 0)
    with pytest.raises(ShapeError, match=r"^The 3×3 kernel has no weight \(3, 0\): count from 0\.$"):
        gradient_terms(settings, learning, 0, 3, 0)


# --- the rate -------------------------------------------------------------------------------------------------------


@given(learn_settings())
def test_the_curvatures_are_the_eigenvalues_of_the_second_derivatives(settings: LearnSettings) -> None:
    # The gradient is linear in the kernel: its differences along the axes are the second derivatives.
    zero = learn(dataclasses.replace(settings, start="zeros", steps=0)).gradients[0].ravel()
    columns: list[np.ndarray] = []
    for place in np.ndindex(settings.target.shape):
        shifted = settings.target.astype(float)
        shifted[place] -= 1  # a target that is less by 1 is a kernel that is more by 1
        gradient = learn(dataclasses.replace(settings, start="zeros", steps=0, target=shifted)).gradients[0].ravel()
        columns.append(gradient - zero)
    values = np.linalg.eigvalsh(np.array(columns))
    bends = curvature(settings)
    assert bends.largest == pytest.approx(values[-1], abs=1e-9)
    assert bends.smallest == pytest.approx(values[0], abs=1e-9)


@given(learn_settings(), st.floats(0.05, 0.95))
def test_below_the_largest_rate_every_step_lowers_the_loss(settings: LearnSettings, share: float) -> None:
    largest = curvature(settings).largest_rate
    assume(np.isfinite(largest))
    losses = learn(dataclasses.replace(settings, rate=share * largest)).losses
    assert (np.diff(losses) <= 1e-12 * losses[0] + 1e-12).all()


def test_above_it_the_loss_grows_until_the_descent_is_ended() -> None:
    settings = PRESETS["diverging"].settings
    bends = curvature(settings)
    assert not bends.converges
    learning = learn(settings)
    assert learning.has_diverged
    assert learning.losses[-1] > DIVERGED > learning.losses[-2]
    assert learning.steps < settings.steps
    assert not learn(dataclasses.replace(settings, rate=0.99 * bends.largest_rate)).has_diverged


def test_a_rate_that_diverges_is_explained_with_its_numbers() -> None:
    (sentence,) = curvature(PRESETS["diverging"].settings).sentences()
    assert sentence == (
        "The loss bends most with a curvature of 2.791, so rates below 2/2.791 ≈ 0.7166 work. At 0.9 each step"
        " multiplies the error in that direction by |1 − 0.9 · 2.791| ≈ 1.512: it grows."
    )


@given(
    st.lists(st.integers(-9, 9), min_size=4, max_size=9),
    st.integers(1, 3),
    st.floats(0.0001, 10).map(lambda rate: float(f"{rate:.6g}")),
)
def test_the_sentences_own_numbers_lead_to_what_they_say(cells: list[int], width: int, rate: float) -> None:
    assume(any(cells))
    bends = curvature(LearnSettings(np.array([cells]), np.ones((1, width)), rate=rate))
    first, *others = bends.sentences()
    found = re.search(
        r"curvature of (\S+), so rates below 2/(\S+) ([=≈]) (\S+) work\. At (\S+) each step multiplies the error "
        r"in that direction by \|1 − (\S+) · (\S+)\| ([=≈]) (\S+): it (grows|shrinks|neither grows)",
        first,
    )
    assert found, first
    assert found[1] == found[2] == found[7]
    assert float(found[5]) == float(found[6]) == rate
    for sign, told, value in (
        (found[3], found[4], 2 / float(found[1])),
        (found[8], found[9], abs(1 - rate * float(found[1]))),
    ):
        assert is_rounding_of(told, value), first
        assert sign == "≈" or float(told) == pytest.approx(value, rel=1e-9, abs=1e-11), first
    assert {"grows": 1, "shrinks": -1, "neither grows": 0}[found[10]] == np.sign(float(found[9]) - 1)
    slow = re.search(
        r"bends least with a curvature of (\S+): in that direction each step leaves (\S+) of", " ".join(others)
    )
    if slow:
        assert is_rounding_of(slow[2], abs(1 - rate * float(slow[1]))), others


def is_rounding_of(told: str, value: float) -> bool:
    """Whether a number of four digits, or as many as are told, is the nearest one to a value, or one of the two."""
    digits = max(4, sum(map(str.isdecimal, told.lstrip("0."))))
    unit = 10.0 ** (math.floor(math.log10(value)) + 1 - digits) if value else 0
    return abs(float(told) - value) <= 0.5 * unit * (1 + 1e-6) + 1e-11


def test_a_rate_of_which_four_digits_were_too_few_is_told_with_more() -> None:
    sentence = curvature(dataclasses.replace(PRESETS["lecture"].settings, rate=0.4)).sentences()[0]
    assert sentence.endswith("by |1 − 0.4 · 2.7908| ≈ 0.1163: it shrinks."), sentence


def test_a_rate_that_works_is_explained_by_its_slowest_direction() -> None:
    steepest, flattest = curvature(PRESETS["slow"].settings).sentences()
    assert steepest.endswith("≈ 0.9721: it shrinks.")
    assert flattest == (
        "It bends least with a curvature of 0.41: in that direction each step leaves 0.9959 of the error, so the"
        " descent takes longest there."
    )


def test_in_short_only_the_rates_that_work_are_told() -> None:
    assert curvature(PRESETS["lecture"].settings).in_short() == (
        "With this input a learning rate works up to about 0.71.",
    )
    assert curvature(PRESETS["diverging"].settings).in_short() == (
        "With this input a learning rate works up to about 0.71: 0.9 is too large.",
    )
    assert curvature(PRESETS["constant"].settings).in_short()[1].startswith("Many kernels give the wanted output here")


def test_a_rate_on_the_edge_neither_grows_nor_shrinks() -> None:
    settings = LearnSettings(np.array([[1]]), np.array([[3]]), rate=1.0)  # curvature 2
    assert "it neither grows nor shrinks" in curvature(settings).sentences()[0]


def test_an_input_that_does_not_determine_the_kernel_is_told() -> None:
    bends = curvature(PRESETS["constant"].settings)
    assert (bends.directions, bends.weights, bends.smallest) == (1, 9, 0)
    assert bends.sentences()[1] == (
        "The windows of this input determine 1 of the 9 directions of the kernel: many kernels give the wanted output,"
        " and the descent finds the one nearest to its start."
    )


def test_an_input_of_zeros_teaches_nothing() -> None:
    bends = curvature(LearnSettings(np.zeros((4, 4)), np.ones((2, 2))))
    assert bends.largest_rate == float("inf")
    assert bends.sentences() == (
        "The input holds nothing but zeros: every kernel gives the same output, and nothing is learned.",
    )


SIZES = [0.0, 1.0, 50.0, 0.001, 1e-6, 1e6, -1e6, 1e-100, 1e-155, 1e-300, 5e-324]
"""Numbers that the page's grids take, ordinary and extreme ones."""


@given(st.data(), st.floats(1e-4, 10), st.sampled_from(["zeros", "random"]))
def test_numbers_of_any_size_are_learnt_from_and_explained(data, rate, start) -> None:
    rows, columns = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    number = st.sampled_from(SIZES) | st.floats(-1e6, 1e6)
    # As often one number everywhere: that is where the descent depends on one direction alone.
    same = data.draw(st.none() | number)
    numbers = number if same is None else st.just(same)
    settings = LearnSettings(
        data.draw(hnp.arrays(np.float64, (rows, columns), elements=numbers)),
        data.draw(hnp.arrays(np.float64, (min(rows, 2), min(columns, 2)), elements=number)),
        rate,
        start=start,
    )
    learning, bends = learn(settings), curvature(settings)
    text = " ".join((*bends.sentences(), *bends.in_short()))
    assert not re.search(r"nan|inf\b", text)
    works = re.search(r"up to about (\S+?)[.:](?: |$)", text)
    assert works is None or float(works[1].replace("−", "-")) <= bends.largest_rate * (1 + 1e-9)
    assert np.isfinite(learning.losses).all()
    terms = gradient_terms(settings, learning, 0, 0, 0)
    assert explain(settings, terms, terms.next_weight).sentence


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (50, "a curvature of 20000, so rates below 2/20000 = 0.0001 work. At 0.1 each step multiplies the error"),
        (0.001, "a curvature of 8e−06, so rates below 2/8e−06 = 250000 work"),
        (1e-6, ": it shrinks too slowly to be seen."),
        (1e-155, "The input is as good as zero: every kernel gives the same output"),
    ],
)
def test_an_input_of_one_number_is_explained_in_numbers_that_can_be_read(number: float, said: str) -> None:
    assert said in curvature(LearnSettings(np.full((3, 3), number), np.ones((2, 2)))).sentences()[0]


# --- presets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_something_and_can_be_computed(name: str) -> None:
    preset = PRESETS[name]
    assert preset.title
    assert preset.note.endswith(".")
    assert max(preset.settings.input.shape) <= MAX_INPUT
    assert max(preset.settings.target.shape) <= MAX_KERNEL
    assert learn(preset.settings).steps
    for matrix in (preset.settings.input, preset.settings.target):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 1


@pytest.mark.parametrize("name", ["edge", "lecture", "blur"])
def test_a_kernel_that_the_input_determines_is_found_to_three_digits(name: str) -> None:
    settings = PRESETS[name].settings
    assert curvature(settings).determines_kernel
    np.testing.assert_allclose(learn(settings).kernels[-1], settings.target, atol=5e-3)


def test_the_lectures_input_lowers_the_loss_without_finding_the_kernel() -> None:
    settings = PRESETS["lecture_input"].settings
    learning = learn(settings)
    bends = curvature(settings)
    assert (bends.directions, bends.weights) == (7, 9)
    assert bends.converges
    assert learning.losses[-1] < 0.0001 * learning.losses[0], "the note says so"
    assert np.abs(learning.kernels[-1] - settings.target).max() > 1


def test_a_constant_input_gives_equal_weights_with_the_right_sum() -> None:
    settings = PRESETS["constant"].settings
    found = learn(settings).kernels[-1]
    assert np.allclose(found, settings.target.sum() / 9)
    assert learn(settings).losses[-1] == pytest.approx(0, abs=1e-9)


def test_a_small_rate_is_not_there_after_two_hundred_steps() -> None:
    learning = learn(PRESETS["slow"].settings)
    assert (np.diff(learning.losses) < 0).all()
    assert np.abs(learning.kernels[-1] - PRESETS["slow"].settings.target).max() > 0.05


# --- PyTorch lines --------------------------------------------------------------------------------------------------


def run(code: str) -> tuple[dict[str, Any], str]:
    import torch

    names: dict[str, Any] = {}
    try:
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(code, "<script>", "exec"), names)
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_printoptions(profile="default")
    return names, printed.getvalue()


@given(learn_settings())
def test_the_script_finds_the_kernel_that_the_lab_finds(settings: LearnSettings) -> None:
    names, _ = run(learn_code(settings))
    ours = learn(settings).kernels[-1]
    np.testing.assert_allclose(names["kernel"].detach()[0, 0].numpy(), ours, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", PRESETS)
def test_the_scripts_comments_are_what_it_prints(name: str) -> None:
    code = learn_code(PRESETS[name].settings)
    _, printed = run(code)
    comments = [line.removeprefix("# ") for line in code.splitlines() if line.startswith(("# tensor", "#      "))]
    assert comments == ([] if name == "diverging" else printed.splitlines())


def test_a_script_that_diverges_stops_where_the_lab_does() -> None:
    settings = PRESETS["diverging"].settings
    code = learn_code(settings)
    assert "# Further steps only make it larger: the lab stops here, too." in code
    assert int(re.search(r"range\((\d+)\)", code)[1]) == learn(settings).steps


def test_a_random_start_is_written_out() -> None:
    assert "kernel = start[None, None].requires_grad_()" in learn_code(PRESETS["blur"].settings)
    assert "kernel = torch.zeros(1, 1, 3, 3, requires_grad=True)" in learn_code(PRESETS["edge"].settings)


def test_large_numbers_alone_are_no_divergence() -> None:
    settings = LearnSettings(np.full((3, 3), 2000), np.full((2, 2), 2000), rate=1e-8, steps=5)
    learning = learn(settings)
    assert learning.losses[0] > 1e12
    assert not learning.has_diverged
    assert learning.steps == 5
    assert learn(LearnSettings(settings.input, settings.target, rate=1.0, steps=200)).has_diverged
