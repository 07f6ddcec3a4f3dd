"""Every link of the teaching notes opens a state that the lab understands."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
LINKS = sorted(set(re.findall(r"`(/[a-z_]+(?:\?[^`]*)?)`", (ROOT / "docs" / "teaching.md").read_text("utf-8"))))


def test_the_notes_have_links() -> None:
    assert len(LINKS) > 10


@pytest.mark.parametrize("link", LINKS)
def test_a_link_of_the_notes_is_understood(link: str) -> None:
    parts = urlsplit(link)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    app.switch_page(f"pages{parts.path}.py")
    for name, value in parse_qsl(parts.query, strict_parsing=bool(parts.query)):
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert [warning.value for warning in app.warning] == []
    assert [error.value for error in app.error] == []
