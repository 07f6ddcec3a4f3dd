"""Which names a statement changes: what they stand for is then no longer what was read before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

CHANGES = {
    "insert", "extend", "pop", "register_module", "add_module", "append", "set_submodule",
    "__setitem__", "__delitem__", "__setattr__", "__delattr__", "__iadd__", "__imul__",
}  # fmt: skip
"""Methods that change a module after it was made."""
_ENTERS = {"modules", "children", "named_modules", "named_children", "get_submodule", "values", "items"}
"""Methods that give the parts of a module themselves."""
_LISTS = {"enumerate", "list", "tuple", "reversed", "iter", "next", "zip"}
"""Functions that hand on what they are given."""
_WEIGHTS = {"weight", "bias", "data", "grad"}
_HARMLESS = {"data", "grad", "requires_grad", "training", "name"}
"""What may be set, as it has no part in which layers there are."""


def root_of(node: ast.AST) -> str | None:
    """The name at the beginning of what an expression is a part of; None where it is no module, but weights.

    >>> root_of(ast.parse("model.features[0].conv", mode="eval").body)
    'model'
    >>> root_of(ast.parse("list(model.children())[0]", mode="eval").body)
    'model'
    """
    while True:
        match node:
            case ast.Name(name):
                return name
            case ast.Attribute(attr=name) if name in _WEIGHTS:
                return None
            case ast.Attribute(owner) | ast.Subscript(owner) | ast.Starred(owner):
                node = owner
            case ast.Call(ast.Attribute(owner, method)) if method in _ENTERS | CHANGES:
                node = owner
            case ast.Call(ast.Name(name), [first, *_]) if name in _LISTS:
                node = first
            case _:
                return None


def changes(statement: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    """Names of what a statement changes in place, each with the line in it that does so."""
    parts_of: dict[str, str] = {}
    for part in ast.walk(statement):
        if isinstance(part, ast.For | ast.comprehension) and (root := root_of(part.iter)):
            parts_of |= dict.fromkeys(_names(part.target), parts_of.get(root, root))
    for line in ast.walk(statement):
        if not isinstance(line, ast.stmt) or hasattr(line, "body"):
            continue
        for part in ast.walk(line):
            root: str | None = None
            match part:
                case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()) if name in _HARMLESS:
                    pass
                case ast.Attribute(owner, ctx=ast.Store() | ast.Del()) | ast.Subscript(
                    owner, ctx=ast.Store() | ast.Del()
                ):
                    root = root_of(owner)
                case ast.Call(ast.Name("setattr" | "delattr"), [owner, *_]):
                    root = root_of(owner)
                case ast.Call(ast.Attribute(owner, method)) if method in CHANGES:
                    root = root_of(owner)
                case _:
                    pass
            if root:
                yield parts_of.get(root, root), line


def rebound(statement: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    """Names that a statement gives another value, but for those that only a comprehension knows."""
    parts = list(ast.walk(statement))
    inner = {id(name) for part in parts if isinstance(part, ast.comprehension) for name in ast.walk(part.target)}
    for part in parts:
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and id(part) not in inner:
            yield part.id, part
        elif isinstance(part, ast.FunctionDef | ast.ClassDef):
            yield part.name, part


def _names(target: ast.AST) -> list[str]:
    return [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]
