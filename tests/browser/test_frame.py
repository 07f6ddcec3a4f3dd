"""Every page opens by its own address, in both themes and on a phone, and asks no other host for anything."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cnnlab import __version__
from cnnlab.ui.shell.page_list import PAGES
from tests.browser.axe import ground
from tests.browser.conftest import DESKTOP, PHONE, case, leave, wait_for_app
from tests.browser.layout import LAID_OUT, resize
from tests.live_lab import running_lab

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("entry", PAGES, ids=lambda page: page.key)
def test_every_page_opens(new_page: Callable[..., Page], lab_url: str, entry) -> None:
    page = new_page(viewport=PHONE, color_scheme="dark")
    page.goto(f"{lab_url}/{entry.key}")
    for size, scheme in ((PHONE, "dark"), (PHONE, "light"), (DESKTOP, "light"), (DESKTOP, "dark")):
        with case((size, scheme)):
            resize(page, (size["width"], size["height"]))
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
            wait_for_app(page)
            expect(page.get_by_role("heading", level=1, name=entry.title, exact=True)).to_be_visible()
            expect(page).to_have_title(f"{entry.title} · cnnlab")
            expect(page.get_by_test_id("stException")).to_have_count(0)
            page.evaluate(LAID_OUT)
            widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert widths[0] <= widths[1], f"the page is {widths[0]} px wide on a screen of {widths[1]}"
            for group in page.get_by_test_id("stButtonGroup").get_by_role("radiogroup").all():
                widths = group.evaluate("(element) => [element.scrollWidth, element.clientWidth]")
                assert widths[0] <= widths[1], (
                    f"choices run off: {group.inner_text()!r} is {widths[0]} px wide in {widths[1]}"
                )


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("learn_a_kernel", ("learn_rate", "learn_steps", "learn_start", "learn_seed", "learn_step", "learn_target")),
        ("pooling", ("pool_kind", "pool_stride", "pool_step")),
        ("channels", ("ch_stride", "ch_groups", "ch_view")),
    ],
)
def test_what_a_link_cannot_have_is_told_above_the_controls_in_the_page_s_full_width(
    new_page: Callable[..., Page], lab_url: str, path: str, names: tuple[str, ...]
) -> None:
    page = new_page(viewport=PHONE)
    page.goto(f"{lab_url}/{path}?" + "&".join(f"{name}=x" for name in names))
    wait_for_app(page)
    expect(page.locator(".lab .board").first).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(len(names))
    for size in (PHONE, DESKTOP):
        resize(page, (size["width"], size["height"]))
        page.evaluate(LAID_OUT)
        boxes = [each.bounding_box() for each in page.get_by_test_id("stAlert").all()]
        views = page.get_by_test_id("stButtonGroup").first.bounding_box()
        heading = page.locator("h1").bounding_box()
        assert views
        assert heading
        for box, following in zip(boxes, [*boxes[1:], None], strict=True):
            assert box
            assert box["width"] >= heading["width"] - 1, size
            end = box["y"] + box["height"]
            assert end == following["y"] if following else end < views["y"], size


def test_where_nothing_is_to_be_told_nothing_stands_above_the_controls(page: Page, lab_url: str) -> None:
    gaps = []
    for query in ("", "?learn_rate=-1"):
        page.goto(f"{lab_url}/learn_a_kernel{query}")
        wait_for_app(page)
        expect(page.locator(".lab .board").first).to_be_visible()
        line = page.get_by_text("Hide a kernel and watch").bounding_box()
        views = page.get_by_test_id("stButtonGroup").first.bounding_box()
        assert line
        assert views
        gaps.append(views["y"] - line["y"] - line["height"])
    assert gaps[0] < 25 < gaps[1]


def test_version_and_licence_are_told_in_the_menu_and_on_a_phone_below_the_page(page: Page, lab_url: str) -> None:
    footer = f"cnnlab {__version__} · MIT licence"
    told = "getComputedStyle(document.querySelector('[data-testid=stMainBlockContainer]'), '::after').content"
    page.goto(lab_url)
    wait_for_app(page)
    # The style sheets come with the page, and may be read a moment later than it stands.
    page.wait_for_function(f"(below) => {told} === below", arg="none")
    expect(page.get_by_test_id("stSidebar").get_by_text(footer)).to_be_visible()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.wait_for_function(f"(below) => {told} === below", arg=f'"{footer}"')


def test_a_deep_link_is_the_first_thing_that_a_cold_server_is_asked(new_page: Callable[..., Page]) -> None:
    entry = PAGES[1]
    with running_lab() as cold_url:
        page = new_page(lab=cold_url)
        page.goto(f"{cold_url}/{entry.key}")
        wait_for_app(page)
        expect(page.get_by_role("heading", level=1, name=entry.title, exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="cnnlab")).to_be_visible()
        leave(page)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_menu_leads_from_page_to_page_and_back_leads_back(
    new_page: Callable[..., Page], lab_url: str, viewport: dict
) -> None:
    page = new_page(viewport=viewport)
    page.goto(lab_url)
    wait_for_app(page)
    menu = page.get_by_test_id("stSidebar")
    schemes = ["light", "dark"]
    for entry in PAGES:
        if viewport is PHONE:
            page.get_by_test_id("stExpandSidebarButton").click()
        menu.get_by_role("link", name=entry.title, exact=True).click()
        # Each page comes in one theme, and is seen in the other.
        for scheme in schemes:
            with case((entry.key, scheme)):
                page.emulate_media(color_scheme=scheme)
                expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
                expect(page.get_by_role("heading", level=1, name=entry.title, exact=True)).to_be_visible()
                wait_for_app(page)
                expect(page.get_by_test_id("stException")).to_have_count(0)
                if viewport is PHONE:
                    expect(menu).not_to_be_visible()  # it would lie over the page
        schemes.reverse()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name=PAGES[-2].title, exact=True)).to_be_visible()


def test_back_leads_to_the_page_before_however_much_was_changed(page: Page, lab_url: str) -> None:
    def change() -> None:
        for step in range(2, 5):
            page.get_by_role("slider", name="Stride").press("ArrowRight")
            page.wait_for_url(re.compile(rf"stride={step}"))

    page.goto(f"{lab_url}/convolution?padding=1")
    wait_for_app(page)
    change()
    page.get_by_role("link", name="Pooling").click()
    expect(page.get_by_role("heading", level=1, name="Pooling")).to_be_visible()
    wait_for_app(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Convolution", exact=True)).to_be_visible()
    expect(page.get_by_role("slider", name="Stride")).to_have_value("4")
    expect(page.get_by_role("slider", name="Padding")).to_have_value("1")
    # Whoever came by a link from elsewhere goes back there.
    page.go_back()
    expect(page).to_have_url("about:blank")


@pytest.mark.parametrize(
    ("query", "label", "number", "limits"),
    [
        ("channels", "Padding", "99", "between 0 and 2."),
        ("learn_a_kernel", "Learning rate", "-1", "between 0.0001 and 10."),
        # Of which Streamlit alone would read the 1.
        ("learn_a_kernel", "Steps", "1e9", "between 1 and 200."),
        ("receptive_field", "Input size", "0", "between 1 and 64."),
        ("why_convolution?why=experiment", "Seed", "10", "between 0 and 9."),
        ("output_shape", "O: kernels", "0", "between 1 and 1024."),
    ],
)
def test_a_number_out_of_range_is_told_its_range_and_which_counts_beneath_it(
    new_page: Callable[..., Page], lab_url: str, query: str, label: str, number: str, limits: str
) -> None:
    page = new_page(viewport=PHONE)
    page.goto(f"{lab_url}/{query}")
    wait_for_app(page)
    for size in (PHONE, DESKTOP):
        with case(size):
            resize(page, (size["width"], size["height"]))
            expect_range_told(page, label, number, limits)


def expect_range_told(page: Page, label: str, number: str, limits: str) -> None:
    field = page.get_by_label(label, exact=True)
    before = field.input_value()
    field.fill(number)
    field.press("Enter")
    told = page.get_by_role("alert").filter(has_text=limits)
    told.scroll_into_view_if_needed()
    box, main = told.bounding_box(), page.get_by_test_id("stMain")
    assert box
    assert box["height"] > 30
    assert page.viewport_size
    assert 0 <= box["x"] < box["x"] + box["width"] <= page.viewport_size["width"]
    seen = "(told) => { const { x, y } = told.getBoundingClientRect(); return document.elementFromPoint(x + 9, y + 9) }"
    assert told.evaluate(f"(told) => ({seen})(told) === told"), "something lies over it"
    assert (
        told.evaluate("(told) => getComputedStyle(told, '::after').content")
        == f'" Until then, {before} counts instead of {int(float(number))}."'
    )
    assert main.evaluate("(main) => main.scrollWidth <= main.clientWidth")
    field.fill("1")
    field.press("Enter")
    expect(told).to_have_count(0)
