"""Keys of the whole page: they step, play and predict wherever the focus is, unless something is typed into."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_for_app
from tests.browser.grids import Lab, open_link

pytestmark = pytest.mark.browser


@pytest.fixture
def lab(page: Page, lab_url: str) -> Lab:
    return open_link(page, f"{lab_url}/convolution")


def test_a_presenters_remote_control_steps_as_soon_as_the_page_is_open(lab: Lab) -> None:
    counter = lab.counter
    for key, place in (("PageDown", 2), ("ArrowRight", 3), ("PageUp", 2), ("End", 9), ("ArrowLeft", 8), ("Home", 1)):
        lab.page.keyboard.press(key)
        expect(counter).to_have_text(f"Step {place} of 9")
    assert lab.page.evaluate("scrollY + document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_keys_step_after_a_click_on_nothing_and_on_a_link_of_the_menu(lab: Lab) -> None:
    lab.page.get_by_test_id("stSidebar").get_by_role("link", name="Transposed convolution").click()
    expect(lab.page.get_by_role("heading", level=1, name="Transposed convolution")).to_be_visible()
    wait_for_app(lab.page)
    lab.page.keyboard.press("ArrowRight")
    expect(lab.counter).to_have_text(re.compile(" 2 of "))
    lab.page.locator("h1").click()
    lab.page.keyboard.press("ArrowRight")
    expect(lab.counter).to_have_text(re.compile(" 3 of "))


def test_space_plays_and_p_predicts(lab: Lab) -> None:
    lab.page.keyboard.press(" ")
    expect(lab.button(re.compile("^Pause"))).to_be_visible()
    lab.page.keyboard.press(" ")
    expect(lab.button(re.compile("^Play"))).to_be_visible()
    lab.page.keyboard.press("p")
    expect(lab.button("Predict")).to_have_attribute("aria-pressed", "true")


def test_whoever_types_is_left_alone(lab: Lab) -> None:
    step = lab.counter.inner_text()
    for field in (lab.field("Input", 1, 1), lab.page.get_by_role("spinbutton", name="Bias")):
        field.focus()
        for key in ("p", "End", "Home"):
            field.press(key)
    stride = lab.page.get_by_role("slider", name="Stride")
    stride.press("ArrowRight")
    expect(stride).to_have_value("2")
    wait_for_app(lab.page)
    lab.page.get_by_role("radio", name="By hand").press("ArrowRight")
    assert lab.counter.inner_text().split(" of ")[0] == step.split(" of ")[0]
    expect(lab.button("Predict")).to_have_attribute("aria-pressed", "false")


def test_a_button_that_has_the_focus_keeps_its_space(lab: Lab) -> None:
    lab.button("Show all").focus()
    lab.page.keyboard.press(" ")
    expect(lab.button("Show all")).to_have_attribute("aria-pressed", "true")
    expect(lab.button(re.compile("^Play"))).to_be_visible()
    undo = lab.page.get_by_role("button", name="Undo")
    undo.focus()
    lab.page.keyboard.press(" ")
    expect(lab.page.get_by_test_id("stToast")).to_have_text("There is nothing to undo.")
    expect(lab.button(re.compile("^Play"))).to_be_visible()


def test_the_windows_of_output_shape_are_stepped_through_too(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/output_shape")
    wait_for_app(page)
    telling = page.locator(".map [aria-live]").first
    expect(telling).to_contain_text("Window")
    page.keyboard.press("Home")
    page.keyboard.press("PageDown")
    expect(telling).to_contain_text("Window 2 of 25")


def test_a_question_mark_shows_all_keys_and_they_do_nothing_beneath_the_sheet(lab: Lab) -> None:
    page, counter = lab.page, lab.counter
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    for key in ("F", "S", "P", "Space", "Home", "Page Down", "Ctrl+Z", "Ctrl+Shift+Z", "Esc"):
        expect(sheet.get_by_text(key, exact=True)).to_be_visible()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("f")
        expect(page.locator(":root[data-present]")).to_have_count(0)
        # Then nothing has the focus.
        sheet.get_by_text("Play or pause").click()
    page.keyboard.press("?")
    expect(sheet).not_to_be_visible()
    expect(counter).to_have_text("Step 1 of 9")
    page.keyboard.press("f")
    page.get_by_role("button", name="Keys", exact=True).click()
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    expect(page.locator(":root[data-present]")).to_have_count(1)


def test_a_browser_that_lets_no_page_copy_shows_the_link(lab: Lab) -> None:
    page = lab.page
    lab.field("Input", 1, 1).fill("7")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Copy link").click()
    said = page.get_by_text("This browser does not let the page copy; here is the link: ")
    expect(said).to_contain_text("input=7,2,3,4,5;")
    page.locator("h1").click()
    expect(said).to_have_count(0)


def test_there_is_nothing_to_present_on_the_landing_page(page: Page, lab_url: str) -> None:
    page.goto(lab_url)
    wait_for_app(page)
    for key in ("?", "?", "f"):
        page.keyboard.press(key)
    expect(page.locator(":root[data-present]")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
