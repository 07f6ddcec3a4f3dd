"""Data sets: those with a name (`DATASETS`), and those in files of your own.

A new data set with a name is one `Source` given to `register`; a new kind of file is one more line in `FILE_KINDS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from os import PathLike, fspath
from pathlib import Path
from typing import cast

from cnnlab.data import batches, cifar10, files, mini
from cnnlab.data.dataset import DataFacts, Dataset, shared
from cnnlab.errors import DataError, quoted
from cnnlab.texts import Message, all_of, message

__all__ = [
    "DATASETS",
    "FILE_KINDS",
    "DataFacts",
    "Dataset",
    "FileKind",
    "Source",
    "data_facts",
    "load_dataset",
    "register",
]


@dataclass(frozen=True)
class Source:
    """A data set that has a name."""

    name: str
    line: Message  # about it, for lists and menus
    load: Callable[[], Dataset]
    is_ready: Callable[[], bool]  # whether `load` would find its files now
    facts: DataFacts | None = None  # where they are known beforehand


@dataclass(frozen=True)
class FileKind:
    """A kind of file or folder that holds a whole data set."""

    description: Message  # as a list of what cnnlab reads names it
    recognises: Callable[[Path], bool]
    load: Callable[[Path], Dataset]
    facts: Callable[[Path], DataFacts] | None = None  # where that is less than loading


DATASETS: dict[str, Source] = {}
FILE_KINDS: list[FileKind] = [
    FileKind(
        message("an .npz file with the keys x_train, y_train, x_test and y_test"),
        files.is_npz,
        files.read_npz,
        files.npz_facts,
    ),
    FileKind(message("the archive cifar-10-python.tar.gz"), batches.is_archive, batches.read_archive),
    FileKind(
        message("the folder cifar-10-batches-py (or the one that it lies in)"), batches.is_folder, batches.read_folder
    ),
]


def register(source: Source) -> None:
    """Make a data set known by its name."""
    if source.name in DATASETS:
        raise DataError(
            "There is already a data set with the name {name}: choose another name.", name=quoted(source.name)
        )
    DATASETS[source.name] = source


def load_dataset(name_or_path: str | PathLike[str]) -> Dataset:
    """Load a data set by its name, or from a file or folder by its path. Never asks the network for anything.

    The result is shared with others who loaded the same, so its arrays are read-only.

    Raises:
        DataError: it is not there, damaged, too large or of an unknown kind.

    >>> mini = load_dataset("cifar10-mini")
    >>> mini.x_train.shape, mini.y_test.shape, mini.classes[3]
    ((5000, 3, 32, 32), (1000,), 'cat')
    """
    text = _as_text(name_or_path)
    if text in DATASETS:
        return DATASETS[text].load()
    found = _find(text)
    return shared(found.version, partial(found.kind.load, found.path))


def data_facts(name_or_path: str | PathLike[str]) -> DataFacts:
    """Tell what a data set is like; its pictures are only loaded where that cannot be known otherwise.

    Raises:
        DataError: as `load_dataset`; what is wrong with the pictures themselves shows when they are loaded.

    >>> data_facts("cifar10").image_shape  # whether it has been downloaded or not
    (3, 32, 32)
    """
    text = _as_text(name_or_path)
    if text in DATASETS:
        source = DATASETS[text]
        return source.facts or source.load().facts
    found = _find(text)
    return load_dataset(text).facts if found.kind.facts is None else _file_facts(found)


@dataclass(frozen=True)
class _Found:
    """A file or folder that a kind of file reads."""

    path: Path
    kind: FileKind
    version: tuple[Path, int, int]  # another one, once the file has changed


def _as_text(name_or_path: str | PathLike[str]) -> str:
    # A path of bytes is one to Python, but not a name that could be written into a sentence.
    if not isinstance(cast("object", name_or_path), str | PathLike):
        raise DataError(
            "{given} is neither the name of a data set nor a path. The data sets are {names}. "
            "cnnlab also reads {kinds}.",
            given=quoted(name_or_path),
            names=all_of(DATASETS),
            kinds=_file_kinds(),
        )
    return fspath(name_or_path)


def _find(text: str) -> _Found:
    try:
        path = Path(text).expanduser()
        facts = path.stat() if text else None
        kind = next((kind for kind in FILE_KINDS if kind.recognises(path)), None)
    except PermissionError:
        raise DataError("{path} may not be read: change its permissions or give another path.", path=text) from None
    except (OSError, RuntimeError, ValueError):  # not there, no such home folder, a zero byte in the name
        facts, path, kind = None, Path(), None
    if facts is None:
        raise DataError(
            "There is no data set and no file {given}. The data sets are {names}. cnnlab also reads {kinds}.",
            given=quoted(text),
            names=all_of(DATASETS),
            kinds=_file_kinds(),
        )
    if kind is None:
        raise DataError(
            "{path} is not a data set that cnnlab reads. cnnlab reads {kinds}.", path=path, kinds=_file_kinds()
        )
    return _Found(path, kind, (path.resolve(), facts.st_mtime_ns, facts.st_size))


@lru_cache(maxsize=64)
def _file_facts(found: _Found) -> DataFacts:
    assert found.kind.facts is not None
    return found.kind.facts(found.path)


def _file_kinds() -> Message:
    return all_of(kind.description for kind in FILE_KINDS)


register(
    Source(
        mini.NAME,
        message("6,000 pictures of CIFAR-10 that are part of the lab: no download"),
        load=mini.load,
        is_ready=lambda: True,
        facts=mini.FACTS,
    )
)
register(
    Source(
        cifar10.NAME,
        message("CIFAR-10: 60,000 pictures of 32×32 pixels in 10 classes, a download of 170 MB"),
        load=cifar10.load,
        is_ready=cifar10.is_ready,
        facts=cifar10.FACTS,
    )
)
