"""The menu of a page's presets: it shows which preset's numbers are on the screen, and loads the one that is chosen."""

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

OWN_NUMBERS = "own"


def preset_menu(
    titles: Mapping[str, str],
    current: str | None,
    load: Callable[[str], None],
    *,
    key: str,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    own: str = "Your own numbers",
) -> None:
    """Draw the menu.

    Args:
        titles: of the presets, by name. A page that gives back what was typed before a preset has a title for
            `OWN_NUMBERS`, too.
        current: the preset whose numbers are on the screen; None where they are the learner's own.
        load: puts a preset on the page; it is called before the next run.
        key: of the page's menu.
        own: what the menu says where they are the learner's own.
    """
    names = {OWN_NUMBERS: own} | dict(titles)
    shown = OWN_NUMBERS if current is None else current
    # A menu that the script sets would be set back by the browser's next message, which still holds the earlier
    # choice, and that would load it. So it is another menu whenever the numbers are another preset's.
    widget = f"{key}/{shown}"

    def load_chosen() -> None:
        name = st.session_state[widget]
        if name in titles:
            load(name)

    st.selectbox(
        "Preset",
        names,
        index=list(names).index(shown),
        format_func=lambda name: names[name],
        key=widget,
        on_change=load_chosen,
        label_visibility=label_visibility,
    )
