"""The output-shape page in a browser: sliders, presets, the picture, and the link that brings it all back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.axe import ground
from tests.browser.conftest import PHONE, case, settled_box, wait_for_app
from tests.live_lab import Visitor
from tests.session import wait_until

pytestmark = pytest.mark.browser


def open_page(page: Page, lab_url: str, query: str = "") -> None:
    page.goto(f"{lab_url}/output_shape{query}")
    wait_for_app(page)
    expect(page.locator(".map .told")).not_to_be_empty()


def output(page: Page):
    return page.get_by_test_id("stMetric").filter(has_text="Output").get_by_test_id("stMetricValue")


def told(page: Page):
    return page.locator(".map .told")


def slide(page: Page, label: str, presses: int) -> None:
    handle = page.get_by_role("slider", name=label)
    handle.focus()
    for _ in range(presses):
        page.keyboard.press("ArrowRight")


def test_sliders_change_formula_and_picture(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?h=7&fh=3&c=1&n=1")
    expect(output(page)).to_have_text("1 × 5 × 5")
    slide(page, "S: stride", 2)
    expect(output(page)).to_have_text("1 × 2 × 2")
    expect(page.locator(".map rect.dropped:visible")).to_have_count(3)  # a row, a column, and the legend's
    expect(page.locator(".map .remark")).to_contain_text("The last row and column are never read.")
    expect(page.locator(".katex").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"sh=3"))
    # Each axis on its own, and with other remarks: the picture stays where it is.
    before = settled_box(page.locator(".map"))["y"]
    page.get_by_text("Square", exact=True).click()
    slide(page, "S horizontal", 1)
    expect(output(page)).to_have_text("1 × 2 × 2")
    expect(page.get_by_text("Height: Not the same")).to_be_visible()
    assert settled_box(page.locator(".map"))["y"] == before


def test_a_preset_and_a_typed_size_are_in_the_link(new_page: Callable[..., Page], lab_url: str) -> None:
    first = new_page()
    open_page(first, lab_url)
    first.get_by_role("button", name="7×7, stride 2").click()
    expect(output(first)).to_have_text("1 × 3 × 3")
    size = first.get_by_role("spinbutton", name="H = W: input size")
    size.fill("8")
    size.press("Enter")
    expect(first.locator(".map .remark")).to_contain_text("The last row and column are never read.")
    first.locator(".map [data-move=last]").click()
    expect(told(first)).to_contain_text("Window 9 of 9")
    expect(first).to_have_url(re.compile(r"at=2(,|%2C)2"))
    second = new_page()
    second.goto(first.url)
    wait_for_app(second)
    expect(output(second)).to_have_text("1 × 3 × 3")
    expect(told(second)).to_contain_text("Window 9 of 9 spans rows 5 to 7")


def box_of(locator: Locator) -> FloatRect:
    """Where an element stands, once it does: while the page is drawn anew it has no place."""
    found: list[FloatRect] = []
    wait_until(lambda: found.extend(filter(None, [locator.bounding_box()])) or found)
    return found[0]


def test_the_window_is_moved_by_keys_buttons_and_clicks(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    drawing = page.locator(".map [data-plane='0'] .drawing")
    drawing.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Window 7 of 25")
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("Window 25 of 25")
    page.keyboard.press("Home")
    page.locator(".map [data-move=forward]").click()
    expect(told(page)).to_contain_text("Window 2 of 25")
    page.locator(".map [data-move=play]").click()
    expect(told(page)).to_contain_text("Window 25 of 25")  # a window in between may be gone before it is looked at
    cell = box_of(page.locator(".map [data-plane='1'] rect.border"))
    page.mouse.click(cell["x"] + cell["width"] - 4, cell["y"] + 4)
    expect(told(page)).to_contain_text("gives the output in row 1, column 5.")
    box = box_of(page.locator(".map [data-plane='0'] rect.border"))
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(told(page)).to_contain_text("The pixel in row 5, column 5 is read by 25 windows")
    expect(page.locator(".map [data-plane='1'] .feeds")).to_have_attribute("d", re.compile(r"^(M[^Mz]+z){25}$"))
    page.mouse.move(0, 0)
    expect(told(page)).to_contain_text("gives the output in row 1, column 5.")


def test_rows_and_columns_count_from_1_and_padding_lies_before_them(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?h=4&fh=3&ph=1")
    along = [str(number) for number in range(6)]  # 0 and 5 are padding
    expect(page.locator(".map [data-plane='0'] text.ruler")).to_have_text(along + along)
    expect(page.locator(".map [data-plane='1'] text.ruler")).to_have_text(["1", "2", "3", "4"] * 2)
    expect(told(page)).to_have_text(
        "Window 1 of 16 spans rows 0 to 2 and columns 0 to 2 of the input; it gives the output in row 1, column 1. "
        "(The input's first row and column are 1; smaller numbers lie in the padding.)"
    )
    page.locator(".map [data-plane='0'] .drawing").focus()
    page.keyboard.press("End")
    expect(told(page)).to_have_text(
        "Window 16 of 16 spans rows 3 to 5 and columns 3 to 5 of the input; it gives the output in row 4, column 4."
    )
    expect(page).to_have_url(re.compile(r"at=3(,|%2C)3"))


def test_a_nearest_setting_is_applied_by_its_button(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/output_shape?h=3")
    wait_for_app(page)
    expect(page.get_by_role("alert")).to_contain_text("A kernel of 5 does not fit into 3 pixels with padding 0")
    page.get_by_role("button", name="padding 1").click()
    expect(output(page)).to_have_text("2 × 1 × 1")
    expect(page).to_have_url(re.compile(r"ph=1"))


def test_axes_can_be_let_go(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    page.get_by_text("Square", exact=True).click()
    width = page.get_by_role("spinbutton", name="W: input width")
    expect(width).to_have_value("9")
    width.fill("12")
    width.press("Enter")
    expect(output(page)).to_have_text("2 × 5 × 8")
    page.reload()
    wait_for_app(page)
    expect(output(page)).to_have_text("2 × 5 × 8")


@pytest.mark.parametrize("query", ["?h=12&fh=3", "?h=12&w=12&fh=3", "?h=12&fh=3&w=4&square=true"])
def test_the_link_says_what_the_screen_shows_while_axes_are_let_go_and_tied(
    page: Page, lab_url: str, query: str
) -> None:
    def expect_link_to_show(size: str) -> None:
        expect(output(page)).to_have_text(size)
        wait_for_app(page)  # by the end of the run that shows it the address has followed
        with Visitor(lab_url) as other:
            sent = other.open(page.url.removeprefix(f"{lab_url}/"))
        elements = [message.delta.new_element for message in sent if message.WhichOneof("type") == "delta"]
        assert [each.metric.body for each in elements if each.metric.label.startswith("Output")] == [size]
        switches = [each.checkbox for each in elements if each.checkbox.label == "Square"]
        assert [each.value if each.set_value else each.default for each in switches] == [is_square]

    is_square = True
    open_page(page, lab_url, query)
    expect_link_to_show("2 × 10 × 10")
    is_square = False
    page.get_by_text("Square", exact=True).click()
    expect(page.get_by_role("spinbutton", name="W: input width")).to_have_value("12")
    expect_link_to_show("2 × 10 × 10")
    width = page.get_by_role("spinbutton", name="W: input width")
    width.fill("7")
    width.press("Enter")
    expect_link_to_show("2 × 10 × 5")
    is_square = True
    page.get_by_text("Square", exact=True).click()
    expect_link_to_show("2 × 10 × 10")


def test_a_prediction_is_answered_and_then_everything_is_shown(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?h=7&fh=3&sh=2")
    page.get_by_text("Predict first").click()
    expect(output(page)).to_have_text("? × ? × ?")
    field = page.get_by_label("Height and width of the output")
    field.fill("2")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The + 1 is missing")
    field.fill("3")
    field.press("Enter")
    expect(output(page)).to_have_text("2 × 3 × 3")


def test_visits_are_numbers_on_colours_in_both_themes(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?map=visits")
    for scheme in ("light", "dark"):
        with case(scheme):
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
            counts = page.locator(".map text.count")
            expect(counts).to_have_count(81)
            assert counts.nth(40).text_content() == "25"
            assert page.locator(".map path.visits").count() == 14  # products of 1 to 5 with 1 to 5


def test_what_matters_fits_on_a_projector(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    legend = page.locator(".map .legend").bounding_box()
    assert legend
    assert legend["y"] + 16 < 800


def test_the_picture_stays_where_it_is_while_sliders_move(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    drawing = page.locator(".map [data-plane='0'] .drawing")
    before = settled_box(drawing)
    slide(page, "S: stride", 2)
    expect(output(page)).to_have_text("2 × 2 × 2")
    slide(page, "D: dilation", 1)
    expect(output(page)).to_have_text("2 × 1 × 1")
    assert settled_box(drawing) == before


def test_a_large_layer_is_drawn_without_numbers_on_a_phone(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(viewport=PHONE)
    open_page(page, lab_url, "?h=224&fh=11&sh=4&ph=2&n=96&map=visits")
    expect(output(page)).to_have_text("96 × 55 × 55")
    expect(page.locator(".map text.count")).to_have_count(0)
    expect(page.locator(".map path.visits").first).to_be_visible()
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
