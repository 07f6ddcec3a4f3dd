"""The picture of a network as blocks: what is drawn, how large, and that hidden sizes leave no trace."""

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.layers import Conv2d, Linear, ReLU, Shape
from cnnlab.lessons.network.blocks import WIDE, Failure, Picture, draw
from cnnlab.lessons.network.hiding import covers
from cnnlab.lessons.network.presets import PRESETS
from cnnlab.networks import Network
from cnnlab.networks.suggestions import read
from tests import drawn_layers


def picture_of(key: str) -> Picture:
    preset = PRESETS[key].settings
    return draw(preset.network.summary(preset.input_shape), preset.input_shape)


def texts(picture: Picture, block: int) -> list[str]:
    return [label.text for label in picture.labels if label.block == block]


def test_lenet5_is_nine_blocks_with_its_sizes_at_their_sides() -> None:
    picture = picture_of("lenet5-cifar")
    assert [block.rows for block in picture.blocks] == [(), (0, 1), (2,), (3, 4), (5,), (6, 7), (8,), (9, 10), (11,)]
    assert sorted(texts(picture, 1)) == ["28", "28", "6", "ReLU", "conv 5×5"]
    assert sorted(texts(picture, 7)) == ["100", "ReLU", "linear"]
    assert picture.blocks[1].name == "Layer 1, Conv2d, 6 × 28 × 28"


def test_sizes_are_to_scale_unless_they_range_widely_and_the_picture_says_so() -> None:
    assert picture_of("lecture-9x9").scale == "Drawn to scale: heights, widths and channels."
    assert picture_of("vgg16").scale == "Drawn by their square roots: heights, widths, channels and features."
    front = {area.block: area for area in reversed(picture_of("lenet5-cifar").areas) if area.colour != "mark"}
    tall = {block: area.points[3][1] - area.points[0][1] for block, area in front.items()}
    assert tall[1] / tall[0] == pytest.approx(28 / 32)
    assert tall[2] / tall[1] == pytest.approx(14 / 28)


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_fits_a_projector(key: str) -> None:
    preset = PRESETS[key].settings
    reading = read(preset.network, preset.input_shape)
    failure = Failure(reading.problem.index, reading.problem.layer) if reading.problem else None
    picture = draw(reading.rows, preset.input_shape, failure=failure)
    assert picture.width <= 1.25 * WIDE
    assert picture.height <= 260


def test_the_window_lies_on_the_map_that_it_slides_over_with_its_share_of_it() -> None:
    picture = draw(Network("", (Conv2d(3, 2, 5),)).summary((3, 9, 9)), (3, 9, 9))
    (window,) = [area for area in picture.areas if area.colour == "mark"]
    side = next(area for area in picture.areas if area.block == 0 and area.share < 0.2)
    tall = [points[3][1] - points[0][1] for points in (window.points, side.points)]
    assert tall[0] / tall[1] == pytest.approx(5 / 9)
    assert len([line for line in picture.lines if line.dashed]) == 4


def test_a_layer_that_does_not_fit_ends_the_picture() -> None:
    network = Network("", (Conv2d(3, 6, 5), Linear(400, 120), ReLU()))
    rows = network.follow((3, 32, 32))[0]
    picture = draw(rows, (3, 32, 32), failure=Failure(1, network.layers[1]))
    assert picture.blocks[-1].rows == (1,)
    assert "does not fit" in texts(picture, 2)


def test_a_hidden_size_leaves_no_trace() -> None:
    question = frozenset({("shape", 0)})
    pictures = []
    for kernel in (3, 5, 7):
        # Whatever the hidden layer makes of it, the next one brings it to one size.
        rest = 2 if kernel == 7 else 4 if kernel == 5 else 6
        rows = Network("", (Conv2d(3, 6, kernel), Conv2d(6, 4, rest))).summary((3, 16, 16))
        picture = draw(rows, (3, 16, 16), covers(rows, question))
        plain = dataclasses.replace(picture, areas=(), lines=(), labels=())
        shown = [label.text for label in picture.labels if not label.text.startswith("conv")]
        pictures.append((plain, shown, [area.points for area in picture.areas if area.colour != "mark"]))
    assert pictures[0] == pictures[1] == pictures[2]
    assert pictures[0][1].count("?") == 3


@given(drawn_layers.networks(), st.frozensets(st.tuples(st.just("shape"), st.integers(0, 5))))
def test_every_network_has_its_picture(drawn: tuple[Network, Shape], hidden: frozenset) -> None:
    network, input_shape = drawn
    rows = network.summary(input_shape)
    picture = draw(rows, input_shape, covers(rows, hidden))
    assert sorted(row for block in picture.blocks for row in block.rows) == list(range(len(rows)))
    for area in picture.areas:
        assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in area.points)
    for label in picture.labels:
        assert 0 <= label.at[0] <= picture.width
        assert 0 <= label.at[1] <= picture.height
    assert picture.to_plain()["blocks"]


def test_words_below_the_blocks_do_not_run_into_each_other() -> None:
    for key in ("lenet5-cifar", "vgg16", "alexnet"):
        picture = picture_of(key)
        lowest = sorted({round(label.at[1]) for label in picture.labels if label.row is not None})
        for line in lowest:
            words = sorted(
                (label.at[0], len(label.text) * label.size * 0.58)
                for label in picture.labels
                if round(label.at[1]) == line and label.row is not None
            )
            for (left, left_wide), (right, right_wide) in itertools.pairwise(words):
                assert left + left_wide / 2 <= right - right_wide / 2 + 0.5
