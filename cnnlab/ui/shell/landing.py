"""The landing page's cards: one per page of the lab, in the order of the lecture."""

from base64 import b64encode
from itertools import groupby
from pathlib import Path

import streamlit as st

from cnnlab.shown_text import markdown
from cnnlab.ui.shell.page_list import PAGES, Page

PICTURES = Path(__file__).parent / "pictures"

_CSS = Path(__file__).with_suffix(".css")
_CARDS_IN_A_ROW = 3


def show_cards() -> None:
    """Draw a card for every page, section by section."""
    st.html(_CSS)
    with st.container(key="landing"):
        for section, pages in groupby(PAGES, key=lambda page: page.section):
            st.header(markdown(section), anchor=False)
            row = st.columns(_CARDS_IN_A_ROW)
            for index, page in enumerate(pages):
                if index and index % _CARDS_IN_A_ROW == 0:
                    row = st.columns(_CARDS_IN_A_ROW)
                with row[index % _CARDS_IN_A_ROW]:
                    _card(page)


def _card(page: Page) -> None:
    with st.container(border=True, height="stretch", key=f"card_{page.key}", gap="xsmall"):
        picture = PICTURES / f"{page.key}.svg"
        # A new page works before anybody has drawn its picture.
        if picture.exists():
            # Not st.image, which keeps room for a button that enlarges; st.html takes an img, but not the svg itself.
            code = b64encode(picture.read_bytes()).decode()
            st.html(f'<img alt="" src="data:image/svg+xml;base64,{code}">')
        st.page_link(page.path, label=f"**{markdown(page.title)}**", icon=page.icon)
        st.caption(markdown(page.line))
