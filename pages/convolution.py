"""Convolution by hand: type the numbers, slide the window, read every sum."""

import streamlit as st

from cnnlab.ui import convolution
from cnnlab.ui.frame import frame

frame("convolution")

grids, settings = st.columns([3.4, 1], gap="medium")
with settings:
    chosen = convolution.read_settings()
with grids:
    convolution.grids(chosen)
