"""What a predicted number of cells that keep their place says about what was mixed up."""

from collections.abc import Callable
from dataclasses import dataclass

from cnnlab.errors import ParseError, quoted
from cnnlab.lessons.why_convolution.drawing import CELLS, Shift, ShiftedDrawing
from cnnlab.number_text import parse_number


@dataclass(frozen=True)
class Verdict:
    """What is said to an answer.

    Args:
        right: whether it is the number of places where something is drawn before and after.
        sentences: one for every slip that leads to exactly this answer; empty where none is known that does.
    """

    right: bool
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slip:
    """One way to go wrong: what is said to it, with fields in braces, and the answer that it leads to."""

    sentence: str
    answer: Callable[[ShiftedDrawing], int]
    tempts: Callable[[ShiftedDrawing], bool] = lambda _: True


SLIPS = (
    Slip(
        "All {drawn} cells are still drawn, but each at another place. A network that reads a vector asks place by "
        "place: count the cells that land where a cell was drawn before.",
        lambda found: found.drawn,
    ),
    Slip(
        "This counts the cells that are still on the grid. Of these, count the ones that land where a cell was drawn "
        "before.",
        lambda found: found.left,
        lambda found: found.left < found.drawn,
    ),
    Slip(
        "Not none: a cell keeps its place filled where a drawn cell lies one shift before it.",
        lambda _: 0,
    ),
    Slip(
        "These are the cells that land on blank ones; asked for are the others.",
        lambda found: found.left - found.same,
    ),
    Slip(
        "This counts the blank places that agree, too. Of the {cells} places most are blank in any picture; count the "
        "drawn ones.",
        lambda found: found.agreeing,
    ),
    Slip(
        "This is the number of places that differ; asked for are the drawn ones that do not.",
        lambda found: CELLS - found.agreeing,
    ),
    Slip(
        "This is what a shift along the other axis gives: look at the arrow again.",
        lambda found: _same_after(found, found.shift.columns, found.shift.rows),
        lambda found: abs(found.shift.rows) != abs(found.shift.columns),
    ),
)


_OUT_OF_RANGE = Slip(
    "It is a whole number between 0 and {drawn}, for as many places are drawn.",
    lambda found: found.drawn,
)


def judge(found: ShiftedDrawing, answer: int | float) -> Verdict:
    """Judge how many drawn cells of the vector were predicted to be drawn still.

    >>> from cnnlab.lessons.why_convolution.drawing import KERNELS, PRESETS, shifted
    >>> found = shifted(PRESETS["x"], Shift(0, 1), KERNELS["x"])
    >>> judge(found, 0).right, judge(found, 9).sentences[0][:34]
    (True, 'All 9 cells are still drawn, but e')
    """
    if answer == found.same:
        return Verdict(right=True)
    slips = [slip for slip in SLIPS if slip.tempts(found) and slip.answer(found) == answer]
    fields = {"drawn": found.drawn, "cells": CELLS}
    if not slips and not (0 <= answer <= found.drawn and answer == int(answer)):
        slips = [_OUT_OF_RANGE]
    return Verdict(right=False, sentences=tuple(slip.sentence.format(**fields) for slip in slips))


def parse_answer(text: str) -> int | float:
    """Read a learner's answer.

    Raises:
        ParseError: no number.
    """
    try:
        return parse_number(text)
    except ParseError:
        raise ParseError(
            "{strip} is not a count of cells: type a whole number, 4 for instance.", strip=quoted(text.strip())
        ) from None


def _same_after(found: ShiftedDrawing, rows: int, columns: int) -> int:
    return int((found.before & Shift(rows, columns, found.shift.edge).apply(found.before)).sum())
