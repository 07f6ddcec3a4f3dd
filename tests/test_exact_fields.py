"""The region of a unit is what PyTorch's autograd finds: pixels whose gradient is not zero when all weights are one."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnnlab import receptive_field_region
from cnnlab.axis_fields import PhasedField
from cnnlab.errors import ShapeError
from cnnlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
)
from cnnlab.networks import Network, lenet5

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")


@st.composite
def stacks(draw: st.DrawFn) -> tuple[list[Layer], tuple[int, int], tuple[int, int]]:
    """Draw up to five layers of all kinds that read more than one cell, an input that they take, and a unit."""
    height, width = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    shape, layers = (1, height, width), list[Layer]()

    def pair(low: int, high: int) -> int | tuple[int, int]:
        return draw(st.one_of(st.integers(low, high), st.tuples(st.integers(low, high), st.integers(low, high))))

    for _ in range(draw(st.integers(1, 5))):
        try:
            layer: Layer
            kind = draw(st.sampled_from(["conv", "pool", "conv", "pool", "transposed", "adaptive"]))
            if kind == "transposed":
                stride = draw(st.integers(1, 3))
                extra = draw(st.integers(0, stride - 1))
                layer = ConvTranspose2d(1, 1, pair(1, 4), stride, pair(0, 2), extra, dilation=pair(1, 2))
            elif kind == "adaptive":
                layer = AdaptiveAvgPool2d(pair(1, 12))
            elif kind == "conv":
                mode = draw(st.sampled_from(["zeros", "zeros", "reflect", "replicate", "circular"]))
                layer = Conv2d(1, 1, pair(1, 4), pair(1, 3), pair(0, 3), pair(1, 3), padding_mode=mode)
            else:
                layer = AvgPool2d(pair(1, 4), pair(1, 3), pair(0, 2), ceil_mode=draw(st.booleans()))
            after = layer.output_shape(shape)
        except ShapeError:
            continue
        if max(after) <= 60:
            layers, shape = [*layers, layer], after
    assume(layers)
    return layers, (height, width), (draw(st.integers(0, shape[1] - 1)), draw(st.integers(0, shape[2] - 1)))


def gradient(layers: list[Layer], size: tuple[int, int], unit: tuple[int, int]) -> np.ndarray:
    """The gradient of one unit with respect to the input, with weights of one."""
    model = Network("ones", tuple(layers)).to_torch().double()
    for name, parameter in model.named_parameters():
        nn.init.constant_(parameter, 0.0 if name.endswith("bias") else 1.0)
    x = torch.ones(1, 1, *size, dtype=torch.float64, requires_grad=True)
    model(x)[0, 0, unit[0], unit[1]].backward()
    assert x.grad is not None
    return x.grad[0, 0].numpy()


@given(stacks())
@settings(deadline=None, max_examples=300)
def test_the_region_is_what_autograd_finds(drawn: tuple[list[Layer], tuple[int, int], tuple[int, int]]) -> None:
    layers, size, unit = drawn
    region = receptive_field_region(layers, size, unit)[0]
    np.testing.assert_array_equal(region.mask, gradient(layers, size, unit) > 0)


@given(stacks())
@settings(deadline=None, max_examples=100)
def test_paths_are_the_gradient_of_convolutions_of_ones(
    drawn: tuple[list[Layer], tuple[int, int], tuple[int, int]],
) -> None:
    layers, size, unit = drawn
    layers = [layer for layer in layers if isinstance(layer, Conv2d | ConvTranspose2d)]
    try:
        paths = receptive_field_region(layers, size, unit)[0].paths
        expected = gradient(layers, size, unit)
    except (ShapeError, RuntimeError):  # without the poolings the unit may be gone, or the rim too wide
        return
    np.testing.assert_array_equal(paths, expected)


@given(stacks())
@settings(deadline=None, max_examples=100)
def test_without_repeating_paddings_the_region_lies_in_the_span_of_the_arithmetic(
    drawn: tuple[list[Layer], tuple[int, int], tuple[int, int]],
) -> None:
    layers, size, unit = drawn
    assume(all(not isinstance(layer, Conv2d) or layer.padding_mode == "zeros" for layer in layers))
    rows = Network("drawn", tuple(layers)).summary((1, *size))
    for axis, (field, region) in enumerate(
        zip(
            (rows[-1].view.height, rows[-1].view.width),
            (receptive_field_region(layers, size, unit)[0].rows, receptive_field_region(layers, size, unit)[0].columns),
            strict=True,
        )
    ):
        assert (region.first, region.last) == field.span(unit[axis])
        # Behind a stride of a transposed convolution not all units see as much as the one that sees most.
        assert region.size == field.size or (isinstance(field, PhasedField) and region.size < field.size)
        reached = np.flatnonzero(region.mask)
        assert all(region.first <= pixel <= region.last for pixel in reached)


def test_lenets_units_see_5_6_14_16_and_32_pixels() -> None:
    network = lenet5()
    sizes = []
    for count, row in enumerate(network.summary(), start=1):
        if row.name in ("Conv2d", "AvgPool2d"):
            region = receptive_field_region(network.layers[:count], (32, 32), (0, 0))[0]
            assert region.mask.sum() == region.rows.size**2
            sizes.append(region.rows.size)
    assert sizes == [5, 6, 14, 16, 32]


def test_a_linear_layer_sees_all_that_the_map_before_it_sees() -> None:
    regions = receptive_field_region(
        [Conv2d(1, 1, kernel_size=3, stride=2), ReLU(), Flatten(), Linear(9, 4)], (8, 8), (0, 0)
    )
    assert len(regions) == 5
    assert regions[0].mask.sum() == 49  # 2*(3 - 1) + 3 = 7 of the 8 rows: the stride drops the last
    assert regions[1].mask.all()


def test_a_region_goes_through_the_maps_in_between() -> None:
    layers = [Conv2d(1, 1, kernel_size=3, padding=1), Conv2d(1, 1, kernel_size=3, padding=1)]
    below, between, own = receptive_field_region(layers, (5, 5), (0, 4))
    assert (below.rows.first, below.rows.last, below.columns.first, below.columns.last) == (-2, 2, 2, 6)
    assert (below.rows.outside, below.columns.outside, own.rows.outside) == (2, 2, 0)
    assert np.argwhere(own.mask).tolist() == [[0, 4]]
    assert between.mask[:2, 3:].all()
    assert between.mask.sum() == 4
    # Padding is no pixel: nothing goes through it, so the corner has fewer ways than the middle.
    assert below.rows.paths.tolist() == [2, 2, 1, 0, 0]


def test_many_units_can_be_asked_at_once() -> None:
    from cnnlab.exact_fields import axis_chain

    chain = axis_chain([Conv2d(1, 1, kernel_size=3), AvgPool2d(2)], 8, 0)
    assert chain.sizes == (8, 6, 3)
    paths = chain.paths(np.eye(3), 2)[0]
    for unit in range(3):
        assert np.array_equal(paths[unit], chain.regions(unit)[0].paths)


@pytest.mark.parametrize(
    ("layers", "size", "unit", "message"),
    [
        ([Conv2d(1, 1, 3)], (5, 5), (3, 0), r"no unit \(3, 0\) in a map of 3 × 3: rows go from 0 to 2"),
        ([Conv2d(1, 1, 3)], (5, 5), (0, -1), "The unit's position is -1: use 0 or more"),
        (
            [Conv2d(1, 1, 3), Conv2d(1, 1, 5)],
            (5, 5),
            (0, 0),
            r"Layer 2 \(Conv2d\(1, 1, kernel_size=5\)\) cannot take 3",
        ),
        (
            [ConvTranspose2d(1, 1, 2, padding=3)],
            (5, 5),
            (0, 0),
            r"Layer 1 \(ConvTranspose2d\(.*\)\) cannot take 5 pixels. Along the height: Padding 3 cuts away the whole",
        ),
        (["conv"], (5, 5), (0, 0), "'conv' is not a layer"),
        ([MaxPool2d(2)], (0, 5), (0, 0), "A side of the input is 0: use 1 or more"),
    ],
)
def test_what_cannot_be_is_refused_in_words(layers: list, size: tuple, unit: tuple, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        receptive_field_region(layers, size, unit)


def test_a_padding_that_no_mirror_image_fills_is_refused() -> None:
    with pytest.raises(ShapeError, match="Padding 2 in reflect mode needs more than the 2 pixels of the axis"):
        receptive_field_region([Conv2d(1, 1, 3, padding=2, padding_mode="reflect")], (2, 2), (0, 0))
