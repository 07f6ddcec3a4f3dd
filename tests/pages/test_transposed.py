"""The page of the transposed convolution: what its link says, what the grids are handed, what comes back from them."""

import dataclasses
import json
import re
from functools import partial
from typing import Any

import numpy as np
import pytest

from cnnlab.errors import CnnlabError
from cnnlab.lessons.transposed.presets import PRESETS
from cnnlab.lessons.transposed.settings import TransposedSettings, direct_convolution, walk
from cnnlab.torch_reference import Agreement
from cnnlab.ui.pages.transposed.settings import DEFAULT, GRID, MAX_DILATION, MAX_OUTPUT_PADDING, MAX_PADDING, MAX_STRIDE
from cnnlab.ui.parts import torch_check
from tests.pages import app
from tests.pages.app import board, captions, grid, menu, open_at, rerun, tail, texts

open_page = partial(open_at, "transposed", "tr_")
tell = partial(app.tell, GRID)

ONES = {"input": "1,1,1;1,1,1;1,1,1", "kernel": "1,1,1;1,1,1;1,1,1"}


def typed(input_: list[list[str]], kernel: list[list[str]]) -> dict[str, Any]:
    return {"stacks": {"input": [input_], "kernel": [kernel]}}


def test_the_page_opens_with_stamps_that_overlap() -> None:
    at = open_page()
    data = grid(at)
    assert menu(at).value == "overlap"
    assert data["steps"] == 4
    assert data["boards"]["input"]["first"] == 0, "a focused input cell becomes the step"
    assert PRESETS["overlap"].note in captions(at)
    assert not at.warning


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_puts_its_numbers_and_settings_on_the_page(name: str) -> None:
    at = open_page(stride="3", padding="1", way="gather")
    menu(at).select(name)
    rerun(at)
    settings = PRESETS[name].settings
    data = grid(at)
    assert data["boards"]["input"]["values"] == settings.input.tolist()
    assert data["boards"]["kernel"]["values"] == settings.kernel.tolist()
    assert data["boards"]["output"]["values"] == pytest.approx(walk(settings).totals.ravel().tolist())
    assert menu(at).value == name
    assert PRESETS[name].note in captions(at)


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_lies_within_what_the_controls_allow(name: str) -> None:
    settings = PRESETS[name].settings
    assert settings.stride <= MAX_STRIDE
    assert settings.padding <= MAX_PADDING
    assert settings.output_padding <= MAX_OUTPUT_PADDING
    assert settings.dilation <= MAX_DILATION


def test_a_preset_with_other_settings_is_no_longer_the_preset() -> None:
    at = open_page(padding="1")
    assert menu(at).value == "own"
    assert PRESETS["overlap"].note not in captions(at)


# --- stamp by stamp -------------------------------------------------------------------------------------------------


def test_the_grids_are_handed_the_stamps_and_what_has_been_added_up() -> None:
    at = open_page(padding="1", step="2")
    steps = walk(dataclasses.replace(DEFAULT, padding=1))
    data = grid(at)
    output = data["boards"]["output"]
    assert data["reads"]["output"] == steps.stamps.tolist()
    assert data["products"] == steps.products.tolist()
    assert data["groups"][0]["adds_to"] == "output"
    assert output["frames"][-1] == steps.accumulated[-1].ravel().tolist()
    assert output["hatched"] == np.flatnonzero(steps.is_cut).tolist()
    assert (data["step"], output["gathers"], data["predict"]) == (2, True, None)


def test_a_cell_is_empty_until_the_first_stamp_comes() -> None:
    frames = board(open_page(), "output")["frames"]
    assert frames[0][:5] == [1, 2, 1, None, None]
    assert frames[1][:5] == [1, 2, 3, 4, 2]
    assert frames[1][20:] == [None] * 5
    assert None not in frames[-1]


def test_a_cell_that_no_stamp_reaches_holds_its_zero_from_the_start() -> None:
    frames = board(open_page(input="1,2", kernel="5", stride="3"), "output")["frames"]
    assert frames == [[5, 0, 0, None], [5, 0, 0, 10]]


def test_the_sum_says_what_was_added_where() -> None:
    at = open_page()
    assert tail(at) == "Added to rows 1 to 3 and columns 1 to 3."
    assert tail(at, 1) == (
        "Added to rows 1 to 3 and columns 3 to 5. 3 cells already hold numbers: 1 + 2 = 3, 2 + 4 = 6, 1 + 2 = 3."
    )
    assert tail(at, 3).endswith("5 cells already hold numbers, for example 6 + 4 = 10, 4 + 8 = 12, 2 + 4 = 6.")
    assert grid(at)["titles"][1] == "Input row 1, column 2 holds 2: the kernel times 2 is stamped"


def test_the_sum_says_what_gaps_signs_and_padding_do_to_the_stamp() -> None:
    at = open_page(input="1,-2", kernel="1,1,1", padding="0", stride="2", dilation="2")
    assert tail(at, 1) == (
        "Added to row 1 and columns 3 to 7. The stamp has gaps. 2 cells already hold numbers: 1 − 2 = −1, 1 − 2 = −1."
    )
    at = open_page(padding="1")
    assert "5 of its 9 cells are cut off by the padding." in tail(at)
    at = open_page(input="1,2;3,4", kernel="1,2", stride="1")
    assert tail(at, 1) == "Added to row 1 and columns 2 to 3. 1 cell already holds a number: 2 + 2 = 4."


def test_padding_is_said_to_cut_the_rim_off() -> None:
    data = grid(open_page(padding="1"))
    assert data["boards"]["output"]["title"] == "Output before the cut"
    assert data["note"].startswith("Padding 1 cuts off the hatched rim: 3 × 3 cells are left.")
    assert grid(open_page())["boards"]["output"]["title"] == "Output"


def test_the_size_is_the_formula_with_the_numbers_at_hand() -> None:
    at = open_page(input="1,2,3;4,5,6;7,8,9", padding="1", output_padding="1")
    formula = "(H − 1)·S − 2·P + D·(FH − 1) + OP + 1 = (3 − 1)·2 − 2·1 + 1·(3 − 1) + 1 + 1 = 6"
    assert f"Output rows and columns: {formula}" in captions(at)
    assert "turns both 5 × 5 and 6 × 6 into 3 × 3. Output padding 1 brings 6 × 6 back." in grid(at)["note"]
    at = open_page(input="1,2,3")
    written = [caption for caption in captions(at) if caption.startswith("Output")]
    assert [caption.rpartition(" = ")[2] for caption in written] == ["3", "7"]


# --- cell by cell ---------------------------------------------------------------------------------------------------


def test_an_output_cell_is_the_sum_of_what_the_stamps_bring() -> None:
    data = grid(open_page(way="gather", step="12"))
    assert data["boards"]["output"]["values"] == walk(DEFAULT).totals.ravel().tolist()
    assert data["boards"]["output"]["first"] == 0
    assert (data["steps"], data["step"]) == (25, 12)
    assert data["reads"]["input"][12] == [0, 1, 2, 3]
    assert data["reads"]["kernel"][12] == [8, 6, 2, 0]
    assert data["products"]["12"] == [1, 2, 3, 4]
    assert data["groups"][0]["sections"][0]["columns"][11:13] == [1, 2]
    assert data["tails"][12] == [["text", "="], ["result", 10]]


def test_a_cell_that_nothing_reaches_says_so() -> None:
    at = open_page(way="gather", input="1,2", kernel="5", stride="3")
    assert tail(at, 1) == "No stamp reaches this cell, so it stays 0"


def test_a_prediction_is_judged_by_the_lesson_and_points_at_the_products() -> None:
    at = open_page(way="gather", predict="1", step="2")
    tell(at, guess={"number": 1, "step": 2, "text": "2"})
    answer = grid(at)["predict"]["answers"]["2"]
    assert not answer["right"]
    assert "2 is what the last stamp leaves here: stamps that overlap add up." in answer["sentence"]
    assert answer["terms"] == [0, 1]
    tell(at, guess={"number": 2, "step": 2, "text": "3"})
    assert grid(at)["predict"]["answers"]["2"]["right"]


def test_the_wish_to_predict_outlives_the_stamps() -> None:
    at = open_page(predict="1")
    assert grid(at)["predict"] is None
    at.session_state["tr_way"] = "gather"
    rerun(at)
    assert grid(at)["predicts"]


# --- overlaps -------------------------------------------------------------------------------------------------------


def test_the_overlaps_count_the_stamps_on_each_cell() -> None:
    data = grid(open_page(view="overlaps", **ONES))
    counts = data["boards"]["overlaps"]
    assert counts["values"] == walk(PRESETS["checkerboard"].settings).overlaps.ravel().tolist()
    assert (counts["look"], counts["first"], data["fills"]) == ("counts", 0, False)
    assert data["boards"]["output"]["values"] == counts["values"], "of ones the output is the number of stamps"
    assert "3 is not a multiple of the stride 2, so 2, 1 repeats away from the rim: a checkerboard." in data["note"]
    assert data["titles"][16] == "Row 3, column 3: 4 stamps meet here"
    assert data["titles"][0] == "Row 1, column 1: 1 stamp covers this cell"


def test_what_is_cut_off_is_counted_and_hatched() -> None:
    at = open_page(view="overlaps", padding="1")
    data = grid(at)
    steps = walk(dataclasses.replace(DEFAULT, padding=1))
    assert data["boards"]["overlaps"]["hatched"] == np.flatnonzero(steps.is_cut).tolist()
    assert data["steps"] == 25
    assert data["reads"]["output"][0] == []
    assert data["reads"]["output"][6] == [0]
    assert data["note"].startswith("Padding 1 cuts off the hatched rim: 3 × 3 cells are left.")


def test_a_cell_without_a_stamp_is_counted_as_none() -> None:
    data = grid(open_page(view="overlaps", input="1,2", kernel="5", stride="3"))
    assert data["boards"]["overlaps"]["values"] == [1, 0, 0, 1]
    assert data["titles"][1] == "Row 1, column 2: no stamp reaches this cell"


# --- as a convolution -----------------------------------------------------------------------------------------------


def test_the_direct_convolution_is_shown_with_what_was_put_in() -> None:
    at = open_page(view="direct", step="12", kernel="1,2,3;4,5,6;7,8,9")
    settings = TransposedSettings(DEFAULT.input, np.arange(1, 10).reshape(3, 3))
    direct = direct_convolution(settings)
    data = grid(at)
    boards = data["boards"]
    assert boards["spread"]["values"] == direct.spread.ravel().tolist()
    assert boards["spread"]["hatched"] == np.flatnonzero(direct.sources.ravel() < 0).tolist()
    assert boards["turned"]["values"] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert boards["output"]["values"] == settings.output().ravel().tolist()
    assert data["reads"]["input"][12] == [0, 1, 2, 3]
    assert sum(data["products"][12]) == boards["output"]["values"][12]
    assert (
        "Stride 2 puts 1 zero between neighbouring input cells. Around the input 2 zeros are added on every side."
        in data["note"]
    )
    assert "the same products add up as with the stamps: the zeros add nothing" in data["note"]


def test_a_prediction_in_the_direct_form_points_into_the_window() -> None:
    at = open_page(view="direct", predict="1")
    tell(at, guess={"number": 1, "step": 2, "text": "2"})
    answer = grid(at)["predict"]["answers"]["2"]
    assert answer["terms"] == [6, 8], "the input's two cells stand in the window's last row"


# --- links, errors, typing ------------------------------------------------------------------------------------------


def test_each_way_keeps_its_own_step() -> None:
    at = open_page(way="gather", step="20")
    at.session_state["tr_way"] = "stamp"
    rerun(at)
    assert grid(at)["step"] == 0
    tell(at, place={"step": 3, "all": 0, "predict": 0, "message": 1})
    at.session_state["tr_way"] = "gather"
    rerun(at)
    assert grid(at)["step"] == 20, "there are only four stamps"
    assert at.query_params["tr_step"] == "20"
    at.session_state["tr_way"] = "stamp"
    rerun(at)
    assert grid(at)["step"] == 3


def test_a_link_brings_numbers_settings_and_step() -> None:
    link = {"input": "1,2;3,4", "kernel": "1,1/2", "stride": "1", "dilation": "2", "output_padding": "1"}
    data = grid(open_page(way="gather", step="3", all="1", **link))
    settings = TransposedSettings(np.array([[1, 2], [3, 4]]), np.array([[1, 0.5]]), 1, 0, 1, 2)
    assert data["boards"]["output"]["values"] == settings.output().ravel().tolist()
    assert (data["step"], data["all"]) == (3, True)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"input": "1,x"}, r"`tr_input=1,x`.*'x' is not a number"),
        ({"input": ";".join(["1"] * 7)}, "more than 6 rows"),
        ({"kernel": ",".join(["1"] * 6)}, "more than 5 numbers"),
        ({"stride": "4"}, "It goes from 1 to 3"),
        ({"padding": "-1"}, "It goes from 0 to 4"),
        ({"output_padding": "x"}, "It goes from 0 to 2"),
        ({"dilation": "0"}, "It goes from 1 to 2"),
        ({"way": "both"}, "It is one of stamp, gather"),
        ({"view": "film"}, "It is one of hand, overlaps, direct, code"),
        ({"step": "-1"}, "`tr_step=-1`"),
    ],
)
def test_a_bad_link_is_told_in_words_and_the_rest_survives(parameters: dict[str, str], words: str) -> None:
    at = open_page(**({"input": "9,1;2,3"} | parameters))
    assert len(at.warning) == 1
    assert re.search(words, at.warning[0].value)
    if "input" not in parameters:
        assert board(at, "input")["values"] == [[9, 1], [2, 3]]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"padding": "4"}, "Padding 4 cuts away the whole 5×5 output: use padding <= 2, a larger kernel or"),
        ({"output_padding": "2"}, "output_padding is 2 with stride 2 and dilation 1: use less than the larger"),
    ],
)
@pytest.mark.parametrize("view", ["hand", "overlaps", "direct"])
def test_settings_that_cannot_work_say_so_and_keep_what_was_typed(
    view: str, parameters: dict[str, str], words: str
) -> None:
    at = open_page(view=view, **parameters)
    data = grid(at)
    assert words in data["refusal"]
    assert data["boards"]["output"]["refusal"] == data["refusal"]
    tell(at, edit=typed([["7", "2"], ["3", "4"]], texts(DEFAULT.kernel)))
    assert board(at, "input")["values"][0][0] == 7, "the input can still be typed"


def test_settings_that_cannot_work_have_no_code() -> None:
    at = open_page(view="code", padding="4")
    assert "There is no code for these settings. Padding 4 cuts away the whole 5×5 output" in at.warning[0].value


@pytest.mark.parametrize("parameters", [{}, {"way": "gather"}, {"view": "overlaps"}, {"view": "direct"}])
def test_a_typed_number_changes_the_output_and_the_link(parameters: dict[str, str]) -> None:
    at = open_page(**parameters)
    tell(at, edit=typed([["9,5", "2"], ["3", "many"]], texts(DEFAULT.kernel)))
    output = board(at, "output")
    settings = dataclasses.replace(DEFAULT, input=np.array([[9.5, 2], [3, 4]]))
    assert (output["frames"][-1] if output["frames"] else output["values"]) == settings.output().ravel().tolist()
    assert at.query_params["tr_input"] == "9.5,2;3,4"
    (error,) = board(at, "input")["errors"]
    assert "'many' is not a number" in error["why"]


def test_the_largest_of_all_fits_into_the_limits() -> None:
    at = open_page(
        input=";".join([",".join("123456")] * 6),
        kernel=";".join([",".join("12345")] * 5),
        stride="3",
        dilation="2",
        output_padding="2",
    )
    assert board(at, "output")["size"] == [26, 26]


# --- as code --------------------------------------------------------------------------------------------------------


class FakeReference:
    def __init__(self, answer: Agreement | CnnlabError) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    def ask(self, function: str, question: dict[str, Any]) -> dict[str, Any]:
        assert function == "cnnlab.lessons.transposed.agreement:answer"
        self.asked.append(question["what"])
        if isinstance(self.answer, CnnlabError):
            raise self.answer
        return json.loads(json.dumps(dataclasses.asdict(self.answer)))


def test_stamps_and_convolution_are_checked_by_a_button_each(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeReference(Agreement(True, 25, (5, 5), (5, 5), 0.0, None, None, None, "2.9.0"))
    monkeypatch.setattr(torch_check, "reference", lambda: fake)
    at = open_page(view="code")
    assert "F.conv_transpose2d(x, weight, stride=2)" in at.code[0].value
    assert fake.asked == []
    at.button(key="tr_check_output").click()
    rerun(at)
    at.button(key="tr_check_direct").click()
    rerun(at)
    assert fake.asked == ["output", "direct"]
    assert [box.value for box in at.success] == ["PyTorch 2.9.0 agrees: all 25 cells are equal, to the last digit."] * 2


def test_a_check_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_check, "reference", lambda: FakeReference(CnnlabError("PyTorch is not installed.")))
    at = open_page(view="code")
    at.button(key="tr_check_output").click()
    rerun(at)
    assert at.error[0].value == "PyTorch gave no answer. PyTorch is not installed."
