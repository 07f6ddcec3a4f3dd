"""Data sets in files of your own: for now `.npz` with Keras' keys."""

import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cnnlab.data.dataset import DataFacts, Dataset
from cnnlab.errors import DataError, quoted, reason
from cnnlab.texts import Message, all_of, in_a_row, message, one_of, plural

KEYS = ("x_train", "y_train", "x_test", "y_test")
MAX_BYTES = 2 * 1024**3  # of all arrays together, as they would lie in memory
MAX_CLASSES = 1000
MAX_CLASS_NAME = 80  # characters

SHOWN_LABELS = 5

_RENUMBER = message(
    "Take `classes = np.unique(np.concatenate([y_train, y_test]))`, and save `np.searchsorted(classes, y_train)` as "
    "y_train, `np.searchsorted(classes, y_test)` as y_test and `classes.astype(str)` as classes."
)


def is_npz(path: Path) -> bool:
    return path.suffix.lower() == ".npz" and path.is_file()


def read_npz(path: Path) -> Dataset:
    """Read an .npz file with the keys x_train, y_train, x_test, y_test and, if it has it, classes.

    Pictures are uint8, (N, C, H, W) or Keras' (N, H, W, C) with 1 or 3 channels, or (N, H, W) for grey ones. Labels
    are whole numbers from 0 on, (N,) or (N, 1). `classes` is a list of names; without it the classes are numbered.
    Kinds, shapes and sizes are compared with the limits before any array is read, and nothing is ever unpickled.
    """
    with _opened(path) as archive:
        headers = _read_headers(archive, path.name)
        arrays = {key: _read_array(archive, key) for key in headers}
    y_train, y_test = (_labels(key, arrays[key]) for key in ("y_train", "y_test"))
    classes = _classes(path.name, arrays.get("classes"), y_train, y_test)
    return Dataset(
        path.stem, _channels_first(arrays["x_train"]), y_train, _channels_first(arrays["x_test"]), y_test, classes
    )


def npz_facts(path: Path) -> DataFacts:
    """Tell what an .npz file holds from its headers and its labels; its pictures are not read."""
    with _opened(path) as archive:
        headers = _read_headers(archive, path.name)
        arrays = {key: _read_array(archive, key) for key in headers if not key.startswith("x_")}
    y_train, y_test = (_labels(key, arrays[key]) for key in ("y_train", "y_test"))
    classes = _classes(path.name, arrays.get("classes"), y_train, y_test)
    if headers["x_train"][0][1:] != headers["x_test"][0][1:]:
        raise DataError(
            "x_train has the shape {training}, x_test {test}: both parts need pictures of one size.",
            training=headers["x_train"][0],
            test=headers["x_test"][0],
        )
    train, test = (_shape_channels_first(headers[key][0]) for key in ("x_train", "x_test"))
    return DataFacts(path.stem, (train[1], train[2], train[3]), len(classes), train[0], test[0])


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    """The file as the archive that it is; whatever is wrong with it becomes a sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except DataError:
        raise
    except (zipfile.BadZipFile, EOFError) as error:
        raise DataError(
            "{file} is not a complete .npz file ({reason}): make it again with numpy.savez.",
            file=path.name,
            reason=reason(error),
        ) from None
    except PermissionError:
        raise DataError("{path} may not be read: change its permissions.", path=path) from None
    except Exception as error:  # noqa: BLE001, decoders and parsers of damaged files raise nearly everything
        raise DataError(
            "{file} cannot be read ({reason}): make it again with numpy.savez.", file=path.name, reason=reason(error)
        ) from None


def _read_headers(archive: zipfile.ZipFile, file_name: str) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
    """Kind and shape of the arrays that count, compared with what cnnlab takes."""
    present = set(archive.namelist())
    missing = [key for key in KEYS if f"{key}.npy" not in present]
    if missing:
        raise DataError(
            "{file} lacks {missing}: an .npz data set has the keys {keys} (and classes, if you like).",
            file=file_name,
            missing=all_of(missing),
            keys=all_of(KEYS),
        )
    keys = (*KEYS, "classes") if "classes.npy" in present else KEYS
    headers = {key: _read_header(archive, key) for key in keys}
    total = 0
    for key, (shape, dtype) in headers.items():
        size = prod(shape) * dtype.itemsize
        total += size
        if dtype.hasobject:
            raise DataError(
                "{array} holds Python objects, which could run code: save plain numbers or text.", array=key
            )
        if total > MAX_BYTES:
            raise DataError(
                "{file} would fill more than {limit} GB of memory ({array} has the shape {shape}): save fewer or "
                "smaller pictures.",
                file=file_name,
                limit=MAX_BYTES // 1024**3,
                array=key,
                shape=shape,
            )
        if archive.getinfo(f"{key}.npy").file_size < size:
            raise DataError(
                "{array} in {file} is cut short: make the file again with numpy.savez.", array=key, file=file_name
            )
    for part in ("train", "test"):
        _check_pictures(f"x_{part}", *headers[f"x_{part}"])
        _check_labels(f"y_{part}", *headers[f"y_{part}"], count=headers[f"x_{part}"][0][0])
    return headers


def _read_header(archive: zipfile.ZipFile, key: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    with archive.open(f"{key}.npy") as member:
        version = npy.read_magic(member)
        if version not in {(1, 0), (2, 0)}:
            raise DataError(
                "{array} is saved in a form of .npy that cnnlab does not read: save plain numbers or text.", array=key
            )
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(member)
    return shape, dtype


def _check_pictures(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    if dtype != np.uint8:
        raise DataError(
            "{array} holds {dtype}, but pictures are uint8, from 0 to 255: save (255 * {array}).astype('uint8') if "
            "yours run from 0 to 1, {array}.astype('uint8') if they run to 255.",
            array=key,
            dtype=dtype,
        )
    if len(shape) not in (3, 4) or min(shape) < 1:
        raise DataError(
            "{array} has the shape {shape}, but pictures come as (N, C, H, W), (N, H, W, C) or, if they are grey, "
            "(N, H, W), and there must be one at least.",
            array=key,
            shape=shape,
        )
    if len(shape) == 4:
        first, last = shape[1] in (1, 3), shape[3] in (1, 3)
        if first and last:
            raise DataError(
                "{array} has the shape {shape}, in which both axis 1 (of size {first}) and axis 3 (of size {last}) "
                "could be the channels. Save wider pictures: if they are 1 or 3 pixels wide, nobody can tell which "
                "axis is which.",
                array=key,
                shape=shape,
                first=shape[1],
                last=shape[3],
            )
        if not first and not last:
            raise DataError(
                "{array} has the shape {shape}, but neither axis 1 nor axis 3 has the size 1 (grey) or 3 (colour): "
                "save pictures as (N, C, H, W) or (N, H, W, C).",
                array=key,
                shape=shape,
            )


def _check_labels(key: str, shape: tuple[int, ...], dtype: np.dtype[Any], count: int) -> None:
    if len(shape) == 2 and shape[1] > 1:
        raise DataError(
            "{array} has the shape {shape}, but labels are one whole number per picture: save "
            "{array}.argmax(axis=1) if yours are one-hot.",
            array=key,
            shape=shape,
        )
    if shape not in {(count,), (count, 1)}:
        raise DataError(
            plural(
                "{array} has the shape {shape}, but there is {n} picture: it needs one label.",
                "{array} has the shape {shape}, but there are {n} pictures: each needs one label.",
                n=count,
                array=key,
                shape=shape,
            )
        )
    if dtype.kind in "fb":
        raise DataError(
            "{array} holds {dtype}, but labels are whole numbers from 0 on: save `{array}.astype('int64')`.",
            array=key,
            dtype=dtype,
        )
    if dtype.kind in "US":
        raise _to_renumber(message("{array} holds text, but labels are whole numbers from 0 on.", array=key))
    if dtype.kind not in "iu":
        raise _to_renumber(
            message("{array} holds {dtype}, but labels are whole numbers from 0 on.", array=key, dtype=dtype)
        )


def _to_renumber(told: Message) -> DataError:
    return DataError(in_a_row(told, _RENUMBER))


def _read_array(archive: zipfile.ZipFile, key: str) -> NDArray[Any]:
    with archive.open(f"{key}.npy") as member:
        array = npy.read_array(member, allow_pickle=False)
        member.read(1)  # at the end of the member its checksum is compared
    return array


def _shape_channels_first(shape: tuple[int, ...]) -> tuple[int, ...]:
    """(N, C, H, W) of what `_channels_first` makes of an array with this shape."""
    if len(shape) == 3:
        return (shape[0], 1, *shape[1:])
    return shape if shape[1] in (1, 3) else (shape[0], shape[3], *shape[1:3])


def _channels_first(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pictures.ndim == 3:
        pictures = pictures[:, None]
    elif pictures.shape[1] not in (1, 3):
        pictures = pictures.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(pictures)


def _labels(key: str, labels: NDArray[Any]) -> NDArray[np.int64]:
    # Python's numbers: an unsigned label may be beyond int64.
    lowest, highest = int(labels.min()), int(labels.max())
    if lowest < 0 or highest >= MAX_CLASSES:
        raise _to_renumber(
            message(
                "{array} has labels from {lowest} to {highest}, but cnnlab takes at most {most} classes, numbered "
                "from 0 on.",
                array=key,
                lowest=lowest,
                highest=highest,
                most=MAX_CLASSES,
            )
        )
    return labels.reshape(-1).astype(np.int64)


def _classes(
    file_name: str, names: NDArray[Any] | None, y_train: NDArray[np.int64], y_test: NDArray[np.int64]
) -> tuple[str, ...]:
    """The names of the classes. Without names of its own, every class needs a picture; a name may stand for none."""
    used = np.union1d(y_train, y_test)
    lowest, highest = int(used[0]), int(used[-1])
    classes = tuple(str(label) for label in range(highest + 1)) if names is None else _class_names(names)
    if lowest > 0 and (names is None or highest == len(classes)):
        # With names they are numbered from 1 on, and the first class may have no picture.
        extra = lowest if names is None else 1
        raise DataError(
            "{file} has labels from {lowest} to {highest}, but labels are numbered from 0 on: save "
            "`y_train - {extra}` as y_train and `y_test - {extra}` as y_test.",
            file=file_name,
            lowest=lowest,
            highest=highest,
            extra=extra,
        )
    if highest >= len(classes):
        raise DataError(
            plural(
                "{file} has labels up to {highest}, but {n} name in classes: number the labels from 0 on, and name "
                "each of them.",
                "{file} has labels up to {highest}, but {n} names in classes: number the labels from 0 on, and name "
                "each of them.",
                n=len(classes),
                file=file_name,
                highest=highest,
            )
        )
    empty = np.setdiff1d(np.arange(highest + 1), used).tolist()
    if names is None and empty:
        more = len(empty) - SHOWN_LABELS
        labels = one_of([*empty[:SHOWN_LABELS], message("{n} others", n=more)] if more > 1 else empty)
        told = message(
            "{file} has labels up to {highest}, but no picture has the label {labels}.",
            file=file_name,
            highest=highest,
            labels=labels,
        )
        way_out = message("If that is intended, add classes with a name for each label.")
        raise DataError(in_a_row(told, _RENUMBER, way_out))
    return classes


def _class_names(names: NDArray[Any]) -> tuple[str, ...]:
    if names.ndim != 1 or names.dtype.kind not in "US":
        raise DataError(
            "The array of classes must be a list of names, not {dtype} with the shape {shape}.",
            dtype=names.dtype,
            shape=names.shape,
        )
    words = [name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name) for name in names.tolist()]
    if len(words) > MAX_CLASSES:
        raise DataError(
            "There are {names} names in classes, but cnnlab takes at most {most} classes.",
            names=len(words),
            most=MAX_CLASSES,
        )
    for word in words:
        if not word.strip() or len(word) > MAX_CLASS_NAME or not word.isprintable():
            raise DataError(
                "The class name {given} cannot be used: a name has 1 to {most} printable characters.",
                most=MAX_CLASS_NAME,
                given=quoted(word),
            )
    if len(set(words)) < len(words):
        raise DataError(
            "There is more than one {name} in classes: give each class its own name.",
            name=quoted(max(words, key=words.count)),
        )
    return tuple(words)
