"""Numbers and matrices survive the way through text, and what is none is refused in words."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnlab.errors import ParseError
from cnnlab.number_text import (
    MAX_ABSOLUTE,
    format_kernels,
    format_matrix,
    format_number,
    format_stack,
    parse_kernels,
    parse_matrix,
    parse_number,
    parse_stack,
)

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=16)
NUMBERS = st.floats(-MAX_ABSOLUTE, MAX_ABSOLUTE, allow_nan=False)


@given(NUMBERS)
def test_a_number_survives_its_text(value: float) -> None:
    assert parse_number(format_number(value)) == value


@given(hnp.arrays(np.float64, SHAPES, elements=NUMBERS))
def test_a_matrix_survives_its_text(matrix: np.ndarray) -> None:
    assert np.array_equal(parse_matrix(format_matrix(matrix), 16, 16), matrix)


@given(hnp.arrays(np.int64, SHAPES, elements=st.integers(-MAX_ABSOLUTE, MAX_ABSOLUTE)))
def test_whole_numbers_stay_integers(matrix: np.ndarray) -> None:
    assert parse_matrix(format_matrix(matrix), 16, 16).dtype == np.int64


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        matrix = parse_matrix(text, 4, 4)
    except ParseError:
        return
    assert np.isfinite(matrix).all()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" 7 ", 7),
        ("-0", 0),
        ("1/9", 1 / 9),
        ("1,5", 1.5),
        (".5", 0.5),
        ("2.", 2),
        ("1e3", 1000),
        ("\N{MINUS SIGN}4", -4),
    ],
)
def test_numbers_as_people_type_them(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "An empty cell is not a number: type one, 0 for instance"),
        ("abc", "'abc' is not a number: write it like 3, -0.5 or 1/9"),
        ("nan", "'nan' is not a number"),
        ("inf", "'inf' is not a number"),
        ("1e300", "'1e300' is too large: use a number between -1,000,000 and 1,000,000"),
        ("1e999", "'1e999' is too large"),
        ("1/0", "'1/0' divides by zero: use another denominator"),
        ("1_000", "'1_000' is not a number"),
        ("٣", "'٣' is not a number"),
        ("1" * 25, "'1{24}…' is not a number"),
        ("0x10", "'0x10' is not a number"),
    ],
)
def test_what_is_no_number_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The matrix is empty: write it row by row, like 0,1,2;3,-1,2;1,0,1"),
        ("1,2;3", "Row 2 has 1 number but row 1 has 2: make all rows equally long"),
        ("1,2;3,x", "Row 2: 'x' is not a number"),
        ("1;2;3;4", "The matrix has more than 3 rows: use at most 3"),
        ("1,2,3,4", "Row 1 has more than 3 numbers: use at most 3"),
        ("1,2;", "Row 2: An empty cell is not a number"),
    ],
)
def test_what_is_no_matrix_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        parse_matrix(text, 3, 3)


@given(
    hnp.arrays(
        np.int64, st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 5)), elements=st.integers(-99, 99)
    )
)
def test_a_stack_reads_back_as_it_was_written(stack: np.ndarray) -> None:
    assert np.array_equal(parse_stack(format_stack(stack), 4, 5, 5), stack)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1|2|3", "There are more than 2 matrices: use at most 2"),
        ("1,2|x,3", "Matrix 2: Row 1: 'x' is not a number"),
        ("1,2|3", "Matrix 2 is 1×1 but matrix 1 is 1×2: make all of them equally large"),
        ("|1", "Matrix 1: The matrix is empty"),
    ],
)
def test_what_is_no_stack_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=re.escape(sentence)):
        parse_stack(text, 2, 3, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1||2||3", "more than 2 kernels: use at most 2"),
        ("1|2||3", "Kernel 2 is 1×1×1 but kernel 1 is 2×1×1: make all of them equally large"),
        ("1,2||3", "Kernel 2 is 1×1×1 but kernel 1 is 1×1×2"),
        ("1|2|3||4", "Kernel 1: There are more than 2 matrices"),
        ("1||x", "Kernel 2: Row 1: 'x' is not a number"),
        ("1||", "Kernel 2: The matrix is empty"),
    ],
)
def test_kernels_that_cannot_be_read_say_which(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=re.escape(words)):
        parse_kernels(text, max_kernels=2, max_depth=2, max_rows=3, max_columns=3)


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=4, max_dims=4, max_side=3), elements=st.integers(-9, 9)))
def test_kernels_come_back_from_their_text(kernels: np.ndarray) -> None:
    read = parse_kernels(format_kernels(kernels), 3, 3, 3, 3)
    np.testing.assert_array_equal(read, kernels)
