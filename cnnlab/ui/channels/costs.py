"""The channels page's numbers on cost: what this layer holds, and what other ways of mixing channels would cost."""

from dataclasses import replace

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.layers import with_times
from cnnlab.lessons.channels.costs import MOBILENET, Cost, costs, layer_of
from cnnlab.lessons.channels.settings import MAX_KERNEL, ChannelSettings
from cnnlab.shown_text import code, plain
from cnnlab.ui import controls

LAYERS = {"page": "The layer on this page", "mobilenet": "A layer of MobileNet: 512 → 512, 14 × 14"}

# What a phone has no room for is scrolled to within the table.
_NARROW = (
    "<style>.st-key-ch_costs [data-testid=stMarkdownContainer] { overflow-x: auto; }"
    " @media (max-width: 640px) { .st-key-ch_costs :is(td, th) { padding: 4px 3px; font-size: 14px; } }</style>"
)
_HEAD = "| | weight | parameters | multiplications | of the full one |\n|---|---|---|--:|--:|\n"


def in_short(settings: ChannelSettings) -> None:
    """Say the weight tensor's shape and the number of parameters, spelled out."""
    axes = "(O, 1, D, FH, FW)" if settings.slides_in_depth else "(O, C, FH, FW)"
    axes = "(O, C/groups, FH, FW)" if settings.groups > 1 else axes
    shape = ", ".join(map(str, settings.weight_shape))
    text = f"Weight {axes} = **({shape})**  \nParameters: {code(with_times(settings.parameters_in_words))}"
    st.markdown(f"{text}  \n{_against_full(settings)}" if _is_cheaper(settings) else text)


def _is_cheaper(settings: ChannelSettings) -> bool:
    """Whether the layer is one of those that are there to be cheaper than a full 3x3 convolution."""
    return settings.groups > 1 or settings.kernels.shape[2:] == (1, 1)


def _against_full(settings: ChannelSettings) -> str:
    """What a full convolution with the same channels and kernels would hold instead."""
    try:
        cells = settings.output()[0, 0].size
    except CnnlabError:
        return ""
    layer = replace(layer_of(settings, cells), rows=MAX_KERNEL, columns=MAX_KERNEL)
    full = costs(layer)[0]
    macs = settings.kernels.size * cells
    return (
        f":small[{macs:,} products. In full, with {layer.rows:d} × {layer.columns:d}:"
        f" {full.parameters:,} parameters, {full.macs:,} products.]"
    )


def costs_section(settings: ChannelSettings) -> None:
    """Draw the part: full, grouped, depthwise and 1x1 convolutions side by side."""
    st.html(_NARROW)
    name = controls.choice("Compare", "ch_layer", LAYERS, "page", widget="segmented", label_visibility="collapsed")
    layer = MOBILENET
    if name == "page":
        try:
            cells = settings.output()[0, 0].size
        except CnnlabError as error:
            st.warning(f"These settings have no output to count for: {plain(error)}.")
            return
        layer = layer_of(settings, cells)
    st.markdown(
        f"From **{layer.channels:d} channels** to **{layer.outputs:d} maps** of {layer.cells:d} cells, with kernels of"
        f" {layer.rows:d} × {layer.columns:d}:"
    )
    with st.container(key="ch_costs"):
        st.markdown(_HEAD + "\n".join(_line(cost) for cost in costs(layer)))
    st.markdown(
        "One multiplication for every weight at every cell of a map: maps × cells × weights of one kernel. Depthwise"
        " kernels do not mix channels, 1 × 1 kernels do not look around; one after the other they do both, for a"
        " fraction of the price. The biases are counted as parameters and not as multiplications."
    )


def _line(cost: Cost) -> str:
    weight, parameters = code(cost.weight), code(with_times(cost.parameters_in_words))
    return f"| **{plain(cost.name)}** | {weight} | {parameters} | {cost.macs:,} | {cost.share:.1%} |"
