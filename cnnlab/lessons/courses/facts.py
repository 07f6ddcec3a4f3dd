"""What is true of a screen, by name, and what a lesson claims of it: `output = 27,36,45;32,43,54;32,47,53`.

A page tells its facts; nothing on a page depends on them. A claim is what a step of a lesson must show, and what a
learner is to bring about where the step is a task.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from cnnlab.errors import ParseError
from cnnlab.number_text import (
    Matrix,
    format_matrix,
    format_number,
    parse_count,
    parse_matrix,
    parse_number,
    show_number,
)
from cnnlab.texts import Message, all_of, message, unfilled

Fact = float | str | tuple[int, ...] | Matrix
"""A number, a word, a shape, or the numbers of one matrix."""
Facts = Mapping[str, Fact]

_LARGEST = 64
"""Rows and columns of a matrix that a claim may name."""
_MOST_SIZES = 5


@dataclass(frozen=True)
class Kind:
    """What a fact is called, and how a claim writes its value.

    Args:
        title: as a sentence names it.
        read: makes the value of a text, or raises ParseError.
        words: how a sentence says a word that is a value.
    """

    title: Message
    read: Callable[[str], Fact]
    words: Mapping[str, Message] = field(default_factory=lambda: MappingProxyType({}))


def read_sizes(text: str) -> tuple[int, ...]:
    """Read a shape.

    Raises:
        ParseError: it is none.

    >>> read_sizes("6x28x28"), read_sizes("6 × 28 × 28")
    ((6, 28, 28), (6, 28, 28))
    """
    parts = re.split(r"\s*[x×,]\s*", text.strip())
    if len(parts) > _MOST_SIZES or not all(re.fullmatch(r"[1-9][0-9]{0,6}", part) for part in parts):
        raise ParseError("{text} is not a shape: write it like 6×28×28.", text=repr(text[:40]))
    return tuple(map(int, parts))


def _read_matrix(text: str) -> Matrix:
    return parse_matrix(text, _LARGEST, _LARGEST)


def _read_word(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", text):
        raise ParseError("{text} is not a word of small letters.", text=repr(text[:40]))
    return text


_number, _shape, _matrix, _word, _count = parse_number, read_sizes, _read_matrix, _read_word, parse_count

KINDS: Mapping[str, Kind] = {
    "input": Kind(message("the input"), _matrix),
    "kernel": Kind(message("the kernel"), _matrix),
    "output": Kind(message("the output"), _matrix),
    "total": Kind(message("the sum"), _number),
    "step": Kind(message("the step"), _count),
    "input_shape": Kind(message("the input's shape"), _shape),
    "kernel_shape": Kind(message("the kernels' shape"), _shape),
    "output_shape": Kind(message("the output's shape"), _shape),
    "lost_rows": Kind(message("the number of rows that are never read"), _count),
    "lost_columns": Kind(message("the number of columns that are never read"), _count),
    "answers_to": Kind(
        message("what the kernel answers to"),
        _word,
        {
            "flat": message("even areas, too"),
            "horizontal": message("horizontal edges alone"),
            "vertical": message("vertical edges alone"),
            "both": message("edges in both directions"),
            "nothing": message("neither kind of edge"),
        },
    ),
    "padding": Kind(message("the padding"), _count),
    "stride": Kind(message("the stride"), _count),
    "kind": Kind(
        message("what is kept of a window"), _word, {"max": message("the maximum"), "avg": message("the average")}
    ),
    "parameters": Kind(message("the number of parameters"), _count),
    "macs": Kind(message("the number of MACs"), _count),
    "kernels": Kind(message("the layers' kernels"), _matrix),
    "strides": Kind(message("the layers' strides"), _matrix),
    "layers": Kind(message("the number of layers"), _count),
    "fits": Kind(
        message("the network"),
        _word,
        {"yes": message("in order"), "no": message("not in order, as a layer does not fit")},
    ),
    "convolutions": Kind(message("the number of convolutions"), _count),
    "receptive_field": Kind(message("the receptive field"), _shape),
    "last_field": Kind(message("what a unit of the last layer sees"), _shape),
    "overlap": Kind(message("how many cells both drawings share"), _count),
    "preset": Kind(message("the preset"), _word),
    "run": Kind(
        message("the run"),
        _word,
        {
            "none": message("not started"),
            "going": message("still going on"),
            "ended": message("over"),
            "failed": message("broken off"),
        },
    ),
}
"""All that a page may tell, and a claim may name. A shape is (C, H, W), or (H, W) where there are no channels."""

_WRITTEN = re.compile(r"\s*([a-z_]{1,30})\s*(<=|>=|!=|=|<|>)\s*(.{1,2000}?)\s*", re.DOTALL)
_NUMBERS_ONLY = ("<", ">", "<=", ">=")
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda told, wanted: told == wanted,
    "!=": lambda told, wanted: told != wanted,
    "<": lambda told, wanted: told < wanted,
    ">": lambda told, wanted: told > wanted,
    "<=": lambda told, wanted: told <= wanted,
    ">=": lambda told, wanted: told >= wanted,
}
_WANTED = {
    "=": unfilled("It is to be {wanted}."),
    "!=": message("It is to be something else."),
    "<": unfilled("It is to be less than {wanted}."),
    ">": unfilled("It is to be more than {wanted}."),
    "<=": unfilled("It is to be {wanted} at most."),
    ">=": unfilled("It is to be {wanted} at least."),
}


@dataclass(frozen=True)
class Claim:
    """One thing that is to be true of a screen: `parameters < 10000`."""

    name: str
    sign: str
    value: Fact

    @classmethod
    def parse(cls, text: str) -> Claim:
        """Read a claim.

        Raises:
            ParseError: it is none, names no fact, or its value is not of the fact's kind.

        >>> Claim.parse("output_shape = 6x28x28")
        Claim(name='output_shape', sign='=', value=(6, 28, 28))
        """
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ParseError(
                "{text} says nothing of a screen: write it like {example}.",
                text=repr(text[:60]),
                example="parameters < 10000",
            )
        name, sign, value = match.groups()
        kind = KINDS.get(name)
        if kind is None:
            raise ParseError("{name} is nothing that a page tells: use {names}.", name=repr(name), names=_names())
        wanted = kind.read(value)
        if sign in _NUMBERS_ONLY and not isinstance(wanted, int | float):
            raise ParseError("{name} is not a number: compare it with = or !=.", name=name)
        return cls(name, sign, wanted)

    def __str__(self) -> str:
        """The claim, as `parse` reads it.

        >>> str(Claim.parse("output=1,2;3,4"))
        'output = 1,2;3,4'
        """
        return f"{self.name} {self.sign} {_plain(self.value)}"

    def holds(self, facts: Facts) -> bool:
        """Whether it is true; not where the page does not tell it."""
        told = facts.get(self.name)
        if told is None:
            return False
        if isinstance(told, np.ndarray) or isinstance(self.value, np.ndarray):
            is_same = np.array_equal(np.asarray(told), np.asarray(self.value))
            return is_same if self.sign == "=" else not is_same
        if isinstance(told, str) != isinstance(self.value, str) or isinstance(told, tuple) != isinstance(
            self.value, tuple
        ):
            return False
        return _COMPARED[self.sign](told, self.value)

    def why_not(self, facts: Facts) -> Message:
        """Say of a claim that does not hold what is so instead, and what is to be so.

        >>> Claim.parse("parameters < 10000").why_not({"parameters": 61706})
        'Not yet: the number of parameters is 61,706. It is to be less than 10,000.'
        """
        kind = KINDS[self.name]
        title, told = kind.title, facts.get(self.name)
        wanted = _WANTED[self.sign].with_values(wanted=_shown(self.value, kind))
        if told is None:
            return message("Not yet: this screen does not show {title}. {wanted}", title=title, wanted=wanted)
        return message("Not yet: {title} is {told}. {wanted}", title=title, told=_shown(told, kind), wanted=wanted)


def _names() -> Message:
    return all_of(KINDS)


def _plain(value: Fact) -> str:
    if isinstance(value, np.ndarray):
        return format_matrix(value)
    if isinstance(value, tuple):
        return "x".join(map(str, value))
    return value if isinstance(value, str) else format_number(value)


def _shown(value: Fact, kind: Kind) -> str:
    if isinstance(value, np.ndarray):
        return "; ".join(" ".join(map(show_number, row)) for row in cast("list[list[float]]", value.tolist()))
    if isinstance(value, tuple):
        return " × ".join(map(str, value))
    if isinstance(value, str):
        return kind.words.get(value, value)
    return f"{int(value):,}" if float(value).is_integer() else show_number(value)


def first_not_met(claims: tuple[Claim, ...], facts: Facts) -> Message | None:
    """Say of the first of several claims that does not hold why not; None where all of them do."""
    return next((claim.why_not(facts) for claim in claims if not claim.holds(facts)), None)
