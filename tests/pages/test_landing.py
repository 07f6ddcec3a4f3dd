"""The landing page lists every page of the lab, in order, each with its picture."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.ui.landing import PICTURES
from cnnlab.ui.pages import PAGES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def landing() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()


def test_every_page_has_a_card_in_lesson_order(landing: AppTest) -> None:
    assert not landing.exception
    links = [link.proto for link in landing.main.get("page_link")]
    assert [link.label for link in links] == [f"**{page.title}**" for page in PAGES]
    assert [caption.value for caption in landing.main.caption] == [page.line for page in PAGES]
    assert len([html for html in landing.main.get("html") if "data:image/svg+xml" in html.proto.body]) == len(PAGES)


def test_sections_come_once_each(landing: AppTest) -> None:
    assert [heading.value for heading in landing.main.subheader] == list(dict.fromkeys(page.section for page in PAGES))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_picture_says_what_it_shows_and_asks_nobody_for_anything(page) -> None:
    text = (PICTURES / f"{page.key}.svg").read_text("utf-8")
    picture = ET.fromstring(text)
    assert picture.findtext("{http://www.w3.org/2000/svg}title")
    assert "href" not in text
    assert text.count("http") == 1  # the namespace
