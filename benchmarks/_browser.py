"""What a person at a browser waits for: the first page after a cold start, and a cell after a key.

All times on a page are taken inside of it, from the browser's own time stamp of the key; Playwright's way to the
browser and back is not part of them.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from benchmarks._servers import ECHO, HELLO, LAB, running, written

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
_CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 60_000  # milliseconds
UNCOUNTED_KEYS = 5
"""The first keys find code that the browser has not compiled yet."""

# Streamlit says when a run of the page's script is over.
STANDS = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.dataset.testScriptState === "notRunning" && Boolean(app.innerText.trim());
}"""

# The frame after the next one: by then what is in the document now has been painted.
_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# Every cell of this kernel counts, so that each digit typed changes the output.
CONVOLUTION = "/convolution?kernel=1,2,1;2,4,2;1,2,1"
APP = '[data-testid="stApp"]'
HEADING = "h1"
ECHO_BOX = 'input[type="checkbox"]'
FIRST_INPUT_CELL = '.matrix[data-stack="input"] input[data-row="0"][data-column="0"]'
FIRST_OUTPUT_CELL = ".matrix.output .cell .number"

TYPED_PAGES = {
    "convolution": (CONVOLUTION, FIRST_OUTPUT_CELL),
    "channels": ("/channels?ch_kernel=1|1|1||2|2|2&ch_stride=1&ch_padding=0", FIRST_OUTPUT_CELL),
    "pooling": ("/pooling?pool_kind=avg", FIRST_OUTPUT_CELL),
    "transposed": ("/transposed?tr_way=gather", FIRST_OUTPUT_CELL),
    "learn_a_kernel": (
        "/learn_a_kernel?learn_target=1,2,1;2,4,2;1,2,1",
        '[aria-label^="Wanted output, row 1, column 1:"] .number',
    ),
}
"""Where a typed input cell changes another cell: a state in which every digit does, and that cell."""

# Times, from the key's time stamp, of the first change within an element and of the frame that shows it.
_WATCH = """([field, cell]) => {
  window.cnnlabTimes = { typed: null, typedPainted: null, output: null, outputPainted: null };
  const times = window.cnnlabTimes;
  let pressed = null;
  const painted = (name) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { times[name] = performance.now() - pressed; };
    channel.port2.postMessage(null);
  });
  const note = (name) => {
    if (pressed === null || times[name] !== null) return;
    times[name] = performance.now() - pressed;
    painted(`${name}Painted`);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key.length !== 1 || event.ctrlKey) return;
    Object.keys(times).forEach((name) => { times[name] = null; });
    pressed = event.timeStamp;
  }, true);
  field.addEventListener("input", () => note("typed"));
  new MutationObserver(() => note("output")).observe(cell, { childList: true, characterData: true, subtree: true });
}"""
_SEEN = "() => window.cnnlabTimes.typedPainted !== null && window.cnnlabTimes.outputPainted !== null"


@dataclass(frozen=True)
class Starts:
    """Milliseconds from the start of a server's process to the first page painted, one of each a round."""

    hello: list[float]
    landing: list[float]
    convolution: list[float]


@dataclass(frozen=True)
class KeyTimes:
    """Milliseconds from a key to what it changed, one of each a key."""

    typed: list[float]
    """The cell that was typed into, painted."""
    output_changed: list[float]
    """The output cell that depends on it, in the document."""
    output: list[float]
    """The same, painted."""


def measure_starts(rounds: int) -> Starts:
    """Start hello and the lab by turns, each in a process of its own, and look at the first page with a new browser.

    The first round is not counted: it brings the files into memory and the compiled modules onto the disk.
    """
    starts = Starts([], [], [])
    with written(HELLO) as hello, chromium() as browser:
        for round_number in range(rounds + 1):
            times = (
                _start(browser, hello, "/"),
                _start(browser, LAB, "/"),
                _start(browser, LAB, CONVOLUTION, FIRST_OUTPUT_CELL),
            )
            if round_number:
                for kept, milliseconds in zip((starts.hello, starts.landing, starts.convolution), times, strict=True):
                    kept.append(milliseconds)
    return starts


def measure_keys(keys: int, name: str = "convolution") -> KeyTimes:
    """Type digits into the first input cell of one of `TYPED_PAGES`, and watch it and the cell that depends on it."""
    path, answer = TYPED_PAGES[name]
    with running(LAB) as server, chromium() as browser, open_page(browser) as page:
        page.goto(server.url + path)
        _wait_until_painted(page, answer)
        field = page.locator(FIRST_INPUT_CELL).first

        def type_another_digit() -> None:
            page.keyboard.press("Control+a")
            page.keyboard.press("3" if field.input_value() == "7" else "7")

        return _time_keys(page, field, page.locator(answer).first, type_another_digit, keys)


def measure_visits(paths: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Open pages of a running server by their address, by turns, each time as a new visitor.

    The first round is not counted: it imports what the pages need.
    """
    times: dict[str, list[float]] = {path: [] for path in paths}
    with running(LAB) as server, chromium() as browser:
        for round_number in range(rounds + 1):
            for path in paths:
                with open_page(browser) as page:
                    began = time.perf_counter()
                    page.goto(server.url + path)
                    _wait_until_painted(page, HEADING)
                    if round_number:
                        times[path].append((time.perf_counter() - began) * 1000)
    return times


def measure_echo(keys: int) -> KeyTimes:
    """Tick a box on a page that answers with one word: what Streamlit and the browser themselves take."""
    with written(ECHO) as echo, running(echo) as server, chromium() as browser, open_page(browser) as page:
        page.goto(server.url)
        _wait_until_painted(page, ECHO_BOX)
        word = page.locator(".stMarkdown").last
        return _time_keys(page, page.locator(ECHO_BOX), word, lambda: page.keyboard.press(" "), keys)


def _time_keys(page: Page, field: Locator, answer: Locator, press: Callable[[], None], keys: int) -> KeyTimes:
    times = KeyTimes([], [], [])
    page.evaluate(_WATCH, [field.element_handle(), answer.element_handle()])
    field.focus()
    for number in range(keys + UNCOUNTED_KEYS):
        press()
        try:
            page.wait_for_function(_SEEN, polling=20)
        except PlaywrightTimeoutError:
            seen = page.evaluate("() => window.cnnlabTimes")
            raise RuntimeError(f"key {number} at {page.url} was not answered: {seen}") from None
        if number >= UNCOUNTED_KEYS:
            seen = page.evaluate("() => window.cnnlabTimes")
            times.typed.append(seen["typedPainted"])
            times.output_changed.append(seen["output"])
            times.output.append(seen["outputPainted"])
        page.wait_for_timeout(150)  # let the run of the page come to its end, as a person's next key would
    return times


def _start(browser: Browser, script: Path, path: str, ready: str = APP) -> float:
    with open_page(browser) as page, running(script) as server:
        page.goto(server.url + path)
        _wait_until_painted(page, ready)
        return (time.perf_counter() - server.started) * 1000


def _wait_until_painted(page: Page, ready: str) -> None:
    page.wait_for_selector(ready, timeout=_PATIENCE)
    page.wait_for_function(STANDS, timeout=_PATIENCE)
    page.evaluate(_PAINTED)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window; it ends with the block."""
    path = next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)
    if path is None:
        raise RuntimeError("no Chromium on this machine: install it (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(_CHROMIUM_OPTIONS))
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser) -> Iterator[Page]:
    """A page of a new visitor, at a laptop's size."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    yield page
    context.close()
