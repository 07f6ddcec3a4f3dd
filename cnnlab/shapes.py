"""Arithmetic of windows along one axis: how many fit, and where they start.

Sources: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning" (2016), and the shape formula
in the documentation of torch.nn.Conv2d.
"""

import operator
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import ShapeError, quoted
from cnnlab.texts import Message, in_a_row, message, plural

LARGEST = 2**31 - 1
"""Of any setting; so that products of two of them are within NumPy's integers."""


def whole_number(name: str, value: object, at_least: int) -> int:
    """Take `value` as an int, and refuse what only looks like one.

    Raises:
        ShapeError: a bool, a float, a word, or a number below `at_least` or beyond `LARGEST`.

    >>> whole_number("stride", np.int64(2), at_least=1)
    2
    """
    # bool is an int to Python; a stride of True is a slip of the pen, not a 1.
    if isinstance(value, bool | np.bool_):
        raise ShapeError(
            "{name} is {value}: use a whole number, {at_least} or more.",
            name=name,
            value="True" if value else "False",
            at_least=at_least,
        )
    try:
        number = operator.index(value)  # pyright: ignore[reportArgumentType]  # the TypeError is the answer
    except TypeError:
        raise ShapeError(
            "{name} is {value}: use a whole number, {at_least} or more.",
            name=name,
            value=quoted(value),
            at_least=at_least,
        ) from None
    if number < at_least:
        raise ShapeError(
            "{name} is {number}: use {at_least} or more.", name=name, number=quoted(number), at_least=at_least
        )
    if number > LARGEST:
        raise ShapeError("{name} is {number}: use {most:,} or less.", name=name, number=quoted(number), most=LARGEST)
    return number


def true_or_false(name: str, value: object) -> bool:
    """Take `value` as a bool, and refuse what Python would merely count as one: "no" counts as True.

    Raises:
        ShapeError: anything but True and False.
    """
    if isinstance(value, bool | np.bool_):
        return bool(cast("bool", value))
    raise ShapeError("{name} is {value}: use True or False.", name=name, value=quoted(value))


@dataclass(frozen=True)
class AxisWindows:
    """The positions of one kernel along one axis; `windows` makes it from checked numbers.

    Args:
        size: pixels of the axis, without padding.
        kernel_size: cells that one window reads.
        stride: pixels from one window's start to the next.
        padding: pixels added (before, after) the axis.
        dilation: pixels from one cell of a window to the next; 1 is a kernel without holes.
        ceil: whether the last window may reach beyond the padded axis, as the poolings' `ceil_mode` allows.
    """

    size: int
    kernel_size: int
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    dilation: int = 1
    ceil: bool = False

    @property
    def extent(self) -> int:
        """Pixels from the first to the last cell of a window, both included.

        >>> windows(28, 3, dilation=2).extent  # 2*(3 - 1) + 1
        5
        """
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def padded(self) -> int:
        """Pixels of the axis with its padding."""
        return self.size + sum(self.padding)

    @property
    def count(self) -> int:
        """Windows along the axis, which is the size of the output; 0 where not even one fits.

        >>> windows(5, 2, stride=2).count, windows(5, 2, stride=2, ceil_mode=True).count  # floor and ceil of 3/2, + 1
        (2, 3)
        """
        room = self.padded - self.extent
        if not self.ceil:
            return max(0, room // self.stride + 1)
        steps = -(-room // self.stride)
        # torch's rule: a window that would start in the padding after the axis has nothing to see and is left out.
        if steps * self.stride >= self.padding[0] + self.size:
            steps -= 1
        return max(0, steps + 1)

    @property
    def starts(self) -> range:
        """First pixel of every window, in padded coordinates.

        >>> list(windows(7, 3, stride=2).starts)
        [0, 2, 4]
        """
        return range(0, self.count * self.stride, self.stride)

    @property
    def dropped(self) -> int:
        """Pixels at the end of the padded axis that the floor leaves out: no window spans them.

        >>> windows(8, 3, stride=2).dropped  # windows start at 0, 2, 4; the last spans 4 to 6, and 7 is left
        1
        """
        return max(0, self.padded - self.end)

    @property
    def end(self) -> int:
        """The first pixel behind the last window, in padded coordinates; beyond `padded` only with `ceil`."""
        return (self.count - 1) * self.stride + self.extent if self.count else 0

    def positions(self) -> NDArray[np.int64]:
        """Pixels that each window reads, in padded coordinates: shape (count, kernel_size).

        >>> windows(5, 2, stride=2, dilation=2).positions().tolist()
        [[0, 2], [2, 4]]
        """
        return np.array(self.starts, dtype=np.int64)[:, None] + self.dilation * np.arange(self.kernel_size)

    def visits(self) -> NDArray[np.int64]:
        """Count for every pixel of the padded axis the windows that read it: shape (padded,).

        >>> windows(5, 3).visits().tolist()
        [1, 2, 3, 2, 1]
        >>> windows(4, 3, stride=2).visits().tolist()  # one window, and the last pixel is dropped
        [1, 1, 1, 0]
        """
        # With `ceil` the last window may read beyond the axis, where there is nothing to count.
        return np.bincount(self.positions().ravel(), minlength=self.padded)[: self.padded].astype(np.int64)


def windows(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> AxisWindows:
    """Place a kernel along an axis of `size` pixels; `padding` is one number for both ends or (before, after).

    Raises:
        ShapeError: a number is out of its range, or not even one window fits.

    >>> windows(5, 3, stride=2, padding=1).starts
    range(0, 6, 2)
    """
    ends = padding if isinstance(padding, tuple) else (padding, padding)
    if len(ends) != 2:
        raise ShapeError(
            "padding is {padding}: use one whole number or 2 of them, (before, after).", padding=quoted(padding)
        )
    axis = AxisWindows(
        whole_number("size", size, 1),
        whole_number("kernel_size", kernel_size, 1),
        whole_number("stride", stride, 1),
        (whole_number("padding", ends[0], 0), whole_number("padding", ends[1], 0)),
        whole_number("dilation", dilation, 1),
        true_or_false("ceil_mode", ceil_mode),
    )
    if not axis.count:
        raise ShapeError(in_a_row(_no_place(axis), ways_out(axis.dilation, padding_needed(axis))))
    return axis


def _no_place(axis: AxisWindows) -> Message:
    """Say that a kernel does not fit."""
    padding = axis.padding[0] if axis.padding[0] == axis.padding[1] else axis.padding
    if axis.dilation > 1:
        return plural(
            "A kernel of {kernel} with dilation {dilation} ({extent} wide) does not fit into {n} pixel with padding "
            "{padding}.",
            "A kernel of {kernel} with dilation {dilation} ({extent} wide) does not fit into {n} pixels with padding "
            "{padding}.",
            n=axis.size,
            kernel=axis.kernel_size,
            dilation=axis.dilation,
            extent=axis.extent,
            padding=padding,
        )
    return plural(
        "A kernel of {kernel} does not fit into {n} pixel with padding {padding}.",
        "A kernel of {kernel} does not fit into {n} pixels with padding {padding}.",
        n=axis.size,
        kernel=axis.kernel_size,
        padding=padding,
    )


def padding_needed(axis: AxisWindows) -> int:
    """Smallest padding on both ends with which at least one window fits.

    >>> padding_needed(AxisWindows(size=3, kernel_size=6))  # 3 + 2*2 >= 6
    2
    """
    allowed_overhang = axis.stride - 1 if axis.ceil else 0
    return max(0, -(-(axis.extent - allowed_overhang - axis.size) // 2))


def ways_out(dilation: int, padding: int | None) -> Message:
    """Say what helps when a kernel does not fit; `padding` is what would suffice, None where none is allowed to."""
    match padding is not None, dilation > 1:
        case True, True:
            return message("Use padding >= {padding}, a smaller kernel or a smaller dilation.", padding=padding)
        case True, False:
            return message("Use padding >= {padding} or a smaller kernel.", padding=padding)
        case False, True:
            return message("Use a smaller kernel or a smaller dilation.")
        case _:
            return message("Use a smaller kernel.")


def output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1, ceil_mode: bool = False
) -> int:
    """Count the positions of a window along an axis of `size` pixels.

    It is floor((size + 2*padding - dilation*(kernel_size - 1) - 1) / stride) + 1 (Dumoulin and Visin 2016; the
    documentation of torch.nn.Conv2d). With `ceil_mode`, as the poolings know it, the division rounds up, and a last
    window that would start behind the input is left out.

    Raises:
        ShapeError: a number is out of its range, or the window is wider than the padded axis.

    >>> output_size(28, 3, stride=2, padding=1)  # floor((28 + 2*1 - 3) / 2) + 1
    14
    """
    return windows(size, kernel_size, stride, whole_number("padding", padding, 0), dilation, ceil_mode).count


def same_padding(kernel_size: int, dilation: int = 1) -> tuple[int, int]:
    """Pixels (before, after) that keep the size of an axis at stride 1; the odd one goes after, as in torch.

    >>> same_padding(3), same_padding(4), same_padding(3, dilation=2)
    ((1, 1), (1, 2), (2, 2))
    """
    total = full_padding(kernel_size, dilation)
    return total // 2, total - total // 2


def full_padding(kernel_size: int, dilation: int = 1) -> int:
    """Pixels on both ends with which every partial overlap counts: the output grows by as much as "valid" shrinks it.

    >>> output_size(5, 3, padding=full_padding(3))  # 5 + 2*2 - 3 + 1
    7
    """
    return whole_number("dilation", dilation, 1) * (whole_number("kernel_size", kernel_size, 1) - 1)


@dataclass(frozen=True)
class Change:
    """One setting changed so that at least one window fits, the others left as they are."""

    name: Literal["padding", "kernel_size", "dilation", "size"]
    value: int


def nearest_working(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1, ceil_mode: bool = False
) -> tuple[Change, ...]:
    """List the smallest changes of one setting each that make a kernel fit; empty where it fits already.

    Raises:
        ShapeError: a number is out of its range, which no other number helps.

    >>> for change in nearest_working(size=3, kernel_size=5):  # 3 + 2*1 >= 5, 3 >= 3, 5 >= 5
    ...     print(change.name, change.value)
    padding 1
    kernel_size 3
    size 5
    >>> nearest_working(size=5, kernel_size=3, dilation=3)[2]  # 2*(3 - 1) + 1 = 5 fits
    Change(name='dilation', value=2)
    """
    axis = AxisWindows(
        whole_number("size", size, 1),
        whole_number("kernel_size", kernel_size, 1),
        whole_number("stride", stride, 1),
        (whole_number("padding", padding, 0), whole_number("padding", padding, 0)),
        whole_number("dilation", dilation, 1),
        true_or_false("ceil_mode", ceil_mode),
    )
    if axis.count:
        return ()
    room = axis.padded + (axis.stride - 1 if axis.ceil else 0)
    changes = [
        Change("padding", padding_needed(axis)),
        Change("kernel_size", (room - 1) // axis.dilation + 1),
    ]
    # A kernel of more cells than there is room for does not fit at any dilation.
    if axis.kernel_size <= room and axis.dilation > 1:
        changes.append(Change("dilation", (room - 1) // (axis.kernel_size - 1)))
    changes.append(Change("size", axis.size + axis.extent - room))
    return tuple(changes)
