"""The pooling page's part "As code": the PyTorch lines for the settings, and PyTorch's own answers."""

from cnnlab.lessons.pooling.agreement import ask_torch
from cnnlab.lessons.pooling.pytorch_code import pool2d_class, pool2d_code
from cnnlab.lessons.pooling.settings import PoolSettings
from cnnlab.texts import message
from cnnlab.ui.parts.code_style import ask_style
from cnnlab.ui.parts.torch_check import Check, code_with_checks


def code_section(settings: PoolSettings, show_output: bool = True) -> None:
    """Draw the part; without the output where it is being predicted."""
    write = pool2d_class if ask_style("pool_style") == "slides" else pool2d_code
    code_with_checks(
        lambda: write(settings, show_output),
        Check(
            message("Check the output with PyTorch"),
            "pool_check_output",
            lambda reference: ask_torch(reference, settings),
        ),
        Check(
            message("Check the gradient with PyTorch"),
            "pool_check_gradient",
            lambda reference: ask_torch(reference, settings, "gradient"),
        ),
    )
