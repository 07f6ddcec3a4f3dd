"""What a learner's predicted number for one output cell of a transposed convolution says about what went wrong."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cnnlab.errors import ShapeError
from cnnlab.feedback.mistakes import judge
from cnnlab.feedback.verdict import Place, Slip, Verdict
from cnnlab.lessons.transposed.settings import TransposedSettings
from cnnlab.ops import ConvTransposeStep
from cnnlab.texts import unfilled

_NEIGHBOURS = {
    (0, -1): unfilled("{value} is what the cell on the left holds: see which cell is asked for."),
    (0, 1): unfilled("{value} is what the cell on the right holds: see which cell is asked for."),
    (-1, 0): unfilled("{value} is what the cell above holds: see which cell is asked for."),
    (1, 0): unfilled("{value} is what the cell below holds: see which cell is asked for."),
}


def explain(settings: TransposedSettings, row: int, column: int, value: float) -> Verdict:
    """Tell whether `value` is what the output cell (row, column) holds and, if not, which mistake leads to it.

    Where all numbers are whole, only exactly the cell's is right; else three digits of it are.
    The places of the verdict are cells of the input, (row, column) from 0.

    Raises:
        ShapeError: settings that do not go together, or a cell that the output does not have.

    >>> settings = TransposedSettings(np.array([[1, 2]]), np.array([[10, 1, 3]]))
    >>> explain(settings, 0, 2, 20).sentences
    ('20 is what the last stamp leaves here: stamps that overlap add up.',)
    """
    step = settings.cell(row, column)
    slips = [*_slips_of_the_sum(step), *_slips_of_the_settings(settings, row, column)]
    is_whole = all(np.array_equal(array, np.rint(array)) for array in (settings.input, settings.kernel))
    scale = float(np.abs(step.products).sum())
    return judge(value, step.total, slips, is_whole=is_whole, scale=scale)


def _terms(step: ConvTransposeStep) -> list[tuple[Place, float, float, float]]:
    """What meets in the cell, in the order of the stamps: input cell, pixel, weight, product."""
    return [
        (
            (row, column),
            float(step.pixels[0, r, c]),
            float(step.weights[0, r, c]),
            float(step.products[0, r, c]),
        )
        for r, row in enumerate(step.input_rows)
        for c, column in enumerate(step.input_columns)
    ]


def _slips_of_the_sum(step: ConvTransposeStep) -> Iterator[Slip]:
    terms = _terms(step)
    if not terms:
        return
    total = float(step.total)
    products = [product for *_, product in terms]
    everywhere = tuple(place for place, *_ in terms)
    if len(terms) > 1:
        yield Slip(
            "last_only",
            products[-1],
            unfilled("{value} is what the last stamp leaves here: stamps that overlap add up."),
            14,
            everywhere,
        )
        yield Slip(
            "first_only",
            products[0],
            unfilled("{value} is what the first stamp leaves here: the others that reach this cell are added to it."),
            10,
            everywhere,
        )
        yield Slip(
            "largest_only",
            max(products),
            unfilled("{value} is the largest of the products that meet here: add them all."),
            6,
            everywhere,
        )
        yield Slip(
            "averaged",
            total / len(terms),
            unfilled("{value} is the average of the products that meet here: overlapping stamps are added."),
            6,
            everywhere,
        )
    for place, pixel, weight, product in terms:
        yield from _slips_of_one_product(total, place, pixel, weight, product)
    yield Slip(
        "no_weights",
        sum(pixel for _, pixel, *_ in terms),
        unfilled("{value} adds the input cells themselves: multiply each by the weight that its stamp lays here."),
        5,
        everywhere,
    )
    negative = tuple(place for place, *_, product in terms if product < 0)
    if len(negative) > 1:
        yield Slip(
            "every_minus_lost",
            sum(map(abs, products)),
            unfilled("{value} leaves out every minus: the products that are marked are negative."),
            8,
            negative,
        )
    yield Slip(
        "sign",
        -total,
        unfilled("Check the sign of {value}: see whether the positive or the negative products weigh more."),
        4,
    )


def _slips_of_one_product(total: float, place: Place, pixel: float, weight: float, product: float) -> Iterator[Slip]:
    # The place, and not the product that stands there: with that a learner would only have to add it.
    where: dict[str, object] = {"row": place[0] + 1, "column": place[1] + 1}
    yield Slip(
        "product_missing",
        total - product,
        unfilled("{value} leaves out the product of the input's cell in row {row}, column {column}.", **where),
        12,
        (place,),
        unfilled("{value} leaves out one of the products: one of the {count} that are marked."),
    )
    if product < 0:
        yield Slip(
            "minus_lost",
            total - 2 * product,
            unfilled(
                "{value} has a plus for the product of the input's cell in row {row}, column {column}, which is"
                " negative.",
                **where,
            ),
            8,
            (place,),
        )
    elif product > 0:
        yield Slip(
            "minus_added",
            total - 2 * product,
            unfilled(
                "{value} has a minus for the product of the input's cell in row {row}, column {column}, which is"
                " positive.",
                **where,
            ),
            3,
            (place,),
        )
    yield Slip(
        "added_instead",
        total - product + pixel + weight,
        unfilled(
            "{value} has a sum in place of the product of the input's cell in row {row}, column {column}: multiply"
            " there.",
            **where,
        ),
        5,
        (place,),
    )


def _slips_of_the_settings(settings: TransposedSettings, row: int, column: int) -> Iterator[Slip]:
    flipped = replace(settings, kernel=settings.kernel[::-1, ::-1])
    yield Slip(
        "kernel_flipped",
        _total(flipped, row, column),
        unfilled("{value} comes from the kernel turned by 180 degrees: a stamp is the kernel as it is, not turned."),
        10,
    )
    if settings.padding:
        yield Slip(
            "padding_forgotten",
            _total(replace(settings, padding=0), row, column),
            unfilled(
                "{value} is counted from the corner before the cut: the padding cuts {padding} off on every side.",
                padding=settings.padding,
            ),
            8,
        )
    if settings.stride > 1:
        yield Slip(
            "stride_forgotten",
            _total(replace(settings, stride=1, output_padding=0), row, column),
            unfilled(
                "{value} is what a stride of 1 would give: here the stamps lie {stride} cells apart.",
                stride=settings.stride,
            ),
            8,
        )
    if settings.dilation > 1:
        yield Slip(
            "dilation_forgotten",
            _total(replace(settings, dilation=1, output_padding=0), row, column),
            unfilled(
                "{value} comes from stamps without gaps: dilation {dilation} spreads their cells apart.",
                dilation=settings.dilation,
            ),
            8,
        )
    for (down, right), sentence in _NEIGHBOURS.items():
        yield Slip("neighbour", _total(settings, row + down, column + right), sentence, 6)


def _total(settings: TransposedSettings, row: int, column: int) -> float:
    """What an output cell would hold; NaN where there is no such cell."""
    if row < 0 or column < 0:
        return float("nan")
    try:
        return float(settings.cell(row, column).total)
    except ShapeError:
        return float("nan")
