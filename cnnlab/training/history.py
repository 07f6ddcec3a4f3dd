"""What a run has told so far, kept small: four bytes a training step, and thinned only for drawing.

A loss has 32 bits where it is computed, so that none of its digits is lost here.
"""

from __future__ import annotations

import csv
import io
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from cnnlab.training.progress import Progress, RateChange

MAX_GROUPS = 2048  # more points than a screen has
COLUMNS = (
    "step",
    "epoch",
    "seconds",
    "training_loss",
    "learning_rate",
    "validation_loss",
    "validation_accuracy",
    "new_peak",  # of the learning rate, where it was changed from this step on
)


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
    """A loss per training step, in groups of `width` steps: what is drawn.

    The mean of a group has as many bits as a loss: it is cut to them here, and nowhere on its way to a picture.
    """

    width: int
    steps: NDArray[np.int64]  # the last step of each group, counted from 1
    mean: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]


@dataclass
class _Grouping:
    """The losses in full groups of one width: sums, lowest and highest.

    It grows by what is new, so that a long run costs those who look on no more than a short one.
    """

    width: int = 1
    full: NDArray[np.float64] = field(default_factory=lambda: np.zeros((3, 0)))

    def take_in(self, losses: array[float]) -> None:
        """Group what has come since the last time, in wider groups once there are too many."""
        while len(losses) > self.width * MAX_GROUPS:
            self.width *= 2
            pairs = self.full[:, : self.full.shape[1] // 2 * 2]
            self.full = _together(pairs.reshape(3, -1, 2))
        new = np.array(losses[self._grouped :], dtype=np.float64)
        groups = new[: new.size // self.width * self.width].reshape(-1, self.width)
        if len(groups):
            self.full = np.hstack([self.full, _together(np.broadcast_to(groups, (3, *groups.shape)))])

    def with_rest(self, losses: array[float]) -> NDArray[np.float64]:
        """The groups, and a last one of what does not fill any."""
        rest = np.array(losses[self._grouped :], dtype=np.float64)
        return np.hstack([self.full, [[rest.sum()], [rest.min()], [rest.max()]]]) if rest.size else self.full

    @property
    def _grouped(self) -> int:
        return self.full.shape[1] * self.width


class History:
    """The course of a run: every step's training loss, the validation points, the learning rate.

    One thread writes; whoever reads elsewhere holds the manager's lock, or takes a `copy`.
    """

    def __init__(self) -> None:
        self.validations: list[Validation] = []
        self.marks: list[Mark] = []
        self._losses = array("f")
        self._grouping = _Grouping()

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
        self._grouping.take_in(self._losses)  # once for all copies of the same moment
        other._grouping = replace(self._grouping)
        return other

    @property
    def steps(self) -> int:
        return len(self._losses)

    @property
    def losses(self) -> NDArray[np.float32]:
        """The training loss of every step."""
        return np.array(self._losses, dtype=np.float32)

    def curve(self, limit: int = 1200) -> Curve:
        """Group the losses until at most `limit` groups are left (and never more than `MAX_GROUPS`).

        The width is a power of two, so that what was drawn once stays where it is until the width doubles. A last group
        that is not full yet is drawn as it is.

        >>> history = History()
        >>> history.add(Progress(4, None, 1.0, 0.5, 1.0, 1.0, 100.0, 0.05, losses=(4.0, 2.0, 3.0, 1.0)))
        >>> curve = history.curve(limit=2)
        >>> curve.width, curve.steps.tolist(), curve.mean.tolist(), curve.low.tolist()
        (2, [2, 4], [3.0, 2.0], [2.0, 1.0])
        """
        if not self.steps:
            nothing = np.zeros(0, np.float32)
            return Curve(1, np.zeros(0, np.int64), nothing, nothing, nothing)
        self._grouping.take_in(self._losses)
        together = 1
        while self.steps > self._grouping.width * together * limit:
            together *= 2
        groups = self._grouping.with_rest(self._losses)  # sums, lowest, highest
        width = self._grouping.width * together
        first = np.arange(0, len(groups[0]), together)
        starts = first * self._grouping.width
        ends = np.minimum(starts + width, self.steps)
        return Curve(
            width,
            ends,
            (np.add.reduceat(groups[0], first) / (ends - starts)).astype(np.float32),
            np.minimum.reduceat(groups[1], first).astype(np.float32),
            np.maximum.reduceat(groups[2], first).astype(np.float32),
        )

    def thinned_marks(self, limit: int = 400) -> list[Mark]:
        """At most about `limit` of the marks, evenly spread, the last one among them."""
        stride = max(1, -(-len(self.marks) // limit))
        return self.marks[::-1][::stride][::-1]

    def to_csv(self, changes: Sequence[RateChange] = ()) -> str:
        """Every step as a row, with all digits; what is known only now and then stands in the row of its step.

        `changes` are those of the learning rate's peak; each stands in the row of the first step that it counts for.
        """
        new_peaks = {change.step: change.learning_rate for change in changes}
        marks = {mark.step: mark for mark in self.marks}
        validations = {point.step: point for point in self.validations}
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(COLUMNS)
        for step, loss in enumerate(self.losses.astype(str), start=1):
            mark, point = marks.get(step), validations.get(step)
            table.writerow(
                (
                    step,
                    mark.epoch if mark else "",
                    mark.seconds if mark else "",
                    loss,
                    mark.learning_rate if mark else "",
                    point.loss if point else "",
                    point.accuracy if point else "",
                    new_peaks.get(step, ""),
                )
            )
        return text.getvalue()


def _together(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Along the last axis: the sum of sums, the lowest of the lowest, the highest of the highest."""
    return np.stack([parts[0].sum(-1), parts[1].min(-1), parts[2].max(-1)])


def _number(loss: float | None) -> float:
    """A loss that was no finite number arrives as nothing; it stays visible as a gap."""
    return math.nan if loss is None else float(loss)
