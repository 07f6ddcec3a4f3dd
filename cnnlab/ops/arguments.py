"""Reading of arguments: every operation checks what it is given here, so that NumPy never has to complain."""

import math
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import signature
from typing import Any, Literal, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.errors import ShapeError, quoted
from cnnlab.shapes import AxisWindows, padding_needed, ways_out, whole_number
from cnnlab.texts import Message, in_a_row, message, one_of, plural

P = ParamSpec("P")
R = TypeVar("R")

Array = NDArray[Any]
"""Numbers of one kind: bool, integers or floats."""

PerAxis = int | Sequence[int]
"""One whole number for every spatial axis, or one each, the last for the columns."""

AXES = {2: "(rows, columns)", 3: "(depth, rows, columns)"}
IMAGES = {2: ("(C, H, W)", "(N, C, H, W)"), 3: ("(C, D, H, W)", "(N, C, D, H, W)")}
KERNELS = {2: "(O, C/groups, FH, FW)", 3: "(O, C, FD, FH, FW)"}


def numbers(name: str, value: ArrayLike) -> Array:
    """Take `value` as an array of floats or int64; bools count as 0 and 1.

    Raises:
        ShapeError: rows of different lengths, words, complex numbers, or whole numbers beyond int64.
    """
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):
        raise ShapeError(
            "{name} is not an array of numbers: use numbers only, and rows of one length.", name=name
        ) from None
    if array.dtype.kind not in "biuf":
        raise ShapeError(
            "{name} holds values of type {type}: use integers or floats.", name=name, type=array.dtype.name
        )
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind == "u" and array.size and array.max() > np.iinfo(np.int64).max:
        raise ShapeError(
            "{name} holds {largest}, beyond the 64-bit integers: use floats for numbers this large.",
            name=name,
            largest=array.max(),
        )
    return array.astype(np.int64, copy=False)


def without(**left_out: object) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function refuse in words what PyTorch's of the same name takes and it does not.

    Args:
        left_out: these arguments with PyTorch's defaults, which are taken, in PyTorch's order; they follow the
            function's own.

    Raises:
        ShapeError: by the function, one of them has another value.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        count = sum(each.kind is not each.KEYWORD_ONLY for each in signature(function).parameters.values())

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            positional, named = cast("tuple[Any, ...]", args), cast("dict[str, Any]", kwargs)
            beyond = positional[count:]
            if len(beyond) <= len(left_out):
                positional = positional[:count]
                more = dict(zip(left_out, beyond, strict=False))
                for name, default in left_out.items():
                    value = more[name] if name in more else named.pop(name, default)
                    if type(value) is not type(default) or value != default:
                        raise ShapeError(
                            "The lab's {function} does not take {argument}={given}: leave it out.",
                            function=function.__name__,
                            argument=name,
                            given=quoted(value),
                        )
            return cast("Callable[..., R]", function)(*positional, **named)

        return checked

    return decorate


def images(x: ArrayLike, spatial: int = 2, name: str = "x") -> tuple[Array, bool]:
    """Take `x` as a batch of images with `spatial` axes each, and say whether it was a batch already."""
    array = numbers(name, x)
    if array.ndim not in (spatial + 1, spatial + 2):
        if array.ndim == spatial:
            raise ShapeError(
                "{name} has shape {shape}: use {layouts}; one channel is {name}[None].",
                name=name,
                shape=array.shape,
                layouts=one_of(IMAGES[spatial]),
            )
        raise ShapeError(
            "{name} has shape {shape}: use {layouts}.", name=name, shape=array.shape, layouts=one_of(IMAGES[spatial])
        )
    if 0 in array.shape:
        raise ShapeError(
            "{name} has shape {shape}, which holds no number: use at least one along every axis.",
            name=name,
            shape=array.shape,
        )
    is_batch = array.ndim == spatial + 2
    return (array if is_batch else array[None]), is_batch


def kernels(weight: ArrayLike, spatial: int = 2, layout: str | None = None) -> Array:
    """Take `weight` as kernels with `spatial` axes each."""
    array = numbers("weight", weight)
    layout = layout or KERNELS[spatial]
    if array.ndim != spatial + 2:
        if array.ndim == spatial:
            raise ShapeError(
                "weight has shape {shape}: use {layout}; one kernel for one channel is weight[None, None].",
                shape=array.shape,
                layout=layout,
            )
        raise ShapeError("weight has shape {shape}: use {layout}.", shape=array.shape, layout=layout)
    if 0 in array.shape:
        raise ShapeError(
            "weight has shape {shape}, which holds no number: use at least one along every axis.", shape=array.shape
        )
    return array


def biases(bias: ArrayLike | None, count: int) -> Array | None:
    """Take `bias` as one number per output channel; None is no bias."""
    if bias is None:
        return None
    array = numbers("bias", bias)
    if array.shape != (count,):
        raise ShapeError(
            plural(
                "bias has shape {shape} but the output has {n} channel: use shape ({n},).",
                "bias has shape {shape} but the output has {n} channels: use shape ({n},).",
                n=count,
                shape=array.shape,
            )
        )
    return array


def whole_numbers(name: str, value: object, at_least: int, lengths: tuple[int, ...]) -> tuple[int, ...] | None:
    """Take one whole number, or as many as one of `lengths`; None where there are more or fewer."""
    items = listed(value)
    if items is None:
        return (whole_number(name, value, at_least),)
    if len(items) not in lengths:
        return None
    return tuple(whole_number(name, item, at_least) for item in items)


def listed(value: object) -> list[object] | None:
    """Items of a tuple, list or array; None for one single thing, which text and bytes are too.

    >>> listed((1, 2)), listed(3), listed("same")
    ([1, 2], None, None)
    """
    if isinstance(value, np.ndarray):
        value = cast(Array, value).tolist()  # a 0-d array gives one thing
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return list(cast(Sequence[object], value))
    return None


def per_axis(name: str, value: object, at_least: int, spatial: int = 2) -> tuple[int, ...]:
    """Take one whole number for all spatial axes, or one for each.

    >>> per_axis("stride", 2, at_least=1), per_axis("stride", (2, 1), at_least=1)
    ((2, 2), (2, 1))
    """
    values = whole_numbers(name, value, at_least, (spatial,))
    if values is None:
        raise ShapeError(
            "{name} is {value}: use one whole number or {count} of them, {axes}.",
            name=name,
            value=quoted(value),
            count=spatial,
            axes=AXES[spatial],
        )
    return values * spatial if len(values) == 1 else values


def check_groups(groups: object, channels: int, depth: int, outputs: int) -> int:
    """Check that `outputs` kernels of `depth` channels each fit an input of `channels`, in groups."""
    count = whole_number("groups", groups, 1)
    common = math.gcd(channels, outputs)
    if channels % count:
        if common <= 1:
            raise ShapeError(
                plural(
                    "groups={groups} does not divide the {n} channel of the input: use groups=1.",
                    "groups={groups} does not divide the {n} channels of the input: use groups=1.",
                    n=channels,
                    groups=count,
                )
            )
        raise ShapeError(
            "groups={groups} does not divide the {channels} channels of the input: use a divisor of {common}.",
            groups=count,
            channels=channels,
            common=common,
        )
    if outputs % count:
        more = math.ceil(outputs / count) * count
        if common <= 1:
            raise ShapeError(
                plural(
                    "groups={groups} does not divide the {n} kernel: use groups=1, or {more} kernels.",
                    "groups={groups} does not divide the {n} kernels: use groups=1, or {more} kernels.",
                    n=outputs,
                    groups=count,
                    more=more,
                )
            )
        raise ShapeError(
            "groups={groups} does not divide the {outputs} kernels: use a divisor of {common}, or {more} kernels.",
            groups=count,
            outputs=outputs,
            common=common,
            more=more,
        )
    if channels != depth * count:
        if count == 1:
            raise ShapeError(
                plural(
                    "The kernel is {depth} deep but the input has {n} channel: use weight of shape ({outputs}, {n}, "
                    "...), or make the input {depth} deep.",
                    "The kernel is {depth} deep but the input has {n} channels: use weight of shape ({outputs}, {n}, "
                    "...), or make the input {depth} deep.",
                    n=channels,
                    depth=depth,
                    outputs=outputs,
                )
            )
        raise ShapeError(
            "The kernel is {depth} deep but the input has {channels} channels and groups={groups} gives each kernel "
            "{share} of them: use weight of shape ({outputs}, {share}, ...), or make the input {needed} deep.",
            depth=depth,
            channels=channels,
            groups=count,
            share=channels // count,
            outputs=outputs,
            needed=depth * count,
        )
    return count


def fitting(axes: Sequence[AxisWindows], largest_padding: Sequence[int] | None = None) -> tuple[AxisWindows, ...]:
    """Check that at least one window fits along every axis; say what would help where not.

    Args:
        axes: the windows along each spatial axis.
        largest_padding: the most that may be advised for each axis; None where any is fine.
    """
    if all(axis.count for axis in axes):
        return tuple(axes)
    dilation = max(axis.dilation for axis in axes)
    needed = max(padding_needed(axis) for axis in axes if not axis.count)
    advisable = largest_padding is None or needed <= min(largest_padding)
    raise ShapeError(in_a_row(_no_place(axes), ways_out(dilation, needed if advisable else None)))


def _no_place(axes: Sequence[AxisWindows]) -> Message:
    """Say that a kernel does not fit."""
    kernel, size = by(axis.kernel_size for axis in axes), by(axis.size for axis in axes)
    padding = one_or_all([one_or_all(axis.padding) for axis in axes])
    if all(axis.dilation == 1 for axis in axes):
        return message(
            "A {kernel} kernel does not fit into a {size} input with padding {padding}.",
            kernel=kernel,
            size=size,
            padding=padding,
        )
    return message(
        "A {kernel} kernel with dilation {dilation} ({extent} wide) does not fit into a {size} input with padding "
        "{padding}.",
        kernel=kernel,
        dilation=one_or_all([axis.dilation for axis in axes]),
        extent=by(axis.extent for axis in axes),
        size=size,
        padding=padding,
    )


def cell_of(
    shape: Sequence[int], index: object, channel: str, of: Literal["output", "input"] = "output"
) -> tuple[int, ...]:
    """Check that `index` is a cell of an array of this shape, and fill in what may be left out.

    Args:
        shape: (channels, rows, columns), or (images, channels, rows, columns).
        index: a cell; (row, column) is enough where there is one channel and no batch.
        channel: the letter that stands for the channel.
        of: whose cell it is.

    Raises:
        ShapeError: it is none.

    >>> cell_of((1, 4, 5), (3, 4), channel="o")
    (0, 3, 4)
    """
    names = f"({channel}, i, j)" if len(shape) == 3 else f"(n, {channel}, i, j)"
    lengths = {3, 2} if len(shape) == 3 and shape[0] == 1 else {len(shape)}
    items = listed(index)
    if items is None or len(items) not in lengths:
        told = {"index": quoted(index), "names": names, "shape": by(shape)}
        if of == "input":
            raise ShapeError("index is {index}: use {names}, a cell of the {shape} input counted from 0.", **told)
        raise ShapeError("index is {index}: use {names}, a cell of the {shape} output counted from 0.", **told)
    cell = tuple(whole_number("index", item, 0) for item in items)
    cell = cell if len(cell) == len(shape) else (0, *cell)
    if any(number >= size for number, size in zip(cell, shape, strict=True)):
        told = {
            "shape": by(shape),
            "cell": cell,
            "names": names,
            "first": (0,) * len(shape),
            "last": tuple(size - 1 for size in shape),
        }
        if of == "input":
            raise ShapeError("The {shape} input has no cell {cell}: use {names} from {first} to {last}.", **told)
        raise ShapeError("The {shape} output has no cell {cell}: use {names} from {first} to {last}.", **told)
    return cell


def by(sizes: Any) -> str:
    """Write sizes as learners do.

    >>> by((3, 5))
    '3×5'
    """
    return "×".join(str(size) for size in sizes)


def one_or_all(values: Sequence[Any]) -> Any:
    """Write equal values as one.

    >>> one_or_all([2, 2]), one_or_all([2, 1])
    (2, (2, 1))
    """
    return values[0] if len(set(values)) == 1 else tuple(values)


def result_dtype(*arrays: Array | None) -> np.dtype[Any]:
    """Kind of number that comes out: int64 of integers alone, else what the floats among them make, as in torch."""
    floats = [array.dtype for array in arrays if array is not None and array.dtype.kind == "f"]
    return np.result_type(*floats) if floats else np.dtype(np.int64)


def finish(sums: Array, bias: Array | None, dtype: np.dtype[Any]) -> Array:
    """Bring (N, O, ...) sums to the kind of number that the caller gets, and add the bias."""
    # Integers were summed as floats where that is exact; the bias may be too large for that.
    sums = sums.astype(dtype, copy=False) if dtype.kind == "i" else sums
    if bias is not None:
        sums = sums + bias.astype(sums.dtype, copy=False).reshape(-1, *(1,) * (sums.ndim - 2))
    return sums.astype(dtype, copy=False)


def summed_in(array: Array) -> np.dtype[Any]:
    """Kind of number to sum in: half precision is too coarse."""
    return np.result_type(array.dtype, np.float32) if array.dtype.kind == "f" else array.dtype
