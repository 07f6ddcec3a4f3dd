"""What a predicted number of cells that keep their place says about what was mixed up."""

from collections.abc import Iterator

from cnnlab.errors import ParseError, quoted
from cnnlab.feedback.verdict import Slip, Verdict, explain_exactly
from cnnlab.lessons.why_convolution.drawing import CELLS, Shift, ShiftedDrawing
from cnnlab.number_text import parse_number
from cnnlab.texts import Message, message, plural


def judge(found: ShiftedDrawing, answer: int | float) -> Verdict:
    """Judge how many drawn cells of the vector were predicted to be drawn still.

    >>> from cnnlab.lessons.why_convolution.drawing import KERNELS, PRESETS, shifted
    >>> found = shifted(PRESETS["x"], Shift(0, 1), KERNELS["x"])
    >>> judge(found, 0).right, judge(found, 9).sentences[0][:34]
    (True, 'All 9 cells are still drawn, but e')
    """
    verdict = explain_exactly(answer, found.same, slips(found))
    if verdict.kind == "unexplained" and not (0 <= answer <= found.drawn and answer == int(answer)):
        told = message("It is a whole number from 0 on, and no larger than the number of places that are drawn.")
        return Verdict(False, (told,), "out_of_range")
    return verdict


def slips(found: ShiftedDrawing) -> Iterator[Slip]:
    """Yield the ways to go wrong that there are with this drawing and this shift."""
    yield Slip("all", found.drawn, _all_drawn(found))
    if found.left < found.drawn:
        yield Slip(
            "left",
            found.left,
            message(
                "This counts the cells that are still on the grid. Of these, count the ones that land where a cell was "
                "drawn before."
            ),
        )
    yield Slip(
        "none",
        0,
        message("It is not 0: a place stays filled if a drawn cell is shifted onto it."),
    )
    yield Slip(
        "on_blanks",
        found.left - found.same,
        message("These are the cells that land on blank places; the question is about the others."),
    )
    yield Slip(
        "agreeing",
        found.agreeing,
        message(
            "This counts the blank places that agree, too. Of the {cells} places most are blank in any picture; count "
            "the drawn ones.",
            cells=CELLS,
        ),
    )
    yield Slip(
        "differing",
        CELLS - found.agreeing,
        message("This is the number of places that differ; the question is about the drawn places that stay the same."),
    )
    if abs(found.shift.rows) != abs(found.shift.columns):
        yield Slip(
            "other_axis",
            _same_after(found, found.shift.columns, found.shift.rows),
            message("This is what a shift along the other axis gives: look at the arrow again."),
        )


def _all_drawn(found: ShiftedDrawing) -> Message:
    """What is said to whoever counts all cells that were drawn: some of them may have left the grid."""
    if found.left == found.drawn:
        return plural(
            "The one cell is still drawn, but at another place. A network that reads a vector looks at each place "
            "separately: does the cell land where a cell was drawn before?",
            "All {n} cells are still drawn, but each at another place. A network that reads a vector looks at each "
            "place separately: count the cells that land where a cell was drawn before.",
            n=found.drawn,
        )
    return message(
        "Not all cells are still drawn: some left the grid. A network that reads a vector looks at each place "
        "separately: count the cells that land where a cell was drawn before."
    )


def parse_answer(text: str) -> int | float:
    """Read a learner's answer.

    Raises:
        ParseError: no number.
    """
    try:
        return parse_number(text)
    except ParseError:
        raise ParseError(
            "{answer} is not a count of cells: type a whole number, 4 for instance.", answer=quoted(text.strip())
        ) from None


def _same_after(found: ShiftedDrawing, rows: int, columns: int) -> int:
    return int((found.before & Shift(rows, columns, found.shift.edge).apply(found.before)).sum())
