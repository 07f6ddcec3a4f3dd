"""What Streamlit may do with any component: end it and begin it again with everything that it drew still in place."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from cnnlab.texts import say_all
from cnnlab.ui.components.live_curves import WORDS
from tests.browser.conftest import wait_for_app
from tests.pages.app import open_at

pytestmark = pytest.mark.browser

LINKS = [
    ("why_convolution", {}),
    ("why_convolution", {"why": "draw"}),
    ("convolution", {}),
    ("convolution", {"view": "picture"}),
    ("receptive_field", {}),
    ("receptive_field", {"reach_view": "side"}),
    ("output_shape", {}),
    ("network", {}),
    ("image_pipeline", {}),
]
LIVE_CURVES = {
    "run": "0123456789abcdef",
    "words": say_all(WORDS),
    "numbers": [{"name": "step", "label": "Step", "text": "3"}],
    "total": 30,
    "steps_per_epoch": 10,
    "loss": {"width": 1, "steps": [1, 2, 3], "mean": [2.3, 2.2, 2.1], "low": None, "high": None},
    "validation": {"steps": [3], "loss": [2.2], "accuracy": [0.2]},
    "rate": {"steps": [1, 3], "values": [0.01, 0.02]},
    "kernels": None,
}
BEGIN_TWICE = """async ([path, html, data]) => {
  const { default: draw } = await import(path);
  const place = document.body.appendChild(document.createElement("div"));
  place.innerHTML = html;
  const given = { data, parentElement: place, key: "k", name: "n", setStateValue() {}, setTriggerValue() {} };
  const tags = () => [...place.querySelectorAll("*")].map((each) => each.localName + "." + each.getAttribute("class"));
  const end = draw(given);
  draw(given);
  const before = tags();
  end?.();
  draw(given);
  const after = tags();
  place.remove();
  return [before, after];
}"""


def mounted() -> Iterator[tuple[str, str, str, dict]]:
    for page, parameters in LINKS:
        for part in open_at(page, **parameters).get("bidi_component"):
            yield (
                part.proto.component_name,
                part.proto.js_source_path,
                part.proto.html_content,
                json.loads(part.proto.json),
            )
    yield "cnnlab.live_curves", "live_curves/live_curves.js", '<div class="curves"></div>', LIVE_CURVES


def test_a_component_that_begins_again_draws_everything_once(page: Page, lab_url: str) -> None:
    page.goto(lab_url)
    wait_for_app(page)
    seen = set()
    for name, path, html, data in mounted():
        seen.add(name.removeprefix("cnnlab."))
        address = f"{lab_url}/_stcore/bidi-components/{name}/{path}"
        before, after = page.evaluate(BEGIN_TWICE, [address, html, data])
        assert before, name
        assert after == before, name
    assert seen >= {"grid_lab", "table", "live_curves", "picture_pair", "window_sum"}
    assert seen >= {"map", "film", "block_picture", "feature_rows", "painter"}
