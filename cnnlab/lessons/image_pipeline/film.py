"""What a pipeline looks like: a card for each step, and everything there is to see of it, as the film draws it.

All of it is plain data, with messages where there are words.
"""

from typing import Any

from cnnlab.lessons.image_pipeline.pipeline import MAX_STEPS, Pipeline
from cnnlab.lessons.image_pipeline.rules import OneOf
from cnnlab.lessons.image_pipeline.sentences import (
    CONV,
    HOLDERS,
    channel_line,
    drawing_sentence,
    explain_conv,
    explain_failure,
    notes,
    number_text,
    range_text,
    shape_text,
)
from cnnlab.lessons.image_pipeline.snapshots import Failure, Outcome, Snapshot
from cnnlab.lessons.image_pipeline.steps import STEP_TYPES, Step
from cnnlab.texts import Message, message


def film(pipeline: Pipeline, outcome: Outcome | None, hidden_from: int | None = None) -> dict[str, Any]:
    """Describe the cards.

    Args:
        outcome: what came out; None while nobody knows.
        hidden_from: the first step whose result is not to be shown, counted from 0; None to show all.
    """
    known = outcome.snapshots if outcome else ()
    hidden = len(pipeline.steps) + 1 if hidden_from is None else hidden_from
    cards = list[dict[str, Any]]()
    for index, step in enumerate(pipeline.steps):
        before = known[index - 1] if 0 < index <= len(known) else None
        card: dict[str, Any] = {"title": step.call(), "about": step.about, "state": "unknown"}
        if index >= hidden:
            card |= {"state": "hidden"}
        elif index < len(known):
            card |= {"state": "done"} | _facts(known[index])
            card |= {"notes": notes(step, before, known[index], pipeline.dialect)}
        elif index == len(known) and outcome and outcome.failure:
            sentence = explain_failure(step, before, outcome.failure, pipeline.dialect)
            card |= {"state": "failed", "error": _error(outcome.failure), "notes": [sentence]}
        elif outcome:
            card |= {"notes": [_unreached(pipeline, len(known))]}
        cards.append(card)
    cards.append(_network(pipeline, outcome, is_hidden=len(pipeline.steps) >= hidden))
    return {"cards": cards, "steps": [[step.word, *step.texts()] for step in pipeline.steps]}


def menu() -> dict[str, Any]:
    """The types of steps, with the fields of their arguments and what they begin with."""
    return {
        "types": {
            word: {
                "title": step.title,
                "source": step.is_source,
                "texts": step.read(()).texts(),
                "fields": _fields(step),
            }
            for word, step in STEP_TYPES.items()
        },
        "most": MAX_STEPS,
    }


def _fields(step: type[Step]) -> list[dict[str, Any]]:
    return [
        {
            "label": rule.label,
            "about": rule.about,
            "options": list(map(list, rule.words.items())) if isinstance(rule, OneOf) else [],
        }
        for rule in step.rules().values()
    ]


def _facts(snapshot: Snapshot) -> dict[str, Any]:
    is_pil = snapshot.kind == "pil"
    return {
        "picture": snapshot.picture,
        "held": message(
            "{holder}, {numbers}", holder=HOLDERS[snapshot.kind], numbers=snapshot.dtype.removeprefix("torch.")
        ),
        "dtype": message("mode {mode}", mode=snapshot.dtype) if is_pil else snapshot.dtype,
        "measure": "size" if is_pil else "shape",
        "shape": shape_text(snapshot),
        "range": range_text(snapshot),
        "type": snapshot.type_name,
        "drawn": drawing_sentence(snapshot),
        "table": [channel_line(channel) for channel in snapshot.channels],
        "bars": {
            "edges": [number_text(edge) for edge in snapshot.edges],
            "channels": [[channel.name, list(channel.bars)] for channel in snapshot.channels],
        },
        "corner": {
            "code": snapshot.corner_code,
            "rows": [[_cell(number, snapshot) for number in row] for row in snapshot.corner],
        },
    }


def _cell(number: float, snapshot: Snapshot) -> str:
    # Whole numbers of a float type with PyTorch's point, so that they are told from bytes.
    return number_text(number) + ("." if snapshot.is_float and number.is_integer() else "")


def _network(pipeline: Pipeline, outcome: Outcome | None, is_hidden: bool) -> dict[str, Any]:
    card: dict[str, Any] = {
        "title": CONV,
        "about": message(
            "The first layer of a network for pictures in colour: six kernels of 5 × 5, three channels deep."
        ),
        "state": "unknown",
    }
    if is_hidden:
        return card | {"state": "hidden"}
    if outcome is None:
        return card
    if len(outcome.snapshots) < len(pipeline.steps):
        return card | {"notes": [_unreached(pipeline, len(outcome.snapshots))]}
    accepts, sentence = explain_conv(outcome)
    if accepts and outcome.conv_shape is not None:
        channels, height, width = outcome.conv_shape
        return card | {
            "state": "done",
            "takes": shape_text(outcome.snapshots[-1]),
            "gives": f"C={channels}, H={height}, W={width}",
            "notes": [sentence],
        }
    failure = outcome.conv_failure or Failure("", "")
    return card | {"state": "failed", "error": _error(failure), "notes": [sentence]}


def _unreached(pipeline: Pipeline, failed: int) -> Message:
    return message(
        "Nothing comes this far: step {number}, {step}, is refused. Look at its card.",
        number=failed + 1,
        step=pipeline.steps[failed].title,
    )


def _error(failure: Failure) -> dict[str, str] | None:
    return {"type": failure.type_name, "says": failure.says} if failure.type_name else None
