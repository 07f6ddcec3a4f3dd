"""Two pictures side by side, before and after a convolution, with one pixel's window outlined in the first.

Pointing is answered in the browser, which knows the window's geometry; what a click means in numbers is asked in
Python.
"""

from dataclasses import dataclass

import streamlit as st

from cnnlab.texts import message, say_all, unfilled
from cnnlab.ui.components.pictures import draw
from cnnlab.ui.components.told import is_place, last_told

Pixel = tuple[int, int]

WORDS = {
    "input": message("Input"),
    "output": message("Output"),
    "size": unfilled("{height} × {width} pixels"),
    "padded": unfilled("{height} × {width} pixels, with {padding} of padding around"),
    "pixel": unfilled("Output row {row}, column {column}"),
    "help": message("Click a pixel of either picture, or use the arrow keys on the output (with Shift: ten pixels)."),
    "picker": message("Output picture. Arrow keys choose a pixel, Shift and an arrow key go ten pixels."),
    "unreadable": message("The browser could not show the pictures: reload the page."),
}


@dataclass(frozen=True)
class Pair:
    """What is drawn; the pictures as data URLs.

    Args:
        identity: changes whenever anything else does.
        input_size: (H, W), without padding.
        output_size: (OH, OW)
        kernel_size: (FH, FW)
    """

    identity: str
    input: str
    output: str
    input_size: tuple[int, int]
    output_size: tuple[int, int]
    kernel_size: tuple[int, int]
    stride: int
    padding: int
    dilation: int


def picture_pair(pair: Pair, pixel: Pixel, *, key: str) -> Pixel:
    """Draw both pictures; return the output pixel that is selected now, which is `pixel` until one is clicked."""
    # The browser keeps the selection. The same data as last time costs nothing to send, however large the pictures
    # are, so `pixel` goes along only when the rest is new, or when the browser has lost its state.
    held: tuple[str, Pixel] | None = st.session_state.get(f"{key}/held")
    if held is None or held[0] != pair.identity or key not in st.session_state:
        held = (pair.identity, pixel)
        st.session_state[f"{key}/held"] = held
    data = {"kind": "pair", "pair": vars(pair), "pixel": held[1], "words": say_all(WORDS)}
    draw(key=key, data=data, tells={"pixel": None})
    return clicked(key, pair.output_size) or pixel


def clicked(key: str, size: tuple[int, int]) -> Pixel | None:
    """The last click, or None for what cannot be one on a picture of this size."""
    at = last_told(key, "pixel").get("at")
    return (at[0], at[1]) if is_place(at, size) else None
