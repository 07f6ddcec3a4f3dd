"""What the grids of the convolution page show: input, kernel and output, and the sum of every output cell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnnlab.errors import ShapeError
from cnnlab.lessons.convolution.presets import MAX_INPUT, MAX_KERNEL
from cnnlab.lessons.convolution.settings import ConvSettings, ConvWalk, padded_input
from cnnlab.number_text import Matrix
from cnnlab.shapes import windows
from cnnlab.texts import Message, message, say, unfilled
from cnnlab.ui.components.grid_lab import (
    SUM,
    Arrangement,
    CaptionPart,
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
)

_IN_A_ROW = row("input", "∗", "kernel", "=", "output")
ARRANGEMENTS = (
    Arrangement(row(_IN_A_ROW, SUM), wide=1240, tall=480),
    Arrangement(_IN_A_ROW, wide=600, tall=380),
    Arrangement(row("input", column(row("∗", "kernel"), row("=", "output"))), tall=340),
    on_a_phone("input", "kernel", "output"),
)

_ABOUT = (
    {
        "input": unfilled("{number}: the input's height"),
        "padding": unfilled("{number}: rows of padding, above and below"),
        "kernel": unfilled("{number}: the height that the kernel covers"),
        "stride": unfilled("{number}: the stride, from one window to the next"),
        "output": unfilled("{number}: the output's height"),
    },
    {
        "input": unfilled("{number}: the input's width"),
        "padding": unfilled("{number}: columns of padding, left and right"),
        "kernel": unfilled("{number}: the width that the kernel covers"),
        "stride": unfilled("{number}: the stride, from one window to the next"),
        "output": unfilled("{number}: the output's width"),
    },
)
"""What the numbers of the output's size are, along each axis."""

LETTERS = {"input": "x", "kernel": "w", "output": "y"}
"""What the cells of each board are called."""

_SIZES = (
    {"input": "H", "padding": "P", "kernel": "FH", "gapped": "(D·(FH − 1) + 1)", "stride": "S", "output": "OH"},
    {"input": "W", "padding": "P", "kernel": "FW", "gapped": "(D·(FW − 1) + 1)", "stride": "S", "output": "OW"},
)
"""The letters of the output's size, along each axis."""

_IN_LETTERS: tuple[Piece, ...] = (("text", "+"), ("text", "b"))
"""What a sum in letters ends in."""

_BOTH_AXES = unfilled("Height: {rows}. Width: {columns}")
_MARK = "\0"

_SAME_FLIPPED = message("Flipping changes nothing here: this kernel looks the same after a turn by 180°.")
_FLIPPED = message("True convolution: the window meets the kernel turned by 180°.")


def scene(
    settings: ConvSettings,
    steps: ConvWalk | None,
    refusal: Message | None,
    errors: Mapping[str, Sequence[CellError]],
    compact: bool,
    cells: Cells = "numbers",
) -> Scene:
    """Describe the page's grids.

    Args:
        cells: what they show.
        steps: None where the settings have no output; `refusal` says why.
        errors: what is typed but no number, by grid.
    """
    kernel = kernel_board(settings, errors, message("Kernel"))
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
    windows_ = steps.rows[:, None, :, None] * width + steps.columns[None, :, None, :]
    row_sums = steps.row_sums.reshape(count, -1)
    in_letters = cells == "letters"
    return Scene(
        {
            "input": input_,
            "kernel": kernel,
            "output": ComputedBoard(message("Output"), steps.totals, first=0, caption=_why_this_size(settings, cells)),
        },
        ARRANGEMENTS,
        steps=count,
        reads={
            "input": windows_.reshape(count, -1),
            # A flipped kernel meets the window from its last cell on.
            **({"kernel": [list(range(last, -1, -1))]} if settings.flip else {}),
        },
        groups=(
            Group(
                0,
                count,
                (Section("input", "kernel", settings.kernel.shape[1]),),
                row_sums=not in_letters,
                tail=_IN_LETTERS if in_letters else (),
            ),
        ),
        products=steps.products.reshape(count, -1),
        row_sums=None if in_letters else row_sums,
        tails=() if in_letters else _tails(settings, row_sums, steps.totals, goes_on=cells == "both"),
        total_scale=largest(steps.totals),
        compact=compact,
        symbols=None if cells == "numbers" else Symbols(LETTERS, numbers=not in_letters, right_first=True),
    )


def kernel_board(settings: ConvSettings, errors: Mapping[str, Sequence[CellError]], title: Message) -> TypedBoard:
    """Describe the kernel's grid."""
    return TypedBoard(
        title,
        settings.kernel,
        "kernel",
        limits=(MAX_KERNEL, MAX_KERNEL),
        caption=_remark(settings),
        errors=errors.get("kernel", ()),
    )


def neighbours(totals: Matrix, row: int, column: int) -> dict[str, float]:
    """The cells of an output around one of them."""
    places = {"left": (0, -1), "right": (0, 1), "above": (-1, 0), "below": (1, 0)}
    return {
        name: float(totals[row + down, column + across])
        for name, (down, across) in places.items()
        if 0 <= row + down < totals.shape[0] and 0 <= column + across < totals.shape[1]
    }


def _why_this_size(settings: ConvSettings, cells: Cells) -> list[CaptionPart]:
    """The output's size as it comes about: (H + 2P - FH)/S + 1, rounded down, with these numbers and their places."""
    rows, columns = (_size_along(settings, axis, cells) for axis in (0, 1))
    # Along both axes the same numbers.
    if settings.input.shape[0] == settings.input.shape[1] and settings.kernel.shape[0] == settings.kernel.shape[1]:
        return rows
    axes = {"rows": rows, "columns": columns}
    told = say(_BOTH_AXES.with_values(**{name: f"{_MARK}{name}{_MARK}" for name in axes}))
    return [part for text in told.split(_MARK) for part in axes.get(text, [CaptionPart(text)])]


def _size_along(settings: ConvSettings, axis: int, cells: Cells) -> list[CaptionPart]:
    input_, kernel = settings.input.shape, settings.kernel.shape
    size, other = (
        windows(input_[each], kernel[each], settings.stride, settings.padding, settings.dilation)
        for each in (axis, 1 - axis)
    )
    padding, stride = settings.padding, settings.stride
    # Cells of the input with its padding, of the kernel and of the output, each by its number.
    padded, weights, outputs = (
        np.arange(rows * columns).reshape(rows, columns)
        if axis == 0
        else np.arange(rows * columns).reshape(columns, rows).T
        for rows, columns in ((size.padded, other.padded), (kernel[axis], kernel[1 - axis]), (size.count, other.count))
    )
    inside = padded[padding : padding + size.size, padding : padding + other.size]
    about, letters = _ABOUT[axis], _SIZES[axis]

    def number(which: str, value: int, name: str | None = None, **cells_of: Any) -> CaptionPart:
        lit = {board: np.ravel(numbers).tolist() for board, numbers in cells_of.items() if np.size(numbers)}
        text = letters[name or which] if cells == "letters" else str(value)
        return CaptionPart(text, about[which].with_values(number=value), lit)

    # A kernel with gaps is as long as its gaps make it.
    reach = {"input": padded[: size.extent, 0]} if settings.dilation > 1 else {}
    room = [
        number("input", size.size, input=inside[:, 0]),
        CaptionPart(" + 2·"),
        number("padding", padding, input=np.setdiff1d(padded, inside)),
        CaptionPart(" − "),
        number("kernel", size.extent, "gapped" if settings.dilation > 1 else None, kernel=weights[:, 0], **reach),
    ]
    if stride > 1:
        is_whole = (size.padded - size.extent) % stride == 0
        starts = padded[: size.count * stride : stride, 0]
        room = [
            CaptionPart("(" if is_whole else "⌊("),
            *room,
            CaptionPart(")/"),
            number("stride", stride, input=starts),
            CaptionPart("" if is_whole else "⌋"),
        ]
    result = number("output", size.count, output=outputs[:, 0])
    if cells == "numbers":
        return [*room, CaptionPart(" + 1 = "), result]
    if cells == "letters":
        return [result, CaptionPart(" = "), *room, CaptionPart(" + 1")]
    return [CaptionPart(f"{letters['output']} = "), *room, CaptionPart(" + 1 = "), result]


def _tails(settings: ConvSettings, row_sums: Matrix, totals: Matrix, goes_on: bool) -> list[list[Piece]]:
    """For every step the sums of the window's rows, the bias, and what they come to.

    Args:
        goes_on: whether they go on with an equation.
    """
    bias: Any = settings.bias_vector.tolist()[0]
    tails: list[list[Piece]] = []
    for sums, total in zip(np.round(row_sums, 10).tolist(), np.round(totals, 10).ravel().tolist(), strict=True):
        pieces: list[Piece] = [("text", "=")] if goes_on else []
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
