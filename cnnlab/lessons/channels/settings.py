"""A convolution over several channels with several kernels, as the channels page sets it up and steps through it.

Three layers in one: a kernel as deep as the input (`torch.nn.Conv2d`), kernels that see a group of the channels each
(`Conv2d` with groups), and a kernel thinner than the input, which slides in depth as well (`torch.nn.Conv3d` on a
volume of one channel).
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cnnlab.errors import ShapeError
from cnnlab.number_text import Matrix
from cnnlab.ops import ConvStep, conv2d, conv2d_step, conv3d, pad
from cnnlab.texts import Message

MAX_CHANNELS = 4
"""Channels that the page's input may have."""

MAX_KERNELS = 4
"""Kernels that it may have."""

MAX_INPUT = 8
"""Rows and columns that its input may have."""

MAX_KERNEL = 3
"""Rows and columns that its kernels may have: with 5 the browser would be handed up to 200 kB at every edit."""

MAX_PADDING = 2
MAX_STRIDE = 4


@dataclass(frozen=True, eq=False)
class ChannelSettings:
    """All that decides the numbers on the channels page.

    Args:
        input: (C, H, W)
        kernels: (O, D, FH, FW), O kernels of D slices.
        biases: (O,)
        groups: the channels fall into this many groups, each seen by its own share of the kernels.
    """

    input: Matrix
    kernels: Matrix
    biases: Matrix
    stride: int = 1
    padding: int = 0
    groups: int = 1

    @property
    def channels(self) -> int:
        """C."""
        return int(self.input.shape[0])

    @property
    def outputs(self) -> int:
        """O, the number of kernels and so of maps."""
        return int(self.kernels.shape[0])

    @property
    def depth(self) -> int:
        """D, the slices of each kernel."""
        return int(self.kernels.shape[1])

    @property
    def slides_in_depth(self) -> bool:
        """Whether the kernels are thinner than the input though they are to see all of it."""
        return self.groups == 1 and self.depth < self.channels

    @property
    def places_in_depth(self) -> int:
        """How many places a kernel has in depth: 1 where it is as deep as the channels that it sees.

        >>> layer = ChannelSettings(np.zeros((4, 3, 3)), np.zeros((1, 2, 3, 3)), np.zeros(1))
        >>> layer.places_in_depth  # 4 - 2 + 1
        3
        """
        return self.channels - self.depth + 1 if self.slides_in_depth else 1

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """The weight tensor's shape in PyTorch: (O, C/groups, FH, FW), and (O, 1, D, FH, FW) of a Conv3d."""
        size: tuple[int, ...] = self.kernels.shape
        return (size[0], 1, *size[1:]) if self.slides_in_depth else size

    @property
    def parameters(self) -> int:
        """Weights, and one bias per kernel.

        >>> ChannelSettings(np.zeros((3, 5, 5)), np.zeros((2, 3, 3, 3)), np.zeros(2)).parameters  # 2 * (3*3*3 + 1)
        56
        """
        return int(self.kernels.size) + self.outputs

    @property
    def parameters_in_words(self) -> str:
        """The count spelled out: kernels * (rows * columns * slices + bias).

        >>> ChannelSettings(np.zeros((3, 5, 5)), np.zeros((2, 3, 3, 3)), np.zeros(2)).parameters_in_words
        '2 * (3*3*3 + 1) = 56'
        """
        outputs, depth, rows, columns = self.kernels.shape
        return f"{outputs} * ({rows}*{columns}*{depth} + 1) = {self.parameters}"

    def channels_of(self, kernel: int, place: int = 0) -> range:
        """The channels that a kernel meets, at a place in depth where it has several.

        >>> layer = ChannelSettings(np.zeros((4, 1, 1)), np.zeros((2, 2, 1, 1)), np.zeros(2), groups=2)
        >>> layer.channels_of(0), layer.channels_of(1)
        (range(0, 2), range(2, 4))
        """
        group = kernel // max(1, self.outputs // self.groups)
        first = place if self.slides_in_depth else group * self.depth
        return range(first, first + self.depth)

    def output(self) -> Matrix:
        """Compute all maps: (O, P, OH, OW), where P is `places_in_depth`.

        Raises:
            ShapeError: settings that do not go together.

        >>> x = np.array([[[1, 2]], [[10, 20]]])
        >>> ChannelSettings(x, np.array([[[[1]], [[1]]]]), np.array([5])).output().tolist()  # 1 + 10 + 5, 2 + 20 + 5
        [[[[16, 27]]]]
        >>> ChannelSettings(x, np.array([[[[3]]]]), np.array([0])).output().tolist()  # slides in depth
        [[[[3, 6]], [[30, 60]]]]
        """
        if self.slides_in_depth:
            stride, padding = (1, self.stride, self.stride), (0, self.padding, self.padding)
            return conv3d(self.input[None], self.kernels[:, None], self.biases, stride, padding)
        maps = conv2d(self.input, self.kernels, self.biases, self.stride, self.padding, groups=self.groups)
        return maps[:, None]

    def cell(self, kernel: int, place: int, row: int, column: int) -> ConvStep:
        """Take one output cell apart: its window in every channel, the sum of each channel, the bias.

        >>> layer = ChannelSettings(np.array([[[1]], [[10]]]), np.array([[[[1]], [[2]]]]), np.array([5]))
        >>> step = layer.cell(0, 0, 0, 0)
        >>> step.partial_sums.tolist(), step.total  # 1*1, 10*2; with the bias 26
        ([1, 20], 26)
        """
        seen = self.channels_of(kernel, place)
        x = self.input[seen.start : seen.stop]
        weight, bias = self.kernels[kernel : kernel + 1], self.biases[kernel : kernel + 1]
        return conv2d_step(x, weight, bias, (0, row, column), self.stride, self.padding)

    def without_depth(self) -> Message | None:
        """What a 2D convolution says to a kernel thinner than the input; None where it has nothing to say."""
        if not self.slides_in_depth:
            return None
        try:
            conv2d(self.input, self.kernels, self.biases, self.stride, self.padding)
        except ShapeError as error:
            return error.message
        return None


@dataclass(frozen=True, eq=False)
class ChannelWalk:
    """All steps at once, so that a picture can step without asking again.

    Args:
        padded: (C, H + 2P, W + 2P)
        reads: (OH * OW, FH * FW), the cells of a padded channel that each window reads, numbered row by row.
        products: (O, P, OH * OW, D * FH * FW)
        parts: (O, P, OH * OW, D), the sum of each channel.
        totals: (O, P, OH, OW)
    """

    padded: Matrix
    reads: NDArray[np.int64]
    products: Matrix
    parts: Matrix
    totals: Matrix

    @property
    def cells(self) -> int:
        """Cells of one map."""
        return len(self.reads)

    def place(self, step: int) -> tuple[int, int, int, int]:
        """Which output cell a step is: (kernel, place in depth, row, column). Steps go map by map."""
        kernel, place, row, column = np.unravel_index(step, self.totals.shape)
        return int(kernel), int(place), int(row), int(column)


def walk(settings: ChannelSettings) -> ChannelWalk:
    """Work out every step.

    Raises:
        ShapeError: settings that do not go together.

    >>> steps = walk(ChannelSettings(np.array([[[1, 2]], [[10, 20]]]), np.array([[[[3]], [[1]]]]), np.array([0])))
    >>> steps.parts.tolist(), steps.totals.tolist()
    ([[[[3, 10], [6, 20]]]], [[[[13, 26]]]])
    """
    totals = settings.output()
    padded = pad(settings.input, settings.padding)
    height, width = padded.shape[1:]
    size = settings.kernels.shape[2:]
    stride = settings.stride
    numbers = np.arange(height * width, dtype=np.int64).reshape(height, width)
    reads = sliding_window_view(numbers, size)[::stride, ::stride].reshape(-1, size[0] * size[1])
    # (C, cells, FH * FW)
    windows = padded.reshape(settings.channels, -1)[:, reads]
    outputs, places = totals.shape[:2]
    kernels = settings.kernels.reshape(outputs, settings.depth, 1, -1)
    by_channel = np.stack(
        [
            np.stack([windows[list(settings.channels_of(kernel, place))] * kernels[kernel] for place in range(places)])
            for kernel in range(outputs)
        ]
    )
    # (O, P, D, cells, FH * FW) -> (O, P, cells, D, FH * FW)
    by_channel = by_channel.swapaxes(2, 3)
    products = by_channel.reshape(outputs, places, len(reads), -1)
    return ChannelWalk(padded, reads, products, by_channel.sum(axis=-1), totals)
