"""The pooling page's part "As code": the PyTorch lines for the settings, and PyTorch's own answers."""

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.pooling.agreement import ask_torch
from cnnlab.lessons.pooling.pytorch_code import pool2d_code
from cnnlab.lessons.pooling.settings import PoolSettings
from cnnlab.ui.torch_check import check_button


def code_section(settings: PoolSettings) -> None:
    """Draw the part."""
    try:
        code = pool2d_code(settings)
    except CnnlabError as error:
        st.warning(f"There is no code for these settings: {error}.")
        return
    checks = st.columns(2)
    with checks[0]:
        check_button(
            code,
            lambda witness: ask_torch(witness, settings),
            key="pool_check_output",
            label="Check the output with PyTorch",
        )
    with checks[1]:
        check_button(
            code,
            lambda witness: ask_torch(witness, settings, "gradient"),
            key="pool_check_gradient",
            label="Check the gradient with PyTorch",
        )
    st.code(code, language="python")
