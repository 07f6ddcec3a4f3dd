"""Which network is to be trained: one of the presets, or a network that a link brought."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlab.data import DataFacts, data_facts
from cnnlab.errors import ParseError
from cnnlab.layers import Shape, format_shape, short_shape
from cnnlab.lessons.network.texts import format_net, parse_net
from cnnlab.networks import Network, parse_shape
from cnnlab.networks.remarks import remark_on
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, plural, say
from cnnlab.training.feasibility import MAX_WAYS_OUT, check_trainable, cost_of, subject, ways_to_fit, without_validation
from cnnlab.training.presets import DEFAULT, PRESETS, named, network_for
from cnnlab.training.progress import format_seconds
from cnnlab.ui.shell.page_list import page_of
from cnnlab.ui.state import controls, links
from cnnlab.ui.state.following_menu import following_menu

OWN = "own"
POOLINGS = {"avg": message("Average, as in 1998"), "max": message("Maximum")}
MAX_LABEL = 50
"""Characters of a button that a phone shows."""
_BROUGHT = "training/own network"


def ask(data: DataFacts | None, beside: DeltaGenerator) -> Network:
    """Draw the menu, and beside it the choice that LeNet-5 has; return the network, a preset fitted to the data."""
    chosen = links.read("train_net", DEFAULT, _read_network)
    shape = links.read("train_input", None, parse_shape)
    if isinstance(chosen, Network):
        st.session_state[_BROUGHT] = chosen = replace(chosen, input_shape=shape or chosen.input_shape)
    _menu(OWN if isinstance(chosen, Network) else chosen, has_own=_BROUGHT in st.session_state)
    links.write("train_net", chosen, DEFAULT, _net_text)
    if not isinstance(chosen, Network):
        links.write("train_input", None, None, _shape_text)
        facts = data or data_facts("cifar10-mini")
        if chosen != DEFAULT:
            links.drop("pooling")
            return network_for(chosen, facts)
        with beside:
            titles = {word: say(title) for word, title in POOLINGS.items()}
            pooling = controls.choice(say("Pooling"), "pooling", titles, "avg", widget="segmented")
        return network_for(chosen, facts, pooling)
    links.drop("pooling")
    links.write("train_input", chosen.input_shape, None, _shape_text)
    return named(replace(chosen, input_shape=chosen.input_shape or (data and data.image_shape)))


def show(network: Network, data: DataFacts, batch_size: int, validation: float, *, on_gpu: bool) -> bool:
    """Say what the network is like, or why it cannot be trained on these data. Return whether it can.

    Args:
        validation: the share of the training pictures that is kept aside.
    """
    data = without_validation(data, validation)
    reason = check_trainable(network, data, batch_size, on_gpu=on_gpu)
    if reason is None:
        time = _how_long(network, data, batch_size, on_gpu=on_gpu)
        st.caption(
            markdown(
                "**{network}**: {layers}, {parameters:,} parameters, from {shape} to {classes} classes. {time}",
                network=subject(network),
                layers=plural("{n} layer", "{n} layers", n=len(network.layers)),
                parameters=network.num_params(),
                shape=format_shape(data.image_shape),
                classes=data.num_classes,
                time=time,
            )
        )
        if remark := remark_on(network):
            st.warning(plain(say(remark)), icon=":material/info:")
    else:
        st.error(plain(say(reason)), icon=":material/block:")
        _offer_a_fit(network, data, batch_size)
    _link_back(network)
    return reason is None


def _how_long(network: Network, data: DataFacts, batch_size: int, *, on_gpu: bool) -> Message:
    time = format_seconds(max(1.0, cost_of(network, data, batch_size).epoch_seconds))
    if on_gpu:
        return message(
            "An epoch of {pictures:,} pictures takes about {time} on a processor, if nothing else is running.",
            pictures=data.train_images,
            time=time,
        )
    return message(
        "An epoch of {pictures:,} pictures takes about {time} here, if nothing else is running.",
        pictures=data.train_images,
        time=time,
    )


def _offer_a_fit(network: Network, data: DataFacts, batch_size: int) -> None:
    """A button for each small change with which the network can be trained."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for number, way in enumerate(ways_to_fit(network, data, batch_size)[:MAX_WAYS_OUT]):
            label = say(way.label)
            is_long = len(label) > MAX_LABEL
            st.button(
                markdown("Fit it to {data}", data=data.name) if is_long else plain(label),
                icon=":material/build:",
                on_click=_take,
                args=(way.network,),
                key=f"train_fit_{number}",
            )
            if is_long:
                st.caption(plain(label))


def _link_back(network: Network) -> None:
    page = page_of("network")
    shape = {} if network.input_shape is None else {"net_input": short_shape(network.input_shape)}
    query = {"net": format_net(network), **shape}
    st.page_link(page.path, label=say("Look at it on the Network page"), icon=page.icon, query_params=query)


def _menu(shown: str, *, has_own: bool) -> None:
    titles = {word: say(preset.title) for word, preset in PRESETS.items()}
    if has_own:
        titles[OWN] = say("Your own network")

    def choose(word: str) -> None:
        if word == OWN:
            _take(st.session_state[_BROUGHT])
        else:
            links.keep("train_net", word)
            links.keep("train_input", None)

    lines = "\n".join(
        markdown("- {network}: {note}", network=preset.title, note=preset.note) for preset in PRESETS.values()
    )
    origin = markdown(
        "Each is fitted to the channels and classes of the data set. A network of your own comes from the Network page."
    )
    following_menu(
        say("Network"),
        tuple(titles),
        shown,
        choose,
        key="train_network",
        format_func=lambda word: titles[word],
        help=f"{lines}\n\n{origin}",
    )


def _take(network: Network) -> None:
    links.keep("train_net", network)
    links.keep("train_input", network.input_shape)


def _read_network(text: str) -> str | Network:
    """The word of a preset, or another network."""
    if text in PRESETS:
        return text
    network = parse_net(text)
    if not network.layers:
        raise ParseError("It has no layers.")
    return network


def _net_text(chosen: str | Network) -> str:
    return format_net(chosen) if isinstance(chosen, Network) else chosen


def _shape_text(shape: Shape | None) -> str:
    return "" if shape is None else short_shape(shape)
