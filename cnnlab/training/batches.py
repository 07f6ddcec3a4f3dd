"""Labelled pictures that live on the training device as bytes, and become batches of numbers one index at a time."""

# torch leaves parts of its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

CROP_GROUPS = 8


class Pictures:
    """Pictures (N, H, W, C) of bytes with their labels, all of them on one device.

    They stay bytes, a quarter of what float32 would take, and are normalised batch by batch: (value / 255 - mean) / std
    is one multiplication and one addition. Channels come last in memory, which is how the convolutions are fastest.
    """

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        labels: NDArray[np.int64],
        mean: Sequence[float],
        std: Sequence[float],
        device: torch.device,
    ) -> None:
        self.pixels = torch.from_numpy(np.array(pixels.transpose(0, 2, 3, 1), order="C")).to(device, non_blocking=True)
        self.labels = torch.from_numpy(np.array(labels)).to(device, non_blocking=True)
        # A channel that is the same everywhere has no deviation to divide by.
        deviation = np.array([value if value > 1e-6 else 1.0 for value in std])
        shape = tuple(self.pixels.shape[1:])
        # Full pictures, not one number a channel: the product then runs over contiguous memory.
        self._scale = torch.from_numpy(np.full(shape, 1 / (255 * deviation), np.float32)).to(device)
        self._shift = torch.from_numpy(np.full(shape, -np.asarray(mean) / deviation, np.float32)).to(device)

    def __len__(self) -> int:
        return len(self.labels)

    def normalised(self, pixels: Tensor) -> Tensor:
        """Bytes (N, H, W, C) as numbers (N, C, H, W) with mean 0 and deviation 1, channels last in memory."""
        return torch.addcmul(self._shift, pixels.float(), self._scale).permute(0, 3, 1, 2)

    def in_order(self, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """All pictures once, as they lie, as normalised batches with their labels."""
        for start in range(0, len(self), batch_size):
            stop = start + batch_size
            yield self.normalised(self.pixels[start:stop]), self.labels[start:stop]

    def shuffled(
        self, batch_size: int, generator: torch.Generator, *, flip: bool, crop: int
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch of whole batches in a random order, flipped and shifted as asked; a remainder is left out."""
        batches = len(self) // batch_size
        order = torch.randperm(len(self), generator=generator).to(self.pixels.device, non_blocking=True)
        # The order in a batch is random, so flipping its first k, with k drawn as the number of heads in as many tosses
        # of a coin, is the same as tossing a coin for each picture.
        coins = torch.rand(batches, batch_size, generator=generator) < 0.5
        flips: list[int] = coins.sum(1).tolist() if flip else [0] * batches
        for batch, count in enumerate(flips):
            index = order[batch * batch_size : (batch + 1) * batch_size]
            pixels = self.pixels.index_select(0, index)
            if count:
                pixels[:count] = pixels[:count].flip(2)
            if crop:
                pixels = _shifted(pixels, crop, generator)
            yield self.normalised(pixels), self.labels.index_select(0, index)


def _shifted(pixels: Tensor, crop: int, generator: torch.Generator) -> Tensor:
    """Shift pictures by up to `crop` pixels along both axes, with zeros for what comes in.

    The batch is shifted in a few groups, each by its own draw: one gather for each picture would cost more than the
    shift is worth, and the pictures of a group are together by chance alone.
    """
    height, width = pixels.shape[1:3]
    padded = torch.nn.functional.pad(pixels, (0, 0, crop, crop, crop, crop))
    draws: list[list[int]] = torch.randint(0, 2 * crop + 1, (CROP_GROUPS, 2), generator=generator).tolist()
    groups = padded.tensor_split(CROP_GROUPS)
    return torch.cat(
        [group[:, top : top + height, left : left + width] for group, (top, left) in zip(groups, draws, strict=True)]
    )
