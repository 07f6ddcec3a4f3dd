"""What a wrong number tells: which mistake leads to exactly this one.

A lesson lists the mistakes that learners make, each with the number that it leads to (`Slip`); `judge` compares them
with what was typed. A mistake that has many numbers (one of nine products left out) explains a number less well than
one that has a single one (the sign turned round): how common it is counts for the share of its numbers that fit.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cnnlab.number_text import show_number

CLEARLY_BETTER = 1.5
"""A mistake is named alone when it is at least this many times as likely as the next one."""

MOST_PLACES = 3
"""A slip in one of many places that fits more places than this says nothing, but if it has words for several."""

Place = tuple[int, ...]
"""A position that a lesson can point at, (row, column) for instance, counted from 0."""


@dataclass(frozen=True)
class Slip:
    """One way to go wrong.

    Args:
        kind: a word for the mistake; slips of one kind share `common`.
        value: the number that it leads to.
        sentence: what is said to it, with the field {value} for what was typed.
        common: how common the mistake is taken to be; only the proportions matter.
        places: what to look at, if there is something.
        of_several: what is said instead where several slips of this kind lead to the number, with the field {count}.
        vague: whether so many numbers can come of it that rounding is a better guess.
    """

    kind: str
    value: float
    sentence: str
    common: float
    places: tuple[Place, ...] = ()
    of_several: str = ""
    vague: bool = False


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer.

    Args:
        right: whether it is the right one.
        kind: "right", "not_a_number", "rounded", "several", "unexplained", or the kind of the slip that explains it.
        sentences: what the learner reads.
        places: what to look at, if there is something.
    """

    right: bool
    kind: str
    sentences: tuple[str, ...]
    places: tuple[Place, ...] = ()

    @property
    def sentence(self) -> str:
        """All of the sentences, as one text."""
        return " ".join(self.sentences)


def judge(
    value: float, wanted: float, slips: Iterable[Slip], *, is_whole: bool, scale: float, name: str = ""
) -> Verdict:
    """Tell whether `value` is the number that is wanted and, if not, which slip leads to it.

    Args:
        is_whole: whether only the exact number is right. Else a value is right within half a unit of the third
            significant digit, so that 5.11 is right for 5.1111.
        scale: how large the numbers on the way are: what floating-point addition loses is a share of that.
        name: what the number is called, such as "the sum".

    >>> slips = [Slip("sign", -3, "{value} has the wrong sign: mind the minus.", common=1)]
    >>> judge(3, 3, slips, is_whole=True, scale=3).right
    True
    >>> judge(-3, 3, slips, is_whole=True, scale=3).sentences
    ('−3 has the wrong sign: mind the minus.',)
    """
    if not math.isfinite(value):
        return Verdict(False, "not_a_number", ("That is not a number: type one like 3 or -0.5.",))
    shown = show_number(value)
    if is_meant(value, wanted, is_whole, scale):
        exact = show_number(wanted)
        right = f"Right: {name or 'it'} is {exact}"
        agrees = f"{right}, and {shown} agrees with it to three digits."
        return Verdict(True, "right", (f"{right}." if is_whole or shown == exact else agrees,))
    found = _explanations(value, wanted, slips, is_whole, scale)
    if not is_whole and (not found or found[0][1][0].vague) and _is_rounded(value, wanted):
        few = f"{shown} is {name} in too few digits" if name else f"{shown} has too few digits"
        return Verdict(False, "rounded", (f"Nearly: {few}. Give at least three of them.",))
    if not found:
        difference = show_number(abs(value - wanted))
        way = "large" if value > wanted else "small"
        return Verdict(False, "unexplained", (f"{shown} is too {way} by {difference}.",))
    named = [_named(shown, fitting) for _, fitting in found[:2]]
    if len(named) > 1 and found[0][0] < CLEARLY_BETTER * found[1][0]:
        both = (*named[0].places, *named[1].places)
        lead = f"More than one slip leads to {shown}."
        return Verdict(False, "several", (lead, *named[0].sentences, *named[1].sentences), tuple(dict.fromkeys(both)))
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
    return Verdict(False, first.kind, (sentence.format(value=shown, count=count),), places)


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
