"""What a learner's predicted value for one output cell says about the step that went wrong.

Each mistake of a list (`MISTAKES`) has a value that it leads to, or one for each product that it can happen to;
`cnnlab.feedback.mistakes` compares them with the learner's.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.feedback.mistakes import judge
from cnnlab.feedback.verdict import Slip, Verdict
from cnnlab.ops import ConvStep
from cnnlab.texts import Message, message, unfilled

MISTAKES: Mapping[str, float] = MappingProxyType(
    {
        "bias_forgotten": 20,
        "bias_subtracted": 4,
        "bias_minus_lost": 12,
        "product_missing": 25,
        "minus_lost": 20,
        "every_minus_lost": 12,
        "some_minuses_lost": 6,
        "minus_added": 5,
        "product_twice": 6,
        "added_instead": 4,
        "times_slip": 6,
        "neighbour_weight": 4,
        "window_not_moved": 8,
        "window_shifted": 8,
        "kernel_flipped": 5,
        "kernel_transposed": 3,
        "padding_as_one": 3,
        "padding_as_neighbour": 3,
        "padding_as_zero": 3,
        "no_weights": 3,
        "row_missing": 5,
        "column_missing": 3,
        "first_row_only": 2,
        "diagonal_only": 2,
        "total_sign": 6,
        "channel_missing": 12,
        "one_channel_only": 12,
        "first_slice_everywhere": 4,
        "bias_in_each_channel": 4,
        "other_kernel": 8,
    }
)
"""The mistakes that are looked for, with how common each one is taken to be (only the proportions matter)."""

_VAGUE = ("added_instead", "times_slip", "neighbour_weight", "some_minuses_lost")

_MOST_MINUSES = 6
"""Negative products of which every choice is tried: 57 choices of two or more."""

Term = tuple[int, int, int]
"""The position of a product: (channel, row, column) of `ConvStep.products`, from 0."""


def explain(
    step: ConvStep,
    value: float,
    neighbours: Mapping[str, float] | None = None,
    others: Mapping[int, float] | None = None,
) -> Verdict:
    """Tell whether `value` is the total of a step and, if not, which mistake leads to it.

    Where all numbers of the step are whole, only the exact total is right. Else a value is right within half a unit of
    the total's third significant digit, so 5.11 is right for 5.1111. The places of the verdict are `Term`s.

    Args:
        neighbours: the totals of the output cells next to this one, by direction: left, right, above, below.
        others: the totals of the same cell in the maps of other kernels, by the kernel's number, counted from 1.

    >>> from cnnlab.ops import conv2d_step
    >>> step = conv2d_step(np.array([[[1, 2], [3, 4]]]), np.array([[[[1, 0], [0, 1]]]]), np.array([10]), (0, 0, 0))
    >>> explain(step, 15).right  # 1*1 + 4*1 + 10
    True
    >>> explain(step, 5).sentence
    'Without the bias the sum is 5: add the bias at the end.'
    """
    typed = _as_float(value)
    total = _as_float(step.total)
    if not math.isfinite(typed):
        not_a_number = message("That is not a number that a sum can have: type one like 3 or -0.5.")
        return Verdict(False, (not_a_number,), "not_a_number")
    if not math.isfinite(total):
        return Verdict(False, (message("This cell has no finite sum: use smaller numbers."),), "unexplained")
    with np.errstate(all="ignore"):
        summed = _Sum(step)
        slips = (*_slips(summed, neighbours or {}), *_slips_of_channels(summed, others or {}))
        verdict = judge(typed, total, slips, is_whole=summed.is_whole, scale=summed.scale)
        return _with_advice(summed, verdict) if verdict.kind == "unexplained" else verdict


class _Sum:
    """A step in floating-point numbers, and the slips that can be made in it, in words."""

    def __init__(self, step: ConvStep) -> None:
        self.window: NDArray[Any] = np.asarray(step.window, dtype=np.float64)
        self.kernel: NDArray[Any] = np.asarray(step.kernel, dtype=np.float64)
        self.products: NDArray[Any] = self.window * self.kernel
        self.is_padding: NDArray[Any] = np.asarray(step.is_padding, dtype=bool)
        self.bias = _as_float(step.bias)
        self.total = _as_float(step.total)
        self.scale = float(np.abs(self.products).sum()) + abs(self.bias)
        self.is_whole = bool(
            np.array_equal(self.window, np.rint(self.window))
            and np.array_equal(self.kernel, np.rint(self.kernel))
            and self.bias.is_integer()
        )

    def slip(self, kind: str, value: float, terms: tuple[Term, ...] = (), **words: object) -> Slip:
        """One way to go wrong: the value that it leads to and, where there is one place, where."""
        # A place, and not the product that stands there: with that a learner would only have to add it.
        if terms:
            words |= {"place": self.place(terms[0])}
        of_several = _SENTENCES_OF_SEVERAL.get(kind)
        sentence = _SENTENCES[kind].with_values(**words)
        return Slip(kind, value, sentence, MISTAKES[kind], terms, of_several, vague=kind in _VAGUE)

    def place(self, term: Term) -> Message:
        """Where a product stands, counted from 1 as learners do."""
        channel, row, column = (index + 1 for index in term)
        if self.window.shape[0] > 1:
            return message("channel {channel}, row {row}, column {column}", channel=channel, row=row, column=column)
        return message("row {row}, column {column}", row=row, column=column)


def _slips(step: _Sum, neighbours: Mapping[str, float]) -> Iterator[Slip]:
    """Every mistake that is looked for, with the value that it leads to."""
    total, bias = step.total, step.bias
    yield step.slip("bias_forgotten", total - bias)
    yield step.slip("bias_minus_lost" if bias < 0 else "bias_subtracted", total - 2 * bias)
    yield step.slip("total_sign", -total)
    for term in np.ndindex(step.products.shape):
        yield from _slips_of_one_product(step, term)
    yield from _slips_of_the_minuses(step)
    for direction, other in neighbours.items():
        # The cell on the left was the last one that was looked at: its window has only to be left where it was.
        slip = step.slip("window_not_moved" if direction == "left" else "window_shifted", _as_float(other))
        yield replace(slip, sentence=_SHIFTED.get(direction, _SHIFTED_SOMEHOW))
    yield from _slips_of_the_kernel(step)
    yield from _slips_of_the_padding(step)
    yield from _slips_of_whole_lines(step)


def _slips_of_one_product(step: _Sum, term: Term) -> Iterator[Slip]:
    total, product = step.total, float(step.products[term])
    pixel, weight = float(step.window[term]), float(step.kernel[term])
    here = (term,)
    yield step.slip("product_missing", total - product, here)
    if product < 0:
        yield step.slip("minus_lost", total - 2 * product, here)
    elif product > 0:
        slip = step.slip("minus_added", total - 2 * product, here)
        yield replace(slip, sentence=_minus_times_minus(step, term)) if pixel < 0 else slip
    yield step.slip("product_twice", total + product, here)
    yield step.slip("added_instead", total - product + pixel + weight, here)
    if step.is_whole:
        # A multiplication table missed by one row; with decimals nobody multiplies by heart.
        for wrong in (weight - 1, weight + 1):
            yield step.slip("times_slip", total + pixel * (wrong - weight), here)
    columns = step.kernel.shape[-1]
    for column in (term[-1] - 1, term[-1] + 1):
        if 0 <= column < columns:
            wrong = float(step.kernel[(*term[:-1], column)])
            yield step.slip("neighbour_weight", total + pixel * (wrong - weight), here)


def _slips_of_the_minuses(step: _Sum) -> Iterator[Slip]:
    """Several negative products that are added as if they were positive."""
    negative = [term for term in np.ndindex(step.products.shape) if step.products[term] < 0]
    if len(negative) < 2:
        return

    def without(terms: tuple[Term, ...]) -> float:
        return step.total - 2 * sum(float(step.products[term]) for term in terms)

    yield step.slip("every_minus_lost", without(tuple(negative)), tuple(negative))
    if len(negative) <= _MOST_MINUSES:
        for count in range(2, len(negative)):
            for terms in combinations(negative, count):
                yield step.slip("some_minuses_lost", without(terms), terms)


def _slips_of_the_kernel(step: _Sum) -> Iterator[Slip]:
    window, kernel, bias = step.window, step.kernel, step.bias
    yield step.slip("kernel_flipped", float((window * kernel[..., ::-1, ::-1]).sum()) + bias)
    if kernel.shape[-1] == kernel.shape[-2]:
        yield step.slip("kernel_transposed", float((window * np.swapaxes(kernel, -1, -2)).sum()) + bias)
    plain = float(window.sum())
    yield step.slip("no_weights", plain + bias)
    if bias:
        yield step.slip("no_weights", plain)


def _slips_of_the_padding(step: _Sum) -> Iterator[Slip]:
    padding = step.is_padding
    if not padding.any() or padding.all():
        return
    terms = tuple(term for term in np.ndindex(padding.shape) if padding[term] and step.kernel[term] != 0)
    if step.window[padding].any():
        misread = np.where(padding, 0.0, step.window)
        yield step.slip("padding_as_zero", float((misread * step.kernel).sum()) + step.bias, terms)
        return
    misread = np.where(padding, 1.0, step.window)
    yield step.slip("padding_as_one", float((misread * step.kernel).sum()) + step.bias, terms)
    misread = _with_neighbours(step.window, padding)
    yield step.slip("padding_as_neighbour", float((misread * step.kernel).sum()) + step.bias, terms)


def _with_neighbours(window: NDArray[Any], padding: NDArray[Any]) -> NDArray[Any]:
    """The window with each padding cell holding what the nearest cell of the input holds."""
    filled = window.copy()
    inside = np.argwhere(~padding)
    for term in np.argwhere(padding):
        same_channel = inside[np.all(inside[:, :-2] == term[:-2], axis=1)]
        if len(same_channel):
            nearest = same_channel[np.abs(same_channel[:, -2:] - term[-2:]).sum(axis=1).argmin()]
            filled[tuple(term)] = window[tuple(nearest)]
    return filled


def _slips_of_whole_lines(step: _Sum) -> Iterator[Slip]:
    products, bias, total = step.products, step.bias, step.total
    rows, columns = products.shape[-2:]
    terms = tuple(np.ndindex(products.shape))
    if rows > 1 and columns > 1:
        for row in range(rows):
            value = total - float(products[..., row, :].sum())
            yield step.slip("row_missing", value, tuple(t for t in terms if t[-2] == row), row=row + 1)
        for column in range(columns):
            value = total - float(products[..., column].sum())
            yield step.slip("column_missing", value, tuple(t for t in terms if t[-1] == column), column=column + 1)
        diagonal = tuple(t for t in terms if t[-2] == t[-1])
        yield step.slip("diagonal_only", float(sum(products[t] for t in diagonal)) + bias, diagonal)
        first_row = float(products[..., 0, :].sum())
        yield step.slip("first_row_only", first_row + bias, tuple(t for t in terms if t[-2] == 0))


def _slips_of_channels(step: _Sum, others: Mapping[int, float]) -> Iterator[Slip]:
    """The mistakes that only an input of several channels, or a layer of several kernels, tempts to."""
    for number, other in others.items():
        yield step.slip("other_kernel", _as_float(other), kernel=number)
    channels = len(step.products)
    if channels == 1:
        return
    terms = tuple(np.ndindex(step.products.shape))
    for channel in range(channels):
        partial = float(step.products[channel].sum())
        # Of two channels, leaving one out is adding up the other alone.
        if channels > 2:
            missed = tuple(term for term in terms if term[0] == channel)
            yield step.slip("channel_missing", step.total - partial, missed, channel=channel + 1)
        for end in {step.bias, 0.0}:
            left_out = tuple(term for term in terms if term[0] != channel)
            yield step.slip("one_channel_only", partial + end, left_out, channel=channel + 1)
    yield step.slip("first_slice_everywhere", float((step.window * step.kernel[:1]).sum()) + step.bias)
    yield step.slip("bias_in_each_channel", step.total + (channels - 1) * step.bias)


_SHIFTED: Mapping[str, Message] = {
    "left": unfilled("{value} is the sum of the cell on the left: move the window one step to the right."),
    "right": unfilled("{value} is the sum of the cell on the right: move the window one step to the left."),
    "above": unfilled("{value} is the sum of the cell above: move the window one step down."),
    "below": unfilled("{value} is the sum of the cell below: move the window one step up."),
}
_SHIFTED_SOMEHOW = unfilled("{value} is the sum of a cell next to this one: see where the window lies.")

_SENTENCES: Mapping[str, Message] = {
    "bias_forgotten": unfilled("Without the bias the sum is {value}: add the bias at the end."),
    "bias_subtracted": unfilled("With the bias subtracted the sum is {value}: add it instead."),
    "bias_minus_lost": unfilled("Without the minus of the bias the sum is {value}: the bias is negative here."),
    "total_sign": unfilled("Check the sign of {value}: see whether the positive or the negative products weigh more."),
    "product_missing": unfilled("Without the product in {place} the sum is {value}: it seems to have been left out."),
    "minus_lost": unfilled(
        "The product in {place} seems to have lost its minus: with a plus there the sum is {value}."
    ),
    "every_minus_lost": unfilled(
        "With every minus left out the sum is {value}: the products that are marked are negative."
    ),
    "some_minuses_lost": unfilled(
        "With some of the minuses left out the sum is {value}: the products that are marked are negative."
    ),
    "minus_added": unfilled("The product in {place} is positive: with a minus there the sum is {value}."),
    "product_twice": unfilled("With the product in {place} counted twice the sum is {value}: count each product once."),
    "added_instead": unfilled("With a sum in place of the product in {place} the sum is {value}: multiply there."),
    "times_slip": unfilled(
        "The product in {place} seems to be off by one row of the multiplication table: then the sum is {value}."
    ),
    "neighbour_weight": unfilled("With the next cell's weight in {place} the sum is {value}: read the weight again."),
    "window_not_moved": _SHIFTED["left"],
    "window_shifted": _SHIFTED_SOMEHOW,
    "kernel_flipped": unfilled(
        "With the kernel turned by 180 degrees the sum is {value}: lay it on the window the way it is used here."
    ),
    "kernel_transposed": unfilled(
        "With the kernel's rows and columns swapped the sum is {value}: lay it on the window the way it is used here."
    ),
    "padding_as_one": unfilled("With padding cells read as 1 the sum is {value}: here the padding holds 0."),
    "padding_as_neighbour": unfilled(
        "With padding cells read as the pixel next to them the sum is {value}: here the padding holds 0."
    ),
    "padding_as_zero": unfilled(
        "With padding cells read as 0 the sum is {value}: use the numbers that the padding holds here."
    ),
    "no_weights": unfilled(
        "Adding up the window without the weights gives {value}: multiply each number by the weight on top of it."
    ),
    "row_missing": unfilled("Without row {row} of the window the sum is {value}: it seems to have been left out."),
    "column_missing": unfilled(
        "Without column {column} of the window the sum is {value}: it seems to have been left out."
    ),
    "first_row_only": unfilled("The first row of the window alone gives {value}: go on with the rows below it."),
    "diagonal_only": unfilled(
        "The products on the diagonal alone give {value}: multiply every number of the window, not only those."
    ),
    "channel_missing": unfilled("Without channel {channel} the sum is {value}: it seems to have been left out."),
    "one_channel_only": unfilled("Channel {channel} alone gives {value}: add up the sums of all channels."),
    "first_slice_everywhere": unfilled(
        "With the kernel's first slice laid on every channel the sum is {value}: each channel has a slice of its own."
    ),
    "bias_in_each_channel": unfilled(
        "With the bias added once for each channel the sum is {value}: add it only once, at the end."
    ),
    "other_kernel": unfilled("{value} is what kernel {kernel} gives here: use the kernel that this map belongs to."),
}

_SENTENCES_OF_SEVERAL: Mapping[str, Message] = {
    "window_shifted": _SHIFTED_SOMEHOW,
    "product_missing": unfilled(
        "One of {count} products seems to have been left out: without any one of those marked the sum is {value}."
    ),
    "minus_lost": unfilled(
        "One of {count} products seems to have lost its minus: with a plus for any one of those marked the sum is"
        " {value}."
    ),
    "some_minuses_lost": unfilled(
        "With some of the minuses left out the sum is {value}: go through the products that are marked."
    ),
    "minus_added": unfilled(
        "One of {count} positive products seems to have a minus: with a minus for any one of those marked the sum is"
        " {value}."
    ),
    "product_twice": unfilled(
        "One of {count} products seems to be counted twice: with any one of those marked counted twice the sum is"
        " {value}."
    ),
    "added_instead": unfilled(
        "One of {count} products seems to be a sum: with any one of those marked added instead of multiplied"
        " the sum is {value}."
    ),
    "times_slip": unfilled(
        "One of {count} products seems to be multiplied wrongly: with any one of those marked off by one"
        " row of the multiplication table the sum is {value}."
    ),
    "neighbour_weight": unfilled(
        "One of {count} products seems to have the weight of the next cell: with any one of those marked"
        " the sum is {value}."
    ),
    "row_missing": unfilled(
        "One row of the window seems to have been left out: without any one of those marked the sum is {value}."
    ),
    "column_missing": unfilled(
        "One column of the window seems to have been left out: without any one of those marked the sum is {value}."
    ),
    "channel_missing": unfilled(
        "One channel seems to have been left out: without any one of {count} of them the sum is {value}."
    ),
    "one_channel_only": unfilled(
        "One channel alone gives {value}, and {count} of them do: add up the sums of all channels."
    ),
}


def _with_advice(step: _Sum, verdict: Verdict) -> Verdict:
    """The verdict on a value that no single mistake leads to, with where to start looking."""
    negative = tuple(term for term in np.ndindex(step.products.shape) if step.products[term] < 0)
    largest: Term = max(np.ndindex(step.products.shape), key=lambda term: abs(float(step.products[term])))
    places: tuple[Term, ...] = ()
    if negative:
        advice, places = message("Check the negative products first."), negative
    elif step.is_padding.any() and not step.window[step.is_padding].any():
        advice = message("Check first that the padding cells count as 0.")
    elif step.products[largest] == 0:
        advice = message("Check first that every product with a 0 counts as 0.")
    else:
        advice = message("Check the largest product first, in {place}.", place=step.place(largest))
        places = (largest,)
    return Verdict(False, (*verdict.sentences, advice), verdict.kind, places)


def _minus_times_minus(step: _Sum, term: Term) -> Message:
    return unfilled(
        "Minus times minus is plus: with a minus for the product in {place} the sum is {value}.",
        place=step.place(term),
    )


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
