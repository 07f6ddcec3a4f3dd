"""Whether PyTorch computes the same as the transposed convolution's page."""

import dataclasses
from typing import Any, Literal

import numpy as np

from cnnlab.lessons.transposed.settings import TransposedSettings, direct_convolution
from cnnlab.torch_reference import Agreement, TorchReference, compare

What = Literal["output", "direct"]


def ask_torch(reference: TorchReference, settings: TransposedSettings, what: What = "output") -> Agreement:
    """Have PyTorch compute the settings in the reference process, and compare.

    Args:
        what: our transposed convolution, or the convolution that is to do the same; PyTorch stamps in both cases.

    Raises:
        CnnlabError: the settings do not go together, or PyTorch could not be asked.
    """
    question: dict[str, Any] = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    question |= {"input": settings.input.tolist(), "kernel": settings.kernel.tolist()}
    return Agreement.from_plain(reference.ask(f"{__name__}:answer", {"settings": question, "what": what}))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    fields = question["settings"]
    matrices: dict[str, Any] = {name: np.array(fields[name]) for name in ("input", "kernel")}
    return dataclasses.asdict(check_with_torch(TransposedSettings(**fields | matrices), question["what"]))


def check_with_torch(settings: TransposedSettings, what: What = "output") -> Agreement:
    """Compute the settings with PyTorch too, in 64-bit floating point, and compare cell by cell.

    PyTorch is imported by the first call: seconds, and hundreds of megabytes that stay. A server uses `ask_torch`.

    Raises:
        ShapeError: the settings do not go together.
    """
    ours = settings.output() if what == "output" else direct_convolution(settings).output

    import torch
    from torch.nn import functional

    x = torch.tensor(settings.input, dtype=torch.float64)[None, None]
    weight = torch.tensor(settings.kernel, dtype=torch.float64)[None, None]
    with torch.no_grad():
        result = functional.conv_transpose2d(x, weight, **settings.arguments)[0, 0]
    scale = float(np.abs(settings.input).max(initial=0)) * float(np.abs(settings.kernel).sum())
    return compare(ours, result.numpy(), scale, str(torch.__version__))
