"""Everybody can use the lab: axe-core finds nothing serious in any view, light or dark; Tab gets to what matters."""

import pytest
from playwright.sync_api import Page, expect

from cnnlab.ui.shell.page_list import PAGES
from tests.browser.axe import violations
from tests.browser.conftest import wait_for_app
from tests.browser.grids import open_link
from tests.browser.views import STATES, views

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("key", ["", *(page.key for page in PAGES)])
def test_axe_finds_nothing_serious_in_a_page_and_its_views(page: Page, lab_url: str, key: str) -> None:
    page.goto(f"{lab_url}/{key}")
    wait_for_app(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = violations(page)
    for choice in views(page):
        if choice.is_checked():
            continue
        choice.click()
        expect(choice).to_be_checked()
        wait_for_app(page)
        found += [f"{choice.inner_text()}: {each}" for each in violations(page, "[data-testid=stMain]")]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.partition("?")[0])
def test_axe_finds_nothing_serious_in_what_a_page_answers(page: Page, lab_url: str, state: str) -> None:
    page.goto(f"{lab_url}/{state}")
    wait_for_app(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = violations(page)
    assert not found, "\n".join(found)


# --- the keyboard -----------------------------------------------------------------------------------------------------

FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element.getAttribute("aria-label") ?? element.textContent;
}"""
SKIP = "Skip to the title"
"""Streamlit's own link."""


def stops(page: Page, count: int) -> list[str]:
    """What Tab reaches, one after the other; the way past the menu is taken."""
    reached = []
    for _ in range(count):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
        if reached[-1] == SKIP:
            page.keyboard.press("Enter")
    return reached


def test_tab_reaches_play_in_ten_stops(page: Page, lab_url: str) -> None:
    open_link(page, f"{lab_url}/convolution?step=3")
    reached = stops(page, 10)
    assert reached[0] == SKIP
    assert "Play (space)" in reached, reached


def test_the_way_past_the_menu_leads_to_the_title_and_leaves_the_address(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/convolution")
    wait_for_app(page)
    address = page.url
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=SKIP)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.url == address


def test_the_focus_in_the_menu_is_seen_and_unlike_the_open_page(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/convolution")
    wait_for_app(page)
    menu = page.get_by_test_id("stSidebar")
    current = menu.get_by_role("link", name="Convolution", exact=True)
    other = menu.get_by_role("link", name="Channels")
    expect(current).to_have_css("outline-style", "none")
    for link in (current, other):
        link.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(link).to_be_focused()
        expect(link).to_have_css("outline-style", "solid")
    expect(current).to_have_css("outline-style", "none")
