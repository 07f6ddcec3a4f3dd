"""Numbers and matrices as text: what a learner types, and what a link carries.

A matrix is written row by row, `0,1,2;3,-1,2;1,0,1`: commas between the numbers of a row, semicolons between rows.
"""

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ParseError
from cnnlab.texts import plural

Matrix = NDArray[Any]

MAX_NUMBER_LENGTH = 24
"""Characters that one number may have; the shortest exact text of a float has at most 24."""

MAX_ABSOLUTE = 1_000_000
"""Numbers beyond this are refused: no cell could show them, and a sum of them says nothing about convolution."""

_DECIMAL = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
_COUNT = re.compile(r"[0-9]{1,15}")
_FRACTION = re.compile(r"[+-]?\d{1,9}/\d{1,9}")


def parse_number(text: str) -> int | float:
    """Read one number: `3`, `-0.5`, `1/9`, or `1,5` with a decimal comma.

    Raises:
        ParseError: the text is empty, no number, not finite, or beyond a million.

    >>> parse_number("3"), parse_number("-0,5"), parse_number("1/4")
    (3, -0.5, 0.25)
    """
    # A minus sign that a spreadsheet or a text program made typographic is still a minus sign.
    cleaned = text.strip().replace("\N{MINUS SIGN}", "-")
    shown = repr(cleaned if len(cleaned) <= MAX_NUMBER_LENGTH else cleaned[:MAX_NUMBER_LENGTH] + "…")
    if not cleaned:
        raise ParseError("An empty cell is not a number: type one, 0 for instance.")
    # Only ASCII digits: other scripts' digits would be read by Python but not by the grid in the browser.
    if len(cleaned) > MAX_NUMBER_LENGTH or not cleaned.isascii():
        raise ParseError("{text} is not a number: write it like 3, -0.5 or 1/9.", text=shown)
    if _FRACTION.fullmatch(cleaned):
        numerator, denominator = cleaned.split("/")
        if int(denominator) == 0:
            raise ParseError("{text} divides by zero: use another denominator.", text=shown)
        value = float(Fraction(int(numerator), int(denominator)))
    elif _DECIMAL.fullmatch(cleaned):
        value = float(cleaned.replace(",", "."))
    else:
        raise ParseError("{text} is not a number: write it like 3, -0.5 or 1/9.", text=shown)
    if not math.isfinite(value) or abs(value) > MAX_ABSOLUTE:
        raise ParseError("{text} is too large: use a number between -1,000,000 and 1,000,000.", text=shown)
    return int(value) if value.is_integer() else value


def parse_count(text: str) -> int:
    """Read how many there are of something: a whole number, which may be larger than a cell's.

    Raises:
        ParseError: it is none, or has more than 15 digits.

    >>> parse_count("15470264320")
    15470264320
    """
    if not _COUNT.fullmatch(text):
        raise ParseError("{text} is not a whole number of at most 15 digits.", text=repr(text[:MAX_NUMBER_LENGTH]))
    return int(text)


def format_number(value: float) -> str:
    """Write a number so that `parse_number` gives it back exactly, integers without a point.

    >>> format_number(3.0), format_number(1 / 9)
    ('3', '0.1111111111111111')
    """
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


def show_number(number: float, digits: int = 6) -> str:
    """Write a number for people: whole ones in full, others in a few digits, with a real minus sign.

    >>> show_number(3.0), show_number(1 / 9), show_number(-2 / 3, digits=3), show_number(-0.0)
    ('3', '0.111111', '−0.667', '0')
    """
    is_short = float(number).is_integer() and abs(number) < 1e15
    text = str(int(number)) if is_short else f"{number:.{digits}g}"
    return text.replace("-", "\N{MINUS SIGN}")


def rounded(number: float, digits: int = 6) -> float:
    """Round a number to what `show_number` writes of it. What was written for people is never read back.

    >>> rounded(1 / 9), rounded(123456.7, digits=3), rounded(1234567.0, digits=3)
    (0.111111, 123000.0, 1234567.0)
    """
    is_short = float(number).is_integer() and abs(number) < 1e15
    return float(number) if is_short else float(f"{number:.{digits}g}")


def parse_matrix(text: str, max_rows: int, max_columns: int) -> Matrix:
    """Read `0,1,2;3,-1,2` as an array of shape (rows, columns): integers where all are, floats otherwise.

    Raises:
        ParseError: a cell is no number, the rows differ in length, or there are too many of them.

    >>> parse_matrix("0,1;2,-1", max_rows=7, max_columns=7).tolist()
    [[0, 1], [2, -1]]
    """
    if not text.strip():
        raise ParseError("The matrix is empty: write it row by row, like 0,1,2;3,-1,2;1,0,1.")
    lines = text.split(";", max_rows)
    if len(lines) > max_rows:
        raise ParseError(
            plural(
                "The matrix has more than {n} row: use at most {n}.",
                "The matrix has more than {n} rows: use at most {n}.",
                n=max_rows,
            )
        )
    rows: list[list[int | float]] = []
    for row_number, line in enumerate(lines, start=1):
        cells = line.split(",", max_columns)
        if len(cells) > max_columns:
            raise ParseError(
                plural(
                    "Row {row} has more than {n} number: use at most {n}.",
                    "Row {row} has more than {n} numbers: use at most {n}.",
                    n=max_columns,
                    row=row_number,
                )
            )
        try:
            rows.append([parse_number(cell) for cell in cells])
        except ParseError as error:
            raise ParseError("Row {row}: {reason}", row=row_number, reason=error.message) from None
        if len(cells) != len(rows[0]):
            raise ParseError(
                plural(
                    "Row {row} has {n} number but row 1 has {first}: make all rows equally long.",
                    "Row {row} has {n} numbers but row 1 has {first}: make all rows equally long.",
                    n=len(cells),
                    row=row_number,
                    first=len(rows[0]),
                )
            )
    return as_matrix(rows)


def format_matrix(matrix: Matrix) -> str:
    """Write a (rows, columns) array as `parse_matrix` reads it.

    >>> format_matrix(np.array([[0, 1], [2, -0.5]]))
    '0,1;2,-0.5'
    """
    return ";".join(",".join(format_number(cell) for cell in row) for row in matrix.tolist())


def parse_stack(text: str, max_depth: int, max_rows: int, max_columns: int) -> Matrix:
    """Read `0,1;2,3|4,5;6,7`, matrices of one size, as an array of shape (matrices, rows, columns).

    Raises:
        ParseError: a matrix cannot be read, the matrices differ in size, or there are too many of them.

    >>> parse_stack("0,1|2,-1", max_depth=4, max_rows=7, max_columns=7).tolist()
    [[[0, 1]], [[2, -1]]]
    """
    parts = text.split("|", max_depth)
    if len(parts) > max_depth:
        raise ParseError(
            plural(
                "There is more than {n} matrix: use only {n}.",
                "There are more than {n} matrices: use at most {n}.",
                n=max_depth,
            )
        )
    if len(parts) == 1:
        return parse_matrix(text, max_rows, max_columns)[None]
    matrices: list[Matrix] = []
    for number, part in enumerate(parts, start=1):
        try:
            matrices.append(parse_matrix(part, max_rows, max_columns))
        except ParseError as error:
            raise ParseError("Matrix {number}: {reason}", number=number, reason=error.message) from None
        if matrices[-1].shape != matrices[0].shape:
            (rows, columns), (first_rows, first_columns) = matrices[-1].shape, matrices[0].shape
            raise ParseError(
                "Matrix {number} is {rows}×{columns} but matrix 1 is {first_rows}×{first_columns}: make all of them "
                "equally large.",
                number=number,
                rows=rows,
                columns=columns,
                first_rows=first_rows,
                first_columns=first_columns,
            )
    return np.stack(matrices)


def format_stack(stack: Matrix) -> str:
    """Write a (matrices, rows, columns) array as `parse_stack` reads it.

    >>> format_stack(np.array([[[0, 1]], [[2, -0.5]]]))
    '0,1|2,-0.5'
    """
    return "|".join(format_matrix(matrix) for matrix in stack)


def parse_kernels(text: str, max_kernels: int, max_depth: int, max_rows: int, max_columns: int) -> Matrix:
    """Read `0,1|2,3||4,5|6,7`, kernels of as many slices of one size, as (kernels, slices, rows, columns).

    Raises:
        ParseError: a slice cannot be read, the kernels differ in depth or size, or there are too many of them.

    >>> parse_kernels("0,1|2,-1||1,1|0,0", max_kernels=4, max_depth=4, max_rows=3, max_columns=3).shape
    (2, 2, 1, 2)
    """
    parts = text.split("||", max_kernels)
    if len(parts) > max_kernels:
        raise ParseError(
            plural(
                "There is more than {n} kernel: use only {n}.",
                "There are more than {n} kernels: use at most {n}.",
                n=max_kernels,
            )
        )
    kernels: list[Matrix] = []
    for number, part in enumerate(parts, start=1):
        try:
            kernels.append(parse_stack(part, max_depth, max_rows, max_columns))
        except ParseError as error:
            raise ParseError("Kernel {number}: {reason}", number=number, reason=error.message) from None
        if kernels[-1].shape != kernels[0].shape:
            size, first_size = ("×".join(map(str, kernel.shape)) for kernel in (kernels[-1], kernels[0]))
            raise ParseError(
                "Kernel {number} is {size} but kernel 1 is {first_size}: make all of them equally large.",
                number=number,
                size=size,
                first_size=first_size,
            )
    return np.stack(kernels)


def format_kernels(kernels: Matrix) -> str:
    """Write a (kernels, slices, rows, columns) array as `parse_kernels` reads it.

    >>> format_kernels(np.array([[[[0, 1]], [[2, -0.5]]], [[[1, 1]], [[0, 0]]]]))
    '0,1|2,-0.5||1,1|0,0'
    """
    return "||".join(format_stack(kernel) for kernel in kernels)


def as_matrix(rows: list[list[int | float]]) -> Matrix:
    """Make an array of numbers that were read one by one: int64 where all are whole, float64 otherwise."""
    whole = all(isinstance(cell, int) for row in rows for cell in row)
    return np.array(rows, dtype=np.int64 if whole else np.float64)
