"""The record that every data set is: pictures as bytes, labels as whole numbers, the classes' names."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import cast
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import DataError, quoted
from cnnlab.texts import plural

_CHUNK = 2000  # pictures at a time when statistics are taken: a few MB of scratch space instead of a second copy


@dataclass(frozen=True)
class DataFacts:
    """What decides whether a network can be trained on a data set, known without its pictures."""

    name: str
    image_shape: tuple[int, int, int]  # (C, H, W) of one picture
    num_classes: int
    train_images: int
    test_images: int


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled pictures for training and for testing.

    Loaded data sets are shared between all who ask for them, so their arrays are read-only: copy before changing.

    Attributes:
        name: what `load_dataset` was asked for, or the name of the file.
        x_train, x_test: pictures, uint8, (N, C, H, W).
        y_train, y_test: the class of each picture as an index into `classes`, int64, (N,).
        classes: the names of the classes.

    Raises:
        DataError: arrays, labels and names that do not go together.
    """

    name: str
    x_train: NDArray[np.uint8] = field(repr=False)
    y_train: NDArray[np.int64] = field(repr=False)
    x_test: NDArray[np.uint8] = field(repr=False)
    y_test: NDArray[np.int64] = field(repr=False)
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        given = cast("object", self.classes)
        names = cast("list[object]", given) if isinstance(given, tuple | list) else [None]
        if not all(isinstance(name, str) for name in names):
            raise DataError(
                "The classes are {given}: use a tuple of names, ('cat', 'dog') for instance.",
                given=quoted(self.classes),
            )
        object.__setattr__(self, "classes", tuple(self.classes))
        for part, pictures, labels in (("train", self.x_train, self.y_train), ("test", self.x_test, self.y_test)):
            for name, array in ((f"x_{part}", pictures), (f"y_{part}", labels)):
                if not isinstance(cast("object", array), np.ndarray):
                    raise DataError("{array} is {given}: use a NumPy array.", array=name, given=quoted(array))
            if pictures.dtype != np.uint8 or pictures.ndim != 4:
                raise DataError(
                    "{array} must be uint8 with 4 axes (pictures, channels, height, width), not {dtype} "
                    "with the shape {shape}.",
                    array=f"x_{part}",
                    dtype=pictures.dtype,
                    shape=pictures.shape,
                )
            if labels.dtype != np.int64 or labels.shape != (len(pictures),):
                raise DataError(
                    plural(
                        "{array} must be int64 with a label for the {n} picture, not {dtype} with the shape {shape}.",
                        "{array} must be int64 with one label for each of the {n} pictures, not {dtype} with the "
                        "shape {shape}.",
                        n=len(pictures),
                        array=f"y_{part}",
                        dtype=labels.dtype,
                        shape=labels.shape,
                    )
                )
            if labels.size and not 0 <= labels.min() <= labels.max() < len(self.classes):
                raise DataError(
                    plural(
                        "{array} has labels from {lowest} to {highest}, but there is {n} name in classes: number the "
                        "labels from 0 on, and name each of them.",
                        "{array} has labels from {lowest} to {highest}, but there are {n} names in classes: number "
                        "the labels from 0 on, and name each of them.",
                        n=len(self.classes),
                        array=f"y_{part}",
                        lowest=int(labels.min()),
                        highest=int(labels.max()),
                    )
                )
        if self.x_train.shape[1:] != self.x_test.shape[1:]:
            raise DataError(
                "Training pictures have the shape {training}, test pictures {test}: both parts need pictures of one "
                "size.",
                training=self.x_train.shape[1:],
                test=self.x_test.shape[1:],
            )
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            array.setflags(write=False)

    @property
    def num_classes(self) -> int:
        return len(self.classes)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one picture."""
        _, channels, height, width = self.x_train.shape
        return channels, height, width

    @property
    def facts(self) -> DataFacts:
        """What decides whether a network can be trained on it."""
        return DataFacts(self.name, self.image_shape, self.num_classes, len(self.x_train), len(self.x_test))

    @property
    def mean(self) -> tuple[float, ...]:
        """The mean of each channel over all training pictures, with pixels between 0 and 1.

        All of them, those that a run keeps aside for validation included: two numbers a channel tell next to nothing
        of single pictures, and so every run sees the data set in the same shades.
        """
        return self._statistics[0]

    @property
    def std(self) -> tuple[float, ...]:
        """The standard deviation of each channel over all training pictures, with pixels between 0 and 1.

        It is there to divide by, so a channel whose pixels are all alike has 1.0 instead of 0.
        """
        return self._statistics[1]

    @cached_property
    def _statistics(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        channels = self.x_train.shape[1]
        total, squares = np.zeros(channels, np.int64), np.zeros(channels, np.int64)
        for start in range(0, len(self.x_train), _CHUNK):
            chunk = self.x_train[start : start + _CHUNK].astype(np.uint16)
            total += chunk.sum(axis=(0, 2, 3), dtype=np.int64)
            squares += (chunk * chunk).sum(axis=(0, 2, 3), dtype=np.int64)  # 255 * 255 still fits into 16 bits
        count = max(1, self.x_train.size // channels)
        mean = total / count
        std = np.sqrt(np.maximum(squares / count - mean**2, 0.0))
        std[std == 0] = 255.0
        return tuple((mean / 255).tolist()), tuple((std / 255).tolist())


_shared: WeakValueDictionary[Hashable, Dataset] = WeakValueDictionary()
_loading = RLock()


def shared(key: Hashable, load: Callable[[], Dataset]) -> Dataset:
    """Load a data set once for all who use it at the same time; it is freed when the last of them lets it go."""
    with _loading:
        dataset = _shared.get(key)
        if dataset is None:
            dataset = _shared[key] = load()
        return dataset
