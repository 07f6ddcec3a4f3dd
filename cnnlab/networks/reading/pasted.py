"""From text as it was copied somewhere to a syntax tree: fences, prompts and stray indentation, then Python's parser.

Lines keep their numbers whatever is taken out, so that a message can name the line that the learner sees.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from cnnlab.errors import LONGEST_QUOTE, ParseError, quoted

MAX_TEXT = 60_000
"""Characters of a text that is read at all."""

_FENCE = re.compile(r"\s*(```|~~~)")
_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.:?|In \[\d*\]:)(?: |$)")
_MAGIC = re.compile(r"\s*[%!]")  # of a notebook
_NOTEBOOK = re.compile(r'\s*\{\s*"(cells|metadata|nbformat)')
_PRINTED = re.compile(r"^[ \t]*\(\w+\): \w+\(", re.MULTILINE)


@dataclass(frozen=True)
class Pasted:
    """A text that Python can read, and its tree."""

    source: str
    tree: ast.Module

    @cached_property
    def _lines(self) -> list[bytes]:
        # Each layer is quoted, so that splitting the text anew each time would take long. Columns count bytes.
        return [line.encode() for line in self.source.split("\n")]

    def quote(self, node: ast.AST) -> str:
        """Write what stands in the text for a node: on one line, and cut off where it is long."""
        match node:
            case ast.expr() | ast.stmt():
                first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
                if isinstance(node, ast.For | ast.If | ast.While | ast.With | ast.Try | ast.FunctionDef | ast.ClassDef):
                    last = first  # what it begins with
                lines = self._lines[first : min(last, first + LONGEST_QUOTE) + 1]
                if last == (node.end_lineno or 0) - 1 and len(lines) == last - first + 1:
                    lines[-1] = lines[-1][: node.end_col_offset]
                lines[0] = lines[0][node.col_offset :]
                found = b" ".join(line[: 8 * LONGEST_QUOTE] for line in lines).decode(errors="replace")
            case _:
                found = type(node).__name__
        return quoted(" ".join(found.split()))


def is_notebook(text: str) -> bool:
    """Whether a text begins as the file of a notebook does.

    >>> is_notebook('{"cells": []}'), is_notebook("nn.ReLU()")
    (True, False)
    """
    return _NOTEBOOK.match(text) is not None


def read_pasted(text: str) -> Pasted:
    """Find the reading of a text that Python accepts.

    Raises:
        ParseError: it is empty, a notebook, too long, or no Python.

    >>> ast.unparse(read_pasted(">>> nn.ReLU()").tree)
    'nn.ReLU()'
    """
    if not isinstance(cast("object", text), str):
        raise ParseError(f"{quoted(text)} is no text: give the source of a network, 'Conv2d(3, 6, 5), ReLU()'")
    if is_notebook(text):
        raise ParseError("this is a notebook: paste the cell with the network alone")
    if len(text) > MAX_TEXT:
        raise ParseError(f"the text has {len(text):,} characters: paste the network alone, {MAX_TEXT:,} at most")
    problem: Exception | None = None
    for candidate in _candidates(text):
        try:
            return Pasted(candidate, ast.parse(candidate))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problem = problem or error
    if not text.strip():
        raise ParseError("the text is empty: paste nn.Sequential(...), or a class with its forward")
    if _PRINTED.search(text):
        raise ParseError(
            "this is what print(model) shows, where the order of forward is not in it: paste the code that makes "
            "the network"
        )
    raise _explained(text, problem)


def _candidates(text: str) -> Iterator[str]:
    """Propose readings, the plainest last: its complaint is about what the learner wrote."""
    # What web pages have in place of spaces and line ends.
    text = re.sub(r"\r\n?|\x0c|\u2028", "\n", text).replace("\xa0", " ")
    text = re.sub("[\u200b\ufeff]", "", text)
    if not text.strip():
        return
    text = _inside_fences(text)
    lines = ["" if _MAGIC.match(line) else line for line in text.split("\n")]
    prompted = [bool(_PROMPT.match(line)) for line in lines]
    if any(prompted):
        bare = [_PROMPT.sub("", line, count=1) for line in lines]
        yield textwrap.dedent("\n".join(bare))
        # What Python answered stands between the prompts.
        lines = [line if asked else "" for line, asked in zip(bare, prompted, strict=True)]
    yield textwrap.dedent("\n".join(lines))
    # A list over several lines, without brackets around it.
    yield "(" + "\n".join(lines) + "\n)"
    # The first line was marked from its first letter on, the others from the edge of the window on.
    first = next(index for index, line in enumerate(lines) if line.strip())
    yield "\n".join(
        [*lines[:first], lines[first].lstrip(), *textwrap.dedent("\n".join(lines[first + 1 :])).split("\n")]
    )


def _inside_fences(text: str) -> str:
    """Keep what stands in Markdown's fences, where there are any."""
    if not any(map(_FENCE.match, text.split("\n"))):
        return text
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            inside = not inside
            line = ""
        kept.append(line if inside else "")
    return "\n".join(kept)


def _explained(text: str, problem: Exception | None) -> ParseError:
    if not isinstance(problem, SyntaxError) or problem.lineno is None:
        return ParseError(f"{quoted(text)} cannot be read as Python: paste the network alone")
    line = " ".join((problem.text or "").split())
    return ParseError(
        f"line {problem.lineno}: {quoted(line)} cannot be read as Python ({problem.msg}): "
        "look for a bracket, a comma or a quote that is missing there or just before"
    )
