"""The benchmarks are run by people; here only that they still fit the lab, and count rightly. No test takes times."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks import imports
from benchmarks._figures import Row, Spread, format_table
from benchmarks._load import measure_edits
from benchmarks._servers import LAB, running

ROOT = Path(__file__).parents[1]


def test_the_benchmark_of_latency_tells_what_it_measures() -> None:
    command = [sys.executable, "-m", "benchmarks.latency", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
    assert all(part in told for part in ("start", "keys", "load", "--json"))


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


def test_every_edit_of_a_small_class_is_answered_with_what_was_typed() -> None:
    # In a thread of its own: the browser tests' driver has an event loop running in this one.
    with running(LAB) as server, ThreadPoolExecutor(1) as thread:
        load = thread.submit(measure_edits, server.url, sessions=2, seconds=1.0, interval=0.4).result()
    assert not load.failures
    assert len(load.milliseconds) >= 4
