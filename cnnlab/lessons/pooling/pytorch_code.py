"""A pooling's settings as the PyTorch lines that compute the same."""

from cnnlab.lessons.pooling.settings import PoolSettings, walk
from cnnlab.pytorch_text import class_lines, printed_lines, side_or_sides, tensor_lines


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


def pool2d_class(settings: PoolSettings, show_output: bool = True) -> str:
    """Write the same as the lecture's slides have it: a class with the layer, `nn.MaxPool2d(2, 2)`.

    Raises:
        ShapeError: the settings do not go together, so that there is nothing to compute.
    """
    steps = walk(settings)
    size, stride = side_or_sides(settings.kernel), settings.stride
    named = [word for word in _keywords(settings).split(", ") if word.startswith(("padding", "dil", "ceil", "count"))]
    arguments = ", ".join([repr(size), repr(stride), *named])
    lines = ["import torch", "from torch import nn", "", ""]
    lines += [*class_lines("pool", f"{'Max' if settings.kind == 'max' else 'Avg'}Pool2d({arguments})"), ""]
    lines += tensor_lines("x", settings.input)
    lines += ["y = model(x[None, None])  # one image with one channel: (N, C, H, W)", "print(y[0, 0])"]
    return "\n".join([*lines, *(printed_lines(steps.totals) if show_output else [])]) + "\n"


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
