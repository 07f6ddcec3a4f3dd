"""A convolution's settings as the PyTorch lines that compute the same."""

from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.pytorch_text import class_lines, float_literal, keyword_text, printed_lines, side_or_sides, tensor_lines


def conv2d_code(settings: ConvSettings, show_output: bool = True) -> str:
    """Write a script that computes these settings with PyTorch, once as a function and once as a layer.

    It runs as it stands. Numbers are written as floats, since a layer's weights are floats. Where the output is small,
    a comment shows what the script prints, unless `show_output` is off.

    Raises:
        ShapeError: the settings do not go together, so that there is nothing to compute.
    """
    output = settings.output()
    lines = ["import torch", "import torch.nn.functional as F", ""]
    lines += tensor_lines("x", settings.input) + tensor_lines("kernel", settings.kernel)
    if settings.flip:
        lines += ["kernel = torch.flip(kernel, [-2, -1])  # true convolution; F.conv2d itself does not flip"]
    if settings.bias:
        lines += [f"bias = torch.tensor([{float_literal(settings.bias)}])"]
    lines += ["", "# One image with one channel, one kernel: (N, C, H, W) and (O, C, FH, FW)."]
    lines += ["x, weight = x[None, None], kernel[None, None]"]
    bias = ", bias" if settings.bias else ""
    if settings.padding and settings.padding_mode != "zeros":
        widths = ", ".join([str(settings.padding)] * 4)
        lines += [f'padded = F.pad(x, ({widths}), mode="{settings.padding_mode}")  # left, right, top, bottom']
        lines += [f"y = F.conv2d(padded, weight{bias}{_keywords(settings, padding=False)})"]
    else:
        lines += [f"y = F.conv2d(x, weight{bias}{_keywords(settings, padding=True)})"]
    lines += ["print(y[0, 0])", *(printed_lines(output) if show_output else []), ""]
    lines += _layer_lines(settings)
    return "\n".join(lines) + "\n"


def conv2d_class(settings: ConvSettings, show_output: bool = True) -> str:
    """Write the same as the lecture's slides have it: a class with the layer, and its weights set to these numbers.

    Raises:
        ShapeError: the settings do not go together, so that there is nothing to compute.
    """
    output = settings.output()
    more = {"stride": settings.stride, "padding": settings.padding, "dilation": settings.dilation}
    usual = {"stride": 1, "padding": 0, "dilation": 1}
    words: dict[str, object] = {
        "in_channels": 1,
        "out_channels": 1,
        "kernel_size": side_or_sides(settings.kernel.shape),
    }
    words |= {name: value for name, value in more.items() if value != usual[name]}
    if settings.padding and settings.padding_mode != "zeros":
        words["padding_mode"] = settings.padding_mode
    lines = ["import torch", "from torch import nn", "", ""]
    lines += [*class_lines("conv1", f"Conv2d({keyword_text(**words)})"), ""]
    lines += tensor_lines("x", settings.input) + tensor_lines("kernel", settings.kernel)
    if settings.flip:
        lines += ["kernel = torch.flip(kernel, [-2, -1])  # true convolution; nn.Conv2d itself does not flip"]
    lines += [
        "",
        "# Training would find these numbers; here they are the kernel's.",
        "with torch.no_grad():",
        "    model.conv1.weight.copy_(kernel[None, None])",
        f"    model.conv1.bias.fill_({float_literal(settings.bias)})",
        "    y = model(x[None, None])  # one image with one channel: (N, C, H, W)",
        "print(y[0, 0])",
    ]
    return "\n".join([*lines, *(printed_lines(output) if show_output else [])]) + "\n"


def _keywords(settings: ConvSettings, *, padding: bool) -> str:
    """What differs from the defaults of F.conv2d."""
    values = {"stride": settings.stride, "dilation": settings.dilation}
    if padding and settings.padding:
        values = {"stride": settings.stride, "padding": settings.padding, "dilation": settings.dilation}
    return "".join(f", {name}={value}" for name, value in values.items() if name == "padding" or value != 1)


def _layer_lines(settings: ConvSettings) -> list[str]:
    height, width = settings.kernel.shape
    mode = f', padding_mode="{settings.padding_mode}"' if settings.padding and settings.padding_mode != "zeros" else ""
    bias = "" if settings.bias else ", bias=False"
    lines = ["# The same as a layer, whose weights training would find."]
    lines += [
        f"layer = torch.nn.Conv2d(1, 1, kernel_size=({height}, {width}){_keywords(settings, padding=True)}{mode}{bias})"
    ]
    lines += ["with torch.no_grad():", "    layer.weight.copy_(weight)"]
    if settings.bias:
        lines += ["    layer.bias.copy_(bias)"]
    return [*lines, "print(torch.allclose(layer(x), y))  # True"]
