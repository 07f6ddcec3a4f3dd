"""A layer over channels as the PyTorch lines that compute the same."""

import sys
from textwrap import wrap
from typing import cast

import numpy as np

from cnnlab.lessons.channels.settings import ChannelSettings
from cnnlab.number_text import Matrix
from cnnlab.pytorch_text import Style, class_lines, float_literal, printed_lines, side_or_sides

_WIDEST_COLUMN = 7


def layer_code(settings: ChannelSettings, show_output: bool = True, style: Style = "short") -> str:
    """Write a script that computes these settings with `nn.Conv2d`, or with `nn.Conv3d` for a thinner kernel.

    It runs as it stands. Where the maps are small, comments show what it prints, unless `show_output` is off.

    Args:
        style: "slides" for a layer whose arguments all have their names, in a class.

    Raises:
        ShapeError: the settings do not go together, so that there is nothing to compute.
    """
    output = settings.output()
    lines = ["import torch", "from torch import nn", ""]
    lines += _tensor("x", settings.input) + _tensor("weight", settings.kernels) + _tensor("bias", settings.biases)
    lines += [""]
    if settings.slides_in_depth:
        lines += [
            "# nn.Conv2d refuses:",
            *(f"#     {line}" for line in wrap(torch_refusal(settings), 80)),
            "# The channels as the depth of a volume of one channel: (N, 1, D, H, W) and (O, 1, D, FH, FW).",
            "x, weight = x[None, None], weight[:, None]",
        ]
    else:
        lines += ["# One image: (N, C, H, W); the weight is (O, C/groups, FH, FW).", "x = x[None]"]
    if style == "slides":
        lines += ["", "", *class_lines("conv1", _layer(settings, named=True)), ""]
        layer, made = "model.conv1", "model"
    else:
        lines += [f"layer = nn.{_layer(settings)}"]
        layer = made = "layer"
    lines += [
        "with torch.no_grad():",
        f"    {layer}.weight.copy_(weight)",
        f"    {layer}.bias.copy_(bias)",
        f"    y = {made}(x)[0]",
        f"print(sum(p.numel() for p in {made}.parameters()))  # {settings.parameters_in_words}",
        "for matrix in y.flatten(0, 1):" if settings.slides_in_depth else "for matrix in y:",
        "    print(matrix)",
    ]
    for matrix in output.reshape(-1, *output.shape[2:]) if show_output else ():
        lines += printed_lines(matrix)
    return "\n".join(lines) + "\n"


def torch_refusal(settings: ChannelSettings) -> str:
    """What PyTorch's Conv2d says to a kernel that is not as deep as the input: the words of its RuntimeError.

    >>> torch_refusal(ChannelSettings(np.zeros((4, 5, 5)), np.zeros((1, 2, 3, 3)), np.zeros(1)))[:50]
    'Given groups=1, weight of size [1, 2, 3, 3], expec'
    """
    weight, image = list(settings.kernels.shape), [1, *settings.input.shape]
    return (
        f"Given groups={settings.groups}, weight of size {weight}, expected input{image} to have"
        f" {settings.depth * settings.groups} channels, but got {settings.channels} channels instead"
    )


def _layer(settings: ChannelSettings, *, named: bool = False) -> str:
    """The layer with its settings; `named` gives the channels their names, too."""
    size: list[int] = list(settings.kernels.shape[2:])
    stride, padding = settings.stride, settings.padding
    names = ("in_channels=", "out_channels=") if named else ("", "")
    if settings.slides_in_depth:
        return (
            f"Conv3d({names[0]}1, {names[1]}{settings.outputs}, kernel_size={(settings.depth, *size)},"
            f" stride={(1, stride, stride)}, padding={(0, padding, padding)})"
        )
    more = {"stride": (stride, 1), "padding": (padding, 0), "groups": (settings.groups, 1)}
    keywords = "".join(f", {name}={value}" for name, (value, default) in more.items() if value != default)
    return (
        f"Conv2d({names[0]}{settings.channels}, {names[1]}{settings.outputs}, kernel_size={side_or_sides(size)}"
        f"{keywords})"
    )


def _tensor(name: str, array: Matrix) -> list[str]:
    """`name = torch.tensor(...)`, one row of numbers a line, the columns flush right."""
    widest = max(len(float_literal(number)) for number in array.ravel().tolist())
    # Columns of thirds with all their digits would be mostly empty.
    width = widest if widest <= _WIDEST_COLUMN else 0
    start = f"{name} = torch.tensor("
    text = np.array2string(
        array,
        separator=", ",
        formatter={"all": lambda number: float_literal(cast("float", number)).rjust(width)},
        prefix=start,
        threshold=sys.maxsize,
        max_line_width=10_000,
    )
    return [line for line in f"{start}{text})".split("\n") if line.strip()]
