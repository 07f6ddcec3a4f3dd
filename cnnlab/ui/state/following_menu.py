"""A menu that follows the page: it shows what is on the screen, and acts when something else is chosen.

A menu that the script sets would be set back by the browser's next message, which may have left before and still
holds the earlier choice; Streamlit would take that for a new one, and act. So another menu stands there whenever what
it shows is another thing, and of each menu one choice counts: the first one that is not what it was drawn with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import streamlit as st

Option = TypeVar("Option")


@dataclass
class _Drawn:
    """The menu that stands there.

    Args:
        number: how many of its kind stood there before.
        looks: what it was drawn with.
        spent: the number of the last one of which something was chosen.
    """

    number: int = 0
    looks: Any = None
    spent: int = -1


def following_menu(
    label: str,
    options: Sequence[Option],
    shown: Option,
    choose: Callable[[Option], None],
    *,
    key: str,
    format_func: Callable[[Option], str] = str,
    disabled: bool = False,
    help: str | None = None,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
) -> None:
    """Draw a menu.

    Args:
        label, help, label_visibility: as in Streamlit.
        options: what can be chosen.
        shown: the one that is on the screen.
        choose: takes over another one; it is called before the next run, once for each choice.
        key: of the place where this menu stands.
        format_func: writes an option.
        disabled: whether nothing can be chosen now.
    """
    drawn: _Drawn = st.session_state.setdefault(f"{key}/drawn", _Drawn())
    looks = [format_func(option) for option in options], shown, disabled
    # What was chosen may have changed nothing, and then the menu must show again what is on the screen.
    if looks != drawn.looks or drawn.spent == drawn.number:
        drawn.number += 1
        drawn.looks = looks
    number = drawn.number
    widget = f"{key}/{number}/{shown}"

    def take_choice() -> None:
        # A late message repeats what a menu showed that is no longer there, or what was taken over already. Streamlit
        # may have forgotten the menu's key by then, and calls this all the same.
        chosen = st.session_state.get(widget, shown)
        if chosen != shown and number > drawn.spent:
            drawn.spent = number
            choose(chosen)

    st.selectbox(
        label,
        options,
        index=list(options).index(shown),
        format_func=format_func,
        key=widget,
        on_change=take_choice,
        disabled=disabled,
        help=help,
        label_visibility=label_visibility,
    )
