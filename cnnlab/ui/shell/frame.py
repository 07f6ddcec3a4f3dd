"""The frame: what every page has in common. A page's first call is `frame("its_key")`."""

import re
from itertools import groupby
from pathlib import Path

import streamlit as st

from cnnlab import __version__
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, say, speak
from cnnlab.ui.components import declared
from cnnlab.ui.shell import language, present, server
from cnnlab.ui.shell.page_list import PAGES, page_of
from cnnlab.ui.state import links, undo

_FOLDER = Path(__file__).parent
_FAVICON = str(_FOLDER / "pictures" / "favicon.png")
_STYLES = "".join(
    f"<style>{(_FOLDER / name).read_text('utf-8')}</style>" for name in ("streamlit_inside.css", "present.css")
)
_FOOTER = message("cnnlab {version} · MIT licence", version=__version__)
_UNTIL_THEN = message("Until then, the number before counts.")
"""Stands behind what Streamlit says to a number that is out of range."""
_SCRIPTS = "".join(
    f"<script>{(_FOLDER / name).read_text('utf-8')}</script>"
    for name in ("close_menu.js", "back.js", "keys.js", "present.js", "skip.js")
)
"""On a phone the menu lies over the page, and Streamlit closes it only for its own kind of menu; the others tell."""


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
    st.html(f"<style>:root {{ --lab-footer: {_css(_FOOTER)}; --lab-until-then: {_css(_UNTIL_THEN, ' ')}; }}</style>")
    links.enter(key or "")
    with st.sidebar:
        _menu()
        # Another page is another text, so that the script runs once for every page that is entered.
        st.html(f'<span data-page="{key or ""}"></span>{_SCRIPTS}', unsafe_allow_javascript=True)
    server.tune()
    if page:
        with st.container(horizontal=True, gap=None, key="tools", width="content"):
            present.buttons()
            undo.buttons()
        st.title(markdown(page.title), anchor=False)
        st.caption(markdown(page.line))
    if trouble := declared.trouble():
        st.error(plain(say(trouble)))
        st.stop()
    links.tell_here()


def _menu() -> None:
    st.page_link("app.py", label="**cnnlab**", icon=":material/home:")
    for section, pages in groupby(PAGES, key=lambda page: page.section):
        st.caption(markdown(section))
        for page in pages:
            st.page_link(page.path, label=markdown(page.title), icon=page.icon)
    st.caption(markdown(_FOOTER))


def _css(text: Message, before: str = "") -> str:
    """Say a text as a string of a style sheet, with signs before it."""
    return f'"{before}' + re.sub(r'["\\<>\n]', lambda sign: f"\\{ord(sign[0]):x} ", say(text)) + '"'
