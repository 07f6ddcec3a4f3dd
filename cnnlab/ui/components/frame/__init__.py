"""What every page has in the browser: its keys and their sheet, its link, present mode, the way back, the menu.

Its scripts are run once for as long as a tab is open; with each page that is entered they are told its name.
"""

from cnnlab.texts import message, say_all, unfilled
from cnnlab.ui.components.declared import declared

_mount = declared("frame", html='<div class="frame"></div>')

_SHEET: dict[str, object] = {
    "title": message("Keys"),
    "close": message("Close"),
    "groups": [
        {
            "name": message("Step and play"),
            "rows": [
                {"keys": ["←", "→"], "what": message("One step back or forward")},
                {"keys": ["Page Up", "Page Down"], "what": message("The same, from a presenter's remote control")},
                {"keys": ["Home", "End"], "what": message("First step, last step")},
                {"keys": [message("Space")], "what": message("Play or pause")},
                {"keys": ["P"], "what": message("Predict the next number, where there is a button for it")},
            ],
        },
        {
            "name": message("Present"),
            "rows": [
                {"keys": ["F"], "what": message("Fill the screen, and back")},
                {"keys": ["S"], "what": message("Settings over what is presented")},
                {"keys": ["Esc"], "what": message("Leave the settings, then the mode")},
            ],
        },
        {
            "name": message("Type"),
            "rows": [
                {"keys": ["Enter"], "what": message("Take the number and go to the next row")},
                {"keys": ["Tab"], "what": message("Into a grid and out of it")},
                {"keys": ["↑", "↓", "←", "→"], "what": message("From cell to cell of a grid")},
                {"keys": ["Ctrl+V"], "what": message("Paste a block of numbers from a spreadsheet")},
            ],
        },
        {
            "name": message("Take back"),
            "rows": [
                {"keys": ["Ctrl+Z"], "what": message("Undo")},
                {"keys": ["Ctrl+Shift+Z"], "what": message("Redo")},
            ],
        },
    ],
}

_LINK = {
    "copied": message("The link is copied. It opens this page with the same numbers, settings and step."),
    "byHand": unfilled("This browser does not let the page copy; here is the link: {link}"),
}
_SKIP = message("Skip to the title")
_UNTIL_THEN = unfilled("Until then, {number} counts instead of {typed}.")
"""Stands behind what Streamlit says to a number that is out of range."""


def frame_parts(page: str) -> None:
    """Draw the frame's part in the browser: nothing is seen of it until a key asks for the sheet.

    Args:
        page: the key of the page that is entered; empty for the landing page.
    """
    _mount(
        key="frame",
        data=say_all({"page": page, "sheet": _SHEET, "link": _LINK, "untilThen": _UNTIL_THEN, "skip": _SKIP}),
    )
