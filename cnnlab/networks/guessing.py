"""What a network was made for, where nobody says: source code names channels, but not the size of the pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from cnnlab.errors import ShapeError
from cnnlab.layers import Kind, Layer, Mismatch, Shape
from cnnlab.networks.network import MAX_SIDE, Network
from cnnlab.networks.suggestions import USUAL_SIDES

LARGEST_SIDE = 320
"""Of a picture that is looked for, where none of the usual sides fits."""


def guess_input(network: Network) -> Shape | None:
    """Guess an input that goes through all layers: with the first layer's channels, and of a usual size if one does.

    Pictures are taken to be square, and those of colour where the layers leave it open.

    Returns:
        The network's own `input_shape` where it has one; None where nothing was found that fits.

    >>> from cnnlab.layers import Conv2d, Flatten, Linear
    >>> guess_input(Network("small", (Conv2d(1, 6, kernel_size=5), Flatten(), Linear(6 * 24 * 24, 10))))
    (1, 28, 28)
    """
    if network.input_shape is not None:
        return network.input_shape
    enlarged: Shape | None = None
    for shape in _candidates(network.layers):
        fit = _fit(network.layers, shape)
        if fit is Fit.WELL:
            return shape
        if fit is Fit.ENLARGED:
            enlarged = enlarged or shape
    return enlarged


class Fit(Enum):
    """How an input goes through all layers."""

    NOT = auto()
    ENLARGED = auto()
    """A layer has to repeat pixels: hardly what it was meant for."""
    WELL = auto()


def _fit(layers: Sequence[Layer], shape: Shape) -> Fit:
    # Shapes alone, without what a unit sees: hundreds of inputs are tried.
    fit = Fit.WELL
    for layer in layers:
        try:
            after = layer.output_shape(shape)
        except ShapeError:
            return Fit.NOT
        if layer.repeats_pixels(shape):
            fit = Fit.ENLARGED
        shape = after
    return fit


def _candidates(layers: Sequence[Layer]) -> Iterator[Shape]:
    first = next((layer for layer in layers if _entry(layer)), None)
    wanted = _entry(first) if first else None
    flat = next((index for index, layer in enumerate(layers) if layer.makes_rows), len(layers))
    if first is not None and wanted is not None and _wants_row(first, wanted):
        if layers.index(first) < flat:  # rows from the start on
            yield (wanted,)
            return
        channels = (3, 1)
    else:
        if wanted is not None and wanted > MAX_SIDE:
            return
        channels = (wanted,) if wanted else (3, 1)
    sides = [*USUAL_SIDES, *(side for side in range(1, LARGEST_SIDE + 1) if side not in USUAL_SIDES)]
    for side in sides:
        for count in channels:
            yield (count, side, side)
    if wanted is not None and len(channels) > 1:
        yield (wanted,)


def _wants_row(layer: Layer, wanted: int) -> bool:
    try:
        layer.output_shape((wanted, 1, 1))
    except Mismatch as mismatch:
        return mismatch.kind is Kind.MAP_GIVEN
    return False


def _entry(layer: Layer) -> int | None:
    """The channels or features that a layer wants."""
    setting = layer.input_setting()
    return None if setting is None else getattr(layer, setting)
