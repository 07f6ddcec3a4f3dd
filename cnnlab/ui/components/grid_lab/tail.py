"""The line that a sum ends in: a sentence with numbers among its words."""

from collections.abc import Iterable, Mapping

from cnnlab.texts import Message, say
from cnnlab.ui.components.grid_lab import Piece

_MARK = "\0"


def tail(told: Message, **numbers: Piece) -> list[Piece]:
    """Take a sentence apart into its words and the numbers among them, in the order of the session's language.

    Args:
        told: a message that leaves open a place for each of the numbers.

    >>> from cnnlab.texts import unfilled
    >>> tail(unfilled("The largest is {largest}"), largest=("result", 6))
    [('text', 'The largest is'), ('result', 6)]
    """
    return tails(told, [numbers])[0]


def tails(told: Message, steps: Iterable[Mapping[str, Piece]]) -> list[list[Piece]]:
    """Write the same sentence for several steps, each with its numbers; all have numbers of the same names."""
    rows = list(steps)
    names = rows[0] if rows else {}
    parts = say(told.with_values(**{name: f"{_MARK}{name}{_MARK}" for name in names})).split(_MARK)
    # Every second part is the name of a number.
    words: list[tuple[bool, str]] = [(bool(index % 2), part.strip()) for index, part in enumerate(parts)]
    return [[row[part] if is_name else ("text", part) for is_name, part in words if part] for row in rows]
