"""The section "As code": both networks, and the drawing's shift, in PyTorch."""

import streamlit as st

from cnnlab.lessons.why_convolution.agreement import ask_torch
from cnnlab.lessons.why_convolution.drawing import KERNELS
from cnnlab.lessons.why_convolution.pytorch_code import networks_code, shift_code
from cnnlab.shown_text import markdown
from cnnlab.ui.pages.why_convolution.draw import read_settings
from cnnlab.ui.parts.torch_check import check_button


def code_section() -> None:
    """Draw the section."""
    settings = read_settings()
    kernel = KERNELS[settings.kernel]
    found = settings.found
    code = shift_code(
        settings.drawing, settings.shift, kernel, found.same, (found.peaks[0].value, found.peaks[1].value)
    )
    networks, drawing = st.columns(2, gap="medium")
    with networks:
        st.header(markdown("The experiment's networks"), anchor=False)
        st.code(networks_code(), language="python", wrap_lines=True)
    with drawing:
        st.header(markdown("Your drawing, shifted"), anchor=False)
        check_button(
            code, lambda reference: ask_torch(reference, settings.drawing, settings.shift, kernel), key="why_code_check"
        )
        st.code(code, language="python", wrap_lines=True)
