"""The grids of a page in the session: when the page follows what is typed."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.ui.components.grid_lab import Scene, View
from cnnlab.ui.state import grid_page


def _page(steps: int = 1, picks: dict[str, int] | None = None) -> None:
    import numpy as np
    import streamlit as st

    from cnnlab.ui.components.grid_lab import Scene
    from cnnlab.ui.state import links
    from cnnlab.ui.state.grid_page import GridPage, Stack

    links.enter("a page")
    links.tell_here()
    grid = GridPage("a", (Stack("input", np.zeros((1, 1)), 3, 3),), picks=picks or {})
    grid.enter()
    stacks = grid.take_edit()
    # As a fragment's run, which does not write the link.
    if not st.session_state.pop("fragment", False):
        grid.write_link(stacks)
    grid.typed()
    grid.run(steps, lambda _: Scene({}, ()))


def test_when_the_typing_rests_the_page_is_renewed_before_the_grids_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[View] = []

    def draw(scene: Scene, view: View, holds: Any, *, key: str) -> Any:
        assert scene is not None
        assert not holds
        assert key == "a_grid"
        drawn.append(view)

    monkeypatch.setattr(grid_page, "grid_lab", draw)
    at = AppTest.from_function(_page).run()
    edit = {"revision": drawn[-1].revision, "message": 1, "stacks": {"input": [[["7"]]]}}
    drawn.clear()
    at.session_state["a_grid"] = {"edit": edit}
    at.session_state["fragment"] = True
    at.run()
    assert "input" not in at.query_params
    place = {"revision": edit["revision"], "message": 2, "step": 0}
    at.session_state["a_grid"] = {"edit": edit, "place": place}
    at.session_state["fragment"] = True
    at.run()
    assert at.query_params["input"] == "7"
    # An answer before that would let the browser send an edit into the run of the page.
    assert [view.answered for view in drawn] == [1, 2]


def test_what_the_browser_holds_is_not_sent_unless_a_part_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    holds: list[frozenset[str]] = []
    monkeypatch.setattr(grid_page, "grid_lab", lambda _scene, _view, held, *, key: holds.append(held))  # noqa: ARG005
    at = AppTest.from_function(_page).run()
    edit = {"revision": 0, "message": 1, "held": ["a", "b"], "stacks": {"input": [[["7"]]]}}
    at.session_state["a_grid"] = {"edit": edit}
    at.run()
    lack = {"revision": 0, "message": 2, "held": ["a", "b"]}
    at.session_state["a_grid"] = {"edit": edit, "lack": lack}
    at.run()
    # The next message says again what is held.
    at.session_state["a_grid"] = {"edit": edit | {"message": 3, "held": ["c"]}, "lack": lack}
    at.run()
    assert holds == [frozenset(), {"a", "b"}, frozenset(), {"c"}]


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"step": 2, "all": True, "predict": False, "pick": ["output", 7]}, (2, True, False, ("output", 7))),
        ({"step": 2, "all": 1, "predict": 1}, (2, True, True, None)),
        ({"step": True, "all": 2, "predict": "1", "pick": ["input", 7]}, (0, False, False, None)),
        ({"step": 2.0, "pick": ["output", True]}, (0, False, False, None)),
        ({"step": 100_000, "pick": ["output", 100_000]}, (0, False, False, None)),
        ({"pick": "output"}, (0, False, False, None)),
    ],
)
def test_a_place_is_taken_as_far_as_it_can_be_one(
    told: dict[str, Any], place: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[View] = []
    monkeypatch.setattr(grid_page, "grid_lab", lambda _scene, view, _held, *, key: drawn.append(view))  # noqa: ARG005
    at = AppTest.from_function(_page, kwargs={"steps": 5, "picks": {"output": 0}}).run()
    at.session_state["a_grid"] = {"place": told | {"revision": drawn[-1].revision, "message": 1}}
    at.run()
    assert not at.exception
    view = drawn[-1]
    assert (view.step, view.show_all, view.predict, view.pick) == place
