"""Planes of cells with marks that follow the pointer and the keys at once, as `cnnlab.figures.maps` describes them."""

from collections.abc import Callable

from cnnlab.figures.maps import Map
from cnnlab.texts import say_all
from cnnlab.ui.components.declared import declared
from cnnlab.ui.components.told import is_place, last_told, number_of

MAX_CELLS = 1000
"""Planes, and cells along each side of one, that a message is read with."""

Cell = tuple[int, int, int]
"""A cell of a plane: plane, row and column, counted from 0."""

_mount = declared("map", html='<div class="map"></div>')


def draw_map(drawn: Map, key: str, at: Cell | None, revision: int, on_choice: Callable[[], None]) -> None:
    """Draw a map.

    Args:
        at: the chosen cell. The drawing takes it when the revision has changed or its own is gone, and keeps its own
            otherwise.
        on_choice: called when the learner has chosen another one, which `chosen` then tells.
    """
    answered = number_of(last_told(key, "choice"))
    data = {"map": say_all(drawn.to_plain()), "at": at, "revision": revision, "answered": answered}
    _mount(key=key, data=data, tells={"choice": on_choice})


def chosen(key: str) -> Cell | None:
    """The cell that the learner chose, or None for what cannot be one."""
    at = last_told(key, "choice").get("at")
    # Nothing is chosen on the first plane, which is the input.
    return (at[0], at[1], at[2]) if is_place(at, (MAX_CELLS,) * 3) and at[0] >= 1 else None
