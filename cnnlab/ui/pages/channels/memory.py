"""The channels page's part "In memory": the same numbers as (C, H, W) and as (H, W, C)."""

from collections.abc import Mapping
from itertools import groupby

import streamlit as st

from cnnlab import lecture
from cnnlab.lessons.channels.memory import Order, orders
from cnnlab.lessons.channels.presets import DEFAULT_PIXELS
from cnnlab.number_text import Matrix
from cnnlab.shown_text import code, markdown
from cnnlab.texts import Message, message, unfilled
from cnnlab.ui.components.grid_lab import (
    Arrangement,
    ComputedBoard,
    Group,
    Scene,
    Section,
    Tone,
    TypedBoard,
    column,
    largest,
    row,
    wrap,
)
from cnnlab.ui.parts.picture_choice import COLOURS
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state.grid_page import GridPage, Stack

MAX_ROWS, MAX_COLUMNS = 3, 4
TONES: tuple[Tone, ...] = ("red", "green", "blue")
LETTERS: Mapping[Tone, Message] = {"red": message("R"), "green": message("G"), "blue": message("B")}

GRID = GridPage(
    "channels_memory",
    (Stack("pixels", DEFAULT_PIXELS, MAX_ROWS, MAX_COLUMNS, len(TONES), min_depth=len(TONES)),),
    prefix="ch_memory_",
)

WORDS = {
    "tip": message("Type other numbers. Point at one, above or in memory, to see where it lies."),
    "feeds": unfilled("Row {row}, column {column} of this channel: its place in each of the two orders is marked."),
}
_BOARDS = tuple(str(colour) for colour in COLOURS)
"""The boards' names; their titles are said in the session's language."""


def memory_section() -> None:
    """Draw the part."""
    GRID.enter()
    GRID.write_link(GRID.take_edit())
    with stage():
        _how_many()
        _grids()
        first, last = orders(GRID.take_edit()["pixels"])
        for place, order in zip(st.columns(2, gap="medium"), (first, last), strict=True):
            with place:
                _in_words(order)
    st.markdown(
        markdown(
            "PyTorch wants an image as (C, H, W), so that a channel is one block. Pillow and Matplotlib take (H, W, C),"
            " so that a pixel is one block; {permuted} goes from one to the other. Reshaping instead of permuting keeps"
            " the order in memory and tears the pixels apart.",
            permuted=code("torch.from_numpy(picture).permute(2, 0, 1)"),
        )
    )


def _how_many() -> None:
    (_, rows, columns), (channels, _, _) = lecture.GREY_PICTURE, lecture.COLOUR_PICTURE
    st.caption(
        markdown(
            "How many numbers: a grey picture of {rows} × {columns} pixels has {rows} × {columns} = {grey:,}; in colour"
            " it has {rows} × {columns} × {channels} = {colour:,}. Their order may be (channel, width, height) or"
            " (width, height, channel); PyTorch's is (C, H, W), with the height before the width.",
            rows=rows,
            columns=columns,
            channels=channels,
            grey=rows * columns,
            colour=rows * columns * channels,
        )
    )


@st.fragment
def _grids() -> None:
    pixels = GRID.typed()["pixels"]
    GRID.run(2 * pixels.size, lambda _: _scene(pixels))


def _in_words(order: Order) -> None:
    shape = ", ".join(map(str, order.array.shape))
    st.code(f"# {order.name} = ({shape})\n# {order.formula}\n{order.text}", language="python")


def _scene(pixels: Matrix) -> Scene:
    """Three channels, and the two orders in which their numbers lie in memory. Every place in memory is a step."""
    both = orders(pixels)
    scale = largest(pixels)
    channels = {
        name: TypedBoard(
            COLOURS[channel],
            pixels[channel],
            "pixels",
            channel,
            limits=None if channel else (MAX_ROWS, MAX_COLUMNS),
            look="picture",
            scale=scale,
            tone=TONES[channel],
            errors=GRID.errors("pixels", channel),
        )
        for channel, name in enumerate(_BOARDS)
    }
    strips = {
        order.name: ComputedBoard(
            message("{order} in memory", order=order.name),
            order.flat[None],
            first=number * pixels.size,
            look="picture",
            scale=scale,
            tones=[TONES[channel] for channel in order.sources[:, 0].tolist()],
            letters=LETTERS,
        )
        for number, order in enumerate(both)
    }
    return Scene(
        channels | strips,
        (
            Arrangement(column(row(*_BOARDS), *strips), tall=430, largest=44),
            Arrangement(wrap(*_BOARDS, *strips), narrow=True, largest=36),
        ),
        steps=2 * pixels.size,
        reads={"pixels": [[cell] for order in both for cell in _cells(order, pixels)]},
        groups=[group for number, order in enumerate(both) for group in _groups(order, number * pixels.size)],
        fills=False,
        predicts=False,
        compact=True,
        words=WORDS,
    )


def _cells(order: Order, pixels: Matrix) -> list[int]:
    """For each place in memory the cell of its channel that lies there, counted row by row."""
    return (order.sources[:, 1] * pixels.shape[2] + order.sources[:, 2]).tolist()


def _groups(order: Order, first: int) -> list[Group]:
    """The places in memory that follow one another and come from one channel."""
    groups: list[Group] = []
    for channel, run in groupby(order.sources[:, 0].tolist()):
        count = len(list(run))
        groups.append(Group(first, count, (Section(_BOARDS[channel], None, 1),)))
        first += count
    return groups
