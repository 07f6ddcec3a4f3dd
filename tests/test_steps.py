"""One cell of a pooling or of a transposed convolution, taken apart, adds up to the cell that the whole has."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlab import (
    PoolStep,
    avg_pool2d,
    conv_transpose2d,
    conv_transpose2d_stamp,
    conv_transpose2d_step,
    max_pool2d,
    pool2d_step,
)
from cnnlab.errors import ShapeError
from tests.drawn_windows import axes, images, kinds, numbers, pairs, seeds

# --- poolings -------------------------------------------------------------------------------------------------------


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), ceil_mode=st.booleans())
def test_every_cell_of_a_maximum_can_be_taken_apart(
    data: st.DataObject, seed: int, kind: str, is_batch: bool, ceil_mode: bool
) -> None:
    rows, columns = data.draw(axes(pooling=True)), data.draw(axes(pooling=True))
    x = images(seed, "int", is_batch, 2, rows.size, columns.size) // 3
    x = x if kind == "int" else x.astype(kind)
    options: dict[str, Any] = {**pairs(rows, columns, "kernel_size", "stride", "padding", "dilation")}
    options["ceil_mode"] = ceil_mode
    try:
        output, found = max_pool2d(x, **options, return_indices=True)
    except ShapeError as refusal:
        assume("reads only padding" not in str(refusal))
        raise
    for index in np.ndindex(output.shape):
        step = pool2d_step(x, index=index, **options)
        assert (step.index, step.total) == (index, output[index])
        assert step.chosen is not None
        row, column = _pixel(step, options["padding"], step.chosen)
        assert row * columns.size + column == found[index]
        assert step.chosen == step.winners[0]
        plane = x[index[:-2]]
        expected = [cell for cell in np.ndindex(step.window.shape) if _holds(step, plane, options["padding"], cell)]
        assert list(step.winners) == expected
        assert (step.sum, step.divisor) == (None, None)


def _pixel(step: PoolStep, padding: tuple[int, int], cell: tuple[int, int]) -> tuple[int, int]:
    return step.rows[cell[0]] - padding[0], step.columns[cell[1]] - padding[1]


def _holds(step: PoolStep, plane: np.ndarray, padding: tuple[int, int], cell: tuple[int, int]) -> bool:
    row, column = _pixel(step, padding, cell)
    is_inside = 0 <= row < plane.shape[0] and 0 <= column < plane.shape[1]
    assert is_inside == (not step.is_padding[cell] and not step.is_beyond[cell])
    return is_inside and plane[row, column] == step.total


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans(), ceil_mode=st.booleans(), count=st.booleans())
def test_every_cell_of_a_mean_can_be_taken_apart(
    data: st.DataObject, seed: int, kind: str, is_batch: bool, ceil_mode: bool, count: bool
) -> None:
    rows, columns = data.draw(axes(pooling=True)), data.draw(axes(pooling=True))
    x = images(seed, kind, is_batch, 2, rows.size, columns.size)
    options: dict[str, Any] = {**pairs(rows, columns, "kernel_size", "stride", "padding")}
    options |= {"ceil_mode": ceil_mode, "count_include_pad": count}
    output = avg_pool2d(x, **options)
    for index in np.ndindex(output.shape):
        step = pool2d_step(x, index=index, **options, kind="avg")
        assert step.total == pytest.approx(output[index], rel=1e-5, abs=1e-6)
        assert step.sum == pytest.approx(step.window.sum(), rel=1e-5, abs=1e-5)
        assert step.total == pytest.approx(step.sum / step.divisor, rel=1e-5, abs=1e-6)
        counted = ~step.is_beyond if count else ~step.is_beyond & ~step.is_padding
        assert step.divisor == counted.sum()
        assert not step.window[step.is_padding | step.is_beyond].any()
        assert (step.winners, step.chosen) == ((), None)


def test_ties_are_all_named_and_the_first_is_chosen() -> None:
    step = pool2d_step([[[5, 7], [7, 7]]], 2, (0, 0))
    assert step.winners == ((0, 1), (1, 0), (1, 1))
    assert (step.chosen, step.total) == ((0, 1), 7)


def test_nan_wins_and_the_last_one_is_chosen_as_in_the_pooling() -> None:
    x = np.array([[[1.0, np.nan], [np.nan, 5.0]]])
    step = pool2d_step(x, 2, (0, 0))
    assert step.winners == ((0, 1), (1, 0))
    assert step.chosen == (1, 0)
    assert max_pool2d(x, 2, return_indices=True)[1].item() == 2


def test_what_lies_behind_the_padded_image_is_told_from_padding() -> None:
    # Padded, the axis has the positions 0 to 5, of which 0 and 5 are padding; the last window reads 4, 5 and 6.
    step = pool2d_step(np.ones((1, 4, 4)), 3, (2, 2), stride=2, padding=1, ceil_mode=True, kind="avg")
    assert step.rows == (4, 5, 6)
    assert step.is_beyond[:, 0].tolist() == [False, False, True]
    assert step.is_padding[:, 0].tolist() == [False, True, False]
    assert (step.sum, step.divisor) == (1, 4)


def test_a_window_of_padding_alone_has_no_winner() -> None:
    step = pool2d_step(np.ones((1, 1, 1)), 2, (0, 0), 1, 1, 2)
    assert (step.winners, step.chosen, step.total) == ((), None, -np.inf)
    with pytest.raises(ShapeError, match="reads only padding, where there is no largest number"):
        pool2d_step(np.ones((1, 1, 1), dtype=int), 2, (0, 0), 1, 1, 2)


# --- the transposed convolution -------------------------------------------------------------------------------------


@given(data=st.data(), seed=seeds, kind=kinds, is_batch=st.booleans())
def test_a_transposed_convolution_is_the_sum_of_its_steps_and_of_its_stamps(
    data: st.DataObject, seed: int, kind: str, is_batch: bool
) -> None:
    size, kernel_size, stride, dilation = (data.draw(st.tuples(*[st.integers(1, most)] * 2)) for most in (3, 3, 3, 2))
    output_padding = tuple(data.draw(st.integers(0, max(stride[i], dilation[i]) - 1)) for i in range(2))
    full = [(size[i] - 1) * stride[i] + dilation[i] * (kernel_size[i] - 1) + 1 + output_padding[i] for i in range(2)]
    padding = tuple(data.draw(st.integers(0, min(2, (cells - 1) // 2))) for cells in full)
    groups, depth, share = (data.draw(st.integers(1, 2)) for _ in range(3))
    x = images(seed, kind, is_batch, groups * depth, *size)
    weight = numbers(seed + 1, kind, (groups * depth, share, *kernel_size))
    bias = numbers(seed + 2, kind, (groups * share,))
    options = (stride, padding, output_padding, groups, dilation)
    output = conv_transpose2d(x, weight, bias, *options)

    for index in np.ndindex(output.shape):
        step = conv_transpose2d_step(x, weight, bias, index, *options)
        assert step.index == index
        assert step.total == pytest.approx(output[index], rel=1e-4, abs=1e-4)
        assert step.total == pytest.approx(step.partial_sums.sum() + step.bias, rel=1e-4, abs=1e-4)
        assert np.array_equal(step.products, step.pixels * step.weights)
        assert list(step.input_rows) == sorted(step.input_rows)
        for row, cell in zip(step.input_rows, step.kernel_rows, strict=True):
            assert row * stride[0] + cell * dilation[0] - padding[0] == index[-2]

    stamped = np.zeros(output.shape) + bias.reshape(-1, 1, 1)
    for index in np.ndindex(x.shape):
        stamp = conv_transpose2d_stamp(x, weight, index, *options)
        assert stamp.pixel == x[index]
        for row, column in zip(*np.nonzero(~stamp.is_cut), strict=True):
            place = (stamp.rows[row], stamp.columns[column])
            stamped[(*index[:-3], slice(stamp.outputs.start, stamp.outputs.stop), *place)] += stamp.products[
                :, row, column
            ]
    np.testing.assert_allclose(stamped, output, rtol=1e-4, atol=1e-4)


def test_a_cell_that_no_stamp_reaches_is_its_bias() -> None:
    step = conv_transpose2d_step([[[1, 2]]], [[[[5]]]], [3], (0, 1), stride=2)
    assert (step.input_columns, step.products.shape, step.total) == ((), (1, 1, 0), 3)


def test_a_stamp_knows_what_padding_cuts_off() -> None:
    stamp = conv_transpose2d_stamp([[[2]]], [[[[1, 2, 3]] * 3]], (0, 0), padding=1)
    assert (stamp.rows, stamp.columns) == ((-1, 0, 1), (-1, 0, 1))
    assert stamp.is_cut.tolist() == [[True] * 3, [True, False, True], [True] * 3]
    assert stamp.products.tolist() == [[[2, 4, 6]] * 3]


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        (r"^kind is 'min': use 'max' or 'avg'\.$", lambda: pool2d_step(np.ones((1, 4, 4)), 2, (0, 0), kind="min")),
        (
            r"^Average pooling has no dilation, but it is 2: use dilation 1\.$",
            lambda: pool2d_step(np.ones((1, 4, 4)), 2, (0, 0), dilation=2, kind="avg"),
        ),
        (
            r"^The 1×2×2 output has no cell \(0, 2, 0\): use \(c, i, j\) from \(0, 0, 0\) to \(0, 1, 1\)\.$",
            lambda: pool2d_step(np.ones((1, 4, 4)), 2, (2, 0)),
        ),
        (
            r"^index is \(0, 0\): use \(c, i, j\), a cell of the 3×2×2 output counted from 0\.$",
            lambda: pool2d_step(np.ones((3, 4, 4)), 2, (0, 0)),
        ),
        (
            r"^Padding 2 is more than half of the 2×2 window: use padding <= 1 or a larger window\.$",
            lambda: pool2d_step(np.ones((1, 4, 4)), 2, (0, 0), padding=2),
        ),
        (
            r"^The 1×3×3 output has no cell \(0, 3, 0\): use \(o, i, j\) from \(0, 0, 0\) to \(0, 2, 2\)\.$",
            lambda: conv_transpose2d_step(np.ones((1, 2, 2)), np.ones((1, 1, 2, 2)), None, (3, 0)),
        ),
        (
            r"^The 1×2×2 input has no cell \(0, 2, 0\): use \(c, i, j\) from \(0, 0, 0\) to \(0, 1, 1\)\.$",
            lambda: conv_transpose2d_stamp(np.ones((1, 2, 2)), np.ones((1, 1, 2, 2)), (2, 0)),
        ),
        (
            "integers are too large",
            lambda: conv_transpose2d_stamp(np.full((1, 1, 1), 2**40), np.full((1, 1, 1, 1), 2**40), (0, 0)),
        ),
        (
            "integers are too large",
            lambda: conv_transpose2d_step(np.full((1, 1, 1), 2**40), np.full((1, 1, 1, 1), 2**40), None, (0, 0)),
        ),
    ],
)
def test_what_has_no_steps_is_refused_in_words(sentence: str, refused: Any) -> None:
    with pytest.raises(ShapeError, match=sentence):
        refused()
