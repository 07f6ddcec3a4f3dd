"""Channels: kernels as deep as the input, one map for each of them."""

import streamlit as st

from cnnlab.ui import controls
from cnnlab.ui.channels import grids
from cnnlab.ui.channels.costs import in_short
from cnnlab.ui.frame import frame

VIEWS = {
    "hand": "By hand",
    "picture": "On a picture",
    "memory": "In memory",
    "costs": "What it costs",
    "code": "As code",
}

frame("channels")
views, short = st.columns([1.25, 1], gap="small", vertical_alignment="center")
with views:
    view = controls.choice("Channels", "ch_view", VIEWS, "hand", widget="segmented", label_visibility="collapsed")
settings = grids.settings_row()
with short:
    in_short(settings)
grids.grids(settings, compact=view != "hand")
if view == "hand":
    grids.remarks(settings)
