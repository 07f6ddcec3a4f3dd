"""The networks that everybody knows have the numbers that everybody knows."""

import dataclasses
import subprocess
import sys

import pytest
import torch
import torchvision
from torch import nn

from cnnlab import lecture
from cnnlab.layers import LAYER_TYPES, Conv2d, Linear, ReLU
from cnnlab.networks import Network, lenet5, parse_network
from cnnlab.networks.zoo import UNNAMED, ZOO, name_of

EACH = pytest.mark.parametrize("key", ZOO)


@pytest.mark.parametrize(
    ("key", "parameters", "shape"),
    [
        ("lenet5-cifar", 64_102, (10,)),
        ("lenet5-grey", 63_802, (10,)),
        ("lenet5-1998", 61_706, (10,)),
        ("tiny-vgg", 5_520, (10,)),
        ("alexnet", 61_100_840, (1000,)),
        ("vgg16", 138_357_544, (1000,)),
        ("lecture-9x9", 152, (2, 5, 5)),
        ("lenet5-slides", 50_692, (120, 1, 1)),
        ("keep-and-shrink", 6_032, (32, 4, 4)),
        ("inpainting", 737, (1, 26, 26)),
        ("inpainting-padded", 737, (1, 32, 32)),
    ],
)
def test_a_known_network_has_its_known_numbers(key: str, parameters: int, shape: tuple[int, ...]) -> None:
    assert ZOO[key].num_params() == parameters
    assert ZOO[key].summary()[-1].output_shape == shape


def test_the_lectures_lenet_goes_from_28_down_to_1() -> None:
    shapes = [row.output_shape for row in ZOO["lenet5-grey"].summary() if row.name != "ReLU"]
    assert shapes == [*lecture.LENET_OUTPUTS, (120,), (lecture.CIFAR_UNITS,), (lecture.CIFAR_CLASSES,)]


def test_the_slides_lenet_is_five_layers_and_pytorchs_shapes_are_the_slides() -> None:
    network = ZOO["lenet5-slides"]
    assert [type(layer).__name__ for layer in network.layers] == [
        "Conv2d",
        "AvgPool2d",
        "Conv2d",
        "AvgPool2d",
        "Conv2d",
    ]
    x = torch.zeros(4, *lecture.LENET_INPUT)
    for module, row, shape in zip(network.to_torch(), network.summary(), lecture.LENET_OUTPUTS, strict=True):
        x = module(x)
        assert tuple(x.shape) == (4, *shape)
        assert row.output_shape == shape


def test_convolutions_keep_and_poolings_shrink() -> None:
    for row in ZOO["keep-and-shrink"].summary():
        same = row.output_shape[1:] == row.input_shape[1:]
        assert same == (row.name != "MaxPool2d")
        assert (row.output_shape[0] == row.input_shape[0]) == (row.name != "Conv2d")


def test_inpainting_shrinks_without_padding_and_keeps_the_size_with_it() -> None:
    sides = {key: [row.output_shape[1] for row in ZOO[key].summary()] for key in ("inpainting", "inpainting-padded")}
    assert sides == {"inpainting": [30, 28, 26], "inpainting-padded": [32, 32, 32]}


@pytest.mark.parametrize("key", ["alexnet", "vgg16"])
def test_layer_by_layer_it_is_torchvisions(key: str) -> None:
    with torch.device("meta"):  # which counts and computes nothing
        theirs = torchvision.models.get_model(key)
        ours = ZOO[key].to_torch()
    modules = [*theirs.features, theirs.avgpool, nn.Flatten(), *theirs.classifier]
    x = torch.zeros(1, 3, 224, 224, device="meta")
    assert len(modules) == len(ours)
    for row, module, twin in zip(ZOO[key].summary(), modules, ours, strict=True):
        if hasattr(module, "inplace"):
            module.inplace = False
        assert repr(module) == repr(twin) or row.name == "AdaptiveAvgPool2d"
        x = module(x)
        assert row.output_shape == tuple(x.shape[1:])
        assert row.num_params == sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize("key", ["alexnet", "vgg16"])
def test_macs_are_those_that_torchvision_states(key: str) -> None:
    (weights,) = torchvision.models.get_model_weights(key).__members__.keys() & {"IMAGENET1K_V1"}
    stated = torchvision.models.get_model_weights(key)[weights].meta["_ops"]
    assert round(ZOO[key].macs() / 1e9, 3) == stated


@EACH
def test_a_network_is_known_by_its_layers_alone(key: str) -> None:
    known = ZOO[key]
    assert name_of(parse_network(known.to_text())) == known.name
    overwriting = [
        dataclasses.replace(layer, inplace=True) if "inplace" in layer.rules() else layer for layer in known.layers
    ]
    assert name_of(Network("mine", tuple(overwriting))) == known.name


def test_names_are_all_different() -> None:
    assert len({network.name for network in ZOO.values()}) == len(ZOO)


def test_other_pictures_and_classes_do_not_change_the_name() -> None:
    assert name_of(Network("mine", lenet5(4, 7).layers)) == "LeNet-5"
    assert name_of(Network("mine", lenet5(3, 10, pooling="max").layers)) == "LeNet-5"
    classes = (*ZOO["alexnet"].layers[:-1], Linear(4096, 10))
    assert name_of(Network("mine", classes)) == "AlexNet"


def test_no_network_borrows_a_name() -> None:
    assert name_of(Network("mine", (ReLU(),))) == "mine"
    assert name_of(Network("LeNet-5", (*lenet5().layers, ReLU()))) == UNNAMED
    assert name_of(Network("mine", (Conv2d(3, 2, kernel_size=3),))) == "mine"
    assert name_of(Network("mine", ())) == "mine"


def test_the_zoo_uses_only_layers_of_the_registry() -> None:
    assert all(type(layer) in LAYER_TYPES.values() for network in ZOO.values() for layer in network.layers)


def test_the_zoo_and_its_suggestions_cost_no_torch() -> None:
    program = "import sys, cnnlab.networks.zoo, cnnlab.networks.suggestions; print('torch' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "False"
