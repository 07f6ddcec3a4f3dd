"""What stands around an image: zeros, a mirror image, the edge repeated, or the other side."""

import math
from collections.abc import Sequence
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.errors import ShapeError, quoted
from cnnlab.ops.arguments import Array, PerAxis, images, numbers, whole_numbers
from cnnlab.texts import message, one_of, plural

Pads = tuple[tuple[int, int], ...]
"""Pixels added (before, after) each spatial axis."""

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")

MAX_CELLS = 2**28
"""Numbers that one padded input may hold: 2 GiB of float64; more is a slip of the pen rather than an image."""


def check_padding(shape: Sequence[int], pads: Pads, mode: object) -> tuple[int, ...] | None:
    """Check that `mode` can fill `pads` around images of `shape`; return the most it can per axis, None for any.

    Raises:
        ShapeError: an unknown mode, or a padding that the mode cannot fill from the image, or that nobody can mean.
    """
    if not isinstance(mode, str) or mode not in PADDING_MODES:
        raise ShapeError(
            "The padding mode is {mode}: use {modes}.",
            mode=quoted(mode),
            modes=one_of(PADDING_MODES),
        )
    check_cells("padded input", _padded_shape(shape, pads))
    if mode in ("zeros", "replicate"):
        return None
    # A mirror image leaves out the edge itself, and the other side can be used up once; torch has the same limits.
    sizes = shape[-len(pads) :]
    limits = tuple(size - 1 if mode == "reflect" else size for size in sizes)
    for size, limit, pad in zip(sizes, limits, pads, strict=True):
        if max(pad) > limit:
            raise ShapeError(
                plural(
                    "Padding {padding} in {mode} mode needs more than the {n} pixel of the axis: use padding <= "
                    "{limit} or another mode.",
                    "Padding {padding} in {mode} mode needs more than the {n} pixels of the axis: use padding <= "
                    "{limit} or another mode.",
                    n=size,
                    padding=max(pad),
                    mode=mode,
                    limit=limit,
                )
            )
    return limits


def source_positions(positions: NDArray[np.int64], size: int, mode: str) -> NDArray[np.int64]:
    """Where along an axis of `size` pixels the values at `positions` come from; -1 is the pixel before the axis.

    >>> source_positions(np.array([-2, -1, 0, 3, 4]), 4, "reflect").tolist()
    [2, 1, 0, 3, 2]
    >>> source_positions(np.array([-2, -1, 0, 3, 4]), 4, "circular").tolist()
    [2, 3, 0, 3, 0]
    """
    if mode == "reflect":
        last = size - 1
        return last - np.abs(last - np.abs(positions))
    if mode == "circular":
        return positions % size
    return np.clip(positions, 0, size - 1)


def pad_axes(x: Array, pads: Pads, mode: str, value: float = 0) -> Array:
    """Pad the last axes of `x`, one for each of `pads`, which are checked already; zeros mode writes `value`."""
    if not any(map(any, pads)):
        return x
    sizes = x.shape[-len(pads) :]
    if mode != "zeros":
        for axis, (size, (before, after)) in enumerate(zip(sizes, pads, strict=True), start=-len(pads)):
            positions = np.arange(-before, size + after, dtype=np.int64)
            x = np.take(x, source_positions(positions, size, mode), axis=axis)
        return x
    padded = np.full(_padded_shape(x.shape, pads), value, dtype=x.dtype)
    inside = tuple(slice(before, before + size) for size, (before, _) in zip(sizes, pads, strict=True))
    padded[(..., *inside)] = x
    return padded


def _padded_shape(shape: Sequence[int], pads: Pads) -> tuple[int, ...]:
    sizes = (size + sum(pad) for size, pad in zip(shape[-len(pads) :], pads, strict=True))
    return (*shape[: -len(pads)], *sizes)


def check_cells(what: Literal["padded input", "output", "gradient", "windows"], shape: Sequence[int]) -> None:
    """Refuse an array too large to be meant, before memory runs out.

    Raises:
        ShapeError: more than `MAX_CELLS` numbers.
    """
    cells = math.prod(shape)
    if cells > MAX_CELLS:
        values = {"shape": tuple(shape), "cells": cells, "most": MAX_CELLS}
        match what:
            case "padded input":
                told = message(
                    "The padded input of shape {shape} would hold {cells:,} numbers: use settings that stay below "
                    "{most:,}.",
                    **values,
                )
            case "output":
                told = message(
                    "The output of shape {shape} would hold {cells:,} numbers: use settings that stay below {most:,}.",
                    **values,
                )
            case "gradient":
                told = message(
                    "The gradient of shape {shape} would hold {cells:,} numbers: use settings that stay below "
                    "{most:,}.",
                    **values,
                )
            case "windows":
                told = message(
                    "A table of windows of shape {shape} would hold {cells:,} numbers: use settings that stay below "
                    "{most:,}.",
                    **values,
                )
        raise ShapeError(told)


def pad(x: ArrayLike, padding: PerAxis, mode: str = "zeros", value: float = 0.0) -> Array:
    """Surround images with pixels.

    Args:
        x: (C, H, W) or (N, C, H, W)
        padding: pixels on every side; or (above and below, left and right), as conv2d takes it; or
            (left, right, above, below), as torch.nn.functional.pad takes it.
        mode: "zeros" writes `value`, "reflect" mirrors the image without repeating its edge, "replicate" repeats the
            edge, "circular" goes on with the other side. "constant", torch's name of "zeros", is understood too.
        value: what zeros mode writes; a whole number leaves integers integers.

    Raises:
        ShapeError: a negative padding, an unknown mode, or one that cannot fill the padding from the image.

    >>> pad([[[1, 2, 3]]], (0, 2), "reflect").tolist()
    [[[3, 2, 1, 2, 3, 2, 1]]]
    >>> pad([[[1, 2]]], (1, 0, 0, 1), value=9).tolist()  # one pixel left, one row below
    [[[9, 1, 2], [9, 9, 9]]]
    """
    batch, is_batch = images(x)
    sides = whole_numbers("padding", padding, 0, (2, 4))
    if sides is None:
        raise ShapeError(
            "padding is {padding}: use one whole number or 2 of them (above and below, left and right) or 4 (left, "
            "right, above, below).",
            padding=quoted(padding),
        )
    if len(sides) == 4:
        left, right, above, below = sides
    else:
        (above, left), (below, right) = (sides[0], sides[-1]), (sides[0], sides[-1])
    pads = ((above, below), (left, right))
    filled = numbers("value", value)
    if filled.ndim:
        raise ShapeError("value has shape {shape}: use one number.", shape=filled.shape)
    mode = "zeros" if isinstance(cast("object", mode), str) and mode == "constant" else mode
    check_padding(batch.shape, pads, mode)
    if mode != "zeros" and filled != 0:
        raise ShapeError(
            "value is {number} but {mode} mode takes its values from the image: use zeros mode or value 0.",
            number=filled,
            mode=mode,
        )
    if batch.dtype.kind == "i" and filled.dtype.kind == "f":
        whole = np.isfinite(filled) and filled == np.rint(filled) and abs(filled) < 2**53
        batch = batch if whole else batch.astype(np.float64)
    largest = float(np.finfo(batch.dtype).max) if batch.dtype.kind == "f" else math.inf
    if largest < abs(filled.item()) < math.inf:
        raise ShapeError(
            "value is {number} but x is of {type}: use values from {smallest} to {largest}.",
            number=filled,
            type=batch.dtype,
            smallest=-largest,
            largest=largest,
        )
    padded = pad_axes(batch, pads, mode, filled.item())
    return padded if is_batch else padded[0]
