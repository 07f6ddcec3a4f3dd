"""The channels page's numbers on cost: what this layer holds, and what other ways of mixing channels would cost."""

from dataclasses import replace

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.layers import with_times
from cnnlab.lessons.channels.costs import MOBILENET, Cost, costs, layer_of
from cnnlab.lessons.channels.settings import MAX_KERNEL, ChannelSettings
from cnnlab.shown_text import Markdown, code, markdown, plain
from cnnlab.texts import all_of, message, say
from cnnlab.ui.state import controls

LAYERS = {"page": message("The layer on this page"), "mobilenet": message("A layer of MobileNet: 512 → 512, 14 × 14")}

_HEAD = (
    message("convolution"),
    message("weight"),
    message("parameters"),
    message("multiplications"),
    message("of the full one"),
)
_ALIGNED = "|---|---|---|--:|--:|"


def in_short(settings: ChannelSettings) -> None:
    """Say the weight tensor's shape and the number of parameters, spelled out."""
    axes = "(O, 1, D, FH, FW)" if settings.slides_in_depth else "(O, C, FH, FW)"
    axes = "(O, C/groups, FH, FW)" if settings.groups > 1 else axes
    lines = [
        markdown("Weight {axes} = **({shape})**", axes=axes, shape=", ".join(map(str, settings.weight_shape))),
        markdown("Parameters: {count}", count=code(with_times(settings.parameters_in_words))),
    ]
    if _is_cheaper(settings):
        lines.append(_against_full(settings))
    text = "  \n".join(filter(None, lines))
    st.markdown(text)


def _is_cheaper(settings: ChannelSettings) -> bool:
    """Whether the layer is one of those that are there to be cheaper than a full 3x3 convolution."""
    return settings.groups > 1 or settings.kernels.shape[2:] == (1, 1)


def _against_full(settings: ChannelSettings) -> Markdown:
    """What a full convolution with the same channels and kernels would hold instead."""
    try:
        cells = settings.output()[0, 0].size
    except CnnlabError:
        return Markdown()
    layer = replace(layer_of(settings, cells), rows=MAX_KERNEL, columns=MAX_KERNEL)
    full = costs(layer)[0]
    return markdown(
        ":small[{products:,} products. In full, with {rows} × {columns}: {parameters:,} parameters, {full_products:,}"
        " products.]",
        products=settings.kernels.size * cells,
        rows=layer.rows,
        columns=layer.columns,
        parameters=full.parameters,
        full_products=full.macs,
    )


def costs_section(settings: ChannelSettings) -> None:
    """Draw the part: full, grouped, depthwise and 1x1 convolutions side by side."""
    name = controls.choice(say("Compare"), "ch_layer", LAYERS, "page", widget="segmented", label_visibility="collapsed")
    layer = MOBILENET
    if name == "page":
        try:
            cells = settings.output()[0, 0].size
        except CnnlabError as error:
            st.warning(
                markdown("These settings have no output, so there is nothing to count. {reason}", reason=error.message)
            )
            return
        layer = layer_of(settings, cells)
    st.markdown(
        markdown(
            "Channels: **{channels}**. Maps: **{maps}**, of {cells} cells each. Kernels: {rows} × {columns}.",
            channels=layer.channels,
            maps=layer.outputs,
            cells=layer.cells,
            rows=layer.rows,
            columns=layer.columns,
        )
    )
    with st.container(key="ch_costs"):
        st.markdown(_table(costs(layer)))
    st.markdown(
        markdown(
            "One multiplication for every weight at every cell of a map: maps × cells × weights of one kernel."
            " Depthwise kernels do not mix channels, 1 × 1 kernels do not look at neighbouring cells; one after the"
            " other they do both, for a fraction of the price. The biases count as parameters, but not as"
            " multiplications."
        )
    )


def _table(rows: tuple[Cost, ...]) -> str:
    head = " | ".join(plain(say(name)) for name in _HEAD)
    return "\n".join([f"| {head} |", _ALIGNED, *map(_line, rows)])


def _line(cost: Cost) -> str:
    weights = markdown(all_of(map(code, cost.weights)))
    parameters = code(with_times(cost.parameters_in_words))
    return f"| **{plain(say(cost.name))}** | {weights} | {parameters} | {cost.macs:,} | {cost.share:.1%} |"
