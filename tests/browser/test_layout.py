"""At every size a page fits into its window: nothing runs off, nothing is cut, what is looked at is seen at once."""

from collections import defaultdict
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnnlab.ui.shell.page_list import PAGES, page_of
from tests.browser.conftest import DESKTOP, settled_box
from tests.browser.layout import FOLDED, OPEN, Size, faults, resize, wait_until_drawn
from tests.browser.views import STATES, views
from tests.pages.test_teaching import LINKS

pytestmark = pytest.mark.browser

WALL, NOTEBOOK, PROJECTOR, TABLET = (1920, 1080), (1280, 800), (1280, 720), (1024, 768)
ZOOMED, PHONE = (853, 533), (390, 844)
"""853x533 is what a zoom of 150 % leaves of 1280x800."""
SIZES: tuple[Size, ...] = (WALL, PROJECTOR, TABLET, ZOOMED, PHONE)

LOOKED_AT = {
    "why_convolution": ".six, .draw, .shift, pre, table",
    "convolution": ".lab .board, pre, .pair",
    "learn_a_kernel": ".lab .board, pre",
    "receptive_field": ".map",
    "channels": ".lab .board, .channel-strip, table, pre",
    "output_shape": ".map",
    "pooling": ".lab .board, canvas, pre",
    "transposed": ".lab .board, pre",
    "network": ".frame, table, pre",
    "image_pipeline": ".film",
    "training": "[data-testid=stExpander]",
    "lessons": ".st-key-lesson_lecture, .st-key-stage p",
}
"""What a page is there for; one of them is seen without scrolling."""


def is_seen(page: Page, key: str) -> bool:
    """Whether it begins in the upper three quarters of the window."""
    boxes = [each.bounding_box() for each in page.locator(LOOKED_AT[key]).all() if each.is_visible()]
    size = page.viewport_size
    assert size
    return any(box and box["y"] < 0.75 * size["height"] for box in boxes)


def look(page: Page, key: str, view: str, sizes: tuple[Size, ...] = SIZES) -> list[str]:
    """What is wrong with what the page shows now, at each size, beginning with the one that the window is near to."""
    wait_until_drawn(page, LOOKED_AT.get(key, "h1"))
    found = []
    width = (page.viewport_size or DESKTOP)["width"]
    for size in sizes if width > FOLDED else reversed(sizes):
        resize(page, size)
        found += faults(page, view)
        if key and size not in (ZOOMED, PHONE) and not is_seen(page, key):
            found.append(f"{view}, {size}: what the page is there for is not seen")
    return found


@pytest.mark.parametrize("key", ["", *(page.key for page in PAGES)])
def test_a_page_and_its_views_fit_into_every_window(page: Page, lab_url: str, key: str) -> None:
    page.goto(f"{lab_url}/{key}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = look(page, key, key, (NOTEBOOK, *SIZES))
    resize(page, PROJECTOR)
    menu = page.get_by_test_id("stSidebar")
    menu.hover()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(menu).to_have_attribute("data-collapsed", "true")
    found += faults(page, f"{key}, menu folded")
    page.get_by_test_id("stExpandSidebarButton").click()
    for choice in views(page):
        if not choice.is_checked():
            address = page.url
            choice.click()
            # The run of the page that draws it has begun.
            page.wait_for_url(lambda url, before=address: url != before)
            found += look(page, key, f"{key}, {choice.inner_text()}")
    assert not found, "\n".join(found)


def in_turn() -> list[str]:
    """States and links of the teaching notes, no two of one page after each other: a page reads its link when it is
    entered from another one.
    """
    by_page = defaultdict(list)
    for link in (*STATES, *(link[1:] for link in LINKS)):
        by_page[link.partition("?")[0]].append(link)
    ordered: list[str] = []
    while any(by_page.values()):
        last = ordered[-1].partition("?")[0] if ordered else ""
        ordered.append(max((links for key, links in by_page.items() if key != last), key=len).pop())
    return ordered


def test_what_links_show_fits_onto_a_phone(page: Page, lab_url: str) -> None:
    page.goto(lab_url)
    wait_until_drawn(page, "h1")
    resize(page, PHONE)
    found = []
    for link in in_turn():
        key = link.partition("?")[0]
        page.evaluate(OPEN, f"/{link}")
        expect(page.get_by_role("heading", level=1, name=page_of(key).title, exact=True)).to_be_visible()
        wait_until_drawn(page, LOOKED_AT[key])
        found += faults(page, link)
    assert not found, "\n".join(found)


def test_in_a_narrow_window_the_menu_is_folded_until_it_is_asked_for(page: Page, lab_url: str) -> None:
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    page.goto(f"{lab_url}/convolution")
    wait_until_drawn(page, LOOKED_AT["convolution"])
    menu, unfold = page.get_by_test_id("stSidebar"), page.get_by_test_id("stExpandSidebarButton")
    expect(menu).to_have_attribute("data-collapsed", "true")
    boards = settled_box(page.locator(".lab .frame").first)
    unfold.click()
    expect(menu.get_by_role("link", name="Pooling")).to_be_in_viewport(ratio=1)
    assert settled_box(page.locator(".lab .frame").first) == boards, "it lies over the page"
    page.set_viewport_size({"width": 900, "height": 533})
    expect(menu).to_have_attribute("data-collapsed", "false")
    menu.get_by_role("link", name="Pooling").click()
    expect(page.get_by_role("heading", level=1, name="Pooling")).to_be_visible()
    expect(menu).to_have_attribute("data-collapsed", "true")
    resize(page, PROJECTOR)  # where it is unfolded, whatever was clicked


def test_the_ways_out_of_an_error_are_seen_at_once(page: Page, lab_url: str) -> None:
    page.set_viewport_size({"width": PROJECTOR[0], "height": PROJECTOR[1]})
    layers = "Conv2d(3,6,5),ReLU(),AvgPool2d(2),Conv2d(6,16,5),ReLU(),AvgPool2d(2),Conv2d(16,120,5),ReLU(),Flatten()"
    page.goto(f"{lab_url}/network?net={layers},Linear(120,100),ReLU(),Linear(84,10)&net_input=3x32x32")
    for way in ("Set in_features to 100", "Set out_features of layer 10 (Linear) to 84"):
        expect(page.get_by_test_id("stButton").get_by_role("button", name=way)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("view", ["convolution?view=picture", "pooling?pool_view=picture"])
def test_what_comes_of_an_upload_is_seen_at_once(page: Page, lab_url: str, view: str) -> None:
    page.set_viewport_size({"width": PROJECTOR[0], "height": PROJECTOR[1]})
    page.goto(f"{lab_url}/{view}")
    wait_until_drawn(page, "canvas")
    page.get_by_text("A picture of your own").click()
    field = page.locator("input[type=file]")
    field.set_input_files(files=[{"name": "notes.png", "mimeType": "image/png", "buffer": b"these are words"}])
    expect(page.get_by_text("notes.png cannot be shown")).to_be_in_viewport(ratio=1)
    content = BytesIO()
    Image.new("RGB", (90, 60), "teal").save(content, "PNG")
    field.set_input_files(files=[{"name": "mine.png", "mimeType": "image/png", "buffer": content.getvalue()}])
    expect(page.locator("figcaption").filter(has_text="60 × 90 pixels")).to_be_in_viewport(ratio=1)
