"""Settings of a layer that do not go together, and what would repair them.

A layer with such settings cannot stand in a network at all, so that `suggestions.read` never meets it: this is for
whoever types settings.
"""

import contextlib
import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cnnlab.errors import ShapeError
from cnnlab.layers import Between, Conv2d, ConvTranspose2d, Layer, Pool2d, both, pair
from cnnlab.networks.suggestions.changes import label_of
from cnnlab.texts import Message

MAX_SUGGESTIONS = 6
"""Ways out that are offered."""


@dataclass(frozen=True)
class SettingsSuggestion:
    """One way out: the layer after it."""

    label: Message
    """What is done, as on a button: `Set stride to 1`."""
    layer: Layer


def suggest_settings(layer_type: type[Layer], settings: Mapping[str, Any]) -> tuple[SettingsSuggestion, ...]:
    """Find what could be changed about settings that a layer refuses, so that it takes them.

    Returns:
        One for each change of one setting that helps, the likeliest first; none where the settings are fine, or where
        more than one thing is wrong with them.

    >>> for way in suggest_settings(Conv2d, {"in_channels": 6, "out_channels": 16, "kernel_size": 5, "groups": 4}):
    ...     print(way.label)
    Set groups to 2
    Set in_channels to 8
    """
    found: dict[Layer, SettingsSuggestion] = {}
    with contextlib.suppress(ShapeError, TypeError):
        layer_type(**settings)
        return ()
    for name, value in _changes(layer_type, settings):
        with contextlib.suppress(ShapeError, TypeError):
            layer = layer_type(**{**settings, name: value})
            found.setdefault(layer, SettingsSuggestion(label_of({name: value}), layer))
    return tuple(found.values())[:MAX_SUGGESTIONS]


def _changes(layer_type: type[Layer], settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Think of changes: of a setting that is none, or else of those that could disagree."""
    read: dict[str, Any] = {}
    for entry in dataclasses.fields(layer_type):
        rule, value = layer_type.rules()[entry.name], settings.get(entry.name, entry.default)
        try:
            read[entry.name] = rule.read(entry.name, value)
        except ShapeError:
            if isinstance(rule, Between) and isinstance(value, int | float):
                nearest = rule.low if value < rule.low else rule.high
                yield entry.name, int(nearest) if rule.whole else nearest
            if entry.default is not dataclasses.MISSING:
                yield entry.name, entry.default
    if len(read) == len(layer_type.rules()):
        yield from _agreeing(layer_type, read)


def _agreeing(layer_type: type[Layer], settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values that would agree with the other settings; most are of no use for what is wrong."""
    kernels = both(settings.get("kernel_size", 1))
    if issubclass(layer_type, Conv2d | ConvTranspose2d):
        inner, outer, groups = settings["in_channels"], settings["out_channels"], settings["groups"]
        common = math.gcd(inner, outer)
        yield "groups", max(count for count in range(1, min(common, groups) + 1) if common % count == 0)
        yield "in_channels", -(-inner // groups) * groups
        yield "out_channels", -(-outer // groups) * groups
    if issubclass(layer_type, Conv2d):
        yield "stride", 1
        gaps = both(settings["dilation"])
        yield "padding", pair(*(gap * (size - 1) // 2 for gap, size in zip(gaps, kernels, strict=True)))
    if issubclass(layer_type, ConvTranspose2d):
        steps, gaps, extras = (both(settings[name]) for name in ("stride", "dilation", "output_padding"))
        most = (max(step, gap) - 1 for step, gap in zip(steps, gaps, strict=True))
        yield "output_padding", pair(*map(min, extras, most))
        yield "stride", pair(*(max(step, extra + 1) for step, extra in zip(steps, extras, strict=True)))
    if issubclass(layer_type, Pool2d):
        rims = both(settings["padding"])
        yield "padding", pair(*(min(rim, size // 2) for rim, size in zip(rims, kernels, strict=True)))
        yield "kernel_size", pair(*(max(2 * rim, size) for rim, size in zip(rims, kernels, strict=True)))
