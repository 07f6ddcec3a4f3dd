"""Networks by name, and from files of source code."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

from cnnlab.errors import ParseError, quoted
from cnnlab.networks.network import lenet5
from cnnlab.networks.parsing import PastedNetwork, read_code
from cnnlab.networks.reading.pasted import MAX_TEXT, is_notebook
from cnnlab.networks.zoo import UNNAMED, ZOO, name_of

LENET5 = "lenet5"
"""Another name for the network of the lecture."""
MAX_BYTES = 4 * MAX_TEXT  # UTF-8 has up to four for a character
_BEGINNING = 10_000  # bytes in which a notebook shows itself


def network_names() -> tuple[str, ...]:
    """The names that `load_network` knows.

    >>> network_names()[:2]
    ('lenet5', 'lenet5-cifar')
    """
    return (LENET5, *ZOO)


def load_network(name_or_path: str) -> PastedNetwork:
    """Load a network by its name, or read it from a file of Python source. Nothing of the file is ever executed.

    Raises:
        ParseError: there is no such name and no such file, or the file holds no network that is understood.

    >>> load_network("vgg16").network.input_shape
    (3, 224, 224)
    """
    if name_or_path == LENET5:
        return PastedNetwork(lenet5())
    if name_or_path in ZOO:
        return PastedNetwork(ZOO[name_or_path])
    if not name_or_path:
        raise ParseError(
            "The network's name is empty: give one of {networks}, or a file.", networks=", ".join(network_names())
        )
    try:
        path = Path(name_or_path).expanduser()
        mode = path.stat().st_mode
    except PermissionError:
        raise ParseError(
            "{file} may not be read: change its permissions or give another.", file=quoted(name_or_path)
        ) from None
    except (OSError, RuntimeError, ValueError):  # not there, no such home folder, a zero byte in the name
        raise ParseError(
            "There is no network and no file {name}: the networks are {networks}, and a file holds the source of one.",
            name=quoted(name_or_path),
            networks=", ".join(network_names()),
        ) from None
    if stat.S_ISDIR(mode):
        raise ParseError("{file} is a folder: give the file with the network.", file=quoted(name_or_path))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)  # a pipe has no size, and a device no end
    except OSError as error:
        raise ParseError(
            "{file} cannot be read ({reason}): give another file.",
            file=quoted(name_or_path),
            reason=error.strerror or error,
        ) from None
    return read_source(content, quoted(path.name), path.stem or UNNAMED, path.suffix.lower() == ".ipynb")


def read_source(content: bytes, where: str, name: str = UNNAMED, named_notebook: bool = False) -> PastedNetwork:
    """Read a network from the content of a file.

    Args:
        content: of the file, or its first `MAX_BYTES` + 1 bytes.
        where: what sentences call the file, where they begin with it.
        name: of the network, unless its layers are those of a well-known one.
        named_notebook: whether it is a notebook by its name; what it looks like counts as well.

    Raises:
        ParseError: it is a notebook, too long, no text, or holds no network that is understood.
    """
    # Pictures make most notebooks too long: "too long" would send the learner to cut out the wrong thing.
    if named_notebook or is_notebook(content[:_BEGINNING].decode("utf-8-sig", "replace")):
        raise ParseError("{file} is a notebook: copy the cell with the network into a .py file.", file=where)
    if len(content) > MAX_BYTES:
        raise ParseError(
            "{file} is too long: put the network alone into a file, {most:,} characters at most.",
            file=where,
            most=MAX_TEXT,
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ParseError("{file} is not text in UTF-8: give a file with Python source.", file=where)
    try:
        read = read_code(text)
    except ParseError as error:
        raise ParseError("{file}: {reason}", file=where, reason=error.message) from None
    named = replace(read.network, name=name)
    return replace(read, network=replace(named, name=name_of(named)))
