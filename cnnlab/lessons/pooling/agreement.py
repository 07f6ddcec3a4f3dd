"""Whether PyTorch computes the same as the pooling page, forwards and backwards."""

import dataclasses
from typing import Any, Literal, cast

import numpy as np

from cnnlab.lessons.pooling.settings import PoolSettings, walk
from cnnlab.torch_reference import Agreement, TorchReference, compare

What = Literal["output", "gradient"]


def ask_torch(reference: TorchReference, settings: PoolSettings, what: What = "output") -> Agreement:
    """Have PyTorch compute the settings in the reference process, and compare.

    Args:
        what: the output, or the gradient of its sum with respect to the input.

    Raises:
        CnnlabError: the settings do not go together, or PyTorch could not be asked.
    """
    question: dict[str, Any] = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    question |= {"input": settings.input.tolist(), "kernel": list(settings.kernel)}
    return Agreement.from_plain(reference.ask(f"{__name__}:answer", {"settings": question, "what": what}))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    fields = question["settings"]
    settings = PoolSettings(**fields | {"input": np.array(fields["input"]), "kernel": tuple(fields["kernel"])})
    return dataclasses.asdict(check_with_torch(settings, question["what"]))


def check_with_torch(settings: PoolSettings, what: What = "output") -> Agreement:
    """Compute the settings with PyTorch too, in 64-bit floating point, and compare cell by cell.

    PyTorch is imported by the first call: seconds, and hundreds of megabytes that stay. A server uses `ask_torch`.

    Raises:
        ShapeError: the settings do not go together.
    """
    steps = walk(settings)

    import torch
    from torch.nn import functional

    x = torch.tensor(settings.input, dtype=torch.float64)[None, None].requires_grad_()
    pool = functional.max_pool2d if settings.kind == "max" else functional.avg_pool2d
    output = cast("torch.Tensor", pool(x, **settings.arguments))
    version = str(torch.__version__)
    if what == "output":
        scale = float(np.abs(settings.input).max(initial=0)) * settings.kernel[0] * settings.kernel[1]
        return compare(steps.totals, output.detach().numpy()[0, 0], scale, version)
    (gradient,) = torch.autograd.grad(output.sum(), x)
    return compare(steps.routed, gradient.numpy()[0, 0], float(steps.totals.size), version)
