"""One pooling of a matrix, as the pooling page sets it up and steps through it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ShapeError
from cnnlab.number_text import Matrix
from cnnlab.ops import PoolStep, avg_pool2d, avg_pool2d_grad, max_pool2d, max_pool2d_grad, pool2d_step
from cnnlab.ops.pool_steps import PoolKind
from cnnlab.shapes import AxisWindows

MAX_INPUT = 12
"""Rows and columns that the page's input may have."""

MAX_KERNEL = 4
"""Rows and columns that its window may have."""


@dataclass(frozen=True, eq=False)
class PoolSettings:
    """All that decides the numbers on the pooling page: one channel, square stride, padding and dilation.

    Args:
        input: (H, W)
        kind: "max" or "avg".
        kernel: rows and columns of the window.
        stride: pixels from window to window.
        padding: pixels around the input, at most half of the window: never chosen by "max", zeros for "avg".
        dilation: pixels from one cell of a window to the next; "avg" knows none and leaves it out of account.
        ceil: let the last window reach beyond the padded input.
        count_include_pad: whether the padding's zeros count when "avg" divides.
        step: index of the output cell that is looked at, row by row from 0.
    """

    input: Matrix
    kind: PoolKind = "max"
    kernel: tuple[int, int] = (2, 2)
    stride: int = 2
    padding: int = 0
    dilation: int = 1
    ceil: bool = False
    count_include_pad: bool = True
    step: int = 0

    @property
    def used_dilation(self) -> int:
        """The dilation that counts: an average knows none."""
        return self.dilation if self.kind == "max" else 1

    @property
    def axes(self) -> tuple[AxisWindows, AxisWindows]:
        """The windows along the rows and along the columns; none where the window does not fit."""
        rows, columns = (
            AxisWindows(size, cells, self.stride, (self.padding, self.padding), self.used_dilation, self.ceil)
            for size, cells in zip(self.input.shape, self.kernel, strict=True)
        )
        return rows, columns

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments that max_pool2d, or avg_pool2d, takes besides x."""
        common = {"kernel_size": self.kernel, "stride": self.stride, "padding": self.padding, "ceil_mode": self.ceil}
        if self.kind == "max":
            return common | {"dilation": self.dilation}
        return common | {"count_include_pad": self.count_include_pad}

    def output(self) -> Matrix:
        """Compute the whole output: (OH, OW).

        Raises:
            ShapeError: settings that do not go together, or a window that reads nothing but padding.

        >>> PoolSettings(np.array([[1, 5], [3, 3]])).output(), PoolSettings(np.array([[1, 5], [3, 3]]), "avg").output()
        (array([[5]]), array([[3.]]))
        """
        self._check()
        if self.kind == "avg":
            return avg_pool2d(self.input[None], **self.arguments)[0]
        # With indices a window that reads nothing but padding is refused for floats, too.
        return max_pool2d(self.input[None], **self.arguments, return_indices=True)[0][0]

    def cell(self, row: int, column: int) -> PoolStep:
        """Take one output cell apart.

        Raises:
            ShapeError: what `output` refuses, or a cell that the output does not have.

        >>> PoolSettings(np.array([[1, 5], [3, 3]])).cell(0, 0).winners
        ((0, 1),)
        """
        self._check()
        return pool2d_step(self.input[None], index=(0, row, column), kind=self.kind, **self.arguments)

    def _check(self) -> None:
        if self.input.ndim != 2:
            raise ShapeError("An input of shape {shape} is not one channel: give one matrix.", shape=self.input.shape)


@dataclass(frozen=True, eq=False)
class PoolWalk:
    """All steps of a pooling at once, so that a picture of it can step without asking again.

    The grid is the padded input, and what lies beyond it where the last window reaches there. T is the number of
    output cells, OH*OW, in reading order; K is FH*FW.

    Args:
        grid: (GH, GW), with zeros where there is no input.
        is_padding: (GH, GW), True where a cell stands in the padding.
        is_beyond: (GH, GW), True where a cell lies behind the padded input.
        sources: (GH, GW), the flat index of the input cell; -1 where there is none.
        reads: (T, K), the flat indices into the grid of what each window reads.
        holds_maximum: (T, K), True where what is read is the window's maximum; all False for "avg".
        chosen: (T,), the flat index into the grid of the maximum that is found; -1 for "avg".
        sums: (T,), of each window.
        divisors: (T,), what the sum is divided by; all 1 for "max".
        totals: (OH, OW), the output.
        routed: (H, W), the gradient of the sum of the output: what each input cell gets when each output cell sends 1.
    """

    grid: Matrix
    is_padding: NDArray[np.bool_]
    is_beyond: NDArray[np.bool_]
    sources: NDArray[np.int64]
    reads: NDArray[np.int64]
    holds_maximum: NDArray[np.bool_]
    chosen: NDArray[np.int64]
    sums: Matrix
    divisors: NDArray[np.int64]
    totals: Matrix
    routed: Matrix

    @property
    def has_tie(self) -> NDArray[np.bool_]:
        """(T,): whether more than one cell of a window holds its maximum."""
        return self.holds_maximum.sum(axis=1) > 1

    @property
    def gathered(self) -> Matrix:
        """(T, H, W): what the input cells have got once the first 1, 2, ... T output cells have sent back their 1.

        >>> walk(PoolSettings(np.array([[1, 7, 7]]), kernel=(1, 2), stride=1)).gathered.tolist()
        [[[0, 1, 0]], [[0, 2, 0]]]
        """
        sources = self.sources.ravel()[self.reads]
        is_input = sources >= 0
        if self.chosen.min(initial=0) < 0:
            shares = is_input / self.divisors[:, None]
        else:
            shares = (self.reads == self.chosen[:, None]).astype(np.int64)
        steps = np.broadcast_to(np.arange(len(sources))[:, None], sources.shape)
        sent = np.zeros((len(sources), self.routed.size), shares.dtype)
        np.add.at(sent, (steps[is_input], sources[is_input]), shares[is_input])
        return sent.cumsum(axis=0).reshape(-1, *self.routed.shape)


def walk(settings: PoolSettings) -> PoolWalk:
    """Work out every step of a pooling.

    Raises:
        ShapeError: settings that do not go together, or a window that reads nothing but padding.

    >>> steps = walk(PoolSettings(np.array([[1, 7, 7]]), kernel=(1, 2), stride=1))
    >>> steps.reads.tolist(), steps.chosen.tolist(), steps.has_tie.tolist(), steps.routed.tolist()
    ([[0, 1], [1, 2]], [1, 1], [False, True], [[0, 2, 0]])
    """
    totals = settings.output()
    rows, columns = settings.axes
    positions = [axis.positions() for axis in (rows, columns)]
    shape = tuple(max(axis.padded, axis.end) for axis in (rows, columns))
    width = shape[1]
    width_in = settings.input.shape[1]
    inside = tuple(slice(settings.padding, settings.padding + size) for size in settings.input.shape)
    grid = np.zeros(shape, settings.input.dtype)
    grid[inside] = settings.input
    sources = np.full(shape, -1, dtype=np.int64)
    sources[inside] = np.arange(settings.input.size, dtype=np.int64).reshape(settings.input.shape)
    is_beyond = np.ones(shape, dtype=bool)
    is_beyond[: rows.padded, : columns.padded] = False
    # (OH, OW, FH, FW) -> (T, K)
    flat: NDArray[np.int64] = positions[0][:, None, :, None] * width + positions[1][None, :, None, :]
    reads = flat.reshape(totals.size, -1)
    values, is_input = grid.ravel()[reads], sources.ravel()[reads] >= 0
    ones = np.ones((1, *totals.shape), totals.dtype)
    if settings.kind == "max":
        _, found = max_pool2d(settings.input[None], **settings.arguments, return_indices=True)
        found_row, found_column = np.divmod(found.ravel(), width_in)
        chosen = (found_row + settings.padding) * width + found_column + settings.padding
        largest = totals.reshape(-1, 1)
        holds_maximum = is_input & ((values == largest) | (np.isnan(values) & np.isnan(largest)))
        divisors = np.ones(totals.size, dtype=np.int64)
        routed = max_pool2d_grad(ones, settings.input[None], **settings.arguments)[0]
    else:
        chosen = np.full(totals.size, -1, dtype=np.int64)
        holds_maximum = np.zeros(reads.shape, dtype=bool)
        counted = ~is_beyond.ravel()[reads] if settings.count_include_pad else is_input
        divisors = counted.sum(axis=1).astype(np.int64)
        routed = avg_pool2d_grad(ones, settings.input.shape, **settings.arguments)[0]
    return PoolWalk(
        grid=grid,
        is_padding=(sources < 0) & ~is_beyond,
        is_beyond=is_beyond,
        sources=sources,
        reads=reads,
        holds_maximum=holds_maximum,
        chosen=chosen,
        sums=values.sum(axis=1),
        divisors=divisors,
        totals=totals,
        routed=routed,
    )


@dataclass(frozen=True, eq=False)
class ShiftExperiment:
    """What a shift of the input changes in the output, and what it would change without pooling.

    Args:
        shifted: (H, W), the input moved; what comes in at the edge is 0.
        before: (OH, OW), the output of the input as it was.
        after: (OH, OW), the output of the shifted input.
        same: (OH, OW), True where both are equal.
        input_same: (H, W), True where the shifted input equals the input.
    """

    shifted: Matrix
    before: Matrix
    after: Matrix
    same: NDArray[np.bool_]
    input_same: NDArray[np.bool_]

    @property
    def share(self) -> float:
        """Share of the output's cells that the shift leaves as they were."""
        return float(self.same.mean())

    @property
    def input_share(self) -> float:
        """Share of the input's cells that the shift leaves as they were."""
        return float(self.input_same.mean())


def shift_experiment(settings: PoolSettings, down: int = 0, right: int = 1) -> ShiftExperiment:
    """Shift the input by a few pixels and see how much of the pooled output stays the same.

    Args:
        down: rows that the input moves down; up for a negative number.
        right: columns that it moves to the right; to the left for a negative number.

    Raises:
        ShapeError: settings that do not go together.

    >>> seen = shift_experiment(PoolSettings(np.array([[9, 0, 0, 0]]), kernel=(1, 2)))
    >>> seen.shifted.tolist(), seen.share, seen.input_share  # 9 stays in its window, and two of four pixels changed
    ([[0, 9, 0, 0]], 1.0, 0.5)
    """
    shifted = _moved(_moved(settings.input, down, 0), right, 1)
    before, after = settings.output(), replace(settings, input=shifted).output()
    return ShiftExperiment(shifted, before, after, before == after, settings.input == shifted)


def _moved(matrix: Matrix, by: int, axis: int) -> Matrix:
    """The matrix moved along an axis; what comes in is 0."""
    size = matrix.shape[axis]
    moved = np.zeros_like(matrix)
    target, source = np.moveaxis(moved, axis, 0), np.moveaxis(matrix, axis, 0)
    if by >= 0:
        target[min(by, size) :] = source[: max(0, size - by)]
    else:
        target[: max(0, size + by)] = source[min(-by, size) :]
    return moved
