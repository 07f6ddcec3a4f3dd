"""A chart as a value, before anything draws it: axes with names, series, marks.

The browser's component draws it while its numbers still grow (`cnnlab/ui/components/curves`), Plotly once they stand
(`cnnlab/figures/training.py`). Names, colours and scales come from here, so that both pictures say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.texts import Message

ROOM = 0.05
"""Of the height of what is drawn, below and above it."""

PLAIN = (1e-4, 1e5)
"""Ends of a logarithmic axis between which its numbers are written plainly; else all of them as 1e−6 and 1e+3.

`cnnlab/ui/components/curves/scale.js` has them, too.
"""

MAX_DOTS = 60
"""Points up to which each is seen as a dot; more would be a thick line."""


@dataclass(frozen=True)
class Axis:
    """What is counted or measured along one side.

    Args:
        name: stands at the axis.
        is_percent: values are shares of 1 and shown as percentages.
        from_zero: 0 is always seen.
        whole: the least and the greatest value that there can be: the axis shows nothing beyond.
        is_fixed: all of `whole` is seen, whatever is drawn.
        is_log: equal distances are equal ratios.
        ticks: the values that have a number at the axis, where they are not those of its scale.
    """

    name: Message
    is_percent: bool = False
    from_zero: bool = False
    whole: tuple[float, float] | None = None
    is_fixed: bool = False
    is_log: bool = False
    ticks: Sequence[float] | None = None

    def extent(self, *columns: ArrayLike, is_log: bool = False) -> tuple[float, float]:
        """The least and the greatest value to show of these, a little room included; gaps are left out.

        `cnnlab/ui/components/curves/scale.js` does the same for the part of a run that is looked at.

        >>> Axis(Message("loss")).extent([2.0, float("nan"), 3.0])  # 5 % of 1 below and above
        (1.95, 3.05)
        >>> Axis(Message("accuracy"), whole=(0, 1)).extent([0.5])  # one value has no height of its own
        (0, 1)
        """
        if self.is_fixed and self.whole is not None:
            return self.whole
        values = np.concatenate([np.zeros(0), *(np.asarray(column, np.float64).ravel() for column in columns)])
        values = values[np.isfinite(values) & ((values > 0) | (not is_log))]
        if not values.size:
            return (0.1, 10.0) if is_log else self.whole or (0.0, 1.0)
        low, high = float(values.min()), float(values.max())
        if is_log:
            return low / 1.1, high * 1.1
        if low == high and self.whole is not None:
            return self.whole
        low = 0.0 if self.from_zero else low
        room = (high - low) * ROOM or abs(high) * 2 * ROOM or 1.0
        least, greatest = self.whole or (-np.inf, np.inf)
        return (0.0 if self.from_zero else max(least, low - room)), min(greatest, high + room)


@dataclass(frozen=True)
class Band:
    """The least and the greatest of what each point stands for."""

    name: Message
    low: NDArray[np.float32]
    high: NDArray[np.float32]


@dataclass(frozen=True)
class Series:
    """One line.

    Args:
        key: what it is called in the code; the style sheet has its width.
        x: whole numbers that grow.
        y: its height at each of them; what is not finite is a gap.
        colour: its place in the theme's colours for charts.
        dots: each point is seen, if there are few.
        is_faint: it is drawn thin, as what another line is made of.
        longest_name: the longest that its name becomes while it grows, for which there is room from the start.
    """

    key: str
    name: Message
    x: NDArray[np.int64]
    y: NDArray[np.float32] | NDArray[np.float64]
    colour: int = 0
    dots: bool = False
    is_faint: bool = False
    band: Band | None = None
    longest_name: Message | None = None

    @property
    def has_dots(self) -> bool:
        """Whether each point is drawn; a line of one point would show nothing."""
        return (self.dots and len(self.x) <= MAX_DOTS) or len(self.x) == 1


@dataclass(frozen=True)
class Smoothed:
    """The line of another series, smoothed: drawn by whoever knows over how many steps."""

    key: str
    name: Message
    of: Series

    @property
    def colour(self) -> int:
        return self.of.colour

    def over(self, span: float) -> NDArray[np.float64]:
        """Its heights."""
        return smoothed(self.of.y, self.of.x, span)


@dataclass(frozen=True)
class Mark:
    """A place with a name: a value of x, or one of y."""

    name: Message
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True)
class Chart:
    """One picture. Its height has the name of its axis y; the series are drawn in their order."""

    key: str
    x: Axis
    y: Axis
    series: Sequence[Series | Smoothed]
    marks: Sequence[Mark] = field(default=())


def smoothed(values: ArrayLike, steps: ArrayLike, span: float) -> NDArray[np.float64]:
    """An exponential mean over about `span` steps that starts without a lag; a gap stays a gap.

    However the steps are grouped: a group counts as its steps would one by one, each with the group's mean. The curves
    of a run that goes on are smoothed in the browser, where the span is chosen without a round trip, by the same rule
    and from the same numbers (`cnnlab/ui/components/curves/smoothing.js`).

    Args:
        values: the mean of each group of steps.
        steps: the last step of each group, counted from 1.

    >>> smoothed([1.0, 1.0, 4.0], [1, 2, 3], span=2).tolist()  # the last: (0.125 * 1 + 0.25 * 1 + 0.5 * 4) / 0.875
    [1.0, 1.0, 2.7142857142857144]
    >>> smoothed([1.0, 4.0], [2, 3], span=2).tolist()  # the first two steps in one group
    [1.0, 2.7142857142857144]
    """
    keep = 1 - 1 / max(1.0, span)
    means = np.asarray(values, np.float64).tolist()
    result: list[float] = []
    total = weight = 0.0
    for value, count in zip(means, np.diff(np.asarray(steps, np.int64), prepend=0).tolist(), strict=True):
        kept = keep**count
        total, weight = kept * total, kept * weight
        if not np.isfinite(value):
            result.append(float("nan"))
            continue
        total, weight = total + (1 - kept) * value, weight + (1 - kept)
        result.append(total / weight)
    return np.array(result)
