"""Networks that are offered for training, each fitted to whatever it is to be trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cnnlab.data import DataFacts
from cnnlab.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnlab.networks import Network, lenet5
from cnnlab.training.fitting import fitted

DEFAULT = "lenet5"


@dataclass(frozen=True)
class Preset:
    """A network by its word in links and on the command line."""

    word: str
    network: Network
    line: str

    @property
    def title(self) -> str:
        return self.network.name


def _tiny_vgg() -> Network:
    block = (Conv2d(10, 10, 3), ReLU())
    return Network(
        "Tiny VGG",
        (
            *(Conv2d(3, 10, 3), ReLU(), *block, MaxPool2d(2)),
            *(*block, *block, MaxPool2d(2)),
            Flatten(),
            Linear(250, 10),
        ),
        (3, 32, 32),
    )


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.word: preset
        for preset in (
            Preset(DEFAULT, lenet5(), "two layers of 5×5 kernels with pooling after each, and three more"),
            Preset(
                "tiny-vgg", _tiny_vgg(), "four layers of 3×3 kernels, two and two, with max pooling after each pair"
            ),
        )
    }
)


def preset_network(word: str, data: DataFacts, pooling: str = "avg") -> Network:
    """A preset, fitted to pictures and classes as far as that goes; LeNet-5 with the pooling that is asked for."""
    is_other = word == DEFAULT and pooling == "max"
    return fitted(lenet5(pooling="max") if is_other else PRESETS[word].network, data)


def named(network: Network) -> Network:
    """The network under the name that its layers are known by."""
    body = _body(network)
    known = [preset.network for preset in PRESETS.values()] + [lenet5(pooling="max")]
    return replace(network, name=next((one.name for one in known if _body(one) == body), network.name))


def _body(network: Network) -> tuple[Layer, ...]:
    layers = list(network.layers)
    match layers[:1], layers[-1:]:
        case [Conv2d(groups=1) as first], [Linear() as last]:
            layers[0], layers[-1] = replace(first, in_channels=1), replace(last, out_features=1)
        case _:
            pass
    return tuple(layers)
