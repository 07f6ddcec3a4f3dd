"""What several layers ask of the shape that comes, and refuse with the same words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cnnlab.errors import counted
from cnnlab.layers.mismatch import GIVES, Kind, Mismatch
from cnnlab.layers.shapes import AXES, MAX_SIZE, Shape, format_shape
from cnnlab.texts import message

if TYPE_CHECKING:
    from cnnlab.layers.base import Layer


def map_shape(layer: Layer, input_shape: Shape) -> Shape:
    if len(input_shape) != 3:
        features = math.prod(input_shape)
        channels = layer.input_setting() if layer.input_setting() == "in_channels" else None
        raise Mismatch(
            message(
                "{name} expects a map (channels, height, width) but gets {features} in a row: put it "
                "before Flatten and Linear.",
                name=layer.name,
                features=counted(features, "feature"),
            ),
            Kind.ROW_GIVEN,
            fact=f"expects a map (channels, height, width), but {GIVES}",
            setting=channels,
            expected=None if channels is None else getattr(layer, channels),
            given=features,
        )
    return input_shape


def channels_checked(layer: Layer, setting: str, input_shape: Shape) -> Shape:
    shape, expected = map_shape(layer, input_shape), getattr(layer, setting)
    if shape[0] != expected:
        raise Mismatch(
            message(
                "{name} expects {expected} but gets {shape} ({input_shape}): use {setting}={shape}, "
                "or change the layers before it.",
                name=layer.name,
                expected=counted(expected, "channel"),
                shape=shape[0],
                input_shape=format_shape(input_shape),
                setting=setting,
            ),
            Kind.CHANNELS,
            fact=f"expects {counted(expected, 'channel')}, but {GIVES}",
            setting=setting,
            expected=expected,
            given=shape[0],
        )
    return shape


def features_checked(layer: Layer, setting: str, input_shape: Shape) -> Shape:
    expected = getattr(layer, setting)
    if input_shape[0] != expected:
        raise Mismatch(
            message(
                "{name} expects {expected} but gets {input_shape}: use {setting}={input_shape}, or "
                "change the layers before it.",
                name=layer.name,
                expected=counted(expected, "feature"),
                input_shape=input_shape[0],
                setting=setting,
            ),
            Kind.FEATURES,
            fact=f"expects {features_text(expected)}, but {GIVES}",
            setting=setting,
            expected=expected,
            given=input_shape[0],
        )
    return input_shape


def features_text(number: int) -> str:
    return f"{number:,} feature{'' if number == 1 else 's'}"


def size_checked(size: int, axis: int) -> int:
    if size > MAX_SIZE:
        fact = f"along the {AXES[axis]}, {size:,} numbers would come out, and no map here has more than {MAX_SIZE:,}"
        raise Mismatch(
            message("{fact}: use a smaller stride or padding, or a smaller input.", fact=fact),
            Kind.TOO_LARGE,
            fact=f"gives too large a map: {fact}",
            expected=MAX_SIZE,
            given=size,
        )
    return size
