"""A lesson in a browser: its bar, the keys that lead on, what was typed at a step, a task that is seen to be done."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import wait_for_app
from tests.browser.grids import Lab, field

pytestmark = pytest.mark.browser


def bar(page: Page) -> Locator:
    return page.locator(".st-key-frame .lesson")


def at_step(page: Page, number: int) -> None:
    """Wait until a step of the lesson is on the screen."""
    expect(page).to_have_url(re.compile(rf"lesson=[a-z0-9_]+\.{number}(&|$)"))
    expect(bar(page).get_by_role("combobox").first).to_have_value(str(number))
    # In present mode the rest of the page is hidden.
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def test_page_down_leads_from_step_to_step_in_present_mode_without_loading_anything_anew(
    page: Page, lab_url: str
) -> None:
    page.goto(f"{lab_url}/?lesson=lecture&at=6")
    at_step(page, 6)
    page.evaluate("window.notReloaded = true")
    page.keyboard.press("f")
    for step, total in ((7, "27"), (8, "36")):
        page.keyboard.press("PageDown")
        at_step(page, step)
        expect(Lab(page).result).to_have_text(total)
    boards, foot = page.locator(".lab .frame").first.bounding_box(), bar(page).bounding_box()
    assert boards
    assert foot
    assert boards["y"] + boards["height"] <= foot["y"]
    page.keyboard.press("PageUp")
    at_step(page, 7)
    page.keyboard.press("ArrowRight")
    expect(Lab(page).result).to_have_text("36")
    at_step(page, 7)
    # Where one is, is in the address once it rests.
    expect(page).to_have_url(re.compile("step=1"))
    bar(page).get_by_role("combobox").first.select_option("10")
    at_step(page, 10)
    page.go_back()
    at_step(page, 7)
    expect(Lab(page).result).to_have_text("36")
    assert page.evaluate("window.notReloaded")
    assert page.evaluate("document.documentElement.hasAttribute('data-present')")


def test_what_was_typed_at_a_step_is_there_again_and_an_answer_is_judged(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/?lesson=lecture&at=7")
    at_step(page, 7)
    field(page, "Input", 1, 1).fill("9")
    bar(page).get_by_label("Your answer").fill("27")
    page.keyboard.press("Enter")
    expect(bar(page).get_by_role("status")).to_contain_text("That is right.")
    page.keyboard.press("PageDown")  # out of the field
    at_step(page, 8)
    expect(field(page, "Input", 1, 1)).to_have_value("1")
    bar(page).get_by_role("button", name="4 × 2").click()
    expect(bar(page).get_by_role("status")).to_contain_text("Not this")
    bar(page).get_by_role("button", name="6 × 1").click()
    expect(bar(page).get_by_role("status")).to_contain_text("That is right.")
    expect(bar(page)).not_to_contain_text("All nine make 36")
    bar(page).get_by_role("button", name="Show the answer").click()
    expect(bar(page)).to_contain_text("All nine make 36")
    bar(page).get_by_role("button", name="Previous step").click()
    at_step(page, 7)
    expect(field(page, "Input", 1, 1)).to_have_value("9")
    bar(page).get_by_role("button", name="This step as the lesson has it").click()
    expect(field(page, "Input", 1, 1)).to_have_value("1")
    page.reload()
    at_step(page, 7)
    bar(page).get_by_role("combobox", name="Language").select_option("ko")
    expect(bar(page)).to_contain_text("곱 아홉 개를 모두 더하면 얼마입니까?")
    bar(page).get_by_role("button", name="Leave the lesson").click()
    expect(bar(page)).to_be_hidden()
    expect(page).not_to_have_url(re.compile("lesson="))


def test_a_task_is_seen_to_be_done_and_told_why_not_yet(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/?lesson=half_hour&at=3")
    at_step(page, 3)
    said = bar(page).get_by_role("status")
    expect(said).to_contain_text("Not yet")
    for row, number in ((2, "0"), (3, "-1")):
        for column in (1, 2, 3):
            field(page, "Kernel", row, column).fill(number)
    expect(said).to_contain_text("Done")


def test_a_lesson_is_made_of_screens_and_opens_by_its_link_elsewhere(
    new_page: Callable[..., Page], lab_url: str
) -> None:
    page = new_page()
    page.goto(f"{lab_url}/convolution?input=1,2;3,4&kernel=2")
    wait_for_app(page)
    page.get_by_role("button", name="Add this screen to my lesson").first.click()
    expect(page.get_by_text("your lesson has 1 screen.")).to_be_visible()
    page.get_by_role("link", name="Lessons").click()
    page.get_by_role("radio", name="Your own").click()
    link = page.locator("code", has_text="/?course=")
    without_title = link.inner_text()
    page.get_by_label("Title of the lesson").fill("![x](http://a.b) <b>Mine</b>")
    page.get_by_label("Title of the lesson").press("Enter")
    expect(link).not_to_have_text(without_title)
    other = new_page()
    other.goto(lab_url + link.inner_text())
    at_step(other, 1)
    expect(field(other, "Input", 2, 2)).to_have_value("4")
    expect(bar(other)).to_have_attribute("aria-label", "Lesson: ![x](http://a.b) <b>Mine</b>")
