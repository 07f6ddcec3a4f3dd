"""No hint gives the answer away: it names what went wrong, and what is left to do is more than one addition.

Whatever a lesson says to a wrong answer, over numbers drawn at random: what it says holds neither the answer nor two
numbers whose sum or difference is the answer, the number that was typed counted in. The numbers are large and far
apart, so that rows, columns and strides fit nothing by chance. A formula's own 1 is what is taught, not what is asked,
and so is how many axes a shape has.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations, product
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cnnlab.feedback import output_size, window_sum
from cnnlab.feedback.verdict import Slip, Verdict
from cnnlab.layers import Conv2d, Flatten, Linear
from cnnlab.lessons.image_pipeline import quiz as picture_quiz
from cnnlab.lessons.image_pipeline.snapshots import Snapshot, take_snapshot
from cnnlab.lessons.image_pipeline.steps import Normalize, Permute, RandomCrop, Resize, Step, ToDtype, ToTensor
from cnnlab.lessons.learn_a_kernel import quiz as weight_quiz
from cnnlab.lessons.learn_a_kernel.settings import LearnSettings, gradient_terms, learn
from cnnlab.lessons.network import quiz as network_quiz
from cnnlab.lessons.pooling import quiz as pooling_quiz
from cnnlab.lessons.pooling.settings import PoolSettings
from cnnlab.lessons.receptive_field import quiz as field_quiz
from cnnlab.lessons.receptive_field.stack import Stack, StackLayer
from cnnlab.lessons.transposed import quiz as transposed_quiz
from cnnlab.lessons.transposed.settings import TransposedSettings
from cnnlab.lessons.why_convolution import quiz as drawing_quiz
from cnnlab.lessons.why_convolution.drawing import EDGES, KERNELS, SIDE, Shift, shifted
from cnnlab.networks import Network
from cnnlab.number_text import show_number
from cnnlab.ops import conv2d_step
from cnnlab.shapes import AxisWindows

few = examples(max_examples=25)
"""Each asks a few dozen times."""
seeds = st.integers(0, 2**32 - 1)
NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?(?:e[−+]?\d+)?")


def numbers_in(sentence: str) -> list[float]:
    return [float(found.replace(",", "").replace("−", "-")) for found in NUMBER.findall(sentence)]


def weights(draw: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Weights that are no place's number: where padding is 0, adding in place of multiplying is wrong by a weight."""
    return draw.integers(100, 900, shape) * draw.choice((-1, 1), shape)


def gives_away(sentence: str, typed: float, answer: float) -> bool:
    """Whether the answer stands in a sentence, or is the sum or the difference of two numbers that do."""
    # What is not whole is written in six digits.
    exact = float(typed).is_integer() and float(answer).is_integer()

    return leads_to(sentence, typed, lambda number: abs(number - answer) <= (0 if exact else 2e-6 * abs(answer)))


def leads_to(sentence: str, typed: float, is_answer: Callable[[float], bool]) -> bool:
    """Likewise where more than one number is taken for the answer."""
    as_shown = numbers_in(show_number(typed))
    told = [number for number in numbers_in(sentence) if number not in (0, 1, *as_shown)]
    known = {*told, typed}
    return any(map(is_answer, told)) or any(
        is_answer(one + other) or is_answer(one - other) for one, other in permutations(known, 2)
    )


def slips_of(module: ModuleType, ask: Callable[[float], Verdict]) -> list[Slip]:
    """The mistakes that a lesson looks for in an answer to this question."""
    found: list[Slip] = []
    judge = module.judge

    def noting(value: float, wanted: float, slips: Iterable[Slip], **how: Any) -> Verdict:
        found.extend(slips)
        return judge(value, wanted, found, **how)

    with mock.patch.object(module, "judge", noting):
        ask(0.5)
    return found


def leaks(ask: Callable[[float], Verdict], answers: Iterable[float], answer: float) -> Iterator[str]:
    for typed in {value for value in answers if np.isfinite(value)}:
        verdict = ask(typed)
        # A formula with the layer's numbers, whose result is left to the learner, is more than one addition.
        said = [sentence for sentence in verdict.sentences if not sentence.endswith("= ?")]
        if not verdict.right:
            yield from (told for told in said if gives_away(told, typed, answer))


def assert_silent(module: ModuleType, ask: Callable[[float], Verdict], answer: float) -> None:
    """Nothing that is said to any known mistake, nor to numbers that nobody can explain, gives the answer away."""
    slips = slips_of(module, ask)
    assert slips
    unknown = [answer + 987_654_321.5, answer - 123_456_789.5, 2 * answer, 3.5 * answer]
    assert list(leaks(ask, [*(slip.value for slip in slips), *unknown], answer)) == []


def test_a_hint_that_gives_the_answer_away_is_found() -> None:
    assert gives_away("72 is too large by 36.", 72, 36)
    assert gives_away("Without the product 5 × 1 = 5 the sum is 22.", 22, 27)
    assert gives_away("It is −27.", 3, -27)
    assert not gives_away("72 is too large.", 72, 36)


@few
@given(seeds, st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(0, 1), st.booleans())
def test_of_a_sum(seed: int, channels: int, rows: int, columns: int, padding: int, has_bias: bool) -> None:
    draw = np.random.default_rng(seed)
    x = draw.integers(-(10**6), 10**6, (channels, rows + 1, columns + 1))
    weight = weights(draw, (2, channels, rows, columns))
    bias = draw.integers(-(10**6), 10**6, 2) * has_bias
    step = conv2d_step(x, weight, bias, (0, 0, 0), padding=padding)
    others = {2: float(conv2d_step(x, weight, bias, (1, 0, 0), padding=padding).total)}
    beside = {"left": -7_654_321.0, "below": 3_456_789.0}
    assert_silent(window_sum, lambda value: window_sum.explain(step, value, beside, others), float(step.total))


@few
@given(seeds, st.sampled_from(["max", "avg"]), st.integers(1, 3), st.integers(0, 1), st.booleans(), st.booleans())
def test_of_a_pooling(seed: int, kind: Any, side: int, padding: int, ceil: bool, counts: bool) -> None:
    numbers = np.random.default_rng(seed).integers(-(10**6), 10**6, (5, 5))
    settings = PoolSettings(
        numbers, kind, (side, side), 2, min(padding, side // 2), ceil=ceil, count_include_pad=counts
    )
    row, column = (size - 1 for size in settings.output().shape)
    answer = float(settings.cell(row, column).total)
    assert_silent(pooling_quiz, lambda value: pooling_quiz.explain(settings, row, column, value), answer)


@few
@given(seeds, st.integers(1, 3), st.integers(1, 2))
def test_of_a_transposed_convolution(seed: int, side: int, stride: int) -> None:
    draw = np.random.default_rng(seed)
    settings = TransposedSettings(draw.integers(-(10**6), 10**6, (3, 3)), weights(draw, (side, side)), stride)
    cell = settings.cell(1, 1)
    # A stride that is longer than the kernel leaves gaps: there is nothing to add up in them.
    assume(cell.products.size)
    assert_silent(transposed_quiz, lambda value: transposed_quiz.explain(settings, 1, 1, value), float(cell.total))


@few
@given(seeds, st.floats(0.01, 0.9))
def test_of_a_learned_weight(seed: int, rate: float) -> None:
    draw = np.random.default_rng(seed)
    settings = LearnSettings(
        draw.uniform(-90, 90, (4, 4)), draw.uniform(-90, 90, (2, 2)), round(rate, 2), 1, "random", seed % 9999
    )
    terms = gradient_terms(settings, learn(settings), 0, 1, 0)
    assert_silent(weight_quiz, lambda value: weight_quiz.explain(settings, terms, value), terms.next_weight)


@few
@given(
    st.integers(1500, 2000),
    st.integers(20, 40),
    st.integers(1, 6),
    st.integers(7, 15),
    st.integers(1, 3),
    st.booleans(),
)
def test_of_an_outputs_size(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil: bool) -> None:
    axis = AxisWindows(size, kernel, stride, (padding, padding), dilation, ceil)

    def ask(value: float) -> Verdict:
        return output_size.judge_size(axis, output_size.parse_size(str(value)))

    answers = [slip.value for slip in output_size.slips(axis, output_size.parse_size("1"))]
    assert list(leaks(ask, [*answers, 50_000], axis.count)) == []


@few
@given(st.lists(st.tuples(st.integers(3, 7), st.integers(1, 3), st.integers(1, 2)), min_size=1, max_size=4))
def test_of_a_receptive_field(layers: list[tuple[int, int, int]]) -> None:
    stack = Stack(400, tuple(StackLayer("conv", kernel, stride, 0, dilation) for kernel, stride, dilation in layers))
    rows = stack.rows

    def ask(value: float) -> Verdict:
        return field_quiz.judge(rows, field_quiz.parse_answer(str(value)))

    answers = [slip.value for slip in field_quiz.slips(rows)]
    assert list(leaks(ask, [*answers, 5000], rows[-1].field.size)) == []


@few
@given(st.integers(3, 60), st.integers(3, 60), st.integers(2, 9), st.booleans())
def test_of_parameters(channels: int, kernels: int, side: int, bias: bool) -> None:
    network = Network(
        "Two layers", (Conv2d(channels, kernels, side, bias=bias), Flatten(), Linear(kernels * 16, 10, bias=bias))
    )
    for row in network.summary((channels, side + 3, side + 3))[::2]:

        def ask(value: float, row: Any = row) -> Verdict:
            return network_quiz.judge_params(row, str(int(value)))

        assert_silent(network_quiz, ask, row.num_params)


@few
@given(seeds, st.integers(1 - SIDE, SIDE - 1), st.integers(1 - SIDE, SIDE - 1), st.sampled_from(EDGES))
def test_of_a_shifted_drawing(seed: int, rows: int, columns: int, edge: Any) -> None:
    drawing = np.random.default_rng(seed).integers(0, 2, (SIDE, SIDE))
    found = shifted(drawing, Shift(rows, columns, edge), KERNELS["x"])
    # The 144 places of the grid stand in a sentence: without one of these counts they are not the answer by chance.
    assume(found.same not in (SIDE**2 - found.agreeing, SIDE**2 - found.drawn, SIDE**2 - found.left))
    answers = [slip.value for slip in drawing_quiz.slips(found)]
    assert answers
    unknown = [-1, found.same + 0.5, found.same + 1, 5000]
    assert list(leaks(lambda value: drawing_quiz.judge(found, value), [*answers, *unknown], found.same)) == []


def picture(pixels: np.ndarray, axes: str = "CHW", kind: Any = "tensor") -> Snapshot:
    return take_snapshot(pixels, axes, kind, "a picture", f"torch.{pixels.dtype}")


@few
@given(st.integers(100, 200), st.integers(201, 300), st.integers(20, 90), st.integers(5, 19))
def test_of_a_pictures_shape(height: int, width: int, size: int, padding: int) -> None:
    def made(axes: str, height: int, width: int, kind: Any = "tensor") -> Snapshot:
        sizes = {"C": 3, "H": height, "W": width}
        return picture(np.zeros([sizes[axis] for axis in axes], np.uint8), axes, kind)

    pil, tensor = made("HWC", height, width, "pil"), made("CHW", height, width)
    steps: list[tuple[Step, Snapshot, Snapshot]] = [
        (ToTensor(), pil, tensor),
        (Permute(), tensor, made("HWC", height, width)),
    ]
    for step in (Resize(size), RandomCrop(size, padding)):
        after = step.made_size(height, width)
        assert after is not None
        steps += [(step, pil, made("HWC", *after, "pil")), (step, tensor, made("CHW", *after))]
    padded = height + 2 * padding, width + 2 * padding
    for step, before, after in steps:
        pairs = [(height, width), padded, (size, size), (size, width), (7001, 7002)]
        pairs += [(after.shape[after.axes.index("H")], after.shape[after.axes.index("W")])]
        mixed = {order for pair in pairs for many in (pair, (3, *pair)) for order in permutations(many)}
        for typed in [*mixed, (7001,), (1, 3, *pairs[-1]), (3, 7001, 7002, 7003), None]:
            verdict = picture_quiz.judge_shape(typed, step, before, after)
            # All pictures have three channels; what is asked is how high and how wide they are.
            said = {*(typed or (0,))} - {1, 3}
            for sentence in () if verdict.right else verdict.sentences:
                for each, answer in product(said, {*pairs[-1]} - said):
                    assert not gives_away(sentence, each, answer), (sentence, typed)


@few
@given(seeds, st.integers(235, 250))
def test_of_a_pictures_largest_number(seed: int, high: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, high, (3, 4, 4))
    pixels[0, 0, 0] = high
    file = picture(pixels.astype(np.uint8))
    floats, rescaled = picture(pixels.astype(np.float32)), picture((pixels / 255).astype(np.float32))
    for step, before, after in [
        (ToDtype("True"), file, rescaled),
        (ToDtype("False"), file, floats),
        (ToTensor(), file, rescaled),
        (ToTensor(), floats, floats),
        (Resize(4), file, file),
        (ToTensor(), None, file),
    ]:
        assert_no_number_leads_on(step, before, after, [0, 1, 255, high, high / 255, 70_001, -70_002])


@few
@given(seeds, st.integers(-90, 0), st.integers(3, 9))
def test_of_a_normalized_mean(seed: int, mean: int, std: int) -> None:
    pixels = np.random.default_rng(seed).integers(150, 256, (3, 4, 4)).astype(np.float32)
    step = Normalize((mean,) * 3, (std,) * 3)
    before, after = picture(pixels), picture((pixels - mean) / std)
    own, made = before.channels[0].mean, after.channels[0].mean
    answers = [mean, 0, own - mean, -made, own, own / std - mean, (own - mean) * std]
    assert_no_number_leads_on(step, before, after, [*answers, 70_001, -70_002])


def assert_no_number_leads_on(step: Step, before: Snapshot | None, after: Snapshot, answers: Iterable[float]) -> None:
    """No number of a hint, nor the sum or the difference of two, is taken for the answer."""

    def judge(value: float) -> Verdict:
        return picture_quiz.judge_number(f"{value:.10f}", step, before, after)

    def is_answer(number: float) -> bool:
        return judge(number).right

    for typed in answers:
        verdict = judge(typed)
        for sentence in () if verdict.right else verdict.sentences:
            assert not leads_to(sentence, typed, is_answer), (sentence, typed)
