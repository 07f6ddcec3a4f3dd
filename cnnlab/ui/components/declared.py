"""Components, each a folder here with a module and a style sheet of its own name.

The browser fetches them by URL, once: what a page sends names them only. For that each stands in pyproject.toml, under
`tool.streamlit.component`, and the lab is installed (`pip install -r requirements.txt` does so).
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from streamlit.components.v2 import component
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager

from cnnlab.texts import Message, message

FOLDER = Path(__file__).parent.resolve()

_ONE = "cnnlab.grid_lab"
"""All are declared in one place, so that one of them tells of all."""


Tells = Mapping[str, Callable[[], None] | None]
"""The states that a component tells something in, and what is called then, before the page is drawn; None where the
page reads it when it is drawn (`cnnlab.ui.components.told`)."""


class Draw(Protocol):
    """Draws a component."""

    def __call__(self, *, key: str, data: object, tells: Tells = ...) -> None: ...


def declared(name: str, *, html: str, folder: str | None = None) -> Draw:
    """A component that is drawn by calling it.

    Args:
        name: of its module; pyproject.toml has it, too.
        html: what its script finds in place.
        folder: where its files lie, and the name of its style sheet, if they are not the component's.
    """
    place = folder or name

    # Streamlit knows where the files lie only once it runs, and pages are also imported where it does not.
    @cache
    def found() -> Callable[..., Any]:
        return component(f"cnnlab.{name}", html=html, css=f"{place}/{place}.css", js=f"{place}/{name}.js")

    def draw(*, key: str, data: object, tells: Tells = MappingProxyType({})) -> None:
        # A state exists only with a callback.
        callbacks = {f"on_{state}_change": act or _nothing for state, act in tells.items()}
        found()(key=key, data=data, **callbacks)

    return draw


def _nothing() -> None:
    pass


def trouble() -> Message | None:
    """Why the browser could not fetch the components of this lab, for people; None where it can."""
    served = get_bidi_component_manager().get_component_path(_ONE)
    if served is None:
        return message(
            "The lab is not installed, so the browser cannot fetch its grids and charts. In the lab's folder run "
            "{command}, then start it again.",
            command="pip install -r requirements.txt",
        )
    if Path(served).resolve() != FOLDER:
        return message(
            "Another copy of the lab is installed, and the browser would fetch its grids and charts, which lie in "
            "{folder}. In the folder of this one run {command}, then start it again.",
            folder=served,
            command="pip install -r requirements.txt",
        )
    return None
