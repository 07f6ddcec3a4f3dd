"""A lab for convolution mechanics: the numbers behind every page, usable without a browser.

Arrays are NumPy, images are (C, H, W) or (N, C, H, W), weights (O, C/groups, FH, FW), and arguments have the names and
the meaning of torch.nn.functional. Importing this costs neither torch nor streamlit: what needs torch imports it when
it is called.
"""

from cnnlab.data import Dataset, load_dataset
from cnnlab.errors import CnnlabError, DataError, ParseError, ShapeError, TrainingError
from cnnlab.inside import effective_receptive_field
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
from cnnlab.regions import Region, receptive_field_region
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
