"""The panel of the transposed convolution's page: its presets and settings, kept in the link."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnnlab.lessons.transposed.presets import PRESETS
from cnnlab.lessons.transposed.settings import MAX_INPUT, MAX_KERNEL, TransposedSettings
from cnnlab.texts import message, say
from cnnlab.ui.parts.preset_note import preset_note
from cnnlab.ui.state import controls
from cnnlab.ui.state.grid_page import GridPage, Stack
from cnnlab.ui.state.preset_menu import GridNumbers, preset_menu

DEFAULT = PRESETS["overlap"].settings

GRID = GridPage(
    "transposed",
    (
        Stack("input", DEFAULT.input, MAX_INPUT, MAX_INPUT),
        Stack("kernel", DEFAULT.kernel, MAX_KERNEL, MAX_KERNEL),
    ),
    prefix="tr_",
)

NUMBERS = GridNumbers(GRID, [f"tr_{field}" for field in DEFAULT.arguments])

WAYS = {"stamp": message("Stamp by stamp"), "gather": message("Cell by cell")}

MAX_STRIDE = 3
MAX_PADDING = 4
MAX_OUTPUT_PADDING = 2
MAX_DILATION = 2
"""Together they give an output of at most 26 rows and columns, which a screen can still show."""

_PAIR = (0.78, 1.22)
"""Widths of two controls side by side: the second pair's longer name fits on one line."""


@dataclass(frozen=True, eq=False)
class Panel:
    """What the panel says.

    Args:
        settings: the transposed convolution.
        way: how its sums are taken apart; one of `WAYS`.
    """

    settings: TransposedSettings
    way: str


def settings_panel(view: str) -> Panel:
    """Read everything from the link or the session, and draw the controls for what has one."""
    GRID.enter()
    stacks = GRID.take_edit()
    GRID.write_link(stacks)
    way = "stamp"
    if view == "hand":
        way = controls.choice(
            say("A step is an input cell, or an output cell"),
            "tr_way",
            WAYS,
            "stamp",
            widget="segmented",
            label_visibility="collapsed",
        )
    menu = st.container(gap="xsmall")
    # Pair by pair, so that on a phone, where columns stand one below the other, pairs stay together.
    left, right = st.columns(_PAIR, gap="small")
    with left:
        stride = controls.whole_number(
            say("Stride"),
            "tr_stride",
            1,
            MAX_STRIDE,
            DEFAULT.stride,
            help=say("Output cells from one stamp to the next."),
        )
    with right:
        dilation = controls.whole_number(
            say("Dilation"),
            "tr_dilation",
            1,
            MAX_DILATION,
            1,
            help=say("Output cells from one cell of a stamp to the next."),
        )
    left, right = st.columns(_PAIR, gap="small")
    with left:
        padding = controls.whole_number(
            say("Padding"),
            "tr_padding",
            0,
            MAX_PADDING,
            0,
            help=say("Here padding takes away: this many rows and columns are cut off on every side of the output."),
        )
    with right:
        output_padding = controls.whole_number(
            say("Output padding"),
            "tr_output_padding",
            0,
            MAX_OUTPUT_PADDING,
            0,
            help=say("Rows and columns added at the end of the output: at the bottom and on the right."),
        )
    settings = TransposedSettings(stacks["input"][0], stacks["kernel"][0], stride, padding, output_padding, dilation)
    current = current_preset(settings)
    with menu:
        titles = {name: preset.title for name, preset in PRESETS.items()}
        preset_menu(titles, current, load, NUMBERS, key="tr_preset")
        preset_note(PRESETS.get(current or ""), hidden=GRID.predicts())
    return Panel(settings, way)


def current_preset(settings: TransposedSettings) -> str | None:
    """The preset whose numbers and settings these are."""
    return next((name for name, preset in PRESETS.items() if _are_equal(preset.settings, settings)), None)


def _are_equal(one: TransposedSettings, other: TransposedSettings) -> bool:
    pairs = (one.input, other.input), (one.kernel, other.kernel)
    return all(np.array_equal(*pair) for pair in pairs) and one.arguments == other.arguments


def load(name: str) -> None:
    """Put a preset on the page."""
    settings = PRESETS[name].settings
    GRID.load({"input": settings.input, "kernel": settings.kernel})
    for field, value in settings.arguments.items():
        controls.set_control(f"tr_{field}", value)
