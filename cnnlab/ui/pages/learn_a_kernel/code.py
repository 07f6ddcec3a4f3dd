"""The page's part "As code": the descent as a PyTorch loop, and PyTorch's own answers."""

import streamlit as st

from cnnlab.lessons.learn_a_kernel.agreement import ask_torch
from cnnlab.lessons.learn_a_kernel.pytorch_code import learn_code
from cnnlab.lessons.learn_a_kernel.settings import LearnSettings, learn
from cnnlab.shown_text import markdown
from cnnlab.texts import message, plural
from cnnlab.ui.pages.learn_a_kernel.settings import GRID
from cnnlab.ui.parts.torch_check import Check, code_with_checks


def code_section(settings: LearnSettings, secret: bool) -> None:
    """Draw the part; not while the target, which the code writes out, is hidden."""
    if secret:
        st.info(
            markdown("The code would give the hidden target away: show the target to read it."), icon=":material/lock:"
        )
        return
    step = GRID.step()
    code_with_checks(
        lambda: learn_code(settings),
        Check(
            message("Check the learned kernel with PyTorch"),
            "learn_check_kernel",
            lambda reference: ask_torch(reference, settings, learn(settings).steps),
        ),
        Check(
            plural(
                "Check the gradient after {n} step with PyTorch",
                "Check the gradient after {n} steps with PyTorch",
                n=step,
            ),
            "learn_check_gradient",
            lambda reference: ask_torch(reference, settings, step, "gradient"),
        ),
    )
