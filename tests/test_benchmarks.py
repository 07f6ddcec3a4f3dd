"""The benchmarks are run by people; here only that they still fit the lab, and count rightly. No test takes times."""

import random
import socket
import socketserver
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from benchmarks import imports, latency
from benchmarks._browser import KeyTimes
from benchmarks._deeds import DEEDS
from benchmarks._figures import Measured, Row, Sent, Spread, format_table
from benchmarks._link import slow_link
from benchmarks._load import measure_edits
from benchmarks._servers import LAB, running
from cnnlab.ui.shell.page_list import PAGES

ROOT = Path(__file__).parents[1]


def test_the_benchmark_of_latency_tells_what_it_measures() -> None:
    command = [sys.executable, "-m", "benchmarks.latency", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
    assert all(part in told for part in ("start", "keys", "link", "pages", "load", "--json", "--against"))


def test_another_checkout_has_an_app(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        latency.main(["--against", str(ROOT / "tests")])
    assert "tests is no checkout of the lab: it has no app.py" in capsys.readouterr().err


def test_the_benchmark_of_imports_tells_every_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.imports.ROUNDS", 1)
    imports.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:34].rstrip() for line in lines] == ["program", *imports.PROGRAMS]
    assert [line.split()[-1] for line in lines if line.startswith("import cnnlab")] == [str(imports.WANTED)]


def test_a_spread_is_that_of_the_times() -> None:
    assert Spread.of([float(time) for time in range(100, 0, -1)]) == Spread(100, 50.5, 95.0, 100.0)


@pytest.mark.parametrize(("figure", "verdict"), [(1.6, "as wanted"), (1.7, "MISSED"), (None, "")])
def test_a_figure_is_held_against_what_was_wanted(figure: float | None, verdict: str) -> None:
    row = Row("start", Spread.of([12.0]), figure=figure, wanted=1.6)
    assert row.verdict == verdict
    assert format_table([row]).splitlines()[-1].endswith(verdict or "1")


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        (Sent(16_000, 1), "as wanted"),
        (Sent(16_001, 1), "MISSED"),
        (Sent(9_000, 2), "MISSED"),
        (None, "as wanted"),  # nothing was counted; the time is held against its own limit
    ],
)
def test_what_is_sent_is_held_against_what_was_wanted(sent: Sent | None, verdict: str) -> None:
    row = Row("key", Spread.of([12.0]), figure=12.0, wanted=50.0, sent=sent, most=Sent(16_000, 1))
    assert row.verdict == verdict
    assert replace(row, figure=51.0).verdict == "MISSED"
    assert (sent is None) == ("bytes" not in format_table([row]))


def test_another_checkouts_figures_stand_beside_this_ones() -> None:
    other = Measured(Spread.of([48.0]), Sent(30_262, 2))
    table = format_table(
        [Row("key", Spread.of([12.0]), sent=Sent(9_000, 1), against=other), Row("echo", Spread.of([24.0]))]
    )
    heads, _, key, echo = [" ".join(line.split()) for line in table.splitlines()]
    assert heads == "median 95 % worst of bytes in answers against: median 95 % ratio bytes in answers"
    assert key == "key 12.0 ms 12.0 ms 12.0 ms 1 9,000 in 1 48 ms 48 ms 0.25 30,262 in 2"
    assert echo == "echo 24 ms 24 ms 24 ms 1"
    assert "against" not in format_table([Row("echo", Spread.of([24.0]))])


def test_a_page_that_cannot_be_measured_is_named_and_takes_no_other_along(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = [KeyTimes(output=[12.0], sent=[Sent(9_000, 1)])]
    monkeypatch.setattr(
        latency,
        "measure_keys",
        lambda *_, **__: (KeyTimes(output=[24.0]), {"output_shape": taken}, ["network: a key was not answered"]),
    )
    assert latency.main(["link"]) == 2
    told = capsys.readouterr()
    assert "output_shape: key to the output" in told.out
    assert told.err.splitlines()[-1] == "could not be measured: network: a key was not answered"


def test_every_page_that_answers_at_once_has_its_row() -> None:
    assert {*DEEDS, "training", "lessons"} == {page.key for page in PAGES}
    assert all(deed.path.partition("?")[0] == f"/{key}" for key, deed in DEEDS.items())


def test_a_slow_link_takes_its_time_and_loses_nothing() -> None:
    class Echo(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while data := self.request.recv(65_536):
                self.request.sendall(data)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever).start()
        with slow_link(server.server_address[1]) as port, socket.create_connection(("127.0.0.1", port)) as way:
            ping, _ = _answered(way, b"?")
            transfer, received = _answered(way, sent := random.Random(0).randbytes(100_000))
        server.shutdown()
    assert ping >= 0.020  # 10 ms each way
    assert transfer >= 0.080 + 0.020  # 800,000 bits at 10 million a second, and the way there and back
    assert received == sent


def _answered(way: socket.socket, sent: bytes) -> tuple[float, bytes]:
    """The seconds until all of it has come back, and what came."""
    began, received = time.perf_counter(), b""
    way.sendall(sent)
    while len(received) < len(sent):
        received += way.recv(65_536)
    return time.perf_counter() - began, received


def test_every_edit_of_a_small_class_is_answered_with_what_was_typed() -> None:
    # In a thread of its own: the browser tests' driver has an event loop running in this one.
    with running(LAB) as server, ThreadPoolExecutor(1) as thread:
        load = thread.submit(measure_edits, server.url, sessions=2, seconds=1.0, interval=0.4).result()
    assert not load.failures
    assert len(load.milliseconds) >= 4
