"""Convolution by hand: type the numbers, slide the window, read every sum."""

import streamlit as st

from cnnlab.texts import message, say
from cnnlab.ui.pages.convolution import grids as convolution
from cnnlab.ui.pages.convolution.code import code_section
from cnnlab.ui.pages.convolution.picture import picture_section
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.state import controls

VIEWS = {"hand": message("By hand"), "picture": message("On a picture"), "code": message("As code")}

frame("convolution")
view = controls.choice(
    say("What the kernel does"), "view", VIEWS, "hand", widget="segmented", label_visibility="collapsed", is_view=True
)
grids, panel = st.columns([2.7, 1], gap="medium")
with panel:
    settings = convolution.settings_panel()
with grids:
    convolution.grids(settings, compact=view != "hand")
    # Only what is looked at is worked out.
    if view == "picture":
        picture_section(settings)
    elif view == "code":
        code_section(settings, show_output=not convolution.GRID.predicts())
