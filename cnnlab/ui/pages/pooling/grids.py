"""The pooling page's parts with grids: "By hand" and "Shift by one"."""

from dataclasses import replace

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.pooling.quiz import explain
from cnnlab.lessons.pooling.settings import PoolSettings, PoolWalk, shift_experiment, walk
from cnnlab.texts import Message
from cnnlab.ui.pages.pooling.scene import scene, shift_scene
from cnnlab.ui.pages.pooling.settings import GRID
from cnnlab.ui.state.grid_page import Judgement, fingerprint

_DIRECTIONS = {"right": (0, 1), "down": (1, 0), "left": (0, -1), "up": (-1, 0)}


@st.fragment
def by_hand(chosen: PoolSettings, with_gradient: bool) -> None:
    """Draw input and output, the window and its numbers; an edit reruns this only."""
    stacks = GRID.take_edit()
    settings = replace(chosen, input=stacks["input"][0])
    steps, refusal = _walk(settings)
    place = GRID.take_place(steps.totals.size if steps is not None else 1)
    if steps is not None:
        about = (fingerprint(stacks), settings.kind, str(settings.arguments))
        GRID.take_guess(about, steps.totals.size, lambda step, value: _judge(settings, steps, step, value))
    GRID.draw(scene(settings, steps, refusal, GRID.errors("input"), with_gradient), place, stacks)


@st.fragment
def shift_by_one(chosen: PoolSettings, towards: str) -> None:
    """Draw what a shift of the input by one pixel leaves as it was, with pooling and without."""
    stacks = GRID.take_edit()
    settings = replace(chosen, input=stacks["input"][0])
    steps, refusal = _walk(settings)
    place = GRID.take_place(steps.totals.size if steps is not None else 1)
    errors = GRID.errors("input")
    if steps is None:
        GRID.draw(scene(settings, None, refusal, errors, with_gradient=False), place, stacks)
        return
    experiment = shift_experiment(settings, *_DIRECTIONS[towards])
    GRID.draw(shift_scene(settings, steps, experiment, errors), place, stacks)


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
