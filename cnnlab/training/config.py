"""The settings of a training run: plain numbers and words, checked when they are put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Any, Literal, cast

import numpy as np

from cnnlab.errors import TrainingError, quoted
from cnnlab.optimizers import OPTIMIZER_TYPES, WEIGHT_DECAY, present_word
from cnnlab.texts import Message, all_of, message, one_of

Optimizer = Literal["sgd", "adamw"]
Device = Literal["auto", "cpu", "cuda", "mps"]

DEFAULT_EPOCHS = 12
LEARNING_RATES: Mapping[str, float] = MappingProxyType({word: one.peak_rate for word, one in OPTIMIZER_TYPES.items()})
"""The peak learning rate of each optimizer where none is asked for."""

OPTIMIZERS: tuple[str, ...] = tuple(LEARNING_RATES)
POOLINGS: tuple[str, ...] = ("avg", "max")
"""What LeNet-5 may have between its convolutions."""
DEVICES: tuple[str, ...] = ("auto", "cpu", "cuda", "mps")

MAX_EPOCHS = 1000
MAX_STEPS = 2_000_000
"""Of a run whose length is given in epochs: what a browser can still be told of, and a spreadsheet still opens."""
MAX_SECONDS = 24 * 60 * 60.0
MAX_BATCH_SIZE = 8192
MAX_LEARNING_RATE = 10.0
MAX_WEIGHT_DECAY = 1.0
MAX_CROP = 16
MAX_SEED = 2**31 - 1
MAX_VALIDATION = 0.5


@dataclass(frozen=True)
class TrainingConfig:
    """How to train: for a number of epochs, or for a number of seconds.

    With neither `epochs` nor `seconds` a run takes `DEFAULT_EPOCHS` epochs; without `learning_rate` it takes the
    optimizer's own from `LEARNING_RATES`. Both are filled in here, so that a record of settings says all of them.
    NumPy's numbers are taken, too, and kept as Python's, which JSON can hold; so is "adam", the word that older records
    have for AdamW.

    Raises:
        TrainingError: a value that cannot be trained with.

    >>> TrainingConfig(seconds=60).epochs is None
    True
    >>> TrainingConfig(optimizer="adamw").learning_rate
    0.003
    """

    epochs: int | None = None
    seconds: float | None = None  # of training; pauses and the final test are not counted
    batch_size: int = 64
    optimizer: Optimizer = "sgd"
    learning_rate: float | None = None  # the peak of the one-cycle schedule
    weight_decay: float = WEIGHT_DECAY
    flip: bool = True  # mirror each training image left to right with probability 1/2
    crop: int = 0  # shift each batch of training images by up to this many pixels
    seed: int = 0
    device: Device = "auto"
    validation: float = 0.1  # the fraction of the training images kept aside, chosen by the seed

    def __post_init__(self) -> None:
        if self.epochs is not None and self.seconds is not None:
            raise TrainingError(
                "A run takes {epochs} epochs or {seconds} seconds, not both: leave one out.",
                epochs=_shown(self.epochs),
                seconds=_shown(self.seconds),
            )
        if self.epochs is None and self.seconds is None:
            object.__setattr__(self, "epochs", DEFAULT_EPOCHS)
        if isinstance(cast("object", self.optimizer), str):
            object.__setattr__(self, "optimizer", present_word(self.optimizer))
        # It may come from JSON.
        if not isinstance(cast("object", self.optimizer), str) or self.optimizer not in OPTIMIZERS:
            raise TrainingError(
                "There is no optimizer {given}: choose {known}.", given=quoted(self.optimizer), known=one_of(OPTIMIZERS)
            )
        if not isinstance(cast("object", self.device), str) or self.device not in DEVICES:
            raise TrainingError(
                "There is no device {given}: choose {known}.", given=quoted(self.device), known=one_of(DEVICES)
            )
        if self.learning_rate is None:
            object.__setattr__(self, "learning_rate", LEARNING_RATES[self.optimizer])
        checked: dict[str, int | float] = {
            "batch_size": _check_whole(message("The batch size"), self.batch_size, 1, MAX_BATCH_SIZE),
            "learning_rate": check_learning_rate(self.learning_rate),
            "weight_decay": _check_real(message("The weight decay"), self.weight_decay, 0.0, MAX_WEIGHT_DECAY),
            "crop": _check_whole(message("The crop in pixels"), self.crop, 0, MAX_CROP),
            "seed": _check_whole(message("The seed"), self.seed, 0, MAX_SEED),
            "validation": _check_real(message("The validation fraction"), self.validation, 0.0, MAX_VALIDATION),
        }
        if self.epochs is not None:
            checked["epochs"] = _check_whole(message("The number of epochs"), self.epochs, 1, MAX_EPOCHS)
        if self.seconds is not None:
            name = message("The time budget in seconds")
            checked["seconds"] = _check_real(name, self.seconds, 0.0, MAX_SECONDS, above=True)
        if not isinstance(cast("object", self.flip), bool | np.bool_):
            raise TrainingError("The setting flip is either true or false, not {given}.", given=_shown(self.flip))
        checked["flip"] = bool(self.flip)
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def peak(self) -> float:
        """The peak learning rate, which `learning_rate` always holds once the settings are checked."""
        return LEARNING_RATES[self.optimizer] if self.learning_rate is None else self.learning_rate

    def to_dict(self) -> dict[str, Any]:
        """The settings as numbers and words that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainingConfig:
        """Read what `to_dict` gave; what is missing takes its default.

        Raises:
            TrainingError: a name that is no setting, or a value that cannot be trained with.
        """
        known = [field.name for field in fields(cls)]
        for name in values:
            if name not in known:
                raise TrainingError(
                    "There is no training setting {given}: the settings are {known}.",
                    given=quoted(name),
                    known=all_of(known),
                )
        return cls(**values)


def check_learning_rate(value: Any) -> float:
    """Return a learning rate that can be trained with.

    Raises:
        TrainingError: it is no number, or not above 0, or far too large.

    >>> check_learning_rate(0.01)
    0.01
    """
    return _check_real(message("The learning rate"), value, 0.0, MAX_LEARNING_RATE, above=True)


def count_kept(images: int, validation: float) -> int:
    """Count the training images that a run keeps aside.

    >>> count_kept(5000, 0.1)
    500
    """
    return round(images * validation)


def _check_whole(setting: Message, value: Any, low: int, high: int) -> int:
    # bool is an int to Python; an epoch count of True is a slip of the pen.
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise TrainingError(
            "{setting} is {given}: give a whole number from {low} to {high}.",
            setting=setting,
            given=_shown(value),
            low=low,
            high=high,
        )
    return int(cast("int", value))


def _check_real(setting: Message, value: Any, low: float, high: float, *, above: bool = False) -> float:
    # Compared before it is converted: a whole number may be too large for a float.
    fits = (
        isinstance(value, int | float | np.integer | np.floating)
        and not isinstance(value, bool)
        and bool(low <= value <= high)
        and not (above and value == low)
    )
    if fits:
        return float(cast("float", value))
    if above:
        raise TrainingError(
            "{setting} is {given}: give a number above {low:g} and at most {high:g}.",
            setting=setting,
            given=_shown(value),
            low=low,
            high=high,
        )
    raise TrainingError(
        "{setting} is {given}: give a number from {low:g} to {high:g}.",
        setting=setting,
        given=_shown(value),
        low=low,
        high=high,
    )


def _shown(value: Any) -> str:
    """A value as a sentence shows it."""
    if isinstance(value, float | np.floating):
        return f"{cast('float', value):g}"
    return quoted(int(cast("int", value)) if isinstance(value, np.integer) else value)
