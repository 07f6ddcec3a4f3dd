"""Follow the source of a network by hand, as far as a chain of layers goes: nothing of it is ever executed or imported.

What is understood: layers, nn.Sequential and OrderedDict, classes whose `__init__` assigns layers and whose `forward` is
a chain, numbers with simple arithmetic, and names bound to any of these. All else is refused with its line.
"""

from __future__ import annotations

import ast
import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from cnnlab.errors import ParseError, ShapeError
from cnnlab.layers import LAYER_TYPES, Flatten, Layer, Shape
from cnnlab.networks.network import check_input_shape
from cnnlab.networks.pasted import Pasted

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
    "Identity": "it does nothing: leave it out",
    "CrossEntropyLoss": "a loss is no part of the network: leave it out",
    "LogSoftmax": "CrossEntropyLoss already contains it: leave it out",
    "ModuleList": "write the layers one by one, or in an nn.Sequential",
    "LazyLinear": "write nn.Linear with its in_features",
    "LazyConv2d": "write nn.Conv2d with its in_channels",
    "Unflatten": "start with a map, or leave out the layers from here on",
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


class Reader:
    """Follows expressions and statements of one text."""

    def __init__(self, pasted: Pasted) -> None:
        self.pasted = pasted
        self.globals: Scope = {}
        self.remarks: list[str] = []
        self.used: set[str] = set()
        """Classes that something has been made of."""
        self._in_forward = False
        self._depth = 0
        self._steps = 0

    # --- messages -----------------------------------------------------------------------------------------------------

    def refusal(self, node: ast.AST, words: str) -> ParseError:
        """Make the error that names a node's line and text."""
        return ParseError(f"line {_line(node)}: {self.pasted.quote(node)} {words}")

    def remark(self, node: ast.AST, words: str) -> None:
        """Note what is read otherwise than it is written."""
        sentence = f"line {_line(node)}: {self.pasted.quote(node)} {words}"
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    # --- expressions --------------------------------------------------------------------------------------------------

    def value(self, node: ast.expr, scope: Scope) -> object:
        """Tell what an expression stands for.

        Raises:
            ParseError: it is nothing that is understood.
        """
        self._steps += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ParseError(f"line {_line(node)}: the text is nested more than {MAX_DEPTH} deep: write it in steps")
        if self._steps > MAX_STEPS:
            raise ParseError("the text asks for too many steps: write the layers out one by one")
        try:
            return self._value(node, scope)
        finally:
            self._depth -= 1

    def _value(self, node: ast.expr, scope: Scope) -> object:
        match node:
            case ast.Constant(value) if value is None or isinstance(value, bool | int | float | str):
                return value
            case ast.Name(name):
                return self._named(node, name, scope)
            case ast.Attribute(owner, name):
                return self._attribute(node, self.value(owner, scope), name)
            case ast.Call():
                return self._call(node, scope)
            case ast.Tuple(entries):
                return tuple(self._entries(entries, scope))
            case ast.List(entries):
                return self._entries(entries, scope)
            case ast.Dict(keys, values):
                if None in keys:
                    raise self.refusal(node, "is not read: write the layers of an OrderedDict out")
                return {index: self.value(value, scope) for index, value in enumerate(values)}
            case ast.UnaryOp(ast.USub() | ast.UAdd() as operator, operand):
                value = self.value(operand, scope)
                if isinstance(value, int | float) and not isinstance(value, bool):
                    return -value if isinstance(operator, ast.USub) else value
                raise self.refusal(node, "is not read: write the number itself")
            case ast.BinOp(left, operator, right):
                return self._arithmetic(node, self.value(left, scope), operator, self.value(right, scope))
            case ast.Subscript(owner, index):
                return self._subscript(node, self.value(owner, scope), self.value(index, scope))
            case ast.Constant():
                raise self.refusal(node, "is no setting of a layer: use a number, a word, True, False or None")
            case _:
                raise self.refusal(node, "is not read: write layers and numbers out, one by one")

    def _entries(self, nodes: Sequence[ast.expr], scope: Scope) -> list[object]:
        entries: list[object] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                value = self.value(node.value, scope)
                if not isinstance(value, list | tuple):
                    raise self.refusal(node, "is no list that is read here: write its entries out")
                entries.extend(cast("Sequence[object]", value))
            else:
                entries.append(self.value(node, scope))
            if len(entries) > MAX_ENTRIES:
                raise self.refusal(node, "makes the list too long: write the layers out one by one")
        return entries

    def _named(self, node: ast.Name, name: str, scope: Scope) -> object:
        for place in (scope, self.globals):
            if name in place:
                value = place[name]
                if isinstance(value, Unread):
                    raise value.error
                return value
        if name in KNOWN_NAMES:
            return Library(KNOWN_NAMES[name])
        if name in LAYER_TYPES or name in HINTS or name == "Sequential":
            return Library(f"{NN}.{name}")
        raise self.refusal(
            node, "has no value in the text: write the number or the layer itself, or give it a value above"
        )

    def _has_value(self, name: str, scope: Scope) -> bool:
        known = name in KNOWN_NAMES or name in LAYER_TYPES or name in HINTS or name == "Sequential"
        return known or name in scope or name in self.globals

    def _attribute(self, node: ast.Attribute, owner: object, name: str) -> object:
        match owner:
            case Library(path):
                return Library(f"{path}.{name}")
            case Made():
                return self._member(node, owner, name)
            case Signal() if name == "shape":
                return SizesOf(owner)
            case Signal() if name == "device" or name == "dtype":
                return None
            case Signal() | Stack() | list():
                return Method(cast("Signal | Stack | list[object]", owner), name)
            case _:
                raise self.refusal(node, "is not read: write the number or the layer itself")

    def _member(self, node: ast.Attribute, made: Made, name: str) -> object:
        if name in made.values:
            value = made.values[name]
            if isinstance(value, Unread):
                raise value.error
            return value
        if any(isinstance(entry, ast.FunctionDef) and entry.name == name for entry in made.definition.body):
            return Method(made, name)
        if name == "training":
            return Library("self.training")
        raise self.refusal(node, "has no value: assign it in __init__")

    def _arithmetic(self, node: ast.BinOp, left: object, operator: ast.operator, right: object) -> object:
        if isinstance(left, Signal) and isinstance(right, Signal):
            raise self.refusal(
                node,
                "joins two branches, as residual connections do: the lab reads chains of layers; leave one branch out",
            )
        if isinstance(left, Signal) or isinstance(right, Signal):
            raise self.refusal(
                node, "computes with the data outside of layers: leave it out, or put it before the network"
            )
        if isinstance(operator, ast.Mult) and (isinstance(left, Axes) or isinstance(right, Axes)):
            if isinstance(left, Axes) and isinstance(right, Axes) and left.signal is right.signal:
                return Axes(left.signal, tuple(sorted(left.indices + right.indices)))
            raise self.refusal(node, "is not read: write torch.flatten(x, 1)")
        if not (_is_number(left) and _is_number(right)):
            raise self.refusal(node, "is not read: only numbers are computed with; write the result itself")
        value = _computed(operator, cast("int | float", left), cast("int | float", right))
        if value is None:
            raise self.refusal(node, f"is not computed: use + - * // / with numbers up to {MAX_NUMBER:,}")
        return value

    def _subscript(self, node: ast.Subscript, owner: object, index: object) -> object:
        if not isinstance(index, int) or isinstance(index, bool):
            raise self.refusal(node, "is not read: write the number itself")
        if isinstance(owner, SizesOf):
            return self._axis(node, owner.signal, index)
        if isinstance(owner, list | tuple):
            entries = cast("Sequence[object]", owner)
            if -len(entries) <= index < len(entries):
                return entries[index]
            raise self.refusal(node, f"asks for entry {index} of {len(entries)}: use one that is there")
        raise self.refusal(node, "is not read: write the number or the layer itself")

    def _axis(self, node: ast.AST, signal: Signal, index: object) -> Axes:
        if isinstance(index, int) and not isinstance(index, bool) and -4 <= index <= 3:
            # An axis counted from the end is one of a map: a row has no others to multiply.
            return Axes(signal, (index % 4,))
        raise self.refusal(node, "is no size of a map: it has the axes 0 (batch) to 3 (width)")

    # --- calls --------------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, scope: Scope) -> object:
        if isinstance(node.func, ast.Name) and node.func.id[:1].isupper() and not self._has_value(node.func.id, scope):
            raise self.refusal(node, f"is no layer that the lab knows{_instead(node.func.id)}")
        called = self.value(node.func, scope)
        if isinstance(called, Library) and called.path == "builtins.super":
            return Library("super")
        if isinstance(called, Method) and isinstance(called.owner, list):
            return self._longer(node, called, scope)
        if isinstance(called, Method) and called.name in STAYS and not isinstance(called.owner, Made):
            return called.owner  # whatever device or kind it goes to
        arguments = self._entries(node.args, scope)
        settings: dict[str, object] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.refusal(node, "is not read: write the arguments out instead of **")
            settings[keyword.arg] = self.value(keyword.value, scope)
        match called:
            case Library(path):
                return self._library(node, path, arguments, settings)
            case Stack():
                return self._pass(node, called, arguments, settings)
            case Made() if called.is_ready:  # self(x): no network ends with itself
                return self._method(node, called, "forward", arguments, settings)
            case Method(Made() as made, name):
                return self._method(node, made, name, arguments, settings)
            case Method(Signal() as signal, name):
                return self._tensor_method(node, signal, name, arguments, settings)
            case ast.FunctionDef():
                return self.follow(called, {}, arguments, settings, node)
            case ast.ClassDef():
                return self.make(called, arguments, settings, node)
            case _:
                raise self.refusal(node, "is no layer that the lab knows: write the layers themselves")

    def _longer(self, node: ast.Call, method: Method, scope: Scope) -> None:
        """layers.append(...): the list itself becomes longer, under whatever names it has."""
        entries = cast("list[object]", method.owner)
        if len(node.args) != 1 or node.keywords or method.name not in ("append", "extend"):
            raise self.refusal(node, "is not read: write the list out")
        added = self.value(node.args[0], scope)
        if method.name == "append":
            entries.append(added)
        elif isinstance(added, list | tuple):
            entries.extend(cast("Sequence[object]", added))
        else:
            raise self.refusal(node, "is not read: extend takes a list")
        if len(entries) > MAX_ENTRIES:
            raise self.refusal(node, "makes the list too long: write the layers out one by one")

    def _library(self, node: ast.Call, path: str, arguments: list[object], settings: dict[str, object]) -> object:
        home, _, name = path.rpartition(".")
        if path == f"{NN}.Sequential":
            return self._sequential(node, arguments, settings)
        if path == "collections.OrderedDict":
            return self._ordered(node, arguments, settings)
        if home in (NN, f"{NN}.modules"):
            return self._layer(node, name, arguments, settings)
        if home == "torch" and name in ("cat", "concat", "stack", "add", "mul"):
            raise self.refusal(node, "joins branches: the lab reads chains of layers; leave the other branches out")
        if (home == f"{NN}.functional" and name in FUNCTIONS) or (home == "torch" and name in OF_TORCH):
            return self._function(node, name, arguments, settings)
        if path == "builtins.int" and len(arguments) == 1 and not settings and _is_number(arguments[0]):
            return int(cast("float", arguments[0]))
        if path == "builtins.len" and len(arguments) == 1 and not settings:
            if isinstance(arguments[0], list | tuple):
                return len(cast("Sequence[object]", arguments[0]))
            if isinstance(arguments[0], Signal):
                return Axes(arguments[0], (0,))
        if "keras" in path or path.startswith("tensorflow"):
            raise self.refusal(
                node, "is Keras: the lab reads PyTorch; write nn.Conv2d(in_channels, out_channels, kernel_size)"
            )
        if any(isinstance(value, Signal) for value in (*arguments, *settings.values())):
            raise self.refusal(node, f"is no step that the lab knows: use its layers, {', '.join(LAYER_TYPES)}")
        raise self.refusal(node, f"is no layer that the lab knows{_instead(name)}")

    def _layer(self, node: ast.Call, name: str, arguments: list[object], settings: dict[str, object]) -> Stack:
        if name not in LAYER_TYPES:
            raise self.refusal(node, f"is no layer that the lab knows{_instead(name)}")
        return Stack((self._piece(node, name, arguments, settings),))

    def _piece(self, node: ast.Call, name: str, arguments: list[object], settings: dict[str, object]) -> Piece:
        layer_type = LAYER_TYPES[name]
        names = list(layer_type.rules())
        if layer_type is Flatten and not names:
            arguments, settings = self._plain_flatten(node, arguments, settings), {}
        takes = ", ".join(names) if names else "none"
        if len(arguments) > len(names):
            raise self.refusal(node, f"has more arguments than {name} takes here: {takes}")
        given = dict(zip(names, arguments, strict=False))
        for argument, value in settings.items():
            if argument not in names:
                raise self.refusal(
                    node, f"has {_cut(argument)}, which the lab's {name} does not take: leave it out; it takes {takes}"
                )
            if argument in given:
                raise self.refusal(node, f"gives {argument} twice: give it once")
            given[argument] = value
        for argument, value in given.items():
            # A list of lists may be small to write and endless to print.
            entries = cast("Sequence[object]", value) if isinstance(value, list | tuple) else (value,)
            if not all(entry is None or isinstance(entry, bool | int | float | str) for entry in entries):
                raise self.refusal(node, f"has no plain value for {argument}: write the number itself")
        try:
            layer = layer_type(**given)
        except ShapeError as error:
            raise ParseError(f"line {_line(node)}: {self.pasted.quote(node)}: {error}") from None
        except TypeError:
            missing = [
                argument for argument in names if argument not in given and not _has_default(layer_type, argument)
            ]
            raise self.refusal(node, f"lacks {' and '.join(missing)}: {name} takes {takes}")
        if self._in_forward and _learns(layer):
            raise self.refusal(
                node, "is made anew, untrained, each time that forward runs: assign it to self in __init__"
            )
        return Piece(layer, _line(node), self.pasted.quote(node))

    def _plain_flatten(self, node: ast.Call, arguments: list[object], settings: dict[str, object]) -> list[object]:
        given = dict(zip(("start_dim", "end_dim"), arguments, strict=False)) | settings
        if len(arguments) > 2 or not given.items() <= {"start_dim": 1, "end_dim": -1}.items():
            raise self.refusal(node, "does not flatten each picture to a row: use Flatten()")
        return []

    def _sequential(self, node: ast.Call, arguments: list[object], settings: dict[str, object]) -> Stack:
        if settings:
            raise self.refusal(node, "gives names to layers: nn.Sequential takes layers only, or an OrderedDict")
        if len(arguments) == 1 and isinstance(arguments[0], dict):
            arguments = list(cast("Mapping[object, object]", arguments[0]).values())
        if len(arguments) == 1 and isinstance(arguments[0], list | tuple):
            raise self.refusal(node, "gives nn.Sequential one list: put * before it, or write the layers out")
        return self.stacked(node, arguments)

    def stacked(self, node: ast.AST, entries: Sequence[object]) -> Stack:
        """Put modules one after the other."""
        pieces: list[Piece] = []
        shape: Shape | None = None
        parts = node.args if isinstance(node, ast.Call) and len(node.args) == len(entries) else [node] * len(entries)
        for part, made in zip(parts, entries, strict=True):
            if isinstance(made, Library | ast.ClassDef):
                raise self.refusal(part, "is a layer's type without its settings: put () after it")
            if not isinstance(made, Stack):
                raise self.refusal(part, "is no layer: use those of torch.nn")
            if made.input_shape is not None:
                if pieces:
                    raise self.refusal(
                        node, "reshapes what comes in after its first layers: start with that shape instead"
                    )
                shape = made.input_shape
            pieces += made.pieces
            self.check_count(node, pieces)
        return Stack(tuple(pieces), shape, is_whole=True)

    def check_count(self, node: ast.AST, pieces: Sequence[Piece]) -> None:
        """Refuse a network that is too long."""
        if len(pieces) > MAX_LAYERS:
            raise ParseError(
                f"line {_line(node)}: the text has more than {MAX_LAYERS} layers: that is the most that is read"
            )

    def _ordered(self, node: ast.Call, arguments: list[object], settings: dict[str, object]) -> dict[int, object]:
        if len(arguments) != 1 or settings or not isinstance(arguments[0], list | tuple | dict):
            raise self.refusal(node, "is not read: write OrderedDict([('name', nn.ReLU()), ...])")
        if isinstance(arguments[0], dict):
            return cast("dict[int, object]", arguments[0])
        made: dict[int, object] = {}
        for index, entry in enumerate(cast("Sequence[object]", arguments[0])):
            if not isinstance(entry, list | tuple) or len(cast("Sequence[object]", entry)) != 2:
                raise self.refusal(node, "is not read: write pairs of a name and a layer")
            made[index] = cast("Sequence[object]", entry)[1]
        return made

    # --- the way of the data ------------------------------------------------------------------------------------------

    def _pass(self, node: ast.Call, stack: Stack, arguments: list[object], settings: dict[str, object]) -> Signal:
        given = [*arguments, *settings.values()]
        if len(given) != 1 or not isinstance(given[0], Signal):
            raise self.refusal(node, "is not read: a layer takes the one thing that the layer before it gives")
        return self._go(node, given[0], stack)

    def _go(self, node: ast.AST, signal: Signal, stack: Stack) -> Signal:
        shape = signal.input_shape
        if stack.input_shape is not None:
            if signal.pieces:
                raise self.refusal(node, "reshapes what comes in after the first layers: start with that shape instead")
            shape = stack.input_shape
        pieces = signal.pieces + stack.pieces
        self.check_count(node, pieces)
        return Signal(pieces, shape)

    def _function(self, node: ast.Call, name: str, arguments: list[object], settings: dict[str, object]) -> Signal:
        """A function that does what a layer does, with the data as its first argument."""
        settings = dict(settings)
        data = arguments[0] if arguments else settings.pop("input", None)
        if not isinstance(data, Signal):
            raise self.refusal(node, "does not take what the layer before it gives: its first argument is the data")
        arguments = arguments[1:]
        if FUNCTIONS[name] not in LAYER_TYPES:
            raise self.refusal(node, f"is no step that the lab knows{_instead(FUNCTIONS[name])}")
        if name == "flatten":
            self._check_flatten(node, arguments, settings)
        if name in ("dropout", "dropout2d"):
            arguments, settings = self._functional_dropout(node, arguments, settings)
        return self._go(node, data, Stack((self._piece(node, FUNCTIONS[name], arguments, settings),)))

    def _check_flatten(self, node: ast.Call, arguments: list[object], settings: dict[str, object]) -> None:
        if (arguments[0] if arguments else settings.get("start_dim", 0)) == 0:
            raise self.refusal(node, "flattens the batch as well: write torch.flatten(x, 1)")

    def _functional_dropout(
        self, node: ast.Call, arguments: list[object], settings: dict[str, object]
    ) -> tuple[list[object], dict[str, object]]:
        """F.dropout(x, p, training, inplace) -> Dropout(p, inplace)."""
        given = dict(zip(("p", "training", "inplace"), arguments, strict=False)) | settings
        training = given.pop("training", True)
        if training is True:
            self.remark(
                node,
                "drops while testing as well: write training=self.training. It is read as nn.Dropout, which does not",
            )
        elif training != Library("self.training"):
            raise self.refusal(node, "is not read: write training=self.training")
        return arguments[3:], given

    def _tensor_method(
        self, node: ast.Call, signal: Signal, name: str, arguments: list[object], settings: dict[str, object]
    ) -> object:
        if name == "size":
            if not arguments and not settings:
                return SizesOf(signal)
            return self._axis(node, signal, (arguments or [*settings.values()])[0])
        if name in ("view", "reshape"):
            return self._view(node, signal, arguments)
        if name in OF_TORCH or name == "relu_":
            settings = settings | ({"inplace": True} if name == "relu_" else {})
            return self._function(node, name.rstrip("_"), [signal, *arguments], settings)
        if name in ("mean", "squeeze"):
            raise self.refusal(node, "is not read: use nn.AdaptiveAvgPool2d(1) and torch.flatten(x, 1)")
        raise self.refusal(node, f"is no step that the lab knows: use its layers, {', '.join(LAYER_TYPES)}")

    def _view(self, node: ast.Call, signal: Signal, arguments: list[object]) -> Signal:
        """x.view(-1, 400), x.view(x.size(0), -1) and their like: each picture becomes a row."""
        if len(arguments) == 1 and isinstance(arguments[0], list | tuple):
            arguments = list(cast("Sequence[object]", arguments[0]))
        first, *rest = arguments or [None]
        whole_batch = first == -1 or (isinstance(first, Axes) and first.indices == (0,))
        if not whole_batch and len(rest) == 1 and isinstance(first, int):
            raise self.refusal(node, f"ties the network to batches of {first}: write torch.flatten(x, 1)")
        flatten = Piece(Flatten(), _line(node), self.pasted.quote(node))
        match rest:
            case [int(features)] if whole_batch and (features > 0 or (features == -1 and first != -1)):
                takes = features if features > 0 else None
                return self._go(node, signal, Stack((Piece(flatten.layer, flatten.line, flatten.source, takes),)))
            case [Axes() as axes] if whole_batch and axes.signal is signal and axes.indices in ((1, 2, 3), (1,)):
                if axes.indices == (1,):
                    self.remark(node, "is read as Flatten(), which is the same for maps of 1 x 1 only")
                return self._go(node, signal, Stack((flatten,)))
            case [int(), int(), int()] if whole_batch and not signal.pieces:
                try:
                    return Signal((), check_input_shape(tuple(rest)))
                except ShapeError as error:
                    raise ParseError(f"line {_line(node)}: {self.pasted.quote(node)}: {error}") from None
            case _:
                raise self.refusal(
                    node,
                    "is not read: write torch.flatten(x, 1) to make a row of each picture; other shapes are unknown",
                )

    # --- functions and classes ----------------------------------------------------------------------------------------

    def make(
        self, definition: ast.ClassDef, arguments: list[object], settings: dict[str, object], node: ast.AST
    ) -> Stack:
        """Make what a class makes: all layers that its forward passes.

        Raises:
            ParseError: its `__init__` or its `forward` is not understood, or a layer is never used.
        """
        made = Made(definition)
        methods = {entry.name: entry for entry in definition.body if isinstance(entry, ast.FunctionDef)}
        if "forward" not in methods:
            raise self.refusal(
                definition, "has no forward: write def forward(self, x), which names the layers in order"
            )
        for base in definition.bases:
            name = ast.unparse(base).rpartition(".")[2]
            if name not in ("Module", "object", "LightningModule"):
                raise self.refusal(base, "is a parent that is not read: write all layers into one class of nn.Module")
        for entry in definition.body:
            if isinstance(entry, ast.Assign | ast.AnnAssign):
                self._assign(entry, {}, made.values.__setitem__)
        if "__init__" in methods:
            if not any(
                isinstance(part, ast.Attribute) and part.attr == "__init__" for part in ast.walk(methods["__init__"])
            ):
                self.remark(definition, "never calls super().__init__(), without which PyTorch takes no layers")
            self.follow(methods["__init__"], {}, [made, *arguments], settings, node, made)
        elif arguments or settings:
            raise self.refusal(node, "gives settings to a class without __init__: leave them out")
        made.is_ready = True
        outside, self._in_forward = self._in_forward, True
        signal = self._method(definition, made, "forward", [Signal()], {})
        self._in_forward = outside
        if not isinstance(signal, Signal):
            raise self.refusal(methods["forward"], "does not return what its last layer gives: end it with return x")
        passed = set(map(id, signal.pieces))
        for name, value in made.values.items():
            if isinstance(value, Stack) and not all(id(piece) in passed for piece in value.pieces):
                raise self.refusal(
                    made.lines[name],
                    f"makes layers that forward never uses on the way to what it returns: use self.{_cut(name)}, or take "
                    "the line out",
                )
        self.used.add(definition.name)
        return Stack(signal.pieces, signal.input_shape, is_whole=True)

    def _method(
        self, node: ast.AST, made: Made, name: str, arguments: list[object], settings: dict[str, object]
    ) -> object:
        for entry in made.definition.body:
            if isinstance(entry, ast.FunctionDef) and entry.name == name:
                return self.follow(entry, {}, [made, *arguments], settings, node, made)
        raise self.refusal(node, f"needs {name}, which the class does not have: write it")

    def follow(
        self,
        function: ast.FunctionDef,
        scope: Scope,
        arguments: list[object],
        settings: dict[str, object],
        node: ast.AST,
        made: Made | None = None,
    ) -> object:
        """Follow a function's statements to what it returns."""
        self._depth += 3
        try:
            if self._depth > MAX_DEPTH:
                raise self.refusal(function, "calls itself, or too many others inside each other: write the layers out")
            scope = scope | self._bound(function, arguments, settings, node)
            for statement in function.body:
                if isinstance(statement, ast.Return):
                    return None if statement.value is None else self._returned(statement, scope)
                self._statement(statement, scope, made)
            return None
        finally:
            self._depth -= 3

    def _returned(self, statement: ast.Return, scope: Scope) -> object:
        assert statement.value is not None
        value = self.value(statement.value, scope)
        if isinstance(value, tuple) and any(isinstance(entry, Signal) for entry in cast("tuple[object, ...]", value)):
            raise self.refusal(statement, "returns several things: return what the last layer gives, alone")
        return cast("object", value)

    def _bound(
        self, function: ast.FunctionDef, arguments: list[object], settings: dict[str, object], node: ast.AST
    ) -> Scope:
        """Give the function's arguments their values; one without a value is told when it is needed."""
        listed = [*function.args.posonlyargs, *function.args.args]
        named = [*listed, *function.args.kwonlyargs]
        defaults: list[tuple[ast.arg, ast.expr | None]] = [
            *zip(listed[len(listed) - len(function.args.defaults) :], function.args.defaults, strict=True),
            *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
        ]
        names = [argument.arg for argument in named]
        if len(arguments) > len(listed):
            raise self.refusal(node, f"gives {_cut(function.name)} more than it takes: leave the rest out")
        for name in settings:
            if name not in names:
                raise self.refusal(node, f"gives {_cut(name)}, which {_cut(function.name)} does not take: leave it out")
        scope: Scope = {
            argument.arg: Unread(
                ParseError(
                    f"line {argument.lineno}: {_cut(argument.arg)} of {_cut(function.name)} has no value in the text: "
                    f"write {_cut(argument.arg)}=... with its number there"
                )
            )
            for argument in named
        }
        for argument, default in defaults:
            if default is not None:
                scope[argument.arg] = self._or_unread(default, {})
        scope |= dict(zip((argument.arg for argument in listed), arguments, strict=False))
        return scope | settings

    def _or_unread(self, node: ast.expr, scope: Scope) -> object:
        try:
            return self.value(node, scope)
        except ParseError as error:
            return Unread(error)

    def _statement(self, node: ast.stmt, scope: Scope, made: Made | None) -> None:
        match node:
            case ast.Assign() | ast.AnnAssign():
                self._assign(node, scope, scope.__setitem__, made)
            case ast.AugAssign(target, operator, value):
                together = ast.copy_location(ast.BinOp(cast("ast.expr", target), operator, value), node)
                result = self.value(together, scope)
                if not isinstance(target, ast.Name):
                    raise self.refusal(node, "is not read: write the result itself")
                scope[target.id] = result
            case ast.Pass() | ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant()):
                pass
            case ast.Expr(ast.Call() as call):
                self._bare_call(call, scope, made)
            case ast.For(iter=ast.Call(ast.Attribute(ast.Name("self"), "modules" | "children"))) if not _assigns_self(
                node
            ):
                pass  # draws the weights
            case ast.For() | ast.While():
                raise self.refusal(node, "is a loop: write the layers out one by one")
            case ast.If():
                raise self.refusal(node, "is a choice: leave only the branch that counts")
            case _:
                raise self.refusal(node, "is not read: write layers and their order only")

    def _bare_call(self, call: ast.Call, scope: Scope, made: Made | None) -> None:
        """A call whose result nobody takes: it may print or draw weights, but not add layers."""
        text = ast.unparse(call.func)
        if text == "print" or text.startswith(
            ("super(", "nn.Module.", "torch.manual_seed", "nn.init.", "torch.nn.init.", "init.")
        ):
            return
        if made is not None and text == "self.add_module" and len(call.args) == 2 and not call.keywords:
            name = self.value(call.args[0], scope)
            if isinstance(name, str):
                self._keep(made, name, self.value(call.args[1], scope), call)
                return
        if made is not None and not made.is_ready and text.startswith("self.") and "weight" in text:
            return
        if made is not None and text == "self.apply":
            return
        if text.endswith((".append", ".extend")) and self.value(call, scope) is None:
            return
        raise self.refusal(call, "is a call whose result is not used: take the line out, or assign its result")

    def _assign(
        self,
        node: ast.Assign | ast.AnnAssign,
        scope: Scope,
        keep: Callable[[str, object], None],
        made: Made | None = None,
    ) -> None:
        if node.value is None:
            return
        value = self.value(node.value, scope)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            match target:
                case ast.Name(name):
                    keep(name, value)
                case ast.Attribute(ast.Name() as owner, name) if made is not None and scope.get(owner.id) is made:
                    self._keep(made, name, value, node)
                case ast.Tuple(names) if all(isinstance(entry, ast.Name) for entry in names):
                    self._unpack(node, [cast("ast.Name", entry).id for entry in names], value, keep)
                case _:
                    raise self.refusal(node, "is not read: assign to a name, or to self")

    def _keep(self, made: Made, name: str, value: object, node: ast.AST) -> None:
        if made.is_ready:
            raise self.refusal(node, "changes the network in forward: make all layers in __init__")
        before = made.values.get(name)
        if isinstance(before, Stack) and not (isinstance(value, Stack) and set(before.pieces) <= set(value.pieces)):
            raise self.refusal(node, f"gives self.{_cut(name)} a second time: take one of the two lines out")
        made.values[name] = value
        made.lines[name] = node

    def _unpack(self, node: ast.AST, names: Sequence[str], value: object, keep: Callable[[str, object], None]) -> None:
        if isinstance(value, SizesOf) and len(names) == 4:
            entries: Sequence[object] = [Axes(value.signal, (axis,)) for axis in range(4)]
        elif isinstance(value, list | tuple):
            entries = cast("Sequence[object]", value)
        else:
            entries = ()
        if len(entries) != len(names):
            raise self.refusal(node, "is not read: assign one name at a time")
        for name, entry in zip(names, entries, strict=True):
            keep(name, entry)


def check_way(pieces: Sequence[Piece]) -> None:
    """Refuse layers that share their weights, and rows of a size that the layers after them do not take.

    Raises:
        ParseError: with the line.
    """
    met: set[int] = set()
    for index, piece in enumerate(pieces):
        if id(piece) in met and _learns(piece.layer):
            raise ParseError(
                f"line {piece.line}: {piece.source} is used a second time, with the same weights: the lab shares "
                "none; make a layer of its own for each use"
            )
        met.add(id(piece))
        if piece.takes is None:
            continue
        wanted = next(
            (
                (name, getattr(after.layer, name))
                for after in pieces[index + 1 :]
                for name in ("in_features", "num_features")
                if hasattr(after.layer, name)
            ),
            None,
        )
        if wanted is None:
            raise ParseError(
                f"line {piece.line}: {piece.source} makes rows of {piece.takes}, but no Linear({piece.takes}, ...) "
                "after it shows whether that fits: write torch.flatten(x, 1)"
            )
        if wanted[1] != piece.takes:
            raise ParseError(
                f"line {piece.line}: {piece.source} makes rows of {piece.takes}, but the next layer that learns has "
                f"{wanted[0]}={wanted[1]}: use one number, or write torch.flatten(x, 1)"
            )


def _learns(layer: Layer) -> bool:
    return type(layer).num_params is not Layer.num_params


def _computed(operator: ast.operator, left: float, right: float) -> int | float | None:
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


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= MAX_NUMBER


def _has_default(layer_type: type[Layer], argument: str) -> bool:
    return hasattr(layer_type, argument)  # a dataclass keeps the default in the class


def _instead(name: str) -> str:
    """The way out from a layer that is not known."""
    if name in HINTS and name not in LAYER_TYPES:
        return f": {HINTS[name]}"
    if name.endswith("Loss"):
        return f": {HINTS['CrossEntropyLoss']}"
    close = difflib.get_close_matches(name.lower(), [known.lower() for known in LAYER_TYPES], 1, 0.7)
    meant = next((known for known in LAYER_TYPES if close and known.lower() == close[0]), None)
    return f"; did you mean {meant}?" if meant else f": it knows {', '.join(LAYER_TYPES)}"


def _assigns_self(node: ast.AST) -> bool:
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id == "self"]
    return len(names) > 1  # the one in self.modules()


def _cut(name: str) -> str:
    return name if len(name) <= 40 else name[:39] + "…"


def _line(node: ast.AST) -> int:
    return cast("int", getattr(node, "lineno", 1))
