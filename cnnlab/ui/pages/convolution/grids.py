"""The convolution page's state: settings, presets and predictions, and what its grids are handed."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.feedback.window_sum import explain
from cnnlab.lessons.convolution.edges import answers_to
from cnnlab.lessons.convolution.presets import (
    DEFAULT_INPUT,
    DEFAULT_KERNEL,
    MAX_INPUT,
    MAX_KERNEL,
    PRESETS,
    Numbers,
    random_numbers,
)
from cnnlab.lessons.convolution.second_layer import DEFAULT_SECOND_KERNEL, TwoLayers, take_further
from cnnlab.lessons.convolution.settings import ConvSettings, ConvWalk, walk
from cnnlab.number_text import Matrix
from cnnlab.texts import Message, say
from cnnlab.ui.components.grid_lab import CellError
from cnnlab.ui.pages.convolution import then
from cnnlab.ui.pages.convolution.scene import neighbours, scene
from cnnlab.ui.pages.convolution.take_along import take_along
from cnnlab.ui.parts.preset_note import preset_note
from cnnlab.ui.shell.page_list import page_of
from cnnlab.ui.state import controls, screen
from cnnlab.ui.state.grid_page import GridPage, Judgement, Stack
from cnnlab.ui.state.preset_menu import GridNumbers, preset_menu

GRID = GridPage(
    "convolution",
    (
        Stack("input", DEFAULT_INPUT, MAX_INPUT, MAX_INPUT),
        Stack("kernel", DEFAULT_KERNEL, MAX_KERNEL, MAX_KERNEL),
        Stack("second", DEFAULT_SECOND_KERNEL, MAX_KERNEL, MAX_KERNEL),
    ),
    has_letters=True,
)
MODES = {"zeros": "zeros", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
PLAIN: Mapping[str, int | float | bool] = {"stride": 1, "padding": 0, "dilation": 1, "bias": 0.0, "flip": False}
"""The settings that an example stands for; the fields of ConvSettings are also the controls' keys."""
NUMBERS = GridNumbers(GRID, ("mode", *PLAIN))


def settings_panel(goes_on: bool = False) -> ConvSettings:
    """Read everything from the link or the session, and draw the controls for what has one.

    Args:
        goes_on: whether a second kernel takes the output further.
    """
    GRID.enter()
    stacks = GRID.take_edit()
    GRID.write_link(stacks)
    menu = st.container()
    left, right = st.columns(2, gap="small")
    with left:
        stride = controls.whole_number(say("Stride"), "stride", 1, 6, 1)
        padding = controls.whole_number(say("Padding"), "padding", 0, 6, 0)
        bias = controls.real_number(say("Bias"), "bias", -1000, 1000, 0, step=1.0)
    with right:
        dilation = controls.whole_number(say("Dilation"), "dilation", 1, 5, 1)
        mode = controls.choice(say("Padding holds"), "mode", MODES, "zeros")
        st.space("small")
        flip = controls.switch(say("Flip kernel"), "flip")
    settings = ConvSettings(stacks["input"][0], stacks["kernel"][0], stride, padding, mode, dilation, bias, flip)
    current = _current_preset(settings)
    with menu:
        _menu(current)
    preset = PRESETS.get(current or "")
    preset_note(then.about_the_slide(preset) if goes_on else preset, hidden=GRID.predicts())
    _link_to_output_shape(settings)
    take_along(settings)
    return settings


def _link_to_output_shape(settings: ConvSettings) -> None:
    (h, w), (fh, fw) = settings.input.shape, settings.kernel.shape
    sizes = {"h": h, "w": w, "fh": fh, "fw": fw}
    both = {"ph": settings.padding, "sh": settings.stride, "dh": settings.dilation}
    is_square = h == w and fh == fw
    if is_square:
        numbers = {"h": h, "fh": fh} | both
    else:
        numbers = sizes | both | {name.replace("h", "w"): number for name, number in both.items()}
    page = page_of("output_shape")
    query = {name: str(number) for name, number in numbers.items()} | ({} if is_square else {"square": "false"})
    st.page_link(page.path, label=say("Why the output has this size"), icon=page.icon, query_params=query)


@st.fragment
def grids(chosen: ConvSettings, compact: bool = False, goes_on: bool = False) -> None:
    """Draw the grids, with the player and the sum unless `compact`.

    An edit reruns this only; the rest of the page and the URL follow when the typing rests.

    (A fragment of the controls as well took much longer from key press to changed cell: 90 ms instead of 55 ms.)
    """
    # By hand, all that the rest of the page says is which preset's the numbers are, and their sizes; and not the
    # preset's note while a cell is predicted.
    stacks = GRID.typed(None if compact else lambda stacks: _beside(_with(chosen, stacks)))
    settings = _with(chosen, stacks)
    steps, refusal = _walk(settings)
    errors = {name: GRID.errors(name) for name in stacks}
    if goes_on:
        _further(settings, stacks["second"][0], steps, refusal, errors)
        return
    place = GRID.run(
        steps.totals.size if steps is not None else 0,
        # Beside something else the boards have no player, where what they show is chosen.
        lambda place: scene(settings, steps, refusal, errors, compact, "numbers" if compact else place.shown_cells),
        None if steps is None else partial(_judge, settings, steps),
        _about(settings),
        way="one",
    )
    _tell(settings, None if steps is None or place.predict else steps.totals, place.step)


def _tell(settings: ConvSettings, output: Matrix | None, step: int, first: int = 0) -> None:
    """Tell a lesson what is on the screen.

    Args:
        output: the last one; None where it is not shown.
        step: where the learner is.
        first: the step of its first cell.
    """
    screen.tell(
        input=settings.input,
        kernel=settings.kernel,
        stride=settings.stride,
        padding=settings.padding,
        answers_to=answers_to(settings.kernel),
        output=output,
        output_shape=None if output is None else output.shape,
        step=step + 1,
        total=None if output is None or step < first else float(output.flat[step - first]),
    )


def _further(
    settings: ConvSettings,
    kernel: Matrix,
    steps: ConvWalk | None,
    refusal: Message | None,
    errors: Mapping[str, list[CellError]],
) -> None:
    """Draw the grids of both layers."""
    layers: TwoLayers | None = None
    if steps is not None:
        try:
            layers = take_further(steps, kernel)
        except CnnlabError as error:
            refusal = error.message
    first = 0 if steps is None else steps.totals.size

    def judge(step: int, value: float) -> Judgement:
        assert steps is not None
        assert layers is not None
        is_first = step < first
        return _judge(settings, steps, step, value) if is_first else then.judge(layers, step - first, value)

    place = GRID.run(
        0 if layers is None else first + layers.second.totals.size,
        lambda place: then.scene(settings, kernel, steps, layers, refusal, errors, place.shown_cells),
        None if layers is None else judge,
        ("further", *_about(settings)),
        way="further",
    )
    _tell(settings, None if layers is None or place.predict else layers.second.totals, place.step, first)


def _about(settings: ConvSettings) -> tuple[str, float, bool]:
    return str(settings.arguments), settings.bias, settings.flip


def _beside(settings: ConvSettings) -> Hashable:
    return _current_preset(settings), settings.input.shape, settings.kernel.shape, GRID.predicts()


def _with(chosen: ConvSettings, stacks: Mapping[str, Matrix]) -> ConvSettings:
    return replace(chosen, input=stacks["input"][0], kernel=stacks["kernel"][0])


# -------------------------------------------------------------------------------------------------------- presets


def _menu(current: str | None) -> None:
    titles = {name: preset.title for name, preset in PRESETS.items()}
    preset_menu(
        titles,
        current,
        lambda name: load(PRESETS[name].settings),
        NUMBERS,
        key="convolution_preset",
        whole=current is not None and PRESETS[current].settings.is_example,
    )
    with st.popover(say("Random numbers"), width="stretch"):
        st.number_input(say("Seed"), 0, 9999, 0, key="convolution_seed")
        st.button(say("Fill input and kernel"), on_click=_load_random, width="stretch")


def _current_preset(settings: ConvSettings) -> str | None:
    """The preset whose numbers are on the screen: an example before a kernel before an input."""
    is_plain = all(getattr(settings, name) == value for name, value in PLAIN.items())

    def shows(numbers: Numbers) -> bool:
        pairs = (numbers.input, settings.input), (numbers.kernel, settings.kernel)
        same = all(wanted is None or np.array_equal(wanted, matrix) for wanted, matrix in pairs)
        # What is said about a kernel is not true of the same one turned by 180 degrees.
        as_said = numbers.kernel is None or not settings.flip or settings.flip_changes_nothing
        return same and as_said and (is_plain or not numbers.is_example)

    matching = [(preset.settings, name) for name, preset in PRESETS.items() if shows(preset.settings)]
    matching.sort(key=lambda one: (not one[0].is_example, one[0].kernel is None))
    return matching[0][1] if matching else None


def _load_random() -> None:
    stacks = GRID.take_edit()
    sizes = stacks["input"].shape[1:], stacks["kernel"].shape[1:]
    load(random_numbers(int(st.session_state["convolution_seed"] or 0), *sizes))


def load(numbers: Numbers) -> None:
    """Put a preset's numbers on the page; an example brings the plain settings along."""
    brought = {"input": numbers.input, "kernel": numbers.kernel}
    GRID.load({name: matrix for name, matrix in brought.items() if matrix is not None})
    if numbers.is_example:
        for key, value in PLAIN.items():
            controls.set_control(key, value)


# ----------------------------------------------------------------------------------------------------- predictions


def _walk(settings: ConvSettings) -> tuple[ConvWalk | None, Message | None]:
    try:
        return walk(settings), None
    except CnnlabError as error:
        return None, error.message


def _judge(settings: ConvSettings, steps: ConvWalk, step: int, value: float) -> Judgement:
    row, column = divmod(step, steps.totals.shape[1])
    verdict = explain(settings.cell(row, column), value, neighbours(steps.totals, row, column))
    width = settings.kernel.shape[1]
    return Judgement(verdict.right, verdict.sentence, tuple(row * width + column for _, row, column in verdict.places))
