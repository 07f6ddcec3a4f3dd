"""What an argument of a step accepts: how it is read from a link or a field, and how it is written as code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnlab.errors import ParseError, counted
from cnnlab.number_text import MAX_NUMBER_LENGTH, format_number, parse_number

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
    about: str
    whole: bool = True
    named: bool = False

    def parse(self, text: str) -> int | float:
        """Read the number, or raise ParseError."""
        number = _number(_short(text))
        if number is None or not self.low <= number <= self.high or (self.whole and not isinstance(number, int)):
            kind = "a whole number" if self.whole else "a number"
            raise ParseError(
                "{label} is {kind} from {low:g} to {high:g}{instead}.",
                label=self.label,
                kind=kind,
                low=self.low,
                high=self.high,
                instead=_instead(text),
            )
        return number

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
    about: str
    named: bool = False
    counts: tuple[int, ...] = (1, 3)

    def parse(self, text: str) -> tuple[float, ...]:
        """Read the numbers, or raise ParseError."""
        parts = _short(text).strip(" ()").removesuffix(",").split(",")
        if len(parts) not in self.counts:
            raise ParseError(
                "{label} has {parts}: give three, one for each of red, green and blue, or one for a "
                "grey picture, with commas between.",
                label=self.label,
                parts=counted(len(parts), "number"),
            )
        numbers = list[float]()
        for part in parts:
            number = _number(part)
            if number is None or not self.low <= number <= self.high:
                raise ParseError(
                    "{label} goes from {low:g} to {high:g}{instead}.",
                    label=self.label,
                    low=self.low,
                    high=self.high,
                    instead=_instead(part),
                )
            numbers.append(float(number))
        return tuple(numbers)

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
    about: str
    named: bool = False

    def parse(self, text: str) -> str:
        """Return the word, or raise ParseError."""
        word = _short(text).strip()
        if word not in self.words:
            raise ParseError(
                "{label} is one of {words}, not {word!r}.", label=self.label, words=", ".join(self.words), word=word
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


def _instead(text: str) -> str:
    """The end of a sentence that says what a value is: what stands there in its place."""
    plain = text.strip()
    if not plain:
        return ": type one, nothing stands there"
    return f", not {plain if len(plain) <= MAX_NUMBER_LENGTH else plain[:MAX_NUMBER_LENGTH] + '…'}"


def _short(text: str) -> str:
    if len(text) > LONGEST_VALUE:
        raise ParseError(
            "A value has more than {LONGEST_VALUE} characters: write it shorter.", LONGEST_VALUE=LONGEST_VALUE
        )
    return text
