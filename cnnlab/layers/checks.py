"""What several layers ask of the shape that comes, and refuse with the same words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cnnlab.layers.mismatch import OPEN, Kind, Mismatch
from cnnlab.layers.shapes import MAX_SIZE, Shape, format_shape
from cnnlab.texts import Message, in_a_row, message, plural

if TYPE_CHECKING:
    from cnnlab.layers.base import Layer


def map_shape(layer: Layer, input_shape: Shape) -> Shape:
    if len(input_shape) != 3:
        features = math.prod(input_shape)
        channels = layer.input_setting() if layer.input_setting() == "in_channels" else None
        raise Mismatch(
            plural(
                "{layer} expects a map (channels, height, width) but gets {n} feature in a row: put it before Flatten "
                "and Linear.",
                "{layer} expects a map (channels, height, width) but gets {n} features in a row: put it before Flatten "
                "and Linear.",
                n=features,
                layer=layer.name,
            ),
            Kind.ROW_GIVEN,
            fact=message("Layer {number} ({layer}) expects a map (channels, height, width). {gives}", **OPEN),
            setting=channels,
            expected=None if channels is None else getattr(layer, channels),
            given=features,
        )
    return input_shape


def channels_checked(layer: Layer, setting: str, input_shape: Shape) -> Shape:
    shape, expected = map_shape(layer, input_shape), getattr(layer, setting)
    if shape[0] != expected:
        raise Mismatch(
            plural(
                "{layer} expects {n} channel but gets {given} ({shape}): use {setting}={given}, or change the layers "
                "before it.",
                "{layer} expects {n} channels but gets {given} ({shape}): use {setting}={given}, or change the layers "
                "before it.",
                n=expected,
                layer=layer.name,
                given=shape[0],
                shape=format_shape(input_shape),
                setting=setting,
            ),
            Kind.CHANNELS,
            fact=plural(
                "Layer {number} ({layer}) expects {n} channel. {gives}",
                "Layer {number} ({layer}) expects {n} channels. {gives}",
                n=expected,
                **OPEN,
            ),
            setting=setting,
            expected=expected,
            given=shape[0],
        )
    return shape


def features_checked(layer: Layer, setting: str, input_shape: Shape) -> Shape:
    expected = getattr(layer, setting)
    if input_shape[0] != expected:
        raise Mismatch(
            plural(
                "{layer} expects {n} feature but gets {given}: use {setting}={given}, or change the layers before it.",
                "{layer} expects {n} features but gets {given}: use {setting}={given}, or change the layers before it.",
                n=expected,
                layer=layer.name,
                given=input_shape[0],
                setting=setting,
            ),
            Kind.FEATURES,
            fact=plural(
                "Layer {number} ({layer}) expects {n:,} feature. {gives}",
                "Layer {number} ({layer}) expects {n:,} features. {gives}",
                n=expected,
                **OPEN,
            ),
            setting=setting,
            expected=expected,
            given=input_shape[0],
        )
    return input_shape


def along(axis: int, told: Message) -> Message:
    """Say of which axis something is told: 0 is the height, 1 the width."""
    return (
        message("Along the height: {told}", told=told) if axis == 0 else message("Along the width: {told}", told=told)
    )


def size_checked(size: int, axis: int) -> int:
    if size > MAX_SIZE:
        fact = along(
            axis,
            message(
                "{size:,} numbers would come out, and no map here has more than {most:,}.", size=size, most=MAX_SIZE
            ),
        )
        raise Mismatch(
            in_a_row(fact, message("Use a smaller stride or padding, or a smaller input.")),
            Kind.TOO_LARGE,
            fact=message("Layer {number} ({layer}) gives too large a map. {reason}", reason=fact, **OPEN),
            expected=MAX_SIZE,
            given=size,
        )
    return size
