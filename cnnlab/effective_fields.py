"""Looking into a network with PyTorch: which pixels a unit really listens to.

The arithmetic of receptive fields tells which pixels a unit can depend on. How much it depends on each is its gradient
with respect to the input, and that is a blot in the middle of the square.

Source: W. Luo, Y. Li, R. Urtasun and R. Zemel, "Understanding the effective receptive field in deep convolutional
neural networks", NIPS 2016.
"""

# torch leaves parts of its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.data import load_dataset
from cnnlab.errors import ShapeError, quoted
from cnnlab.layers import LAYER_TYPES, Layer
from cnnlab.networks import Network, lenet5
from cnnlab.shapes import whole_number
from cnnlab.training.checkpoints import TRAINED_LENET5, load_weights, read_settings

if TYPE_CHECKING:
    from cnnlab.torch_reference import TorchReference

MAX_CHANNELS = 16
"""Of a map with more channels this many, evenly spread, are asked for their gradient."""

PICTURES = 48
"""How many pictures `ask_effective` averages over, unless the network is so large that it takes fewer."""

MOST_MACS = 2 * 10**11
"""Multiply-adds that one question to the reference process may cost: some ten seconds of one thread."""


def effective_receptive_field(
    network: Network | Sequence[Layer],
    pictures: NDArray[Any],
    *,
    layer: int | None = None,
    unit: tuple[int, int] | None = None,
    weights: str | PathLike[str] | None = None,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Measure how much one unit depends on each pixel of the input (Luo et al. 2016). Imports torch.

    It is the magnitude of the gradient of the unit with respect to the input, averaged over the pictures, the input's
    channels, and the channels of the map at the unit's place (at most `MAX_CHANNELS` of them).

    Args:
        network: or its layers, in order.
        pictures: (N, C, H, W), as the network takes them: normalised as those were that it has been trained with.
        layer: whose unit is asked, counted from 0; the last one where nothing is said.
        unit: (row, column) in its map; the middle one where nothing is said. After Flatten there is one place, (0, 0).
        weights: a safetensors file of the network's weights; drawn by `seed`, as PyTorch draws them, if None.

    Returns:
        (H, W), nowhere negative. Where ReLUs are silent on all pictures it may be 0 within the receptive field.

    Raises:
        ShapeError: the pictures do not fit the network, or there is no such layer or unit.
        DataError: the file does not hold this network's weights.
    """
    whole = network if isinstance(network, Network) else Network("layers", tuple(network))
    x = np.asarray(pictures, dtype=np.float32)
    if x.ndim != 4 or not len(x):
        raise ShapeError(
            "The pictures have the shape {shape}: give (N, C, H, W) with at least one picture.", shape=x.shape
        )
    last = len(whole.layers) - 1
    index = last if layer is None else whole_number("layer", layer, 0)
    if not 0 <= index <= last:
        raise ShapeError(
            "There is no layer {index} in {network}: use 0 to {last}.", index=index, network=whole.name, last=last
        )
    shape = whole.summary(x.shape[1:])[index].output_shape
    size = (shape[1], shape[2]) if len(shape) == 3 else (1, 1)
    row, column = (size[0] // 2, size[1] // 2) if unit is None else unit
    if not (0 <= row < size[0] and 0 <= column < size[1]):
        raise ShapeError(
            "There is no unit {unit} in a map of {height} × {width}.",
            unit=quoted(unit),
            height=size[0],
            width=size[1],
        )

    import torch

    if weights is None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(whole_number("seed", seed, 0))
            model = whole.without_inplace().to_torch().eval()
    else:
        model = load_weights(weights, whole.without_inplace())
    model.requires_grad_(False)
    inputs = torch.from_numpy(x).requires_grad_()
    units: Any = inputs.clone()  # which a layer that works in place may overwrite
    for module in list(model.children())[: index + 1]:
        units = module(units)
    at_place = units[:, :, row, column] if units.ndim == 4 else units
    total = torch.zeros(x.shape[2:], dtype=torch.float64)
    asked = np.unique(np.linspace(0, shape[0] - 1, min(shape[0], MAX_CHANNELS)).round().astype(int)).tolist()
    for channel in asked:
        (gradient,) = torch.autograd.grad(at_place[:, channel].sum(), inputs, retain_graph=True)
        total += gradient.abs().double().mean(dim=(0, 1))
    return (total / len(asked)).numpy()


def share_within(field: NDArray[np.float64], rows: tuple[int, int], columns: tuple[int, int]) -> float:
    """The part of a field, from 0 to 1, that lies in a rectangle given by its first and last row and column.

    >>> share_within(np.array([[1.0, 1, 0], [1, 5, 0]]), rows=(1, 1), columns=(1, 2))
    0.625
    """
    total = float(field.sum())
    inside = field[max(0, rows[0]) : max(0, rows[1] + 1), max(0, columns[0]) : max(0, columns[1] + 1)]
    return float(inside.sum()) / total if total else 0.0


def middle_half(first: int, last: int) -> tuple[int, int]:
    """The span in the middle of another, half as long, or a little more where that cannot be halved evenly.

    >>> middle_half(0, 13), middle_half(3, 7)  # 14 pixels: 8 of them, as 7 could not lie in the middle; 5: 3 of them
    ((3, 10), (4, 6))
    """
    size = last - first + 1
    half = -(-size // 2)
    half += (size - half) % 2
    start = first + (size - half) // 2
    return start, start + half - 1


def lenet5_pictures(count: int = PICTURES) -> NDArray[np.float32]:
    """The first test pictures of cifar10-mini, normalised for the trained LeNet-5: (N, 3, 32, 32)."""
    facts = read_settings(TRAINED_LENET5)
    mean, std = (np.array(facts[name], dtype=np.float32)[:, None, None] for name in ("mean", "std"))
    pixels = load_dataset("cifar10-mini").x_test[:count]
    return ((pixels / 255 - mean) / std).astype(np.float32)


def noise_pictures(shape: Sequence[int], count: int = PICTURES, seed: int = 0) -> NDArray[np.float32]:
    """Pictures of nothing, for a network that has seen nothing: numbers around 0 with deviation 1, (N, C, H, W)."""
    return np.random.default_rng(seed).standard_normal((count, *shape), dtype=np.float32)


# --- asked from a server ----------------------------------------------------------------------------------------------


def ask_effective(
    reference: TorchReference,
    network: Network,
    *,
    layer: int,
    unit: tuple[int, int],
    trained: bool = False,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Have a unit's effective receptive field measured in the reference process: (H, W).

    LeNet-5 is shown pictures of cifar10-mini, any other network noise.

    Args:
        trained: take the weights of the trained LeNet-5, which the network must be, and do not draw any.

    Raises:
        CnnlabError: the network and the unit do not go together, it is too large, or PyTorch could not be asked.
    """
    rows = network.summary()[: layer + 1]
    # One pass forward, and one back for each channel that is asked.
    cost = sum(row.macs for row in rows) * (1 + min(rows[-1].output_shape[0], MAX_CHANNELS))
    count = min(PICTURES, MOST_MACS // max(1, cost))
    if not count:
        raise ShapeError(
            "A gradient through these layers takes {cost:.1e} multiply-adds: use smaller kernels, a smaller input or "
            "fewer layers.",
            cost=cost,
        )
    question = {
        "pictures": count,
        "name": network.name,
        "layers": [{"type": layer.name, "settings": dataclasses.asdict(layer)} for layer in network.layers],
        "input_shape": network.input_shape,
        "layer": layer,
        "unit": list(unit),
        "trained": trained,
        "seed": seed,
    }
    return np.array(reference.ask(f"{__name__}:answer", question)["field"])


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Do what `ask_effective` asks for, in the reference process."""
    layers = tuple(LAYER_TYPES[layer["type"]](**layer["settings"]) for layer in question["layers"])
    network = Network(question["name"], layers, tuple(question["input_shape"]))
    count = question["pictures"]
    # Whatever it is called: LeNet-5 can be asked about real pictures, as there are weights that were trained on them.
    is_lenet5 = network.layers == lenet5().layers
    pictures = lenet5_pictures(count) if is_lenet5 else noise_pictures(question["input_shape"], count)
    field = effective_receptive_field(
        network,
        pictures,
        layer=question["layer"],
        unit=tuple(question["unit"]),
        weights=TRAINED_LENET5 if question["trained"] else None,
        seed=question["seed"],
    )
    return {"field": field.tolist()}
