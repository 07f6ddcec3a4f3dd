"""SGD with Nesterov's momentum, and AdamW: PyTorch's own arithmetic, without its optimizer classes.

The classes load PyTorch's compiler when they are made, which no run here uses: 2 s and 150 MB for every process that
trains. The functions below them do not.
"""

# torch leaves parts of its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.optim.adam import adam
from torch.optim.sgd import sgd

from cnnlab.optimizers import OPTIMIZER_TYPES

MOMENTUM = OPTIMIZER_TYPES["sgd"].arguments["momentum"]
FUSED_DEVICES = ("cpu", "cuda")  # where all weights are moved by one call


class Optimizer(Protocol):
    """What moves the weights along their gradients."""

    def step(self, rate: float) -> None:
        """Move all weights once, and forget their gradients."""
        ...


class Sgd:
    """Stochastic gradient descent with Nesterov's momentum; the decay is added to the gradients."""

    def __init__(self, parameters: Iterable[nn.Parameter], weight_decay: float) -> None:
        self._parameters = list(parameters)
        self._weight_decay = weight_decay
        self._momenta: list[Tensor | None] = [torch.zeros_like(parameter) for parameter in self._parameters]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        sgd(
            list(self._parameters),
            _take_gradients(self._parameters),
            self._momenta,
            fused=_fused(self._parameters),
            lr=rate,
            momentum=MOMENTUM,
            nesterov=True,
            dampening=0.0,
            weight_decay=self._weight_decay,
            maximize=False,
        )


class AdamW:
    """Adam with decoupled weight decay: what decays the weights is not among the gradients."""

    def __init__(self, parameters: Iterable[nn.Parameter], weight_decay: float) -> None:
        self._parameters = list(parameters)
        self._weight_decay = weight_decay
        self._means = [torch.zeros_like(parameter) for parameter in self._parameters]
        self._squares = [torch.zeros_like(parameter) for parameter in self._parameters]
        self._steps = [torch.zeros((), device=parameter.device) for parameter in self._parameters]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        adam(
            list(self._parameters),
            _take_gradients(self._parameters),
            self._means,
            self._squares,
            [],
            self._steps,
            fused=_fused(self._parameters),
            lr=rate,
            beta1=0.9,
            beta2=0.999,
            eps=1e-8,
            weight_decay=self._weight_decay,
            decoupled_weight_decay=True,
            amsgrad=False,
            maximize=False,
        )


OPTIMIZERS: dict[str, type[Sgd] | type[AdamW]] = {"sgd": Sgd, "adamw": AdamW}


def _take_gradients(parameters: list[nn.Parameter]) -> list[Tensor]:
    """The gradients of one step. The next one starts without any."""
    gradients = [torch.zeros_like(one) if one.grad is None else one.grad for one in parameters]
    for parameter in parameters:
        parameter.grad = None
    return gradients


def _fused(parameters: list[nn.Parameter]) -> bool | None:
    return True if parameters and parameters[0].device.type in FUSED_DEVICES else None
