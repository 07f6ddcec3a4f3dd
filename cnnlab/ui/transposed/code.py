"""The part "As code": the PyTorch lines for the settings, and PyTorch's own answers."""

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.transposed.agreement import ask_torch
from cnnlab.lessons.transposed.pytorch_code import conv_transpose2d_code
from cnnlab.lessons.transposed.settings import TransposedSettings
from cnnlab.ui.torch_check import check_button


def code_section(settings: TransposedSettings) -> None:
    """Draw the part."""
    try:
        code = conv_transpose2d_code(settings)
    except CnnlabError as error:
        st.warning(f"There is no code for these settings: {error}.")
        return
    checks = st.columns(2)
    with checks[0]:
        check_button(
            code,
            lambda witness: ask_torch(witness, settings),
            key="tr_check_output",
            label="Check the stamps with PyTorch",
        )
    with checks[1]:
        check_button(
            code,
            lambda witness: ask_torch(witness, settings, "direct"),
            key="tr_check_direct",
            label="Check the convolution with PyTorch",
        )
    st.code(code, language="python")
