"""What components have told, and whether it can be that: it comes from a browser, and a browser can send anything.

Each state of a component holds its last message (lib/outbox.js). A reader takes that, asks of each thing in it whether
it is what it must be, and takes a message with anything else in it for none:

    message = last_told(key, "choice")
    return message["at"] if is_place(message.get("at"), (8, 8)) else None
"""

from collections.abc import Sequence
from typing import Any, TypeGuard, cast

import streamlit as st


def last_told(key: str, state: str) -> dict[str, Any]:
    """The last message of a component in one of its states; empty where there is none."""
    message = st.session_state.get(key, {}).get(state)
    return message if isinstance(message, dict) else {}


def number_of(message: dict[str, Any]) -> int:
    """The message's number, counted from 1; 0 where it is none."""
    number: object = message.get("message")
    return number if is_whole(number, least=1) else 0


def only_about(message: dict[str, Any], revision: int) -> dict[str, Any]:
    """The message, if it is about this revision of what is drawn; empty if not."""
    told: object = message.get("revision")
    return message if is_whole(told) and told == revision else {}


def is_whole(value: object, most: int | None = None, least: int = 0) -> TypeGuard[int]:
    """Whether it is a whole number within these bounds."""
    # bool is an int to Python.
    return type(value) is int and value >= least and (most is None or value <= most)


def is_place(value: object, sizes: Sequence[int]) -> TypeGuard[list[int]]:
    """Whether it lists a place along each axis, counted from 0, where the axes have these sizes."""
    if not is_list(value, len(sizes)) or len(value) != len(sizes):
        return False
    return all(is_whole(place, size - 1) for place, size in zip(value, sizes, strict=True))


def is_list(value: object, most: int) -> TypeGuard[list[Any]]:
    """Whether it is a list of at most so many things."""
    return isinstance(value, list) and len(cast("list[Any]", value)) <= most


def is_text(value: object, most: int) -> TypeGuard[str]:
    """Whether it is a text of at most so many characters."""
    return isinstance(value, str) and len(value) <= most


def are_texts(value: object, count: int, most: int) -> TypeGuard[list[str]]:
    """Whether it is a list of at most `count` texts, each of at most so many characters."""
    return is_list(value, count) and all(is_text(text, most) for text in value)


def are_named_texts(value: object, count: int, most: int) -> TypeGuard[dict[str, str]]:
    """Likewise of texts by name."""
    if not isinstance(value, dict) or len(cast("dict[Any, Any]", value)) > count:
        return False
    return all(is_text(name, most) and is_text(text, most) for name, text in cast("dict[Any, Any]", value).items())
