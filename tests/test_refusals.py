"""PyTorch's own messages, worked out from shapes, are word for word those of the PyTorch that is installed."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.layers import (
    LAYER_TYPES,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Layer,
    Linear,
    MaxPool2d,
    Shape,
    Softmax,
)
from cnnlab.networks.refusals import torch_says
from tests.drawn_layers import input_shapes, layers

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths"),
    pytest.mark.filterwarnings("ignore:Implicit dimension choice for .*softmax"),
    pytest.mark.filterwarnings("ignore:dropout2d"),
]


def pytorch(layer: Layer, shape: Shape, batch: int) -> str | None:
    try:
        layer.to_torch().eval()(torch.zeros(batch, *shape))
    except (RuntimeError, ValueError, IndexError) as error:
        return str(error)
    return None


def _is_cut_away(layer: Layer) -> bool:
    return isinstance(layer, ConvTranspose2d) and layer.padding != 0


@pytest.mark.parametrize("layer_type", LAYER_TYPES.values(), ids=LAYER_TYPES)
@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_what_is_said_is_what_pytorch_says(layer_type: type[Layer], data: st.DataObject) -> None:
    shape = data.draw(st.one_of(input_shapes(largest=6), st.tuples(st.integers(1, 6))))
    layer = data.draw(layers(layer_type))
    batch = data.draw(st.integers(1, 3))
    said, expected = torch_says(layer, shape, batch), pytorch(layer, shape, batch)
    if said is None:
        # Only of rims that cannot be filled, or that leave nothing, the message is not known.
        assert expected is None or (isinstance(layer, Conv2d) and layer.padding_mode != "zeros") or _is_cut_away(layer)
    else:
        assert said == expected


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (Linear(400, 120), (256,), "mat1 and mat2 shapes cannot be multiplied (1x256 and 400x120)"),
        (Linear(400, 120), (16, 5, 5), "mat1 and mat2 shapes cannot be multiplied (80x5 and 400x120)"),
        (
            Conv2d(3, 6, 5),
            (1, 28, 28),
            "Given groups=1, weight of size [6, 3, 5, 5], expected input[1, 1, 28, 28] to have 3 channels, "
            "but got 1 channels instead",
        ),
        (
            Conv2d(3, 6, 4, padding="same"),
            (1, 8, 8),
            "Given groups=1, weight of size [6, 3, 4, 4], expected input[1, 1, 9, 9] to have 3 channels, "
            "but got 1 channels instead",
        ),
        (
            ConvTranspose2d(4, 6, 5, groups=2),
            (1, 8, 8),
            "Given transposed=1, weight of size [4, 3, 5, 5], expected input[1, 1, 8, 8] to have 4 channels, "
            "but got 1 channels instead",
        ),
        (
            Conv2d(3, 6, 5),
            (3, 4, 8),
            "Calculated padded input size per channel: (4 x 8). Kernel size: (5 x 5). "
            "Kernel size can't be greater than actual input size",
        ),
        (
            MaxPool2d(3),
            (16, 2, 2),
            "Given input size: (16x2x2). Calculated output size: (16x0x0). Output size is too small",
        ),
        (BatchNorm2d(6), (16, 4, 4), "running_mean should contain 16 elements not 6"),
        (BatchNorm1d(6), (6, 4, 4), "expected 2D or 3D input (got 4D input)"),
        (BatchNorm2d(6), (6,), "expected 4D input (got 2D input)"),
        (AvgPool2d(2), (6,), "Dimension out of range (expected to be in range of [-2, 1], but got -3)"),
        (AdaptiveAvgPool2d(2), (6,), "adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got [1, 6]"),
        (Softmax(dim=3), (6,), "Dimension out of range (expected to be in range of [-2, 1], but got 3)"),
    ],
)
def test_the_messages_that_learners_meet(layer: Layer, shape: Shape, words: str) -> None:
    assert torch_says(layer, shape) == words == pytorch(layer, shape, 1)


def test_nothing_is_said_where_pytorch_is_content() -> None:
    assert torch_says(Linear(256, 120), (256,)) is None
    assert torch_says(Linear(5, 120), (16, 5, 5)) is None
