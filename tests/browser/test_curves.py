"""The curves, drawn in a page of the lab from what Python would send."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cnnlab.training.history import History
from cnnlab.training.progress import Progress
from cnnlab.ui.components.curves.run import course
from cnnlab.ui.components.parts import whole
from tests.browser.conftest import DESKTOP, PHONE, wait_for_app

pytestmark = pytest.mark.browser

Draw = Callable[[dict[str, Any]], None]
WIDTHS = [PHONE["width"], DESKTOP["width"], *range(320, 920, 20)]
"""Of the window, in pixels; where a legend takes another line goes by the font."""

BEGIN = """async (folder) => {
  const place = document.createElement("div");
  const { default: draw } = await import(`${folder}/curves/curves.js`);
  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: `${folder}/curves/curves.css` });
  const loaded = new Promise((resolve) => { style.onload = resolve; });
  document.head.append(style);
  await loaded;
  document.body.replaceChildren(place);
  document.body.style = "position: static; margin: 0; padding: 0 14px; --st-font: 'Source Sans', sans-serif";
  place.innerHTML = '<div class="curves"></div>';
  window.drawCurves = (bytes) => draw({ data: new Uint8Array(bytes), parentElement: place, setStateValue() {} });
}"""


def run_of(steps: int, total: int) -> dict[str, Any]:
    """What is drawn of a run that has made so many steps; its losses are these steps."""
    progress = Progress(
        steps, total, 1.0, steps / total, 1.0, 9.0, 100.0, 0.02,
        losses=tuple(float(step) for step in range(1, steps + 1)), validation_loss=2.2, validation_accuracy=0.2,
    )  # fmt: skip
    history = History()
    history.add(progress)
    return course(
        SimpleNamespace(history=history, progress=progress, kernels=None, watch_id="0123456789abcdef", rate_changes=())
    )


@pytest.fixture
def draw(page: Page, lab_url: str) -> Draw:
    page.goto(lab_url)
    wait_for_app(page)
    page.evaluate(BEGIN, f"{lab_url}/_stcore/bidi-components/cnnlab.curves")
    return lambda data: page.evaluate("(bytes) => window.drawCurves(bytes)", list(whole(data)))


def top_of_the_drawing(page: Page) -> float:
    box = page.locator(".panel-loss svg").bounding_box()
    assert box is not None
    return box["y"]


def test_nothing_moves_when_the_steps_of_a_run_are_grouped(page: Page, draw: Draw) -> None:
    legend = page.locator(".panel-loss .head:not(.room) .legend .is-raw")
    tops = []
    for steps, told in ((1_000, "each step"), (1_201, "mean of 2 steps"), (30_000, "mean of 32 steps")):
        draw(run_of(steps, 30_000))
        expect(legend).to_have_text(f"training, {told}")
        tops.append([])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            tops[-1].append(top_of_the_drawing(page))
    assert tops[0] == tops[1] == tops[2]


def test_a_run_too_short_for_groups_keeps_no_room_for_their_names(page: Page, draw: Draw) -> None:
    page.set_viewport_size(PHONE)
    draw(run_of(100, 1_200))
    heads = page.locator(".panel-loss .head")
    shown, room = (heads.nth(index).bounding_box() for index in (0, 1))
    assert shown == room


@pytest.mark.parametrize("log", [False, True])
def test_steps_that_are_still_to_come_are_not_read(page: Page, draw: Draw, log: bool) -> None:
    draw(run_of(600, 1_000))
    page.get_by_label("Logarithmic loss").set_checked(log)
    drawing, reading = page.locator(".panel-loss svg"), page.locator(".panel-loss .readout")
    box = drawing.bounding_box()
    assert box is not None
    for share in (0.65, 0.8, 0.97):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 100)
        expect(reading).to_contain_text("step 600 · epoch 1.00 · training, each step 600 · ")
    panel = page.locator(".panel-loss")
    panel.focus()
    panel.press("End")
    expect(reading).to_contain_text("step 600 · ")
    panel.press("ArrowLeft")
    expect(reading).to_contain_text("step 580 · ")
    # A part that has not been reached has nothing to read.
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.95 * box["width"], box["y"] + 100, steps=4)
    page.mouse.up()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 100)
    expect(reading).to_have_text("")
    expect(page.locator(".panel-loss .cursor")).to_be_hidden()
