"""Whether PyTorch gives the same shapes and counts the same parameters, layer by layer."""

import dataclasses
from typing import Any

import numpy as np

from cnnlab.layers import Shape
from cnnlab.lessons.network.texts import format_net, parse_net
from cnnlab.networks import Network
from cnnlab.networks.suggestions import read
from cnnlab.torch_reference import Agreement, TorchReference, compare

COLUMNS = 4
"""Numbers compared of each layer: its parameters, then the first, second and third size of its output."""

MAX_TRIED = 1_000_000
"""Input and weights of a layer that does not fit, up to which PyTorch really tries it."""


def ask_torch(reference: TorchReference, network: Network, input_shape: Shape) -> Agreement:
    """Have PyTorch build the network in the reference process, and compare shapes and parameters of each layer.

    Raises:
        CnnlabError: PyTorch could not be asked.
    """
    question = {"net": format_net(network), "input": list(input_shape)}
    return Agreement.from_plain(reference.ask(f"{__name__}:answer", question))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_torch` asks for, in the reference process."""
    return dataclasses.asdict(check_with_torch(parse_net(question["net"]), tuple(question["input"])))


def check_with_torch(network: Network, input_shape: Shape) -> Agreement:
    """Compare the layers with PyTorch's, as far as they fit: a row for each, with `COLUMNS` numbers.

    The layer that does not fit has a row as well, of zeros where it gives nothing: PyTorch, too, must stop there.

    Imports torch. Nothing is computed and no weight is drawn, but for a small layer that does not fit: on PyTorch's
    meta device VGG-16 costs no more than LeNet-5.
    """
    import warnings

    import torch

    reading = read(network, input_shape)
    rows, problem = reading.rows, reading.problem
    ours = np.zeros((len(rows) + (problem is not None), COLUMNS), dtype=np.int64)
    theirs = np.zeros_like(ours)
    with torch.device("meta"), torch.no_grad(), warnings.catch_warnings():
        # PyTorch dislikes a softmax without a dimension, which is no matter of shapes.
        warnings.simplefilter("ignore")
        x = torch.empty(1, *input_shape)
        for index, row in enumerate(rows):
            module = row.layer.to_torch().eval()
            x = module(x)
            sizes = tuple(x.shape[1:])
            ours[index, : 1 + len(row.output_shape)] = row.num_params, *row.output_shape
            theirs[index, : 1 + len(sizes)] = sum(weights.numel() for weights in module.parameters()), *sizes
    if problem is not None:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with torch.device("meta"):
                module = problem.layer.to_torch().eval()
            numbers = x.numel() + sum(weights.numel() for weights in module.parameters())
            if numbers <= MAX_TRIED:
                # The meta device lets a transposed convolution pass whatever its channels are.
                module, x = module.to_empty(device="cpu"), torch.zeros(x.shape)
            theirs[len(rows), 1] = _passes(module, x)
    return compare(ours, theirs, 1.0, str(torch.__version__))


def _passes(module: Any, x: Any) -> bool:
    try:
        module(x)
    except Exception:  # noqa: BLE001, PyTorch has many kinds of errors for this
        return False
    return True
