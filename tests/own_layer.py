"""A layer type that the lab does not know, all of it in one class: PyTorch's PixelUnshuffle."""
# ruff: noqa: ARG002  (all answer alike)

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from cnnlab.layers import Kind, Layer, Mismatch, Remedy, SetTo, Shape, Window, between
from cnnlab.layers.checks import map_shape
from cnnlab.layers.mismatch import OPEN
from cnnlab.ops.arguments import Array
from cnnlab.texts import Message, message


@dataclass(frozen=True, repr=False)
class PixelUnshuffle(Layer):
    """Cut a map into blocks, and make a channel of each of their cells: (C, H, W) -> (C×F×F, H/F, W/F)."""

    about = message("Cut a map into blocks, and make a channel of each of their cells.")
    word = message("unshuffle")
    member = "blocks"

    downscale_factor: int = field(metadata=between(1, 9, about=message("Rows and columns of a block.")))

    def output_shape(self, input_shape: Shape) -> Shape:
        channels, height, width = map_shape(self, input_shape)
        factor = self.downscale_factor
        for size in (height, width):
            if size % factor:
                raise Mismatch(
                    message(
                        "{layer} needs sides that {factor} divides but gets {size}: use a downscale_factor of 1.",
                        layer=self.name,
                        factor=factor,
                        size=size,
                    ),
                    fact=message(
                        "Layer {number} ({layer}) needs sides that {factor} divides. {gives}",
                        factor=factor,
                        **OPEN,
                    ),
                    setting="downscale_factor",
                    given=size,
                )
        return (channels * factor**2, height // factor, width // factor)

    def size(self, size: int, axis: int) -> int:
        return size // self.downscale_factor

    def step(self, size: int, axis: int) -> Window:
        return Window(self.downscale_factor, self.downscale_factor)

    def compute(self, x: Array, weights: Mapping[str, Array]) -> Array:
        count, channels, height, width = x.shape
        factor = self.downscale_factor
        blocks = x.reshape(count, channels, height // factor, factor, width // factor, factor)
        return np.moveaxis(blocks, (3, 5), (2, 3)).reshape(count, -1, height // factor, width // factor)

    def shape_text(self, input_shape: Shape) -> Message:
        return message("height and width: divided by {factor}", factor=self.downscale_factor)

    def remedies(self, mismatch: Mismatch, input_shape: Shape) -> Iterator[Remedy]:
        if mismatch.kind is Kind.OTHER:
            yield SetTo({"downscale_factor": 1})
        yield from super().remedies(mismatch, input_shape)

    def torch_message(self, mismatch: Mismatch, input_shape: Shape, batch: int = 1) -> str | None:
        if mismatch.kind is not Kind.OTHER:
            return None
        height, factor = input_shape[1], self.downscale_factor
        return (
            f"pixel_unshuffle expects height to be divisible by downscale_factor, but input.size(-2)={height} is not "
            f"divisible by {factor}"
        )

    def batch_problem(self, input_shape: Shape, batch: int) -> Message | None:
        return message("It wants batches of 8 or more.") if batch < 8 else None
