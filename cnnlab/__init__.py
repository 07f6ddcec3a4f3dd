"""A lab for convolution mechanics: the numbers behind every page, usable without a browser.

Arrays are NumPy, images are (C, H, W) or (N, C, H, W), weights (O, C/groups, FH, FW), and arguments have the names and
the meaning of torch.nn.functional. Importing this costs neither torch nor streamlit: what needs torch imports it when
it is called.
"""

from cnnlab.data import Dataset, load_dataset
from cnnlab.errors import CnnlabError, DataError, ParseError, ShapeError, TrainingError
from cnnlab.inside import effective_receptive_field
from cnnlab.networks import LayerSummary, Network, lenet5
from cnnlab.ops import (
    ConvStep,
    avg_pool2d,
    conv2d,
    conv2d_step,
    conv3d,
    conv_transpose2d,
    max_pool2d,
    pad,
)
from cnnlab.regions import Region, receptive_field_region
from cnnlab.shapes import output_size
from cnnlab.training import Progress, TrainingConfig, train

__version__ = "0.1.0"

__all__ = [
    "CnnlabError",
    "ConvStep",
    "DataError",
    "Dataset",
    "LayerSummary",
    "Network",
    "ParseError",
    "Progress",
    "Region",
    "ShapeError",
    "TrainingConfig",
    "TrainingError",
    "__version__",
    "avg_pool2d",
    "conv2d",
    "conv2d_step",
    "conv3d",
    "conv_transpose2d",
    "effective_receptive_field",
    "lenet5",
    "load_dataset",
    "max_pool2d",
    "output_size",
    "pad",
    "receptive_field_region",
    "train",
]
