"""Looking for the size of an input, or of its padding, with which a layer takes what comes."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from cnnlab.errors import ShapeError
from cnnlab.layers import Layer, Shape, WindowLayer, format_shape
from cnnlab.networks.suggestions.case import Case, Fix, Fixes
from cnnlab.networks.suggestions.changes import changed, other_input
from cnnlab.shapes import full_padding
from cnnlab.texts import message

MAX_INPUT_SIDE = 1024
"""Of an input that is looked for."""
MAX_FIRST_PADDING = 32
"""Of the first convolution, where other paddings of it are tried."""
USUAL_SIDES = (32, 28, 224, 64, 227, 96, 128, 256, 299, 512)
"""Of pictures that networks are made for; where several would do, the first of these."""


def _arriving(layers: Sequence[Layer], shape: Shape, index: int) -> Shape | None:
    """What arrives at a layer; None where nothing does."""
    try:
        for layer in layers[:index]:
            shape = layer.output_shape(shape)
    except ShapeError:
        return None
    return shape


def _takes(layers: Sequence[Layer], shape: Shape, index: int) -> bool:
    return _arriving(layers, shape, index + 1) is not None


def _least(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """The least number from low to high for which something holds that then holds for all larger ones, too."""
    found = bisect.bisect_left(range(low, high + 1), True, key=holds)
    return low + found if low + found <= high else None


def _scaled(case: Case) -> tuple[Callable[[int], Shape], int] | None:
    """Inputs of the same proportions, numbered from 1, and how many there are; None where the input is a row."""
    if len(case.input_shape) != 3:
        return None
    channels, height, width = case.input_shape
    common = math.gcd(height, width)
    rows, columns = height // common, width // common
    return lambda scale: (channels, rows * scale, columns * scale), MAX_INPUT_SIDE // max(rows, columns)


def sizes_for(case: Case, wanted: int) -> Fixes:
    """Let as many numbers arrive by another size of the input, or by another padding of the first convolution."""
    scaled = _scaled(case)
    if scaled is not None:
        shape_of, most = scaled

        def numbers(scale: int) -> int:
            return math.prod(_arriving(case.network.layers, shape_of(scale), case.index) or (0,))

        low = _least(1, most, lambda scale: numbers(scale) >= wanted)
        if low is not None and numbers(low) == wanted:
            beyond = _least(low, most, lambda scale: numbers(scale) > wanted)
            shapes = [shape_of(scale) for scale in range(low, most + 1 if beyond is None else beyond)]
            yield _resized(case, _likeliest(case, shapes))
    yield from _padded_first(case, lambda shape: math.prod(shape) == wanted)


def sizes_that_fit(case: Case) -> Fixes:
    """Let the layer take what comes by a larger input, or by more padding of the first convolution."""
    scaled = _scaled(case)
    if scaled is not None:
        shape_of, most = scaled
        low = _least(1, most, lambda scale: _takes(case.network.layers, shape_of(scale), case.index))
        if low is not None:
            own = case.network.input_shape
            shape = own if own is not None and _takes(case.network.layers, own, case.index) else shape_of(low)
            yield _resized(case, shape)
    yield from _padded_first(case, lambda shape: _takes((case.layer,), shape, 0))


def _likeliest(case: Case, shapes: Sequence[Shape]) -> Shape:
    """Of several inputs that would do, the one that the network is made for, one of a usual size, or the nearest."""
    own = case.network.input_shape
    if own is not None and own in shapes:
        return own
    usual = [(case.input_shape[0], side, side) for side in USUAL_SIDES]
    nearest = shapes[0] if shapes[0] > case.input_shape else shapes[-1]
    return next((shape for shape in usual if shape in shapes), nearest)


def _resized(case: Case, shape: Shape) -> Fix:
    if shape != case.network.input_shape:
        return other_input(case, shape)
    cause = message(
        "The input is {given} instead of the {other} that the network is made for.",
        given=format_shape(case.input_shape[1:]),
        other=format_shape(shape[1:]),
    )
    return other_input(case, shape, cause)


def _padded_first(case: Case, is_right: Callable[[Shape], bool]) -> Fixes:
    """Pad the first convolution, or pad it less, so that the right shape arrives."""
    first = next((row.index for row in case.rows if isinstance(row.layer, WindowLayer) and row.layer.has_kernels), None)
    if first is None:
        return
    layer = case.network.layers[first]
    assert isinstance(layer, WindowLayer)
    window = layer.window(0)
    now = max(window.padding)
    # More than the whole kernel would give windows that see nothing.
    most = min(full_padding(window.kernel_size, window.dilation), MAX_FIRST_PADDING)
    for padding in sorted(range(most + 1), key=lambda size: abs(size - now)):
        fix = changed(case, "padding", padding, first)
        if fix is not None and (shape := _arriving(fix.layers, fix.input_shape, case.index)) and is_right(shape):
            told = {"number": first + 1, "padding": padding}
            if now:
                label = message(
                    "Pad the first convolution (layer {number}) by {padding} instead of {now}", now=now, **told
                )
            else:
                label = message("Pad the first convolution (layer {number}) by {padding}", **told)
            yield replace(fix, label=label, numbers_layers=True)
            return
