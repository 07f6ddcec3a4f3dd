"""Stand-in for the zoo until it is merged."""

from collections.abc import Mapping

from cnnlab.layers import AvgPool2d, Conv2d, Dropout, Flatten, Layer, Linear, MaxPool2d, ReLU, Tanh
from cnnlab.networks.network import Network, lenet5


def _vgg() -> tuple[Layer, ...]:
    layers: list[Layer] = []
    channels = 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [Conv2d(channels, width, kernel_size=3, padding=1), ReLU()]
            channels = width
        layers.append(MaxPool2d(kernel_size=2))
    return (*layers, Flatten(), Linear(25088, 4096), ReLU(), Dropout(), Linear(4096, 4096), ReLU(), Linear(4096, 1000))


ZOO: Mapping[str, Network] = {
    "lenet5-cifar": Network("LeNet-5", lenet5().layers, (3, 32, 32)),
    "lenet5-grey": Network("LeNet-5", lenet5(1).layers, (1, 32, 32)),
    "lenet5-1998": Network(
        "LeNet-5 of 1998",
        (
            *(Conv2d(1, 6, kernel_size=5), Tanh(), AvgPool2d(kernel_size=2), Conv2d(6, 16, kernel_size=5), Tanh()),
            *(AvgPool2d(kernel_size=2), Conv2d(16, 120, kernel_size=5), Tanh(), Flatten(), Linear(120, 84)),
            *(Tanh(), Linear(84, 10)),
        ),
        (1, 32, 32),
    ),
    "vgg16": Network("VGG-16", _vgg(), (3, 224, 224)),
    "alexnet": Network("AlexNet", (Conv2d(3, 64, 11, 4, 2), ReLU(), MaxPool2d(3, 2)), (3, 224, 224)),
    "tiny-vgg": Network("tiny VGG", (Conv2d(3, 10, 3), ReLU(), MaxPool2d(2)), (3, 32, 32)),
    "lecture-9x9": Network("lecture", (Conv2d(3, 2, kernel_size=5),), (3, 9, 9)),
}


def name_of(network: Network) -> str:
    return next((known.name for known in ZOO.values() if known.layers == network.layers), "network")
