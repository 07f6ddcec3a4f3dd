"""Changes of a network: settings of one layer, layers put in, left out or moved, and another input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cnnlab.errors import ShapeError
from cnnlab.layers import Become, Layer, LeaveOut, Remedy, SetTo, Shape, format_shape
from cnnlab.networks.suggestions.case import Case, Fix, Fixes
from cnnlab.texts import Message, all_of, message

MAX_KERNELS = 2048
"""Kernels that a layer would be told to have."""


def remedied(at: Case, remedy: Remedy) -> Fix | None:
    """Do what the layer in trouble proposes of itself."""
    match remedy:
        case SetTo(settings):
            return _set(at, settings)
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
    if index is None or index == case.index:
        return _set(case, {name: value})
    layer = made(case.network.layers[index], **{name: value})
    if layer is None:
        return None
    label = message("Set {setting} of {layer} to {value}", setting=name, layer=case.titled(index), value=repr(value))
    return Fix(label, _with(case, {index: layer}), case.input_shape, case.index, numbers_layers=True)


def _set(case: Case, settings: Mapping[str, Any]) -> Fix | None:
    layer = made(case.layer, **settings)
    if layer is None:
        return None
    return Fix(label_of(settings), _with(case, {case.index: layer}), case.input_shape, case.index)


def label_of(settings: Mapping[str, Any]) -> Message:
    """Say that up to three settings are changed.

    >>> label_of({"stride": 1}), label_of({"in_channels": 6, "groups": 2})
    ('Set stride to 1', 'Set in_channels to 6 and groups to 2')
    """
    match [(name, repr(value)) for name, value in settings.items()]:
        case [(name, value)]:
            return message("Set {setting} to {value}", setting=name, value=value)
        case [(name, value), (second, second_value)]:
            return message(
                "Set {setting} to {value} and {second} to {second_value}",
                setting=name,
                value=value,
                second=second,
                second_value=second_value,
            )
        case [(name, value), (second, second_value), (third, third_value)]:
            return message(
                "Set {setting} to {value}, {second} to {second_value} and {third} to {third_value}",
                setting=name,
                value=value,
                second=second,
                second_value=second_value,
                third=third,
                third_value=third_value,
            )
        case _:
            raise ValueError(settings)


def _replaced(case: Case, layer: Layer) -> Fix:
    label = message("Replace {layer} with {other}", layer=case.titled(case.index), other=layer)
    return Fix(label, _with(case, {case.index: layer}), case.input_shape, case.index, numbers_layers=True)


def inserted(case: Case, index: int, *added: Layer) -> Fix:
    """Put layers in front of one."""
    layers = case.network.layers
    label = message("Put {added} before {layer}", added=all_of(added), layer=case.titled(index))
    after = (*layers[:index], *added, *layers[index:])
    return Fix(label, after, case.input_shape, case.index + len(added), numbers_layers=True)


def without(case: Case, index: int) -> Fix:
    """Leave one layer out: the one in trouble, or one before it."""
    layers = case.network.layers
    remaining = (*layers[:index], *layers[index + 1 :])
    label = message("Leave out {layer}", layer=case.titled(index))
    return Fix(label, remaining, case.input_shape, case.index - 1, numbers_layers=True)


def moved(case: Case, index: int) -> Fix:
    """Put the layer that is in trouble in front of another one."""
    layers = list(case.network.layers)
    layers.insert(index, layers.pop(case.index))
    label = message("Put {layer} before {other}", layer=case.titled(case.index), other=case.titled(index))
    return Fix(label, tuple(layers), case.input_shape, case.index, numbers_layers=True)


def other_input(case: Case, shape: Shape, cause: Message | None = None) -> Fix:
    label = message("Take an input of {shape}", shape=format_shape(shape))
    return Fix(label, case.network.layers, shape, case.index, cause)


def channels_first(case: Case) -> Fix:
    """Take the input with its axes in PyTorch's order."""
    height, width, channels = case.input_shape
    shape = (channels, height, width)
    label = message("Take an input of {shape}, channels first", shape=format_shape(shape))
    return Fix(label, case.network.layers, shape, case.index)


def and_then(first: Fix, then: Fix) -> Fix:
    """Two changes at once, the second of which was made to what the first one left."""
    label = message("First: {first}. Then: {second}", first=first.label, second=then.label)
    return replace(then, label=label, cause=None, numbers_layers=first.numbers_layers or then.numbers_layers)


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
        label = message("Set out_channels of {layer} to {channels}", layer=case.titled(maker), channels=channels)
        yield Fix(label, _with(case, changes), case.input_shape, case.index, numbers_layers=True)
    elif maker is None and len(case.input_shape) == 3:
        yield other_input(case, (channels, *case.input_shape[1:]))
