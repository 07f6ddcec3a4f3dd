import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnlab.figures.shades import How, shade, suitable

HOWS: list[How] = ["clip", "scale", "signed"]


def grey(*numbers: float) -> np.ndarray:
    return np.array([[numbers]])


def test_clipping_keeps_what_fits_and_counts_the_rest() -> None:
    shades = shade(grey(-10, 0, 100.4, 255, 300), "clip")
    assert shades.pixels[0].tolist() == [[0, 0, 100, 255, 255]]
    assert "2 of 5 lie outside (lowest −10, highest 300)" in shades.sentence
    assert "drawn as they are: 0 black" in shade(grey(3, 200), "clip").sentence


def test_scaling_uses_the_whole_range_and_says_so() -> None:
    shades = shade(grey(-10, 0, 30), "scale")
    assert shades.pixels[1].tolist() == [[0, 64, 255]]
    assert "lowest, −10, is black, the highest, 30, is white" in shades.sentence
    assert shade(grey(7, 7), "scale").sentence == "Every number is 7: one even grey."


def test_signed_numbers_are_blue_and_orange_around_a_neutral() -> None:
    red, green, blue = shade(grey(-50, 0, 100), "signed").pixels[:, 0].astype(int)
    assert blue[0] > red[0]
    assert red[2] > blue[2]
    assert red[1] == green[1] == blue[1]
    assert "−100" in shade(grey(-50, 0, 100), "signed").sentence


def test_signed_numbers_of_three_channels_have_zero_in_the_middle() -> None:
    pixels = shade(np.array([[[-4.0]], [[0.0]], [[4.0]]]), "signed").pixels
    assert pixels[:, 0, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize(
    ("kernel", "bias", "how"),
    [
        (np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]), 0, "clip"),
        (np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]), 0, "clip"),
        (np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]), 0, "signed"),
        (np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]), 128, "scale"),
        (np.ones((3, 3)), 0, "scale"),
        (np.zeros((3, 3)), 0, "scale"),
    ],
)
def test_what_suits_follows_the_weights(kernel: np.ndarray, bias: float, how: str) -> None:
    assert suitable(kernel, bias) == how


@given(
    hnp.arrays(np.float64, st.tuples(st.sampled_from([1, 3]), st.integers(1, 4), st.integers(1, 4))),
    st.sampled_from(HOWS),
)
def test_any_numbers_become_a_picture(values: np.ndarray, how: How) -> None:
    shades = shade(values, how)
    assert shades.pixels.shape == (3, *values.shape[1:])
    assert shades.pixels.dtype == np.uint8
    assert shades.sentence.endswith(".")
