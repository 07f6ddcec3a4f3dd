"""The page's part with grids: the descent, step by step."""

from dataclasses import replace

import streamlit as st

from cnnlab.errors import CnnlabError, ParseError
from cnnlab.lessons.learn_a_kernel.quiz import explain
from cnnlab.lessons.learn_a_kernel.settings import Learning, LearnSettings, curvature, gradient_terms, learn
from cnnlab.number_text import parse_number
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, say
from cnnlab.ui.pages.learn_a_kernel.scene import scene
from cnnlab.ui.pages.learn_a_kernel.settings import GRID, Panel
from cnnlab.ui.state.grid_page import fingerprint


@st.fragment
def grids(chosen: Panel) -> None:
    """Draw the grids, the curve and one weight's gradient; an edit reruns this only."""
    stacks = GRID.take_edit()
    settings = replace(chosen.settings, input=stacks["input"][0], target=stacks["target"][0])
    learning, refusal = _learn(settings)
    place = GRID.take_place(len(learning.losses) if learning is not None else 0)
    height, width = settings.target.shape
    cell = place.pick[1] if place.pick else 0
    weight = divmod(cell, width) if cell < height * width else (0, 0)
    place = replace(place, pick=("kernel", weight[0] * width + weight[1]))
    errors = {name: GRID.errors(name) for name in stacks}
    drawn = scene(settings, learning, refusal, errors, weight, chosen.secret, place.step if chosen.hide else None)
    GRID.draw(drawn, place, stacks)
    if learning is None:
        return
    if chosen.hide:
        _ask(settings, learning, place.step, weight, fingerprint(stacks))
    if chosen.note:
        st.caption(plain(say(chosen.note)))
    _tell(settings, learning)


def _learn(settings: LearnSettings) -> tuple[Learning | None, Message | None]:
    try:
        return learn(settings), None
    except CnnlabError as error:
        return None, error.message


def _ask(settings: LearnSettings, learning: Learning, step: int, weight: tuple[int, int], numbers: object) -> None:
    """Ask what a weight becomes, and say what was forgotten."""
    # An answer belongs to its question: another question, an empty field.
    about = hash((numbers, settings.rate, settings.start, settings.seed, step, weight))
    text = st.text_input(
        say("What does {weight} become in step {step}?", weight=f"w{weight[0] + 1}{weight[1] + 1}", step=step + 1),
        key=f"learn_answer_{about}",
        placeholder=say("your answer, then Enter"),
    )
    if not text.strip():
        return
    try:
        value = float(parse_number(text))
    except ParseError as error:
        st.warning(plain(say(error.message)))
        return
    verdict = explain(settings, gradient_terms(settings, learning, step, *weight), value)
    if verdict.right:
        st.success(plain(say(verdict.sentences[0])), icon=":material/check:")
    else:
        st.warning(plain(say(verdict.sentence)))


def _tell(settings: LearnSettings, learning: Learning) -> None:
    """Say why the rate works or does not, and whether the kernel can be found at all."""
    if learning.has_diverged:
        st.info(
            markdown(
                "The loss grows without bound, so the descent was stopped after {made} of {steps} steps: use a smaller"
                " learning rate.",
                made=learning.steps,
                steps=settings.steps,
            ),
            icon=":material/trending_up:",
        )
    for each in curvature(settings).sentences():
        st.caption(plain(say(each)))
