"""Planes of cells with marks that follow the pointer and the keys at once, as `cnnlab.figures.maps` describes them."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnlab.figures.maps import Map
from cnnlab.texts import say_all
from cnnlab.ui.components.declared import declared

Cell = tuple[int, int, int]
"""A cell of a plane: plane, row and column, counted from 0."""

_mount = declared("map", html='<div class="map"></div>')


def draw_map(drawn: Map, key: str, at: Cell | None, revision: int, on_choice: Callable[[], None]) -> None:
    """Draw a map.

    Args:
        at: the chosen cell. The drawing takes it when the revision has changed or its own is gone, and keeps its own
            otherwise.
        on_choice: called when the learner has chosen another one, which `chosen` then tells.
    """
    message = _told(key).get("message")
    answered = message if type(message) is int else 0
    data = {"map": say_all(drawn.to_plain()), "at": at, "revision": revision, "answered": answered}
    _mount(key=key, data=data, on_choice_change=on_choice)


def chosen(key: str) -> Cell | None:
    """The cell that the learner chose, or None for what cannot be one."""
    at = _told(key).get("at")
    # bool is an int to Python, and a browser can send anything.
    if isinstance(at, list) and len(at) == 3 and all(type(part) is int and 0 <= part < 1000 for part in at):
        return (at[0], at[1], at[2]) if at[0] >= 1 else None
    return None


def _told(key: str) -> dict[str, Any]:
    """What the browser said last."""
    told = st.session_state.get(key, {}).get("choice")
    return told if isinstance(told, dict) else {}
