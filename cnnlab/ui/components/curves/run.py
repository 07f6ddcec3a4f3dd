"""The course of a run while it goes: numbers, curves that do not flicker, the first kernels."""

import math
from typing import Any

import numpy as np

from cnnlab.figures import run_charts
from cnnlab.texts import message, say, say_all, unfilled
from cnnlab.training.history import Validation
from cnnlab.training.jobs import Job
from cnnlab.training.progress import Progress
from cnnlab.ui.components.curves import draw, plain
from cnnlab.ui.components.parts import Column

MAX_KERNELS = 16
MAX_RATES = 300
NOTHING = "–"

WORDS = {
    "smoothing": run_charts.SMOOTHING,
    "log": run_charts.LOGARITHMIC,
    "reset": message("Whole run"),
    "help": message(
        "Drag to zoom, double-click for the whole run. Keys: arrows read off, + and - zoom, 0 shows the whole run."
    ),
    "panel": unfilled("{name}. {help}"),
    "named": unfilled("{curve} {number}"),
    "at_step": unfilled("step {step}"),
    "at_epoch": unfilled("epoch {epoch}"),
    "kernel": unfilled("kernel {number} of the first convolution"),
    "kernels": message(
        "The first convolution's kernels as colour pictures: grey is 0, brighter is positive, darker is "
        "negative. All share one scale."
    ),
}


def live_curves(job: Job, *, key: str) -> None:
    """Draw a run as far as it is."""
    draw(course(job), key=key)


def course(job: Job) -> dict[str, Any]:
    """What the browser is told of a run.

    Numbers keep their digits on the way; how many are shown is decided where they are shown.
    """
    history, progress = job.history, job.progress
    total = _steps_expected(progress)
    charts = (
        run_charts.loss_chart(history.curve(run_charts.MAX_POINTS), history.validations, total=total),
        run_charts.accuracy_chart(history.validations),
        run_charts.rate_chart(history.thinned_marks(MAX_RATES), job.rate_changes),
    )
    told = {
        "kind": "run",
        "run": job.watch_id,  # an id that steers does not go to those who look on
        "words": WORDS,
        "spans": run_charts.SPANS,
        "span_names": run_charts.SPAN_NAMES,
        "span": run_charts.SPAN,
        "numbers": _numbers(progress, history.validations),
        "total": total,
        "steps_per_epoch": _steps_per_epoch(progress),
        "charts": [plain(chart) for chart in charts],
        "kernels": _kernels(job.kernels[:MAX_KERNELS]) if job.kernels else None,
    }
    return say_all(told)


def _kernels(kernels: list[list[list[list[float]]]]) -> dict[str, Any]:
    weights = np.asarray(kernels, np.float64)
    return {"shape": weights.shape, "weights": Column(weights.ravel())}


def _numbers(progress: Progress | None, validations: list[Validation]) -> list[dict[str, str]]:
    last = validations[-1] if validations else None
    shown = {
        "epoch": (say("Epoch"), f"{progress.epoch:.1f}" if progress else NOTHING),
        "step": (say("Step"), f"{progress.step:,}" if progress else NOTHING),
        "speed": (say("Images per second"), f"{progress.images_per_second:,.0f}" if progress else NOTHING),
        "rate": (say("Learning rate"), f"{progress.learning_rate:.3g}" if progress else NOTHING),
        "loss": (say("Validation loss"), f"{last.loss:.3f}" if last else NOTHING),
        "accuracy": (say("Validation accuracy"), f"{last.accuracy:.1%}" if last else NOTHING),
    }
    return [{"name": name, "label": label, "text": text} for name, (label, text) in shown.items()]


def _steps_per_epoch(progress: Progress | None) -> float | None:
    if progress is None or not progress.epoch:
        return None
    # A child process told both: of an epoch that is next to nothing there is no count.
    steps = progress.step / progress.epoch
    return steps if math.isfinite(steps) else None


def _steps_expected(progress: Progress | None) -> int | None:
    """How many steps the whole run will have: told where epochs decide, guessed where a time budget does."""
    if progress is None or progress.steps_total is not None:
        return progress.steps_total if progress else None
    # A guess that moves at every tick would make the axis creep, so it is rounded up to two digits.
    if progress.fraction < 0.02:
        return None
    guess = progress.step / progress.fraction
    digit = 10 ** max(0, int(math.log10(max(guess, 1))) - 1)
    return math.ceil(guess / digit) * digit
