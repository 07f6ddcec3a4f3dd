"""What the benchmark of latency does on each page, done once: that it still fits the lab. No test takes times."""

import pytest
from playwright.sync_api import Browser, Page

from benchmarks._browser import Hand, Wire, open_page
from benchmarks._deeds import DEEDS, GRIDS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", DEEDS)
def test_what_is_done_on_a_page_is_answered(page: Page, lab_url: str, name: str) -> None:
    hand = Hand(page, lab_url, DEEDS[name])
    # Over and over: what has the focus keeps it.
    for _ in range(3):
        seen = hand.act()
        assert seen["outputPainted"] > 0
        if name in GRIDS:  # on the others nothing is typed with the last key
            assert seen["typedPainted"] > 0
        hand.rest()


def test_what_the_server_sends_for_a_visit_and_for_a_key_is_counted(browser: Browser, lab_url: str) -> None:
    with open_page(browser) as page:
        wire = Wire(page)
        hand = Hand(page, lab_url, DEEDS["channels"])
        visit = wire.until_quiet()
        wire.forget()
        hand.act()
        key = wire.until_quiet()
    for sent in (visit, key):
        assert sent.size > 1_000
        assert sent.answers >= 1
