"""The receptive-field page's part "Theory and practice": what a unit can see, and what it listens to."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlab.effective_fields import PICTURES, ask_effective, middle_half, share_within
from cnnlab.errors import CnnlabError
from cnnlab.exact_fields import Region, receptive_field_region
from cnnlab.lessons.receptive_field.maps import Field, field_map, shares
from cnnlab.lessons.receptive_field.stack import CHANNELS, Stack, Unit
from cnnlab.networks import Network, lenet5
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, say
from cnnlab.ui.parts.torch_check import reference
from cnnlab.ui.state import controls

NETWORKS = {"lenet5": message("LeNet-5, untrained and trained"), "stack": message("The layers above")}
LENET5_LAYERS = {
    "conv1": (message("First convolution"), 0),
    "pool1": (message("First pooling"), 2),
    "conv2": (message("Second convolution"), 3),
    "pool2": (message("Second pooling"), 5),
    "conv3": (message("Third convolution"), 6),
}
"""Layers of LeNet-5 by their names in links: what they are called, and their index in the network."""

_ANSWER = "receptive_field/effective"


@dataclass(frozen=True, eq=False)
class Measured:
    """What PyTorch found for one unit."""

    region: Region
    fields: tuple[Field, ...]
    remark: Message


def effective_section(stack: Stack, unit: Unit | None) -> None:
    """Draw the part."""
    st.write(
        markdown(
            "The receptive field is what a unit *can* depend on. How much it *does* depend on a pixel is its gradient "
            "with respect to that pixel. Pixels in the middle have more paths to the unit, so they weigh more (Luo et "
            'al. 2016, "Understanding the effective receptive field in deep convolutional neural networks").'
        )
    )
    left, right, press = st.columns([2, 2, 2], vertical_alignment="bottom")
    with left:
        network = controls.choice(say("Network"), "reach_network", NETWORKS, "lenet5")
    if network == "lenet5":
        with right:
            names = {key: label for key, (label, _) in LENET5_LAYERS.items()}
            layer = controls.choice(say("Layer"), "reach_layer", names, "conv2")
        _measure_button(press, ("lenet5", layer), lambda: _measure_lenet5(layer))
    elif unit is None:
        st.info(markdown("No layer fits yet, so there is nothing to measure."))
    else:
        right.caption(
            markdown(
                "The unit in row {row}, column {column} of layer {layer}; {kernels} kernels in each convolution, "
                "ReLUs.",
                row=unit[1] + 1,
                column=unit[2] + 1,
                layer=unit[0],
                kernels=CHANNELS,
            )
        )
        _measure_button(press, (stack, unit), lambda: _measure_stack(stack, unit))


def _measure_button(place: DeltaGenerator, about: object, measure: Callable[[], Measured]) -> None:
    if place.button(say("Measure with PyTorch"), key="reach_measure", icon=":material/my_location:", width="stretch"):
        with st.spinner(say("PyTorch computes gradients. It takes a few seconds to start.")):
            try:
                st.session_state[_ANSWER] = (about, measure())
            except CnnlabError as error:
                st.session_state[_ANSWER] = (about, error.message)
    asked, answer = st.session_state.get(_ANSWER, (None, None))
    # A measurement belongs to what was asked for; with another unit it goes.
    if asked != about:
        return
    if isinstance(answer, Measured):
        _show(answer)
    else:
        st.error(markdown("PyTorch gave no answer. {reason}", reason=answer))


def _measure_lenet5(layer: str) -> Measured:
    network, index = lenet5(), LENET5_LAYERS[layer][1]
    size = network.summary()[index].output_shape[1]
    unit = size // 2, size // 2
    drawn, trained = (
        ask_effective(reference(), network, layer=index, unit=unit, trained=is_trained) for is_trained in (False, True)
    )
    return Measured(
        receptive_field_region(network.layers[: index + 1], (32, 32), unit)[0],
        (
            Field(message("Weights drawn at random"), shares(drawn)),
            Field(message("Trained on CIFAR-10"), shares(trained)),
        ),
        message(
            "Averaged over {pictures} test pictures of cifar10-mini, their colours, and the layer's kernels. The "
            "trained weights come with the lab: 20 epochs on CIFAR-10, 72.7 % of its test pictures right.",
            pictures=PICTURES,
        ),
    )


def _measure_stack(stack: Stack, unit: Unit) -> Measured:
    number, *place = unit
    network = Network("Your layers", stack.network_layers(), (3, stack.size, stack.size))
    region = stack.region(unit)
    drawn = ask_effective(
        reference(), network, layer=stack.index_in_network(number), unit=(place[0], place[1]), trained=False
    )
    return Measured(
        region,
        (
            Field(message("All weights 1: the number of paths"), shares(region.paths)),
            Field(message("Weights drawn at random"), shares(drawn)),
        ),
        message(
            "The second map is averaged over {pictures} pictures of noise, for an untrained network.", pictures=PICTURES
        ),
    )


def _show(measured: Measured) -> None:
    rows, columns = ((axis.first, axis.last) for axis in (measured.region.rows, measured.region.columns))
    middle = middle_half(*rows), middle_half(*columns)
    highest = max(float(field.shares.max()) for field in measured.fields)
    for index, (place, field) in enumerate(zip(st.columns(2), measured.fields, strict=True)):
        figure = field_map(field, highest, rows, columns, middle)
        place.plotly_chart(figure, key=f"reach_field_{index}", config={"displayModeBar": False})
    sides = [last - first + 1 for first, last in (*middle, rows, columns)]
    even = sides[0] * sides[1] / (sides[2] * sides[3])
    found = [_percent(share_within(field.shares, *middle)) for field in measured.fields]
    st.markdown(
        markdown(
            "The dashed middle is {area} of the receptive field. It holds **{first}** of the gradient in the first map "
            "and **{second}** in the second; both maps have the same scale.",
            area=_percent(even),
            first=found[0],
            second=found[1],
        )
    )
    st.caption(plain(say(measured.remark)))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
