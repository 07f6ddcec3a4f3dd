"""What the grids of the pooling page show: the windows of one pooling, and the same pooling of a shifted input."""

from collections.abc import Sequence

import numpy as np

from cnnlab.lessons.pooling.effects import effects, shares
from cnnlab.lessons.pooling.settings import MAX_INPUT, PoolSettings, PoolWalk, ShiftExperiment
from cnnlab.number_text import show_number
from cnnlab.texts import Message, in_a_row, message, plural, say, unfilled
from cnnlab.ui.components.grid_lab import (
    Arrangement,
    CellError,
    ComputedBoard,
    Group,
    Piece,
    Scene,
    Section,
    TypedBoard,
    cell_text,
    column,
    largest,
    on_a_phone,
    row,
)
from cnnlab.ui.components.grid_lab.tail import tail

_WORDS = {
    "sum_label": message("The numbers of this window"),
    "sum_refused": message("Nothing is pooled: these settings have no output"),
    "tip": message("Type into the input, or paste a block. Point at a cell to see which windows read it."),
}
_TITLES = {
    "max": unfilled("Output row {row}, column {column}: the largest number of the window"),
    "avg": unfilled("Output row {row}, column {column}: the average of the window"),
}


def _arrangements(with_gradient: bool) -> tuple[Arrangement, ...]:
    if with_gradient:
        return (
            Arrangement(row("input", "→", "output", "→", "gradient"), wide=600, tall=380, largest=60),
            Arrangement(row("input", column(row("→", "output"), row("→", "gradient"))), tall=360, largest=60),
            on_a_phone("input", "output", "gradient"),
        )
    return (
        Arrangement(row("input", "→", "output"), tall=380, largest=60),
        on_a_phone("input", "output"),
    )


def scene(
    settings: PoolSettings,
    steps: PoolWalk | None,
    refusal: Message | None,
    errors: Sequence[CellError],
    with_gradient: bool,
    predicting: bool,
) -> Scene:
    """Describe the grids of the part "By hand".

    Args:
        steps: None where the settings have no output; `refusal` says why.
        errors: what is typed into the input but is no number.
        with_gradient: whether a board shows what the input gets back.
        predicting: whether nothing is said that has a number of the output in it.
    """
    input_ = TypedBoard(
        message("Input"),
        settings.input,
        "input",
        limits=(MAX_INPUT, MAX_INPUT),
        padded=None if steps is None else steps.grid,
        beyond=(0, 0) if steps is None else _beyond(steps),
        outside="−∞" if settings.kind == "max" else None,
        mode=say("never the largest") if settings.kind == "max" else "zeros",
        look="picture",
        errors=errors,
    )
    if steps is None:
        nothing = ComputedBoard(message("Output"), np.zeros((1, 0)), first=0, refusal=refusal)
        return Scene({"input": input_, "output": nothing}, _arrangements(False), refusal=refusal, words=_WORDS)
    count = steps.totals.size
    scale = max(largest(settings.input), largest(steps.totals))
    boards: dict[str, TypedBoard | ComputedBoard] = {
        "input": input_,
        "output": ComputedBoard(message("Output"), steps.totals, first=0, look="picture", scale=scale),
    }
    reads: dict[str, Sequence[Sequence[int]]] = {"input": steps.reads.tolist()}
    if with_gradient:
        # Ninths and sixteenths in full would be half of an edit's data.
        gradient = np.round(steps.gathered, 6)
        boards["gradient"] = ComputedBoard(message("Gradient"), gradient, scale=largest(steps.routed), gathers=True)
        reads["gradient"] = _receivers(steps)
    return Scene(
        boards,
        _arrangements(with_gradient),
        steps=count,
        reads=reads,
        groups=(
            Group(
                0,
                count,
                (Section("input", None, settings.kernel[1]),),
                joiner="" if settings.kind == "max" else "+",
                also=("gradient",) if with_gradient else (),
            ),
        ),
        products=[[] for _ in range(count)],
        tails=[_tail(settings, steps, step, with_gradient) for step in range(count)],
        marks={"input": [[cell] if cell >= 0 else [] for cell in steps.chosen.tolist()]},
        tied={"input": _tied(steps)},
        note=None if predicting else in_a_row(*effects(settings)) or None,
        words=_WORDS | {"sum_title": _TITLES[settings.kind]},
        total_scale=scale,
    )


def _beyond(steps: PoolWalk) -> tuple[int, int]:
    """Rows and columns of the grid that lie behind the padded input."""
    return int(steps.is_beyond.all(axis=1).sum()), int(steps.is_beyond.all(axis=0).sum())


def _tied(steps: PoolWalk) -> list[list[int]]:
    """For each step the cells that hold the maximum, too, but are not the one that is found."""
    found = zip(steps.reads, steps.holds_maximum, steps.chosen.tolist(), strict=True)
    return [[int(cell) for cell in reads[holds] if cell != chosen] for reads, holds, chosen in found]


def _receivers(steps: PoolWalk) -> list[list[int]]:
    """For each step the input cells that its gradient goes to."""
    sources = steps.sources.ravel()
    found = zip(steps.reads, steps.chosen.tolist(), strict=True)
    return [
        [int(source) for source in sources[reads if chosen < 0 else [chosen]] if source >= 0] for reads, chosen in found
    ]


def _tail(settings: PoolSettings, steps: PoolWalk, step: int, with_gradient: bool) -> list[Piece]:
    """The line below the window's numbers: what they come to, and where the gradient goes."""
    write = _tail_of_a_maximum if settings.kind == "max" else _tail_of_a_mean
    return write(settings, steps, step, with_gradient)


def _tail_of_a_maximum(settings: PoolSettings, steps: PoolWalk, step: int, with_gradient: bool) -> list[Piece]:
    pieces = tail(unfilled("The largest is {largest}"), largest=("result", _total(steps, step)))
    width = settings.input.shape[1]
    row, column = (place + 1 for place in divmod(int(steps.sources.flat[int(steps.chosen[step])]), width))
    holders = int(steps.holds_maximum[step].sum())
    if holders > 1:
        tie = message(
            "A tie: {cells} cells hold it. The first in reading order is taken, row {row}, column {column}.",
            cells=holders,
            row=row,
            column=column,
        )
        pieces.append(("told", tie))
        if with_gradient:
            pieces.append(("told", message("It alone gets the gradient of 1.")))
    elif with_gradient:
        alone = message("The gradient of 1 goes to row {row}, column {column} alone.", row=row, column=column)
        pieces.append(("told", alone))
    return pieces


def _tail_of_a_mean(settings: PoolSettings, steps: PoolWalk, step: int, with_gradient: bool) -> list[Piece]:
    divisor = int(steps.divisors[step])
    reads = steps.reads[step]
    pieces = tail(
        unfilled("Sum {sum} ÷ {divisor} = {average}", divisor=divisor),
        sum=("chip", round(float(steps.sums[step]), 10)),
        average=("result", _total(steps, step)),
    )
    padding = int(steps.is_padding.flat[reads].sum())
    beyond = int(steps.is_beyond.flat[reads].sum())
    counts = {"padding": padding, "beyond": beyond, "cells": reads.size}
    if padding and settings.count_include_pad:
        pieces.append(("told", message("Padding is counted: {padding} of {cells} cells.", **counts)))
    elif padding:
        pieces.append(("told", message("Padding is not counted: {padding} of {cells} cells.", **counts)))
    if beyond:
        pieces.append(("told", message("Cells beyond the edge never count: {beyond} of {cells}.", **counts)))
    if with_gradient:
        share = plural(
            "The {n} input cell gets {share} of the gradient of 1.",
            "Each of the {n} input cells gets {share} of the gradient of 1.",
            n=reads.size - padding - beyond,
            share=cell_text(1 / divisor),
        )
        pieces.append(("told", share))
    return pieces


def _total(steps: PoolWalk, step: int) -> float:
    return round(float(steps.totals.flat[step]), 10)


# ------------------------------------------------------------------------------------------------------------- shift

_SHIFT_WORDS = {
    "sum_label": message("The numbers of this window, before and after the shift"),
    "sum_title": unfilled("Output row {row}, column {column}: its window before and after the shift"),
    "tip": message("Cells marked = hold the same number before and after. Step through the windows to see why."),
}
_TWO_PAIRS = column(row("input", "→", "shifted"), row("before", "→", "after"))
_SHIFT_ARRANGEMENTS = (
    Arrangement(_TWO_PAIRS, tall=400),
    on_a_phone("input", "shifted", "before", "after"),
)


def shift_scene(
    settings: PoolSettings, steps: PoolWalk, experiment: ShiftExperiment, errors: Sequence[CellError]
) -> Scene:
    """Describe the grids of the part "Shift by one": two pairs, and where the two of a pair are equal."""
    count = steps.totals.size
    scale = max(largest(settings.input), largest(steps.totals), largest(experiment.after))
    sources = steps.sources.ravel()
    reads = [[int(source) for source in sources[cells] if source >= 0] for cells in steps.reads]
    cells = [[step] for step in range(count)]
    before, after = (matrix.ravel().tolist() for matrix in (experiment.before, experiment.after))
    input_same, same = (np.flatnonzero(equal).tolist() for equal in (experiment.input_same, experiment.same))
    return Scene(
        {
            "input": TypedBoard(
                message("Input"),
                settings.input,
                "input",
                limits=(MAX_INPUT, MAX_INPUT),
                look="picture",
                scale=scale,
                errors=errors,
            ),
            "shifted": ComputedBoard(message("Shifted input"), experiment.shifted, look="picture", scale=scale),
            "before": ComputedBoard(message("Output"), experiment.before, first=0, look="picture", scale=scale),
            "after": ComputedBoard(message("Output after the shift"), experiment.after, look="picture", scale=scale),
        },
        _SHIFT_ARRANGEMENTS,
        steps=count,
        reads={"input": reads, "shifted": reads, "after": cells},
        groups=(
            Group(
                0,
                count,
                tuple(
                    Section(board, None, settings.kernel[1], title)
                    for board, title in (("input", message("before")), ("shifted", message("after")))
                ),
                joiner="" if settings.kind == "max" else "+",
                also=("after",),
            ),
        ),
        products=[[] for _ in range(count)],
        parts=list(zip(before, after, strict=True)),
        tails=[_comparison(one, other) for one, other in zip(before, after, strict=True)],
        same={"input": input_same, "shifted": input_same, "before": same, "after": same},
        fills=False,
        predicts=False,
        note=shares(experiment),
        words=_WORDS | _SHIFT_WORDS,
        total_scale=scale,
    )


def _comparison(before: float, after: float) -> list[Piece]:
    if before == after:
        return [("text", message("The output stays {number}.", number=show_number(before, 4)))]
    changed = message(
        "The output changes from {before} to {after}.", before=show_number(before, 4), after=show_number(after, 4)
    )
    return [("text", changed)]
