"""Read networks from text, as learners paste them and as links carry them. Nothing of the text is ever executed.

    Conv2d(3, 6, kernel_size=5), ReLU(), Flatten()                      what `Network.to_text` writes
    nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.Flatten())          PyTorch's source
    class Net(nn.Module): ...                                           with layers in __init__ and a chain in forward
    self.conv1 = nn.Conv2d(3, 6, 5), each on its line                   lines of such a class alone

Around these may stand whatever a script has around its network. The network alone must be understood, all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cnnlab.errors import ParseError, ShapeError, quoted
from cnnlab.layers import Shape
from cnnlab.networks.network import Network, check_input_shape
from cnnlab.networks.reading.passing import check_way
from cnnlab.networks.reading.pasted import read_pasted
from cnnlab.networks.reading.script import Script
from cnnlab.texts import Message

_BETWEEN = re.compile(r"\s*[x×,]\s*|\s+")
"""What stands between the sizes of an input."""


@dataclass(frozen=True)
class PastedNetwork:
    """A network read from text, and what should be said about the reading."""

    network: Network
    remarks: tuple[Message, ...] = ()
    """Sentences about what was read otherwise than it is written."""


def parse_network(text: str) -> Network:
    """Read a network from the source of an `nn.Sequential(...)` or of a class, or from a plain list of layers.

    Its input is not known from the text, so `input_shape` is None, unless a class begins with `x.view(-1, 1, 28, 28)`.

    Raises:
        ParseError: what is not understood, with its line; nothing is skipped.

    >>> parse_network("model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())").to_text()
    'Conv2d(1, 4, kernel_size=3), ReLU()'
    >>> parse_network("Conv2d(1, 4, 3), ReLU()").to_text()
    'Conv2d(1, 4, kernel_size=3), ReLU()'
    """
    return read_code(text).network


def read_code(text: str) -> PastedNetwork:
    """Read a network as `parse_network` does, with remarks on what PyTorch would do otherwise.

    Raises:
        ParseError: what is not understood, with its line.
    """
    try:
        pasted = read_pasted(text)
        script = Script(pasted)
        stack = script.network()
        check_way(stack.pieces)
    except RecursionError:
        raise ParseError("The text is nested too deep: paste the network alone.") from None
    network = Network("network", tuple(piece.layer for piece in stack.pieces), stack.input_shape)
    return PastedNetwork(network, tuple(script.reader.remarks))


def parse_shape(text: str) -> Shape:
    """Read the shape of an input: `3x32x32`, or `784` for a row of features. An N before it, the batch, is left out.

    Raises:
        ParseError: it is no such shape.

    >>> parse_shape("3x32x32"), parse_shape("N × 3 × 32 × 32"), parse_shape("3 32 32"), parse_shape("784")
    ((3, 32, 32), (3, 32, 32), (3, 32, 32), (784,))
    """
    sizes = _BETWEEN.split(text.strip().strip("()").strip().lower())
    sizes = sizes[1:] if sizes[0] == "n" else sizes
    if not all(size.isascii() and size.isdigit() and len(size) <= 9 for size in sizes):
        raise ParseError(
            "{given} is not a shape: write channels, height and width, 3x32x32 for instance.", given=quoted(text)
        )
    try:
        return check_input_shape(tuple(map(int, sizes)))
    except ShapeError as error:
        raise ParseError(error.message) from None
