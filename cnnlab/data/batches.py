"""The files of CIFAR-10's Python version: seven pickles in a folder `cifar-10-batches-py`, or in an archive of it.

Pickles can run code, so these are read by an unpickler that builds nothing but lists, texts, numbers and bytes.
Reading needs neither torch nor torchvision: a web server that only wants the arrays does not pay for them.
"""

import os
import pickle
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from gzip import BadGzipFile, GzipFile
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.dataset import Dataset
from cnnlab.errors import DataError, reason

FOLDER = "cifar-10-batches-py"
TRAIN_BATCHES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")
TEST_BATCH = "test_batch"
META = "batches.meta"  # the names of the classes
NEEDED = (*TRAIN_BATCHES, TEST_BATCH, META)
EXTRA = ("readme.html",)
MAX_FILE_BYTES = 64 * 1024**2  # a batch has 31 MB

OTHERS = {
    "cifar-100-python": "CIFAR-100",
    "cifar-100-binary": "CIFAR-100",
    "cifar-100-matlab": "CIFAR-100",
    "cifar-10-batches-bin": "the binary version of CIFAR-10",
    "cifar-10-batches-mat": "the Matlab version of CIFAR-10",
}
"""What else the same page offers, by the folder that it lies in."""
MAX_WRAPPED = 100  # entries of a folder among which the batches are looked for

_PADDING = 1024**2
_PIXELS = 3 * 32 * 32
_AGAIN = "get CIFAR-10 again with `python -m cnnlab download cifar10`"


def is_archive(path: Path) -> bool:
    return path.name.endswith((".tar.gz", ".tgz")) and path.is_file()


def is_folder(path: Path) -> bool:
    """Whether the extracted batches of CIFAR-10 lie in `path`, or one or two folders deeper, or others of its family.

    Raises:
        PermissionError: it may not be looked into.
    """
    return path.is_dir() and (
        path.name == FOLDER
        or path.name in OTHERS
        or any(_is_there(path / name) for name in (FOLDER, TRAIN_BATCHES[0], *OTHERS))
        or _innermost(path) != path
    )


def missing_files(folder: Path) -> list[str]:
    """The files that a folder lacks to be the whole data set."""
    return [name for name in NEEDED if not (folder / name).is_file()]


def read_folder(path: Path) -> Dataset:
    """Read the extracted batches in `path`, or one or two folders deeper, as some programs extract an archive."""
    with _file_errors(path):
        folder = _innermost(path)
        missing = missing_files(folder)
        other = next((name for name in OTHERS if path.name == name or (path / name).is_dir()), None)
    if missing and other and not (folder / TRAIN_BATCHES[0]).is_file():
        raise _of_another_kind(str(path), other)
    if missing:
        raise DataError(
            "CIFAR-10 in {folder} is not whole, {missing} is missing: extract the archive again, "
            "or run `python -m cnnlab download cifar10 --root {parent}`.",
            folder=folder,
            missing=", ".join(missing),
            parent=folder.parent,
        )
    with _file_errors(folder):
        return _assemble(str(folder), lambda name: _limited_read(folder / name))


def _innermost(path: Path) -> Path:
    """The folder with the whole set of batches, else the likeliest one: `path` where nothing speaks for another.

    Raises:
        PermissionError: `path` or its `cifar-10-batches-py` may not be looked into.
    """
    outer = [path, path / FOLDER] if (path / FOLDER).is_dir() else [path]
    inner = [
        child / name
        for folder in outer
        for child in sorted(islice(folder.iterdir(), MAX_WRAPPED))
        for name in ("", FOLDER)
        if os.path.isfile(child / name / TRAIN_BATCHES[0])  # where it may not be looked into, it is another's
    ]
    candidates = [*reversed(outer), *inner]
    begun = [folder for folder in candidates if os.path.isfile(folder / TRAIN_BATCHES[0])] or candidates
    return next((folder for folder in begun if not missing_files(folder)), begun[0])


def _of_another_kind(where: str, folder: str) -> DataError:
    return DataError(
        "{where} is {OTHERS}, but cnnlab reads the Python version of CIFAR-10: {AGAIN}.",
        where=where,
        OTHERS=OTHERS[folder],
        AGAIN=_AGAIN,
    )


def read_archive(path: Path) -> Dataset:
    """Read the batches straight from an archive, without extracting it to the disk."""
    contents: dict[str, bytes] = {}
    with _file_errors(path), archive_errors(path), path.open("rb") as file:
        for name, member in archive_members(file, path.name):
            contents[name] = member.read()
    missing = [name for name in NEEDED if name not in contents]
    if missing:
        raise DataError(
            "{name} is not a whole archive of CIFAR-10, {missing} is missing: download it again.",
            name=path.name,
            missing=", ".join(missing),
        )
    return _assemble(path.name, contents.pop)


def _assemble(where: str, read: Callable[[str], bytes]) -> Dataset:
    names = _items(_unpickle(read(META), f"{META} in {where}").get("label_names"))
    classes = tuple(name for name in names if isinstance(name, str))
    if not classes or len(classes) < len(names):
        raise DataError("{META} in {where} holds no names of classes: {AGAIN}.", META=META, where=where, AGAIN=_AGAIN)
    batches = [_read_batch(read(name), f"{name} in {where}") for name in (*TRAIN_BATCHES, TEST_BATCH)]
    return Dataset(
        "cifar10",
        np.concatenate([pictures for pictures, _ in batches[:-1]]),
        np.concatenate([labels for _, labels in batches[:-1]]),
        *batches[-1],
        classes,
    )


def _read_batch(content: bytes, where: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    batch = _unpickle(content, where)
    data, items = batch.get("data"), _items(batch.get("labels"))
    labels = [item for item in items if isinstance(item, int) and 0 <= item < 1000]
    if not isinstance(data, _PickledArray) or not labels or len(labels) < len(items):
        raise DataError("{where} holds no pictures with labels: {AGAIN}.", where=where, AGAIN=_AGAIN)
    if data.shape != (len(labels), _PIXELS) or data.code != "u1" or len(data.content) != len(labels) * _PIXELS:
        raise DataError(
            "{where} holds an array of shape {shape} for {labels} labels, but CIFAR-10 has "
            "{PIXELS} bytes for each picture: {AGAIN}.",
            where=where,
            shape=data.shape,
            labels=len(labels),
            PIXELS=_PIXELS,
            AGAIN=_AGAIN,
        )
    pixels = np.frombuffer(data.content, np.uint8).reshape(len(labels), _PIXELS, order=data.order)
    return pixels.reshape(-1, 3, 32, 32), np.array(labels, np.int64)


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _limited_read(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise DataError(
            "{path} has {size} bytes, too many for a part of CIFAR-10: {AGAIN}.", path=path, size=size, AGAIN=_AGAIN
        )
    return path.read_bytes()


@contextmanager
def _file_errors(path: Path) -> Generator[None]:
    """Turn what the file system says while `path` is read into a sentence."""
    try:
        yield
    except PermissionError:
        raise DataError("{path} may not be read: change its permissions or choose another folder.", path=path) from None
    except OSError as error:
        raise DataError(
            "{path} cannot be read ({value}): {AGAIN}.", path=path, value=error.strerror or error, AGAIN=_AGAIN
        ) from None


@contextmanager
def archive_errors(path: Path) -> Generator[None]:
    """Turn what the archive's decoders say into a sentence."""
    try:
        yield
    except (tarfile.TarError, BadGzipFile, zlib.error, EOFError) as error:
        raise DataError(
            "{path} is damaged or cut short ({error}): delete it and download it again.", path=path, error=reason(error)
        ) from None


def archive_members(file: IO[bytes], name: str) -> Iterator[tuple[str, IO[bytes]]]:
    """The files of CIFAR-10 in an archive, each under its plain name.

    Stricter than tarfile's own filter: a member is taken by its exact name and only as a regular file, and no path
    that the archive chose is ever written to, so neither links nor names like ../../x lead anywhere.
    """
    with GzipFile(fileobj=file) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as archive:
        seen: set[str] = set()
        for member in archive:
            if member.isdir() and member.name.rstrip("/") == FOLDER:
                continue
            folder, _, file_name = member.name.rpartition("/")
            if not seen and (top := member.name.partition("/")[0]) in OTHERS:
                raise _of_another_kind(name, top)
            if not member.isreg() or folder != FOLDER or file_name not in NEEDED + EXTRA or file_name in seen:
                raise DataError(
                    "{name} holds {name_2!r}, which is not part of CIFAR-10: do not trust this archive, {AGAIN}.",
                    name=name,
                    name_2=member.name[:100],
                    AGAIN=_AGAIN,
                )
            if member.size > MAX_FILE_BYTES:
                raise DataError(
                    "{file_name} in {name} has {size} bytes, too many for a part of CIFAR-10.",
                    file_name=file_name,
                    name=name,
                    size=member.size,
                )
            seen.add(file_name)
            content = archive.extractfile(member)
            if content is not None and file_name in NEEDED:
                yield file_name, content
        # Beyond the last member lies only a little padding, and then the checksum that gzip compares.
        if len(unpacked.read(_PADDING + 1)) > _PADDING:
            raise DataError(
                "{name} goes on after its last file: do not trust this archive, {AGAIN}.", name=name, AGAIN=_AGAIN
            )


class _PickledKind:
    """Takes the place of a NumPy dtype while unpickling: keeps its code, "u1" for bytes."""

    def __init__(self, code: object = "", *_: object) -> None:
        self.code = _text(code)

    def __setstate__(self, state: object) -> None:
        """Byte order and alignment mean nothing to single bytes."""


class _PickledArray:
    """Takes the place of a NumPy array: keeps what is said about it and builds nothing."""

    def __init__(self, *_: object) -> None:
        self.shape: tuple[object, ...] = ()
        self.code: object = ""
        self.order: Literal["C", "F"] = "C"
        self.content = b""

    def __setstate__(self, state: object) -> None:
        parts = cast("tuple[object, ...]", state) if isinstance(state, tuple) else ()
        if len(parts) == 5:
            _, shape, kind, fortran, content = parts
            if isinstance(shape, tuple) and isinstance(kind, _PickledKind) and isinstance(content, bytes):
                self.shape, self.code, self.content = cast("tuple[object, ...]", shape), kind.code, content
                self.order = "F" if fortran else "C"
                return
        raise pickle.UnpicklingError("it holds an array that is not a plain array of bytes")


class _PickledBytes(bytes):
    """Takes the place of `_codecs.encode`, with which Python 3 writes bytes into the old protocols."""

    def __new__(cls, text: object = "", encoding: object = None) -> "_PickledBytes":
        if not isinstance(text, str) or encoding != "latin1":
            raise pickle.UnpicklingError("it holds bytes in an unknown encoding")
        return super().__new__(cls, text.encode("latin1"))

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError("it holds bytes with a state of their own")


class _Unpickler(pickle.Unpickler):
    """Builds lists, dictionaries, texts, numbers and bytes; every other thing has a harmless stand-in or is refused."""

    # All of them classes with a __setstate__ of their own, so that a pickle can change no attribute of ours.
    STAND_INS: Mapping[tuple[str, str], type] = {
        ("numpy.core.multiarray", "_reconstruct"): _PickledArray,  # before NumPy 2
        ("numpy._core.multiarray", "_reconstruct"): _PickledArray,
        ("numpy", "ndarray"): _PickledArray,
        ("numpy", "dtype"): _PickledKind,
        ("_codecs", "encode"): _PickledBytes,
    }

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        try:
            return self.STAND_INS[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module_name}.{global_name}") from None


def _unpickle(content: bytes, where: str) -> dict[str, object]:
    try:
        # CIFAR-10 was pickled by Python 2, whose texts are bytes.
        result: object = _Unpickler(BytesIO(content), encoding="bytes").load()
    except Exception as error:  # noqa: BLE001, damaged pickles raise nearly everything
        raise DataError(
            "{where} is damaged or no part of CIFAR-10 ({error}): {AGAIN}.",
            where=where,
            error=reason(error),
            AGAIN=_AGAIN,
        ) from None
    if not isinstance(result, dict):
        raise DataError("{where} is not part of CIFAR-10: {AGAIN}.", where=where, AGAIN=_AGAIN)
    entries = cast("dict[object, object]", result)
    return {str(_text(key)): value for key, value in entries.items()}


def _items(value: object) -> list[object]:
    return [_text(item) for item in cast("list[object]", value)] if isinstance(value, list) else []


def _text(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
