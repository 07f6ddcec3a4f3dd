"""The page Why convolution? in a browser: rows are clicked, drawings dragged and shifted, and both networks trained."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, wait_for_app

pytestmark = pytest.mark.browser

HINT = "Point at the curves to read how often each network is right."


def open_page(page: Page, lab_url: str, query: str = "") -> None:
    page.goto(f"{lab_url}/why_convolution{query}")
    wait_for_app(page)


def fact(page: Page, label: str) -> Locator:
    return page.locator(".facts > div").filter(has=page.get_by_text(label, exact=True)).locator("dd")


def drawn(page: Page, grid: str = "paint") -> Locator:
    return page.locator(f".grid.{grid} .pixel.on")


def middle_of(page: Page, row: int, column: int) -> tuple[float, float]:
    box = page.locator(".grid.paint").bounding_box()
    assert box
    return box["x"] + (column + 0.5) * box["width"] / 12, box["y"] + (row + 0.5) * box["height"] / 12


def drag(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    page.mouse.move(*middle_of(page, *start))
    page.mouse.down()
    page.mouse.move(*middle_of(page, *end))
    page.mouse.up()


def test_a_clicked_feature_changes_overlap_and_map_and_is_in_the_link(
    new_page: Callable[..., Page], lab_url: str
) -> None:
    page = new_page()
    open_page(page, lab_url)
    expect(fact(page, "on the second row")).to_have_text("1")
    rows = page.locator(".six .vector .cells[role=group]")
    heads = page.locator(".six .heads span")
    expect(heads).to_have_text([f"feature{place}" for place in range(1, 7)])
    for head, button in zip(heads.all(), rows.nth(0).get_by_role("button").all(), strict=True):
        over, below = head.bounding_box(), button.bounding_box()
        assert over
        assert below
        assert (over["x"], over["width"]) == (below["x"], below["width"])
    rows.nth(1).get_by_role("button", name="feature 2").click()
    expect(fact(page, "on the second row")).to_have_text("2")
    expect(fact(page, "cosine")).to_have_text("0.82")
    expect(page).to_have_url(re.compile(r"six_second=011100"))
    other = new_page()
    other.goto(page.url)
    wait_for_app(other)
    expect(fact(other, "cosine")).to_have_text("0.82")


def test_rows_are_switched_and_moved_from_the_keyboard(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    first = page.get_by_role("group", name="First row")
    first.get_by_role("button", name="feature 3").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(first.get_by_role("button", name="feature 4")).to_have_attribute("aria-pressed", "true")
    expect(fact(page, "neuron, on the first row")).to_have_text("3")
    page.get_by_role("button", name="Move the second row to the right").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    second = page.get_by_role("group", name="Second row")
    expect(second.get_by_role("button", name="feature 5")).to_have_attribute("aria-pressed", "true")
    expect(fact(page, "on the second row")).to_have_text("0")
    expect(fact(page, "maximum, second row")).to_have_text("2")


def test_a_preset_replaces_what_was_clicked(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    page.get_by_role("group", name="First row").get_by_role("button", name="feature 6").click()
    expect(fact(page, "neuron, on the first row")).to_have_text("3")
    page.get_by_role("button", name="Two different marks").click()
    expect(fact(page, "maximum, second row")).to_have_text("1")
    expect(page.locator(".six .switch.on")).to_have_count(4)


def test_a_stroke_is_drawn_and_counted(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?why=draw&draw=clear")
    drag(page, (2, 1), (2, 8))
    expect(drawn(page)).to_have_count(8)
    expect(fact(page, "drawn in both")).to_have_text("7 of 8")
    expect(page.locator(".grid.shifted .same")).to_have_count(7)
    drag(page, (2, 1), (2, 3))  # beginning on a drawn cell, the stroke wipes
    expect(drawn(page)).to_have_count(5)
    expect(fact(page, "drawn in both")).to_have_text("4 of 5")


def test_a_finger_draws(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    open_page(page, lab_url, "?why=draw&draw=clear")
    page.locator(".grid.paint").scroll_into_view_if_needed()
    page.touchscreen.tap(*middle_of(page, 4, 4))
    expect(drawn(page)).to_have_count(1)
    expect(fact(page, "drawn in both")).to_have_text("0 of 1")


def test_arrows_shift_vector_and_map_and_the_link_brings_them_back(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page()
    open_page(page, lab_url, "?why=draw")
    expect(fact(page, "drawn in both")).to_have_text("0 of 9")
    page.get_by_role("button", name="Shift to the right").click()
    expect(fact(page, "drawn in both")).to_have_text("2 of 9")
    page.get_by_role("button", name="Shift down").click()
    expect(page.locator(".told")).to_have_text("Shifted by 1 down and 2 to the right.")
    expect(fact(page, "after the shift")).to_have_text("5")
    expect(page).to_have_url(re.compile(r"draw_shift=1(,|%2C)2"))
    other = new_page()
    other.goto(page.url)
    wait_for_app(other)
    expect(other.locator(".told")).to_have_text("Shifted by 1 down and 2 to the right.")
    other.get_by_role("button", name="Back").click()
    expect(other.locator(".told")).to_have_text("Not shifted.")


def test_the_keyboard_draws_and_shifts(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?why=draw&draw=clear&draw_shift=0,0")
    page.locator(".grid.paint").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(drawn(page)).to_have_count(2)
    page.keyboard.press("Shift+ArrowRight")
    expect(fact(page, "drawn in both")).to_have_text("1 of 2")
    expect(page.locator(".told")).to_have_text("Shifted by 1 to the right.")


def test_a_cell_that_falls_off_can_come_in_again(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?why=draw&draw_shift=0,-4")
    expect(page.locator(".told")).to_contain_text("fell off the edge")
    expect(drawn(page, "shifted")).to_have_count(5)
    page.get_by_text("Cells come in on the other side").click()
    expect(drawn(page, "shifted")).to_have_count(9)
    expect(page.locator(".told")).to_have_text("Shifted by 4 to the left.")


def test_a_prediction_is_answered_and_then_the_numbers_are_shown(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?why=draw&draw_hide=true")
    expect(fact(page, "drawn in both")).to_have_count(0)
    field = page.get_by_label("How many of the 9 drawn places stay drawn?")
    field.fill("9")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("All 9 cells are still drawn")
    field.fill("0")
    field.press("Enter")
    expect(fact(page, "drawn in both")).to_have_text("0 of 9")


def test_the_vectors_are_cut_into_lines_where_there_is_no_room(new_page: Callable[..., Page], lab_url: str) -> None:
    wide, narrow = new_page(), new_page(viewport=PHONE)
    for page, lines in ((wide, 1), (narrow, 3)):
        open_page(page, lab_url, "?why=draw")
        expect(page.locator(".strip")).to_have_count(lines)
        expect(page.locator(".strip .on")).to_have_count(18)


def test_both_networks_are_trained_and_the_curve_is_drawn_while_they_are(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?why=experiment")
    page.get_by_text("It fades slowly", exact=True).click()
    expect(page).to_have_url(re.compile("exp_said=fades"))
    before = page.locator(".chart").bounding_box()
    page.get_by_role("button", name="Train both").click()
    chart = page.locator(".chart")
    expect(chart.locator(".dot")).to_have_count(18, timeout=90_000)
    chart.evaluate("element => element.setAttribute('data-marked', 'yes')")
    expect(page.get_by_text("Trained for 12 epochs.")).to_be_visible(timeout=90_000)
    expect(page.get_by_text("You said that it would fade slowly")).to_be_visible()
    assert chart.bounding_box() == before
    expect(chart).to_have_attribute("data-marked", "yes")  # the chart that was there is still there: no flicker
    expect(page.locator(".of-cnn .note")).to_contain_text(re.compile(r"(9\d\.\d|100\.0)% right at the trained places"))
    assert not violations(page)
    cells = page.locator(".of-mlp rect.known")
    expect(cells).to_have_count(144)
    cells.nth(143).hover()
    expect(page.locator(".readout")).to_contain_text("in row 12, column 12: the MLP has")
    page.locator(".of-cnn .heat").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".readout")).to_contain_text("row 12, column 12")
    expect(page).to_have_url(re.compile("exp_run=1"))
    # The pointer reads both networks at the nearest shift, and so do the arrow keys.
    reading = page.locator(".reading")
    both = r"^MLP, shifted by {0}: \d+% right · CNN, shifted by {0}: \d+% right$"
    chart.locator(".dot").nth(5).hover()
    expect(reading).to_have_text(re.compile(both.format(5)))
    page.mouse.move(0, 0)
    expect(reading).to_have_text(HINT)
    chart.focus()
    page.keyboard.press("ArrowRight")
    expect(reading).to_have_text(re.compile(both.format(0)))
    page.keyboard.press("ArrowRight")
    expect(reading).to_have_text(re.compile(both.format(1)))
    expect(chart.locator(".axis")).to_have_text("pixels beyond the trained places")


def test_where_nothing_is_pointed_at_the_curve_says_how_to_read_it_and_what_is_read_has_room(
    page: Page, lab_url: str
) -> None:
    open_page(page, lab_url, "?why=experiment")
    reading = page.locator(".reading")
    longest = " · ".join(f"{network}, shifted by 10: 100% right" for network in ("MLP", "CNN"))
    for size in (DESKTOP, {"width": 800, "height": 600}, PHONE):
        page.set_viewport_size(size)
        expect(reading).to_have_text(HINT)
        before, after = reading.evaluate(
            """(element, longest) => {
              const height = () => element.getBoundingClientRect().height;
              const [hint, before] = [element.textContent, height()];
              element.textContent = longest;
              const after = height();
              element.textContent = hint;
              return [before, after];
            }""",
            longest,
        )
        assert before == after == pytest.approx(2 * 1.35 * 14, abs=1), size


def test_a_second_browser_sees_the_run_without_pressing_anything(new_page: Callable[..., Page], lab_url: str) -> None:
    first, second = new_page(), new_page()
    open_page(first, lab_url, "?why=experiment&exp_run=1&exp_part=left")
    open_page(second, lab_url, "?why=experiment&exp_part=left")
    for page in (first, second):
        expect(page.get_by_text("Trained for 12 epochs.")).to_be_visible(timeout=90_000)


def test_pytorch_agrees_with_the_shifted_map(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?why=code&draw_shift=2,-3")
    page.get_by_role("button", name="Check with PyTorch").click()
    expect(page.get_by_text("agrees: all 144 cells are equal")).to_be_visible(timeout=90_000)


def test_many_quick_shifts_all_count(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?why=draw&draw_shift=0,0")
    button = page.get_by_role("button", name="Shift to the right")
    for _ in range(5):
        button.click()
    expect(page.locator(".told")).to_have_text("Shifted by 5 to the right.")
    expect(drawn(page)).to_have_count(9)


@pytest.mark.parametrize("section", ["six", "draw", "experiment"])
def test_what_matters_fits_on_a_projector(page: Page, lab_url: str, section: str) -> None:
    open_page(page, lab_url, f"?why={section}")
    last = {"six": ".six .map .facts", "draw": ".sides .facts", "experiment": ".places .scale"}[section]
    box = page.locator(last).first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 800


def test_the_pictures_stay_where_they_are_while_the_drawing_is_shifted(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?why=draw&draw=o")
    before = page.locator(".grid.paint").bounding_box()
    for name in ("Shift down", "Shift down", "Shift to the left"):
        page.get_by_role("button", name=name).click()
    expect(page.locator(".told")).to_have_text("Shifted by 2 down.")
    assert page.locator(".grid.paint").bounding_box() == before
