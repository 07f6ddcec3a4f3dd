"""The film of the page on pictures in PyTorch: the steps, what torchvision makes of them, and predictions."""

import time

import streamlit as st

from cnnlab.errors import CnnlabError, ParseError
from cnnlab.feedback.verdict import Verdict
from cnnlab.lessons.image_pipeline import film as figures
from cnnlab.lessons.image_pipeline.presets import PRESETS, preset_of
from cnnlab.lessons.image_pipeline.quiz import judge_number, judge_shape, number_question, parse_shape, shape_question
from cnnlab.lessons.image_pipeline.snapshots import Outcome
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import message, say
from cnnlab.ui.components.pictures.film import film
from cnnlab.ui.pages.image_pipeline import results
from cnnlab.ui.pages.image_pipeline.settings import FILM, Chosen, film_state, take_choice, take_edit
from cnnlab.ui.parts.torch_check import reference
from cnnlab.ui.shell.present import optional_place, stage

_GLANCE = 0.2
"""Seconds until a waiting page looks again; an answer that comes sooner changes no line."""

_OWN = message(
    "Your own steps. Click a card to see its numbers, change its arguments, move it, or add a step after it."
)


def outcome_of(chosen: Chosen) -> Outcome | None:
    """What torchvision makes of the steps, and in one line what there is to see; None where it gave no answer."""
    key = results.key_of(chosen.picture.pixels, chosen.pipeline, chosen.seed)
    outcome = results.known(key)
    trouble = None
    if outcome is None:
        promise = results.promised(reference(), key, chosen.picture.pixels, chosen.pipeline)
        begin = time.monotonic()
        while not promise.wait(_GLANCE):
            # Whatever is drawn lets a newer click through: who edits or leaves does not wait for what they do not want.
            chosen.words.markdown(
                markdown(
                    ":material/hourglass_top: PyTorch runs the steps ({seconds} s). It takes a few seconds to start.",
                    seconds=int(time.monotonic() - begin),
                )
            )
        try:
            outcome = promise.outcome()
        except CnnlabError as error:
            trouble = error.message
    preset = preset_of(chosen.pipeline)
    chosen.words.markdown(markdown(PRESETS[preset].note if preset else _OWN))
    with optional_place():
        if trouble is not None:
            st.error(markdown("PyTorch gave no answer. {reason}", reason=trouble))
            st.button(say("Ask again"), key="img_again")
    return outcome


def film_section(chosen: Chosen, outcome: Outcome | None) -> bool:
    """Draw the cards. Return whether the result of the chosen step is hidden, as it is still to be predicted."""
    hidden_from = None
    with optional_place():
        if chosen.predicts and outcome is not None:
            hidden_from = chosen.selected if _ask_prediction(chosen, outcome) else chosen.selected + 1
    data = figures.film(chosen.pipeline, outcome, hidden_from)
    data |= {"menu": figures.menu(), "selected": chosen.selected, "isKnown": outcome is not None}
    with stage():
        film(data | film_state(), FILM, take_edit, take_choice)
    return hidden_from == chosen.selected


def tell_picture(chosen: Chosen) -> None:
    """Say where the picture is from; of one's own there is nothing to say."""
    if credit := chosen.picture.credit:
        st.caption(plain(say(credit)))


def _ask_prediction(chosen: Chosen, outcome: Outcome) -> bool:
    """Ask for what comes out of the chosen step. Return whether it stays hidden."""
    index, snapshots = chosen.selected, outcome.snapshots
    if index >= len(chosen.pipeline.steps) or index > len(snapshots):
        st.caption(markdown("Choose a step that is reached, and predict what comes out of it."))
        return False
    step = chosen.pipeline.steps[index]
    before = snapshots[index - 1] if index else None
    after = snapshots[index] if index < len(snapshots) else None
    # An answer belongs to its steps and its picture: others, an empty field.
    about = "_".join(map(str, (*results.key_of(chosen.picture.pixels, chosen.pipeline, chosen.seed), index)))
    shape, number = st.columns(2)
    with shape:
        text = st.text_input(
            plain(say(shape_question(step, after))),
            key=f"img_shape_{about}",
            placeholder=say("such as 3, 32, 32, or the word error"),
        )
        is_right = _tell(lambda: judge_shape(parse_shape(text), step, before, after)) if text.strip() else False
    if after is None:
        return not is_right
    with number:
        text = st.text_input(
            plain(say(number_question(step, before))),
            key=f"img_number_{about}",
            placeholder=say("your answer, then Enter"),
        )
        is_right = (_tell(lambda: judge_number(text, step, before, after)) if text.strip() else False) and is_right
    return not is_right


def _tell(judge) -> bool:
    try:
        verdict: Verdict = judge()
    except ParseError as error:
        st.warning(plain(say(error.message)))
        return False
    sentence = plain(say(verdict.sentence))
    if verdict.right:
        st.success(sentence, icon=":material/check:")
    else:
        st.warning(sentence)
    return verdict.right
