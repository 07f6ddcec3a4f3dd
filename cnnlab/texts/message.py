"""A text as a template and named values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from gettext import NullTranslations
from numbers import Integral, Number, Real
from string import Formatter
from types import MappingProxyType
from typing import Any, LiteralString, cast

ENGLISH = NullTranslations()
"""The templates as they stand in the source."""

LONGEST_TEMPLATE = 10_000
"""Characters of a template that another process may send; the longest of the lab's own has some 600."""

_FLOATS_WITHOUT_JSON = ("nan", "inf", "-inf")


class Message(str):
    """A text for people: the English, and what it takes to say it in another language.

    Args:
        template: a whole sentence or label, with the places of `values` in braces, as `str.format` reads them. Without
            values it has no places: what stands in braces is said as it is.
        values: what stands in the places; messages among them are said in the same language.
        many: the template where `values["n"]` is not 1, if the number decides.
    """

    __slots__ = ("many", "template", "values")

    template: str
    values: Mapping[str, object]
    many: str | None

    def __new__(cls, template: str, values: Mapping[str, object] | None = None, many: str | None = None) -> Message:
        values = MappingProxyType(dict(values or {}))
        made = super().__new__(cls, _filled(template, values, many, ENGLISH, _as_it_is))
        made.template, made.values, made.many = template, values, many
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Message, (self.template, dict(self.values), self.many)

    def said(self, translations: NullTranslations, write: Callable[[object], object] | None = None) -> str:
        """Say it in a language.

        Args:
            write: what is done to each value before it takes its place, such as to escape it; messages among the
                values come to it in the language already.
        """
        return _filled(self.template, self.values, self.many, translations, write or _as_it_is)

    def with_values(self, **values: object) -> Message:
        """The same with other values in some of the places."""
        return Message(self.template, {**self.values, **values}, self.many)

    def with_texts(self, change: Callable[[str], str]) -> Message:
        """The same with something done to each text among the values, those of the messages among them as well."""

        def changed(value: object) -> object:
            if isinstance(value, Message):
                return value.with_texts(change)
            return value if value is None or isinstance(value, Number) else change(str(value))

        return Message(self.template, {name: changed(value) for name, value in self.values.items()}, self.many)

    def to_plain(self) -> dict[str, Any]:
        """Write it for JSON. Numbers stay numbers, NumPy's as well; other values that JSON does not know become text.

        JSON has no word for a number that is not finite: it becomes `{"float": "nan"}`.
        """
        values = {name: _plain_value(value) for name, value in self.values.items()}
        return {"template": self.template, "values": values, "many": self.many}

    @classmethod
    def from_plain(cls, plain: object) -> Message:
        """Read what `to_plain` wrote, maybe in another process.

        Raises:
            ValueError: it is something else, or cannot be said.
        """
        try:
            return cls(*_parts(plain))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError(f"a message that cannot be said: {error}") from None


def message(template: LiteralString, /, **values: object) -> Message:
    """Make a message of a template and the values of its places.

    >>> message("The stride is {stride}: give a whole number.", stride=0.5)
    'The stride is 0.5: give a whole number.'
    """
    return Message(template, values)


def plural(one: LiteralString, many: LiteralString, /, n: int, **values: object) -> Message:
    """Make a message that is another where `n` is not 1; languages may have more forms than two.

    >>> plural("{n} run is waiting", "{n} runs are waiting", n=1)
    '1 run is waiting'
    """
    return Message(one, {"n": n, **values}, many)


def verbatim(text: str) -> Message:
    """Make a message of a text that is the same in every language: a name, or what PyTorch says.

    >>> verbatim("AdamW"), verbatim("dict {1: 2}")
    ('AdamW', 'dict {1: 2}')
    """
    return Message("{text}", {"text": text})


def unfilled(template: LiteralString, /, **values: object) -> Message:
    """Make a message of which some places are filled later, where their values are known: by a component's script.

    >>> unfilled("Step {step} of {steps}")
    'Step {step} of {steps}'
    >>> unfilled("{value} is {difference} too much", difference=2).with_values(value=5)
    '5 is 2 too much'

    Raises:
        ValueError: a place that stays open has a format, as in `{step:,}`: it could not be carried out later.
    """
    names: set[str] = set()
    for _, name, form, conversion in Formatter().parse(template):
        if name and name not in values:
            if form or conversion:
                raise ValueError(f"{name!r} stays open in {template!r}: it can have no format")
            names.add(name)
    return Message(template, {name: f"{{{name}}}" for name in names} | values)


def all_of(things: Iterable[object]) -> Message:
    """Write a list of which every one is meant.

    >>> all_of(["kernel"]), all_of(["kernel", "stride"]), all_of(["kernel", "stride", "padding"])
    ('kernel', 'kernel and stride', 'kernel, stride and padding')
    """
    return _listed(things, lambda first, last: message("{first} and {last}", first=first, last=last))


def one_of(things: Iterable[object]) -> Message:
    """Write a list of which one is meant.

    >>> one_of(["zeros", "reflect", "circular"])
    'zeros, reflect or circular'
    """
    return _listed(things, lambda first, last: message("{first} or {last}", first=first, last=last))


def in_a_row(*texts: str) -> Message:
    """Put whole sentences one after the other; empty ones are left out.

    >>> in_a_row("It fits.", "", "Nothing is left over.")
    'It fits. Nothing is left over.'
    """
    told = {f"s{number}": text for number, text in enumerate(filter(None, texts))}
    return Message(" ".join(f"{{{name}}}" for name in told), told)


def _listed(things: Iterable[object], close: Callable[[object, object], Message]) -> Message:
    """Write a list; `close` puts its last thing to all those before."""
    *before, last = things
    if not before:
        return Message("{only}", {"only": last})
    first, *rest = before
    for thing in rest:
        first = message("{first}, {next}", first=first, next=thing)
    return close(first, last)


def _filled(
    template: str,
    values: Mapping[str, object],
    many: str | None,
    translations: NullTranslations,
    write: Callable[[object], object],
) -> str:
    if many is None:
        # The empty text stands for the catalogue's head.
        said = translations.gettext(template) if template else ""
    else:
        said = translations.ngettext(template, many, cast(int, values["n"]))
    if not values:
        return said
    inner = {
        name: write(value.said(translations) if isinstance(value, Message) else value) for name, value in values.items()
    }
    return said.format_map(inner)


def _as_it_is(value: object) -> object:
    return value


def _plain_value(value: object) -> object:
    if isinstance(value, Message):
        return value.to_plain()
    if isinstance(value, Integral) and not isinstance(value, int) and hasattr(value, "item"):
        value = int(value)
    elif isinstance(value, Real) and not isinstance(value, int | float) and hasattr(value, "item"):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(float(value))}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _parts(plain: object) -> tuple[str, dict[str, object], str | None]:
    """Return template, values and the template for many, of what `Message.to_plain` wrote."""
    match plain:
        case {"template": str(template), "values": dict(), "many": None | str() as many}:
            written = cast("Mapping[str, Mapping[object, object]]", plain)["values"]
            values = {str(name): _value(value) for name, value in written.items()}
        case _:
            raise TypeError("it has no template, values and many")
    if max(len(template), len(many or "")) > LONGEST_TEMPLATE:
        raise TypeError(f"a template of more than {LONGEST_TEMPLATE} characters")
    if many is not None and not isinstance(values["n"], int | float):
        raise TypeError("n is not a number")
    return template, values, many


def _value(plain: object) -> object:
    match plain:
        case None | bool() | int() | float() | str():
            return plain
        case {"float": str(word)} if word in _FLOATS_WITHOUT_JSON:
            return float(word)
        case _:
            return Message.from_plain(plain)


NOTHING = Message("")
"""No text at all."""
