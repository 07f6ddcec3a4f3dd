"""The landing page in a browser: every card leads to its page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cnnlab.ui.shell.landing import PICTURES
from cnnlab.ui.shell.page_list import PAGES
from tests.browser.axe import ground
from tests.browser.conftest import DESKTOP, PHONE, case, wait_for_app

pytestmark = pytest.mark.browser


def test_every_card_opens_its_page_wherever_it_is_clicked(page: Page, lab_url: str) -> None:
    page.goto(lab_url)
    for entry in PAGES:
        wait_for_app(page)
        # In the middle of its picture, or of the card where none has been drawn.
        has_picture = (PICTURES / f"{entry.key}.svg").exists()
        target = page.locator(f".st-key-card_{entry.key}" + " [data-testid=stHtml] img" * has_picture)
        expect(target).to_be_visible()
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.get_by_role("heading", level=1, name=entry.title, exact=True)).to_be_visible()
        expect(page).to_have_url(f"{lab_url}/{entry.key}")
        wait_for_app(page)
        page.go_back()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_cards_and_pictures_stand_in_both_themes(new_page: Callable[..., Page], lab_url: str, viewport: dict) -> None:
    page = new_page(viewport=viewport)
    page.goto(lab_url)
    wait_for_app(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
        for picture in PICTURES.glob("*.svg"):
            with case((scheme, picture.stem)):
                expect(page.locator(f".st-key-card_{picture.stem} [data-testid=stHtml] img")).to_be_visible()
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], scheme
