"""What an argument of a step accepts: how it is read from a link or a field, and how it is written as code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnlab.errors import ParseError, quoted
from cnnlab.number_text import MAX_NUMBER_LENGTH, format_number, parse_number
from cnnlab.texts import Message, one_of, plural

LONGEST_VALUE = 80
"""Characters that one argument may have."""


@dataclass(frozen=True)
class Number:
    """One number from `low` to `high`.

    Args:
        label: what the field is called on the screen.
        about: what it means, in a few words.
        named: whether the code puts the argument's name in front of the value.
    """

    label: str
    low: float
    high: float
    about: Message
    whole: bool = True
    named: bool = False

    def parse(self, text: str) -> int | float:
        """Read the number, or raise ParseError."""
        number = _number(_short(text))
        if number is None or not self.low <= number <= self.high or (self.whole and not isinstance(number, int)):
            raise self._refusal(_shown(text))
        return number

    def _refusal(self, text: str) -> ParseError:
        values = {"argument": self.label, "text": text, "low": self.low, "high": self.high}
        match self.whole, bool(text):
            case True, True:
                return ParseError("{argument} is a whole number from {low:g} to {high:g}, not {text}.", **values)
            case True, False:
                return ParseError("{argument} is empty: type a whole number from {low:g} to {high:g}.", **values)
            case False, True:
                return ParseError("{argument} is a number from {low:g} to {high:g}, not {text}.", **values)
            case _:
                return ParseError("{argument} is empty: type a number from {low:g} to {high:g}.", **values)

    def format(self, value: Any) -> str:
        """Write it as `parse` reads it."""
        return format_number(value)

    def code(self, value: Any) -> str:
        """Write it as Python does."""
        return format_number(value) if self.whole else repr(float(value))


@dataclass(frozen=True)
class PerChannel:
    """One number for each channel, or one for all of them; with commas between."""

    label: str
    low: float
    high: float
    about: Message
    named: bool = False
    counts: tuple[int, ...] = (1, 3)

    def parse(self, text: str) -> tuple[float, ...]:
        """Read the numbers, or raise ParseError."""
        parts = _short(text).strip(" ()").removesuffix(",").split(",")
        if len(parts) not in self.counts:
            raise ParseError(
                plural(
                    "{argument} has {n} number: give three, one for each of red, green and blue, or one for a grey "
                    "picture, with commas between.",
                    "{argument} has {n} numbers: give three, one for each of red, green and blue, or one for a grey "
                    "picture, with commas between.",
                    n=len(parts),
                    argument=self.label,
                )
            )
        numbers = list[float]()
        for part in parts:
            number = _number(part)
            if number is None or not self.low <= number <= self.high:
                raise self._refusal(_shown(part))
            numbers.append(float(number))
        return tuple(numbers)

    def _refusal(self, text: str) -> ParseError:
        values = {"argument": self.label, "text": text, "low": self.low, "high": self.high}
        if text:
            return ParseError("{argument} goes from {low:g} to {high:g}, not {text}.", **values)
        return ParseError("A number of {argument} is missing: type one from {low:g} to {high:g}.", **values)

    def format(self, value: Any) -> str:
        """Write them as `parse` reads them."""
        return ",".join(map(format_number, value))

    def code(self, value: Any) -> str:
        """Write them as a tuple."""
        return repr(tuple(map(float, value)))


@dataclass(frozen=True)
class OneOf:
    """One of a few words, each with what it is called on the screen."""

    label: str
    words: Mapping[str, str]
    about: Message
    named: bool = False

    def parse(self, text: str) -> str:
        """Return the word, or raise ParseError."""
        word = _short(text).strip()
        if word not in self.words:
            raise ParseError(
                "{argument} is {word}: use {words}.", argument=self.label, word=quoted(word), words=one_of(self.words)
            )
        return word

    def format(self, value: Any) -> str:
        """Write it as `parse` reads it."""
        return str(value)

    def code(self, value: Any) -> str:
        """Write the word as Python does, True and False as they are."""
        return str(value) if value in ("True", "False") else repr(str(value))


Rule = Number | PerChannel | OneOf


def _number(text: str) -> int | float | None:
    """The number that a text is; None for anything else. What to type instead is said by the rule, with its range."""
    try:
        return parse_number(text)
    except ParseError:
        return None


def _shown(text: str) -> str:
    """What stands in a field, cut off where it is long."""
    plain = text.strip()
    return plain if len(plain) <= MAX_NUMBER_LENGTH else plain[:MAX_NUMBER_LENGTH] + "…"


def _short(text: str) -> str:
    if len(text) > LONGEST_VALUE:
        raise ParseError("A value has more than {most} characters: make it shorter.", most=LONGEST_VALUE)
    return text
