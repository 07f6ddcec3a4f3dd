"""What the grids of the channels page show: channels, each kernel's slices beneath them, and a map for each kernel."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cnnlab.lessons.channels.settings import MAX_INPUT, MAX_KERNEL, ChannelSettings, ChannelWalk
from cnnlab.ops import pad
from cnnlab.texts import Message, message, unfilled
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
    table,
    wrap,
)

WORDS = {
    "tip": message("Type into channels, kernels and biases. Point at a cell to see what it is connected to."),
    "sum_title": unfilled("{name}, row {row}, column {column}"),
    "sum_label": message("The products of this output cell"),
    "predict_tip": unfilled(
        "What will be in {name}, row {row}, column {column}? Type it into the cell and press Enter."
    ),
    "feeds": unfilled("This cell in row {row}, column {column} feeds {count} output cells, in all maps together."),
    "feeds_one": unfilled("This cell in row {row}, column {column} feeds one output cell."),
}

Complaints = Callable[[str, int], list[CellError]]
"""What is typed but no number, by stack and matrix."""


def scene(
    settings: ChannelSettings,
    steps: ChannelWalk | None,
    refusal: Message | None,
    complaints: Complaints,
    compact: bool,
    tip: Message | None = None,
) -> Scene:
    """Describe the page's grids.

    Args:
        steps: None where the settings have no output; `refusal` says why.
        tip: what is said beside the player in place of what can be done.
    """
    boards: dict[str, TypedBoard | ComputedBoard] = _typed(settings, complaints)
    if steps is None:
        boards[output_board(0)] = ComputedBoard(message("Output"), np.zeros((1, 0)), first=0, refusal=refusal)
        return Scene(boards, _refused(settings, compact), refusal=refusal, compact=compact, is_high=True, words=WORDS)
    boards |= _outputs(settings, steps)
    count = steps.totals.size
    places = steps.totals.shape[1]
    groups = [
        _group(settings, kernel, place, steps.cells) for kernel in range(settings.outputs) for place in range(places)
    ]
    return Scene(
        boards,
        _arrangements(settings, places, compact),
        steps=count,
        reads={
            "input": steps.reads.tolist(),
            "bias": [[kernel] for kernel in range(settings.outputs) for _ in range(places * steps.cells)],
        },
        groups=groups,
        products=steps.products.reshape(count, -1),
        parts=steps.parts.reshape(count, -1),
        total_scale=largest(steps.totals),
        compact=compact,
        is_high=True,
        words=WORDS if tip is None else WORDS | {"tip": tip},
    )


def kernel_board(kernel: int, slice_: int) -> str:
    """What the board of a kernel's slice is called."""
    return f"kernel{kernel}_{slice_}"


def output_board(kernel: int, place: int = 0) -> str:
    """What the board of a kernel's map is called, or of a slice of it."""
    return f"out{kernel}_{place}"


def _typed(settings: ChannelSettings, complaints: Complaints) -> dict[str, Any]:
    padded = pad(settings.input, settings.padding)
    boards: dict[str, Any] = {}
    for channel, values in enumerate(settings.input):
        boards[f"input{channel}"] = TypedBoard(
            message("Channel {channel}", channel=channel + 1),
            values,
            "input",
            channel,
            limits=None if channel else (MAX_INPUT, MAX_INPUT),
            padded=padded[channel],
            look="picture",
            scale=largest(settings.input),
            errors=complaints("input", channel),
        )
    scale = largest(settings.kernels)
    for kernel, slices in enumerate(settings.kernels):
        for number, values in enumerate(slices):
            index = kernel * settings.depth + number
            boards[kernel_board(kernel, number)] = TypedBoard(
                message("Kernel {kernel}", kernel=kernel + 1),
                values,
                "kernel",
                index,
                label=message("Kernel {kernel}, slice {slice}", kernel=kernel + 1, slice=number + 1),
                limits=None if index else (MAX_KERNEL, MAX_KERNEL),
                scale=scale,
                errors=complaints("kernel", index),
            )
    boards["bias"] = TypedBoard(
        message("Biases") if settings.outputs > 1 else message("Bias"),
        settings.biases[:, None],
        "bias",
        label=message("Bias"),
        errors=complaints("bias", 0),
    )
    return boards


def _outputs(settings: ChannelSettings, steps: ChannelWalk) -> dict[str, ComputedBoard]:
    scale = largest(steps.totals)
    boards: dict[str, ComputedBoard] = {}
    first = 0
    for kernel, volume in enumerate(steps.totals):
        for place, values in enumerate(volume):
            title = _output_title(settings, kernel, place)
            boards[output_board(kernel, place)] = ComputedBoard(title, values, first=first, scale=scale)
            first += values.size
    return boards


def _output_title(settings: ChannelSettings, kernel: int, place: int) -> Message:
    if not settings.slides_in_depth:
        return message("Output {number}", number=kernel + 1)
    if settings.outputs == 1:
        return message("Slice {slice}", slice=place + 1)
    return message("Map {map}, slice {slice}", map=kernel + 1, slice=place + 1)


def _group(settings: ChannelSettings, kernel: int, place: int, cells: int) -> Group:
    """What the sums of a map are made of, or of a slice of a volume."""
    first = (kernel * settings.places_in_depth + place) * cells
    columns = settings.kernels.shape[3]
    sections = tuple(
        Section(
            f"input{channel}", kernel_board(kernel, number), columns, message("Channel {channel}", channel=channel + 1)
        )
        for number, channel in enumerate(settings.channels_of(kernel, place))
    )
    sums: list[Piece] = []
    for number in range(settings.depth):
        sums += [("part", number), ("text", "+")]
    bias: Any = settings.biases.tolist()[kernel]
    tail: tuple[Piece, ...] = (*sums, ("text", message("bias")), ("given", bias), ("text", "="), ("total", None))
    return Group(first, cells, sections, also=("bias",), tail=tail)


# ------------------------------------------------------------------------------------------------- how they stand


def _refused(settings: ChannelSettings, compact: bool) -> tuple[Arrangement, ...]:
    """Where there is no output: all kernels, slice by slice, and the reason at the first map's place."""
    # Groups that do not go with the numbers of channels and kernels say nothing about where a slice belongs.
    settings = replace(settings, groups=1)
    slices = range(settings.depth)
    width = max(settings.channels, settings.depth)
    rows = [_spread({channel: f"input{channel}" for channel in range(settings.channels)}, width, "bias")]
    for kernel in range(settings.outputs):
        found = (output_board(0), "+", "=") if kernel == 0 else ("", "+")
        rows.append(_spread({number: kernel_board(kernel, number) for number in slices}, width, *found))
    boards = table(*rows)
    by_channel = wrap(output_board(0), *_by_channel(settings, 0)["items"])
    return (
        *(() if compact else (Arrangement(row(boards, SUM), wide=_beside(width), tall=445, tallest=720, largest=44),)),
        Arrangement(boards, wide=_least(width), tall=340, tallest=600, largest=44),
        Arrangement(by_channel, narrow=True, largest=36),
    )


def _arrangements(settings: ChannelSettings, places: int, compact: bool) -> tuple[Arrangement, ...]:
    boards = _table(settings, places)
    by_channel = _by_channel(settings, places)
    beside = Arrangement(row(boards, SUM), wide=_beside(settings.channels), tall=445, tallest=720)
    return (
        *(() if compact else (beside,)),
        Arrangement(boards, wide=_least(settings.channels), tall=340, tallest=600, largest=44),
        Arrangement(by_channel, narrow=True, largest=36),
    )


def _beside(channels: int) -> int:
    """From which width on the sum has room beside boards of so many channels."""
    return 340 + 190 * max(2, channels)


def _least(channels: int) -> int:
    """From which width on the table of so many channels has room, with all the padding that there may be."""
    return 120 + 170 * channels


def _table(settings: ChannelSettings, places: int) -> dict[str, Any]:
    """Each kernel's slices stand beneath the channels that they meet, and its map at the end of its row.

    Kernels of different groups share a row, for they meet different channels. Their maps, as the slices of a volume,
    stand in a row of their own, each under the first channel that it was made of.
    """
    channels = range(settings.channels)
    rows: list[list[str]] = [_spread({channel: f"input{channel}" for channel in channels}, settings.channels, "bias")]
    shared = max(1, settings.outputs // settings.groups)
    for first in range(shared if settings.groups > 1 else settings.outputs):
        slices: dict[int, str] = {}
        maps: dict[int, str] = {}
        # With several groups, kernel `first` of each.
        for kernel in range(first, settings.outputs, shared) if settings.groups > 1 else (first,):
            seen = settings.channels_of(kernel)
            slices |= {channel: kernel_board(kernel, number) for number, channel in enumerate(seen)}
            maps |= {seen.start + place: output_board(kernel, place) for place in range(places)}
        if len(maps) > 1:
            rows += [_spread(slices, settings.channels, "", "+"), _spread(maps, settings.channels, "")]
        else:
            rows.append(_spread(slices, settings.channels, output_board(first), "+", "="))
    return table(*rows)


def _spread(boards: Mapping[int, str], channels: int, last: str, between: str = "", before: str = "") -> list[str]:
    """A row of the table: boards by channel, signs between the slices of one kernel, and what comes last."""
    items: list[str] = []
    for channel in range(channels):
        items.append(boards.get(channel, ""))
        together = boards.get(channel, "").rpartition("_")[0] == boards.get(channel + 1, " ").rpartition("_")[0]
        items.append(between if together else "")
    items[-1] = before
    return [*items, last]


def _by_channel(settings: ChannelSettings, places: int) -> dict[str, Any]:
    """Channel by channel, each with the slices that it meets: what a phone has room for."""
    kernels = range(settings.outputs)
    met: dict[int, list[str]] = {channel: [] for channel in range(settings.channels)}
    for kernel in kernels:
        for number, channel in enumerate(settings.channels_of(kernel)):
            met.setdefault(channel, []).append(kernel_board(kernel, number))
    parts = [column(f"input{channel}", wrap(*met[channel])) for channel in range(settings.channels)]
    # Slices beyond the last channel, of a kernel deeper than the input, belong to none.
    strays = [board for channel, boards in met.items() if channel >= settings.channels for board in boards]
    outputs = [output_board(kernel, place) for kernel in kernels for place in range(places)]
    return wrap(*parts, *strays, "bias", *outputs)
