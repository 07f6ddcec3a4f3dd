"""The layers a network is made of: one frozen dataclass for each type, and `LAYER_TYPES`, the list of them.

A layer has PyTorch's name and PyTorch's arguments, and answers the same few questions whatever its type: what shape
comes out, how many parameters it learns, how many multiplications it needs, how far its units see.

To add a type: write its class and put it into `LAYER_TYPES`. Each field says in its metadata what it accepts, so
that an editor can build its form, and `str(layer)` the PyTorch source, from the class alone. What it cannot take it
raises as a `Mismatch`; it may also say what would repair that, and what PyTorch says of it, which settings agree, and
what hinders learning where it is the last layer: see `Layer`.

Shapes are those of one picture, without the batch: a map is `(C, H, W)`, a row of features is `(F,)`.
"""

from __future__ import annotations

from cnnlab.layers.base import Layer, WindowLayer
from cnnlab.layers.convolutions import Conv2d, ConvTranspose2d
from cnnlab.layers.fields import Field, View, Window, grow
from cnnlab.layers.mismatch import Become, Kind, LeaveOut, Mismatch, Remedy, SetTo
from cnnlab.layers.poolings import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d, Pool2d
from cnnlab.layers.rules import Between, OneOf, Rule, Switch, between, one_of, switch
from cnnlab.layers.shapes import (
    MAX_CHANNELS,
    MAX_FEATURES,
    MAX_SIZE,
    MAX_WINDOW,
    Pair,
    Shape,
    both,
    format_shape,
    pair,
    short_shape,
    with_times,
)
from cnnlab.layers.windowless import (
    BatchNorm,
    BatchNorm1d,
    BatchNorm2d,
    Dropout,
    Dropout2d,
    Flatten,
    LeakyReLU,
    Linear,
    LogSoftmax,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)

LAYER_TYPES: dict[str, type[Layer]] = {
    layer_type.__name__: layer_type
    for layer_type in (
        Conv2d,
        MaxPool2d,
        AvgPool2d,
        AdaptiveAvgPool2d,
        ConvTranspose2d,
        ReLU,
        LeakyReLU,
        Tanh,
        Sigmoid,
        Softmax,
        LogSoftmax,
        Flatten,
        Linear,
        Dropout,
        Dropout2d,
        BatchNorm2d,
        BatchNorm1d,
    )
}
"""Every layer type by PyTorch's name, in the order in which an editor offers them."""

__all__ = [
    "LAYER_TYPES",
    "MAX_CHANNELS",
    "MAX_FEATURES",
    "MAX_SIZE",
    "MAX_WINDOW",
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BatchNorm",
    "BatchNorm1d",
    "BatchNorm2d",
    "Become",
    "Between",
    "Conv2d",
    "ConvTranspose2d",
    "Dropout",
    "Dropout2d",
    "Field",
    "Flatten",
    "Kind",
    "Layer",
    "LeakyReLU",
    "LeaveOut",
    "Linear",
    "LogSoftmax",
    "MaxPool2d",
    "Mismatch",
    "OneOf",
    "Pair",
    "Pool2d",
    "ReLU",
    "Remedy",
    "Rule",
    "SetTo",
    "Shape",
    "Sigmoid",
    "Softmax",
    "Switch",
    "Tanh",
    "View",
    "Window",
    "WindowLayer",
    "between",
    "both",
    "format_shape",
    "grow",
    "one_of",
    "pair",
    "short_shape",
    "switch",
    "with_times",
]
