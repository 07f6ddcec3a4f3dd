"""What a learner's predicted number for one output cell of a transposed convolution says about what went wrong."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cnnlab.errors import ShapeError
from cnnlab.feedback.mistakes import Place, Slip, Verdict, judge
from cnnlab.lessons.transposed.settings import TransposedSettings
from cnnlab.number_text import show_number
from cnnlab.ops import ConvTransposeStep


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
            "{value} is what the last stamp leaves here: stamps that overlap add up.",
            14,
            everywhere,
        )
        yield Slip(
            "first_only",
            products[0],
            "{value} is what the first stamp leaves here: the others that reach this cell are added.",
            10,
            everywhere,
        )
        yield Slip(
            "largest_only",
            max(products),
            "{value} is the largest of the products that meet here: add them all.",
            6,
            everywhere,
        )
        yield Slip(
            "averaged",
            total / len(terms),
            f"{{value}} is the mean of the {len(terms)} products that meet here: overlapping stamps are added.",
            6,
            everywhere,
        )
    for place, pixel, weight, product in terms:
        words = f"{show_number(pixel)} × {_bracketed(weight)} = {show_number(product)}"
        at = f"row {place[0] + 1}, column {place[1] + 1} of the input"
        yield Slip(
            "product_missing",
            total - product,
            f"{{value}} leaves out the product {words} of {at}.",
            12,
            (place,),
            "{value} leaves out one of the products: one of the {count} that are marked.",
        )
        yield Slip(
            "product_sign",
            total - 2 * product,
            f"{{value}} has the product {words} of {at} with the other sign.",
            8,
            (place,),
        )
        yield Slip(
            "added_instead",
            total - product + pixel + weight,
            f"{{value}} has {show_number(pixel + weight)} in place of the product {words} of {at}: multiply there.",
            5,
            (place,),
        )
    yield Slip(
        "no_weights",
        sum(pixel for _, pixel, *_ in terms),
        "{value} adds the input cells themselves: each is multiplied by the weight that it is stamped with.",
        5,
        everywhere,
    )
    yield Slip("sign", -total, "The size of {value} is right, but its sign is not.", 4)


def _slips_of_the_settings(settings: TransposedSettings, row: int, column: int) -> Iterator[Slip]:
    flipped = replace(settings, kernel=settings.kernel[::-1, ::-1])
    yield Slip(
        "kernel_flipped",
        _total(flipped, row, column),
        "{value} comes from the kernel turned by 180 degrees: a stamp lays it down as it is.",
        10,
    )
    if settings.padding:
        yield Slip(
            "padding_forgotten",
            _total(replace(settings, padding=0), row, column),
            f"{{value}} is counted from the uncut corner: padding cuts {settings.padding} off on every side.",
            8,
        )
    if settings.stride > 1:
        yield Slip(
            "stride_forgotten",
            _total(replace(settings, stride=1, output_padding=0), row, column),
            f"{{value}} is what a stride of 1 would give: here the stamps lie {settings.stride} cells apart.",
            8,
        )
    if settings.dilation > 1:
        yield Slip(
            "dilation_forgotten",
            _total(replace(settings, dilation=1, output_padding=0), row, column),
            f"{{value}} comes from stamps without gaps: dilation {settings.dilation} spreads them.",
            8,
        )
    names = {(0, -1): "on the left", (0, 1): "on the right", (-1, 0): "above", (1, 0): "below"}
    for (down, right), name in names.items():
        other = _total(settings, row + down, column + right)
        yield Slip("neighbour", other, f"{{value}} is the number of the cell {name}: see which one is asked for.", 6)


def _total(settings: TransposedSettings, row: int, column: int) -> float:
    """What an output cell would hold; NaN where there is no such cell."""
    if row < 0 or column < 0:
        return float("nan")
    try:
        return float(settings.cell(row, column).total)
    except ShapeError:
        return float("nan")


def _bracketed(number: float) -> str:
    return f"({show_number(number)})" if number < 0 else show_number(number)
