"""The convolution page's part "On a picture": the same kernel on a photograph."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.pictures import SUFFIXES, example_pictures, read_picture, to_grey
from cnnlab.errors import CnnlabError, DataError, ParseError
from cnnlab.figures.shades import How, shade, suitable
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.matrices import format_matrix
from cnnlab.ops import ConvStep, conv2d, conv2d_step
from cnnlab.ui import controls, links
from cnnlab.ui.components.picture_pair import Pair, Pixel, encode, picture_pair
from cnnlab.ui.components.window_sum import window_sum

MAX_MEGABYTES = 5

CHANNELS = {"grey": "Grey", "rgb": "RGB"}
SHADES = {
    "auto": "What suits the kernel",
    "clip": "As they are, cut off at 0 and 255",
    "scale": "Stretched from lowest to highest",
    "signed": "Around 0, negative and positive apart",
}

_PAIR = "photo_pair"
_SHOWN = "photo/shown"


@dataclass(frozen=True, eq=False)
class _Shown:
    """A picture and what the settings make of it."""

    pair: Pair
    pixels: NDArray[np.uint8]  # (3, OH, OW), the output as it is drawn
    sentence: str


@st.fragment
def picture_section(settings: ConvSettings) -> None:
    """Draw the part."""
    names = {name: name.capitalize() for name in example_pictures()}
    left, middle, right = st.columns([1, 1, 1.4], vertical_alignment="bottom")
    with left:
        name = controls.choice("Picture", "photo", names, next(iter(names)))
    with middle:
        channels = controls.choice("Convolve", "photo_channels", CHANNELS, "grey", widget="segmented")
    with right:
        how = controls.choice("Shades of the output", "photo_shades", SHADES, "auto")
    identity, picture = _chosen(name)
    x = (to_grey(picture) if channels == "grey" else picture).astype(np.int64)
    try:
        shown = _shown(f"{identity} {channels} {how} {_text(settings)}", x, settings, how)
    except CnnlabError as error:
        st.warning(f"These settings cannot be used on this picture: {error}.")
        return
    start = _linked_pixel(shown.pair.output_size)
    pixel = picture_pair(shown.pair, start, key=_PAIR)
    if pixel != start:
        links.write("photo_pixel", pixel, None, _pixel_text)
    st.caption(shown.sentence)
    red, green, blue = shown.pixels[:, pixel[0], pixel[1]].tolist()
    window_sum(_steps(x, settings, pixel), f"rgb({red} {green} {blue})", key="photo_sum")


def _chosen(name: str) -> tuple[str, NDArray[np.uint8]]:
    """The picture to work on, with a text that tells it from others: the uploaded one if there is a good one."""
    with st.expander("A picture of your own"):
        upload = st.file_uploader(
            "PNG, JPEG or WebP", type=list(SUFFIXES), max_upload_size=MAX_MEGABYTES, key="photo_upload"
        )
        st.caption(
            f"At most {MAX_MEGABYTES} MB; drawn with at most 512 pixels a side. It is not kept after this session and"
            " cannot be part of a link: who opens yours sees the picture chosen above."
        )
    if upload is not None:
        try:
            return upload.file_id, _read(upload.file_id, upload.getvalue())
        except DataError as error:
            st.error(f"“{upload.name}” cannot be shown: {error}. The picture chosen above stands in for it.")
    return name, example_pictures()[name]


def _read(identity: str, content: bytes) -> NDArray[np.uint8]:
    """Decode an upload once, not at every click."""
    held = st.session_state.get("photo/uploaded")
    if held is None or held[0] != identity:
        held = (identity, read_picture(content))
        st.session_state["photo/uploaded"] = held
    return held[1]


def _shown(identity: str, x: NDArray[Any], settings: ConvSettings, how: str) -> _Shown:
    """Convolve and draw, or take what was drawn last if nothing has changed since: a click asks for one pixel only."""
    digest = blake2b(identity.encode(), digest_size=8).hexdigest()
    held: _Shown | None = st.session_state.get(_SHOWN)
    if held is not None and held.pair.identity == digest:
        return held
    values = conv2d(x, **_arguments(x, settings))
    kernel = settings.kernel
    shades = shade(values, suitable(kernel, settings.bias) if how == "auto" else cast("How", how))
    pair = Pair(
        identity=digest,
        input=encode(np.broadcast_to(x, (3, *x.shape[1:])).astype(np.uint8)),
        output=encode(shades.pixels),
        input_size=(x.shape[1], x.shape[2]),
        output_size=(values.shape[1], values.shape[2]),
        kernel_size=(kernel.shape[0], kernel.shape[1]),
        stride=settings.stride,
        padding=settings.padding,
        dilation=settings.dilation,
    )
    shown = _Shown(pair, shades.pixels, shades.sentence)
    st.session_state[_SHOWN] = shown
    return shown


def _arguments(x: NDArray[Any], settings: ConvSettings) -> dict[str, Any]:
    """The arguments of conv2d that lay the one kernel on each channel of x by itself."""
    return {
        "weight": np.broadcast_to(settings.effective_kernel, (len(x), 1, *settings.kernel.shape)),
        "bias": np.full(len(x), settings.bias) if settings.bias else None,
        "stride": settings.stride,
        "padding": settings.padding,
        "dilation": settings.dilation,
        "groups": len(x),
        "padding_mode": settings.padding_mode,
    }


def _steps(x: NDArray[Any], settings: ConvSettings, pixel: Pixel) -> dict[str, ConvStep]:
    names = ("Red", "Green", "Blue") if len(x) == 3 else ("",)
    arguments = _arguments(x, settings)
    return {name: conv2d_step(x, index=(channel, *pixel), **arguments) for channel, name in enumerate(names)}


def _text(settings: ConvSettings) -> str:
    """All of the settings that a picture depends on."""
    numbers = (settings.stride, settings.padding, settings.padding_mode, settings.dilation, settings.bias)
    return f"{format_matrix(settings.effective_kernel)} {numbers}"


def _linked_pixel(size: tuple[int, int]) -> Pixel:
    """The pixel of the link or the session, moved inside a smaller picture; the middle where there is none."""
    pixel: Pixel | None = links.read("photo_pixel", None, _parse_pixel)
    row, column = pixel or (size[0] // 2, size[1] // 2)
    return min(row, size[0] - 1), min(column, size[1] - 1)


def _parse_pixel(text: str) -> Pixel:
    parts = text.split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts):
        raise ParseError("a pixel is a row and a column, counted from 0, like 12,40")
    return int(parts[0]), int(parts[1])


def _pixel_text(pixel: Pixel | None) -> str:
    return "" if pixel is None else f"{pixel[0]},{pixel[1]}"
