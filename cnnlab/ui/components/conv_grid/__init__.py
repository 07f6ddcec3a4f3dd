"""Input, kernel and output as grids of numbers that are typed into, stepped through and predicted.

The browser draws and takes what is typed; every number that it shows was computed in Python. It says what happened in
states of the component (all of them come from outside, so `cnnlab.ui.convolution` checks them again), each with the
revision of the matrices that it is about:

    edit    the texts in all cells
    resize  a grid's name and its new size
    place   step, all, predict: where the learner is, once that has come to rest
    guess   a prediction for a cell, or the wish to have it revealed

Python raises the revision when it changes a matrix itself (a preset, a resize, a link); only then does the browser take
the texts of the cells from Python. Otherwise its own, newer ones would be overwritten by the echo of older ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.components.v2 import component

from cnnlab.lessons.convolution.presets import MAX_INPUT, MAX_KERNEL
from cnnlab.lessons.convolution.settings import ConvSettings, ConvWalk
from cnnlab.matrices import MAX_NUMBER_LENGTH, Matrix, format_number
from cnnlab.ui.components.conv_grid.words import SPEEDS, WORDS

STATES = ("edit", "resize", "place", "guess")

_FOLDER = Path(__file__).parent

# Components that are not installed packages take their script as one string; the last file holds the export.
_SCRIPTS = (
    "format.js",
    "outbox.js",
    "layout.js",
    "editable_grid.js",
    "output_grid.js",
    "sum.js",
    "player.js",
    "conv_grid.js",
)

_mount = component(
    "cnnlab_conv_grid",
    html='<div class="mount"></div>',
    css=(_FOLDER / "conv_grid.css").read_text("utf-8"),
    js="\n".join((_FOLDER / name).read_text("utf-8") for name in _SCRIPTS),
)


@dataclass(frozen=True)
class CellError:
    """A text that is no number, and why; the cell keeps its last good value."""

    row: int
    column: int
    text: str
    why: str


@dataclass(frozen=True)
class GridView:
    """All that the component shows beside the numbers themselves.

    Args:
        revision: raised whenever Python changed a matrix itself.
        answered: the number of the last message of the component that was taken into account.
        errors: by grid ("input", "kernel").
        refusal: why these settings have no output.
        note: a remark below the kernel.
        answers: by step, what was predicted: right, revealed, sentence, terms.
        compact: draw the grids alone, without the player and the sum.
    """

    revision: int
    answered: int = 0
    step: int = 0
    show_all: bool = False
    predict: bool = False
    errors: Mapping[str, Sequence[CellError]] = field(default_factory=dict)
    refusal: str | None = None
    note: str | None = None
    answers: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    right: int = 0
    asked: int = 0
    compact: bool = False


def cell_text(value: float) -> str:
    """Write a number as a learner would: 1/9 rather than 0.1111111111111111.

    >>> cell_text(1 / 9), cell_text(0.25), cell_text(-3.0)
    ('1/9', '0.25', '-3')
    """
    text = format_number(value)
    if len(text) <= 5:
        return text
    fraction = Fraction(value).limit_denominator(64)
    return f"{fraction.numerator}/{fraction.denominator}" if float(fraction) == value and fraction else text


def conv_grid(settings: ConvSettings, steps: ConvWalk | None, padded: Matrix, view: GridView, *, key: str) -> None:
    """Draw the component.

    Args:
        steps: None where the settings have no output; `view.refusal` says why.
        padded: what is drawn of the input then: with its padding if that much is possible.
    """
    # A state exists only with a callback; the page reads the states when it runs.
    callbacks: dict[str, Any] = {f"on_{name}_change": _nothing for name in STATES}
    # Under one key: Streamlit looks at each key of the data for data frames, which took a third of an edit's time.
    _mount(key=key, data={"grid": grid_data(settings, steps, padded, view)}, **callbacks)


def _nothing() -> None:
    pass


def grid_data(settings: ConvSettings, steps: ConvWalk | None, padded: Matrix, view: GridView) -> dict[str, Any]:
    """Put into plain lists what the component draws."""
    margin = (padded.shape[0] - settings.input.shape[0]) // 2
    data: dict[str, Any] = {
        "revision": view.revision,
        "answered": view.answered,
        "step": view.step,
        "all": view.show_all,
        "input": _grid(settings.input, view.errors.get("input", ())),
        "kernel": _grid(settings.kernel, view.errors.get("kernel", ())),
        "weights": _plain(settings.effective_kernel),
        "flip": settings.flip,
        "bias": settings.bias_vector.tolist()[0],
        "padding": margin,
        "mode": settings.padding_mode,
        "padded": _plain(padded),
        "refusal": view.refusal,
        "note": view.note,
        "predict": {
            "on": view.predict,
            "answers": {str(step): dict(answer) for step, answer in view.answers.items()},
            "right": view.right,
            "asked": view.asked,
        },
        "limits": {"input": MAX_INPUT, "kernel": MAX_KERNEL, "characters": MAX_NUMBER_LENGTH},
        "compact": view.compact,
        "words": WORDS,
        "speeds": SPEEDS,
    }
    if steps is None:
        of_steps = ("rows", "columns", "is_padding", "sources", "products", "row_sums", "totals")
        return data | {name: [] for name in of_steps}
    count = steps.totals.size
    return data | {
        "rows": steps.rows.tolist(),
        "columns": steps.columns.tolist(),
        "is_padding": steps.is_padding.astype(int).tolist(),
        "sources": steps.sources.tolist(),
        "products": _plain(steps.products.reshape(count, -1)),
        "row_sums": _plain(steps.row_sums.reshape(count, -1)),
        "totals": _plain(steps.totals.reshape(-1)),
    }


def _grid(matrix: Matrix, errors: Sequence[CellError]) -> dict[str, Any]:
    return {
        "values": matrix.tolist(),
        "texts": [[cell_text(value) for value in row] for row in matrix.tolist()],
        "errors": [vars(error) for error in errors],
    }


def _plain(matrix: Matrix) -> list[Any]:
    """Lists of numbers, without the noise of their last digits, which nobody is shown and the wire need not carry."""
    return (matrix if matrix.dtype.kind == "i" else np.round(matrix, 10)).tolist()
