import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnlab import lecture
from cnnlab.feedback.window_sum import MISTAKES, explain
from cnnlab.number_text import show_number
from cnnlab.ops import ConvStep, conv2d_step

# Numbers far apart, no two sums of which coincide: each mistake has a value of its own.
WINDOW = np.array([[103, 1009, 20011], [307, 5003, 70001], [601, 8009, 90007]])
KERNEL = np.array([[2, -3, 5], [-7, 11, 13], [17, 19, -23]])
BIAS = 31
TOTAL = int((WINDOW * KERNEL).sum()) + BIAS


def step_of(window: np.ndarray, kernel: np.ndarray, bias: float = 0, **settings: Any) -> ConvStep:
    return conv2d_step(window[None], kernel[None, None], np.array([bias]), (0, 0), **settings)


def without(row: int, column: int) -> int:
    return TOTAL - int(WINDOW[row, column] * KERNEL[row, column])


VALUE_OF_MISTAKE = {
    "bias_forgotten": TOTAL - BIAS,
    "bias_subtracted": TOTAL - 2 * BIAS,
    "product_missing": without(1, 2),
    "minus_lost": without(1, 0) + 307 * 7,
    "every_minus_lost": TOTAL + 2 * (1009 * 3 + 307 * 7 + 90007 * 23),
    "some_minuses_lost": TOTAL + 2 * (1009 * 3 + 90007 * 23),
    "minus_added": without(2, 1) - 8009 * 19,
    "product_twice": TOTAL + 601 * 17,
    "added_instead": without(2, 1) + 8009 + 19,
    "times_slip": without(1, 1) + 5003 * 12,
    "neighbour_weight": without(0, 1) + 1009 * 5,
    "kernel_flipped": int((WINDOW * KERNEL[::-1, ::-1]).sum()) + BIAS,
    "kernel_transposed": int((WINDOW * KERNEL.T).sum()) + BIAS,
    "no_weights": int(WINDOW.sum()),
    "row_missing": TOTAL - int((WINDOW * KERNEL)[1].sum()),
    "column_missing": TOTAL - int((WINDOW * KERNEL)[:, 2].sum()),
    "first_row_only": int((WINDOW * KERNEL)[0].sum()) + BIAS,
    "diagonal_only": int(np.trace(WINDOW * KERNEL)) + BIAS,
    "total_sign": -TOTAL,
}
WITH_PADDING = {"padding_as_one", "padding_as_neighbour", "padding_as_zero"}


# Three channels and their slices: the sums of the channels are far apart as well.
WINDOWS = np.stack([WINDOW, WINDOW + 400_000, WINDOW + 3_000_000])
SLICES = np.stack([KERNEL, KERNEL + 51, KERNEL - 97])
PARTS = (WINDOWS * SLICES).sum(axis=(1, 2))
DEEP_TOTAL = int(PARTS.sum()) + BIAS
OTHER = 123_456_789

VALUE_IN_CHANNELS = {
    "channel_missing": DEEP_TOTAL - int(PARTS[1]),
    "one_channel_only": int(PARTS[2]),
    "first_slice_everywhere": int((WINDOWS * SLICES[:1]).sum()) + BIAS,
    "bias_in_each_channel": DEEP_TOTAL + 2 * BIAS,
    "other_kernel": OTHER,
}

small_matrices = hnp.arrays(np.int64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=4), elements=st.integers(-5, 5))


@st.composite
def small_steps(draw: st.DrawFn) -> ConvStep:
    window = draw(small_matrices)
    kernel = draw(hnp.arrays(np.int64, window.shape, elements=st.integers(-5, 5)))
    return step_of(window, kernel, draw(st.integers(-5, 5)))


@st.composite
def decimal_steps(draw: st.DrawFn) -> ConvStep:
    numbers = st.floats(-100, 100)
    window = draw(hnp.arrays(np.float64, (3, 3), elements=numbers))
    kernel = draw(hnp.arrays(np.float64, (3, 3), elements=numbers))
    return step_of(window, kernel, draw(numbers))


@given(st.one_of(small_steps(), decimal_steps()))
def test_the_total_is_right(step: ConvStep) -> None:
    verdict = explain(step, step.total)
    assert verdict.right
    assert verdict.kind == "right"


def test_every_mistake_is_tried_here() -> None:
    elsewhere = {"window_shifted", "window_not_moved", "bias_minus_lost"}
    assert set(VALUE_OF_MISTAKE) | set(VALUE_IN_CHANNELS) | WITH_PADDING | elsewhere == set(MISTAKES)


@pytest.mark.parametrize("kind", VALUE_OF_MISTAKE)
def test_each_mistake_is_told_by_its_value(kind: str) -> None:
    value = VALUE_OF_MISTAKE[kind]
    verdict = explain(step_of(WINDOW, KERNEL, BIAS), value)
    assert not verdict.right
    assert verdict.kind == kind
    assert show_number(value) in verdict.sentence


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("product_missing", ((0, 1, 2),)),
        ("minus_lost", ((0, 1, 0),)),
        ("every_minus_lost", ((0, 0, 1), (0, 1, 0), (0, 2, 2))),
        ("some_minuses_lost", ((0, 0, 1), (0, 2, 2))),
        ("minus_added", ((0, 2, 1),)),
        ("product_twice", ((0, 2, 0),)),
        ("row_missing", ((0, 1, 0), (0, 1, 1), (0, 1, 2))),
    ],
)
def test_the_products_concerned_are_pointed_at(kind: str, terms: object) -> None:
    assert explain(step_of(WINDOW, KERNEL, BIAS), VALUE_OF_MISTAKE[kind]).places == terms


@given(small_steps(), st.data())
def test_a_product_left_out_is_always_explained(step: ConvStep, data: st.DataObject) -> None:
    term = data.draw(st.sampled_from(list(np.ndindex(step.products.shape))))
    value = step.total - int(step.products[term])
    assume(value != step.total)
    verdict = explain(step, value)
    assert not verdict.right
    # Another mistake may lead to the same value; what is named is never less than that.
    assert verdict.kind in (*MISTAKES, "several")
    if verdict.kind == "product_missing":
        assert term in verdict.places


def test_a_product_left_out_says_which() -> None:
    step = step_of(np.array([[40, 100], [60, 10]]), np.array([[3, -7], [2, 90]]))
    assert explain(step, 1140).sentence == (
        "Without the product in row 1, column 2 the sum is 1140: it seems to have been left out."
    )


def test_several_products_of_one_value_are_not_told_apart() -> None:
    step = step_of(np.array([[40, 100], [60, 10]]), np.array([[3, 7], [2, 9]]))
    verdict = explain(step, step.total - 120)
    assert verdict.kind == "product_missing"
    assert verdict.places == ((0, 0, 0), (0, 1, 0))
    assert verdict.sentence.startswith("One of 2 products seems to have been left out")


def test_two_equally_good_explanations_are_both_given() -> None:
    # Leaving out 40 * -4 and losing the minus of 80 * -1 both add 160.
    step = step_of(np.array([[40, 80], [1000, 3000]]), np.array([[-4, -1], [-5, 7]]))
    verdict = explain(step, step.total + 160)
    assert verdict.kind == "several"
    assert verdict.sentence.startswith("More than one slip leads to 15920.")
    assert "Without the product in row 1, column 1" in verdict.sentence
    assert "The product in row 1, column 2 seems to have lost its minus" in verdict.sentence
    assert set(verdict.places) == {(0, 0, 0), (0, 0, 1)}


def test_a_whole_step_off_is_told_by_the_neighbours() -> None:
    step = step_of(WINDOW, KERNEL, BIAS)
    neighbours = {"left": 777_777, "below": 888_888}
    assert explain(step, 777_777, neighbours).sentence == (
        "777777 is the sum of the cell on the left: move the window one step to the right."
    )
    assert explain(step, 888_888, neighbours).kind == "window_shifted"
    assert explain(step, 777_777).kind == "unexplained"
    assert explain(step, 888_888, {"somewhere": 888_888}).kind == "window_shifted"


def test_of_several_slips_the_likeliest_comes_first() -> None:
    # 36 in the lecture's second cell: 27 is the cell before, and also what leaving out 3 × 3 leads to.
    step = conv2d_step(lecture.INPUT[None], lecture.KERNEL[None, None], None, (0, 0, 1))
    assert explain(step, 27, {"left": 27, "right": 45, "below": 43}).kind == "window_not_moved"
    assert explain(step, 27).kind == "product_missing"


def test_a_minus_is_only_missed_where_there_is_one() -> None:
    step = step_of(np.array([[-40, 80], [1000, 3000]]), np.array([[-4, 1], [5, 7]]), -70)
    assert explain(step, step.total - 2 * 160).sentence == (
        "Minus times minus is plus: with a minus for the product in row 1, column 1 the sum is 25850."
    )
    assert explain(step, step.total - 2 * 5000).sentence == (
        "The product in row 2, column 1 is positive: with a minus there the sum is 16170."
    )
    assert explain(step, step.total + 140).sentence == (
        "Without the minus of the bias the sum is 26310: the bias is negative here."
    )


def padded_step(mode: str = "zeros") -> ConvStep:
    return conv2d_step(WINDOW[None], KERNEL[None, None], None, (0, 0), padding=1, padding_mode=mode)


def test_padding_read_as_something_else_is_told() -> None:
    step = padded_step()
    edge = np.ones((3, 3), dtype=int)
    edge[1:, 1:] = WINDOW[:2, :2]
    verdict = explain(step, int((edge * KERNEL).sum()))
    assert verdict.kind == "padding_as_one"
    assert verdict.places == ((0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 0), (0, 2, 0))
    replicated = np.pad(WINDOW, 1, mode="edge")[:3, :3]
    assert explain(step, int((replicated * KERNEL).sum())).kind == "padding_as_neighbour"
    assert explain(padded_step("reflect"), step.total).kind == "padding_as_zero"


def test_nothing_is_named_where_nothing_fits() -> None:
    step = step_of(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 4]]))
    high, low = explain(step, 1030), explain(step, -1000)
    assert high.kind == low.kind == "unexplained"
    assert high.sentence == "1030 is too large. Check the largest product first, in row 2, column 2."
    assert low.sentence.startswith("−1000 is too small. ")


def test_the_place_to_start_looking_is_where_errors_are_common() -> None:
    assert explain(step_of(WINDOW, KERNEL), 5).sentence.endswith("Check the negative products first.")
    step = conv2d_step(WINDOW[None], np.abs(KERNEL)[None, None], None, (0, 0), padding=1)
    assert explain(step, 5).sentence.endswith("Check first that the padding cells count as 0.")
    assert explain(step_of(np.zeros((2, 2), int), np.ones((2, 2), int)), 50).sentence == (
        "50 is too large. Check first that every product with a 0 counts as 0."
    )


def test_whole_numbers_must_be_met_exactly() -> None:
    step = step_of(WINDOW, KERNEL, BIAS)
    assert not explain(step, TOTAL + 1).right
    assert not explain(step, TOTAL + 0.001).right


@pytest.mark.parametrize(
    ("value", "kind"), [(5.11, "right"), (5.111, "right"), (5.1, "rounded"), (5.12, "unexplained")]
)
def test_decimals_need_three_digits(value: float, kind: str) -> None:
    step = step_of(np.array([[46]]), np.array([[1 / 9]]))
    assert step.total == pytest.approx(5.1111, abs=1e-4)
    assert explain(step, value).kind == kind


def test_floating_point_noise_is_nobodys_mistake() -> None:
    step = step_of(np.array([[0.1, 0.2], [0.3, 0.0]]), np.array([[1.0, 1.0], [-1.0, 1.0]]))
    assert step.total != 0
    assert explain(step, 0).right


def test_a_forgotten_bias_is_not_taken_for_rounding() -> None:
    assert explain(step_of(np.array([[1]]), np.array([[1]]), 0.5), 1).kind == "bias_forgotten"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_told(value: float) -> None:
    verdict = explain(step_of(WINDOW, KERNEL), value)
    assert verdict.kind == "not_a_number"
    assert not verdict.right


def test_channels_are_named_where_there_are_several() -> None:
    window, kernel = np.stack([WINDOW, WINDOW + 100_000]), np.stack([KERNEL, KERNEL + 50])
    step = conv2d_step(window, kernel[None], None, (0, 0))
    verdict = explain(step, step.total - int(step.products[1, 2, 0]))
    assert "channel 2, row 3, column 1 the sum" in verdict.sentence


def deep_step(bias: float = BIAS) -> ConvStep:
    return conv2d_step(WINDOWS, SLICES[None], np.array([bias]), (0, 0))


@pytest.mark.parametrize("kind", VALUE_IN_CHANNELS)
def test_each_mistake_with_channels_is_told_by_its_value(kind: str) -> None:
    value = VALUE_IN_CHANNELS[kind]
    verdict = explain(deep_step(), value, others={2: OTHER})
    assert verdict.kind == kind
    assert show_number(value) in verdict.sentence


def test_the_channels_that_were_left_out_are_pointed_at() -> None:
    missing = explain(deep_step(), VALUE_IN_CHANNELS["channel_missing"])
    assert {channel for channel, _, _ in missing.places} == {1}
    assert "Without channel 2" in missing.sentence
    alone = explain(deep_step(), int(PARTS[0]) + BIAS)
    assert {channel for channel, _, _ in alone.places} == {1, 2}
    assert alone.sentence.startswith("Channel 1 alone gives")


def test_of_two_channels_one_alone_is_named_once() -> None:
    step = conv2d_step(WINDOWS[:2], SLICES[None, :2], None, (0, 0))
    verdict = explain(step, int(PARTS[0]))
    assert verdict.kind == "one_channel_only"
    assert verdict.sentence.startswith("Channel 1 alone")


def test_another_kernels_map_is_named() -> None:
    sentence = explain(deep_step(), OTHER, others={2: OTHER}).sentence
    assert sentence == "123456789 is what kernel 2 gives here: use the kernel that this map belongs to."


@given(
    hnp.arrays(np.float64, (2, 3), elements=st.floats(allow_nan=True, allow_infinity=True)),
    st.one_of(st.floats(), st.just(1e300), st.just(10**400)),
    st.floats(),
)
def test_nothing_that_is_typed_makes_it_fail(window: np.ndarray, value: float, bias: float) -> None:
    with np.errstate(all="ignore"):
        step = step_of(window, np.array([[1, -2, 1e300], [0, 0.1, 3]]), bias)
    assert explain(step, value, {"left": math.nan, "right": 1e308}).sentence
