"""Whether PyTorch computes the same maps as the channels page."""

import dataclasses
from typing import Any

import numpy as np

from cnnlab.lessons.channels.settings import ChannelSettings
from cnnlab.torch_reference import Agreement, TorchReference, compare


def ask_torch(reference: TorchReference, settings: ChannelSettings) -> Agreement:
    """Have PyTorch compute the settings in the reference process, and compare all maps.

    Raises:
        CnnlabError: the settings do not go together, or PyTorch could not be asked.
    """
    question: dict[str, Any] = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    question |= {name: question[name].tolist() for name in ("input", "kernels", "biases")}
    return Agreement.from_plain(reference.ask(f"{__name__}:answer", question))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    arrays: dict[str, Any] = {name: np.array(question[name]) for name in ("input", "kernels", "biases")}
    return dataclasses.asdict(check_with_torch(ChannelSettings(**question | arrays)))


def axes(settings: ChannelSettings) -> tuple[str, ...]:
    """What the axes of the compared output are called."""
    return ("map", "slice", "row", "column") if settings.slides_in_depth else ("map", "row", "column")


def check_with_torch(settings: ChannelSettings) -> Agreement:
    """Compute the settings with PyTorch's conv2d or conv3d, in 64-bit floating point, and compare cell by cell.

    PyTorch is imported by the first call: seconds, and hundreds of megabytes that stay. A server uses `ask_torch`.

    Raises:
        ShapeError: the settings do not go together.
    """
    ours = settings.output()

    import torch
    from torch.nn import functional

    x, weight, bias = (
        torch.tensor(array, dtype=torch.float64) for array in (settings.input, settings.kernels, settings.biases)
    )
    stride, padding = settings.stride, settings.padding
    with torch.no_grad():
        if settings.slides_in_depth:
            deep_stride, deep_padding = (1, stride, stride), (0, padding, padding)
            result = functional.conv3d(x[None, None], weight[:, None], bias, deep_stride, deep_padding)[0]
        else:
            ours = ours[:, 0]
            result = functional.conv2d(x[None], weight, bias, stride, padding, groups=settings.groups)[0]
    return compare(ours, result.numpy(), _scale(settings), str(torch.__version__))


def _scale(settings: ChannelSettings) -> float:
    """How large a sum can get along the way."""
    largest_pixel = float(np.abs(settings.input).max(initial=0))
    weights = float(np.abs(settings.kernels).sum(axis=(1, 2, 3)).max(initial=0))
    return largest_pixel * weights + float(np.abs(settings.biases).max(initial=0))
