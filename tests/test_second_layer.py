"""Two convolutions one after the other give what torch makes of them, and a unit's field is what it depends on."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlab import ShapeError, lecture
from cnnlab.lessons.convolution.second_layer import DEFAULT_SECOND_KERNEL, take_further
from cnnlab.lessons.convolution.settings import ConvSettings, walk

sizes = st.integers(1, 3)


@given(
    seed=st.integers(0, 999),
    size=st.tuples(st.integers(3, 8), st.integers(3, 8)),
    kernel=st.tuples(sizes, sizes),
    second=st.tuples(sizes, sizes),
    stride=st.integers(1, 2),
    padding=st.integers(0, 2),
    dilation=st.integers(1, 2),
)
def test_two_layers_are_those_of_torch(
    seed: int,
    size: tuple[int, int],
    kernel: tuple[int, int],
    second: tuple[int, int],
    stride: int,
    padding: int,
    dilation: int,
) -> None:
    draw = np.random.default_rng(seed)
    x, first_weights, second_weights = (draw.integers(1, 9, shape) for shape in (size, kernel, second))
    try:
        first = walk(ConvSettings(x, first_weights, stride, padding, dilation=dilation, bias=2))
        layers = take_further(first, second_weights)
    except ShapeError:
        assume(False)
        return
    image = torch.from_numpy(x)[None, None].double().requires_grad_()
    weights = [torch.from_numpy(each)[None, None].double() for each in (first_weights, second_weights)]
    middle = torch.conv2d(image, weights[0], torch.tensor([2.0]).double(), stride, padding, dilation)
    out = torch.conv2d(middle, weights[1])
    assert np.array_equal(layers.second.totals, out.detach().numpy()[0, 0])
    height, width = x.shape
    for unit, total in enumerate(out.flatten()):
        (gradient,) = torch.autograd.grad(total, image, retain_graph=True)
        # All weights are positive, so that no two cancel.
        depends = set(np.flatnonzero(gradient.numpy()).tolist())
        rows, columns = np.divmod(layers.fields[unit], first.padded.shape[1])
        inside = [
            (row - padding) * width + column - padding
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
            if 0 <= row - padding < height and 0 <= column - padding < width
        ]
        assert len(inside) == len(set(inside))
        assert set(inside) == depends
        read = layers.first.totals.ravel()[layers.inputs[unit]]
        assert (read * second_weights.ravel()).sum() == layers.second.totals.ravel()[unit]


def test_the_lectures_input_goes_from_5_to_3_to_2_and_a_unit_sees_4x4_of_it() -> None:
    layers = take_further(walk(ConvSettings(lecture.INPUT, lecture.KERNEL)), DEFAULT_SECOND_KERNEL)
    assert layers.second.totals.tolist() == [[27 + 43, 36 + 54], [32 + 47, 43 + 53]]
    assert layers.inputs[0].tolist() == [0, 1, 3, 4]
    assert layers.fields[0].reshape(4, 4).tolist() == [[row * 5 + column for column in range(4)] for row in range(4)]


def test_a_second_kernel_that_does_not_fit_is_refused_with_both_sizes() -> None:
    first = walk(ConvSettings(lecture.INPUT, lecture.KERNEL))
    with pytest.raises(
        ShapeError, match=r"The second kernel has 2 × 4 cells and the first output only 3 × 3: make the"
    ):
        take_further(first, np.ones((2, 4)))
