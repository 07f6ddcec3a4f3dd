"""Changes of a network: settings of one layer, layers put in, left out or moved, and another input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cnnlab.errors import ShapeError
from cnnlab.layers import Become, Layer, LeaveOut, Remedy, SetTo, Shape, format_shape
from cnnlab.networks.suggestions.case import Case, Fix, Fixes

MAX_KERNELS = 2048
"""Kernels that a layer would be told to have."""


def remedied(at: Case, remedy: Remedy) -> Fix | None:
    """Do what the layer in trouble proposes of itself."""
    match remedy:
        case SetTo(settings):
            return _set(at, at.index, settings)
        case Become(layer):
            return _replaced(at, layer)
        case LeaveOut():
            return without(at, at.index)


def made(layer: Layer, **settings: Any) -> Layer | None:
    """A layer with other settings; None where they do not go together."""
    try:
        return replace(layer, **settings)
    except ShapeError:
        return None


def _with(case: Case, changes: Mapping[int, Layer]) -> tuple[Layer, ...]:
    return tuple(changes.get(index, layer) for index, layer in enumerate(case.network.layers))


def changed(case: Case, name: str, value: Any, index: int | None = None) -> Fix | None:
    """Set one argument of a layer, of the one that is in trouble if none is named."""
    return _set(case, case.index if index is None else index, {name: value})


def _set(case: Case, at: int, settings: Mapping[str, Any]) -> Fix | None:
    layer = made(case.network.layers[at], **settings)
    if layer is None:
        return None
    (name, value), *others = settings.items()
    label = f"Set {name}{'' if at == case.index else f' of {case.titled(at)}'} to {value!r}"
    label += "".join(f" and {other} to {setting!r}" for other, setting in others)
    return Fix(label, _with(case, {at: layer}), case.input_shape, case.index)


def _replaced(case: Case, layer: Layer) -> Fix:
    label = f"Make layer {case.index + 1} a {layer}"
    return Fix(label, _with(case, {case.index: layer}), case.input_shape, case.index)


def inserted(case: Case, index: int, *added: Layer) -> Fix:
    """Put layers in front of one."""
    layers = case.network.layers
    label = f"Put {' and '.join(map(str, added))} before {case.titled(index)}"
    return Fix(label, (*layers[:index], *added, *layers[index:]), case.input_shape, case.index + len(added))


def without(case: Case, index: int) -> Fix:
    """Leave one layer out: the one in trouble, or one before it."""
    layers = case.network.layers
    remaining = (*layers[:index], *layers[index + 1 :])
    return Fix(f"Leave out {case.titled(index)}", remaining, case.input_shape, case.index - 1)


def moved(case: Case, index: int) -> Fix:
    """Put the layer that is in trouble in front of another one."""
    layers = list(case.network.layers)
    layers.insert(index, layers.pop(case.index))
    label = f"Put {case.titled(case.index)} before {case.titled(index)}"
    return Fix(label, tuple(layers), case.input_shape, case.index)


def other_input(case: Case, shape: Shape, why: str = "", cause: str = "") -> Fix:
    return Fix(f"Take an input of {format_shape(shape)}{why}", case.network.layers, shape, case.index, cause)


def and_then(first: Fix, then: Fix) -> Fix:
    """Two changes at once, the second of which was made to what the first one left."""
    return replace(then, label=f"{first.label} and {then.label[0].lower()}{then.label[1:]}", cause="")


def channels_from_before(case: Case, channels: int) -> Fixes:
    """Let as many channels arrive: from the layer that makes them, or from the input."""
    maker = case.last(lambda layer: "out_channels" in layer.rules())
    if maker is not None and channels <= MAX_KERNELS:
        changes: dict[int, Layer] = {}
        for row in case.rows[maker:]:
            name = "out_channels" if row.index == maker else "num_features"
            if name in row.layer.rules():
                layer = made(row.layer, **{name: channels})
                if layer is None:
                    return
                changes[row.index] = layer
        label = f"Set out_channels of {case.titled(maker)} to {channels}"
        yield Fix(label, _with(case, changes), case.input_shape, case.index)
    elif maker is None and len(case.input_shape) == 3:
        yield other_input(case, (channels, *case.input_shape[1:]))
