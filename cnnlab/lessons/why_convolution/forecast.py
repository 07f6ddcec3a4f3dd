"""What was said about the MLP before it was trained, held against what it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

GUESSING = 0.5
"""The share of right answers that says nothing: half of the pictures have an X."""

NOTHING_SAID = "none"

FORECASTS: Mapping[str, str] = MappingProxyType(
    {
        "stays": "be as good",
        "fades": "fade slowly",
        "guesses": "guess",
    }
)
"""What can be said, as the end of the sentence "One pixel beyond the trained places, the MLP will ..."."""

_STILL_AS_GOOD = 0.05

_WHY_NOT = {
    "stays": "It has a weight for each pixel, and the weights of pixels where no X ever lay have not learned of any.",
    "fades": "Nothing fades slowly: one pixel further, each pixel of the X meets the weights of another place.",
    "guesses": "Some of what it learned at the trained places serves beyond them, too.",
}


@dataclass(frozen=True)
class Verdict:
    """What is said to a forecast."""

    right: bool
    sentence: str


def outcome(by_shift: Sequence[float]) -> str:
    """Which forecast comes true.

    Args:
        by_shift: the share of right answers at shift 0, 1, 2 and so on; at least two.

    >>> outcome([0.97, 0.95, 0.94]), outcome([0.97, 0.8, 0.6]), outcome([0.97, 0.5, 0.57])
    ('stays', 'fades', 'guesses')
    """
    trained, beyond = by_shift[0], by_shift[1:]
    if min(beyond) >= trained - _STILL_AS_GOOD:
        return "stays"
    return "fades" if beyond[0] > (trained + GUESSING) / 2 else "guesses"


def judge(said: str, by_shift: Sequence[float]) -> Verdict:
    """Hold a forecast against the curve.

    >>> judge("guesses", [0.97, 0.5, 0.57]).sentence
    'You said so: from 97.0% at the trained places to 50.0% one pixel further.'
    """
    numbers = f"from {by_shift[0]:.1%} at the trained places to {by_shift[1]:.1%} one pixel further"
    if outcome(by_shift) == said:
        return Verdict(True, f"You said so: {numbers}.")
    return Verdict(False, f"You said that it would {FORECASTS[said]}; it goes {numbers}. {_WHY_NOT[said]}")
