"""The pooling page under a learner's hands: stepping, ties, the gradient's way, predictions, shifts, a picture."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, wait_for_app
from tests.browser.grids import board, button, field, numbers, open_link

pytestmark = pytest.mark.browser

TIES = "pool_input=5,5,0,0;5,5,0,7;2,3,4,4;3,1,4,1"
SPOTS = "pool_input=0,0,0,0,0,0;0,9,0,0,0,0;0,0,0,0,0,0;0,0,0,0,9,0;0,0,0,0,0,0;0,0,0,0,0,0"


def open_page(page: Page, lab_url: str, query: str = "") -> None:
    open_link(page, f"{lab_url}/pooling?{query}")


def test_each_step_frames_its_window_and_marks_the_cell_that_won(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    expect(numbers(page, "Output")).to_have_text(["6", "", "", ""])
    expect(board(page, "Input").locator(".cell.tap")).to_have_count(4)
    expect(board(page, "Input").locator(".cell.won")).to_have_count(1)
    expect(page.locator(".lab .term.won")).to_have_text("6")
    button(page, "Step forward").click()
    expect(numbers(page, "Output")).to_have_text(["6", "5", "", ""])
    expect(page.locator(".lab .term.won")).to_have_text("5")
    expect(page.locator(".lab .sum .title")).to_have_text("Output row 1, column 2: the largest number of the window")
    expect(page.locator(".lab .total")).to_contain_text("The largest is")
    expect(page.locator(".lab .result")).to_have_text("5")


def test_a_typed_number_can_win(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    field(page, "Input", 1, 1).fill("9")
    expect(page.locator(".lab .result")).to_have_text("9")
    expect(page.locator(".lab .term.won")).to_have_text("9")
    page.wait_for_url(re.compile("pool_input=9(%2C|,)3"))


def test_a_tie_is_marked_and_said(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, TIES)
    expect(board(page, "Input").locator(".cell.won")).to_have_count(1)
    expect(board(page, "Input").locator(".cell.tied")).to_have_count(3)
    expect(page.locator(".lab .term.tied")).to_have_count(3)
    expect(page.locator(".lab .total")).to_contain_text("A tie: 4 cells hold it. The first in reading order is taken")


def test_the_gradient_fills_with_the_steps_and_show_all_shows_all_of_it(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, TIES)
    page.get_by_text("Send a gradient back").click()
    gradient = numbers(page, "Gradient")
    expect(gradient).to_have_text(["1"] + ["0"] * 15)
    button(page, "Step forward").click()
    expect(gradient).to_have_text(["1"] + ["0"] * 6 + ["1"] + ["0"] * 8)
    expect(board(page, "Gradient").locator(".cell.tap")).to_have_count(1)
    expect(page.locator(".lab .total")).to_contain_text("The gradient of 1 goes to row 2, column 4 alone.")
    page.locator(".lab").get_by_role("button", name="Show all").click()
    expect(gradient).to_have_text(["1", "0", "0", "0", "0", "0", "0", "1", "0", "1", "1", "0", "0", "0", "0", "0"])
    page.wait_for_url(re.compile("pool_gradient=true"))


def test_gradients_of_overlapping_windows_add_up(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "pool_input=0,0,0;0,8,0;0,0,0&pool_stride=1&pool_gradient=true&pool_all=1")
    expect(numbers(page, "Gradient")).to_have_text(["0"] * 4 + ["4"] + ["0"] * 4)


def test_a_prediction_gives_nothing_away_and_is_explained(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, f"{TIES}&pool_gradient=true")
    page.locator(".lab").get_by_role("button", name="Predict").click()
    expect(numbers(page, "Gradient")).to_have_text([""] * 16)
    expect(board(page, "Gradient").locator(".cell.tap")).to_have_count(0)
    expect(page.locator(".lab .cell.won, .lab .cell.tied, .lab .term.won, .lab .term.tied")).to_have_count(0)
    expect(page.locator(".lab .total")).not_to_contain_text("tie")
    guess = page.get_by_label("Your prediction for Output, row 1, column 1")
    guess.fill("20")
    guess.press("Enter")
    expect(page.locator(".lab .status")).to_have_text(
        "20 is the sum of the window: max pooling keeps its largest number."
    )
    guess.fill("5")
    guess.press("Enter")
    expect(page.locator(".lab .status")).to_contain_text("Right: it is 5.")
    expect(board(page, "Input").locator(".cell.won")).to_have_count(1)
    expect(numbers(page, "Gradient").first).to_have_text("1")


def test_the_mean_writes_sum_and_divisor_and_dilation_sleeps(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    page.get_by_role("radio", name="Average").click()
    expect(page.locator(".lab .result")).to_have_text("3.5")
    expect(page.locator(".lab .total")).to_have_text(re.compile(r"Sum\s*14\s*÷ 4 =\s*3.5"))
    expect(page.get_by_role("slider", name="Dilation")).to_be_disabled()
    page.wait_for_url(re.compile("pool_kind=avg"))


def test_ceil_draws_what_the_windows_reach_beyond_and_says_what_it_changes(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "pool_input=1,2,3;4,5,6;7,8,9&pool_step=1")
    expect(page.locator(".lab .upper > .note")).to_contain_text("Without ceil the output is 1 × 1")
    page.get_by_text("Ceil", exact=True).click()
    expect(page.locator(".lab .upper > .note")).to_have_text(
        "With ceil the output is 2 × 2, without it 1 × 1. The windows in its last row and column reach beyond the"
        " input."
    )
    expect(board(page, "Input").locator(".cell.beyond")).to_have_count(7)
    button(page, "Step forward").click()
    expect(page.locator(".lab .result")).to_have_text("6")
    expect(page.locator(".lab .term.beyond")).to_have_count(2)
    board(page, "Input").locator(".cell.beyond").first.hover()
    expect(page.locator(".lab .status")).to_have_text("Nothing is here: the window reaches beyond the padded input.")


def test_the_padding_of_a_maximum_is_minus_infinity(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "pool_input=-3,-1;-5,-2&pool_padding=1")
    expect(board(page, "Input").locator(".cell.padding")).to_have_text(["−∞"] * 12)
    expect(page.locator(".lab .term")).to_have_text(["−∞", "−∞", "−∞", "−3"])
    expect(page.locator(".lab .result")).to_have_text("−3")


def test_a_setting_that_cannot_work_says_so_and_leaves_the_input_to_type_in(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "pool_padding=2")
    expect(page.locator(".lab .refusal")).to_have_text(
        "Padding 2 is more than half of the 2×2 window: use padding <= 1 or a larger window."
    )
    field(page, "Input", 1, 1).fill("8")
    page.wait_for_url(re.compile("pool_input=8"))


def test_a_preset_brings_its_settings_along(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "pool_kind=avg")
    page.get_by_role("combobox", name=re.compile("Preset")).click()
    page.get_by_role("option", name="5×5, rounded up").click()
    expect(field(page, "Input", 5, 5)).to_have_value("9")
    expect(page.get_by_text("Rounded down, the last row and column are dropped")).to_be_visible()
    expect(board(page, "Output").locator(".extent")).to_have_text("3 × 3")
    expect(page.get_by_role("radio", name="Maximum")).to_be_checked()
    field(page, "Input", 1, 1).fill("2")
    expect(page.get_by_text("Rounded down, the last row and column are dropped")).to_have_count(0)


def test_a_shift_marks_what_stays_in_two_pairs(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, f"pool_view=shift&{SPOTS}")
    expect(page.locator(".lab .upper > .note")).to_have_text(
        "Without pooling 32 of 36 numbers stay the same (88.9 %), with pooling 7 of 9 (77.8 %)."
    )
    for title, same in [("Input", 32), ("Shifted input", 32), ("Output", 7), ("Output after the shift", 7)]:
        expect(board(page, title).locator(".cell.same")).to_have_count(same)
    expect(page.locator(".lab .total")).to_have_text("The output changes from 9 to 0.")
    board(page, "Output").locator(".cell").nth(5).click()
    expect(page.locator(".lab .total")).to_have_text("The output stays 9.")
    expect(board(page, "Shifted input").locator(".cell.tap")).to_have_count(4)
    expect(board(page, "Output after the shift").locator(".cell.tap")).to_have_count(1)
    page.get_by_role("radio", name="↓").click()
    expect(page.locator(".lab .total")).to_have_text("The output changes from 9 to 0.")
    page.wait_for_url(re.compile("pool_shift=down"))
    field(page, "Input", 4, 5).fill("0")
    expect(page.locator(".lab .total")).to_have_text("The output stays 0.")


def test_the_step_is_kept_from_part_to_part(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "pool_predict=1&pool_step=2")
    page.get_by_role("radio", name="Shift by one").click()
    expect(page.locator(".lab .counter")).to_have_text("Step 3 of 4")
    expect(numbers(page, "Output")).to_have_text(["6", "5", "3", "4"])
    button(page, "Step forward").click()
    page.wait_for_url(re.compile("pool_step=3"))
    page.get_by_role("radio", name="By hand").click()
    expect(page.locator(".lab .counter")).to_have_text("Step 4 of 4")
    expect(page.get_by_label("Your prediction for Output, row 2, column 2")).to_be_visible()


def test_the_link_shows_the_same_in_another_browser(new_page: Callable[..., Page], lab_url: str) -> None:
    first = new_page()
    open_page(first, lab_url, f"{TIES}&pool_kind=avg&pool_rows=3&pool_padding=1&pool_ceil=true&pool_gradient=true")
    field(first, "Input", 1, 1).fill("1/3")
    board(first, "Output").locator(".cell").nth(3).click()
    # The numbers follow the step into the address, once the typing rests.
    first.wait_for_url(re.compile("pool_step=3"))
    first.wait_for_url(re.compile("pool_input=0.333"))
    wait_for_app(first)
    second = new_page()
    second.goto(first.url)
    wait_for_app(second)
    expect(field(second, "Input", 1, 1)).to_have_value("1/3")
    for title in ("Output", "Gradient"):
        expect(numbers(second, title)).to_have_text(numbers(first, title).all_inner_texts())
    expect(second.locator(".lab .total")).to_have_text(first.locator(".lab .total").inner_text().replace("\n", ""))


def test_a_photograph_is_pooled_and_a_pixels_window_is_shown(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/pooling?pool_view=picture&pool_photo=frog&pool_photo_pixel=8,8&pool_photo_channels=grey")
    wait_for_app(page)
    pair = page.locator(".pictures[data-shown]")
    expect(pair).to_have_attribute("data-pixel", "8,8")
    expect(page.locator("table.window td")).to_have_count(4)
    before = pair.get_attribute("data-shown")
    page.locator(".pictures .frame").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("pool_photo_pixel=8(%2C|,)9"))
    expect(page.locator("p.total")).to_have_text("The largest is 182.")
    cells = page.locator("table.window td").all_inner_texts()
    assert max(map(int, cells)) == 182
    expect(page.locator("table.window td.won")).to_have_text(["182"])
    page.get_by_role("radio", name="Average").click()
    expect(page.locator("p.total")).to_contain_text("÷ 4 =")
    assert pair.get_attribute("data-shown") != before


def test_pytorch_agrees_on_output_and_gradient(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/pooling?pool_view=code&{TIES}")
    wait_for_app(page)
    page.get_by_role("button", name="Check the gradient with PyTorch").click()
    expect(page.get_by_text(re.compile("PyTorch .* agrees: all 16 cells"))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Check the output with PyTorch").click()
    expect(page.get_by_text(re.compile("PyTorch .* agrees: all 4 cells"))).to_be_visible(timeout=60_000)


def test_what_matters_fits_on_a_projector(page: Page, lab_url: str) -> None:
    for query in ("pool_gradient=true", f"pool_view=shift&{SPOTS}"):
        open_page(page, lab_url, query)
        for part in (".stage", ".player"):
            box = page.locator(f".lab {part}").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 800


def test_on_a_phone_nothing_is_wider_than_the_screen(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    for query in ("pool_gradient=true", f"pool_view=shift&{SPOTS}", "pool_kind=avg&pool_rows=4&pool_columns=4"):
        open_page(page, lab_url, query)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]
        box = field(page, "Input", 1, 1).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 30
