"""What Streamlit may do with any component: end it and begin it again with everything that it drew still in place."""

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from benchmarks._sent import open_parts
from cnnlab.training.history import History
from cnnlab.training.progress import Progress, RateChange
from cnnlab.ui.components.curves.run import course
from cnnlab.ui.components.parts import whole
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
BEGIN_TWICE = """async ([path, html, sent]) => {
  const data = "bytes" in sent ? new Uint8Array(sent.bytes) : sent.data;
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


def going_on() -> dict:
    """What is drawn of a run that has made three steps."""
    progress = Progress(
        3, 30, 0.3, 0.1, 1.0, 9.0, 100.0, 0.02,
        losses=(2.3, 2.2, 2.1), validation_loss=2.2, validation_accuracy=0.2, kernels=[[[[0.1]]]],
    )  # fmt: skip
    history = History()
    history.add(progress)
    return course(
        SimpleNamespace(
            history=history,
            progress=progress,
            kernels=progress.kernels,
            watch_id="0123456789abcdef",
            rate_changes=(RateChange(2, 0.02),),
        )
    )


def mounted() -> Iterator[tuple[str, str, str, dict]]:
    for page, parameters in LINKS:
        for part in open_at(page, **parameters).get("bidi_component"):
            proto = part.proto
            is_json = proto.WhichOneof("data") == "json"
            sent = {"data": json.loads(proto.json)} if is_json else {"bytes": list(proto.bytes)}
            yield proto.component_name, proto.js_source_path, proto.html_content, sent
    yield "cnnlab.curves", "curves/curves.js", '<div class="curves"></div>', {"bytes": list(whole(going_on()))}


def test_a_component_that_begins_again_draws_everything_once(page: Page, lab_url: str) -> None:
    page.goto(lab_url)
    wait_for_app(page)
    seen = set()
    for name, path, html, sent in mounted():
        data = sent["data"] if "data" in sent else open_parts(bytes(sent["bytes"]), {})
        seen.add((name.removeprefix("cnnlab."), data.get("kind")))
        address = f"{lab_url}/_stcore/bidi-components/{name}/{path}"
        before, after = page.evaluate(BEGIN_TWICE, [address, html, sent])
        assert before, name
        assert after == before, name
    plain = {"grid_lab", "table", "window_sum", "map", "feature_rows", "painter"}
    assert seen >= {(name, None) for name in plain}
    assert seen >= {("curves", "run"), ("pictures", "film"), ("pictures", "pair"), ("pictures", "blocks")}
