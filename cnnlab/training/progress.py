"""What a run tells while it goes, as records and as lines of JSON.

A run in a process of its own prints one JSON object a line, each with an `event`:

    ready          only with --standby: torch is loaded, one line of JSON settings is awaited: {"devices": ["cpu"]}
    start          Start: the network, the device, the data, the settings
    progress       Progress: four to eight a second at most
    paused, resumed
    learning_rate  RateChange: the new peak was taken, and from which step on it counts
    message        a sentence, about a command that was refused, say: {"text": "...", "told": {...}}
    error          one sentence, then the process ends with status 1: {"message": "...", "told": {...}}
    end            End, the last line: the result on the test set

The sentences are English, and `told` is `Message.to_plain()`, to say them in other languages. A run takes the commands
`stop`, `pause`, `resume` and `lr 0.01` on its standard input, one a line. With --standby the end of the input is a
stop; otherwise the end of the process that started the run is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from cnnlab.errors import ParseError, quoted, shortened
from cnnlab.texts import Message, all_of, message, verbatim

Record = TypeVar("Record", "Start", "Progress", "RateChange", "End")
Reason = Literal["finished", "stopped"]

_SENTENCE_KEYS = {"message": "text", "error": "message"}
"""Where the sentence stands in the events that have one."""


@dataclass(frozen=True)
class Start:
    """The first record of a run: what is trained, on what, and how."""

    name: str  # of the network: LeNet-5, or network where it has none
    network: str  # Network.to_text()
    input: str  # the shape of a picture, 3x32x32
    parameters: int
    device: str  # the one that was found: cpu, cuda or mps
    train_images: int
    validation_images: int
    test_images: int
    classes: tuple[str, ...]
    config: dict[str, Any]  # TrainingConfig.to_dict()
    data: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Start:
        return _from_dict(cls, values, tuples=("classes",))


@dataclass(frozen=True)
class Progress:
    """Where a run stands. Time is training time: pauses are not counted."""

    step: int  # training steps done
    steps_total: int | None  # None where a time budget decides
    epoch: float  # passes over the training images, with the part of the present one
    fraction: float  # of the whole run, 0 to 1
    seconds: float
    eta_seconds: float | None  # until the end of the training; None before the first step
    images_per_second: float  # of late, validation counted as time
    learning_rate: float  # of the last step
    losses: tuple[float, ...] = ()  # the training loss of every step since the last record
    validation_loss: float | None = None  # where this record ends an epoch, or every few seconds
    validation_accuracy: float | None = None
    kernels: list[list[list[list[float]]]] | None = None  # the first convolution's weights (O, C, FH, FW), now and then

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Progress:
        return _from_dict(cls, values, tuples=("losses",))


@dataclass(frozen=True)
class RateChange:
    """The peak of the learning rate's schedule was changed while the run went on."""

    step: int  # the first one that the new peak counts for, from 1
    learning_rate: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RateChange:
        return _from_dict(cls, values)


def with_change(first: float, changes: tuple[RateChange, ...], new: RateChange) -> tuple[RateChange, ...]:
    """Add a change of the peak to those before it, of which one that never came to count is left out.

    Args:
        first: the peak that the run began with.

    >>> with_change(0.05, (), RateChange(9, 0.2))
    (RateChange(step=9, learning_rate=0.2),)
    >>> with_change(0.05, (RateChange(9, 0.2),), RateChange(9, 0.05))  # back again before the next step
    ()
    """
    before = tuple(change for change in changes if change.step < new.step)
    present = before[-1].learning_rate if before else first
    return before if new.learning_rate == present else (*before, new)


@dataclass(frozen=True)
class End:
    """The last record of a run: what the network makes of the test set, which it never saw before."""

    reason: Reason
    test_accuracy: float
    test_loss: float | None  # None where it is not a finite number
    confusion: list[list[int]]  # rows are the true classes, columns the predicted ones
    validation_accuracy: float | None
    seconds: float
    images_per_second: float
    steps: int
    weights: str | None  # the path of the saved weights

    @property
    def only_class(self) -> int | None:
        """The one class that all test pictures were taken for, though they are of several; None where there is none."""
        taken = [label for label in range(len(self.confusion)) if any(row[label] for row in self.confusion)]
        are_of_several = sum(map(any, self.confusion)) > 1
        return taken[0] if len(taken) == 1 and are_of_several else None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> End:
        return _from_dict(cls, values)


def write_event(event: str, values: Mapping[str, Any] | None = None) -> str:
    """One event as a line of JSON, without the end of the line. What is not a finite number becomes null.

    >>> write_event("learning_rate", {"step": 7, "learning_rate": 0.01})
    '{"event":"learning_rate","step":7,"learning_rate":0.01}'
    """
    return json.dumps(_finite({"event": event, **(values or {})}), separators=(",", ":"), allow_nan=False)


def read_event(line: str) -> dict[str, Any]:
    """Read a line that `write_event` wrote, as a dict with an `event`.

    Raises:
        ParseError: the line is no JSON object with an `event`.

    >>> read_event('{"event":"paused"}')
    {'event': 'paused'}
    """
    try:
        values: Any = json.loads(line)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or not isinstance(cast(dict[str, Any], values).get("event"), str):
        raise ParseError(
            "{line} is not an event of a run: a line of JSON with an event was expected.", line=quoted(line.strip())
        )
    return cast(dict[str, Any], values)


def write_sentence(event: str, sentence: Message) -> str:
    """A sentence as the line of an event, "message" or "error".

    >>> line = write_sentence("error", message("There is no file {file}.", file="a.npz"))
    >>> line.partition(',"told":')[0]
    '{"event":"error","message":"There is no file a.npz."'
    """
    return write_event(event, {_SENTENCE_KEYS[event]: str(sentence), "told": sentence.to_plain()})


def read_sentence(event: Mapping[str, Any]) -> Message:
    """The sentence of an event that `write_sentence` wrote.

    A program that speaks English only may leave `told` out; one that no person reads may give it in place of English.
    Where `told` cannot be said, the English is there.

    Raises:
        ParseError: there is none, or it cannot be said.
    """
    english = event.get(_SENTENCE_KEYS.get(event["event"], ""))
    for told in (event.get("told"), english):
        with suppress(ValueError):
            return Message.from_plain(told)
    if isinstance(english, str):
        return verbatim(english)
    raise ParseError("{event} does not hold a sentence.", event=shortened(str(event)))


def as_float32(values: ArrayLike) -> list[Any]:
    """Numbers of 32 bits as Python's, nested as they are, each with no more digits than make out which one it is.

    Python writes a number of 32 bits with the digits of one of 64, twice as many as it has.

    >>> as_float32([0.1, 2.3025851249694824])
    [0.1, 2.3025851]
    """
    with np.errstate(over="ignore"):  # what 32 bits cannot hold is infinite
        narrow = np.asarray(values, dtype=np.float64).astype(np.float32)
    return narrow.astype(str).astype(np.float64).tolist()


def format_seconds(seconds: float) -> Message:
    """A time as a person says it.

    >>> format_seconds(4.2), format_seconds(75), format_seconds(4000)
    ('4 s', '1 min 15 s', '1 h 7 min')
    """
    whole = round(seconds)
    if whole < 60:
        return message("{seconds} s", seconds=whole)
    if whole < 3600:
        return message("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    minutes = round(whole / 60)
    return message("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def _from_dict(cls: type[Record], values: Mapping[str, Any], tuples: tuple[str, ...] = ()) -> Record:
    """Names that a record does not know are left out: a newer writer may say more."""
    known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
    for name in tuples:
        known[name] = tuple(known.get(name) or ())
    try:
        return cls(**known)
    except TypeError:
        missing = [field.name for field in fields(cls) if field.name not in known]
        raise ParseError(
            "The record {record} lacks {missing}.", record=cls.__name__.lower(), missing=all_of(missing)
        ) from None


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in cast(Mapping[str, Any], value).items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in cast(Sequence[Any], value)]
    return value
