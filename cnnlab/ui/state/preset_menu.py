"""The menu of a page's presets: it shows which preset's numbers are on the screen, and loads the one that is chosen.

What a preset takes off the page is kept, and given back to whoever chooses "Your own numbers".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

import streamlit as st

from cnnlab.texts import Message, message, say, say_all
from cnnlab.ui.state import controls, links
from cnnlab.ui.state.following_menu import following_menu
from cnnlab.ui.state.grid_page import GridPage

OWN_NUMBERS = "own"
_OWN = message("Your own numbers")


class Numbers(Protocol):
    """What presets change on a page. Both methods are called from callbacks, before the next run."""

    def take(self) -> Any:
        """What is on the page now; equal values mean equal pages."""

    def give_back(self, taken: Any) -> None:
        """Put on the page what `take` returned."""


class GridNumbers:
    """The numbers of a page with grids.

    Args:
        grid: its typed matrices.
        keys: of the controls that presets set.
        linked: the whole numbers that presets set and that have no control of their own, with their defaults.
    """

    def __init__(self, grid: GridPage, keys: Sequence[str], linked: Mapping[str, int] | None = None) -> None:
        self._grid = grid
        self._keys = tuple(keys)
        self._linked = dict(linked or {})

    def take(self) -> tuple[dict[str, str], dict[str, Any], dict[str, int]]:
        matrices = self._grid.take_edit()
        texts = {name: stack.text(matrices[name]) for name, stack in self._grid.stacks.items()}
        values = {key: st.session_state.get(key) for key in self._keys}
        return texts, values, {name: links.kept(name, default) for name, default in self._linked.items()}

    def give_back(self, taken: tuple[dict[str, str], dict[str, Any], dict[str, int]]) -> None:
        texts, values, linked = taken
        self._grid.load({name: self._grid.stacks[name].parse(text) for name, text in texts.items()})
        for key, value in values.items():
            if value is not None:
                controls.set_control(key, value)
        for name, value in linked.items():
            links.keep(name, value)


def preset_menu(
    titles: Mapping[str, Message],
    current: str | None,
    load: Callable[[str], None],
    numbers: Numbers,
    *,
    key: str,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    own: str = _OWN,
    whole: bool = True,
) -> None:
    """Draw the menu.

    Args:
        titles: of the presets, by name; messages.
        current: the preset whose numbers are on the screen; None where they are the learner's own.
        load: puts a preset on the page; it is called before the next run.
        numbers: what presets change on the page.
        key: of the page's menu.
        label_visibility: as in Streamlit.
        own: what the menu says where they are the learner's own.
        whole: whether the current preset is all there is on the screen; one that is a kernel alone leaves the input.
    """
    kept, loaded = f"{key}/own", f"{key}/loaded"
    names: dict[str, str] = dict(titles)
    # Nothing of the learner's own to give back: nothing to choose.
    if current is None or kept in st.session_state:
        names = {OWN_NUMBERS: own} | names
    drawn_with = numbers.take()

    def choose(name: str) -> None:
        if name == OWN_NUMBERS:
            numbers.give_back(st.session_state[kept])
            return
        now = numbers.take()
        # The menu is not drawn anew with every key press in a grid.
        is_preset = current is not None and whole and now == drawn_with
        if not is_preset and now != st.session_state.get(loaded):
            st.session_state[kept] = now
        load(name)
        st.session_state[loaded] = numbers.take()

    shown = OWN_NUMBERS if current is None else current
    following_menu(
        say("Preset"),
        tuple(names),
        shown,
        choose,
        key=key,
        format_func=lambda name: say_all(names[name]),
        label_visibility=label_visibility,
    )
