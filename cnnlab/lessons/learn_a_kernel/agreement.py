"""Whether PyTorch's own gradients lead to the same kernel."""

import dataclasses
from typing import Any, Literal

import numpy as np

from cnnlab.errors import ShapeError
from cnnlab.lessons.learn_a_kernel.settings import LearnSettings, curvature, learn
from cnnlab.torch_reference import Agreement, TorchReference, compare

What = Literal["kernel", "gradient"]


def ask_torch(reference: TorchReference, settings: LearnSettings, step: int, what: What = "kernel") -> Agreement:
    """Have PyTorch make the steps in the reference process, and compare.

    Args:
        step: after how many steps.
        what: the kernel that these steps lead to; or the gradient of our kernel then, against autograd's.

    Raises:
        CnnlabError: the settings do not go together, a step that was not made, or PyTorch could not be asked.
    """
    question: dict[str, Any] = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    question |= {"input": settings.input.tolist(), "target": settings.target.tolist()}
    return Agreement.from_plain(reference.ask(f"{__name__}:answer", {"settings": question, "step": step, "what": what}))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    fields = question["settings"]
    matrices: dict[str, Any] = {name: np.array(fields[name]) for name in ("input", "target")}
    return dataclasses.asdict(check_with_torch(LearnSettings(**fields | matrices), question["step"], question["what"]))


def check_with_torch(settings: LearnSettings, step: int, what: What = "kernel") -> Agreement:
    """Make the steps with PyTorch too, in 64-bit floating point, and compare weight by weight.

    PyTorch is imported by the first call: seconds, and hundreds of megabytes that stay. A server uses `ask_torch`.

    Raises:
        ShapeError: the settings do not go together, or a step that was not made.
    """
    learning = learn(settings)
    if not 0 <= step <= learning.steps:
        raise ShapeError("There is no step {step}: use 0 to {steps}.", step=step, steps=learning.steps)

    import torch
    from torch.nn import functional

    x = torch.tensor(settings.input, dtype=torch.float64)[None, None]
    target = torch.tensor(settings.target, dtype=torch.float64)[None, None]
    wanted = functional.conv2d(x, target)

    def gradient(of: torch.Tensor) -> torch.Tensor:
        kernel = of.detach().requires_grad_()
        loss = functional.mse_loss(functional.conv2d(x, kernel), wanted)
        return torch.autograd.grad(loss, kernel)[0]

    version = str(torch.__version__)
    # Each step may lose a share of the largest products on its way.
    pixels = float(np.abs(settings.input).max(initial=0))
    slopes = 2 * np.abs(learning.errors[: step + 1]).max(axis=(1, 2)) * pixels
    if what == "gradient":
        theirs = gradient(torch.tensor(learning.kernels[step])[None, None])
        terms = float(np.abs(learning.outputs[step]).max() + np.abs(learning.wanted).max()) * pixels * 2
        return compare(learning.gradients[step], theirs[0, 0].numpy(), max(float(slopes[-1]), terms), version)
    kernel = torch.tensor(settings.first_kernel)[None, None]
    for _ in range(step):
        kernel = kernel - settings.rate * gradient(kernel)
    # What a step has lost every later one multiplies, as it does any error, by this much at most.
    growth = max(1.0, abs(1 - settings.rate * curvature(settings).largest))
    lost = np.abs(learning.kernels[: step + 1]).max(axis=(1, 2)) + settings.rate * slopes
    scale = float(lost @ growth ** np.arange(step, -1, -1, dtype=np.float64))
    return compare(learning.kernels[step], kernel[0, 0].numpy(), scale, version)
