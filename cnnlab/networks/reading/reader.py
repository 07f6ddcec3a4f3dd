"""Statements, functions and classes of the source of a network, as far as a chain of layers goes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from cnnlab.errors import ParseError
from cnnlab.networks.reading.expressions import Expressions
from cnnlab.networks.reading.meanings import (
    MAX_DEPTH,
    Axes,
    Made,
    Scope,
    Signal,
    SizesOf,
    Stack,
    Unread,
    cut,
)
from cnnlab.texts import message

_PARENT = re.compile(r"(super\(.*\)|(torch\.)?nn\.Module)\.__init__")
_DRAWS_WEIGHTS = re.compile(r"((torch\.)?nn\.)?init\.|torch\.manual_seed$|self\.[\w.\[\]]+\.(weight|bias)\.[\w.]+_$")


class Reader(Expressions):
    """Follows the statements of one text."""

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
            raise ParseError(
                "Line {line}: {code} has no forward: write def forward(self, x), which names the layers in order.",
                **self.at(definition),
            )
        for base in definition.bases:
            name = ast.unparse(base).rpartition(".")[2]
            if name not in ("Module", "object", "LightningModule"):
                raise ParseError(
                    "Line {line}: {code} is a parent class, which is not read: write all layers into one class of "
                    "nn.Module.",
                    **self.at(base),
                )
        for entry in definition.body:
            if isinstance(entry, ast.Assign | ast.AnnAssign):
                self._assign(entry, {}, made.values.__setitem__)
        if "__init__" in methods:
            if not any(
                isinstance(part, ast.Attribute) and part.attr == "__init__" for part in ast.walk(methods["__init__"])
            ):
                self.remark(
                    message(
                        "Line {line}: {code} never calls super().__init__(), without which PyTorch takes no layers.",
                        **self.at(definition),
                    )
                )
            self.follow(methods["__init__"], {}, [made, *arguments], settings, node, made)
        elif arguments or settings:
            raise ParseError(
                "Line {line}: {code} gives settings to a class without __init__: leave them out.", **self.at(node)
            )
        made.is_ready = True
        with self.going_forward() as steps:
            signal = self._method(definition, made, "forward", [Signal()], {})
        if not isinstance(signal, Signal):
            raise ParseError(
                "Line {line}: {code} does not return what its last layer gives: end it with return x.",
                **self.at(methods["forward"]),
            )
        self.check_use(steps, signal)
        passed = set(map(id, signal.pieces))
        for name, value in made.values.items():
            if not all(id(piece) in passed for stack in stacks_in(value) for piece in stack.pieces):
                raise ParseError(
                    "Line {line}: {code} makes layers that forward never uses on the way to what it returns: use "
                    "self.{name}, or remove the line.",
                    **self.at(made.lines[name]),
                    name=cut(name),
                )
        self.used.add(definition.name)
        return Stack(signal.pieces, signal.input_shape, is_whole=True)

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
                raise ParseError(
                    "Line {line}: {code} calls itself, or nests too many calls: write the layers out.",
                    **self.at(function),
                )
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
            raise ParseError(
                "Line {line}: {code} returns several things: return what the last layer gives, alone.",
                **self.at(statement),
            )
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
            raise ParseError(
                "Line {line}: {code} gives {function} more arguments than it takes: leave the rest out.",
                **self.at(node),
                function=cut(function.name),
            )
        for name in settings:
            if name not in names:
                raise ParseError(
                    "Line {line}: {code} gives {argument}, which {function} does not take: leave it out.",
                    **self.at(node),
                    argument=cut(name),
                    function=cut(function.name),
                )
        scope: Scope = {
            argument.arg: Unread(
                ParseError(
                    "Line {line}: {argument} of {function} has no value in the text: write {argument}=... with its "
                    "number there.",
                    line=argument.lineno,
                    argument=cut(argument.arg),
                    function=cut(function.name),
                )
            )
            for argument in named
        }
        for name in names[: len(arguments)]:
            if name in settings:
                raise ParseError(
                    "Line {line}: {code} gives {argument} twice: give it once.", **self.at(node), argument=cut(name)
                )
        for argument, default in defaults:
            if default is not None:
                scope[argument.arg] = self._or_unread(default, {})
        scope |= dict(zip((argument.arg for argument in listed), arguments, strict=False))
        return scope | settings

    def _or_unread(self, node: ast.expr, scope: Scope) -> object:
        return self.attempt(lambda: self.value(node, scope))

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
                raise ParseError("Line {line}: {code} is a loop: write the layers out one by one.", **self.at(node))
            case ast.If():
                raise ParseError("Line {line}: {code} is a choice: keep only the branch that counts.", **self.at(node))
            case _:
                raise ParseError(
                    "Line {line}: {code} cannot be read here: write layers and their order only.", **self.at(node)
                )

    def augment(self, node: ast.AugAssign, scope: Scope) -> None:
        """Follow `n += 1` of a number, or `layers += [...]`, which makes the list itself longer."""
        target = cast("ast.expr", node.target)
        result = self.value(ast.copy_location(ast.BinOp(target, node.op, node.value), node), scope)
        if isinstance(result, list):
            before = cast("list[object]", self.value(target, scope))
            self.lengthened.append(before)
            before.extend(cast("list[object]", result)[len(before) :])
        elif isinstance(target, ast.Name):
            scope[target.id] = result
        else:
            raise ParseError("Line {line}: {code} cannot be read here: write the result itself.", **self.at(node))

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
        raise ParseError(
            "Line {line}: {code} is a call whose result is not used: remove the line, or assign its result.",
            **self.at(call),
        )

    def _begin(self, call: ast.Call, text: str, made: Made) -> None:
        """super().__init__(), in any of its forms."""
        if made.is_ready or any(True for value in made.values.values() for _ in stacks_in(value)):
            raise ParseError(
                "Line {line}: {code} makes PyTorch forget the layers so far: put it first in __init__, once.",
                **self.at(call),
            )
        name = made.definition.name
        if not re.fullmatch(rf"super\(({name}, self|__class__, self)?\)\.__init__|.*Module\.__init__", text):
            self.remark(
                message(
                    "Line {line}: {code} names a class other than {name}, which PyTorch refuses.",
                    **self.at(call),
                    name=cut(name),
                )
            )

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
                    raise ParseError(
                        "Line {line}: {code} cannot be read here: assign to a name, or to self.", **self.at(node)
                    )

    def _keep(self, made: Made, name: str, value: object, node: ast.AST) -> None:
        if made.is_ready:
            raise ParseError(
                "Line {line}: {code} changes the network in forward: make all layers in __init__.", **self.at(node)
            )
        before = made.values.get(name)
        if isinstance(before, Stack) and not (isinstance(value, Stack) and set(before.pieces) <= set(value.pieces)):
            raise ParseError(
                "Line {line}: {code} gives self.{name} a second time: remove one of the two lines.",
                **self.at(node),
                name=cut(name),
            )
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
            raise ParseError("Line {line}: {code} cannot be read here: assign one name at a time.", **self.at(node))
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
