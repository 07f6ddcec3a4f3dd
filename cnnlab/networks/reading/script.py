"""Which of the things that a script makes is its network."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from cnnlab.errors import ParseError, quoted
from cnnlab.layers import LAYER_TYPES, Layer
from cnnlab.networks.reading.bare_lines import BareLines, as_class, bare_lines
from cnnlab.networks.reading.changes import CHANGES, changes, rebound, root_of
from cnnlab.networks.reading.meanings import Library, Piece, Stack, Unread, line_of
from cnnlab.networks.reading.pasted import Pasted
from cnnlab.networks.reading.reader import Reader, stacks_in
from cnnlab.texts import Message, all_of, message

MAX_TOLD = 20
"""Networks of a text that are counted: to compare all of thousands with each other takes long."""
_MOST_NAMED = 4
"""Of those that are counted."""


@dataclass(frozen=True)
class _Candidate:
    """Something in the text that may be the network."""

    name: str
    line: int
    made: Stack | Unread


class Script:
    """A text's statements in their order, and which of the things they make is the network."""

    def __init__(self, pasted: Pasted) -> None:
        self.reader = Reader(pasted)
        self.listed: list[Stack | Unread] = []
        self.bound: dict[str, tuple[int, ast.expr]] = {}
        """Where a name got its value last."""
        self.other: list[ParseError] = []
        """What is wrong with expressions that may not have been meant as layers."""
        self.stray: ParseError | None = None
        """A line of a class without the class."""
        self.changed: dict[Piece, ParseError] = {}
        """Layers of networks that a line after them has changed."""
        self.lost: set[str] = set()
        """Names that were a network, before they got a value that was not understood."""
        self.parts: dict[str, str] = {}
        """Names of parts of networks, `first = model[0]`, and the names of these networks."""
        self.redefined: ParseError | None = None
        """A line that changes a class itself, or a network inside of another."""
        self.body = list(_unfolded(pasted.tree.body))
        if any(isinstance(node, ast.FunctionDef) and node.name == "forward" for node in self.body):
            self._take_class()
        elif lines := bare_lines(self.body):
            self._take_lines(lines)
        for node in self.body:
            self._read(node)

    def network(self) -> Stack:
        """Tell which stack it is.

        Raises:
            ParseError: there is none, more than one, or the one there is was not understood.
        """
        problem = self.reader.exhausted or self.redefined
        if problem:
            raise problem
        for find in (self._made, self._classes, self._single_layers, self._functions):
            found = find()
            if len(found) > 1:
                raise _several(found)
            if found and isinstance(found[0].made, Unread):
                raise found[0].made.error
            if found:
                stack = cast("Stack", found[0].made)
                for piece in stack.pieces:
                    if piece in self.changed:
                        raise self.changed[piece]
                return stack
        unread = [made.error for name, (_, value) in self.bound.items() if (made := self._meant_layer(name, value))]
        unread += [made.error for made in map(self._result, self._makers()) if isinstance(made, Unread)]
        if all(isinstance(node, ast.Expr) for node in self.body):
            unread += self.other
        if self.stray or unread:
            raise self.stray or unread[0]
        raise ParseError(
            "There is no network in the text: paste nn.Sequential(...), a class with __init__ "
            "and forward, or a list of layers, Conv2d(3, 6, 5), ReLU()."
        )

    # --- the statements -----------------------------------------------------------------------------------------------

    def _take_class(self) -> None:
        """The methods of a class without the line `class Net(nn.Module):` above them."""
        methods = [node for node in self.body if isinstance(node, ast.FunctionDef)]
        net = ast.ClassDef("Net", [], [], cast("list[ast.stmt]", methods), [])
        self.body = [
            *(node for node in self.body if not isinstance(node, ast.FunctionDef)),
            ast.copy_location(net, methods[0]),
        ]

    def _take_lines(self, lines: BareLines) -> None:
        """Lines of a class without `__init__` and `forward` around them."""
        remarks: list[Message] = []
        try:
            net = as_class(lines, self.reader.at, remarks.append)
        except ParseError as error:
            self.stray, self.body = error, []
            return
        self.body = [*lines.others, net]
        self.reader.remarks += remarks

    def _read(self, node: ast.stmt) -> None:
        reader = self.reader
        match node:
            case ast.Import(names):
                for alias in names:
                    path = alias.name if alias.asname else alias.name.split(".")[0]
                    reader.globals[alias.asname or path] = Library(path)
            case ast.ImportFrom(module, names) if module:
                for alias in names:
                    reader.globals[alias.asname or alias.name] = Library(f"{module}.{alias.name}")
            case ast.FunctionDef(name) | ast.ClassDef(name):
                reader.globals[name] = node
            case ast.Assign() | ast.AnnAssign() if node.value is not None:
                self._assign(node.targets if isinstance(node, ast.Assign) else [node.target], node.value)
                self._note(node)
            case ast.Expr(value):
                self._expression(value)
                self._note(node)
            case ast.AugAssign(ast.Name(name)):
                unread = reader.attempt(lambda: reader.augment(node, reader.globals))
                if unread is not None:
                    self._give(name, unread, node.value)
            case _:
                self._inside(node)
                self._note(node)

    def _assign(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        entries = _paired(targets[0], value)
        if len(targets) == 1 and entries:  # all of them before the first gets its value: a, b = b, a
            made = [self._or_unread(entry) for _, entry in entries]
            for (target, entry), each in zip(entries, made, strict=True):
                self._bind(target, entry, each)
            return
        made = self._or_unread(value)
        for target in targets:
            self._bind(target, value, made)

    def _bind(self, target: ast.expr, value: ast.expr, made: object) -> None:
        match target:
            case ast.Name(name):
                self._give(name, made, value)
            case ast.Tuple(targets) | ast.List(targets):
                if isinstance(made, tuple | list):
                    entries = cast("Sequence[object]", made)
                    if len(entries) == len(targets) and not any(isinstance(each, ast.Starred) for each in targets):
                        for each, entry in zip(targets, entries, strict=True):
                            self._bind(each, value, entry)
                        return
                if not isinstance(made, Unread):
                    made = Unread(
                        ParseError(
                            "Line {line}: {code} cannot be read here: assign one name at a time.",
                            **self.reader.at(target),
                        )
                    )
                for each in targets:
                    self._bind(each, value, made)
            case ast.Starred(inner):
                self._bind(inner, value, made)
            case _:
                pass  # changed in place

    def _give(self, name: str, made: object, value: ast.expr) -> None:
        """Give a name its value."""
        before = self.reader.globals.get(name)
        if not isinstance(made, Unread):
            self.lost.discard(name)
        elif isinstance(before, Stack) and before.is_whole:
            self.lost.add(name)
        root = root_of(value) if isinstance(made, Unread) else None
        self.parts.pop(name, None)
        if root and root != name:
            self.parts[name] = self.parts.get(root, root)
        self.reader.globals[name] = made
        self.bound[name] = line_of(value), value

    def _note(self, node: ast.stmt) -> None:
        """Note what a statement changes in place, and what it gives a name on the way."""
        for part in ast.walk(node):
            match part:
                case ast.NamedExpr(ast.Name(name), value):
                    error = ParseError(
                        "Line {line}: {code} gives a name its value within an expression: write that on its own line.",
                        **self.reader.at(part),
                    )
                    self._give(name, Unread(error), value)
                case ast.Call(ast.Name(called)):
                    function = self.reader.globals.get(called)
                    if isinstance(function, ast.FunctionDef):
                        self._note_call(function, part, node)
                case _:
                    pass
        for name, line in changes(node):
            if name == "self":
                self.stray = self.stray or ParseError(
                    "Line {line}: {code} stands outside of a class: paste the whole class, with its forward.",
                    **self.reader.at(line),
                )
            elif line is not node:
                self._spoil(name, node, self._changes_it)
            elif not self._is_followed(node):
                self._spoil(name, node, self._changed_later)

    def _note_call(self, function: ast.FunctionDef, call: ast.Call, node: ast.stmt) -> None:
        """Note what a function changes of what it is given."""
        given = dict(zip((argument.arg for argument in function.args.args), call.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        roots = {name: root for name, value in given.items() if (root := root_of(value))}
        if roots and self.reader.can_spend_on(function):
            for line in function.body:
                for name, _ in changes(line):
                    if name in roots:
                        self._spoil(roots[name], node, self._changed_later)

    def _is_followed(self, node: ast.stmt) -> bool:
        """Whether it is `layers.append(...)`, which makes the list or the nn.Sequential longer."""
        match node:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name)))):
                return name not in self.parts
            case _:
                return False

    def _expression(self, node: ast.expr) -> None:
        reader = self.reader
        match node:
            case ast.Call(ast.Attribute(ast.Name(name), method), arguments) if method in CHANGES and isinstance(
                reader.globals.get(name), Stack
            ):
                before = reader.globals[name]
                added = self._or_unread(arguments[-1]) if arguments else None
                plain = (method == "append" and len(arguments) == 1) or (method == "add_module" and len(arguments) == 2)
                if isinstance(added, Unread):
                    reader.globals[name] = added
                elif plain and isinstance(before, Stack) and isinstance(added, Stack) and not node.keywords:
                    reader.globals[name] = self._or_error(node, [before, added])
                    self._note_longer(name, before, node)
                else:
                    self._spoil(name, node, self._changed_later)
            case ast.Constant():
                pass
            case _ if self._is_listed(node):
                entries = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
                made = [self._or_unread(entry) for entry in entries]
                for entry, value in zip(entries, made, strict=True):
                    self.listed.append(value if isinstance(value, Unread) else self._or_error(entry, [value]))
            case _:
                value = self._or_unread(node)
                if isinstance(value, Unread):
                    self.other.append(value.error)
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                        self._half_changed(node.func, value)

    def _note_longer(self, name: str, before: Stack, node: ast.Call) -> None:
        """Refuse the text where a network that was made later holds the one that a line has made longer."""
        if not self.reader.can_spend(len(self.reader.globals)):
            return
        for other, value in self.reader.globals.items():
            is_later = other in self.bound and name in self.bound and self.bound[other][0] > self.bound[name][0]
            if is_later and isinstance(value, Stack) and set(before.pieces) <= set(value.pieces):
                self.redefined = self.redefined or self._changed_later(node)

    def _half_changed(self, called: ast.Attribute, unread: Unread) -> None:
        """`layers.append(...)` of something that was not understood."""
        if isinstance(called.value, ast.Name) and isinstance(self.reader.globals.get(called.value.id), list):
            self.reader.globals[called.value.id] = unread

    def _is_listed(self, node: ast.expr) -> bool:
        """Whether an expression stands there as a layer, or as a list of them."""
        if isinstance(node, ast.Tuple | ast.List):
            return any(map(self._is_listed, node.elts))
        if not isinstance(node, ast.Call):
            return False
        home, _, name = ast.unparse(_innermost(node).func).rpartition(".")
        return name in ("Sequential", *LAYER_TYPES) or (home in ("nn", "torch.nn") and name[:1].isupper())

    def _inside(self, node: ast.stmt) -> None:
        """A loop, a choice or the like: what it makes of networks is not followed."""
        same: set[int] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Assign):
                made = self._or_unread(part.value)
                for target in part.targets:
                    if isinstance(target, ast.Name):
                        if self.reader.globals.get(target.id) is made:
                            same.add(id(target))  # model = model.to(device)
                        else:
                            self.bound[target.id] = line_of(target), part.value
        for name, part in rebound(node):
            if id(part) not in same and (name in self.bound or name in self.reader.globals):
                value = self.bound[name][1] if name in self.bound else ast.Constant(None)
                error = ParseError(
                    "Line {line}: {code} decides what the network is: keep only the lines that count, outside of it.",
                    **self.reader.at(node),
                )
                self._give(name, Unread(error), value)

    # --- which of them ------------------------------------------------------------------------------------------------

    def _made(self) -> list[_Candidate]:
        """Networks that the text makes: an nn.Sequential, what a class makes, a list of layers."""
        found = [
            _Candidate(name, line, made)
            for name, (line, value) in self.bound.items()
            if (made := self._bound(name))
            and (made.is_whole if isinstance(made, Stack) else name in self.lost or self._makes_network(value))
        ]
        if self.listed:
            unread = next((each for each in self.listed if isinstance(each, Unread)), None)
            pieces = [piece for each in self.listed if isinstance(each, Stack) for piece in each.pieces]
            shape = self.listed[0].input_shape if isinstance(self.listed[0], Stack) else None
            line = pieces[0].line if pieces else 1
            found.append(_Candidate(message("the layers"), line, unread or Stack(tuple(pieces), shape, is_whole=True)))
        return _outermost(found)

    def _classes(self) -> list[_Candidate]:
        """Networks that a class would make, if it were called."""
        last = {node.name: node for node in self.body if isinstance(node, ast.ClassDef)}
        definitions = [node for node in last.values() if _is_module(node)]
        named = {node.name: {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} for node in definitions}
        served = {name for owner, names in named.items() for name in names if name != owner}  # parts of another class
        return [
            _Candidate(node.name, node.lineno, self._or_unmade(node))
            for node in definitions
            if node.name not in self.reader.used and node.name not in served
        ]

    def _single_layers(self) -> list[_Candidate]:
        found = [_Candidate(name, line, made) for name, (line, _) in self.bound.items() if (made := self._bound(name))]
        return _outermost([each for each in found if isinstance(each.made, Stack)])

    def _functions(self) -> list[_Candidate]:
        """Networks that a function would return, if it were called."""
        made = ((node, self._result(node)) for node in self._makers())
        return [_Candidate(node.name, node.lineno, stack) for node, stack in made if isinstance(stack, Stack)]

    def _makers(self) -> list[ast.FunctionDef]:
        """Functions that make layers."""
        functions = [node for node in self.body if isinstance(node, ast.FunctionDef)]
        return [node for node in functions if any(map(_names_layers, ast.walk(node)))]

    def _result(self, function: ast.FunctionDef) -> object:
        return self.reader.attempt(lambda: self.reader.follow(function, {}, [], {}, function))

    def _bound(self, name: str) -> Stack | Unread | None:
        value = self.reader.globals.get(name)
        return value if isinstance(value, Stack | Unread) else None

    def _meant_layer(self, name: str, value: ast.expr) -> Unread | None:
        """What could not be read of something that torch.nn has."""
        made = self.reader.globals.get(name)
        if not isinstance(made, Unread) or not isinstance(value, ast.Call):
            return None
        return made if ast.unparse(_innermost(value).func).startswith(("nn.", "torch.nn.")) else None

    def _makes_network(self, value: ast.expr) -> bool:
        """Whether what could not be read was meant as a network."""
        if not isinstance(value, ast.Call):
            return False
        called = ast.unparse(_innermost(value).func)
        defined = self.reader.globals.get(called)
        return called.rpartition(".")[2] == "Sequential" or (isinstance(defined, ast.ClassDef) and _is_module(defined))

    # --- errors -------------------------------------------------------------------------------------------------------

    def _or_unread(self, node: ast.expr) -> object:
        return self.reader.attempt(lambda: self.reader.value(node, {}))

    def _or_error(self, node: ast.expr, entries: list[object]) -> Stack | Unread:
        return self.reader.attempt(lambda: self.reader.stacked(node, entries))

    def _or_unmade(self, definition: ast.ClassDef) -> Stack | Unread:
        known = self.reader.globals.get(definition.name)
        if isinstance(known, Unread):
            return known
        return self.reader.attempt(lambda: self.reader.make(definition, [], {}, definition))

    def _changes_it(self, node: ast.AST) -> ParseError:
        return ParseError(
            "Line {line}: {code} changes the network: write its layers out one by one.", **self.reader.at(node)
        )

    def _changed_later(self, node: ast.AST) -> ParseError:
        return ParseError(
            "Line {line}: {code} changes the network after it was made: write the change into it.",
            **self.reader.at(node),
        )

    def _spoil(self, name: str, node: ast.AST, refusal: Callable[[ast.AST], ParseError]) -> None:
        """Forget what a name stands for, where it is a network or a list, and what shares layers with it."""
        name = self.parts.get(name, name)
        value = self.reader.globals.get(name)
        if not isinstance(value, Stack | list | tuple | ast.ClassDef):
            return
        error = refusal(node)
        for stack in stacks_in(cast("object", value)):
            for piece in stack.pieces:
                self.changed.setdefault(piece, error)
        if isinstance(value, list):  # under whatever names it has
            cast("list[object]", value)[:] = [Unread(error)]
        if isinstance(value, ast.ClassDef) and _is_module(value):
            self.redefined = self.redefined or error
        elif isinstance(value, list) or (isinstance(value, Stack) and not value.pieces):
            self.reader.globals[name] = Unread(error)


def _shown(name: str) -> str:
    """A name of the text in quotes, and one of ours as it is."""
    return name if isinstance(name, Message) else quoted(name)


def _several(found: Sequence[_Candidate]) -> ParseError:
    """Make the error for a text that has more than one network."""
    names = all_of(
        message("{name} (line {line})", name=_shown(each.name), line=each.line) for each in found[:_MOST_NAMED]
    )
    if len(found) > MAX_TOLD:
        return ParseError(
            "The text has more than {most} networks, among them {names}: paste one of them alone.",
            most=MAX_TOLD,
            names=names,
        )
    if len(found) > _MOST_NAMED:
        return ParseError(
            "The text has {count} networks, among them {names}: paste one of them alone.",
            count=len(found),
            names=names,
        )
    return ParseError("The text has {count} networks, {names}: paste one of them alone.", count=len(found), names=names)


def _paired(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The pairs of `a, b = x, y`."""
    if not (isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)):
        return []
    if len(target.elts) != len(value.elts) or any(
        isinstance(each, ast.Starred) for each in (*target.elts, *value.elts)
    ):
        return []
    return list(zip(target.elts, value.elts, strict=True))


def _unfolded(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, with those below `if __name__ == "__main__":` among them."""
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test).startswith("__name__ == "):
            yield from node.body
        else:
            yield node


def _innermost(node: ast.Call) -> ast.Call:
    """Of `Net().to(device)`, `Net()`."""
    while isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call):
        node = node.func.value
    return node


def _is_module(node: ast.ClassDef) -> bool:
    bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    forward = any(isinstance(entry, ast.FunctionDef) and entry.name == "forward" for entry in node.body)
    return forward or any(base.endswith("Module") for base in bases)


def _names_layers(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("nn", "Sequential", *LAYER_TYPES)


def _outermost(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Leave out what is a part of another, or the same once more; beyond `MAX_TOLD` they are not looked at."""
    kept: list[_Candidate] = []
    sets: list[set[Piece]] = []
    twins: set[tuple[int, ...]] = set()
    made = (each.made for each in candidates if isinstance(each.made, Stack))
    numbers: dict[Layer, int] = {}  # equal layers have one; to compare them themselves each time takes long
    kinds = {piece: numbers.setdefault(piece.layer, len(numbers)) for piece in {p for m in made for p in m.pieces}}
    for each in sorted(candidates, key=lambda each: -len(each.made.pieces) if isinstance(each.made, Stack) else 0):
        if len(kept) > MAX_TOLD:
            break
        if isinstance(each.made, Stack):
            layers = tuple(kinds[piece] for piece in each.made.pieces)
            pieces = set(each.made.pieces)
            if layers in twins or any(pieces <= larger for larger in sets):
                continue
            twins.add(layers)
            sets.append(pieces)
        kept.append(each)
    return sorted(kept, key=lambda each: each.line)
