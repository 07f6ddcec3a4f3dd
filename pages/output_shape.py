"""Output shape: how padding, stride and dilation decide the size of what comes out."""

import streamlit as st

from cnnlab.errors import ShapeError
from cnnlab.texts import say
from cnnlab.ui.pages.output_shape import page as output_shape
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import stage
from cnnlab.ui.shell.settings_place import settings_beside
from cnnlab.ui.state import controls

frame("output_shape")

output_shape.preset_buttons()
looked_at, panel = settings_beside()

with panel, st.container(key="shape_controls", gap="xsmall"):
    settings = output_shape.ask_settings()
    output_shape.padding_buttons(settings)

with looked_at, stage(gap="xsmall"):
    try:
        settings.check()
    except ShapeError as error:
        output_shape.show_trouble(settings, error)
        st.stop()
    result, question = st.columns([5, 2], vertical_alignment="center")
    with question:
        hidden = controls.switch(
            say("Predict first"),
            "hide",
            help=say("Hide the answer: type in what you expect, and read what was forgotten."),
        )
    if hidden:
        hidden = output_shape.ask_prediction(settings)
    with result:
        output_shape.show_result(settings, hidden)
    if not hidden:
        output_shape.show_formulas(settings)
    output_shape.show_map(settings, hidden)
    if not hidden:
        output_shape.show_words(settings)
output_shape.tell(settings, hidden)
