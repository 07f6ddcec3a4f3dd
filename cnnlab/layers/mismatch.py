"""What does not fit, as one value: a layer raises a `Mismatch`, and whoever shows it says where it stands.

The error's text is what the layer says by itself. Within a network, `fact` says it with where the shape comes from,
the layer's `remedies` and the kind tell the ways out, and the layer's `torch_message` tells PyTorch's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnnlab.errors import ShapeError
from cnnlab.texts import NOTHING, Message

if TYPE_CHECKING:
    from cnnlab.layers.base import Layer

OPEN: Mapping[str, str] = MappingProxyType({"number": "{number}", "layer": "{layer}", "gives": "{gives}"})
"""The places of a fact that a network fills in: where the layer stands, counted from 1, its name, and `gives`, a whole
sentence of its own that tells what arrives and from where: `Layer 7 (Flatten) gives 16 × 4 × 4 = 256.`"""


class Kind(Enum):
    """What about a shape does not fit."""

    MAP_GIVEN = auto()
    """A map (C, H, W) comes, where a row of features is wanted."""
    ROW_GIVEN = auto()
    """A row of features comes, where a map is wanted."""
    CHANNELS = auto()
    """A map of another number of channels."""
    FEATURES = auto()
    """A row of another number of features."""
    TOO_SMALL = auto()
    """A map in which there is no place for what the layer does."""
    PADDING = auto()
    """A map that does not go together with the layer's padding."""
    TOO_LARGE = auto()
    """What would come out is larger than any map here."""
    AXIS = auto()
    """An axis that the shape does not have."""
    OTHER = auto()
    """Anything else."""


class Mismatch(ShapeError):  # noqa: N818, what it is, not that it is an error
    """A layer cannot take the shape that comes.

    Args:
        text: the sentence, with the numbers and a way out.
        kind: what does not fit.
        fact: the same for a network, without the way out: what the layer needs, and then what it gets. The places of
            `OPEN` are open until the network tells which layer it is and where the shape comes from.
        setting: the layer's setting that the shape disagrees with, where it is one.
        expected: the number that fits: of channels, features, pixels or axes.
        given: the number that comes in its place.
    """

    def __init__(
        self,
        text: Message,
        kind: Kind = Kind.OTHER,
        *,
        fact: Message = NOTHING,
        setting: str | None = None,
        expected: int | None = None,
        given: int | None = None,
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.fact = fact
        self.setting = setting
        self.expected = expected
        self.given = given


@dataclass(frozen=True)
class SetTo:
    """A way out: other settings of the layer."""

    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Become:
    """A way out: another layer in its place."""

    layer: Layer


@dataclass(frozen=True)
class LeaveOut:
    """A way out: the network without the layer."""


Remedy = SetTo | Become | LeaveOut
"""A change of the one layer that cannot take what comes. It need not help: it is tried before it is offered."""
