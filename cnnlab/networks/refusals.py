"""What PyTorch says when a layer cannot take what comes, so that a learner recognises the message.

The wording is that of PyTorch 2.14, and the tests compare it with the installed one. Where a message cannot be worked
out from the shapes there is none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from cnnlab.errors import ShapeError
from cnnlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm,
    BatchNorm1d,
    Conv2d,
    ConvTranspose2d,
    Layer,
    Linear,
    MaxPool2d,
    Pool2d,
    Shape,
    Softmax,
    Window,
    both,
)


def torch_says(layer: Layer, input_shape: Shape, batch: int = 1) -> str | None:
    """Write PyTorch's message for a layer that cannot take what comes.

    Args:
        input_shape: what comes, of one picture.
        batch: how many pictures come at once.

    Returns:
        None where PyTorch has nothing against it, or where its words are not known.

    >>> torch_says(Linear(400, 120), (256,), batch=64)
    'mat1 and mat2 shapes cannot be multiplied (64x256 and 400x120)'
    """
    try:
        layer.output_shape(input_shape)
    except ShapeError:
        pass
    else:
        return None
    match layer:
        case Linear():
            return _linear(layer, input_shape, batch)
        case Conv2d():
            return _convolution(layer, input_shape, batch)
        case ConvTranspose2d():
            return _transposed(layer, input_shape, batch)
        case Pool2d():
            return _pooling(layer, input_shape)
        case AdaptiveAvgPool2d(output_size=1):
            return None  # PyTorch takes the mean of the whole batch
        case AdaptiveAvgPool2d(output_size=(_, _)):
            return "Input dimension should be at least 3"
        case AdaptiveAvgPool2d():
            return f"adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got {_listed((batch, *input_shape))}"
        case BatchNorm():
            return _normalisation(layer, input_shape)
        case Softmax():
            return _no_axis(layer.dim or 0, len(input_shape) + 1)
        case _:
            return None


def _linear(layer: Linear, input_shape: Shape, batch: int) -> str | None:
    *rows, width = input_shape
    if width == layer.in_features:
        return None  # PyTorch weighs each row of the map by itself
    shapes = f"{batch * math.prod(rows)}x{width} and {layer.in_features}x{layer.out_features}"
    return f"mat1 and mat2 shapes cannot be multiplied ({shapes})"


def _convolution(layer: Conv2d, input_shape: Shape, batch: int) -> str | None:
    if len(input_shape) != 3:
        return _no_map("conv2d", batch, input_shape) if layer.padding_mode == "zeros" else None
    channels, *sides = input_shape
    windows = (layer.window(0), layer.window(1))
    spare = {"reflect": 1, "circular": 0}.get(layer.padding_mode)
    if spare is not None and any(max(w.padding) > side - spare for w, side in zip(windows, sides, strict=True)):
        return None
    padded = [side + sum(window.padding) for side, window in zip(sides, windows, strict=True)]
    if channels != layer.in_channels:
        if layer.padding_mode == "zeros":
            # Zeros are put around by the convolution itself, but for the one that an even kernel has more behind.
            padded = [side + w.padding[1] - w.padding[0] for side, w in zip(sides, windows, strict=True)]
        kernels = (layer.out_channels, layer.in_channels // layer.groups, *(w.kernel_size for w in windows))
        return _other_channels(f"groups={layer.groups}", kernels, (batch, channels, *padded), layer.in_channels)
    extents = [window.dilation * (window.kernel_size - 1) + 1 for window in windows]
    return (
        f"Calculated padded input size per channel: ({_by(padded)}). Kernel size: ({_by(extents)}). "
        "Kernel size can't be greater than actual input size"
    )


def _transposed(layer: ConvTranspose2d, input_shape: Shape, batch: int) -> str | None:
    if len(input_shape) != 3:
        return _no_map("conv_transpose2d", batch, input_shape)
    if input_shape[0] != layer.in_channels:
        kernels = (layer.in_channels, layer.out_channels // layer.groups, *both(layer.kernel_size))
        return _other_channels("transposed=1", kernels, (batch, *input_shape), layer.in_channels)
    return None  # of a rim that is wider than the output each library that does the arithmetic says something else


def _pooling(layer: Pool2d, input_shape: Shape) -> str | None:
    match layer, len(input_shape):
        case MaxPool2d(), 1:
            return "non-empty 3D or 4D (batch mode) tensor expected for input"
        case AvgPool2d(), 1:
            return _no_axis(-3, 2)
        case _:
            channels, *sides = input_shape
            before = "x".join(map(str, input_shape))
            sizes = [_pooled(side, layer.window(axis)) for axis, side in enumerate(sides)]
            after = "x".join(map(str, (channels, *sizes)))
            return f"Given input size: ({before}). Calculated output size: ({after}). Output size is too small"


def _pooled(size: int, window: Window) -> int:
    """What PyTorch computes where no window fits, below 1."""
    padding = window.padding[0]
    room = size + 2 * padding - window.dilation * (window.kernel_size - 1) - 1
    count = (room + (window.stride - 1 if window.ceil_mode else 0)) // window.stride + 1
    return count - int(window.ceil_mode and (count - 1) * window.stride >= size + padding)


def _normalisation(layer: BatchNorm, input_shape: Shape) -> str:
    axes = len(input_shape) + 1
    if isinstance(layer, BatchNorm1d) and axes > 3:
        return f"expected 2D or 3D input (got {axes}D input)"
    if not isinstance(layer, BatchNorm1d) and axes != 4:
        return f"expected 4D input (got {axes}D input)"
    return f"running_mean should contain {input_shape[0]} elements not {layer.num_features}"


def _no_map(name: str, batch: int, shape: Shape) -> str:
    size = _listed((batch, *shape))
    return f"Expected 3D (unbatched) or 4D (batched) input to {name}, but got input of size: {size}"


def _other_channels(given: str, kernels: Sequence[int], size: Sequence[int], wanted: int) -> str:
    return (
        f"Given {given}, weight of size {_listed(kernels)}, expected input{_listed(size)} to have {wanted} channels, "
        f"but got {size[1]} channels instead"
    )


def _no_axis(axis: int, axes: int) -> str:
    return f"Dimension out of range (expected to be in range of [{-axes}, {axes - 1}], but got {axis})"


def _by(sizes: Sequence[int]) -> str:
    return " x ".join(map(str, sizes))


def _listed(sizes: Sequence[int]) -> str:
    return f"[{', '.join(map(str, sizes))}]"
