"""Lines of a class without the class, as slides show them: `self.pool = nn.MaxPool2d(2, 2)`, `x = self.relu(x)`.

They become the class that they were taken from. What that takes for granted is a remark, and what cannot be known is an
error; both name the line.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cnnlab.errors import ParseError
from cnnlab.networks.reading.meanings import FUNCTIONS
from cnnlab.texts import Message, message

_MEANT = ("relu", "leaky_relu", "tanh", "sigmoid", "flatten")
"""Members that say by their names what they are, and need no settings."""
_DATA = "x"


@dataclass
class BareLines:
    """Lines of a class, by where they belong.

    Args:
        makes: lines of `__init__`.
        passes: lines of `forward`.
        others: what may stand around them.
    """

    makes: list[ast.stmt] = field(default_factory=list[ast.stmt])
    passes: list[ast.stmt] = field(default_factory=list[ast.stmt])
    others: list[ast.stmt] = field(default_factory=list[ast.stmt])


def bare_lines(body: Sequence[ast.stmt]) -> BareLines | None:
    """Sort the lines of a text; None where it has something that no such lines have around them."""
    lines = BareLines()
    data = {_DATA}
    for node in body:
        match node:
            case ast.Assign([ast.Attribute(ast.Name("self"))]):
                lines.makes.append(node)
            case ast.Expr(ast.Call(ast.Attribute(ast.Call(ast.Name("super")), "__init__"))):
                pass
            case ast.Assign([ast.Name(name)], value) if _names(value) & {"self", *data}:
                data.add(name)
                lines.passes.append(node)
            case ast.Return(ast.Name(name)) if name in data and node is body[-1]:
                lines.passes.append(node)
            case ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant()) | ast.Assign([ast.Name()], ast.Constant()):
                lines.others.append(node)
            case _:
                return None
    # x = F.relu(x) alone says nothing of a class, and self.n = 6 nothing of a layer.
    has_layer = any(isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) for node in lines.makes)
    return lines if has_layer or any("self" in _names(node) for node in lines.passes) else None


def as_class(
    lines: BareLines, at: Callable[[ast.AST], dict[str, object]], remark: Callable[[Message], None]
) -> ast.ClassDef:
    """Put the lines into a class.

    Args:
        at: tells where a node stands, and what is written there.
        remark: notes what was taken for granted.

    Raises:
        ParseError: a layer is used that no line makes.
    """
    makes, passes = list(lines.makes), list(lines.passes)
    made = {_member(node): node for node in makes}
    used: dict[str, ast.Attribute] = {}
    for part in (part for node in passes for part in ast.walk(node)):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self":
            used.setdefault(part.attr, part)
    for name, part in used.items():
        if name not in made:
            makes.append(_meant(name, part, at, remark))
    returned = passes.pop() if passes and isinstance(passes[-1], ast.Return) else None
    data = _enters(passes)
    result = _result(passes, data)
    for name, node in made.items():
        if name in used or not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if lines.passes:
            remark(
                message(
                    "Line {line}: {code} makes a layer that no line uses: it is put behind those that are used.",
                    **at(node),
                )
            )
        passes.append(_at(node, f"{result} = self.{name}({result})"))
    if not lines.passes:
        remark(message("These lines have no forward: the layers are read in the order in which they stand."))
    first = (makes or passes)[0]
    passes.append(returned or _at(passes[-1] if passes else first, f"return {result}"))
    start = _at(first, "super().__init__()")
    return ast.copy_location(
        ast.ClassDef(
            "Net",
            [],
            [],
            [_method(first, "__init__", ["self"], [start, *makes]), _method(first, "forward", ["self", data], passes)],
            [],
        ),
        first,
    )


def _meant(
    name: str, part: ast.Attribute, at: Callable[[ast.AST], dict[str, object]], remark: Callable[[Message], None]
) -> ast.stmt:
    """The line that makes a member which only its name tells of."""
    kind = name.rstrip("0123456789").rstrip("_")
    if kind not in _MEANT:
        raise ParseError(
            "Line {line}: no line makes {code}, so that its settings are not known: paste the line that makes it, too.",
            **at(part),
        )
    layer = FUNCTIONS[kind]
    remark(
        message("Line {line}: no line makes {code}: it is read as nn.{layer}().", **at(part), layer=layer),
    )
    return _at(part, f"self.{name} = nn.{layer}()")


def _enters(passes: Sequence[ast.stmt]) -> str:
    """The name of the data that come in: the first that is used before it is given."""
    if passes and isinstance(first := passes[0], ast.Assign):
        for part in ast.walk(first.value):
            if isinstance(part, ast.Name) and part.id not in ("self", "torch", "nn", "F"):
                return part.id
    return _DATA


def _result(passes: Sequence[ast.stmt], data: str) -> str:
    if passes and isinstance(last := passes[-1], ast.Assign) and isinstance(last.targets[0], ast.Name):
        return last.targets[0].id
    return data


def _member(node: ast.stmt) -> str:
    assert isinstance(node, ast.Assign)
    target = node.targets[0]
    assert isinstance(target, ast.Attribute)
    return target.attr


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _at(node: ast.AST, source: str) -> ast.stmt:
    """A line of ours, which stands where a line of the text does."""
    made = ast.parse(source).body[0]
    for part in ast.walk(made):
        if isinstance(part, ast.expr | ast.stmt):
            ast.copy_location(part, node)
    return made


def _method(node: ast.AST, name: str, arguments: Sequence[str], body: list[ast.stmt]) -> ast.FunctionDef:
    made = _at(node, f"def {name}({', '.join(arguments)}): pass")
    assert isinstance(made, ast.FunctionDef)
    made.body = body
    return made
