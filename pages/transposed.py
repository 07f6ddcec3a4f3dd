"""Transposed convolution: every input cell stamps the kernel, and the stamps add up."""

from cnnlab.texts import message, say
from cnnlab.ui.pages.transposed.code import code_section
from cnnlab.ui.pages.transposed.grids import as_convolution, by_hand, overlaps
from cnnlab.ui.pages.transposed.settings import GRID, settings_panel
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import boards_stage, stage
from cnnlab.ui.shell.settings_place import settings_beside
from cnnlab.ui.state import controls

VIEWS = {
    "hand": message("By hand"),
    "overlaps": message("Overlaps"),
    "direct": message("As a convolution"),
    "code": message("As code"),
}

frame("transposed")
view = controls.choice(
    say("How to look at it"), "tr_view", VIEWS, "hand", widget="segmented", label_visibility="collapsed", is_view=True
)
grids, panel = settings_beside()
with panel:
    chosen = settings_panel(view)
with grids:
    # Only what is looked at is worked out.
    if view == "hand":
        by_hand(chosen.settings, chosen.way)
    elif view == "overlaps":
        with boards_stage():
            overlaps(chosen.settings)
    elif view == "direct":
        with boards_stage():
            as_convolution(chosen.settings)
    else:
        with stage():
            code_section(chosen.settings, show_output=not GRID.predicts())
