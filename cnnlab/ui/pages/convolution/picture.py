"""The convolution page's part "On a picture": the same kernel on a photograph."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.images import to_grey
from cnnlab.errors import CnnlabError
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.number_text import format_matrix
from cnnlab.ops import ConvStep, conv2d, conv2d_step
from cnnlab.shown_text import plain
from cnnlab.texts import in_a_row, message, say
from cnnlab.ui.components.pictures.pair import Pixel, picture_pair
from cnnlab.ui.components.window_sum import window_sum
from cnnlab.ui.parts.picture_choice import (
    COLOURS,
    SHADES,
    Window,
    chosen_picture,
    keep_pixel,
    linked_pixel,
    not_on_this_picture,
    picture_menu,
    shown,
)
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import controls

CHANNELS = {"grey": message("Grey"), "rgb": "RGB"}
_PAIR = "photo_pair"


@st.fragment
def picture_section(settings: ConvSettings) -> None:
    """Draw the part."""
    left, middle, right = st.columns([1, 1, 1.4], vertical_alignment="bottom")
    with left:
        name = picture_menu("photo")
    with middle:
        channels = controls.choice(say("Convolve"), "photo_channels", CHANNELS, "grey", widget="segmented")
    with right:
        how = controls.choice(say("Shades of the output"), "photo_shades", SHADES, "auto")
    picture = chosen_picture(name, "photo")
    x = (to_grey(picture.pixels) if channels == "grey" else picture.pixels).astype(np.int64)
    kernel = settings.kernel
    with stage():
        try:
            drawn = shown(
                f"{picture.identity} {channels} {_text(settings)}",
                np.broadcast_to(x, (3, *x.shape[1:])).astype(np.uint8),
                lambda: conv2d(x, **_arguments(x, settings)),
                Window((kernel.shape[0], kernel.shape[1]), settings.stride, settings.padding, settings.dilation),
                how,
                kernel,
                settings.bias,
                key="photo",
            )
        except CnnlabError as error:
            st.warning(not_on_this_picture(error))
            return
        start = linked_pixel("photo_pixel", drawn.pair.output_size)
        pixel = picture_pair(drawn.pair, start, key=_PAIR)
        keep_pixel("photo_pixel", pixel, start)
        st.caption(plain(say(in_a_row(drawn.sentence, picture.credit or ""))))
        red, green, blue = drawn.pixels[:, pixel[0], pixel[1]].tolist()
        window_sum(_steps(x, settings, pixel), f"rgb({red} {green} {blue})", key="photo_sum")


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
    names = COLOURS if len(x) == 3 else ("",)
    arguments = _arguments(x, settings)
    return {name: conv2d_step(x, index=(channel, *pixel), **arguments) for channel, name in enumerate(names)}


def _text(settings: ConvSettings) -> str:
    """All of the settings that a picture depends on."""
    numbers = (settings.stride, settings.padding, settings.padding_mode, settings.dilation, settings.bias)
    return f"{format_matrix(settings.effective_kernel)} {numbers}"
