"""The line that a sum ends in: a sentence with numbers among its words."""

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
    marked = told.with_values(**{name: f"{_MARK}{name}{_MARK}" for name in numbers})
    pieces: list[Piece] = []
    for index, part in enumerate(say(marked).split(_MARK)):
        if index % 2:
            pieces.append(numbers[part])
        elif words := part.strip():
            pieces.append(("text", words))
    return pieces
