"""What a field of a layer accepts: numbers, one of a few words, or on and off."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from cnnlab.errors import ShapeError, quoted
from cnnlab.texts import Message
from cnnlab.texts import one_of as any_of


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`: whole or real, perhaps a pair, perhaps one of a few words, perhaps None.

    `about` tells in a sentence what the number is, here as in the other rules.
    """

    low: float
    high: float
    about: Message
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
        raise self._refusal(name, quoted(cast("object", value)))

    def _number(self, value: object) -> int | float | None:
        # True counts as 1 in Python, but nobody means it as a kernel size.
        kind = numbers.Integral if self.whole else numbers.Real
        if isinstance(value, bool) or not isinstance(value, kind):
            return None
        number = cast("int | float", value)
        if not self.low <= number <= self.high:
            return None
        return int(number) if self.whole else float(number)

    def _refusal(self, name: str, given: str) -> ShapeError:
        if self.is_fixed:
            return ShapeError("{name} must be {only}, not {given}.", name=name, only=self.low, given=given)
        told: dict[str, object] = {"name": name, "low": self.low, "high": self.high, "given": given}
        others = [*map(repr, self.words), *(["None"] if self.optional else [])]
        if others:
            told["others"] = any_of(others)
        match self.whole, self.pair, bool(others):
            case True, True, True:
                return ShapeError(
                    "{name} must be a whole number from {low:,} to {high:,} or a pair of them, or {others}, not "
                    "{given}.",
                    **told,
                )
            case True, True, False:
                return ShapeError(
                    "{name} must be a whole number from {low:,} to {high:,} or a pair of them, not {given}.", **told
                )
            case True, False, True:
                return ShapeError(
                    "{name} must be a whole number from {low:,} to {high:,}, or {others}, not {given}.", **told
                )
            case True, False, False:
                return ShapeError("{name} must be a whole number from {low:,} to {high:,}, not {given}.", **told)
            case False, True, True:
                return ShapeError(
                    "{name} must be a number from {low:,} to {high:,} or a pair of them, or {others}, not {given}.",
                    **told,
                )
            case False, True, False:
                return ShapeError(
                    "{name} must be a number from {low:,} to {high:,} or a pair of them, not {given}.", **told
                )
            case False, False, True:
                return ShapeError("{name} must be a number from {low:,} to {high:,}, or {others}, not {given}.", **told)
            case _:
                return ShapeError("{name} must be a number from {low:,} to {high:,}, not {given}.", **told)


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]
    about: Message
    named: bool = True

    def read(self, name: str, value: object) -> object:
        """Return the word, or raise ShapeError."""
        if isinstance(value, str) and value in self.words:
            return value
        raise ShapeError(
            "{name} must be {words}, not {given}.",
            name=name,
            words=any_of(map(repr, self.words)),
            given=quoted(value),
        )


@dataclass(frozen=True)
class Switch:
    """True or False."""

    about: Message
    named: bool = True

    def read(self, name: str, value: object) -> object:
        """Return the truth value, or raise ShapeError."""
        if isinstance(value, bool):
            return value
        raise ShapeError("{name} must be True or False, not {given}.", name=name, given=quoted(value))


Rule = Between | OneOf | Switch


def between(
    low: float,
    high: float,
    *,
    about: Message,
    whole: bool = True,
    pair: bool = False,
    words: tuple[str, ...] = (),
    optional: bool = False,
    named: bool = False,
) -> Mapping[str, Rule]:
    """Metadata of a field that takes numbers: see `Between`."""
    return {"rule": Between(low, high, about, whole, pair, words, optional, named)}


def one_of(*words: str, about: Message) -> Mapping[str, Rule]:
    """Metadata of a field that takes one of these words."""
    return {"rule": OneOf(words, about)}


def switch(about: Message) -> Mapping[str, Rule]:
    """Metadata of a field that is on or off."""
    return {"rule": Switch(about)}
