"""The operations of convolutional networks in NumPy: every one is held against torch.nn.functional in the tests.

arguments.py    arrays, pairs and groups, checked
exact.py        which kind of number keeps integers exact
padding.py      pad
convolution.py  conv2d, conv3d
transposed.py   conv_transpose2d
pooling.py      max_pool2d, avg_pool2d, adaptive_avg_pool2d
activations.py  relu, leaky_relu, tanh, sigmoid, softmax, log_softmax
features.py     linear, batch_norm
gradients.py    from the gradient of an output to that of the input, or of the weights
steps.py        conv2d_step: one output cell, taken apart
pool_steps.py   pool2d_step: likewise
transposed_steps.py  conv_transpose2d_step: likewise; conv_transpose2d_stamp: what one input cell adds
"""

from cnnlab.ops.activations import leaky_relu, log_softmax, relu, sigmoid, softmax, tanh
from cnnlab.ops.convolution import conv2d, conv3d
from cnnlab.ops.features import batch_norm, linear
from cnnlab.ops.gradients import avg_pool2d_grad, conv2d_input_grad, conv2d_weight_grad, max_pool2d_grad
from cnnlab.ops.padding import PADDING_MODES, pad
from cnnlab.ops.pool_steps import PoolStep, pool2d_step
from cnnlab.ops.pooling import adaptive_avg_pool2d, avg_pool2d, max_pool2d
from cnnlab.ops.steps import ConvStep, conv2d_step
from cnnlab.ops.transposed import conv_transpose2d
from cnnlab.ops.transposed_steps import (
    ConvTransposeStamp,
    ConvTransposeStep,
    conv_transpose2d_stamp,
    conv_transpose2d_step,
)

__all__ = [
    "PADDING_MODES",
    "ConvStep",
    "ConvTransposeStamp",
    "ConvTransposeStep",
    "PoolStep",
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
    "leaky_relu",
    "linear",
    "log_softmax",
    "max_pool2d",
    "max_pool2d_grad",
    "pad",
    "pool2d_step",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]
