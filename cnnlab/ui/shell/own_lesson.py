"""The lesson that somebody makes of screens of the lab: kept while the session goes from page to page.

On its page it stands in the address, as long as it is short enough, so that a reload keeps it; undo counts its changes.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cnnlab.errors import ParseError
from cnnlab.lessons.courses.course import MOST_STEPS, Course, Step, Text
from cnnlab.lessons.courses.reading import read_course
from cnnlab.lessons.courses.writing import fits_into_link, pack_course, unpack_course, write_course
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import plural, say
from cnnlab.ui.shell.page_list import PAGES, page_of
from cnnlab.ui.state import links, undo
from cnnlab.ui.state.history import Setting
from cnnlab.ui.state.lesson import PARAMETERS

PAGE, PARAMETER = "lessons", "own"
EMPTY = Course(Text(), ())

_WRITTEN = "own_lesson/written"
_PAGES = frozenset(page.key for page in PAGES)


def draft() -> Course:
    """What has been made so far."""
    return links.kept(PARAMETER, EMPTY)


def enter() -> Course:
    """Read the address of the lesson's page on the first run of a visit; one that holds no lesson changes nothing."""
    text = links.incoming(PARAMETER)
    # The browser's Back brings the address as it was left, and more screens may have come since then.
    if text is not None and text != st.session_state.get(_WRITTEN):
        try:
            links.keep(PARAMETER, _read(text))
        except ParseError as error:
            links.refuse(PARAMETER, text, error.message, say("the lesson as it was"))
    course = draft()
    text = st.session_state[_WRITTEN] = _text(course)
    links.write(PARAMETER, course, EMPTY, _text, is_private=not fits_into_link(text))
    return course


def replace_draft(course: Course) -> bool:
    """Put another lesson in its place, from a callback, unless it could not be opened again: that is told.

    Returns:
        whether it was.
    """
    if course.steps:
        try:
            read_course(write_course(course).encode(), _PAGES)
        except ParseError as error:
            st.toast(markdown("Your lesson stays as it was. {reason}", reason=error.message))
            return False
    links.keep(PARAMETER, course)
    if links.is_on(PAGE):
        links.note(PARAMETER, Setting(_text(course)))
    return True


def add_screen(page: str) -> None:
    """Add what is on the screen as the last step, from a callback.

    Args:
        page: the key of the page that is shown.
    """
    undo.take_pending()
    course = draft()
    if len(course.steps) >= MOST_STEPS:
        st.toast(markdown("A lesson has at most {most} steps: take one out first.", most=MOST_STEPS))
        return
    query = {name: text for name, text in links.here().items() if name not in PARAMETERS}
    step = Step(Text({"": str(page_of(page).title)}), links.address(page, query))
    if not replace_draft(replace(course, steps=(*course.steps, step))):
        return
    added = plural(
        "Added: your lesson has {n} screen. It is on the page Lessons.",
        "Added: your lesson has {n} screens. It is on the page Lessons.",
        n=len(course.steps) + 1,
    )
    st.toast(plain(say(added)))


def _text(course: Course) -> str:
    return pack_course(course) if course.steps else ""


def _read(text: str) -> Course:
    return unpack_course(text, _PAGES) if text else EMPTY
