"""What a run has told so far, kept small: four bytes a training step, and thinned only for drawing."""

from __future__ import annotations

import csv
import io
import math
from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.training.progress import Progress

COLUMNS = ("step", "epoch", "seconds", "training_loss", "learning_rate", "validation_loss", "validation_accuracy")


@dataclass(frozen=True)
class Validation:
    """One look at the images that were kept aside."""

    step: int
    epoch: float
    seconds: float
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Mark:
    """Where the run stood when it spoke: what is known then, but not for each step on its own."""

    step: int
    epoch: float
    seconds: float
    learning_rate: float


@dataclass(frozen=True)
class Curve:
    """A loss per training step, in groups of `width` steps: what is drawn."""

    width: int
    steps: NDArray[np.int64]  # the last step of each group, counted from 1
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


class History:
    """The course of a run: every step's training loss, the validation points, the learning rate.

    One thread writes; whoever reads elsewhere holds the manager's lock, or takes a `copy`.
    """

    def __init__(self) -> None:
        self.validations: list[Validation] = []
        self.marks: list[Mark] = []
        self._losses = array("f")

    def add(self, progress: Progress) -> None:
        """Take in a record."""
        self._losses.extend(_number(loss) for loss in progress.losses)
        self.marks.append(Mark(progress.step, progress.epoch, progress.seconds, progress.learning_rate))
        if progress.validation_loss is not None and progress.validation_accuracy is not None:
            self.validations.append(
                Validation(
                    progress.step,
                    progress.epoch,
                    progress.seconds,
                    progress.validation_loss,
                    progress.validation_accuracy,
                )
            )

    def copy(self) -> History:
        """The same course, which nobody writes to any more."""
        other = History()
        other.validations = list(self.validations)
        other.marks = list(self.marks)
        other._losses = self._losses[:]
        return other

    @property
    def steps(self) -> int:
        return len(self._losses)

    @property
    def losses(self) -> NDArray[np.float32]:
        """The training loss of every step."""
        return np.array(self._losses, dtype=np.float32)

    def curve(self, limit: int = 1200) -> Curve:
        """Group the losses until at most `limit` groups are left.

        The width is a power of two, so that what was drawn once stays where it is until the width doubles. A last group
        that is not full yet is drawn as it is.

        >>> history = History()
        >>> history.add(Progress(4, None, 1.0, 0.5, 1.0, 1.0, 100.0, 0.05, losses=(4.0, 2.0, 3.0, 1.0)))
        >>> curve = history.curve(limit=2)
        >>> curve.width, curve.steps.tolist(), curve.mean.tolist(), curve.low.tolist()
        (2, [2, 4], [3.0, 2.0], [2.0, 1.0])
        """
        losses = self.losses.astype(np.float64)
        width = 1
        while losses.size > width * limit:
            width *= 2
        starts = np.arange(0, losses.size, width)
        if not starts.size:
            nothing = np.zeros(0)
            return Curve(1, np.zeros(0, np.int64), nothing, nothing, nothing)
        ends = np.minimum(starts + width, losses.size)
        return Curve(
            width,
            ends,
            np.add.reduceat(losses, starts) / (ends - starts),
            np.minimum.reduceat(losses, starts),
            np.maximum.reduceat(losses, starts),
        )

    def thinned_marks(self, limit: int = 400) -> list[Mark]:
        """At most about `limit` of the marks, evenly spread, the last one among them."""
        stride = max(1, -(-len(self.marks) // limit))
        return self.marks[::-1][::stride][::-1]

    def to_csv(self) -> str:
        """Every step as a row; what is known only now and then stands in the row of its step, elsewhere is nothing."""
        marks = {mark.step: mark for mark in self.marks}
        validations = {point.step: point for point in self.validations}
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(COLUMNS)
        for step, loss in enumerate(self._losses, start=1):
            mark, point = marks.get(step), validations.get(step)
            table.writerow(
                (
                    step,
                    f"{mark.epoch:.4f}" if mark else "",
                    f"{mark.seconds:.3f}" if mark else "",
                    f"{loss:.6g}",
                    f"{mark.learning_rate:.6g}" if mark else "",
                    f"{point.loss:.6g}" if point else "",
                    f"{point.accuracy:.6g}" if point else "",
                )
            )
        return text.getvalue()


def _number(loss: float | None) -> float:
    """A loss that was no finite number arrives as nothing; it stays visible as a gap."""
    return math.nan if loss is None else float(loss)
