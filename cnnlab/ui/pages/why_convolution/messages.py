"""What one visitor's components of the page and this server know of each other."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from cnnlab.ui.components.told import last_told, only_about


@dataclass
class Desk:
    """What both know of one component.

    Args:
        revision: raised when the server changes what is drawn, and not the learner.
    """

    revision: int = 0


def desk(key: str) -> Desk:
    """The visitor's desk of a component."""
    return st.session_state.setdefault(f"{key}/desk", Desk())


def told(key: str, state: str) -> dict[str, Any]:
    """What the component said last, if it is about what is drawn now; empty if not."""
    return only_about(last_told(key, state), desk(key).revision)
