"""What a learner's predicted value for one output cell says about the step that went wrong.

Each mistake of a list (`MISTAKES`) has a value that it leads to. A mistake that leads to the learner's value explains
it; how well depends on how common the mistake is and on how many values it could have led to: of nine products left
out one explains much less than a kernel laid on the wrong way round, which has one value only. A mistake is named when
it explains the value clearly better than any other, both are named when two are about as good, and none is named when
none fits.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnlab.matrices import show_number
from cnnlab.ops import ConvStep

Kind = Literal[
    "right",
    "not_a_number",
    "rounded",
    "bias_forgotten",
    "bias_subtracted",
    "product_missing",
    "product_sign",
    "product_twice",
    "added_instead",
    "times_slip",
    "neighbour_weight",
    "window_shifted",
    "kernel_flipped",
    "kernel_transposed",
    "padding_as_one",
    "padding_as_neighbour",
    "padding_as_zero",
    "no_weights",
    "row_missing",
    "column_missing",
    "first_row_only",
    "diagonal_only",
    "total_sign",
    "channel_missing",
    "one_channel_only",
    "first_slice_everywhere",
    "bias_in_each_channel",
    "other_kernel",
    "several",
    "unexplained",
]
"""What a verdict can be. `several` names two mistakes, `rounded` is right but for too few digits."""

MISTAKES: Mapping[Kind, float] = MappingProxyType(
    {
        "bias_forgotten": 20,
        "bias_subtracted": 4,
        "product_missing": 25,
        "product_sign": 20,
        "product_twice": 6,
        "added_instead": 4,
        "times_slip": 6,
        "neighbour_weight": 4,
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
        "total_sign": 3,
        "channel_missing": 12,
        "one_channel_only": 12,
        "first_slice_everywhere": 4,
        "bias_in_each_channel": 4,
        "other_kernel": 8,
    }
)
"""The mistakes that are looked for, with how common each one is taken to be (only the proportions matter)."""

CLEARLY_BETTER = 1.5
"""A mistake is named alone when it is at least this many times as likely as the next one."""

MOST_PLACES = 3
"""A slip in a single product that fits more places than this says nothing about where to look."""

Term = tuple[int, int, int]
"""The position of a product: (channel, row, column) of `ConvStep.products`, from 0."""


@dataclass(frozen=True)
class Verdict:
    """What is said about a predicted value.

    Args:
        right: whether the value is the cell's.
        kind: which sentence it is; see `Kind`.
        sentence: what the learner reads.
        terms: positions of the products to look at, empty where no particular ones are concerned.
    """

    right: bool
    kind: Kind
    sentence: str
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class _Slip:
    """One way to go wrong: the value that it leads to and, where there is one place, where."""

    kind: Kind
    value: float
    terms: tuple[Term, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class _Explanation:
    """All slips of one kind that lead to the learner's value."""

    likelihood: float
    slips: tuple[_Slip, ...]

    @property
    def kind(self) -> Kind:
        return self.slips[0].kind

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(dict.fromkeys(term for slip in self.slips for term in slip.terms))


def explain(
    step: ConvStep,
    value: float,
    neighbours: Mapping[str, float] | None = None,
    others: Mapping[str, float] | None = None,
) -> Verdict:
    """Tell whether `value` is the total of a step and, if not, which mistake leads to it.

    Where all numbers of the step are whole, only the exact total is right. Else a value is right within half a unit of
    the total's third significant digit, so 5.11 is right for 5.1111.

    Args:
        neighbours: the totals of the output cells next to this one, by direction: left, right, above, below.
        others: the totals of the same cell in the maps of other kernels, by what those are called: "kernel 2".

    >>> from cnnlab.ops import conv2d_step
    >>> step = conv2d_step(np.array([[[1, 2], [3, 4]]]), np.array([[[[1, 0], [0, 1]]]]), np.array([10]), (0, 0, 0))
    >>> explain(step, 15).right  # 1*1 + 4*1 + 10
    True
    >>> explain(step, 5).sentence
    'Without the bias of 10 the sum is 5: add the bias at the end.'
    """
    typed = _as_float(value)
    total = _as_float(step.total)
    if not math.isfinite(typed):
        return Verdict(False, "not_a_number", "That is no number that a sum can have: type one like 3 or -0.5.")
    if not math.isfinite(total):
        return Verdict(False, "unexplained", "This cell has no finite sum: use smaller numbers.")
    with np.errstate(all="ignore"):
        return _explain(_Sum(step), typed, neighbours or {}, others or {})


class _Sum:
    """A step in floating-point numbers, with the two questions that depend on all of them."""

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

    def is_close(self, first: float, second: float) -> bool:
        """Whether `second` was meant by `first`: equal but for rounding, see `explain`."""
        # What floating-point addition itself may lose, so that 0.1 + 0.2 is 0.3.
        tolerance = 1e-12 * self.scale
        if not self.is_whole and second != 0 and math.isfinite(second):
            tolerance = max(tolerance, 0.5 * 10.0 ** (math.floor(math.log10(abs(second))) - 2) * (1 + 1e-9))
        return abs(first - second) <= tolerance

    def place(self, term: Term) -> str:
        """Where a product stands, counted from 1 as learners do."""
        channel, row, column = (index + 1 for index in term)
        if self.window.shape[0] > 1:
            return f"channel {channel}, row {row}, column {column}"
        return f"row {row}, column {column}"


def _explain(step: _Sum, value: float, neighbours: Mapping[str, float], others: Mapping[str, float]) -> Verdict:
    if step.is_close(value, step.total):
        return Verdict(True, "right", _right_sentence(step, value))
    found = _explanations(step, value, (*_slips(step, neighbours), *_slips_of_channels(step, others)))
    # Rounding too far is a better guess than a vague slip, but 1 for 1.5 with a bias of 0.5 is the bias forgotten.
    if _is_rounded(step, value) and (not found or found[0].kind in _VAGUE):
        sentence = f"Nearly: {show_number(value)} is the sum in too few digits. Give at least three of them."
        return Verdict(False, "rounded", sentence)
    if not found:
        return _unexplained(step, value)
    if len(found) > 1 and found[0].likelihood < CLEARLY_BETTER * found[1].likelihood:
        first, second = _named(step, value, found[0]), _named(step, value, found[1])
        sentence = f"More than one slip leads to {show_number(value)}."
        terms = tuple(dict.fromkeys((*first.terms, *second.terms)))
        return Verdict(False, "several", " ".join((sentence, first.sentence, second.sentence)), terms)
    return _named(step, value, found[0])


def _right_sentence(step: _Sum, value: float) -> str:
    if step.is_whole or show_number(value) == show_number(step.total):
        return f"Right: the sum is {show_number(step.total)}."
    return f"Right: the sum is {show_number(step.total)}, and {show_number(value)} agrees with it to three digits."


def _is_rounded(step: _Sum, value: float) -> bool:
    """Whether the total, rounded to as many decimals as were typed, is the typed value."""
    if step.is_whole or value == 0:
        return False
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    # The zeros of 10 and 200 were typed as well: whole numbers are taken to be given to the unit.
    return isinstance(exponent, int) and exponent > -300 and abs(value - step.total) <= 0.5 * 10.0 ** min(exponent, 0)


def _explanations(step: _Sum, value: float, slips: Iterable[_Slip]) -> list[_Explanation]:
    """The mistakes that lead to `value`, most likely first."""
    possible: dict[Kind, list[_Slip]] = {}
    for slip in slips:
        # A mistake that changes nothing (a product of 0 left out) is none.
        if math.isfinite(slip.value) and not step.is_close(slip.value, step.total):
            possible.setdefault(slip.kind, []).append(slip)
    found: list[_Explanation] = []
    for kind, of_kind in possible.items():
        fitting = tuple(slip for slip in of_kind if step.is_close(value, slip.value))
        if fitting and not (kind in _VAGUE and len({slip.terms for slip in fitting}) > MOST_PLACES):
            found.append(_Explanation(MISTAKES[kind] * len(fitting) / len(of_kind), fitting))
    return sorted(found, key=lambda explanation: -explanation.likelihood)


_VAGUE: tuple[Kind, ...] = ("added_instead", "times_slip", "neighbour_weight")


def _slips(step: _Sum, neighbours: Mapping[str, float]) -> Iterator[_Slip]:
    """Every mistake that is looked for, with the value that it leads to."""
    total, bias = step.total, step.bias
    yield _Slip("bias_forgotten", total - bias)
    yield _Slip("bias_subtracted", total - 2 * bias)
    yield _Slip("total_sign", -total)
    for term in np.ndindex(step.products.shape):
        yield from _slips_of_one_product(step, term)
    for direction, other in neighbours.items():
        yield _Slip("window_shifted", _as_float(other), detail=direction)
    yield from _slips_of_the_kernel(step)
    yield from _slips_of_the_padding(step)
    yield from _slips_of_whole_lines(step)


def _slips_of_one_product(step: _Sum, term: Term) -> Iterator[_Slip]:
    total, product = step.total, float(step.products[term])
    pixel, weight = float(step.window[term]), float(step.kernel[term])
    here = (term,)
    yield _Slip("product_missing", total - product, here)
    yield _Slip("product_sign", total - 2 * product, here)
    yield _Slip("product_twice", total + product, here)
    yield _Slip("added_instead", total - product + pixel + weight, here)
    if step.is_whole:
        # A multiplication table missed by one row; with decimals nobody multiplies by heart.
        for wrong in (weight - 1, weight + 1):
            yield _Slip("times_slip", total + pixel * (wrong - weight), here, show_number(pixel * wrong))
    columns = step.kernel.shape[-1]
    for column in (term[-1] - 1, term[-1] + 1):
        if 0 <= column < columns:
            wrong = float(step.kernel[(*term[:-1], column)])
            yield _Slip("neighbour_weight", total + pixel * (wrong - weight), here, show_number(wrong))


def _slips_of_the_kernel(step: _Sum) -> Iterator[_Slip]:
    window, kernel, bias = step.window, step.kernel, step.bias
    yield _Slip("kernel_flipped", float((window * kernel[..., ::-1, ::-1]).sum()) + bias)
    if kernel.shape[-1] == kernel.shape[-2]:
        yield _Slip("kernel_transposed", float((window * np.swapaxes(kernel, -1, -2)).sum()) + bias)
    plain = float(window.sum())
    yield _Slip("no_weights", plain + bias)
    if bias:
        yield _Slip("no_weights", plain)


def _slips_of_the_padding(step: _Sum) -> Iterator[_Slip]:
    padding = step.is_padding
    if not padding.any() or padding.all():
        return
    terms = tuple(term for term in np.ndindex(padding.shape) if padding[term] and step.kernel[term] != 0)
    if step.window[padding].any():
        misread = np.where(padding, 0.0, step.window)
        yield _Slip("padding_as_zero", float((misread * step.kernel).sum()) + step.bias, terms)
        return
    misread = np.where(padding, 1.0, step.window)
    yield _Slip("padding_as_one", float((misread * step.kernel).sum()) + step.bias, terms)
    misread = _with_neighbours(step.window, padding)
    yield _Slip("padding_as_neighbour", float((misread * step.kernel).sum()) + step.bias, terms)


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


def _slips_of_whole_lines(step: _Sum) -> Iterator[_Slip]:
    products, bias, total = step.products, step.bias, step.total
    rows, columns = products.shape[-2:]
    terms = tuple(np.ndindex(products.shape))
    if rows > 1 and columns > 1:
        for row in range(rows):
            value = total - float(products[..., row, :].sum())
            yield _Slip("row_missing", value, tuple(t for t in terms if t[-2] == row), str(row + 1))
        for column in range(columns):
            value = total - float(products[..., column].sum())
            yield _Slip("column_missing", value, tuple(t for t in terms if t[-1] == column), str(column + 1))
        diagonal = tuple(t for t in terms if t[-2] == t[-1])
        yield _Slip("diagonal_only", float(sum(products[t] for t in diagonal)) + bias, diagonal)
        first_row = float(products[..., 0, :].sum())
        yield _Slip("first_row_only", first_row + bias, tuple(t for t in terms if t[-2] == 0))


def _slips_of_channels(step: _Sum, others: Mapping[str, float]) -> Iterator[_Slip]:
    """The mistakes that only an input of several channels, or a layer of several kernels, tempts to."""
    for name, other in others.items():
        yield _Slip("other_kernel", _as_float(other), detail=name)
    channels = len(step.products)
    if channels == 1:
        return
    terms = tuple(np.ndindex(step.products.shape))
    for channel in range(channels):
        partial = float(step.products[channel].sum())
        # Of two channels, leaving one out is adding up the other alone.
        if channels > 2:
            missed = tuple(term for term in terms if term[0] == channel)
            yield _Slip("channel_missing", step.total - partial, missed, str(channel + 1))
        for end in {step.bias, 0.0}:
            left_out = tuple(term for term in terms if term[0] != channel)
            yield _Slip("one_channel_only", partial + end, left_out, str(channel + 1))
    yield _Slip("first_slice_everywhere", float((step.window * step.kernel[:1]).sum()) + step.bias)
    yield _Slip("bias_in_each_channel", step.total + (channels - 1) * step.bias)


_SENTENCES: Mapping[Kind, str] = {
    "bias_forgotten": "Without the bias of {bias} the sum is {value}: add the bias at the end.",
    "bias_subtracted": "With the bias of {bias} taken away the sum is {value}: add it.",
    "total_sign": "The size is right, but the sign is not: see which products are negative.",
    "product_missing": "Without the product {product} ({place}) the sum is {value}: it seems to have been left out.",
    "product_sign": "With the other sign for the product {product} ({place}) the sum is {value}: mind the minus.",
    "product_twice": "With the product {product} ({place}) counted twice the sum is {value}: count each one once.",
    "added_instead": "With {added} in place of the product {product} ({place}) the sum is {value}: multiply there.",
    "times_slip": "With {detail} in place of the product {product} ({place}) the sum is {value}: multiply it again.",
    "neighbour_weight": (
        "With the weight {detail} from the next cell in the product {product} ({place}) the sum is {value}:"
        " read the weight again."
    ),
    "kernel_flipped": (
        "With the kernel turned by 180 degrees the sum is {value}: lay it on the window the way it is used here."
    ),
    "kernel_transposed": (
        "With the kernel's rows and columns swapped the sum is {value}: lay it on the window the way it is used here."
    ),
    "padding_as_one": "With padding cells read as 1 the sum is {value}: here padding holds 0.",
    "padding_as_neighbour": (
        "With padding cells read as the pixel next to them the sum is {value}: here padding holds 0."
    ),
    "padding_as_zero": "With padding cells read as 0 the sum is {value}: use the numbers that the padding holds here.",
    "no_weights": (
        "Adding up the window without the weights gives {value}: multiply each number by the weight that lies on it."
    ),
    "row_missing": "Without row {detail} of the window the sum is {value}: it seems to have been left out.",
    "column_missing": "Without column {detail} of the window the sum is {value}: it seems to have been left out.",
    "first_row_only": "The first row of the window alone gives {value}: go on with the rows below it.",
    "diagonal_only": (
        "The products on the diagonal alone give {value}: multiply every number of the window, not only those."
    ),
    "channel_missing": "Without channel {detail} the sum is {value}: it seems to have been left out.",
    "one_channel_only": "Channel {detail} alone gives {value}: add up the sums of all channels.",
    "first_slice_everywhere": (
        "With the kernel's first slice laid on every channel the sum is {value}: each channel has a slice of its own."
    ),
    "bias_in_each_channel": (
        "With the bias of {bias} added once for each channel the sum is {value}: it is added once, at the end."
    ),
    "other_kernel": "{value} is what {detail} gives here: use the kernel that this map belongs to.",
}

_SENTENCES_OF_SEVERAL_PLACES: Mapping[Kind, str] = {
    "product_missing": (
        "One of {count} products seems to have been left out: without any one of those marked the sum is {value}."
    ),
    "product_sign": (
        "One of {count} products seems to have the other sign: with any one of those marked turned round"
        " the sum is {value}."
    ),
    "product_twice": (
        "One of {count} products seems to be counted twice: with any one of those marked the sum is {value}."
    ),
    "added_instead": (
        "One of {count} products seems to be a sum: with any one of those marked added instead of multiplied"
        " the sum is {value}."
    ),
    "times_slip": (
        "One of {count} products seems to be multiplied wrongly: with any one of those marked out by one"
        " row of the multiplication table the sum is {value}."
    ),
    "neighbour_weight": (
        "One of {count} products seems to have the weight of the next cell: with any one of those marked"
        " the sum is {value}."
    ),
    "row_missing": "One row of the window seems to have been left out: without any one of those marked it is {value}.",
    "column_missing": (
        "One column of the window seems to have been left out: without any one of those marked it is {value}."
    ),
    "channel_missing": (
        "One channel seems to have been left out: without any one of {count} of them the sum is {value}."
    ),
    "one_channel_only": ("One channel alone gives {value}, and {count} of them do: add up the sums of all channels."),
}

_SHIFTED: Mapping[str, str] = {
    "left": "{value} is the sum of the cell on the left: move the window one step to the right.",
    "right": "{value} is the sum of the cell on the right: move the window one step to the left.",
    "above": "{value} is the sum of the cell above: move the window one step down.",
    "below": "{value} is the sum of the cell below: move the window one step up.",
}
_SHIFTED_SOMEHOW = "{value} is the sum of a cell next to this one: see where the window lies."


def _named(step: _Sum, value: float, explanation: _Explanation) -> Verdict:
    """The verdict that names one kind of mistake."""
    slips = explanation.slips
    kind = explanation.kind
    if kind == "window_shifted":
        sentence = _SHIFTED.get(slips[0].detail, _SHIFTED_SOMEHOW) if len(slips) == 1 else _SHIFTED_SOMEHOW
        return Verdict(False, kind, sentence.format(value=show_number(value)))
    places = len({slip.terms for slip in slips})
    if places > 1 and kind in _SENTENCES_OF_SEVERAL_PLACES:
        sentence = _SENTENCES_OF_SEVERAL_PLACES[kind].format(count=places, value=show_number(value))
        return Verdict(False, kind, sentence, explanation.terms)
    words = {"value": show_number(value), "bias": show_number(step.bias), "detail": slips[0].detail}
    if slips[0].terms:
        term = slips[0].terms[0]
        words |= {"product": _written(step, term), "added": _written_as_sum(step, term), "place": step.place(term)}
    return Verdict(False, kind, _SENTENCES[kind].format(**words), explanation.terms)


def _unexplained(step: _Sum, value: float) -> Verdict:
    """The verdict on a value that no single mistake leads to: by how much it is out, and where to start looking."""
    difference = show_number(abs(value - step.total))
    if value > step.total:
        lead = f"{show_number(value)} is too large by {difference}."
    else:
        lead = f"{show_number(value)} is too small by {difference}."
    negative = tuple(term for term in np.ndindex(step.products.shape) if step.products[term] < 0)
    if negative:
        return Verdict(False, "unexplained", f"{lead} Check the products with a minus first.", negative)
    if step.is_padding.any() and not step.window[step.is_padding].any():
        return Verdict(False, "unexplained", f"{lead} Check first that the padding cells count as 0.")
    largest: Term = max(np.ndindex(step.products.shape), key=lambda term: abs(float(step.products[term])))
    if step.products[largest] == 0:
        return Verdict(False, "unexplained", f"{lead} Check first that every product with a 0 counts as 0.")
    advice = f"Check the largest product first: {_written(step, largest)} ({step.place(largest)})."
    return Verdict(False, "unexplained", f"{lead} {advice}", (largest,))


def _written(step: _Sum, term: Term) -> str:
    pixel, weight, product = (float(array[term]) for array in (step.window, step.kernel, step.products))
    return f"{show_number(pixel)} × {_bracketed(weight)} = {show_number(product)}"


def _written_as_sum(step: _Sum, term: Term) -> str:
    pixel, weight = float(step.window[term]), float(step.kernel[term])
    return f"{show_number(pixel)} + {_bracketed(weight)}"


def _bracketed(number: float) -> str:
    return f"({show_number(number)})" if number < 0 else show_number(number)


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
