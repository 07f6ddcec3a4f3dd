"""Paths as people write them."""

import re
from os import PathLike
from pathlib import Path

from cnnlab.errors import DataError, quoted

# A slash that begins a path, not one within a word, an address or a fraction; then at least one folder and a name.
_WHOLE_PATH = re.compile(r"(?<![\w./:~])/(?:[^\s/'\"`()<>,;]+/)+(?=[^\s/])")


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
        raise DataError(
            "{path} begins with a home folder that is not known here: {way_out}.",
            path=quoted(str(path)),
            way_out=way_out,
        ) from None


def without_folders(text: str, *known: str | PathLike[str]) -> str:
    """Leave of every whole path in a sentence its last part: where files lie on a server is nobody's business.

    Args:
        known: paths that may stand in it; of these the last part is left even where they have spaces in them.

    >>> without_folders("the weights cannot be written to /tmp/lab/a1/weights.safetensors (see https://a.b/c/d)")
    'the weights cannot be written to weights.safetensors (see https://a.b/c/d)'
    >>> without_folders("there is no file '/my data/x.npz'", "/my data/x.npz")
    "there is no file 'x.npz'"
    """
    for path in sorted(map(Path, known), key=lambda path: len(path.parts), reverse=True):
        if path.is_absolute() and path.name:
            text = text.replace(f"{path}/", "").replace(str(path), path.name)
    return _WHOLE_PATH.sub("", text)
