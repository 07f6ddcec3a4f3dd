"""The layers of any network as far as the receptive-field page can show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from cnnlab.layers import (
    Flatten,
    Layer,
    Linear,
    Shape,
    Window,
    WindowLayer,
    format_shape,
)
from cnnlab.lessons.receptive_field.stack import LIMITS, MAX_LAYERS, MAX_SIZE, Kind, Stack, StackLayer


@dataclass(frozen=True)
class Shown:
    """What the page can show of a network.

    Args:
        stack: its layers with windows, up to the first that cannot be shown.
        remarks: sentences about what is left out or shown otherwise.
    """

    stack: Stack
    remarks: tuple[str, ...]


def stack_of(layers: Sequence[Layer], input_shape: Shape) -> Shown:
    """Take what the receptive-field page can show of a network: the first eight square windows on a square input.

    Layers without a window leave the receptive field as it is and are passed over; at Flatten or Linear it ends.

    >>> from cnnlab.lessons.receptive_field.stack import format_layers
    >>> from cnnlab.networks import lenet5
    >>> format_layers(stack_of(lenet5().layers, (3, 32, 32)).stack.layers)
    'c5,p2,c5,p2,c5'
    """
    remarks: list[str] = []
    found: list[StackLayer] = []
    for number, layer in enumerate(layers, start=1):
        if isinstance(layer, Flatten | Linear):
            break
        if layer.step(MAX_SIZE, 0) is None:
            continue
        if not isinstance(layer, WindowLayer):
            remarks.append(f"It ends before layer {number} ({layer}): the page shows convolutions and poolings only.")
            break
        if len(found) == MAX_LAYERS:
            remarks.append(f"It ends before layer {number}: the page shows {MAX_LAYERS} layers with windows.")
            break
        reason = _cannot(layer)
        if reason:
            remarks.append(f"It ends before layer {number} ({layer}): {reason}.")
            break
        found.append(_stack_layer(layer))
    size = _size(input_shape, remarks)
    return Shown(Stack(size, tuple(found)), tuple(remarks))


def _cannot(layer: WindowLayer) -> str | None:
    """Why a layer cannot be shown; None where it can."""
    height, width = layer.window(0), layer.window(1)
    if height != width:
        return "the page shows square windows only"
    if height.ceil_mode:
        return "the page has no ceil_mode"
    if height.padding[0] != height.padding[1]:
        return "its padding differs at both ends"
    for name, value in _settings(height).items():
        low, high = LIMITS[name]
        if not low <= value <= high:
            return f"the page shows a {name} from {low} to {high}"
    return None


def _stack_layer(layer: WindowLayer) -> StackLayer:
    kind: Kind = "conv" if layer.has_kernels else "pool"
    return StackLayer(kind, **_settings(layer.window(0)))


def _settings(window: Window) -> dict[str, int]:
    return {
        "kernel": window.kernel_size,
        "stride": window.stride,
        "padding": window.padding[0],
        "dilation": window.dilation,
    }


def _size(input_shape: Shape, remarks: list[str]) -> int:
    """Pixels of a square input that stands for this one."""
    if len(input_shape) != 3:
        remarks.append("The input is a row of features, which has no pixels.")
        return 1
    height, width = input_shape[1:]
    size = min(height, width, MAX_SIZE)
    if (height, width) != (size, size):
        remarks.append(
            f"Shown on {size} × {size} pixels instead of the {format_shape((height, width))} of this network."
        )
    return size
