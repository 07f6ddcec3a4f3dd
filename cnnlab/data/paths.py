"""Paths as people write them."""

from os import PathLike
from pathlib import Path

from cnnlab.errors import DataError, quoted


def at_home(path: str | PathLike[str], way_out: str = "write the whole path instead") -> Path:
    """A path with a `~` at its beginning replaced by the home folder that it stands for.

    Args:
        way_out: what to do where no such home is known, the end of a sentence.

    Raises:
        DataError: nobody has that name, or this user has no home, as in many containers.

    >>> at_home("pictures/mine.npz").as_posix()
    'pictures/mine.npz'
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise DataError(f"{quoted(str(path))} begins with a home folder that is not known here: {way_out}") from None
