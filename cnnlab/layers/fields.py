"""How far a unit sees, grown layer by layer."""

from __future__ import annotations

from dataclasses import dataclass

from cnnlab.axis_fields import PhasedField, Reads, ReceptiveField, look_at_all, look_through
from cnnlab.layers.shapes import Shape


@dataclass(frozen=True)
class Window:
    """What one layer does along one axis: the window that it slides, and how."""

    kernel_size: int
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    """Pixels before and after the axis."""
    dilation: int = 1
    ceil_mode: bool = False


Field = ReceptiveField | PhasedField
"""What the units along one axis see: all equally much, or not quite."""


@dataclass(frozen=True)
class View:
    """What one unit of a layer sees of the network's input, and how many units stand side by side, on both axes.

    Flattening changes neither, as each number still sees what it saw. A linear layer's unit sees all positions at
    once, like a convolution whose window is the whole map; what follows it works on one position.
    """

    height: Field
    width: Field
    positions: tuple[int, int]

    @staticmethod
    def of(input_shape: Shape) -> View:
        """See the input itself: each unit is one pixel. A row of F features counts as a map of 1 x F."""
        height, width = input_shape[1:] if len(input_shape) == 3 else (1, input_shape[0])
        return View(ReceptiveField(), ReceptiveField(), (height, width))

    def through(self, height: Window | Reads, width: Window | Reads, positions: tuple[int, int]) -> View:
        """See through one more layer, of which `positions` units stand on each axis."""
        rows = grow(self.height, height, positions[0])
        is_alike = (self.width, width, positions[1]) == (self.height, height, positions[0])
        return View(rows, rows if is_alike else grow(self.width, width, positions[1]), positions)

    def whole(self) -> View:
        """See all positions at once, as a linear layer does."""
        fields = [
            field.then(positions) if isinstance(field, ReceptiveField) else look_at_all(field)
            for field, positions in zip((self.height, self.width), self.positions, strict=True)
        ]
        return View(fields[0], fields[1], (1, 1))


def grow(before: Field, step: Window | Reads, positions: int) -> Field:
    """Tell what the units see behind one more layer, of which `positions` stand along the axis."""
    if isinstance(step, Reads):
        return look_through(before, step, positions)
    if step.kernel_size == step.stride == 1 and step.padding == (0, 0):
        return before  # as activations do: nothing to work out, however long the pattern
    if isinstance(before, ReceptiveField):
        return before.then(step.kernel_size, step.stride, step.padding[0], step.dilation)
    cells = range(-step.padding[0], step.dilation * step.kernel_size - step.padding[0], step.dilation)
    return look_through(before, Reads((cells,), step.stride), positions)
