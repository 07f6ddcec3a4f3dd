"""The named numbers are what they claim to be, and they fit the page."""

import numpy as np
import pytest

from cnnlab import ShapeError, conv2d
from cnnlab.lessons.convolution.presets import (
    DEFAULT_INPUT,
    DEFAULT_KERNEL,
    MAX_INPUT,
    MAX_KERNEL,
    PRESETS,
    random_numbers,
)
from cnnlab.lessons.convolution.settings import ConvSettings, walk


def _settings(name: str) -> ConvSettings:
    numbers = PRESETS[name].settings
    input_ = DEFAULT_INPUT if numbers.input is None else numbers.input
    return ConvSettings(input_, DEFAULT_KERNEL if numbers.kernel is None else numbers.kernel)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_something_and_can_be_computed(name: str) -> None:
    preset = PRESETS[name]
    assert preset.title
    assert preset.note.endswith(".")
    assert preset.settings.input is not None or preset.settings.kernel is not None
    settings = _settings(name)
    assert max(settings.input.shape) <= MAX_INPUT
    assert max(settings.kernel.shape) <= MAX_KERNEL
    assert walk(settings).totals.size > 0


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_cannot_be_changed_by_accident(name: str) -> None:
    for matrix in (PRESETS[name].settings.input, PRESETS[name].settings.kernel):
        if matrix is not None:
            with pytest.raises(ValueError, match="read-only"):
                matrix[0, 0] = 1


def test_the_lectures_sums_and_what_the_slide_left_out() -> None:
    steps = walk(_settings("lecture"))
    assert steps.totals[0, :2].tolist() == [27, 36]
    assert (steps.totals - steps.products[:, :, -1, -1])[0, :2].tolist() == [22, 30]
    assert steps.products[0, :2, -1, -1].tolist() == [5, 6]


def test_dumoulin_and_visins_example_gives_their_output() -> None:
    totals = walk(_settings("dumoulin")).totals
    assert totals.tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


@pytest.mark.parametrize(
    ("name", "total"), [("identity", 1), ("box", 1), ("gaussian", 1), ("sharpen", 1), ("emboss", 1)]
)
def test_kernels_that_keep_the_brightness_add_up_to_one(name: str, total: float) -> None:
    assert PRESETS[name].settings.kernel.sum() == pytest.approx(total)


@pytest.mark.parametrize("name", ["sobel_x", "sobel_y", "laplacian"])
def test_kernels_that_look_for_change_add_up_to_zero(name: str) -> None:
    assert PRESETS[name].settings.kernel.sum() == 0


def test_the_sobel_kernels_are_each_others_transpose() -> None:
    assert np.array_equal(PRESETS["sobel_x"].settings.kernel.T, PRESETS["sobel_y"].settings.kernel)


def test_a_single_one_shows_the_kernel_turned_and_flipped_as_it_is() -> None:
    settings = _settings("single")
    assert walk(settings).totals.tolist() == DEFAULT_KERNEL[::-1, ::-1].tolist()
    flipped = ConvSettings(settings.input, settings.kernel, flip=True)
    assert walk(flipped).totals.tolist() == DEFAULT_KERNEL.tolist()


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    first, again, other = (random_numbers(seed, (5, 5), (3, 3)) for seed in (3, 3, 4))
    assert np.array_equal(first.input, again.input)
    assert np.array_equal(first.kernel, again.kernel)
    assert not np.array_equal(first.input, other.input)


def test_another_kernel_size_leaves_the_random_input_alone() -> None:
    assert np.array_equal(random_numbers(1, (4, 6), (3, 3)).input, random_numbers(1, (4, 6), (2, 5)).input)


def test_a_random_matrix_beyond_the_pages_limits_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"use 1 to 16 rows and columns"):
        random_numbers(0, (17, 1), (3, 3))


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("flip", [False, True])
def test_the_walk_agrees_with_the_convolution_and_its_single_steps(mode: str, flip: bool) -> None:
    drawn = random_numbers(11, (6, 5), (3, 2))
    settings = ConvSettings(drawn.input, drawn.kernel, 2, 2, mode, 2, bias=3, flip=flip)
    steps = walk(settings)
    kernel = settings.effective_kernel[None, None]
    assert np.array_equal(steps.totals, conv2d(drawn.input[None], kernel, [3], 2, 2, 2, padding_mode=mode)[0])
    assert steps.totals.dtype.kind == "i"
    assert np.array_equal(steps.row_sums.sum(-1) + 3, steps.totals)
    for row, column in np.ndindex(steps.totals.shape):
        step = settings.cell(row, column)
        assert step.rows == tuple(steps.rows[row])
        assert step.columns == tuple(steps.columns[column])
        assert np.array_equal(step.products[0], steps.products[row, column])
        assert np.array_equal(step.is_padding[0], steps.is_padding[np.ix_(step.rows, step.columns)])


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_every_padding_cell_knows_which_input_cell_it_repeats(mode: str) -> None:
    settings = ConvSettings(np.arange(1, 13).reshape(3, 4), np.ones((1, 1)), padding=2, padding_mode=mode)
    steps = walk(settings)
    repeated = np.where(steps.sources < 0, 0, settings.input.ravel()[steps.sources])
    assert np.array_equal(repeated, steps.padded)
    assert (steps.sources[2:5, 2:6].ravel() == np.arange(12)).all()
