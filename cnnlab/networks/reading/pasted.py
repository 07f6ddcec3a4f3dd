"""From text as it was copied somewhere to a syntax tree.

The text as it stands comes first. Only what Python cannot parse is cleaned, of fences, prompts, magics and stray
indentation, one small step after the other, and what leaves out least comes first. A string, a comment or an expression
over several lines may hold anything that looks like one of these.

Lines keep their numbers whatever is taken out, so that a message can name the line that the learner sees.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from cnnlab.errors import LONGEST_QUOTE, ParseError, quoted

MAX_TEXT = 60_000
"""Characters of a text that is read at all."""

_FENCE = re.compile(r"\s*(```|~~~)")
_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.:?|In \[\d*\]:)(?: |$)")
_FIRST_PROMPT = re.compile(r"\s*(?:>>>|In \[\d*\]:)(?: |$)")
_MAGIC = re.compile(r"([ \t]*)(?:%%?[ \t]*[A-Za-z]|!!?[ \t]*[\w./~{$-])")  # of a notebook
_CODE = re.compile(
    r"import [\w.]+(?: as \w+)?\s*(?:[,;#]|$)|from [\w.]+ import |(?:async )?def \w+\(|class \w+.*:\s*(?:#.*)?$|@\w"
    r"|\w[\w.]*(?:: *[\w.]+)? *= *(?:[\w.]+)?[(\[]|(?:torch\.)?nn\.\w+\("
)
"""How a line begins that is neither prose nor what Python answered."""
_LEXEME = re.compile(
    r"""(?P<long>\'{3}|"{3})|(?P<short>'(?:[^'\\]|\\.)*(?:'|\\$)?|"(?:[^"\\]|\\.)*(?:"|\\$)?)|#.*|"""
    r"""(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<on>\\$)"""
)
_ENDS = {quote: re.compile(rf"(?:[^\\]|\\.)*?{quote}") for quote in ("'", '"', "'" * 3, '"' * 3)}
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
        raise ParseError(
            "{given} is not text: give the source of a network, 'Conv2d(3, 6, 5), ReLU()'.", given=quoted(text)
        )
    if is_notebook(text):
        raise ParseError("This is a notebook: paste the cell with the network alone.")
    if len(text) > MAX_TEXT:
        raise ParseError(
            "The text has {characters:,} characters: paste the network alone, {most:,} at most.",
            characters=len(text),
            most=MAX_TEXT,
        )
    text = re.sub(r"\r\n?", "\n", text)  # as Python does
    problem: Exception | None = None
    reached = 0
    tried: set[str] = set()
    for candidate in _candidates(text):
        if candidate in tried:
            continue
        tried.add(candidate)
        try:
            tree = ast.parse(candidate)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            # The complaint that comes last in the text is about what no cleaning could help.
            line = (error.lineno or 0) if isinstance(error, SyntaxError) else 0
            if problem is None or reached < line <= text.count("\n") + 1:
                problem, reached = error, line
        else:
            if not any(map(_is_prompt, tree.body)):
                return Pasted(candidate, tree)
    if not text.strip():
        raise ParseError("The text is empty: paste nn.Sequential(...), or a class with its forward.")
    if _PRINTED.search(text):
        raise ParseError(
            "This is what print(model) shows, which does not tell the order of forward: paste the code that makes the "
            "network."
        )
    raise _explained(text, problem)


def _is_prompt(node: ast.stmt) -> bool:
    """Whether a statement is IPython's `In [1]: x = 3`, which Python takes for a value with a type."""
    match node:
        case ast.AnnAssign(ast.Subscript(ast.Name("In"), ast.Constant(int()))):
            return True
        case _:
            return False


def _candidates(text: str) -> Iterator[str]:
    """Propose readings: the text as it stands, then what is cleaned, more and more."""
    if not text.strip():
        return
    yield text
    for unfenced in _without_fences(_with_plain_spaces(text)):
        for unprompted in _without_prompts(unfenced):
            yield from _laid_out(_without_magics(unprompted))


def _with_plain_spaces(text: str) -> str:
    """Replace what web pages have in place of spaces and line ends."""
    return re.sub("[\u200b\ufeff]", "", re.sub("[\x0c\u2028]", "\n", text).replace("\xa0", " "))


def _without_fences(text: str) -> Iterator[str]:
    """Propose the text, then without the lines that are Markdown's fences, then only what stands between these."""
    yield text
    lines = text.split("\n")
    if not any(map(_FENCE.match, lines)):
        return
    yield "\n".join("" if _FENCE.match(line) else line for line in lines)
    for begins_inside in (False, True):
        yield from _only(lines, list(_inside_fences(lines, begins_inside)))


def _without_prompts(text: str) -> Iterator[str]:
    """Propose the text, then without prompts, then only the lines that have one: the others are what was answered."""
    yield text
    lines = textwrap.dedent(text).split("\n")
    prompted = list(_have_prompts(lines))
    if not any(has and _FIRST_PROMPT.match(line) for line, has in zip(lines, prompted, strict=True)):
        return
    bare = [_PROMPT.sub("", line, count=1) for line in lines]
    yield "\n".join(bare)
    yield from _only(bare, prompted)


def _have_prompts(lines: Sequence[str]) -> Iterator[bool]:
    """Tell of each line whether it has a prompt; what looks like one within a string is none."""
    place = _Place()
    for line in lines:
        has = _PROMPT.match(line) is not None and not place.is_string
        if not has:
            place.go_over(line)
        yield has


def _only(lines: Sequence[str], kept: Sequence[bool]) -> Iterator[str]:
    """Propose some of the lines, unless code would be lost, or all."""
    if any(not keep and _CODE.match(line) for line, keep in zip(lines, kept, strict=True)):
        return
    text = "\n".join(line if keep else "" for line, keep in zip(lines, kept, strict=True))
    if text.strip():
        yield text


def _without_magics(text: str) -> str:
    """Take out what only a notebook understands, where a statement begins; a block of nothing else keeps a line."""
    lines: list[str] = []
    place = _Place()
    goes_on = False
    for line in text.split("\n"):
        magic = _MAGIC.match(line) if place.is_statement else None
        if goes_on or magic:
            goes_on = line.endswith("\\")
            lines.append(f"{magic[1]}pass" if magic and magic[1] else "")
        else:
            place.go_over(line)
            lines.append(line)
    return "\n".join(lines)


def _laid_out(text: str) -> Iterator[str]:
    """Propose indentations."""
    yield textwrap.dedent(text)
    lines = text.split("\n")
    # A list over several lines, without brackets around it.
    yield "(" + "\n".join(lines) + "\n)"
    # The first line was marked from its first letter on, the others from the edge of the window on.
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    yield "\n".join(
        [*lines[:first], lines[first].lstrip(), *textwrap.dedent("\n".join(lines[first + 1 :])).split("\n")]
    )


def _inside_fences(lines: Sequence[str], inside: bool) -> Iterator[bool]:
    """Tell of each line whether it stands between Markdown's fences; those within a string are none."""
    place = _Place()
    for line in lines:
        # Around the fences there may be prose, whose brackets need not match.
        if _FENCE.match(line) and (place.is_statement if inside else not place.is_string):
            inside, place = not inside, _Place()
            yield False
        else:
            place.go_over(line)
            yield inside


class _Place:
    """Where in the code a line begins: where a statement does, or within a string or an expression."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._goes_on = False

    @property
    def is_statement(self) -> bool:
        return not (self._quote or self._depth or self._goes_on)

    @property
    def is_string(self) -> bool:
        return bool(self._quote)

    def go_over(self, line: str) -> None:
        """Go on to the next line."""
        self._goes_on = False
        position = 0
        if self._quote:
            end = _ENDS[self._quote].match(line)
            if end is None:
                if len(self._quote) == 1 and not line.endswith("\\"):
                    self._quote = ""  # it was never closed
                return
            self._quote, position = "", end.end()
        while lexeme := _LEXEME.search(line, position):
            position = lexeme.end()
            match lexeme.lastgroup:
                case "long":
                    end = _ENDS[lexeme[0]].match(line, position)
                    if end is None:
                        self._quote = lexeme[0]
                        return
                    position = end.end()
                case "short" if lexeme[0].endswith("\\"):
                    self._quote = lexeme[0][0]
                case "open":
                    self._depth += 1
                case "close":
                    self._depth = max(0, self._depth - 1)
                case "on":
                    self._goes_on = True
                case _:
                    pass


def _explained(text: str, problem: Exception | None) -> ParseError:
    if not isinstance(problem, SyntaxError) or problem.lineno is None:
        return ParseError("{text} cannot be read as Python: paste the network alone.", text=quoted(text))
    line = " ".join("".join(_with_plain_spaces(text).split("\n")[problem.lineno - 1 : problem.lineno]).split())
    return ParseError(
        "Line {line}: {code} cannot be read as Python ({reason}): look for a bracket, a comma or a quote that is "
        "missing there or just before.",
        line=problem.lineno,
        code=quoted(line),
        reason=problem.msg,
    )
