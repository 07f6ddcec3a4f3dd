"""Any text in any parameter of any page: no traceback, and nothing on the screen that the text made.

Pages and parameters are found, not listed: every page is opened with each of its choices and switches, and says what it
asks its link for.
"""

import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from cnnlab.data import DATASETS
from cnnlab.shown_text import code, plain, visible
from cnnlab.ui.shell import jobs
from cnnlab.ui.shell.page_list import PAGES
from cnnlab.ui.state import links

ROOT = Path(__file__).parents[2]

MATRICES = [
    ";".join([",".join([number] * size)] * size)
    for number, size in [("50", 3), ("0.001", 6), ("1000000", 3), ("-1e-6", 5), ("1e-300", 3), ("0", 4), ("1", 1)]
]
NUMBERS = ["0", "-0", "1", "7", "50", "-3", "0.001", "1e300", "1e-300", "nan", "inf", "-Infinity", "9" * 401, "٣", "５"]
HOSTILE = [
    "",
    " ",
    "true",
    ";;,|,;",
    "x" * 40_000,
    "a\n\n# Zq7 Moved",
    "a\r\n- Zq7\n- item",
    "a\n\n    Zq7 code\n\n| a | b |\n|---|---|\n| Zq7 | 1 |",
    "![Zq7](http://zq7.example/p.png)",
    "[Zq7](javascript:alert(1)) <http://zq7.example> *Zq7* __Zq7__ ~~Zq7~~",
    "http://zq7.example/x www.zq7.example me@zq7.example",
    "<img src='http://zq7.example/q.png' onerror='alert(1)'><b>Zq7</b>",
    "$Zq7$ $$Zq7$$ :red[Zq7] :material/home: :smile: :streamlit:",
    "`Zq7` ``Zq7 ``` Zq7\n```\nZq7",
    "\u202eZq7\u200b\u2066\x01\x7f&lt;b&gt;",
    "Conv2d(1,1,1e9),ReLU(inplace=Zq7)",
    "../../etc/Zq7",
]
TEXTS = [*MATRICES[:2], *NUMBERS, *HOSTILE]
MARK = "zq7"
"""Stands in whatever could become an element."""

PICTURE = re.compile(r"data:image/\w+;base64,[\w+/=]*")
"""Among so many signs the mark stands by chance."""

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
READ_BY_STREAMLIT = re.compile(r"(?<!\\)(?:\\\\)*(\$|:[a-z-]+\[)", re.IGNORECASE)
"""In the source: formulas and colours."""
CHANGED_BY_STREAMLIT = re.compile(
    r"https?://[\w-]|www\.[\w-]|[\w.+-]@[\w-]+\.|:[\w+-]+:|:material[/_]|(?:^|\s)<?-[->](?:\s|$)", re.IGNORECASE
)
"""In texts, when their escapes have been read."""


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No data sets of whoever runs the tests, and no worker that loads PyTorch for nothing."""
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "COMMAND", (sys.executable, str(ROOT / "tests" / "fake_run.py")))
    monkeypatch.setattr(jobs._SHELF, "manager", None)
    yield
    if jobs._SHELF.manager is not None:
        jobs._SHELF.manager.close()


@pytest.fixture
def spied(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """The words that parameters may be, as pages ask for them, and the parameters whose values were refused."""
    words: dict[str, tuple[str, ...]] = {}
    refused: set[str] = set()
    read_word, refuse = links.read_word, links.refuse

    def spy_words(name: str, default: str, known: tuple[str, ...], *more: Mapping[str, str]) -> str:
        words[name] = known
        return read_word(name, default, known, *more)

    def spy_refusals(name: str, *told: str) -> None:
        refused.add(name)
        refuse(name, *told)

    monkeypatch.setattr(links, "read_word", spy_words)
    monkeypatch.setattr(links, "refuse", spy_refusals)
    return words, refused


def opened(key: str, link: dict[str, str]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update(link)
    return app.switch_page(f"pages/{key}.py").run()


def parameters(key: str, words: dict[str, tuple[str, ...]]) -> dict[str, dict[str, str]]:
    """Each parameter of a page, with the shortest link that has the page ask for it; switches get their word."""
    found: dict[str, dict[str, str]] = {}
    waiting, seen = [dict[str, str]()], set[tuple[str, str]]()
    while waiting:
        link = waiting.pop(0)
        app = opened(key, link)
        for name in app.session_state[links.VISIT].owners:
            found.setdefault(name, link)
        words |= {toggle.key: ("true",) for toggle in app.toggle if toggle.key is not None}
        for name, way in found.items():
            for word in words.get(name, ()):
                if (name, word) not in seen:
                    seen.add((name, word))
                    waiting.append(way | {name: word})
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_no_text_in_a_link_breaks_a_page_or_becomes_a_part_of_it(page: Any, spied: Any) -> None:
    words, refused = spied
    found = parameters(page.key, words)
    assert found
    choices = [found[name] | {name: word} for name in found for word in words.get(name, ())]
    ways = defaultdict[tuple[tuple[str, str], ...], list[str]](list)
    for name, way in found.items():
        ways[tuple(way.items())].append(name)
    for way, names in ways.items():
        # All parameters at once, and each has had each text in the end.
        for turn in range(len(TEXTS)):
            texts = {name: TEXTS[(turn + 5 * place) % len(TEXTS)] for place, name in enumerate(names)}
            look_at(opened(page.key, texts | dict(way)), texts | dict(way))
        for name in names:
            # Alone as well, where a matrix is taken: beside a default an input fits that otherwise would not.
            for matrix in MATRICES:
                refused.clear()
                link = dict(way) | {name: matrix}
                look_at(opened(page.key, link), link)
                if name in refused:
                    break
            else:
                # And beside each choice and switch of the page: code is written, and questions are asked.
                for chosen in choices:
                    link = dict(way) | {name: MATRICES[0]} | chosen
                    look_at(opened(page.key, link), link)


def look_at(app: AppTest, link: dict[str, str]) -> None:
    assert not app.exception, (link, app.exception[0].message, app.exception[0].stack_trace)
    for text in drawn_texts(app):
        if MARK in text.lower():
            assert not made_of(text), (link, text)
    for name, text in link.items():
        # What is refused is quoted: the beginning of it can be read.
        for warning in app.warning:
            if re.search(rf"`\s?{name}=", warning.value):
                assert visible(text)[:9].strip() in warning.value


def drawn_texts(app: AppTest) -> Iterator[str]:
    """All that Streamlit draws as Markdown."""
    waiting = [app._tree.main, app._tree.sidebar]
    while waiting:
        node = waiting.pop()
        waiting += getattr(node, "children", {}).values()
        for field, value in getattr(getattr(node, "proto", None), "ListFields", list)():
            if isinstance(value, str) and field.name in {"body", "label", "help", "text", "caption"}:
                yield PICTURE.sub("", value)


def made_of(markdown: str) -> list[str]:
    """The elements of a Markdown text that hold the mark; spans of code are how values are quoted."""
    found: list[str] = []
    for token in MARKDOWN.parse(markdown):
        found += READ_BY_STREAMLIT.findall(CODE.sub("", token.content))
        if token.type not in {"paragraph_open", "inline", "paragraph_close"} and not token.hidden:
            found.append(token.type)
        for child in token.children or ():
            if child.type == "text":
                found += CHANGED_BY_STREAMLIT.findall(child.content)
            elif child.type != "code_inline":
                found.append(child.type)
    return found


@pytest.mark.parametrize("text", [text for text in HOSTILE if re.search(r"[\n$<:@`*]", text)])
def test_what_is_looked_for_is_found_where_nothing_is_done(text: str) -> None:
    assert made_of(f"It is {text}")
    assert not made_of(f"It is {plain(text)}, or {code(text)}.")


def test_a_data_set_whose_file_s_name_is_no_text_is_not_offered(tmp_path: Path) -> None:
    (tmp_path / "mine.npz").write_bytes(b"no archive")
    with open(os.fsencode(tmp_path) + b"/\xff.npz", "wb") as file:
        file.write(b"no archive")
    app = opened("training", {"data": "mine.npz"})
    assert not app.exception
    assert next(box for box in app.selectbox if box.label == "Data set").options == [*DATASETS, "mine.npz"]
