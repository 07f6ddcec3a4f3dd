"""Present mode: what is looked at fills the screen, and the settings come as a drawer.

The browser alone does it (`components/frame/present.js`), as `present.css` says; the page only marks what is looked at.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal

import streamlit as st

from cnnlab.texts import message, say

_BUTTONS = {
    "settings": ("tune", message("Settings"), message("Settings over what is presented (S)")),
    "mode": ("fit_screen", message("Present"), message("Present: fill the screen, and back (F)")),
}


def buttons() -> None:
    """Draw the frame's buttons; the script takes their clicks."""
    for name, (icon, label, help) in _BUTTONS.items():
        st.button(say(label), key=f"present_{name}", icon=f":material/{icon}:", help=say(help), type="tertiary")


@contextmanager
def stage(gap: Literal["small", "xsmall"] = "small") -> Iterator[None]:
    """Mark what is drawn as what is looked at. Each page draws one stage, whatever its state: the rest is hidden."""
    with st.container(key="stage", gap=gap):
        yield


def optional_place() -> AbstractContextManager[object]:
    """A place above the stage for what is there only at times.

    Streamlit tells what it draws apart by place: without it, what stands below moves to another place and is begun
    anew, and whoever types there loses the field.
    """
    return st.container(gap="small")


@contextmanager
def boards_stage() -> Iterator[None]:
    """Likewise grids of numbers, which fill the screen themselves; all else is drawn larger."""
    with st.container(key="stage_boards"):
        yield
