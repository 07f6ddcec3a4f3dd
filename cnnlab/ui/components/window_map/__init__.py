"""The padded input with the places of the window: a drawing that follows every slider at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from cnnlab.texts import say_all
from cnnlab.ui.components.declared import declared

_FOLDER = Path(__file__).parent

_mount = declared("window_map", html=(_FOLDER / "window_map.html").read_text("utf-8"))


def window_map(data: dict[str, Any], key: str, on_choice: Callable[[], None]) -> None:
    """Draw what `cnnlab.lessons.output_shape.figures.window_map` collected.

    Args:
        data: also with `view` (windows or visits), `hidden`, `at` and `revision`; the picture takes `at` when the
            revision has changed, and keeps its own window otherwise.
        on_choice: called when the learner has moved to another window, which `chosen` then tells.
    """
    _mount(key=key, data=data | say_all({name: data[name] for name in ("texts", "remark")}), on_at_change=on_choice)


def chosen(key: str) -> tuple[int, int] | None:
    """The window (row, column) that the learner moved to, or None for what cannot be one."""
    at = st.session_state.get(key, {}).get("at")
    # bool is an int to Python, and a browser can send anything.
    if isinstance(at, list) and len(at) == 2 and all(type(part) is int and 0 <= part < 1000 for part in at):
        return at[0], at[1]
    return None
