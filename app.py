"""The landing page: what the lab holds, in the order of the lecture."""

import streamlit as st

from cnnlab.shown_text import markdown
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.landing import show_cards

frame()

st.title("cnnlab", anchor=False)
st.markdown(
    markdown(
        "A lab for convolution and the networks built on it. Every number can be changed, stepped through and checked. "
        "A page's settings are in its address: anyone who opens the link sees the same screen, except for your own "
        "picture and your predictions."
    )
)
show_cards()
