"""A finished run as figures: its curves, and what was taken for what."""

# plotly leaves its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from cnnlab.figures import style
from cnnlab.shown_text import figure_text
from cnnlab.texts import say
from cnnlab.training.history import Curve, Mark, Validation

TRAINING, VALIDATION = style.CATEGORICAL[0], style.CATEGORICAL[1]
MAX_NUMBERED = 20
"""Classes up to which a confusion matrix shows its numbers."""


def smoothed(values: Sequence[float], steps: Sequence[int], span: float) -> list[float]:
    """An exponential mean over about `span` steps that starts without a lag; a gap stays a gap.

    However the steps are grouped: a group counts as its steps would one by one, each with the group's mean. The curves
    of a run that goes on are smoothed in the browser, by the same rule (`live_curves/smoothing.js`).

    Args:
        values: the mean of each group of steps.
        steps: the last step of each group, counted from 1.

    >>> smoothed([1.0, 1.0, 4.0], [1, 2, 3], span=2)  # the last: (0.125 * 1 + 0.25 * 1 + 0.5 * 4) / 0.875
    [1.0, 1.0, 2.7142857142857144]
    >>> smoothed([1.0, 4.0], [2, 3], span=2)  # the first two steps in one group
    [1.0, 2.7142857142857144]
    """
    keep = 1 - 1 / max(1.0, span)
    result: list[float] = []
    total = weight = 0.0
    for value, count in zip(values, np.diff(steps, prepend=0).tolist(), strict=True):
        kept = keep**count
        total, weight = kept * total, kept * weight
        if np.isnan(value):
            result.append(float("nan"))
            continue
        total, weight = total + (1 - kept) * value, weight + (1 - kept)
        result.append(total / weight)
    return result


def loss_curves(curve: Curve, validations: Sequence[Validation], span: int = 20) -> go.Figure:
    """The training loss, raw and smoothed over `span` steps, and the validation loss, over the steps."""
    figure = go.Figure()
    if curve.width > 1:
        steps = [*curve.steps.tolist(), *curve.steps[::-1].tolist()]
        figure.add_scatter(
            x=steps,
            y=[*curve.high.tolist(), *curve.low[::-1].tolist()],
            name=say("training, lowest and highest of {steps} steps", steps=curve.width),
            fill="toself",
            mode="none",
            fillcolor=f"rgba{(*style.channels(TRAINING), 0.18)}",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=curve.steps,
        y=curve.mean,
        name=say("training, each step")
        if curve.width == 1
        else say("training, mean of {steps} steps", steps=curve.width),
        mode="lines",
        line={"color": TRAINING, "width": 1},
        opacity=0.5,
    )
    figure.add_scatter(
        x=curve.steps,
        y=smoothed(curve.mean.tolist(), curve.steps.tolist(), span),
        name=say("training, smoothed"),
        mode="lines",
        line={"color": TRAINING, "width": 2.5},
    )
    if validations:
        figure.add_scatter(
            x=[point.step for point in validations],
            y=[point.loss for point in validations],
            name=say("validation"),
            mode="lines+markers" if len(validations) <= 60 else "lines",
            line={"color": VALIDATION, "width": 2.5},
        )
    return _over_steps(figure, say("loss"))


def accuracy_curve(validations: Sequence[Validation]) -> go.Figure:
    """The validation accuracy over the steps."""
    figure = go.Figure()
    name = say("validation accuracy")
    # Plotly fills in what it points at.
    pointed = say("{accuracy} at epoch {epoch}", accuracy="%{y:.1%}", epoch="%{customdata:.1f}")
    figure.add_scatter(
        x=[point.step for point in validations],
        y=[point.accuracy for point in validations],
        customdata=[point.epoch for point in validations],
        hovertemplate=f"{pointed}<extra></extra>",
        mode="lines+markers" if len(validations) <= 60 else "lines",
        line={"color": VALIDATION, "width": 2.5},
        name=name,
    )
    return _over_steps(figure, name).update_yaxes(tickformat=".0%")


def learning_rate_curve(marks: Sequence[Mark]) -> go.Figure:
    """The learning rate over the steps, changes by hand included."""
    figure = go.Figure()
    name = say("learning rate")
    figure.add_scatter(
        x=[mark.step for mark in marks],
        y=[mark.learning_rate for mark in marks],
        mode="lines",
        line={"color": TRAINING, "width": 2.5},
        name=name,
    )
    return _over_steps(figure, name).update_yaxes(rangemode="tozero")


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
    kernels: Sequence[Sequence[Sequence[Sequence[float]]]], zoom: int = 12, columns: int = 16
) -> np.ndarray:
    """Kernels (O, C, FH, FW) in rows of up to `columns`, as one uint8 picture (height, width, 4), gaps transparent.

    Grey is 0; all share one scale. A layer that does not read three channels is shown by its first.
    """
    weights = np.asarray(kernels, dtype=np.float64)
    planes = weights if weights.shape[1] == 3 else weights[:, :1].repeat(3, axis=1)
    largest = max(float(np.abs(planes).max()), 1e-9)
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


def _over_steps(figure: go.Figure, what: str) -> go.Figure:
    _lay_out(figure)
    # Below, where it does not cover the curves when a phone breaks it into lines. Its place is counted from the
    # picture's lower edge: counted in heights of the axes, which its lines make smaller, it came to lie on their title.
    figure.update_layout(hovermode="x unified", legend={"yref": "container", "y": 0, "yanchor": "bottom"})
    figure.update_xaxes(title=say("step"), rangemode="tozero", automargin=True)
    figure.update_yaxes(title=what)
    return figure


def _lay_out(figure: go.Figure, height: int = 360) -> None:
    style.layout(figure, height)
    # Plotly takes the ground of its tools from the figure's, and a transparent one comes out grey.
    figure.update_layout(modebar={"bgcolor": "rgba(0,0,0,0)", "color": "#8a8fa3", "activecolor": style.ACCENT})
