"""What a learner's answer for a receptive field says about the step that was forgotten."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from cnnlab.errors import ParseError, quoted
from cnnlab.feedback.verdict import Slip, Verdict, explain_exactly
from cnnlab.lessons.receptive_field.stack import Row
from cnnlab.number_text import parse_number
from cnnlab.texts import message

Rows = Sequence[Row]
"""The layers up to the one that is asked about, in order."""

MOST_SENTENCES = 3


def judge(rows: Rows, answer: Fraction) -> Verdict:
    """Judge an answer for the receptive field of the last of these layers.

    >>> from cnnlab.lessons.receptive_field.presets import LENET5
    >>> judge(LENET5.rows[:3], Fraction(10)).sentences[:1]
    ('The jump is forgotten: units of the map before lie several pixels apart, and each step counts all of them.',)
    >>> judge(LENET5.rows[:3], Fraction(14)).right
    True
    """
    verdict = explain_exactly(float(answer), rows[-1].field.size, slips(rows))
    return replace(verdict, sentences=verdict.sentences[:MOST_SENTENCES])


def slips(rows: Rows) -> Iterator[Slip]:
    """Yield the ways to go wrong, the likeliest first."""
    last = rows[-1]

    def walk(gain: Callable[[Row], int], first: int = 1) -> int:
        return first + sum(map(gain, rows))

    yield Slip(
        "whole_kernels",
        walk(lambda row: row.layer.extent * row.before.jump),
        message(
            "The − 1 is forgotten: the first cell of a kernel lies on a pixel that is seen already, so a kernel adds "
            "one step less than it is long."
        ),
    )
    yield Slip(
        "whole_kernels",
        walk(lambda row: row.layer.extent * row.before.jump, first=0),
        message(
            "The − 1 is forgotten: whole kernels are added. Neighbouring windows overlap, so each kernel adds one less."
        ),
    )
    yield Slip(
        "no_jump",
        walk(lambda row: row.layer.extent - 1),
        message(
            "The jump is forgotten: units of the map before lie several pixels apart, and each step counts all of them."
        ),
    )
    yield Slip(
        "sum",
        sum(row.layer.kernel for row in rows),
        message("Jump and − 1 are both forgotten: this is the sum of the kernels."),
    )
    yield Slip(
        "product",
        math.prod(row.layer.kernel for row in rows),
        message(
            "Receptive fields are not multiplied: the windows of neighbours overlap. Each kernel adds "
            "(extent − 1)·jump."
        ),
    )
    yield Slip(
        "no_first_pixel",
        walk(lambda row: (row.layer.extent - 1) * row.before.jump, first=0),
        message("The 1 to begin with is forgotten: without any layer a pixel sees itself."),
    )
    yield Slip(
        "no_dilation",
        walk(lambda row: (row.layer.kernel - 1) * row.before.jump),
        message("The dilation is forgotten: with its gaps a kernel spans dilation·(kernel − 1) + 1 pixels."),
    )
    yield Slip(
        "dilated_too_wide",
        walk(lambda row: (row.layer.dilation * row.layer.kernel - 1) * row.before.jump),
        message(
            "The dilated kernels are taken too wide: there are gaps only between the cells, so a kernel spans "
            "dilation·(kernel − 1) + 1 pixels, not dilation·kernel."
        ),
    )
    yield Slip(
        "own_stride",
        walk(lambda row: (row.layer.extent - 1) * row.field.jump),
        message(
            "A layer's own stride does not widen what the layer itself sees, only what the layers after it see: "
            "multiply by the jump of the map before."
        ),
    )
    yield Slip(
        "last_stride_only",
        1
        + sum(
            (row.layer.extent - 1) * (earlier.layer.stride if earlier else 1)
            for row, earlier in zip(rows, [None, *rows[:-1]], strict=True)
        ),
        message("The jump is the product of all strides before, not only the last of them."),
    )
    yield Slip(
        "padding",
        walk(lambda row: (row.layer.extent - 1) * row.before.jump + 2 * row.layer.padding * row.before.jump),
        message("Padding does not make a unit see more: a window spans as many pixels with it as without it."),
    )
    yield Slip("layer_before", last.before.size, message("This is what the layer before sees: one layer is missing."))
    yield Slip(
        "map_before",
        last.layer.extent,
        message("This is what the layer sees of the map right before it; the question is about the input's pixels."),
    )
    yield Slip("jump", last.field.jump, message("This is the jump: how far apart two neighbouring units look."))
    yield Slip("map", last.size, message("This is how large the layer's map is, not what one of its units sees."))
    yield Slip(
        "area",
        last.field.size**2,
        message("This is the number of pixels in the square; the question is about its side."),
    )


def parse_answer(text: str) -> Fraction:
    """Read a learner's answer; 14 x 14 and 14×14 mean 14.

    Raises:
        ParseError: it is no number, or two different ones. What was typed is named.

    >>> parse_answer(" 14 × 14 ")
    Fraction(14, 1)
    """
    parts = _sides(text)
    # "xxx" is no number, though nothing is left of it between the signs.
    if not all(part.strip() for part in parts):
        raise ParseError("{answer} is not a number: give one, 14 for instance.", answer=quoted(text.strip()))
    sides = [Fraction(parse_number(part)) for part in parts]
    if len(sides) > 2 or len(set(sides)) != 1:
        raise ParseError(
            "{answer} is not the side of a square: give one number, 14 for instance.", answer=quoted(text.strip())
        )
    return sides[0]


def _sides(text: str) -> list[str]:
    """Cut "14 x 14" in two."""
    return text.lower().replace("×", "x").split("x")
