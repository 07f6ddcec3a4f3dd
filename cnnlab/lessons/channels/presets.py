"""Named layers of the channels page.

Source: the structure of "two_kernels" (5x5x3, padding 1, two 3x3x3 kernels, stride 2, biases 1 and 0) is that of the
demo in the notes of Stanford's CS231n on convolutional networks; the numbers are our own, drawn with a seed.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from cnnlab import lecture
from cnnlab.lessons.channels.settings import MAX_CHANNELS, MAX_INPUT, MAX_KERNEL, MAX_KERNELS, ChannelSettings
from cnnlab.number_text import Matrix
from cnnlab.presets import Preset
from cnnlab.texts import message

SEED = 231


def _read_only(array: Matrix) -> Matrix:
    array.flags.writeable = False
    return array


def _matrix(rows: Sequence[object]) -> Matrix:
    return _read_only(np.array(rows))


def random_input(seed: int, shape: tuple[int, int, int]) -> Matrix:
    """Draw an input of shape (C, H, W) from 0, 1 and 2; the same seed gives the same numbers.

    >>> random_input(7, (1, 1, 3)).tolist() == random_input(7, (1, 1, 3)).tolist()
    True
    """
    return _read_only(np.random.default_rng((seed, 0)).integers(0, 3, shape))


def random_kernels(seed: int, shape: tuple[int, int, int, int]) -> Matrix:
    """Draw kernels of shape (O, D, FH, FW) from -1, 0 and 1; not from the numbers that `random_input` takes.

    >>> random_kernels(7, (1, 1, 1, 2)).shape
    (1, 1, 1, 2)
    """
    return _read_only(np.random.default_rng((seed, 1)).integers(-1, 2, shape))


SPARE_INPUT = random_input(SEED + 1, (MAX_CHANNELS, MAX_INPUT, MAX_INPUT))
SPARE_KERNELS = random_kernels(SEED + 1, (MAX_KERNELS, MAX_CHANNELS, MAX_KERNEL, MAX_KERNEL))
"""What a new channel, a new kernel, a larger grid holds before anything is typed."""

_RED_AND_GREEN = [
    [[9, 9, 0, 0], [9, 9, 0, 0], [0, 0, 0, 0], [0, 0, 5, 5]],
    [[0, 0, 9, 9], [0, 0, 9, 9], [0, 0, 0, 0], [0, 0, 5, 5]],
    [[0, 0, 0, 0], [0, 0, 0, 0], [9, 9, 0, 0], [9, 9, 5, 5]],
]

_RGB_INPUT, _RGB_KERNEL = random_input(4, (3, 4, 4)), random_kernels(4, (1, 3, 3, 3))

PRESETS: Mapping[str, Preset[ChannelSettings]] = MappingProxyType(
    {
        "two_kernels": Preset(
            message("Two kernels, stride 2"),
            message(
                "Each kernel has a slice for every channel. The three sums and the bias make one cell, so two kernels"
                " make two maps, however many channels there are."
            ),
            ChannelSettings(
                random_input(SEED, (3, 5, 5)), random_kernels(SEED, (2, 3, 3, 3)), _matrix([1, 0]), stride=2, padding=1
            ),
        ),
        "why_2d": Preset(
            message("Why it is called 2D"),
            message("The kernel moves along two axes, down and across, so its output has two: the 2D of Conv2d."),
            ChannelSettings(lecture.INPUT[None], lecture.KERNEL[None, None], _matrix([0])),
        ),
        "one_map": Preset(
            message("One kernel, one map"),
            message("Three channels, a kernel of three slices: no room to move in depth, and one map comes out."),
            ChannelSettings(_RGB_INPUT, _RGB_KERNEL, _matrix([0])),
        ),
        "two_slices": Preset(
            message("A kernel of two slices"),
            message(
                "Three channels, a kernel of two slices: it has two places in depth, and the output is 3D, with two"
                " slices."
            ),
            ChannelSettings(_RGB_INPUT, _read_only(_RGB_KERNEL[:, :2].copy()), _matrix([0])),
        ),
        "thin": Preset(
            message("A thinner kernel"),
            message(
                "A kernel of two slices has three places among four channels, so it slides in depth as well, and what"
                " comes out is a volume of three slices. Set the depth to 4: one map is left."
            ),
            ChannelSettings(random_input(5, (4, 4, 4)), random_kernels(5, (1, 2, 3, 3)), _matrix([0])),
        ),
        "pointwise": Preset(
            message("1 × 1 kernels"),
            message(
                "One weight for each channel. The first kernel subtracts green from red and finds what is red but not"
                " green; the second one is the mean of the channels, a grey picture."
            ),
            ChannelSettings(
                _matrix(_RED_AND_GREEN),
                _read_only(np.array([[[[1.0]], [[-1.0]], [[0.0]]], [[[1 / 3]], [[1 / 3]], [[1 / 3]]]])),
                _matrix([0, 0]),
            ),
        ),
        "groups": Preset(
            message("Two groups"),
            message(
                "Kernels 1 and 2 see channels 1 and 2, kernels 3 and 4 the other two: half the weights, half the"
                " products, and nothing passes from one group to the other."
            ),
            ChannelSettings(
                random_input(6, (4, 4, 4)), random_kernels(6, (4, 2, 3, 3)), _matrix([0, 0, 0, 0]), groups=2
            ),
        ),
        "depthwise": Preset(
            message("Depthwise"),
            message(
                "As many groups as channels: one slice for each channel, and the channels are never added up. A 1 × 1"
                " convolution usually follows and mixes them."
            ),
            ChannelSettings(random_input(9, (3, 4, 4)), random_kernels(9, (3, 1, 3, 3)), _matrix([0, 0, 0]), groups=3),
        ),
    }
)
"""The presets by the word that names them, in the order of the menu."""

ABOUT_DEPTH = ("why_2d", "one_map", "two_slices")
"""Presets that are there for one sentence, which is said beside the player, where it is always in sight."""

DEFAULT = PRESETS["two_kernels"].settings
"""What the page opens with."""


def random_like(seed: int, settings: ChannelSettings) -> ChannelSettings:
    """Draw other numbers for a layer; biases become 0."""
    return ChannelSettings(
        random_input(seed, settings.input.shape),
        random_kernels(seed, settings.kernels.shape),
        _read_only(np.zeros(settings.outputs, dtype=np.int64)),
        settings.stride,
        settings.padding,
        settings.groups,
    )


DEFAULT_PIXELS = _matrix([[[10, 20, 30], [40, 50, 60]], [[11, 21, 31], [41, 51, 61]], [[12, 22, 32], [42, 52, 62]]])
"""(3, 2, 3), the tiny picture of the part on memory: a number's last digit is its channel."""
