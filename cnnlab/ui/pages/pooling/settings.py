"""The pooling page's panel: its presets and settings, kept in the link."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnnlab.lessons.pooling.presets import DEFAULT_INPUT, PRESETS
from cnnlab.lessons.pooling.settings import MAX_INPUT, MAX_KERNEL, PoolSettings
from cnnlab.texts import message, say
from cnnlab.ui.parts.preset_note import preset_note
from cnnlab.ui.shell.page_list import page_of
from cnnlab.ui.state import controls
from cnnlab.ui.state.grid_page import GridPage, Stack
from cnnlab.ui.state.preset_menu import GridNumbers, preset_menu

GRID = GridPage("pooling", (Stack("input", DEFAULT_INPUT, MAX_INPUT, MAX_INPUT),), prefix="pool_")

KINDS = {"max": message("Maximum"), "avg": message("Average")}
_SET_BY_PRESETS = ("kind", "rows", "columns", "stride", "padding", "dilation", "ceil", "count")
NUMBERS = GridNumbers(GRID, [f"pool_{field}" for field in _SET_BY_PRESETS])

SHIFTS = {"right": "→", "down": "↓", "left": "←", "up": "↑"}


@dataclass(frozen=True, eq=False)
class Panel:
    """What the panel says.

    Args:
        settings: the pooling.
        gradient: whether the way back of a gradient is drawn.
        shift: where the input is moved to; one of `SHIFTS`.
    """

    settings: PoolSettings
    gradient: bool
    shift: str


def settings_panel(view: str) -> Panel:
    """Read everything from the link or the session, and draw the controls for what has one."""
    GRID.enter()
    stacks = GRID.take_edit()
    GRID.write_link(stacks)
    menu = st.container(gap="xsmall")
    kind = controls.choice(
        say("Keep from each window"), "pool_kind", KINDS, "max", widget="segmented", label_visibility="collapsed"
    )
    is_max = kind == "max"
    towards = "right"
    if view == "shift":
        towards = controls.choice(say("Move the input by one"), "pool_shift", SHIFTS, "right", widget="segmented")
    # Pair by pair, so that on a phone, where columns stand one below the other, pairs stay together.
    left, right = st.columns(2, gap="small")
    with left:
        rows = controls.whole_number(say("Window: rows"), "pool_rows", 1, MAX_KERNEL, 2)
    with right:
        columns = controls.whole_number(say("Window: columns"), "pool_columns", 1, MAX_KERNEL, 2)
    left, right = st.columns(2, gap="small")
    with left:
        stride = controls.whole_number(say("Stride"), "pool_stride", 1, 4, 2)
    with right:
        padding = controls.whole_number(
            say("Padding"),
            "pool_padding",
            0,
            2,
            0,
            help=say("At most half of the window, so that each window reads some input."),
        )
    left, right = st.columns(2, gap="small", vertical_alignment="center")
    with left:
        dilation = controls.whole_number(
            say("Dilation"),
            "pool_dilation",
            1,
            3,
            1,
            help=say("Pixels from one cell of the window to the next. Average pooling has no dilation."),
            disabled=not is_max,
        )
    with right:
        ceil = controls.switch(
            say("Ceil"),
            "pool_ceil",
            help=say("ceil_mode: round the output's size up, so that the last windows reach beyond the input."),
        )
    counts = controls.switch(
        say("Count the padding"),
        "pool_count",
        True,
        help=say("count_include_pad: whether average pooling also divides by the cells of the padding."),
        disabled=is_max or not padding,
    )
    gradient = controls.switch(
        say("Send a gradient back"),
        "pool_gradient",
        help=say(
            "Where does the gradient go? Each output cell sends back 1, and each input cell adds up what it gets."
        ),
        disabled=view != "hand",
    )
    settings = PoolSettings(
        stacks["input"][0], "max" if is_max else "avg", (rows, columns), stride, padding, dilation, ceil, counts
    )
    # A preset is about the numbers that are typed.
    if view != "picture":
        current = current_preset(settings)
        with menu:
            titles = {name: preset.title for name, preset in PRESETS.items()}
            preset_menu(titles, current, load, NUMBERS, key="pool_preset")
            preset_note(PRESETS.get(current or ""), hidden=GRID.predicts())
    return Panel(settings, gradient, towards)


def link_to_network() -> None:
    """Say what pooling is there for in a network, and lead to one that shows it."""
    page = page_of("network")
    label = say("Convolutions mostly keep the size, pooling shrinks it")
    st.page_link(page.path, label=label, icon=page.icon, query_params={"net": "keep-and-shrink"})


def current_preset(settings: PoolSettings) -> str | None:
    """The preset whose numbers and settings these are."""
    return next((name for name, preset in PRESETS.items() if _are_equal(preset.settings, settings)), None)


def _are_equal(one: PoolSettings, other: PoolSettings) -> bool:
    return np.array_equal(one.input, other.input) and one.arguments == other.arguments and one.kind == other.kind


def load(name: str) -> None:
    """Put a preset on the page."""
    settings = PRESETS[name].settings
    GRID.load({"input": settings.input})
    values = {
        "kind": settings.kind,
        "rows": settings.kernel[0],
        "columns": settings.kernel[1],
        "stride": settings.stride,
        "padding": settings.padding,
        "dilation": settings.dilation,
        "ceil": settings.ceil,
        "count": settings.count_include_pad,
    }
    for field, value in values.items():
        controls.set_control(f"pool_{field}", value)
