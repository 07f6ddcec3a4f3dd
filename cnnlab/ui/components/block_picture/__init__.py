"""A network drawn as blocks, which can be clicked, and saved as SVG or PNG."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from cnnlab.texts import say_all
from cnnlab.ui.components.declared import declared

_mount = declared("block_picture", html='<div class="blocks"></div>')


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
    _mount(key=key, data=say_all(data), on_choice_change=_nothing)


def chosen(key: str) -> Choice | None:
    """The last click, or None for what cannot be one: a browser can send anything."""
    choice = st.session_state.get(key, {}).get("choice")
    if not isinstance(choice, dict) or type(choice.get("message")) is not int:
        return None
    row = choice.get("row")
    return Choice(row, choice["message"]) if row is None or (type(row) is int and 0 <= row < 1000) else None


def _nothing() -> None:
    """What is told is read when the page is drawn."""
