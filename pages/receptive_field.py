"""Receptive field: click a unit of any layer, and see down to the pixels what it sees."""

import streamlit as st

from cnnlab.texts import message, say
from cnnlab.ui.pages.receptive_field import stack as page
from cnnlab.ui.pages.receptive_field.code import code_section
from cnnlab.ui.pages.receptive_field.effective import effective_section
from cnnlab.ui.parts.preset_note import say_told_later
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import optional_place, stage
from cnnlab.ui.state import controls

PARTS = {"words": message("What to see"), "effective": message("Theory and practice"), "code": message("As code")}

frame("receptive_field")

page.preset_buttons()
layers = page.read_layers()
left, right = st.columns([3, 4])
with left:
    size, picture = st.columns(2, wrap=False)
with right:
    view, question = st.columns([4, 3], wrap=False, vertical_alignment="bottom")
with size:
    stack = page.ask_stack(layers)
with picture:
    shown = page.ask_picture()
with view:
    drawn_as = controls.choice(say("Drawn as"), "reach_view", page.VIEWS, "maps", widget="segmented")
with question:
    hidden = controls.switch(
        say("Predict first"),
        "reach_hide",
        help=say("Hide what units see: type in what you expect, and read what was forgotten."),
    )
unit = page.ask_unit(stack)
with optional_place():
    if hidden:
        hidden = page.ask_prediction(stack, unit)
with stage():
    page.show_maps(stack, unit, drawn_as, shown, hidden)
    page.show_table(stack, unit, hidden)
page.tell_picture(stack, shown)
page.tell(stack, unit, hidden)

part = controls.choice(
    say("Part"),
    "reach_part",
    PARTS,
    "words",
    widget="segmented",
    label_visibility="collapsed",
    is_view=True,
)
# Only what is looked at is worked out. Each part has the answer in it.
if hidden:
    say_told_later()
elif part == "effective":
    effective_section(stack, unit)
elif part == "code":
    code_section(stack, unit)
else:
    page.show_words(stack)
