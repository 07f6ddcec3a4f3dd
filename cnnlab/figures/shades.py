"""Any numbers as the 256 shades of a picture, with a sentence that says how the one became the other."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures.style import NEGATIVE, NEUTRAL, POSITIVE, channels
from cnnlab.number_text import show_number
from cnnlab.texts import Message, message, plural

How = Literal["clip", "scale", "signed"]

BLACK, WHITE = 0, 255


@dataclass(frozen=True, eq=False)
class Shades:
    """Numbers drawn as a picture.

    Args:
        pixels: uint8, (3, H, W).
        how: clip keeps the numbers as they are and cuts off what is below 0 and above 255; scale stretches lowest to
            highest over black to white; signed puts 0 in the middle.
        sentence: how numbers became shades, with the range, for the learner.
    """

    pixels: NDArray[np.uint8]
    how: How
    sentence: Message


def suitable(kernel: NDArray[Any], bias: float = 0.0) -> How:
    """Which shades suit what a kernel makes of a picture with values from 0 to 255.

    A kernel whose weights sum to 1 (blur, sharpen) makes a picture again; one whose weights cancel out (edges) makes
    numbers on both sides of 0; the rest needs stretching.

    >>> suitable(np.full((3, 3), 1 / 9)), suitable(np.array([[-1, 0, 1]])), suitable(np.ones((3, 3)))
    ('clip', 'signed', 'scale')
    """
    total, size = float(kernel.sum()), float(np.abs(kernel).sum())
    if size and abs(total) <= 0.05 * size and abs(bias) < 64:
        return "signed"
    return "clip" if 0.5 <= total <= 1.5 and abs(bias) <= 128 else "scale"


def shade(values: NDArray[Any], how: How) -> Shades:
    """Draw (1, H, W) numbers in grey, or blue to orange where signed, and (3, H, W) numbers as red, green and blue.

    >>> shade(np.array([[[-10, 0, 300]]]), "clip").sentence
    'Numbers from 0 to 255 are drawn as they are; 2 of 3 lie outside (lowest −10, highest 300) and are cut off.'
    """
    numbers = values.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if how == "clip":
        return _clipped(numbers, low, high)
    if how == "scale":
        return _scaled(numbers, low, high)
    return _signed(numbers, low, high)


def _clipped(numbers: NDArray[np.float64], low: float, high: float) -> Shades:
    outside = int(np.count_nonzero((numbers < BLACK) | (numbers > WHITE)))
    if outside:
        sentence = plural(
            "Numbers from 0 to 255 are drawn as they are; {n:,} of {all:,} lies outside (lowest {low}, highest {high}) "
            "and is cut off.",
            "Numbers from 0 to 255 are drawn as they are; {n:,} of {all:,} lie outside (lowest {low}, highest {high}) "
            "and are cut off.",
            n=outside,
            all=numbers.size,
            low=_text(low),
            high=_text(high),
        )
    else:
        sentence = message(
            "The numbers, from {low} to {high}, are drawn as they are: 0 black, 255 white.",
            low=_text(low),
            high=_text(high),
        )
    return Shades(_in_colour(_rounded(numbers)), "clip", sentence)


def _scaled(numbers: NDArray[np.float64], low: float, high: float) -> Shades:
    if high == low:
        grey = np.full(numbers.shape, 128.0)
        even = message("Every number is {number}: one even grey.", number=_text(low))
        return Shades(_in_colour(_rounded(grey)), "scale", even)
    sentence = message(
        "The numbers are stretched: the lowest, {low}, is black, the highest, {high}, is white.",
        low=_text(low),
        high=_text(high),
    )
    # Halved first, so that the distance of two huge numbers is no infinity.
    stretched = (numbers / 2 - low / 2) / (high / 2 - low / 2) * WHITE
    return Shades(_in_colour(_rounded(stretched)), "scale", sentence)


def _signed(numbers: NDArray[np.float64], low: float, high: float) -> Shades:
    reach = max(-low, high)
    share = np.clip(np.nan_to_num(numbers / reach if reach else numbers), -1, 1)
    if len(numbers) == 3:
        sentence = message(
            "0 is the middle grey; {low} is black and {high} full light, in each channel.",
            low=_text(-reach),
            high=_text(reach),
        )
        return Shades(_rounded(127.5 + 127.5 * share), "signed", sentence)
    sentence = message(
        "0 is light grey; blue is negative, down to {low}, and orange positive, up to {high}.",
        low=_text(-reach),
        high=_text(reach),
    )
    ends = np.where(share[0] < 0, _channels(NEGATIVE), _channels(POSITIVE))
    mixed = _channels(NEUTRAL) + (ends - _channels(NEUTRAL)) * np.abs(share[0])
    return Shades(_rounded(mixed), "signed", sentence)


def _channels(colour: str) -> NDArray[np.float64]:
    """The red, green and blue of `#rrggbb` as (3, 1, 1)."""
    return np.array(channels(colour), dtype=np.float64)[:, None, None]


def _rounded(numbers: NDArray[np.float64]) -> NDArray[np.uint8]:
    clipped = np.clip(np.nan_to_num(numbers, nan=0, posinf=WHITE, neginf=BLACK), BLACK, WHITE)
    return np.rint(clipped).astype(np.uint8)


def _in_colour(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.broadcast_to(pixels, (3, *pixels.shape[1:])))


def _text(number: float) -> str:
    return show_number(number, digits=4)
