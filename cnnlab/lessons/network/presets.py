"""Named networks of the network page, each with what it is there to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnnlab.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Shape
from cnnlab.networks import Network
from cnnlab.networks.zoo import ZOO


@dataclass(frozen=True)
class NetworkPreset:
    """One of the page's examples.

    Args:
        title: its line in the menu.
        network: its layers.
        input_shape: what goes in.
        remark: what there is to see.
        selected: the row that is looked at first, or None.
    """

    title: str
    network: Network
    input_shape: Shape
    remark: str
    selected: int | None = None


_MISMATCH = Network(
    "LeNet-5 for 32 × 32",
    (
        *(Conv2d(1, 6, kernel_size=5), ReLU(), MaxPool2d(kernel_size=2)),
        *(Conv2d(6, 16, kernel_size=5), ReLU(), MaxPool2d(kernel_size=2)),
        *(Flatten(), Linear(400, 120), ReLU(), Linear(120, 84), ReLU(), Linear(84, 10)),
    ),
    (1, 32, 32),
)


def _of_zoo(key: str, title: str, remark: str, selected: int | None = None) -> NetworkPreset:
    network = ZOO[key]
    shape = network.input_shape
    assert shape is not None, "a network of the zoo has its input"
    return NetworkPreset(title, network, shape, remark, selected)


PRESETS: Mapping[str, NetworkPreset] = MappingProxyType(
    {
        "lecture-9x9": _of_zoo(
            "lecture-9x9",
            "Two kernels of 3×5×5",
            "The lecture's slide 28: a picture of 9×9 pixels and three channels, and two kernels that are as deep as "
            "it is. Two maps of 5×5 come out, one for each kernel.",
            0,
        ),
        "lenet5-grey": _of_zoo(
            "lenet5-grey",
            "LeNet-5 on 1×32×32",
            "The lecture's five layers of slides 31 and 32 on a grey picture, with the ReLUs and the two linear layers "
            "that slide 33 adds. Two poolings halve the map, and the third convolution's kernels of 5×5 meet a map of "
            "5×5: each has one place, so 120 numbers are left.",
        ),
        "lenet5-cifar": _of_zoo(
            "lenet5-cifar",
            "LeNet-5 for CIFAR-10",
            "The lecture's slide 33. Three channels instead of one: only the first layer's kernels get deeper, 456 "
            "parameters instead of 156. 64,102 in all, and three quarters of them lie in the third convolution.",
        ),
        "lenet5-1998": _of_zoo(
            "lenet5-1998",
            "LeNet-5 of 1998",
            "Closer to the paper: tanh, and 84 units before the ten classes. 61,706 parameters; the paper has 60,000. "
            "There the second convolution looks at only some of the maps (900 fewer) and the output layer is fixed "
            "(850 fewer), but the poolings have parameters of their own (44 more).",
        ),
        "mismatch": NetworkPreset(
            "A mismatch: 28×28 instead of 32×32",
            _MISMATCH,
            (1, 28, 28),
            "Pictures of MNIST have 28×28 pixels, and this network was written for 32×32. Flatten gives 256 numbers, "
            "Linear waits for 400. Follow the table down to see where the 4×4 comes from.",
        ),
        "tiny-vgg": _of_zoo(
            "tiny-vgg",
            "Tiny VGG",
            "Two blocks of two convolutions and a pooling, as CNN Explainer draws it. Ten kernels everywhere, so the "
            "map alone decides how many features Linear gets: 10·5·5 = 250.",
        ),
        "alexnet": _of_zoo(
            "alexnet",
            "AlexNet",
            "Kernels of 11×11 with stride 4 make 55×55 of 224×224. Of 61 million parameters, 59 million lie in the "
            "three linear layers; the multiplications are mostly in the convolutions.",
        ),
        "vgg16": _of_zoo(
            "vgg16",
            "VGG-16",
            "Kernels of 3×3 with padding 1 keep the map's size: the five poolings alone halve it, 224 to 7. "
            "The first linear layer has 102,764,544 of 138,357,544 parameters: 4,096 units with 25,088 features each.",
        ),
        "empty": NetworkPreset(
            "No layers yet",
            Network("network", ()),
            (3, 32, 32),
            "An input and nothing else. Add layers below the table, or paste a network in the view Code.",
        ),
    }
)
"""From the smallest to the largest, with the mismatch after the networks that it is about, and a blank sheet."""

DEFAULT = PRESETS["lenet5-cifar"]


def preset_of(network: Network, input_shape: Shape) -> str | None:
    """Find the preset with exactly these layers and this input."""
    for key, preset in PRESETS.items():
        if preset.network.layers == network.layers and preset.input_shape == input_shape:
            return key
    return None


def known(network: Network) -> Network:
    """The same layers with the name, and with the input that they are made for, where they are a preset's."""
    for preset in PRESETS.values():
        if preset.network.layers == network.layers:
            return preset.network
    return network
