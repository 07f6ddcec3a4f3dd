"""A network as the page's link writes it: its layers, its input, and which numbers are hidden."""

import dataclasses
import math
from typing import Literal

from cnnlab.errors import ParseError
from cnnlab.layers import Layer
from cnnlab.networks import Network, parse_network
from cnnlab.networks.zoo import ZOO

MAX_ROWS = 100
"""Layers that the page shows: more would be no table any more."""

NO_LAYERS = "none"
"""What a link says where there is no layer: an empty parameter would be lost on the way."""

Kind = Literal["shape", "params"]
Question = tuple[Kind, int]
"""A number that the learner fills in: which one of a row, and the row's index."""


_LETTERS: dict[str, Kind] = {"s": "shape", "p": "params"}


def format_net(network: Network) -> str:
    """Write the layers without spaces, and without names where PyTorch's order says as much.

    >>> from cnnlab.layers import Conv2d, ReLU
    >>> format_net(Network("", (Conv2d(3, 6, kernel_size=5, padding=2), ReLU())))
    'Conv2d(3,6,5,padding=2),ReLU()'
    """
    return ",".join(map(_short, network.layers)) or NO_LAYERS


def parse_net(text: str) -> Network:
    """Read a link's network: what `format_net` writes, anything that `parse_network` reads, or a name of the zoo.

    Raises:
        ParseError: it cannot be read, or has too many layers.

    >>> parse_net("lenet5-cifar").num_params((3, 32, 32))
    64102
    """
    word = text.strip()
    if word.lower() in ("", NO_LAYERS):
        return Network("network", ())
    if word in ZOO:
        return ZOO[word]
    network = parse_network(text)
    if len(network.layers) > MAX_ROWS:
        raise ParseError(
            "The network has {layers} layers: this page shows at most {most}.",
            layers=len(network.layers),
            most=MAX_ROWS,
        )
    return network


def format_hidden(hidden: frozenset[Question]) -> str:
    """Write which numbers are hidden: shapes as s, parameters as p, with the row's index.

    >>> format_hidden(frozenset({("shape", 2), ("params", 0), ("shape", 10)}))
    's2.s10.p0'
    """
    ordered = sorted(hidden, key=lambda question: (question[0] == "params", question[1]))
    return ".".join(f"{kind[0]}{index}" for kind, index in ordered)


def parse_hidden(text: str) -> frozenset[Question]:
    """Read which numbers are hidden.

    Raises:
        ParseError: it is no such list.
    """
    found: set[Question] = set()
    for part in filter(None, text.strip().split(".")):
        digits = part[1:]
        is_index = len(digits) <= 4 and digits.isascii() and digits.isdecimal() and int(digits) < MAX_ROWS
        if part[0] not in _LETTERS or not is_index:
            raise ParseError(
                "It lists the rows whose numbers are hidden, counted from 0: s0 for the shape of the first row, p0 for "
                "its parameters, with dots between them, as in s0.s3.p3."
            )
        found.add((_LETTERS[part[0]], int(digits)))
    return frozenset(found)


def describe_count(count: int) -> str:
    """Write a large number short, for where there is little room.

    >>> describe_count(653_800), describe_count(15_470_264_320)
    ('653,800', '15.5 G')
    """
    for unit, size in (("G", 1e9), ("M", 1e6)):
        if count >= size:
            digits = max(0, 2 - int(math.log10(count / size)))
            return f"{count / size:.{digits}f} {unit}"
    return f"{count:,}"


def _short(layer: Layer) -> str:
    arguments: list[str] = []
    for entry in dataclasses.fields(layer):
        value = getattr(layer, entry.name)
        if entry.default is dataclasses.MISSING:
            arguments.append(_source(value))
        elif value != entry.default:
            arguments.append(f"{entry.name}={_source(value)}")
    return f"{layer.name}({','.join(arguments)})"


def _source(value: object) -> str:
    return repr(value).replace(" ", "")
