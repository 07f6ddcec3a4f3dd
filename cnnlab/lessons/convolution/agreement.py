"""Whether PyTorch computes the same as the convolution page."""

import dataclasses
from typing import Any

import numpy as np

from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.torch_reference import Agreement, TorchReference, compare


def ask_torch(reference: TorchReference, settings: ConvSettings) -> Agreement:
    """Have PyTorch compute the settings in the reference process, and compare.

    Raises:
        CnnlabError: the settings do not go together, or PyTorch could not be asked.
    """
    question: dict[str, Any] = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    question |= {"input": settings.input.tolist(), "kernel": settings.kernel.tolist()}
    return Agreement.from_plain(reference.ask(f"{__name__}:answer", question))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    matrices: dict[str, Any] = {name: np.array(question[name]) for name in ("input", "kernel")}
    return dataclasses.asdict(check_with_torch(ConvSettings(**question | matrices)))


def check_with_torch(settings: ConvSettings) -> Agreement:
    """Compute the settings with PyTorch too, in 64-bit floating point, and compare cell by cell.

    PyTorch is imported by the first call: seconds, and hundreds of megabytes that stay. A server uses `ask_torch`.

    Raises:
        ShapeError: the settings do not go together.
    """
    ours = settings.output()

    import torch
    from torch.nn import functional

    x = torch.tensor(settings.input, dtype=torch.float64)[None, None]
    weight = torch.tensor(settings.kernel, dtype=torch.float64)[None, None]
    bias = torch.tensor([settings.bias], dtype=torch.float64)
    # The same steps as in the script of `conv2d_code`: torch's own flip and padding are part of what is checked.
    if settings.flip:
        weight = torch.flip(weight, [-2, -1])
    padding = settings.padding
    if padding and settings.padding_mode != "zeros":
        x = functional.pad(x, (padding,) * 4, mode=settings.padding_mode)
        padding = 0
    with torch.no_grad():
        result = functional.conv2d(x, weight, bias, settings.stride, padding, settings.dilation)[0, 0]
    return compare(ours, result.numpy(), _scale(settings), str(torch.__version__))


def _scale(settings: ConvSettings) -> float:
    """How large a sum can get along the way."""
    largest_pixel = float(np.abs(settings.input).max(initial=0))
    return largest_pixel * float(np.abs(settings.kernel).sum()) + abs(settings.bias)
