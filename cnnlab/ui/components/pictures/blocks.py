"""A network drawn as blocks, which can be clicked, and saved as SVG or PNG."""

from dataclasses import dataclass
from typing import Any

from cnnlab.texts import say_all
from cnnlab.ui.components.pictures import draw
from cnnlab.ui.components.told import is_whole, last_told, number_of

MAX_ROW = 999
"""The last row that a message is read with."""


@dataclass(frozen=True)
class Choice:
    """A click: the row that was chosen, None for none, and the number of the message that told so."""

    row: int | None
    message: int


def block_picture(data: dict[str, Any], key: str) -> None:
    """Draw what `cnnlab.lessons.network.blocks.draw` made.

    Args:
        data: `picture`, plain; `palette`, for each name of a colour its place in the theme's, and what stands in for
            it; `selected`, the row that is looked at, or None; `answered`, the last message that the data take into
            account; `is_large`; `trouble`, a sentence about what does not fit, or nothing; `file`, the name of a saved
            file without its ending; and `texts`.
    """
    draw(key=key, data=say_all(data | {"kind": "blocks"}), tells={"choice": None})


def chosen(key: str) -> Choice | None:
    """The last click, or None for what cannot be one."""
    message = last_told(key, "choice")
    row, number = message.get("row"), number_of(message)
    return Choice(row, number) if number and (row is None or is_whole(row, MAX_ROW)) else None
