"""A convolution's settings as the PyTorch lines that compute the same, and the comparison with PyTorch itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.convolution import ConvSettings
from cnnlab.errors import ShapeError
from cnnlab.matrices import Matrix, format_number
from cnnlab.ops import conv2d

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
    output = _output(settings)
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


@dataclass(frozen=True)
class Agreement:
    """What came out when PyTorch computed the same settings.

    Args:
        agrees: whether every cell is equal but for floating-point rounding.
        cells: how many cells were compared; 0 if the two outputs differ in shape.
        shape: (OH, OW) of our output.
        torch_shape: (OH, OW) of PyTorch's output.
        largest_difference: over all cells, absolute.
        where: (row, column), from 0, of the largest difference; None if every cell is exactly equal.
        ours: our value there, or None.
        theirs: PyTorch's value there, or None.
        torch_version: of the PyTorch that computed it.
    """

    agrees: bool
    cells: int
    shape: tuple[int, int]
    torch_shape: tuple[int, int]
    largest_difference: float
    where: tuple[int, int] | None
    ours: float | None
    theirs: float | None
    torch_version: str


def check_with_torch(settings: ConvSettings) -> Agreement:
    """Compute the settings with PyTorch too, in 64-bit floating point, and compare cell by cell.

    PyTorch is imported by the first call: seconds, and hundreds of megabytes that stay. A server asks
    `cnnlab.torch_check` instead, which does this in a process of its own.

    Raises:
        ShapeError: the settings do not go together.
    """
    ours = _output(settings).astype(np.float64)

    import torch
    from torch.nn import functional

    x = torch.tensor(settings.input, dtype=torch.float64)[None, None]
    weight = torch.tensor(settings.kernel, dtype=torch.float64)[None, None]
    bias = torch.tensor([settings.bias], dtype=torch.float64)
    # The same steps as in the script above: torch's own flip and padding are part of what is checked.
    if settings.flip:
        weight = torch.flip(weight, [-2, -1])
    padding = settings.padding
    if padding and settings.padding_mode != "zeros":
        x = functional.pad(x, (padding,) * 4, mode=settings.padding_mode)
        padding = 0
    with torch.no_grad():
        result = functional.conv2d(x, weight, bias, settings.stride, padding, settings.dilation)[0, 0]
    return _compared(ours, result.numpy(), _scale(settings), str(torch.__version__))


def _compared(ours: Matrix, theirs: Matrix, scale: float, version: str) -> Agreement:
    shape, torch_shape = (ours.shape[0], ours.shape[1]), (theirs.shape[0], theirs.shape[1])
    if shape != torch_shape:
        return Agreement(False, 0, shape, torch_shape, float("inf"), None, None, None, version)
    differences = np.abs(ours - theirs)
    largest = float(differences.max())
    row, column = (int(index) for index in np.unravel_index(differences.argmax(), shape))
    return Agreement(
        agrees=largest <= 1e-12 * scale,
        cells=ours.size,
        shape=shape,
        torch_shape=torch_shape,
        largest_difference=largest,
        where=(row, column) if largest > 0 else None,
        ours=float(ours[row, column]) if largest > 0 else None,
        theirs=float(theirs[row, column]) if largest > 0 else None,
        torch_version=version,
    )


def _scale(settings: ConvSettings) -> float:
    """How large a sum can get along the way: rounding errors are proportional to that, not to the sum itself."""
    largest_pixel = float(np.abs(settings.input).max(initial=0))
    return largest_pixel * float(np.abs(settings.kernel).sum()) + abs(settings.bias)


def _output(settings: ConvSettings) -> Matrix:
    if settings.input.ndim != 2 or settings.kernel.ndim != 2:
        raise ShapeError(
            f"an input of shape {settings.input.shape} and a kernel of shape {settings.kernel.shape} cannot be written"
            " as one channel and one kernel: give two matrices"
        )
    return conv2d(
        settings.input[None],
        settings.effective_kernel[None, None],
        np.array([settings.bias]) if settings.bias else None,
        stride=settings.stride,
        padding=settings.padding,
        dilation=settings.dilation,
        padding_mode=settings.padding_mode,
    )[0]


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
