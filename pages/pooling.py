"""Pooling: one number for every window, and what that keeps and loses."""

import streamlit as st

from cnnlab.texts import message, say
from cnnlab.ui.pages.pooling.code import code_section
from cnnlab.ui.pages.pooling.grids import by_hand, shift_by_one
from cnnlab.ui.pages.pooling.picture import picture_section
from cnnlab.ui.pages.pooling.settings import GRID, link_to_network, settings_panel
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import boards_stage, stage
from cnnlab.ui.shell.settings_place import settings_beside
from cnnlab.ui.state import controls

VIEWS = {
    "hand": message("By hand"),
    "picture": message("On a picture"),
    "shift": message("Shift by one"),
    "code": message("As code"),
}

frame("pooling")
views, beside = st.columns([1.25, 1], gap="small", vertical_alignment="center")
with views:
    view = controls.choice(
        say("What pooling does"),
        "pool_view",
        VIEWS,
        "hand",
        widget="segmented",
        label_visibility="collapsed",
        is_view=True,
    )
with beside:
    link_to_network()
grids, panel = settings_beside()
with panel:
    chosen = settings_panel(view)
with grids:
    # Only what is looked at is worked out.
    if view == "hand":
        with boards_stage():
            by_hand(chosen.settings, chosen.gradient)
    elif view == "picture":
        picture_section(chosen.settings)
    elif view == "shift":
        with boards_stage():
            shift_by_one(chosen.settings, chosen.shift)
    else:
        with stage():
            code_section(chosen.settings, show_output=not GRID.predicts())
