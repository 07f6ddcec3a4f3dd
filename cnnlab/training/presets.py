"""Networks that are offered for training, each fitted to whatever it is to be trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cnnlab.data import DataFacts
from cnnlab.networks import Network, lenet5
from cnnlab.networks.zoo import ZOO, name_of
from cnnlab.training.feasibility import fitted

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


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.word: preset
        for preset in (
            Preset(
                DEFAULT,
                lenet5(),
                "three layers of 5×5 kernels, a pooling after each of the first two, and two linear layers",
            ),
            Preset("lenet5-1998", ZOO["lenet5-1998"], "the same with tanh instead of ReLU and 84 units instead of 100"),
            Preset(
                "tiny-vgg", ZOO["tiny-vgg"], "four layers of 3×3 kernels, max pooling after the second and the last"
            ),
        )
    }
)
"""Those that can be trained on pictures of 32x32, as CIFAR-10's are."""

NETWORKS: Mapping[str, Network] = MappingProxyType({DEFAULT: lenet5(), **ZOO})
"""All that have a word, those that are refused for their size among them."""


def network_for(word: str, data: DataFacts, pooling: str = "avg") -> Network:
    """A network by its word, fitted to pictures and classes as far as that goes; LeNet-5 with the pooling asked for."""
    has_maxima = word == DEFAULT and pooling == "max"
    return fitted(lenet5(pooling="max") if has_maxima else NETWORKS[word], data)


def named(network: Network) -> Network:
    """The network under the name that its layers are known by."""
    return replace(network, name=name_of(network))
