"""What a field of a layer accepts: numbers, one of a few words, or on and off."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from cnnlab.errors import ShapeError, quoted


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`: whole or real, perhaps a pair, perhaps one of a few words, perhaps None."""

    low: float
    high: float
    about: str
    whole: bool = True
    pair: bool = False
    words: tuple[str, ...] = ()
    optional: bool = False
    named: bool = False
    """Whether PyTorch's source reads better with the name in front of the value."""

    @property
    def is_fixed(self) -> bool:
        """Whether there is only one value, so that nobody needs to be asked for it."""
        return self.low == self.high and not (self.words or self.optional)

    def read(self, name: str, value: object) -> object:
        """Return the value as the layer keeps it, an equal pair as the one number that it is, or raise ShapeError."""
        if (value is None and self.optional) or (isinstance(value, str) and value in self.words):
            return value
        if self.pair and isinstance(value, tuple | list):
            sizes = [self._number(size) for size in cast("tuple[object, ...] | list[object]", value)]
            if len(sizes) == 2 and None not in sizes:
                return sizes[0] if sizes[0] == sizes[1] else tuple(sizes)
        elif (number := self._number(value)) is not None:
            return number
        raise ShapeError(
            "{name} must be {wanted}, not {cast}.", name=name, wanted=self._wanted(), cast=quoted(cast("object", value))
        )

    def _number(self, value: object) -> int | float | None:
        # True counts as 1 in Python, but nobody means it as a kernel size.
        kind = numbers.Integral if self.whole else numbers.Real
        if isinstance(value, bool) or not isinstance(value, kind):
            return None
        number = cast("int | float", value)
        if not self.low <= number <= self.high:
            return None
        return int(number) if self.whole else float(number)

    def _wanted(self) -> str:
        if self.is_fixed:
            return str(self.low)
        wanted = f"a {'whole ' if self.whole else ''}number from {self.low:,} to {self.high:,}"
        if self.pair:
            wanted += " or a pair of them"
        return " or ".join([wanted, *map(repr, self.words), *(["None"] if self.optional else [])])


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]
    about: str
    named: bool = True

    def read(self, name: str, value: object) -> object:
        """Return the word, or raise ShapeError."""
        if isinstance(value, str) and value in self.words:
            return value
        raise ShapeError(
            "{name} must be one of {map}, not {value}.",
            name=name,
            map=", ".join(map(repr, self.words)),
            value=quoted(value),
        )


@dataclass(frozen=True)
class Switch:
    """True or False."""

    about: str
    named: bool = True

    def read(self, name: str, value: object) -> object:
        """Return the truth value, or raise ShapeError."""
        if isinstance(value, bool):
            return value
        raise ShapeError("{name} must be True or False, not {value}.", name=name, value=quoted(value))


Rule = Between | OneOf | Switch


def between(
    low: float,
    high: float,
    *,
    about: str,
    whole: bool = True,
    pair: bool = False,
    words: tuple[str, ...] = (),
    optional: bool = False,
    named: bool = False,
) -> Mapping[str, Rule]:
    """Metadata of a field that takes numbers: see `Between`."""
    return {"rule": Between(low, high, about, whole, pair, words, optional, named)}


def one_of(*words: str, about: str) -> Mapping[str, Rule]:
    """Metadata of a field that takes one of these words."""
    return {"rule": OneOf(words, about)}


def switch(about: str) -> Mapping[str, Rule]:
    """Metadata of a field that is on or off."""
    return {"rule": Switch(about)}
