"""The pooling page: what its link says, what the grids are handed, what comes back from them."""

import dataclasses
import json
import re
from functools import partial
from typing import Any

import numpy as np
import pytest

from cnnlab.errors import CnnlabError
from cnnlab.lessons.pooling.presets import DEFAULT_INPUT, PRESETS
from cnnlab.lessons.pooling.settings import shift_experiment, walk
from cnnlab.torch_reference import Agreement
from cnnlab.ui.pages.pooling.settings import GRID
from cnnlab.ui.parts import torch_check
from tests.pages import app
from tests.pages.app import board, captions, components, grid, menu, open_at, rerun, tail

open_page = partial(open_at, "pooling", "pool_")
tell = partial(app.tell, GRID)

OVERLAPPING = "1,0,2,3,1,0,1;4,6,6,8,2,1,0;3,1,1,0,9,2,3;1,2,2,4,1,0,5;0,7,3,1,2,6,1;2,1,0,3,4,1,2;5,0,1,2,0,3,8"


def test_the_page_opens_with_the_maximum_of_windows_of_two() -> None:
    at = open_page()
    assert board(at, "output")["values"] == [6, 5, 3, 4]
    assert board(at, "input")["values"] == DEFAULT_INPUT.tolist()
    assert menu(at).value == "max"
    assert grid(at)["note"] is None


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_puts_its_numbers_and_settings_on_the_page(name: str) -> None:
    at = open_page(kind="avg", padding="1", dilation="2")
    menu(at).select(name)
    rerun(at)
    settings = PRESETS[name].settings
    data = grid(at)
    assert data["boards"]["input"]["values"] == settings.input.tolist()
    assert data["boards"]["output"]["values"] == pytest.approx(walk(settings).totals.ravel().tolist())
    assert menu(at).value == name
    assert PRESETS[name].note in captions(at)


def test_a_preset_with_other_settings_is_no_longer_the_preset() -> None:
    at = open_page(ceil="true")
    assert menu(at).value == "own"
    assert PRESETS["max"].note not in captions(at)


def test_a_preset_stays_itself_whatever_a_maximum_leaves_out_of_account() -> None:
    assert menu(open_page(count="false")).value == "max"
    assert menu(open_page(kind="avg", dilation="2")).value == "mean"


def test_the_grids_are_handed_what_the_core_computed() -> None:
    at = open_page(input=OVERLAPPING, rows="3", columns="3", padding="1", gradient="true", ceil="true")
    settings = dataclasses.replace(PRESETS["overlapping"].settings, padding=1, ceil=True)
    steps = walk(settings)
    data = grid(at)
    assert data["boards"]["output"]["values"] == steps.totals.ravel().tolist()
    assert data["boards"]["input"]["padded"] == steps.grid.tolist()
    assert data["boards"]["input"]["padding"] == 1
    assert data["reads"]["input"] == steps.reads.tolist()
    assert [won for (won,) in data["marks"]["input"]] == steps.chosen.tolist()
    assert data["boards"]["gradient"]["frames"][-1] == steps.routed.ravel().tolist()


def test_the_window_that_reaches_beyond_is_drawn_with_what_it_does_not_find() -> None:
    at = open_page(input="1,2,3;4,5,6", ceil="true", step="1")
    input_ = board(at, "input")
    assert (input_["beyond"], input_["padding"]) == ([0, 1], 0)
    assert input_["extent"] == [2, 4]
    assert board(at, "output")["values"] == [5, 6]
    assert "With ceil the output is 1 × 2, without it 1 × 1" in grid(at)["note"]


def test_padding_holds_minus_infinity_for_a_maximum_and_zeros_for_a_mean() -> None:
    assert board(open_page(padding="1"), "input")["outside"] == "−∞"
    assert board(open_page(padding="1", kind="avg"), "input")["outside"] is None


def test_a_maximum_says_which_cell_won_and_that_there_was_a_tie() -> None:
    at = open_page(input="5,5,0,0;5,5,0,7;2,3,4,4;3,1,4,1", gradient="true")
    data = grid(at)
    assert data["marks"]["input"][0] == [0]
    assert data["tied"]["input"][0] == [1, 4, 5]
    assert data["tied"]["input"][1] == []
    assert tail(at) == (
        "The largest is 5.0 A tie: 4 cells hold it. The first in reading order is taken, row 1, column 1."
        " It alone gets the gradient of 1."
    )
    assert tail(at, 1) == "The largest is 7.0 The gradient of 1 goes to row 2, column 4 alone."


def test_a_mean_writes_its_sum_and_its_divisor() -> None:
    at = open_page(kind="avg", gradient="true")
    assert tail(at) == "Sum 14.0 ÷ 4 = 3.5 Each of the 4 input cells gets 0.25 of the gradient of 1."
    assert grid(at)["marks"]["input"][0] == []


def test_a_mean_says_what_of_the_window_counts() -> None:
    at = open_page(kind="avg", rows="3", columns="3", padding="1", ceil="true", gradient="true")
    assert tail(at).endswith(
        "Padding is counted: 5 of 9 cells. Each of the 4 input cells gets 1/9 of the gradient of 1."
    )
    assert "Cells beyond the edge never count: 3 of 9." in tail(at, 2)
    at = open_page(kind="avg", rows="3", columns="3", padding="1", count="false")
    assert tail(at).endswith("Padding is not counted: 5 of 9 cells.")
    assert "The padding does not count" in grid(at)["note"]


def test_the_gradient_is_a_board_of_its_own_that_fills_step_by_step() -> None:
    assert "gradient" not in grid(open_page())["boards"]
    at = open_page(input=OVERLAPPING, rows="3", columns="3", gradient="true")
    data = grid(at)
    frames = np.array(data["boards"]["gradient"]["frames"]).reshape(-1, 7, 7)
    assert [int(frame.sum()) for frame in frames] == list(range(1, 10)), "each output cell sends back 1"
    assert frames[-1][2, 4] == 4, "the 9 is the largest of four windows"
    assert data["boards"]["gradient"]["gathers"]
    assert data["groups"][0]["also"] == ["gradient"]
    assert data["reads"]["gradient"][1] == [18]


def test_a_link_brings_numbers_settings_and_step() -> None:
    at = open_page(input="1,2;3,4;5,6", kind="avg", rows="1", columns="2", stride="1", step="2", all="1")
    data = grid(at)
    assert data["boards"]["output"]["values"] == [1.5, 3.5, 5.5]
    assert (data["step"], data["all"]) == (2, True)
    assert not at.warning


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"input": "1,x"}, r"`pool_input=1,x`.*'x' is not a number"),
        ({"input": ";".join(["1"] * 13)}, "more than 12 rows"),
        ({"kind": "median"}, "It is one of max, avg"),
        ({"rows": "5"}, "It goes from 1 to 4"),
        ({"columns": "0"}, "It goes from 1 to 4"),
        ({"stride": "1.5"}, "It goes from 1 to 4 in whole numbers"),
        ({"padding": "3"}, "It goes from 0 to 2"),
        ({"dilation": "x"}, "It goes from 1 to 3"),
        ({"ceil": "yes"}, "It is true or false"),
        ({"count": "2"}, "It is true or false"),
        ({"gradient": "back"}, "It is true or false"),
        ({"view": "film"}, "It is one of hand, picture, shift, code"),
        ({"step": "-1"}, "`pool_step=-1`"),
    ],
)
def test_a_bad_link_is_told_in_words_and_the_rest_survives(parameters: dict[str, str], words: str) -> None:
    rest = {"input": "9,1,2,3;0,1,2,3;4,5,6,7;4,5,6,7"}
    at = open_page(**(rest | parameters))
    assert len(at.warning) == 1
    assert re.search(words, at.warning[0].value)
    if "input" not in parameters:
        assert board(at, "input")["values"][0] == [9, 1, 2, 3]


def test_a_bad_direction_or_pixel_is_told_where_it_is_used() -> None:
    at = open_page(view="shift", shift="away")
    assert "It is one of right, down, left, up" in at.warning[0].value
    at = open_page(view="picture", photo_pixel="here")
    assert "A pixel is a row and a column" in at.warning[0].value
    at = open_page(view="picture", photo="unicorn")
    assert "It is one of chelsea, coffee, astronaut, rocket, frog" in at.warning[0].value


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"padding": "2"}, "Padding 2 is more than half of the 2×2 window: use padding <= 1 or a larger window"),
        ({"rows": "4", "input": "1,2;3,4"}, "A 4×2 kernel does not fit into a 2×2 input"),
        ({"dilation": "3", "rows": "3", "columns": "3"}, "dilation"),
    ],
)
@pytest.mark.parametrize("view", ["hand", "shift"])
def test_settings_that_cannot_work_say_so_beside_the_input(view: str, parameters: dict[str, str], words: str) -> None:
    at = open_page(view=view, **parameters)
    data = grid(at)
    assert words in data["refusal"]
    assert data["boards"]["output"]["refusal"] == data["refusal"]
    shape = data["boards"]["input"]["values"]
    texts = [["7"] * len(shape[0])] * len(shape)
    tell(at, edit={"stacks": {"input": [texts]}})
    assert board(at, "input")["values"][0][0] == 7, "the input can still be typed"


def test_settings_that_cannot_work_are_told_on_the_other_parts_too() -> None:
    at = open_page(view="code", padding="2")
    assert "There is no code for these settings. Padding 2 is more than half" in at.warning[0].value
    at = open_page(view="picture", padding="2")
    assert "These settings cannot be used on this picture. Padding 2 is more than half" in at.warning[0].value


def test_a_typed_number_changes_the_output_and_the_link() -> None:
    at = open_page()
    texts = [[str(number) for number in row] for row in DEFAULT_INPUT.tolist()]
    texts[0][0] = "9,5"
    texts[3][3] = "many"
    tell(at, edit={"stacks": {"input": [texts]}})
    assert board(at, "output")["values"] == [9.5, 5, 3, 4]
    assert at.query_params["pool_input"].startswith("9.5,3,2,1;")
    (error,) = board(at, "input")["errors"]
    assert "'many' is not a number" in error["why"]


def test_a_prediction_is_judged_by_the_lesson_and_points_at_no_answer() -> None:
    at = open_page(input="1,3,0,0;4,6,0,0")
    tell(at, guess={"number": 1, "step": 0, "text": "1"})
    answer = grid(at)["predict"]["answers"]["0"]
    assert answer["sentence"] == "1 is the smallest number of the window: max pooling keeps the largest."
    tell(at, guess={"number": 2, "step": 0, "text": "4"})
    answer = grid(at)["predict"]["answers"]["0"]
    assert "the window also holds a larger number" in answer["sentence"]
    # The largest number is not pointed at: it is what is asked for.
    assert answer["terms"] == []
    tell(at, guess={"number": 3, "step": 0, "text": "6"})
    assert grid(at)["predict"]["answers"]["0"]["right"]


def test_what_gives_a_prediction_away_is_told_with_the_result() -> None:
    kinds = {kind for kind, _ in grid(open_page(gradient="true", input="5,5;5,5"))["tails"][0]}
    assert kinds == {"text", "result", "told"}


# --- shift by one ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("towards", "moved"), [("right", (0, 1)), ("down", (1, 0)), ("left", (0, -1)), ("up", (-1, 0))]
)
def test_a_shift_is_shown_as_two_pairs_with_what_is_equal(towards: str, moved: tuple[int, int]) -> None:
    at = open_page(view="shift", shift=towards, input=OVERLAPPING, rows="3", columns="3", step="4")
    seen = shift_experiment(PRESETS["overlapping"].settings, *moved)
    data = grid(at)
    assert data["boards"]["shifted"]["values"] == seen.shifted.ravel().tolist()
    assert data["boards"]["before"]["values"] == seen.before.ravel().tolist()
    assert data["boards"]["after"]["values"] == seen.after.ravel().tolist()
    assert data["same"]["after"] == data["same"]["before"] == np.flatnonzero(seen.same).tolist()
    assert data["same"]["shifted"] == data["same"]["input"] == np.flatnonzero(seen.input_same).tolist()
    assert f"{int(seen.same.sum())} of 9" in data["note"]
    assert (data["step"], data["predict"], data["fills"]) == (4, None, False)


def test_each_window_says_whether_the_shift_changes_it() -> None:
    at = open_page(view="shift", input=OVERLAPPING, rows="3", columns="3")
    assert tail(at) == "The output stays 6."
    assert tail(at, 1) == "The output changes from 9 to 8."
    assert grid(at)["parts"][1] == [9, 8]


def test_padding_has_no_part_in_the_pairs() -> None:
    data = grid(open_page(view="shift", padding="1", kind="avg"))
    assert data["boards"]["input"]["padding"] == 0
    assert data["reads"]["input"][0] == [0]


# --- on a picture ---------------------------------------------------------------------------------------------------


def test_a_picture_is_pooled_in_colour_and_counted() -> None:
    at = open_page(view="picture", photo="frog")
    assert components(at)[0]["pair"]["output_size"] == [16, 16]
    assert [part["name"] for part in components(at)[1]["parts"]] == ["Red", "Green", "Blue"]
    assert (
        "32 × 32 = 1,024 pixels become 16 × 16 = 256: every layer that follows works on 25 % as many. "
        "The picture is one of CIFAR-10 (Krizhevsky 2009)."
    ) in captions(at)
    at = open_page(view="picture", photo_channels="grey", kind="avg", photo="ship", photo_pixel="3,4")
    assert components(at)[0]["pixel"] == [3, 4]
    (part,) = components(at)[1]["parts"]
    assert part["won"] == []
    assert re.fullmatch(r"[\d.]+ ÷ 4 = [\d.]+", part["sentence"])


def test_the_window_of_a_pixel_shows_padding_and_winners() -> None:
    at = open_page(view="picture", photo="frog", padding="1", photo_pixel="0,0", photo_channels="grey")
    (part,) = components(at)[1]["parts"]
    assert [[cell["text"] for cell in row][:1] for row in part["window"]] == [["−∞"], ["−∞"]]
    assert part["won"] == [[1, 1]]
    assert part["sentence"] == f"The largest is {part['window'][1][1]['text']}."
    window = {"rows": "3", "columns": "3", "stride": "3", "ceil": "true", "kind": "avg"}
    at = open_page(view="picture", photo="frog", photo_pixel="10,10", **window)
    part = components(at)[1]["parts"][0]
    assert part["window"][2][2]["text"] == "", "nothing lies beyond"
    assert "÷ 4" in part["sentence"]


def test_pixels_that_tie_are_counted() -> None:
    sentences = set()
    for row in range(15):
        at = open_page(
            view="picture", photo_channels="grey", rows="4", columns="4", photo="ship", photo_pixel=f"{row},0"
        )
        sentences.add(components(at)[1]["parts"][0]["sentence"])
    assert any(re.fullmatch(r"The largest is \d+, held by \d+ pixels\.", sentence) for sentence in sentences)


# --- as code --------------------------------------------------------------------------------------------------------


class FakeReference:
    def __init__(self, answer: Agreement | CnnlabError) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    def ask(self, function: str, question: dict[str, Any]) -> dict[str, Any]:
        assert function == "cnnlab.lessons.pooling.agreement:answer"
        self.asked.append(question["what"])
        if isinstance(self.answer, CnnlabError):
            raise self.answer
        return json.loads(json.dumps(dataclasses.asdict(self.answer)))


def test_output_and_gradient_are_checked_by_a_button_each(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeReference(Agreement(True, 4, (2, 2), (2, 2), 0.0, None, None, None, "2.9.0"))
    monkeypatch.setattr(torch_check, "reference", lambda: fake)
    at = open_page(view="code")
    assert "F.max_pool2d(x, kernel_size=2)" in at.code[0].value
    assert fake.asked == []
    at.button(key="pool_check_output").click()
    rerun(at)
    at.button(key="pool_check_gradient").click()
    rerun(at)
    assert fake.asked == ["output", "gradient"]
    assert [box.value for box in at.success] == ["PyTorch 2.9.0 agrees: all 4 cells are equal, to the last digit."] * 2


def test_a_check_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_check, "reference", lambda: FakeReference(CnnlabError("PyTorch is not installed.")))
    at = open_page(view="code")
    at.button(key="pool_check_gradient").click()
    rerun(at)
    assert at.error[0].value == "PyTorch gave no answer. PyTorch is not installed."


def test_what_pooling_is_there_for_is_said_and_leads_to_a_network() -> None:
    (link,) = (each.proto for each in open_page().get("page_link") if "pooling shrinks it" in each.proto.label)
    assert link.page == "network"
    assert link.query_string == "net=keep-and-shrink"
