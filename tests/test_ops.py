"""Every operation does what torch.nn.functional does, with settings drawn at random; integers come out exact."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # its name everywhere
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnlab import avg_pool2d, conv2d, conv2d_step, conv3d, conv_transpose2d, max_pool2d, pad
from cnnlab.errors import ShapeError
from cnnlab.ops import PADDING_MODES, ConvStep
from cnnlab.ops.arguments import Array
from tests.drawn_windows import Axis, assert_same, axes, images, kinds, numbers, pairs, seeds, tensor

TORCH_MODES = {"zeros": "constant"}


# --- conv2d ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", PADDING_MODES)
@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), with_bias=st.booleans())
def test_conv2d_agrees_with_torch(
    mode: str, data: st.DataObject, seed: int, kind: str, is_batch: bool, with_bias: bool
) -> None:
    rows, columns = data.draw(axes(mode)), data.draw(axes(mode))
    groups, depth, share = (data.draw(st.integers(1, 3)) for _ in range(3))
    x = images(seed, kind, is_batch, groups * depth, rows.size, columns.size)
    weight = numbers(seed + 1, kind, (groups * share, depth, rows.kernel_size, columns.kernel_size))
    bias = numbers(seed + 2, kind, (groups * share,)) if with_bias else None
    options = {**pairs(rows, columns, "stride", "padding", "dilation"), "groups": groups}

    theirs = torch.nn.Conv2d(
        groups * depth, groups * share, weight.shape[2:], **options, bias=with_bias, padding_mode=mode
    ).double()
    theirs.weight.data = tensor(weight)
    if bias is not None:
        theirs.bias.data = tensor(bias)

    assert_same(conv2d(x, weight, bias, **options, padding_mode=mode), theirs(tensor(x)).detach(), kind)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@given(data=st.data(), seed=seeds, kind=kinds, mode=st.sampled_from(PADDING_MODES))
def test_conv2d_pads_same_as_torch_does(data: st.DataObject, seed: int, kind: str, mode: str) -> None:
    kernel_size, dilation = (data.draw(st.tuples(st.integers(1, 4), st.integers(1, 3))) for _ in range(2))
    x = numbers(seed, kind, (1, 11, 10))
    weight = numbers(seed + 1, kind, (2, 1, *kernel_size))
    theirs = torch.nn.Conv2d(1, 2, kernel_size, dilation=dilation, padding="same", bias=False, padding_mode=mode)
    theirs.weight.data = tensor(weight)
    ours = conv2d(x, weight, dilation=dilation, padding="same", padding_mode=mode)
    assert_same(ours, theirs(tensor(x)).detach(), kind)
    assert ours.shape[1:] == x.shape[1:]


def test_valid_padding_is_none() -> None:
    x, weight = numbers(0, "int", (1, 5, 5)), numbers(1, "int", (1, 1, 3, 3))
    assert np.array_equal(conv2d(x, weight, padding="valid"), conv2d(x, weight))


def test_a_whole_picture_goes_through_in_blocks() -> None:
    picture, weight = numbers(0, "int", (3, 200, 301)), numbers(1, "int", (8, 3, 7, 7))
    ours = conv2d(picture, weight, stride=(1, 2), padding=3)
    assert_same(ours, F.conv2d(tensor(picture), tensor(weight), stride=(1, 2), padding=3), "int")


def test_many_images_go_through_in_blocks() -> None:
    batch, weight = numbers(0, "int", (70, 3, 20, 20)), numbers(1, "int", (4, 3, 5, 5))
    assert_same(conv2d(batch, weight), F.conv2d(tensor(batch), tensor(weight)), "int")


def test_nan_and_infinity_flow_through_without_a_warning() -> None:
    x = np.array([[[np.inf, np.nan, 1.0, 2.0]]])
    assert conv2d(x, np.ones((1, 1, 1, 1))).tolist()[0][0][2:] == [1, 2]
    assert np.isnan(conv2d(x, np.zeros((1, 1, 1, 1)))).tolist() == [[[True, True, False, False]]]


# --- the kind of number ---------------------------------------------------------------------------------------------


def test_bools_and_small_integers_count_as_whole_numbers() -> None:
    picture = np.full((1, 2, 2), 255, dtype=np.uint8)
    total = conv2d(picture, np.full((1, 1, 2, 2), True))
    assert total.dtype == np.int64
    assert total.tolist() == [[[4 * 255]]]


def test_integers_beyond_the_exact_floats_stay_exact() -> None:
    x = np.array([[[2**53, 1]]])
    assert conv2d(x, np.ones((1, 1, 1, 2), dtype=np.int64)).tolist() == [[[2**53 + 1]]]  # a float has no such number
    assert conv2d(x, [[[[1, 1]]]], [2**62]).tolist() == [[[2**62 + 2**53 + 1]]]


@given(seed=seeds)
def test_large_integers_agree_with_pythons(seed: int) -> None:
    generator = np.random.default_rng(seed)
    x, weight = generator.integers(-(2**30), 2**30, (2, 3, 3)), generator.integers(-(2**28), 2**28, (1, 2, 3, 3))
    exact = sum(int(a) * int(b) for a, b in zip(x.ravel(), weight.ravel(), strict=True))
    assert conv2d(x, weight).item() == exact
    assert conv2d_step(x, weight, None, (0, 0)).total == exact


def test_large_integers_pass_where_the_kernel_is_thin() -> None:
    identity = np.zeros((1, 1, 3, 3), dtype=np.int64)
    identity[0, 0, 1, 1] = 1
    x = np.full((1, 3, 3), 2**61)
    assert np.array_equal(conv2d(x, identity, padding=1), x)


def test_integers_that_could_overflow_are_refused() -> None:
    x, weight = np.full((1, 2, 2), 2**40), np.full((1, 1, 2, 2), 2**30)
    for refused in (
        lambda: conv2d(x, weight),
        lambda: conv_transpose2d(x, weight),
        lambda: conv2d_step(x, weight, None, (0, 0)),
    ):
        with pytest.raises(ShapeError, match=r"integers are too large: a sum could reach 4.72e\+21, beyond the 64-bit"):
            refused()


def test_a_transposed_sum_runs_over_the_input_channels() -> None:
    weight = np.zeros((2, 2, 1, 1), dtype=np.int64)
    weight[:, 0] = 2**62
    with pytest.raises(ShapeError, match="integers are too large"):  # 2 * 2**62 in output channel 0
        conv_transpose2d(np.ones((2, 1, 1), dtype=np.int64), weight)
    assert conv_transpose2d(np.ones((2, 1, 1), dtype=np.int64), weight.swapaxes(0, 1)).ravel().tolist() == [2**62] * 2


@pytest.mark.parametrize(
    ("x", "weight", "bias", "result"),
    [
        ("int64", "float32", None, "float32"),
        ("uint8", "float64", None, "float64"),
        ("float32", "float64", None, "float64"),
        ("float32", "float32", "int64", "float32"),
        ("int64", "int64", "float64", "float64"),
        ("float16", "float16", "float16", "float16"),
        ("bool", "bool", "bool", "int64"),
    ],
)
def test_floats_decide_the_kind_of_number(x: str, weight: str, bias: str | None, result: str) -> None:
    offset = None if bias is None else np.ones(1, bias)
    image, kernel = np.ones((1, 3, 3), x), np.ones((1, 1, 2, 2), weight)
    assert conv2d(image, kernel, offset).dtype == result
    assert conv_transpose2d(image, kernel, offset).dtype == result
    assert type(conv2d_step(image, kernel, offset, (0, 0)).total) is (int if result == "int64" else float)


def test_half_precision_is_summed_in_single() -> None:
    x, weight = np.full((1, 64, 64), 0.1, np.float16), np.ones((1, 1, 64, 64), np.float16)
    assert conv2d(x, weight).item() == pytest.approx(409.5, abs=0.3)
    assert conv2d_step(x, weight, None, (0, 0)).total == conv2d(x, weight).item()
    assert avg_pool2d(x, 64).item() == pytest.approx(0.1, abs=1e-4)


# --- conv3d ---------------------------------------------------------------------------------------------------------


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), with_bias=st.booleans())
def test_conv3d_agrees_with_torch(data: st.DataObject, seed: int, kind: str, is_batch: bool, with_bias: bool) -> None:
    kernel_size, stride, padding = (data.draw(st.tuples(*[st.integers(low, 3)] * 3)) for low in (1, 1, 0))
    channels, outputs = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    sizes = [
        max(1, cells - 2 * pad) + data.draw(st.integers(0, 3)) for cells, pad in zip(kernel_size, padding, strict=True)
    ]
    x = images(seed, kind, is_batch, channels, *sizes)
    weight = numbers(seed + 1, kind, (outputs, channels, *kernel_size))
    bias = numbers(seed + 2, kind, (outputs,)) if with_bias else None
    theirs = F.conv3d(tensor(x), tensor(weight), None if bias is None else tensor(bias), stride, padding)
    assert_same(conv3d(x, weight, bias, stride, padding), theirs, kind)


def test_conv3d_keeps_the_size_with_same_padding() -> None:
    volume, weight = numbers(0, "int", (2, 4, 5, 6)), numbers(1, "int", (3, 2, 3, 1, 5))
    theirs = F.conv3d(tensor(volume), tensor(weight), padding="same")
    assert_same(conv3d(volume, weight, padding="same"), theirs, "int")


# --- conv_transpose2d -----------------------------------------------------------------------------------------------


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), with_bias=st.booleans())
def test_conv_transpose2d_agrees_with_torch(
    data: st.DataObject, seed: int, kind: str, is_batch: bool, with_bias: bool
) -> None:
    size, kernel_size, stride, dilation = (data.draw(st.tuples(*[st.integers(1, most)] * 2)) for most in (5, 4, 3, 3))
    output_padding = tuple(data.draw(st.integers(0, max(stride[i], dilation[i]) - 1)) for i in range(2))
    full = [(size[i] - 1) * stride[i] + dilation[i] * (kernel_size[i] - 1) + 1 + output_padding[i] for i in range(2)]
    padding = tuple(data.draw(st.integers(0, min(3, (cells - 1) // 2))) for cells in full)
    groups, depth, share = (data.draw(st.integers(1, 3)) for _ in range(3))
    x = images(seed, kind, is_batch, groups * depth, *size)
    weight = numbers(seed + 1, kind, (groups * depth, share, *kernel_size))
    bias = numbers(seed + 2, kind, (groups * share,)) if with_bias else None
    options = (stride, padding, output_padding, groups, dilation)
    theirs = F.conv_transpose2d(tensor(x), tensor(weight), None if bias is None else tensor(bias), *options)
    assert_same(conv_transpose2d(x, weight, bias, *options), theirs, kind)


@given(seed=seeds, stride=st.integers(1, 3), padding=st.integers(0, 2))
def test_the_transposed_convolution_is_the_convolutions_adjoint(seed: int, stride: int, padding: int) -> None:
    x, weight = numbers(seed, "int", (2, 7, 7)), numbers(seed + 1, "int", (3, 2, 3, 3))
    y = conv2d(x, weight, stride=stride, padding=padding)
    other = numbers(seed + 2, "int", y.shape)
    dropped = (7 + 2 * padding - 3) % stride
    back = conv_transpose2d(other, weight, stride=stride, padding=padding, output_padding=dropped)
    assert (y * other).sum() == (x * back).sum()


# --- pooling --------------------------------------------------------------------------------------------------------


def pooled_image(seed: int, kind: str, is_batch: bool, rows: Axis, columns: Axis) -> Array:
    # Few different numbers, so that ties are common: the first of them must be found.
    drawn = images(seed, "int", is_batch, 2, rows.size, columns.size) // 3
    return drawn if kind == "int" else drawn.astype(kind)


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), ceil_mode=st.booleans())
def test_max_pool2d_agrees_with_torch(
    data: st.DataObject, seed: int, kind: str, is_batch: bool, ceil_mode: bool
) -> None:
    rows, columns = data.draw(axes(pooling=True)), data.draw(axes(pooling=True))
    x = pooled_image(seed, kind, is_batch, rows, columns)
    options = {**pairs(rows, columns, "kernel_size", "stride", "padding", "dilation"), "ceil_mode": ceil_mode}
    values, indices = F.max_pool2d(tensor(x), **options, return_indices=True)
    assume(torch.isfinite(values).all())  # a dilated window may read padding alone, which is tested below
    ours, found = max_pool2d(x, **options, return_indices=True)
    assert_same(ours, values, kind)
    assert np.array_equal(found, indices.numpy())
    assert np.array_equal(max_pool2d(x, **options), ours)


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), ceil_mode=st.booleans(), count=st.booleans())
def test_avg_pool2d_agrees_with_torch(
    data: st.DataObject, seed: int, kind: str, is_batch: bool, ceil_mode: bool, count: bool
) -> None:
    rows, columns = data.draw(axes(pooling=True)), data.draw(axes(pooling=True))
    x = images(seed, kind, is_batch, 2, rows.size, columns.size)
    options = {
        **pairs(rows, columns, "kernel_size", "stride", "padding"),
        "ceil_mode": ceil_mode,
        "count_include_pad": count,
    }
    ours = avg_pool2d(x, **options)
    assert_same(ours, F.avg_pool2d(tensor(x), **options), "float64" if kind == "int" else kind)


@given(size=st.integers(1, 9), kernel_size=st.integers(1, 6), stride=st.integers(1, 6), data=st.data())
def test_ceil_mode_gives_as_many_windows_as_torch_or_refuses_with_it(
    size: int, kernel_size: int, stride: int, data: st.DataObject
) -> None:
    padding = data.draw(st.integers(0, kernel_size // 2))
    x = np.arange(float(size * size)).reshape(1, size, size)
    options = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "ceil_mode": True}
    try:
        theirs = F.max_pool2d(tensor(x), **options)
    except RuntimeError:
        with pytest.raises(ShapeError, match="does not fit"):
            max_pool2d(x, **options)
    else:
        assert_same(max_pool2d(x, **options), theirs, "float64")


def test_the_stride_of_a_pooling_is_its_kernel_unless_told() -> None:
    x = numbers(0, "float64", (1, 6, 6))
    assert np.array_equal(max_pool2d(x, (2, 3)), max_pool2d(x, (2, 3), stride=(2, 3)))
    assert avg_pool2d(x, (2, 3)).shape == (1, 3, 2)


def test_nan_beats_every_number_and_the_last_one_is_found() -> None:
    x = np.array([[[1.0, np.nan], [np.nan, 5.0]]])
    values, indices = F.max_pool2d(torch.from_numpy(x), 2, return_indices=True)
    ours, found = max_pool2d(x, 2, return_indices=True)
    assert np.isnan(ours).all()
    assert torch.isnan(values).all()
    assert found.tolist() == indices.tolist() == [[[2]]]


def test_minus_infinity_alone_is_found_at_its_first_cell() -> None:
    x = np.full((1, 2, 2), -np.inf)
    _, indices = F.max_pool2d(torch.from_numpy(x), 2, 1, 1, return_indices=True)
    assert max_pool2d(x, 2, 1, 1, return_indices=True)[1].tolist() == indices.tolist()


def test_a_window_of_padding_alone_has_no_maximum() -> None:
    x = np.ones((1, 1, 1))
    assert max_pool2d(x, 2, 1, 1, 2).item() == F.max_pool2d(tensor(x), 2, 1, 1, 2).item() == -np.inf
    refusal = "A 2×2 window with dilation 2 reads only padding, where there is no largest number: use less padding"
    with pytest.raises(ShapeError, match=refusal):
        max_pool2d(x.astype(int), 2, 1, 1, 2)
    with pytest.raises(ShapeError, match=refusal):
        max_pool2d(x, 2, 1, 1, 2, return_indices=True)


# --- pad ------------------------------------------------------------------------------------------------------------


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), mode=st.sampled_from(PADDING_MODES))
def test_pad_agrees_with_torch(data: st.DataObject, seed: int, kind: str, is_batch: bool, mode: str) -> None:
    sides = data.draw(st.tuples(*[st.integers(0, 4)] * 4))
    most = max(sides) + (mode == "reflect")
    x = images(seed, kind, is_batch, 2, max(1, most), max(1, most) + 2)
    value = data.draw(st.integers(-5, 5)) if mode == "zeros" else 0
    theirs = F.pad(tensor(x), sides, TORCH_MODES.get(mode, mode), *([value] if mode == "zeros" else []))
    assert_same(pad(x, sides, mode, value), theirs, kind)


@given(seed=seeds, mode=st.sampled_from(PADDING_MODES), padding=st.tuples(st.integers(0, 3), st.integers(0, 3)))
def test_padding_first_is_padding_in_the_convolution(seed: int, mode: str, padding: tuple[int, int]) -> None:
    x, weight = numbers(seed, "int", (1, 5, 4)), numbers(seed + 1, "int", (1, 1, 3, 3))
    within = conv2d(x, weight, padding=padding, padding_mode=mode)
    assert np.array_equal(conv2d(pad(x, padding, mode), weight), within)


def test_a_broken_fill_value_makes_integers_floats() -> None:
    assert pad([[[1]]], (1, 0, 0, 0), value=2.0).tolist() == [[[2, 1]]]
    assert pad([[[1]]], (1, 0, 0, 0), value=2.0).dtype == np.int64
    assert pad([[[1]]], (1, 0, 0, 0), value=-np.inf).tolist() == [[[-np.inf, 1.0]]]
    assert pad([[[1]]], (1, 0, 0, 0), "constant", 0.5).tolist() == [[[0.5, 1.0]]]


# --- conv2d_step ----------------------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), mode=st.sampled_from(PADDING_MODES))
def test_every_step_adds_up_to_its_output_cell(
    data: st.DataObject, seed: int, kind: str, is_batch: bool, mode: str
) -> None:
    rows, columns = data.draw(axes(mode)), data.draw(axes(mode))
    x = images(seed, kind, is_batch, 4, rows.size, columns.size)
    weight = numbers(seed + 1, kind, (2, 2, rows.kernel_size, columns.kernel_size))
    bias = numbers(seed + 2, kind, (2,))
    options = {**pairs(rows, columns, "stride", "padding", "dilation"), "groups": 2, "padding_mode": mode}
    output = conv2d(x, weight, bias, **options)
    padded = pad(x, options["padding"], mode)
    was_padded = pad(np.zeros_like(x), options["padding"], value=1).astype(bool)
    for index in np.ndindex(output.shape):
        step = conv2d_step(x, weight, bias, index, **options)
        assert step.index == index
        assert_adds_up(step)
        assert step.total == pytest.approx(output[index], rel=1e-4, abs=1e-4)
        if kind == "int":
            assert step.total == output[index]
        image = index[0] if is_batch else ...
        channels = slice(0, 2) if index[-3] == 0 else slice(2, 4)
        seen = np.ix_(step.rows, step.columns)
        assert np.array_equal(step.window, [channel[seen] for channel in padded[image][channels]])
        assert np.array_equal(step.is_padding, [channel[seen] for channel in was_padded[image][channels]])


def assert_adds_up(step: ConvStep) -> None:
    assert step.window.shape == step.is_padding.shape == step.kernel.shape == step.products.shape
    assert np.array_equal(step.products, step.window * step.kernel)
    assert np.allclose(step.partial_sums, step.products.sum(axis=(1, 2)), rtol=1e-4, atol=1e-5)
    assert step.total == pytest.approx(step.partial_sums.sum() + step.bias, rel=1e-4, abs=1e-5)


def test_a_step_can_be_followed_by_hand() -> None:
    image = [[[0, 0, 1], [0, 2, 1], [1, 0, 2]]]
    step = conv2d_step(image, [[[[1, 2], [3, 4]]]], [3], (1, 1))
    assert step.window.tolist() == [[[2, 1], [0, 2]]]
    assert step.products.tolist() == [[[2, 2], [0, 8]]]
    assert step.partial_sums.tolist() == [12]
    assert (step.bias, step.total) == (3, 15)


def test_a_cell_may_be_named_without_its_only_kernel() -> None:
    x, weight = numbers(0, "int", (1, 4, 4)), numbers(1, "int", (1, 1, 2, 2))
    assert conv2d_step(x, weight, None, (1, 2)).index == (0, 1, 2)
    assert conv2d_step(x, weight, None, np.array([0, 1, 2])).total == conv2d(x, weight)[0, 1, 2]


def test_a_step_of_same_padding_counts_from_the_padding() -> None:
    step = conv2d_step(np.ones((1, 3, 3)), np.ones((1, 1, 2, 2)), None, (2, 2), padding="same")
    assert (step.rows, step.columns) == ((2, 3), (2, 3))
    assert step.is_padding.tolist() == [[[False, True], [True, True]]]
