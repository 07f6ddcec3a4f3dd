"""Matrices as PyTorch's code writes them, and as PyTorch prints them."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnlab.number_text import format_number

Style = Literal["short", "slides"]
"""How code is written: short, with functions, or as the lecture's slides have it, a class with keywords."""

MAX_PRINTED_CELLS = 144
"""Outputs with more cells than this are not written out beneath the code."""

LINE_LENGTH = 80
"""PyTorch breaks a row that is longer than this; such outputs are not written out either."""


def tensor_lines(name: str, matrix: NDArray[Any]) -> list[str]:
    """Write `name = torch.tensor([...])`, one row a line, the columns flush right.

    >>> print("\\n".join(tensor_lines("x", np.array([[1, -20], [0.5, 3]]))))
    x = torch.tensor([
        [ 1., -20.],
        [0.5,   3.],
    ])
    """
    texts = [[float_literal(number) for number in row] for row in matrix.tolist()]
    widths = [max(len(row[column]) for row in texts) for column in range(matrix.shape[1])]
    rows = [", ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in texts]
    return [f"{name} = torch.tensor([", *(f"    [{row}]," for row in rows), "])"]


def class_lines(member: str, layer: str) -> list[str]:
    """Write the class around one layer, as the slides do, and make a model of it.

    >>> class_lines("pool", "MaxPool2d(2, 2)")[3]
    '        self.pool = nn.MaxPool2d(2, 2)'
    """
    return [
        "class Net(nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        f"        self.{member} = nn.{layer}",
        "",
        "    def forward(self, x):",
        f"        x = self.{member}(x)",
        "        return x",
        "",
        "",
        "model = Net()",
    ]


def keyword_text(**values: object) -> str:
    """Write arguments with their names.

    >>> keyword_text(in_channels=1, kernel_size=5)
    'in_channels=1, kernel_size=5'
    """
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def side_or_sides(sides: Sequence[int]) -> int | tuple[int, ...]:
    """One number where all are the same, as PyTorch takes it.

    >>> side_or_sides((3, 3)), side_or_sides((3, 2))
    (3, (3, 2))
    """
    return sides[0] if len(set(sides)) == 1 else tuple(sides)


def float_literal(number: float) -> str:
    """Write a number so that PyTorch takes it for a float.

    >>> float_literal(3), float_literal(0.5)
    ('3.', '0.5')
    """
    text = format_number(number)
    return text if any(sign in text for sign in ".e") else text + "."


def printed_lines(output: NDArray[Any], digits: int = 4, *, sci_mode: bool = True) -> list[str]:
    """Write a matrix as PyTorch prints it, as comments; nothing where it is large or would come in powers of ten.

    Args:
        digits: the precision of torch.set_printoptions.
        sci_mode: False after torch.set_printoptions(sci_mode=False), which prints no powers of ten.

    >>> printed_lines(np.array([[1, 20], [3, 4]]))
    ['# tensor([[ 1., 20.],', '#         [ 3.,  4.]])']
    """
    magnitudes = np.abs(output[output != 0]).astype(np.float64)
    if output.size > MAX_PRINTED_CELLS or (
        sci_mode
        and magnitudes.size
        and (magnitudes.max() / magnitudes.min() > 1000 or magnitudes.max() > 1e8 or magnitudes.min() < 1e-4)
    ):
        return []
    is_whole = np.array_equal(output, np.rint(output))
    texts = [[f"{number:.0f}." if is_whole else f"{number:.{digits}f}" for number in row] for row in output.tolist()]
    width = max(len(text) for row in texts for text in row)
    rows = ["[" + ", ".join(text.rjust(width) for text in row) + "]" for row in texts]
    if len("tensor([") + len(rows[0]) > LINE_LENGTH:
        return []
    first, *others = rows
    lines = [f"# tensor([{first}", *(f"#         {row}" for row in others)]
    return [*(line + "," for line in lines[:-1]), lines[-1] + "])"]
