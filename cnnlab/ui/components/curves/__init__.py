"""Curves that are drawn in place while their numbers change, and keep their zoom.

run.py     the course of a run while it goes
shift.py   accuracy by shift and by place, for two networks

What they show is a `Chart` (`cnnlab/figures/charts.py`): axes, series and marks, from which a finished run is drawn,
too. `plain` writes one for the browser; the grids send theirs so, as a part of their scene, and draw it with the same
module, `chart.js`.

Zooming, reading off, smoothing and the logarithmic axis happen in the browser alone. A chart that Streamlit draws anew
at every tick would lose its zoom each time.
"""

from collections.abc import Mapping
from typing import Any

from cnnlab.figures.charts import Axis, Chart, Series, Smoothed
from cnnlab.ui.components.declared import declared
from cnnlab.ui.components.parts import Column, whole

_mount = declared("curves", html='<div class="curves"></div>')


def draw(data: Mapping[str, Any], *, key: str) -> None:
    """Draw the component."""
    _mount(key=key, data=whole(data))


def plain(chart: Chart) -> dict[str, Any]:
    """A chart for the browser; its texts are still messages. What is as usual is left out."""
    return {
        "key": chart.key,
        "x": _axis(chart.x),
        "y": _axis(chart.y),
        "series": [_smoothed(each) if isinstance(each, Smoothed) else _series(each) for each in chart.series],
        "marks": [{"name": mark.name, "x": mark.x, "y": mark.y} for mark in chart.marks],
    }


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
    told |= {"x": Column(series.x), "y": Column(series.y)}
    if series.band is not None:
        told |= {"low": Column(series.band.low), "high": Column(series.band.high)}
    if series.longest_name is not None:
        told["longest_name"] = series.longest_name
    return told | ({"dots": True} if series.has_dots else {})


def _smoothed(series: Smoothed) -> dict[str, Any]:
    return {"key": series.key, "name": series.name, "colour": series.colour, "of": series.of.key}
