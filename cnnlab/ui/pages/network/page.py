"""The network page as one fragment: an edit, a click or another view runs only this."""

import streamlit as st

from cnnlab.lessons.network.presets import PRESETS
from cnnlab.texts import message, say
from cnnlab.ui.pages.network.code import code_section, ways_out
from cnnlab.ui.pages.network.elsewhere import show_links, tell
from cnnlab.ui.pages.network.hole import show_hole
from cnnlab.ui.pages.network.lab import show_picture, show_table
from cnnlab.ui.pages.network.state import Layers, load, take_state
from cnnlab.ui.parts.preset_note import preset_note
from cnnlab.ui.shell.present import optional_place, stage
from cnnlab.ui.state import controls
from cnnlab.ui.state.preset_menu import preset_menu

VIEWS = {
    "both": message("Picture and table"),
    "table": message("Table"),
    "picture": message("Picture"),
    "code": message("Code"),
}


@st.fragment
def network_page() -> None:
    """Draw everything below the page's head."""
    state = take_state()
    with st.container(gap="xsmall", key="network_page"):
        menu, views = st.columns([2, 3], vertical_alignment="center")
        with menu:
            titles = {name: preset.title for name, preset in PRESETS.items()}
            preset_menu(
                titles,
                state.preset,
                load,
                Layers(),
                key="net_preset",
                label_visibility="collapsed",
                own=message("Your own layers"),
            )
        with views, st.container(horizontal=True, vertical_alignment="center", gap="small"):
            view = controls.choice(
                say("View"), "net_view", VIEWS, "both", widget="segmented", label_visibility="collapsed", is_view=True
            )
            with_batch = controls.switch(
                say("N"),
                "net_batch",
                help=say("Write the batch as well: N pictures of 6×28×28 are N×6×28×28."),
                disabled=view in ("picture", "code"),
            )
        with optional_place():
            # A preset's note has the numbers in it that may be asked for.
            if view != "code":
                preset_note(PRESETS.get(state.preset or ""), hidden=bool(state.open_questions))
        with stage(gap="xsmall"):
            if view in ("both", "picture"):
                show_picture(state, is_large=view == "picture")
                problem = state.reading.problem
                with optional_place():
                    # The table's own may be below the fold. They would give hidden numbers away.
                    if problem is not None and not state.open_questions:
                        ways_out(problem)
                show_hole(None if state.open_questions else state.preset)
            if view in ("both", "table"):
                show_table(state, with_batch=with_batch)
            if view == "code":
                code_section(state)
        show_links(state)
    tell(state)
