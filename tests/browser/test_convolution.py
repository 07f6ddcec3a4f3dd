"""The convolution page under a learner's hands: typing, pasting, stepping, playing, predicting, linking."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from cnnlab import lecture
from tests.browser.axe import AT_REST, ground
from tests.browser.conftest import PHONE, case, wait_for_app
from tests.browser.grids import Lab, open_link

pytestmark = pytest.mark.browser

PASTE = """(field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", text);
    const reach = { bubbles: true, cancelable: true, composed: true };
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, ...reach }));
}"""

ZEROS = "0,0,0;0,0,0;0,0,0"
ALL_OUTPUTS = [str(total) for total in lecture.OUTPUT.ravel()]


def paste_at(field: Locator, block: str) -> None:
    field.focus()
    field.evaluate(PASTE, block)


def open_lab(page: Page, lab_url: str, query: str = "") -> Lab:
    return open_link(page, f"{lab_url}/convolution{query}")


@pytest.fixture
def lab(page: Page, lab_url: str) -> Lab:
    return open_lab(page, lab_url)


def test_a_typed_number_changes_the_sum(lab: Lab) -> None:
    expect(lab.result).to_have_text("27")
    lab.field("Kernel", 1, 1).fill("10")
    expect(lab.result).to_have_text("37")
    lab.field("Input", 1, 1).fill("-0,5")
    expect(lab.result).to_have_text("22")
    lab.field("Kernel", 1, 1).fill("1/2")
    expect(lab.result).to_have_text("26.75")


def test_what_is_typed_fast_is_not_lost(lab: Lab) -> None:
    lab.field("Kernel", 1, 1).click()
    for number in "123456789":
        lab.page.keyboard.type(number)
        lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Escape")
    values = [lab.field("Kernel", row, column).input_value() for row in (1, 2, 3) for column in (1, 2, 3)]
    assert values == list("123456789")
    expect(lab.result).to_have_text("159")  # 1*1 + 2*2 + 3*3, 4*2 + 5*3 + 6*4, 7*3 + 8*4 + 9*5: 14 + 47 + 98
    lab.expect_in_link("kernel", "1,2,3;4,5,6;7,8,9")


def test_an_invalid_cell_is_marked_says_why_and_keeps_its_value(lab: Lab) -> None:
    field = lab.field("Kernel", 1, 2)
    field.fill("many")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(lab.status).to_contain_text("'many' is not a number")
    expect(lab.status).to_contain_text("the cell counts as 1")
    expect(lab.result).to_have_text("27")
    field.press("Escape")
    expect(field).to_have_value("1")
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_arrows_and_enter_move_between_cells(lab: Lab) -> None:
    lab.field("Input", 2, 2).focus()
    for key, row, column in [
        ("ArrowRight", 2, 3),
        ("ArrowDown", 3, 3),
        ("ArrowLeft", 3, 2),
        ("ArrowUp", 2, 2),
        ("Enter", 3, 2),
        ("Shift+Enter", 2, 2),
    ]:
        lab.page.keyboard.press(key)
        expect(lab.field("Input", row, column)).to_be_focused()


def test_tab_moves_on_to_the_next_cell_while_somebody_types(lab: Lab) -> None:
    lab.field("Input", 2, 2).focus()
    for key, row, column in [("Tab", 2, 3), ("Tab", 2, 4), ("Shift+Tab", 2, 3)]:
        lab.page.keyboard.type("1")
        lab.page.keyboard.press(key)
        expect(lab.field("Input", row, column)).to_be_focused()
    lab.field("Input", 1, 5).focus()
    lab.page.keyboard.type("1")
    lab.page.keyboard.press("Tab")
    expect(lab.field("Input", 2, 1)).to_be_focused()
    lab.page.keyboard.type("1")
    lab.page.keyboard.press("Shift+Tab")
    expect(lab.field("Input", 1, 5)).to_be_focused()


def test_a_grid_is_one_stop_for_tab(lab: Lab) -> None:
    lab.field("Input", 2, 2).focus()
    lab.page.keyboard.press("Tab")
    expect(lab.size("Kernel", "rows")).to_be_focused()
    lab.page.keyboard.press("Shift+Tab")
    expect(lab.field("Input", 2, 2)).to_be_focused()
    lab.page.keyboard.press("Shift+Tab")
    expect(lab.size("Input", "columns")).to_be_focused()


def test_escape_lets_tab_leave_a_grid(lab: Lab) -> None:
    lab.field("Input", 1, 1).focus()
    lab.page.keyboard.type("3")
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("Tab")
    expect(lab.size("Kernel", "rows")).to_be_focused()


def test_a_block_is_pasted(lab: Lab) -> None:
    blocks = {
        "spreadsheet": "1\t2\t3\n4\t5\t6\n7\t8\t9\n",
        "link": "1,2,3;4,5,6;7,8,9",
        "spaces": "1 2 3\n4 5 6\n7 8 9",
        "full width": "１，２，３\n４、５、６\n７，８，９",
        "wide spaces": "１　２　３\n４　５　６\n７　８　９",
        "list": "[[1, 2, 3],\n [4, 5, 6],\n [7, 8, 9]]",
        "tensor": "tensor([[1., 2., 3.],\n        [4., 5., 6.],\n        [7., 8., 9.]], dtype=torch.float64)",
    }
    for name, block in blocks.items():
        with case(name):
            paste_at(lab.field("Kernel", 1, 1), ZEROS)
            lab.expect_in_link("kernel", ZEROS)
            paste_at(lab.field("Kernel", 1, 1), block)
            lab.expect_in_link("kernel", "1,2,3;4,5,6;7,8,9")


def test_a_block_with_decimal_commas_is_pasted(lab: Lab) -> None:
    for block in ("0,5\t1,5\r\n-2,5\t3\r\n", "0,5 1,5\n-2,5 3", "0,5;1,5\n-2,5;3"):
        with case(repr(block)):
            paste_at(lab.field("Kernel", 2, 2), "9 9\n9 9")
            lab.expect_in_link("kernel", "0,1,2;3,9,9;1,9,9")
            paste_at(lab.field("Kernel", 2, 2), block)
            lab.expect_in_link("kernel", "0,1,2;3,0.5,1.5;1,-2.5,3")


def test_a_block_that_is_too_large_is_clipped_and_says_so(lab: Lab) -> None:
    paste_at(lab.field("Kernel", 2, 2), "7\t7\t7\n7\t7\t7\n7\t7\t7")
    lab.expect_in_link("kernel", "0,1,2;3,7,7;1,7,7")  # by then Python has answered, and the sentence still stands
    expect(lab.status).to_contain_text("The pasted block is 3 × 3. Only 2 × 2 of it fit")


def test_the_address_holds_the_step_again_when_the_menu_leads_back(lab: Lab) -> None:
    lab.button(re.compile("Last cell")).click()
    lab.button("Show all").click()
    lab.expect_in_link("step", "8")
    menu = lab.page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name="Output shape").click()
    expect(lab.page.get_by_role("heading", level=1, name="Output shape")).to_be_visible()
    menu.get_by_role("link", name="Convolution", exact=True).click()
    lab.expect_in_link("step", "8")
    lab.expect_in_link("all", "1")


def test_stepping_fills_the_output_cell_by_cell(lab: Lab) -> None:
    lab.expect_outputs(["27"] + [""] * 8)
    lab.button(re.compile("Step forward")).click()
    lab.expect_outputs(["27", "36"] + [""] * 7)
    expect(lab.counter).to_have_text("Step 2 of 9")
    expect(lab.result).to_have_text("36")
    lab.button(re.compile("Step back")).click()
    lab.expect_outputs(["27"] + [""] * 8)
    lab.button(re.compile("Last cell")).click()
    lab.expect_outputs(ALL_OUTPUTS)
    lab.button(re.compile("First cell")).click()
    expect(lab.counter).to_have_text("Step 1 of 9")


def test_the_keyboard_steps_from_the_output(lab: Lab) -> None:
    lab.output(0).focus()
    for key, step in [("ArrowRight", 2), ("ArrowDown", 5), ("End", 9), ("ArrowUp", 6), ("Home", 1), ("PageDown", 2)]:
        lab.page.keyboard.press(key)
        expect(lab.counter).to_have_text(f"Step {step} of 9")
        expect(lab.output(step - 1)).to_be_focused()


def test_the_arrow_keys_step_after_a_click_on_the_output(lab: Lab) -> None:
    lab.output(0).click()
    for step in (2, 3, 4):
        lab.page.keyboard.press("ArrowRight")
        expect(lab.counter).to_have_text(f"Step {step} of 9")


def test_the_slider_and_its_keys_step(lab: Lab) -> None:
    lab.slider.fill("6")
    expect(lab.counter).to_have_text("Step 7 of 9")
    lab.slider.focus()
    lab.page.keyboard.press("End")
    expect(lab.counter).to_have_text("Step 9 of 9")
    lab.page.keyboard.press("Home")
    expect(lab.counter).to_have_text("Step 1 of 9")
    expect(lab.slider).to_have_attribute("aria-valuetext", "Step 1 of 9")


def test_stepping_reruns_nothing_and_the_link_follows_at_rest(lab: Lab) -> None:
    forward = lab.button(re.compile("Step forward"))
    for _ in range(4):
        forward.click()
    lab.expect_in_link("step", "4")


def test_playing_runs_to_the_end_and_can_be_paused(lab: Lab) -> None:
    lab.page.get_by_label("Speed", exact=True).select_option("very fast")
    lab.button(re.compile("^Play")).click()
    expect(lab.button(re.compile("^Pause"))).to_be_visible()
    expect(lab.counter).to_have_text("Step 9 of 9")
    expect(lab.button(re.compile("^Play"))).to_be_visible()
    lab.page.get_by_label("Speed", exact=True).select_option("slow")
    lab.button(re.compile("^Play")).click()
    expect(lab.counter).to_have_text("Step 1 of 9")
    lab.button(re.compile("^Pause")).click()
    expect(lab.button(re.compile("^Play"))).to_be_visible()


RISEN = """still => {
    const roots = [...document.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? []);
    const [grids] = roots.flatMap((root) => root.querySelector(".lab") ?? []);
    const seen = (element) => getComputedStyle(element).opacity === "1";
    const all = grids.getAnimations({ subtree: true }).filter((each) => each.effect.getKeyframes()[0].opacity === "0"
        || each.effect.getKeyframes()[0].transform);
    for (const each of all) { each.pause(); each.currentTime = still; }
    const cell = grids.querySelector(".output .cell.current .number");
    return {
        terms: [...grids.querySelectorAll(".term")].filter(seen).length,
        sums: [...grids.querySelectorAll(".row-sum .chip")].filter(seen).length,
        total: seen(grids.querySelector(".total")),
        landed: seen(cell),
        flying: [...grids.querySelectorAll(".flying .chip")].length,
        moved: all.filter((each) => each.effect.getKeyframes().some(({ transform }) => transform)).length,
    };
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_slowly_the_products_rise_one_by_one_join_and_land(
    new_page: Callable[..., Page], lab_url: str, motion: str
) -> None:
    lab = open_lab(new_page(reduced_motion=motion), lab_url)
    lab.page.get_by_label("Speed", exact=True).select_option("slow")
    lab.button(re.compile("^Play")).click()
    expect(lab.button(re.compile("^Pause"))).to_be_visible()
    looks = [lab.page.evaluate(RISEN, time) for time in (0, 2000, 4050, 4500, 5300, 6600)]
    assert [look["terms"] for look in looks] == sorted(look["terms"] for look in looks)
    assert [look["terms"] for look in looks][0::3] == [0, 9]
    assert 3 <= looks[1]["terms"] <= 5
    assert [look["sums"] for look in looks] == [0, 0, 0, 1, 3, 3]
    assert [look["total"] for look in looks] == [False] * 4 + [True] * 2
    assert [look["landed"] for look in looks] == [False] * 5 + [True]
    # Nine products and the result; whoever asks for no movement sees them appear.
    assert looks[0]["flying"] == (10 if motion == "no-preference" else 0)
    assert (looks[0]["moved"] == 0) == (motion == "reduce")
    lab.button(re.compile("^Pause")).click()
    expect(lab.page.locator(".lab .flying .chip")).to_have_count(0)
    expect(lab.page.locator(".lab .output .cell.current .number")).to_have_css("opacity", "1")
    expect(lab.counter).to_have_text("Step 1 of 9")


def test_whoever_leaves_while_the_steps_play_comes_back_to_where_they_were(lab: Lab) -> None:
    lab.page.get_by_label("Speed", exact=True).select_option("brisk")
    lab.button(re.compile("^Play")).click()
    lab.page.wait_for_url(re.compile(r"[?&]step=[2-5]"))
    expect(lab.button(re.compile("^Pause"))).to_be_visible()  # telling it has not stopped the play
    menu = lab.page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name="Output shape").click()
    expect(lab.page.get_by_role("heading", level=1, name="Output shape")).to_be_visible()
    menu.get_by_role("link", name="Convolution", exact=True).click()
    expect(lab.counter).to_have_text(re.compile("Step [3-9] of 9"))


def test_a_last_word_of_the_page_that_is_left_does_not_take_the_next_page_away(lab: Lab) -> None:
    link = lab.page.get_by_test_id("stSidebar").get_by_role("link", name="Output shape").element_handle()
    lab.button("Show all").evaluate("(button, link) => { link.click(); button.click(); }", link)
    expect(lab.page.get_by_role("heading", level=1, name="Output shape")).to_be_visible()
    lab.page.wait_for_timeout(500)  # it was taken away only after it had come
    expect(lab.page.get_by_role("heading", level=1, name="Output shape")).to_be_visible()


def test_a_block_of_another_size_offers_to_make_the_grid_as_large(lab: Lab) -> None:
    for height, width in ((4, 4), (6, 7)):
        with case((height, width)):
            block = "\n".join("\t".join(str(row * 10 + column) for column in range(width)) for row in range(height))
            paste_at(lab.field("Input", 1, 1), block)
            lab.button(f"Make it {height} × {width}").click()
            expect(lab.field("Input", height, width)).to_have_value(str((height - 1) * 10 + width - 1))
            expect(lab.field("Input", height + 1, 1)).to_have_count(0)
            expect(lab.field("Input", 1, width + 1)).to_have_count(0)
            expect(lab.button(re.compile("^Make it"))).to_have_count(0)
            lab.page.get_by_role("button", name="Undo").click()
            expect(lab.field("Input", 5, 5)).to_be_visible()
            expect(lab.field("Input", 1, 6)).to_have_count(0)


def test_a_block_of_the_grids_size_or_beside_the_corner_offers_nothing(lab: Lab) -> None:
    paste_at(lab.field("Kernel", 1, 1), "1 2 3\n4 5 6\n7 8 9")
    expect(lab.field("Kernel", 3, 3)).to_have_value("9")
    paste_at(lab.field("Kernel", 2, 2), "1 2\n3 4")
    expect(lab.field("Kernel", 3, 3)).to_have_value("4")
    expect(lab.button(re.compile("^Make it"))).to_have_count(0)


def test_all_cells_that_hold_no_number_are_counted_and_the_one_with_the_focus_is_explained(lab: Lab) -> None:
    lab.field("Input", 1, 1).fill("x")
    expect(lab.status).to_contain_text("x")
    lab.field("Kernel", 1, 1).fill("1e")
    expect(lab.status).to_contain_text("1e")
    expect(lab.status).to_contain_text("2 cells hold no number.")
    lab.field("Input", 1, 1).fill("3")
    expect(lab.status).not_to_contain_text("cells hold")


def test_pointing_at_an_output_shows_its_window_and_leaves_the_step(lab: Lab) -> None:
    lab.output(4).hover()
    expect(lab.result).to_have_text("43")
    expect(lab.page.locator(".lab .sum .title")).to_contain_text("row 2, column 2")
    expect(lab.page.locator(".lab [data-stack=input] .cell.tap")).to_have_count(9)
    lab.counter.hover()
    expect(lab.result).to_have_text("27")
    lab.expect_outputs(["27"] + [""] * 8)
    lab.output(4).click()
    expect(lab.counter).to_have_text("Step 5 of 9")


def test_pointing_at_an_input_shows_which_outputs_it_feeds(lab: Lab) -> None:
    lab.field("Input", 1, 2).hover()
    expect(lab.page.locator(".lab .output .cell.fed")).to_have_count(2)
    expect(lab.status).to_have_text("The input in row 1, column 2 feeds 2 output cells.")
    expect(lab.page.locator(".lab .term.pointed")).to_have_count(1)
    lab.field("Input", 3, 3).hover()
    expect(lab.page.locator(".lab .output .cell.fed")).to_have_count(9)


def test_each_number_below_the_output_lights_its_place(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?padding=1&stride=2")
    numbers = page.locator(".lab .caption .number")
    expect(numbers).to_have_text(["5", "1", "3", "2", "3"])

    def expect_lit(input_: int, kernel: int, output: int) -> None:
        for stack, count in (("[data-stack=input]", input_), ("[data-stack=kernel]", kernel), (".output", output)):
            expect(page.locator(f".lab {stack} .cell.lit")).to_have_count(count)

    numbers.nth(0).hover()
    expect_lit(5, 0, 0)
    numbers.nth(1).hover()
    expect_lit(24, 0, 0)
    lab.counter.hover()
    expect_lit(0, 0, 0)
    lab.output(5).focus()
    page.keyboard.press("ArrowDown")
    expect(lab.output(8)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(numbers.nth(0)).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(numbers.nth(4)).to_be_focused()
    expect_lit(0, 0, 3)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect_lit(0, 3, 0)
    expect(lab.counter).to_have_text("Step 9 of 9")
    page.keyboard.press("ArrowUp")
    expect(lab.output(8)).to_be_focused()
    expect_lit(0, 0, 0)


def test_pointing_at_an_input_includes_what_its_copies_in_the_padding_feed(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?padding=1&mode=circular&input=1,2,3;4,5,6;7,8,9")
    lab.field("Input", 1, 1).hover()
    expect(lab.page.locator(".lab [data-stack=input] .cell.pointed")).to_have_count(4)
    expect(lab.page.locator(".lab .output .cell.fed")).to_have_count(9)


def test_one_click_shows_all_and_another_hides_again(lab: Lab) -> None:
    lab.button("Show all").click()
    lab.expect_outputs(ALL_OUTPUTS)
    lab.expect_in_link("all", "1")
    lab.button("Show all").click()
    lab.expect_outputs(["27"] + [""] * 8)


def test_the_window_shows_its_holes_under_dilation(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?dilation=2")
    expect(page.locator(".lab [data-stack=input] .cell.tap")).to_have_count(9)
    frame, board = lab.frame.bounding_box(), page.locator(".lab [data-stack=input] .board").bounding_box()
    assert frame is not None
    assert board is not None
    assert abs(frame["width"] - board["width"]) < 8  # a 3x3 window with holes spans all five columns


def test_padding_is_drawn_with_the_values_it_holds(page: Page, lab_url: str) -> None:
    open_lab(page, lab_url, "?padding=1&mode=reflect")
    padding = page.locator(".lab [data-stack=input] .cell.padding")
    expect(padding).to_have_count(24)
    expect(padding.first).to_have_text("3")  # the mirror image of the cell in row 2, column 2


def test_a_prediction_is_not_given_away_and_the_likeliest_mistake_is_told(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?step=1")
    note = page.get_by_text("The first two cells come to 27 and 36.")
    expect(note).to_be_visible()
    lab.button("Predict").click()
    expect(page.get_by_text("Shown when you stop predicting")).to_be_visible()
    expect(note).to_have_count(0)
    guess = page.get_by_label("Your prediction for Output, row 1, column 2")
    guess.fill("27")
    guess.press("Enter")
    expect(lab.status).to_have_text("27 is the sum of the cell on the left: move the window one step to the right.")
    guess.fill("44")
    guess.press("Enter")
    expect(lab.status).to_contain_text("seems to have lost its minus")
    guess.fill("72")
    guess.press("Enter")
    expect(lab.status).to_have_text("72 is too large. Check the negative products first.")
    lab.button("Predict").click()
    expect(note).to_be_visible()


def test_predict_hides_the_output_and_explains_a_mistake(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?bias=2")
    lab.button("Predict").click()
    lab.expect_outputs([""] * 9)
    expect(lab.result).to_have_text("?")
    guess = page.get_by_label("Your prediction for Output, row 1, column 1")
    expect(guess).to_be_focused()
    guess.fill("27")
    guess.press("Enter")
    expect(lab.status).to_contain_text("bias")
    expect(lab.result).to_have_text("?")
    guess.fill("29")
    guess.press("Enter")
    expect(lab.output(0)).to_have_text("29")
    expect(lab.result).to_have_text("29")
    expect(page.locator(".lab .score")).to_have_text("0 of 1 right at the first try")
    lab.button("Next cell").click()
    guess = page.get_by_label("Your prediction for Output, row 1, column 2")
    expect(guess).to_be_focused()
    guess.fill("38")
    guess.press("Enter")
    expect(page.locator(".lab .score")).to_have_text("1 of 2 right at the first try")
    expect(lab.output(1)).to_be_focused()
    page.keyboard.press("Enter")
    lab.button("Reveal").click()
    expect(lab.output(2)).to_have_text("47")
    expect(page.locator(".lab .score")).to_have_text("1 of 3 right at the first try")


def test_a_resize_keeps_what_was_typed(lab: Lab) -> None:
    lab.field("Input", 5, 5).fill("42")
    lab.size("Input", "columns").fill("3")
    lab.size("Input", "columns").press("Enter")
    expect(lab.field("Input", 5, 3)).to_be_visible()
    expect(lab.field("Input", 5, 4)).to_have_count(0)
    lab.expect_outputs(["27", "", ""])
    lab.size("Input", "columns").fill("6")
    lab.size("Input", "columns").press("Enter")
    expect(lab.field("Input", 5, 5)).to_have_value("42")
    expect(lab.field("Input", 5, 6)).to_have_value("0")
    lab.size("Kernel", "rows").fill("99")
    lab.size("Kernel", "rows").press("Enter")
    expect(lab.size("Kernel", "rows")).to_have_value("7")
    expect(lab.status).to_have_text("Kernel takes 1 to 7 rows: 99 was typed, and 7 counts.")


def test_settings_without_an_output_say_so_and_stay_editable(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?dilation=3&kernel=1,0,2;0,3,0;4,0,5")
    expect(page.locator(".lab .refusal")).to_contain_text("does not fit")
    lab.field("Kernel", 2, 2).fill("6")
    lab.size("Input", "rows").fill("7")
    lab.size("Input", "rows").press("Enter")
    lab.size("Input", "columns").fill("7")
    lab.size("Input", "columns").press("Enter")
    expect(lab.counter).to_have_text("Step 1 of 1")
    expect(lab.field("Kernel", 2, 2)).to_have_value("6")


def test_the_flip_says_when_it_changes_nothing(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?kernel=0,1,0;1,-4,1;0,1,0&flip=true")
    note = page.locator(".lab [data-stack=kernel] .note")
    expect(note).to_contain_text("Flipping changes nothing")
    lab.field("Kernel", 1, 1).fill("1")
    expect(note).to_contain_text("True convolution")
    expect(page.locator(".lab [data-stack=input] .cell.tap").last).to_have_attribute("data-weight", "×1")


def test_a_preset_replaces_the_numbers_and_an_edit_makes_them_ones_own(lab: Lab) -> None:
    menu = lab.page.get_by_role("combobox", name=re.compile("Preset"))
    menu.click()
    lab.page.get_by_role("option", name="Kernel: box blur").click()
    expect(lab.field("Kernel", 2, 2)).to_have_value("1/9")
    expect(lab.page.get_by_text("The mean of nine cells")).to_be_visible()
    lab.field("Kernel", 1, 1).fill("5")
    expect(lab.page.get_by_text("The mean of nine cells")).to_have_count(0)
    expect(lab.field("Kernel", 1, 1)).to_have_value("5")


def test_the_link_shows_the_same_in_another_browser(new_page: Callable[..., Page], lab_url: str) -> None:
    first = open_lab(new_page(), lab_url, "?padding=1&stride=2")
    first.field("Input", 1, 1).fill("7")
    first.field("Kernel", 2, 2).fill("1/3")
    first.output(4).click()
    # The numbers follow the step into the address, once the typing rests.
    first.expect_in_link("step", "4")
    first.page.wait_for_url(re.compile("kernel=.*0\\.333"))
    wait_for_app(first.page)
    second = open_link(new_page(), first.page.url)
    expect(second.counter).to_have_text("Step 5 of 9")
    expect(second.field("Input", 1, 1)).to_have_value("7")
    expect(second.field("Kernel", 2, 2)).to_have_value("1/3")
    second.expect_outputs(first.outputs())
    expect(second.result).to_have_text(first.result.inner_text())


def test_copy_link_copies_the_step_as_well(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    lab = open_lab(page, lab_url)
    lab.button(re.compile("Step forward")).click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert open_link(new_page(), link).counter.inner_text() == "Step 2 of 9"


def test_what_was_typed_last_goes_along_to_another_page(lab: Lab) -> None:
    lab.field("Input", 1, 1).fill("8")
    lab.page.get_by_role("button", name="Take the numbers to").click()
    lab.page.get_by_role("button", name="Pooling").click()
    expect(lab.page.get_by_role("heading", level=1, name="Pooling")).to_be_visible()
    expect(lab.field("Input", 1, 1)).to_have_value("8")
    lab.page.go_back()
    expect(lab.page.get_by_role("heading", level=1, name="Convolution", exact=True)).to_be_visible()
    expect(lab.field("Input", 1, 1)).to_have_value("8")


def test_a_visit_to_another_page_loses_nothing(lab: Lab) -> None:
    lab.field("Kernel", 1, 1).fill("8")
    lab.output(3).click()
    lab.expect_in_link("step", "3")
    menu = lab.page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name="Output shape").click()
    expect(lab.page.get_by_role("heading", level=1, name="Output shape")).to_be_visible()
    menu.get_by_role("link", name="Convolution", exact=True).click()
    expect(lab.field("Kernel", 1, 1)).to_have_value("8")
    expect(lab.counter).to_have_text("Step 4 of 9")
    lab.field("Kernel", 1, 1).fill("9")
    lab.expect_in_link("kernel", "9,1,2;3,-1,2;1,0,1")


def test_the_layout_does_not_move_while_stepping(lab: Lab) -> None:
    def tops() -> list[float]:
        return lab.page.locator(".lab .player, .lab .sum, .lab .total").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().top - one.closest('.lab').getBoundingClientRect().top)"
        )

    # While the page opens, its columns find their width; the grids fit themselves to it.
    lab.page.wait_for_function(
        """() => {
            const roots = [...document.querySelectorAll("*")].map((one) => one.shadowRoot);
            const width = roots.find((root) => root?.querySelector(".lab")).querySelector(".lab").clientWidth;
            const isSettled = window.labWidth === width;
            window.labWidth = width;
            return isSettled;
        }""",
        polling=300,
    )
    before = tops()
    for step in range(9):
        lab.slider.fill(str(step))
        assert tops() == before


def test_numbers_can_be_read_on_every_cell(page: Page, lab_url: str) -> None:
    open_lab(page, lab_url, "?kernel=9,-9,1;-1,9,-9;0,3,-3&all=1")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
        wait_for_app(page)
        page.evaluate(AT_REST)
        ratios = page.locator(".lab .board .cell, .lab .chip").evaluate_all(CONTRASTS)
        assert min(ratios) >= 4.5, (scheme, min(ratios))


CONTRASTS = """cells => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const pixel = (...layers) => {
        for (const color of layers) { context.fillStyle = color; context.fillRect(0, 0, 1, 1); }
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (rgb) => {
        const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const page = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor;
    return cells.map((cell) => {
        const style = getComputedStyle(cell);
        const [back, front] = [light(pixel(page, style.backgroundColor)), light(pixel(page, style.color))];
        return (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
    });
}"""


def test_on_a_phone_cells_are_large_enough_for_a_finger(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    lab = open_lab(page, lab_url)
    for cell in (lab.field("Input", 1, 1), lab.field("Kernel", 3, 3), lab.output(8)):
        box = cell.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 30
    lab.output(5).tap()
    expect(lab.counter).to_have_text("Step 6 of 9")
    expect(lab.result).to_have_text("54")


def test_an_edit_draws_anew_only_what_it_changes(page: Page, lab_url: str) -> None:
    # The largest number stays another cell's, so that all colours mean what they meant.
    lab = open_lab(page, lab_url, "?input=1,0,0,0,0;0,0,0,0,0;0,0,0,0,0;0,0,0,0,0;0,0,0,0,9&kernel=1,0,0;0,0,0;0,0,1")
    lab.field("Input", 1, 1).focus()
    page.evaluate("""() => {
        const isLab = (element) => element.shadowRoot?.querySelector(".lab");
        const grids = [...document.querySelectorAll("*")].find(isLab).shadowRoot;
        const cells = [grids.querySelectorAll(".matrix.typed .cell"), grids.querySelectorAll(".output .cell")];
        window.drawn = [];
        for (const cell of [cells[0][7], cells[1][8]]) {
            const observer = new MutationObserver((records) => {
                for (const { attributeName } of records) window.drawn.push(`${attributeName} of ${cell.className}`);
            });
            observer.observe(cell, { attributes: true, childList: true, characterData: true, subtree: true });
        }
    }""")
    page.keyboard.type("3")
    expect(lab.output(0)).to_have_text("3")
    assert page.evaluate("window.drawn") == []


def test_the_grids_do_not_fade_while_they_wait_for_an_answer(new_page: Callable[..., Page], lab_url: str) -> None:
    lab = open_lab(new_page(reduced_motion="no-preference"), lab_url)
    lab.page.evaluate("""() => {
        const holder = document.querySelector('[data-testid="stElementContainer"][class*="convolution_grid"]');
        window.faded = [];
        new MutationObserver(() => {
            const { opacity, transitionDuration } = getComputedStyle(holder);
            window.faded.push([holder.dataset.stale, opacity, transitionDuration]);
        }).observe(holder, { attributes: true, attributeFilter: ["data-stale"] });
    }""")
    lab.field("Input", 1, 1).focus()
    lab.page.keyboard.type("7")
    lab.page.wait_for_function("() => window.faded.some(([stale]) => stale === 'true')")
    assert {tuple(looks[1:]) for looks in lab.page.evaluate("window.faded")} == {("1", "0s")}


def test_letters_stand_in_for_numbers_and_typing_goes_on(lab: Lab) -> None:
    page = lab.page
    shows = page.get_by_label("What the cells show")
    terms = page.locator(".sum .terms")
    lab.output(1).click()
    shows.select_option("letters")
    expect(page.locator(".lab .output .cell .number").first).to_have_text("y11")
    expect(terms).to_have_text(re.compile(r"^y12 =w11·x12\+w12·x13\+w13·x14\+w21·x22.*\+w33·x34$"))
    lab.expect_in_link("cells", "letters")
    # A cell that is typed into shows its number, and its name says both.
    weight = page.get_by_label("Kernel w11, row 1, column 1", exact=True)
    expect(weight).to_have_value("w11")
    weight.focus()
    expect(weight).to_have_value("0")
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    expect(weight).to_have_value("w11")
    expect(page.get_by_label("Output y12, row 1, column 2: 56", exact=True)).to_be_visible()  # 36 + 10 * 2
    weight.fill("no number")
    page.keyboard.press("Enter")
    expect(weight).to_have_value("no number")
    weight.fill("0")
    page.keyboard.press("Enter")
    shows.select_option("both")
    expect(lab.result).to_have_text("36")
    expect(weight).to_have_value("0")
    expect(page.locator(".lab .typed .cell .symbol").first).to_have_text("x11")
    expect(page.locator(".sum .chip.weight").first).to_have_attribute("data-symbol", "w11")
    weight.fill("1/2")
    expect(lab.result).to_have_text("37")
    page.keyboard.press("Control+z")
    expect(lab.result).to_have_text("36")
    page.get_by_role("button", name="Undo").click()
    expect(shows).to_have_value("letters")
    lab.expect_in_link("cells", "letters")


def test_a_unit_of_the_second_output_lights_what_it_reads_back_to_the_first_board(page: Page, lab_url: str) -> None:
    lab = open_lab(page, lab_url, "?view=then&step=8")
    sections = page.locator(".sum .section")
    read = page.locator(".lab .matrix[data-stack=input] .cell.tap")
    expect(read).to_have_count(9)
    player = page.locator(".lab .player").bounding_box()
    lab.button("Step forward").click()
    expect(lab.result).to_have_text("70")
    expect(read).to_have_count(16)
    expect(page.locator(".lab .output").first.locator(".cell.tap")).to_have_count(4)
    expect(sections).to_have_text([re.compile("Second output, row 1, column 1=70"), re.compile("column 1=27")])
    assert page.locator(".lab .player").bounding_box() == player
    assert page.locator(".sum .sections").evaluate("each => each.scrollHeight <= each.clientHeight")
    # Pointed at, each of the four says how it came about; it keeps the place when the pointer goes there to read.
    sections.nth(0).locator(".term").nth(3).hover()
    expect(sections.nth(1)).to_contain_text("First output, row 2, column 2=43")
    page.mouse.move(0, 0)
    expect(sections.nth(1)).to_contain_text("First output, row 2, column 2=43")
    page.get_by_label("Second kernel, row 2, column 2", exact=True).fill("-1")
    expect(lab.result).to_have_text("−16")  # 27 - 43
    lab.button("Step forward").click()
    expect(sections.nth(1)).to_contain_text("First output, row 1, column 2=36")
    lab.output(0).click()
    expect(lab.result).to_have_text("27")
    expect(read).to_have_count(9)
