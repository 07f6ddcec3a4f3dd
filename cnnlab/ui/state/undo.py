"""Undo and redo on every page: a hundred steps of its settings, kept while the session goes elsewhere and comes back.

A page's settings are all in its link, and it can be opened by one. So a step is taken back by having the page read the
link of before, as when it is entered; pages know nothing of it. A step is what changed in one run: a typed cell, a
pasted block, a preset with all that it sets.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from cnnlab.shown_text import markdown, plain
from cnnlab.texts import message, say
from cnnlab.ui.state import links
from cnnlab.ui.state.history import Setting

_PENDING = "undo/pending"

_BUTTONS = {
    -1: ("undo", message("Undo"), message("Undo (Ctrl+Z)")),
    1: ("redo", message("Redo"), message("Redo (Ctrl+Shift+Z)")),
}
_NOTHING = {-1: message("There is nothing to undo."), 1: message("There is nothing to redo.")}


def along(key: str) -> None:
    """Have a value of the session that is no setting go with them: what a control was when it was last drawn."""
    links.note(key, Setting(st.session_state[key], is_control=True, is_step=False))


def take_first(pending: Callable[[int], bool]) -> None:
    """Have what a component told be taken before a step is taken back: it may have been told with the same message.

    Args:
        pending: is told how far one wants to go, and says whether that was all there is to take back now: a text that
            was refused is no setting, and what was typed before it stays.
    """
    st.session_state[_PENDING] = pending


def tell_removed(before: Sequence[str], after: Sequence[str]) -> None:
    """Where one of several things has gone, say which, and how it comes back.

    Args:
        before, after: what they are called.
    """
    if len(after) != len(before) - 1:
        return
    gone = next((place for place, name in enumerate(after) if name != before[place]), len(after))
    st.toast(markdown("Removed {layer}. Ctrl+Z brings it back.", layer=before[gone]))


def buttons() -> None:
    """Draw both buttons."""
    for by, (name, label, help) in _BUTTONS.items():
        st.button(
            say(label),
            key=f"undo_{name}",
            icon=f":material/{name}:",
            help=say(help),
            on_click=_go,
            args=(by,),
            type="tertiary",
        )


def take_pending(by: int = 0) -> bool:
    """Take what a component told and the page has not read yet; from a callback.

    Args:
        by: how far one wants to go back (-1) or forth (1).

    Returns:
        whether that was all there is to take back now.
    """
    pending: Callable[[int], bool] | None = st.session_state.get(_PENDING)
    return pending is not None and pending(by)


def _go(by: int) -> None:
    if take_pending(by):
        return
    settings = links.history().go(by)
    if settings is None:
        st.toast(plain(say(_NOTHING[by])))
        return
    for name, setting in settings.items():
        if setting.is_control:
            st.session_state[name] = setting.value
    links.enter_again({name: setting.value for name, setting in settings.items() if not setting.is_control})
