"""A running lab and a Chromium that looks at it.

Without Chromium these tests are skipped, and say so; with CNNLAB_REQUIRE_BROWSER=1 in the environment, as in CI, its
absence is a failure.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

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


class Visits:
    """Chromium's contexts, one for each way to look at the lab: a new one would fetch and compile all scripts again."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}

    def open(self, **options: object) -> Page:
        """Open an empty page, as somebody does who was never here."""
        key = repr(sorted(options.items()))
        if key not in self._contexts:
            self._contexts[key] = self._browser.new_context(**options)
        return self._contexts[key].new_page()

    def forget(self, page: Page) -> None:
        """Close a page and whatever it left behind, for all pages of its context."""
        context = page.context
        if not page.is_closed():
            talk = context.new_cdp_session(page)
            talk.send("Storage.clearDataForOrigin", {"origin": _origin(page.url), "storageTypes": "local_storage"})
            page.close()
        context.clear_cookies()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.fixture(scope="session")
def visits(browser: Browser) -> Visits:
    return Visits(browser)


@pytest.fixture
def new_page(visits: Visits, lab_url: str) -> Iterator[Callable[..., Page]]:
    """Open pages that know nothing of earlier tests; every error in a console, and every request to another host,
    fails the test.
    """
    pages: list[Page] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # On a deep link Streamlit's client looks for its server below the page's address first, and is told 404.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def open_page(lab: str = lab_url, **options: object) -> Page:
        page = visits.open(**({"viewport": DESKTOP} | options))
        pages.append(page)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on("request", lambda request: _note_strangers(request.url, lab, complaints))
        return page

    yield open_page
    for page in pages:
        visits.forget(page)
    assert not complaints, "\n".join(complaints)


def _note_strangers(url: str, lab_url: str, complaints: list[str]) -> None:
    if not url.startswith((lab_url, lab_url.replace("http", "ws"), "data:", "blob:")):
        complaints.append(f"asked another host: {url}")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
