"""The network page in a browser: layers edited in place, blocks and rows, mismatches resolved, numbers asked for."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import ground
from tests.browser.conftest import DESKTOP, PHONE, case, wait_for_app

pytestmark = pytest.mark.browser

TUTORIAL = (
    "Conv2d(1,6,5),ReLU(),MaxPool2d(2),Conv2d(6,16,5),ReLU(),MaxPool2d(2),Flatten(),Linear(400,120),ReLU(),"
    "Linear(120,84),ReLU(),Linear(84,10)"
)
SMALL = "?net=Conv2d(3,6,5),ReLU(),MaxPool2d(2),Flatten(),Linear(1176,10)&net_input=3x32x32"


def open_page(page: Page, lab_url: str, query: str = "") -> None:
    page.goto(f"{lab_url}/network{query}")
    wait_for_app(page)
    expect(page.locator(".layers .entry")).to_be_visible()


def row(page: Page, index: int) -> Locator:
    return page.locator(f".layers tbody tr[data-row='{index}']:not(.details)")


def shape(page: Page, index: int) -> Locator:
    return row(page, index).locator(".shape b")


def details(page: Page) -> Locator:
    return page.locator(".layers tr.details")


def setting(page: Page, name: str, index: int) -> Locator:
    return row(page, index).get_by_label(f"{name} of row {index + 1}", exact=True)


def block(page: Page, name: str) -> Locator:
    return page.locator(f".blocks g[aria-label^='{name}']")


def type_in(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Enter")


def total(page: Page) -> Locator:
    return page.locator(".layers tr.total .params")


def test_an_argument_that_is_typed_changes_every_shape_behind_it_and_the_picture_and_the_link(
    page: Page, lab_url: str
) -> None:
    open_page(page, lab_url, SMALL)
    expect(shape(page, 0)).to_have_text("6×28×28")
    type_in(setting(page, "kernel_size", 0), "3")
    expect(shape(page, 0)).to_have_text("6×30×30")
    expect(shape(page, 2)).to_have_text("6×15×15")
    expect(block(page, "Layer 1, Conv2d, 6 × 30 × 30")).to_be_visible()
    expect(page).to_have_url(re.compile(r"net=Conv2d(\(|%28)3(,|%2C)6(,|%2C)3(\)|%29)"))
    # Flatten gives another number now, and Linear says so.
    expect(page.locator(".layers tr.problem")).to_contain_text("Layer 5 (Linear) expects 1,176 features")


def test_rows_count_from_1_and_the_link_from_0(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, SMALL)
    numbers = page.locator(".layers tbody [data-name=number]")
    expect(numbers).to_have_text(["1", "2", "3", "4", "5"])
    expect(numbers.nth(0)).to_have_accessible_name("Row 1, Conv2d: show how its numbers are worked out")
    numbers.nth(4).click()
    expect(page).to_have_url(re.compile("net_row=4"))
    expect(page.get_by_role("button", name="Add after row 5")).to_be_visible()
    page.locator(".layers .legend summary").click()
    expect(page.locator(".layers .legend")).to_contain_text("Rows count from 1, PyTorch from 0: row 1 is model[0]")


def test_typing_without_enter_is_enough_and_keeps_the_focus(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, SMALL)
    field = setting(page, "out_channels", 0)
    field.fill("8")
    expect(shape(page, 0)).to_have_text("8×28×28")
    expect(field).to_be_focused()
    field.press("ArrowUp")
    expect(shape(page, 0)).to_have_text("9×28×28")
    expect(field).to_be_focused()


def test_a_pair_and_a_word_are_typed_as_such(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?net=Conv2d(3,6,5)&net_input=3x32x32&net_row=0")
    type_in(setting(page, "kernel_size", 0), "3x5")
    expect(shape(page, 0)).to_have_text("6×30×28")
    type_in(details(page).get_by_label("padding of row 1"), "same")
    expect(shape(page, 0)).to_have_text("6×32×32")
    expect(setting(page, "padding", 0)).to_have_value("same")


def test_what_cannot_be_used_is_told_at_its_row_and_stays_to_be_corrected(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, SMALL)
    field = setting(page, "kernel_size", 0)
    type_in(field, "0")
    problem = page.locator(".layers tr.problem")
    expect(problem).to_contain_text("Conv2d's kernel_size must be a whole number from 1 to 512")
    expect(field).to_have_value("0")
    type_in(field, "4")
    expect(shape(page, 0)).to_have_text("6×29×29")
    type_in(page.get_by_label("Shape of the input"), "3xx")
    expect(page.locator(".layers .entry .trouble")).to_contain_text("is not a shape")
    type_in(page.get_by_label("Shape of the input"), "3x20x30")
    expect(shape(page, 0)).to_have_text("6×17×27")


def test_layers_are_added_moved_changed_and_removed(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?net=Conv2d(3,6,5)&net_input=3x32x32")
    page.get_by_label("Type of the layer to add").select_option("BatchNorm2d")
    page.get_by_role("button", name="Add at the end").click()
    expect(setting(page, "num_features", 1)).to_have_value("6")
    page.get_by_label("Type of the layer to add").select_option("MaxPool2d")
    page.get_by_role("button", name="Add at the end").click()
    expect(shape(page, 2)).to_have_text("6×14×14")
    row(page, 2).get_by_label("Move row 3 up").click()
    expect(row(page, 1).get_by_label("Layer of row 2")).to_have_value("MaxPool2d")
    expect(row(page, 1).get_by_label("Move row 2 up")).to_be_focused()
    expect(shape(page, 1)).to_have_text("6×14×14")
    row(page, 1).get_by_label("Layer of row 2").select_option("AvgPool2d")
    expect(page).to_have_url(re.compile("AvgPool2d"))
    row(page, 2).get_by_label("Remove row 3").click()
    expect(row(page, 2)).to_have_count(0)
    row(page, 0).locator(".shape").click()
    page.get_by_label("Type of the layer to add").select_option("ReLU")
    page.get_by_role("button", name="Add after row 1").click()
    expect(row(page, 1).get_by_label("Layer of row 2")).to_have_value("ReLU")
    expect(row(page, 1)).to_have_class(re.compile("selected"))


def test_a_row_and_its_block_are_selected_together_and_show_the_arithmetic(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    row(page, 0).locator(".shape").click()
    expect(details(page)).to_contain_text("(5×5×3 + 1) × 6 = 456")
    expect(details(page)).to_contain_text("height and width: floor((32 + 2×0 - 5) / 1) + 1 = 28")
    expect(block(page, "Layer 1,")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("net_row=0"))
    block(page, "Layer 4,").locator("polygon").first.click()
    expect(row(page, 3)).to_have_class(re.compile("selected"))
    expect(details(page)).to_contain_text("(5×5×6 + 1) × 16 = 2,416")
    # A ReLU has no block; the word below the one that it acts on stands for it.
    page.locator(".blocks text", has_text="ReLU").first.click()
    expect(row(page, 1)).to_have_class(re.compile("selected"))
    block(page, "Layer 1,").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(row(page, 2)).to_have_class(re.compile("selected"))
    expect(block(page, "Layer 3,")).to_be_focused()


def test_a_mismatch_is_explained_where_it_happens_and_mended_with_a_button(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, f"?net={TUTORIAL}&net_input=1x28x28")
    problem = page.locator(".layers tr.problem")
    expect(problem).to_contain_text("Layer 7 (Flatten) gives 16 × 4 × 4 = 256")
    expect(problem).to_contain_text("mat1 and mat2 shapes cannot be multiplied (1x256 and 400x120)")
    expect(shape(page, 6)).to_have_text("256")
    expect(row(page, 7).locator(".shape")).to_have_text("–")
    expect(block(page, "Layer 8, Linear, does not fit")).to_be_visible()
    problem.get_by_role("button", name="Set in_features to 256").click()
    expect(problem).to_have_count(0)
    expect(setting(page, "in_features", 7)).to_have_value("256")
    expect(shape(page, 11)).to_have_text("10")


def test_hidden_numbers_are_filled_in_and_a_wrong_one_names_what_was_forgotten(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    row(page, 0).locator(".shape").click()
    details(page).get_by_role("button", name="Ask for this shape").click()
    expect(page).to_have_url(re.compile("net_hide=s0"))
    field = page.get_by_label("What shape comes out of row 1?")
    type_in(field, "6x27x27")
    verdict = page.locator(".layers tr.verdict")
    expect(verdict).to_contain_text("The + 1 is missing")
    expect(verdict).to_contain_text("floor((32 + 2×0 - 5) / 1) + 1 = ?")
    expect(page.locator(".layers")).not_to_contain_text("28×28")
    expect(page.locator(".blocks")).not_to_contain_text("28")
    expect(page.locator(".layers tr.total .macs")).to_have_text("?")
    type_in(field, "6 x 28 x 28")
    expect(row(page, 0).locator(".right")).to_have_text("✓ 6×28×28")
    expect(page.locator(".blocks")).to_contain_text("28")
    expect(page.locator(".layers .add")).to_contain_text("1 of 1 correct.")


def test_all_parameters_are_asked_for_at_once_and_shown_again(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    page.get_by_role("button", name="Ask for all numbers of parameters").click()
    expect(page.locator("input.answer.params")).to_have_count(5)
    expect(total(page)).to_have_text("?")
    type_in(page.get_by_label("How many parameters does row 1 have?"), "450")
    verdict = page.locator(".layers tr.verdict")
    expect(verdict).to_contain_text("The biases are missing")
    verdict.get_by_role("button", name="Show it").click()
    expect(page.locator("input.answer.params")).to_have_count(4)
    expect(row(page, 0).locator(".params")).to_have_text("456")
    page.get_by_role("button", name="Ask for all numbers of parameters").click()
    expect(page.locator("input.answer.params")).to_have_count(5)
    page.get_by_role("button", name="Ask for all numbers of parameters").click()
    expect(total(page)).to_have_text("64,102")


def test_a_link_brings_everything_to_another_browser(new_page: Callable[..., Page], lab_url: str) -> None:
    first = new_page()
    open_page(first, lab_url, SMALL)
    type_in(setting(first, "out_channels", 0), "7")
    row(first, 0).locator(".shape").click()
    details(first).get_by_role("button", name="Ask for these parameters").click()
    expect(first).to_have_url(re.compile("net_hide=p0"))
    expect(first).to_have_url(re.compile("net=Conv2d(\\(|%28)3(,|%2C)7"))
    second = new_page()
    second.goto(first.url)
    wait_for_app(second)
    expect(setting(second, "out_channels", 0)).to_have_value("7")
    expect(second.get_by_label("How many parameters does row 1 have?")).to_be_visible()
    expect(details(second)).to_be_visible()


def test_a_preset_replaces_what_was_typed_and_gives_it_back(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, SMALL)
    type_in(setting(page, "out_channels", 0), "7")
    expect(shape(page, 0)).to_have_text("7×28×28")
    for name, expected in (("VGG-16", "64×224×224"), ("Your own layers", "7×28×28")):
        wait_for_app(page)  # while a page is drawn anew there may be two of the menu
        page.get_by_test_id("stSelectbox").locator("input").click()
        page.get_by_role("option", name=name, exact=True).click()
        expect(shape(page, 0)).to_have_text(expected)


def test_the_picture_is_saved_as_a_file_that_needs_nothing_but_itself(page: Page, lab_url: str, tmp_path: Path) -> None:
    open_page(page, lab_url)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as SVG").click()
    assert saved.value.suggested_filename == "lenet-5.svg"
    text = Path(saved.value.path()).read_text("utf-8")
    svg = ElementTree.fromstring(text)
    assert "28" in [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert "var(" not in text
    assert "class=" not in text
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as PNG").click()
    target = tmp_path / "picture.png"
    saved.value.save_as(target)
    with Image.open(target) as picture:
        assert picture.size[0] > 1500
        colours = picture.convert("RGB").getcolors(1_000_000)
    assert colours is not None
    assert len(colours) > 5


def test_a_saved_picture_is_light_in_the_dark_theme_and_keeps_its_words_apart(page: Page, lab_url: str) -> None:
    page.emulate_media(color_scheme="dark")
    open_page(page, lab_url)
    shown = page.locator(".blocks svg polygon").first.get_attribute("stroke")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as SVG").click()
    svg = ElementTree.parse(saved.value.path()).getroot()
    ground = next(svg.iter("{http://www.w3.org/2000/svg}rect"))
    assert ground.get("fill") == "#ffffff"
    assert shown not in [area.get("stroke") for area in svg.iter("{http://www.w3.org/2000/svg}polygon")]
    assert all(float(text.get("textLength", 0)) > 0 for text in svg.iter("{http://www.w3.org/2000/svg}text"))
    assert page.locator(".blocks svg polygon").first.get_attribute("stroke") == shown


def test_what_cannot_be_used_is_still_there_after_another_view(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, SMALL)
    for label in ("kernel_size of row 1", "Shape of the input"):
        with case(label):
            field = page.locator(".layers").get_by_label(label, exact=True)
            before = field.input_value()
            type_in(field, "abc")
            expect(page.locator(".layers .trouble").filter(has_text="abc")).to_be_visible()
            page.get_by_role("radio", name="Code", exact=True).click()
            expect(field).to_have_count(0)
            page.get_by_role("radio", name="Table", exact=True).click()
            expect(field).to_have_value("abc")
            expect(page.locator(".layers .trouble").filter(has_text="abc")).to_be_visible()
            type_in(field, before)
            expect(page.locator(".layers .trouble").filter(has_text="abc")).to_have_count(0)
            expect(field).to_have_value(before)


def test_code_is_pasted_and_what_is_not_understood_stays_with_its_line(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/network?net_view=code")
    wait_for_app(page)
    field = page.get_by_label("Paste a network")
    field.fill("nn.Sequential(\n    nn.Conv2d(1, 4, 3),\n    nn.LSTM(3, 4),\n)")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Line 3")
    expect(field).to_have_value(re.compile("LSTM"))
    field.fill("nn.Sequential(\n    nn.Conv2d(1, 4, 3),\n    nn.Flatten(),\n    nn.Linear(4 * 26 * 26, 10),\n)")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Read: 3 layers, for an input of 1 × 28 × 28.")
    page.get_by_role("radio", name="Table", exact=True).click()
    expect(shape(page, 1)).to_have_text("2,704")


def test_pytorch_is_asked_for_every_layer(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/network?net=vgg16&net_input=3x224x224&net_view=code")
    wait_for_app(page)
    page.get_by_role("button", name="Check with PyTorch").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(
        "agrees on the shape that comes out of each of the 40 layers", timeout=60_000
    )


def test_the_network_goes_to_the_receptive_field_page(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    page.get_by_role("link", name="Show in Receptive field").click()
    expect(page.get_by_role("heading", level=1, name="Receptive field")).to_be_visible()
    wait_for_app(page)
    expect(page.locator(".layers tbody tr[data-row]:not(.details)")).to_have_count(5)


def test_vgg16_fits_a_screen_and_a_phone(new_page: Callable[..., Page], lab_url: str) -> None:
    for viewport in (DESKTOP, PHONE):
        page = new_page(viewport=viewport)
        open_page(page, lab_url, "?net=vgg16&net_input=3x224x224")
        expect(row(page, 39)).to_have_count(1)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
            widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert widths[0] <= widths[1], scheme
            table = page.locator(".layers table").bounding_box()
            tools = row(page, 0).get_by_label("Remove row 1").bounding_box()
            assert table
            assert tools
            assert tools["x"] + tools["width"] <= table["x"] + table["width"] + 1, scheme
            assert len(page.url) < 2000


def test_an_answer_that_is_typed_while_the_last_one_is_looked_at_is_not_lost(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?net_hide=p0.p3.p6")
    page.get_by_label("How many parameters does row 1 have?").fill("456")
    field = page.get_by_label("How many parameters does row 4 have?")
    field.focus()
    typed_into = field.element_handle()
    page.keyboard.type("24")
    expect(row(page, 0).locator(".right")).to_have_text("✓ 456")
    wait_for_app(page)
    # A field that is taken off the page while somebody types would send half an answer.
    assert typed_into.evaluate("field => field.isConnected")
    expect(page.locator(".layers tr.verdict")).to_have_count(0)
    page.keyboard.type("16")
    expect(field).to_have_value("2416")
    page.keyboard.press("Enter")
    expect(row(page, 3).locator(".right")).to_have_text("✓ 2,416")


def test_an_argument_that_is_typed_while_its_row_gets_another_form_is_not_lost(page: Page, lab_url: str) -> None:
    # While the first row's shape is asked for, in_features of the second is hidden.
    open_page(page, lab_url, "?net=Flatten(),Linear(48,10)&net_input=3x4x4&net_hide=s0")
    page.get_by_label("What shape comes out of row 1?").fill("48")
    field = setting(page, "out_features", 1)
    field.focus()
    typed_into = field.element_handle()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("12")
    expect(setting(page, "in_features", 1)).to_have_value("48")
    assert typed_into.evaluate("field => field.isConnected")
    page.keyboard.type("34")
    expect(shape(page, 1)).to_have_text("1,234")
    expect(field).to_have_value("1234")
    expect(field).to_be_focused()


def test_what_is_wrong_is_told_to_those_who_do_not_see_where(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, SMALL)
    news = page.locator(".layers").get_by_role("status")
    field = setting(page, "kernel_size", 0)
    type_in(field, "0")
    expect(news).to_contain_text("Conv2d's kernel_size must be a whole number from 1 to 512")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("must be a whole number from 1 to 512"))
    type_in(field, "3")
    expect(news).to_contain_text("Layer 5 (Linear) expects 1,176 features")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    # A row that says something is still a row of its table.
    expect(page.get_by_role("row").filter(has_text="expects 1,176 features")).to_have_count(1)
    page.locator(".layers .legend summary").click()
    expect(page.locator(".layers .legend")).to_contain_text("Pixels of the input along each axis")


def test_the_tab_key_stops_at_one_block_from_which_arrows_lead_to_the_others(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    stops = page.locator(".blocks g[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("ArrowRight")
    expect(block(page, "Layer 3,")).to_be_focused()
    expect(stops).to_have_count(1)
    expect(stops).to_have_attribute("aria-label", re.compile("Layer 3,"))
    page.keyboard.press("Enter")
    expect(row(page, 2)).to_have_class(re.compile("selected"))
    expect(block(page, "Layer 3,")).to_be_focused()
    expect(stops).to_have_count(1)
