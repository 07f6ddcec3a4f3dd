"""What is said about an answer, and the mistakes that lead to exactly the answer that was given."""

from collections.abc import Iterable
from dataclasses import dataclass

from cnnlab.texts import Message, in_a_row

Place = tuple[int, ...]
"""A position that a lesson can point at, (row, column) for instance, counted from 0."""


@dataclass(frozen=True)
class Slip:
    """One way to go wrong, and the number that it leads to.

    Args:
        kind: a word for the mistake; slips of one kind share `common`.
        value: the number that it leads to.
        sentence: what is said to it; `judge` fills the places {value}, what was typed, and {count}.
        common: how common the mistake is taken to be; only the proportions matter.
        places: what to look at, if there is something.
        of_several: what is said instead where several slips of this kind lead to the number, {count} of them.
        vague: whether so many numbers can come of it that rounding is a better guess.
    """

    kind: str
    value: float
    sentence: Message
    common: float = 1
    places: tuple[Place, ...] = ()
    of_several: Message | None = None
    vague: bool = False


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer.

    Args:
        right: whether it is the right one.
        sentences: what the learner reads; empty where a wrong answer cannot be explained.
        kind: "right", "not_a_number", "rounded", "several", "unexplained", or the kind of the slip that explains it.
        places: what to look at, if there is something.
    """

    right: bool
    sentences: tuple[Message, ...] = ()
    kind: str = ""
    places: tuple[Place, ...] = ()

    @property
    def sentence(self) -> Message:
        """All of the sentences, as one text."""
        return in_a_row(*self.sentences)


def explain_exactly(answer: float, wanted: float, slips: Iterable[Slip]) -> Verdict:
    """Tell whether a whole number is the one that is wanted and, if not, every slip that leads to exactly it."""
    if answer == wanted:
        return Verdict(True, kind="right")
    found = [slip for slip in slips if slip.value == answer]
    kinds = {slip.kind for slip in found}
    kind = kinds.pop() if len(kinds) == 1 else "several" if kinds else "unexplained"
    return Verdict(False, tuple(dict.fromkeys(slip.sentence for slip in found)), kind)
