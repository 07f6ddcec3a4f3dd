"""The lab's own lessons, and one that came as a file."""

import streamlit as st

from cnnlab.errors import ParseError
from cnnlab.lessons.courses.course import LANGUAGES, Course, Step, Text
from cnnlab.lessons.courses.reading import MOST_BYTES, read_course
from cnnlab.lessons.courses.shelf import SHELF, own_courses
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import say, verbatim
from cnnlab.ui.shell.own_lesson import replace_draft
from cnnlab.ui.shell.page_list import PAGES
from cnnlab.ui.state import lesson

KEYS_OF_PAGES = frozenset(page.key for page in PAGES)
NAMES = {"en": verbatim("English"), "ko": verbatim("한국어")}

_LANGUAGE = "lessons_language"


def offered_section() -> None:
    """Draw what there is to follow."""
    language = st.segmented_control(
        say("Language of the lessons"),
        LANGUAGES,
        default=lesson.language(),
        format_func=lambda code: say(NAMES[code]),
        key=_LANGUAGE,
        on_change=_set_language,
        required=True,
        label_visibility="collapsed",
    )
    for key, course in own_courses().items():
        with st.container(border=True, key=f"lesson_{key}", gap="small"):
            _offer(key, course, language or LANGUAGES[0])
    st.header(say("A lesson from a file"), anchor=False)
    _ask_file(language or LANGUAGES[0])


def _offer(key: str, course: Course, language: str) -> None:
    st.header(plain(course.title.said(language)), anchor=False)
    if course.line:
        st.markdown(plain(course.line.said(language)))
    left_at = lesson.left_at(key)
    with st.container(horizontal=True, gap="small"):
        if left_at is not None:
            st.button(
                say("Go on at step {at} of {count}", at=left_at, count=len(course.steps)),
                key=f"go_on_{key}",
                type="primary",
                icon=":material/play_arrow:",
                on_click=lesson.begin,
                args=(key, left_at),
            )
        st.button(
            say("Start") if left_at is None else say("Start at step 1"),
            key=f"start_{key}",
            type="primary" if left_at is None else "secondary",
            icon=":material/school:",
            on_click=lesson.begin,
            args=(key, 1),
        )
        st.button(
            say("Make it your own"),
            key=f"copy_{key}",
            icon=":material/edit:",
            help=say("Take a copy to change under “Your own”. What is there now comes back with Undo."),
            on_click=_copy,
            args=(course,),
        )
    with st.expander(say("All steps")):
        st.markdown(
            "\n".join(f"{number:d}. {plain(_line(step).said(language))}" for number, step in enumerate(course.steps, 1))
        )


def _copy(course: Course) -> None:
    replace_draft(course)


def _line(step: Step) -> Text:
    """What a list of steps says of one: in a group all titles are alike."""
    return step.title if step.question or step.slides else step.say or step.title


def _ask_file(language: str) -> None:
    file = st.file_uploader(
        say("A lesson that was saved here (.toml)"), type=["toml"], max_upload_size=1, label_visibility="collapsed"
    )
    if file is None:
        return
    if file.size > MOST_BYTES:
        st.error(
            markdown("The file has {size:,} bytes, and a lesson has {most:,} at most.", size=file.size, most=MOST_BYTES)
        )
        return
    try:
        course = read_course(file.getvalue(), KEYS_OF_PAGES)
    except ParseError as error:
        st.error(markdown("{name}: {reason}", name=file.name, reason=error.message))
        return
    with st.container(border=True, gap="small"):
        _offer(SHELF.put(course), course, language)


def _set_language() -> None:
    lesson.set_language(st.session_state[_LANGUAGE])
