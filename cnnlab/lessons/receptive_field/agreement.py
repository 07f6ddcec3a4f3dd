"""Whether PyTorch's autograd finds the region that the core finds."""

import dataclasses
from typing import Any

import numpy as np

from cnnlab.lessons.receptive_field.stack import Stack, Unit, format_layers, parse_layers
from cnnlab.torch_reference import Agreement, TorchReference, compare


def ask_torch(reference: TorchReference, stack: Stack, unit: Unit) -> Agreement:
    """Have PyTorch find in the reference process which pixels a unit depends on, and compare pixel by pixel.

    Raises:
        CnnlabError: there is no such unit, or PyTorch could not be asked.
    """
    question = {"size": stack.size, "layers": format_layers(stack.layers), "unit": list(unit)}
    return Agreement.from_plain(reference.ask(f"{__name__}:answer", question))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    number, row, column = question["unit"]
    stack = Stack(question["size"], parse_layers(question["layers"]))
    return dataclasses.asdict(check_with_torch(stack, (number, row, column)))


def check_with_torch(stack: Stack, unit: Unit) -> Agreement:
    """Compare the pixels that have a path (1) and those that have none (0) with where autograd finds a gradient.

    Imports torch. All weights are one, so that no two paths cancel out.

    Raises:
        ShapeError: there is no such unit.
    """
    number, *place = unit
    layers = [row.layer for row in stack.rows[:number]]
    ours = stack.region(unit).mask

    import torch
    from torch.nn import functional

    x = torch.ones(1, 1, stack.size, stack.size, dtype=torch.float64, requires_grad=True)
    units = x
    for layer in layers:
        ones = torch.ones(1, 1, layer.kernel, layer.kernel, dtype=torch.float64)
        units = functional.conv2d(units, ones, None, layer.stride, layer.padding, layer.dilation)
    (gradient,) = torch.autograd.grad(units[0, 0, place[0], place[1]], x)
    theirs = (gradient[0, 0] > 0).numpy()
    return compare(ours.astype(np.int64), theirs.astype(np.int64), 1.0, str(torch.__version__))
