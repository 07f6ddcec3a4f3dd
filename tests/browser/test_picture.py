"""The convolution page's parts "On a picture" and "As code", as a learner uses them."""

import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, settled_box, wait_for_app

pytestmark = pytest.mark.browser

SOBEL = "kernel=1,0,-1;2,0,-2;1,0,-1"


def open_picture(page: Page, lab_url: str, more: str = "") -> Locator:
    """Open the part; return the component with both pictures."""
    photo = "" if "photo=" in more else "&photo=frog"
    page.goto(f"{lab_url}/convolution?view=picture&{SOBEL}{more}{photo}")
    wait_for_app(page)
    pair = page.locator(".pictures[data-shown]")
    expect(pair).to_be_visible()
    settled_box(output(page))
    return pair


def output(page: Page) -> Locator:
    return page.locator(".pictures .frame").nth(1)


def window(page: Page) -> list[list[str]]:
    rows = page.locator("table.window tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def click_pixel(page: Page, row: int, column: int, size: int = 30) -> None:
    box = settled_box(output(page))
    step = box["width"] / size
    output(page).click(position={"x": (column + 0.5) * step, "y": (row + 0.5) * step})


def photograph(height: int, width: int) -> bytes:
    rows, columns = np.mgrid[0:height, 0:width]
    pixels = np.stack([rows % 256, columns % 256, (rows + columns) % 256], axis=-1).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, format="JPEG")
    return file.getvalue()


def is_blank(canvas: Locator) -> bool:
    return canvas.evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return d.every(v => v === 0) }"
    )


def test_both_pictures_are_drawn_with_the_window_outlined(page: Page, lab_url: str) -> None:
    open_picture(page, lab_url)
    canvases = page.locator(".pictures canvas")
    assert canvases.count() == 4
    assert not any(is_blank(canvases.nth(number)) for number in range(4))


def test_a_click_shows_that_window_with_its_sum(page: Page, lab_url: str) -> None:
    pair = open_picture(page, lab_url)
    click_pixel(page, 3, 7)
    expect(pair).to_have_attribute("data-pixel", "3,7")
    expect(page).to_have_url(re.compile("photo_pixel=3%2C7|photo_pixel=3,7"))
    expect(page.locator(".place")).to_have_text("Output row 4, column 8")
    products = [text.replace("−", "-") for text in page.locator("table.products td").all_inner_texts()]
    assert len(products) == 9
    total = str(sum(map(int, products))).replace("-", "−")
    expect(page.locator("p.total")).to_contain_text(f"add up to {total}, which is the output")


def test_a_click_on_the_input_selects_the_pixel_whose_window_lies_around_it(page: Page, lab_url: str) -> None:
    pair = open_picture(page, lab_url)
    box = settled_box(page.locator(".pictures .frame").first)
    step = box["width"] / 32
    page.locator(".pictures .frame").first.click(position={"x": 10.5 * step, "y": 20.5 * step})
    expect(pair).to_have_attribute("data-pixel", "19,9")


def test_arrow_keys_move_the_pixel(page: Page, lab_url: str) -> None:
    pair = open_picture(page, lab_url, "&photo_pixel=5,5")
    expect(pair).to_have_attribute("data-pixel", "5,5")
    before = window(page)
    output(page).focus()
    page.keyboard.press("ArrowRight")
    expect(pair).to_have_attribute("data-pixel", "5,6")
    # One step to the right: the window's last two columns become its first two.
    for number, row in enumerate(before):
        cells = page.locator("table.window tr").nth(number).locator("td")
        expect(cells).to_have_text([row[1], row[2], re.compile(r"\d")])
    page.keyboard.press("Shift+ArrowDown")
    expect(pair).to_have_attribute("data-pixel", "15,6")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(pair).to_have_attribute("data-pixel", "15,0")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("End")
    expect(pair).to_have_attribute("data-pixel", "29,29")
    expect(page).to_have_url(re.compile("photo_pixel=29(%2C|,)29"))


def test_pointing_shows_the_pixel_before_it_is_chosen(page: Page, lab_url: str) -> None:
    pair = open_picture(page, lab_url, "&photo_pixel=5,5")
    box = settled_box(output(page))
    step = box["width"] / 30
    output(page).hover(position={"x": 12.5 * step, "y": 9.5 * step})
    expect(page.locator(".place")).to_have_text("Output row 10, column 13")
    expect(pair).to_have_attribute("data-pixel", "5,5")


def test_a_link_shows_the_same_pixel_in_another_browser(new_page: Callable[..., Page], lab_url: str) -> None:
    first = new_page()
    open_picture(first, lab_url, "&photo=ship&photo_channels=rgb&padding=1&stride=2")
    click_pixel(first, 2, 12, size=16)
    expect(first).to_have_url(re.compile("photo_pixel=2(%2C|,)12"))
    expect(first.locator("table.window")).to_have_count(3)
    second = new_page()
    second.goto(first.url)
    wait_for_app(second)
    expect(second.locator(".pictures[data-shown]")).to_have_attribute("data-pixel", "2,12")
    expect(second.locator("table.window")).to_have_count(3)
    assert window(first) == window(second)


def test_an_uploaded_photograph_is_shown(page: Page, lab_url: str) -> None:
    pair = open_picture(page, lab_url)
    before = pair.get_attribute("data-shown")
    page.get_by_text("A picture of your own").click()
    photo = {"name": "mine.jpg", "mimeType": "image/jpeg", "buffer": photograph(600, 800)}
    page.locator("input[type=file]").set_input_files(files=[photo])
    expect(page.locator("figcaption").first).to_contain_text("384 × 512 pixels")
    assert pair.get_attribute("data-shown") != before
    output(page).click(position={"x": 5, "y": 5})
    expect(page.locator("p.total")).to_contain_text("which is the output")


def test_a_text_file_named_png_is_refused_and_everything_else_stays(page: Page, lab_url: str) -> None:
    pair = open_picture(page, lab_url, "&photo_pixel=5,5&photo=dog")
    before = pair.get_attribute("data-shown")
    page.get_by_text("A picture of your own").click()
    text = {"name": "notes.png", "mimeType": "image/png", "buffer": b"these are words"}
    page.locator("input[type=file]").set_input_files(files=[text])
    expect(page.get_by_text("notes.png cannot be shown")).to_be_visible()
    expect(pair).to_have_attribute("data-pixel", "5,5")
    assert pair.get_attribute("data-shown") == before


def test_on_a_phone_the_pictures_stand_one_below_the_other(new_page: Callable[..., Page], lab_url: str) -> None:
    page = new_page(viewport=PHONE)
    open_picture(page, lab_url)
    first, second = (settled_box(page.locator(".pictures .frame").nth(number)) for number in range(2))
    assert second["y"] > first["y"] + first["height"]
    assert max(first["width"], second["width"]) <= PHONE["width"]


def test_pytorch_agrees_when_it_is_asked(page: Page, lab_url: str) -> None:
    page.goto(f"{lab_url}/convolution?view=code&{SOBEL}&padding=1&mode=reflect&flip=true&bias=0.5")
    wait_for_app(page)
    expect(page.get_by_text("torch.flip(kernel")).to_be_visible()
    page.get_by_role("button", name="Check with PyTorch").click()
    expect(page.get_by_text(re.compile("PyTorch .* agrees: "))).to_be_visible(timeout=60_000)
