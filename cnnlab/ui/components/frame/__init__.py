"""What every page has in the browser: its keys and their sheet, its link, present mode, the way back, the menu.

Its scripts are run once for as long as a tab is open; with each page that is entered they are told its name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cnnlab.texts import Message, message, say_all, unfilled, verbatim
from cnnlab.ui.components.declared import declared

_mount = declared("frame", html='<div class="frame"></div>')
_mount_task = declared("task", html='<div class="task"></div>', folder="frame")

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

_LESSON: dict[str, object] = {
    "name": message("Lesson"),
    "previous": message("Previous step (Page Up)"),
    "next": message("Next step (Page Down)"),
    "placeName": unfilled("Step {at} of {count}: choose another one"),
    "again": message("This step as the lesson has it"),
    "back": message("Back to the step"),
    "notes": message("What to say"),
    "reveal": message("Show the answer"),
    "hide": message("Hide the answer"),
    "check": message("Check"),
    "answer": message("Your answer"),
    "close": message("Leave the lesson"),
    "languages": {"en": verbatim("EN"), "ko": verbatim("한국어")},
    "language": message("Language of the lesson"),
}


def frame_parts(page: str, lesson: Mapping[str, Any] | None, act: Callable[[], None]) -> None:
    """Draw the frame's part in the browser: the bar of a lesson; the rest is seen when a key asks for it.

    Args:
        page: the key of the page that is entered; empty for the landing page.
        lesson: what the bar shows; None where there is no lesson.
        act: called when something was done in the bar, told in the state `lesson`.
    """
    data = {"page": page, "sheet": _SHEET, "link": _LINK, "untilThen": _UNTIL_THEN, "skip": _SKIP}
    if lesson is not None:
        data["lesson"] = {**lesson, "words": _LESSON}
    _mount(key="frame", data=say_all(data), tells={"lesson": act})


def tell_task(at: int, right: bool, sentence: Message) -> None:
    """Have the bar say of a task whether it is done; where the screen is drawn, which may be a fragment.

    Args:
        at: the step of the lesson.
        right: whether it is done.
        sentence: what is said.
    """
    _mount_task(key="lesson_task", data=say_all({"at": at, "right": right, "sentence": sentence}))
