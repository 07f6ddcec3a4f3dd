"""What pages with a part "On a picture" share: an example or an uploaded picture, and the pixel that the link names."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.pictures import SUFFIXES, example_pictures, read_picture
from cnnlab.errors import DataError, ParseError
from cnnlab.ui import controls, links
from cnnlab.ui.components.picture_pair import Pixel

MAX_MEGABYTES = 5


@dataclass(frozen=True, eq=False)
class ChosenPicture:
    """The picture to work on.

    Args:
        identity: tells it from other pictures.
        pixels: uint8, (3, H, W).
    """

    identity: str
    pixels: NDArray[np.uint8]


def example_menu(key: str) -> str:
    """Draw the menu of the lab's own pictures; return the name of the chosen one."""
    names = {name: name.capitalize() for name in example_pictures()}
    return controls.choice("Picture", key, names, next(iter(names)))


def chosen_picture(name: str, key: str) -> ChosenPicture:
    """Offer to upload a picture; return the uploaded one if it is good, else the example `name`.

    Args:
        key: of the page's pictures, which starts the names of what is kept in the session.
    """
    with st.expander("A picture of your own"):
        upload = st.file_uploader(
            "PNG, JPEG or WebP", type=list(SUFFIXES), max_upload_size=MAX_MEGABYTES, key=f"{key}_upload"
        )
        st.caption(
            f"At most {MAX_MEGABYTES} MB; drawn with at most 512 pixels a side. It is not kept after this session and"
            " cannot be part of a link: who opens yours sees the picture chosen above."
        )
    if upload is not None:
        try:
            return _decoded(upload.file_id, upload.getvalue, key)
        except DataError as error:
            st.error(f"“{upload.name}” cannot be shown: {error}. The picture chosen above stands in for it.")
    return ChosenPicture(name, example_pictures()[name])


def _decoded(identity: str, content: Callable[[], bytes], key: str) -> ChosenPicture:
    """Decode an upload once, not at every click."""
    held: ChosenPicture | None = st.session_state.get(f"{key}/uploaded")
    if held is None or held.identity != identity:
        held = ChosenPicture(identity, read_picture(content()))
        st.session_state[f"{key}/uploaded"] = held
    return held


def linked_pixel(name: str, size: tuple[int, int]) -> Pixel:
    """The pixel of the link or the session, moved inside a smaller picture; the middle where there is none."""
    pixel: Pixel | None = links.read(name, None, _parse_pixel)
    row, column = pixel or (size[0] // 2, size[1] // 2)
    return min(row, size[0] - 1), min(column, size[1] - 1)


def write_pixel(name: str, pixel: Pixel) -> None:
    """Keep a pixel in the session and in the URL."""
    links.write(name, pixel, None, lambda place: "" if place is None else f"{place[0]},{place[1]}")


def _parse_pixel(text: str) -> Pixel:
    parts = text.split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts):
        raise ParseError("a pixel is a row and a column, counted from 0, like 12,40")
    return int(parts[0]), int(parts[1])
