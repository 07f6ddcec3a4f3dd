"""A small picture with a hole on its way through the layers of the two inpainting presets, without any training.

Each kernel takes the mean of those pixels under it that are known, and what it gives is known from then on. A network
that has learned finds better ones; what matters here is what becomes of the size.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cnnlab import lecture
from cnnlab.data.images import to_grey
from cnnlab.data.photographs import photograph
from cnnlab.ops import avg_pool2d, conv2d

HOLE = (14, 20)
"""First row and column of the hole, and the one behind its last: so wide that three kernels of 3x3 close it."""
LAYERS = 3
_LEFT, _TOP, _TILE = 130, 60, 7
"""A part of the photograph that is made as small as the lecture's pictures: a tile of pixels becomes one."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Way:
    """What the layers make of the picture.

    Args:
        pictures: (H, W) each: with the hole, and after each layer.
        filled: the picture with what came out laid into the hole; None where that has another size.
    """

    pictures: tuple[Picture, ...]
    filled: Picture | None


@cache
def with_hole() -> tuple[Picture, NDArray[np.bool_]]:
    """The picture, black where it has its hole, and which of its pixels are known."""
    size = lecture.INPAINTING_INPUT[1]
    rows, columns = (slice(start, start + size * _TILE) for start in (_TOP, _LEFT))
    small = avg_pool2d(to_grey(photograph("chelsea")[:, rows, columns]).astype(float), _TILE)[0]
    known = np.ones((size, size), dtype=bool)
    known[slice(*HOLE), slice(*HOLE)] = False
    return np.where(known, np.rint(small), 0).astype(np.uint8), known


@cache
def through(padding: int) -> Way:
    """Send the picture through three kernels of 3x3.

    >>> [picture.shape[0] for picture in through(0).pictures], through(0).filled is None
    ([32, 30, 28, 26], True)
    >>> [picture.shape[0] for picture in through(1).pictures], through(1).filled.shape
    ([32, 32, 32, 32], (32, 32))
    """
    picture, is_known = with_hole()
    ones = np.ones((1, 1, lecture.INPAINTING_KERNEL, lecture.INPAINTING_KERNEL))
    x, known = picture[None].astype(float), is_known[None].astype(float)
    pictures = [picture]
    for _ in range(LAYERS):
        total, count = conv2d(x * known, ones, padding=padding), conv2d(known, ones, padding=padding)
        x, known = total / np.maximum(count, 1), (count > 0).astype(float)
        pictures.append(np.rint(x[0]).astype(np.uint8))
    last = pictures[-1]
    filled = np.where(is_known, picture, last) if last.shape == picture.shape else None
    return Way(tuple(pictures), filled)
