"""Named networks of the network page, each with what it is there to show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cnnlab.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Shape
from cnnlab.layers.poolings import Pool2d
from cnnlab.networks import Network
from cnnlab.networks.zoo import ZOO
from cnnlab.presets import Preset
from cnnlab.texts import message


@dataclass(frozen=True)
class NetworkSettings:
    """What the page shows.

    Args:
        network: the layers.
        input_shape: what goes in.
        selected: the row that is looked at first, or None.
    """

    network: Network
    input_shape: Shape
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


def _of_zoo(key: str, selected: int | None = None) -> NetworkSettings:
    network = ZOO[key]
    shape = network.input_shape
    assert shape is not None, "a network of the zoo has its input"
    return NetworkSettings(network, shape, selected)


PRESETS: Mapping[str, Preset[NetworkSettings]] = MappingProxyType(
    {
        "lecture-9x9": Preset(
            message("Two kernels of 3×5×5"),
            message(
                "The lecture's slide 28: a picture of 9×9 pixels and three channels, and two kernels that are as deep "
                "as it is. Two maps of 5×5 come out, one for each kernel."
            ),
            _of_zoo("lecture-9x9", 0),
        ),
        "inpainting": Preset(
            message("Inpainting: without padding"),
            message(
                "Slide 23: the hole in a picture is to be filled, and no pixel may get lost. Without padding three "
                "layers of 3×3 kernels leave 30, 28 and 26 of 32 pixels along each side. The next preset keeps all 32."
            ),
            _of_zoo("inpainting"),
        ),
        "inpainting-padded": Preset(
            message("Inpainting: with padding"),
            message(
                "Slide 23 again: a kernel of 3×3 takes one pixel away at each edge, and padding 1 adds one there. "
                "32 pixels come in and 32 go out, so that the result fits over the picture with the hole."
            ),
            _of_zoo("inpainting-padded"),
        ),
        "keep-and-shrink": Preset(
            message("Convolutions keep, pooling shrinks"),
            message(
                "Slide 27: kernels of 3×3 with padding 1 keep the size, 32 to 32, and each pooling halves it: 32, 16, "
                "8, 4. The number of kernels alone decides the channels: 3, 8, 16, 32."
            ),
            _of_zoo("keep-and-shrink"),
        ),
        "lenet5-slides": Preset(
            message("LeNet-5, the five layers of slide 31"),
            message(
                "Slides 31 and 32 as they are: three convolutions and two average poolings, no activations and no "
                "linear layers. N pictures of 1×32×32 become N×6×28×28, N×6×14×14, N×16×10×10, N×16×5×5 and N×120×1×1: "
                "the switch N writes the batch into the table."
            ),
            _of_zoo("lenet5-slides"),
        ),
        "lenet5-grey": Preset(
            message("LeNet-5 on 1×32×32"),
            message(
                "The lecture's five layers of slides 31 and 32 on a grey picture, with the ReLUs and the two linear "
                "layers that slide 33 adds. Two poolings halve the map, and the third convolution's kernels of 5×5 "
                "meet a map of 5×5: each has one place, so 120 numbers are left."
            ),
            _of_zoo("lenet5-grey"),
        ),
        "lenet5-cifar": Preset(
            message("LeNet-5 for CIFAR-10"),
            message(
                "The lecture's slide 33. Three channels instead of one: only the first layer's kernels get deeper, 456 "
                "parameters instead of 156. There are 64,102 in all, three quarters of them in the third convolution. "
                "No ReLU follows the last layer: its ten numbers are logits, and a ReLU would make each negative one 0."
            ),
            _of_zoo("lenet5-cifar"),
        ),
        "lenet5-1998": Preset(
            message("LeNet-5 of 1998"),
            message(
                "Closer to the paper: tanh, and 84 units before the ten classes. 61,706 parameters; the paper has "
                "60,000. There the second convolution looks at only some of the maps (900 fewer) and the output layer "
                "is fixed (850 fewer), but the poolings have parameters of their own (44 more)."
            ),
            _of_zoo("lenet5-1998"),
        ),
        "mismatch": Preset(
            message("A mismatch: 28×28 instead of 32×32"),
            message(
                "Pictures of MNIST have 28×28 pixels, and this network was written for 32×32. Flatten gives 256 "
                "numbers, but Linear expects 400. Follow the table down to see where the 4×4 comes from."
            ),
            NetworkSettings(_MISMATCH, (1, 28, 28)),
        ),
        "tiny-vgg": Preset(
            message("Tiny VGG"),
            message(
                "Two blocks of two convolutions and a pooling, as CNN Explainer draws it. Ten kernels everywhere, so "
                "the map alone decides how many features Linear gets: 10·5·5 = 250."
            ),
            _of_zoo("tiny-vgg"),
        ),
        "alexnet": Preset(
            message("AlexNet"),
            message(
                "Kernels of 11×11 with stride 4 turn 224×224 into 55×55. Of 61 million parameters, 59 million lie in "
                "the three linear layers; the multiplications are mostly in the convolutions."
            ),
            _of_zoo("alexnet"),
        ),
        "vgg16": Preset(
            message("VGG-16"),
            message(
                "Kernels of 3×3 with padding 1 keep the map's size: the five poolings alone halve it, 224 to 7. The "
                "first linear layer has 102,764,544 of 138,357,544 parameters: 4,096 units with 25,088 features each."
            ),
            _of_zoo("vgg16"),
        ),
        "empty": Preset(
            message("No layers yet"),
            message("An input and nothing else. Add layers below the table, or paste a network in the view Code."),
            NetworkSettings(Network("network", ()), (3, 32, 32)),
        ),
    }
)
"""From the smallest to the largest, with the mismatch after the networks that it is about, and a blank sheet."""

DEFAULT = PRESETS["lenet5-cifar"].settings


def preset_of(network: Network, input_shape: Shape) -> str | None:
    """Find the preset with exactly these layers and this input."""
    for key, preset in PRESETS.items():
        if preset.settings.network.layers == network.layers and preset.settings.input_shape == input_shape:
            return key
    return None


def known(network: Network) -> Network:
    """The same layers with the name, and with the input that they are made for, where they are a preset's."""
    for preset in PRESETS.values():
        if preset.settings.network.layers == network.layers:
            return preset.settings.network
    return network


def known_as_written(network: Network) -> Network:
    """Find what `known` finds, also where a pooling's stride is written out that is its window's size anyway.

    >>> slides = Network("", (MaxPool2d(2, 2),))
    >>> known_as_written(slides) is slides  # of no preset
    True
    """
    usual = replace(
        network,
        layers=tuple(
            replace(layer, stride=None) if isinstance(layer, Pool2d) and layer.stride == layer.kernel_size else layer
            for layer in network.layers
        ),
    )
    found = known(usual)
    return known(network) if found is usual else found
