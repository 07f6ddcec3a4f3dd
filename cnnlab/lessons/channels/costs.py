"""What ways of mixing channels cost: weights, and multiplications.

Source: A. Howard et al., "MobileNets" (2017), section 3.1, counts depthwise and pointwise convolutions like this.
"""

from dataclasses import dataclass

from cnnlab.lessons.channels.settings import ChannelSettings
from cnnlab.texts import Message, message, plural


@dataclass(frozen=True)
class Layer:
    """The sizes that decide what a convolution costs.

    Args:
        channels: of the input.
        outputs: kernels.
        rows, columns: of a kernel.
        cells: of one output map.
    """

    channels: int
    outputs: int
    rows: int
    columns: int
    cells: int


@dataclass(frozen=True)
class Cost:
    """What one way costs.

    Args:
        name: for people.
        weights: the weight tensor's shape; two where there are two layers.
        parameters: weights and biases.
        parameters_in_words: the count, spelled out.
        macs: multiplications, each with its addition, for one input.
        share: of the full convolution's multiplications.
    """

    name: Message
    weights: tuple[str, ...]
    parameters: int
    parameters_in_words: str
    macs: int
    share: float


MOBILENET = Layer(512, 512, 3, 3, 14 * 14)
"""The layer that MobileNet repeats five times, on 14x14 cells."""


def layer_of(settings: ChannelSettings, cells: int) -> Layer:
    """The layer that the page shows, as if each kernel saw all channels."""
    rows, columns = settings.kernels.shape[2:]
    return Layer(settings.channels, settings.outputs, int(rows), int(columns), cells)


def costs(layer: Layer) -> tuple[Cost, ...]:
    """Compare the full convolution with groups, depthwise, pointwise, and the pair that stands in for the full one.

    Groups are left out where the channels or the kernels cannot be halved.

    >>> [(cost.name, cost.parameters, cost.macs) for cost in costs(Layer(4, 4, 3, 3, 10))][:3]
    [('Full', 148, 1440), ('2 groups', 76, 720), ('Depthwise (4 groups)', 40, 360)]
    """
    full = _cost(message("Full"), layer, layer.outputs, layer.channels, layer.rows, layer.columns)
    found = [full]
    if layer.channels % 2 == 0 and layer.outputs % 2 == 0 and layer.channels > 2:
        found.append(_cost(message("2 groups"), layer, layer.outputs, layer.channels // 2, layer.rows, layer.columns))
    by_channel = plural("Depthwise ({n} group)", "Depthwise ({n} groups)", n=layer.channels)
    depthwise = _cost(by_channel, layer, layer.channels, 1, layer.rows, layer.columns)
    pointwise = _cost(message("1 × 1"), layer, layer.outputs, layer.channels, 1, 1)
    pair = Cost(
        message("Depthwise, then 1 × 1"),
        (*depthwise.weights, *pointwise.weights),
        depthwise.parameters + pointwise.parameters,
        f"{depthwise.parameters:,} + {pointwise.parameters:,} = {depthwise.parameters + pointwise.parameters:,}",
        depthwise.macs + pointwise.macs,
        (depthwise.macs + pointwise.macs) / full.macs,
    )
    return (*found, depthwise, pointwise, pair)


def _cost(name: Message, layer: Layer, outputs: int, depth: int, rows: int, columns: int) -> Cost:
    weights = rows * columns * depth
    parameters = outputs * (weights + 1)
    macs = outputs * layer.cells * weights
    return Cost(
        name,
        (f"({outputs}, {depth}, {rows}, {columns})",),
        parameters,
        f"{outputs} * ({rows}*{columns}*{depth} + 1) = {parameters:,}",
        macs,
        macs / (layer.outputs * layer.cells * layer.rows * layer.columns * layer.channels),
    )
