"""What cannot be trained is said in words before the run; what can be made to fit is made to fit."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from cnnlab.data import Dataset, data_facts
from cnnlab.errors import TrainingError
from cnnlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    LogSoftmax,
    MaxPool2d,
    ReLU,
    Softmax,
)
from cnnlab.networks import Network, lenet5, parse_network
from cnnlab.networks.remarks import remark_on, remark_on_logits
from cnnlab.networks.zoo import ZOO
from cnnlab.training import TrainingConfig, train
from cnnlab.training.config import LEARNING_RATES
from cnnlab.training.feasibility import (
    MAX_PARAMETERS,
    changes_between,
    check_fit,
    check_trainable,
    cost_of,
    fitted,
    usual_rate,
    ways_to_fit,
    why_no_kernels,
)
from cnnlab.training.presets import NETWORKS, PRESETS, named, network_for
from cnnlab.training.record import network_from, record_of
from tests.drawn_layers import networks

MINI = data_facts("cifar10-mini")
CIFAR10 = data_facts("cifar10")
DIGITS = replace(MINI, name="digits", image_shape=(1, 28, 28))
THREE = replace(MINI, name="three", num_classes=3)
LARGE = replace(MINI, name="photos", image_shape=(3, 224, 224))


def net(*layers: Layer, made_for: tuple[int, ...] | None = None) -> Network:
    return Network("mine", layers, made_for)


@pytest.mark.parametrize("word", PRESETS)
@pytest.mark.parametrize("data", [MINI, CIFAR10, THREE, replace(DIGITS, image_shape=(1, 32, 32))])
def test_every_preset_fits_pictures_of_32_by_32(word, data):
    network = network_for(word, data)
    assert check_trainable(network, data) is None
    assert network.input_shape == data.image_shape
    assert named(parse_network(network.to_text())).name.startswith(PRESETS[word].title)


def test_lenet5_is_what_it_was():
    assert network_for("lenet5", MINI) == lenet5()
    assert network_for("lenet5", MINI, "max") == lenet5(pooling="max")
    assert network_for("lenet5", replace(DIGITS, image_shape=(1, 32, 32), num_classes=4)) == lenet5(1, 4)
    assert network_for("tiny-vgg", MINI, "max") == ZOO["tiny-vgg"]


@pytest.mark.parametrize(
    ("network", "data", "begins", "way_out"),
    [
        (
            lenet5(1),
            MINI,
            "LeNet-5, made for 1 × 32 × 32, cannot take the 3 × 32 × 32 pictures of cifar10-mini",
            "to 3",
        ),
        (
            lenet5(),
            replace(DIGITS, image_shape=(1, 32, 32)),
            "LeNet-5, made for 3 × 32 × 32, cannot take the 1 × 32 × 32 pictures of digits",
            "Set in_channels to 1",
        ),
        (
            lenet5(1),
            DIGITS,
            "LeNet-5, made for 1 × 32 × 32, cannot take the 1 × 28 × 28 pictures of digits. Layer 7",
            "by 2",
        ),
        (
            net(Flatten(), Linear(784, 10), made_for=(1, 28, 28)),
            MINI,
            "mine, made for 1 × 28 × 28, cannot take the 3 × 32 × 32 pictures of cifar10-mini. Layer 2 (Linear)",
            "Set in_features to 3072",
        ),
        (
            net(Linear(3072, 10), made_for=(3072,)),
            MINI,
            "mine, made for 3072, cannot take the 3 × 32 × 32 pictures of cifar10-mini. Layer 1 (Linear) expects a row",
            "Put Flatten() before layer 1 (Linear)",
        ),
        (  # a mismatch inside
            net(Conv2d(3, 8, 3), Conv2d(4, 8, 3), Flatten(), Linear(6272, 10), made_for=(3, 32, 32)),
            MINI,
            "mine cannot take the 3 × 32 × 32 pictures of cifar10-mini. Layer 2 (Conv2d) expects 4 channels",
            "Set in_channels to 8",
        ),
    ],
)
def test_a_network_that_cannot_take_the_pictures_is_refused_with_a_way_out(network, data, begins, way_out):
    told = check_trainable(network, data) or ""
    assert told.startswith(begins)
    assert way_out in told
    assert "take an input" not in told.lower(), "the pictures are what they are"
    assert check_fit(network, data) == told


@pytest.mark.parametrize(
    ("network", "data", "sentence"),
    [
        (net(), MINI, "mine has no layers: add some, Flatten() and a Linear(...) at least."),
        (
            lenet5(),
            THREE,
            "LeNet-5 gives 10 numbers for a picture, but three has 3 classes: make its last layer Linear(100, 3)",
        ),
        (
            net(Conv2d(3, 10, 32), Flatten()),
            THREE,
            "mine gives 10 numbers for a picture, but three has 3 classes: add Linear(10, 3) at its end",
        ),
        (
            net(Conv2d(3, 4, 3), ReLU()),
            MINI,
            "mine ends in a map and gives 4 × 30 × 30 numbers for a picture, but cifar10-mini has 10 classes: end it "
            "with Flatten(), Linear(3600, 10)",
        ),
        (net(AvgPool2d(32), Flatten()), THREE, "mine has no weights to train: add a convolution or a linear layer"),
        (
            net(Conv2d(3, 4, 32), BatchNorm2d(4, eps=0), Flatten(), Linear(4, 10)),
            MINI,
            "Layer 2 (BatchNorm2d(4, eps=0.0)): It divides by the spread of a channel, which may be 0: set eps",
        ),
        (replace(lenet5(), name="network"), THREE, "The network gives 10 numbers for a picture, but three has"),
        (lenet5(), replace(MINI, name="bare", test_images=0), "bare has no test pictures: a run needs some"),
    ],
)
def test_what_does_not_fit_the_data_is_said_with_the_way_out(network, data, sentence):
    assert (check_trainable(network, data) or "").startswith(sentence)
    assert check_fit(network, data) == check_trainable(network, data)


@pytest.mark.parametrize(
    ("network", "data", "batch_size", "sentence"),
    [
        (
            ZOO["vgg16"],
            LARGE,
            64,
            "VGG-16 has 138,357,544 parameters, more than the 20,000,000 that can be trained here. Layer 34 "
            "(Linear(25088, 4096)) alone has 102,764,544: make it smaller.",
        ),
        (
            fitted(ZOO["alexnet"], LARGE),
            LARGE,
            64,
            "AlexNet has 57,044,810 parameters, more than the 20,000,000 that can be trained here. Layer",
        ),
        (
            net(Conv2d(3, 64, 3), Conv2d(64, 64, 3), AdaptiveAvgPool2d(1), Flatten(), Linear(64, 10)),
            LARGE,
            64,
            "mine would fill 3.2 GB with a batch of 64 pictures, more than the 1.6 GB that a run has here. Use batches "
            "of at most 32.",
        ),
        (
            net(Conv2d(3, 64, 3), Conv2d(64, 512, 9), AvgPool2d(22), Flatten(), Linear(512, 10)),
            CIFAR10,
            32,
            "mine would need about 33 min 15 s for one epoch of 50,000 pictures of cifar10, more than",
        ),
    ],
)
def test_what_is_too_large_is_said_with_its_numbers(network, data, batch_size, sentence):
    told = check_trainable(network, data, batch_size)
    assert (told or "").startswith(sentence)
    assert "GB" not in (check_fit(network, data, batch_size) or ""), "whoever calls train() knows the machine"


def test_a_graphics_card_has_the_time():
    slow = net(Conv2d(3, 64, 3), Conv2d(64, 512, 9), AvgPool2d(22), Flatten(), Linear(512, 10))
    told = check_trainable(slow, CIFAR10, 32)
    assert told is not None
    assert (
        "more than the 5 min 0 s that one may take here without a graphics card. Use fewer channels (layer 2, Conv2d"
        in told
    )
    assert check_trainable(slow, CIFAR10, 32, on_gpu=True) is None
    assert "parameters" in (check_trainable(ZOO["vgg16"], LARGE, on_gpu=True) or "")


@pytest.mark.parametrize("layer", [BatchNorm1d(4), BatchNorm2d(4)])
def test_a_mean_over_one_number_is_refused(layer):
    layers = (
        (Conv2d(3, 4, 32), layer, Flatten()) if isinstance(layer, BatchNorm2d) else (Conv2d(3, 4, 32), Flatten(), layer)
    )
    network = net(*layers, Linear(4, 10))
    assert check_trainable(network, MINI, 2) is None
    assert "a batch of 1 picture has only one number per channel there" in (check_trainable(network, MINI, 1) or "")
    assert check_trainable(net(BatchNorm2d(3), Flatten(), Linear(3072, 10)), MINI, 1) is None


def test_the_same_sentence_stops_train():
    pictures, labels = np.zeros((40, 3, 32, 32), np.uint8), np.arange(40) % 3
    data = Dataset("three", pictures, labels, pictures, labels, ("a", "b", "c"))
    sentence = check_fit(lenet5(), data.facts)
    with pytest.raises(TrainingError) as told:
        train(lenet5(), data, TrainingConfig(epochs=1))
    assert str(told.value) == sentence


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((Flatten(), Linear(3072, 10), Softmax(0)), "Layer 3 is Softmax(dim=0): it compares the pictures of a batch"),
        ((Softmax(0), Flatten(), Linear(3072, 10)), "Layer 1 is Softmax(dim=0)"),
        ((Softmax(-4), Flatten(), Linear(3072, 10)), "Layer 1 is Softmax(dim=-4)"),
        ((Flatten(), Linear(3072, 10), LogSoftmax(-2)), "Layer 3 is LogSoftmax(dim=-2)"),
        ((Softmax(-2), Flatten(), Linear(3072, 10), LogSoftmax(-1)), ""),
    ],
)
def test_a_softmax_over_the_batch_is_remarked_wherever_it_stands(layers, words):
    remark = remark_on(net(*layers)) or ""
    assert remark.startswith(words)
    assert bool(remark) == bool(words)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (Softmax(1), "The last layer is Softmax(dim=1): cross-entropy takes a softmax itself"),
        (ReLU(), "The last layer is ReLU(): cross-entropy takes numbers of any sign"),
    ],
)
def test_a_last_layer_that_hinders_is_allowed_with_a_remark(last, words):
    network = replace(lenet5(), layers=(*lenet5().layers, last))
    assert check_trainable(network, MINI) is None
    assert (remark_on(network) or "").startswith(words)
    assert remark_on(lenet5()) is None
    assert remark_on(net()) is None


def test_ten_numbers_at_the_end_are_logits_and_a_relu_would_lose_the_negative_ones() -> None:
    told = remark_on_logits(lenet5())
    assert told is not None
    assert "these 10 numbers are logits" in told
    assert "make each negative one 0" in told
    assert torch.relu(torch.tensor([-1.5, 2.0])).tolist() == [0.0, 2.0]
    assert "this number is a logit" in (remark_on_logits(net(Linear(4, 1))) or "")
    for network in (net(), net(Linear(4, 2), ReLU()), net(Conv2d(3, 6, 5))):
        assert remark_on_logits(network) is None


def test_networks_of_few_layers_begin_with_a_lower_rate():
    shallow = parse_network("Conv2d(3, 4, 5), ReLU(), BatchNorm2d(4), Flatten(), Linear(3136, 10)")
    assert (usual_rate(shallow, "sgd"), usual_rate(shallow, "adamw")) == (0.01, LEARNING_RATES["adamw"])
    for preset in PRESETS.values():
        assert {name: usual_rate(preset.settings, name) for name in LEARNING_RATES} == LEARNING_RATES


# Making it fit


@given(networks())
@settings(max_examples=150, deadline=None)
def test_a_network_made_for_its_pictures_is_left_as_it_is(drawn):
    network, shape = drawn
    if len(shape) != 3:
        return
    facts = replace(MINI, image_shape=shape)
    body = fitted(network, facts)
    assert body.layers == network.layers or any(isinstance(layer, Linear) for layer in network.layers)
    size = math.prod(network.summary(shape)[-1].output_shape if network.layers else shape)
    whole = replace(network, layers=(*network.layers, Flatten(), Linear(size, 7)))
    other = fitted(replace(whole, layers=(*network.layers, Flatten(), Linear(1, 1))), replace(facts, num_classes=7))
    assert other.layers == whole.layers
    told = check_fit(other, replace(facts, num_classes=7), 4)
    assert told is None or "eps" in told


def test_a_network_is_fitted_to_channels_features_and_classes():
    network = net(Conv2d(1, 4, 5), BatchNorm2d(9), ReLU(), Flatten(), Linear(2304, 20), Dropout(), Linear(7, 10))
    other = fitted(network, THREE)
    assert check_trainable(other, THREE) is None
    assert changes_between(network, other) == (
        "Set in_channels of layer 1 (Conv2d) to 3",
        "Set num_features of layer 2 (BatchNorm2d) to 4",
        "Set in_features of layer 5 (Linear) to 3136",
        "Set in_features of layer 7 (Linear) to 20",
        "Set out_features of layer 7 (Linear) to 3",
    )
    (way,) = ways_to_fit(network, THREE)
    assert way.network.layers == other.layers


def test_ways_to_fit_can_all_be_trained_and_name_what_they_change():
    ways = ways_to_fit(lenet5(1), DIGITS)
    assert ways[0].label.startswith("Pad ")
    assert all(check_trainable(way.network, DIGITS) is None for way in ways)
    assert ways_to_fit(ZOO["vgg16"], MINI) == ()
    assert ways_to_fit(net(), MINI) == ()


@pytest.mark.parametrize(
    ("layers", "label"),
    [
        ((Conv2d(3, 6, 5), ReLU()), "add Flatten(), Linear(4704, 10) at the end"),
        (
            (Conv2d(1, 6, 5),),
            "Set in_channels of layer 1 (Conv2d) to 3; Add Flatten(), Linear(4704, 10) at the end",
        ),
        ((Conv2d(3, 6, 5), AdaptiveAvgPool2d(1), Flatten()), "add Linear(6, 10) at the end"),
    ],
)
def test_a_network_without_an_end_can_be_given_one(layers: tuple[Layer, ...], label: str):
    labels = [way.label for way in ways_to_fit(net(*layers), MINI)]
    assert label.lower() in [one.lower() for one in labels]
    assert all(check_trainable(way.network, MINI) is None for way in ways_to_fit(net(*layers), MINI))


def test_every_known_network_can_be_asked_for_and_the_large_ones_are_refused():
    refused = {word for word in NETWORKS if check_trainable(network_for(word, MINI), MINI) is not None}
    without_classes = {"lecture-9x9", "lenet5-slides", "keep-and-shrink", "inpainting", "inpainting-padded"}
    assert refused == {"alexnet", "vgg16"} | without_classes
    assert network_for("vgg16", MINI).num_params() > MAX_PARAMETERS


def test_a_larger_batch_costs_memory_and_a_larger_data_set_costs_time():
    small, large = cost_of(lenet5(), MINI, 64), cost_of(lenet5(), CIFAR10, 128)
    assert small.parameters == large.parameters == 64_102
    assert large.batch_bytes == 2 * small.batch_bytes
    assert large.epoch_seconds == pytest.approx(10 * small.epoch_seconds, rel=0.01)


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (net(Flatten(), Linear(3072, 10)), "This network has no convolution"),
        (net(Conv2d(8, 4, 3)), "The kernels of the first convolution have 8 channels each"),
        (net(Conv2d(3, 2, 100)), "The kernels of the first convolution have 30,000 numbers each, too many"),
        (net(MaxPool2d(2), Conv2d(8, 8, 3, groups=8)), None),
        (lenet5(), None),
    ],
)
def test_kernels_that_are_no_pictures_are_explained(network, words):
    assert (why_no_kernels(network) or "").startswith(words or "")
    assert (why_no_kernels(network) is None) == (words is None)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_a_network_comes_back_from_its_record(drawn):
    network, shape = drawn
    network = replace(network, name="mine", input_shape=shape)
    if network.layers:
        assert network_from(record_of(network)) == network
