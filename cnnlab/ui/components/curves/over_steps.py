"""A number over the steps of the grids, as a part of their scene: a click on the curve goes to a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlab.figures.charts import Axis, Chart, Series
from cnnlab.texts import Message, message, say_all, unfilled
from cnnlab.ui.components.curves import plain

_READING = unfilled("step {step}: {number}")

NO_SCALE = 1e-300
"""Values up to which there is nothing to measure by."""

LOWEST_SHARE = 1e-6
"""Of the highest value: what lies further below is as good as nothing, and is drawn at the lower end."""


@dataclass(frozen=True)
class Curve:
    """Numbers over the steps.

    Args:
        title: what is drawn.
        values: one number for each step, none below 0.
        about: the picture in a sentence, for a screen reader.
    """

    title: Message
    values: Sequence[float]
    about: Message

    def chart(self) -> Chart:
        """From 0 to the highest value, or by their logarithms where they span decades."""
        values = np.asarray(self.values, dtype=np.float64)
        last = len(values) - 1
        steps = Axis(message("step"), whole=(0, last), ticks=sorted({0, last}))
        series = Series("over-steps", self.title, np.arange(len(values)), values)
        return Chart("curve", steps, self._heights(values), (series,))

    def _heights(self, values: np.ndarray) -> Axis:
        top = float(values.max(initial=0))
        if top < NO_SCALE:
            # No value, no scale: a flat line on the axis, and 0 the only number that can stand at it.
            return Axis(self.title, whole=(0, 1), is_fixed=True, ticks=(0,))
        least = max(float(values.min()), top * LOWEST_SHARE)
        if top / least <= 100:
            return Axis(self.title, whole=(0, top), is_fixed=True)
        low, high = (10.0 ** round_to(np.log10(end)) for end, round_to in ((least, np.floor), (top, np.ceil)))
        return Axis(self.title, whole=(float(low), float(high)), is_fixed=True, is_log=True)

    def plain(self) -> dict[str, Any]:
        """The chart for the browser, with what is said of it."""
        return say_all({**plain(self.chart()), "about": self.about, "reading": _READING})
