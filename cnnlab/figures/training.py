"""A finished run as figures: its curves, and what was taken for what."""

# plotly leaves its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from cnnlab.figures import run_charts, style
from cnnlab.figures.charts import PLAIN, Band, Chart, Series, Smoothed
from cnnlab.shown_text import figure_text
from cnnlab.texts import Message, say
from cnnlab.training.history import Curve, Mark, Validation
from cnnlab.training.progress import RateChange

MAX_NUMBERED = 20
"""Classes up to which a confusion matrix shows its numbers."""


def loss_curves(
    curve: Curve,
    validations: Sequence[Validation],
    span: float = run_charts.SPAN,
    *,
    is_log: bool = False,
    colours: Sequence[str] = style.CATEGORICAL,
) -> go.Figure:
    """The training loss, raw and smoothed over `span` steps, and the validation loss, over the steps."""
    return _figure(run_charts.loss_chart(curve, validations), span, is_log=is_log, colours=colours)


def accuracy_curve(validations: Sequence[Validation], colours: Sequence[str] = style.CATEGORICAL) -> go.Figure:
    """The validation accuracy over the steps."""
    figure = _figure(run_charts.accuracy_chart(validations), colours=colours)
    # Plotly fills in what it points at.
    pointed = say("{accuracy} at epoch {epoch}", accuracy="%{y:.1%}", epoch="%{customdata:.1f}")
    epochs = [point.epoch for point in validations]
    return figure.update_traces(customdata=epochs, hovertemplate=f"{pointed}<extra></extra>")


def learning_rate_curve(
    marks: Sequence[Mark], changes: Sequence[RateChange] = (), colours: Sequence[str] = style.CATEGORICAL
) -> go.Figure:
    """The learning rate over the steps, changes by hand included and named."""
    return _figure(run_charts.rate_chart(marks, changes), colours=colours)


def confusion_matrix(counts: Sequence[Sequence[int]], classes: Sequence[str]) -> go.Figure:
    """How many pictures of each class (rows) were taken for which class (columns).

    The colour is the share of the row, so that classes of different sizes compare; the number is the count.
    """
    names = [figure_text(name) for name in classes]
    table = np.asarray(counts, dtype=np.int64)
    sums = table.sum(axis=1, keepdims=True)
    shares = table / np.maximum(sums, 1)
    # Plotly fills in what it points at.
    pointed = say(
        "{count} of {all} pictures of {actual} were predicted as {predicted} ({share})",
        count="%{customdata[0]}",
        all="%{customdata[1]}",
        actual="<b>%{y}</b>",
        predicted="<b>%{x}</b>",
        share="%{z:.1%}",
    )
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=names,
            y=names,
            customdata=np.stack([table, np.broadcast_to(sums, table.shape)], axis=-1),
            zmin=0,
            zmax=1,
            colorscale=style.SEQUENTIAL,
            showscale=len(classes) > MAX_NUMBERED,
            colorbar={"tickformat": ".0%", "thickness": 12},
            hovertemplate=f"{pointed}<extra></extra>",
            xgap=1,
            ygap=1,
        )
    )
    # With more classes numbers would not fit.
    if len(classes) <= MAX_NUMBERED:
        figure.update_layout(
            annotations=[
                {
                    "x": predicted,
                    "y": actual,
                    "text": str(table[row, column]),
                    "showarrow": False,
                    "font": {"color": style.text_on(style.sequential(shares[row, column])), "size": 12},
                }
                for row, actual in enumerate(names)
                for column, predicted in enumerate(names)
            ]
        )
    _lay_out(figure, height=160 + 34 * len(classes))
    figure.update_layout(margin={"l": 8, "r": 8, "t": 24, "b": 8})
    figure.update_xaxes(title=say("predicted class"), type="category", automargin=True, showgrid=False)
    figure.update_yaxes(title=say("true class"), type="category", autorange="reversed", automargin=True, showgrid=False)
    return figure


def kernel_pictures(
    *moments: Sequence[Sequence[Sequence[Sequence[float]]]], zoom: int = 12, columns: int = 16
) -> list[np.ndarray]:
    """A layer's kernels (O, C, FH, FW) at one moment or several, each as one uint8 picture (height, width, 4).

    Kernels stand in rows of up to `columns`, gaps are transparent. Grey is 0; all share one scale, those of all
    moments. A layer that does not read three channels is shown by its first.
    """
    weights = [np.asarray(kernels, dtype=np.float64) for kernels in moments]
    planes = [each if each.shape[1] == 3 else each[:, :1].repeat(3, axis=1) for each in weights]
    largest = max(1e-9, *(float(np.abs(each).max()) for each in planes))
    return [_kernel_picture(each, largest, zoom, columns) for each in planes]


def _kernel_picture(planes: np.ndarray, largest: float, zoom: int, columns: int) -> np.ndarray:
    pixels = np.rint(127.5 + 127.5 * planes / largest).astype(np.uint8).transpose(0, 2, 3, 1)
    opaque = np.full((*pixels.shape[:3], 1), 255, dtype=np.uint8)
    large = np.concatenate([pixels, opaque], axis=3).repeat(zoom, axis=1).repeat(zoom, axis=2)
    count, height, width, _ = large.shape
    across = min(count, columns)
    down = -(-count // across)
    picture = np.zeros((down * (height + zoom) - zoom, across * (width + zoom) - zoom, 4), dtype=np.uint8)
    for place, kernel in enumerate(large):
        top, left = (place // across) * (height + zoom), (place % across) * (width + zoom)
        picture[top : top + height, left : left + width] = kernel
    return picture


def _figure(
    chart: Chart, span: float = run_charts.SPAN, *, is_log: bool = False, colours: Sequence[str] = style.CATEGORICAL
) -> go.Figure:
    """A chart as Plotly draws it."""
    figure = go.Figure()
    heights: list[ArrayLike] = []
    for series in chart.series:
        if isinstance(series, Smoothed):
            _add_line(figure, series.of, series.name, series.over(span), colours)
            continue
        if not len(series.x) and figure.data:
            continue  # what is not known needs no entry in the legend
        heights.append(series.y)
        if series.band is not None:
            heights += [series.band.low, series.band.high]
            _add_band(figure, series, series.band, colours)
        _add_line(figure, series, series.name, series.y, colours, is_faint=series.is_faint)
    _lay_out(figure)
    # Below, where it does not cover the curves when a phone breaks it into lines. Its place is counted from the
    # picture's lower edge: counted in heights of the axes, which its lines make smaller, it came to lie on their title.
    figure.update_layout(hovermode="x unified", legend={"yref": "container", "y": 0, "yanchor": "bottom"})
    figure.update_xaxes(title=say(chart.x.name), rangemode="tozero", automargin=True)
    low, high = chart.y.extent(*heights, is_log=is_log)
    if is_log:
        # Without a format Plotly writes some numbers as 2 and 5 alone, and others as 1M or with powers of ten.
        written = ".12~r" if PLAIN[0] <= low and high < PLAIN[1] else ".12~e"
        figure.update_yaxes(type="log", range=[math.log10(low), math.log10(high)], tickformat=written)
    else:
        figure.update_yaxes(range=[low, high])
    figure.update_yaxes(title=say(chart.y.name))
    if chart.y.is_percent:
        figure.update_yaxes(tickformat=".0%")
    for mark in chart.marks:
        figure.add_vline(mark.x, line={"dash": "dot", "width": 1}, annotation_text=say(mark.name))
    return figure


def _add_line(
    figure: go.Figure,
    series: Series,
    name: Message,
    heights: ArrayLike,
    colours: Sequence[str],
    *,
    is_faint: bool = False,
) -> None:
    figure.add_scatter(
        x=series.x,
        y=heights,
        name=say(name),
        mode="lines+markers" if series.has_dots else "lines",
        line={"color": colours[series.colour], "width": 1 if is_faint else 2.5},
        opacity=0.5 if is_faint else 1,
    )


def _add_band(figure: go.Figure, series: Series, band: Band, colours: Sequence[str]) -> None:
    figure.add_scatter(
        x=np.concatenate([series.x, series.x[::-1]]),
        y=np.concatenate([band.high, band.low[::-1]]),
        name=say(band.name),
        fill="toself",
        mode="none",
        fillcolor=f"rgba{(*style.channels(colours[series.colour]), 0.18)}",
        hoverinfo="skip",
    )


def _lay_out(figure: go.Figure, height: int = 360) -> None:
    style.layout(figure, height)
    # Plotly takes the ground of its tools from the figure's, and a transparent one comes out grey.
    figure.update_layout(modebar={"bgcolor": "rgba(0,0,0,0)", "color": "#8a8fa3", "activecolor": style.ACCENT})
