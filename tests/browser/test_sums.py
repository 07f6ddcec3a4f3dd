"""What a cell comes to is on the screen whatever is set, and no setting moves boards, signs or the player."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_for_app
from tests.browser.grids import Lab, open_link

pytestmark = pytest.mark.browser

WINDOWS = (((1280, 720), (1280, 800), (1024, 768)), ((853, 533),))
"""The last is a browser zoom of 150 % at 1280x800, where the menu is folded."""

MEASURE = """async () => {
  const find = (root) => [...root.querySelectorAll('*')].map(({ shadowRoot }) => shadowRoot?.querySelector('.lab'));
  const lab = find(document).find(Boolean);
  const seen = (selector) => [...lab.querySelectorAll(selector)].filter((each) => each.checkVisibility());
  const box = (each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [left, top, right, bottom].map(Math.round);
  };
  const main = document.querySelector('[data-testid="stMain"]');
  // Where the settings stand below, whoever changes them scrolls to them.
  main.scrollTop = 0;
  const places = () => JSON.stringify([...seen('.stage .matrix'), lab.querySelector('.player')].map(box));
  // What has changed moves what is around it, and that what is around that.
  for (let still = 0, before = ''; still < 6; still += 1) {
    await new Promise(requestAnimationFrame);
    if (places() !== before) still = 0;
    before = places();
  }
  const isWide = (each) => each.scrollWidth > each.clientWidth + 1;
  const bodies = seen('.scroller .body').filter((each) => isWide(each.parentElement));
  return {
    total: box(lab.querySelector('.total')),
    result: seen('.result').map(box),
    boards: seen('.stage .matrix').map(box),
    signs: seen('.stage .operator').map((each) => each.textContent).join(''),
    player: box(lab.querySelector('.player')),
    wide: [...bodies, ...seen('.stage, .sum, .terms').filter(isWide)].map((each) => each.className),
    sideways: main.scrollWidth - main.clientWidth,
  };
}"""


def measured(page: Page) -> dict[str, Any]:
    wait_for_app(page)
    return page.evaluate(MEASURE)


def open_small(page: Page, link: str, size: tuple[int, int]) -> Lab:
    """Open a page in a window of that size, with the menu folded where it would take a third of it."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    lab = open_link(page, link)
    if width < 900:
        page.add_style_tag(content="[data-testid=stSidebar] { display: none }")
    return lab


def stand(boards: list[list[int]]) -> list[tuple[bool, bool]]:
    """Whether each board stands further to the right, and further down, than the one before."""
    return [(after[0] > before[0] + 4, after[1] > before[1] + 4) for before, after in pairwise(boards)]


def looks(page: Page, sizes: tuple[tuple[int, int], ...]) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    """Look at the page in each of the sizes; nothing may be wider than its place."""
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        seen = measured(page)
        assert (seen["wide"], seen["sideways"]) == ([], 0), (width, height)
        yield (width, height), seen


def resize(lab: Lab, name: str, rows: int) -> None:
    field = lab.size(name, "rows")
    field.fill(str(rows))
    field.press("Enter")
    expect(lab.field(name, rows, 1)).to_be_visible()
    expect(lab.field(name, rows + 1, 1)).to_have_count(0)


def slide(lab: Lab, name: str, key: str = "ArrowRight") -> None:
    lab.page.get_by_role("slider", name=re.compile(f"^{name}")).press(key)


def write(lab: Lab, name: str, text: str) -> None:
    lab.field(name, 1, 1).fill(text)
    lab.field(name, 1, 1).press("Tab")


def step(lab: Lab, name: str) -> None:
    lab.page.get_by_role("spinbutton", name=name).press("ArrowUp")


def pad_three_and_stride(lab: Lab) -> None:
    slide(lab, "Padding")
    slide(lab, "Padding")
    slide(lab, "Stride")


def seven_rows_of_long_numbers(lab: Lab) -> None:
    slide(lab, "Padding", "Home")
    resize(lab, "Input", 7)
    write(lab, "Input", "-12345.678")
    write(lab, "Kernel", "-0.123")


def choose(lab: Lab, cells: str) -> None:
    lab.page.get_by_label("What the cells show").select_option(cells)


CONVOLUTION: list[Callable[[Lab], None]] = [
    lambda lab: choose(lab, "letters"),
    lambda lab: choose(lab, "both"),
    lambda lab: choose(lab, "numbers"),
    lambda lab: slide(lab, "Padding"),
    pad_three_and_stride,
    seven_rows_of_long_numbers,
    lambda lab: resize(lab, "Kernel", 2),
]
"""What somebody may set, one thing after the other."""

POOLING = [
    lambda lab: slide(lab, "Stride"),
    lambda lab: write(lab, "Input", "-12345.678"),
    lambda lab: resize(lab, "Input", 7),
]
TRANSPOSED = [
    lambda lab: slide(lab, "Stride"),
    lambda lab: write(lab, "Kernel", "-1234.5"),
    lambda lab: resize(lab, "Input", 5),
]
CHANNELS = [
    lambda lab: step(lab, "Padding"),
    lambda lab: write(lab, "Channel 1", "-12345.678"),
    lambda lab: resize(lab, "Channel 1", 7),
]
LEARNING = [
    lambda lab: write(lab, "Input", "-12.345"),
    lambda lab: resize(lab, "Input", 4),
]


@pytest.mark.parametrize(
    ("path", "signs", "changes"),
    [
        ("convolution", "∗=", CONVOLUTION),
        ("channels", "++=++=", CHANNELS),
        ("pooling", "→", POOLING),
        ("transposed?tr_way=gather", "→", TRANSPOSED),
        ("learn_a_kernel", "", LEARNING),
    ],
    ids=["convolution", "channels", "pooling", "transposed", "learn_a_kernel"],
)
def test_no_setting_moves_boards_or_player_or_takes_the_sum_away(
    page: Page, lab_url: str, path: str, signs: str, changes: list[Callable[[Lab], None]]
) -> None:
    for sizes in WINDOWS:
        lab = open_small(page, f"{lab_url}/{path}", sizes[0])
        first: dict[tuple[int, int], dict[str, Any]] = {}
        for change in (None, *changes):
            if change is not None:
                change(lab)
            for size, seen in looks(page, sizes):
                for left, top, right, bottom in (seen["total"], *seen["result"]):
                    assert 0 <= left < right <= size[0], size
                    assert 0 <= top < bottom <= size[1], size
                before = first.setdefault(size, seen)
                assert seen["signs"] == signs, size
                assert stand(seen["boards"]) == stand(before["boards"]), size
                assert seen["boards"][0][:2] == before["boards"][0][:2], size
                assert seen["player"] == before["player"], size


@pytest.mark.parametrize(("path", "rows"), [("channels", 6), ("learn_a_kernel", 6)])
def test_in_a_low_window_boards_and_what_they_come_to_are_seen_and_the_terms_are_scrolled_to(
    page: Page, lab_url: str, path: str, rows: int
) -> None:
    page.set_viewport_size({"width": 853, "height": 480})
    lab = open_link(page, f"{lab_url}/{path}")
    seen = measured(page)
    player = seen["player"]
    assert 0 < seen["total"][1] < seen["total"][3] <= 480
    board = page.locator(".lab .board").first.locator(".row").nth(rows - 1).locator(".cell").first
    box = board.bounding_box()
    assert box
    assert box["y"] + box["height"] <= player[1], "the boards are seen above the player"
    unfold = page.get_by_test_id("stExpandSidebarButton")
    expect(unfold).to_be_visible()
    page.get_by_test_id("stMain").evaluate("(main) => { main.scrollTop = main.scrollHeight }")
    expect(lab.page.locator(".lab .terms .term").last).to_be_in_viewport(ratio=1)
    # It would lie over the boards.
    expect(unfold).to_be_hidden()


def test_no_board_lies_beneath_the_sum_on_a_projector(page: Page, lab_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_link(page, f"{lab_url}/learn_a_kernel")
    seen = measured(page)
    dock = page.locator(".lab .dock").bounding_box()
    assert dock
    assert max(bottom for _, _, _, bottom in seen["boards"]) <= dock["y"]


def test_no_number_of_a_small_cell_is_cut(page: Page, lab_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    link = (
        "convolution?padding=6&dilation=2&stride=2&all=1&input=-12,100,-345,1,2;1,2,3,4,5;1,1,1,1,1;2,2,2,2,2;9,9,9,9,9"
    )
    lab = open_link(page, f"{lab_url}/{link}")
    assert measured(page)["wide"] == []
    cut = """() => [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
        [...shadowRoot?.querySelectorAll('.lab .cell .number') ?? []]).filter((each) =>
        each.scrollWidth > each.clientWidth).map((each) => each.value ?? each.textContent)"""
    assert page.evaluate(cut) == []
    expect(lab.field("Input", 1, 1)).to_have_value("−12")
    whole = lab.field("Input", 1, 3)
    expect(whole).to_have_value("…")
    expect(whole.locator("..")).to_have_attribute("title", "−345")


def test_refused_settings_keep_what_is_typed_whole_and_the_player_in_place(page: Page, lab_url: str) -> None:
    for sizes in WINDOWS:
        lab = open_small(page, f"{lab_url}/convolution", sizes[0])
        before = dict(looks(page, sizes))
        resize(lab, "Input", 2)
        expect(page.locator(".lab .refusal")).to_be_visible()
        for size, seen in looks(page, sizes):
            assert seen["signs"] == "∗=", size
            assert seen["player"] == before[size]["player"], size


def test_nothing_jumps_while_the_steps_go_by_however_long_their_numbers(page: Page, lab_url: str) -> None:
    lab = open_link(
        page, f"{lab_url}/convolution?input=1,2,3,4,5;-12345.678,1,0,2,3;0.001,7,8,9,1;1,1,1,1,1;5,0,0,0,12345678"
    )
    moving = ".lab :is(.matrix, .sum, .terms .term, .total .result, .player)"
    boxes = f"""() => [...document.querySelectorAll('*')].flatMap(({{ shadowRoot }}) =>
        [...shadowRoot?.querySelectorAll("{moving}") ?? []]).map((each) => {{
            const {{ left, top, width, height }} = each.getBoundingClientRect();
            return [left, top, width, height];
        }})"""
    measured(page)
    before = page.evaluate(boxes)
    assert len(before) > 12
    for place in range(2, 10):
        page.keyboard.press("ArrowRight")
        expect(lab.counter).to_have_text(re.compile(f"^Step {place} of"))
        assert page.evaluate(boxes) == before, place
