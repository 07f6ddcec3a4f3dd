"""What a component of the page has told; it comes from a browser, which may send anything."""

from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass
class Desk:
    """What one visitor's component and this server know of each other.

    Args:
        revision: raised when the server changes what is drawn, and not the learner.
    """

    revision: int = 0


def desk(key: str) -> Desk:
    """The visitor's desk of a component."""
    return st.session_state.setdefault(f"{key}/desk", Desk())


def told(key: str, state: str) -> dict[str, Any]:
    """What the component said last, if it is about what is drawn now; empty if not."""
    message = st.session_state.get(key, {}).get(state)
    if not isinstance(message, dict) or message.get("revision") != desk(key).revision:
        return {}
    return message


def answered(key: str, state: str) -> int:
    """The number of the last message, whatever it is about; see outbox.js."""
    message = st.session_state.get(key, {}).get(state)
    number = message.get("message") if isinstance(message, dict) else None
    return number if type(number) is int else 0
