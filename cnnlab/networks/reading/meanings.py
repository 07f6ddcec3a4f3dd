"""What an expression of the source may stand for, and what PyTorch's names mean."""

from __future__ import annotations

import ast
import difflib
import math
from dataclasses import dataclass, field
from typing import cast

from cnnlab.errors import ParseError
from cnnlab.layers import LAYER_TYPES, Layer, Shape
from cnnlab.texts import Message, message

MAX_LAYERS = 200
MAX_DEPTH = 60
"""Expressions and calls inside each other."""
MAX_STEPS = 50_000
"""Expressions that are looked at: functions that call each other could ask for any number of them."""
MAX_NUMBER = 10**12
MAX_ENTRIES = 2_000
"""Of a list."""

NN = "torch.nn"
FUNCTIONS = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "softmax": "Softmax",
    "log_softmax": "LogSoftmax",
    "flatten": "Flatten",
    "max_pool2d": "MaxPool2d",
    "avg_pool2d": "AvgPool2d",
    "adaptive_avg_pool2d": "AdaptiveAvgPool2d",
    "dropout": "Dropout",
    "dropout2d": "Dropout2d",
}
"""PyTorch's functions that do what a layer does."""
OF_TORCH = {"relu", "tanh", "sigmoid", "softmax", "log_softmax", "flatten"}
"""Those that torch has, and a tensor as its method; torch.nn.functional has all but flatten."""
KNOWN_NAMES = {
    "torch": "torch",
    "nn": NN,
    "F": f"{NN}.functional",
    "OrderedDict": "collections.OrderedDict",
    **{name: f"builtins.{name}" for name in ("int", "len", "print", "super")},
    **{name: f"{NN}.functional.{name}" for name in FUNCTIONS},
}
"""What these names mean where no import says so."""
STAYS = {"to", "cuda", "cpu", "float", "train", "eval", "contiguous"}
"""Methods that leave layers and shapes as they are."""
HINTS = {
    "Identity": message("It does nothing: leave it out."),
    "CrossEntropyLoss": message("A loss is not part of the network: leave it out."),
    "ModuleList": message("Write the layers one by one, or in an nn.Sequential."),
    "LazyLinear": message("Write nn.Linear with its in_features."),
    "LazyConv2d": message("Write nn.Conv2d with its in_channels."),
    "Unflatten": message("Start with a map, or leave out the layers from here on."),
}


@dataclass(frozen=True, eq=False)
class Piece:
    """A layer, and where it stands. Met twice on a way, it is the same layer used twice."""

    layer: Layer
    line: int
    source: str
    takes: int | None = None
    """Of a `view(-1, 400)`: the numbers of a row that it is written for."""


@dataclass(frozen=True, eq=False)
class Stack:
    """A module: the layers that something passes in it."""

    pieces: tuple[Piece, ...]
    input_shape: Shape | None = None
    is_whole: bool = False
    """Whether it is an nn.Sequential, or what a class makes, rather than a single layer."""


@dataclass(frozen=True, eq=False)
class Signal:
    """The data on its way through forward: what it has passed so far."""

    pieces: tuple[Piece, ...] = ()
    input_shape: Shape | None = None
    before: Signal | None = None
    """What it was before its last step."""


@dataclass(frozen=True)
class Axes:
    """The size of some axes of a signal, multiplied: (0,) is the batch, (1, 2, 3) all numbers of a map."""

    signal: Signal
    indices: tuple[int, ...]


@dataclass(frozen=True)
class SizesOf:
    """All sizes of a signal: `x.shape`."""

    signal: Signal


@dataclass(frozen=True)
class Library:
    """Something of a library, by its whole name: `torch.nn.Conv2d`."""

    path: str


@dataclass(frozen=True, eq=False)
class Method:
    """A method of a signal, of a module, of what a class makes, or of a list."""

    owner: Signal | Stack | Made | list[object]
    name: str


@dataclass(eq=False)
class Made:
    """What a class makes: `self`."""

    definition: ast.ClassDef
    values: dict[str, object] = field(default_factory=dict[str, object])
    lines: dict[str, ast.AST] = field(default_factory=dict[str, ast.AST])
    is_ready: bool = False
    """Whether `__init__` is over."""


@dataclass(frozen=True, eq=False)
class Unread:
    """What could not be understood; only whoever needs it is told."""

    error: ParseError


Scope = dict[str, object]
"""What names stand for."""


def learns(layer: Layer) -> bool:
    return type(layer).num_params is not Layer.num_params


def is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= MAX_NUMBER


def computed(operator: ast.operator, left: float, right: float) -> int | float | None:
    """Compute, where the result is a number of moderate size."""
    try:
        match operator:
            case ast.Add():
                value = left + right
            case ast.Sub():
                value = left - right
            case ast.Mult():
                value = left * right
            case ast.FloorDiv():
                value = left // right
            case ast.Div():
                value = left / right
            case ast.Mod():
                value = left % right
            case ast.Pow() if abs(left) <= 1024 and 0 <= right <= 16:
                value = left**right
            case _:
                return None
    except (ArithmeticError, ValueError):
        return None
    return value if math.isfinite(value) and abs(value) <= MAX_NUMBER else None


def has_default(layer_type: type[Layer], argument: str) -> bool:
    return hasattr(layer_type, argument)  # a dataclass keeps the default in the class


def instead(name: str) -> Message:
    """The way out from a layer that is not known."""
    if name in HINTS and name not in LAYER_TYPES:
        return HINTS[name]
    if name.endswith("Loss"):
        return HINTS["CrossEntropyLoss"]
    close = difflib.get_close_matches(name.lower(), [known.lower() for known in LAYER_TYPES], 1, 0.7)
    meant = next((known for known in LAYER_TYPES if close and known.lower() == close[0]), None)
    if meant:
        return message("Did you mean {layer}?", layer=meant)
    return message("It knows {layers}.", layers=", ".join(LAYER_TYPES))


def cut(name: str) -> str:
    return name if len(name) <= 40 else name[:39] + "…"


def line_of(node: ast.AST) -> int:
    return cast("int", getattr(node, "lineno", 1))
