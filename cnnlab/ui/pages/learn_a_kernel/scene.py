"""What the grids of the page show: input and kernels, the outputs and their difference, and one weight's gradient."""

from collections.abc import Mapping, Sequence

import numpy as np

from cnnlab.lessons.learn_a_kernel.settings import MAX_KERNEL, Learning, LearnSettings, WeightTerms, weight_terms
from cnnlab.number_text import Matrix, show_number
from cnnlab.texts import Message, message, plural, unfilled
from cnnlab.ui.components.curves.over_steps import Curve
from cnnlab.ui.components.grid_lab import (
    CURVE,
    Arrangement,
    CellError,
    Cells,
    ComputedBoard,
    Group,
    Piece,
    Scene,
    Section,
    Symbols,
    TypedBoard,
    column,
    largest,
    on_a_phone,
    row,
    wrap,
)
from cnnlab.ui.components.grid_lab.tail import tails
from cnnlab.ui.components.grid_lab.words import FAST
from cnnlab.ui.pages.learn_a_kernel.settings import LARGEST_INPUT

DECIMALS = 4
"""Of what changes with the steps: a cell shows fewer, and the wire need not carry more."""

_WORDS = {
    "tip": message(
        "Type into the input and the target. Click a weight of the learned kernel to see its gradient below."
    ),
    "counter": unfilled("Steps made: {made} of {last}"),
    "slider_label": message("Steps made"),
    "first": message("The start (Home)"),
    "last": message("The last step (End)"),
    "sum_label": message("The products that add up to this weight's gradient"),
    "sum_refused": message("Nothing is learned: these settings have no output"),
}


_LETTERS = {"input": "x", "target": "v", "kernel": "w", "wanted": "t", "output": "y", "error": "e"}
"""What the cells of each board are called."""


def scene(
    settings: LearnSettings,
    learning: Learning | None,
    refusal: Message | None,
    errors: Mapping[str, Sequence[CellError]],
    weight: tuple[int, int],
    secret: bool,
    hidden_after: int | None,
    cells: Cells = "numbers",
) -> Scene:
    """Describe the page's grids.

    Args:
        learning: None where the settings have no output; `refusal` says why.
        errors: what is typed but no number, by grid.
        weight: (row, column) of the weight whose gradient is written out.
        secret: whether the target kernel is not drawn.
        hidden_after: the step after which that weight is not told, since it is being predicted; None tells all.
        cells: what they show.
    """
    boards: dict[str, TypedBoard | ComputedBoard] = {
        "input": TypedBoard(
            message("Input"),
            settings.input,
            "input",
            limits=(LARGEST_INPUT, LARGEST_INPUT),
            errors=errors.get("input", ()),
        ),
        "target": TypedBoard(
            message("Target"),
            settings.target,
            "target",
            label=message("Target kernel"),
            limits=(MAX_KERNEL, MAX_KERNEL),
            errors=errors.get("target", ()),
        ),
    }
    if secret:
        del boards["target"]
    if learning is None:
        boards["output"] = ComputedBoard(message("Output"), np.zeros((1, 0)), refusal=refusal)
        return Scene(boards, (on_a_phone(*boards),), refusal=refusal, words=_WORDS, predicts=False, is_high=True)
    terms = weight_terms(settings, learning, *weight)
    kernels = _short(learning.kernels)
    if hidden_after is not None:
        kernels[hidden_after + 1 :, weight[0], weight[1]] = np.nan
    kernel_scale = max(largest(settings.target), 0.5)
    output_scale = max(largest(learning.wanted), 1e-9)
    boards |= {
        "kernel": ComputedBoard(message("Learned kernel"), kernels, pick=True, scale=kernel_scale),
        "wanted": ComputedBoard(message("Wanted output"), learning.wanted, scale=output_scale),
        "output": ComputedBoard(message("Output"), _short(learning.outputs), scale=output_scale),
        "error": ComputedBoard(message("Output − wanted"), _short(learning.errors), scale=output_scale),
    }
    return Scene(
        boards,
        _arrangements(secret),
        steps=len(learning.losses),
        is_high=True,
        reads=_reads(settings, learning, weight),
        groups=(
            Group(
                0,
                len(learning.losses),
                (Section("error", "input", learning.wanted.shape[1]),),
                tail=_tail_in_letters(settings, terms) if cells == "letters" else (),
            ),
        ),
        products=_short(terms.products.reshape(len(terms.sums), -1)),
        tails=() if cells == "letters" else _tails(settings, terms, hidden_after is not None),
        titles=_titles(learning, weight),
        curve=Curve(message("Loss"), learning.losses.tolist(), message("The mean squared error after each step.")),
        speed=FAST,
        fills=False,
        predicts=False,
        words=_WORDS,
        total_scale=kernel_scale,
        symbols=None if cells == "numbers" else Symbols(_LETTERS, numbers=cells == "both"),
    )


def _arrangements(secret: bool) -> tuple[Arrangement, ...]:
    kernels = column("kernel") if secret else column("target", "kernel")
    names = (
        ("input", "kernel", "wanted", "output", "error")
        if secret
        else ("input", "target", "kernel", "wanted", "output", "error")
    )
    outputs = column("wanted", "output")
    return (
        Arrangement(row("input", kernels, outputs, "error", CURVE), wide=900, tall=330, largest=60),
        Arrangement(row(column("input", CURVE), kernels, column("wanted", "output", "error")), wide=560, tall=420),
        Arrangement(wrap(*names, CURVE), narrow=True, largest=36),
    )


def _cut(numbers: Matrix) -> Matrix:
    """Few decimals, and what has run away as the largest number that a cell can hold."""
    return np.round(np.clip(np.nan_to_num(numbers), -1e15, 1e15), DECIMALS) + 0.0


def _short(numbers: Matrix) -> Matrix:
    """Likewise, as floats of four bytes where the numbers run away: they tell enough digits in less room."""
    short = _cut(numbers)
    return short if float(np.abs(short).max(initial=0)) < 2**31 / 10**DECIMALS else short.astype(np.float32)


def _reads(settings: LearnSettings, learning: Learning, weight: tuple[int, int]) -> dict[str, list[list[int]]]:
    """All cells of the error, and for each the input cell that the weight met there."""
    rows, columns = learning.wanted.shape
    width = settings.input.shape[1]
    across = np.arange(weight[1], weight[1] + columns)
    pixels = np.arange(weight[0], weight[0] + rows)[:, None] * width + across
    return {"error": [list(range(rows * columns))], "input": [pixels.ravel().tolist()]}


def _titles(learning: Learning, weight: tuple[int, int]) -> list[Message]:
    return [
        plural(
            "Gradient of {weight} after {n} step: error × input, added up",
            "Gradient of {weight} after {n} steps: error × input, added up",
            n=step,
            weight=_name(weight),
        )
        for step in range(len(learning.losses))
    ]


def _name(weight: tuple[int, int]) -> str:
    return f"w{weight[0] + 1}{weight[1] + 1}"


_TAIL = unfilled("2/{cells} · {sum} = gradient {gradient} → {weight} becomes {before} − {rate} · gradient = {after}")


_TAIL_IN_LETTERS = unfilled("2/{cells} · this sum = gradient → {weight} becomes {weight} − {rate} · gradient")


def _tail_in_letters(settings: LearnSettings, terms: WeightTerms) -> tuple[Piece, ...]:
    values = {
        "cells": terms.pixels.size,
        "rate": show_number(settings.rate),
        "weight": _name((terms.row, terms.column)),
    }
    return (("text", _TAIL_IN_LETTERS.with_values(**values)),)


def _tails(settings: LearnSettings, terms: WeightTerms, hide: bool) -> list[list[Piece]]:
    """For every step the sum, the gradient, and what the weight becomes."""
    cells = terms.pixels.size
    sums, gradients, weights, following = (
        _cut(each).tolist() for each in (terms.sums, terms.gradients, terms.weights, terms.next_weights)
    )
    line = _TAIL.with_values(cells=cells, rate=show_number(settings.rate), weight=_name((terms.row, terms.column)))
    hidden: Piece = ("text", "?")
    return tails(
        line,
        (
            {
                "sum": ("chip", summed),
                "gradient": hidden if hide else ("chip", gradient),
                "before": ("given", before),
                "after": hidden if hide else ("result", after),
            }
            for summed, gradient, before, after in zip(sums, gradients, weights, following, strict=True)
        ),
    )
