"""Layers, with their settings compared with what they accept, and the modules that they are put into."""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar, cast

from cnnlab.errors import ParseError, ShapeError
from cnnlab.layers import LAYER_TYPES, Shape
from cnnlab.networks.reading.meanings import (
    MAX_LAYERS,
    Library,
    Piece,
    Signal,
    Stack,
    Unread,
    cut,
    has_default,
    instead,
    learns,
    line_of,
)
from cnnlab.networks.reading.pasted import Pasted
from cnnlab.texts import Message, all_of, in_a_row, message

_T = TypeVar("_T")


class Builder:
    """Makes layers of calls whose arguments are known."""

    def __init__(self, pasted: Pasted) -> None:
        self.pasted = pasted
        self.remarks: list[Message] = []
        self.signals: list[tuple[Signal, ast.AST]] = []
        """Every step of the data, where it stands."""
        self.in_forward = False
        """Whether what is read is the way of the data, rather than what is made before it."""
        self.lengthened: list[list[object]] = []
        """Lists that something has made longer, in that order."""

    def attempt(self, read: Callable[[], _T]) -> _T | Unread:
        """Read something. What cannot be read leaves nothing behind: no remark, no list with half of its changes."""
        remarks, lengthened = len(self.remarks), len(self.lengthened)
        try:
            return read()
        except ParseError as error:
            unread = Unread(error)
            del self.remarks[remarks:]
            for entries in self.lengthened[lengthened:]:
                entries[:] = [unread]
            return unread

    @contextmanager
    def going_forward(self) -> Generator[list[tuple[Signal, ast.AST]]]:
        """Read the way of the data, and collect its steps; afterwards, or after an error, all is as it was before."""
        before = self.in_forward, self.signals
        self.in_forward, self.signals = True, []
        try:
            yield self.signals
        finally:
            self.in_forward, self.signals = before

    def at(self, node: ast.AST) -> dict[str, object]:
        """Where a node stands, and what is written there: the values that sentences about it begin with."""
        return {"line": line_of(node), "code": self.pasted.quote(node)}

    def unknown_layer(self, node: ast.AST, name: str) -> ParseError:
        """Make the error for a layer that the lab does not have."""
        told = message("Line {line}: {code} is not a layer that the lab knows.", **self.at(node))
        return ParseError(in_a_row(told, instead(name)))

    def remark(self, sentence: Message) -> None:
        """Note what is read otherwise than it is written, once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def _layer(self, node: ast.Call, name: str, arguments: list[object], settings: dict[str, object]) -> Stack:
        if name not in LAYER_TYPES:
            raise self.unknown_layer(node, name)
        return Stack((self._piece(node, name, arguments, settings),))

    def _piece(self, node: ast.Call, name: str, arguments: list[object], settings: dict[str, object]) -> Piece:
        layer_type = LAYER_TYPES[name]
        names = list(layer_type.rules())
        takes = _takes(name, names)
        if len(arguments) > len(names):
            told = message(
                "Line {line}: {code} has more arguments than {layer} takes here.", **self.at(node), layer=name
            )
            raise ParseError(in_a_row(told, takes))
        given = dict(zip(names, arguments, strict=False))
        for argument, value in settings.items():
            if argument not in names:
                told = message(
                    "Line {line}: {code} has {argument}, which the lab's {layer} does not take: leave it out.",
                    **self.at(node),
                    argument=cut(argument),
                    layer=name,
                )
                raise ParseError(in_a_row(told, takes))
            if argument in given:
                raise ParseError(
                    "Line {line}: {code} gives {argument} twice: give it once.", **self.at(node), argument=argument
                )
            given[argument] = value
        for argument, value in given.items():
            # A list of lists may be small to write and endless to print.
            entries = cast("Sequence[object]", value) if isinstance(value, list | tuple) else (value,)
            if not all(entry is None or isinstance(entry, bool | int | float | str) for entry in entries):
                raise ParseError(
                    "Line {line}: {code} has no plain value for {argument}: write the number itself.",
                    **self.at(node),
                    argument=argument,
                )
        try:
            layer = layer_type(**given)
        except ShapeError as error:
            raise ParseError("Line {line}: {code}: {reason}", **self.at(node), reason=error.message) from None
        except TypeError:
            missing = [
                argument for argument in names if argument not in given and not has_default(layer_type, argument)
            ]
            told = message("Line {line}: {code} is missing {missing}.", **self.at(node), missing=all_of(missing))
            raise ParseError(in_a_row(told, takes)) from None
        if self.in_forward and learns(layer):
            raise ParseError(
                "Line {line}: {code} is created anew, untrained, each time forward runs: assign it to self in "
                "__init__.",
                **self.at(node),
            )
        return Piece(layer, line_of(node), self.pasted.quote(node))

    def _sequential(self, node: ast.Call, arguments: list[object], settings: dict[str, object]) -> Stack:
        if settings:
            raise ParseError(
                "Line {line}: {code} gives names to layers: nn.Sequential takes layers only, or an OrderedDict.",
                **self.at(node),
            )
        if len(arguments) == 1 and isinstance(arguments[0], dict):
            arguments = list(cast("Mapping[object, object]", arguments[0]).values())
        if len(arguments) == 1 and isinstance(arguments[0], list | tuple):
            raise ParseError(
                "Line {line}: {code} gives nn.Sequential one list: put * before it, or write the layers out.",
                **self.at(node),
            )
        return self.stacked(node, arguments)

    def stacked(self, node: ast.AST, entries: Sequence[object]) -> Stack:
        """Put modules one after the other."""
        pieces: list[Piece] = []
        shape: Shape | None = None
        parts = node.args if isinstance(node, ast.Call) and len(node.args) == len(entries) else [node] * len(entries)
        for part, made in zip(parts, entries, strict=True):
            if isinstance(made, Library | ast.ClassDef):
                raise ParseError(
                    "Line {line}: {code} is a layer's type without its settings: put () after it.", **self.at(part)
                )
            if not isinstance(made, Stack):
                raise ParseError("Line {line}: {code} is not a layer: use those of torch.nn.", **self.at(part))
            if made.input_shape is not None:
                if pieces:
                    raise ParseError(
                        "Line {line}: {code} reshapes what comes in after its first layers: start with that shape "
                        "instead.",
                        **self.at(node),
                    )
                shape = made.input_shape
            pieces += made.pieces
            self.check_count(node, pieces)
        return Stack(tuple(pieces), shape, is_whole=True)

    def check_count(self, node: ast.AST, pieces: Sequence[Piece]) -> None:
        """Refuse a network that is too long."""
        if len(pieces) > MAX_LAYERS:
            raise ParseError(
                "Line {line}: the text has more than {most} layers, which is the most that can be read.",
                line=line_of(node),
                most=MAX_LAYERS,
            )

    def _ordered(self, node: ast.Call, arguments: list[object], settings: dict[str, object]) -> dict[int, object]:
        if len(arguments) != 1 or settings or not isinstance(arguments[0], list | tuple | dict):
            raise ParseError(
                "Line {line}: {code} cannot be read here: write OrderedDict([('name', nn.ReLU()), ...]).",
                **self.at(node),
            )
        if isinstance(arguments[0], dict):
            return cast("dict[int, object]", arguments[0])
        made: dict[int, object] = {}
        for index, entry in enumerate(cast("Sequence[object]", arguments[0])):
            if not isinstance(entry, list | tuple) or len(cast("Sequence[object]", entry)) != 2:
                raise ParseError(
                    "Line {line}: {code} cannot be read here: write pairs of a name and a layer.", **self.at(node)
                )
            made[index] = cast("Sequence[object]", entry)[1]
        return made


def _takes(layer: str, names: Sequence[str]) -> Message:
    """Say which arguments a layer takes."""
    if not names:
        return message("{layer} takes no arguments.", layer=layer)
    return message("{layer} takes {arguments}.", layer=layer, arguments=", ".join(names))
