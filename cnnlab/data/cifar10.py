"""CIFAR-10 whole: the placeholder until its reader is here."""

from pathlib import Path

from cnnlab.data.dataset import Dataset
from cnnlab.errors import DataError

NAME = "cifar10"


def is_archive(path: Path) -> bool:
    return path.name.endswith((".tar.gz", ".tgz")) and path.is_file()


def is_folder(path: Path) -> bool:
    return path.is_dir()


def is_ready() -> bool:
    return False


def read_archive(path: Path) -> Dataset:
    raise DataError(f"{path}: archives cannot be read yet")


def read_folder(path: Path) -> Dataset:
    raise DataError(f"{path}: folders cannot be read yet")


def load() -> Dataset:
    raise DataError("the whole CIFAR-10 cannot be loaded yet: use cifar10-mini, which is part of the lab")
