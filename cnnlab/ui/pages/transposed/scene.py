"""What the grids of the transposed convolution's page show: stamps, sums, overlaps, and a convolution."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cnnlab.lessons.transposed.cells import Meeting
from cnnlab.lessons.transposed.sentences import direct_sentences, overlap_sentences, size_sentence
from cnnlab.lessons.transposed.settings import (
    MAX_INPUT,
    MAX_KERNEL,
    DirectConvolution,
    TransposedSettings,
    TransposedWalk,
)
from cnnlab.number_text import Matrix, show_number
from cnnlab.texts import Message, in_a_row, message, plural, unfilled
from cnnlab.ui.components.grid_lab import (
    Arrangement,
    CellError,
    ComputedBoard,
    Group,
    Piece,
    Scene,
    Section,
    TypedBoard,
    column,
    largest,
    on_a_phone,
    row,
)
from cnnlab.ui.components.grid_lab.tail import tail

Errors = Mapping[str, Sequence[CellError]]

_MOST_SUMS = 3
"""More sums than that are not written out below a stamp."""


_ARRANGEMENTS = (
    Arrangement(row("input", "kernel", "→", "output"), wide=860, tall=330, largest=60),
    Arrangement(row("input", "kernel", "→", "output"), wide=600, tall=330, largest=40),
    Arrangement(row(column("input", "kernel"), "→", "output"), tall=340, largest=60),
    on_a_phone("input", "kernel", "output"),
)
_OVERLAP_ARRANGEMENTS = (
    Arrangement(row(column("input", "kernel"), "→", "overlaps", "→", "output"), tall=390, largest=40),
    on_a_phone("input", "kernel", "overlaps", "output"),
)
_DIRECT_ARRANGEMENTS = (
    Arrangement(row(column("input", "kernel"), "→", "spread", "∗", column("turned", "output")), tall=390, largest=40),
    on_a_phone("input", "kernel", "spread", "turned", "output"),
)

_WORDS = {
    "tip": message(
        "Type into the input and the kernel, or paste a block. Point at a cell to see what it is connected to."
    ),
    "sum_label": message("The products that meet in this output cell"),
    "sum_refused": message("Nothing is stamped: these settings have no output"),
    "sum_title": unfilled("Output row {row}, column {column}: what the stamps add here"),
}
_STAMP_WORDS = {
    "tip": message(
        "Click an input cell to see its stamp: its number times the kernel. Where stamps overlap, they add up."
    ),
    "first": message("First stamp (Home)"),
    "last": message("Last stamp (End)"),
    "slider_label": message("Input cell"),
    "counter": unfilled("Stamp {step} of {steps}"),
    "sum_label": message("The stamp of this input cell"),
    "feeds": unfilled("The kernel's cell in row {row}, column {column} is part of all {count} stamps."),
    "feeds_one": unfilled("The kernel's cell in row {row}, column {column} is part of the one stamp."),
}
_OVERLAP_WORDS = {
    "tip": message("Each cell shows how many stamps cover it. Click one to see which, and what they add up to."),
    "slider_label": message("Cell"),
    "counter": unfilled("Cell {step} of {steps}"),
    "feeds": unfilled("The stamp of the input in row {row}, column {column} covers {count} cells."),
    "feeds_one": unfilled("The stamp of the input in row {row}, column {column} covers one cell."),
}
_DIRECT_WORDS = {
    "sum_label": message("The products of this window"),
    "sum_title": unfilled("Output row {row}, column {column}: spread input × turned kernel, added up"),
    "tip": message(
        "The window slides over the spread input. Type into the input and the kernel; hatched cells are added zeros."
    ),
}


def refused_scene(settings: TransposedSettings, refusal: Message, errors: Errors) -> Scene:
    """Show what is typed, and why there is no output."""
    boards = _typed_boards(settings, errors)
    boards["output"] = ComputedBoard(message("Output"), np.zeros((1, 0)), first=0, refusal=refusal)
    return Scene(boards, _ARRANGEMENTS, refusal=refusal, words=_WORDS)


def stamp_scene(settings: TransposedSettings, steps: TransposedWalk, errors: Errors) -> Scene:
    """Describe the grids whose steps are the input's cells: each stamps the kernel into the output."""
    count, width = settings.input.size, settings.input.shape[1]
    boards = _typed_boards(settings, errors, first=0)
    boards["output"] = ComputedBoard(
        message("Output before the cut") if settings.padding else message("Output"),
        _filling(steps),
        gathers=True,
        hatched=np.flatnonzero(steps.is_cut).tolist(),
    )
    numbers = settings.input.ravel().tolist()
    titles = [
        message(
            "Input row {row}, column {column} holds {number}: the kernel times {number} is stamped",
            row=step // width + 1,
            column=step % width + 1,
            number=show_number(numbers[step]),
        )
        for step in range(count)
    ]
    return Scene(
        boards,
        _ARRANGEMENTS,
        steps=count,
        reads={
            "input": [[step] * settings.kernel.size for step in range(count)],
            "kernel": [list(range(settings.kernel.size))],
            "output": steps.stamps.tolist(),
        },
        groups=(
            Group(
                0,
                count,
                (Section("kernel", "input", settings.kernel.shape[1]),),
                joiner="",
                also=("input",),
                adds_to="output",
            ),
        ),
        products=steps.products,
        tails=[[("text", _stamped(settings, steps, step))] for step in range(count)],
        titles=titles,
        predicts=False,
        note=_in_a_row(_cut(settings, steps), size_sentence(settings)),
        words=_WORDS | _STAMP_WORDS,
    )


def gather_scene(
    settings: TransposedSettings, steps: TransposedWalk, cells: Sequence[Meeting], errors: Errors
) -> Scene:
    """Describe the grids whose steps are the output's cells: each is the sum of what the stamps bring there."""
    boards = _typed_boards(settings, errors)
    boards["output"] = ComputedBoard(message("Output"), steps.totals, first=0)
    totals = steps.totals.ravel()
    return Scene(
        boards,
        _ARRANGEMENTS,
        steps=len(cells),
        reads=_read_by(cells),
        groups=(_sums(cells),),
        products=_products_of(cells),
        tails=[_total(cell, total) for cell, total in zip(cells, totals.tolist(), strict=True)],
        note=size_sentence(settings),
        words=_WORDS,
        total_scale=largest(steps.totals),
    )


def overlap_scene(
    settings: TransposedSettings, steps: TransposedWalk, cells: Sequence[Meeting], errors: Errors
) -> Scene:
    """Describe the grids that count the stamps: the steps are all cells that are stamped, those cut off, too."""
    boards = _typed_boards(settings, errors)
    boards["overlaps"] = ComputedBoard(
        message("Stamps on each cell"),
        steps.overlaps,
        first=0,
        look="counts",
        hatched=np.flatnonzero(steps.is_cut).tolist(),
    )
    boards["output"] = ComputedBoard(message("Output"), steps.totals)
    outputs = np.full(steps.is_cut.shape, -1)
    outputs[~steps.is_cut] = np.arange(steps.totals.size)
    width = steps.is_cut.shape[1]
    titles = [_met(step // width + 1, step % width + 1, len(cell.inputs)) for step, cell in enumerate(cells)]
    group = _sums(cells)
    return Scene(
        boards,
        _OVERLAP_ARRANGEMENTS,
        steps=len(cells),
        reads=_read_by(cells) | {"output": [[cell] if cell >= 0 else [] for cell in outputs.ravel().tolist()]},
        groups=(Group(group.first, group.count, group.sections, also=(*group.also, "output")),),
        products=_products_of(cells),
        tails=[_total(cell, total) for cell, total in zip(cells, steps.accumulated[-1].ravel().tolist(), strict=True)],
        titles=titles,
        fills=False,
        predicts=False,
        note=_in_a_row(_cut(settings, steps), *overlap_sentences(settings, steps)),
        words=_WORDS | _OVERLAP_WORDS,
        total_scale=largest(steps.totals),
    )


def direct_scene(
    settings: TransposedSettings,
    direct: DirectConvolution,
    reads: NDArray[np.int64],
    products: Matrix,
    errors: Errors,
) -> Scene:
    """Describe the grids of the convolution that does the same.

    Args:
        reads, products: (output cells, FH*FW), of `direct_windows`.
    """
    boards = _typed_boards(settings, errors)
    sources = direct.sources.ravel()
    boards["spread"] = ComputedBoard(
        message("Spread input"),
        direct.spread,
        look="picture",
        scale=largest(settings.input),
        hatched=np.flatnonzero(sources < 0).tolist(),
    )
    boards["turned"] = ComputedBoard(message("Turned kernel"), direct.kernel)
    boards["output"] = ComputedBoard(message("Output"), direct.output, first=0)
    totals = np.round(direct.output, 10).ravel().tolist()
    return Scene(
        boards,
        _DIRECT_ARRANGEMENTS,
        steps=len(reads),
        reads={
            "spread": reads.tolist(),
            "turned": [list(range(direct.kernel.size))],
            "input": [[source for source in sources[cells].tolist() if source >= 0] for cells in reads],
        },
        groups=(Group(0, len(reads), (Section("spread", "turned", direct.kernel.shape[1]),), also=("input",)),),
        products=products,
        tails=[[("text", "="), ("result", total)] for total in totals],
        note=in_a_row(*direct_sentences(settings)),
        words=_WORDS | _DIRECT_WORDS,
        total_scale=largest(direct.output),
    )


# -------------------------------------------------------------------------------------------------------------- parts


def _typed_boards(
    settings: TransposedSettings, errors: Errors, first: int | None = None
) -> dict[str, TypedBoard | ComputedBoard]:
    return {
        "input": TypedBoard(
            message("Input"),
            settings.input,
            "input",
            limits=(MAX_INPUT, MAX_INPUT),
            look="picture",
            first=first,
            errors=errors.get("input", ()),
        ),
        "kernel": TypedBoard(
            message("Kernel"),
            settings.kernel,
            "kernel",
            limits=(MAX_KERNEL, MAX_KERNEL),
            errors=errors.get("kernel", ()),
        ),
    }


def _filling(steps: TransposedWalk) -> Matrix:
    """The canvas after each step, empty where a stamp is still to come."""
    count = len(steps.stamps)
    frames = steps.accumulated.reshape(count, -1).astype(np.float64)
    first = np.full(steps.overlaps.size, count)
    # The earliest stamp is written last.
    for step in range(count - 1, -1, -1):
        first[steps.stamps[step]] = step
    is_reached = first < count
    frames[(np.arange(count)[:, None] < first) & is_reached] = np.nan
    return frames.reshape(steps.accumulated.shape)


def _in_a_row(*sentences: Message | None) -> Message | None:
    return in_a_row(*filter(None, sentences)) or None


def _cut(settings: TransposedSettings, steps: TransposedWalk) -> Message | None:
    if not settings.padding:
        return None
    return message(
        "Padding {padding} cuts off the hatched rim: {rows} × {columns} cells are left.",
        padding=settings.padding,
        rows=steps.totals.shape[0],
        columns=steps.totals.shape[1],
    )


def _stamped(settings: TransposedSettings, steps: TransposedWalk, step: int) -> Message:
    """Where a stamp goes, and what adds up there."""
    cells = steps.stamps[step]
    width = steps.is_cut.shape[1]
    told = [_added(cells // width + 1, cells % width + 1)]
    if settings.dilation > 1 and settings.kernel.size > 1:
        told.append(message("The stamp has gaps."))
    cut = int(steps.is_cut.ravel()[cells].sum())
    if cut:
        told.append(
            plural(
                "{n} of its {cells} cells is cut off by the padding.",
                "{n} of its {cells} cells are cut off by the padding.",
                n=cut,
                cells=cells.size,
            )
        )
    before = np.isin(cells, steps.stamps[:step]).nonzero()[0].tolist()
    if before:
        earlier, now = (steps.accumulated[each].ravel() for each in (step - 1, step))
        sums = [
            f"{show_number(earlier[cells[term]])} {_signed(steps.products[step, term])} ="
            f" {show_number(now[cells[term]])}"
            for term in before
        ]
        told.append(_added_up(sums))
    return in_a_row(*told)


def _added_up(sums: Sequence[str]) -> Message:
    """Write the sums out in the cells that held a number before."""
    shown = ", ".join(sums[:_MOST_SUMS])
    if len(sums) > _MOST_SUMS:
        return message("{cells} cells already hold numbers, for example {sums}.", cells=len(sums), sums=shown)
    return plural(
        "{n} cell already holds a number: {sums}.", "{n} cells already hold numbers: {sums}.", n=len(sums), sums=shown
    )


def _added(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Message:
    """Name the rows and columns, counted from 1, that a stamp covers."""
    places = {
        "top": int(rows.min()),
        "bottom": int(rows.max()),
        "left": int(columns.min()),
        "right": int(columns.max()),
    }
    match places["top"] == places["bottom"], places["left"] == places["right"]:
        case True, True:
            return message("Added to row {top} and column {left}.", **places)
        case True, False:
            return message("Added to row {top} and columns {left} to {right}.", **places)
        case False, True:
            return message("Added to rows {top} to {bottom} and column {left}.", **places)
        case _:
            return message("Added to rows {top} to {bottom} and columns {left} to {right}.", **places)


def _signed(number: float) -> str:
    return f"{'−' if number < 0 else '+'} {show_number(abs(number))}"


def _met(row: int, column: int, stamps: int) -> Message:
    if stamps == 0:
        return message("Row {row}, column {column}: no stamp reaches this cell", row=row, column=column)
    return plural(
        "Row {row}, column {column}: {n} stamp covers this cell",
        "Row {row}, column {column}: {n} stamps meet here",
        n=stamps,
        row=row,
        column=column,
    )


def _read_by(cells: Sequence[Meeting]) -> dict[str, Sequence[Sequence[int]]]:
    return {"input": [cell.inputs for cell in cells], "kernel": [cell.kernel for cell in cells]}


def _sums(cells: Sequence[Meeting]) -> Group:
    section = Section("input", "kernel", [cell.columns for cell in cells])
    return Group(0, len(cells), (section,), also=("kernel",))


def _products_of(cells: Sequence[Meeting]) -> dict[int, Sequence[float]]:
    # Not as many in each cell, so they are no matrix.
    return {step: cell.products for step, cell in enumerate(cells)}


def _total(cell: Meeting, total: float) -> list[Piece]:
    if not cell.inputs:
        return tail(unfilled("No stamp reaches this cell, so it stays {number}"), number=("result", round(total, 10)))
    return [("text", "="), ("result", round(total, 10))]
