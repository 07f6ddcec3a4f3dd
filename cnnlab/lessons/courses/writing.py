"""Writing a lesson: as a file that `read_course` reads, and as a text short enough for a link."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Collection
from typing import Any

from cnnlab.errors import ParseError
from cnnlab.lessons.courses.course import Choice, Course, Number, Reply, Sizes, Step, Task, Text
from cnnlab.lessons.courses.reading import MOST_BYTES, course_of

LONGEST_LINK = 6_000
"""Characters of a whole lesson in a link: browsers and what stands before servers take 8,000 of an address."""


def plain_course(course: Course) -> dict[str, Any]:
    """The lesson as plain data, as its file holds it."""
    return {**_head(course), "step": [_plain_step(step) for step in course.steps]}


def write_course(course: Course) -> str:
    """Write a lesson's file, in TOML."""
    blocks = [_lines(_head(course)), *(f"[[step]]\n{_lines(_plain_step(step))}" for step in course.steps)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def pack_course(course: Course) -> str:
    """Write a lesson for a link, as `unpack_course` reads it; `fits_into_link` says whether it is short enough."""
    text = json.dumps(plain_course(course), ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def fits_into_link(packed: str) -> bool:
    """Whether a lesson that was written for a link is short enough for one."""
    return len(packed) <= LONGEST_LINK


def unpack_course(packed: str, pages: Collection[str] | None) -> Course:
    """Read a lesson from a link.

    Raises:
        ParseError: the link is cut off, or holds something else.
    """
    try:
        data = urlsafe_b64decode(packed.encode("ascii") + b"=" * (-len(packed) % 4))
        # A few bytes may stand for gigabytes.
        reader = zlib.decompressobj()
        text = reader.decompress(data, MOST_BYTES)
        if not reader.eof:
            raise ParseError("The lesson in the link is cut off, or too long.")
        table: object = json.loads(text)
    except (Error, zlib.error, ValueError, RecursionError) as error:
        if isinstance(error, ParseError):
            raise
        raise ParseError("The lesson in the link cannot be read: was the link copied whole?") from None
    if not isinstance(table, dict):
        raise ParseError("The lesson in the link cannot be read: was the link copied whole?")
    return course_of(table, pages)  # pyright: ignore[reportUnknownArgumentType]


def _head(course: Course) -> dict[str, Any]:
    alone = {"self_paced": True} if course.self_paced else {}
    return _texts(title=course.title, line=course.line) | alone


def _plain_step(step: Step) -> dict[str, Any]:
    plain: dict[str, Any] = {**_texts(group=step.group, about=step.about, title=step.title), "link": step.link}
    if step.slides:
        plain["slides"] = list(step.slides)
    plain |= _texts(say=step.say, question=step.question)
    if step.reply is not None:
        plain["reply"] = _plain_reply(step.reply)
    plain |= _texts(answer=step.answer)
    if step.shows:
        plain["shows"] = [str(claim) for claim in step.shows]
    return plain


def _plain_reply(reply: Reply) -> dict[str, Any]:
    match reply:
        case Choice(options, right):
            by_language = {code: list(each) for code, each in options.items()}
            return {"options": by_language.get("", by_language), "right": right}
        case Number(value):
            return {"number": value}
        case Sizes(sizes):
            return {"shape": "x".join(map(str, sizes))}
        case Task(claims):
            return {"task": [str(claim) for claim in claims]}


def _texts(**texts: Text) -> dict[str, Any]:
    return {name: text.by_language.get("") or dict(text.by_language) for name, text in texts.items() if text}


def _lines(table: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {_value(value)}" for name, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{name} = {_value(each)}" for name, each in value.items())  # pyright: ignore
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"  # pyright: ignore
    # What JSON writes of a text or a number, TOML reads alike; only a delete character is none in TOML.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
