"""Paths as people write them."""

import re
from os import PathLike
from pathlib import Path

from cnnlab.errors import DataError, quoted
from cnnlab.texts import Message, in_a_row, message

# A slash that begins a path, not one within a word, an address or a fraction; then at least one folder and a name.
_WHOLE_PATH = re.compile(r"(?<![\w./:~])/(?:[^\s/'\"`()<>,;]+/)+(?=[^\s/])")


_WHOLE = message("Write the whole path instead.")


def at_home(path: str | PathLike[str], way_out: Message = _WHOLE) -> Path:
    """A path with a `~` at its beginning replaced by the home folder that it stands for.

    Args:
        way_out: what to do where no such home is known, a sentence.

    Raises:
        DataError: nobody has that name, or this user has no home, as in many containers.

    >>> at_home("pictures/mine.npz").as_posix()
    'pictures/mine.npz'
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        told = message("{path} begins with a home folder that is not known here.", path=quoted(str(path)))
        raise DataError(in_a_row(told, way_out)) from None


def without_folders(told: Message, *known: str | PathLike[str]) -> Message:
    """Leave of every whole path among a message's values its last part: nobody's business is where files lie.

    Args:
        known: paths that may stand in it; of these the last part is left even where they have spaces in them.

    >>> without_folders(message("The weights cannot be written to {path}.", path=Path("/tmp/lab/a1/weights.bin")))
    'The weights cannot be written to weights.bin.'
    >>> without_folders(message("{reason} (see http://a.b/c)", reason="no file '/my data/x'"), "/my data/x")
    "no file 'x' (see http://a.b/c)"
    """
    places = sorted(map(Path, known), key=lambda path: len(path.parts), reverse=True)
    return told.with_texts(lambda text: _without_folders(text, places))


def _without_folders(text: str, known: list[Path]) -> str:
    for path in known:
        if path.is_absolute() and path.name:
            text = text.replace(f"{path}/", "").replace(str(path), path.name)
    return _WHOLE_PATH.sub("", text)
