"""Which picture a page works on, and which of its pixels: an embedded picture, or one of the learner's own."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.images import SUFFIXES, example_pictures, read_picture
from cnnlab.errors import CnnlabError, DataError, ParseError
from cnnlab.figures.data_url import data_url
from cnnlab.figures.shades import How, shade, suitable
from cnnlab.shown_text import code, markdown
from cnnlab.texts import Message, message, say
from cnnlab.ui.components.pictures.pair import Pair, Pixel
from cnnlab.ui.state import controls, links

MAX_MEGABYTES = 5

COLOURS = (message("Red"), message("Green"), message("Blue"))
"""What the channels of a picture are called."""

PICTURES = {
    "frog": message("Frog"),
    "bird": message("Bird"),
    "dog": message("Dog"),
    "cat": message("Cat"),
    "ship": message("Ship"),
    "automobile": message("Automobile"),
    "truck": message("Truck"),
    "airplane": message("Airplane"),
    "deer": message("Deer"),
    "horse": message("Horse"),
}
"""What the embedded pictures are called."""

SHADES = {
    "auto": message("What suits the kernel"),
    "clip": message("As they are, cut off at 0 and 255"),
    "scale": message("Stretched from lowest to highest"),
    "signed": message("Around 0, negative and positive apart"),
}
"""How the numbers of an output become shades; all but "auto" are `cnnlab.figures.shades.How`."""


@dataclass(frozen=True, eq=False)
class ChosenPicture:
    """The picture to work on.

    Args:
        identity: tells it from other pictures.
        pixels: uint8, (3, H, W).
    """

    identity: str
    pixels: NDArray[np.uint8]


def picture_menu(key: str) -> str:
    """Ask for one of the embedded pictures; `key` is the parameter in the link."""
    names = {name: PICTURES[name] for name in example_pictures()}
    return controls.choice(say("Picture"), key, names, next(iter(names)))


def chosen_picture(name: str, key: str) -> ChosenPicture:
    """Offer to upload a picture; return the uploaded one if it is good, else the example `name`.

    Args:
        key: of the page's pictures, which starts the names of what is kept in the session.
    """
    with st.expander(say("A picture of your own")):
        upload = st.file_uploader(
            say("PNG, JPEG or WebP"), type=list(SUFFIXES), max_upload_size=MAX_MEGABYTES, key=f"{key}_upload"
        )
        st.caption(
            markdown(
                "At most {size} MB; drawn with at most 512 pixels a side. It is not kept after this session and cannot"
                " be part of a link: anyone who opens your link sees the picture chosen above.",
                size=MAX_MEGABYTES,
            )
        )
    if upload is not None:
        try:
            return _decoded(upload.file_id, upload.getvalue, key)
        except DataError as error:
            st.error(
                markdown(
                    "{file} cannot be shown. {reason} The picture chosen above is shown instead.",
                    file=code(upload.name),
                    reason=error.message,
                )
            )
    return ChosenPicture(name, example_pictures()[name])


def not_on_this_picture(error: CnnlabError) -> str:
    """Say in Markdown why a picture cannot be convolved, or pooled."""
    return markdown("These settings cannot be used on this picture. {reason}", reason=error.message)


def _decoded(identity: str, content: Callable[[], bytes], key: str) -> ChosenPicture:
    """Decode an upload once, not at every click."""
    held: ChosenPicture | None = st.session_state.get(f"{key}/uploaded")
    if held is None or held.identity != identity:
        held = ChosenPicture(identity, read_picture(content()))
        st.session_state[f"{key}/uploaded"] = held
    return held


@dataclass(frozen=True)
class Window:
    """How a kernel lies on a picture.

    Args:
        size: (FH, FW)
    """

    size: tuple[int, int]
    stride: int
    padding: int
    dilation: int = 1


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture and what a kernel makes of it.

    Args:
        pixels: (3, OH, OW), the output as it is drawn.
        sentence: how its numbers became shades.
    """

    pair: Pair
    pixels: NDArray[np.uint8]
    sentence: Message


def shown(
    about: str,
    picture: NDArray[np.uint8],
    convolve: Callable[[], NDArray[Any]],
    window: Window,
    how: str,
    kernel: NDArray[Any] | None = None,
    bias: float = 0.0,
    *,
    key: str,
) -> Shown:
    """Convolve (or pool) and draw, or take what was drawn last if nothing has changed: a click asks for one pixel only.

    Args:
        about: a text that is another one whenever anything else is.
        picture: (3, H, W), the input as it is drawn.
        convolve: gives the output, (1, OH, OW) or (3, OH, OW).
        how: one of `SHADES`; "auto" asks for what suits the kernel and its bias.
    """
    digest = blake2b(f"{about} {how}".encode(), digest_size=8).hexdigest()
    held: Shown | None = st.session_state.get(f"{key}/shown")
    if held is not None and held.pair.identity == digest:
        return held
    values = convolve()
    if how == "auto":
        how = "clip" if kernel is None else suitable(kernel, bias)
    shades = shade(values, cast("How", how))
    pair = Pair(
        identity=digest,
        input=data_url(picture),
        output=data_url(shades.pixels),
        input_size=(picture.shape[1], picture.shape[2]),
        output_size=(values.shape[1], values.shape[2]),
        kernel_size=window.size,
        stride=window.stride,
        padding=window.padding,
        dilation=window.dilation,
    )
    drawn = Shown(pair, shades.pixels, shades.sentence)
    st.session_state[f"{key}/shown"] = drawn
    return drawn


def linked_pixel(parameter: str, size: tuple[int, int]) -> Pixel:
    """The pixel of the link or the session, moved inside a smaller picture; the middle where there is none."""
    pixel: Pixel | None = links.read(parameter, None, _parse_pixel)
    row, column = pixel or (size[0] // 2, size[1] // 2)
    return min(row, size[0] - 1), min(column, size[1] - 1)


def keep_pixel(parameter: str, pixel: Pixel, before: Pixel) -> None:
    """Write a pixel that was clicked, now or earlier, into the link; the middle of the picture needs no words."""
    if pixel != before or links.read(parameter, None, _parse_pixel) is not None:
        links.write(parameter, pixel, None, _pixel_text, undo="never")


def _parse_pixel(text: str) -> Pixel:
    parts = text.split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts):
        raise ParseError("A pixel is a row and a column, counted from 0, like 12,40.")
    return int(parts[0]), int(parts[1])


def _pixel_text(pixel: Pixel | None) -> str:
    return "" if pixel is None else f"{pixel[0]},{pixel[1]}"
