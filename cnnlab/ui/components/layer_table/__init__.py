"""A stack of layers as a table that is edited in place: settings to type, and beside them what follows from them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cnnlab.texts import say_all
from cnnlab.ui.components.declared import declared

_mount = declared("layer_table", html='<div class="layers"></div>')


@dataclass(frozen=True)
class Edit:
    """What was typed: the layers as a link writes them, unchecked, and the number of the message that told so."""

    text: str
    message: int


def layer_table(data: dict[str, Any], key: str, on_edit: Callable[[], None]) -> None:
    """Draw the table.

    Args:
        data: `rows` with settings and results, `trouble`, `limits`, `most`, `texts`, `hidden`, `revision`, and
            `answered`, the number of the last message that the data take into account: the table keeps what is being
            typed until its own message is answered. Another `revision` replaces what is typed in any case.
        on_edit: called when the learner has changed a layer, which `edited` then tells.
    """
    _mount(key=key, data=say_all(data), on_edit_change=on_edit)


def edited(key: str) -> Edit | None:
    """The last edit, or None for what cannot be one: a browser can send anything."""
    edit = st.session_state.get(key, {}).get("edit")
    if isinstance(edit, dict) and isinstance(edit.get("text"), str) and type(edit.get("message")) is int:
        return Edit(edit["text"], edit["message"])
    return None
