"""What PyTorch says when a layer cannot take what comes, so that a learner recognises the message.

The wording is that of PyTorch 2.14, and the tests compare it with the installed one. Only what can be worked out from
shapes alone is here; for anything else there is no message to show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from cnnlab.layers import Conv2d, ConvTranspose2d, Layer, Linear, Shape


def torch_says(layer: Layer, input_shape: Shape, batch: int = 1) -> str | None:
    """Write PyTorch's message for a layer and the shape that comes, or None where there is none or it is not known.

    >>> from cnnlab.layers import Linear
    >>> torch_says(Linear(400, 120), (256,), batch=64)
    'mat1 and mat2 shapes cannot be multiplied (64x256 and 400x120)'
    """
    match layer:
        case Linear():
            # Each row of a map would be weighed by itself.
            *rows, width = input_shape
            if width == layer.in_features:
                return None
            shapes = f"{batch * math.prod(rows)}x{width} and {layer.in_features}x{layer.out_features}"
            return f"mat1 and mat2 shapes cannot be multiplied ({shapes})"
        case Conv2d() | ConvTranspose2d():
            return _convolution(layer, input_shape, batch)
        case _:
            return None


def _convolution(layer: Conv2d | ConvTranspose2d, input_shape: Shape, batch: int) -> str | None:
    is_transposed = isinstance(layer, ConvTranspose2d)
    if len(input_shape) != 3:
        name = "conv_transpose2d" if is_transposed else "conv2d"
        size = _sizes((batch, *input_shape))
        return f"Expected 3D (unbatched) or 4D (batched) input to {name}, but got input of size: {size}"
    channels, *sides = input_shape
    if channels == layer.in_channels or (isinstance(layer, Conv2d) and layer.padding_mode != "zeros"):
        return None
    rows, columns = layer.kernel_size if isinstance(layer.kernel_size, tuple) else (layer.kernel_size,) * 2
    if is_transposed:
        kernels = (layer.in_channels, layer.out_channels // layer.groups, rows, columns)
        given = "transposed=1"
    else:
        kernels = (layer.out_channels, layer.in_channels // layer.groups, rows, columns)
        given = f"groups={layer.groups}"
    size = _sizes((batch, channels, *sides))
    return (
        f"Given {given}, weight of size {_sizes(kernels)}, expected input{size} to have {layer.in_channels} channels, "
        f"but got {channels} channels instead"
    )


def _sizes(shape: Sequence[int]) -> str:
    return f"[{', '.join(map(str, shape))}]"
