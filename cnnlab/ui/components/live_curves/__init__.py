"""The course of a run while it goes: numbers, curves that do not flicker and keep their zoom, the first kernels.

Zooming, reading off, smoothing and the logarithmic axis happen in the browser alone. A chart that Streamlit draws anew
at every tick would lose its zoom each time.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from streamlit.components.v2 import component

from cnnlab.matrices import rounded
from cnnlab.training.history import Validation
from cnnlab.training.jobs import Job, Kernels
from cnnlab.training.progress import Progress

MAX_KERNELS = 16
MAX_POINTS = 600  # groups of steps that are drawn; a panel has about as many pixels
NOTHING = "–"

WORDS = {
    "loss": "Loss",
    "accuracy": "Validation accuracy",
    "rate": "Learning rate",
    "legend_raw": "training, each step",
    "legend_train": "training, smoothed",
    "legend_validation": "validation",
    "smoothing": "Smoothing",
    "steps": "{steps} steps",
    "log": "Logarithmic loss",
    "reset": "Whole run",
    "help": "Drag to zoom, double-click for the whole run. Keys: arrows read off, + and - zoom, 0 shows the whole run.",
    "at_step": "step {step}",
    "at_epoch": "epoch {epoch}",
    "kernel": "kernel {number} of the first convolution",
    "kernels": "The first convolution's kernels as colour pictures: grey is 0, brighter is positive, darker is "
    "negative. All share one scale.",
}

_FOLDER = Path(__file__).parent


def _file(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


_mount = component(
    "cnnlab_live_curves",
    html='<div class="curves"></div>',
    css=_file("live_curves.css"),
    js=_file("live_curves.js"),
)


def live_curves(job: Job, *, key: str) -> None:
    """Draw a run as far as it is."""
    _mount(key=key, data=course(job))


def course(job: Job) -> dict[str, Any]:
    """What the browser is told of a run: thinned, rounded, and without anything that is no finite number."""
    history, progress = job.history, job.progress
    curve = history.curve(MAX_POINTS)
    marks = history.thinned_marks(MAX_POINTS // 2)
    grouped = curve.width > 1
    return {
        "run": job.watch_id,  # an id that steers does not go to those who look on
        "words": WORDS,
        "numbers": _numbers(progress, history.validations),
        "total": _steps_expected(progress),
        "steps_per_epoch": progress.step / progress.epoch if progress and progress.epoch else None,
        "loss": {
            "width": curve.width,
            "steps": curve.steps.tolist(),
            "mean": _rounded(curve.mean),
            "low": _rounded(curve.low) if grouped else None,
            "high": _rounded(curve.high) if grouped else None,
        },
        "validation": {
            "steps": [point.step for point in history.validations],
            "loss": [_round(point.loss) for point in history.validations],
            "accuracy": [_round(point.accuracy) for point in history.validations],
        },
        "rate": {"steps": [mark.step for mark in marks], "values": [_round(mark.learning_rate) for mark in marks]},
        "kernels": _rounded_kernels(job.kernels[:MAX_KERNELS]) if job.kernels else None,
    }


def _numbers(progress: Progress | None, validations: list[Validation]) -> list[dict[str, str]]:
    last = validations[-1] if validations else None
    shown = {
        "epoch": ("Epoch", f"{progress.epoch:.1f}" if progress else NOTHING),
        "step": ("Step", f"{progress.step:,}" if progress else NOTHING),
        "speed": ("Images per second", f"{progress.images_per_second:,.0f}" if progress else NOTHING),
        "rate": ("Learning rate", f"{progress.learning_rate:.3g}" if progress else NOTHING),
        "loss": ("Validation loss", f"{last.loss:.3f}" if last else NOTHING),
        "accuracy": ("Validation accuracy", f"{last.accuracy:.1%}" if last else NOTHING),
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


def _rounded(values: NDArray[np.float64]) -> list[float | None]:
    return [_round(value) for value in values.tolist()]


def _round(value: float) -> float | None:
    """Four digits are more than a screen shows, and halve what is sent."""
    return rounded(value, 4) if math.isfinite(value) else None


def _rounded_kernels(kernels: Kernels) -> Kernels:
    return np.round(np.asarray(kernels, dtype=np.float64), 4).tolist()
