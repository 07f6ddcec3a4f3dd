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


def script_texts(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a JavaScript file, each with its line."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        code = re.sub(r"(?:^|\s)//.*", "", line)
        for found in re.finditer(r'"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`', code):
            yield number, re.sub(r"\$\{[^}]*\}", "{}", found[1] or found[2] or "")
