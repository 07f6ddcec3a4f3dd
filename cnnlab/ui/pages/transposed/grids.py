"""The parts with grids: "By hand", "Overlaps" and "As a convolution"."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.transposed.cells import direct_windows, meetings
from cnnlab.lessons.transposed.quiz import explain
from cnnlab.lessons.transposed.settings import TransposedSettings, TransposedWalk, direct_convolution, walk
from cnnlab.number_text import Matrix
from cnnlab.shown_text import markdown
from cnnlab.texts import say
from cnnlab.ui.pages.transposed.scene import direct_scene, gather_scene, overlap_scene, refused_scene, stamp_scene
from cnnlab.ui.pages.transposed.settings import GRID, current_preset
from cnnlab.ui.shell.present import boards_stage
from cnnlab.ui.state.grid_page import Judgement

Terms = Callable[[int], Mapping[int, int]]
"""For a step, which term of its sum each input cell is a part of."""


@st.fragment
def by_hand(chosen: TransposedSettings, way: str) -> None:
    """Draw input, kernel and output, stepped by the cells of the input or of the output; an edit reruns this only."""
    settings = _typed(chosen)
    # As high with the two formulas of an output that is no square.
    with st.container(key="transposed_formula", gap=None):
        _formula(settings)
    with boards_stage():
        steps = _walk_or_refuse(settings)
        if steps is None:
            return
        if way == "stamp":
            GRID.run(settings.input.size, lambda _: stamp_scene(settings, steps, _errors()), way="stamps")
            return
        cells = meetings(settings, steps)
        GRID.run(
            steps.totals.size,
            lambda _: gather_scene(settings, steps, cells, _errors()),
            _judge(settings, steps, lambda step: _places(cells[step].inputs)),
            (str(settings.arguments), "gather"),
            way="output",
        )


@st.fragment
def overlaps(chosen: TransposedSettings) -> None:
    """Draw how many stamps cover each cell; an edit reruns this only."""
    settings = _typed(chosen)
    steps = _walk_or_refuse(settings)
    if steps is None:
        return
    cells = meetings(settings, steps, with_rim=True)
    GRID.run(steps.overlaps.size, lambda _: overlap_scene(settings, steps, cells, _errors()), way="overlaps")


@st.fragment
def as_convolution(chosen: TransposedSettings) -> None:
    """Draw the convolution that does the same; an edit reruns this only."""
    settings = _typed(chosen)
    steps = _walk_or_refuse(settings)
    if steps is None:
        return
    direct = direct_convolution(settings)
    reads, products = direct_windows(direct)
    sources = direct.sources.ravel()[reads].tolist()
    GRID.run(
        steps.totals.size,
        lambda _: direct_scene(settings, direct, reads, products, _errors()),
        _judge(settings, steps, lambda step: _places(sources[step])),
        (str(settings.arguments), "direct"),
        way="output",
    )


def _typed(chosen: TransposedSettings) -> TransposedSettings:
    """The settings with what is typed now.

    Beside the grids the page only says which preset's numbers they are, and not its note while a cell is predicted.
    """

    def settings(stacks: Mapping[str, Matrix]) -> TransposedSettings:
        return replace(chosen, input=stacks["input"][0], kernel=stacks["kernel"][0])

    return settings(GRID.typed(lambda stacks: (current_preset(settings(stacks)), GRID.predicts())))


def _walk_or_refuse(settings: TransposedSettings) -> TransposedWalk | None:
    """Work the steps out; where the settings do not go together, draw why, and what is typed."""
    try:
        return walk(settings)
    except CnnlabError as error:
        refusal = error.message
        GRID.run(0, lambda _: refused_scene(settings, refusal, _errors()))
        return None


def _formula(settings: TransposedSettings) -> None:
    """Write the output's size as the formula with the numbers at hand: both axes where they differ."""
    letters = say(
        "H and W are the rows and columns of the input, FH and FW those of the kernel; S is the stride, P the padding,"
        " D the dilation, OP the output padding."
    )
    rows, columns = (settings.size_formula(axis) for axis in (0, 1))
    of_rows = f"(H − 1)·S − 2·P + D·(FH − 1) + OP + 1 = {rows}"
    of_columns = f"(W − 1)·S − 2·P + D·(FW − 1) + OP + 1 = {columns}"
    if rows == columns:
        st.caption(markdown("Output rows and columns: {formula}", formula=of_rows), help=letters)
    else:
        st.caption(markdown("Output rows: {formula}", formula=of_rows), help=letters)
        st.caption(markdown("Output columns: {formula}", formula=of_columns), help=letters)


def _errors() -> dict[str, list]:
    return {name: GRID.errors(name) for name in GRID.stacks}


def _judge(settings: TransposedSettings, steps: TransposedWalk, terms: Terms) -> Callable[[int, float], Judgement]:
    width = steps.totals.shape[1]

    def judge(step: int, value: float) -> Judgement:
        verdict = explain(settings, *divmod(step, width), value)
        places = terms(step)
        cells = (row * settings.input.shape[1] + column for row, column in verdict.places)
        return Judgement(verdict.right, verdict.sentence, tuple(places[cell] for cell in cells))

    return judge


def _places(cells: tuple[int, ...] | list[int]) -> dict[int, int]:
    return {cell: term for term, cell in enumerate(cells) if cell >= 0}
