"""Every page opens by its own address, in both themes and on a phone, and asks no other host for anything."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from cnnlab import __version__
from cnnlab.ui.pages import PAGES
from tests.browser.conftest import DESKTOP, PHONE, running_lab, wait_for_app

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("entry", PAGES, ids=lambda page: page.key)
def test_every_page_opens(new_page: Callable[..., Page], lab_url: str, entry, viewport: dict, scheme: str) -> None:
    page = new_page(viewport=viewport, color_scheme=scheme)
    page.goto(f"{lab_url}/{entry.key}")
    wait_for_app(page)
    expect(page.get_by_role("heading", level=1, name=entry.title, exact=True)).to_be_visible()
    expect(page).to_have_title(f"{entry.title} · cnnlab")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], f"the page is {widths[0]} px wide on a screen of {widths[1]}"


def test_version_and_licence_are_told_in_the_menu_and_on_a_phone_below_the_page(
    new_page: Callable[..., Page], lab_url: str
) -> None:
    footer = f"cnnlab {__version__} · MIT licence"
    told = "getComputedStyle(document.querySelector('[data-testid=stMainBlockContainer]'), '::after').content"
    for viewport, below in ((DESKTOP, "none"), (PHONE, f'"{footer}"')):
        page = new_page(viewport=viewport)
        page.goto(lab_url)
        wait_for_app(page)
        assert page.evaluate(told) == below
        if viewport is DESKTOP:
            expect(page.get_by_test_id("stSidebar").get_by_text(footer)).to_be_visible()


def test_a_deep_link_is_the_first_thing_that_a_cold_server_is_asked(browser: Browser) -> None:
    for entry in PAGES:
        with running_lab() as cold_url:
            page = browser.new_page(viewport=DESKTOP)
            page.goto(f"{cold_url}/{entry.key}")
            wait_for_app(page)
            expect(page.get_by_role("heading", level=1, name=entry.title, exact=True)).to_be_visible()
            expect(page.get_by_role("link", name="cnnlab")).to_be_visible()
            page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_menu_leads_from_page_to_page_and_back_leads_back(
    new_page: Callable[..., Page], lab_url: str, viewport: dict, scheme: str
) -> None:
    page = new_page(viewport=viewport, color_scheme=scheme)
    page.goto(lab_url)
    wait_for_app(page)
    menu = page.get_by_test_id("stSidebar")
    for entry in PAGES:
        if viewport is PHONE:
            page.get_by_test_id("stExpandSidebarButton").click()
        menu.get_by_role("link", name=entry.title, exact=True).click()
        expect(page.get_by_role("heading", level=1, name=entry.title, exact=True)).to_be_visible()
        wait_for_app(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        if viewport is PHONE:
            expect(menu).not_to_be_visible()  # it would lie over the page
    page.go_back()
    expect(page.get_by_role("heading", level=1, name=PAGES[-2].title, exact=True)).to_be_visible()
