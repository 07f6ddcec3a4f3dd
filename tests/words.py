"""One word for one thing: what a sentence that a person reads must not say, and which strings those are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FORBIDDEN = {
    "is not a …": r"(?<!here )\b(?:is|are|was|were) (?:no|none)\b(?! (?:longer|more|less|larger|smaller)\b)",
    "has no …": r"\bknows? (?:no|none)\b",
    "anyone who": r"\b[Ww]hoever\b",
    "fix, suggestion": r"\b[Mm]end(?:s|ed|ing)?\b",
    "OH and OW": r"[HW]_(?:out|\{\\text)|\\text\{out\}|[HW]′|\b[HW]'(?!s)",
    "FH and FW": r"\b[FO]_[HW]\b",
    "kernel": r"\b[Ff]ilters?\b",
    "O or a word: N is the batch": r"\bN(?::| =)? kernels\b|\(N, C, FH, FW\)|\bN ?· ?\(?C\b",
    "× between sizes": r"(?:[1-9]|\d0|\}|channels|height) ?x ?(?:\d|\{|height|width)",
    "C × H × W": r"H ?[×x] ?W ?[×x] ?C|height × width × channels",
    "rows, columns, layers and units count from 1": r"\bcount(?:s|ed)? (?:them |the rows )?from 0\b",
    "Predict:": r"\bSay it first\b",
    "there is no error message": r"\bno error tells\b",
    "At most …": r"\bas many (?:layers )?as (?:one|the) (?:screen|page) shows\b",
    "correct": r"\brightly\b",
    "see what it is connected to": r"\bhas to do with\b",
    "a view-only link": r"\blook on only\b",
    "match the target": r"\bwhole to \w+ digits\b",
    "next to the code": r"\bstands with the code\b",
}
"""What is said instead, and the pattern of what is not."""


def faults_of(text: str) -> list[str]:
    """What is wrong with the words of a text: what to say instead."""
    return [instead for instead, pattern in FORBIDDEN.items() if re.search(pattern, text)]


def python_texts(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module but for its docstrings, each with its line; `{}` stands for what is filled in."""
    tree = ast.parse(path.read_text("utf-8"))
    parts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.add(id(node.value))  # a docstring, of whatever
        if isinstance(node, ast.JoinedStr):
            parts.update(map(id, ast.walk(node)))
            yield node.lineno, "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.lineno, node.value


_JAVASCRIPT = re.compile(
    r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<template>`)
    | (?P<pattern>(?<=[(,=:[!&|?{};\n])\s*/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/)
    """,
    re.VERBOSE | re.DOTALL,
)


def literals(code: str, line: int = 1) -> Iterator[tuple[int, str]]:
    """The string and template literals of JavaScript, each with its line; `{}` stands for what is filled in."""
    at = 0
    while found := _JAVASCRIPT.search(code, at):
        here = line + code.count("\n", 0, found.start())
        at = found.end()
        if found.lastgroup == "string":
            yield here, found[0][1:-1]
        elif found.lastgroup == "template":
            text, at, inner = _template(code, at)
            yield here, text
            for each in inner:
                yield from literals(each, here)


def _template(code: str, at: int) -> tuple[str, int, list[str]]:
    """A template literal from behind its first backtick: its text, where it ends, and the code in its places."""
    text, inner = "", list[str]()
    while code[at] != "`":
        if code[at] == "\\":
            text, at = text + code[at + 1], at + 2
        elif code.startswith("${", at):
            start = at = at + 2
            depth = 1
            while depth:
                if code[at] == "`":
                    at = _template(code, at + 1)[1]
                    continue
                depth += {"{": 1, "}": -1}.get(code[at], 0)
                at += 1
            inner.append(code[start : at - 1])
            text += "{}"
        else:
            text, at = text + code[at], at + 1
    return text, at + 1, inner
