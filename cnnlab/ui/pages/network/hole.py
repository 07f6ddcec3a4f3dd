"""A small picture with a hole, shown through the layers of the two presets on inpainting."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import streamlit as st

from cnnlab.lessons.network.inpainting import LAYERS, Picture, through
from cnnlab.shown_text import Markdown, markdown

PADDINGS: Mapping[str, int] = MappingProxyType({"inpainting": 0, "inpainting-padded": 1})
"""By the preset."""
_PIXEL = 4
"""Pixels of the screen for one of the picture."""


def show_hole(preset: str | None) -> None:
    """Draw the picture after each layer, and with the hole filled; nothing for other presets."""
    if preset is None or preset not in PADDINGS:
        return
    way = through(PADDINGS[preset])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="net_hole"):
        _draw(way.pictures[0], markdown("with the hole: {side} × {side}", side=len(way.pictures[0])))
        for number in range(1, LAYERS + 1):
            made = way.pictures[number]
            _draw(made, markdown("after layer {number}: {side} × {side}", number=number, side=len(made)))
        if way.filled is not None:
            _draw(way.filled, markdown("laid into the hole"))
    if way.filled is None:
        st.caption(
            markdown(
                "Nothing is trained: each kernel takes the mean of the known pixels under it. The hole is closed, but "
                "{side} × {side} pixels do not fit over {whole} × {whole}: the rim is lost.",
                side=len(way.pictures[-1]),
                whole=len(way.pictures[0]),
            )
        )
    else:
        st.caption(
            markdown(
                "Nothing is trained: each kernel takes the mean of the known pixels under it. What comes out is as "
                "large as the picture, so that it can be laid into the hole."
            )
        )


def _draw(picture: Picture, label: Markdown) -> None:
    st.image(np.kron(picture, np.ones((_PIXEL, _PIXEL), dtype=np.uint8)), label, width=len(picture) * _PIXEL)
