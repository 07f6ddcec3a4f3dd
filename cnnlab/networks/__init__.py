"""Networks: layers in order, what they do to a shape, their source in PyTorch, and their PyTorch twins."""

from cnnlab.networks.network import (
    LayerSummary,
    Network,
    check_input_shape,
    format_summary,
    lenet5,
)
from cnnlab.networks.parsing import parse_network, parse_shape

__all__ = [
    "LayerSummary",
    "Network",
    "check_input_shape",
    "format_summary",
    "lenet5",
    "parse_network",
    "parse_shape",
]
