"""What is said to an answer that a learner gives to a lesson's question."""

from __future__ import annotations

import re
from fractions import Fraction

from cnnlab.errors import ParseError
from cnnlab.feedback.shape_answer import read_shape
from cnnlab.feedback.verdict import Verdict
from cnnlab.lessons.courses.course import Choice, Number, Reply, Sizes, Task
from cnnlab.lessons.courses.facts import Facts, first_not_met
from cnnlab.number_text import parse_number
from cnnlab.texts import message

LONGEST_ANSWER = 60
"""Characters of a typed answer."""

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")

_RIGHT = message("That is right.")


def judge_reply(reply: Reply, answer: str, facts: Facts) -> Verdict:
    """Judge an answer.

    Args:
        answer: what was typed, or the number of the option that was chosen, counted from 1; of a task it is not read.
        facts: what is true of the screen.

    >>> judge_reply(Number(27), "27", {}).sentence, judge_reply(Number(27), "22", {}).right
    ('That is right.', False)
    """
    match reply:
        case Task(claims):
            why_not = first_not_met(claims, facts)
            return Verdict(True, (message("Done."),)) if why_not is None else Verdict(False, (why_not,))
        case Choice(_, right):
            return _verdict(answer == str(right))
        case Number(value):
            try:
                return _verdict(any(_is_near(number, value) for number in _readings(answer)))
            except ParseError as error:
                return Verdict(False, (error.message,))
        case Sizes(sizes):
            try:
                return _judge_sizes(sizes, read_shape(answer).sizes)
            except ParseError as error:
                return Verdict(False, (error.message,))


def _judge_sizes(wanted: tuple[int, ...], sizes: tuple[Fraction, ...]) -> Verdict:
    if sizes != wanted and sorted(sizes) == sorted(wanted):
        return Verdict(False, (message("These are the right sizes in another order: PyTorch writes C × H × W."),))
    return _verdict(sizes == wanted)


def _readings(answer: str) -> tuple[float, ...]:
    """The numbers that an answer may be: `2,352` is two and a bit to some, and over two thousand to others.

    Raises:
        ParseError: it is none.
    """
    plain = answer.strip()
    if not _GROUPED.fullmatch(plain):
        return (parse_number(plain),)
    grouped = (parse_number(plain.replace(",", "")),)
    return grouped if plain.count(",") > 1 else (*grouped, parse_number(plain))


def _is_near(number: float, wanted: float) -> bool:
    # What a learner has no reason to type.
    return abs(number - wanted) <= 1e-6 * max(1.0, abs(wanted))


def _verdict(right: bool) -> Verdict:
    return Verdict(right, (_RIGHT if right else message("Not this. Look at the screen, and try again."),))
