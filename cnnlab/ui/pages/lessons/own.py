"""A lesson of one's own: its screens in order, with what is said and asked at each; as a file and as a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from cnnlab.errors import ParseError
from cnnlab.lessons.courses.course import (
    LONGEST_TEXT,
    MOST_OPTIONS,
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
from cnnlab.lessons.courses.reading import MOST_CLAIMS
from cnnlab.lessons.courses.shelf import SHELF
from cnnlab.lessons.courses.writing import fits_into_link, pack_course, write_course
from cnnlab.number_text import format_number, parse_number
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import message, say
from cnnlab.ui.shell.own_lesson import draft, replace_draft
from cnnlab.ui.state import lesson

_REPLIES = {
    "": message("It is only talked about"),
    "number": message("With a number"),
    "sizes": message("With a shape"),
    "choice": message("With one of several options"),
    "task": message("By bringing the screen into a state"),
}
_EXAMPLES = {
    "number": message("The number, like {example}", example="27"),
    "sizes": message("The shape, like {example}", example="6×28×28"),
    "choice": message("The options, one in each line; a star before the right one"),
    "task": message("What is then so, one in each line, like {example}", example="parameters < 10000"),
}


def own_section(course: Course) -> None:
    """Draw the lesson that is being made."""
    if not course.steps:
        st.markdown(
            markdown(
                "Nothing is here yet. Open a screen that you want to show and press the button *Add this screen to my "
                "lesson* beside its title; or take a copy of a lesson under *Lessons*."
            )
        )
        return
    _field(say("Title of the lesson"), "own_title", course.title, lambda text: _change(title=text))
    for number, step in enumerate(course.steps, 1):
        _step(number, step, len(course.steps))
    _take_away(course)


def _step(number: int, step: Step, count: int) -> None:
    title = step.title.said(lesson.language())
    with st.container(border=True, key=f"own_step_{number}", gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.markdown(markdown("**{number}. {title}**", number=number, title=title), width="stretch")
            for name, label, icon, to, is_off in (
                ("up", say("Move step {number} up", number=number), "arrow_upward", number - 1, number == 1),
                ("down", say("Move step {number} down", number=number), "arrow_downward", number + 1, number == count),
            ):
                st.button(
                    label,
                    key=f"own_{name}_{number}",
                    icon=f":material/{icon}:",
                    disabled=is_off,
                    on_click=_move,
                    args=(number, to),
                    type="tertiary",
                )
            st.button(
                say("Remove step {number}", number=number),
                key=f"own_remove_{number}",
                icon=":material/close:",
                on_click=_remove,
                args=(number,),
                type="tertiary",
            )
        st.code(step.link, language=None, wrap_lines=True)
        with st.expander(say("Texts")):
            _texts(number, step)


def _texts(number: int, step: Step) -> None:
    def put(**changes: Any) -> None:
        _put(number, replace(draft().steps[number - 1], **changes))

    _field(say("Title"), f"own_title_{number}", step.title, lambda text: put(title=text))
    _field(say("What to say"), f"own_say_{number}", step.say, lambda text: put(say=text), is_long=True)
    _field(
        say("Question"),
        f"own_question_{number}",
        step.question,
        lambda text: put(question=text, **({} if text else {"reply": None})),
    )
    if step.question:
        _reply(number, step)
        _field(say("Answer"), f"own_answer_{number}", step.answer, lambda text: put(answer=text))


def _reply(number: int, step: Step) -> None:
    """Ask how a question is answered; what cannot be read is told, and the reply before stays."""
    kind_key, value_key = f"own_kind_{number}", f"own_reply_{number}"
    kind = type(step.reply).__name__.lower() if step.reply is not None else ""
    # The lesson counts, as in `_field`.
    written = (kind, _reply_text(step.reply))
    if kind_key not in st.session_state or st.session_state.get(f"{value_key}_of") != written:
        st.session_state[kind_key], st.session_state[value_key] = st.session_state[f"{value_key}_of"] = written
    chosen = st.selectbox(
        say("How it is answered"),
        list(_REPLIES),
        format_func=lambda word: say(_REPLIES[word]),
        key=kind_key,
        on_change=_take_reply,
        args=(number,),
    )
    if not chosen:
        return
    if value_key not in st.session_state:
        st.session_state[value_key] = ""
    text = st.text_area(
        say(_EXAMPLES[chosen]),
        key=value_key,
        max_chars=LONGEST_TEXT,
        height=96,
        on_change=_take_reply,
        args=(number,),
    )
    if not text.strip():
        return
    try:
        _read_reply(chosen, text)
    except ParseError as error:
        st.warning(plain(say(error.message)))


def _take_reply(number: int) -> None:
    kind, text = st.session_state[f"own_kind_{number}"], st.session_state.get(f"own_reply_{number}", "")
    try:
        reply = _read_reply(kind, text) if kind else None
    except ParseError:
        # It is told where it is typed.
        return
    _put(number, replace(draft().steps[number - 1], reply=reply))


def _read_reply(kind: str, text: str) -> Reply:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    match kind:
        case "number":
            return Number(parse_number(text))
        case "sizes":
            return Sizes(read_sizes(text))
        case "choice":
            right = [number for number, line in enumerate(lines, 1) if line.startswith("*")]
            if not 2 <= len(lines) <= MOST_OPTIONS or len(right) != 1:
                raise ParseError("Write 2 to {most} options, and a star before one of them.", most=MOST_OPTIONS)
            return Choice({"": tuple(line.removeprefix("*").strip() for line in lines)}, right[0])
        case _:
            if not 1 <= len(lines) <= MOST_CLAIMS:
                example = "parameters < 10000"
                raise ParseError("Write 1 to {most} lines, like {example}.", most=MOST_CLAIMS, example=example)
            return Task(tuple(map(Claim.parse, lines)))


def _reply_text(reply: Reply | None) -> str:
    match reply:
        case Number(value):
            return format_number(value)
        case Sizes(sizes):
            return "x".join(map(str, sizes))
        case Choice():
            stars = ("*" if place == reply.right else "" for place in range(1, MOST_OPTIONS + 1))
            return "\n".join(star + option for star, option in zip(stars, reply.said(lesson.language()), strict=False))
        case Task(claims):
            return "\n".join(map(str, claims))
        case None:
            return ""


def _field(label: str, key: str, text: Text, put: Callable[[Text], None], *, is_long: bool = False) -> None:
    """A field for one of the lesson's texts, in the language that lessons are read in."""
    language = lesson.language() if "" not in text.by_language else ""
    said = text.said(language)
    # The lesson counts: steps move, and undo brings back what was there.
    if key not in st.session_state or st.session_state.get(f"{key}_of") != said:
        st.session_state[key] = st.session_state[f"{key}_of"] = said

    def take() -> None:
        typed = st.session_state[key].strip()
        st.session_state[f"{key}_of"] = typed
        put(Text({**text.by_language, (language if text else ""): typed}))

    draw = st.text_area if is_long else st.text_input
    draw(label, key=key, max_chars=LONGEST_TEXT, on_change=take)


def _take_away(course: Course) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            say("Start"),
            type="primary",
            icon=":material/school:",
            on_click=lambda: lesson.begin(SHELF.put(course), 1),
        )
        st.download_button(
            say("Save as a file"),
            write_course(course).encode(),
            file_name="lesson.toml",
            mime="application/toml",
            icon=":material/download:",
            on_click="ignore",
        )
    packed = pack_course(course)
    if fits_into_link(packed):
        st.caption(markdown("Anyone who opens this link begins the lesson; put the address of your lab before it."))
        st.code(f"/?course={packed}", language=None, wrap_lines=True)
    else:
        st.caption(markdown("The lesson is too long for a link: save it as a file, which opens under *Lessons*."))


def _change(**changes: Any) -> None:
    replace_draft(replace(draft(), **changes))


def _put(number: int, step: Step) -> None:
    steps = list(draft().steps)
    steps[number - 1] = step
    _change(steps=tuple(steps))


def _move(number: int, to: int) -> None:
    steps = list(draft().steps)
    steps.insert(to - 1, steps.pop(number - 1))
    _forget_unfinished()
    _change(steps=tuple(steps))


def _remove(number: int) -> None:
    steps = list(draft().steps)
    del steps[number - 1]
    _forget_unfinished()
    _change(steps=tuple(steps))


def _forget_unfinished() -> None:
    """Have the fields of replies, which are named by the number of their step, be filled from the lesson again."""
    for key in [key for key in st.session_state if str(key).startswith(("own_kind_", "own_reply_"))]:
        del st.session_state[key]
