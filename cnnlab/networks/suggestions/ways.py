"""Ways out by what does not fit: those that the layer proposes of itself, and those that take the whole network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from cnnlab.layers import AdaptiveAvgPool2d, Flatten, Kind, Layer, Mismatch, WindowLayer
from cnnlab.networks.suggestions.case import Case, Fix, Fixes
from cnnlab.networks.suggestions.changes import (
    and_then,
    changed,
    channels_first,
    channels_from_before,
    inserted,
    made,
    moved,
    other_input,
    remedied,
    without,
)
from cnnlab.networks.suggestions.sizes import USUAL_SIDES, sizes_for, sizes_that_fit
from cnnlab.texts import message

MAX_COLOURS = 4
"""Channels of a picture: what is last and not more may be channels that should come first."""


def ways_out(at: Case, mismatch: Mismatch) -> Fixes:
    """Think of ways out, the likeliest first."""
    match mismatch.kind:
        case Kind.MAP_GIVEN:
            yield from _remedies(at, mismatch)
            yield from _rows_for(at, mismatch)
        case Kind.ROW_GIVEN:
            yield from _maps_for(at, mismatch)
        case Kind.FEATURES:
            yield from _remedies(at, mismatch)
            yield from _features_for(at, mismatch)
        case Kind.CHANNELS:
            yield from _channels_for(at, mismatch)
        case Kind.TOO_SMALL:
            yield from sizes_that_fit(at)
            yield from _remedies(at, mismatch)
            pool = at.last(lambda layer: isinstance(layer, WindowLayer) and not layer.has_kernels)
            if pool is not None:
                yield without(at, pool)
        case Kind.PADDING:
            yield from _remedies(at, mismatch)
            yield from sizes_that_fit(at)
        case Kind.AXIS:
            yield from _remedies(at, mismatch)
        case Kind.TOO_LARGE | Kind.OTHER:
            yield from _remedies(at, mismatch)
            yield without(at, at.index)


def _remedies(case: Case, mismatch: Mismatch) -> Iterator[Fix | None]:
    return (remedied(case, remedy) for remedy in case.layer.remedies(mismatch, case.shape))


def _rows_for(case: Case, mismatch: Mismatch) -> Fixes:
    """Lay the map out as a row, and let it have as many features as are wanted, if that matters."""
    features, setting, wanted = math.prod(case.shape), mismatch.setting, mismatch.expected
    flatten = inserted(case, case.index, Flatten())
    if setting is None or wanted in (None, features):
        yield flatten
        return
    flat = replace(case, network=replace(case.network, layers=flatten.layers))
    fitted = changed(flat, setting, features, case.index + 1)
    if fitted is not None:
        label = message(
            "Put Flatten() before {layer} and set its {setting} to {features}",
            layer=case.titled(case.index),
            setting=setting,
            features=features,
        )
        yield replace(fitted, label=label, at=case.index + 1, numbers_layers=True)
    if (pool := _averaging(case.shape[0], wanted)) is not None:
        yield inserted(case, case.index, pool, Flatten())
    for fix in sizes_for(flat, wanted):
        if fix is not None:
            yield replace(and_then(flatten, fix), at=case.index + 1)


def _features_for(case: Case, mismatch: Mismatch) -> Fixes:
    """Let as many features come as are wanted."""
    source, wanted = case.source(), mismatch.expected
    if wanted is None:
        return
    if source is None:
        yield other_input(case, (wanted,))
    elif "out_features" in source.layer.rules():
        yield changed(case, "out_features", wanted, source.index)
    elif len(source.input_shape) == 3:
        channels, height, width = source.input_shape
        yield from sizes_for(case, wanted)
        if source.input_shape == case.input_shape:
            # Nothing but the input decides, of which perhaps another kind was meant: grey pictures, say.
            for count in (1, 3):
                side = math.isqrt(wanted // count)
                if count * side * side == wanted:
                    yield other_input(case, (count, side, side))
        if (pool := _averaging(channels, wanted)) is not None:
            yield inserted(case, source.index, pool)
        if wanted % (height * width) == 0:
            yield from channels_from_before(case, wanted // (height * width))


def _averaging(channels: int, features: int) -> Layer | None:
    """A pooling to a square with which these channels give that many features."""
    side = math.isqrt(features // channels)
    return made(AdaptiveAvgPool2d(1), output_size=side) if channels * side * side == features else None


def _maps_for(case: Case, mismatch: Mismatch) -> Fixes:
    flatten = case.last(lambda layer: layer.makes_rows)
    if flatten is not None:
        yield without(case, flatten)
        yield moved(case, flatten)
    yield from _remedies(case, mismatch)
    if len(case.input_shape) == 1:
        counts = [1, 3] if mismatch.expected is None else [mismatch.expected]
        squares = [(count, math.isqrt(case.input_shape[0] // count)) for count in counts]
        squares = [(count, side) for count, side in squares if count * side * side == case.input_shape[0]]
        for count, side in [*squares, (counts[0], USUAL_SIDES[0])][:2]:
            yield other_input(case, (count, side, side))
    yield without(case, case.index)


def _channels_for(case: Case, mismatch: Mismatch) -> Fixes:
    """Take as many channels as come, or let as many come as are wanted."""
    given, wanted, remedies = case.shape[0], mismatch.expected, _remedies(case, mismatch)
    is_first = not case.rows and mismatch.setting == "in_channels"
    if is_first and given > MAX_COLOURS >= case.shape[2] == wanted:
        yield channels_first(case)
        yield next(remedies, None)
        return
    yield from remedies
    if wanted is not None:
        yield from channels_from_before(case, wanted)
