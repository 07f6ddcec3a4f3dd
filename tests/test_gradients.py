"""Gradients of convolutions and poolings are those of torch's autograd, and exact for integers."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # its name everywhere
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlab import (
    avg_pool2d,
    avg_pool2d_grad,
    conv2d,
    conv2d_input_grad,
    conv2d_weight_grad,
    conv_transpose2d,
    max_pool2d,
    max_pool2d_grad,
)
from cnnlab.errors import ShapeError
from cnnlab.ops import PADDING_MODES
from cnnlab.ops.arguments import Array
from tests.drawn_windows import assert_same, axes, images, kinds, numbers, pairs, seeds, tensor


def through_autograd(output: torch.Tensor, gradient: Array, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return torch.autograd.grad(output, inputs, tensor(gradient))


# --- conv2d ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", PADDING_MODES)
@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans())
def test_both_gradients_of_conv2d_agree_with_autograd(
    mode: str, data: st.DataObject, seed: int, kind: str, is_batch: bool
) -> None:
    rows, columns = data.draw(axes(mode)), data.draw(axes(mode))
    groups, depth, share = (data.draw(st.integers(1, 3)) for _ in range(3))
    x = images(seed, kind, is_batch, groups * depth, rows.size, columns.size)
    weight = numbers(seed + 1, kind, (groups * share, depth, rows.kernel_size, columns.kernel_size))
    options = {**pairs(rows, columns, "stride", "padding", "dilation"), "groups": groups}
    layer = torch.nn.Conv2d(
        groups * depth, groups * share, weight.shape[2:], **options, bias=False, padding_mode=mode
    ).double()
    layer.weight.data = tensor(weight)
    image = tensor(x).requires_grad_()
    output = layer(image)
    gradient = numbers(seed + 2, kind, tuple(output.shape))

    of_input, of_weight = through_autograd(output, gradient, image, layer.weight)

    ours = conv2d_input_grad(gradient, weight, x.shape[-2:], **options, padding_mode=mode)
    assert_same(ours, of_input, kind)
    ours = conv2d_weight_grad(x, gradient, weight.shape[2:], **options, padding_mode=mode)
    assert_same(ours, of_weight, kind)


@pytest.mark.parametrize("size", [(3, 3), (2, 4), (1, 5)])
def test_same_padding_goes_back_too(size: tuple[int, int]) -> None:
    x, weight, gradient = (numbers(n, "int", shape) for n, shape in enumerate([(1, 6, 7), (2, 1, *size), (2, 6, 7)]))
    image, kernel = tensor(x).requires_grad_(), tensor(weight).requires_grad_()
    padded = F.pad(image, ((size[1] - 1) // 2, size[1] // 2, (size[0] - 1) // 2, size[0] // 2))
    of_input, of_weight = through_autograd(F.conv2d(padded, kernel), gradient, image, kernel)
    assert_same(conv2d_input_grad(gradient, weight, (6, 7), padding="same"), of_input, "int")
    assert_same(conv2d_weight_grad(x, gradient, size, padding="same"), of_weight, "int")


@given(seed=seeds, stride=st.integers(1, 3), padding=st.integers(0, 2))
def test_the_inputs_gradient_is_the_transposed_convolution(seed: int, stride: int, padding: int) -> None:
    x, weight = numbers(seed, "int", (2, 8, 8)), numbers(seed + 1, "int", (3, 2, 3, 3))
    gradient = numbers(seed + 2, "int", conv2d(x, weight, stride=stride, padding=padding).shape)
    dropped = (8 + 2 * padding - 3) % stride
    back = conv_transpose2d(gradient, weight, stride=stride, padding=padding, output_padding=dropped)
    assert np.array_equal(conv2d_input_grad(gradient, weight, 8, stride=stride, padding=padding), back)


def test_gradients_of_large_integers_are_exact_or_refused() -> None:
    gradient, weight = np.full((1, 1, 1), 2**53 + 1), np.ones((1, 1, 2, 2), dtype=np.int64)
    assert (conv2d_input_grad(gradient, weight, 2) == 2**53 + 1).all()
    assert (conv2d_weight_grad(np.ones((1, 2, 2), dtype=np.int64), gradient, 2) == 2**53 + 1).all()
    large = np.full((1, 2, 2), 2**62)
    for refused in (
        lambda: conv2d_input_grad(large, weight, 3),
        lambda: conv2d_input_grad(large, np.ones((1, 1, 3, 3), dtype=np.int64), 2, padding=1),
        lambda: conv2d_weight_grad(np.ones((1, 3, 3), dtype=np.int64), large, 2),
        lambda: max_pool2d_grad(large, np.ones((1, 3, 3), dtype=np.int64), 2, 1),
        # One pixel, repeated all around: its gradient is the sum over nine positions.
        lambda: conv2d_input_grad(
            np.full((1, 3, 3), 2**62), np.ones((1, 1, 1, 1), dtype=np.int64), 1, padding=1, padding_mode="replicate"
        ),
    ):
        with pytest.raises(ShapeError, match="integers are too large: a sum could reach"):
            refused()


def test_half_precision_is_summed_in_single() -> None:
    gradient = np.full((1, 64, 64), 0.1, np.float16)
    assert conv2d_input_grad(gradient, np.ones((1, 1, 1, 1), np.float16), 64).dtype == np.float16
    summed = conv2d_weight_grad(np.ones((1, 64, 64), np.float16), gradient, 1)
    assert summed.item() == pytest.approx(409.5, abs=0.3)
    folded = conv2d_input_grad(gradient, np.ones((1, 1, 1, 1), np.float16), 2, padding=31, padding_mode="replicate")
    assert folded.sum() == pytest.approx(409.5, abs=0.5)
    routed = max_pool2d_grad(np.full((1, 1, 2), 0.1, np.float16), np.ones((1, 1, 3), np.float16), (1, 2), 1)
    assert routed.dtype == avg_pool2d_grad(gradient, 64, 1).dtype == np.float16


# --- poolings -------------------------------------------------------------------------------------------------------


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), ceil_mode=st.booleans())
def test_a_maximums_gradient_goes_where_autograd_sends_it(
    data: st.DataObject, seed: int, kind: str, is_batch: bool, ceil_mode: bool
) -> None:
    rows, columns = data.draw(axes(pooling=True)), data.draw(axes(pooling=True))
    x = images(seed, "int", is_batch, 2, rows.size, columns.size) // 3  # so that ties are common
    options: dict[str, Any] = {**pairs(rows, columns, "kernel_size", "stride", "padding", "dilation")}
    options["ceil_mode"] = ceil_mode
    image = tensor(x).requires_grad_()
    output = F.max_pool2d(image, **options)
    assume(torch.isfinite(output).all())
    gradient = numbers(seed + 1, kind, tuple(output.shape))
    assert_same(max_pool2d_grad(gradient, x, **options), through_autograd(output, gradient, image)[0], kind)


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), ceil_mode=st.booleans(), count=st.booleans())
def test_a_means_gradient_is_shared_as_autograd_shares_it(
    data: st.DataObject, seed: int, kind: str, is_batch: bool, ceil_mode: bool, count: bool
) -> None:
    rows, columns = data.draw(axes(pooling=True)), data.draw(axes(pooling=True))
    x = images(seed, kind, is_batch, 2, rows.size, columns.size)
    options: dict[str, Any] = {**pairs(rows, columns, "kernel_size", "stride", "padding")}
    options |= {"ceil_mode": ceil_mode, "count_include_pad": count}
    image = tensor(x).requires_grad_()
    output = F.avg_pool2d(image, **options)
    gradient = numbers(seed + 1, kind, tuple(output.shape))
    ours = avg_pool2d_grad(gradient, x.shape[-2:], **options)
    assert_same(ours, through_autograd(output, gradient, image)[0], "float64" if kind == "int" else kind)


def test_of_equal_maxima_the_first_gets_all() -> None:
    assert max_pool2d_grad([[[7]]], [[[2, 2], [2, 2]]], 2).tolist() == [[[7, 0], [0, 0]]]


def test_a_cell_that_several_windows_chose_gets_the_sum() -> None:
    x = np.zeros((1, 3, 3), dtype=np.int64)
    x[0, 1, 1] = 1
    assert max_pool2d_grad(np.ones((1, 2, 2), dtype=np.int64), x, 2, stride=1).tolist() == [
        [[0, 0, 0], [0, 4, 0], [0, 0, 0]]
    ]


@given(seed=seeds, kernel_size=st.integers(1, 3))
def test_nothing_of_a_gradient_is_lost_where_windows_tile_the_image(seed: int, kernel_size: int) -> None:
    x = numbers(seed, "int", (2, 6, 6))
    gradient = numbers(seed + 1, "int", max_pool2d(x, kernel_size).shape)
    assert max_pool2d_grad(gradient, x, kernel_size).sum() == gradient.sum()
    assert avg_pool2d_grad(gradient, 6, kernel_size).sum() == pytest.approx(gradient.sum())
    assert avg_pool2d(x, kernel_size).shape == gradient.shape


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        (
            r"^grad_output has shape \(1, 2, 2\) but the output of these settings has shape \(1, 3, 3\): "
            r"use one number for each cell of the output\.$",
            lambda: conv2d_input_grad(np.ones((1, 2, 2)), np.ones((1, 1, 3, 3)), 5),
        ),
        (
            r"grad_output has shape \(2, 3, 3\) but the output of these settings has shape \(1, 3, 3\)",
            lambda: conv2d_input_grad(np.ones((2, 3, 3)), np.ones((1, 1, 3, 3)), 5),
        ),
        (
            r"grad_output has shape \(2, 4, 4\) but the output of these settings has shape \(2, 3, 3\)",
            lambda: conv2d_weight_grad(np.ones((1, 5, 5)), np.ones((2, 4, 4)), 3),
        ),
        (
            r"grad_output has shape \(1, 2, 3, 3\) but the output of these settings has shape \(2, 3, 3\)",
            lambda: conv2d_weight_grad(np.ones((1, 5, 5)), np.ones((1, 2, 3, 3)), 3),
        ),
        (
            r"grad_output has shape \(2, 3, 3\) but the output of these settings has shape \(4, 2, 3, 3\)",
            lambda: conv2d_weight_grad(np.ones((4, 1, 5, 5)), np.ones((2, 3, 3)), 3),
        ),
        (
            r"grad_output has shape \(1, 2, 2\) but the output of these settings has shape \(1, 3, 3\)",
            lambda: max_pool2d_grad(np.ones((1, 2, 2)), np.ones((1, 6, 6)), 2),
        ),
        (
            r"grad_output has shape \(1, 2, 2\) but the output of these settings has shape \(1, 3, 3\)",
            lambda: avg_pool2d_grad(np.ones((1, 2, 2)), 6, 2),
        ),
        (
            r"^grad_output has shape \(2, 2\): use \(C, H, W\) or \(N, C, H, W\); one channel is "
            r"grad_output\[None\]\.$",
            lambda: avg_pool2d_grad(np.ones((2, 2)), 4, 2),
        ),
        (
            r"^A 7×7 kernel does not fit into a 5×5 input with padding 0. Use padding >= 1 or a smaller kernel\.$",
            lambda: conv2d_weight_grad(np.ones((1, 5, 5)), np.ones((1, 1, 1)), 7),
        ),
        (
            r"^groups=2 does not divide the 3 channels of the input: use groups=1\.$",
            lambda: conv2d_weight_grad(np.ones((3, 5, 5)), np.ones((2, 3, 3)), 3, groups=2),
        ),
        (
            r"^groups=4 does not divide the 2 channels of the input: use a divisor of 2\.$",
            lambda: conv2d_weight_grad(np.ones((2, 5, 5)), np.ones((4, 3, 3)), 3, groups=4),
        ),
        (
            r"^input_size is 0: use 1 or more\.$",
            lambda: conv2d_input_grad(np.ones((1, 1, 1)), np.ones((1, 1, 1, 1)), 0),
        ),
        ("^kernel_size is 'a': use a whole number", lambda: conv2d_weight_grad(np.ones((1, 5, 5)), [[[1]]], "a")),
        (
            r"^count_include_pad is 1: use True or False\.$",
            lambda: avg_pool2d_grad(np.ones((1, 2, 2)), 4, 2, count_include_pad=1),
        ),
        (
            "reads only padding, where there is no largest number",
            lambda: max_pool2d_grad(np.ones((1, 1, 1)), np.ones((1, 1, 1)), 2, 1, 1, 2),
        ),
    ],
)
def test_what_is_no_gradient_of_the_output_is_refused_in_words(sentence: str, refused: Any) -> None:
    with pytest.raises(ShapeError, match=sentence):
        refused()
