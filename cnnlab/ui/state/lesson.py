"""The lesson that a session is in: which step, what was answered, and how each step was left.

It goes along from page to page. A lesson is opened by `/?lesson=lecture&at=9`. The address of each page that it visits
names the step, `lesson=lecture.9`, so that a reload or a copied link comes back to it: `at` is a page's own parameter.
What the address says of it is read when a page is entered, as all of it is (`links`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

import streamlit as st

from cnnlab.errors import ParseError
from cnnlab.feedback.verdict import Verdict
from cnnlab.lessons.courses.answers import LONGEST_ANSWER, judge_reply
from cnnlab.lessons.courses.course import LANGUAGES, Choice, Course, Step, Task, Text
from cnnlab.lessons.courses.shelf import SHELF
from cnnlab.lessons.courses.writing import unpack_course
from cnnlab.texts import message, say
from cnnlab.ui.components.told import is_text, is_whole, last_told, number_of
from cnnlab.ui.state import facts, links, undo

COMPONENT = "frame"
"""Whose state `lesson` tells what is done in the bar."""
PARAMETERS = ("lesson", "lang")
"""Of an address; they belong to no page."""

_NOW = "lesson/now"
_ASKED = "lesson/asked"
_KEPT = "lesson/kept"
_REFUSED = "lesson/refused"
_LANGUAGE = "lesson/language"
_WRITTEN = "lesson/written"
"""What `write_address` wrote last."""
_MOST_KEPT = 10
"""Lessons of which a session keeps what was done."""

Way = Literal["left", "written"]


@dataclass
class Done:
    """What a learner did at a step.

    Args:
        query: the page's parameters as they were when the step was left; None where it never was.
        answer: what was answered last.
        verdict: what is said to it.
        is_revealed: whether the lesson's answer was asked for.
    """

    query: Mapping[str, str] | None = None
    answer: str = ""
    verdict: Verdict | None = None
    is_revealed: bool = False


@dataclass
class Lesson:
    """A lesson that is under way.

    Args:
        key: its name in the address.
        at: the step, counted from 1.
        done: by the number of the step.
    """

    key: str
    course: Course
    at: int = 1
    done: dict[int, Done] = field(default_factory=dict)

    @property
    def step(self) -> Step:
        """The step that it is at."""
        return self.course.steps[self.at - 1]

    @property
    def here(self) -> Done:
        """What was done at this step."""
        return self.done.setdefault(self.at, Done())


def now() -> Lesson | None:
    """The lesson that the session is in."""
    return st.session_state.get(_NOW)


def language() -> str:
    """The language that lessons are read in."""
    return st.session_state.get(_LANGUAGE, LANGUAGES[0])


def set_language(code: str) -> None:
    """Have lessons be read in a language; from a callback."""
    st.session_state[_LANGUAGE] = code


def left_at(key: str) -> int | None:
    """The step at which a lesson was left; None where it was not begun."""
    lesson: Lesson | None = st.session_state.get(_KEPT, {}).get(key)
    return None if lesson is None else lesson.at


def begin(key: str, at: int = 1) -> None:
    """Have the next run of a page lead to a step of a lesson: from a callback."""
    _take(key, at)
    st.session_state[_ASKED] = "left"


def enter(page: str, pages: Collection[str]) -> None:
    """Read the address's lesson where a page is entered, and lead to its step where that was asked for.

    Call it in every run of the whole page, before `links.enter`.

    Args:
        page: its key; empty for the landing page.
        pages: the keys of all pages.
    """
    asked: Way | None = st.session_state.pop(_ASKED, None)
    text = st.query_params.get("lesson", "")
    key, at = _named(text)
    if not page:
        at = st.query_params.get("at", at)
        if text == st.session_state.get(_WRITTEN):
            # The landing page has its own address, too.
            key = ""
    # The landing page's own address has no other way to say that a lesson begins.
    if asked is None and key and not (links.is_on(page) and page):
        if st.query_params.get("lang") in LANGUAGES:
            st.session_state[_LANGUAGE] = st.query_params["lang"]
        if not _take(key, _number(at)):
            _refuse(key)
        elif not page:
            asked = "left"
    elif asked is None and not page and (packed := st.query_params.get("course")):
        try:
            begin(SHELF.put(unpack_course(packed, pages)))
            asked = st.session_state.pop(_ASKED)
        except ParseError as error:
            st.session_state[_REFUSED] = ("course", packed, error.message)
    lesson = now()
    if lesson is not None and asked is not None and (lesson.step.page or page):
        _open(lesson, asked)


def write_address() -> None:
    """Have the page's address name the lesson. Call it in every run of the whole page, behind `links.enter`."""
    lesson = now()
    wanted = {} if lesson is None else _address(lesson)
    if lesson is not None:
        st.session_state[_WRITTEN] = wanted["lesson"]
    for name in PARAMETERS:
        if name in wanted:
            if st.query_params.get(name) != wanted[name]:
                st.query_params[name] = wanted[name]
        elif name in st.query_params:
            del st.query_params[name]


def act() -> None:
    """Do what the bar was told; from its callback. It comes from a browser, which can send anything."""
    told, lesson = last_told(COMPONENT, "lesson"), now()
    if lesson is None:
        return
    match told:
        case {"do": "go", "to": to} if is_whole(to, len(lesson.course.steps), 1):
            # While a step is still asked for, the screen is that of the one before.
            if _ASKED not in st.session_state and to != lesson.at:
                _note_place(lesson)
            lesson.at = to
            st.session_state[_ASKED] = "left"
        # What is said of a step that was left is said too late.
        case {"at": at} if at != lesson.at:
            pass
        case {"do": "again"}:
            st.session_state[_ASKED] = "written"
        case {"do": "answer", "answer": answer} if is_text(answer, LONGEST_ANSWER) and lesson.step.reply is not None:
            lesson.here.answer = answer
            lesson.here.verdict = judge_reply(lesson.step.reply, answer, facts.told())
        case {"do": "reveal"}:
            lesson.here.is_revealed = not lesson.here.is_revealed
        case {"do": "language", "language": str(code)} if code in LANGUAGES:
            st.session_state[_LANGUAGE] = code
        case {"do": "close"}:
            _note_place(lesson)
            st.session_state[_NOW] = None
        case _:
            pass


def task_verdict() -> Verdict | None:
    """What is to be said of the screen where the step's question is answered by bringing it into a state."""
    lesson = now()
    if lesson is None or not isinstance(lesson.step.reply, Task) or not links.is_on(lesson.step.page):
        return None
    lesson.here.verdict = judge_reply(lesson.step.reply, "", facts.told())
    return lesson.here.verdict


def plain(page: str) -> dict[str, Any] | None:
    """What the bar draws; None where there is no lesson.

    Args:
        page: the key of the page that is shown.
    """
    lesson = now()
    if lesson is None:
        return None
    step, done, code = lesson.step, lesson.here, language()
    verdict = None if isinstance(step.reply, Task) else done.verdict
    return {
        "key": lesson.key,
        "at": lesson.at,
        "count": len(lesson.course.steps),
        "isHere": page == step.page,
        "course": lesson.course.title.said(code),
        "title": step.title.said(code),
        "titles": [step.title.said(code) for step in lesson.course.steps],
        "say": step.say.said(code),
        "selfPaced": lesson.course.self_paced,
        "question": step.question.said(code),
        "kind": type(step.reply).__name__.lower() if step.reply is not None else "",
        "options": list(step.reply.said(code)) if isinstance(step.reply, Choice) else [],
        "given": done.answer,
        "verdict": verdict and {"right": verdict.right, "sentence": verdict.sentence},
        "hasAnswer": bool(step.answer),
        "answer": step.answer.said(code) if done.is_revealed else "",
        "language": code,
        "answered": number_of(last_told(COMPONENT, "lesson")),
        "languages": [code for code in LANGUAGES if any(code in text.by_language for text in _texts(lesson.course))],
    }


def _texts(course: Course) -> Iterator[Text]:
    yield course.title
    for step in course.steps:
        yield from (step.title, step.say, step.question, step.answer)


def _take(key: str, at: int) -> bool:
    """Go on with a lesson at a step; whether there is such a lesson."""
    course = SHELF.get(key)
    if course is None:
        return False
    lesson = now()
    if lesson is None or lesson.key != key:
        kept: dict[str, Lesson] = st.session_state.setdefault(_KEPT, {})
        lesson = kept.pop(key, None) or Lesson(key, course)
        kept[key] = lesson
        while len(kept) > _MOST_KEPT:
            del kept[next(iter(kept))]
        st.session_state[_NOW] = lesson
    lesson.at = min(max(at, 1), len(course.steps))
    return True


def _open(lesson: Lesson, asked: Way) -> None:
    """Lead to the lesson's step; this run ends here, unless the page is the step's already."""
    step, left = lesson.step, lesson.here.query
    query = dict(parse_qsl(step.query, keep_blank_values=True)) if left is None or asked == "written" else dict(left)
    if links.is_on(step.page):
        links.enter_as(query)
        return
    st.switch_page(f"pages/{step.page}.py" if step.page else "app.py", query_params=query | _address(lesson))


def _note_place(lesson: Lesson) -> None:
    """Note how the step is left, if it is what the screen shows."""
    if not lesson.step.page or not links.is_on(lesson.step.page):
        return
    undo.take_pending()
    lesson.here.query = {name: text for name, text in links.here().items() if name not in PARAMETERS}


def _address(lesson: Lesson) -> dict[str, str]:
    is_other = language() != LANGUAGES[0]
    return {"lesson": f"{lesson.key}.{lesson.at}"} | ({"lang": language()} if is_other else {})


def _named(text: str) -> tuple[str, str]:
    """Take an address's word for a lesson apart: its key, and the step, which may be missing."""
    key, _, at = text.rpartition(".")
    return (key, at) if at.isdecimal() and key else (text, "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 1


def _refuse(key: str) -> None:
    unknown = message("This server does not know the lesson: open it again from its file, or from its own link.")
    st.session_state[_REFUSED] = ("lesson", key, unknown)


def tell_refused() -> None:
    """Say of a lesson in the address why it cannot be opened. Call it behind `links.tell_here`."""
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        name, text, reason = refused
        links.refuse(name, text, reason, say("the page without a lesson"))
