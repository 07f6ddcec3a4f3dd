"""A picture after each step of a pipeline, as a strip of cards; the chosen one in full below, where it is edited."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cnnlab.texts import message, say_all, unfilled
from cnnlab.ui.components.pictures import draw
from cnnlab.ui.components.told import are_texts, is_list, is_whole, last_told, number_of

MAX_CARDS = 100
"""Steps that a message is read with."""
MAX_TEXTS = 20
"""Arguments of a step, likewise, with the word of its type."""
MAX_TEXT = 200
"""Characters of each, likewise."""

WORDS = {
    "step": unfilled("Step {number} of {count}: {title}"),
    "source": unfilled("Step 1 of {count}: the file is opened"),
    "network": unfilled("Into the network: {title}"),
    "strip": message("Steps of the pipeline"),
    "left": message("Move to the left"),
    "right": message("Move to the right"),
    "remove": message("Take out"),
    "opens": message("Opened with"),
    "add": message("Add a step after this one"),
    "add_here": message("Add a step at the end"),
    "add_choose": message("Choose one …"),
    "full": message("At most ten steps."),
    "field": unfilled("{label} of step {number}"),
    "refused": message("PyTorch refuses"),
    "limited": message("too large for the lab"),
    "says": unfilled("PyTorch says: {type}: {says}"),
    "unreached": message("not reached"),
    "unknown": "…",
    "hidden": message("What comes out? Predict above."),
    "takes": unfilled("takes {shape}"),
    "gives": unfilled("gives {shape}"),
    "channel": message("channel"),
    "low": message("lowest"),
    "high": message("highest"),
    "mean": message("mean"),
    "std": message("std"),
    "holds": message("Python type"),
    "numbers": message("its numbers"),
    "shape": message("shape"),
    "size": message("size"),
    "histogram": unfilled("How often each number occurs, from {low} to {high}"),
    "how_often": message("how often (its square root)"),
    "corner": message("A corner of the numbers"),
    "picture": unfilled("The picture after step {number}"),
}


@dataclass(frozen=True)
class Edit:
    """What was typed: a word and the texts of its arguments for each step, unchecked; the step that is looked at, and
    the number of the message that told so.
    """

    steps: list[list[str]]
    selected: int
    message: int


@dataclass(frozen=True)
class Choice:
    """The card that was chosen, counted from 0, and the number of the message that told so."""

    card: int
    message: int


def film(data: dict[str, Any], key: str, on_edit: Callable[[], None], on_choose: Callable[[], None]) -> None:
    """Draw the film.

    Args:
        data: `cards` and `steps` of `lessons.image_pipeline.film`, `menu`, `selected`, `revision`, `answered`, the
            number of the last message that the data take into account (outbox.js), and `refused`, the sentence that
            says why the steps of the last edit were not taken, or None. What is being typed stays until its own message
            is answered; another `revision` replaces it in any case.
        on_edit: called when the learner has changed a step, which `edited` then tells.
        on_choose: called when another card was chosen, which `chosen` tells.
    """
    draw(key=key, data=say_all(data | {"kind": "film", "words": WORDS}), tells={"edit": on_edit, "chosen": on_choose})


def edited(key: str) -> Edit | None:
    """The last edit, or None for what cannot be one."""
    message = last_told(key, "edit")
    steps, selected, number = message.get("steps"), message.get("selected"), number_of(message)
    if not (is_list(steps, MAX_CARDS) and all(map(_is_step, steps)) and is_whole(selected, MAX_CARDS) and number):
        return None
    return Edit(steps, selected, number)


def chosen(key: str) -> Choice | None:
    """The last choice of a card; None for what cannot be one."""
    message = last_told(key, "chosen")
    card, number = message.get("card"), number_of(message)
    return Choice(card, number) if is_whole(card, MAX_CARDS) and number else None


def _is_step(step: Any) -> bool:
    return are_texts(step, MAX_TEXTS, MAX_TEXT) and bool(step)
