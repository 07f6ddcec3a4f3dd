"""The channels page's state: controls, presets and predictions, and what its grids are handed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.feedback.window_sum import explain
from cnnlab.lessons.channels.presets import ABOUT_DEPTH, DEFAULT, PRESETS, SPARE_INPUT, SPARE_KERNELS, random_like
from cnnlab.lessons.channels.pytorch_code import torch_refusal
from cnnlab.lessons.channels.settings import (
    MAX_CHANNELS,
    MAX_INPUT,
    MAX_KERNEL,
    MAX_KERNELS,
    MAX_PADDING,
    MAX_STRIDE,
    ChannelSettings,
    ChannelWalk,
    walk,
)
from cnnlab.number_text import Matrix
from cnnlab.shown_text import code, markdown
from cnnlab.texts import Message, say
from cnnlab.ui.pages.channels.scene import scene
from cnnlab.ui.parts.preset_note import preset_note
from cnnlab.ui.state import controls, links, screen
from cnnlab.ui.state.following_menu import following_menu
from cnnlab.ui.state.grid_page import GridPage, Judgement, Stack
from cnnlab.ui.state.preset_menu import GridNumbers, preset_menu

GRID = GridPage(
    "channels",
    (
        Stack("input", DEFAULT.input, MAX_INPUT, MAX_INPUT, MAX_CHANNELS, spare=SPARE_INPUT),
        Stack("kernel", DEFAULT.kernels, MAX_KERNEL, MAX_KERNEL, MAX_CHANNELS, MAX_KERNELS, SPARE_KERNELS),
        Stack("bias", DEFAULT.biases[:, None], MAX_KERNELS, 1),
    ),
    prefix="ch_",
    # The middle of the first map: no padding there, and most of the products are not 0.
    opens_at=4,
)
_WIDTHS = (190, 84, 84, 112, 104, 123, 123)
"""Pixels of the controls, from the presets' menu to the padding."""
_GROUPS, _STRIDE, _PADDING = "ch_groups", "ch_stride", "ch_padding"
_NUMBERS = GridNumbers(GRID, (_STRIDE, _PADDING), {_GROUPS: 1})


def settings_row() -> ChannelSettings:
    """Read everything from the link or the session, and draw the controls for what has one."""
    GRID.enter()
    stacks = _with_fitting_biases()
    GRID.write_link(stacks)
    groups = links.read_int(_GROUPS, 1, 1, MAX_CHANNELS)
    links.write_int(_GROUPS, groups, 1)
    # Not columns, which a phone puts one below the other.
    with st.container(horizontal=True, gap="small", key="channels_controls"):
        menu, *places = (st.container(width=width) for width in _WIDTHS)
    with places[4]:
        stride = controls.whole_number(say("Stride"), _STRIDE, 1, MAX_STRIDE, DEFAULT.stride, widget="number")
    with places[5]:
        padding = controls.whole_number(say("Padding"), _PADDING, 0, MAX_PADDING, DEFAULT.padding, widget="number")
    settings = _settings(
        stacks, ChannelSettings(DEFAULT.input, DEFAULT.kernels, DEFAULT.biases, stride, padding, groups)
    )
    for place, draw in zip(places, (_channels_menu, _kernels_menu, _depth_menu, _groups_menu), strict=False):
        with place:
            draw(settings)
    with menu:
        titles = {name: preset.title for name, preset in PRESETS.items()}
        preset_menu(titles, _current_preset(settings), _load_preset, _NUMBERS, key="channels_preset")
    return settings


def _with_fitting_biases() -> dict[str, Matrix]:
    """What is typed; a link whose biases do not go with its kernels is told so, and gets as many as there are."""
    stacks = GRID.take_edit()
    wanted, found = len(stacks["kernel"]), stacks["bias"].shape[1]
    if wanted == found:
        return stacks
    st.warning(
        markdown(
            "Each kernel has one bias, but in the link {kernel} holds {kernels} and {bias} holds {biases}: extra biases"
            " are left out, and missing ones are 0.",
            biases=found,
            bias=code("ch_bias"),
            kernels=wanted,
            kernel=code("ch_kernel"),
        )
    )
    GRID.reshape("bias", (1, wanted, 1))
    return GRID.take_edit()


def _settings(stacks: Mapping[str, Matrix], chosen: ChannelSettings) -> ChannelSettings:
    return replace(chosen, input=stacks["input"], kernels=stacks["kernel"], biases=stacks["bias"][0, :, 0])


@st.fragment
def grids(chosen: ChannelSettings, compact: bool = False) -> None:
    """Draw the grids, with the player and the sum unless `compact`. An edit reruns this only."""
    stacks = GRID.typed(None if compact else lambda stacks: _told_beside(_settings(stacks, chosen)))
    settings = _settings(stacks, chosen)
    steps, refusal = _walk(settings)
    preset = _current_preset(settings)
    tip = PRESETS[preset].note if preset in ABOUT_DEPTH else None
    place = GRID.run(
        steps.totals.size if steps is not None else 0,
        lambda _: scene(settings, steps, refusal, GRID.errors, compact, tip),
        None if steps is None else partial(_judge, settings, steps),
        (settings.stride, settings.padding, settings.groups),
    )
    totals = None if steps is None or place.predict else steps.totals
    screen.tell(
        input_shape=settings.input.shape,
        kernel_shape=settings.kernels.shape,
        stride=settings.stride,
        padding=settings.padding,
        # (kernels, slices, OH, OW): of one slice each, as PyTorch has it.
        output_shape=None
        if totals is None
        else totals.shape
        if totals.shape[1] > 1
        else (totals.shape[0], *totals.shape[2:]),
    )


def _told_beside(settings: ChannelSettings) -> tuple[object, ...]:
    """What the page says beside the grids: how many numbers there are, which preset's, and whether its note is told."""
    return settings.input.shape, settings.kernels.shape, _current_preset(settings), GRID.predicts()


# ---------------------------------------------------------------------------------------- how many, and how deep


def _channels_menu(settings: ChannelSettings) -> None:
    options = range(1, MAX_CHANNELS + 1)
    following_menu(say("Channels"), options, settings.channels, partial(_set_channels, settings), key="channels_count")


def _kernels_menu(settings: ChannelSettings) -> None:
    count = settings.outputs
    # Each group has as many kernels as the others.
    options = sorted({*range(settings.groups, MAX_KERNELS + 1, settings.groups), count})
    following_menu(say("Kernels"), options, count, partial(_set_kernels, settings), key="channels_kernels")


def _depth_menu(settings: ChannelSettings) -> None:
    channels, depth = settings.channels, settings.depth
    options = sorted({*range(1, channels + 1), depth}, reverse=True)
    following_menu(
        say("Kernel depth"),
        options,
        depth,
        partial(_set_depth, settings),
        key="channels_depth",
        format_func=lambda number: say("{number} (all)", number=number) if number == channels else str(number),
        disabled=settings.groups > 1,
        help=say(
            "How many slices a kernel has. As many as the input has channels: one map. Fewer: it moves in depth, too."
        ),
    )


def _groups_menu(settings: ChannelSettings) -> None:
    channels, groups = settings.channels, settings.groups
    options = sorted({*(number for number in range(1, channels + 1) if channels % number == 0), groups})
    following_menu(
        say("Groups"),
        options,
        groups,
        partial(_set_groups, settings),
        key="channels_groups",
        format_func=lambda number: say("{number} (each)", number=number) if number == channels > 1 else str(number),
        help=say("The channels fall into this many groups, and each kernel sees one of them."),
    )


def _set_channels(settings: ChannelSettings, channels: int) -> None:
    GRID.reshape("input", (channels, *GRID.take_edit()["input"].shape[1:]))
    if settings.groups > 1 and settings.groups == settings.channels:
        _regroup(settings, channels, channels)
    elif settings.groups > 1 and channels % settings.groups == 0:
        _regroup(settings, channels, settings.groups)
    elif settings.slides_in_depth:
        _shape_kernels(settings.outputs, min(settings.depth, channels))
    else:
        _regroup(settings, channels, 1)


def _set_kernels(settings: ChannelSettings, outputs: int) -> None:
    # As deep as a group, where there are groups: whoever changes the one number would be told the other next.
    is_grouped = settings.groups > 1 and settings.channels % settings.groups == 0
    _shape_kernels(outputs, settings.channels // settings.groups if is_grouped else settings.depth)


def _set_depth(settings: ChannelSettings, depth: int) -> None:
    _shape_kernels(settings.outputs, depth)


def _set_groups(settings: ChannelSettings, groups: int) -> None:
    _regroup(settings, settings.channels, groups)


def _regroup(settings: ChannelSettings, channels: int, groups: int) -> None:
    """Have the channels fall into groups: the kernels get as deep as one, and as many as a multiple of them."""
    links.write_int(_GROUPS, groups, 1)
    outputs = max(groups, settings.outputs // groups * groups)
    _shape_kernels(outputs, channels // groups)


def _shape_kernels(outputs: int, depth: int) -> None:
    # Rows and columns as they are now: the settings are of the last run of the whole page.
    GRID.reshape("kernel", (outputs, depth, *GRID.take_edit()["kernel"].shape[2:]))
    GRID.reshape("bias", (1, outputs, 1))


# -------------------------------------------------------------------------------------------------------- presets


def remarks(settings: ChannelSettings) -> None:
    """Say what there is to see, and why a thin kernel takes another kind of convolution; offer other numbers."""
    said, offered = st.columns([3, 1], gap="medium")
    with said:
        refused = settings.without_depth()
        if refused is not None:
            st.caption(_why_in_depth(settings, refused))
        preset = _current_preset(settings) or ""
        preset_note(None if preset in ABOUT_DEPTH else PRESETS.get(preset), hidden=GRID.predicts())
    with offered, st.popover(say("Random numbers"), width="stretch"):
        st.number_input(say("Seed"), 0, 9999, 0, key="channels_seed")
        st.button(
            say("Fill channels and kernels"),
            key="channels_fill",
            on_click=_load_random,
            args=(settings,),
            width="stretch",
        )


def _why_in_depth(settings: ChannelSettings, refused: Message) -> str:
    """Say in Markdown what a 2D convolution says to a thin kernel, and what a 3D convolution does with it."""
    return markdown(
        "A 2D convolution has no axis to move a kernel along in depth: every cell of a map adds up all channels, so the"
        " depths must agree. It refuses this one: “{refused}” (PyTorch says: {torch}.) A 3D convolution moves it: a"
        " kernel {depth} deep has {channels} − {depth} + 1 = {places} places among {channels} channels, and what comes"
        " out is a volume.",
        refused=refused,
        torch=code(torch_refusal(settings)),
        channels=settings.channels,
        depth=settings.depth,
        places=settings.places_in_depth,
    )


def _current_preset(settings: ChannelSettings) -> str | None:
    def shows(wanted: ChannelSettings) -> bool:
        pairs = (
            (wanted.input, settings.input),
            (wanted.kernels, settings.kernels),
            (wanted.biases, settings.biases),
        )
        numbers = (wanted.stride, wanted.padding, wanted.groups) == (settings.stride, settings.padding, settings.groups)
        return numbers and all(np.array_equal(one, other) for one, other in pairs)

    return next((name for name, preset in PRESETS.items() if shows(preset.settings)), None)


def _load_preset(name: str) -> None:
    load(PRESETS[name].settings)


def _load_random(settings: ChannelSettings) -> None:
    load(random_like(int(st.session_state["channels_seed"] or 0), settings))


def load(settings: ChannelSettings) -> None:
    """Put a layer's numbers on the page, from a callback."""
    GRID.load({"input": settings.input, "kernel": settings.kernels, "bias": settings.biases[:, None]})
    links.write_int(_GROUPS, settings.groups, 1)
    controls.set_control(_STRIDE, settings.stride)
    controls.set_control(_PADDING, settings.padding)


# ----------------------------------------------------------------------------------------------------- predictions


def _walk(settings: ChannelSettings) -> tuple[ChannelWalk | None, Message | None]:
    try:
        return walk(settings), None
    except CnnlabError as error:
        return None, error.message


def _judge(settings: ChannelSettings, steps: ChannelWalk, step: int, value: float) -> Judgement:
    kernel, place, row, column = steps.place(step)
    totals = steps.totals
    others = {other + 1: float(totals[other, place, row, column]) for other in range(len(totals)) if other != kernel}
    verdict = explain(
        settings.cell(kernel, place, row, column), value, _neighbours(totals[kernel, place], row, column), others
    )
    rows, columns = settings.kernels.shape[2:]
    terms = tuple((channel * rows + down) * columns + across for channel, down, across in verdict.places)
    return Judgement(verdict.right, verdict.sentence, terms)


def _neighbours(totals: Matrix, row: int, column: int) -> dict[str, float]:
    places = {"left": (0, -1), "right": (0, 1), "above": (-1, 0), "below": (1, 0)}
    return {
        name: float(totals[row + down, column + across])
        for name, (down, across) in places.items()
        if 0 <= row + down < totals.shape[0] and 0 <= column + across < totals.shape[1]
    }
