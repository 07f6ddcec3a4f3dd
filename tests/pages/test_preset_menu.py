"""The menu of presets on every page that has one: what it loads, what it does not, and what it gives back."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from cnnlab.lessons.convolution import presets as convolution
from cnnlab.lessons.pooling import presets as pooling
from cnnlab.lessons.transposed import presets as transposed
from tests.pages.app import components

ROOT = Path(__file__).parents[2]
PRESETS = {
    "convolution": "dumoulin",
    "learn_a_kernel": "blur",
    "channels": "pointwise",
    "pooling": "mean",
    "transposed": "full",
}
"""A preset of each page that is not its first one."""


AT_THE_RIGHT = {"convolution": convolution, "pooling": pooling, "transposed": transposed}
"""Pages whose settings stand beside the boards, where the menu has room for so many characters:"""
ROOM = 27


def open_page(page: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.switch_page(f"pages/{page}.py")
    return rerun(at)


def rerun(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, at.exception
    return at


def menu(at: AppTest) -> Selectbox:
    return next(box for box in at.selectbox if box.label == "Preset")


def grid(at: AppTest) -> dict[str, Any]:
    parts = components(at)
    return next(part["grid"] for part in parts if "grid" in part)


def typed(at: AppTest) -> dict[str, list[list[list[str]]]]:
    """What stands in the boards that are typed into, by stack."""
    stacks: dict[str, dict[int, Any]] = {}
    for board in grid(at)["boards"].values():
        if board["kind"] == "typed":
            stacks.setdefault(board["stack"], {})[board["index"]] = board["texts"]
    return {name: [boards[index] for index in sorted(boards)] for name, boards in stacks.items()}


def type_first(at: AppTest, page: str, text: str) -> AppTest:
    """Type into the first cell of the input."""
    stacks = typed(at)
    stacks["input"][0][0][0] = text
    at.session_state[f"{page}_grid"] = {"edit": {"revision": grid(at)["revision"], "message": 1, "stacks": stacks}}
    return at


@pytest.mark.parametrize("page", PRESETS)
def test_a_late_message_with_the_menu_of_before_loads_nothing(page: str) -> None:
    at = open_page(page)
    first = menu(at).value
    before = menu(at).select(first)
    rerun(type_first(at, page, "77"))
    assert menu(at).value == "own"
    # The browser sent this when the menu of before still stood there.
    late = before.run()
    assert typed(late)["input"][0][0][0] == "77"
    assert menu(late).value == "own" != first


@pytest.mark.parametrize("page", PRESETS)
def test_a_choice_that_comes_twice_counts_once(page: str) -> None:
    at = open_page(page)
    before = menu(at).select(PRESETS[page])
    rerun(at)
    assert menu(at).value == PRESETS[page]
    rerun(type_first(at, page, "77"))
    late = before.run()
    assert typed(late)["input"][0][0][0] == "77"


@pytest.mark.parametrize("page", PRESETS)
def test_your_own_numbers_are_given_back(page: str) -> None:
    at = open_page(page)
    rerun(type_first(at, page, "77"))
    mine = typed(at)
    menu(at).select(PRESETS[page])
    rerun(at)
    assert typed(at) != mine
    menu(at).select("own")
    rerun(at)
    assert typed(at) == mine
    assert menu(at).value == "own"


@pytest.mark.parametrize("page", PRESETS)
def test_numbers_typed_just_before_the_choice_are_given_back_too(page: str) -> None:
    at = open_page(page)
    type_first(at, page, "77")
    menu(at).select(PRESETS[page])
    rerun(at)
    menu(at).select("own")
    rerun(at)
    assert typed(at)["input"][0][0][0] == "77"


@pytest.mark.parametrize("page", PRESETS)
def test_your_own_numbers_are_not_offered_before_there_are_any(page: str) -> None:
    at = open_page(page)
    assert "Your own numbers" not in menu(at).options
    menu(at).select(PRESETS[page])
    rerun(at)
    assert "Your own numbers" not in menu(at).options
    rerun(type_first(at, page, "77"))
    assert "Your own numbers" in menu(at).options


def test_groups_and_controls_are_given_back_with_the_numbers() -> None:
    at = open_page("channels")
    menu(at).select("depthwise")
    rerun(at)
    rerun(type_first(at, "channels", "77"))
    at.number_input("ch_padding").set_value(2)
    rerun(at)
    mine = typed(at)
    groups = next(box for box in at.selectbox if box.label == "Groups").value
    menu(at).select("pointwise")
    rerun(at)
    assert next(box for box in at.selectbox if box.label == "Groups").value != groups
    menu(at).select("own")
    rerun(at)
    assert next(box for box in at.selectbox if box.label == "Groups").value == groups
    assert at.number_input("ch_padding").value == 2
    assert typed(at) == mine


def test_an_input_beside_a_presets_kernel_is_given_back() -> None:
    at = open_page("convolution")
    rerun(type_first(at, "convolution", "77"))
    menu(at).select("sobel_x")
    rerun(at)
    assert menu(at).value == "sobel_x", "the input is still the learner's"
    menu(at).select("dumoulin")
    rerun(at)
    menu(at).select("own")
    rerun(at)
    assert typed(at)["input"][0][0][0] == "77"


def test_steps_of_a_pipeline_are_given_back() -> None:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.switch_page("pages/image_pipeline.py")
    at.query_params["img_steps"] = "open;tensor"
    rerun(at)
    assert menu(at).value == "own"
    menu(at).select("cifar")
    rerun(at)
    assert at.query_params["img_steps"] != "open;tensor"
    menu(at).select("own")
    rerun(at)
    assert menu(at).value == "own"
    assert at.query_params["img_steps"] == "open;tensor"


@pytest.mark.parametrize("page", AT_THE_RIGHT)
def test_a_presets_title_is_read_to_its_end_in_a_narrow_column(page: str) -> None:
    titles = [preset.title for preset in AT_THE_RIGHT[page].PRESETS.values()]
    assert len(titles) > 3
    assert [title for title in titles if len(title) > ROOM] == []
