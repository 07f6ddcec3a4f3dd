"""`cifar10-mini`: real CIFAR-10 pictures that are part of the package, so that the lab trains without any network.

The first 500 training and the first 100 test pictures of each class, in CIFAR-10's own order. They lie in
`cifar10_mini/` as lossless WebP sheets, one per class and part, and `manifest.json` holds the order of the labels
and checksums of the decoded pixels. `scripts/make_cifar10_mini.py` made both; ORIGIN.md there tells where from.
"""

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.dataset import DataFacts, Dataset
from cnnlab.errors import DataError, reason
from cnnlab.texts import Message, in_a_row, message, plural

NAME = "cifar10-mini"
FOLDER = Path(__file__).with_name("cifar10_mini")
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
PER_CLASS = {"train": 500, "test": 100}
COLUMNS = {"train": 25, "test": 10}  # pictures side by side on a sheet
SIDE = 32
FACTS = DataFacts(
    NAME, (3, SIDE, SIDE), len(CLASSES), len(CLASSES) * PER_CLASS["train"], len(CLASSES) * PER_CLASS["test"]
)


class PartFacts(TypedDict):
    """What the manifest says about one part ("train" or "test"); the tests compare the decoded sheets with it."""

    labels: str  # one digit per picture, in CIFAR-10's order
    sha256: str  # of the pixels as (N, 3, 32, 32) bytes in that order
    first_image_sums: list[int]  # the sum of all bytes of the first picture of each class


@cache
def load() -> Dataset:
    """Decode the sheets into one data set (about a fifth of a second; the second call returns the same object)."""
    x_train, y_train = _load_part("train")
    x_test, y_test = _load_part("test")
    return Dataset(NAME, x_train, y_train, x_test, y_test, CLASSES)


def manifest() -> dict[str, PartFacts]:
    """What the script that made the sheets wrote down about the source."""
    try:
        return json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable("manifest.json", error) from None


def sheet_path(part: str, label: int) -> Path:
    """Where the sheet of one class lies."""
    return FOLDER / f"{part}-{CLASSES[label]}.webp"


def to_sheet(pictures: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """Lay (N, 3, 32, 32) pictures out row by row on one (height, width, 3) sheet."""
    rows = len(pictures) // columns
    grid = pictures.reshape(rows, columns, 3, SIDE, SIDE).transpose(0, 3, 1, 4, 2)
    return np.ascontiguousarray(grid.reshape(rows * SIDE, columns * SIDE, 3))


def from_sheet(sheet: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut a sheet into its (N, 3, 32, 32) pictures: the way back from `to_sheet`."""
    rows, columns = sheet.shape[0] // SIDE, sheet.shape[1] // SIDE
    grid = sheet.reshape(rows, SIDE, columns, SIDE, 3).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(grid.reshape(rows * columns, 3, SIDE, SIDE))


def _load_part(part: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    labels = np.array([int(digit) for digit in manifest()[part]["labels"]], np.int64)
    pictures = np.empty((len(labels), 3, SIDE, SIDE), np.uint8)
    for label in range(len(CLASSES)):
        of_class = _read_sheet(part, label)
        if len(of_class) != np.count_nonzero(labels == label):
            raise _damaged(
                plural(
                    "{file} of the embedded {data} pictures is damaged: it holds {n} picture.",
                    "{file} of the embedded {data} pictures is damaged: it holds {n} pictures.",
                    n=len(of_class),
                    file=sheet_path(part, label).name,
                    data=NAME,
                )
            )
        pictures[labels == label] = of_class
    return pictures, labels


def _read_sheet(part: str, label: int) -> NDArray[np.uint8]:
    from PIL import Image  # here, so that `import cnnlab` does not pay for it

    path = sheet_path(part, label)
    try:
        with Image.open(path, formats=("WEBP",)) as image:
            return from_sheet(np.asarray(image.convert("RGB")))
    except (OSError, ValueError) as error:
        raise _unreadable(path.name, error) from None


def _unreadable(file: str, error: Exception) -> DataError:
    return _damaged(
        message(
            "{file} of the embedded {data} pictures is missing or damaged ({reason}).",
            file=file,
            data=NAME,
            reason=reason(error),
        )
    )


def _damaged(told: Message) -> DataError:
    way_out = message("Install cnnlab again, or restore its folder {folder}.", folder=FOLDER)
    return DataError(in_a_row(told, way_out))
