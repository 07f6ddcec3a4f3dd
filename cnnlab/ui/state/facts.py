"""What is true of the screen, told by the page that shows it; a lesson holds its claims against it.

Nothing that a page shows depends on it.
"""

from typing import cast

import streamlit as st

from cnnlab.lessons.courses.facts import KINDS, Fact, Facts

_TOLD = "facts/told"


def forget() -> None:
    """Begin a run of the whole page: what is told from now on is true of it."""
    st.session_state[_TOLD] = {}


def tell(**facts: Fact | None) -> None:
    """Tell what is so now. What is None cannot be said: the settings do not go together, or it is being asked for.

    Raises:
        KeyError: there is no such fact.
    """
    told = st.session_state.setdefault(_TOLD, {})
    for name, fact in facts.items():
        if fact is None:
            told.pop(name, None)
        else:
            KINDS[name]
            told[name] = fact


def told() -> Facts:
    """All that is told of the screen."""
    return cast("Facts", st.session_state.get(_TOLD, {}))
