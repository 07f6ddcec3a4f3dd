"""What a link, a file or a person brought is text on the screen: no element comes of it, and no request to a host."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from cnnlab.shown_text import visible
from cnnlab.ui.shell.page_list import PAGES
from tests.browser.conftest import leave, wait_for_app
from tests.live_lab import running_lab, wait_until
from tests.pages.test_any_link import _nothing_of_this_machine, parameters, spied

__all__ = ["_nothing_of_this_machine", "spied"]

pytestmark = pytest.mark.browser

HOSTILE = [
    "a\n\n# Moved",
    "![x](http://zq7.example/p.png)",
    "[x](http://zq7.example) *a* __b__",
    "<img src=http://zq7.example/q.png>",
    "http://zq7.example www.zq7.example",
    "me@zq7.example `a` ``b $x$ $$y$$",
    ":red[x] :material/home: :smile: -> x",
    "- a\n- b\n\n> c\n\n    d",
    "\u202ea\u200bb\x01 :streamlit:",
]
MADE = "a, img, h1, h2, h3, h4, h5, h6, em, strong, del, ul, ol, blockquote, pre, table, .katex, p span, hr, input"
"""What Markdown, or Streamlit with its colours, symbols and formulas, could make of a text."""


def shown(place: Locator) -> str:
    return " ".join(place.inner_text().replace("\N{WORD JOINER}", "").split())


@pytest.mark.parametrize("each", PAGES, ids=lambda page: page.key)
def test_a_link_makes_nothing_but_text_of_what_it_quotes(page: Page, lab_url: str, each: Any, spied: Any) -> None:
    words, _ = spied
    ways = defaultdict[tuple[tuple[str, str], ...], list[str]](list)
    for name, way in parameters(each.key, words).items():
        ways[tuple(way.items())].append(name)
    for way, names in ways.items():
        for turn in (0, 4):
            texts = {name: HOSTILE[(turn + place) % len(HOSTILE)] for place, name in enumerate(names)}
            page.goto(f"{lab_url}/{each.key}?{urlencode(texts | dict(way))}")
            wait_for_app(page)
            alerts = page.get_by_test_id("stAlertContentWarning").get_by_test_id("stMarkdownContainer")
            expect(alerts.first).to_be_visible()
            assert alerts.locator(MADE).count() == 0, [alert.inner_html() for alert in alerts.all()]
            # A run that is not there is told without its name, and is no text that is quoted.
            for name in texts.keys() - {"run"}:
                quoted = f"{name}={' '.join(visible(texts[name]).split())}"[:40]
                wait_until(
                    lambda quoted=quoted, alerts=alerts: any(quoted in shown(alert) for alert in alerts.all()), 20
                )
            assert alerts.locator(MADE).count() == 0, [alert.inner_html() for alert in alerts.all()]


def test_an_upload_s_name_is_text(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/convolution?view=picture")
    wait_for_app(page)
    page.get_by_text("A picture of your own").click()
    for place, text in enumerate(HOSTILE):
        name = re.sub(r"[/\x00-\x1f]", "", text) + f"{place}.png"
        page.locator("input[type=file]").set_input_files(
            files=[{"name": name, "mimeType": "image/png", "buffer": b"no picture"}]
        )
        alert = page.get_by_test_id("stAlertContentError").get_by_test_id("stMarkdownContainer")
        expect(alert).to_contain_text(f"{place}.png cannot be shown")
        assert f"{' '.join(visible(name).split())} cannot be shown. The file is not a picture" in shown(alert)
        assert alert.locator(MADE).count() == 0, alert.inner_html()


CLASSES = [
    '<a href="http://zq7.example">a</a>',
    "<b>b</b>",
    "![c](http://zq7.example/c.png)",
    "# d",
    "$e$",
    ":red[e]",
    "- f > g",
    "&lt;h&gt;",
    "%{x}",
    "http://zq7.example/i",
]
FILE = ":red[*w*] ![x](y) www.zq7.example $x$ <b>b<b> :smile:.npz"


def test_a_data_set_s_name_and_those_of_its_classes_are_text(new_page: Any, tmp_path: Path) -> None:
    pictures, labels = np.zeros((40, 3, 32, 32), np.uint8), np.arange(40) % 10
    np.savez(tmp_path / FILE, x_train=pictures, y_train=labels, x_test=pictures, y_test=labels, classes=CLASSES)
    with running_lab(CNNLAB_DATA=str(tmp_path)) as url:
        page = new_page(lab=url)
        page.goto(f"{url}/training?{urlencode({'data': FILE, 'epochs': '1', 'batch': '8', 'device': 'cpu'})}")
        wait_for_app(page)
        menu = page.get_by_test_id("stSelectbox").filter(has_text="Data set")
        expect(menu.locator("input")).to_have_value(FILE)
        page.get_by_role("button", name="Start training").click()
        line = page.get_by_test_id("stCaptionContainer").filter(has_text="batch 8").first
        expect(line).to_be_visible()
        assert FILE in shown(line)
        expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=90_000)
        line = page.get_by_test_id("stCaptionContainer").filter(has_text="batch 8").first
        assert FILE in shown(line)
        assert line.locator(MADE).count() == 0, line.inner_html()
        # All pictures are the same, so all were taken for one class, whose name is told.
        advice = page.get_by_test_id("stAlertContentWarning").get_by_test_id("stMarkdownContainer")
        told = shown(advice)
        assert any(visible(name) in told for name in CLASSES), told
        assert advice.locator("strong").count() == 1
        assert advice.locator(MADE).count() == 1, advice.inner_html()
        plot = page.locator(".js-plotly-plot").first
        expect(plot.locator(".xtick text")).to_have_count(10)
        assert [text.text_content() for text in plot.locator(".xtick text").all()] == [
            visible(name) for name in CLASSES
        ]
        assert plot.locator("svg a, svg tspan[style*=bold]").count() == 0
        leave(page)
