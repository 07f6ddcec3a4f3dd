"""Activations: functions that take each number by itself, and the softmax, which takes those along an axis together."""

import numpy as np
from numpy.typing import ArrayLike

from cnnlab.errors import ShapeError, quoted
from cnnlab.ops.arguments import Array, numbers, summed_in, without


@without(inplace=False)
def relu(x: ArrayLike) -> Array:
    """Keep what is positive, and put 0 for the rest: torch.nn.functional.relu in NumPy.

    Args:
        x: any shape.

    Returns:
        The same shape, of x's floats, or int64 for integers. NaN stays NaN.

    >>> relu([-2, 0, 3]).tolist()
    [0, 0, 3]
    """
    return np.maximum(numbers("x", x), 0)


@without(inplace=False)
def leaky_relu(x: ArrayLike, negative_slope: float = 0.01) -> Array:
    """Keep what is positive, and multiply the rest by a small slope: torch.nn.functional.leaky_relu in NumPy.

    Args:
        x: any shape.
        negative_slope: what negative numbers are multiplied by.

    Returns:
        The same shape, of x's floats, or float64 for integers.

    Raises:
        ShapeError: a slope that is not one finite number.

    >>> leaky_relu([-2, 0, 3], negative_slope=0.5).tolist()  # -2 * 0.5
    [-1.0, 0.0, 3.0]
    """
    values, slope = _floats(x), numbers("negative_slope", negative_slope)
    if slope.ndim or not np.isfinite(slope):
        raise ShapeError(
            "negative_slope is {negative_slope}: use one finite number.", negative_slope=quoted(negative_slope)
        )
    with np.errstate(over="ignore", invalid="ignore"):  # what floats do at infinity is an answer, not a warning
        return np.where(values > 0, values, values * slope.astype(values.dtype))


def tanh(x: ArrayLike) -> Array:
    """Take the hyperbolic tangent of each number: torch.tanh in NumPy.

    Args:
        x: any shape.

    Returns:
        The same shape, of x's floats, or float64 for integers.

    >>> tanh([0.0]).tolist()
    [0.0]
    """
    return np.tanh(_floats(x))


def sigmoid(x: ArrayLike) -> Array:
    """Take 1 / (1 + exp(-x)) of each number: torch.sigmoid in NumPy.

    Args:
        x: any shape.

    Returns:
        The same shape, of x's floats, or float64 for integers.

    >>> sigmoid([0, -1000, 1000]).tolist()
    [0.5, 0.0, 1.0]
    """
    values = _floats(x)
    small = np.exp(-np.abs(values))  # at most 1, so nothing overflows
    return np.where(values >= 0, 1 / (1 + small), small / (1 + small)).astype(values.dtype, copy=False)


@without(dtype=None)
def softmax(x: ArrayLike, dim: int) -> Array:
    """Take exp(x) over the sum of all exp(x) along an axis: torch.nn.functional.softmax in NumPy.

    Args:
        x: any shape with at least one axis.
        dim: the axis along which the results add up to 1; negative ones count from the last.

    Returns:
        The same shape, of x's floats, or float64 for integers.

    Raises:
        ShapeError: x has no such axis.

    >>> softmax([2, 2, 2, 2], dim=0).tolist()  # exp(2) / (4 * exp(2))
    [0.25, 0.25, 0.25, 0.25]
    """
    values, wide = _along(x, dim)
    with np.errstate(invalid="ignore"):  # of infinities alone nothing but NaN is left, as in torch
        raised = np.exp(wide - wide.max(axis=dim, keepdims=True))
        return (raised / raised.sum(axis=dim, keepdims=True)).astype(values.dtype, copy=False)


@without(dtype=None)
def log_softmax(x: ArrayLike, dim: int) -> Array:
    """Take the logarithm of the softmax along an axis: torch.nn.functional.log_softmax in NumPy.

    It is x - log(sum of all exp(x)), and stays finite where the softmax itself is too small to be told from 0.

    Args:
        x: any shape with at least one axis.
        dim: the axis along which the softmax adds up to 1; negative ones count from the last.

    Returns:
        The same shape, of x's floats, or float64 for integers.

    Raises:
        ShapeError: x has no such axis.

    >>> log_softmax([0, -1000], dim=0).tolist()  # log(1 / (1 + exp(-1000)))
    [0.0, -1000.0]
    """
    values, wide = _along(x, dim)
    with np.errstate(invalid="ignore"):  # as in softmax
        below = wide - wide.max(axis=dim, keepdims=True)
        return (below - np.log(np.exp(below).sum(axis=dim, keepdims=True))).astype(values.dtype, copy=False)


def _floats(x: ArrayLike) -> Array:
    values = numbers("x", x)
    return values if values.dtype.kind == "f" else values.astype(np.float64)


def _along(x: ArrayLike, dim: object) -> tuple[Array, Array]:
    """Take x as floats, and in the kind of number to sum in, once it is known to have the axis."""
    values = _floats(x)
    if type(dim) is not int or not -values.ndim <= dim < values.ndim:
        if not values.ndim:
            raise ShapeError("x is a single number and has no axis to sum along: use at least one axis.")
        raise ShapeError(
            "dim is {dim}, which is not an axis of x of shape {shape}: use an axis from {first} to {last}.",
            dim=quoted(dim),
            shape=values.shape,
            first=-values.ndim,
            last=values.ndim - 1,
        )
    if 0 in values.shape:
        raise ShapeError(
            "x has shape {shape}, which holds no number: use at least one along every axis.", shape=values.shape
        )
    return values, values.astype(summed_in(values), copy=False)
