"""What PyTorch says of shapes that do not fit, in the words of PyTorch 2.14."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cnnlab.layers.shapes import Shape


def no_map(name: str, batch: int, shape: Shape) -> str:
    size = listed((batch, *shape))
    return f"Expected 3D (unbatched) or 4D (batched) input to {name}, but got input of size: {size}"


def other_features(batch: int, shape: Shape, weights: Sequence[int]) -> str:
    *rows, width = shape
    shapes = f"{batch * math.prod(rows)}x{width} and {by(weights, 'x')}"
    return f"mat1 and mat2 shapes cannot be multiplied ({shapes})"


def other_channels(given: str, kernels: Sequence[int], size: Sequence[int], wanted: int) -> str:
    return (
        f"Given {given}, weight of size {listed(kernels)}, expected input{listed(size)} to have {wanted} channels, "
        f"but got {size[1]} channels instead"
    )


def kernel_too_large(padded: Sequence[int], extents: Sequence[int]) -> str:
    return (
        f"Calculated padded input size per channel: ({by(padded)}). Kernel size: ({by(extents)}). "
        "Kernel size can't be greater than actual input size"
    )


def output_too_small(before: Sequence[int], after: Sequence[int]) -> str:
    sizes = f"Given input size: ({by(before, 'x')}). Calculated output size: ({by(after, 'x')})."
    return f"{sizes} Output size is too small"


def no_axis(axis: int, axes: int) -> str:
    return f"Dimension out of range (expected to be in range of [{-axes}, {axes - 1}], but got {axis})"


def by(sizes: Sequence[int], between: str = " x ") -> str:
    return between.join(map(str, sizes))


def listed(sizes: Sequence[int]) -> str:
    return f"[{', '.join(map(str, sizes))}]"
