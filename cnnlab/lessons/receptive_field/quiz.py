"""What a learner's answer for a receptive field says about the step that was forgotten."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cnnlab.errors import ParseError
from cnnlab.lessons.receptive_field.stack import Row
from cnnlab.number_text import parse_number

Rows = Sequence[Row]
"""The layers up to the one that is asked about, in order."""


@dataclass(frozen=True)
class Verdict:
    """What is said to an answer.

    Args:
        right: whether it is the receptive field.
        sentences: one for every slip that leads to exactly this answer; empty where none is known that does.
    """

    right: bool
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slip:
    """One way to go wrong.

    Args:
        sentence: what is said to it; `{extent}` and the like are those of the last layer.
        answer: what it leads to.
    """

    sentence: str
    answer: Callable[[Rows], int]


def _walk(rows: Rows, gain: Callable[[Row], int], first: int = 1) -> int:
    return first + sum(map(gain, rows))


SLIPS = (
    Slip(
        "The − 1 is forgotten: the first cell of a kernel lies on a pixel that is seen already, so a kernel of "
        "{extent} adds {reach} steps and not {extent}.",
        lambda rows: _walk(rows, lambda row: row.layer.extent * row.before.jump),
    ),
    Slip(
        "The − 1 is forgotten: whole kernels are added. Neighbouring windows overlap, so each kernel adds one less.",
        lambda rows: _walk(rows, lambda row: row.layer.extent * row.before.jump, first=0),
    ),
    Slip(
        "The jump is forgotten: units of the map before lie {jump} pixels apart, so each step counts {jump}.",
        lambda rows: _walk(rows, lambda row: row.layer.extent - 1),
    ),
    Slip(
        "Jump and − 1 are both forgotten: this is the sum of the kernels.",
        lambda rows: sum(row.layer.kernel for row in rows),
    ),
    Slip(
        "Receptive fields are not multiplied: the windows of neighbours overlap. Each kernel adds (extent − 1)·jump.",
        lambda rows: math.prod(row.layer.kernel for row in rows),
    ),
    Slip(
        "The 1 to begin with is forgotten: without any layer a pixel sees itself.",
        lambda rows: _walk(rows, lambda row: (row.layer.extent - 1) * row.before.jump, first=0),
    ),
    Slip(
        "The dilation is forgotten: with its gaps a kernel spans dilation·(kernel − 1) + 1 pixels.",
        lambda rows: _walk(rows, lambda row: (row.layer.kernel - 1) * row.before.jump),
    ),
    Slip(
        "The dilated kernels are taken too wide: there are gaps only between the cells, so a kernel spans "
        "dilation·(kernel − 1) + 1 pixels and not dilation·kernel.",
        lambda rows: _walk(rows, lambda row: (row.layer.dilation * row.layer.kernel - 1) * row.before.jump),
    ),
    Slip(
        "A layer's own stride does not widen what it sees itself, only what the layers after it see: multiply by the "
        "jump of the map before.",
        lambda rows: _walk(rows, lambda row: (row.layer.extent - 1) * row.field.jump),
    ),
    Slip(
        "The jump is the product of all strides before, not only the last of them.",
        lambda rows: (
            1
            + sum(
                (row.layer.extent - 1) * (earlier.layer.stride if earlier else 1)
                for row, earlier in zip(rows, [None, *rows[:-1]], strict=True)
            )
        ),
    ),
    Slip(
        "Padding does not make a unit see more: a window spans as many pixels with it as without it.",
        lambda rows: _walk(
            rows, lambda row: (row.layer.extent - 1) * row.before.jump + 2 * row.layer.padding * row.before.jump
        ),
    ),
    Slip("This is what the layer before sees: one layer is missing.", lambda rows: rows[-1].before.size),
    Slip(
        "This is what the layer sees of the map right before it; the question is about the input's pixels.",
        lambda rows: rows[-1].layer.extent,
    ),
    Slip("This is the jump: how far apart two neighbouring units look.", lambda rows: rows[-1].field.jump),
    Slip("This is how large the layer's map is, not what one of its units sees.", lambda rows: rows[-1].size),
    Slip(
        "This is the number of pixels in the square; the question is about its side.",
        lambda rows: rows[-1].field.size ** 2,
    ),
)


def judge(rows: Rows, answer: Fraction) -> Verdict:
    """Judge an answer for the receptive field of the last of these layers.

    >>> from cnnlab.lessons.receptive_field.presets import LENET5
    >>> judge(LENET5.rows[:3], Fraction(10)).sentences[:1]
    ('The jump is forgotten: units of the map before lie 2 pixels apart, so each step counts 2.',)
    >>> judge(LENET5.rows[:3], Fraction(14)).right
    True
    """
    last = rows[-1]
    if answer == last.field.size:
        return Verdict(right=True)
    fields = {"extent": last.layer.extent, "reach": last.layer.extent - 1, "jump": last.before.jump}
    found = [slip for slip in SLIPS if slip.answer(rows) == answer]
    return Verdict(right=False, sentences=tuple(slip.sentence.format(**fields) for slip in found[:3]))


def parse_answer(text: str) -> Fraction:
    """Read a learner's answer; 14 x 14 and 14×14 mean 14.

    Raises:
        ParseError: it is no number, or two different ones.

    >>> parse_answer(" 14 × 14 ")
    Fraction(14, 1)
    """
    sides = [Fraction(parse_number(part)) for part in _sides(text)]
    if len(sides) > 2 or len(set(sides)) != 1:
        raise ParseError(
            "{strip!r} is not the side of a square: give one number, 14 for instance.", strip=text.strip()[:24]
        )
    return sides[0]


def _sides(text: str) -> list[str]:
    """Cut "14 x 14" in two."""
    return text.lower().replace("×", "x").split("x")
