"""A network that does not fit together, how far its input came, and a way out that has not been tried yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cnnlab.errors import ShapeError
from cnnlab.layers import Layer, Shape, format_shape
from cnnlab.networks.network import Network
from cnnlab.texts import Message, message, plural


@dataclass(frozen=True)
class Step:
    """A layer that an input passed. Nothing else is needed here: what units see would take most of the time."""

    index: int
    layer: Layer
    input_shape: Shape
    output_shape: Shape


def followed(layers: Sequence[Layer], shape: Shape) -> tuple[tuple[Step, ...], ShapeError | None]:
    """Follow an input as far as it comes, and tell what the next layer has against it, if any."""
    steps: list[Step] = []
    for index, layer in enumerate(layers):
        try:
            after = layer.output_shape(shape)
        except ShapeError as error:
            return tuple(steps), error
        steps.append(Step(index, layer, shape, after))
        shape = after
    return tuple(steps), None


def layer_within(index: int, layer: Layer) -> Message:
    """A layer within a sentence, counted from 1: `layer 8 (Linear)`."""
    return message("layer {number} ({layer})", number=index + 1, layer=layer.name)


@dataclass(frozen=True)
class Case:
    """A network, its input, and how far it came."""

    network: Network
    input_shape: Shape
    rows: tuple[Step, ...]

    @property
    def index(self) -> int:
        return len(self.rows)

    @property
    def layer(self) -> Layer:
        return self.network.layers[self.index]

    @property
    def shape(self) -> Shape:
        """What arrives at the layer."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    def titled(self, index: int) -> Message:
        """A layer within a sentence, counted from 1."""
        return layer_within(index, self.network.layers[index])

    def last(self, is_right: Callable[[Layer], bool]) -> int | None:
        """Index of the last layer of a kind that came before."""
        return next((row.index for row in reversed(self.rows) if is_right(row.layer)), None)

    def source(self) -> Step | None:
        """The last layer that decided what arrives; None for the input."""
        return next((row for row in reversed(self.rows) if row.layer.shape_text(row.input_shape)), None)

    def gives(self) -> Message:
        """Tell what arrives, and from where: `Layer 7 (Flatten) gives 16 × 4 × 4 = 256.`"""
        row, shape = self.source(), self.shape
        if row is None:
            if len(shape) == 3:
                return message("The input is a map of {shape}.", shape=format_shape(shape))
            return plural("The input is {n:,} feature.", "The input is {n:,} features.", n=shape[0])
        told = {"number": row.index + 1, "layer": row.layer.name}
        if len(shape) == 3:
            return message("Layer {number} ({layer}) gives a map of {shape}.", shape=format_shape(shape), **told)
        if row.layer.makes_rows and len(row.input_shape) == 3:
            return message(
                "Layer {number} ({layer}) gives {shape} = {features:,}.",
                shape=format_shape(row.input_shape),
                features=shape[0],
                **told,
            )
        return plural(
            "Layer {number} ({layer}) gives {n:,} feature.",
            "Layer {number} ({layer}) gives {n:,} features.",
            n=shape[0],
            **told,
        )


@dataclass(frozen=True)
class Fix:
    """A way out that has not been tried yet."""

    label: Message
    layers: tuple[Layer, ...]
    input_shape: Shape
    at: int
    """Index of the layer up to which what comes must then be taken."""
    cause: Message | None = None
    """What a sentence says in place of the label: how the input is not what it should be."""
    numbers_layers: bool = False
    """Whether the label tells layers by their numbers, which are others once one is put in, left out or moved."""


Fixes = Iterator[Fix | None]
"""Ways out, the likeliest first; None where one could not even be written down."""
