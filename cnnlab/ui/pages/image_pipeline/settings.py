"""The state of the page on pictures in PyTorch: its steps, the one that is looked at, the picture and the seed."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlab.errors import ParseError
from cnnlab.lessons.image_pipeline.pipeline import MAX_STEPS, Pipeline, make_pipeline, parse_pipeline
from cnnlab.lessons.image_pipeline.presets import DEFAULT, PRESETS, preset_of
from cnnlab.texts import message, say
from cnnlab.ui.components.pictures import film
from cnnlab.ui.parts.picture_choice import ChosenPicture, chosen_picture, picture_menu
from cnnlab.ui.state import controls, links, undo
from cnnlab.ui.state.preset_menu import preset_menu

_CSS = Path(__file__).with_name("film.css")

FILM = "image_pipeline/film"
MAX_SEED = 9999

_PICTURE = "frog"
"""What the page opens with: an edit sends the picture after each step, which of a photograph is much."""

_REVISION = "image_pipeline/revision"
_REFUSED = "image_pipeline/refused"


@dataclass(frozen=True)
class Chosen:
    """What the learner has chosen.

    Args:
        selected: the card that is looked at, counted from 0; behind the last step comes the network.
        predicts: whether results are to be predicted before they are shown.
        words: where a line on what there is to see belongs.
    """

    pipeline: Pipeline
    picture: ChosenPicture
    seed: int
    selected: int
    predicts: bool
    words: DeltaGenerator


def ask() -> Chosen:
    """Draw the controls, and return what they and the link say."""
    st.html(_CSS)
    is_new_visit = links.is_new("img_steps")
    pipeline = links.read("img_steps", DEFAULT.pipeline, parse_pipeline)
    links.write("img_steps", pipeline, DEFAULT.pipeline)
    if is_new_visit:
        _raise_revision()
    menu, others, question = st.columns([2.2, 2.2, 1.2], vertical_alignment="bottom")
    photo, draws = others.columns([1.1, 1], wrap=False)
    with menu:
        titles = {name: preset.title for name, preset in PRESETS.items()}
        preset_menu(titles, preset_of(pipeline), _load, _Steps(), key="img_preset", own=message("Your own steps"))
    with photo:
        name = picture_menu("img_photo", _PICTURE)
    with draws:
        seed = controls.whole_number(
            say("Seed"),
            "img_seed",
            0,
            MAX_SEED,
            0,
            widget="number",
            help=say("With the same seed, random steps give the same result again."),
            disabled=not pipeline.is_random,
        )
    with question:
        predicts = controls.switch(
            say("Predict first"), "img_hide", help=say("Hide the result of the chosen step: type in what you expect.")
        )
    line, own = st.columns([2.2, 1], vertical_alignment="center")
    with line, st.container(key="img_words"):
        words = st.empty()
    with own:
        picture = chosen_picture(name, "img_photo", _PICTURE)
    return Chosen(pipeline, picture, seed, _ask_selected(pipeline), predicts, words)


def _ask_selected(pipeline: Pipeline) -> int:
    most = len(pipeline.steps) + 1
    preset = preset_of(pipeline)
    usual = (PRESETS[preset].settings.step if preset else len(pipeline.steps) - 1) + 1

    def parse(text: str) -> int | None:
        if not (text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= most):
            raise ParseError("It is a step, counted from 1, up to {most} here.", most=most)
        return int(text)

    linked: int | None = links.read("img_step", None, parse)
    number = usual if linked is None else min(linked, most)
    links.write("img_step", number, usual, undo="along")
    return number - 1


def take_edit() -> None:
    """Take over what was typed into the film, or keep the sentence that says why not."""
    edit = film.edited(FILM)
    if edit is None:
        return
    st.session_state.pop(_REFUSED, None)
    try:
        pipeline = make_pipeline(edit.steps)
    except ParseError as error:
        st.session_state[_REFUSED] = (edit.message, error.message)
        return
    before: Pipeline = links.kept("img_steps", DEFAULT.pipeline)
    undo.tell_removed([step.title for step in before.steps], [step.title for step in pipeline.steps])
    links.keep("img_steps", pipeline)
    links.keep("img_step", min(edit.selected, len(pipeline.steps)) + 1)


def take_choice() -> None:
    """Take over which card was chosen."""
    choice = film.chosen(FILM)
    if choice is not None:
        links.keep("img_step", min(choice.card, MAX_STEPS) + 1)


def film_state() -> dict[str, object]:
    """What the film has to know of the edits so far."""
    edit, choice = film.edited(FILM), film.chosen(FILM)
    message, sentence = st.session_state.get(_REFUSED, (None, None))
    return {
        "answered": max((told.message for told in (edit, choice) if told), default=0),
        "refused": sentence if edit and edit.message == message else None,
        "revision": st.session_state.get(_REVISION, 0),
    }


class _Steps:
    """What presets change on the page; see `cnnlab.ui.state.preset_menu`."""

    def take(self) -> Pipeline:
        return links.kept("img_steps", DEFAULT.pipeline)

    def give_back(self, taken: Pipeline) -> None:
        links.keep("img_steps", taken)
        links.keep("img_step", None)
        _raise_revision()


def _load(name: str) -> None:
    links.keep("img_steps", PRESETS[name].settings.pipeline)
    links.keep("img_step", None)
    _raise_revision()


def _raise_revision() -> None:
    st.session_state[_REVISION] = st.session_state.get(_REVISION, 0) + 1
    st.session_state.pop(_REFUSED, None)
