"""What the page Why convolution? draws: two rows of features, and a grid to paint on.

feature_rows   two rows that are switched by clicking, and a kernel's map of each
painter        a drawing, its shift, the vectors and the feature maps of both
examples       small pictures in a row

Python computes every number. The first two tell what was done in one state each, which comes from outside and is
checked again where it is read:

    edit     the two rows, as digits
    drawing  the grid's cells, as digits, and the shift

Python raises the revision when it changes them itself; only then does the browser take them over.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cnnlab.number_text import show_number
from cnnlab.texts import message, say_all, unfilled
from cnnlab.ui.components.declared import declared

ROWS_WORDS = {
    "vector": message("An MLP compares place by place"),
    "map": message("A convolution slides one kernel along"),
    "rows": [message("First row"), message("Second row")],
    "both": message("In both"),
    "kernel": message("Kernel"),
    "maps": [message("First map"), message("Second map")],
    "move": message("Move the second row"),
    "left": message("Move the second row to the left"),
    "right": message("Move the second row to the right"),
    "head": unfilled("feature{place}"),
    "feature": unfilled("feature {place}: {value}"),
}

PAINTER_WORDS = {
    "before": message("Draw here"),
    "after": message("Shifted"),
    "maps": [message("Feature map of the drawing"), message("Feature map after the shift")],
    "move": message("Shift"),
    "home": message("Back"),
    "vector": message("The two as vectors: row after row, 144 numbers each; above the drawing, below the shifted one"),
    "sides": [message("What an MLP reads"), message("What a convolution sees")],
    "paint": message(
        "Grid to draw on. Arrow keys move, Space draws or wipes a cell, Shift and an arrow key shift the drawing."
    ),
    "ArrowUp": message("Shift up"),
    "ArrowDown": message("Shift down"),
    "ArrowLeft": message("Shift to the left"),
    "ArrowRight": message("Shift to the right"),
}

_feature_rows = declared("feature_rows", folder="shift_lab", html='<div class="mount six"></div>')
_painter = declared("painter", folder="shift_lab", html='<div class="mount draw"></div>')
_examples = declared("examples", folder="shift_lab", html='<div class="mount example-rows"></div>')


def feature_rows(data: Mapping[str, Any], *, key: str) -> None:
    """Draw two rows.

    Args:
        data: revision, answered, rows (two lists of 0 and 1), both, kernel, maps (cells as `cells` makes them), facts
            (one for the MLP, one for the convolution, as `facts` makes them).
    """
    _feature_rows(key=key, data=say_all({"words": ROWS_WORDS, **data}), tells={"edit": None})


def painter(data: Mapping[str, Any], *, key: str) -> None:
    """Draw the grid and what follows from it.

    Args:
        data: revision, answered, side, before, after, same (digits), shift, told, maps (texts, shares, peaks), hidden,
            facts.
    """
    _painter(key=key, data=say_all({"words": PAINTER_WORDS, **data}), tells={"drawing": None})


def examples(groups: Mapping[str, Sequence[str]], side: int, *, key: str) -> None:
    """Draw pictures, each given as digits of 0 and 1, by what they are called."""
    shown = [{"name": say_all(name), "pictures": list(some)} for name, some in groups.items()]
    _examples(key=key, data={"side": side, "groups": shown})


def cells(numbers: Sequence[int], *, peak: bool = False) -> list[dict[str, Any]]:
    """Numbers as a component draws them; with `peak` the largest ones are marked.

    >>> cells([0, -2])[1]
    {'text': '−2', 'share': -1.0, 'peak': False}
    """
    shares = tints(numbers)
    top = max(numbers, default=0)
    return [
        {"text": show_number(number), "share": share, "peak": peak and number == top and top > 0}
        for number, share in zip(numbers, shares, strict=True)
    ]


def tints(numbers: Iterable[int]) -> list[float]:
    """Each number as a share of the largest, from -1 to 1."""
    values = list(numbers)
    largest = max(map(abs, values), default=0) or 1
    return [round(value / largest, 3) for value in values]


def facts(sentence: str, **numbers: tuple[str, str]) -> dict[str, Any]:
    """A sentence, and numbers as pairs of what they are and their text."""
    return {"sentence": sentence, "numbers": [{"label": label, "text": text} for label, text in numbers.values()]}
