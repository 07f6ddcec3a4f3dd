"""The page's part "As code": the descent as a PyTorch loop, and PyTorch's own answers."""

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.learn_a_kernel.agreement import ask_torch
from cnnlab.lessons.learn_a_kernel.pytorch_code import learn_code
from cnnlab.lessons.learn_a_kernel.settings import LearnSettings, learn
from cnnlab.ui.torch_check import check_button


def code_section(settings: LearnSettings) -> None:
    """Draw the part."""
    try:
        code, learning = learn_code(settings), learn(settings)
    except CnnlabError as error:
        st.warning(f"There is no code for these settings: {error}.")
        return
    kernel, gradient = st.columns(2)
    with kernel:
        check_button(
            code,
            lambda witness: ask_torch(witness, settings, learning.steps),
            key="learn_check_kernel",
            label="Check the learned kernel with PyTorch",
        )
    with gradient:
        check_button(
            code,
            lambda witness: ask_torch(witness, settings, 0, "gradient"),
            key="learn_check_gradient",
            label="Check the first gradient with PyTorch",
        )
    st.code(code, language="python")
