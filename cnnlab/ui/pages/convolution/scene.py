"""What the grids of the convolution page show: input, kernel and output, and the sum of every output cell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnnlab.errors import ShapeError
from cnnlab.lessons.convolution.presets import MAX_INPUT, MAX_KERNEL
from cnnlab.lessons.convolution.settings import ConvSettings, ConvWalk, padded_input
from cnnlab.number_text import Matrix
from cnnlab.shapes import windows
from cnnlab.texts import Message, message
from cnnlab.ui.components.grid_lab import (
    SUM,
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
    row,
    wrap,
)

_IN_A_ROW = row("input", "∗", "kernel", "=", "output")
ARRANGEMENTS = (
    Arrangement(row(_IN_A_ROW, SUM), wide=1240, tall=480),
    Arrangement(_IN_A_ROW, wide=600, tall=380),
    Arrangement(row("input", column(row("∗", "kernel"), row("=", "output"))), tall=340),
    Arrangement(wrap("input", "kernel", "output"), narrow=True, largest=42),
)

_SAME_FLIPPED = message("Flipping changes nothing here: this kernel looks the same after a turn by 180°.")
_FLIPPED = message("True convolution: the window meets the kernel turned by 180°.")


def scene(
    settings: ConvSettings,
    steps: ConvWalk | None,
    refusal: Message | None,
    errors: Mapping[str, Sequence[CellError]],
    compact: bool,
) -> Scene:
    """Describe the page's grids.

    Args:
        steps: None where the settings have no output; `refusal` says why.
        errors: what is typed but no number, by grid.
    """
    kernel = TypedBoard(
        message("Kernel"),
        settings.kernel,
        "kernel",
        limits=(MAX_KERNEL, MAX_KERNEL),
        caption=_remark(settings),
        errors=errors.get("kernel", ()),
    )
    padded, sources = _padded(settings, steps)
    input_ = TypedBoard(
        message("Input"),
        settings.input,
        "input",
        limits=(MAX_INPUT, MAX_INPUT),
        padded=padded,
        mode=settings.padding_mode,
        sources=sources,
        look="picture",
        errors=errors.get("input", ()),
    )
    if steps is None:
        output = ComputedBoard(message("Output"), np.zeros((1, 0)), first=0, refusal=refusal)
        boards = {"input": input_, "kernel": kernel, "output": output}
        return Scene(boards, ARRANGEMENTS, refusal=refusal, compact=compact)
    count = steps.totals.size
    last = settings.kernel.size - 1
    width = steps.padded.shape[1]
    cells = steps.rows[:, None, :, None] * width + steps.columns[None, :, None, :]
    row_sums = steps.row_sums.reshape(count, -1)
    return Scene(
        {
            "input": input_,
            "kernel": kernel,
            "output": ComputedBoard(message("Output"), steps.totals, first=0, caption=_why_this_size(settings)),
        },
        ARRANGEMENTS,
        steps=count,
        reads={
            "input": cells.reshape(count, -1),
            # A flipped kernel meets the window from its last cell on.
            **({"kernel": [list(range(last, -1, -1))]} if settings.flip else {}),
        },
        groups=(Group(0, count, (Section("input", "kernel", settings.kernel.shape[1]),), row_sums=True),),
        products=steps.products.reshape(count, -1),
        row_sums=row_sums,
        tails=_tails(settings, row_sums, steps.totals),
        total_scale=largest(steps.totals),
        compact=compact,
    )


def _why_this_size(settings: ConvSettings) -> str:
    """The output's size as it comes about: (H + 2P - FH)/S + 1, rounded down, with these numbers."""
    rows, columns = (_size_along(settings, axis) for axis in (0, 1))
    if rows == columns:
        return rows
    return message("Height: {rows}. Width: {columns}", rows=rows, columns=columns)


def _size_along(settings: ConvSettings, axis: int) -> str:
    size = windows(
        settings.input.shape[axis], settings.kernel.shape[axis], settings.stride, settings.padding, settings.dilation
    )
    # A kernel with gaps is as long as its gaps make it.
    room = f"{size.size} + 2·{settings.padding} − {size.extent}"
    if settings.stride == 1:
        return f"{room} + 1 = {size.count}"
    quotient = f"({room})/{settings.stride}"
    is_whole = (size.padded - size.extent) % settings.stride == 0
    return f"{quotient if is_whole else f'⌊{quotient}⌋'} + 1 = {size.count}"


def _tails(settings: ConvSettings, row_sums: Matrix, totals: Matrix) -> list[list[Piece]]:
    """For every step the sums of the window's rows, the bias, and what they come to."""
    bias: Any = settings.bias_vector.tolist()[0]
    tails: list[list[Piece]] = []
    for sums, total in zip(np.round(row_sums, 10).tolist(), np.round(totals, 10).ravel().tolist(), strict=True):
        pieces: list[Piece] = []
        for each in sums:
            pieces += [("chip", each), ("text", "+")]
        tails.append([*pieces, ("text", message("bias")), ("given", bias), ("text", "="), ("result", total)])
    return tails


def _padded(settings: ConvSettings, steps: ConvWalk | None) -> tuple[Matrix, Matrix | None]:
    """The input as it is drawn: where the settings do not go together, with its padding if that much is possible."""
    if steps is not None:
        return steps.padded, steps.sources
    try:
        padded, _, sources = padded_input(settings)
    except ShapeError:
        return settings.input, None
    return padded, sources


def _remark(settings: ConvSettings) -> Message | None:
    if not settings.flip:
        return None
    return _SAME_FLIPPED if settings.flip_changes_nothing else _FLIPPED
