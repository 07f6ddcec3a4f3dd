"""Present mode: what is looked at fills the screen, large enough to be read from afar, and nothing else is there."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page, expect

from cnnlab.ui.shell.page_list import page_of
from tests.browser.conftest import settled_box, wait_for_app
from tests.browser.grids import Lab, open_link
from tests.browser.layout import LAID_OUT, OPEN, wait_until_drawn

pytestmark = pytest.mark.browser

PROJECTOR = {"width": 1280, "height": 720}
ZOOMED = {"width": 853, "height": 480}
WALL = {"width": 1920, "height": 1080}

GRIDS = (
    "convolution",
    "convolution?padding=1",
    "convolution?cells=letters",
    "convolution?cells=both",
    "convolution?view=then&step=9",
    "pooling",
    "pooling?pool_gradient=true",
    "pooling?pool_view=shift",
    "transposed",
    "transposed?tr_view=overlaps",
    "transposed?tr_view=direct",
    "channels",
    "learn_a_kernel",
)

ON = ""
"""What the root's attribute holds while something is presented; else it has none."""

SHOWN = """() => {
  const [lab] = [...document.querySelectorAll('.st-key-stage_boards *')].map(({ shadowRoot }) =>
    shadowRoot?.querySelector('.lab')).filter(Boolean);
  const seen = (selector) => [...lab.querySelectorAll(selector)].filter((each) => each.checkVisibility());
  const boxes = (selector) => seen(selector).map((each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [left, top, right, bottom].map(Math.round);
  });
  const stage = document.querySelector('.st-key-stage_boards');
  return {
    digits: seen('.cell .number, .sum .chip').map((each) => parseFloat(getComputedStyle(each).fontSize)),
    cut: seen('.cell .number').filter((each) => each.scrollWidth > each.clientWidth).length,
    parts: boxes('.matrix .scroller, .sum, .total, .player, .line'),
    unmoved: boxes('.matrix, .sum, .total, .player'),
    scrolls: [stage.scrollWidth - stage.clientWidth, stage.scrollHeight - stage.clientHeight],
    high: [...lab.querySelectorAll('.sections')].filter((each) => each.scrollHeight > each.clientHeight + 2).length,
    wide: [...lab.querySelectorAll('.scroller, .sum')].filter((each) => each.scrollWidth > each.clientWidth + 8).length,
  };
}"""


def root(page: Page) -> Locator:
    return page.locator(":root")


def present(page: Page) -> None:
    page.keyboard.press("f")
    expect(root(page)).to_have_attribute("data-present", ON)


def leave(page: Page) -> None:
    page.keyboard.press("f")
    expect(root(page)).not_to_have_attribute("data-present", ON)


def shown(page: Page) -> dict[str, Any]:
    settled_box(page.locator(".lab .player").first)
    return page.evaluate(SHOWN)


def picture(page: Page) -> Image.Image:
    settled_box(page.locator("[class*=st-key-stage]").last)
    page.wait_for_timeout(300)
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def is_alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether nobody could tell them apart: edges that were painted anew may be some shades lighter."""
    return max(most for _, most in ImageChops.difference(one, other).getextrema()) < 16


@pytest.mark.parametrize("view", GRIDS)
def test_boards_and_their_sum_fill_the_screen_and_nothing_moves(page: Page, lab_url: str, view: str) -> None:
    page.set_viewport_size(PROJECTOR)
    open_link(page, f"{lab_url}/{view}")
    before = picture(page)
    present(page)
    digits = {}
    for size in (ZOOMED, WALL, PROJECTOR):
        page.set_viewport_size(size)
        seen = shown(page)
        assert seen["scrolls"] == [0, 0], (size, seen)
        assert (seen["cut"], seen["wide"], seen["high"]) == (0, 0, 0), size
        for left, top, right, bottom in seen["parts"]:
            assert 0 <= left < right <= size["width"], size
            assert 0 <= top < bottom <= size["height"], size
        digits[size["width"]] = min(seen["digits"])
    assert digits[1280] >= 24
    assert digits[1920] >= 1.4 * digits[1280]
    first = shown(page)["unmoved"]
    leave(page)
    assert is_alike(picture(page), before)
    present(page)
    for key in ("ArrowRight", "End"):
        page.keyboard.press(key)
        assert shown(page)["unmoved"] == first


@pytest.fixture
def lab(page: Page, lab_url: str) -> Lab:
    page.set_viewport_size(PROJECTOR)
    return open_link(page, f"{lab_url}/convolution")


def test_the_frames_button_asks_no_server(lab: Lab, lab_url: str) -> None:
    sent: list[object] = []
    lab.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    lab.page.goto(f"{lab_url}/convolution")
    wait_for_app(lab.page)
    expect(lab.counter).to_be_visible()
    assert sent
    sent.clear()
    button = lab.page.get_by_role("button", name="Present")
    button.click()
    expect(root(lab.page)).to_have_attribute("data-present", ON)
    expect(lab.page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(lab.page.get_by_role("heading", level=1)).to_be_hidden()
    # A click leaves the keys to the page.
    lab.page.keyboard.press(" ")
    expect(lab.button(re.compile("^Pause"))).to_be_visible()
    lab.page.keyboard.press(" ")
    button.click()
    expect(root(lab.page)).not_to_have_attribute("data-present", ON)
    assert len(sent) <= 2, "only where the steps have come to rest"


def test_settings_come_as_a_drawer_and_go_again(lab: Lab) -> None:
    slider = lab.page.get_by_role("slider", name="Stride")
    stride = lab.page.get_by_test_id("stSlider").filter(has=slider)
    lab.page.keyboard.press("s")
    expect(root(lab.page)).not_to_have_attribute("data-drawer", ON)
    present(lab.page)
    expect(stride).to_be_hidden()
    boards = settled_box(lab.frame)
    lab.page.keyboard.press("s")
    expect(stride).to_be_in_viewport()
    expect(lab.page.get_by_text("As code")).to_be_in_viewport()
    assert settled_box(lab.frame) == boards
    slider.press("ArrowRight")
    expect(lab.counter).to_have_text("Step 1 of 4")
    # While the slider has the focus, its keys are its own, and these are not.
    lab.page.keyboard.press("s")
    expect(stride).to_be_hidden()
    lab.page.keyboard.press("s")
    lab.page.keyboard.press("Escape")
    expect(stride).to_be_hidden()
    expect(root(lab.page)).to_have_attribute("data-present", ON)
    lab.page.keyboard.press("Escape")
    expect(stride).to_be_visible()
    expect(root(lab.page)).not_to_have_attribute("data-present", ON)


def test_keys_step_and_play_while_presenting_and_whoever_types_is_left_alone(lab: Lab) -> None:
    cell = lab.field("Input", 1, 1)
    cell.fill("")
    cell.press("f")
    expect(cell).to_have_value("f")
    expect(root(lab.page)).not_to_have_attribute("data-present", ON)
    cell.fill("1")
    lab.page.locator("h1").click()
    present(lab.page)
    lab.page.keyboard.press("PageDown")
    expect(lab.counter).to_have_text("Step 2 of 9")
    lab.page.keyboard.press("p")
    expect(lab.button("Predict")).to_have_attribute("aria-pressed", "true")
    lab.output(1).locator("input").fill("7")
    lab.page.keyboard.press("Enter")
    expect(lab.status).to_have_attribute("data-kind", "wrong")
    assert shown(lab.page)["scrolls"] == [0, 0]


def test_the_mode_stays_for_the_tab_and_the_start_page_has_none(lab: Lab, lab_url: str) -> None:
    present(lab.page)
    for address in ("pooling", ""):
        lab.page.goto(f"{lab_url}/{address}")
        if address:
            expect(root(lab.page)).to_have_attribute("data-present", ON)
            expect(lab.page.locator(".lab .player")).to_be_in_viewport()
            expect(lab.page.get_by_test_id("stSidebar")).to_be_hidden()
    wait_for_app(lab.page)
    expect(root(lab.page)).not_to_have_attribute("data-present", ON)
    lab.page.get_by_test_id("stSidebar").get_by_role("link", name="Convolution", exact=True).click()
    expect(root(lab.page)).to_have_attribute("data-present", ON)
    leave(lab.page)
    lab.page.reload()
    wait_for_app(lab.page)
    expect(root(lab.page)).not_to_have_attribute("data-present", ON)


OTHERS = (
    "why_convolution",
    "convolution?view=picture",
    "why_convolution?why=draw",
    "channels?ch_view=picture",
    "why_convolution?why=experiment",
    "channels?ch_view=memory",
    "output_shape",
    "channels?ch_view=costs",
    "output_shape?fh=9&h=5",
    "receptive_field",
    "network",
    "receptive_field?reach_view=side",
    "network?net_view=code",
    "image_pipeline",
    "why_convolution?why=code",
    "training",
)
"""No two of one page after each other, as in `in_turn`."""

ENLARGED = """() => {
  const stage = document.querySelector('.st-key-stage');
  const zoom = stage.currentCSSZoom;
  const inside = (root) => [...root.querySelectorAll('*')].flatMap((each) =>
    each.shadowRoot ? [each, ...inside(each.shadowRoot)] : [each]);
  const seen = inside(stage).filter((each) => each.checkVisibility() && each.getBoundingClientRect().width > 0);
  const axes = seen.filter((each) => each.matches('.chart text'));
  return {
    shown: seen.length,
    beyond: stage.scrollWidth - stage.clientWidth,
    axes: axes.map((each) => parseFloat(getComputedStyle(each).fontSize) * zoom),
    text: 15 * zoom,
    free: document.querySelector('.st-key-tools').getBoundingClientRect().top - stage.getBoundingClientRect().bottom,
  };
}"""


def test_all_else_is_enlarged_and_never_wider_than_the_screen(page: Page, lab_url: str) -> None:
    page.set_viewport_size(PROJECTOR)
    page.goto(lab_url)
    wait_until_drawn(page, "h1")
    for view in OTHERS:
        page.evaluate(OPEN, f"/{view}")
        expect(page).to_have_title(f"{page_of(view.partition('?')[0]).title} · cnnlab")
        wait_until_drawn(page, ".st-key-stage")
        if view == OTHERS[0]:
            present(page)
        for size in (WALL, ZOOMED, PROJECTOR):
            page.set_viewport_size(size)
            page.evaluate(LAID_OUT)
            seen = page.evaluate(ENLARGED)
            assert seen["shown"] > 5, view
            assert not seen["beyond"], (view, size)
            assert seen["free"] >= -1, "the buttons lie over nothing"
            if size is PROJECTOR:
                assert seen["text"] >= 24, view
                assert min(seen["axes"], default=18) >= 18, view
            if size is WALL:
                assert seen["text"] >= 36, view


def test_what_is_pointed_at_is_found_where_it_is_drawn_larger(page: Page, lab_url: str) -> None:
    page.set_viewport_size(PROJECTOR)
    page.goto(f"{lab_url}/output_shape")
    wait_for_app(page)
    told = page.locator(".map .told")
    expect(told).to_contain_text("Window 1 of 25")
    present(page)
    output = page.locator(".map svg.drawing").last
    rows = settled_box(output.locator(".border"))
    # The last of its five rows, the middle of its five columns.
    page.mouse.click(rows["x"] + rows["width"] / 2, rows["y"] + 0.9 * rows["height"])
    expect(told).to_contain_text("Window 23 of 25")
