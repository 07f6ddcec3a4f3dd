"""The charts of a run, while it goes and when it has ended: its loss, its accuracy, its learning rate."""

from collections.abc import Sequence

import numpy as np

from cnnlab.figures.charts import Axis, Band, Chart, Mark, Series, Smoothed
from cnnlab.texts import Message, message
from cnnlab.training.history import Curve, Validation
from cnnlab.training.history import Mark as RateMark
from cnnlab.training.progress import RateChange

MAX_POINTS = 1200
"""Groups of steps that are drawn; a picture has about as many pixels."""

MANY_STEPS = 1024
"""Of a group: more are in none but of a run of a million steps."""

SPANS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Steps that the training loss may be smoothed over."""

SPAN = 20
"""What it is smoothed over at first."""

SMOOTHING = message("Smoothing")
LOGARITHMIC = message("Logarithmic loss")
SPAN_NAMES = tuple(message("each step") if span == 1 else message("{steps:,} steps", steps=span) for span in SPANS)

_STEP = Axis(message("step"))


def loss_chart(curve: Curve, validations: Sequence[Validation], *, total: int | None = 0) -> Chart:
    """The training loss, raw and smoothed, and the validation loss, over the steps.

    Args:
        total: how many steps a run that goes on will have, None where that is not known yet.
    """
    grouped = curve.width > 1
    raw = Series(
        "raw",
        _mean_of(curve.width) if grouped else message("training, each step"),
        curve.steps,
        curve.mean,
        is_faint=True,
        band=Band(message("training, lowest and highest of {steps} steps", steps=curve.width), curve.low, curve.high)
        if grouped
        else None,
        longest_name=_mean_of(MANY_STEPS) if total is None or total > MAX_POINTS else None,
    )
    checked = _over_validations(validations, message("validation"), [point.loss for point in validations])
    return Chart(
        "loss", _STEP, Axis(message("Loss")), (raw, Smoothed("train", message("training, smoothed"), raw), checked)
    )


def _mean_of(steps: int) -> Message:
    return message("training, mean of {steps} steps", steps=steps)


def accuracy_chart(validations: Sequence[Validation]) -> Chart:
    """The validation accuracy over the steps."""
    name = message("Validation accuracy")
    checked = _over_validations(validations, name, [point.accuracy for point in validations])
    return Chart("accuracy", _STEP, Axis(name, is_percent=True, whole=(0, 1)), (checked,))


def rate_chart(marks: Sequence[RateMark], changes: Sequence[RateChange] = ()) -> Chart:
    """The learning rate over the steps, and where its peak was changed by hand."""
    name = message("Learning rate")
    steps = np.array([mark.step for mark in marks], np.int64)
    rates = np.array([mark.learning_rate for mark in marks], np.float64)
    changed = [
        Mark(message("new peak {rate:g}", rate=change.learning_rate), x=float(change.step)) for change in changes
    ]
    return Chart("rate", _STEP, Axis(name, from_zero=True), (Series("rate", name, steps, rates),), changed)


def _over_validations(validations: Sequence[Validation], name: Message, values: Sequence[float]) -> Series:
    steps = np.array([point.step for point in validations], np.int64)
    return Series("validation", name, steps, np.array(values, np.float64), colour=1, dots=True)
