"""The maps of a stack of layers, with what one unit sees in each: as grids, or from the side as dots and lines."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnlab.texts import say_all
from cnnlab.ui.components.declared import declared

_mount = declared("reach_map", html='<div class="reach"></div>')


def reach_map(data: dict[str, Any], key: str, on_choice: Callable[[], None]) -> None:
    """Draw what `cnnlab.lessons.receptive_field.maps.reach_map` collected.

    Args:
        data: also with `view` (maps or side), `hidden`, `picture` (a data URL or None), `at` (layer, row, column) and
            `revision`; the drawing takes `at` when the revision has changed, and keeps its own unit otherwise.
        on_choice: called when the learner has moved to another unit, which `chosen` then tells.
    """
    _mount(key=key, data=data | say_all({name: data[name] for name in ("texts", "maps")}), on_at_change=on_choice)


def chosen(key: str) -> tuple[int, int, int] | None:
    """The unit (layer, row, column) that the learner moved to, or None for what cannot be one."""
    at = st.session_state.get(key, {}).get("at")
    # bool is an int to Python, and a browser can send anything.
    if isinstance(at, list) and len(at) == 3 and all(type(part) is int and 0 <= part < 1000 for part in at):
        return (at[0], at[1], at[2]) if at[0] >= 1 else None
    return None
