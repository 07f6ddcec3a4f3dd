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
from cnnlab.errors import DataError, counted, quoted, reason

KEYS = ("x_train", "y_train", "x_test", "y_test")
MAX_BYTES = 2 * 1024**3  # of all arrays together, as they would lie in memory
MAX_CLASSES = 1000
MAX_CLASS_NAME = 80  # characters

_RENUMBER = (
    "take `classes = np.unique(np.concatenate([y_train, y_test]))`, and save `np.searchsorted(classes, y_train)` as "
    "y_train, `np.searchsorted(classes, y_test)` as y_test and `classes.astype(str)` as classes"
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
            "x_train has the shape {headers}, x_test {headers_2}: both parts need pictures of one size.",
            headers=headers["x_train"][0],
            headers_2=headers["x_test"][0],
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
            "{name} is not a whole .npz file ({error}): make it again with numpy.savez.",
            name=path.name,
            error=reason(error),
        ) from None
    except PermissionError:
        raise DataError("{path} may not be read: change its permissions.", path=path) from None
    except Exception as error:  # noqa: BLE001, decoders and parsers of damaged files raise nearly everything
        raise DataError(
            "{name} cannot be read ({error}): make it again with numpy.savez.", name=path.name, error=reason(error)
        ) from None


def _read_headers(archive: zipfile.ZipFile, file_name: str) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
    """Kind and shape of the arrays that count, compared with what cnnlab takes."""
    present = set(archive.namelist())
    missing = [key for key in KEYS if f"{key}.npy" not in present]
    if missing:
        raise DataError(
            "{file_name} has no {missing}: an .npz data set has the keys {KEYS} (and classes, if you like).",
            file_name=file_name,
            missing=", ".join(missing),
            KEYS=", ".join(KEYS),
        )
    keys = (*KEYS, "classes") if "classes.npy" in present else KEYS
    headers = {key: _read_header(archive, key) for key in keys}
    total = 0
    for key, (shape, dtype) in headers.items():
        size = prod(shape) * dtype.itemsize
        total += size
        if dtype.hasobject:
            raise DataError("{key} holds Python objects, which could run code: save plain numbers or text.", key=key)
        if total > MAX_BYTES:
            raise DataError(
                "{file_name} would fill more than {MAX_BYTES} GB of memory ({key} has the shape "
                "{shape}): save fewer or smaller pictures.",
                file_name=file_name,
                MAX_BYTES=MAX_BYTES // 1024**3,
                key=key,
                shape=shape,
            )
        if archive.getinfo(f"{key}.npy").file_size < size:
            raise DataError(
                "{key} in {file_name} is cut short: make the file again with numpy.savez.", key=key, file_name=file_name
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
                "{key} is saved in a form of .npy that cnnlab does not read: save plain numbers or text.", key=key
            )
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(member)
    return shape, dtype


def _check_pictures(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    if dtype != np.uint8:
        raise DataError(
            "{key} holds {dtype}, but pictures are uint8, from 0 to 255: save (255 * "
            "{key}).astype('uint8') if yours run from 0 to 1, {key}.astype('uint8') if they run "
            "to 255.",
            key=key,
            dtype=dtype,
        )
    if len(shape) not in (3, 4) or min(shape) < 1:
        raise DataError(
            "{key} has the shape {shape}, but pictures come as (N, C, H, W), (N, H, W, C) or, "
            "grey, (N, H, W), and at least one.",
            key=key,
            shape=shape,
        )
    if len(shape) == 4:
        first, last = shape[1] in (1, 3), shape[3] in (1, 3)
        if first and last:
            raise DataError(
                "{key} has the shape {shape}, in which both axis 1 (of size {shape_2}) and axis 3 "
                "(of size {shape_3}) could be the channels: pictures that are 1 or 3 pixels wide "
                "cannot be told apart from colours, so save wider ones.",
                key=key,
                shape=shape,
                shape_2=shape[1],
                shape_3=shape[3],
            )
        if not first and not last:
            raise DataError(
                "{key} has the shape {shape}, but neither axis 1 nor axis 3 has the size 1 (grey) or "
                "3 (colour): save pictures as (N, C, H, W) or (N, H, W, C).",
                key=key,
                shape=shape,
            )


def _check_labels(key: str, shape: tuple[int, ...], dtype: np.dtype[Any], count: int) -> None:
    if len(shape) == 2 and shape[1] > 1:
        raise DataError(
            "{key} has the shape {shape}, but labels are one whole number per picture: save "
            "{key}.argmax(axis=1) if yours are one-hot.",
            key=key,
            shape=shape,
        )
    if shape not in {(count,), (count, 1)}:
        raise DataError(
            "{key} has the shape {shape}, but there are {count} pictures: each needs one label.",
            key=key,
            shape=shape,
            count=count,
        )
    if dtype.kind in "fb":
        raise DataError(
            "{key} holds {dtype}, but labels are whole numbers from 0 on: save `{key}.astype('int64')`.",
            key=key,
            dtype=dtype,
        )
    if dtype.kind not in "iu":
        what = "text" if dtype.kind in "US" else str(dtype)
        raise DataError(
            "{key} holds {what}, but labels are whole numbers from 0 on: {RENUMBER}.",
            key=key,
            what=what,
            RENUMBER=_RENUMBER,
        )


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
        raise DataError(
            "{key} has labels from {lowest} to {highest}, but cnnlab takes at most {MAX_CLASSES} "
            "classes, numbered from 0 on: {RENUMBER}.",
            key=key,
            lowest=lowest,
            highest=highest,
            MAX_CLASSES=MAX_CLASSES,
            RENUMBER=_RENUMBER,
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
            "{file_name} has labels from {lowest} to {highest}, but labels count from 0 on: save "
            "`y_train - {extra}` as y_train and `y_test - {extra}` as y_test.",
            file_name=file_name,
            lowest=lowest,
            highest=highest,
            extra=extra,
        )
    if highest >= len(classes):
        raise DataError(
            "{file_name} has labels up to {highest}, but {classes} in classes: number the labels "
            "from 0 on, and name each of them.",
            file_name=file_name,
            highest=highest,
            classes=counted(len(classes), "name"),
        )
    empty = np.setdiff1d(np.arange(highest + 1), used).tolist()
    if names is None and empty:
        some = ", ".join(map(str, empty[:5])) + (f" and {len(empty) - 5} more" if len(empty) > 5 else "")
        raise DataError(
            "{file_name} has labels up to {highest} and no picture with the label {some}: "
            "{RENUMBER}, or add classes with a name for each label if that is meant.",
            file_name=file_name,
            highest=highest,
            some=some,
            RENUMBER=_RENUMBER,
        )
    return classes


def _class_names(names: NDArray[Any]) -> tuple[str, ...]:
    if names.ndim != 1 or names.dtype.kind not in "US":
        raise DataError(
            "Classes must be a list of names, not {dtype} with shape {shape}.", dtype=names.dtype, shape=names.shape
        )
    words = [name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name) for name in names.tolist()]
    if len(words) > MAX_CLASSES:
        raise DataError(
            "Classes has {words} names, but cnnlab takes at most {MAX_CLASSES} classes.",
            words=len(words),
            MAX_CLASSES=MAX_CLASSES,
        )
    for word in words:
        if not word.strip() or len(word) > MAX_CLASS_NAME or not word.isprintable():
            raise DataError(
                "A class's name must have 1 to {MAX_CLASS_NAME} printable characters, not {word}.",
                MAX_CLASS_NAME=MAX_CLASS_NAME,
                word=quoted(word),
            )
    if len(set(words)) < len(words):
        raise DataError(
            "Classes names {words!r} more than once: give each class its own name.", words=max(words, key=words.count)
        )
    return tuple(words)
