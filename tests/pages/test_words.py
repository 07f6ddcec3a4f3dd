"""What a page shows: sizes as C × H × W with ×, the lecture's letters, and everything that has a number from 1 on.

Each state that the teaching notes open is looked at, down to what the components are given to draw.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.ui.shell.page_list import PAGES
from tests.pages.app import components, open_at
from tests.pages.test_teaching import LINKS
from tests.words import faults_of

STATES = sorted({*LINKS, *(f"/{page.key}" for page in PAGES)})

PIECES = {"text", "told", "chip", "given", "result", "part", "total"}
"""What the line that a sum ends in is made of; see `cnnlab.ui.components.grid_lab.Piece`."""

# The order of the slides is named as theirs; links count from 0 and say so; PyTorch has its own words.
NAMED = ("slide", "a link counts", "mat1 and mat2")


def opened(link: str) -> AppTest:
    address = urlsplit(link)
    return open_at(address.path.strip("/"), **dict(parse_qsl(address.query)))


def told(app: AppTest) -> Iterator[str]:
    """Every text that the page hands to the browser and that has more than one word."""
    yield from _texts_of(components(app))
    for element in app._tree:
        # A component's files go with it: their texts are another test's.
        if hasattr(element, "proto") and element.type not in ("bidi_component", "code"):
            yield from _texts_of(element.proto)


def code(app: AppTest) -> list[str]:
    return [element.value for element in app.code]


def _texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(("{", "[")):
            try:
                yield from _texts_of(json.loads(value))
                return
            except ValueError:
                pass
        if " " in value.strip() and not value.startswith("<"):
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts_of(one)
    elif hasattr(value, "ListFields"):
        for _, one in value.ListFields():
            yield from _texts_of(one)
    elif _is_line_of_a_sum(value):
        # Its words stand among its numbers, and make a sentence with them.
        yield from _texts_of(" ".join(str(what) for _, what in value))
    elif hasattr(value, "__iter__") and not isinstance(value, bytes):
        for one in value:
            yield from _texts_of(one)


def _is_line_of_a_sum(value: Any) -> bool:
    pieces = value if isinstance(value, list) else []
    return bool(pieces) and all(isinstance(one, list) and len(one) == 2 and str(one[0]) in PIECES for one in pieces)


@pytest.mark.parametrize("link", STATES)
def test_a_page_says_the_same_word_for_the_same_thing(link: str) -> None:
    app = opened(link)
    texts = list(told(app))
    assert len(texts) > 10
    wrong = [f"{text!r}: say {instead}" for text in [*texts, *code(app)] for instead in faults_of(text)]
    assert not [one for one in wrong if not any(name in one for name in NAMED)]
    # Code alone has an asterisk between factors.
    assert not [text for text in texts if re.search(r"[\d)] ?\* ?[\d(]", text)]
