"""Read networks from text, as learners paste them and as links carry them. Nothing of the text is ever executed.

Conv2d(3, 6, kernel_size=5), ReLU(), Flatten()                      what `Network.to_text` writes
nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.Flatten())          PyTorch's source
"""

from __future__ import annotations

import ast
from typing import NoReturn

from cnnlab.errors import ParseError, ShapeError, quoted
from cnnlab.layers import LAYER_TYPES, Layer, Shape
from cnnlab.networks.network import Network, check_input_shape

MAX_TEXT = 20_000
"""Characters of a text that is read at all."""
MAX_LAYERS = 200


def parse_network(text: str) -> Network:
    """Read a network from the text of an `nn.Sequential(...)`, or from a plain list of its layers.

    Raises:
        ParseError: what is not understood, with its line; nothing is skipped.

    >>> parse_network("nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())").to_text()
    'Conv2d(1, 4, kernel_size=3), ReLU()'
    >>> parse_network("Conv2d(1, 4, 3), ReLU()").to_text()
    'Conv2d(1, 4, kernel_size=3), ReLU()'
    """
    if len(text) > MAX_TEXT:
        raise ParseError(f"the text has {len(text):,} characters: paste the network alone, {MAX_TEXT:,} at most")
    try:
        # A list of layers without brackets around it reads as a tuple.
        tree = ast.parse(f"({text.strip()},)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ParseError(f"{quoted(text)} is no list of layers: write Conv2d(3, 6, kernel_size=5), ReLU()") from None
    assert isinstance(tree, ast.Tuple)
    entries = tree.elts
    if len(entries) == 1 and isinstance(entries[0], ast.Call) and _called(entries[0]) == "Sequential":
        entries = entries[0].args
    if len(entries) > MAX_LAYERS:
        raise ParseError(f"the text has {len(entries)} layers: {MAX_LAYERS} are the most that is read")
    return Network("network", tuple(map(_layer, entries)))


def parse_shape(text: str) -> Shape:
    """Read the shape of an input: `3x32x32`, or `784` for a row of features.

    Raises:
        ParseError: it is no such shape.

    >>> parse_shape("3x32x32"), parse_shape("3 × 32 × 32"), parse_shape("784")
    ((3, 32, 32), (3, 32, 32), (784,))
    """
    sizes = [size.strip() for size in text.strip().strip("()").replace("×", "x").replace(",", "x").lower().split("x")]
    if not all(size.isascii() and size.isdigit() and len(size) <= 9 for size in sizes):
        raise ParseError(f"{quoted(text)} is no shape: write channels, height and width, 3x32x32 for instance")
    try:
        return check_input_shape(tuple(map(int, sizes)))
    except ShapeError as error:
        raise ParseError(str(error)) from None


def _layer(node: ast.expr) -> Layer:
    if not isinstance(node, ast.Call) or _called(node) not in LAYER_TYPES:
        _refuse(node)
    layer_type = LAYER_TYPES[_called(node)]
    names = list(layer_type.rules())
    if len(node.args) > len(names):
        _refuse(node)
    settings = dict(zip(names, map(_value, node.args), strict=False))
    for keyword in node.keywords:
        if keyword.arg not in names or keyword.arg in settings:
            _refuse(node)
        settings[keyword.arg] = _value(keyword.value)
    try:
        return layer_type(**settings)
    except (ShapeError, TypeError) as error:
        raise ParseError(f"line {node.lineno}: {error}") from None


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(name) | ast.Attribute(ast.Name("nn"), name):
            return name
        case _:
            return ""


def _value(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        _refuse(node)


def _refuse(node: ast.expr) -> NoReturn:
    raise ParseError(f"line {node.lineno}: {quoted(ast.unparse(node))} is no layer that the lab knows")
