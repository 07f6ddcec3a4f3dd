"""Runs that are the same for everybody, tried with programs that learn nothing."""

import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from cnnlab.errors import ParseError
from cnnlab.training.shared_runs import SharedRuns

HEAD = "import json, sys, time\ndef say(**event): print(json.dumps(event), flush=True)\nsay(event='start')\n"
PROGRAMS = {
    "quick": "for n in range(3): say(event='epoch', n=n)\nsay(event='end')",
    "other": "say(event='epoch', n=7)\nsay(event='end')",
    "forever": "say(event='epoch', n=0)\ntime.sleep(600)",
    "crash": "say(event='epoch', n=0)\nsys.exit('something broke')",
    "error": "say(event='error', message='PyTorch cannot be loaded here')\nsys.exit(1)",
    "killed": "import os\nos.kill(os.getpid(), 9)",
    "silent": "",
    "garbage": "print('no json')\nprint('[1]')\nsay(event='epoch', n='x')\nsay(event='epoch', n=1)\nsay(event='end')",
}


def command(name: str) -> list[str]:
    return [sys.executable, "-c", HEAD + PROGRAMS[name]] if name in PROGRAMS else ["/nowhere/at/all"]


def read(event: dict) -> int:
    if not isinstance(event["n"], int):
        raise ParseError("no number")
    return event["n"]


@pytest.fixture
def start() -> Iterator[Callable[..., SharedRuns[str, int]]]:
    made: list[SharedRuns[str, int]] = []

    def make(**options: object) -> SharedRuns[str, int]:
        made.append(SharedRuns(command, read, **options))
        return made[-1]

    yield make
    for runs in made:
        runs.close()


def wait_until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.01)


def test_who_asks_for_the_same_looks_at_the_same_run(start):
    runs = start()
    first = runs.ask("quick")
    assert runs.ask("quick") is first
    assert runs.find("quick") is first
    wait_until(lambda: first.state == "ended")
    assert first.records == (0, 1, 2)
    assert runs.ask("quick", again=True) is first
    assert runs.find("other") is None


def test_runs_go_one_at_a_time_in_the_order_of_asking(start):
    runs = start()
    running, second, third = (runs.ask(name) for name in ("forever", "quick", "other"))
    wait_until(lambda: running.state == "running")
    assert [runs.queue_position(run) for run in (running, second, third)] == [None, 1, 2]
    assert (second.state, third.state) == ("queued", "queued")


def test_the_next_one_starts_when_one_has_ended(start):
    runs = start()
    names = ("quick", "crash", "other")
    asked = [runs.ask(name) for name in names]
    wait_until(lambda: not any(run.live for run in asked))
    assert [run.state for run in asked] == ["ended", "failed", "ended"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("error", "PyTorch cannot be loaded here"),
        ("crash", "The process ended without a result (status 1): try again. The server's log says more."),
        ("silent", "The process ended without a result (status 0): try again. The server's log says more."),
        ("killed", "The process was killed (signal 9): the machine may be short of memory, try again later."),
        ("missing", "The process could not be started (No such file or directory): try again."),
    ],
)
def test_a_run_that_fails_says_why_and_can_be_asked_for_again(start, name, sentence):
    runs = start()
    run = runs.ask(name)
    wait_until(lambda: not run.live)
    assert run.error == sentence
    assert runs.ask(name) is run
    assert runs.ask(name, again=True) is not run


def test_lines_that_are_no_records_are_passed_over(start):
    run = start().ask("garbage")
    wait_until(lambda: run.state == "ended")
    assert run.records == (1,)


def test_a_run_that_hangs_is_ended_and_lets_the_next_one_start(start):
    runs = start(limit_seconds=0.5)
    hanging, next_one = runs.ask("forever"), runs.ask("silent")
    wait_until(lambda: not next_one.live)
    assert hanging.error == "The run did not end within 0.5 seconds: the machine may be busy, try again later."


def test_a_run_that_nobody_waits_for_any_more_is_not_started(start):
    runs = start(patience_seconds=0.2, limit_seconds=1.5)
    runs.ask("forever")
    left = runs.ask("quick")
    stays = runs.ask("other")
    watching = threading.Event()

    def done() -> bool:
        watching.wait(0.05)
        return runs.find("other") is stays and stays.state == "ended"

    wait_until(done)
    assert left.state == "queued"
    assert left.records == ()
    assert runs.find("quick") is None


def test_only_so_many_runs_are_kept_and_may_wait(start):
    runs = start(kept=1, max_queued=2)
    for name in ("quick", "other", "silent"):
        run = runs.ask(name)
        wait_until(lambda run=run: not run.live)
    wait_until(lambda: runs.find("quick") is None and runs.find("other") is None)
    runs.ask("forever")
    runs.ask("quick")
    runs.ask("other")
    refused = runs.ask("garbage")
    assert refused.state == "failed"
    assert refused.error == "2 other runs are waiting already: try again in a minute."
    assert runs.find("garbage") is None


def test_closing_ends_what_goes_on(start):
    runs = start()
    run = runs.ask("forever")
    wait_until(lambda: run.records)
    runs.close()
    wait_until(lambda: not run.live)
    assert runs.ask("quick").error == "The server is shutting down: try again later."
