"""A text as a template and named values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from gettext import NullTranslations
from string import Formatter
from types import MappingProxyType
from typing import Any, LiteralString, cast

ENGLISH = NullTranslations()
"""The templates as they stand in the source."""


class Message(str):
    """A text for people: the English, and what it takes to say it in another language.

    Args:
        template: a whole sentence or label, with the places of `values` in braces, as `str.format` reads them.
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

    def to_plain(self) -> dict[str, Any]:
        """Write it for JSON; values that JSON does not know become text."""
        values = {name: _plain_value(value) for name, value in self.values.items()}
        return {"template": self.template, "values": values, "many": self.many}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Message:
        """Read what `to_plain` wrote, in a process of the lab's own."""
        values = {
            name: cls.from_plain(cast("dict[str, Any]", value)) if isinstance(value, dict) else value
            for name, value in plain["values"].items()
        }
        return cls(plain["template"], values, plain["many"])


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


def unfilled(template: LiteralString, /) -> Message:
    """Make a message whose places are filled later, where its values are known: by the scripts of a component.

    >>> unfilled("Step {step} of {steps}")
    'Step {step} of {steps}'
    """
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    return Message(template, {name: f"{{{name}}}" for name in names})


def all_of(things: Iterable[object]) -> Message:
    """Write a list of which every one is meant.

    >>> all_of(["kernel"]), all_of(["kernel", "stride"]), all_of(["kernel", "stride", "padding"])
    ('kernel', 'kernel and stride', 'kernel, stride and padding')
    """
    before, last = _all_but_last(things)
    return (
        message("{first} and {last}", first=before, last=last)
        if before is not None
        else Message("{only}", {"only": last})
    )


def one_of(things: Iterable[object]) -> Message:
    """Write a list of which one is meant.

    >>> one_of(["zeros", "reflect", "circular"])
    'zeros, reflect or circular'
    """
    before, last = _all_but_last(things)
    return (
        message("{first} or {last}", first=before, last=last)
        if before is not None
        else Message("{only}", {"only": last})
    )


def in_a_row(*texts: str) -> Message:
    """Put whole sentences one after the other; empty ones are left out.

    >>> in_a_row("It fits.", "", "Nothing is left over.")
    'It fits. Nothing is left over.'
    """
    told = {f"s{number}": text for number, text in enumerate(filter(None, texts))}
    return Message(" ".join(f"{{{name}}}" for name in told), told)


def _all_but_last(things: Iterable[object]) -> tuple[object, object]:
    """Return a list of all things but the last, or None where there is one only, and the last."""
    *before, last = things
    if not before:
        return None, last
    first, *rest = before
    for thing in rest:
        first = message("{first}, {next}", first=first, next=thing)
    return first, last


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
    inner = {
        name: write(value.said(translations) if isinstance(value, Message) else value) for name, value in values.items()
    }
    return said.format_map(inner)


def _as_it_is(value: object) -> object:
    return value


def _plain_value(value: object) -> object:
    if isinstance(value, Message):
        return value.to_plain()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
