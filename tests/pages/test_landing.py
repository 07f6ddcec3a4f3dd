"""The landing page lists every page of the lab, in order, with the pictures that have been drawn."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.ui.shell.landing import PICTURES
from cnnlab.ui.shell.page_list import PAGES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def landing() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()


def test_every_page_has_a_card_in_lesson_order(landing: AppTest) -> None:
    assert not landing.exception
    links = [link.proto for link in landing.main.get("page_link")]
    assert [link.label for link in links] == [f"**{page.title}**" for page in PAGES]
    assert [caption.value for caption in landing.main.caption] == [page.line for page in PAGES]
    drawn = [page.key for page in PAGES if (PICTURES / f"{page.key}.svg").exists()]
    assert len([html for html in landing.main.get("html") if "data:image/svg+xml" in html.proto.body]) == len(drawn)


def test_sections_come_once_each(landing: AppTest) -> None:
    assert [heading.value for heading in landing.main.header] == list(dict.fromkeys(page.section for page in PAGES))


def test_every_picture_is_that_of_a_page() -> None:
    assert {picture.stem for picture in PICTURES.glob("*.svg")} <= {page.key for page in PAGES}


def test_a_page_without_a_picture_has_a_card_nevertheless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cnnlab.ui.shell.landing.PICTURES", tmp_path)
    landing = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()
    assert not landing.exception
    assert len(landing.main.get("page_link")) == len(PAGES)


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_says_what_it_shows_and_asks_nobody_for_anything(path: Path) -> None:
    text = path.read_text("utf-8")
    picture = ET.fromstring(text)
    assert picture.findtext("{http://www.w3.org/2000/svg}title")
    assert "href" not in text
    assert text.count("http") == 1  # the namespace
