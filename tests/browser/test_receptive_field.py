"""The receptive-field page in a browser: units clicked and walked to, layers edited in place, and the link."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, case, wait_for_app

pytestmark = pytest.mark.browser

DILATED = "?layers=c3d2,c3d2,c3d2&reach_size=17&reach_photo=none"
VGG = "?layers=c3p1,c3p1,p2,c3p1,c3p1,p2,c3p1,c3p1&unit=8,1,4"


def open_page(page: Page, lab_url: str, query: str = "") -> None:
    page.goto(f"{lab_url}/receptive_field{query}")
    wait_for_app(page)
    expect(told(page)).not_to_be_empty()


def told(page: Page) -> Locator:
    return page.locator(".map .told")


def drawing(page: Page, index: int) -> Locator:
    return page.locator(f".map figure[data-plane='{index}'] svg")


def row(page: Page, number: int) -> Locator:
    return page.locator(".layers tbody tr[data-row]:not(.details)").nth(number - 1)


def setting(page: Page, name: str, number: int) -> Locator:
    return page.get_by_label(f"{name} of layer {number}", exact=True)


def field(page: Page, number: int) -> Locator:
    return row(page, number).locator(".field")


def click_unit(page: Page, index: int, row: int, column: int, size: int) -> None:
    box = drawing(page, index).locator("rect.border").bounding_box()
    assert box
    cell = box["width"] / size
    page.mouse.click(box["x"] + (column + 0.5) * cell, box["y"] + (row + 0.5) * cell)


def test_a_clicked_unit_shows_its_region_down_to_the_pixels_and_stands_in_the_link(
    new_page: Callable[..., Page], lab_url: str
) -> None:
    first = new_page()
    open_page(first, lab_url)
    expect(told(first)).to_contain_text("row 6, column 6 of layer 3 sees rows 11 to 24 and columns 11 to 24")
    click_unit(first, 4, 0, 2, 5)
    first.mouse.move(5, 5)
    expect(told(first)).to_have_text(
        "The unit in row 1, column 3 of layer 4 sees rows 1 to 16 and columns 9 to 24 of the input: 16 × 16 pixels."
    )
    expect(drawing(first, 0).locator(".span")).to_have_count(1)
    expect(drawing(first, 4).locator(".unit")).to_have_count(1)
    expect(drawing(first, 5).locator("g *")).to_have_count(0)
    expect(first).to_have_url(re.compile(r"unit=4(,|%2C)0(,|%2C)2"))
    second = new_page()
    second.goto(first.url)
    wait_for_app(second)
    expect(told(second)).to_contain_text("The unit in row 1, column 3 of layer 4")


def test_pointing_at_a_unit_is_enough_to_see_what_it_sees(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    drawing(page, 1).hover(position={"x": 6, "y": 6})
    expect(told(page)).to_contain_text("The unit in row 1, column 1 of layer 1 sees rows 1 to 5")
    page.mouse.move(5, 5)
    expect(told(page)).to_contain_text("The unit in row 6, column 6 of layer 3")


def test_arrow_keys_walk_from_unit_to_unit_and_from_layer_to_layer(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    drawing(page, 3).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(told(page)).to_contain_text("The unit in row 5, column 7 of layer 3")
    page.keyboard.press("Home")
    expect(told(page)).to_contain_text("The unit in row 1, column 1 of layer 3 sees rows 1 to 14")
    page.keyboard.press("PageDown")
    expect(told(page)).to_contain_text("of layer 2")
    expect(drawing(page, 2)).to_be_focused()
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    expect(told(page)).to_contain_text("of layer 4")
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("The unit in row 5, column 5 of layer 4 sees rows 17 to 32")


def test_holes_and_padding_are_drawn(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, DILATED)
    expect(told(page)).to_contain_text("Only 49 of these 169 have a path to it")
    cells = drawing(page, 0).locator(".region").get_attribute("d")
    assert cells
    assert cells.count("z") == 49
    open_page(page, lab_url, VGG)
    expect(told(page)).to_contain_text("sees rows −9 to 22 and columns 3 to 34")
    expect(told(page)).to_contain_text("Only 660 of these 1,024 have a path to it")
    expect(told(page)).to_contain_text("(The input's first pixel is 1; smaller numbers lie in the padding.)")
    expect(page.locator(".map .legend")).to_contain_text("beyond the map: padding")


def test_from_the_side_the_paths_are_lines(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, DILATED + "&reach_view=side")
    side = page.locator(".map svg.side")
    expect(side.locator("circle.on")).to_have_count(1 + 3 + 5 + 7)
    expect(side.locator("text.size")).to_have_text("13 pixels")
    side.focus()
    page.keyboard.press("ArrowLeft")
    expect(told(page)).to_contain_text("Unit 2 of layer 3 sees pixels 2 to 14")
    page.keyboard.press("ArrowDown")
    expect(side.locator("text.size")).to_have_text("9 pixels")
    dot = side.locator("circle").nth(17)  # the first of layer 1, after the input's
    box = dot.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(5, 5)
    expect(told(page)).to_contain_text("Unit 1 of layer 1 sees pixels 1 to 5")


def test_a_layer_is_edited_in_place(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    kernel = setting(page, "Kernel", 1)
    kernel.fill("3")
    expect(field(page, 1)).to_have_text("3 = 1 + (3 − 1)·1")
    expect(field(page, 3)).to_have_text("12 = 4 + (5 − 1)·2")
    expect(kernel).to_be_focused()
    expect(page).to_have_url(re.compile(r"layers=c3(,|%2C)p2(,|%2C)c5"))
    setting(page, "Layer", 2).select_option("conv")
    expect(row(page, 2).locator(".jump")).to_have_text("1")
    setting(page, "Dilation", 2).press("ArrowUp")
    expect(field(page, 2)).to_have_text("5 = 3 + (3 − 1)·1")


def test_layers_are_added_moved_and_removed(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?layers=c3,p2&reach_size=20")
    page.get_by_role("button", name="+ Convolution").click()
    expect(field(page, 3)).to_have_text("8 = 4 + (3 − 1)·2")
    # Whoever looked at the last layer looks at the new one.
    expect(told(page)).to_contain_text("of layer 3")
    page.get_by_label("Move layer 3 up").click()
    expect(page.get_by_label("Move layer 2 up")).to_be_focused()
    expect(field(page, 3)).to_have_text("6 = 5 + (2 − 1)·1")
    page.get_by_label("Remove layer 1").click()
    expect(row(page, 3)).to_have_count(0)
    expect(field(page, 2)).to_have_text("4 = 3 + (2 − 1)·1")
    page.get_by_role("button", name="+ Pooling").click()
    page.get_by_role("button", name="+ Pooling").click()
    expect(page.locator(".layers td.output")).to_have_text(["18×18", "9×9", "4×4", "2×2"])


def test_a_layer_is_added_at_the_end_whichever_is_looked_at(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    expect(row(page, 3)).to_have_class(re.compile("selected"))
    page.get_by_role("button", name="+ Pooling").click()
    expect(page).to_have_url(re.compile(r"layers=c5(,|%2C)p2(,|%2C)c5(,|%2C)p2(,|%2C)c5(,|%2C)p2"))
    expect(setting(page, "Layer", 6)).to_have_value("pool")


def test_quick_edits_are_not_undone_by_slow_answers(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?layers=c3&reach_size=40")
    for _ in range(7):
        page.get_by_role("button", name="+ Convolution").click()
    expect(page.get_by_role("button", name="+ Convolution")).to_be_disabled()
    expect(page.locator(".layers")).to_contain_text("At most 8 layers.")
    expect(field(page, 8)).to_have_text("17 = 15 + (3 − 1)·1")


def test_the_sums_of_a_layer_are_shown_on_demand(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    page.get_by_label("Show the sums of layer 3").click()
    steps = page.locator(".layers tr.details")
    expect(steps).to_contain_text("output: (14 + 2·0 − 5) + 1 = 10")
    expect(steps).to_contain_text("receptive field: 6 + (5 − 1)·2 = 14")
    expect(steps).to_contain_text("start: 1 − 0·2 = 1")
    page.get_by_label("Show the sums of layer 3").click()
    expect(steps).to_have_count(0)


def test_a_layer_that_does_not_fit_says_so_at_its_row(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    setting(page, "Kernel", 5).fill("7")
    trouble = page.locator(".layers tr.problem")
    expect(trouble).to_contain_text("Layer 5 (conv 7×7) does not fit. A kernel of 7 does not fit into 5 pixels")
    expect(field(page, 5)).to_have_text("–")
    expect(field(page, 4)).to_have_text("16 = 14 + (2 − 1)·2")
    setting(page, "Padding", 5).fill("1")
    expect(trouble).to_have_count(0)
    expect(field(page, 5)).to_have_text("40 = 16 + (7 − 1)·4")


def test_a_number_that_cannot_be_used_is_taken_back_in_words(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    kernel = setting(page, "Kernel", 2)
    trouble = page.locator(".layers tr.problem")
    for typed, told_as, stride in (
        ("99", "be 99", "1"),
        ("-1", "be −1", "2"),
        ("2.5", "be 2.5", "1"),
        ("", "be empty", "2"),
    ):
        with case(repr(typed)):
            kernel.fill(typed)
            kernel.press("Enter")
            expect(trouble).to_have_text(
                f"Kernel of layer 2 cannot {told_as}: it is a whole number from 1 to 11. It stays 2."
            )
            expect(kernel).to_have_value("2")
            expect(kernel).to_be_focused()
            expect(field(page, 2)).to_have_text("6 = 5 + (2 − 1)·1")
            setting(page, "Stride", 2).fill(stride)
            expect(trouble).to_have_count(0)
    setting(page, "Dilation", 2).fill("0")
    setting(page, "Dilation", 2).press("Enter")
    expect(trouble).to_contain_text("Dilation of layer 2 cannot be 0: it is a whole number from 1 to 8.")
    page.get_by_role("button", name="LeNet-5").click()
    expect(trouble).to_have_count(0)


def test_a_prediction_uncovers_what_was_hidden(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?reach_hide=true")
    expect(drawing(page, 0).locator(".span")).to_have_count(0)
    expect(field(page, 3)).to_have_text("?")
    expect(page.get_by_label("Show the sums of layer 3")).to_be_disabled()
    answer = page.get_by_role("textbox", name="How many pixels wide is the area that layer 3")
    answer.fill("10")
    answer.press("Enter")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("The jump is forgotten")
    answer.fill("14")
    answer.press("Enter")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Right: 6 + (5 − 1)·2 = 14.")
    expect(drawing(page, 0).locator(".span")).to_have_count(1)


def test_theory_and_practice_are_measured_on_demand(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?reach_part=effective")
    page.get_by_role("button", name="Measure with PyTorch").click()
    expect(page.locator(".js-plotly-plot").last).to_contain_text("Trained on CIFAR-10", timeout=60_000)
    expect(page.get_by_text("The dashed middle is 33 % of the receptive field")).to_be_visible()


@pytest.mark.parametrize("query", ["", VGG + "&reach_view=side", DILATED])
def test_on_a_phone_nothing_is_cut_off(new_page: Callable[..., Page], lab_url: str, query: str) -> None:
    page = new_page(viewport=PHONE)
    open_page(page, lab_url, query)
    for part in (".map .stage svg", ".layers tbody tr, .layers .add button"):
        for one in page.locator(part).all():
            box = one.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"] + 1
