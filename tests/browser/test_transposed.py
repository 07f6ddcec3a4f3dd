"""The page of the transposed convolution under a learner's hands: stamps, sums, overlaps, predictions."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, wait_for_app
from tests.browser.grids import board, button, cell, field, numbers, open_link

pytestmark = pytest.mark.browser

ONES = "tr_input=1,1,1;1,1,1;1,1,1&tr_kernel=1,1,1;1,1,1;1,1,1"
LARGEST = "tr_input=" + ";".join(["1,2,3,4,5,6"] * 6) + "&tr_kernel=" + ";".join(["1,2,3,4,5"] * 5)


def open_page(page: Page, lab_url: str, query: str = "") -> None:
    open_link(page, f"{lab_url}/transposed?{query}")


def test_each_step_stamps_the_kernel_and_overlaps_add_up(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    rows = [["1", "2", "1"], ["2", "4", "2"], ["1", "2", "1"], [""] * 3, [""] * 3]
    expect(numbers(page, "Output")).to_have_text([text for row in rows for text in [*row, "", ""]])
    expect(board(page, "Output").locator(".cell.tap")).to_have_count(9)
    expect(cell(page, "Output", 0)).to_have_attribute("data-weight", "+1")
    button(page, "Step forward").click()
    expect(numbers(page, "Output").nth(2)).to_have_text("3")
    expect(cell(page, "Output", 2)).to_have_attribute("data-weight", "+2")
    expect(cell(page, "Kernel", 4)).to_have_attribute("data-weight", "×2")
    expect(page.locator(".lab .sum .title")).to_contain_text("Input row 1, column 2 holds 2")
    expect(page.locator(".lab .total")).to_contain_text("3 cells already hold numbers: 1 + 2 = 3")
    page.wait_for_url(re.compile("tr_step=1"))


def test_a_clicked_input_cell_becomes_the_step(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    field(page, "Input", 2, 2).click()
    expect(page.locator(".lab .counter")).to_have_text("Stamp 4 of 4")
    expect(numbers(page, "Output").nth(18)).to_have_text("16")
    field(page, "Input", 2, 2).fill("-1")
    expect(numbers(page, "Output").nth(18)).to_have_text("−4")
    expect(cell(page, "Output", 18)).to_have_attribute("data-weight", "−4")
    expect(field(page, "Input", 2, 2)).to_be_focused()


def test_show_all_shows_the_end_at_every_step(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    button(page, "Show all").click()
    expect(numbers(page, "Output").nth(24)).to_have_text("4")
    expect(page.locator(".lab .counter")).to_have_text("Stamp 1 of 4")
    page.wait_for_url(re.compile("tr_all=1"))


def test_pointing_at_an_output_cell_points_at_its_product(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "tr_step=3")
    cell(page, "Output", 18).hover()
    expect(page.locator(".lab .term.pointed")).to_have_count(1)
    expect(page.locator(".lab .term.pointed")).to_contain_text("4×4=16")
    page.locator(".lab .term").first.hover()
    expect(board(page, "Output").locator(".cell.pointed")).to_have_count(1)
    expect(cell(page, "Output", 12)).to_have_class(re.compile("pointed"))


def test_an_input_cell_that_is_a_part_of_all_products_points_at_none(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    cell(page, "Input", 0).hover()
    expect(page.locator(".lab .term.pointed")).to_have_count(0)
    cell(page, "Kernel", 4).hover()
    expect(page.locator(".lab .status")).to_have_text("The kernel's cell in row 2, column 2 is part of all 4 stamps.")


def test_cell_by_cell_names_the_products_that_meet(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    page.get_by_role("radio", name="Cell by cell").click()
    expect(page.locator(".lab .counter")).to_have_text("Step 1 of 25")
    cell(page, "Output", 12).click()
    expect(page.locator(".lab .result")).to_have_text("10")
    expect(page.locator(".lab .terms .row")).to_have_count(2)
    expect(board(page, "Input").locator(".cell.tap")).to_have_count(4)
    expect(board(page, "Kernel").locator(".cell.tap")).to_have_count(4)
    cell(page, "Output", 13).click()
    expect(page.locator(".lab .terms .row")).to_have_count(2)
    expect(page.locator(".lab .term")).to_have_count(2)
    cell(page, "Input", 1).hover()
    expect(board(page, "Output").locator(".cell.fed")).to_have_count(9)
    expect(page.locator(".lab .status")).to_contain_text("feeds 9 output cells")
    page.wait_for_url(re.compile("tr_way=gather.*tr_step=13|tr_step=13.*tr_way=gather"))


def test_a_prediction_is_asked_for_and_judged(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "tr_way=gather&tr_step=2")
    button(page, "Predict").click()
    guess = page.locator(".lab .guess")
    guess.fill("2")
    guess.press("Enter")
    expect(page.locator(".lab .status")).to_contain_text("stamps that overlap add up")
    expect(board(page, "Input").locator(".cell.hinted")).to_have_count(2)
    guess.fill("3")
    guess.press("Enter")
    expect(page.locator(".lab .status")).to_have_text("Right: it is 3.")
    expect(page.locator(".lab .result")).to_have_text("3")


def test_the_stamps_ask_for_no_prediction(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "tr_predict=1")
    expect(button(page, "Predict")).to_be_hidden()
    expect(numbers(page, "Output").first).to_have_text("1")


def test_the_overlaps_say_which_stamps_cover_a_cell(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, f"tr_view=overlaps&{ONES}")
    expect(numbers(page, "Stamps on each cell").nth(16)).to_have_text("4")
    expect(numbers(page, "Stamps on each cell")).to_have_count(49)
    cell(page, "Stamps on each cell", 16).click()
    expect(page.locator(".lab .sum .title")).to_have_text("Row 3, column 3: 4 stamps meet here")
    expect(board(page, "Input").locator(".cell.tap")).to_have_count(4)
    expect(cell(page, "Output", 16)).to_have_class(re.compile("tap"))
    expect(page.locator(".lab .upper > .note")).to_contain_text("a checkerboard")
    cell(page, "Input", 4).hover()
    expect(page.locator(".lab .status")).to_have_text("The stamp of the input in row 2, column 2 covers 9 cells.")
    expect(board(page, "Stamps on each cell").locator(".cell.fed")).to_have_count(9)


def test_what_padding_cuts_off_is_hatched(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "tr_padding=1")
    expect(board(page, "Output before the cut").locator(".cell.padding")).to_have_count(16)
    open_page(page, lab_url, "tr_padding=1&tr_view=overlaps")
    expect(board(page, "Stamps on each cell").locator(".cell.padding")).to_have_count(16)
    expect(numbers(page, "Output")).to_have_count(9)


def test_the_direct_convolution_slides_over_the_spread_input(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "tr_view=direct&tr_step=12&tr_kernel=1,2,3;4,5,6;7,8,9")
    expect(board(page, "Spread input").locator(".cell.padding")).to_have_count(45)
    expect(board(page, "Spread input").locator(".cell.tap")).to_have_count(9)
    expect(numbers(page, "Turned kernel")).to_have_text(list("987654321"))
    expect(page.locator(".lab .term.nothing")).to_have_count(5)
    # Unturned it would be 1*1 + 2*3 + 3*7 + 4*9 = 64.
    expect(page.locator(".lab .result")).to_have_text("36")
    field(page, "Kernel", 3, 3).fill("0")
    expect(numbers(page, "Turned kernel").first).to_have_text("0")


def test_a_setting_that_cannot_work_is_told_and_what_was_typed_stays(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "tr_padding=4")
    expect(page.locator(".lab .refusal").filter(visible=True)).to_contain_text(
        "Padding 4 cuts away the whole 5×5 output"
    )
    field(page, "Input", 1, 1).fill("7")
    page.wait_for_url(re.compile("tr_input=7"))
    expect(field(page, "Input", 1, 1)).to_have_value("7")


def test_a_preset_brings_its_numbers_and_settings(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    page.get_by_role("combobox", name="Preset").click()
    page.get_by_role("option", name="Output padding").click()
    expect(board(page, "Output before the cut").locator(".cell")).to_have_count(64)
    page.wait_for_url(re.compile("tr_output_padding=1"))


def test_a_link_opens_the_same_screen_elsewhere(new_page: Callable[..., Page], lab_url: str) -> None:
    first = new_page()
    open_page(first, lab_url, "tr_way=gather")
    field(first, "Input", 1, 1).fill("5")
    cell(first, "Output", 12).click()
    first.wait_for_url(re.compile("tr_step=12"))
    first.wait_for_url(re.compile("tr_input=5"))
    second = new_page()
    second.goto(first.url)
    wait_for_app(second)
    expect(second.locator(".lab .result")).to_have_text("14")
    expect(second.locator(".lab .counter")).to_have_text("Step 13 of 25")


def test_pytorch_agrees_with_both(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/transposed?tr_view=code")
    wait_for_app(page)
    for name in ("Check the stamps with PyTorch", "Check the convolution with PyTorch"):
        page.get_by_role("button", name=name).click()
        answer = page.get_by_text(re.compile("PyTorch .* agrees: all 25 cells"))
        expect(answer.last).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile("PyTorch .* agrees: all 25 cells"))).to_have_count(2)


def test_what_matters_fits_on_a_projector(page: Page, lab_url: str) -> None:
    for query in ("", "tr_way=gather", f"tr_view=overlaps&{ONES}", "tr_view=direct"):
        open_page(page, lab_url, query)
        for part in (".stage", ".player", ".sum .title"):
            box = page.locator(f".lab {part}").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 800


def test_on_a_phone_nothing_is_wider_than_the_screen(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    for query in ("", "tr_view=overlaps", "tr_view=direct", f"{LARGEST}&tr_stride=3&tr_dilation=2"):
        open_page(page, lab_url, query)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]
        box = field(page, "Input", 1, 1).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 30
