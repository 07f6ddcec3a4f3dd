"""Stand-in for what explains a mismatch, until it is merged."""

from dataclasses import dataclass

from cnnlab.errors import ShapeError
from cnnlab.layers import Layer, Shape
from cnnlab.networks.network import LayerSummary, Network


@dataclass(frozen=True)
class Mend:
    label: str
    network: Network
    input_shape: Shape


@dataclass(frozen=True)
class Problem:
    index: int
    layer: Layer
    input_shape: Shape
    sentence: str
    mends: tuple[Mend, ...]
    torch_says: str = ""


@dataclass(frozen=True)
class Reading:
    rows: tuple[LayerSummary, ...]
    problem: Problem | None


def read(network: Network, input_shape: Shape | None = None) -> Reading:
    shape = input_shape or network.input_shape or (3, 32, 32)
    for count in range(len(network.layers), -1, -1):
        try:
            rows = Network(network.name, network.layers[:count]).summary(shape)
        except ShapeError:
            continue
        if count == len(network.layers):
            return Reading(tuple(rows), None)
        arriving = rows[-1].output_shape if rows else shape
        try:
            network.layers[count].output_shape(arriving)
        except ShapeError as error:
            return Reading(tuple(rows), Problem(count, network.layers[count], arriving, str(error), ()))
    raise ShapeError("none")
