"""Whether PyTorch computes the same as the core, cell by cell."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROUNDING = 1e-12
"""What 64-bit sums may lose on the way, as a share of the largest number that occurs in them."""


@dataclass(frozen=True)
class Agreement:
    """What came out when PyTorch computed the same.

    Args:
        agrees: whether every cell is equal but for floating-point rounding.
        cells: how many cells were compared; 0 if the two outputs differ in shape.
        shape: of our output.
        torch_shape: of PyTorch's output.
        largest_difference: over all cells, absolute.
        where: the cell, counted from 0 along each axis, of the largest difference, or of the first number that only one
            of the two can tell (NaN); None if every cell is exactly equal, or if there is none.
        ours: our value there, or None.
        theirs: PyTorch's value there, or None.
        torch_version: of the PyTorch that computed it.
    """

    agrees: bool
    cells: int
    shape: tuple[int, ...]
    torch_shape: tuple[int, ...]
    largest_difference: float
    where: tuple[int, ...] | None
    ours: float | None
    theirs: float | None
    torch_version: str

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Agreement":
        """Make one of what JSON has made of `dataclasses.asdict(agreement)`: lists where there were tuples."""
        places: dict[str, Any] = {
            name: None if plain[name] is None else tuple(plain[name]) for name in ("shape", "torch_shape", "where")
        }
        return cls(**plain | places)


def compare(ours: NDArray[Any], theirs: NDArray[Any], scale: float, torch_version: str) -> Agreement:
    """Compare two outputs.

    Args:
        scale: how large a sum can get on its way: rounding errors are proportional to that, not to the sum itself.

    >>> compare(np.array([1.0, 2.0]), np.array([1.0, 2.5]), 1.0, "2.9.0").where
    (1,)
    """
    shape, torch_shape = tuple(map(int, ours.shape)), tuple(map(int, theirs.shape))
    if shape != torch_shape:
        return Agreement(False, 0, shape, torch_shape, float("inf"), None, None, None, torch_version)
    if not ours.size:
        return Agreement(True, 0, shape, torch_shape, 0.0, None, None, None, torch_version)
    mine, others = ours.astype(np.float64), theirs.astype(np.float64)
    with np.errstate(invalid="ignore"):  # of two equal infinities
        differences = np.where((mine == others) | (np.isnan(mine) & np.isnan(others)), 0.0, np.abs(mine - others))
    differences[np.isnan(differences)] = np.inf
    largest = float(differences.max())
    where = tuple(int(index) for index in np.unravel_index(differences.argmax(), shape))
    return Agreement(
        agrees=largest <= ROUNDING * scale,
        cells=int(ours.size),
        shape=shape,
        torch_shape=torch_shape,
        largest_difference=largest,
        where=where if largest > 0 else None,
        ours=float(ours[where]) if largest > 0 else None,
        theirs=float(theirs[where]) if largest > 0 else None,
        torch_version=torch_version,
    )
