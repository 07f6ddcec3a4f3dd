"""The page Why convolution?, as the server sees it: rows, drawings and runs in, numbers and sentences out."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlab import lecture
from cnnlab.figures.style import VIRIDIS
from cnnlab.lessons.why_convolution.drawing import PRESETS, bits_of
from cnnlab.lessons.why_convolution.experiment import Epoch, Experiment, Score
from cnnlab.lessons.why_convolution.pictures import PLACES, shift_of_places
from cnnlab.texts import message
from cnnlab.torch_reference import Agreement
from cnnlab.training.progress import write_sentence
from cnnlab.training.shared_runs import SharedRuns
from cnnlab.ui.pages.why_convolution import experiment
from cnnlab.ui.pages.why_convolution.six import KERNEL_TITLES
from cnnlab.ui.parts import torch_check
from tests.pages.app import components, open_at

open_page = partial(open_at, "why_convolution")


def data(app: AppTest, number: int = -1) -> dict[str, Any]:
    return components(app)[number]


def linked(app: AppTest, name: str, default: str = "") -> str:
    """What stands in the link, which is a text or a list of one."""
    value = app.query_params.get(name, default)
    return value[0] if isinstance(value, list) else value


def numbers(facts: dict[str, Any]) -> list[str]:
    return [number["text"] for number in facts["numbers"]]


def texts(cells: list[dict[str, Any]]) -> str:
    return " ".join(cell["text"] for cell in cells)


# ------------------------------------------------------------------------------------------------------ six features


def test_the_page_opens_with_the_lectures_two_rows() -> None:
    shown = data(open_page())
    assert shown["rows"] == [list(row) for row in lecture.FEATURE_ROWS]
    assert [texts(cells) for cells in shown["maps"]] == ["0 1 2 1 0 0 0", "0 0 1 2 1 0 0"]
    assert shown["words"]["head"].format(place=1) == "feature1"
    assert numbers(shown["facts"][0]) == ["2", "1", "0.50"]
    assert numbers(shown["facts"][1]) == ["2", "2"]
    assert "answers 2 to it and 1 to the second one" in shown["facts"][0]["sentence"]
    assert "one place to the right (equivariance)" in shown["facts"][1]["sentence"]
    assert "the maximum stays (invariance)" in shown["facts"][1]["sentence"]


def test_a_preset_brings_its_rows_and_its_kernel() -> None:
    app = open_page()
    before = data(app)["revision"]
    app.button(key="six_gap").click().run()
    shown = data(app)
    assert shown["rows"] == [[1, 0, 1, 0, 0, 0], [0, 1, 0, 1, 0, 0]]
    assert texts(shown["kernel"]) == "1 0 1"
    assert shown["revision"] > before
    assert numbers(shown["facts"][0]) == ["2", "0", "0.00"]
    assert linked(app, "six_first") == "101000"


def test_a_clicked_feature_is_compared_and_kept_in_the_link() -> None:
    app = open_page()
    edit = {"revision": data(app)["revision"], "first": "111000", "second": "001100", "message": 3}
    app.session_state["why_six"] = {"edit": edit}
    app.run()
    shown = data(app)
    assert shown["rows"] == [[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 0]]
    assert shown["answered"] == 3
    assert "not the first one moved" in shown["facts"][1]["sentence"]
    assert linked(app, "six_first") == "111000"
    assert "six_second" not in app.query_params


@pytest.mark.parametrize(
    "edit", [7, {"first": "banana"}, {"first": None, "second": ["0"]}, {"message": True}, {"message": -1}]
)
def test_what_is_no_edit_changes_nothing(edit: Any) -> None:
    app = open_page()
    before = data(app)
    app.session_state["why_six"] = {"edit": edit | {"revision": before["revision"]} if isinstance(edit, dict) else edit}
    app.run()
    assert not app.exception
    assert data(app) == before


@pytest.mark.parametrize(
    ("rows", "mlp", "maps"),
    [
        (("110000", "110000"), "The same row twice", "The same map twice"),
        (("000000", "110000"), "An empty row has nothing in common", "not the first one moved"),
        (("000000", "000000"), "An empty row has nothing in common", "Both maps are empty"),
        (("001100", "110000"), "answers 2 to it and 0", "2 places to the left"),
    ],
)
def test_each_pair_of_rows_has_its_sentences(rows: tuple[str, str], mlp: str, maps: str) -> None:
    shown = data(open_page(six_first=rows[0], six_second=rows[1]))
    assert mlp in shown["facts"][0]["sentence"]
    assert maps in shown["facts"][1]["sentence"]


@pytest.mark.parametrize("kernel", KERNEL_TITLES)
def test_each_kernel_can_be_linked_to(kernel: str) -> None:
    app = open_page(six_kernel=kernel)
    assert texts(data(app)["kernel"]) == KERNEL_TITLES[kernel]
    assert not app.warning


# ------------------------------------------------------------------------------- another order, and how many weights


def cells_of(app: AppTest) -> list[list[str]]:
    """The rows of the table on the screen, without its lines."""
    lines = next(one.value for one in app.markdown if one.value.startswith("|")).splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])]


def test_the_same_person_in_another_order_is_another_vector_until_it_is_trained_anew() -> None:
    app = open_page(why="order")
    _, learned, other, anew = cells_of(app)
    assert learned[1:] == ["height 172 × 1", "age 21 × 2", "grade 3 × 10", "172 + 42 + 30 = **244**"]
    assert other[1:] == ["age 21 × 1", "height 172 × 2", "grade 3 × 10", "21 + 344 + 30 = **395**"]
    assert anew[1:] == ["age 21 × 2", "height 172 × 1", "grade 3 × 10", "42 + 172 + 30 = **244**"]
    assert any("gives 395 instead of 244" in one.value for one in app.markdown)
    assert any("RNN" in one.value for one in app.caption)
    app.number_input(key="order_age").set_value(172).run()
    assert cells_of(app)[1][-1] == cells_of(app)[2][-1] == "172 + 344 + 30 = **546**"
    assert any("happen to give it" in one.value for one in app.markdown)
    linked_to = open_page(why="order", order_columns="grade-age-height", order_height="10")
    assert cells_of(linked_to)[2][1:4] == ["grade 3 × 1", "age 21 × 2", "height 10 × 10"]


def test_products_are_written_out_for_the_lectures_pictures_and_for_typed_sizes() -> None:
    app = open_page(why="weights")
    _, weights, biases, products = cells_of(app)
    assert weights[1:] == ["160,000 × 100 = **16,000,000**", "3 × 3 = **9**"]
    assert biases[1:] == ["16,000,000 + 100 = **16,000,100**", "3 × 3 + 1 = **10**"]
    assert products[1:] == ["16,000,000", "3 × 3 × 1 × 398 × 398 = 1,425,636"]
    app.button(key="size_1000_1000").click().run()
    assert cells_of(app)[1][1] == "1,000,000 × 100 = **100,000,000**"
    app.number_input(key="size_units").set_value(7).run()
    app.number_input(key="size_kernels").set_value(6).run()
    assert cells_of(app)[1][1:] == ["1,000,000 × 7 = **7,000,000**", "(3 × 3) × 6 = **54**"]
    assert cells_of(app)[2][2] == "(3 × 3 + 1) × 6 = **60**"


# ---------------------------------------------------------------------------------------------------- draw and shift


def test_an_x_shifted_by_one_shares_nothing_with_itself_and_keeps_its_maximum() -> None:
    shown = data(open_page(why="draw"))
    assert numbers(shown["facts"][0]) == ["0 of 9", "0.00", "126 of 144"]
    assert "as vectors the two have nothing in common" in shown["facts"][0]["sentence"]
    assert numbers(shown["facts"][1]) == ["5", "5"]
    assert "in all 144 cells (equivariance)" in shown["facts"][1]["sentence"]
    assert shown["told"] == "Shifted by 1 to the right."
    assert [shown["maps"][which]["peaks"].index("1") for which in (0, 1)] == [5 * 12 + 4, 5 * 12 + 5]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_drawn_and_named_in_the_link(name: str) -> None:
    app = open_page(why="draw", draw="block" if name == "x" else "x")
    app.button(key=f"draw_{name}").click().run()
    assert data(app)["before"] == bits_of(PRESETS[name])
    assert linked(app, "draw", "x") == name


def test_a_random_drawing_is_in_the_link() -> None:
    app = open_page(why="draw")
    app.button(key="draw_random").click().run()
    again = open_page(why="draw", draw=linked(app, "draw"))
    assert data(again)["before"] == data(app)["before"]


def test_a_drawn_and_shifted_grid_is_kept_in_the_link() -> None:
    app = open_page(why="draw")
    drawn = "1" + 143 * "0"
    told = {"revision": data(app)["revision"], "cells": drawn, "shift": [2, -1], "message": 1}
    app.session_state["why_draw"] = {"drawing": told}
    app.run()
    shown = data(app)
    assert (shown["before"], shown["shift"]) == (drawn, [2, -1])
    assert shown["told"] == "Shifted by 2 down and 1 to the left. 1 cell fell off the edge."
    assert "Everything fell off the edge" in shown["facts"][0]["sentence"]
    assert shown["facts"][1]["sentence"] == (
        "Everything fell off the edge: the kernel no longer finds anything, and the second map is empty."
    )
    assert linked(app, "draw") == "800" + 11 * "000"
    assert linked(app, "draw_shift") == "2,-1"
    app.button(key="draw_o").click().run()
    assert data(app)["shift"] == [2, -1], "a preset is another drawing, not another shift"


@pytest.mark.parametrize(
    "sent",
    [
        7,
        {"cells": "banana"},
        {"shift": [1]},
        {"shift": [99, 0]},
        {"shift": [0, -12]},
        {"shift": [True, 0]},
        {"cells": 3, "shift": "x"},
    ],
)
def test_what_is_no_drawing_changes_nothing(sent: Any) -> None:
    app = open_page(why="draw")
    before = data(app)
    told = sent | {"revision": before["revision"]} if isinstance(sent, dict) else sent
    app.session_state["why_draw"] = {"drawing": told}
    app.run()
    assert not app.exception
    assert data(app) == before


@pytest.mark.parametrize(
    ("parameters", "mlp", "maps"),
    [
        ({"draw": "clear"}, "Nothing is drawn yet", "Nothing is drawn, so the map is empty"),
        ({"draw_shift": "0,0"}, "All drawn places are drawn again", "in all 144 cells"),
        ({"draw": "block"}, "much of the mark covers itself", "in all 144 cells"),
        ({"draw": "o"}, "to an MLP it is another picture", "in all 144 cells"),
        ({"draw_shift": "0,-4"}, "Of 9 cells only", "where the edge cut something off"),
        ({"draw_shift": "0,-4", "draw_edge": "wrap"}, "Of 9 cells only", "in all 144 cells"),
    ],
)
def test_each_state_has_its_sentences(parameters: dict[str, str], mlp: str, maps: str) -> None:
    shown = data(open_page(why="draw", **parameters))
    assert mlp in shown["facts"][0]["sentence"]
    assert maps in shown["facts"][1]["sentence"]


def test_a_prediction_is_judged_before_anything_is_shown() -> None:
    app = open_page(why="draw", draw="o", draw_shift="1,0", draw_hide="true")
    assert data(app)["hidden"]
    assert not numbers(data(app)["facts"][0])
    app.text_input[0].set_value("12").run()
    assert "All 12 cells are still drawn, but each at another place" in app.warning[0].value
    app.text_input[0].set_value("many").run()
    assert "not a count of cells: type a whole number" in app.warning[0].value
    app.text_input[0].set_value("7").run()
    assert "does the cell land where a cell was drawn?" in app.warning[0].value
    app.text_input[0].set_value("4").run()
    assert app.success[0].value == "Right: 4."
    assert not data(app)["hidden"]
    assert numbers(data(app)["facts"][0])[0] == "4 of 12"


# -------------------------------------------------------------------------------------------------------- the link


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"why": "all"}, "It is one of six, order, weights, draw, experiment, code"),
        ({"six_first": "12"}, "A row is 6 digits, each 0 or 1, like 110000"),
        ({"six_kernel": "big"}, "It is one of pair, triple, gap, edge"),
        (
            {"why": "draw", "draw": "face"},
            "A drawing is one of x, o, plus, l, block or clear, or 36 hexadecimal digits",
        ),
        ({"why": "draw", "draw_shift": "12,0"}, "A shift is rows down and columns to the right"),
        ({"why": "draw", "draw_edge": "bounce"}, "It is one of fall, wrap"),
        ({"why": "draw", "draw_kernel": "q"}, "It is one of x, x5, plus, line"),
        ({"why": "draw", "draw_hide": "perhaps"}, "It is true or false"),
        ({"why": "experiment", "exp_part": "middle"}, "It is one of corner, left, everywhere"),
        ({"why": "experiment", "exp_seed": "10"}, "It goes from 0 to 9 in whole numbers"),
        ({"why": "experiment", "exp_run": "yes"}, "It is a whole number from 0 to 1"),
        ({"why": "code", "draw": "face"}, "A drawing is one of x, o"),
    ],
)
def test_a_link_with_a_value_that_cannot_be_is_told_so(parameters: dict[str, str], sentence: str) -> None:
    app = open_page(**parameters)
    assert any(sentence in warning.value for warning in app.warning), [warning.value for warning in app.warning]


def test_what_one_section_leaves_in_the_link_another_one_keeps() -> None:
    app = open_page(draw="o", draw_shift="3,0", six_first="111000")
    app.segmented_control(key="why").set_value("draw").run()
    assert data(app)["before"] == bits_of(PRESETS["o"])
    app.segmented_control(key="why").set_value("code").run()
    assert "(3, 0)" in app.code[1].value
    app.segmented_control(key="why").set_value("six").run()
    assert data(app)["rows"][0] == [1, 1, 1, 0, 0, 0]


# --------------------------------------------------------------------------------------------------- the experiment

LINES = [
    json.dumps({"event": "start"}),
    Epoch(12, *(Score(0.99, np.full((PLACES, PLACES), right)) for right in (20, 40))).to_line("corner"),
]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Put another program in the place of the experiment, and forget what was run before."""
    made: list[SharedRuns[Experiment, Epoch]] = []

    def put(code: str) -> None:
        runs = SharedRuns[Experiment, Epoch](lambda _: [sys.executable, "-c", code], Epoch.from_plain)
        made.append(runs)
        monkeypatch.setattr(experiment, "_RUNS", runs)

    put("import time; time.sleep(600)")
    yield put
    for runs in made:
        runs.close()


def printing(*lines: str, then: str = "") -> str:
    return f"for line in {list(lines)!r}: print(line, flush=True)\n{then}"


def run_until(app: AppTest, condition: Callable[[], object]) -> None:
    give_up = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < give_up, [markdown.value for markdown in app.markdown]
        time.sleep(0.05)
        app.run()
        assert not app.exception


def standing(app: AppTest) -> str:
    return app.markdown[0].value


@pytest.mark.usefixtures("program")
def test_nothing_is_trained_before_it_is_asked_for() -> None:
    app = open_page(why="experiment")
    assert standing(app) == "Predict: what does the MLP do one pixel further on?"
    assert [series["name"] for series in data(app)["chart"]["series"]] == [
        "MLP, 2,065 parameters",
        "CNN, 2,053 parameters",
    ]
    assert [series["y"].size for series in data(app)["chart"]["series"]] == [0, 0]
    assert {network["note"] for network in data(app)["places"]["networks"]} == {"Not trained yet."}
    assert tuple(data(app)["places"]["colours"]) == VIRIDIS
    assert [len(group["pictures"]) for group in data(app, -2)["groups"]] == [4, 4]
    assert experiment._RUNS.find(Experiment()) is None


def test_a_run_is_drawn_when_it_has_ended_and_stands_in_the_link(program: Callable[[str], None]) -> None:
    program(printing(*LINES, json.dumps({"event": "end"})))
    app = open_page(why="experiment")
    app.button(key="exp_start").click().run()
    run_until(app, lambda: "Trained for 12 epochs" in standing(app))
    mlp, cnn = data(app)["places"]["networks"]
    assert (mlp["note"], cnn["note"]) == (
        "50.0% right at the trained places, 50.0% elsewhere.",
        "100.0% right at the trained places, 100.0% elsewhere.",
    )
    lines = {line["key"]: line for line in data(app)["chart"]["series"]}
    assert [lines["mlp"][axis].tolist() for axis in "xy"] == [list(range(9)), 9 * [0.5]]
    assert [lines["cnn"][axis].tolist() for axis in "xy"] == [list(range(9)), 9 * [1.0]]
    assert [mark["name"] for mark in data(app)["chart"]["marks"]] == ["guessing"]
    assert linked(app, "exp_run") == "1"
    assert app.button(key="exp_start").disabled
    other = open_page(why="experiment")
    assert "Trained for 12 epochs" in standing(other), "everybody looks at the same run"
    app.number_input(key="exp_seed").set_value(1).run()
    assert standing(app).startswith("Predict: what does the MLP do")
    assert "exp_run" not in app.query_params


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("guesses", ":green[**You said so: from 100.0% at the trained places to 50.0% one pixel further.**]"),
        ("stays", ":red[**You said that it would stay as good. It goes from 100.0% at the trained places"),
        ("fades", "one pixel further. Nothing fades slowly: one pixel further, each pixel of the X meets"),
    ],
)
def test_what_was_said_before_is_judged_after(program: Callable[[str], None], said: str, sentence: str) -> None:
    right = np.where(shift_of_places("corner") == 0, 40, 20)
    line = Epoch(12, Score(0.9, right), Score(0.9, right)).to_line("corner")
    program(printing(LINES[0], line, json.dumps({"event": "end"})))
    app = open_page(why="experiment")
    app.segmented_control(key="exp_said").set_value(said).run()
    app.button(key="exp_start").click().run()
    run_until(app, lambda: "Trained for 12 epochs" in standing(app))
    assert sentence in standing(app)
    assert linked(app, "exp_said") == said


def test_trained_everywhere_there_is_nothing_to_say_first() -> None:
    assert "as good as the CNN now?" in standing(open_page(why="experiment", exp_part="everywhere"))


def test_a_link_starts_the_run_that_it_shows(program: Callable[[str], None]) -> None:
    program(printing(*LINES, json.dumps({"event": "end"})))
    app = open_page(why="experiment", exp_run="1", exp_part="everywhere", exp_seed="4")
    run_until(app, lambda: "Trained for 12 epochs" in standing(app))
    assert experiment._RUNS.find(Experiment("everywhere", 4)) is not None
    assert data(app)["places"]["networks"][0]["note"] == "50.0% right at all places, 99.0% of the training pictures."
    assert (data(app)["chart"]["x"]["ticks"], data(app)["places"]["trained"]) == ([0], [12, 12])


def test_a_run_that_goes_on_and_one_that_waits_say_so(program: Callable[[str], None]) -> None:
    program(printing(*LINES, then="import time; time.sleep(600)"))
    app = open_page(why="experiment", exp_run="1")
    run_until(app, lambda: standing(app) == "Training: epoch 12 of 12 is done.")
    second = open_page(why="experiment", exp_run="1", exp_seed="1")
    assert standing(second).startswith("Waiting in the queue at place 1: one experiment runs at a time.")


def test_a_run_that_fails_is_a_sentence_and_can_be_tried_again(program: Callable[[str], None]) -> None:
    why = message("PyTorch cannot be loaded here ({reason}): install the packages.", reason="No module named 'torch'")
    program(printing(write_sentence("error", why)))
    app = open_page(why="experiment", exp_run="1")
    run_until(app, lambda: app.error)
    assert app.error[0].value.replace("\\", "") == f"The experiment has no result. {why}"
    failed = experiment._RUNS.find(Experiment())
    assert app.button(key="exp_start").label == "Try again"
    app.run()
    assert experiment._RUNS.find(Experiment()) is failed, "it is not tried again by itself"
    app.button(key="exp_start").click().run()
    assert experiment._RUNS.find(Experiment()) is not failed


@pytest.mark.usefixtures("program")
def test_the_states_of_a_run_have_their_sentences() -> None:
    run = experiment._RUNS.ask(Experiment())
    run.state = "starting"
    assert experiment.where_it_stands(run, None) == "Starting: PyTorch is being loaded."
    run.state = "running"
    assert experiment.where_it_stands(run, None) == "Training: epoch 1 of 12."


# --------------------------------------------------------------------------------------------------------- as code


def test_the_code_is_checked_with_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    class FakeReference:
        def ask(self, function: str, question: dict[str, Any]) -> dict[str, Any]:
            assert function == "cnnlab.lessons.why_convolution.agreement:answer"
            assert (question["rows"], question["columns"], question["edge"]) == (0, 1, "wrap")
            agreement = Agreement(True, 144, (12, 12), (12, 12), 0.0, None, None, None, "2.9.0")
            return json.loads(json.dumps(vars(agreement)))

    monkeypatch.setattr(torch_check, "reference", FakeReference)
    app = open_page(why="code", draw_edge="wrap")
    assert "nn.AdaptiveMaxPool2d(1)" in app.code[0].value
    assert 'mode="circular"' in app.code[1].value
    app.button(key="why_code_check").click().run()
    assert app.success[0].value == "PyTorch 2.9.0 agrees: all 144 cells are equal, to the last digit."
