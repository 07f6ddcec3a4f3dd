"""The channels page's part "On a picture": red, green and blue apart and together, and what a kernel makes of them."""

import html
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlab.data.images import at_most_high
from cnnlab.errors import CnnlabError
from cnnlab.figures.data_url import data_url
from cnnlab.lessons.channels.settings import ChannelSettings
from cnnlab.number_text import format_kernels
from cnnlab.ops import conv2d
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, in_a_row, message, say
from cnnlab.ui.components.pictures.pair import picture_pair
from cnnlab.ui.components.window_sum import channel_sum
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

_SWITCHES = ("ch_red", "ch_green", "ch_blue")
TINTS = {"colour": message("in their colour"), "grey": message("in grey")}
_SIDE = 104
"""Pixels of a channel's picture along its longer side: all four stand in one line."""


@st.fragment
def picture_section(settings: ChannelSettings) -> None:
    """Draw the part."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width=130):
            name = picture_menu("ch_photo")
        on = np.array([controls.switch(say(colour), key, True) for colour, key in zip(COLOURS, _SWITCHES, strict=True)])
        with st.container(width=136):
            tint = controls.choice(say("Channels are drawn"), "ch_tint", TINTS, "colour")
        names = _map_names(settings)
        with st.container(width=160):
            word = controls.choice(say("Map"), "ch_map", {word: name for word, (name, *_) in names.items()}, "1.1")
        with st.container(width=180):
            how = controls.choice(say("Shades of the map"), "ch_shades", SHADES, "auto")
    strip, own = st.columns([1.55, 1], gap="medium")
    with own:
        chosen = chosen_picture(name, "ch_photo")
    kept = chosen.pixels * on[:, None, None].astype(np.uint8)
    with strip:
        _apart_and_together(kept, on, tint)
    with stage():
        try:
            # Whatever does not go with three channels is told before anything is convolved.
            replace(settings, input=np.zeros((3, 8, 8), dtype=np.int64)).output()
        except CnnlabError as error:
            st.info(_no_fit(settings, error))
            return
        layer = replace(settings, input=kept.astype(np.int64))
        _convolved(f"{chosen.identity} {on.tolist()} {word}", kept, layer, names[word][1:], how, chosen.credit)


def _no_fit(settings: ChannelSettings, error: CnnlabError) -> str:
    """Say in Markdown why the kernels cannot be used on a picture, and the way out."""
    if settings.channels == len(COLOURS):
        return markdown(
            "A picture has three channels, and these kernels do not fit them. {reason}", reason=error.message
        )
    return markdown(
        "A picture has three channels, and these kernels do not fit them. {reason} Above, choose 3 channels instead of"
        " {channels}: the kernels follow.",
        reason=error.message,
        channels=settings.channels,
    )


def _apart_and_together(picture: NDArray[np.uint8], on: NDArray[np.bool_], tint: str) -> None:
    """Each channel as a picture of its own, and all that are switched on together."""
    parts: list[str] = []
    # As large as they are drawn: a switch sends them all again.
    small = at_most_high(picture, _SIDE)
    for channel, colour in enumerate(COLOURS):
        alone = np.zeros_like(small)
        alone[slice(None) if tint == "grey" else channel] = small[channel]
        told = message(
            "{colour}: {lowest} to {highest}",
            colour=colour,
            lowest=int(picture[channel].min()),
            highest=int(picture[channel].max()),
        )
        parts.append(_figure(alone, told if on[channel] else message("{colour}: off", colour=colour)))
    parts.append(_figure(small, message("Together: {size}", size=_by(picture.shape))))
    signs = ("+", "+", "=", "")
    items = "".join(f"{part}<span>{sign}</span>" for part, sign in zip(parts, signs, strict=True))
    st.html(
        "<style>.channel-strip { display: flex; flex-wrap: wrap; gap: 10px; align-items: flex-start; }"
        " .channel-strip img { max-width: 100%; image-rendering: pixelated; border-radius: 6px; }"
        f" .channel-strip figure {{ margin: 0; width: {_SIDE}px; }} .channel-strip figcaption {{ font-size: 14px; }}"
        " .channel-strip span { font-size: 22px; align-self: center; }</style>"
        f"<div class='channel-strip'>{items}</div>"
    )


def _figure(picture: NDArray[np.uint8], caption: Message) -> str:
    told = html.escape(say(caption))
    width = round(_SIDE * min(1, picture.shape[2] / picture.shape[1]))
    image = f"<img alt='{told}' width='{width}' src='{data_url(picture)}'>"
    return f"<figure>{image}<figcaption>{told}</figcaption></figure>"


def _convolved(
    about: str,
    picture: NDArray[np.uint8],
    layer: ChannelSettings,
    of: tuple[int, int],
    how: str,
    credit: Message | None,
) -> None:
    """Draw the picture beside one of its maps, and the sum of the pixel that is clicked."""
    kernel, place = of
    seen = layer.channels_of(kernel, place)
    weight, bias = layer.kernels[kernel : kernel + 1], layer.biases[kernel : kernel + 1]
    rows, columns = weight.shape[2:]
    arguments = (layer.stride, layer.padding)
    try:
        drawn = shown(
            f"{about} {format_kernels(weight)} {bias.tolist()} {arguments} {seen}",
            picture,
            lambda: conv2d(layer.input[seen.start : seen.stop], weight, bias, *arguments),
            Window((int(rows), int(columns)), *arguments),
            how,
            weight,
            float(bias[0]),
            key="ch_photo",
        )
    except CnnlabError as error:
        st.warning(not_on_this_picture(error))
        return
    start = linked_pixel("ch_pixel", drawn.pair.output_size)
    pictures, sums = st.columns([1.35, 1], gap="medium")
    with pictures:
        pixel = picture_pair(drawn.pair, start, key="channels_pair")
        st.caption(plain(say(in_a_row(drawn.sentence, credit or ""))))
    keep_pixel("ch_pixel", pixel, start)
    red, green, blue = drawn.pixels[:, pixel[0], pixel[1]].tolist()
    step = layer.cell(kernel, place, *pixel)
    with sums:
        channel_sum([COLOURS[channel] for channel in seen], step, f"rgb({red} {green} {blue})", key="channels_sum")


def _by(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _map_names(layer: ChannelSettings) -> dict[str, tuple[Message, int, int]]:
    """The maps that can be looked at, by the word in the link: their name, their kernel, their place in depth."""
    names: dict[str, tuple[Message, int, int]] = {}
    places = max(1, len(COLOURS) - layer.depth + 1) if layer.groups == 1 else 1
    for kernel in range(layer.outputs):
        for place in range(places):
            name = message("Kernel {kernel}", kernel=kernel + 1)
            if places > 1:
                name = message("Kernel {kernel}, slice {slice}", kernel=kernel + 1, slice=place + 1)
            names[f"{kernel + 1}.{place + 1}"] = (name, kernel, place)
    return names
