"""Receptive fields along one axis: what the cells of a map see of the network's input.

Source: A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural networks", Distill (2019).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

from cnnlab.errors import ShapeError
from cnnlab.shapes import full_padding, whole_number


@dataclass(frozen=True)
class ReceptiveField:
    """What one cell of a feature map sees along one axis of the network's input.

    Args:
        size: input pixels that the cell depends on.
        jump: input pixels from one cell of the map to the next.
        start: first input pixel that cell 0 sees; negative where it reaches into padding.
    """

    size: int = 1
    jump: int = 1
    start: int = 0

    def then(self, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> "ReceptiveField":
        """Look through one more layer (Araujo et al. 2019); `padding` is what it adds before the axis.

        The extent of a kernel is dilation*(kernel_size - 1) + 1. Then size' = size + (extent - 1)*jump,
        jump' = jump*stride and start' = start - padding*jump.

        >>> ReceptiveField().then(5).then(2, stride=2).then(5)  # 1 + 4*1 = 5, 5 + 1*1 = 6, 6 + 4*2 = 14
        ReceptiveField(size=14, jump=2, start=0)
        """
        reach = full_padding(kernel_size, dilation)
        return ReceptiveField(
            self.size + reach * self.jump,
            self.jump * whole_number("stride", stride, 1),
            self.start - whole_number("padding", padding, 0) * self.jump,
        )

    def span(self, index: int) -> tuple[int, int]:
        """First and last input pixel that cell `index` sees; they may lie outside of the input, in padding.

        >>> ReceptiveField().then(3, stride=2, padding=1).span(2)  # 2*2 - 1 = 3, and two more
        (3, 5)
        """
        first = self.start + index * self.jump
        return first, first + self.size - 1


@dataclass(frozen=True)
class Reads:
    """Which cells of the map before each cell of a map reads, along one axis, where a window alone cannot tell it.

    Args:
        cells: for the first few cells of the map, what each reads; empty where a cell reads nothing.
        advance: the next as many cells read the same ones, so many further on.
    """

    cells: tuple[Sequence[int], ...]
    advance: int

    def of(self, index: int) -> tuple[int, ...]:
        """What one cell reads; places outside of the map before are padding.

        >>> Reads(((0,), (0, 1)), advance=1).of(5)  # the second of its kind, for the third time
        (2, 3)
        """
        turns, phase = divmod(index, len(self.cells))
        return tuple(cell + turns * self.advance for cell in self.cells[phase])


@dataclass(frozen=True)
class PhasedField:
    """What the cells of a map see of the input along one axis, where neighbours do not all see equally much.

    That is so behind a transposed convolution with a stride: of two neighbours the first may see three cells of the map
    before, and the second two. The pattern repeats, as all strides are whole numbers.

    Args:
        spans: first and last input pixel of the first few cells; the last lies before the first where a cell sees
            nothing.
        shift: the next as many cells see the same, so many input pixels further on.
        cells: how many cells the map has.
    """

    spans: tuple[tuple[int, int], ...]
    shift: int
    cells: int

    @property
    def size(self) -> int:
        """Input pixels that the cell that sees most depends on, first to last."""
        return max(last - first + 1 for first, last in self.spans[: self.cells])

    @property
    def jump(self) -> int | Fraction:
        """Input pixels from one cell to the next, on average: a fraction where the map is finer than the input."""
        jump = Fraction(self.shift, len(self.spans))
        return jump.numerator if jump.denominator == 1 else jump

    @property
    def start(self) -> int:
        """First input pixel that cell 0 sees; negative where it reaches into padding."""
        return self.spans[0][0]

    def span(self, index: int) -> tuple[int, int]:
        """First and last input pixel that cell `index` sees; they may lie outside of the input, in padding."""
        turns, phase = divmod(index, len(self.spans))
        first, last = self.spans[phase]
        return first + turns * self.shift, last + turns * self.shift

    def first_from(self, index: int) -> int:
        """First input pixel that cell `index` or one behind it sees; 0 where none sees any."""
        turns, phase = divmod(index, len(self.spans))
        return self._firsts[phase] + turns * self.shift if self._firsts else 0

    def last_up_to(self, index: int) -> int:
        """Last input pixel that cell `index` or one before it sees; -1 where none sees any."""
        turns, phase = divmod(index, len(self.spans))
        return self._lasts[phase] + turns * self.shift if self._lasts else -1

    @cached_property
    def _firsts(self) -> list[int]:
        # Of cells that stand alike in the pattern the first sees the first pixel, and the last sees the last.
        return [-last for last in self._turned_round._lasts[::-1]]

    @cached_property
    def _turned_round(self) -> "PhasedField":
        return PhasedField(tuple((-last, -first) for first, last in reversed(self.spans)), self.shift, self.cells)

    @cached_property
    def _lasts(self) -> list[int]:
        spans = [(first - self.shift, last - self.shift) for first, last in self.spans] + list(self.spans)
        far = [last if first <= last else None for first, last in spans]
        seen = [last for last in far if last is not None]
        if not seen:
            return []
        furthest = accumulate((min(seen) if last is None else last for last in far), max)
        return list(furthest)[len(self.spans) :]


MAX_READINGS = 2**11
"""Cells that are read until a pattern repeats, along one axis at one layer. A network that needs more is none that
anybody draws, and a hundred such layers would take a reader's time at each key."""


def look_through(field: ReceptiveField | PhasedField, reads: Reads, cells: int) -> ReceptiveField | PhasedField:
    """Look at the input through one more layer, of which each cell reads certain cells of the map that has `field`.

    A cell sees from the first to the last pixel that any of the cells sees that it reads. The pattern of the result
    repeats once both patterns have come round together.

    Args:
        cells: how many cells the new map has.

    Raises:
        ShapeError: the pattern takes more than `MAX_READINGS` to repeat.

    >>> up = Reads(((-1, 0), (-1, 0)), advance=1)  # a transposed kernel of 4 with a stride of 2: 2 cells for each
    >>> look_through(ReceptiveField(size=3, jump=2), up, cells=10).size  # 3 + (2 - 1)*2
    5
    """
    spans, shift = ([field.span(0)], field.jump) if isinstance(field, ReceptiveField) else (field.spans, field.shift)
    period = len(spans)
    turns = period // math.gcd(period, reads.advance)
    phases = turns * len(reads.cells)
    if turns * sum(1 + (2 if _is_run(cells, period) else len(cells)) for cells in reads.cells) > MAX_READINGS:
        raise ShapeError(
            "The receptive fields repeat only every {units:,} units, which is too much to follow: use strides and "
            "sizes that have more in common.",
            units=phases,
        )
    whole = PhasedField(tuple(spans), shift, cells)
    found = [_seen_by(whole, reads, phase) for phase in range(phases)]
    shift = shift * reads.advance * turns // period
    if phases == 1 and found[0][0] <= found[0][1]:
        first, last = found[0]
        return ReceptiveField(last - first + 1, shift, first)
    return PhasedField(tuple(found), shift, cells)


def look_at_all(field: PhasedField) -> PhasedField:
    """Look at the input through one cell that reads the whole map; the jump stays as it was."""
    span = _seen_by(field, Reads((range(field.cells),), advance=0), 0)
    return PhasedField((span,) * len(field.spans), field.shift, 1)


def _seen_by(field: PhasedField, reads: Reads, index: int) -> tuple[int, int]:
    """First and last pixel that one cell sees through the cells that it reads."""
    turns, phase = divmod(index, len(reads.cells))
    cells, offset = reads.cells[phase], turns * reads.advance
    if _is_run(cells, len(field.spans)):
        return field.first_from(cells[0] + offset), field.last_up_to(cells[-1] + offset)
    seen = [span for cell in cells if (span := field.span(cell + offset))[0] <= span[1]]
    return (min(first for first, _ in seen), max(last for _, last in seen)) if seen else (0, -1)


def _is_run(cells: Sequence[int], period: int) -> bool:
    """Whether these are neighbours, among them one of each kind."""
    return isinstance(cells, range) and cells.step == 1 and len(cells) >= period
