"""The convolution page's part "On a picture": the same kernel on a photograph."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.pictures import to_grey
from cnnlab.errors import CnnlabError
from cnnlab.figures.shades import How, shade, suitable
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.matrices import format_matrix
from cnnlab.ops import ConvStep, conv2d, conv2d_step
from cnnlab.ui import controls
from cnnlab.ui.components.picture_pair import Pair, Pixel, encode, picture_pair
from cnnlab.ui.components.window_sum import window_sum
from cnnlab.ui.picture_choice import chosen_picture, example_menu, linked_pixel, write_pixel

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
    left, middle, right = st.columns([1, 1, 1.4], vertical_alignment="bottom")
    with left:
        name = example_menu("photo")
    with middle:
        channels = controls.choice("Convolve", "photo_channels", CHANNELS, "grey", widget="segmented")
    with right:
        how = controls.choice("Shades of the output", "photo_shades", SHADES, "auto")
    picture = chosen_picture(name, "photo")
    x = (to_grey(picture.pixels) if channels == "grey" else picture.pixels).astype(np.int64)
    try:
        shown = _shown(f"{picture.identity} {channels} {how} {_text(settings)}", x, settings, how)
    except CnnlabError as error:
        st.warning(f"These settings cannot be used on this picture: {error}.")
        return
    start = linked_pixel("photo_pixel", shown.pair.output_size)
    pixel = picture_pair(shown.pair, start, key=_PAIR)
    if pixel != start:
        write_pixel("photo_pixel", pixel)
    st.caption(shown.sentence)
    red, green, blue = shown.pixels[:, pixel[0], pixel[1]].tolist()
    window_sum(_steps(x, settings, pixel), f"rgb({red} {green} {blue})", key="photo_sum")


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
