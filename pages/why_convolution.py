"""Why convolution?: to an MLP a shifted picture is another one; a kernel finds it wherever it is."""

from cnnlab.texts import message, say
from cnnlab.ui.pages.why_convolution.draw import draw_section
from cnnlab.ui.pages.why_convolution.order import order_section
from cnnlab.ui.pages.why_convolution.six import six_section
from cnnlab.ui.pages.why_convolution.weights import weights_section
from cnnlab.ui.shell.frame import frame
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import controls

VIEWS = {
    "six": message("Six features"),
    "order": message("Another order"),
    "weights": message("How many weights"),
    "draw": message("Draw and shift"),
    "experiment": message("The experiment"),
    "code": message("As code"),
}

frame("why_convolution")
view = controls.choice(
    say("What to look at"),
    "why",
    VIEWS,
    "six",
    widget="segmented",
    label_visibility="collapsed",
    is_view=True,
)
# Only what is looked at is worked out, and loaded.
if view == "six":
    six_section()
elif view == "order":
    order_section()
elif view == "weights":
    weights_section()
elif view == "draw":
    draw_section()
elif view == "experiment":
    from cnnlab.ui.pages.why_convolution.experiment import experiment_section

    experiment_section()
else:
    from cnnlab.ui.pages.why_convolution.code import code_section

    with stage():
        code_section()
