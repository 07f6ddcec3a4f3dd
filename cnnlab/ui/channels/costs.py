"""The channels page's numbers on cost: what this layer holds, and what other ways of mixing channels would cost."""

import streamlit as st

from cnnlab.lessons.channels.settings import ChannelSettings


def in_short(settings: ChannelSettings) -> None:
    """Say the weight tensor's shape and the number of parameters, spelled out."""
    axes = "(O, 1, D, FH, FW)" if settings.slides_in_depth else "(O, C, FH, FW)"
    axes = "(O, C/groups, FH, FW)" if settings.groups > 1 else axes
    shape = ", ".join(map(str, settings.weight_shape))
    st.markdown(f"Weight {axes} = **({shape})**  \nParameters: `{settings.parameters_in_words}`")
