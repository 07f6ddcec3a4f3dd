"""The pooling page's parts with grids: "By hand" and "Shift by one"."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.pooling.quiz import explain
from cnnlab.lessons.pooling.settings import PoolSettings, PoolWalk, shift_experiment, walk
from cnnlab.number_text import Matrix
from cnnlab.texts import Message
from cnnlab.ui.pages.pooling.scene import scene, shift_scene
from cnnlab.ui.pages.pooling.settings import GRID, current_preset
from cnnlab.ui.state import screen
from cnnlab.ui.state.grid_page import Judgement

_DIRECTIONS = {"right": (0, 1), "down": (1, 0), "left": (0, -1), "up": (-1, 0)}


@st.fragment
def by_hand(chosen: PoolSettings, with_gradient: bool) -> None:
    """Draw input and output, the window and its numbers; an edit reruns this only."""
    settings = _typed(chosen)
    steps, refusal = _walk(settings)
    errors = GRID.errors("input")
    place = GRID.run(
        steps.totals.size if steps is not None else 0,
        lambda place: scene(settings, steps, refusal, errors, with_gradient, place.predict),
        None if steps is None else partial(_judge, settings, steps),
        (settings.kind, str(settings.arguments)),
    )
    totals = None if steps is None or place.predict else steps.totals
    screen.tell(
        input=settings.input,
        kind=settings.kind,
        kernel_shape=settings.kernel,
        stride=settings.stride,
        padding=settings.padding,
        output=totals,
        output_shape=None if totals is None else totals.shape,
    )


@st.fragment
def shift_by_one(chosen: PoolSettings, towards: str) -> None:
    """Draw what a shift of the input by one pixel leaves as it was, with pooling and without."""
    settings = _typed(chosen)
    steps, refusal = _walk(settings)
    errors = GRID.errors("input")
    if steps is None:
        GRID.run(0, lambda _: scene(settings, None, refusal, errors, with_gradient=False, predicting=False))
        return
    experiment = shift_experiment(settings, *_DIRECTIONS[towards])
    GRID.run(steps.totals.size, lambda _: shift_scene(settings, steps, experiment, errors))


def _typed(chosen: PoolSettings) -> PoolSettings:
    """The settings with what is typed now.

    Beside the grids the page only says which preset's numbers they are, and not its note while a cell is predicted.
    """

    def settings(stacks: Mapping[str, Matrix]) -> PoolSettings:
        return replace(chosen, input=stacks["input"][0])

    return settings(GRID.typed(lambda stacks: (current_preset(settings(stacks)), GRID.predicts())))


def _walk(settings: PoolSettings) -> tuple[PoolWalk | None, Message | None]:
    try:
        return walk(settings), None
    except CnnlabError as error:
        return None, error.message


def _judge(settings: PoolSettings, steps: PoolWalk, step: int, value: float) -> Judgement:
    row, column = divmod(step, steps.totals.shape[1])
    verdict = explain(settings, row, column, value)
    width = settings.kernel[1]
    terms = tuple(place[0] * width + place[1] for place in verdict.places)
    return Judgement(verdict.right, verdict.sentence, terms)
