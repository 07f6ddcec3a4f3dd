"""Networks that everybody knows, by a short name for links and the command line: see `ZOO`.

Sources: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document recognition"
(1998); A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (2014), for the AlexNet of
torchvision; K. Simonyan and A. Zisserman, "Very deep convolutional networks for large-scale image recognition" (2015);
Z. J. Wang et al., "CNN Explainer" (2020), for the tiny VGG.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cnnlab import lecture
from cnnlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Tanh,
)
from cnnlab.networks.network import Network, lenet5
from cnnlab.texts import message

UNNAMED = "network"
"""What a network is called that has no name of its own."""


def name_of(network: Network) -> str:
    """Tell what a network is called: by its layers as far as they are known, since no text or link carries a name.

    A network of `ZOO` keeps its name with other channels coming in or other classes going out, with either pooling in
    LeNet-5, and with `inplace` set. Any other has the name that it was given, unless that is one of the zoo's.

    >>> name_of(Network("mine", lenet5().layers)), name_of(Network("mine", (ReLU(),)))
    ('LeNet-5', 'mine')
    """
    layers = network.without_inplace().layers
    if layers in _NAMES:
        return _NAMES[layers]
    body = _body(layers)
    return _BODIES.get(body, UNNAMED if network.name in _NAMES.values() else network.name)


def subject(network: Network) -> str:
    """The network as a sentence begins with it.

    >>> subject(lenet5()), subject(Network("network", ()))
    ('LeNet-5', 'The network')
    """
    return message("The network") if network.name in ("", UNNAMED) else network.name


def _lenet5_of_1998() -> Network:
    layers = (
        Conv2d(1, 6, kernel_size=5),
        Tanh(),
        AvgPool2d(kernel_size=2),
        Conv2d(6, 16, kernel_size=5),
        Tanh(),
        AvgPool2d(kernel_size=2),
        Conv2d(16, 120, kernel_size=5),
        Tanh(),
        Flatten(),
        Linear(120, 84),
        Tanh(),
        Linear(84, 10),
    )
    return Network(message("LeNet-5 of 1998"), layers, (1, 32, 32))


def _alexnet() -> Network:
    layers = (
        *(Conv2d(3, 64, kernel_size=11, stride=4, padding=2), ReLU(), MaxPool2d(kernel_size=3, stride=2)),
        *(Conv2d(64, 192, kernel_size=5, padding=2), ReLU(), MaxPool2d(kernel_size=3, stride=2)),
        *(Conv2d(192, 384, kernel_size=3, padding=1), ReLU()),
        *(Conv2d(384, 256, kernel_size=3, padding=1), ReLU()),
        *(Conv2d(256, 256, kernel_size=3, padding=1), ReLU(), MaxPool2d(kernel_size=3, stride=2)),
        *(AdaptiveAvgPool2d(6), Flatten()),
        *(Dropout(), Linear(256 * 6 * 6, 4096), ReLU()),
        *(Dropout(), Linear(4096, 4096), ReLU()),
        Linear(4096, 1000),
    )
    return Network("AlexNet", layers, (3, 224, 224))


def _vgg16() -> Network:
    layers: list[Layer] = []
    channels = 3
    for width, convolutions in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(convolutions):
            layers += [Conv2d(channels, width, kernel_size=3, padding=1), ReLU()]
            channels = width
        layers.append(MaxPool2d(kernel_size=2))
    layers += [AdaptiveAvgPool2d(7), Flatten()]
    layers += [Linear(512 * 7 * 7, 4096), ReLU(), Dropout(), Linear(4096, 4096), ReLU(), Dropout(), Linear(4096, 1000)]
    return Network("VGG-16", tuple(layers), (3, 224, 224))


def _tiny_vgg() -> Network:
    layers = (
        *(Conv2d(3, 10, kernel_size=3), ReLU(), Conv2d(10, 10, kernel_size=3), ReLU(), MaxPool2d(kernel_size=2)),
        *(Conv2d(10, 10, kernel_size=3), ReLU(), Conv2d(10, 10, kernel_size=3), ReLU(), MaxPool2d(kernel_size=2)),
        *(Flatten(), Linear(10 * 5 * 5, 10)),
    )
    return Network(message("Tiny VGG"), layers, (3, 32, 32))


def _lenet5_of_the_slides() -> Network:
    (channels, *_), kernel, pool = lecture.LENET_INPUT, lecture.LENET_KERNEL, lecture.LENET_POOL
    layers: list[Layer] = []
    for number, (made, *_) in enumerate(lecture.LENET_OUTPUTS):
        layers.append(AvgPool2d(pool) if number % 2 else Conv2d(channels, made, kernel_size=kernel))
        channels = made
    return Network(message("LeNet-5 of slide 31"), tuple(layers), lecture.LENET_INPUT)


def _keep_and_shrink() -> Network:
    layers: list[Layer] = []
    channels = 3
    for made in (8, 16, 32):
        layers += [Conv2d(channels, made, kernel_size=3, padding=1), ReLU(), MaxPool2d(lecture.POOL_WINDOW)]
        channels = made
    return Network(message("Convolutions keep, pooling shrinks"), tuple(layers), (3, 32, 32))


def _inpainting(name: str, padding: int) -> Network:
    layers: list[Layer] = []
    entering = channels = lecture.INPAINTING_INPUT[0]
    for made in (8, 8, entering):
        layers.append(Conv2d(channels, made, kernel_size=lecture.INPAINTING_KERNEL, padding=padding))
        channels = made
    return Network(name, tuple(layers), lecture.INPAINTING_INPUT)


def _body(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """What is left of the layers when the channels that come in and the classes that go out play no part."""
    body = list(layers)
    match body[:1], body[-1:]:
        case [Conv2d(groups=1) as first], [Linear() as last]:
            body[0], body[-1] = replace(first, in_channels=1), replace(last, out_features=1)
        case _:
            pass
    return tuple(body)


_LECTURES_KERNELS = Conv2d(lecture.KERNELS_INPUT[0], lecture.KERNELS_OUTPUT[0], kernel_size=lecture.KERNELS_SIZE)

ZOO: Mapping[str, Network] = MappingProxyType(
    {
        "lenet5-cifar": lenet5(),
        "lenet5-grey": replace(lenet5(in_channels=1), name=message("LeNet-5 for grey pictures")),
        "lenet5-1998": _lenet5_of_1998(),
        "tiny-vgg": _tiny_vgg(),
        "alexnet": _alexnet(),
        "vgg16": _vgg16(),
        "lecture-9x9": Network(message("Two kernels of 3 × 5 × 5"), (_LECTURES_KERNELS,), lecture.KERNELS_INPUT),
        "lenet5-slides": _lenet5_of_the_slides(),
        "keep-and-shrink": _keep_and_shrink(),
        "inpainting": _inpainting(message("Inpainting without padding"), 0),
        "inpainting-padded": _inpainting(message("Inpainting with padding"), 1),
    }
)
"""By a short name, each with the input that it is made for.

lenet5-cifar is the lecture's LeNet-5 for CIFAR-10 (slide 33; 64,102 parameters), lenet5-grey the same on 1x32x32, the
input of slides 31 and 32, which hold no ReLUs and no linear layers. lenet5-1998 is closer to the paper, with tanh and
84 units (61,706). alexnet and vgg16 are torchvision's (61,100,840 and 138,357,544). tiny-vgg is small enough to be
trained here. lecture-9x9 is the lecture's example of kernels with a slice for every channel (slide 28). lenet5-slides
is slide 31's five layers, as they are: 50,692 parameters. keep-and-shrink goes with slide 27, inpainting and
inpainting-padded with slide 23.
"""

_NAMES = {network.layers: network.name for network in ZOO.values()}
_BODIES = {_body(network.layers): network.name for network in reversed(list(ZOO.values()))}
_BODIES[_body(lenet5(pooling="max").layers)] = lenet5().name
