"""What a page says of the preset that is on the screen."""

import streamlit as st

from cnnlab.presets import Preset
from cnnlab.shown_text import markdown


def preset_note(preset: Preset[object] | None, *, hidden: bool) -> None:
    """Say what there is to see in a preset; nothing where there is none on the screen.

    Args:
        hidden: whether it is being predicted: the note may have the answer in it.
    """
    if preset is None:
        return
    if hidden:
        say_told_later()
    else:
        st.caption(markdown(preset.note))


def say_told_later() -> None:
    """Say where something would stand that has the answer in it."""
    st.caption(markdown("Shown when you stop predicting."))
