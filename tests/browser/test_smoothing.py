"""The curve that the browser draws while a run goes on is the one that Python draws when it has ended."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from benchmarks._sent import open_parts
from cnnlab.figures import run_charts
from cnnlab.figures import training as figures
from cnnlab.figures.charts import Axis, smoothed
from cnnlab.texts import message
from cnnlab.training.history import History
from cnnlab.training.progress import Progress
from cnnlab.ui.components.curves.run import course
from cnnlab.ui.components.parts import whole
from tests.browser.conftest import module, wait_for_app
from tests.test_figures_training import GROUPS

pytestmark = pytest.mark.browser

CURVES = Path(__file__).parents[2] / "cnnlab" / "ui" / "components" / "curves"
ON_THE_WAY = {
    "loss": Axis(message("Loss")),
    "accuracy": Axis(message("Accuracy"), is_percent=True, whole=(0, 1)),
    "rate": Axis(message("Rate"), from_zero=True),
}
RECEIVE = """async ([folder, sent, spans]) => {
  const { open } = await import(`${folder}/lib/parts.js`);
  const { overSpan } = await import(`${folder}/curves/smoothing.js`);
  const { series } = open(new Uint8Array(sent)).plain.charts[0];
  const plain = ({ key, x, y }) => ({ key, x: [...x], y: [...y].map((each) => (Number.isNaN(each) ? null : each)) });
  return spans.map((span) => overSpan(series, span).map(plain));
}"""


def sent(values: list[float]) -> str:
    """Numbers as JSON has them; gaps are written as JavaScript does."""
    return json.dumps(values)


def heard(values: list[float | None]) -> list[float]:
    return [np.nan if value is None else value for value in values]


@given(groups=GROUPS, span=st.integers(1, 1000))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_browser_and_python_smooth_alike(page: Page, groups: list[tuple[float, int]], span: int) -> None:
    values, counts = zip(*groups, strict=True)
    steps = np.cumsum(counts).tolist()
    call = f"[...smoothed({sent(list(values))}, {json.dumps(steps)}, {span})]"
    found = page.evaluate(
        f"async () => {{ const {{ smoothed }} = await import({json.dumps(module(CURVES / 'smoothing.js'))}); "
        f"return {call}.map((each) => (Number.isNaN(each) ? null : each)); }}"
    )
    np.testing.assert_allclose(heard(found), smoothed(values, steps, span), rtol=1e-12, atol=0)


@pytest.mark.parametrize("steps", [1, 599, 1200, 1201, 4_999, 30_011])
def test_a_run_is_drawn_alike_while_it_goes_and_when_it_has_ended(page: Page, lab_url: str, steps: int) -> None:
    """Whatever its length, so that its steps are in groups of one, two or many, the last one not full."""
    history = run_of(steps)
    job = SimpleNamespace(history=history, progress=None, kernels=None, watch_id="", rate_changes=())
    sent = whole(course(job))
    page.goto(lab_url)
    wait_for_app(page)
    folder = f"{lab_url}/_stcore/bidi-components/cnnlab.curves"
    drawn: list[list[dict[str, Any]]] = page.evaluate(RECEIVE, [folder, list(sent), list(run_charts.SPANS)])
    names = [each["name"] for each in open_parts(sent, {})["charts"][0]["series"]]
    for span, (raw, train, validation) in zip(run_charts.SPANS, drawn, strict=True):
        ended = figures.loss_curves(history.curve(run_charts.MAX_POINTS), history.validations, span)
        traces = {trace.name: trace for trace in ended.data}
        for line, name in zip((raw, train, validation), names, strict=True):
            np.testing.assert_array_equal(line["x"], traces[name].x)
            # What is sent arrives to the last bit; a power may differ in it from one library to the other.
            close = 1e-12 if line is train else 0
            np.testing.assert_allclose(heard(line["y"]), np.asarray(traces[name].y, float), rtol=close, atol=0)


def run_of(steps: int) -> History:
    """A run with a gap now and then."""
    losses = np.random.default_rng(steps).normal(2, 0.4, steps).astype(np.float32)
    losses[7::500] = np.nan
    told = tuple(None if np.isnan(loss) else loss for loss in losses.tolist())
    history = History()
    history.add(Progress(steps, None, 1, 1, 1, 0, 1, 0.05, losses=told, validation_loss=2.1, validation_accuracy=0.2))
    return history


@given(
    values=st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=8),
    name=st.sampled_from(sorted(ON_THE_WAY)),
    is_log=st.booleans(),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_browser_and_python_have_the_same_scale(page: Page, values: list[float], name: str, is_log: bool) -> None:
    axis = ON_THE_WAY[name]
    told = {"name": name, "percent": axis.is_percent, "from_zero": axis.from_zero, "whole": axis.whole}
    found = page.evaluate(
        f"async () => (await import({json.dumps(module(CURVES / 'scale.js'))}))"
        f".extent({json.dumps(told)}, {sent(values)}, {json.dumps(is_log)})"
    )
    assert found == pytest.approx(axis.extent(values, is_log=is_log), rel=1e-12, abs=1e-300)


def test_a_logarithmic_axis_has_its_numbers_in_one_notation_before_and_after(page: Page) -> None:
    for number, ends in enumerate(((2.1, 2.4), (0.01, 3), (9, 80_000), (9, 200_000), (1e-6, 3), (0.5, 3e9))):
        history = History()
        history.add(Progress(2, None, 1, 1, 1, 0, 1, 0.05, losses=ends))
        figure = figures.loss_curves(history.curve(), [], is_log=True)
        if number == 0:
            page.set_content(figure.to_html(include_plotlyjs=True, div_id="figure"))
        else:
            page.evaluate("({ data, layout }) => Plotly.newPlot('figure', data, layout)", json.loads(figure.to_json()))
        page.wait_for_selector(".ytick text", state="attached")
        finished = page.locator(".ytick text").all_text_contents()
        assert len(finished) >= 2, ends
        values = [float(text.replace("\N{MINUS SIGN}", "-")) for text in finished]
        axis = {"name": "Loss", "log": True}
        seen = [10**end for end in figure.layout.yaxis.range]
        live = page.evaluate(
            f"async () => (await import({json.dumps(module(CURVES / 'scale.js'))}))"
            f".tickTexts({json.dumps(values)}, {json.dumps(axis)}, {json.dumps(seen)})"
        )
        assert live == finished, ends
        assert len({"e" in text for text in live}) == 1, ends
