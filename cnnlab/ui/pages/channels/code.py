"""The channels page's part "As code": the PyTorch lines for the layer, and PyTorch's own answer."""

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.channels.agreement import ask_torch, axes
from cnnlab.lessons.channels.pytorch_code import layer_code
from cnnlab.lessons.channels.settings import ChannelSettings
from cnnlab.ui.parts.code_style import ask_style
from cnnlab.ui.parts.torch_check import check_button, no_code


def code_section(settings: ChannelSettings, show_output: bool) -> None:
    """Draw the part; `show_output` is off while its numbers are to be predicted."""
    style = ask_style("ch_style")
    try:
        code = layer_code(settings, show_output, style)
    except CnnlabError as error:
        st.warning(no_code(error))
        return
    check_button(code, lambda reference: ask_torch(reference, settings), key="channels_check", axes=axes(settings))
    st.code(code, language="python")
