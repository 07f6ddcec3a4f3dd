"""The descent as a plain PyTorch training loop."""

from cnnlab.lessons.learn_a_kernel.settings import LearnSettings, learn
from cnnlab.pytorch_text import float_literal, printed_lines, tensor_lines

DIGITS = 3
"""Decimals with which the script prints the kernel."""


def learn_code(settings: LearnSettings) -> str:
    """Write a script that makes the same steps with PyTorch's own gradients.

    It runs as it stands. Where the kernel is small, a comment shows what the script prints.

    Raises:
        ShapeError: the settings do not go together.
    """
    learning = learn(settings)
    height, width = settings.target.shape
    lines = ["import torch", "import torch.nn.functional as F", ""]
    lines += ["torch.set_default_dtype(torch.float64)"]
    lines += [f"torch.set_printoptions(precision={DIGITS}, sci_mode=False)", ""]
    lines += tensor_lines("x", settings.input) + tensor_lines("target", settings.target)
    lines += ["", "# One image with one channel, one kernel: (N, C, H, W) and (O, C, FH, FW)."]
    lines += ["x = x[None, None]", "wanted = F.conv2d(x, target[None, None])", ""]
    if settings.start == "zeros":
        lines += [f"kernel = torch.zeros(1, 1, {height}, {width}, requires_grad=True)"]
    else:
        lines += tensor_lines("start", settings.first_kernel)
        lines += ["kernel = start[None, None].requires_grad_()"]
    if learning.has_diverged:
        lines += ["# Further steps only make it larger: the lab stops here, too."]
    lines += [f"for step in range({learning.steps}):"]
    lines += ["    loss = F.mse_loss(F.conv2d(x, kernel), wanted)", "    loss.backward()"]
    lines += ["    with torch.no_grad():", f"        kernel -= {float_literal(settings.rate)} * kernel.grad"]
    lines += ["    kernel.grad = None", "print(kernel.detach()[0, 0])"]
    if not learning.has_diverged:
        lines += printed_lines(learning.kernels[-1], DIGITS, sci_mode=False)
    return "\n".join(lines) + "\n"
