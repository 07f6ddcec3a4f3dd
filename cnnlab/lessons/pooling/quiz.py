"""What a learner's predicted number for one output cell of a pooling says about the step that went wrong."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ShapeError
from cnnlab.feedback.mistakes import judge
from cnnlab.feedback.verdict import Slip, Verdict
from cnnlab.lessons.pooling.settings import PoolSettings
from cnnlab.ops import PoolStep
from cnnlab.texts import unfilled

_NEIGHBOURS = {
    (0, -1): unfilled("{value} belongs to the window on the left: move the window {stride} to the right."),
    (0, 1): unfilled("{value} belongs to the window on the right: move the window {stride} to the left."),
    (-1, 0): unfilled("{value} belongs to the window above: move the window down by {stride}."),
    (1, 0): unfilled("{value} belongs to the window below: move the window up by {stride}."),
}


def explain(settings: PoolSettings, row: int, column: int, value: float) -> Verdict:
    """Tell whether `value` is what the output cell (row, column) holds and, if not, which mistake leads to it.

    Where the cell's number is whole, only exactly this number is right; else three digits of it are.
    The places of the verdict are cells of the window, (row, column) from 0.

    Raises:
        ShapeError: settings that do not go together, or a cell that the output does not have.

    >>> settings = PoolSettings(np.array([[1, 3], [4, 8]]))
    >>> explain(settings, 0, 0, 1).sentences
    ('1 is the smallest number of the window: max pooling keeps the largest.',)
    >>> explain(replace(settings, kind="avg"), 0, 0, 16).sentences
    ('16 is the sum of the window: divide it by the number of cells that count.',)
    """
    step = settings.cell(row, column)
    slips = _slips_of_a_maximum(step) if step.kind == "max" else _slips_of_a_mean(step)
    everywhere = _slips_of_the_place(settings, row, column)
    is_whole = float(step.total).is_integer() and bool(np.array_equal(step.window, np.rint(step.window)))
    scale = float(np.abs(step.window).sum())
    return judge(value, step.total, [*slips, *everywhere], is_whole=is_whole, scale=scale)


def _read(step: PoolStep) -> NDArray[Any]:
    """The numbers of the window that belong to the input."""
    return step.window[~step.is_padding & ~step.is_beyond].astype(np.float64)


def _slips_of_a_maximum(step: PoolStep) -> Iterator[Slip]:
    numbers = _read(step)
    yield Slip(
        "min",
        numbers.min(),
        unfilled("{value} is the smallest number of the window: max pooling keeps the largest."),
        10,
    )
    yield Slip(
        "mean",
        numbers.mean(),
        unfilled("{value} is the average of the window: max pooling keeps the largest number as it is."),
        10,
    )
    yield Slip(
        "sum", numbers.sum(), unfilled("{value} is the sum of the window: max pooling keeps its largest number."), 8
    )
    largest_magnitude = numbers[np.abs(numbers).argmax()]
    for magnitude in (largest_magnitude, abs(largest_magnitude)):
        yield Slip(
            "magnitude",
            magnitude,
            unfilled(
                "{value} is the number furthest from 0; the largest is the one furthest right on the number line."
            ),
            8,
        )
    if step.is_padding.any():
        yield Slip(
            "padding_as_zero",
            max(0.0, numbers.max()),
            unfilled("{value} would be the largest if the padding counted as 0; a maximum never chooses it."),
            12,
            tuple((int(row), int(column)) for row, column in np.argwhere(step.is_padding)),
        )
    below = numbers[numbers < step.total]
    if below.size:
        yield Slip(
            "second",
            below.max(),
            unfilled("{value} is in the window, but the window also holds a larger number."),
            6,
        )
    for place in np.ndindex(step.window.shape):
        if not step.is_padding[place] and not step.is_beyond[place]:
            yield Slip(
                "another",
                float(step.window[place]),
                unfilled("{value} is a number of the window, but not its largest."),
                3,
            )


def _slips_of_a_mean(step: PoolStep) -> Iterator[Slip]:
    numbers = _read(step)
    added, divisor = float(step.sum or 0), step.divisor or 1
    yield Slip(
        "sum", added, unfilled("{value} is the sum of the window: divide it by the number of cells that count."), 12
    )
    yield Slip(
        "max",
        numbers.max(),
        unfilled("{value} is the largest number of the window: average pooling takes the average."),
        10,
    )
    yield Slip(
        "min",
        numbers.min(),
        unfilled("{value} is the smallest number of the window: average pooling takes the average."),
        4,
    )
    yield Slip(
        "median",
        float(np.median(numbers)),
        unfilled(
            "{value} is in the middle of the sorted window: instead, add up all the numbers and divide by how many"
            " there are."
        ),
        3,
    )
    yield from _slips_of_what_counts(step, added, divisor)
    yield from _slips_of_the_division(step, added, divisor)
    for row, column in np.ndindex(step.window.shape):
        number = float(step.window[row, column])
        if number:
            yield Slip(
                "left_out",
                (added - number) / divisor,
                unfilled(
                    "{value} leaves out the number in row {row}, column {column} of the window.",
                    row=row + 1,
                    column=column + 1,
                ),
                8,
                ((row, column),),
                unfilled("{value} leaves out one number of the window: one of the {count} that are marked."),
            )
            if divisor > 1:
                yield Slip(
                    "left_out_of_both",
                    (added - number) / (divisor - 1),
                    unfilled(
                        "{value} is the average without the number in row {row}, column {column} of the window.",
                        row=row + 1,
                        column=column + 1,
                    ),
                    4,
                    ((row, column),),
                    unfilled(
                        "{value} is the average without one number of the window: one of the {count} that are marked."
                    ),
                )
    yield Slip("sign", -step.total, unfilled("Check the sign of {value}."), 4)


def _slips_of_what_counts(step: PoolStep, added: float, divisor: int) -> Iterator[Slip]:
    """A division by cells of the padding, or beyond it, that do not count; or not by those that do."""
    in_padded = step.window.size - int(step.is_beyond.sum())
    if step.is_padding.any():
        if divisor == in_padded:
            yield Slip(
                "padding_not_counted",
                added / _read(step).size,
                unfilled("{value} does not count the padding: here its zeros count, so divide by their number, too."),
                12,
            )
        else:
            yield Slip(
                "padding_counted",
                added / in_padded,
                unfilled(
                    "{value} counts the zeros of the padding: here they do not count, so divide by a smaller number."
                ),
                12,
            )
    if step.is_beyond.any():
        yield Slip(
            "beyond_counted",
            added / step.window.size,
            unfilled("{value} divides by all cells of the window, but what lies beyond the padded input never counts."),
            12,
        )


def _slips_of_the_division(step: PoolStep, added: float, divisor: int) -> Iterator[Slip]:
    """The right sum, divided by another number."""
    height, width = step.window.shape
    for wrong in {height, width, height + width} - {divisor}:
        yield Slip(
            "wrong_divisor",
            added / wrong,
            unfilled(
                "{value} is the sum divided by {wrong}: divide it by the number of all cells that count.",
                wrong=wrong,
            ),
            6,
        )
    for wrong in {divisor - 1, divisor + 1} - {0, height, width, height + width}:
        yield Slip(
            "miscounted",
            added / wrong,
            unfilled(
                "{value} is the sum divided by {wrong}: count the cells again.",
                wrong=wrong,
            ),
            4,
        )


def _slips_of_the_place(settings: PoolSettings, row: int, column: int) -> Iterator[Slip]:
    """A window that lies elsewhere, or has other gaps than it should."""
    for (down, right), sentence in _NEIGHBOURS.items():
        other = _total(settings, row + down, column + right)
        yield Slip("neighbour", other, sentence.with_values(stride=settings.stride), 8)
    if settings.stride > 1:
        yield Slip(
            "stride_forgotten",
            _total(replace(settings, stride=1), row, column),
            unfilled(
                "{value} is what a stride of 1 would give: this window starts {stride} pixels after the last.",
                stride=settings.stride,
            ),
            6,
        )
    if settings.used_dilation > 1:
        yield Slip(
            "dilation_forgotten",
            _total(replace(settings, dilation=1), row, column),
            unfilled(
                "{value} comes from neighbouring cells: with dilation {dilation} the window has gaps.",
                dilation=settings.dilation,
            ),
            8,
        )
    if settings.padding:
        yield Slip(
            "padding_forgotten",
            _total(replace(settings, padding=0), row, column),
            unfilled(
                "{value} is what comes out without padding: the first window starts {padding} outside the input.",
                padding=settings.padding,
            ),
            6,
        )


def _total(settings: PoolSettings, row: int, column: int) -> float:
    """What an output cell would hold; NaN where there is no such cell."""
    if row < 0 or column < 0:
        return float("nan")
    try:
        return float(settings.cell(row, column).total)
    except ShapeError:
        return float("nan")
