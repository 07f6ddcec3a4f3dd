"""What was said about the MLP before it was trained, held against what it does."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cnnlab.feedback.verdict import Verdict
from cnnlab.texts import Message, message

GUESSING = 0.5
"""The share of right answers that says nothing: half of the pictures have an X."""

NOTHING_SAID = "none"

FORECASTS: Mapping[str, Message] = MappingProxyType(
    {
        "stays": message("It stays as good"),
        "fades": message("It fades slowly"),
        "guesses": message("It guesses"),
    }
)
"""What can be said to what the MLP does one pixel beyond the trained places."""

_STILL_AS_GOOD = 0.05

_SAID = {
    "stays": message("You said that it would stay as good."),
    "fades": message("You said that it would fade slowly."),
    "guesses": message("You said that it would guess."),
}

_WHY_NOT = {
    "stays": message(
        "It has a weight for each pixel, and the weights of pixels where there was never an X have not learned "
        "anything about one."
    ),
    "fades": message(
        "Nothing fades slowly: one pixel further, each pixel of the X meets the weights of another place."
    ),
    "guesses": message("Some of what it learned at the trained places is useful beyond them, too."),
}


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
    shares = {"trained": by_shift[0], "beyond": by_shift[1]}
    if outcome(by_shift) == said:
        told = message(
            "You said so: from {trained:.1%} at the trained places to {beyond:.1%} one pixel further.", **shares
        )
        return Verdict(True, (told,), "right")
    goes = message("It goes from {trained:.1%} at the trained places to {beyond:.1%} one pixel further.", **shares)
    return Verdict(False, (_SAID[said], goes, _WHY_NOT[said]), said)
