"""A running lab and a Chromium that looks at it.

Without Chromium these tests are skipped, and say so; with CNNLAB_REQUIRE_BROWSER=1 in the environment, as in CI, its
absence is a failure.
"""

import os
import shutil
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FloatRect,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

HERE = Path(__file__).parent
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
CHANGED_AT_WILL = ("viewport", "color_scheme", "reduced_motion")
"""What one window can be now and another thing later."""
MOST_LENT = 8
"""How many tests have one window after the other: in 1 GB of pages that were left the collector takes its time, too."""

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser test that fails has another try, which the report tells (RERUN). Real runs come first: they take the
    longest, and at the end nobody could share them.
    """
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.flaky(reruns=2))
    items.sort(key=lambda item: item.path != HERE / "test_training.py")


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
    # The frame's scripts may come a moment later.
    page.wait_for_selector(".st-key-frame .frame > dialog", state="attached", timeout=60_000)


@contextmanager
def case(name: object) -> Iterator[None]:
    """One of several cases that share an opened page: opening it is most of what each of them takes."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"in this case: {name}")
        raise


def settled_box(element: Locator) -> FloatRect:
    """Where an element is, once the page around it has found its place."""
    before = None
    while (box := element.bounding_box()) is None or box != before:
        before = box
        element.page.wait_for_timeout(100)
    return box


def leave(page: Page) -> None:
    """Have a page go before the server that it came from: it would complain of it, and look for it for ever."""
    page.goto("about:blank")


def module(script: Path) -> str:
    """The address under which a page that has no server can import a script that imports nothing itself."""
    return f"data:text/javascript;base64,{b64encode(script.read_bytes()).decode()}"


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
def lab_url(chromium_path: str, lab_url: str) -> str:  # noqa: ARG001 (no server where no browser can look at it)
    return lab_url


@pytest.fixture(scope="session")
def playwright_driver(chromium_path: str) -> Iterator[Playwright]:  # noqa: ARG001 (likewise)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    chromium = playwright_driver.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
    yield chromium
    chromium.close()


class Windows:
    """Chromium's windows, used again by one test after the other: a new one compiles all scripts again.

    Every error in a console, and every request to another host, becomes a complaint.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self._free: dict[str, list[tuple[Page, int]]] = defaultdict(list)
        self.labs: list[str] = []
        self.complaints: list[str] = []

    @contextmanager
    def lend(self, **options: Any) -> Iterator[Page]:
        """Lend an empty window that knows nothing of those who had it before.

        It asks pages not to move, as people may: a fifth of the browser's work on a page that opens was what Streamlit
        moves meanwhile. A test that is about movement asks for it: `reduced_motion="no-preference"`.
        """
        kept = {name: value for name, value in options.items() if name not in CHANGED_AT_WILL}
        key = repr(sorted(kept.items()))
        if key not in self._contexts:
            self._contexts[key] = self._browser.new_context(**kept)
        window, lent = self._free[key].pop() if self._free[key] else (self._new(self._contexts[key]), 0)
        window.set_viewport_size(options["viewport"])
        window.emulate_media(
            color_scheme=options.get("color_scheme", "light"), reduced_motion=options.get("reduced_motion", "reduce")
        )
        yield window
        if window.is_closed():
            return
        if window.url != "about:blank":
            window.evaluate("localStorage.clear(), sessionStorage.clear()")
        leave(window)
        self._contexts[key].clear_cookies()
        if lent + 1 < MOST_LENT:
            self._free[key].append((window, lent + 1))
        else:
            window.close()

    def _new(self, context: BrowserContext) -> Page:
        window = context.new_page()
        window.on("console", self._listen)
        window.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        window.on("request", lambda request: self._note_strangers(request.url))
        return window

    def _listen(self, message: ConsoleMessage) -> None:
        # On a deep link Streamlit's client looks for its server below the page's address first, and is told 404.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _note_strangers(self, url: str) -> None:
        ours = [(lab, lab.replace("http", "ws")) for lab in self.labs]
        if not url.startswith((*chain(*ours), "data:", "blob:")):
            self.complaints.append(f"asked another host: {url}")


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def new_page(windows: Windows, lab_url: str) -> Iterator[Callable[..., Page]]:
    """Open pages, each a visitor who was never here; an error in a console, or a request to a host that is none of the
    test's labs, fails the test.
    """
    windows.labs, windows.complaints = [lab_url], []
    with ExitStack() as lent:

        def open_page(lab: str = lab_url, **options: Any) -> Page:
            windows.labs.append(lab)
            return lent.enter_context(windows.lend(**({"viewport": DESKTOP} | options)))

        yield open_page
    assert not windows.complaints, "\n".join(windows.complaints)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
