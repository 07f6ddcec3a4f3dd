"""Shapes and settings of layers: what they may be, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cnnlab.texts import Message

Text = TypeVar("Text", str, Message)

Shape = tuple[int, ...]
Pair = int | tuple[int, int]
"""One number for both axes, or (height, width)."""

MAX_CHANNELS = 65_536
MAX_FEATURES = 16_777_216
MAX_WINDOW = 512
MAX_SIZE = 65_536
"""Of a map, along an axis. Transposed convolutions could make one of any size out of a few words in a link."""


def format_shape(shape: Shape) -> str:
    """Write a shape as learners read it.

    >>> format_shape((16, 5, 5))
    '16 × 5 × 5'
    """
    return " × ".join(str(size) for size in shape)


def short_shape(shape: Sequence[int]) -> str:
    """Write a shape as links, records and the command line carry it.

    >>> short_shape((3, 32, 32))
    '3x32x32'
    """
    return "x".join(map(str, shape))


def with_times(text: Text) -> Text:
    """Write how a number is worked out as people read it; code has an asterisk between factors.

    >>> with_times("(5*5*3 + 1) * 6")
    '(5×5×3 + 1) × 6'
    """
    if isinstance(text, Message):
        values = {name: with_times(value) for name, value in text.values.items() if isinstance(value, str)}
        return text.with_values(**values)
    return text.replace("*", "×")


def in_lines(*lines: Message) -> Message:
    """Put lines below each other; empty ones are left out."""
    told = {f"line{number}": line for number, line in enumerate(filter(None, lines))}
    return Message("\n".join(f"{{{name}}}" for name in told), told)


def both(value: Pair) -> tuple[int, int]:
    """Write a setting out for both axes, (height, width)."""
    return value if isinstance(value, tuple) else twice(value)


def pair(height: int, width: int) -> Pair:
    """Write a setting as a layer keeps it: one number where both axes have the same."""
    return height if height == width else (height, width)


def twice(value: int) -> tuple[int, int]:
    return value, value
