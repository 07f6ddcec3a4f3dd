"""Which kind of number to sum in, so that integers come out exact and fast."""

from typing import Any

import numpy as np

from cnnlab.errors import ShapeError
from cnnlab.ops.arguments import Array, result_dtype

FLOAT64_INTEGERS = 2**53
"""Whole numbers up to here, and their sums, are exact in float64, whose matrix product is the fast one."""

INT64_INTEGERS = 2**63


def sum_dtype(x: Array, weight: Array, bias: Array | None = None, outputs_axis: int = 0) -> np.dtype[Any]:
    """Kind of number in which the sums of products of `x` and `weight` can be taken without losing anything.

    Args:
        x: any shape.
        weight: one kernel for each index along `outputs_axis`.
        bias: what is added to the sums.
        outputs_axis: the axis of `weight` that no sum runs over.

    Returns:
        float64 for integers as long as no sum can leave its exact range (2**53), int64 for larger ones; for floats
        their own kind, but float32 for half precision.

    Raises:
        ShapeError: integers whose sum could leave int64.
    """
    dtype = result_dtype(x, weight, bias)
    if dtype.kind == "f":
        return np.result_type(dtype, np.float32)
    largest = _largest(x)
    offset = 0 if bias is None else _largest(bias)
    terms = weight.size // weight.shape[outputs_axis]
    # Python's integers, which do not overflow. The simple bound is enough for pictures.
    bound = largest * terms * _largest(weight) + offset
    if bound >= FLOAT64_INTEGERS:
        by_output = np.abs(np.moveaxis(weight, outputs_axis, 0).reshape(-1, terms).astype(object))
        bound = largest * max(by_output.sum(axis=1)) + offset
    check_bound(bound)
    return np.dtype(np.float64 if bound < FLOAT64_INTEGERS else np.int64)


def check_bound(bound: int) -> None:
    """Refuse integers a sum of which could reach `bound`, where int64 does not.

    Raises:
        ShapeError: it does not.
    """
    if bound >= INT64_INTEGERS:
        raise ShapeError(
            "The integers are too large: a sum could reach {bound:.3g}, beyond the 64-bit integers (9.22e+18): use "
            "floats or smaller numbers.",
            bound=float(bound),
        )


def check_repeated_sum(array: Array, terms: int) -> None:
    """Refuse integers where a sum of `terms` of them could leave int64; floats pass.

    Raises:
        ShapeError: a sum could.
    """
    if array.dtype.kind == "i":
        check_bound(_largest(array) * terms)


def _largest(array: Array) -> int:
    return max(abs(int(array.min())), abs(int(array.max())))
