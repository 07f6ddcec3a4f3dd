"""A network as a table that is edited in place: layers with their arguments, and beside them what follows from them.

The table knows no layer type: a row's form and results, and the menu of types, come with the data.
"""

from dataclasses import dataclass
from typing import Any, cast

import streamlit as st

from cnnlab.texts import say_all
from cnnlab.ui.components.declared import declared

MAX_ENTRIES = 200
"""Layers, hidden numbers or answers that a message is read with."""
MAX_TEXT = 80
"""Characters of any text in a message."""

_mount = declared("network_table", html='<div class="network"></div>')


@dataclass(frozen=True)
class Entry:
    """A layer as it was typed: its type, and the texts of its arguments; none of it is checked."""

    type_name: str
    texts: dict[str, str]


@dataclass(frozen=True)
class Act:
    """What the learner has done, as the whole state of the table afterwards.

    Args:
        input: the input's shape as text.
        entries: the layers.
        hidden: the numbers that are asked for: s3 for the shape of row 3, p3 for its parameters.
        selected: the row that is looked at, or None.
        answers: what was filled in, by what it answers.
        suggestion: the number of the way out that was chosen, or None.
        message: the number of the message that tells this.
    """

    input: str
    entries: tuple[Entry, ...]
    hidden: tuple[str, ...]
    selected: int | None
    answers: dict[str, str]
    suggestion: int | None
    message: int


def network_table(data: dict[str, Any], key: str) -> None:
    """Draw the table.

    Args:
        data: `input`, `rows`, `types`, `problem`, `refused`, `totals`, `hidden`, `askable`, `answers`, `selected`,
            `progress`, `most`, `texts`, `revision`, and `answered`, the number of the last message that the data take
            into account: the table keeps what is being typed until its own message is answered. Another `revision`
            replaces it in any case.
    """
    _mount(key=key, data=say_all(data), on_act_change=_nothing)


def act_of(key: str) -> Act | None:
    """The last thing that was done, or None for what cannot be one: a browser can send anything."""
    told = st.session_state.get(key, {}).get("act")
    if not isinstance(told, dict):
        return None
    layers: Any = told.get("layers")
    hidden: Any = told.get("hidden")
    answers: Any = told.get("answers")
    selected, suggestion, message = told.get("selected"), told.get("suggestion"), told.get("message")
    if not (_is_text(told.get("input")) and _is_list(layers) and _is_list(hidden) and _are_texts(answers)):
        return None
    if not (_is_index(selected) and _is_index(suggestion) and type(message) is int and all(map(_is_text, hidden))):
        return None
    if not all(isinstance(one, dict) and _is_text(one.get("type")) and _are_texts(one.get("args")) for one in layers):
        return None
    entries = tuple(Entry(one["type"], one["args"]) for one in layers)
    return Act(told["input"], entries, tuple(hidden), selected, answers, suggestion, message)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT


def _is_index(value: Any) -> bool:
    # bool is an int to Python.
    return value is None or (type(value) is int and 0 <= value < MAX_ENTRIES)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and len(cast("list[Any]", value)) <= MAX_ENTRIES


def _are_texts(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) > MAX_ENTRIES:
        return False
    return all(_is_text(name) and _is_text(text) for name, text in value.items())


def _nothing() -> None:
    """What is told is read when the page is drawn."""
