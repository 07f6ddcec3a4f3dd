"""The frame: what every page has in common. A page's first call is `frame("its_key")`."""

import re
from itertools import groupby
from pathlib import Path

import streamlit as st

from cnnlab import __version__
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, say, speak
from cnnlab.ui.components import declared
from cnnlab.ui.components.frame import frame_parts
from cnnlab.ui.shell import language, own_lesson, present, server
from cnnlab.ui.shell.page_list import PAGES, page_of
from cnnlab.ui.state import facts, lesson, links, undo

_FOLDER = Path(__file__).parent
_FAVICON = str(_FOLDER / "pictures" / "favicon.png")
_STYLES = "".join(
    f"<style>{(_FOLDER / name).read_text('utf-8')}</style>" for name in ("streamlit_inside.css", "present.css")
)
_KEYS = frozenset(page.key for page in PAGES)
_FOOTER = message("cnnlab {version} · MIT licence", version=__version__)


def frame(key: str | None = None) -> None:
    """Configure the page, draw the menu and the page's head, and keep the server quick.

    Args:
        key: the page's key in `PAGES`; None for the landing page, which draws a head of its own.
    """
    # Once for all sessions; here and not with what is tuned below, so that the first page's first words are said, too.
    speak(language.of_session)
    page = page_of(key) if key else None
    st.set_page_config(
        page_title=say("{page} · cnnlab", page=page.title) if page else "cnnlab",
        page_icon=_FAVICON,
        layout="wide",
        initial_sidebar_state="auto",
    )
    st.html(_STYLES)
    # What is drawn first stands at the top; only a style sheet can put something below all that the page will draw.
    st.html(f"<style>:root {{ --lab-footer: {_css(_FOOTER)}; }}</style>")
    lesson.enter(key or "", _KEYS)
    links.enter(key or "")
    lesson.write_address()
    facts.forget()
    trouble = declared.trouble()
    with st.sidebar:
        _menu()
    server.tune()
    with st.container(horizontal=True, gap=None, key="tools", width="content"):
        if page:
            present.buttons()
            undo.buttons()
            _lesson_button(page.key)
        _buttons()
        if not trouble:
            frame_parts(key or "", lesson.plain(key or ""), lesson.act)
    if page:
        st.title(markdown(page.title), anchor=False)
        st.caption(markdown(page.line))
    if trouble:
        st.error(plain(say(trouble)))
        st.stop()
    links.tell_here()
    lesson.tell_refused()


def _buttons() -> None:
    """Draw the buttons for the link and for the sheet of keys; the browser takes their clicks."""
    st.button(
        say("Copy link"),
        key="frame_link",
        icon=":material/link:",
        help=say("Copy the link of what is on the screen"),
        type="tertiary",
    )
    st.button(say("Keys"), key="frame_keys", icon=":material/keyboard:", help=say("All keys (?)"), type="tertiary")


def _lesson_button(key: str) -> None:
    st.button(
        say("Add this screen to my lesson"),
        key="frame_add",
        icon=":material/playlist_add:",
        help=say("Add this screen to my lesson"),
        on_click=own_lesson.add_screen,
        args=(key,),
        type="tertiary",
    )


def _menu() -> None:
    st.page_link("app.py", label="**cnnlab**", icon=":material/home:")
    for section, pages in groupby(PAGES, key=lambda page: page.section):
        st.caption(markdown(section))
        for page in pages:
            st.page_link(page.path, label=markdown(page.title), icon=page.icon)
    st.caption(markdown(_FOOTER))


def _css(text: Message) -> str:
    """Say a text as a string of a style sheet."""
    return '"' + re.sub(r'["\\<>\n]', lambda sign: f"\\{ord(sign[0]):x} ", say(text)) + '"'
