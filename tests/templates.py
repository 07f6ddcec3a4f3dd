"""Which templates a message is made of, and which the catalogue would have."""

import re
from collections.abc import Iterator
from functools import cache

from cnnlab.texts import Message
from scripts.extract_messages import extract

_ROW = re.compile(r"\{\w+\}(?:[ \n]\{\w+\})*")
"""Whole messages one after the other, or below each other: nothing that could be translated."""


@cache
def known_templates() -> frozenset[str]:
    """The templates that are found in the source."""
    return frozenset(one.id[0] if isinstance(one.id, tuple) else one.id for one in extract() if one.id)


def unknown_templates(told: Message) -> set[str]:
    """Templates of a message, and of those in its places, that no translator would ever see."""
    return {each for each in _templates(told) if not _ROW.fullmatch(each)} - known_templates()


def _templates(told: Message) -> Iterator[str]:
    if told.template:
        yield told.template
    for value in told.values.values():
        if isinstance(value, Message):
            yield from _templates(value)
