"""A kernel learns: its numbers are parameters, and gradient descent finds them step by step."""

from cnnlab.texts import message, say
from cnnlab.ui.pages.learn_a_kernel.code import code_section
from cnnlab.ui.pages.learn_a_kernel.grids import grids
from cnnlab.ui.pages.learn_a_kernel.settings import settings_panel
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import controls

VIEWS = {"descent": message("Step by step"), "code": message("As code")}

frame("learn_a_kernel")
view = controls.choice(
    say("How the kernel learns"),
    "learn_view",
    VIEWS,
    "descent",
    widget="segmented",
    label_visibility="collapsed",
    is_view=True,
)
chosen = settings_panel()
# Only what is looked at is worked out.
if view == "descent":
    grids(chosen)
else:
    with stage():
        code_section(chosen.settings, chosen.secret)
