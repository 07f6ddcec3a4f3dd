"""A shape as a learner types it, with the batch or without."""

import re
from dataclasses import dataclass
from fractions import Fraction

from cnnlab.errors import ParseError
from cnnlab.number_text import parse_number

MAX_ANSWER = 40
"""Characters of an answer."""

BATCH = "N"
"""The letter that stands for the number of pictures in a batch."""

_BETWEEN = re.compile(r"[\s,;x×*()\[\]=chw]+")
"""What may stand between sizes: signs, and the letters of the axes, `C = 3, H = 32`."""
_BATCH_FIRST = re.compile(rf"[\s(\[]*{BATCH.lower()}(?![a-z])")


@dataclass(frozen=True)
class ShapeAnswer:
    """What was typed.

    Args:
        sizes: without the batch's.
        has_batch: whether an N stands before them.
    """

    sizes: tuple[Fraction, ...]
    has_batch: bool = False


def read_shape(text: str) -> ShapeAnswer:
    """Read a shape in any of the ways that slides, PyTorch and people write one.

    Raises:
        ParseError: there are no sizes in it, or a part is not a number.

    >>> [size.numerator for size in read_shape("N × 6 × 28 × 28").sizes]
    [6, 28, 28]
    >>> read_shape("6x28x28") == read_shape("(6, 28, 28)") == read_shape("torch.Size([6, 28, 28])")
    True
    >>> read_shape("(N, 400)")
    ShapeAnswer(sizes=(Fraction(400, 1),), has_batch=True)
    """
    plain = text.strip().lower()
    if len(plain) > MAX_ANSWER:
        raise ParseError("An answer has at most {most} characters.", most=MAX_ANSWER)
    plain = plain.removeprefix("torch.size")
    first = _BATCH_FIRST.match(plain)
    parts = [part for part in _BETWEEN.split(plain[first.end() :] if first else plain) if part]
    if not parts:
        raise ParseError("Write the sizes, 6 × 28 × 28 for instance (x or a space will do).")
    return ShapeAnswer(
        tuple(Fraction(parse_number(part)).limit_denominator(1000) for part in parts), has_batch=first is not None
    )
