"""Reading a lesson's file. It may come from anybody: all of it is text, and nothing in it is executed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl

from cnnlab.errors import ParseError, quoted, reason
from cnnlab.lessons.courses.course import (
    LANGUAGES,
    LONGEST_TEXT,
    MOST_OPTIONS,
    MOST_STEPS,
    Choice,
    Course,
    Number,
    Reply,
    Sizes,
    Step,
    Task,
    Text,
)
from cnnlab.lessons.courses.facts import Claim, read_sizes
from cnnlab.number_text import MAX_ABSOLUTE
from cnnlab.texts import message

MOST_BYTES = 200_000
"""Of a lesson's file."""
MOST_CLAIMS = 12

_LINK = re.compile(r"/([a-z_]{0,40})(\?[!-~]*)?")
_OF_THE_FRAME = {"lesson", "lang", "course"}
"""Parameters that are no page's."""
_OF_A_LESSON = ("title", "line", "self_paced", "step")
_OF_A_STEP = ("title", "link", "slides", "say", "question", "reply", "answer", "shows", "group", "about")

Read = TypeVar("Read")


def read_course(data: bytes, pages: Collection[str] | None) -> Course:
    """Read a lesson.

    Args:
        data: what the file holds, TOML in UTF-8.
        pages: the keys of the pages that a link may lead to; None where all are good.

    Raises:
        ParseError: it is no lesson of this kind; the sentence names the step and what is wrong there.
    """
    if len(data) > MOST_BYTES:
        raise ParseError(
            "The file has {size:,} bytes, and a lesson has {most:,} at most.", size=len(data), most=MOST_BYTES
        )
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ParseError("The file is not text in UTF-8: choose a lesson that was saved here (.toml).") from None
    # Of a number of thousands of digits Python says only that it is a ValueError.
    except (ValueError, RecursionError) as error:
        raise ParseError("The file is not a lesson (.toml): {reason}.", reason=reason(error)) from None
    return course_of(table, pages)


def course_of(table: Mapping[str, Any], pages: Collection[str] | None) -> Course:
    """Make a lesson of the plain data of a file or a link; see `read_course`."""
    _only(table, _OF_A_LESSON)
    self_paced: object = table.get("self_paced", False)
    if not isinstance(self_paced, bool):
        raise ParseError("self_paced is {value}: write true or false.", value=quoted(self_paced))
    steps: object = table.get("step")
    if not isinstance(steps, list) or not steps:
        raise ParseError("The lesson has no steps: each is a table [[step]] with a title and a link.")
    plain = cast("list[object]", steps)
    if len(plain) > MOST_STEPS:
        raise ParseError("The lesson has {count} steps: use at most {most}.", count=len(plain), most=MOST_STEPS)
    return Course(
        _text(table, "title"),
        tuple(_numbered(number, step, pages) for number, step in enumerate(plain, start=1)),
        _text(table, "line"),
        self_paced,
    )


def _numbered(number: int, step: object, pages: Collection[str] | None) -> Step:
    try:
        return _step(_table(step, "step"), pages)
    except ParseError as error:
        raise ParseError("Step {number}: {reason}", number=number, reason=error.message) from None


def _step(table: Mapping[str, object], pages: Collection[str] | None) -> Step:
    _only(table, _OF_A_STEP)
    link = table.get("link")
    if link is None:
        raise ParseError("There is no link to its screen.")
    match = _LINK.fullmatch(link) if isinstance(link, str) and len(link) <= LONGEST_TEXT else None
    if match is None:
        raise ParseError(
            "{link} is not an address of the lab: write it like {example}.",
            link=quoted(link),
            example="/convolution?step=1",
        )
    if match[1] and pages is not None and match[1] not in pages:
        raise ParseError("The lab has no page {page}.", page=quoted(match[1]))
    names = {name for name, _ in parse_qsl((match[2] or "")[1:], keep_blank_values=True)}
    if (match[2] and not match[1]) or names & _OF_THE_FRAME:
        raise ParseError("{link} opens a lesson: use the address of one screen.", link=quoted(link))
    question, reply = _text(table, "question"), _reply(table.get("reply"))
    if reply is not None and not question:
        raise ParseError("There is a reply but no question.")
    return Step(
        title=_text(table, "title"),
        link=cast(str, link),
        slides=_each(table, "slides", _slide),
        say=_text(table, "say"),
        question=question,
        reply=reply,
        answer=_text(table, "answer"),
        shows=_each(table, "shows", _claim),
        group=_text(table, "group"),
        about=_text(table, "about"),
    )


def _reply(plain: object) -> Reply | None:
    if plain is None:
        return None
    table = _table(plain, "reply")
    match table:
        case {"options": options, "right": int(right), **rest} if not rest:
            return _choice(options, right)
        case {"number": int() | float() as value, **rest} if not rest and not isinstance(value, bool):
            return Number(_number(value))
        case {"shape": str(sizes), **rest} if not rest:
            return Sizes(read_sizes(sizes))
        case {"task": list(), **rest} if not rest and table["task"]:
            return Task(_each(table, "task", _claim))
        case _:
            raise ParseError(
                "A reply is one of {kinds}.",
                kinds='{ options = ["3×3", "5×5"], right = 1 }, { number = 27 }, { shape = "6×28×28" }, '
                '{ task = ["parameters < 10000"] }',
            )


def _number(value: float) -> float:
    # Comparisons with what is not a number are false.
    if not -MAX_ABSOLUTE <= value <= MAX_ABSOLUTE:
        raise ParseError(
            "{number} cannot be answered: use a number between -1,000,000 and 1,000,000.", number=quoted(value)
        )
    return value


def _choice(options: object, right: int) -> Choice:
    by_language = cast("Mapping[str, object]", options) if isinstance(options, dict) else {"": options}
    read = {code: _options(code, each) for code, each in by_language.items()}
    counts = {len(each) for each in read.values()}
    if len(counts) != 1 or not 2 <= min(counts) <= MOST_OPTIONS:
        raise ParseError("A question has 2 to {most} options, as many in each language.", most=MOST_OPTIONS)
    if not 1 <= right <= min(counts):
        raise ParseError("Option {right} is said to be right, and there is none.", right=right)
    return Choice(MappingProxyType(read), right)


def _options(code: str, each: object) -> tuple[str, ...]:
    _language(code)
    if not isinstance(each, list):
        raise ParseError("Options are a list of texts.")
    return tuple(_short(option, "options") for option in cast("list[object]", each))


def _text(table: Mapping[str, object], name: str) -> Text:
    match table.get(name):
        case None:
            return Text()
        case str(text):
            return Text(MappingProxyType({"": _short(text, name)}))
        case other if isinstance(other, dict):
            texts = cast("Mapping[object, object]", other)
            return Text(MappingProxyType({_language(str(code)): _short(text, name) for code, text in texts.items()}))
        case other:
            raise ParseError("{name} is {value}, and not a text.", name=name, value=quoted(other))


def _short(text: object, name: str) -> str:
    if not isinstance(text, str):
        raise ParseError("{name} is {value}, and not a text.", name=name, value=quoted(text))
    if len(text) > LONGEST_TEXT:
        raise ParseError(
            "{name} has {count:,} characters: use {most:,} at most.", name=name, count=len(text), most=LONGEST_TEXT
        )
    return text.strip()


def _language(code: str) -> str:
    if code and code not in LANGUAGES:
        raise ParseError(
            "{code} is not a language of the lab: use {languages}.",
            code=quoted(code),
            languages=message("{first} or {second}", first=LANGUAGES[0], second=LANGUAGES[1]),
        )
    return code


def _each(table: Mapping[str, object], name: str, read: Callable[[object], Read]) -> tuple[Read, ...]:
    values = table.get(name, [])
    if not isinstance(values, list) or len(cast("list[object]", values)) > MOST_CLAIMS:
        raise ParseError("{name} is a list of at most {most}.", name=name, most=MOST_CLAIMS)
    return tuple(read(value) for value in cast("list[object]", values))


def _claim(text: object) -> Claim:
    return Claim.parse(_short(text, "shows"))


def _slide(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 999:
        raise ParseError("{number} is not the number of a slide.", number=quoted(number))
    return number


def _table(plain: object, name: str) -> Mapping[str, object]:
    if not isinstance(plain, dict):
        raise ParseError("{name} is {value}, and not a table.", name=name, value=quoted(plain))
    return cast("Mapping[str, object]", plain)


def _only(table: Mapping[str, object], names: tuple[str, ...]) -> None:
    strange = next((name for name in table if name not in names), None)
    if strange is not None:
        raise ParseError(
            "{name} is nothing that a lesson has: use {names}.", name=quoted(strange), names=", ".join(names)
        )
