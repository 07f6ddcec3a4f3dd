"""What a person at a browser waits for: the first page after a cold start, and a cell after a key.

All times on a page are taken inside of it, from the browser's own time stamp of the key; Playwright's way to the
browser and back is not part of them.
"""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks._deeds import CONVOLUTION, DEEDS, ECHO, FIRST_OUTPUT_CELL, Deed
from benchmarks._figures import Sent
from benchmarks._link import slow_link
from benchmarks._servers import ECHO_PAGE, HELLO, Checkout, address, running, written

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 180_000  # milliseconds: on a busy machine the first visitor waits for PyTorch
UNCOUNTED_KEYS = 5
"""The first keys find code that the browser has not compiled yet."""

# Streamlit says when a run of the page's script is over.
STANDS = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.dataset.testScriptState === "notRunning" && Boolean(app.innerText.trim());
}"""

# The frame after the next one: by then what is in the document now has been painted.
_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

APP = '[data-testid="stApp"]'
HEADING = "h1"

# Times, from the time stamp of the last key, of the first other text of an element and of the frame that shows it. The
# element is looked up anew each time: a component may put another one in its place.
_WATCH = """([cell, css]) => {
  window.cnnlabTimes = { typed: null, typedPainted: null, output: null, outputPainted: null };
  const times = window.cnnlabTimes;
  const root = cell.getRootNode();
  const read = () => root.querySelector(css)?.textContent;
  let pressed = null;
  let before = null;
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
  document.addEventListener("keydown", (event) => {
    if ((event.key.length !== 1 && event.key !== "Enter") || event.ctrlKey) return;
    Object.keys(times).forEach((name) => { times[name] = null; });
    before = read();
    pressed = event.timeStamp;
  }, true);
  document.addEventListener("input", () => note("typed"), true);
  new MutationObserver(() => { if (read() !== before) note("output"); })
    .observe(root, { childList: true, characterData: true, subtree: true });
}"""
_SEEN = """() => {
  const { typed, typedPainted, outputPainted } = window.cnnlabTimes;
  return outputPainted !== null && (typed === null || typedPainted !== null);
}"""

_BETWEEN_KEYS = 150  # milliseconds: let the run of the page come to its end, as a person's next key would
_QUIET_SECONDS = 0.8
"""Nothing more comes: twice as long as a grid waits until it tells the page where the learner is."""
_LONE_KEYS = 5


@dataclass(frozen=True)
class Starts:
    """Milliseconds from the start of a server's process to its first page painted, one of each a round."""

    landing: list[float] = field(default_factory=list)
    convolution: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class KeyTimes:
    """Milliseconds from a key to what it changed, one of each a key."""

    typed: list[float] = field(default_factory=list)
    """The cell that was typed into, painted; none where the last key is no digit."""
    output: list[float] = field(default_factory=list)
    """What depends on it, painted."""
    sent: list[Sent] = field(default_factory=list)
    """What the server sent for a key before and after which the keyboard rested; one of each such key."""


@dataclass(frozen=True)
class VisitTimes:
    """Milliseconds from a visitor's request to the painted page, one of each visit, and what the server sent."""

    painted: list[float] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)


def measure_starts(rounds: int, labs: Sequence[Checkout]) -> tuple[list[float], list[Starts]]:
    """Start hello and each lab by turns, each in a process of its own, and look at the first page with a new browser.

    The first round is not counted: it brings the files into memory and the compiled modules onto the disk.

    Returns:
        the times of hello, and those of each lab.
    """
    times: list[float] = []
    starts = [Starts() for _ in labs]
    with written(HELLO) as hello, chromium() as browser:
        for round_number in range(rounds + 1):
            said = _start(browser, Checkout(), hello, "/")
            seen = [
                (
                    _start(browser, lab, lab.app, "/"),
                    _start(browser, lab, lab.app, CONVOLUTION, FIRST_OUTPUT_CELL),
                )
                for lab in labs
            ]
            if round_number:
                times.append(said)
                for kept, (landing, convolution) in zip(starts, seen, strict=True):
                    kept.landing.append(landing)
                    kept.convolution.append(convolution)
    return times, starts


def measure_keys(
    labs: Sequence[Checkout], keys: int, deeds: Mapping[str, Deed] = DEEDS, *, slow: bool = False
) -> tuple[KeyTimes, dict[str, list[KeyTimes]], list[str]]:
    """Do what people do on each page, in all labs by turns, and watch for the answer.

    The first page's turns are shared by one that answers with a word: what Streamlit and the browser themselves take.

    Args:
        slow: whether a slow link leads to the servers. What they send is the same, and not counted again.

    Returns:
        the times of the page that answers with a word; for each other one those of each lab; and what went wrong on
        those that are left out.
    """
    echo, times, failures = KeyTimes(), {}, []
    with ExitStack() as stack:
        servers = [stack.enter_context(running(lab.app, lab.python)) for lab in labs]
        servers.append(stack.enter_context(running(stack.enter_context(written(ECHO_PAGE)))))
        ports = [stack.enter_context(slow_link(server.port)) if slow else server.port for server in servers]
        browser = stack.enter_context(chromium())
        for name, deed in deeds.items():
            taken = [KeyTimes() for _ in labs]
            turns = [(port, deed, kept) for port, kept in zip(ports, taken, strict=False)]
            if name == next(iter(deeds)):
                turns.append((ports[-1], ECHO, echo))
            try:
                _take_turns(browser, turns, keys, 0 if slow else _LONE_KEYS)
            except (RuntimeError, PlaywrightError) as error:
                failures.append(f"{name}: {error}")
            else:
                times[name] = taken
    return echo, times, failures


def measure_visits(labs: Sequence[Checkout], paths: Sequence[str], rounds: int) -> dict[str, list[VisitTimes]]:
    """Open pages of running servers by their address, by turns, each time as a new visitor.

    The first round is not counted: it imports what the pages need. In the last one a visitor stays until all is quiet.

    Returns:
        for each path, the times of each lab.
    """
    times = {path: [VisitTimes() for _ in labs] for path in paths}
    with ExitStack() as stack:
        servers = [stack.enter_context(running(lab.app, lab.python)) for lab in labs]
        browser = stack.enter_context(chromium())
        for round_number in range(rounds + 1):
            for path in paths:
                for server, kept in zip(servers, times[path], strict=True):
                    with open_page(browser) as page:
                        wire = Wire(page)
                        began = time.perf_counter()
                        page.goto(server.url + path)
                        _wait_until_painted(page, HEADING)
                        if round_number:
                            kept.painted.append((time.perf_counter() - began) * 1000)
                        if round_number == rounds:
                            kept.sent.append(wire.until_quiet())
    return times


class Wire:
    """What a page is sent over its websocket."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._bytes = self._begun = self._ended = 0
        self._last = time.perf_counter()
        page.on("websocket", lambda socket: socket.on("framereceived", self._take))

    def _take(self, frame: str | bytes) -> None:
        message = frame.encode() if isinstance(frame, str) else frame
        kind = ForwardMsg.FromString(message).WhichOneof("type")
        self._bytes += len(message)
        self._begun += kind == "new_session"
        self._ended += kind == "script_finished"
        self._last = time.perf_counter()

    def forget(self) -> None:
        """Count anew from now on."""
        self._bytes = self._begun = self._ended = 0
        self._last = time.perf_counter()

    def until_quiet(self) -> Sent:
        """Wait until no run is under way and nothing has come for a while, and tell what came."""
        give_up = time.perf_counter() + _PATIENCE / 1000
        while self._ended < self._begun or time.perf_counter() < self._last + _QUIET_SECONDS:
            if time.perf_counter() > give_up:
                raise RuntimeError(f"{self._page.url} does not come to rest")
            self._page.wait_for_timeout(50)  # meanwhile frames are taken
        return Sent(self._bytes, self._begun)


class Hand:
    """A person at a page, who does the same thing again and again."""

    def __init__(self, page: Page, address: str, deed: Deed) -> None:
        self._page, self._deed = page, deed
        page.goto(address + deed.path)
        _wait_until_painted(page, deed.answer)
        self._field = page.locator(deed.field).first
        page.evaluate(_WATCH, [page.locator(deed.answer).first.element_handle(), deed.answer])
        self._field.focus()

    def act(self) -> dict[str, Any]:
        """Do it another time, and return what was seen."""
        self._deed.act(self._page, self._field)
        try:
            self._page.wait_for_function(_SEEN, polling=20)
        except PlaywrightTimeoutError:
            seen = self._page.evaluate("() => window.cnnlabTimes")
            raise RuntimeError(f"a key at {self._page.url} was not answered: {seen}") from None
        return self._page.evaluate("() => window.cnnlabTimes")

    def rest(self) -> None:
        """Wait as long as it takes to the next key."""
        self._page.wait_for_timeout(_BETWEEN_KEYS)


def _take_turns(browser: Browser, turns: Sequence[tuple[int, Deed, KeyTimes]], keys: int, lone_keys: int) -> None:
    """Have a person at each page act, one after the other, so many times; then each alone, with rests."""
    with ExitStack() as stack:
        people: list[tuple[Hand, Wire, KeyTimes]] = []
        for port, deed, times in turns:
            page = stack.enter_context(open_page(browser))
            wire = Wire(page)
            people.append((Hand(page, address(port), deed), wire, times))
        for number in range(UNCOUNTED_KEYS + keys):
            for hand, _, times in people:
                seen = hand.act()
                if number >= UNCOUNTED_KEYS:
                    if seen["typed"] is not None:
                        times.typed.append(seen["typedPainted"])
                    times.output.append(seen["outputPainted"])
                hand.rest()
        for hand, wire, times in people:
            wire.until_quiet()
            for _ in range(lone_keys):
                wire.forget()
                hand.act()
                times.sent.append(wire.until_quiet())


def _start(browser: Browser, lab: Checkout, script: Path, path: str, ready: str = APP) -> float:
    with open_page(browser) as page, running(script, lab.python) as server:
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
