"""The page on pictures in PyTorch in a browser: cards chosen, steps moved, added and changed in place, and the link."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import ground
from tests.browser.conftest import DESKTOP, PHONE, leave, wait_for_app
from tests.live_lab import running_lab

pytestmark = pytest.mark.browser

CIFAR = "open;crop:32:4;flip:0.5;tensor"
HALVES = "open;tensor;normalize:0.5,0.5,0.5:0.5,0.5,0.5"
EARLY = "open;normalize:0.5,0.5,0.5:0.5,0.5,0.5;tensor"


def open_page(page: Page, lab_url: str, query: str = "") -> None:
    page.goto(f"{lab_url}/image_pipeline{query}")
    wait_for_app(page)
    expect(card(page, 1).locator("img")).to_be_visible()


def card(page: Page, number: int) -> Locator:
    return page.locator(".film .card").nth(number - 1)


def titles(page: Page) -> Locator:
    return page.locator(".film .card .title")


def detail(page: Page) -> Locator:
    return page.locator(".film .detail")


def linked(page: Page, steps: str, step: int | None = None) -> None:
    """Wait until the link says so; what stands for itself in a URL may be written either way."""
    texts = [re.escape(part) for part in re.split("[;:,]", steps)]
    pattern = "img_steps=" + "(?:[;:,]|%3B|%3A|%2C)".join(texts) + "(?:&|$)"
    expect(page).to_have_url(re.compile(pattern))
    if step is not None:
        expect(page).to_have_url(re.compile(rf"img_step={step}(?:&|$)"))


def test_a_chosen_card_is_shown_in_full_and_stands_in_the_link(new_page: Callable[..., Page], lab_url: str) -> None:
    first = new_page()
    open_page(first, lab_url)
    expect(detail(first).locator("h2")).to_have_text("Step 2 of 3: ToTensor")
    card(first, 3).click()
    expect(detail(first).locator("h2")).to_have_text("Step 3 of 3: Normalize")
    expect(detail(first)).to_contain_text("mean is what is subtracted, not what comes out")
    expect(detail(first).locator(".channels tr")).to_have_count(4)
    expect(detail(first).locator(".histogram polyline")).to_have_count(3)
    expect(detail(first).locator(".corner code")).to_have_text("x[0, :4, :5]")
    expect(first).to_have_url(re.compile(r"img_step=3"))
    second = new_page()
    second.goto(first.url)
    wait_for_app(second)
    expect(detail(second).locator("h2")).to_have_text("Step 3 of 3: Normalize")


def test_arrow_keys_walk_from_card_to_card(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    card(page, 2).focus()
    page.keyboard.press("ArrowRight")
    expect(card(page, 3)).to_be_focused()
    page.keyboard.press("End")
    expect(detail(page).locator("h2")).to_have_text("Into the network: Conv2d(3, 6, 5)")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    expect(detail(page).locator("h2")).to_have_text("Step 1 of 3: the file is opened")
    expect(page).to_have_url(re.compile(r"img_step=1"))


def test_two_steps_in_the_wrong_order_are_exchanged(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, f"?img_steps={EARLY}&img_step=2")
    expect(detail(page).locator(".error")).to_contain_text("PyTorch says: TypeError: img should be Tensor Image.")
    expect(detail(page).locator(".advice")).to_contain_text("Put ToTensor() before this step.")
    expect(card(page, 4)).to_contain_text("not reached")
    detail(page).get_by_role("button", name="Move to the right").click()
    expect(card(page, 4)).to_contain_text("gives C=6, H=28, W=28")
    expect(detail(page).locator("h2")).to_have_text("Step 3 of 3: Normalize")
    # That is the preset which the page opens with, so the link has nothing to say about it.
    expect(page).not_to_have_url(re.compile("img_steps"))
    expect(page.get_by_role("combobox", name=re.compile("Preset"))).to_have_value("To numbers from −1 to 1")


def test_an_argument_is_typed_and_one_that_cannot_be_is_told(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?img_steps=open;resize:64;tensor&img_step=2")
    size = page.get_by_label("size of step 2", exact=True)
    size.fill("48")
    size.press("Enter")
    expect(card(page, 2).locator(".shape")).to_have_text("W=48, H=48")
    expect(card(page, 4)).to_contain_text("gives C=6, H=44, W=44")
    linked(page, "open;resize:48;tensor")
    size.fill("9999")
    size.press("Enter")
    expect(detail(page).get_by_role("alert")).to_have_text(
        "Step 2, Resize: size is a whole number from 1 to 512, not 9999."
    )
    expect(size).to_have_value("9999")
    expect(card(page, 2).locator(".shape")).to_have_text("W=48, H=48")
    size.fill("20")
    size.press("Enter")
    expect(card(page, 2).locator(".shape")).to_have_text("W=20, H=20")
    expect(detail(page).locator(".refused")).to_be_empty()


def test_what_is_typed_while_the_last_edit_is_looked_at_is_not_lost(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, f"?img_steps={HALVES}&img_step=3")
    mean, std = page.get_by_label("mean of step 3", exact=True), page.get_by_label("std of step 3", exact=True)
    mean.fill("0.4,0.4,0.4")
    std.click()
    std.press("ControlOrMeta+a")
    std.press_sequentially("0.25,0.25,0.25", delay=150)
    expect(std).to_have_value("0.25,0.25,0.25")
    std.press("Enter")
    linked(page, "open;tensor;normalize:0.4,0.4,0.4:0.25,0.25,0.25")
    expect(std).to_have_value("0.25,0.25,0.25")


def test_steps_are_added_and_taken_out(page: Page, lab_url: str) -> None:
    open_page(page, lab_url)
    detail(page).get_by_label("Add a step after this one").select_option("permute")
    expect(titles(page)).to_have_text(
        ["Image.open(file)", "ToTensor()", "x.permute(1, 2, 0)", re.compile("Normalize"), "Conv2d(3, 6, 5)"]
    )
    expect(card(page, 4)).to_contain_text("PyTorch refuses")
    detail(page).get_by_label("order of step 3").select_option("chw")
    expect(card(page, 3).locator(".shape")).to_have_text("W=32, C=3, H=32")
    detail(page).get_by_role("button", name="Take out").click()
    expect(titles(page)).to_have_count(4)
    expect(card(page, 4)).to_contain_text("gives C=6, H=28, W=28")
    card(page, 4).click()
    detail(page).get_by_label("Add a step at the end").select_option("reshape")
    expect(detail(page).locator("h2")).to_have_text("Step 4 of 4: reshape")
    expect(detail(page)).to_contain_text("the picture is torn apart")


def test_a_quick_hand_loses_nothing(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?img_steps=open;gray:3;flip:1;tensor&img_step=4")
    for _ in range(2):
        detail(page).get_by_role("button", name="Move to the left").click(delay=0)
    linked(page, "open;tensor;gray:3;flip:1")
    for _ in range(3):
        detail(page).get_by_role("button", name="Take out").click(delay=0)
    linked(page, "open")
    expect(titles(page)).to_have_text(["Image.open(file)", "Conv2d(3, 6, 5)"])
    expect(card(page, 2)).to_contain_text("PyTorch refuses")


def test_the_file_is_opened_in_two_ways(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?img_step=1")
    page.get_by_label("Opened with").select_option("read")
    expect(card(page, 1).locator(".holder")).to_have_text("tensor, uint8")
    expect(card(page, 2)).to_contain_text("PyTorch refuses")
    linked(page, "read;tensor;normalize:0.5,0.5,0.5:0.5,0.5,0.5")


def test_another_seed_gives_another_crop(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, f"?img_steps={CIFAR}")
    before = card(page, 2).locator("img").get_attribute("src")
    page.get_by_label("Seed", exact=True).fill("4")
    page.get_by_label("Seed", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("img_seed=4"))
    expect(card(page, 2).locator("img")).not_to_have_attribute("src", before or "")


def test_a_prediction_reveals_the_card(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?img_hide=true&img_step=2")
    expect(card(page, 2).locator(".sign")).to_have_text("?")
    expect(detail(page)).to_contain_text("What comes out? Predict above.")
    page.get_by_label("Shape after ToTensor").fill("32, 32, 3")
    page.get_by_label("Shape after ToTensor").press("Enter")
    expect(page.get_by_text("This has the channels last")).to_be_visible()
    page.get_by_label("Shape after ToTensor").fill("3, 32, 32")
    page.get_by_label("Shape after ToTensor").press("Enter")
    expect(page.get_by_text("Right: C=3, H=32, W=32.")).to_be_visible()
    page.get_by_label("Largest number after ToTensor").fill("1")
    page.get_by_label("Largest number after ToTensor").press("Enter")
    expect(card(page, 2).locator("img")).to_be_visible()
    expect(card(page, 3).locator(".sign")).to_have_text("?")


def test_a_picture_of_ones_own_goes_through_the_steps(page: Page, lab_url: str) -> None:
    open_page(page, lab_url, "?img_steps=open;resize:64;tensor")
    file = io.BytesIO()
    Image.fromarray(np.full((30, 60, 3), (200, 40, 10), np.uint8)).save(file, "PNG")
    page.get_by_text("A picture of your own").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(card(page, 1).locator(".shape")).to_have_text("W=60, H=30")
    expect(card(page, 2).locator(".shape")).to_have_text("W=128, H=64")
    expect(card(page, 3).locator(".shape")).to_have_text("C=3, H=64, W=128")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_ten_steps_fit_on_the_screen(new_page: Callable[..., Page], lab_url: str, viewport: dict) -> None:
    page = new_page(viewport=viewport)
    steps = "open;resize:256;center:224;crop:224:8;flip:0.5;gray:3;image;float:True;normalize:0.5:0.5;permute:hwc"
    open_page(page, lab_url, f"?img_steps={steps}")
    expect(titles(page)).to_have_count(11)
    expect(detail(page)).to_contain_text("At most ten steps.")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
        if viewport is DESKTOP:  # a phone has them in rows
            expect(card(page, 10)).to_be_in_viewport(ratio=0.9)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], scheme


def test_the_first_visitor_of_a_server_is_told_that_pytorch_starts_and_may_leave_meanwhile(
    new_page: Callable[..., Page],
) -> None:
    with running_lab() as cold_url:
        page = new_page(lab=cold_url)
        page.goto(f"{cold_url}/image_pipeline")
        expect(page.get_by_text("It takes a few seconds to start.")).to_be_visible()
        page.get_by_role("link", name="Output shape", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="Output shape")).to_be_visible()
        page.go_back()
        expect(card(page, 3).locator("img")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("PyTorch runs the steps")).to_have_count(0)
        leave(page)


def test_the_picture_that_the_script_opens_is_given_away_as_the_page_shows_it(
    page: Page, lab_url: str, tmp_path: Path
) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (900, 600), "teal").save(photo, exif=turned)
    page.goto(f"{lab_url}/image_pipeline")
    wait_for_app(page)
    page.get_by_text("A picture of your own").click()
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.get_by_text("With the file that you uploaded the code may give other numbers.")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download picture.png").click()
    assert saved.value.suggested_filename == "picture.png"
    with Image.open(saved.value.path()) as picture:
        assert (picture.mode, picture.size) == ("RGB", (341, 512))
