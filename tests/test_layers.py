"""Each layer does to shapes and parameters what PyTorch's layer of that name does, and refuses in words."""

import dataclasses
import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from cnnlab.errors import ShapeError
from cnnlab.layers import (
    LAYER_TYPES,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Between,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Dropout2d,
    Flatten,
    Layer,
    Linear,
    LogSoftmax,
    MaxPool2d,
    ReLU,
    Shape,
    Softmax,
)
from tests.drawn_layers import input_shapes, layers
from tests.templates import unknown_templates

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths"),
    pytest.mark.filterwarnings("ignore:Implicit dimension choice for .*softmax"),
]

MANY_ARE_REFUSED = [HealthCheck.filter_too_much]
"""Many settings that are drawn for a transposed convolution are none, so another draw is taken."""
EACH_TYPE = pytest.mark.parametrize("layer_type", LAYER_TYPES.values(), ids=LAYER_TYPES)


@EACH_TYPE
@given(data=st.data())
@settings(deadline=None, max_examples=100, suppress_health_check=MANY_ARE_REFUSED)
def test_a_layer_makes_of_a_shape_what_pytorch_makes(layer_type: type[Layer], data: st.DataObject) -> None:
    shape = data.draw(input_shapes(layer_type))
    layer = data.draw(layers(layer_type, shape))
    try:
        expected = tuple(layer.to_torch().eval()(torch.zeros(1, *shape)).shape[1:])
    except (RuntimeError, ValueError, IndexError):
        expected = ()
    if not math.prod(expected or (0,)):  # with groups, a transposed convolution may give a map without any pixel
        with pytest.raises(ShapeError):
            layer.output_shape(shape)
    else:
        assert layer.output_shape(shape) == expected


@EACH_TYPE
@given(data=st.data())
@settings(deadline=None, max_examples=50, suppress_health_check=MANY_ARE_REFUSED)
def test_a_layer_tells_of_each_axis_what_it_makes_of_the_map(layer_type: type[Layer], data: st.DataObject) -> None:
    shape = data.draw(input_shapes())
    layer = data.draw(layers(layer_type, shape))
    try:
        after = layer.output_shape(shape)
    except ShapeError:
        return
    if len(after) == 3:
        assert (layer.size(shape[1], 0), layer.size(shape[2], 1)) == after[1:]
    if after[1:] != shape[1:] and layer_type is not Flatten:
        assert layer.step(shape[1], 0) is not None
        assert layer.step(shape[2], 1) is not None


@EACH_TYPE
@given(data=st.data())
@settings(deadline=None, max_examples=30, suppress_health_check=MANY_ARE_REFUSED)
def test_a_layer_learns_as_many_numbers_as_pytorchs(layer_type: type[Layer], data: st.DataObject) -> None:
    shape = data.draw(input_shapes(layer_type))
    layer = data.draw(layers(layer_type, shape))
    assert layer.num_params(shape) == sum(parameter.numel() for parameter in layer.to_torch().parameters())


@EACH_TYPE
@given(data=st.data())
@settings(deadline=None, max_examples=50)
def test_the_source_of_a_layer_makes_it_again_here_and_in_pytorch(layer_type: type[Layer], data: st.DataObject) -> None:
    layer = data.draw(layers(layer_type))
    assert eval(str(layer), dict(LAYER_TYPES)) == layer
    assert repr(eval(f"nn.{layer}", {"nn": nn})) == repr(layer.to_torch())


@EACH_TYPE
def test_every_field_says_what_it_is_and_what_it_accepts(layer_type: type[Layer]) -> None:
    assert layer_type.__doc__
    assert not layer_type.__doc__.startswith(f"{layer_type.__name__}("), "the docstring is only the dataclass's own"
    assert all(rule.about for rule in layer_type.rules().values())
    assert layer_type.about


@EACH_TYPE
def test_every_field_refuses_what_is_of_another_kind(layer_type: type[Layer]) -> None:
    sound = {entry.name: 1 for entry in dataclasses.fields(layer_type) if entry.default is dataclasses.MISSING}
    for name in layer_type.rules():
        with pytest.raises(ShapeError, match=rf"{layer_type.__name__}'s {name} must be .*, not \['much'\]"):
            layer_type(**sound | {name: ["much"]})


def test_an_equal_pair_is_the_number_that_it_is() -> None:
    assert Conv2d(3, 6, kernel_size=(5, 5)) == Conv2d(3, 6, kernel_size=5)
    assert hash(Conv2d(3, 6, kernel_size=(5, 5))) == hash(Conv2d(3, 6, kernel_size=5))


def test_numbers_of_numpy_become_plain_ones() -> None:
    layer = Conv2d(3, 6, kernel_size=np.int64(5))  # pyright: ignore[reportArgumentType]
    assert type(layer.kernel_size) is int


def test_the_source_leaves_out_what_pytorch_assumes_anyway() -> None:
    assert str(Conv2d(3, 6, kernel_size=5, stride=1)) == "Conv2d(3, 6, kernel_size=5)"
    assert str(Conv2d(3, 6, kernel_size=(3, 5), padding="same")) == "Conv2d(3, 6, kernel_size=(3, 5), padding='same')"
    assert str(MaxPool2d(kernel_size=2, stride=2)) == "MaxPool2d(kernel_size=2, stride=2)"
    assert str(Linear(400, 120, bias=False)) == "Linear(400, 120, bias=False)"
    assert str(ReLU()) == "ReLU()"
    assert str(ReLU(inplace=True)) == "ReLU(inplace=True)"
    assert str(Flatten(start_dim=1)) == "Flatten()"
    assert str(AdaptiveAvgPool2d((7, 7))) == "AdaptiveAvgPool2d(7)"
    assert str(Softmax(dim=1)) == "Softmax(dim=1)"
    assert str(ConvTranspose2d(16, 8, 4, 2, 1)) == "ConvTranspose2d(16, 8, kernel_size=4, stride=2, padding=1)"


def test_a_field_with_one_value_says_so() -> None:
    fixed = [
        (layer_type.__name__, name)
        for layer_type in LAYER_TYPES.values()
        for name, rule in layer_type.rules().items()
        if isinstance(rule, Between) and rule.is_fixed
    ]
    assert fixed == [("Flatten", "start_dim"), ("Flatten", "end_dim")]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Conv2d(0, 6, 5), r"Conv2d's in_channels must be a whole number from 1 to 65,536, not 0"),
        (
            lambda: Conv2d(3, 6, (5, 0)),
            r"must be a whole number from 1 to 512 or a pair of them, not \(5, 0\)",
        ),
        (lambda: Conv2d(3, 6, 2.5), r"kernel_size must be a whole number .* not 2\.5"),
        (lambda: Conv2d(3, 6, True), r"kernel_size must be a whole number .* not True"),
        (lambda: Conv2d(3, 6, 5, padding="full"), r"or a pair of them, or 'same' or 'valid', not 'full'"),
        (lambda: Conv2d(3, 6, 5, bias=1), r"Conv2d's bias must be True or False, not 1"),
        (
            lambda: Conv2d(3, 6, 5, padding_mode="mirror"),
            r"'replicate' or 'circular', not 'mirror'",
        ),
        (lambda: Conv2d(3, 6, 5, padding_mode=np.array(["zeros", "zeros"])), r"'circular', not array\("),
        (lambda: Conv2d(3, 6, 5, groups=2), r"cannot split in_channels=3 into groups=2 equal parts: use .* divides 3"),
        (lambda: Conv2d(4, 6, 5, groups=4), r"cannot split out_channels=6 into groups=4 equal parts"),
        (lambda: Conv2d(3, 6, 5, stride=2, padding="same"), r"padding='same' needs stride 1, not 2"),
        (lambda: MaxPool2d(3, padding=2), r"padding 2 is more than half of its kernel size 3.*: use padding <= 1"),
        (lambda: AvgPool2d((4, 2), padding=2), r"AvgPool2d's padding 2 is more than half of its kernel size 2"),
        (
            lambda: MaxPool2d(2, stride=0),
            r"stride must be .* or a pair of them, or None, not 0",
        ),
        (
            lambda: ConvTranspose2d(4, 6, 3, groups=4),
            r"ConvTranspose2d cannot split out_channels=6 into groups=4 equal parts",
        ),
        (
            lambda: ConvTranspose2d(4, 6, 3, stride=(2, 1), output_padding=1),
            r"output_padding 1 must be less than its stride 1 or its dilation 1: use output_padding <= 0",
        ),
        (
            lambda: AdaptiveAvgPool2d((0, 7)),
            r"output_size must be a whole number from 1 to 512 or a pair of them, not \(",
        ),
        (lambda: Flatten(start_dim=0), r"Flatten's start_dim must be 1, not 0"),
        (lambda: Flatten(1, 2), r"Flatten's end_dim must be -1, not 2"),
        (lambda: Softmax(dim=4), r"Softmax's dim must be a whole number from -4 to 3, or None, not 4"),
        (lambda: ReLU(inplace="yes"), r"ReLU's inplace must be True or False, not 'yes'"),
        (lambda: Dropout(1.5), r"Dropout's p must be a number from 0 to 1, not 1\.5"),
        (lambda: Dropout(float("nan")), r"Dropout's p must be a number from 0 to 1, not nan"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_words(make: Callable[[], Layer], words: str) -> None:
    with pytest.raises(ShapeError, match=words) as refusal:
        make()
    assert not unknown_templates(refusal.value.message)


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (Conv2d(3, 6, 5), (1, 28, 28), r"expects 3 channels but gets 1 \(1 × 28 × 28\): use in_channels=1, or change"),
        (Conv2d(1, 6, 5), (784,), r"expects a map \(channels, height, width\) but gets 784 features in a row"),
        (Conv2d(1, 6, 5), (1, 8, 4), r"Along the width: A kernel of 5 does not fit into 4 pixels with padding 0\. Use"),
        (MaxPool2d(3), (1, 2, 8), r"Along the height: A kernel of 3 does not fit into 2 pixels"),
        (
            Conv2d(1, 1, 5, padding=4, padding_mode="reflect"),
            (1, 8, 4),
            r"padding_mode='reflect' needs a width of at least 5 but gets 4: use padding <= 3 or padding_mode='zeros'",
        ),
        (Conv2d(1, 1, 3, padding=3, padding_mode="circular"), (1, 2, 8), r"needs a height of at least 3 but gets 2"),
        (Linear(400, 120), (256,), r"Linear expects 400 features but gets 256: use in_features=256, or change"),
        (
            Linear(400, 120),
            (16, 4, 4),
            r"gets a map of 256 numbers \(16 × 4 × 4\)\. Put Flatten\(\) before it and use in_features=256",
        ),
        (Linear(256, 120), (16, 4, 4), r"Linear expects 256 features in a row .*\. Put Flatten\(\) before it\.$"),
        (Linear(1, 120), (16,), r"Linear expects 1 feature but gets 16"),
        (
            ConvTranspose2d(3, 6, 2, padding=(0, 5)),
            (3, 4, 4),
            r"Along the width: Padding 5 cuts away the whole output of 5 pixels: use padding <= 2, a larger kernel or",
        ),
        (ConvTranspose2d(3, 6, 2), (1, 4, 4), r"ConvTranspose2d expects 3 channels but gets 1 \(1 × 4 × 4\)"),
        (AdaptiveAvgPool2d(2), (16,), r"AdaptiveAvgPool2d expects a map \(channels, height, width\) but gets 16"),
        (Dropout2d(), (16,), r"Dropout2d expects a map"),
        (
            Softmax(dim=2),
            (16,),
            r"Softmax's dim=2 is not an axis of a row of features, which has 2 with the batch: use dim=1",
        ),
        (LogSoftmax(dim=-3), (16,), r"LogSoftmax's dim=-3 is not an axis of a row of features"),
        (BatchNorm1d(6), (16,), r"BatchNorm1d expects 6 features but gets 16: use num_features=16"),
        (
            BatchNorm1d(6),
            (6, 2, 2),
            r"expects 6 features in a row but gets a map \(6 × 2 × 2\): use BatchNorm2d for maps",
        ),
        (BatchNorm2d(6), (16, 4, 4), r"BatchNorm2d expects 6 channels but gets 16 \(16 × 4 × 4\): use num_features=16"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_with_the_way_out(layer: Layer, shape: Shape, words: str) -> None:
    with pytest.raises(ShapeError, match=words) as refusal:
        layer.output_shape(shape)
    assert not unknown_templates(refusal.value.message)
