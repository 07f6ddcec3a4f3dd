"""In whose language a text is said. The process speaks no language: each session, and the command line, has its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import NullTranslations
from typing import Any, LiteralString, cast

from cnnlab.texts.message import ENGLISH, Message

Translations = NullTranslations
"""A language of the catalogue, as the standard library's gettext has it."""

_current: Callable[[], Translations] = lambda: ENGLISH  # noqa: E731


def speak(current: Callable[[], Translations]) -> None:
    """Have `say` ask this, each time, for the language of whoever it speaks to."""
    global _current
    _current = current


def say(text: LiteralString | Message, /, **values: object) -> str:
    """Say a message, or a template with its values, in the language of whoever it is said to.

    >>> say("Step {step} of {steps}", step=2, steps=9)
    'Step 2 of 9'
    """
    told = text if isinstance(text, Message) else Message(text, values)
    return told.said(_current())


def say_with(write: Callable[[object], object], told: Message) -> str:
    """Say a message, with something done to each of its values first, such as escaping them."""
    return told.said(_current(), write)


def say_all(plain: Any) -> Any:
    """Say every message in plain data, however deep in its lists and dictionaries; what is none stays as it is.

    >>> say_all({"title": Message("Input"), "size": [3, 3]})
    {'title': 'Input', 'size': [3, 3]}
    """
    # Whose language it is, is asked once: a page's grids have hundreds of words.
    return _said(plain, _current())


def _said(plain: Any, translations: Translations) -> Any:
    if isinstance(plain, Message):
        return plain.said(translations)
    if isinstance(plain, Mapping):
        return {key: _said(value, translations) for key, value in cast("Mapping[Any, Any]", plain).items()}
    if isinstance(plain, list | tuple):
        return [_said(value, translations) for value in cast("list[Any]", plain)]
    return plain
