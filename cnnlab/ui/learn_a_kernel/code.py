"""The page's part "As code": the descent as a PyTorch loop, and PyTorch's own answers."""

from cnnlab.lessons.learn_a_kernel.agreement import ask_torch
from cnnlab.lessons.learn_a_kernel.pytorch_code import learn_code
from cnnlab.lessons.learn_a_kernel.settings import LearnSettings, learn
from cnnlab.ui.torch_check import Check, code_with_checks


def code_section(settings: LearnSettings) -> None:
    """Draw the part."""
    code_with_checks(
        lambda: learn_code(settings),
        Check(
            "Check the learned kernel with PyTorch",
            "learn_check_kernel",
            lambda witness: ask_torch(witness, settings, learn(settings).steps),
        ),
        Check(
            "Check the first gradient with PyTorch",
            "learn_check_gradient",
            lambda witness: ask_torch(witness, settings, 0, "gradient"),
        ),
    )
