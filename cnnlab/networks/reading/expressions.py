"""Expressions of the source of a network: what they stand for, as far as a chain of layers goes."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import cast

from cnnlab.errors import ParseError
from cnnlab.layers import LAYER_TYPES
from cnnlab.networks.reading.meanings import (
    FUNCTIONS,
    HINTS,
    KNOWN_NAMES,
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_NUMBER,
    MAX_STEPS,
    NN,
    OF_TORCH,
    STAYS,
    Axes,
    Library,
    Made,
    Method,
    Scope,
    Signal,
    SizesOf,
    Stack,
    Unread,
    computed,
    cut,
    is_number,
    line_of,
)
from cnnlab.networks.reading.passing import Passing
from cnnlab.networks.reading.pasted import Pasted


class Expressions(Passing, ABC):
    """Tells what expressions stand for."""

    def __init__(self, pasted: Pasted) -> None:
        super().__init__(pasted)
        self.globals: Scope = {}
        self.used: set[str] = set()
        """Classes that something has been made of."""
        self.exhausted: ParseError | None = None
        """Set once there were too many steps: from then on nothing is read any more."""
        self._depth = 0
        self._steps = 0
        self._weights: dict[int, int] = {}

    def value(self, node: ast.expr, scope: Scope) -> object:
        """Tell what an expression stands for.

        Raises:
            ParseError: it is nothing that is understood.
        """
        self._spend(1)
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise ParseError(
                    "Line {line}: the text is nested more than {most} levels deep: write it in steps.",
                    line=line_of(node),
                    most=MAX_DEPTH,
                )
            return self._value(node, scope)
        finally:
            self._depth -= 1

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_STEPS:
            self.exhausted = ParseError("The text asks for too many steps: write the layers out one by one.")
            raise self.exhausted

    def can_spend(self, steps: int) -> bool:
        """Spend steps outside of an expression, if there are so many left."""
        try:
            self._spend(steps)
        except ParseError:
            return False
        return True

    def can_spend_on(self, node: ast.AST) -> bool:
        """Spend what it takes to look at all parts of a function, if that much is left."""
        try:
            self._spend_on(node)
        except ParseError:
            return False
        return True

    def _spend_on(self, node: ast.AST) -> None:
        """Spend what it takes at most to look at all parts of a function or class once: it may be called often."""
        if id(node) not in self._weights:
            self._weights[id(node)] = sum(1 for _ in ast.walk(node))
        self._spend(self._weights[id(node)])

    def _value(self, node: ast.expr, scope: Scope) -> object:
        match node:
            case ast.Constant(int() | float() as number) if not isinstance(number, bool) and not is_number(number):
                # Python refuses to write out an int of thousands of digits, as hexadecimal ones may have.
                raise ParseError(
                    "Line {line}: {code} is too large: use numbers up to {most:,}.", **self.at(node), most=MAX_NUMBER
                )
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
                    raise ParseError(
                        "Line {line}: {code} cannot be read here: write the layers of an OrderedDict out.",
                        **self.at(node),
                    )
                return {index: self.value(value, scope) for index, value in enumerate(values)}
            case ast.UnaryOp(ast.USub() | ast.UAdd() as operator, operand):
                value = self.value(operand, scope)
                if isinstance(value, int | float) and not isinstance(value, bool):
                    return -value if isinstance(operator, ast.USub) else value
                raise ParseError("Line {line}: {code} cannot be read here: write the number itself.", **self.at(node))
            case ast.BinOp(left, operator, right):
                return self._arithmetic(node, self.value(left, scope), operator, self.value(right, scope))
            case ast.Subscript(_, ast.Slice()):
                raise ParseError(
                    "Line {line}: {code} takes a slice: write the layers of that part out.", **self.at(node)
                )
            case ast.Subscript(owner, index):
                return self._subscript(node, self.value(owner, scope), self.value(index, scope))
            case ast.Constant():
                raise ParseError(
                    "Line {line}: {code} is not a setting of a layer: use a number, a word, True, False or None.",
                    **self.at(node),
                )
            case _:
                raise ParseError(
                    "Line {line}: {code} cannot be read here: write layers and numbers out, one by one.",
                    **self.at(node),
                )

    def _entries(self, nodes: Sequence[ast.expr], scope: Scope) -> list[object]:
        entries: list[object] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                value = self.value(node.value, scope)
                if not isinstance(value, list | tuple):
                    raise ParseError(
                        "Line {line}: {code} is not a list that is read here: write its entries out.", **self.at(node)
                    )
                self._spend(len(cast("Sequence[object]", value)))
                for entry in cast("Sequence[object]", value):
                    if isinstance(entry, Unread):
                        raise entry.error
                    entries.append(entry)
            else:
                entries.append(self.value(node, scope))
            if len(entries) > MAX_ENTRIES:
                raise ParseError(
                    "Line {line}: {code} makes the list too long: write the layers out one by one.", **self.at(node)
                )
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
        raise ParseError(
            "Line {line}: {code} has no value in the text: write the number or the layer itself, or give it a value "
            "above.",
            **self.at(node),
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
                raise ParseError(
                    "Line {line}: {code} cannot be read here: write the number or the layer itself.", **self.at(node)
                )

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
        raise ParseError("Line {line}: {code} has no value: assign it in __init__.", **self.at(node))

    def _arithmetic(self, node: ast.BinOp, left: object, operator: ast.operator, right: object) -> object:
        if isinstance(left, Signal) and isinstance(right, Signal):
            raise ParseError(
                "Line {line}: {code} joins two branches, as residual connections do. The lab reads chains of layers: "
                "leave one branch out.",
                **self.at(node),
            )
        if isinstance(left, Signal) or isinstance(right, Signal):
            raise ParseError(
                "Line {line}: {code} computes with the data outside of the layers: leave it out, or put it before the "
                "network.",
                **self.at(node),
            )
        if isinstance(operator, ast.Mult) and (isinstance(left, Axes) or isinstance(right, Axes)):
            if isinstance(left, Axes) and isinstance(right, Axes) and left.signal is right.signal:
                indices = left.indices + right.indices
                if len(indices) == len(set(indices)):  # and so there are four at most
                    return Axes(left.signal, tuple(sorted(indices)))
            raise ParseError("Line {line}: {code} cannot be read here: write torch.flatten(x, 1).", **self.at(node))
        value = None
        if is_number(left) and is_number(right):
            value = computed(operator, cast("int | float", left), cast("int | float", right))
        elif isinstance(left, list) and isinstance(right, list) and isinstance(operator, ast.Add):
            entries = [*cast("list[object]", left), *cast("list[object]", right)]
            if len(entries) > MAX_ENTRIES:
                raise ParseError(
                    "Line {line}: {code} makes the list too long: write the layers out one by one.", **self.at(node)
                )
            return entries
        else:
            raise ParseError(
                "Line {line}: {code} cannot be read here: only numbers are computed with; write the result itself.",
                **self.at(node),
            )
        if value is None:
            raise ParseError(
                "Line {line}: {code} cannot be computed here: use + - * // / with numbers up to {most:,}.",
                **self.at(node),
                most=MAX_NUMBER,
            )
        return value

    def _subscript(self, node: ast.Subscript, owner: object, index: object) -> object:
        if not isinstance(index, int) or isinstance(index, bool):
            raise ParseError("Line {line}: {code} cannot be read here: write the number itself.", **self.at(node))
        if isinstance(owner, SizesOf):
            return self._axis(node, owner.signal, index)
        if isinstance(owner, list | tuple):
            entries = cast("Sequence[object]", owner)
            if -len(entries) <= index < len(entries):
                entry = entries[index]
                if isinstance(entry, Unread):
                    raise entry.error
                return entry
            raise ParseError(
                "Line {line}: {code} asks for entry {index} of a list of {count}: use one that exists.",
                **self.at(node),
                index=index,
                count=len(entries),
            )
        raise ParseError(
            "Line {line}: {code} cannot be read here: write the number or the layer itself.", **self.at(node)
        )

    def _call(self, node: ast.Call, scope: Scope) -> object:
        if isinstance(node.func, ast.Name) and node.func.id[:1].isupper() and not self._has_value(node.func.id, scope):
            raise self.unknown_layer(node, node.func.id)
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
                raise ParseError(
                    "Line {line}: {code} cannot be read here: write the arguments out instead of **.", **self.at(node)
                )
            if keyword.arg in settings:
                raise ParseError(
                    "Line {line}: {code} gives {argument} twice: give it once.",
                    **self.at(node),
                    argument=cut(keyword.arg),
                )
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
                raise ParseError(
                    "Line {line}: {code} is not a layer that the lab knows: write the layers themselves.",
                    **self.at(node),
                )

    def _longer(self, node: ast.Call, method: Method, scope: Scope) -> None:
        """layers.append(...): the list itself becomes longer, under whatever names it has."""
        entries = cast("list[object]", method.owner)
        if len(node.args) != 1 or node.keywords or method.name not in ("append", "extend"):
            raise ParseError("Line {line}: {code} cannot be read here: write the list out.", **self.at(node))
        added = self.value(node.args[0], scope)
        self.lengthened.append(entries)
        if method.name == "append":
            entries.append(added)
        elif isinstance(added, list | tuple):
            entries.extend(cast("Sequence[object]", added))
        else:
            raise ParseError("Line {line}: {code} cannot be read here: extend takes a list.", **self.at(node))
        if len(entries) > MAX_ENTRIES:
            raise ParseError(
                "Line {line}: {code} makes the list too long: write the layers out one by one.", **self.at(node)
            )

    def _library(self, node: ast.Call, path: str, arguments: list[object], settings: dict[str, object]) -> object:
        home, _, name = path.rpartition(".")
        if path == f"{NN}.Sequential":
            return self._sequential(node, arguments, settings)
        if path == "collections.OrderedDict":
            return self._ordered(node, arguments, settings)
        if home in (NN, f"{NN}.modules"):
            return self._layer(node, name, arguments, settings)
        if home == "torch" and name in ("cat", "concat", "stack", "add", "mul"):
            raise ParseError(
                "Line {line}: {code} joins branches. The lab reads chains of layers: leave the other branches out.",
                **self.at(node),
            )
        if (home == f"{NN}.functional" and name in FUNCTIONS) or (home == "torch" and name in OF_TORCH):
            return self._function(node, name, arguments, settings)
        if path == "builtins.int" and len(arguments) == 1 and not settings and is_number(arguments[0]):
            return int(cast("float", arguments[0]))
        if path == "builtins.len" and len(arguments) == 1 and not settings:
            if isinstance(arguments[0], list | tuple):
                return len(cast("Sequence[object]", arguments[0]))
            if isinstance(arguments[0], Signal):
                return Axes(arguments[0], (0,))
        if "keras" in path or path.startswith("tensorflow"):
            raise ParseError(
                "Line {line}: {code} is Keras. The lab reads PyTorch: write nn.Conv2d(in_channels, out_channels, "
                "kernel_size).",
                **self.at(node),
            )
        if any(isinstance(value, Signal) for value in (*arguments, *settings.values())):
            raise ParseError(
                "Line {line}: {code} is not a step that the lab knows: use its layers, {layers}.",
                **self.at(node),
                layers=", ".join(LAYER_TYPES),
            )
        raise self.unknown_layer(node, name)

    def _method(
        self, node: ast.AST, made: Made, name: str, arguments: list[object], settings: dict[str, object]
    ) -> object:
        for entry in reversed(made.definition.body):  # the last one of a name counts
            if isinstance(entry, ast.FunctionDef) and entry.name == name:
                return self.follow(entry, {}, [made, *arguments], settings, node, made)
        raise ParseError(
            "Line {line}: {code} needs {method}, which the class does not have: write it.", **self.at(node), method=name
        )

    @abstractmethod
    def make(
        self, definition: ast.ClassDef, arguments: list[object], settings: dict[str, object], node: ast.AST
    ) -> Stack:
        """Make what a class makes."""

    @abstractmethod
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
