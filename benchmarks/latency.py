"""How long people wait: for the first page, for a cell after a key, and for an answer in a full classroom.

    python -m benchmarks.latency                       # all of it, some ten minutes
    python -m benchmarks.latency start --rounds 3      # only the cold starts
    python -m benchmarks.latency load --sessions 10 --seconds 10 --json
    python -m benchmarks.latency keys link --against ../older --against-python ../older/.venv/bin/python

start  from the start of the server's process to the first page painted, against a page that only says hello; both in
       turns, every time in a new process with a new browser session
keys   from a key to the painted answer, on every page that answers one at once: a cell that depends on the digit
       typed, the map of a drawing, the shape after a layer's number; against a page that answers a tick with one word.
       And what the server sends from a key until all is quiet: the bytes, and the answers that they came in
link   the same keys over a slow link, of 10 Mbit/s and 10 ms each way
pages  from a new visitor's request to the painted page, for every page of a running lab, and what the server sends
load   from an edit to the server's whole answer, with many sessions editing that page, alone and beside a training run

Everything runs on this machine, over loopback, and shares its processors: the browser, the sessions, the server. With
--against another checkout is measured by turns with this one; load is of this one alone, since its sessions speak as
this checkout's components do.
"""

import argparse
import dataclasses
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from benchmarks._browser import KeyTimes, measure_keys, measure_starts, measure_visits
from benchmarks._deeds import GRIDS
from benchmarks._figures import Measured, Row, Sent, Spread, format_table
from benchmarks._load import Load, measure_edits
from benchmarks._servers import LAB, Checkout, running
from cnnlab.training.config import TrainingConfig
from cnnlab.training.jobs import JobManager, RunSettings
from cnnlab.ui.shell.page_list import PAGES

# What is wanted.
START_RATIO = 1.6
KEY_MILLISECONDS = 50.0
LINK_KEY_MILLISECONDS = 60.0
CONVOLUTION_DIGIT = Sent(16_000, answers=1)
GRID_DIGIT = Sent(25_000, answers=1)
IDLE_P95_MILLISECONDS = 150.0
TRAINING_P95_MILLISECONDS = 300.0

TRAINING_PATIENCE_SECONDS = 120.0


def start(options: argparse.Namespace) -> list[Row]:
    """Measure cold starts."""
    times, starts = measure_starts(options.rounds, options.labs)
    hello = Spread.of(times)
    rows = [Row("start, a page that says hello", hello)]
    for name, milliseconds, wanted in (
        ("start, the lab's first page", [lab.landing for lab in starts], START_RATIO),
        ("start, deep link to the convolution page", [lab.convolution for lab in starts], None),
    ):
        spread, *others = map(Spread.of, milliseconds)
        ratio = spread.median / hello.median
        note = "" if wanted is None else f"<= {wanted} x hello"
        against = Measured(others[0]) if others else None
        rows.append(Row(name, spread, ratio, ratio, wanted, note, against=against))
    return rows


def keys(options: argparse.Namespace) -> list[Row]:
    """Measure keys on every page, and on one that does almost nothing."""
    echo, pages, failures = measure_keys(options.labs, options.keys)
    options.failures += failures
    compared = Spread.of(echo.output)
    rows = [Row("key to the answer of a page that echoes", compared, sent=Sent.median(echo.sent))]
    for name, labs in pages.items():
        if name in GRIDS:
            typed = [KeyTimes(output=lab.typed) for lab in labs]
            rows.append(_key_row(f"{name}: key to the cell typed into", typed, compared, KEY_MILLISECONDS))
        most = CONVOLUTION_DIGIT if name == "convolution" else GRID_DIGIT if name in GRIDS else None
        rows.append(_key_row(f"{name}: key to the output", labs, compared, KEY_MILLISECONDS, most))
    return rows


def link(options: argparse.Namespace) -> list[Row]:
    """Measure the same keys over a slow link."""
    echo, pages, failures = measure_keys(options.labs, options.keys, slow=True)
    options.failures += failures
    compared = Spread.of(echo.output)
    return [
        Row("slow link, a page that echoes", compared),
        *(
            _key_row(f"slow link, {name}: key to the output", labs, compared, LINK_KEY_MILLISECONDS)
            for name, labs in pages.items()
        ),
    ]


def pages(options: argparse.Namespace) -> list[Row]:
    """Measure a visit of every page."""
    visits = measure_visits(options.labs, [f"/{page.key}" for page in PAGES], options.rounds)
    compared = Spread.of(visits["/convolution"][0].painted)
    rows: list[Row] = []
    for path, labs in visits.items():
        own, *others = [Measured(Spread.of(lab.painted), Sent.median(lab.sent)) for lab in labs]
        ratio = own.spread.median / compared.median
        rows.append(Row(f"visit of {path}", own.spread, ratio, sent=own.sent, against=next(iter(others), None)))
    return rows


def load(options: argparse.Namespace) -> list[Row]:
    """Measure a classroom's edits, alone and beside a run."""
    asked = (options.sessions, options.seconds, options.interval)
    with running(LAB) as server:
        idle = measure_edits(server.url, *asked)
        with _training():
            training = measure_edits(server.url, *asked)
    alone = Spread.of(idle.milliseconds)
    return [
        _load_row(f"edit to answer, {options.sessions} sessions", idle, alone, IDLE_P95_MILLISECONDS),
        _load_row(f"edit to answer, {options.sessions} sessions, training", training, alone, TRAINING_P95_MILLISECONDS),
    ]


PARTS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "start": start,
    "keys": keys,
    "link": link,
    "pages": pages,
    "load": load,
}


@contextmanager
def _training() -> Iterator[None]:
    """Have a run train on the embedded pictures, in a process started as the lab starts it."""
    manager = JobManager(slots=1)
    try:
        job = manager.submit(RunSettings("cifar10-mini", config=TrainingConfig(seconds=3600)))
        give_up = time.monotonic() + TRAINING_PATIENCE_SECONDS
        while job.progress is None:
            if not job.live or time.monotonic() > give_up:
                raise RuntimeError(f"no run is training: {job.error or 'it has not begun in time'}")
            time.sleep(0.1)
        before = job.progress.step
        yield
        if not job.live or job.progress.step == before:
            raise RuntimeError(f"the run did not train all the while: {job.error or job.state}")
    finally:
        manager.close()


def _key_row(name: str, labs: Sequence[KeyTimes], compared: Spread, wanted: float, most: Sent | None = None) -> Row:
    """The row of this checkout's times, beside those of the other one where there is one."""
    own, *others = [Measured(Spread.of(lab.output), Sent.median(lab.sent)) for lab in labs]
    median = own.spread.median
    note = f"median < {wanted:.0f} ms"
    against = next(iter(others), None)
    return Row(name, own.spread, median / compared.median, median, wanted, note, own.sent, most, against)


def _load_row(name: str, measured: Load, alone: Spread, wanted: float) -> Row:
    spread = Spread.of(measured.milliseconds)
    for failure in sorted(set(measured.failures)):
        print(f"{name}: {measured.failures.count(failure)} x {failure}", file=sys.stderr)
    figure = float("inf") if measured.failures else spread.p95
    return Row(name, spread, spread.median / alone.median, figure, wanted, f"95 % < {wanted:.0f} ms")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for and print it; return 1 if something is slower than wanted, 2 if it cannot be said."""
    options = _parser().parse_args(arguments)
    options.labs = [Checkout()]
    if options.against is not None:
        options.labs.append(Checkout(options.against, options.against_python))
    options.failures = []
    rows: list[Row] = []
    for part in options.parts or PARTS:
        print(f"measuring: {part} ...", file=sys.stderr)
        try:
            rows += PARTS[part](options)
        except (RuntimeError, TimeoutError, PlaywrightError) as error:
            options.failures.append(f"{part}: {error}")
    for failure in options.failures:
        print(f"could not be measured: {failure}", file=sys.stderr)
    if options.json:
        figures = [dataclasses.asdict(row) | {"verdict": row.verdict} for row in rows]
        print(json.dumps({"machine": _machine(), "rows": figures}, indent=2))
    else:
        print(f"{_machine()['cpus']} processors, load {_machine()['load']}, Python {_machine()['python']}\n")
        print(format_table(rows))
    if options.failures:
        return 2
    return int(any(row.verdict == "MISSED" for row in rows))


def _machine() -> dict[str, Any]:
    load_average = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    return {"cpus": os.cpu_count(), "load": load_average, "python": platform.python_version()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.latency", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=f"{', '.join(PARTS)}; default: all"
    )
    parser.add_argument("--rounds", type=_at_least_one, default=5, help="cold starts of each server (5)")
    parser.add_argument("--keys", type=_at_least_one, default=60, help="keys that are typed on each page (60)")
    parser.add_argument("--sessions", type=_at_least_one, default=30, help="sessions that edit at once (30)")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long they edit, each time (30)")
    parser.add_argument("--interval", type=float, default=2.0, help="seconds between a session's edits (2)")
    parser.add_argument("--against", type=_checkout, help="another checkout of the lab, measured by turns")
    parser.add_argument("--against-python", default=sys.executable, help="its environment's interpreter (this one)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser


def _checkout(text: str) -> Path:
    folder = Path(text).resolve()
    if not (folder / "app.py").is_file():
        raise argparse.ArgumentTypeError(f"{text} is no checkout of the lab: it has no app.py")
    return folder


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is too few: use 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
