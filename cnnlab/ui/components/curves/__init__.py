"""Curves that are drawn in place while their numbers change, and keep their zoom.

run.py     the course of a run while it goes
shift.py   accuracy by shift and by place, for two networks

What they show is a `Chart` (`cnnlab/figures/charts.py`): axes, series and marks, from which a finished run is drawn,
too. `plain` writes one for the browser; the grids send theirs so, as a part of their scene, and draw it with the same
module, `chart.js`.

Zooming, reading off, smoothing and the logarithmic axis happen in the browser alone. A chart that Streamlit draws anew
at every tick would lose its zoom each time.
"""

from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures.charts import Axis, Chart, Series, Smoothed
from cnnlab.ui.components.declared import declared

Column = list[Any]

draw = declared("curves", html='<div class="curves"></div>')


def plain(chart: Chart) -> dict[str, Any]:
    """A chart for the browser; its texts are still messages. What is as usual is left out."""
    return {
        "key": chart.key,
        "x": _axis(chart.x),
        "y": _axis(chart.y),
        "series": [_smoothed(each) if isinstance(each, Smoothed) else _series(each) for each in chart.series],
        "marks": [{"name": mark.name, "x": mark.x, "y": mark.y} for mark in chart.marks],
    }


def packed(numbers: NDArray[Any]) -> Column:
    """Numbers as their bytes, little-endian, in base64: all digits in a third of the space that digits take.

    >>> packed(np.array([1.0, 2.5], np.float32))
    ['f4', 'AACAPwAAIEA=']
    """
    kind = f"<{numbers.dtype.kind}{numbers.dtype.itemsize}"
    return [kind[1:], b64encode(numbers.astype(kind).tobytes()).decode()]


def packed_steps(steps: NDArray[np.int64]) -> Column:
    """Steps that grow: by what they follow, where they are every so many up to a last one.

    >>> packed_steps(np.array([4, 8, 12, 13]))
    ['every', 4, 13]
    >>> packed_steps(np.array([4, 9]))
    ['u4', 'BAAAAAkAAAA=']
    """
    if steps.size:
        first, last = int(steps[0]), int(steps[-1])
        regular = np.minimum(first * np.arange(1, steps.size + 1), last)
        if first > 0 and (steps == regular).all() and -(-last // first) == steps.size:
            return ["every", first, last]
    return packed(steps.astype(np.uint32))


def _axis(axis: Axis) -> dict[str, Any]:
    unusual = {
        "percent": axis.is_percent,
        "from_zero": axis.from_zero,
        "whole": axis.whole,
        "fixed": axis.is_fixed,
        "log": axis.is_log,
        "ticks": list(axis.ticks or ()),
    }
    return {"name": axis.name, **{name: value for name, value in unusual.items() if value}}


def _series(series: Series) -> dict[str, Any]:
    told: dict[str, Any] = {"key": series.key, "name": series.name, "colour": series.colour}
    told |= {"x": packed_steps(series.x), "y": packed(series.y)}
    if series.band is not None:
        told["band"] = [packed(series.band.low), packed(series.band.high)]
    return told | ({"dots": True} if series.has_dots else {})


def _smoothed(series: Smoothed) -> dict[str, Any]:
    return {"key": series.key, "name": series.name, "colour": series.colour, "of": series.of.key}
