"""The channels page under a learner's hands: typing, depth, groups, predicting, a picture, memory, linking."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, wait_for_app
from tests.browser.grids import Lab, open_link

pytestmark = pytest.mark.browser

SMALL = "?ch_input=5|70|900&ch_kernel=1|1|1||1|2|1&ch_bias=1;0&ch_stride=1&ch_padding=0"
THIN = "?ch_input=1,2,3|10,20,30|100,200,300&ch_kernel=1,1|1,1&ch_bias=0&ch_stride=1&ch_padding=0"


def open_lab(page: Page, lab_url: str, query: str = "") -> Lab:
    return open_link(page, f"{lab_url}/channels{query}")


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def boards(page: Page, kind: str) -> Locator:
    return page.locator(f".lab .{kind} .head .name")


@pytest.fixture
def lab(page: Page, lab_url: str) -> Lab:
    return open_lab(page, lab_url)


def test_a_number_in_a_slice_changes_its_channels_sum_and_its_kernels_map(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, SMALL)
    lab.button("Show all").click()
    lab.expect_outputs(["976", "1045"])  # 5 + 70 + 900 + 1, 5 + 2*70 + 900
    lab.field("Kernel 2, slice 3", 1, 1).fill("2")
    lab.expect_outputs(["976", "1945"])
    lab.expect_in_link("ch_kernel", "1|1|1||1|2|2")
    lab.field("Bias", 2, 1).fill("-1/2")
    lab.output(1).hover()
    expect(page.locator(".sum .part")).to_have_text(["5", "140", "1800"])
    expect(page.locator(".sum .title")).to_have_text("Output 2, row 1, column 1")
    expect(lab.result).to_have_text("1944.5")


def test_the_window_lies_in_every_channel_on_the_slices_of_one_kernel(lab: Lab) -> None:
    expect(lab.page.locator(".lab .matrix[data-stack=input] .frame:visible")).to_have_count(3)
    expect(lab.page.locator(".lab .matrix[data-stack=kernel] .frame:visible")).to_have_count(3)
    expect(lab.field("Kernel 1, slice 1", 1, 1).locator("..")).to_have_class(re.compile("tap"))
    lab.output(9).click()
    expect(lab.counter).to_have_text("Step 10 of 18")
    expect(lab.field("Kernel 2, slice 3", 1, 1).locator("..")).to_have_class(re.compile("tap"))
    expect(lab.field("Kernel 1, slice 1", 1, 1).locator("..")).not_to_have_class(re.compile("tap"))


def test_an_input_cell_lights_up_where_it_goes_in_all_maps(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, SMALL)
    lab.field("Channel 2", 1, 1).hover()
    expect(page.locator(".lab .output .cell.fed")).to_have_count(2)
    expect(lab.status).to_contain_text("feeds 2 output cells, in all maps together")


def test_boards_sum_and_player_are_on_the_first_screen(lab: Lab) -> None:
    for locator in (lab.result, lab.page.locator(".lab .player"), lab.output(17)):
        box = locator.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 800


def test_another_channel_brings_slices_and_a_preset_brings_all_back(lab: Lab) -> None:
    choose(lab.page, "Channels", "4")
    expect(lab.field("Kernel 2, slice 4", 3, 3)).to_be_visible()
    expect(lab.page.locator(".sum .part")).to_have_count(4)
    expect(lab.page.get_by_text("2 × (3×3×4 + 1) = 74")).to_be_visible()
    choose(lab.page, "Kernels", "1")
    expect(lab.page.get_by_text("1 × (3×3×4 + 1) = 37")).to_be_visible()
    expect(boards(lab.page, "computed")).to_have_text(["Output 1"])
    choose(lab.page, "Preset", "Two kernels, stride 2")
    expect(lab.page.get_by_text("2 × (3×3×3 + 1) = 56")).to_be_visible()
    lab.page.wait_for_url(lambda url: "ch_kernel" not in url and "ch_input" not in url)


def test_a_thinner_kernel_moves_in_depth_and_says_why(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, THIN)
    expect(boards(page, "computed")).to_have_text(["Slice 1", "Slice 2"])
    lab.button("Show all").click()
    lab.expect_outputs(["33", "55", "330", "550"])
    expect(page.get_by_text("The kernel is 2 deep but the input has 3 channels")).to_be_visible()
    expect(
        page.get_by_text("expected input[1, 3, 1, 3] to have 2 channels, but got 3 channels instead")
    ).to_be_visible()
    lab.output(2).hover()
    expect(page.locator(".sum .section-title span:first-child").filter(has_text="Channel")).to_have_text(
        ["Channel 2", "Channel 3"]
    )
    choose(page, "Kernel depth", "3 (all)")
    expect(page.locator(".lab .computed .head .name")).to_have_text(["Output 1"])
    expect(page.get_by_text("The kernel is 2 deep")).to_have_count(0)


def test_groups_give_each_kernel_its_own_channels(lab: Lab) -> None:
    choose(lab.page, "Groups", "3 (each)")
    expect(lab.page.locator(".lab .computed .head .name")).to_have_text(["Output 1", "Output 2", "Output 3"])
    expect(lab.page.locator(".lab .matrix[data-stack=input] .frame:visible")).to_have_count(1)
    expect(lab.page.get_by_text("3 × (3×3×1 + 1) = 30")).to_be_visible()
    expect(lab.page.get_by_role("combobox", name="Kernel depth")).to_be_disabled()
    lab.expect_in_link("ch_groups", "3")


def test_a_prediction_that_forgets_channels_or_the_bias_is_told(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, SMALL)
    lab.button("Predict").click()
    guess = page.get_by_label("Your prediction for Output 1, row 1, column 1")
    guess.fill("70")
    guess.press("Enter")
    expect(lab.status).to_have_text("Channel 2 alone gives 70: add up the sums of all channels.")
    expect(page.locator(".sum .term.hinted")).to_have_count(2)
    guess.fill("975")
    guess.press("Enter")
    expect(lab.status).to_contain_text("Without the bias the sum is 975")
    guess.fill("976")
    guess.press("Enter")
    expect(lab.status).to_contain_text("Right: it is 976.")


def test_the_link_copied_right_after_typing_holds_the_kernels(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    lab = open_lab(page, lab_url, SMALL)
    lab.button(re.compile("Last cell")).click()
    lab.field("Kernel 2, slice 1", 1, 1).fill("7")
    expect(lab.result).to_have_text("1075")  # 7*5 + 2*70 + 900
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "ch_kernel=1|1|1||7|2|1" in link
    other = open_link(new_page(), link)
    expect(other.result).to_have_text("1075")
    expect(other.counter).to_have_text("Step 2 of 2")


def test_a_picture_is_taken_apart_and_a_pixel_written_out(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/channels?ch_view=picture&ch_photo=ship")
    wait_for_app(page)
    expect(page.locator(".channel-strip img")).to_have_count(4)
    page.get_by_text("Green", exact=True).first.click()
    expect(page.locator(".channel-strip figcaption").nth(1)).to_have_text("Green: off")
    expect(page).to_have_url(re.compile("ch_green=false"))
    output = page.locator(".pictures figure").nth(1).locator("canvas").first
    output.click(position={"x": 5, "y": 5})
    expect(page).to_have_url(re.compile(r"ch_pixel=0(,|%2C)0"))
    expect(page.locator(".part").nth(1)).to_contain_text("The products add up to 0.")
    expect(page.get_by_text("The channels and the bias:")).to_be_visible()
    page.get_by_text("By hand").click()
    expect(page.locator(".lab .player")).to_be_visible()
    page.get_by_text("On a picture").click()
    expect(page.locator(".channel-strip figcaption").nth(1)).to_have_text("Green: off")


def test_a_number_is_found_in_both_orders_of_memory(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?ch_view=memory")
    letters = page.locator(".matrix .cell[data-letter]").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell, '::after').content.replaceAll('\"', '')).join('')"
    )
    assert letters == "RRRRRRGGGGGGBBBBBB" + "RGB" * 6
    lab.field("Green", 1, 2).hover()
    expect(page.locator(".lab .cell.fed .number")).to_have_text(["21", "21"])
    page.get_by_label("(H, W, C) in memory, row 1, column 6: 22").hover()
    expect(lab.field("Blue", 1, 2).locator("..")).to_have_class(re.compile("tap"))
    lab.field("Red", 1, 1).fill("7")
    expect(page.get_by_label("(H, W, C) in memory, row 1, column 1: 7", exact=True)).to_be_visible()
    lab.expect_in_link("ch_memory_pixels", "7,20,30;40,50,60|11,21,31;41,51,61|12,22,32;42,52,62")


@pytest.mark.parametrize("query", ["", THIN], ids=["conv2d", "conv3d"])
def test_pytorch_agrees(page: Page, lab_url: str, query: str) -> None:
    page.goto(f"{lab_url}/channels{query or '?'}&ch_view=code")
    wait_for_app(page)
    page.get_by_role("button", name="Check with PyTorch").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("cells are equal, to the last digit", timeout=60_000)


def test_on_a_phone_each_channel_stands_with_its_slices(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    lab = open_lab(page, lab_url)
    first, slice_, second = (
        lab.field(name, 1, 1).bounding_box() for name in ("Channel 1", "Kernel 1, slice 1", "Channel 2")
    )
    assert first
    assert slice_
    assert second
    assert first["y"] < slice_["y"] < second["y"]
    assert slice_["width"] >= 30
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


def test_a_filled_screen_survives_a_visit_elsewhere(lab: Lab) -> None:
    lab.field("Channel 1", 1, 1).fill("9")
    lab.expect_in_link(
        "ch_input",
        "9,1,0,2,1;0,0,1,0,1;2,1,2,1,2;0,1,2,2,0;2,1,1,2,0|"
        "0,0,0,0,2;0,1,0,0,1;2,2,1,2,2;1,2,1,1,2;0,2,0,2,1|"
        "0,1,1,2,0;2,0,1,2,1;1,1,2,1,2;2,1,2,1,1;2,1,1,0,1",
    )
    lab.page.get_by_text("What it costs").click()
    expect(lab.page.get_by_text("multiplications", exact=True)).to_be_visible()
    lab.page.get_by_text("By hand").click()
    expect(lab.field("Channel 1", 1, 1)).to_have_value("9")
    menu = lab.page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name="Output shape").click()
    expect(lab.page.get_by_role("heading", level=1, name="Output shape", exact=True)).to_be_visible()
    menu.get_by_role("link", name="Channels").click()
    expect(lab.field("Channel 1", 1, 1)).to_have_value("9")
