"""The frame: what every page has in common. A page's first call is `frame("its_key")`."""

from itertools import groupby
from pathlib import Path

import streamlit as st

from cnnlab import __version__
from cnnlab.ui import links, server
from cnnlab.ui.pages import PAGES, page_of

_FOLDER = Path(__file__).parent
_FAVICON = str(_FOLDER / "pictures" / "favicon.png")
_CSS = _FOLDER / "frame.css"
_FOOTER = f"cnnlab {__version__} · MIT licence"
# On a phone the menu lies over the page, and Streamlit closes it only for its own kind of menu.
_CLOSE_MENU = f"<script>{(_FOLDER / 'close_menu.js').read_text('utf-8')}</script>"


def frame(key: str | None = None) -> None:
    """Configure the page, draw the menu and the page's head, and keep the server quick.

    Args:
        key: the page's key in `PAGES`; None for the landing page, which draws a head of its own.
    """
    page = page_of(key) if key else None
    st.set_page_config(
        page_title=f"{page.title} · cnnlab" if page else "cnnlab",
        page_icon=_FAVICON,
        layout="wide",
        initial_sidebar_state="auto",
    )
    st.html(_CSS)
    # What is drawn first stands at the top; only a style sheet can put something below all that the page will draw.
    st.html(f'<style>:root {{ --lab-footer: "{_FOOTER}"; }}</style>')
    links.enter(key or "")
    with st.sidebar:
        _menu()
        # Another page is another text, so that the script runs once for every page that is entered.
        st.html(f'<span data-page="{key or ""}"></span>{_CLOSE_MENU}', unsafe_allow_javascript=True)
    server.tune()
    if page:
        st.title(page.title, anchor=False)
        st.caption(page.line)
    links.tell_here()


def _menu() -> None:
    st.page_link("app.py", label="**cnnlab**", icon=":material/home:")
    for section, pages in groupby(PAGES, key=lambda page: page.section):
        st.caption(section)
        for page in pages:
            st.page_link(page.path, label=page.title, icon=page.icon)
    st.caption(_FOOTER)
