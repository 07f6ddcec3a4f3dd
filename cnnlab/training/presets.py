"""Networks that are offered for training, each fitted to whatever it is to be trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cnnlab.data import DataFacts
from cnnlab.networks import Network, lenet5
from cnnlab.networks.zoo import ZOO, name_of
from cnnlab.presets import Preset
from cnnlab.texts import Message, message, verbatim
from cnnlab.training.feasibility import fitted

DEFAULT = "lenet5"


def _preset(network: Network, note: Message) -> Preset[Network]:
    return Preset(verbatim(network.name), note, network)


PRESETS: Mapping[str, Preset[Network]] = MappingProxyType(
    {
        DEFAULT: _preset(
            lenet5(),
            message("three layers of 5×5 kernels, a pooling after each of the first two, and two linear layers"),
        ),
        "lenet5-1998": _preset(
            ZOO["lenet5-1998"], message("the same with tanh instead of ReLU and 84 units instead of 100")
        ),
        "tiny-vgg": _preset(
            ZOO["tiny-vgg"], message("four layers of 3×3 kernels, max pooling after the second and the last")
        ),
    }
)
"""Those that can be trained on pictures of 32x32, as CIFAR-10's are, by their words in links and commands."""

NETWORKS: Mapping[str, Network] = MappingProxyType({DEFAULT: lenet5(), **ZOO})
"""All that have a word, those that are refused for their size among them."""


def network_for(word: str, data: DataFacts, pooling: str = "avg") -> Network:
    """A network by its word, fitted to pictures and classes as far as that goes; LeNet-5 with the pooling asked for."""
    has_maxima = word == DEFAULT and pooling == "max"
    return fitted(lenet5(pooling="max") if has_maxima else NETWORKS[word], data)


def named(network: Network) -> Network:
    """The network under the name that its layers are known by."""
    return replace(network, name=name_of(network))
