"""The page's part with grids: the descent, step by step."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from cnnlab.errors import CnnlabError, ParseError
from cnnlab.lessons.learn_a_kernel.quiz import explain
from cnnlab.lessons.learn_a_kernel.settings import Learning, LearnSettings, curvature, gradient_terms, learn
from cnnlab.number_text import Matrix, parse_number
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, say
from cnnlab.ui.components.grid_lab import Scene
from cnnlab.ui.pages.learn_a_kernel.scene import scene
from cnnlab.ui.pages.learn_a_kernel.settings import GRID, Panel, current_preset
from cnnlab.ui.parts.preset_note import preset_note
from cnnlab.ui.shell.present import boards_stage
from cnnlab.ui.state.grid_page import Place, fingerprint


@st.fragment
def grids(chosen: Panel) -> None:
    """Draw the grids, the curve and one weight's gradient; an edit reruns this only."""
    # The note below stands here, and is another one with another preset.
    stacks = GRID.typed(lambda stacks: current_preset(_with(chosen, stacks)))
    settings = _with(chosen, stacks)
    learning, refusal = _learn(settings)
    errors = {name: GRID.errors(name) for name in stacks}

    def scene_at(place: Place) -> Scene:
        hidden_after = place.step if chosen.hide else None
        weight, cells = _weight(settings, place), place.shown_cells
        return scene(settings, learning, refusal, errors, weight, chosen.secret, hidden_after, cells)

    with boards_stage():
        place = GRID.run(len(learning.losses) if learning is not None else 0, scene_at, picks=settings.target.size)
    if learning is None:
        return
    if chosen.hide:
        _ask(settings, learning, place.step, _weight(settings, place), fingerprint(stacks))
    preset_note(chosen.preset, hidden=chosen.hide)
    _tell(settings, learning)


def _with(chosen: Panel, stacks: Mapping[str, Matrix]) -> LearnSettings:
    return replace(chosen.settings, input=stacks["input"][0], target=stacks["target"][0])


def _weight(settings: LearnSettings, place: Place) -> tuple[int, int]:
    """The weight that was chosen: its row and its column in the kernel."""
    return divmod(place.pick[1] if place.pick else 0, settings.target.shape[1])


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
    bends = curvature(settings)
    for each in bends.in_short():
        st.caption(plain(say(each)))
    if bends.in_short() == bends.sentences():
        return
    with st.expander(say("Why: how the loss bends")):
        for each in bends.sentences():
            st.caption(plain(say(each)))
