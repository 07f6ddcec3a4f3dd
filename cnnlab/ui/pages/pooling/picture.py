"""The pooling page's part "On a picture": the same windows on a photograph."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.images import to_grey
from cnnlab.errors import CnnlabError
from cnnlab.lessons.pooling.settings import PoolSettings
from cnnlab.ops import PoolStep, avg_pool2d, max_pool2d, pool2d_step
from cnnlab.shown_text import plain
from cnnlab.texts import Message, in_a_row, message, say
from cnnlab.ui.components.pictures.pair import Pair, Pixel, picture_pair
from cnnlab.ui.components.window_sum import window_pool
from cnnlab.ui.parts.picture_choice import (
    COLOURS,
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

_PAIR = "pool_photo_pair"


@st.fragment
def picture_section(settings: PoolSettings) -> None:
    """Draw the part."""
    left, middle, right = st.columns([1, 0.8, 1.4], vertical_alignment="bottom")
    with left:
        name = picture_menu("pool_photo")
    with middle:
        channels = controls.choice(say("Pool"), "pool_photo_channels", CHANNELS, "rgb", widget="segmented")
    with right:
        picture = chosen_picture(name, "pool_photo")
    x = (to_grey(picture.pixels) if channels == "grey" else picture.pixels).astype(np.int64)
    with stage():
        try:
            # A maximum and a mean of numbers from 0 to 255 are such numbers again.
            drawn = shown(
                f"{picture.identity} {channels} {settings.kind} {settings.arguments}",
                np.broadcast_to(x, (3, *x.shape[1:])).astype(np.uint8),
                lambda: _pool(x, settings),
                Window(settings.kernel, settings.stride, settings.padding, settings.used_dilation),
                "clip",
                key="pool_photo",
            )
        except CnnlabError as error:
            st.warning(not_on_this_picture(error))
            return
        start = linked_pixel("pool_photo_pixel", drawn.pair.output_size)
        pixel = picture_pair(drawn.pair, start, key=_PAIR)
        keep_pixel("pool_photo_pixel", pixel, start)
        st.caption(plain(say(in_a_row(_kept(drawn.pair), picture.credit or ""))))
        red, green, blue = drawn.pixels[:, pixel[0], pixel[1]].tolist()
        window_pool(_steps(x, settings, pixel), f"rgb({red} {green} {blue})", key="pool_photo_window")


def _pool(x: NDArray[Any], settings: PoolSettings) -> NDArray[Any]:
    pool = max_pool2d if settings.kind == "max" else avg_pool2d
    return pool(x, **settings.arguments)


def _kept(pair: Pair) -> Message:
    (height, width), (out_height, out_width) = pair.input_size, pair.output_size
    pixels, kept = height * width, out_height * out_width
    return message(
        "{input} pixels become {output}: every layer that follows works on {share} % as many.",
        input=f"{height} × {width} = {pixels:,}",
        output=f"{out_height} × {out_width} = {kept:,}",
        share=f"{100 * kept / pixels:.3g}",
    )


def _steps(x: NDArray[Any], settings: PoolSettings, pixel: Pixel) -> dict[str, PoolStep]:
    names = COLOURS if len(x) == 3 else ("",)
    return {
        name: pool2d_step(x, index=(channel, *pixel), kind=settings.kind, **settings.arguments)
        for channel, name in enumerate(names)
    }
