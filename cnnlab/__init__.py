"""A lab for convolution mechanics: the numbers behind every page, usable without a browser.

Arrays are NumPy, images are (C, H, W) or (N, C, H, W), weights (O, C/groups, FH, FW), and arguments have the names and
the meaning of torch.nn.functional. Importing this costs next to nothing: a name brings the module that it lies in when
it is first asked for, and what needs torch imports it when it is called.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnlab.data import Dataset, load_dataset
    from cnnlab.effective_fields import effective_receptive_field
    from cnnlab.errors import CnnlabError, DataError, ParseError, ShapeError, TrainingError
    from cnnlab.exact_fields import Region, receptive_field_region
    from cnnlab.networks import LayerSummary, Network, lenet5, parse_network
    from cnnlab.ops import (
        ConvStep,
        ConvTransposeStamp,
        ConvTransposeStep,
        PoolStep,
        adaptive_avg_pool2d,
        avg_pool2d,
        avg_pool2d_grad,
        batch_norm,
        conv2d,
        conv2d_input_grad,
        conv2d_step,
        conv2d_weight_grad,
        conv3d,
        conv_transpose2d,
        conv_transpose2d_stamp,
        conv_transpose2d_step,
        leaky_relu,
        linear,
        log_softmax,
        max_pool2d,
        max_pool2d_grad,
        pad,
        pool2d_step,
        relu,
        sigmoid,
        softmax,
        tanh,
    )
    from cnnlab.shapes import output_size
    from cnnlab.training import Progress, TrainingConfig, train

__version__ = "0.1.0"

__all__ = [
    "CnnlabError",
    "ConvStep",
    "ConvTransposeStamp",
    "ConvTransposeStep",
    "DataError",
    "Dataset",
    "LayerSummary",
    "Network",
    "ParseError",
    "PoolStep",
    "Progress",
    "Region",
    "ShapeError",
    "TrainingConfig",
    "TrainingError",
    "__version__",
    "adaptive_avg_pool2d",
    "avg_pool2d",
    "avg_pool2d_grad",
    "batch_norm",
    "conv2d",
    "conv2d_input_grad",
    "conv2d_step",
    "conv2d_weight_grad",
    "conv3d",
    "conv_transpose2d",
    "conv_transpose2d_stamp",
    "conv_transpose2d_step",
    "effective_receptive_field",
    "leaky_relu",
    "lenet5",
    "linear",
    "load_dataset",
    "log_softmax",
    "max_pool2d",
    "max_pool2d_grad",
    "output_size",
    "pad",
    "parse_network",
    "pool2d_step",
    "receptive_field_region",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
    "train",
]

_HOMES = {
    "Dataset": "cnnlab.data",
    "load_dataset": "cnnlab.data",
    "CnnlabError": "cnnlab.errors",
    "DataError": "cnnlab.errors",
    "ParseError": "cnnlab.errors",
    "ShapeError": "cnnlab.errors",
    "TrainingError": "cnnlab.errors",
    "effective_receptive_field": "cnnlab.effective_fields",
    "LayerSummary": "cnnlab.networks",
    "Network": "cnnlab.networks",
    "lenet5": "cnnlab.networks",
    "parse_network": "cnnlab.networks",
    "ConvStep": "cnnlab.ops",
    "ConvTransposeStamp": "cnnlab.ops",
    "ConvTransposeStep": "cnnlab.ops",
    "PoolStep": "cnnlab.ops",
    "adaptive_avg_pool2d": "cnnlab.ops",
    "avg_pool2d": "cnnlab.ops",
    "avg_pool2d_grad": "cnnlab.ops",
    "batch_norm": "cnnlab.ops",
    "conv2d": "cnnlab.ops",
    "conv2d_input_grad": "cnnlab.ops",
    "conv2d_step": "cnnlab.ops",
    "conv2d_weight_grad": "cnnlab.ops",
    "conv3d": "cnnlab.ops",
    "conv_transpose2d": "cnnlab.ops",
    "conv_transpose2d_stamp": "cnnlab.ops",
    "conv_transpose2d_step": "cnnlab.ops",
    "leaky_relu": "cnnlab.ops",
    "linear": "cnnlab.ops",
    "log_softmax": "cnnlab.ops",
    "max_pool2d": "cnnlab.ops",
    "max_pool2d_grad": "cnnlab.ops",
    "pad": "cnnlab.ops",
    "pool2d_step": "cnnlab.ops",
    "relu": "cnnlab.ops",
    "sigmoid": "cnnlab.ops",
    "softmax": "cnnlab.ops",
    "tanh": "cnnlab.ops",
    "Region": "cnnlab.exact_fields",
    "receptive_field_region": "cnnlab.exact_fields",
    "output_size": "cnnlab.shapes",
    "Progress": "cnnlab.training",
    "TrainingConfig": "cnnlab.training",
    "train": "cnnlab.training",
}
"""The module that each public name lies in, as the imports above tell it to those who only read types."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, and keep it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
