"""A convolution's settings as the PyTorch lines that compute the same."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.matrices import format_number

MAX_PRINTED_CELLS = 144
"""Outputs with more cells than this are not written out beneath the code."""

LINE_LENGTH = 80
"""PyTorch breaks a row that is longer than this; such outputs are not written out either."""


def conv2d_code(settings: ConvSettings) -> str:
    """Write a script that computes these settings with PyTorch, once as a function and once as a layer.

    It runs as it stands. Numbers are written as floats, since a layer's weights are floats. Where the output is small,
    a comment shows what the script prints.

    Raises:
        ShapeError: the settings do not go together, so that there is nothing to compute.
    """
    output = settings.output()
    lines = ["import torch", "import torch.nn.functional as F", ""]
    lines += _tensor_lines("x", settings.input) + _tensor_lines("kernel", settings.kernel)
    if settings.flip:
        lines += ["kernel = torch.flip(kernel, [-2, -1])  # true convolution; F.conv2d itself does not flip"]
    if settings.bias:
        lines += [f"bias = torch.tensor([{_float_literal(settings.bias)}])"]
    lines += ["", "# One image with one channel, one kernel: (N, C, H, W) and (O, C, FH, FW)."]
    lines += ["x, weight = x[None, None], kernel[None, None]"]
    bias = ", bias" if settings.bias else ""
    if settings.padding and settings.padding_mode != "zeros":
        widths = ", ".join([str(settings.padding)] * 4)
        lines += [f'padded = F.pad(x, ({widths}), mode="{settings.padding_mode}")  # left, right, top, bottom']
        lines += [f"y = F.conv2d(padded, weight{bias}{_keywords(settings, padding=False)})"]
    else:
        lines += [f"y = F.conv2d(x, weight{bias}{_keywords(settings, padding=True)})"]
    lines += ["print(y[0, 0])", *_printed_lines(output), ""]
    lines += _layer_lines(settings)
    return "\n".join(lines) + "\n"


def _tensor_lines(name: str, matrix: NDArray[Any]) -> list[str]:
    """`name = torch.tensor([...])`, one row a line, the columns flush right."""
    texts = [[_float_literal(number) for number in row] for row in matrix.tolist()]
    widths = [max(len(row[column]) for row in texts) for column in range(matrix.shape[1])]
    rows = [", ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in texts]
    return [f"{name} = torch.tensor([", *(f"    [{row}]," for row in rows), "])"]


def _float_literal(number: float) -> str:
    text = format_number(number)
    return text if any(sign in text for sign in ".e") else text + "."


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


def _printed_lines(output: NDArray[Any]) -> list[str]:
    """The output as PyTorch prints it, as comments; nothing where it is large or would be printed in powers of ten."""
    magnitudes = np.abs(output[output != 0]).astype(np.float64)
    if output.size > MAX_PRINTED_CELLS or (
        magnitudes.size
        and (magnitudes.max() / magnitudes.min() > 1000 or magnitudes.max() > 1e8 or magnitudes.min() < 1e-4)
    ):
        return []
    is_whole = np.array_equal(output, np.rint(output))
    texts = [[f"{number:.0f}." if is_whole else f"{number:.4f}" for number in row] for row in output.tolist()]
    width = max(len(text) for row in texts for text in row)
    rows = ["[" + ", ".join(text.rjust(width) for text in row) + "]" for row in texts]
    if len("tensor([") + len(rows[0]) > LINE_LENGTH:
        return []
    first, *others = rows
    lines = [f"# tensor([{first}", *(f"#         {row}" for row in others)]
    return [*(line + "," for line in lines[:-1]), lines[-1] + "])"]
