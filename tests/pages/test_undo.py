"""On every page what was changed is taken back and put on again, whatever changed it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.lessons.courses.shelf import own_courses
from cnnlab.lessons.courses.writing import pack_course
from cnnlab.ui.pages.convolution.grids import GRID
from cnnlab.ui.shell.page_list import PAGES
from tests.pages.app import components, grid, menu, open_at, rerun, tell, texts

CONTROLS = ("slider", "number_input", "selectbox", "toggle", "button_group")
Edit = Callable[[AppTest], Any]


def control(key: str, value: Any) -> Edit:
    def change(at: AppTest) -> None:
        found = [each for kind in CONTROLS for each in getattr(at, kind) if each.key == key]
        assert found, key
        found[0].set_value(value)

    return change


def preset(label: str, name: str) -> Edit:
    return lambda at: menu(at, label).select(name)


def press(key: str) -> Edit:
    return lambda at: at.button(key=key).click()


def cells(what: str) -> Edit:
    """Have cells show numbers, letters or both."""

    def tell_place(at: AppTest) -> None:
        place = {"revision": grid(at)["revision"], "step": 0, "all": False, "predict": False, "cells": what}
        at.session_state[GRID.key] = {"place": place}

    return tell_place


OWN = pack_course(replace(own_courses()["half_hour"], steps=own_courses()["half_hour"].steps[:3]))


EDITS: dict[str, tuple[dict[str, str], tuple[Edit, ...]]] = {
    "why_convolution": ({"why": "draw"}, (control("draw_kernel", "x5"), press("draw_o"), control("draw_edge", "wrap"))),
    "convolution": (
        {},
        (cells("letters"), control("stride", 2), preset("Preset", "sharpen"), control("mode", "reflect")),
    ),
    "learn_a_kernel": ({}, (control("learn_rate", 0.1), control("learn_start", "zeros"))),
    "receptive_field": ({}, (control("reach_size", 40), control("reach_photo", "none"))),
    "channels": ({}, (preset("Preset", "thin"), control("ch_padding", 2))),
    "output_shape": ({}, (control("h", 12), control("square", False), control("w", 7), press("preset_lenet"))),
    "pooling": ({}, (control("pool_kind", "avg"), control("pool_stride", 1))),
    "transposed": ({}, (control("tr_stride", 1), control("tr_padding", 1))),
    "network": ({}, (preset("Preset", "tiny-vgg"), preset("Preset", "empty"))),
    "image_pipeline": ({}, (preset("Preset", "cifar"), control("img_photo", "cat"))),
    "lessons": ({"lessons_view": "own", "own": OWN}, (press("own_down_1"), press("own_remove_1"))),
    "training": ({}, (control("optimizer", "adamw"), control("epochs", 7), control("lr", 0.02))),
}


def screen(at: AppTest) -> Any:
    """All that the page's controls say, and what its components draw but for what they count.

    What a browser binds to the link is not in that of a test.
    """
    said = {each.key: each.value for kind in CONTROLS for each in getattr(at, kind) if "/" not in str(each.key)}
    link = {name: text for name, text in at.query_params.items() if name not in said}
    drawn = [
        {name: part for name, part in data.items() if name not in ("revision", "answered", "grid")}
        for data in components(at)
    ]
    boards = [data["grid"]["boards"] for data in components(at) if "grid" in data]
    return said, link, drawn, boards


def undo(at: AppTest) -> AppTest:
    at.button(key="undo_undo").click()
    return rerun(at)


def redo(at: AppTest) -> AppTest:
    at.button(key="undo_redo").click()
    return rerun(at)


@pytest.mark.parametrize("key", [page.key for page in PAGES])
def test_all_that_is_changed_is_taken_back_and_put_on_again(key: str) -> None:
    link, edits = EDITS[key]
    at = open_at(key, **link)
    screens = [screen(at)]
    for edit in edits:
        edit(at)
        rerun(at)
        assert screen(at) != screens[-1]
        screens.append(screen(at))
    for before in screens[-2::-1]:
        assert screen(undo(at)) == before
    for after in screens[1:]:
        assert screen(redo(at)) == after


def test_typed_cells_are_steps_and_where_one_looks_is_none() -> None:
    at = open_at("convolution")
    before = grid(at)["boards"]
    matrices = {name: [texts(np.array(grid(at)["boards"][name]["values"]))] for name in ("input", "kernel")}
    for typed in ("7", "8"):
        matrices["input"][0][0][0] = typed
        tell(GRID, at, edit={"stacks": matrices, "message": int(typed)})
    tell(GRID, at, edit={"stacks": matrices, "message": 8}, place={"step": 4, "message": 9})
    control("view", "code")(at)
    rerun(at)
    control("view", "hand")(at)
    rerun(at)
    assert grid(at)["boards"]["input"]["values"][0][0] == 8
    assert grid(undo(at))["boards"]["input"]["values"][0][0] == 7
    assert grid(undo(at))["boards"] == before
    assert grid(at)["step"] == 4
    assert grid(redo(at))["boards"]["input"]["values"][0][0] == 7


def test_what_was_told_with_the_wish_to_undo_is_taken_back_first() -> None:
    at = open_at("convolution")
    texts_now = {name: [texts(np.array(grid(at)["boards"][name]["values"]))] for name in ("input", "kernel")}
    texts_now["kernel"][0][0][0] = "5"
    at.session_state[GRID.key] = {"edit": {"revision": grid(at)["revision"], "stacks": texts_now, "message": 1}}
    assert grid(undo(at))["boards"]["kernel"]["values"][0][0] == 0
    assert grid(redo(at))["boards"]["kernel"]["values"][0][0] == 5


def test_a_text_that_was_refused_is_taken_back_alone() -> None:
    at = open_at("convolution")
    matrices = {name: [texts(np.array(grid(at)["boards"][name]["values"]))] for name in ("input", "kernel")}
    for message, (column, typed) in enumerate([(0, "7"), (1, "abc"), (0, "8")], start=1):
        matrices["input"][0][0][column] = typed
        tell(GRID, at, edit={"stacks": matrices, "message": message})
    assert [error["text"] for error in grid(at)["boards"]["input"]["errors"]] == ["abc"]
    board = grid(undo(at))["boards"]["input"]
    assert (board["texts"][0][:2], board["errors"]) == (["8", "2"], [])
    assert grid(undo(at))["boards"]["input"]["texts"][0][0] == "7"
    assert grid(redo(at))["boards"]["input"]["texts"][0][0] == "8"


def test_steps_are_kept_while_another_page_is_read() -> None:
    at = open_at("pooling")
    control("pool_stride", 1)(at)
    rerun(at)
    at.switch_page("pages/transposed.py")
    rerun(at)
    undo(at)
    assert [toast.value for toast in at.toast] == ["There is nothing to undo."]
    at.switch_page("pages/pooling.py")
    rerun(at)
    undo(at)
    assert not at.toast
    assert [slider.value for slider in at.slider if slider.key == "pool_stride"] == [2]


def test_where_there_is_nothing_to_take_back_the_page_says_so() -> None:
    at = open_at("pooling")
    before = screen(at)
    assert screen(undo(at)) == before
    assert [toast.value for toast in at.toast] == ["There is nothing to undo."]
    redo(at)
    assert [toast.value for toast in at.toast] == ["There is nothing to redo."]
