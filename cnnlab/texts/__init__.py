"""Every text that a person reads passes here: a template with named values, until it is shown in somebody's language.

The core makes a `Message` (`message`, `plural`, or an error of `cnnlab.errors`); whoever shows it calls `say`, which
puts the template into the language of the session and then fills in the values:

    >>> told = plural("{n} pixel is never read.", "{n} pixels are never read.", n=2)
    >>> told, told.template, dict(told.values)
    ('2 pixels are never read.', '{n} pixel is never read.', {'n': 2})
    >>> say(told)
    '2 pixels are never read.'

A message is the English text itself, so that it can be printed, compared and raised like any other text. A template is
a whole sentence or a whole label: sentences are not put together of parts, and what stands in a place of the template
is a number, a name, a piece of code, or another whole message. What only the browser can fill in leaves its places open
(`unfilled`); what is the same in every language is no template (`verbatim`). `say_all` says all messages in the data of
a component.

Templates are found in the source by `python -m scripts.extract_messages`, which writes the catalogue `cnnlab.pot`.
"""

from cnnlab.texts.language import Translations, say, say_all, say_with, speak
from cnnlab.texts.message import (
    ENGLISH,
    NOTHING,
    Message,
    all_of,
    in_a_row,
    message,
    one_of,
    plural,
    unfilled,
    verbatim,
)

__all__ = [
    "ENGLISH",
    "NOTHING",
    "Message",
    "Translations",
    "all_of",
    "in_a_row",
    "message",
    "one_of",
    "plural",
    "say",
    "say_all",
    "say_with",
    "speak",
    "unfilled",
    "verbatim",
]
