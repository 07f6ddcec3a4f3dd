"""Operations that no window slides in: the linear layer's weighted sums, and batch normalisation."""

import numpy as np
from numpy.typing import ArrayLike

from cnnlab.errors import ShapeError, quoted
from cnnlab.ops.arguments import Array, biases, finish, numbers, result_dtype, without
from cnnlab.ops.exact import sum_dtype
from cnnlab.texts import plural


def linear(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Array:
    """Weigh all features for each output: torch.nn.functional.linear in NumPy.

    out[o] = bias[o] + sum over f of x[f] * weight[o, f].

    Args:
        x: (F,) or (N, F)
        weight: (O, F)
        bias: (O,), added to each output.

    Returns:
        (O,) or (N, O) of the floats among the arguments, or exact int64 where all are integers.

    Raises:
        ShapeError: shapes that do not go together, or integers whose sum could leave int64.

    >>> linear([1, 2, 3], [[1, 0, 1], [0, 5, 0]], [10, 20]).tolist()  # 1 + 3 + 10, 2*5 + 20
    [14, 30]
    """
    values, kernel = numbers("x", x), numbers("weight", weight)
    if values.ndim not in (1, 2) or not values.size:
        raise ShapeError("x has shape {shape}: use (F,) or (N, F), with at least one feature.", shape=values.shape)
    if kernel.ndim != 2 or not kernel.size:
        raise ShapeError("weight has shape {shape}: use (O, F), a row of weights for each output.", shape=kernel.shape)
    if kernel.shape[1] != values.shape[-1]:
        raise ShapeError(
            plural(
                "weight has shape {shape} but x has {n} feature: use weight of shape ({outputs}, {n}).",
                "weight has shape {shape} but x has {n} features: use weight of shape ({outputs}, {n}).",
                n=values.shape[-1],
                shape=kernel.shape,
                outputs=len(kernel),
            )
        )
    offsets = biases(bias, len(kernel))
    dtype = sum_dtype(values, kernel, offsets)
    with np.errstate(over="ignore", invalid="ignore"):  # what floats do at infinity is an answer, not a warning
        sums = np.atleast_2d(values).astype(dtype, copy=False) @ kernel.astype(dtype, copy=False).T
        out = finish(sums, offsets, result_dtype(values, kernel, offsets))
    return out if values.ndim == 2 else out[0]


@without(training=False, momentum=0.1)
def batch_norm(
    x: ArrayLike,
    running_mean: ArrayLike,
    running_var: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    eps: float = 1e-5,
) -> Array:
    """Normalise each channel with known statistics: torch.nn.functional.batch_norm once trained.

    out[c] = (x[c] - running_mean[c]) / sqrt(running_var[c] + eps) * weight[c] + bias[c] (S. Ioffe and C. Szegedy,
    "Batch normalization: accelerating deep network training by reducing internal covariate shift", 2015).

    Args:
        x: (N, C) or (N, C, H, W), always a batch.
        running_mean: (C,)
        running_var: (C,)
        weight: (C,); None is 1.
        bias: (C,); None is 0.
        eps: added to the variance, so that none is zero.

    Returns:
        x's shape, of the floats among the arguments, or float64 where there are none.

    Raises:
        ShapeError: shapes that do not go together.

    >>> batch_norm([[5.0]], [1.0], [4.0], weight=[3.0], eps=0).tolist()  # (5 - 1) / 2 * 3
    [[6.0]]
    """
    values = numbers("x", x)
    if values.ndim not in (2, 4) or not values.size:
        raise ShapeError(
            "x has shape {shape}: use (N, C) or (N, C, H, W), with at least one number.", shape=values.shape
        )
    added = numbers("eps", eps)
    if added.ndim or not 0 <= added < np.inf:
        raise ShapeError("eps is {eps}: use one finite number, 0 or more.", eps=quoted(eps))
    given = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    known = {name: numbers(name, value) for name, value in given.items() if value is not None}
    for name, array in known.items():
        if array.shape != (values.shape[1],):
            raise ShapeError(
                plural(
                    "{name} has shape {shape} but x has {n} channel: use shape ({n},).",
                    "{name} has shape {shape} but x has {n} channels: use shape ({n},).",
                    n=values.shape[1],
                    name=name,
                    shape=array.shape,
                )
            )
    result = result_dtype(values, *known.values())
    result = result if result.kind == "f" else np.dtype(np.float64)
    work = np.result_type(result, np.float32)
    wide = {
        name: array.astype(work, copy=False).reshape(-1, *(1,) * (values.ndim - 2)) for name, array in known.items()
    }
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # as in linear
        scale = 1 / np.sqrt(wide["running_var"] + added.astype(work))
        if "weight" in wide:
            scale = scale * wide["weight"]
        out = (values.astype(work, copy=False) - wide["running_mean"]) * scale
        if "bias" in wide:
            out = out + wide["bias"]
    return out.astype(result, copy=False)
