"""The course of a run while it goes: numbers, curves that do not flicker and keep their zoom, the first kernels.

Zooming, reading off, smoothing and the logarithmic axis happen in the browser alone. A chart that Streamlit draws anew
at every tick would lose its zoom each time.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.texts import message, say, say_all, unfilled
from cnnlab.training.history import Validation
from cnnlab.training.jobs import Job
from cnnlab.training.progress import Progress, as_float32
from cnnlab.ui.components.declared import declared

MAX_KERNELS = 16
MAX_POINTS = 600  # groups of steps that are drawn; a panel has about as many pixels
NOTHING = "–"

WORDS = {
    "loss": message("Loss"),
    "accuracy": message("Validation accuracy"),
    "rate": message("Learning rate"),
    "legend_raw": message("training, each step"),
    "legend_train": message("training, smoothed"),
    "legend_validation": message("validation"),
    "smoothing": message("Smoothing"),
    "step": message("each step"),
    "steps": unfilled("{steps} steps"),
    "log": message("Logarithmic loss"),
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

_mount = declared("live_curves", html='<div class="curves"></div>')


def live_curves(job: Job, *, key: str) -> None:
    """Draw a run as far as it is."""
    _mount(key=key, data=course(job))


def course(job: Job) -> dict[str, Any]:
    """What the browser is told of a run: thinned, and without anything that is no finite number.

    Numbers keep their digits on the way; how many are shown is decided where they are shown.
    """
    history, progress = job.history, job.progress
    curve = history.curve(MAX_POINTS)
    marks = history.thinned_marks(MAX_POINTS // 2)
    grouped = curve.width > 1
    return {
        "run": job.watch_id,  # an id that steers does not go to those who look on
        "words": say_all(WORDS),
        "numbers": _numbers(progress, history.validations),
        "total": _steps_expected(progress),
        "steps_per_epoch": progress.step / progress.epoch if progress and progress.epoch else None,
        "loss": {
            "width": curve.width,
            "steps": curve.steps.tolist(),
            "mean": _losses(curve.mean),
            "low": _losses(curve.low) if grouped else None,
            "high": _losses(curve.high) if grouped else None,
        },
        "validation": {
            "steps": [point.step for point in history.validations],
            "loss": [_finite(point.loss) for point in history.validations],
            "accuracy": [_finite(point.accuracy) for point in history.validations],
        },
        "rate": {"steps": [mark.step for mark in marks], "values": [_finite(mark.learning_rate) for mark in marks]},
        "kernels": job.kernels[:MAX_KERNELS] if job.kernels else None,
    }


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


def _losses(values: NDArray[np.float64]) -> list[float | None]:
    """Losses as precise as the trainer's own numbers are."""
    return [_finite(value) for value in as_float32(values)]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
