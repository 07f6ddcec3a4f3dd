"""The pooling page's part "On a picture": the same windows on a photograph."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.pictures import to_grey
from cnnlab.errors import CnnlabError
from cnnlab.figures.shades import shade
from cnnlab.lessons.pooling.settings import PoolSettings
from cnnlab.ops import PoolStep, avg_pool2d, max_pool2d, pool2d_step
from cnnlab.ui import controls
from cnnlab.ui.components.picture_pair import Pair, Pixel, encode, picture_pair
from cnnlab.ui.components.window_sum import window_pool
from cnnlab.ui.picture_choice import chosen_picture, example_menu, linked_pixel, write_pixel

CHANNELS = {"grey": "Grey", "rgb": "RGB"}

_PAIR = "pool_photo_pair"
_SHOWN = "pool_photo/shown"


@dataclass(frozen=True, eq=False)
class _Shown:
    """A picture and what the pooling makes of it."""

    pair: Pair
    pixels: NDArray[np.uint8]  # (3, OH, OW), the output as it is drawn


@st.fragment
def picture_section(settings: PoolSettings) -> None:
    """Draw the part."""
    left, middle, right = st.columns([1, 0.8, 1.4], vertical_alignment="bottom")
    with left:
        name = example_menu("pool_photo")
    with middle:
        channels = controls.choice("Pool", "pool_photo_channels", CHANNELS, "rgb", widget="segmented")
    with right:
        picture = chosen_picture(name, "pool_photo")
    x = (to_grey(picture.pixels) if channels == "grey" else picture.pixels).astype(np.int64)
    try:
        shown = _shown(f"{picture.identity} {channels}", x, settings)
    except CnnlabError as error:
        st.warning(f"These settings cannot be used on this picture: {error}.")
        return
    start = linked_pixel("pool_photo_pixel", shown.pair.output_size)
    pixel = picture_pair(shown.pair, start, key=_PAIR)
    if pixel != start:
        write_pixel("pool_photo_pixel", pixel)
    st.caption(_kept(shown.pair))
    red, green, blue = shown.pixels[:, pixel[0], pixel[1]].tolist()
    window_pool(_steps(x, settings, pixel), f"rgb({red} {green} {blue})", key="pool_photo_window")


def _shown(identity: str, x: NDArray[Any], settings: PoolSettings) -> _Shown:
    """Pool and draw, or take what was drawn last if nothing has changed since: a click asks for one pixel only."""
    digest = blake2b(f"{identity} {settings.kind} {settings.arguments}".encode(), digest_size=8).hexdigest()
    held: _Shown | None = st.session_state.get(_SHOWN)
    if held is not None and held.pair.identity == digest:
        return held
    pool = max_pool2d if settings.kind == "max" else avg_pool2d
    values: NDArray[Any] = pool(x, **settings.arguments)
    # A maximum and a mean of numbers from 0 to 255 are such numbers again.
    pixels = shade(values, "clip").pixels
    pair = Pair(
        identity=digest,
        input=encode(np.broadcast_to(x, (3, *x.shape[1:])).astype(np.uint8)),
        output=encode(pixels),
        input_size=(x.shape[1], x.shape[2]),
        output_size=(values.shape[1], values.shape[2]),
        kernel_size=settings.kernel,
        stride=settings.stride,
        padding=settings.padding,
        dilation=settings.used_dilation,
    )
    shown = _Shown(pair, pixels)
    st.session_state[_SHOWN] = shown
    return shown


def _kept(pair: Pair) -> str:
    (height, width), (out_height, out_width) = pair.input_size, pair.output_size
    pixels, kept = height * width, out_height * out_width
    return (
        f"{height} × {width} = {pixels:,} pixels become {out_height} × {out_width} = {kept:,},"
        f" {100 * kept / pixels:.3g} % as many for every layer that follows."
    )


def _steps(x: NDArray[Any], settings: PoolSettings, pixel: Pixel) -> dict[str, PoolStep]:
    names = ("Red", "Green", "Blue") if len(x) == 3 else ("",)
    return {
        name: pool2d_step(x, index=(channel, *pixel), kind=settings.kind, **settings.arguments)
        for channel, name in enumerate(names)
    }
