"""A network that does not fit together, how far its input came, and a way out that has not been tried yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cnnlab.errors import ShapeError
from cnnlab.layers import Flatten, Layer, Shape, format_shape
from cnnlab.layers.checks import features_text
from cnnlab.networks.network import Network


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

    @property
    def title(self) -> str:
        return f"Layer {self.index + 1} ({self.layer.name})"

    def titled(self, index: int) -> str:
        """A layer within a sentence, counted from 1."""
        return f"layer {index + 1} ({self.network.layers[index].name})"

    def last(self, is_right: Callable[[Layer], bool]) -> int | None:
        """Index of the last layer of a kind that came before."""
        return next((row.index for row in reversed(self.rows) if is_right(row.layer)), None)

    def source(self) -> Step | None:
        """The last layer that decided what arrives; None for the input."""
        return next((row for row in reversed(self.rows) if row.layer.shape_text(row.input_shape)), None)

    def gives(self) -> str:
        """Who gives what arrives: `layer 7 (Flatten) gives 16 × 4 × 4 = 256`."""
        row = self.source()
        what = f"a map of {format_shape(self.shape)}" if len(self.shape) == 3 else features_text(self.shape[0])
        if row is None:
            return f"the input is {what}"
        if isinstance(row.layer, Flatten) and len(row.input_shape) == 3:
            what = f"{format_shape(row.input_shape)} = {self.shape[0]:,}"
        return f"{self.titled(row.index)} gives {what}"


@dataclass(frozen=True)
class Fix:
    """A way out that has not been tried yet."""

    label: str
    layers: tuple[Layer, ...]
    input_shape: Shape
    at: int
    """Index of the layer up to which what comes must then be taken."""
    cause: str = ""
    """What a sentence says first, and in place of the label: how the input is not what it should be."""


Fixes = Iterator[Fix | None]
"""Ways out, the likeliest first; None where one could not even be written down."""
