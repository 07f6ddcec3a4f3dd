"""What was done is taken back by key and by button, and what goes says so."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, wait_for_app
from tests.browser.grids import Lab, open_link

pytestmark = pytest.mark.browser


def link(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def wait_for_link(page: Page, expected: dict[str, list[str]]) -> None:
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == expected)


@pytest.fixture
def lab(page: Page, lab_url: str) -> Lab:
    return open_link(page, f"{lab_url}/convolution")


def test_typed_cells_are_taken_back_by_key_while_one_is_typed_into(lab: Lab) -> None:
    cell = lab.field("Input", 1, 1)
    links = [link(lab.page)]
    for text in ("7", "1/3"):
        cell.fill(text)
        lab.page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) != links[-1])
        links.append(link(lab.page))
    cell.press("Control+z")
    expect(cell).to_have_value("7")
    wait_for_link(lab.page, links[1])
    cell.press("Control+z")
    expect(cell).to_have_value("1")
    wait_for_link(lab.page, links[0])
    cell.press("Control+Shift+z")
    expect(cell).to_have_value("7")
    cell.press("Control+y")
    expect(cell).to_have_value("1/3")
    wait_for_link(lab.page, links[2])


def test_a_preset_and_a_slider_are_taken_back_by_the_buttons(lab: Lab) -> None:
    stride = lab.page.get_by_role("slider", name="Stride")
    stride.press("ArrowRight")
    lab.expect_in_link("stride", "2")
    lab.page.get_by_role("combobox", name="Preset").click()
    lab.page.get_by_role("option", name="Sharpen").click()
    expect(lab.field("Kernel", 2, 2)).to_have_value("5")
    back, forth = (lab.page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    back.click()
    expect(lab.field("Kernel", 2, 2)).to_have_value("−1")
    expect(stride).to_have_value("2")
    back.click()
    expect(stride).to_have_value("1")
    back.click()
    expect(lab.page.get_by_test_id("stToast")).to_have_text("There is nothing to undo.")
    forth.click()
    expect(stride).to_have_value("2")


def rows(page: Page) -> Locator:
    return page.locator(".layers tbody tr[data-row]:not(.details)")


def test_a_layer_that_is_removed_says_so_and_comes_back_and_a_double_click_takes_one(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/network")
    wait_for_app(page)
    expect(page.locator(".layers .entry")).to_be_visible()
    count = rows(page).count()
    page.get_by_role("button", name="Remove row 2").dblclick()
    expect(page.get_by_test_id("stToast")).to_have_text("Removed ReLU. Ctrl+Z brings it back.")
    wait_for_app(page)
    expect(rows(page)).to_have_count(count - 1)
    page.keyboard.press("Control+z")
    expect(rows(page)).to_have_count(count)
    expect(rows(page).nth(1).get_by_role("combobox").first).to_have_value("ReLU")


def test_a_text_that_is_typed_into_a_field_of_its_own_is_the_browsers_to_undo(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/convolution?stride=2")
    wait_for_app(page)
    page.get_by_role("slider", name="Stride").press("ArrowRight")
    page.wait_for_url(lambda url: "stride=3" in url)
    bias = page.get_by_role("spinbutton", name="Bias")
    bias.press_sequentially("5")
    bias.press("Control+z")
    wait_for_app(page)
    assert "stride=3" in page.url
    expect(page.get_by_role("slider", name="Stride")).to_have_value("3")


def test_the_buttons_are_large_enough_for_a_finger_and_cover_nothing(
    new_page: Callable[..., Page], lab_url: str
) -> None:
    page = new_page(viewport=PHONE)
    page.goto(f"{lab_url}/transposed")
    wait_for_app(page)
    title = page.evaluate(
        """() => {
            const text = document.createRange();
            text.selectNodeContents(document.querySelector("h1"));
            const box = text.getBoundingClientRect();
            return [box.right, box.top, box.bottom];
        }"""
    )
    for name in ("Undo", "Redo", "Copy link"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        assert box["x"] >= title[0] or box["y"] + box["height"] <= title[1] or box["y"] >= title[2]
        assert box["x"] + box["width"] <= PHONE["width"]
