"""The way of the data through forward: what layers, functions and its own methods do to it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import cast

from cnnlab.errors import ParseError, ShapeError
from cnnlab.layers import LAYER_TYPES, Flatten
from cnnlab.networks.network import check_input_shape
from cnnlab.networks.reading.building import Builder
from cnnlab.networks.reading.meanings import (
    FUNCTIONS,
    OF_TORCH,
    Axes,
    Library,
    Piece,
    Signal,
    SizesOf,
    Stack,
    instead,
    learns,
    line_of,
)
from cnnlab.texts import in_a_row, message


class Passing(Builder):
    """Follows the data through calls whose arguments are known."""

    def _axis(self, node: ast.AST, signal: Signal, index: object) -> Axes:
        if isinstance(index, int) and not isinstance(index, bool) and -4 <= index <= 3:
            # An axis counted from the end is one of a map: a row has no others to multiply.
            return Axes(signal, (index % 4,))
        raise ParseError(
            "Line {line}: {code} is not a size of a map: it has the axes 0 (batch) to 3 (width).", **self.at(node)
        )

    def _pass(self, node: ast.Call, stack: Stack, arguments: list[object], settings: dict[str, object]) -> Signal:
        given = [*arguments, *settings.values()]
        if len(given) != 1 or not isinstance(given[0], Signal):
            raise ParseError(
                "Line {line}: {code} cannot be read here: a layer takes the one thing that the layer before it gives.",
                **self.at(node),
            )
        return self._go(node, given[0], stack)

    def _go(self, node: ast.AST, signal: Signal, stack: Stack) -> Signal:
        shape = signal.input_shape
        if stack.input_shape is not None:
            if signal.pieces:
                raise ParseError(
                    "Line {line}: {code} reshapes what comes in after the first layers: start with that shape instead.",
                    **self.at(node),
                )
            shape = stack.input_shape
        pieces = signal.pieces + stack.pieces
        self.check_count(node, pieces)
        after = Signal(pieces, shape, signal)
        self.signals.append((after, node))
        return after

    def check_use(self, signals: Sequence[tuple[Signal, ast.AST]], result: Signal) -> None:
        """Remark on what is computed, but not on the way to the result."""
        way: set[int] = set()
        step: Signal | None = result
        while step is not None:
            way.add(id(step))
            step = step.before
        for signal, node in signals:
            if id(signal) not in way:
                self.remark(
                    message(
                        "Line {line}: {code} is computed, but what forward returns does not come from it: it is left "
                        "out.",
                        **self.at(node),
                    )
                )

    def _function(self, node: ast.Call, name: str, arguments: list[object], settings: dict[str, object]) -> Signal:
        """A function that does what a layer does, with the data as its first argument."""
        settings = dict(settings)
        data = arguments[0] if arguments else settings.pop("input", None)
        if not isinstance(data, Signal):
            raise ParseError(
                "Line {line}: {code} does not take what the layer before it gives: its first argument is the data.",
                **self.at(node),
            )
        arguments = arguments[1:]
        if FUNCTIONS[name] not in LAYER_TYPES:
            told = message("Line {line}: {code} is not a step that the lab knows.", **self.at(node))
            raise ParseError(in_a_row(told, instead(FUNCTIONS[name])))
        if name == "flatten":
            self._check_flatten(node, arguments, settings)
        if name in ("dropout", "dropout2d"):
            arguments, settings = self._functional_dropout(node, arguments, settings)
        return self._go(node, data, Stack((self._piece(node, FUNCTIONS[name], arguments, settings),)))

    def _check_flatten(self, node: ast.Call, arguments: list[object], settings: dict[str, object]) -> None:
        if (arguments[0] if arguments else settings.get("start_dim", 0)) == 0:
            raise ParseError(
                "Line {line}: {code} flattens the batch as well: write torch.flatten(x, 1).", **self.at(node)
            )

    def _functional_dropout(
        self, node: ast.Call, arguments: list[object], settings: dict[str, object]
    ) -> tuple[list[object], dict[str, object]]:
        """F.dropout(x, p, training, inplace) -> Dropout(p, inplace)."""
        given = dict(zip(("p", "training", "inplace"), arguments, strict=False)) | settings
        training = given.pop("training", True)
        if training is True:
            self.remark(
                message(
                    "Line {line}: {code} drops while testing as well: write training=self.training. It is read as "
                    "nn.Dropout, which does not.",
                    **self.at(node),
                )
            )
        elif training != Library("self.training"):
            raise ParseError("Line {line}: {code} cannot be read here: write training=self.training.", **self.at(node))
        return arguments[3:], given

    def _tensor_method(
        self, node: ast.Call, signal: Signal, name: str, arguments: list[object], settings: dict[str, object]
    ) -> object:
        if name == "size":
            if not arguments and not settings:
                return SizesOf(signal)
            return self._axis(node, signal, (arguments or [*settings.values()])[0])
        if name in ("view", "reshape"):
            return self._view(node, signal, arguments)
        if name in OF_TORCH or name == "relu_":
            settings = settings | ({"inplace": True} if name == "relu_" else {})
            return self._function(node, name.rstrip("_"), [signal, *arguments], settings)
        if name in ("mean", "squeeze"):
            raise ParseError(
                "Line {line}: {code} cannot be read here: use nn.AdaptiveAvgPool2d(1) and torch.flatten(x, 1).",
                **self.at(node),
            )
        raise ParseError(
            "Line {line}: {code} is not a step that the lab knows: use its layers, {layers}.",
            **self.at(node),
            layers=", ".join(LAYER_TYPES),
        )

    def _view(self, node: ast.Call, signal: Signal, arguments: list[object]) -> Signal:
        """x.view(-1, 400), x.view(x.size(0), -1) and their like: each picture becomes a row."""
        if len(arguments) == 1 and isinstance(arguments[0], list | tuple):
            arguments = list(cast("Sequence[object]", arguments[0]))
        first, *rest = arguments or [None]
        whole_batch = first == -1 or (isinstance(first, Axes) and first.indices == (0,))
        if not whole_batch and len(rest) == 1 and isinstance(first, int):
            raise ParseError(
                "Line {line}: {code} ties the network to batches of {batch}: write torch.flatten(x, 1).",
                **self.at(node),
                batch=first,
            )
        flatten = Piece(Flatten(), line_of(node), self.pasted.quote(node))
        match rest:
            case [int(features)] if whole_batch and (features > 0 or (features == -1 and first != -1)):
                takes = features if features > 0 else None
                return self._go(node, signal, Stack((Piece(flatten.layer, flatten.line, flatten.source, takes),)))
            case [Axes() as axes] if whole_batch and axes.signal is signal and axes.indices in ((1, 2, 3), (1,)):
                if axes.indices == (1,):
                    self.remark(
                        message(
                            "Line {line}: {code} is read as Flatten(), which is the same for maps of 1 × 1 only.",
                            **self.at(node),
                        )
                    )
                return self._go(node, signal, Stack((flatten,)))
            case [int(), int(), int()] if whole_batch and not signal.pieces:
                try:
                    return Signal((), check_input_shape(tuple(rest)), signal)
                except ShapeError as error:
                    raise ParseError("Line {line}: {code}: {reason}", **self.at(node), reason=error.message) from None
            case _:
                raise ParseError(
                    "Line {line}: {code} cannot be read here: write torch.flatten(x, 1) to make a row of each picture; "
                    "no other shapes are read.",
                    **self.at(node),
                )


def check_way(pieces: Sequence[Piece]) -> None:
    """Refuse layers that share their weights, and rows of a size that the layers after them do not take.

    Raises:
        ParseError: with the line.
    """
    met: set[int] = set()
    for index, piece in enumerate(pieces):
        if id(piece) in met and learns(piece.layer):
            raise ParseError(
                "Line {line}: {code} is used a second time, with the same weights. The lab cannot share weights: "
                "make a separate layer for each use.",
                line=piece.line,
                code=piece.source,
            )
        met.add(id(piece))
        if piece.takes is None:
            continue
        wanted = next(
            (
                (name, getattr(after.layer, name))
                for after in pieces[index + 1 :]
                for name in ("in_features", "num_features")
                if hasattr(after.layer, name)
            ),
            None,
        )
        if wanted is None:
            raise ParseError(
                "Line {line}: {code} makes rows of {features}, but no Linear({features}, ...) after it shows whether "
                "that fits: write torch.flatten(x, 1).",
                line=piece.line,
                code=piece.source,
                features=piece.takes,
            )
        if wanted[1] != piece.takes:
            raise ParseError(
                "Line {line}: {code} makes rows of {features}, but the next layer that learns has {setting}={wanted}: "
                "use one number, or write torch.flatten(x, 1).",
                line=piece.line,
                code=piece.source,
                features=piece.takes,
                setting=wanted[0],
                wanted=wanted[1],
            )
