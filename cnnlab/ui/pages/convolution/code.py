"""The convolution page's part "As code": the PyTorch lines for the settings, and PyTorch's own answer."""

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.convolution.agreement import ask_torch
from cnnlab.lessons.convolution.pytorch_code import conv2d_class, conv2d_code
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.ui.parts.code_style import ask_style
from cnnlab.ui.parts.torch_check import check_button, no_code


def code_section(settings: ConvSettings, show_output: bool = True) -> None:
    """Draw the part; without the output where it is being predicted."""
    write = conv2d_class if ask_style("code_style") == "slides" else conv2d_code
    try:
        code = write(settings, show_output)
    except CnnlabError as error:
        st.warning(no_code(error))
        return
    st.code(code, language="python")
    check_button(code, lambda reference: ask_torch(reference, settings), key="code_check")
