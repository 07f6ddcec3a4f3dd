"""What the page Why convolution? draws: two rows of features, a grid to paint on, curves and maps of an experiment.

feature_rows   two rows that are switched by clicking, and a kernel's map of each
painter        a drawing, its shift, the vectors and the feature maps of both
shift_curves   accuracy against the shift and at every place, for two networks
examples       small pictures in a row

Python computes every number. The first two tell what was done in one state each, which comes from outside and is
checked again where it is read:

    edit     the two rows, as digits
    drawing  the grid's cells, as digits, and the shift

Python raises the revision when it changes them itself; only then does the browser take them over.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from streamlit.components.v2 import component

from cnnlab.number_text import show_number

ROWS_WORDS = {
    "vector": "An MLP compares place by place",
    "map": "A convolution slides one kernel along",
    "rows": ["First row", "Second row"],
    "both": "In both",
    "kernel": "Kernel",
    "maps": ["First map", "Second map"],
    "move": "Move the second row",
    "left": "Move the second row to the left",
    "right": "Move the second row to the right",
    "feature": "feature {place}",
}

PAINTER_WORDS = {
    "before": "Draw here",
    "after": "Shifted",
    "maps": ["Feature map of the drawing", "Feature map after the shift"],
    "move": "Shift",
    "home": "Back",
    "vector": "The two as vectors: row after row, 144 numbers each; above the drawing, below the shifted one",
    "sides": ["What an MLP reads", "What a convolution sees"],
    "paint": "Grid to draw on. Arrow keys move, Space draws or wipes a cell, Shift and an arrow key shift the drawing.",
    "ArrowUp": "Shift up",
    "ArrowDown": "Shift down",
    "ArrowLeft": "Shift to the left",
    "ArrowRight": "Shift to the right",
}

CURVES_WORDS = {
    "curve": "Right answers, by shift",
    "places": "Right answers, by place of the box",
    "axis": "pixels beyond the trained places",
    "guessing": "guessing",
    "point": "{name}, shifted by {shift}: {percent}% right",
    "readout": "Upper left corner of the box in row {row}, column {column}: the MLP has {mlp}% right, the CNN {cnn}%.",
    "scale": ["0%: always wrong", "100%: always right"],
}

_FOLDER = Path(__file__).parent
_OUTBOX = _FOLDER.parent / "grid_lab" / "outbox.js"
_CSS = (_FOLDER / "shift_lab.css").read_text("utf-8")


def _component(name: str, root: str, *scripts: Path) -> Any:
    # Components that are not installed packages take their script as one string; the last file holds the export.
    files = (_FOLDER / "dom.js", *scripts, _FOLDER / f"{name}.js")
    return component(
        f"cnnlab_{name}",
        html=f'<div class="mount {root}"></div>',
        css=_CSS,
        js="\n".join(file.read_text("utf-8") for file in files),
    )


_feature_rows = _component("feature_rows", "six", _OUTBOX)
_painter = _component("painter", "draw", _OUTBOX)
_shift_curves = _component("shift_curves", "experiment")
_examples = _component("examples", "example-rows")


def feature_rows(data: Mapping[str, Any], *, key: str) -> None:
    """Draw two rows.

    Args:
        data: revision, answered, rows (two lists of 0 and 1), both, kernel, maps (cells as `cells` makes them), facts
            (one for the MLP, one for the convolution, as `facts` makes them).
    """
    # A state exists only with a callback; the page reads the states when it runs.
    _feature_rows(key=key, data={"words": ROWS_WORDS, **data}, on_edit_change=_nothing)


def painter(data: Mapping[str, Any], *, key: str) -> None:
    """Draw the grid and what follows from it.

    Args:
        data: revision, answered, side, before, after, same (digits), shift, told, maps (texts, shares, peaks), hidden,
            facts.
    """
    _painter(key=key, data={"words": PAINTER_WORDS, **data}, on_drawing_change=_nothing)


def shift_curves(data: Mapping[str, Any], *, key: str) -> None:
    """Draw both networks as far as they are.

    Args:
        data: networks (key, name, legend, note, curve, map), shifts, size, trained (rows and columns), told, summary.
    """
    _shift_curves(key=key, data={"words": CURVES_WORDS, **data})


def examples(groups: Mapping[str, Sequence[str]], side: int, *, key: str) -> None:
    """Draw pictures, each given as digits of 0 and 1, by what they are called."""
    _examples(
        key=key,
        data={"side": side, "groups": [{"name": name, "pictures": list(some)} for name, some in groups.items()]},
    )


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


def _nothing() -> None:
    pass
