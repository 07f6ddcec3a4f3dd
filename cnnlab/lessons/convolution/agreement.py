"""Whether PyTorch computes the same as the core, cell by cell."""

from dataclasses import dataclass

import numpy as np

from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.matrices import Matrix


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

    PyTorch is imported by the first call: seconds, and hundreds of megabytes that stay. A server asks a `TorchChecker`
    instead, which does this in a process of its own.

    Raises:
        ShapeError: the settings do not go together.
    """
    ours = settings.output().astype(np.float64)

    import torch
    from torch.nn import functional

    x = torch.tensor(settings.input, dtype=torch.float64)[None, None]
    weight = torch.tensor(settings.kernel, dtype=torch.float64)[None, None]
    bias = torch.tensor([settings.bias], dtype=torch.float64)
    # The same steps as in the script of `conv2d_code`: torch's own flip and padding are part of what is checked.
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
