"""A finished run's weights are downloaded as they lie on the server; once they are gone the page says so by itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import wait_for_app
from tests.session import lab_that_runs

pytestmark = pytest.mark.browser


def test_weights_are_downloaded_and_missed(browser: Browser) -> None:
    with lab_that_runs("normal") as lab, browser.new_page() as page:
        page.goto(f"{lab.url}/training")
        wait_for_app(page)
        page.get_by_role("button", name="Start training").click()
        button = page.get_by_role("button", name="Weights (safetensors)")
        with page.expect_download() as downloaded:
            button.click()
        assert downloaded.value.suggested_filename.startswith("lenet-5-cifar10-mini-")
        assert Path(downloaded.value.path()).read_bytes() == b"weights of a run that was not one"
        (run,) = lab.runs()
        (Path(run["folder"]) / run["watch_id"] / "weights.safetensors").unlink()
        expect(page.get_by_text("The weights of this run are not on the server")).to_be_visible()
        expect(page.get_by_text("start the run again with the same settings and the same seed")).to_be_visible()
        expect(button).to_have_count(0)
        expect(page.get_by_role("button", name="History (CSV)")).to_be_visible()
