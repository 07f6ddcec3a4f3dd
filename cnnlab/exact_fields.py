"""Which pixels one unit of a network depends on: not the formula's square, but the very pixels that have a path to it.

A dilated kernel leaves holes, padding is no pixel, and a stride may skip some. All of that happens along each axis by
itself, as windows are rectangles: a pixel has a path exactly where its row and its column have one.

Sources: A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural networks", Distill (2019),
for the span; for paths, that the gradient of a unit is a sum over them, one product of weights for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from cnnlab.axis_fields import Reads, ReceptiveField
from cnnlab.errors import ShapeError, quoted
from cnnlab.layers import Field, Layer, Window, grow
from cnnlab.ops.padding import check_padding
from cnnlab.shapes import whole_number
from cnnlab.texts import message, plural


@dataclass(frozen=True, eq=False)
class AxisRegion:
    """What one unit depends on along one axis of one map.

    Args:
        first, last: what the arithmetic of receptive fields gives, both included; they may lie outside, in padding.
        paths: ways from each pixel of the axis to the unit, shape (size,); exact up to 2**53.
    """

    first: int
    last: int
    paths: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Pixels from first to last."""
        return self.last - self.first + 1

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The pixels that have a path, shape (size of the map,)."""
        return self.paths > 0

    @property
    def outside(self) -> int:
        """Pixels between first and last that are none of the map's."""
        return self.size - max(0, min(self.last + 1, len(self.paths)) - max(self.first, 0))


@dataclass(frozen=True, eq=False)
class Region:
    """What one unit depends on in one map."""

    rows: AxisRegion
    columns: AxisRegion

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The pixels that have a path to the unit, shape (H, W)."""
        return np.logical_and.outer(self.rows.mask, self.columns.mask)

    @property
    def paths(self) -> NDArray[np.float64]:
        """Ways from each pixel to the unit, shape (H, W): its gradient where all weights are 1."""
        return np.outer(self.rows.paths, self.columns.paths)


def receptive_field_region(
    layers: Sequence[Layer], input_size: tuple[int, int], unit: tuple[int, int]
) -> tuple[Region, ...]:
    """Find what a unit of the last layer depends on, in the input and in the map after each layer.

    Args:
        layers: in order. Channels play no part; a linear layer sees all of the map before it.
        input_size: (H, W).
        unit: (row, column) in the map that comes out, counted from 0.

    Returns:
        One region for each map: first the input's, last that of the unit itself.

    Raises:
        ShapeError: a layer does not fit, or there is no such unit.

    >>> from cnnlab.layers import AvgPool2d, Conv2d
    >>> dilated = [Conv2d(1, 1, kernel_size=3), Conv2d(1, 1, kernel_size=2, dilation=3)]
    >>> region = receptive_field_region(dilated, (8, 8), (0, 0))[0]
    >>> region.rows.first, region.rows.last, region.rows.paths.tolist()  # 0 to 2, and 3 to 5
    (0, 5, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    """
    height, width = (whole_number(message("A side of the input"), size, 1) for size in input_size)
    index = tuple(whole_number(message("The unit's position"), place, 0) for place in unit)
    chains = axis_chain(layers, height, 0), axis_chain(layers, width, 1)
    last = chains[0].sizes[-1], chains[1].sizes[-1]
    if len(index) != 2 or index[0] >= last[0] or index[1] >= last[1]:
        raise ShapeError(
            "There is no unit {unit} in a map of {height} × {width}: rows go from 0 to {last_row}, columns from 0 to "
            "{last_column}.",
            unit=quoted(unit),
            height=last[0],
            width=last[1],
            last_row=last[0] - 1,
            last_column=last[1] - 1,
        )
    rows, columns = (chain.regions(place) for chain, place in zip(chains, index, strict=True))
    return tuple(Region(*pair) for pair in zip(rows, columns, strict=True))


@dataclass(frozen=True)
class AxisChain:
    """Layers along one axis: how large each map is, and which windows lead from one to the next.

    Args:
        sizes: of the input and of the map after each layer.
        steps: between two maps, the window and what its padding holds; or, where it is none, which cells are read; None
            where each unit sees its own pixel.
    """

    sizes: tuple[int, ...]
    steps: tuple[tuple[Window, str] | Reads | None, ...]

    def regions(self, unit: int, map_index: int = -1) -> list[AxisRegion]:
        """What one unit of a map depends on, in each map up to its own; see `receptive_field_region`."""
        top = range(len(self.sizes))[map_index]
        fields = self.fields(top)
        all_paths = self.paths(np.eye(1, self.sizes[top], unit), top)
        return [AxisRegion(*field.span(unit), paths[0]) for field, paths in zip(fields, all_paths, strict=True)]

    def fields(self, top: int) -> list[Field]:
        """How a unit of map `top` sees each map up to its own, by the arithmetic of receptive fields."""
        found: list[Field] = []
        for bottom in range(top + 1):
            field: Field = ReceptiveField()
            for step, positions in zip(self.steps[bottom:top], self.sizes[bottom + 1 :], strict=False):
                if step is not None:
                    field = grow(field, step if isinstance(step, Reads) else step[0], positions)
            found.append(field)
        return found

    def paths(self, units: NDArray[np.float64], top: int) -> list[NDArray[np.float64]]:
        """Count the ways from every pixel of each map up to `top`.

        Args:
            units: which units of map `top` to start from, (units, size): 1 where a path may start.

        Returns:
            For each map, (units, size of that map).
        """
        found = [units]
        for bottom in reversed(range(top)):
            step = self.steps[bottom]
            if step is None:
                found.append(found[-1])
            elif isinstance(step, Reads):
                found.append(_follow(found[-1], self.sizes[bottom], step))
            else:
                found.append(_look_through(found[-1], self.sizes[bottom], *step))
        return found[::-1]


def axis_chain(layers: Sequence[Layer], size: int, axis: int) -> AxisChain:
    """Follow an axis (0 is the height, 1 the width) through layers.

    Raises:
        ShapeError: a layer does not fit, or is none.
    """
    sizes, steps = [size], list[tuple[Window, str] | Reads | None]()
    for number, layer in enumerate(cast("Sequence[object]", layers), start=1):
        if not isinstance(layer, Layer):
            raise ShapeError(
                "{layer} is not a layer: use those of cnnlab.layers, such as Conv2d(1, 1, 3).", layer=quoted(layer)
            )
        try:
            after = layer.size(sizes[-1], axis)
        except ShapeError as error:
            raise ShapeError(
                plural(
                    "Layer {number} ({layer}) cannot take {n} pixel. {reason}",
                    "Layer {number} ({layer}) cannot take {n} pixels. {reason}",
                    n=sizes[-1],
                    number=number,
                    layer=layer,
                    reason=error.message,
                )
            ) from None
        step = layer.step(sizes[-1], axis)
        steps.append((step, layer.filled_with()) if isinstance(step, Window) else step)
        sizes.append(after)
    return AxisChain(tuple(sizes), tuple(steps))


def _follow(paths: NDArray[np.float64], size: int, reads: Reads) -> NDArray[np.float64]:
    """Follow paths from the units of a map (units, count) to the cells that they read (units, size)."""
    found = np.zeros((len(paths), size))
    for unit in range(paths.shape[1]):
        cells = [cell for cell in reads.of(unit) if 0 <= cell < size]
        found[:, cells] += paths[:, unit, None]
    return found


def _look_through(paths: NDArray[np.float64], size: int, window: Window, padding_mode: str) -> NDArray[np.float64]:
    """Follow paths from the units of a map (units, count) to the pixels that their windows read (units, size)."""
    pixel_of = _pixels(size, window, padding_mode)
    starts = window.stride * np.arange(paths.shape[1], dtype=np.int64)
    found = np.zeros((size, len(paths)))
    for cell in range(window.kernel_size):
        pixels = pixel_of[starts + cell * window.dilation]
        is_pixel = pixels >= 0
        # Not +=, as a repeated pixel (replicated padding) must count each time.
        np.add.at(found, pixels[is_pixel], paths.T[is_pixel])
    return np.ascontiguousarray(found.T)


def _pixels(size: int, window: Window, padding_mode: str) -> NDArray[np.int64]:
    """For each place of the padded axis the pixel that lies there; -1 for none."""
    check_padding((size,), (window.padding,), padding_mode)
    places = np.arange(size, dtype=np.int64)
    if padding_mode == "reflect":
        padded = np.pad(places, window.padding, mode="reflect")
    elif padding_mode == "replicate":
        padded = np.pad(places, window.padding, mode="edge")
    elif padding_mode == "circular":
        padded = np.pad(places, window.padding, mode="wrap")
    else:
        padded = np.pad(places, window.padding, constant_values=-1)
    # With ceil_mode the last window may reach beyond the padding.
    beyond = window.dilation * (window.kernel_size - 1) + window.stride
    return np.pad(padded, (0, beyond), constant_values=-1)
