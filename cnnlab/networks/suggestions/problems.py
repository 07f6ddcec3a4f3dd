"""Reading a network that does not fit together: what goes through, where it ends and why, and what would repair it.

A suggestion is only offered once it has been tried: with it, the layer at which the network ended takes what comes.
Layers behind it may have problems of their own, which the next reading tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cnnlab.errors import ShapeError
from cnnlab.layers import Layer, Mismatch, Shape, format_shape
from cnnlab.layers.mismatch import OPEN
from cnnlab.networks.network import LayerSummary, Network, check_input_shape
from cnnlab.networks.suggestions.case import Case, Fix, Step, followed, layer_within
from cnnlab.networks.suggestions.changes import and_then, without
from cnnlab.networks.suggestions.ways import ways_out
from cnnlab.texts import NOTHING, Message, in_a_row, message

MAX_SUGGESTIONS = 6
"""Ways out that are offered; more would be no help."""
MAX_NAMED = 3
"""Ways out that the sentence names; the others are only offered."""


@dataclass(frozen=True)
class Suggestion:
    """One way out, tried: the whole network after it, and the input that it then takes."""

    label: Message
    """What is done, as on a button beside the layer in trouble: `Set in_features to 256`."""
    network: Network
    input_shape: Shape


@dataclass(frozen=True)
class Problem:
    """The layer at which a network ends, and why."""

    index: int
    layer: Layer
    input_shape: Shape
    """What arrives there."""
    sentence: Message
    """What is wrong, with the numbers, and ways out."""
    suggestions: tuple[Suggestion, ...]
    """Ways out, the likeliest first; empty where none is known."""
    fact: Message = NOTHING
    """What is wrong, without the ways out."""
    mismatch: Mismatch | None = field(default=None, compare=False)
    """What the layer itself says; None where it could take the shape, and something else stands against it."""

    @property
    def title(self) -> Message:
        """The layer within a sentence, counted from 1: `layer 8 (Linear)`."""
        return layer_within(self.index, self.layer)

    @property
    def torch_says(self) -> str | None:
        """PyTorch's own message for one picture, where it is known; for some problems PyTorch has none."""
        return None if self.mismatch is None else self.layer.torch_message(self.mismatch, self.input_shape)


@dataclass(frozen=True)
class Reading:
    """What goes through a network, and the problem at which it ends, if any."""

    rows: tuple[LayerSummary, ...]
    problem: Problem | None


def read(network: Network, input_shape: Sequence[int] | None = None) -> Reading:
    """Follow an input through a network, and say what is wrong where it ends.

    Args:
        input_shape: of one picture, (C, H, W), or (F,); what the network is made for where nothing is given.

    Raises:
        ShapeError: no input shape, or one that is none; never for what the layers make of it.

    >>> from cnnlab.layers import Conv2d, Flatten, Linear
    >>> problem = read(Network("small", (Conv2d(1, 4, kernel_size=5), Flatten(), Linear(400, 10))), (1, 12, 12)).problem
    >>> problem.fact
    'Layer 3 (Linear) expects 400 features. Layer 2 (Flatten) gives 4 × 8 × 8 = 256.'
    >>> [suggestion.label for suggestion in problem.suggestions][:2]
    ['Set in_features to 256', 'Take an input of 1 × 14 × 14']
    """
    rows, error = network.follow(input_shape)
    if error is None:
        return Reading(tuple(rows), None)
    given = network.input_shape if input_shape is None else check_input_shape(list(input_shape))
    assert given is not None  # follow has refused that
    steps = tuple(Step(row.index, row.layer, row.input_shape, row.output_shape) for row in rows)
    case = Case(network, given, steps)
    fact, tried = _diagnosed(case, error)
    suggestions = tuple(
        Suggestion(fix.label, replace(network, layers=fix.layers, input_shape=fix.input_shape), fix.input_shape)
        for fix in tried
    )
    # Without the frames that it came through, which would be kept as long as the problem.
    mismatch = error.with_traceback(None) if isinstance(error, Mismatch) else None
    sentence = _sentence(fact, tried)
    return Reading(tuple(rows), Problem(case.index, case.layer, case.shape, sentence, suggestions, fact, mismatch))


def _diagnosed(case: Case, error: ShapeError, is_alone: bool = True) -> tuple[Message, list[Fix]]:
    """Say what is wrong, and find what repairs it, each way once."""
    mismatch = _as_mismatch(case, error)
    fact = mismatch.fact.with_values(number=case.index + 1, layer=case.layer.name, gives=case.gives())
    suggestions: dict[tuple[tuple[Layer, ...], Shape], Fix] = {}
    stuck: list[tuple[Fix, Case, ShapeError]] = []
    for fix in ways_out(case, mismatch):
        if fix is None or not fix.layers or (key := (fix.layers, fix.input_shape)) in suggestions:
            continue
        try:
            network = replace(case.network, layers=fix.layers, input_shape=fix.input_shape)
        except ShapeError:  # an input beyond all limits
            continue
        rows, still = followed(fix.layers, fix.input_shape)
        if still is None or len(rows) > fix.at:
            suggestions[key] = fix
        elif len(rows) == fix.at:
            stuck.append((fix, Case(network, fix.input_shape, rows), still))
        if len(suggestions) == MAX_SUGGESTIONS:
            break
    if suggestions or not is_alone:
        return fact, list(suggestions.values())
    # Two things are wrong with the layer at once.
    besides: Message | None = None
    leave_out = without(case, case.index)
    for fix, next_, still in stuck:
        second, thens = _diagnosed(next_, still, is_alone=False)
        has_moved = len(fix.layers) != len(case.network.layers)
        for then in thens[:2]:
            if has_moved and then.numbers_layers:
                continue  # which are others, counted as they stood before
            if then.layers == without(next_, next_.index).layers:
                continue  # for which nothing need be changed first
            # A second change of the input undoes the first.
            is_one = fix.layers == then.layers == case.network.layers
            suggestions.setdefault((then.layers, then.input_shape), then if is_one else and_then(fix, then))
            if not (besides or is_one or has_moved):
                besides = second
    if leave_out.layers and len(suggestions) < MAX_SUGGESTIONS:
        suggestions.setdefault((leave_out.layers, leave_out.input_shape), leave_out)
    if besides is not None:
        fact = in_a_row(fact, message("There is a second problem."), besides)
    return fact, list(suggestions.values())[:MAX_SUGGESTIONS]


def _sentence(fact: Message, fixes: Sequence[Fix]) -> Message:
    """Say what is wrong, and the first ways out."""
    cause = next((fix.cause for fix in fixes if fix.cause), "")
    return in_a_row(fact, cause, possible_fixes([fix.label for fix in fixes if not fix.cause][:MAX_NAMED]))


def possible_fixes(labels: Sequence[Message]) -> Message:
    """Say which changes, three at most, would repair it; nothing where there are none."""
    match labels:
        case []:
            return NOTHING
        case [only]:
            return message("Possible fix: “{fix}”.", fix=only)
        case [first, second]:
            return message("Possible fixes: “{first}” or “{second}”.", first=first, second=second)
        case [first, second, third, *_]:
            return message(
                "Possible fixes: “{first}”, “{second}” or “{third}”.", first=first, second=second, third=third
            )
        case _:
            raise AssertionError(labels)


def _as_mismatch(case: Case, error: ShapeError) -> Mismatch:
    """What a layer cannot take; whatever else stands against it is said as it is."""
    if isinstance(error, Mismatch) and error.fact:
        return error
    fact = message(
        "Layer {number} ({layer}) cannot take what comes, {shape}. {reason}",
        shape=format_shape(case.shape),
        reason=error.message,
        **OPEN,
    )
    return Mismatch(error.message, fact=fact)
