"""What the server sends for a typed digit: counted in bytes and answers, not in time."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import wait_for_app
from tests.browser.grids import Lab, open_link

pytestmark = pytest.mark.browser

ONES_OWN = {
    "convolution": "?kernel=1,2,3;4,5,6;7,8,9",
    "pooling": "?pool_input=1,2;3,4",
    "transposed": "?tr_kernel=1,2;3,5",
    "channels": "?ch_kernel=1,2;3,5&ch_input=1,2,3;4,5,6;7,8,9",
    "learn_a_kernel": "?learn_target=1,2;3,5",
}
"""Numbers of no preset, so that nothing beside the grids depends on them, and the name of what is typed into."""
MOST_BYTES = {"convolution": 16_000}
MOST_BYTES_ELSEWHERE = 25_000
SLOW_SOCKETS = """() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...given) { setTimeout(() => send.apply(this, given), 600); };
}"""
"""What the browser sends goes off later than the typing rests."""
FIRST_CELL = 'input[aria-label$="row 1, column 1"]'


class Wire:
    """Counts what the server sends to a page."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.answers = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, frame: str | bytes) -> None:
        assert isinstance(frame, bytes)
        self.bytes += len(frame)
        self.answers += ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished"

    def forget(self) -> None:
        self.bytes = self.answers = 0


@pytest.fixture
def wired(new_page: Callable[..., Page], lab_url: str) -> Callable[[str], tuple[Wire, Lab]]:
    def open_page(address: str) -> tuple[Wire, Lab]:
        page = new_page()
        wire = Wire(page)
        lab = open_link(page, f"{lab_url}/{address}")
        wait_for_rest(page)
        wire.forget()
        return wire, lab

    return open_page


def wait_for_rest(page: Page) -> None:
    """Wait longer than the grids do until they take typing to rest, and for what they then ask for."""
    page.wait_for_timeout(800)
    wait_for_app(page)


@pytest.mark.parametrize("digit", ["2", "7"])
@pytest.mark.parametrize("page_key", ONES_OWN)
def test_the_first_digit_costs_few_bytes(wired: Callable[[str], tuple[Wire, Lab]], page_key: str, digit: str) -> None:
    """With the 7 the descent of A kernel learns runs away, with the 2 it makes all its steps."""
    wire, lab = wired(page_key)
    lab.page.locator(FIRST_CELL).first.fill(digit)
    lab.page.wait_for_url(re.compile("input="))
    wait_for_rest(lab.page)
    assert wire.answers >= 1
    assert wire.bytes <= MOST_BYTES.get(page_key, MOST_BYTES_ELSEWHERE)


@pytest.mark.parametrize("page_key", ONES_OWN)
def test_a_digit_that_nothing_else_depends_on_is_answered_once(
    wired: Callable[[str], tuple[Wire, Lab]], page_key: str
) -> None:
    wire, lab = wired(page_key + ONES_OWN[page_key])
    cell = lab.page.locator(FIRST_CELL).first
    cell.fill("6")
    # The address follows without the server.
    lab.page.wait_for_url(re.compile("input=6"))
    wait_for_rest(lab.page)
    assert wire.answers == 1
    cell.fill("5")
    lab.page.wait_for_url(re.compile("input=5"))
    wait_for_rest(lab.page)
    assert wire.answers == 2


def test_the_address_of_a_digit_that_was_answered_once_shows_the_same(
    wired: Callable[[str], tuple[Wire, Lab]], new_page: Callable[..., Page]
) -> None:
    wire, lab = wired("convolution" + ONES_OWN["convolution"])
    lab.field("Input", 1, 1).fill("1/3")
    lab.page.wait_for_url(re.compile("input=0"))
    assert wire.answers == 1
    outputs = lab.outputs()
    again = open_link(new_page(), lab.page.url)
    again.expect_outputs(outputs)
    expect(again.field("Input", 1, 1)).to_have_value("1/3")


def test_what_was_typed_stays_when_a_setting_changes_afterwards(wired: Callable[[str], tuple[Wire, Lab]]) -> None:
    wire, lab = wired("convolution" + ONES_OWN["convolution"])
    lab.field("Input", 1, 1).fill("9")
    lab.page.wait_for_url(re.compile("input=9"))
    assert wire.answers == 1
    lab.page.get_by_role("slider", name="Stride").press("ArrowRight")
    lab.expect_in_link("stride", "2")
    wait_for_rest(lab.page)
    assert lab.link()["input"][0].startswith("9,")
    expect(lab.field("Input", 1, 1)).to_have_value("9")
    # Stepping tells the server the place; the numbers stay in the address.
    lab.button(re.compile("Step forward")).click()
    lab.expect_in_link("step", "1")
    assert lab.link()["input"][0].startswith("9,")


def test_numbers_come_back_with_the_page(wired: Callable[[str], tuple[Wire, Lab]]) -> None:
    _, lab = wired("convolution" + ONES_OWN["convolution"])
    lab.field("Input", 1, 1).fill("8")
    lab.page.wait_for_url(re.compile("input=8"))
    lab.page.get_by_role("link", name="Pooling").click()
    expect(lab.page.get_by_role("heading", name="Pooling")).to_be_visible()
    lab.page.get_by_role("link", name="Convolution", exact=True).click()
    expect(lab.page.get_by_role("heading", name="Convolution", exact=True)).to_be_visible()
    expect(lab.field("Input", 1, 1)).to_have_value("8")
    expect(lab.field("Kernel", 1, 1)).to_have_value("1")


def test_the_address_follows_numbers_that_python_fills_in_again(wired: Callable[[str], tuple[Wire, Lab]]) -> None:
    _, lab = wired("convolution")

    def fill() -> None:
        lab.page.get_by_role("button", name="Random numbers").click()
        lab.page.get_by_role("button", name="Fill input and kernel").click()
        lab.page.keyboard.press("Escape")
        wait_for_rest(lab.page)

    fill()
    lab.page.wait_for_url(re.compile("input="))
    filled = lab.link()
    lab.field("Input", 1, 1).fill("77")
    lab.page.wait_for_url(re.compile("input=77"))
    wait_for_rest(lab.page)
    fill()
    expect(lab.field("Input", 1, 1)).not_to_have_value("77")
    lab.page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == filled)


def test_what_is_typed_before_a_page_is_left_by_key_stays_out_of_the_next_ones_address(
    wired: Callable[[str], tuple[Wire, Lab]],
) -> None:
    _, lab = wired("convolution" + ONES_OWN["convolution"])
    link = lab.page.get_by_role("link", name="Pooling")
    lab.field("Input", 1, 1).fill("7")
    link.press("Enter")
    expect(lab.page.get_by_role("heading", name="Pooling")).to_be_visible()
    wait_for_rest(lab.page)
    assert "input" not in lab.link()


def test_the_address_is_right_after_a_slow_answer_too(wired: Callable[[str], tuple[Wire, Lab]]) -> None:
    _, lab = wired("convolution" + ONES_OWN["convolution"])
    cell = lab.field("Input", 1, 1)
    # Stepping has the server write the address.
    lab.button(re.compile("Step forward")).click()
    lab.expect_in_link("step", "1")
    cell.fill("9")
    lab.page.wait_for_url(re.compile("input=9"))
    wait_for_rest(lab.page)
    default = "1"
    # While one answer is waited for, the typing rests with the next.
    lab.page.evaluate(SLOW_SOCKETS)
    cell.fill(default)
    wait_for_rest(lab.page)
    expect(cell).to_have_value(default)
    lab.page.wait_for_url(lambda url: "input=" not in url)
