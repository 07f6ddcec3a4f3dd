"""Settings of a layer that do not go together, and what would repair them.

A layer with such settings cannot stand in a network at all, so that `suggestions.read` never meets it: this is for
whoever types settings.
"""

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cnnlab.errors import ShapeError
from cnnlab.layers import Between, Layer
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

    >>> from cnnlab.layers import Conv2d
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
        yield from layer_type.agreeing(read)
