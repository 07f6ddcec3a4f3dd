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
from cnnlab.lessons.receptive_field.stack import (
    LIMITS,
    MAX_LAYERS,
    MAX_SIZE,
    SETTING_NAMES,
    Kind,
    Stack,
    StackLayer,
)
from cnnlab.texts import Message, message


@dataclass(frozen=True)
class Shown:
    """What the page can show of a network.

    Args:
        stack: its layers with windows, up to the first that cannot be shown.
        remarks: sentences about what is left out or shown otherwise.
    """

    stack: Stack
    remarks: tuple[Message, ...]


def stack_of(layers: Sequence[Layer], input_shape: Shape) -> Shown:
    """Take what the receptive-field page can show of a network: the first eight square windows on a square input.

    Layers without a window leave the receptive field as it is and are passed over; at Flatten or Linear it ends.

    >>> from cnnlab.lessons.receptive_field.stack import format_layers
    >>> from cnnlab.networks import lenet5
    >>> format_layers(stack_of(lenet5().layers, (3, 32, 32)).stack.layers)
    'c5,p2,c5,p2,c5'
    """
    remarks: list[Message] = []
    found: list[StackLayer] = []
    for number, layer in enumerate(layers, start=1):
        if isinstance(layer, Flatten | Linear):
            break
        if layer.step(MAX_SIZE, 0) is None:
            continue
        if not isinstance(layer, WindowLayer):
            remarks.append(
                message(
                    "Receptive field ends before layer {number} ({layer}): it shows only convolutions and poolings.",
                    number=number,
                    layer=str(layer),
                )
            )
            break
        if len(found) == MAX_LAYERS:
            remarks.append(
                message(
                    "Receptive field ends before layer {number}: it shows {most} layers with windows.",
                    number=number,
                    most=MAX_LAYERS,
                )
            )
            break
        if (remark := _cannot(layer, number)) is not None:
            remarks.append(remark)
            break
        found.append(_stack_layer(layer))
    size = _size(input_shape, remarks)
    return Shown(Stack(size, tuple(found)), tuple(remarks))


def _cannot(layer: WindowLayer, number: int) -> Message | None:
    """Why a layer, counted from 1, cannot be shown; None where it can."""
    which = {"number": number, "layer": str(layer)}
    height, width = layer.window(0), layer.window(1)
    if height != width:
        return message("Receptive field ends before layer {number} ({layer}): it shows only square windows.", **which)
    if height.ceil_mode:
        return message("Receptive field ends before layer {number} ({layer}): it has no ceil_mode.", **which)
    if height.padding[0] != height.padding[1]:
        return message(
            "Receptive field ends before layer {number} ({layer}), whose padding differs at both ends.", **which
        )
    for name, value in _settings(height).items():
        low, high = LIMITS[name]
        if not low <= value <= high:
            return message(
                "Receptive field ends before layer {number} ({layer}): its {setting} goes from {low} to {high} only.",
                **which,
                setting=SETTING_NAMES[name],
                low=low,
                high=high,
            )
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


def _size(input_shape: Shape, remarks: list[Message]) -> int:
    """Pixels of a square input that stands for this one."""
    if len(input_shape) != 3:
        remarks.append(message("The input is a row of features, which has no pixels."))
        return 1
    height, width = input_shape[1:]
    size = min(height, width, MAX_SIZE)
    if (height, width) != (size, size):
        remarks.append(
            message(
                "Receptive field shows it on {size} × {size} pixels, not on the {sizes} of this network.",
                size=size,
                sizes=format_shape((height, width)),
            )
        )
    return size
