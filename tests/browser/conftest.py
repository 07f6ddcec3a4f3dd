"""A running lab and a Chromium that looks at it.

Without Chromium these tests are skipped, and say so; with CNNLAB_REQUIRE_BROWSER=1 in the environment, as in CI, its
absence is a failure.
"""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from tests.live_lab import running_lab

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=20_000)


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome.

    The shell without a window comes first: with each visitor the others draw a start page of their own, and that takes
    as long as the lab's page.
    """
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def wait_for_app(page: Page) -> None:
    """Wait until the page stands and no run of its script is under way."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)
    page.wait_for_selector('[data-testid="stMainBlockContainer"]', timeout=60_000)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = find_chromium()
    if path is None:
        reason = "no Chromium on this machine: for the browser tests install it (Debian: chromium-headless-shell)"
        if os.environ.get("CNNLAB_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def lab_url(chromium_path: str) -> Iterator[str]:  # noqa: ARG001 (no server where no browser can look at it)
    with running_lab() as url:
        yield url


@pytest.fixture(scope="session")
def playwright_driver(chromium_path: str) -> Iterator[Playwright]:  # noqa: ARG001 (likewise)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    chromium = playwright_driver.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def new_page(browser: Browser, lab_url: str) -> Iterator[Callable[..., Page]]:
    """Open pages that share nothing with each other; every error in a console, and every request to another host,
    fails the test.
    """
    contexts = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # On a deep link Streamlit's client looks for its server below the page's address first, and is told 404.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def open_page(lab: str = lab_url, **options: object) -> Page:
        context = browser.new_context(**({"viewport": DESKTOP} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on("request", lambda request: _note_strangers(request.url, lab, complaints))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _note_strangers(url: str, lab_url: str, complaints: list[str]) -> None:
    if not url.startswith((lab_url, lab_url.replace("http", "ws"), "data:", "blob:")):
        complaints.append(f"asked another host: {url}")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
