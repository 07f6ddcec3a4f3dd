"""The convolution page: what its link says, what the grid is handed, what comes back from it."""

import re
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlab import lecture
from cnnlab.lessons.convolution.presets import DEFAULT_INPUT, DEFAULT_KERNEL, PRESETS
from cnnlab.lessons.convolution.settings import ConvSettings, walk
from cnnlab.ui.pages.convolution.grids import GRID
from cnnlab.ui.state.grid_page import read_cells
from tests.pages import app
from tests.pages.app import board, grid, menu, open_at, rerun, texts

open_page = partial(open_at, "convolution")
tell = partial(app.tell, GRID)


def totals(at: AppTest) -> list[float]:
    return board(at, "output")["values"]


def type_(at: AppTest, input_: np.ndarray | list, kernel: np.ndarray | list, **more: Any) -> AppTest:
    as_texts = [texts(m) if isinstance(m, np.ndarray) else m for m in (input_, kernel)]
    return tell(at, edit={"stacks": {"input": [as_texts[0]], "kernel": [as_texts[1]]}, **more})


def test_the_page_opens_with_the_lectures_example() -> None:
    at = open_page()
    assert board(at, "input")["values"] == lecture.INPUT.tolist()
    assert totals(at) == lecture.OUTPUT.ravel().tolist()
    assert any("22 and 30" in caption.value for caption in at.caption)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_puts_its_numbers_on_the_page(name: str) -> None:
    at = open_page(stride="2")
    menu(at).select(name)
    rerun(at)
    numbers = PRESETS[name].settings
    input_ = DEFAULT_INPUT if numbers.input is None else numbers.input
    kernel = DEFAULT_KERNEL if numbers.kernel is None else numbers.kernel
    data = grid(at)
    assert data["boards"]["input"]["values"] == input_.tolist()
    assert data["boards"]["kernel"]["values"] == kernel.tolist()
    stride = 1 if numbers.is_example else 2
    assert data["boards"]["output"]["values"] == pytest.approx(
        walk(ConvSettings(input_, kernel, stride)).totals.ravel().tolist()
    )
    assert menu(at).value == name


def test_an_example_with_other_settings_is_no_longer_the_example() -> None:
    at = open_page(stride="2")
    assert menu(at).value == "own"
    assert not any("22 and 30" in caption.value for caption in at.caption)


def test_the_component_is_handed_what_the_core_computed() -> None:
    link = {"stride": "2", "padding": "2", "mode": "reflect", "dilation": "2", "bias": "0.5", "flip": "true"}
    data = grid(open_page(**link, kernel="1,2;3,-4"))
    settings = ConvSettings(DEFAULT_INPUT, np.array([[1, 2], [3, -4]]), 2, 2, "reflect", 2, 0.5, flip=True)
    steps = walk(settings)
    assert data["boards"]["input"]["padded"] == steps.padded.tolist()
    assert data["products"] == steps.products.reshape(steps.totals.size, -1).tolist()
    assert data["boards"]["output"]["values"] == steps.totals.ravel().tolist()
    assert data["reads"]["kernel"] == [[3, 2, 1, 0]], "a flipped kernel meets the window from its last cell on"
    assert data["boards"]["kernel"]["values"] == [[1, 2], [3, -4]]


def test_a_link_brings_numbers_and_step() -> None:
    at = open_page(input="1,2,3;4,5,6;7,8,9", kernel="1,0;0,1/2", step="3", all="1")
    data = grid(at)
    assert data["boards"]["input"]["values"] == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert data["boards"]["kernel"]["texts"] == [["1", "0"], ["0", "0.5"]]
    assert (data["step"], data["all"]) == (3, True)
    assert data["boards"]["output"]["values"] == [3.5, 5, 8, 9.5]
    assert not at.warning


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"kernel": "1,x;2,3"}, r"`kernel=1,x;2,3`.*'x' is not a number"),
        ({"kernel": "1,2;3"}, "Row 2 has 1 number but row 1 has 2"),
        ({"input": ";".join(["1"] * 17)}, "more than 16 rows"),
        ({"kernel": ",".join(["1"] * 8)}, "more than 7 numbers"),
        ({"step": "-3"}, r"`step=-3`"),
        ({"stride": "0"}, "It goes from 1 to 6"),
        ({"padding": "two"}, "It goes from 0 to 6"),
        ({"mode": "mirror"}, "It is one of zeros, reflect, replicate, circular"),
        ({"bias": "nan"}, "It goes from -1000 to 1000"),
        ({"flip": "perhaps"}, "It is true or false"),
        ({"view": "elsewhere"}, "It is one of hand, then, picture, code"),
    ],
)
def test_a_bad_link_is_told_in_words_and_the_rest_survives(parameters: dict[str, str], words: str) -> None:
    at = open_page(**({"dilation": "2"} | parameters))
    assert len(at.warning) == 1
    assert re.search(words, at.warning[0].value)
    data = grid(at)
    assert len(data["reads"]["input"][0]) == 9
    assert data["reads"]["input"][0][:2] == [0, 2]


def test_a_typed_number_changes_the_sums_and_the_link() -> None:
    at = open_page()
    kernel = texts(DEFAULT_KERNEL)
    kernel[0][0] = "0,5"
    type_(at, DEFAULT_INPUT, kernel)
    data = grid(at)
    assert data["boards"]["kernel"]["values"][0][0] == 0.5
    assert data["boards"]["output"]["values"][0] == 27.5
    assert at.query_params["kernel"] == "0.5,1,2;3,-1,2;1,0,1"


def test_a_cell_that_is_no_number_says_why_and_keeps_its_value() -> None:
    at = open_page()
    input_ = texts(DEFAULT_INPUT)
    input_[1][2], input_[0][0] = "four", "7"
    type_(at, input_, DEFAULT_KERNEL)
    data = grid(at)
    assert data["boards"]["input"]["values"][1][2] == 4
    assert data["boards"]["input"]["values"][0][0] == 7
    (error,) = data["boards"]["input"]["errors"]
    assert (error["row"], error["column"], error["text"]) == (1, 2, "four")
    assert "'four' is not a number" in error["why"]
    assert "the cell counts as 4" in error["why"]


@pytest.mark.parametrize(("value", "said"), [("-1000000", "−1000000"), ("0.333", "0.333")])
def test_what_a_wrong_cell_counts_as_is_said_in_full(value: str, said: str) -> None:
    at = open_page(input=f"{value},1;1,1", kernel="1")
    type_(at, [["one", "1"], ["1", "1"]], [["1"]])
    (error,) = grid(at)["boards"]["input"]["errors"]
    assert error["why"].endswith(f"Until then the cell counts as {said}.")


@pytest.mark.parametrize("sent", [None, 3, [], [["1"]], "1,2", [[1, 2], [3]], {"0": "1"}])
def test_whatever_else_arrives_changes_nothing(sent: Any) -> None:
    matrix, errors = read_cells(sent, np.array([[1, 2], [3, 4]]))
    assert matrix.tolist() == [[1, 2], [3, 4]]
    assert errors == []


@pytest.mark.parametrize("name", ["edit", "resize", "place", "guess"])
@pytest.mark.parametrize(
    "sent",
    [
        None,
        "text",
        7,
        {},
        {"name": []},
        {"name": "kernel", "revision": True},
        {"step": "1", "number": "2"},
        {"step": -1, "number": 1},
        {"step": True, "number": True, "message": True},
    ],
)
def test_the_page_bears_whatever_a_browser_may_send(name: str, sent: Any) -> None:
    at = open_page()
    message = {"revision": grid(at)["revision"]} | sent if isinstance(sent, dict) else sent
    at.session_state[GRID.key] = {name: message}
    rerun(at)
    assert totals(at)[:2] == [27, 36]
    assert grid(at)["step"] == 0


def test_an_edit_of_earlier_matrices_is_not_taken() -> None:
    at = open_page()
    stale = grid(at)["revision"] - 1
    type_(at, [["9"] * 5] * 5, DEFAULT_KERNEL, revision=stale)
    assert board(at, "input")["values"] == DEFAULT_INPUT.tolist()


def test_a_grid_that_shrinks_and_grows_again_keeps_what_was_typed() -> None:
    at = open_page()
    tell(at, resize={"name": "input", "rows": 3, "columns": 4})
    smaller = board(at, "input")["values"]
    assert smaller == DEFAULT_INPUT[:3, :4].tolist()
    tell(at, resize={"name": "input", "rows": 6, "columns": 5})
    grown = board(at, "input")["values"]
    assert grown[:5] == DEFAULT_INPUT.tolist()
    assert grown[5] == [0] * 5


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (99, 7), ("3", 1), (None, 1)])
def test_a_size_from_outside_is_kept_within_its_limits(asked: Any, given: int) -> None:
    at = open_page()
    tell(at, resize={"name": "kernel", "rows": asked, "columns": 2})
    assert len(board(at, "kernel")["values"]) == given


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"kernel": ";".join(["1,1,1,1,1,1"] * 6)}, "A 6×6 kernel does not fit into a 5×5 input.*Use padding >= 1"),
        ({"padding": "5", "mode": "reflect"}, "Padding 5 in reflect mode.*use padding <= 4"),
        ({"dilation": "5"}, "does not fit into a 5×5 input"),
    ],
)
def test_settings_without_an_output_say_so_beside_the_grids(parameters: dict[str, str], words: str) -> None:
    at = open_page(**parameters)
    data = grid(at)
    assert re.search(words, data["refusal"])
    assert data["boards"]["output"]["values"] == []
    input_ = texts(DEFAULT_INPUT)
    input_[0][0] = "8"
    type_(at, input_, np.array(data["boards"]["kernel"]["values"]))
    assert board(at, "input")["values"][0][0] == 8


def test_the_step_is_remembered_in_the_link_and_kept_within_the_output() -> None:
    at = open_page()
    tell(at, place={"step": 5, "all": True, "predict": False, "sequence": 0})
    assert at.query_params["step"] == "5"
    assert at.query_params["all"] == "1"
    at = open_page(step="8", kernel=";".join(["1,1,1,1,1"] * 5))
    assert grid(at)["step"] == 0


@pytest.mark.parametrize(
    ("kernel", "words"), [("1,2;2,1", "Flipping changes nothing here"), ("1,2;3,4", "turned by 180°")]
)
def test_the_flip_says_whether_it_changes_anything(kernel: str, words: str) -> None:
    assert words in board(open_page(kernel=kernel, flip="true"), "kernel")["caption"]
    assert board(open_page(kernel=kernel), "kernel")["caption"] is None


def test_a_prediction_is_judged_and_counted_once() -> None:
    at = open_page(bias="2")
    tell(at, guess={"number": 1, "step": 0, "text": "27"})
    answers = grid(at)["predict"]
    assert not answers["answers"]["0"]["right"]
    assert "bias" in answers["answers"]["0"]["sentence"]
    tell(at, guess={"number": 2, "step": 0, "text": "29"}, place={"step": 0, "all": False, "predict": True})
    tell(at, guess={"number": 2, "step": 0, "text": "29"})
    answers = grid(at)["predict"]
    assert answers["answers"]["0"]["right"]
    assert (answers["right"], answers["asked"]) == (0, 1)
    tell(at, guess={"number": 3, "step": 1, "text": "38"})
    answers = grid(at)["predict"]
    assert (answers["right"], answers["asked"]) == (1, 2)


def test_a_prediction_that_is_no_number_is_no_attempt() -> None:
    at = open_page()
    tell(at, guess={"number": 1, "step": 0, "text": "many"})
    answers = grid(at)["predict"]
    assert "'many' is not a number" in answers["answers"]["0"]["sentence"]
    assert answers["asked"] == 0
    tell(at, guess={"number": 2, "step": 0, "text": "27"})
    assert (grid(at)["predict"]["right"], grid(at)["predict"]["asked"]) == (1, 1)


def test_other_numbers_make_earlier_predictions_void() -> None:
    at = open_page()
    tell(at, guess={"number": 1, "step": 0, "reveal": True})
    assert grid(at)["predict"]["answers"]["0"]["revealed"]
    next(slider for slider in at.slider if slider.label == "Stride").set_value(2)
    rerun(at)
    assert grid(at)["predict"]["answers"] == {}


def test_random_numbers_come_from_the_seed_in_the_sizes_on_the_page() -> None:
    at = open_page(input="1,2,3;4,5,6;7,8,9", kernel="1,2")
    next(field for field in at.number_input if field.label == "Seed").set_value(5)
    next(button for button in at.button if "Fill" in button.label).click()
    rerun(at)
    first = grid(at)
    assert np.array(first["boards"]["input"]["values"]).shape == (3, 3)
    assert np.array(first["boards"]["kernel"]["values"]).shape == (1, 2)
    again = open_page(input=";".join(["0,0,0"] * 3), kernel="0,0")
    next(field for field in again.number_input if field.label == "Seed").set_value(5)
    next(button for button in again.button if "Fill" in button.label).click()
    rerun(again)
    assert board(again, "input")["values"] == first["boards"]["input"]["values"]


@pytest.mark.parametrize("view", ["picture", "code"])
def test_the_further_views_open_by_link(view: str) -> None:
    at = open_page(view=view, padding="1")
    assert not at.error
    assert grid(at)["compact"], "the player and the sum would push what was asked for off the screen"
    assert not grid(open_page())["compact"]


def test_what_is_predicted_is_not_printed_with_the_code() -> None:
    assert "# tensor([[27" in open_page(view="code").code[0].value
    assert "# tensor" not in open_page(view="code", predict="1").code[0].value


def test_the_note_of_a_kernel_goes_when_it_is_flipped() -> None:
    assert menu(open_page(kernel="-1,0,1;-2,0,2;-1,0,1")).value == "sobel_x"
    assert menu(open_page(kernel="-1,0,1;-2,0,2;-1,0,1", flip="true")).value == "own"
    assert menu(open_page(kernel="0,1,0;1,-4,1;0,1,0", flip="true")).value == "laplacian"


def test_a_refused_step_leaves_the_link() -> None:
    at = open_page(step="-3", all="7", stride="1")
    assert len(at.warning) == 2
    assert not {"step", "all"} & set(at.query_params)
    assert open_page(step="200").query_params["step"] == "8"


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({}, "5 + 2·0 − 3 + 1 = 3"),
        ({"padding": "1", "stride": "2"}, "(5 + 2·1 − 3)/2 + 1 = 3"),
        ({"stride": "2", "dilation": "2", "padding": "1"}, "(5 + 2·1 − 5)/2 + 1 = 2"),
        ({"stride": "3"}, "⌊(5 + 2·0 − 3)/3⌋ + 1 = 1"),
        ({"kernel": "1,2"}, "Height: 5 + 2·0 − 1 + 1 = 5. Width: 5 + 2·0 − 2 + 1 = 4"),
    ],
)
def test_the_output_says_why_it_has_its_size(link: dict[str, str], told: str) -> None:
    at = open_page(**link)
    output = board(at, "output")
    assert "".join(part["text"] for part in grid(at)["captions"]["output"]) == told
    heights = [int(number) for number in re.findall(r"= (\d+)", told)]
    assert output["size"] == [heights[0], heights[-1]]


def lit(link: dict[str, str]) -> dict[str, dict[str, list[int]]]:
    """What each number below the output says it is, with the cells that it lights."""
    return {part["about"]: part["cells"] for part in grid(open_page(**link))["captions"]["output"] if part["about"]}


def test_each_number_of_the_outputs_size_lights_its_place() -> None:
    assert lit({}) == {
        "5: the input's height": {"input": [0, 5, 10, 15, 20]},
        "0: rows of padding, above and below": {},
        "3: the height that the kernel covers": {"kernel": [0, 3, 6]},
        "3: the output's height": {"output": [0, 3, 6]},
    }
    ring = [*range(7), 7, 13, 14, 20, 21, 27, 28, 34, 35, 41, *range(42, 49)]
    assert lit({"padding": "1", "stride": "2"}) == {
        "5: the input's height": {"input": [8, 15, 22, 29, 36]},
        "1: rows of padding, above and below": {"input": ring},
        "3: the height that the kernel covers": {"kernel": [0, 3, 6]},
        "2: the stride, from one window to the next": {"input": [0, 14, 28]},
        "3: the output's height": {"output": [0, 3, 6]},
    }


def test_along_the_width_rows_of_cells_are_lit_and_gaps_are_shown_in_the_input() -> None:
    wide = lit({"kernel": "1,2", "dilation": "3"})
    assert wide["5: the input's width"] == {"input": [0, 1, 2, 3, 4]}
    assert wide["4: the width that the kernel covers"] == {"kernel": [0, 1], "input": [0, 1, 2, 3]}
    assert wide["2: the output's width"] == {"output": [0, 1]}


@pytest.mark.parametrize("link", [{}, {"kernel": "1,2;3,4;5,6", "stride": "2", "padding": "1", "dilation": "2"}])
def test_output_shape_is_opened_with_the_same_numbers(link: dict[str, str]) -> None:
    at = open_page(**link)
    size = board(at, "output")["size"]
    query = dict(parse_qsl(next(each.proto.query_string for each in at.get("page_link") if each.proto.query_string)))
    shape = open_at("output_shape", **query)
    assert [metric.value for metric in shape.metric if "output" in metric.label.lower()] == [
        f"2 × {size[0]} × {size[1]}"
    ]


# ------------------------------------------------------------------------------------------------ numbers and letters


def size_caption(at: AppTest) -> str:
    return "".join(part["text"] for part in grid(at)["captions"]["output"])


def test_the_link_says_what_cells_show_and_the_learner_changes_it() -> None:
    at = open_page(cells="letters")
    data = grid(at)
    assert data["cells"] == "letters"
    assert data["symbols"] == {
        "letters": {"input": "x", "kernel": "w", "output": "y"},
        "numbers": False,
        "right_first": True,
    }
    assert data["groups"][0]["tail"] == [["text", "+"], ["text", "b"]]
    assert totals(at) == lecture.OUTPUT.ravel().tolist()
    tell(at, place={"step": 1, "all": False, "predict": False, "cells": "both"})
    assert at.query_params["cells"] == "both"
    assert grid(at)["symbols"]["numbers"]
    assert app.tail(at) == "= 8 + 11 + 8 + bias 0 = 27"
    tell(at, place={"step": 1, "all": False, "predict": False, "cells": "numbers"})
    assert "cells" not in at.query_params
    assert grid(at)["symbols"] is None
    assert app.tail(at) == "8 + 11 + 8 + bias 0 = 27"


@pytest.mark.parametrize("told", ["words", 7, None, ["letters"]])
def test_a_browser_that_asks_for_something_else_changes_nothing(told: Any) -> None:
    at = open_page(cells="both")
    tell(at, place={"step": 0, "cells": told})
    assert grid(at)["cells"] == "both"


def test_a_link_that_asks_for_something_else_is_refused() -> None:
    at = open_page(cells="greek")
    assert grid(at)["cells"] == "numbers"
    assert any("numbers, letters, both" in warning.value for warning in at.warning)


def test_what_is_predicted_is_a_number_and_letters_come_back_afterwards() -> None:
    at = open_page(cells="letters", predict="1")
    assert grid(at)["symbols"]["numbers"]
    assert grid(at)["cells"] == "letters"
    tell(at, place={"step": 0, "all": False, "predict": False})
    assert not grid(at)["symbols"]["numbers"]


def test_beside_a_picture_boards_show_numbers_since_nothing_there_chooses() -> None:
    assert grid(open_page(cells="letters", view="code"))["symbols"] is None


@pytest.mark.parametrize(
    ("query", "letters", "both"),
    [
        ({}, "OH = H + 2·P − FH + 1", "OH = 5 + 2·0 − 3 + 1 = 3"),
        ({"stride": "2"}, "OH = (H + 2·P − FH)/S + 1", "OH = (5 + 2·0 − 3)/2 + 1 = 2"),
        ({"stride": "3"}, "OH = ⌊(H + 2·P − FH)/S⌋ + 1", "OH = ⌊(5 + 2·0 − 3)/3⌋ + 1 = 1"),
        ({"dilation": "2"}, "OH = H + 2·P − (D·(FH − 1) + 1) + 1", "OH = 5 + 2·0 − 5 + 1 = 1"),
        (
            {"kernel": "1,1"},
            "Height: OH = H + 2·P − FH + 1. Width: OW = W + 2·P − FW + 1",
            "Height: OH = 5 + 2·0 − 1 + 1 = 5. Width: OW = 5 + 2·0 − 2 + 1 = 4",
        ),
    ],
)
def test_the_size_is_told_in_letters_and_with_its_left_side(query: dict[str, str], letters: str, both: str) -> None:
    assert size_caption(open_page(cells="letters", **query)) == letters
    assert size_caption(open_page(cells="both", **query)) == both


# ------------------------------------------------------------------------------------------------- a second kernel


def then(at: AppTest) -> list[float]:
    return board(at, "then")["values"]


def test_a_second_kernel_takes_the_output_further_and_its_steps_follow() -> None:
    at = open_page(view="then", step="9")
    data = grid(at)
    assert totals(at) == lecture.OUTPUT.ravel().tolist()
    assert then(at) == [70, 90, 79, 96]  # 27 + 43, 36 + 54, 32 + 47, 43 + 53
    assert (data["steps"], data["step"]) == (13, 9)
    first, second = data["groups"]
    assert (first["first"], first["count"], second["first"], second["count"]) == (0, 9, 9, 4)
    assert [section["of"] for section in second["sections"]] == [None, "output"]
    assert data["reads"]["output"][9] == [0, 1, 3, 4]
    assert data["reads"]["input"][9] == [0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 15, 16, 17, 18]
    assert data["products"]["9"] == [27, 0, 0, 43]
    assert [parts[0] for parts in data["parts"]] == [*totals(at), *then(at)]


def test_the_second_kernel_is_typed_and_stands_in_the_link() -> None:
    at = open_page(view="then", second="0,1;1,0;0,0")
    assert then(at) == [36 + 32, 45 + 43]
    tell(at, edit={"stacks": {"second": [[["2", "0"], ["0", "0"], ["0", "0"]]]}})
    tell(at, place={"step": 0})
    assert then(at) == [54, 72]
    assert at.query_params["second"] == "2,0;0,0;0,0"
    assert "kernel" not in at.query_params


def test_a_second_kernel_that_does_not_fit_says_so_and_stays_to_be_typed() -> None:
    at = open_page(view="then", second="1,1,1,1")
    sentence = "The second kernel has 1 × 4 cells and the first output only 3 × 3"
    assert board(at, "then")["refusal"].startswith(sentence)
    assert grid(at)["refusal"].startswith(sentence)
    assert totals(at) == lecture.OUTPUT.ravel().tolist()
    assert board(at, "second")["values"] == [[1, 1, 1, 1]]
    at = open_page(view="then", input="1,2;3,4")
    assert "does not fit into" in board(at, "output")["refusal"]
    assert board(at, "then")["refusal"] is None


def test_what_the_slide_leaves_out_is_said_with_its_numbers_only() -> None:
    def told(at: AppTest) -> bool:
        return any("prints 12" in each.value and "27 36 / 32 43" in each.value for each in at.caption)

    assert told(open_page(view="then"))
    assert not told(open_page(view="then", predict="1"))
    assert not told(open_page(view="then", kernel="1"))
    assert not told(open_page())


@pytest.mark.parametrize(("step", "value", "right"), [(0, 27, True), (9, 70, True), (9, 27, False), (12, 96, True)])
def test_cells_of_both_outputs_are_predicted(step: int, value: float, right: bool) -> None:
    at = open_page(view="then", predict="1")
    tell(at, guess={"number": 1, "step": step, "text": str(value)}, place={"step": step, "predict": True, "all": False})
    assert grid(at)["predict"]["answers"][str(step)]["right"] == right


def test_the_bias_is_the_first_layers_and_both_are_called_by_letters() -> None:
    at = open_page(view="then", bias="10", cells="letters")
    assert then(at) == [90, 110, 99, 116]
    data = grid(at)
    assert data["symbols"]["letters"]["second"] == "v"
    assert data["groups"][1]["sections"][1]["title"] == "First output, row {row}, column {column}, with the bias 10"


def test_each_number_of_layers_keeps_its_own_step() -> None:
    at = open_page(view="then", step="12")
    at.button_group[0].set_value("hand")
    rerun(at)
    assert grid(at)["step"] == 0
    at.button_group[0].set_value("then")
    rerun(at)
    assert grid(at)["step"] == 12
