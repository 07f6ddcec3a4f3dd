"""The choice between the two styles in which pages write PyTorch's lines."""

from typing import cast

from cnnlab.pytorch_text import Style
from cnnlab.texts import message, say
from cnnlab.ui.state import controls

STYLES = {"short": message("In short"), "slides": message("As on the slides")}


def ask_style(key: str) -> Style:
    """Draw the choice.

    Args:
        key: of the page's own control, and its word in the link.
    """
    style = controls.choice(
        say("Style of the code"), key, STYLES, "short", widget="segmented", label_visibility="collapsed", is_view=True
    )
    return cast("Style", style)
