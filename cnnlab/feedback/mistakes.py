"""What a wrong number tells: which mistake leads to exactly this one.

A lesson lists the mistakes that learners make, each with the number that it leads to (`Slip`); `judge` compares them
with what was typed. A mistake that has many numbers (one of nine products left out) explains a number less well than
one that has a single one (the sign turned round): how common it is counts for the share of its numbers that fit.
"""

import math
from collections.abc import Iterable
from decimal import Decimal

from cnnlab.feedback.verdict import Slip, Verdict
from cnnlab.number_text import show_number
from cnnlab.texts import Message, message

CLEARLY_BETTER = 1.5
"""A mistake is named alone when it is at least this many times as likely as the next one."""

MOST_PLACES = 3
"""A slip in one of many places that fits more places than this says nothing, but if it has words for several."""


def judge(value: float, wanted: float, slips: Iterable[Slip], *, is_whole: bool, scale: float) -> Verdict:
    """Tell whether `value` is the number that is wanted and, if not, which slip leads to it.

    Args:
        slips: what is said to them may leave open {value}, what was typed, and {count}, how many places fit.
        is_whole: whether only the exact number is right. Else a value is right within half a unit of the third
            significant digit, so that 5.11 is right for 5.1111.
        scale: how large the numbers on the way are: what floating-point addition loses is a share of that.

    >>> from cnnlab.texts import unfilled
    >>> slips = [Slip("sign", -3, unfilled("{value} has the wrong sign."))]
    >>> judge(3, 3, slips, is_whole=True, scale=3).right
    True
    >>> judge(-3, 3, slips, is_whole=True, scale=3).sentences
    ('−3 has the wrong sign.',)
    """
    if not math.isfinite(value):
        return Verdict(False, (message("That is not a number: type one like 3 or -0.5."),), "not_a_number")
    shown = show_number(value)
    if is_meant(value, wanted, is_whole, scale):
        return Verdict(True, (_right(shown, show_number(wanted), is_whole),), "right")
    found = _explanations(value, wanted, slips, is_whole, scale)
    if not is_whole and (not found or found[0][1][0].vague) and _is_rounded(value, wanted):
        nearly = message("Nearly: {value} has too few digits. Give at least three of them.", value=shown)
        return Verdict(False, (nearly,), "rounded")
    if not found:
        # By how much is not told: that would be the answer.
        return Verdict(False, (_too_large(shown) if value > wanted else _too_small(shown),), "unexplained")
    named = [_named(shown, fitting) for _, fitting in found[:2]]
    if len(named) > 1 and found[0][0] < CLEARLY_BETTER * found[1][0]:
        both = (*named[0].places, *named[1].places)
        lead = message("More than one slip leads to {value}.", value=shown)
        return Verdict(False, (lead, *named[0].sentences, *named[1].sentences), "several", tuple(dict.fromkeys(both)))
    return named[0]


def is_meant(value: float, wanted: float, is_whole: bool, scale: float) -> bool:
    """Whether `wanted` was meant by `value`: equal but for rounding, see `judge`.

    >>> is_meant(0.33, 1 / 3, False, 1), is_meant(0.333, 1 / 3, False, 1)
    (False, True)
    """
    tolerance = 1e-12 * scale
    if not is_whole and wanted != 0 and math.isfinite(wanted):
        tolerance = max(tolerance, 0.5 * 10.0 ** (math.floor(math.log10(abs(wanted))) - 2) * (1 + 1e-9))
    return abs(value - wanted) <= tolerance


def _right(shown: str, exact: str, is_whole: bool) -> Message:
    if is_whole or shown == exact:
        return message("Right: it is {number}.", number=exact)
    return message("Right: it is {number}, and {value} agrees with it to three digits.", number=exact, value=shown)


def _too_large(shown: str) -> Message:
    return message("{value} is too large.", value=shown)


def _too_small(shown: str) -> Message:
    return message("{value} is too small.", value=shown)


def _explanations(
    value: float, wanted: float, slips: Iterable[Slip], is_whole: bool, scale: float
) -> list[tuple[float, list[Slip]]]:
    """The kinds of slips that lead to `value`, each with how likely it is, most likely first."""
    possible: dict[str, list[Slip]] = {}
    for slip in slips:
        # A mistake that changes nothing is none.
        if math.isfinite(slip.value) and not is_meant(slip.value, wanted, is_whole, scale):
            possible.setdefault(slip.kind, []).append(slip)
    found: list[tuple[float, list[Slip]]] = []
    for of_kind in possible.values():
        fitting = [slip for slip in of_kind if is_meant(value, slip.value, is_whole, scale)]
        says_where = len({slip.places for slip in fitting}) <= MOST_PLACES
        if fitting and (says_where or (fitting[0].of_several and not fitting[0].vague)):
            found.append((fitting[0].common * len(fitting) / len(of_kind), fitting))
    return sorted(found, key=lambda explanation: -explanation[0])


def _named(shown: str, fitting: list[Slip]) -> Verdict:
    """The verdict that names one kind of mistake."""
    first = fitting[0]
    places = tuple(dict.fromkeys(place for slip in fitting for place in slip.places))
    count = len({slip.places for slip in fitting}) if first.places else len(fitting)
    sentence = first.of_several if count > 1 and first.of_several else first.sentence
    return Verdict(False, (sentence.with_values(value=shown, count=count),), first.kind, places)


def _is_rounded(value: float, wanted: float) -> bool:
    """Whether `wanted`, rounded to as many decimals as were typed, is `value`."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    # The zeros of 10 and 200 were typed as well: whole numbers are taken to be given to the unit.
    return (
        value != 0
        and isinstance(exponent, int)
        and exponent > -300
        and abs(value - wanted) <= 0.5 * 10.0 ** min(exponent, 0)
    )
