"""The settings of a training run: plain numbers and words, checked when they are put together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Any, Literal

from cnnlab.errors import TrainingError

Optimizer = Literal["sgd", "adam"]
Device = Literal["auto", "cpu", "cuda", "mps"]

DEFAULT_EPOCHS = 12
LEARNING_RATES: Mapping[str, float] = MappingProxyType({"sgd": 0.05, "adam": 0.003})
"""The peak learning rate of each optimizer where none is asked for."""

OPTIMIZERS: tuple[str, ...] = tuple(LEARNING_RATES)
POOLINGS: tuple[str, ...] = ("avg", "max")
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

    Raises:
        TrainingError: a value that cannot be trained with.

    >>> TrainingConfig(seconds=60).epochs is None
    True
    >>> TrainingConfig(optimizer="adam").learning_rate
    0.003
    """

    epochs: int | None = None
    seconds: float | None = None  # of training; pauses and the final test are not counted
    batch_size: int = 64
    optimizer: Optimizer = "sgd"
    learning_rate: float | None = None  # the peak of the one-cycle schedule
    weight_decay: float = 0.001
    flip: bool = True  # mirror each training image left to right with probability 1/2
    crop: int = 0  # shift each batch of training images by up to this many pixels
    seed: int = 0
    device: Device = "auto"
    validation: float = 0.1  # the fraction of the training images kept aside, chosen by the seed

    def __post_init__(self) -> None:
        if self.epochs is not None and self.seconds is not None:
            raise TrainingError(
                f"a run takes {_shown(self.epochs)} epochs or {_shown(self.seconds)} seconds, not both: leave one out"
            )
        if self.epochs is None and self.seconds is None:
            object.__setattr__(self, "epochs", DEFAULT_EPOCHS)
        if self.optimizer not in OPTIMIZERS:
            raise TrainingError(f"there is no optimizer {self.optimizer!r}: choose {_either(OPTIMIZERS)}")
        if self.device not in DEVICES:
            raise TrainingError(f"there is no device {self.device!r}: choose {_either(DEVICES)}")
        if self.learning_rate is None:
            object.__setattr__(self, "learning_rate", LEARNING_RATES[self.optimizer])
        if self.epochs is not None:
            _check_whole("the number of epochs", self.epochs, 1, MAX_EPOCHS)
        if self.seconds is not None:
            _check_real("the time budget in seconds", self.seconds, 0.0, MAX_SECONDS, above=True)
        _check_whole("the batch size", self.batch_size, 1, MAX_BATCH_SIZE)
        check_learning_rate(self.learning_rate)
        _check_real("the weight decay", self.weight_decay, 0.0, MAX_WEIGHT_DECAY)
        if not isinstance(self.flip, bool):  # pyright: ignore[reportUnnecessaryIsInstance] - it may come from JSON
            raise TrainingError(f"flip is either true or false, not {_shown(self.flip)}")
        _check_whole("the crop in pixels", self.crop, 0, MAX_CROP)
        _check_whole("the seed", self.seed, 0, MAX_SEED)
        _check_real("the validation fraction", self.validation, 0.0, MAX_VALIDATION)

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
                raise TrainingError(f"there is no training setting {name!r}: the settings are {', '.join(known)}")
        return cls(**values)


def check_learning_rate(value: Any) -> float:
    """Return a learning rate that can be trained with.

    Raises:
        TrainingError: it is no number, or not above 0, or far too large.

    >>> check_learning_rate(0.01)
    0.01
    """
    return _check_real("the learning rate", value, 0.0, MAX_LEARNING_RATE, above=True)


def check_pooling(value: Any) -> str:
    """Return the word for a pooling that LeNet-5 has.

    Raises:
        TrainingError: it is another one.
    """
    if value not in POOLINGS:
        raise TrainingError(f"there is no pooling {value!r}: choose {_either(POOLINGS)}")
    return value


def _check_whole(what: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise TrainingError(f"{what} is {_shown(value)}: give a whole number from {low} to {high}")
    return value


def _check_real(what: str, value: Any, low: float, high: float, *, above: bool = False) -> float:
    fits = (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and low <= value <= high
        and not (above and value == low)
    )
    if not fits:
        wanted = f"above {low:g} and at most {high:g}" if above else f"from {low:g} to {high:g}"
        raise TrainingError(f"{what} is {_shown(value)}: give a number {wanted}")
    return value


def _shown(value: Any) -> str:
    """A value as a sentence shows it, cut where a long text would drown the sentence."""
    text = f"{value:g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
