"""A shape is read in whatever way it is written, and what is no shape gets a sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import lecture
from cnnlab.errors import ParseError
from cnnlab.feedback.shape_answer import MAX_ANSWER, read_shape
from cnnlab.layers import Flatten
from cnnlab.lessons.image_pipeline.quiz import parse_shape
from cnnlab.lessons.network.quiz import judge_shape
from cnnlab.networks import Network
from cnnlab.networks.zoo import ZOO

WAYS = (
    "N x {0} x {1} x {2}",
    "N×{0}×{1}×{2}",
    "n × {0} × {1} × {2}",
    "{0}x{1}x{2}",
    "({0}, {1}, {2})",
    "(N, {0}, {1}, {2})",
    "[N,{0},{1},{2}]",
    "{0} {1} {2}",
    "N {0} {1} {2}",
    "N*{0}*{1}*{2}",
    "torch.Size([{0}, {1}, {2}])",
    "C = {0}, H = {1}, W = {2}",
)


@given(st.tuples(*[st.integers(0, 9999)] * 3), st.sampled_from(WAYS))
def test_all_ways_of_writing_a_shape_are_the_same_answer(shape: tuple[int, int, int], way: str) -> None:
    answer = read_shape(way.format(*shape))
    assert answer.sizes == shape
    assert answer.has_batch == way.lower().lstrip("([").startswith("n")


@given(st.text(max_size=60))
def test_any_text_is_sizes_or_a_sentence(text: str) -> None:
    with suppress(ParseError):
        assert read_shape(text).sizes


@pytest.mark.parametrize("text", ["", "N", "(N, )", "N x n", "6 x N x 28", "None 6", "no", "six x 28", "6 n 28"])
def test_what_has_no_sizes_or_its_n_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        read_shape(text)


def test_an_answer_has_its_length() -> None:
    with pytest.raises(ParseError, match=f"at most {MAX_ANSWER} characters"):
        read_shape("1" * (MAX_ANSWER + 1))


@pytest.mark.parametrize("way", WAYS)
def test_the_slides_question_takes_them_all(way: str) -> None:
    for row, shape in zip(ZOO["lenet5-slides"].summary(), lecture.LENET_OUTPUTS, strict=True):
        assert judge_shape(row, way.format(*shape)).right
        assert not judge_shape(row, way.format(*reversed(shape))).right or shape == shape[::-1]


def test_a_row_of_features_may_have_its_batch_and_its_thousands() -> None:
    row = Network("", (Flatten(),)).summary((6, 28, 28))[0]
    for text in ("4704", "4,704", "N x 4704", "(N, 4704)", "N×4704"):
        assert judge_shape(row, text).right
    assert not judge_shape(row, "N").right


def test_one_picture_of_the_pipeline_has_no_batch() -> None:
    assert parse_shape("torch.Size([3, 32, 32])") == (3, 32, 32)
    for text in ("N x 3 x 32 x 32", "3.5, 2", "-3, 2", "1e9"):
        with pytest.raises(ParseError, match="Write a shape like 3, 32, 32"):
            parse_shape(text)
