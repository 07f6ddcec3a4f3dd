"""The part "As code": the PyTorch lines for the settings, and PyTorch's own answers."""

from cnnlab.lessons.transposed.agreement import ask_torch
from cnnlab.lessons.transposed.pytorch_code import conv_transpose2d_code
from cnnlab.lessons.transposed.settings import TransposedSettings
from cnnlab.texts import message
from cnnlab.ui.parts.torch_check import Check, code_with_checks


def code_section(settings: TransposedSettings, show_output: bool = True) -> None:
    """Draw the part; without the output where it is being predicted."""
    code_with_checks(
        lambda: conv_transpose2d_code(settings, show_output),
        Check(
            message("Check the stamps with PyTorch"),
            "tr_check_output",
            lambda reference: ask_torch(reference, settings),
        ),
        Check(
            message("Check the convolution with PyTorch"),
            "tr_check_direct",
            lambda reference: ask_torch(reference, settings, "direct"),
        ),
    )
