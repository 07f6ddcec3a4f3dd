"""Networks: layers in order, what they do to a shape, their source in PyTorch, and their PyTorch twins."""

from cnnlab.networks.files import load_network, network_names, read_source
from cnnlab.networks.guessing import guess_input
from cnnlab.networks.network import (
    LayerSummary,
    Network,
    check_input_shape,
    format_summary,
    lenet5,
)
from cnnlab.networks.parsing import PastedNetwork, parse_network, parse_shape, read_code
from cnnlab.networks.scripts import to_script

__all__ = [
    "LayerSummary",
    "Network",
    "PastedNetwork",
    "check_input_shape",
    "format_summary",
    "guess_input",
    "lenet5",
    "load_network",
    "network_names",
    "parse_network",
    "parse_shape",
    "read_code",
    "read_source",
    "to_script",
]
