"""Convolution by hand: type the numbers, slide the window, read every sum."""

import streamlit as st

from cnnlab.texts import message, say
from cnnlab.ui.pages.convolution import grids as convolution
from cnnlab.ui.pages.convolution.code import code_section
from cnnlab.ui.pages.convolution.picture import picture_section
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import boards_stage, stage
from cnnlab.ui.shell.settings_place import settings_beside
from cnnlab.ui.state import controls

VIEWS = {
    "hand": message("By hand"),
    "then": message("And then"),
    "picture": message("On a picture"),
    "code": message("As code"),
}

frame("convolution")
view = controls.choice(
    say("What the kernel does"), "view", VIEWS, "hand", widget="segmented", label_visibility="collapsed", is_view=True
)
grids, panel = settings_beside()
with panel:
    settings = convolution.settings_panel(goes_on=view == "then")
with grids:
    # Only what is looked at is worked out.
    if view == "picture":
        picture_section(settings)
    with boards_stage() if view in ("hand", "then") else st.container():
        convolution.grids(settings, compact=view in ("picture", "code"), goes_on=view == "then")
    if view == "code":
        with stage():
            code_section(settings, show_output=not convolution.GRID.predicts())
