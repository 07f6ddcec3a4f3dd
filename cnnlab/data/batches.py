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
from cnnlab.errors import DataError, quoted, reason, shortened
from cnnlab.texts import Message, all_of, in_a_row, message, plural

FOLDER = "cifar-10-batches-py"
TRAIN_BATCHES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")
TEST_BATCH = "test_batch"
META = "batches.meta"  # the names of the classes
NEEDED = (*TRAIN_BATCHES, TEST_BATCH, META)
EXTRA = ("readme.html",)
MAX_FILE_BYTES = 64 * 1024**2  # a batch has 31 MB

OTHERS = (
    "cifar-100-python",
    "cifar-100-binary",
    "cifar-100-matlab",
    "cifar-10-batches-bin",
    "cifar-10-batches-mat",
)
"""What else the same page offers, by the folder that it lies in."""
MAX_WRAPPED = 100  # entries of a folder among which the batches are looked for

_PADDING = 1024**2
_PIXELS = 3 * 32 * 32
_AGAIN = message("Get CIFAR-10 again with `python -m cnnlab download cifar10`.")


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
            in_a_row(
                plural(
                    "CIFAR-10 in {folder} is not complete: {names} is missing.",
                    "CIFAR-10 in {folder} is not complete: {names} are missing.",
                    n=len(missing),
                    folder=folder,
                    names=all_of(missing),
                ),
                message(
                    "Extract the archive again, or run `python -m cnnlab download cifar10 --root {root}`.",
                    root=folder.parent,
                ),
            )
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


def _of_another_kind(place: str, folder: str) -> DataError:
    match folder:
        case "cifar-10-batches-bin":
            told = message("{place} is the binary version of CIFAR-10, but cnnlab reads the Python one.", place=place)
        case "cifar-10-batches-mat":
            told = message("{place} is the Matlab version of CIFAR-10, but cnnlab reads the Python one.", place=place)
        case _:
            told = message("{place} is CIFAR-100, but cnnlab reads the Python version of CIFAR-10.", place=place)
    return _to_get_again(told)


def _to_get_again(told: Message) -> DataError:
    return DataError(in_a_row(told, _AGAIN))


def read_archive(path: Path) -> Dataset:
    """Read the batches straight from an archive, without extracting it to the disk."""
    contents: dict[str, bytes] = {}
    with _file_errors(path), archive_errors(path), path.open("rb") as file:
        for name, member in archive_members(file, path.name):
            contents[name] = member.read()
    missing = [name for name in NEEDED if name not in contents]
    if missing:
        raise DataError(
            plural(
                "The archive {archive} of CIFAR-10 is not complete, {names} is missing: download it again.",
                "The archive {archive} of CIFAR-10 is not complete, {names} are missing: download it again.",
                n=len(missing),
                archive=path.name,
                names=all_of(missing),
            )
        )
    return _assemble(path.name, contents.pop)


def _assemble(where: str, read: Callable[[str], bytes]) -> Dataset:
    names = _items(_unpickle(read(META), _file_in(META, where)).get("label_names"))
    classes = tuple(name for name in names if isinstance(name, str))
    if not classes or len(classes) < len(names):
        raise _to_get_again(message("{file} does not hold the names of the classes.", file=_file_in(META, where)))
    batches = [_read_batch(read(name), _file_in(name, where)) for name in (*TRAIN_BATCHES, TEST_BATCH)]
    return Dataset(
        "cifar10",
        np.concatenate([pictures for pictures, _ in batches[:-1]]),
        np.concatenate([labels for _, labels in batches[:-1]]),
        *batches[-1],
        classes,
    )


def _file_in(file: str, place: str) -> Message:
    return message("{file} in {place}", file=file, place=place)


def _read_batch(content: bytes, file: Message) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    batch = _unpickle(content, file)
    data, items = batch.get("data"), _items(batch.get("labels"))
    labels = [item for item in items if isinstance(item, int) and 0 <= item < 1000]
    if not isinstance(data, _PickledArray) or not labels or len(labels) < len(items):
        raise _to_get_again(message("{file} does not hold pictures with labels.", file=file))
    if data.shape != (len(labels), _PIXELS) or data.code != "u1" or len(data.content) != len(labels) * _PIXELS:
        raise _to_get_again(
            plural(
                "{file} holds an array of shape {shape} for {n} label, but CIFAR-10 has {bytes} bytes for each "
                "picture.",
                "{file} holds an array of shape {shape} for {n} labels, but CIFAR-10 has {bytes} bytes for each "
                "picture.",
                n=len(labels),
                file=file,
                shape=data.shape,
                bytes=_PIXELS,
            )
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
        raise _to_get_again(message("{file} has {size} bytes, too many for a part of CIFAR-10.", file=path, size=size))
    return path.read_bytes()


@contextmanager
def _file_errors(path: Path) -> Generator[None]:
    """Turn what the file system says while `path` is read into a sentence."""
    try:
        yield
    except PermissionError:
        raise DataError("{path} may not be read: change its permissions or choose another folder.", path=path) from None
    except OSError as error:
        raise _to_get_again(
            message("{path} cannot be read ({reason}).", path=path, reason=error.strerror or error)
        ) from None


@contextmanager
def archive_errors(path: Path) -> Generator[None]:
    """Turn what the archive's decoders say into a sentence."""
    try:
        yield
    except (tarfile.TarError, BadGzipFile, zlib.error, EOFError) as error:
        raise DataError(
            "{path} is damaged or cut short ({reason}): delete it and download it again.",
            path=path,
            reason=reason(error),
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
                raise _to_get_again(
                    message(
                        "{archive} holds {file}, which is not part of CIFAR-10: do not trust this archive.",
                        archive=name,
                        file=quoted(member.name),
                    )
                )
            if member.size > MAX_FILE_BYTES:
                raise DataError(
                    "{file} has {size} bytes, too many for a part of CIFAR-10.",
                    file=_file_in(file_name, name),
                    size=member.size,
                )
            seen.add(file_name)
            content = archive.extractfile(member)
            if content is not None and file_name in NEEDED:
                yield file_name, content
        # Beyond the last member lies only a little padding, and then the checksum that gzip compares.
        if len(unpacked.read(_PADDING + 1)) > _PADDING:
            raise _to_get_again(
                message("{archive} goes on after its last file: do not trust this archive.", archive=name)
            )


class _Refused(pickle.UnpicklingError):
    """A pickle that asks for more than CIFAR-10's do."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


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
        raise _Refused(message("It holds an array that is not a plain array of bytes."))


class _PickledBytes(bytes):
    """Takes the place of `_codecs.encode`, with which Python 3 writes bytes into the old protocols."""

    def __new__(cls, text: object = "", encoding: object = None) -> "_PickledBytes":
        if not isinstance(text, str) or encoding != "latin1":
            raise _Refused(message("It holds bytes in an unknown encoding."))
        return super().__new__(cls, text.encode("latin1"))

    def __setstate__(self, state: object) -> None:
        raise _Refused(message("It holds bytes with a state of their own."))


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
            raise _Refused(
                message("It asks Python for {name}.", name=shortened(f"{module_name}.{global_name}"))
            ) from None


def _unpickle(content: bytes, file: Message) -> dict[str, object]:
    try:
        # CIFAR-10 was pickled by Python 2, whose texts are bytes.
        result: object = _Unpickler(BytesIO(content), encoding="bytes").load()
    except _Refused as error:
        told = message("{file} is damaged or not part of CIFAR-10.", file=file)
        raise DataError(in_a_row(told, error.why, _AGAIN)) from None
    except Exception as error:  # noqa: BLE001, damaged pickles raise nearly everything
        told = message("{file} is damaged or not part of CIFAR-10 ({reason}).", file=file, reason=reason(error))
        raise _to_get_again(told) from None
    if not isinstance(result, dict):
        raise _to_get_again(message("{file} is not part of CIFAR-10.", file=file))
    entries = cast("dict[object, object]", result)
    return {str(_text(key)): value for key, value in entries.items()}


def _items(value: object) -> list[object]:
    return [_text(item) for item in cast("list[object]", value)] if isinstance(value, list) else []


def _text(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
