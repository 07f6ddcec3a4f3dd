"""What a browser may send and what is taken for a message: every reader of a component asks these."""

from typing import Any

import pytest
import streamlit as st

from cnnlab.ui.components.told import (
    are_named_texts,
    are_texts,
    is_list,
    is_place,
    is_text,
    is_whole,
    last_told,
    number_of,
    only_about,
)


@pytest.mark.parametrize("told", [None, 7, "text", ["text"], True])
def test_what_is_no_message_is_an_empty_one(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert last_told("key", "edit") == {}
    monkeypatch.setattr(st, "session_state", {"key": {"edit": told, "place": {"step": 3}}})
    assert last_told("key", "edit") == last_told("key", "other") == {}
    assert last_told("key", "place") == {"step": 3}


@pytest.mark.parametrize("number", [None, True, "1", 1.0, [1], -1])
def test_a_message_without_a_number_has_0(number: Any) -> None:
    assert number_of({"message": number}) == number_of({}) == 0
    assert number_of({"message": 10**20}) == 10**20


@pytest.mark.parametrize("revision", [None, False, 0, "1", 1.0, True, 2])
def test_a_message_about_another_revision_is_none(revision: Any) -> None:
    assert only_about({"revision": revision, "step": 3}, 1) == only_about({"step": 3}, 1) == {}
    assert only_about({"revision": 1, "step": 3}, 1) == {"revision": 1, "step": 3}


def test_a_whole_number_lies_within_its_bounds() -> None:
    assert all(is_whole(number, 3) for number in (0, 3))
    assert not any(is_whole(number, 3) for number in (-1, 4, True, False, "2", 2.0, None, [2]))
    assert is_whole(10**20)
    assert is_whole(-3, 3, -3)
    assert not is_whole(-4, 3, -3)


def test_a_place_has_a_number_for_each_axis() -> None:
    assert is_place([1, 3], (2, 4))
    for other in (None, [], [1], [1, 3, 0], [2, 3], [1, 4], [-1, 0], [True, 0], ["1", 0], (1, 3), {"1": 3}):
        assert not is_place(other, (2, 4))


def test_lists_and_texts_have_an_end() -> None:
    assert is_list([1, None], 2)
    assert not any(is_list(other, 2) for other in ([1, 2, 3], (1, 2), "ab", {"a": 1}, None))
    assert is_text("ab", 2)
    assert not any(is_text(other, 2) for other in ("abc", ["a"], 1, None))
    assert are_texts(["ab", ""], 2, 2)
    assert not any(are_texts(other, 2, 2) for other in (["abc"], ["a", "b", "c"], ["a", 1], "ab", None))
    assert are_named_texts({"ab": "cd", "": ""}, 2, 2)
    for other in ({"abc": "d"}, {"a": "bcd"}, {"a": "", "b": "", "c": ""}, {"a": 1}, {1: "a"}, ["a"], None):
        assert not are_named_texts(other, 2, 2)
