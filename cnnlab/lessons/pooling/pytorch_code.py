"""A pooling's settings as the PyTorch lines that compute the same."""

from cnnlab.lessons.pooling.settings import PoolSettings, walk
from cnnlab.pytorch_text import printed_lines, tensor_lines


def pool2d_code(settings: PoolSettings, show_output: bool = True) -> str:
    """Write a script that computes these settings with PyTorch: as a function, as a layer, and back to the input.

    It runs as it stands. Where the results are small, comments show what the script prints, unless
    `show_output` is off.

    Raises:
        ShapeError: the settings do not go together, so that there is nothing to compute.
    """
    steps = walk(settings)
    keywords = _keywords(settings)
    lines = ["import torch", "import torch.nn.functional as F", ""]
    lines += tensor_lines("x", settings.input)
    lines += ["", "# One image with one channel: (N, C, H, W)."]
    lines += ["x = x[None, None].requires_grad_()"]
    lines += [f"y = F.{'max' if settings.kind == 'max' else 'avg'}_pool2d(x, {keywords})"]
    lines += ["print(y.detach()[0, 0])", *(printed_lines(steps.totals) if show_output else []), ""]
    layer = "MaxPool2d" if settings.kind == "max" else "AvgPool2d"
    lines += ["# The same as a layer; it has no weights."]
    lines += [f"layer = torch.nn.{layer}({keywords})", "print(torch.equal(layer(x), y))  # True", ""]
    lines += ["# Each output cell sends back a gradient of 1."]
    # With the way of the gradient back the largest numbers would be known.
    lines += ["y.sum().backward()", "print(x.grad[0, 0])", *(printed_lines(steps.routed) if show_output else [])]
    return "\n".join(lines) + "\n"


def _keywords(settings: PoolSettings) -> str:
    """The arguments after x, those that say nothing new left out."""
    height, width = settings.kernel
    words = [f"kernel_size={height}" if height == width else f"kernel_size=({height}, {width})"]
    # Without a word the stride is the kernel's size.
    if settings.kernel != (settings.stride, settings.stride):
        words.append(f"stride={settings.stride}")
    if settings.padding:
        words.append(f"padding={settings.padding}")
    if settings.used_dilation > 1:
        words.append(f"dilation={settings.dilation}")
    if settings.ceil:
        words.append("ceil_mode=True")
    if settings.kind == "avg" and settings.padding and not settings.count_include_pad:
        words.append("count_include_pad=False")
    return ", ".join(words)
