"""The curve that the browser smooths while a run goes on is the one that Python smooths when it has ended."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from cnnlab.figures.training import smoothed
from tests.browser.conftest import module
from tests.test_figures_training import GROUPS

pytestmark = pytest.mark.browser

SMOOTHING = Path(__file__).parents[2] / "cnnlab" / "ui" / "components" / "live_curves" / "smoothing.js"


@given(groups=GROUPS, span=st.integers(1, 1000))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_browser_and_python_smooth_alike(page: Page, groups: list[tuple[float, int]], span: int) -> None:
    values, counts = zip(*groups, strict=True)
    steps = np.cumsum(counts).tolist()
    sent = json.dumps([None if np.isnan(value) else value for value in values])
    call = f"smoothed({sent}, {json.dumps(steps)}, {span})"
    found = page.evaluate(f"async () => (await import({json.dumps(module(SMOOTHING))})).{call}")
    mine = [np.nan if value is None else value for value in found]
    np.testing.assert_allclose(mine, smoothed(values, steps, span), rtol=1e-9, atol=1e-9)
