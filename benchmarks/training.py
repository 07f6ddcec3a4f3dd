"""How fast the lab trains LeNet-5, as ratios to what others do on the same machine in the same minutes.

    python -m benchmarks.training                                # on the pictures that are part of the lab
    python -m benchmarks.training --data cifar10.npz --rounds 5
    python -m benchmarks.training --no-page                      # without a browser

tutorial 4, 128  the loop of PyTorch's CIFAR-10 tutorial with batches of 4 and of 128: a DataLoader with two workers
bare             a plain loop over pictures that lie in memory as numbers, with our batch size and our arithmetic
headless         a run of the lab as its page starts it, without a page
page             the same run, started on the training page and watched there by a browser

Each is measured for some seconds, one after the other, several times over; the medians are compared. All of them run at
the same low priority.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks._servers import LAB, ROOT, running
from benchmarks._training_page import browsing
from cnnlab.data import DATASETS
from cnnlab.training.config import TrainingConfig
from cnnlab.training.jobs import JobManager, RunSettings

PATIENCE_SECONDS = 120.0

Measure = Callable[[float], float]
"""Train for so many seconds and return the images per second."""


@dataclass(frozen=True)
class Comparison:
    """What is wanted: one speed as a multiple of another."""

    name: str
    other: str
    wanted: float


COMPARISONS = (
    Comparison("headless", "tutorial 4", 14.0),
    Comparison("headless", "tutorial 128", 3.0),
    Comparison("headless", "bare", 0.95),
    Comparison("page", "bare", 0.9),
    Comparison("page", "headless", 0.9),
)


@contextmanager
def loop(name: str, data: str, batch_size: int, *, short_spins: bool) -> Iterator[Measure]:
    """One of the loops of `benchmarks._loops`, in a process that sleeps while others are measured."""
    environment = dict(os.environ)
    environment.pop("GOMP_SPINCOUNT", None)
    if short_spins:  # as our own runs do
        environment["GOMP_SPINCOUNT"] = "1000"
    command = [sys.executable, "-m", "benchmarks._loops", name, data, str(batch_size)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None or stdout.readline() != "ready\n":
            raise RuntimeError(f"the loop {name} did not start")

        def measure(seconds: float) -> float:
            stdin.write(f"{seconds}\n")
            stdin.flush()
            return float(stdout.readline())

        try:
            yield measure
        finally:
            stdin.close()


@contextmanager
def headless(data: str) -> Iterator[Measure]:
    """A run of the lab, started as its page does."""
    manager = JobManager(slots=1)

    def measure(seconds: float) -> float:
        manager.warm_up()
        _wait_for(lambda: manager.is_warm, "the worker did not start")
        job = manager.submit(RunSettings(data, config=TrainingConfig(seconds=seconds)))
        _wait_for(lambda: not job.live, "the run did not end", seconds)
        if job.end is None:
            raise RuntimeError(f"the run failed: {job.error}")
        return job.end.images_per_second

    try:
        yield measure
    finally:
        manager.close()


@contextmanager
def with_page(data: str) -> Iterator[Measure]:
    """A run of the lab, started on its training page and watched there."""
    with ExitStack() as stack:
        if data not in DATASETS:
            # The page offers the files of the server's data folder, and no others.
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            (folder / "pictures.npz").symlink_to(Path(data).resolve())
            data = "pictures.npz"
            stack.enter_context(_environment("CNNLAB_DATA", str(folder)))
        server = stack.enter_context(running(LAB))
        yield stack.enter_context(browsing(server.url, data))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 if something is slower than wanted."""
    options = _parser().parse_args(arguments)
    data = options.data if options.data in DATASETS else str(Path(options.data).resolve())
    speeds: dict[str, list[float]] = {}
    batch_size = TrainingConfig().batch_size
    with ExitStack() as stack:
        measures = {
            "tutorial 4": stack.enter_context(loop("tutorial", data, 4, short_spins=False)),
            "tutorial 128": stack.enter_context(loop("tutorial", data, 128, short_spins=False)),
            "bare": stack.enter_context(loop("bare", data, batch_size, short_spins=True)),
            "headless": stack.enter_context(headless(data)),
        }
        if options.page:
            measures["page"] = stack.enter_context(with_page(data))
        for round_number in range(1, options.rounds + 1):
            for name, measure in measures.items():
                speed = measure(options.seconds)
                speeds.setdefault(name, []).append(speed)
                print(f"round {round_number}, {name}: {speed:,.0f} images/s", file=sys.stderr)
    ratios = [(comparison, _ratio(speeds, comparison)) for comparison in COMPARISONS if comparison.name in speeds]
    if options.json:
        found = [{**asdict(comparison), "ratio": ratio} for comparison, ratio in ratios]
        print(json.dumps({"batch_size": batch_size, "images_per_second": speeds, "ratios": found}, indent=2))
    else:
        print(_format(speeds, ratios, batch_size))
    return int(any(ratio < comparison.wanted for comparison, ratio in ratios))


def _ratio(speeds: dict[str, list[float]], comparison: Comparison) -> float:
    """The median over the rounds of the ratio within a round: what slows a whole round slows both."""
    pairs = zip(speeds[comparison.name], speeds[comparison.other], strict=True)
    return statistics.median(one / other for one, other in pairs)


def _format(speeds: dict[str, list[float]], ratios: Sequence[tuple[Comparison, float]], batch_size: int) -> str:
    lines = [f"LeNet-5, our batches of {batch_size}; {os.cpu_count()} processors", ""]
    lines.append(f"{'images per second':<28}{'median':>9}{'least':>9}{'most':>9}")
    for name, values in speeds.items():
        lines.append(f"{name:<28}{statistics.median(values):>9,.0f}{min(values):>9,.0f}{max(values):>9,.0f}")
    lines += ["", f"{'ratio':<28}{'median':>9}{'wanted':>9}"]
    for comparison, ratio in ratios:
        verdict = "as wanted" if ratio >= comparison.wanted else "MISSED"
        title = f"{comparison.name} / {comparison.other}"
        lines.append(f"{title:<28}{ratio:>9.2f}{f'>= {comparison.wanted:g}':>9}  {verdict}")
    return "\n".join(lines)


def _wait_for(condition: Callable[[], bool], otherwise: str, seconds: float = 0.0) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS + seconds
    while not condition():
        if time.monotonic() > give_up:
            raise RuntimeError(otherwise)
        time.sleep(0.05)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="cifar10-mini", help="a data set's name, or an .npz file (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement (%(default)g)")
    parser.add_argument("--no-page", dest="page", action="store_false", help="leave the browser out")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
