"""The operations of convolutional networks in NumPy: every one is held against torch.nn.functional in the tests.

arguments.py    arrays, pairs and groups, checked
exact.py        which kind of number keeps integers exact
padding.py      pad
convolution.py  conv2d, conv3d
transposed.py   conv_transpose2d
pooling.py      max_pool2d, avg_pool2d
steps.py        conv2d_step: one output cell, taken apart
"""

from cnnlab.ops.convolution import conv2d, conv3d
from cnnlab.ops.padding import PADDING_MODES, pad
from cnnlab.ops.pooling import avg_pool2d, max_pool2d
from cnnlab.ops.steps import ConvStep, conv2d_step
from cnnlab.ops.transposed import conv_transpose2d

__all__ = [
    "PADDING_MODES",
    "ConvStep",
    "avg_pool2d",
    "conv2d",
    "conv2d_step",
    "conv3d",
    "conv_transpose2d",
    "max_pool2d",
    "pad",
]
