"""Channels: kernels as deep as the input, one map for each of them."""

import streamlit as st

from cnnlab.texts import message, say
from cnnlab.ui.pages.channels import grids
from cnnlab.ui.pages.channels.code import code_section
from cnnlab.ui.pages.channels.costs import costs_section, in_short
from cnnlab.ui.pages.channels.memory import memory_section
from cnnlab.ui.pages.channels.picture import picture_section
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import boards_stage, stage
from cnnlab.ui.state import controls

VIEWS = {
    "hand": message("By hand"),
    "picture": message("On a picture"),
    "memory": message("In memory"),
    "costs": message("What it costs"),
    "code": message("As code"),
}

frame("channels")
views, short = st.columns([1.25, 1], gap="small", vertical_alignment="center")
with views:
    view = controls.choice(
        say("Channels"),
        "ch_view",
        VIEWS,
        "hand",
        widget="segmented",
        label_visibility="collapsed",
        is_view=True,
    )
settings = grids.settings_row()
with short:
    in_short(settings)
# Only what is looked at is worked out.
if view == "hand":
    with boards_stage():
        grids.grids(settings)
    grids.remarks(settings)
elif view == "picture":
    picture_section(settings)
    grids.grids(settings, compact=True)
elif view == "memory":
    memory_section()
elif view == "costs":
    with stage():
        costs_section(settings)
else:
    with stage():
        code_section(settings, show_output=not grids.GRID.predicts())
