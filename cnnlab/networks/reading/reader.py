"""Expressions, statements, functions and classes of the source of a network, as far as a chain of layers goes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
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
    instead,
    is_number,
    line_of,
)
from cnnlab.networks.reading.passing import Passing
from cnnlab.networks.reading.pasted import Pasted

_PARENT = re.compile(r"(super\(.*\)|(torch\.)?nn\.Module)\.__init__")
_DRAWS_WEIGHTS = re.compile(r"((torch\.)?nn\.)?init\.|torch\.manual_seed$|self\.[\w.\[\]]+\.(weight|bias)\.[\w.]+_$")


class Reader(Passing):
    """Follows the statements of one text."""

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
                    f"line {line_of(node)}: the text is nested more than {MAX_DEPTH} deep: write it in steps"
                )
            return self._value(node, scope)
        finally:
            self._depth -= 1

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_STEPS:
            self.exhausted = ParseError("the text asks for too many steps: write the layers out one by one")
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
                raise self.refusal(node, f"is too large: use numbers up to {MAX_NUMBER:,}")
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
            case ast.Subscript(_, ast.Slice()):
                raise self.refusal(node, "takes a part: write the layers of that part out")
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
                self._spend(len(cast("Sequence[object]", value)))
                for entry in cast("Sequence[object]", value):
                    if isinstance(entry, Unread):
                        raise entry.error
                    entries.append(entry)
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
                indices = left.indices + right.indices
                if len(indices) == len(set(indices)):  # and so there are four at most
                    return Axes(left.signal, tuple(sorted(indices)))
            raise self.refusal(node, "is not read: write torch.flatten(x, 1)")
        value = None
        if is_number(left) and is_number(right):
            value = computed(operator, cast("int | float", left), cast("int | float", right))
        elif isinstance(left, list) and isinstance(right, list) and isinstance(operator, ast.Add):
            entries = [*cast("list[object]", left), *cast("list[object]", right)]
            if len(entries) > MAX_ENTRIES:
                raise self.refusal(node, "makes the list too long: write the layers out one by one")
            return entries
        else:
            raise self.refusal(node, "is not read: only numbers are computed with; write the result itself")
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
                entry = entries[index]
                if isinstance(entry, Unread):
                    raise entry.error
                return entry
            raise self.refusal(node, f"asks for entry {index} of {len(entries)}: use one that is there")
        raise self.refusal(node, "is not read: write the number or the layer itself")

    def _call(self, node: ast.Call, scope: Scope) -> object:
        if isinstance(node.func, ast.Name) and node.func.id[:1].isupper() and not self._has_value(node.func.id, scope):
            raise self.refusal(node, f"is no layer that the lab knows{instead(node.func.id)}")
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
            if keyword.arg in settings:
                raise self.refusal(node, f"gives {cut(keyword.arg)} twice: give it once")
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
        if path == "builtins.int" and len(arguments) == 1 and not settings and is_number(arguments[0]):
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
        raise self.refusal(node, f"is no layer that the lab knows{instead(name)}")

    def make(
        self, definition: ast.ClassDef, arguments: list[object], settings: dict[str, object], node: ast.AST
    ) -> Stack:
        """Make what a class makes: all layers that its forward passes.

        Raises:
            ParseError: its `__init__` or its `forward` is not understood, or a layer is never used.
        """
        self._spend_on(definition)
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
        outside, self.in_forward, begun = self.in_forward, True, len(self.signals)
        signal = self._method(definition, made, "forward", [Signal()], {})
        self.in_forward = outside
        steps = self.signals[begun:]
        del self.signals[begun:]
        if not isinstance(signal, Signal):
            raise self.refusal(methods["forward"], "does not return what its last layer gives: end it with return x")
        self.check_use(steps, signal)
        passed = set(map(id, signal.pieces))
        for name, value in made.values.items():
            if not all(id(piece) in passed for stack in stacks_in(value) for piece in stack.pieces):
                raise self.refusal(
                    made.lines[name],
                    f"makes layers that forward never uses on the way to what it returns: use self.{cut(name)}, or "
                    "take the line out",
                )
        self.used.add(definition.name)
        return Stack(signal.pieces, signal.input_shape, is_whole=True)

    def _method(
        self, node: ast.AST, made: Made, name: str, arguments: list[object], settings: dict[str, object]
    ) -> object:
        for entry in reversed(made.definition.body):  # the last one of a name counts
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
            self._spend_on(function)
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
            raise self.refusal(node, f"gives {cut(function.name)} more than it takes: leave the rest out")
        for name in settings:
            if name not in names:
                raise self.refusal(node, f"gives {cut(name)}, which {cut(function.name)} does not take: leave it out")
        scope: Scope = {
            argument.arg: Unread(
                ParseError(
                    f"line {argument.lineno}: {cut(argument.arg)} of {cut(function.name)} has no value in the text: "
                    f"write {cut(argument.arg)}=... with its number there"
                )
            )
            for argument in named
        }
        for name in names[: len(arguments)]:
            if name in settings:
                raise self.refusal(node, f"gives {cut(name)} twice: give it once")
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
            case ast.AugAssign():
                self.augment(node, scope)
            case ast.Pass() | ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant()):
                pass
            case ast.Expr(ast.Call() as call):
                self._bare_call(call, scope, made)
            case ast.For(iter=ast.Call(ast.Attribute(ast.Name("self"), "modules" | "children"))) if _only_draws(node):
                pass
            case ast.For() | ast.While():
                raise self.refusal(node, "is a loop: write the layers out one by one")
            case ast.If():
                raise self.refusal(node, "is a choice: leave only the branch that counts")
            case _:
                raise self.refusal(node, "is not read: write layers and their order only")

    def augment(self, node: ast.AugAssign, scope: Scope) -> None:
        """Follow `n += 1` of a number, or `layers += [...]`, which makes the list itself longer."""
        target = cast("ast.expr", node.target)
        result = self.value(ast.copy_location(ast.BinOp(target, node.op, node.value), node), scope)
        if isinstance(result, list):
            before = cast("list[object]", self.value(target, scope))
            before.extend(cast("list[object]", result)[len(before) :])
        elif isinstance(target, ast.Name):
            scope[target.id] = result
        else:
            raise self.refusal(node, "is not read: write the result itself")

    def _bare_call(self, call: ast.Call, scope: Scope, made: Made | None) -> None:
        """A call whose result nobody takes: it may print or draw weights, or make a list or a class longer."""
        text = ast.unparse(call.func)
        if text == "print":
            return
        if made is not None and _PARENT.fullmatch(text):
            self._begin(call, text, made)
            return
        if not self.in_forward and (text == "self.apply" or _DRAWS_WEIGHTS.match(text)):
            return
        if text == "self.add_module" and made is not None and len(call.args) == 2 and not call.keywords:
            name = self.value(call.args[0], scope)
            if isinstance(name, str):
                self._keep(made, name, self.value(call.args[1], scope), call)
                return
        if isinstance(call.func, ast.Attribute):
            owner = self.value(call.func.value, scope)
            defined = isinstance(owner, Made) and any(
                isinstance(entry, ast.FunctionDef) and entry.name == call.func.attr for entry in owner.definition.body
            )
            if defined or isinstance(owner, list):
                self.value(call, scope)
                return
        raise self.refusal(call, "is a call whose result is not used: take the line out, or assign its result")

    def _begin(self, call: ast.Call, text: str, made: Made) -> None:
        """super().__init__(), in any of its forms."""
        if made.is_ready or any(True for value in made.values.values() for _ in stacks_in(value)):
            raise self.refusal(call, "makes PyTorch forget the layers so far: put it first in __init__, once")
        name = made.definition.name
        if not re.fullmatch(rf"super\(({name}, self|__class__, self)?\)\.__init__|.*Module\.__init__", text):
            self.remark(call, f"names another class than {cut(name)}, which PyTorch refuses")

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
            raise self.refusal(node, f"gives self.{cut(name)} a second time: take one of the two lines out")
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


def _only_draws(loop: ast.For) -> bool:
    """Whether a loop over a network's own modules draws their weights, and changes nothing else of them."""
    parts = [part for line in loop.body for part in ast.walk(line)]
    targets = [part for part in parts if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)]
    drawn = all(target.attr in ("data", "weight", "bias") for target in targets)
    return drawn and not any(isinstance(part, ast.Name) and part.id == "self" for part in parts)


def stacks_in(value: object) -> Iterator[Stack]:
    """The modules that a value is, or lists."""
    if isinstance(value, Stack):
        yield value
    elif isinstance(value, list | tuple):
        yield from (entry for entry in cast("Sequence[object]", value) if isinstance(entry, Stack))
