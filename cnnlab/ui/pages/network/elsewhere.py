"""The ways from the network page to other pages, with the network in the link."""

import streamlit as st

from cnnlab.layers import Conv2d, short_shape
from cnnlab.lessons.network.texts import format_net
from cnnlab.lessons.receptive_field.of_network import stack_of
from cnnlab.lessons.receptive_field.stack import format_layers
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import in_a_row, say
from cnnlab.ui.pages.network.state import State
from cnnlab.ui.shell.page_list import page_of
from cnnlab.ui.state import screen


def show_links(state: State) -> None:
    """Offer to show what the units see, and to train the network."""
    reading = state.reading
    shown = stack_of([row.layer for row in reading.rows], state.input_shape)
    with st.container(horizontal=True, gap="medium", key="net_links"):
        if shown.stack.layers:
            field = page_of("receptive_field")
            st.page_link(
                field.path,
                label=say("Show in Receptive field"),
                icon=field.icon,
                query_params={"layers": format_layers(shown.stack.layers), "reach_size": str(shown.stack.size)},
            )
        if reading.rows and reading.problem is None:
            training = page_of("training")
            st.page_link(
                training.path,
                label=say("Train this"),
                icon=training.icon,
                query_params={"train_net": format_net(state.network), "train_input": short_shape(state.input_shape)},
            )
    if problem := reading.problem:
        st.caption(
            markdown(
                "It can be trained once layer {number} ({layer}) fits.",
                number=problem.index + 1,
                layer=problem.layer.name,
            )
        )
    if shown.stack.layers and shown.remarks:
        st.caption(plain(say(in_a_row(*shown.remarks))))


def tell(state: State) -> None:
    """Tell a lesson what is on the screen."""
    rows, is_asked = state.reading.rows, bool(state.open_questions)
    fits = state.reading.problem is None
    screen.tell(
        preset=state.preset,
        input_shape=state.input_shape,
        layers=len(state.network.layers),
        convolutions=sum(isinstance(layer, Conv2d) for layer in state.network.layers),
        fits="yes" if fits else "no",
        output_shape=rows[-1].output_shape if rows and fits and not is_asked else None,
        parameters=None if is_asked else sum(row.num_params for row in rows),
        macs=None if is_asked else sum(row.macs for row in rows),
    )
