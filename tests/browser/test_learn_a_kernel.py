"""The page on which a kernel learns, under a learner's hands."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_for_app

pytestmark = pytest.mark.browser


@pytest.fixture
def lab(page: Page, lab_url: str) -> Page:
    return open_lab(page, f"{lab_url}/learn_a_kernel")


def open_lab(page: Page, link: str) -> Page:
    page.goto(link)
    wait_for_app(page)
    expect(page.get_by_label("Learned kernel, row 1, column 1", exact=False)).to_be_visible()
    return page


def weight(page: Page, row: int, column: int) -> str:
    cell = page.get_by_label(re.compile(f"Learned kernel, row {row}, column {column}: "))
    return (cell.get_attribute("aria-label") or "").rpartition(": ")[2]


def test_stepping_moves_the_weights_and_the_loss_falls(lab: Page) -> None:
    assert weight(lab, 1, 3) == "−0.92"
    expect(lab.locator(".lab .curve .extent")).to_have_text("28.92")
    lab.get_by_role("button", name="The last step (End)").click()
    expect(lab.locator(".lab .counter")).to_have_text("Steps made: 50 of 50")
    assert float(weight(lab, 1, 3)) == pytest.approx(2, abs=0.01)
    expect(lab.locator(".lab .curve .extent")).to_have_text(re.compile("e−"))


def test_a_click_on_the_curve_goes_to_that_step(lab: Page) -> None:
    box = lab.locator(".lab .curve svg").bounding_box()
    assert box
    lab.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    expect(lab.locator(".lab .counter")).not_to_have_text("Steps made: 0 of 50")
    lab.wait_for_url(re.compile("learn_step="))


def test_a_loss_below_the_axis_is_marked_at_its_end(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/learn_a_kernel")
    wait_for_app(page)
    page.get_by_role("combobox", name=re.compile("Preset")).click()
    page.get_by_role("option", name="An input that teaches nothing").click()
    expect(page.locator(".lab .curve .extent")).to_have_text("81")
    page.locator(".lab .slider").press("End")
    expect(page.locator(".lab .curve .extent")).to_have_text("0")
    dot, drawing = page.locator(".lab .curve circle").last, page.locator(".lab .curve svg")
    inside, around = dot.bounding_box(), drawing.bounding_box()
    assert inside is not None
    assert around is not None
    low = around["y"] + around["height"]
    assert low - around["height"] / 2 < inside["y"] < low


def test_a_pointer_on_the_curve_reads_a_step_and_leaves_the_one_that_is_looked_at(lab: Page) -> None:
    value = lab.locator(".lab .curve .extent")
    box = lab.locator(".lab .curve svg").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    lab.mouse.move(box["x"] + box["width"] - 1, middle)
    expect(value).to_have_text(re.compile(r"^step 50: \d[\d.]*e−\d+$"))
    lab.mouse.move(box["x"] + 1, middle)
    expect(value).to_have_text("step 0: 28.92")
    expect(lab.locator(".lab .counter")).to_have_text("Steps made: 0 of 50")
    lab.mouse.move(0, 0)
    expect(value).to_have_text("28.92")
    expect(lab.locator(".lab .curve .axis")).to_have_text("step")


def test_a_click_on_a_weight_writes_its_gradient_out_and_stays_in_the_link(lab: Page) -> None:
    expect(lab.locator(".lab .sum .title")).to_contain_text("Gradient of w21")
    lab.get_by_label(re.compile("Learned kernel, row 2, column 3")).click()
    expect(lab.locator(".lab .sum .title")).to_contain_text("Gradient of w23")
    lab.wait_for_url(re.compile("learn_pick=kernel"))
    lab.keyboard.press("ArrowLeft")
    expect(lab.locator(".lab .sum .title")).to_contain_text("Gradient of w22")
    lab.wait_for_url(re.compile("learn_pick=kernel(%2C|,)4"))
    link = lab.url
    open_lab(lab, link)
    expect(lab.locator(".lab .sum .title")).to_contain_text("Gradient of w22")


def test_a_typed_target_is_what_the_descent_goes_to(lab: Page) -> None:
    lab.get_by_label("Target kernel, row 1, column 1", exact=True).fill("5")
    lab.get_by_role("button", name="The last step (End)").click()
    expect(lab.get_by_label(re.compile(r"Learned kernel, row 1, column 1: (5|4\.99\d*|5\.00\d*)$"))).to_be_visible()


def test_playing_reaches_the_end(page: Page, lab_url: str) -> None:
    lab = open_lab(page, f"{lab_url}/learn_a_kernel?learn_steps=6")
    lab.get_by_label("Speed", exact=True).select_option("very fast")
    lab.get_by_role("button", name=re.compile("Play")).click()
    expect(lab.locator(".lab .counter")).to_have_text("Steps made: 6 of 6")


def test_a_prediction_is_judged(page: Page, lab_url: str) -> None:
    lab = open_lab(page, f"{lab_url}/learn_a_kernel?learn_hide=true&learn_pick=kernel,3")
    expect(lab.locator(".lab .sum .result")).to_have_count(0)
    lab.get_by_label("What does w21 become in step 1?").fill("-0.97")
    lab.keyboard.press("Enter")
    expect(lab.get_by_text("−0.97 is the weight before the step.")).to_be_visible()


def test_pytorch_agrees_on_kernel_and_gradient(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/learn_a_kernel?learn_view=code&learn_step=7")
    wait_for_app(page)
    page.get_by_role("button", name="Check the learned kernel with PyTorch").click()
    expect(page.get_by_text(re.compile(r"PyTorch .* agrees"))).to_have_count(1, timeout=60_000)
    page.get_by_role("button", name="Check the gradient after 7 steps with PyTorch").click()
    expect(page.get_by_text(re.compile(r"PyTorch .* agrees"))).to_have_count(2, timeout=60_000)
