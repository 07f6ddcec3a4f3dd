"""The output-shape page, as the server sees it: controls in, formulas and the picture's numbers out."""

from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.lessons.output_shape.presets import PRESETS
from tests.pages.app import components, open_at

open_page = partial(open_at, "output_shape")


def map_data(app: AppTest) -> dict[str, Any]:
    return components(app)[0]["map"]


def window_at(app: AppTest) -> tuple[int, int]:
    plane, row, col = components(app)[0]["at"]
    assert plane == 1
    return row, col


def output_of(app: AppTest) -> str:
    return app.metric[0].value


def slider(app: AppTest, key: str) -> Any:
    return app.slider(key=key)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_shows_its_settings_and_what_they_are_there_for(name: str) -> None:
    preset = PRESETS[name]
    app = open_page()
    app.button(key=f"preset_{name}").click().run()
    assert not app.exception
    channels, height, width = preset.settings.output_shape
    assert output_of(app) == f"{channels} × {height} × {width}"
    assert preset.note in [info.value for info in app.info]
    assert app.code[0].value == preset.settings.to_code()


def test_the_page_opens_with_the_lectures_two_kernels() -> None:
    app = open_page()
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["2 × 5 × 5", "2 × 3 × 5 × 5", "152"]
    assert [metric.label for metric in app.metric][:2] == ["Output (O × OH × OW)", "Weight tensor (O, C, FH, FW)"]
    assert {"C: input channels", "O: kernels"} <= {number.label for number in app.number_input}
    assert r"\mathit{OH} &= \left\lfloor \frac{H{+}2P{-}D(\mathit{FH}{-}1){-}1}{S}" in app.latex[0].value
    assert app.code[0].value == "nn.Conv2d(3, 2, kernel_size=5)"
    assert len(map_data(open_page(map="visits"))["planes"][0]["scale"]) == 25


def test_a_slider_moves_formula_and_picture_together() -> None:
    app = open_page(h="7", fh="3", c="1", n="1")
    slider(app, "sh").set_value(3).run()
    assert output_of(app) == "1 × 2 × 2"
    padded, output = map_data(app)["planes"]
    assert output["rows"]["size"] == output["cols"]["size"] == 2
    dropped = {"look": "dropped", "row": 6, "col": 0, "height": 1, "width": 7}
    assert padded["areas"] == [dropped, {"look": "dropped", "row": 0, "col": 6, "height": 6, "width": 1}]
    assert output["note"].startswith("The last row and column are never read.")
    assert r"\left\lfloor 1.33 \right\rfloor + 1 = \mathbf{2}" in app.latex[0].value
    assert r"\approx (\mathbf{2.33},\ \mathbf{2.33})" in app.latex[1].value


def test_axes_let_go_of_each_other_from_where_they_stand() -> None:
    app = open_page(h="12", fh="4")
    app.toggle(key="square").set_value(False).run()
    assert (app.number_input(key="w").value, slider(app, "fw").value) == (12, 4)
    slider(app, "fw").set_value(2).run()
    assert output_of(app) == "2 × 9 × 11"
    # Both axes stand there with the same letters as before, so nothing moves.
    assert len(app.latex) == 2
    assert [line.split("=")[-1] for line in app.latex[0].value.splitlines()[3:5]] == [
        r" \mathbf{9} \\[4pt]",
        r" \mathbf{11}",
    ]
    assert r"(\mathbf{9},\ \mathbf{11})" in app.latex[1].value
    app.toggle(key="square").set_value(True).run()
    assert output_of(app) == "2 × 9 × 9"


def test_a_link_that_gives_a_width_means_it() -> None:
    app = open_page(h="8", w="6", fh="3", fw="3")
    assert output_of(app) == "2 × 6 × 4"
    assert app.toggle(key="square").value is False


def test_a_link_that_gives_a_width_and_asks_for_a_square_gets_the_square_and_is_told() -> None:
    app = open_page(w="4", fw="5", square="true")
    assert output_of(app) == "2 × 5 × 5"
    (told,) = [warning.value for warning in app.warning]
    assert "`w=4`, which cannot be used" in told
    assert "While Square is on, one number stands for both axes." in told
    assert told.endswith("Shown instead: 9.")
    assert not {"w", "fw"} & set(app.query_params), "read again, they would let go of the square"
    app.toggle(key="square").set_value(False).run()
    assert app.number_input(key="w").value == 9
    assert not app.warning


def test_a_square_that_changes_takes_its_width_along_in_the_link() -> None:
    app = open_page(h="12", w="12")
    assert app.toggle(key="square").value is True
    assert not app.warning
    app.number_input(key="h").set_value(10).run()
    assert "w" not in app.query_params


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"h": "0"}, "It goes from 1 to 256 in whole numbers"),
        ({"fh": "12"}, "It goes from 1 to 11 in whole numbers"),
        ({"ceil": "maybe"}, "It is true or false"),
        ({"map": "heat"}, "It is one of windows, visits"),
        ({"at": "5,0"}, "a link counts from 0,0 to 4,4 here"),
        ({"at": "first"}, "the row and the column of a window"),
    ],
)
def test_a_link_with_a_value_that_cannot_be_is_told_so(parameters: dict[str, str], sentence: str) -> None:
    app = open_page(**parameters)
    assert not app.exception
    assert any(sentence in warning.value for warning in app.warning)
    assert output_of(app) == "2 × 5 × 5"


def test_a_link_brings_the_window_that_is_looked_at_and_the_map() -> None:
    app = open_page(at="3,1", map="visits")
    assert window_at(app) == (3, 1)
    assert [entry["look"] for entry in map_data(app)["legend"]] == ["unread", "scale", "border"]


def test_a_window_that_is_no_longer_there_gives_way_to_the_last_one() -> None:
    app = open_page(at="4,4")
    slider(app, "fh").set_value(7).run()
    assert window_at(app) == (2, 2)


def test_a_kernel_that_does_not_fit_is_answered_with_settings_that_do() -> None:
    app = open_page(h="3")
    assert "kernel of 5 does not fit into 3 pixels" in app.error[0].value
    labels = [button.label for button in app.button if button.key.startswith("suggestion_")]
    assert labels == ["padding 1", "kernel 3", "input 5"]
    app.button(key="suggestion_1").click().run()
    assert not app.error
    assert slider(app, "fh").value == 3
    assert output_of(app) == "2 × 1 × 1"


def test_the_named_paddings_are_buttons() -> None:
    app = open_page()
    app.button(key="padding_same").click().run()
    assert output_of(app) == "2 × 9 × 9"
    app.button(key="padding_full").click().run()
    assert output_of(app) == "2 × 13 × 13"
    app.button(key="padding_valid").click().run()
    assert output_of(app) == "2 × 5 × 5"


@pytest.mark.parametrize(
    ("parameters", "reason"), [({"sh": "2"}, "needs stride 1"), ({"fh": "4"}, "does not work with a kernel of 4")]
)
def test_same_says_why_it_cannot_be_had(parameters: dict[str, str], reason: str) -> None:
    app = open_page(**parameters)
    assert app.button(key="padding_same").disabled
    assert any(reason in caption.value for caption in app.caption)


def test_a_prediction_is_judged_before_anything_is_shown() -> None:
    app = open_page(h="7", fh="3", sh="2", hide="true")
    assert output_of(app) == "? × ? × ?"
    assert not app.latex
    assert not app.code
    assert map_data(app)["is_fixed"]
    assert map_data(app)["planes"][1]["unknown"]
    app.text_input[0].set_value("2").run()
    assert app.warning[0].value == (
        "Not this number. The + 1 is missing: the window has a place before its first step, too."
    )
    app.text_input[0].set_value("three").run()
    assert "is not a number" in app.warning[0].value
    app.text_input[0].set_value("3").run()
    assert not app.warning
    assert output_of(app) == "2 × 3 × 3"
    assert "is_fixed" not in map_data(app)
    assert "unknown" not in map_data(app)["planes"][1]
    slider(app, "sh").set_value(1).run()
    assert output_of(app) == "? × ? × ?"


def test_ceil_is_said_to_belong_to_the_poolings() -> None:
    app = open_page(h="6", fh="3", sh="2", ceil="true")
    assert app.code[0].value == "nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)"
    assert any("PyTorch's convolutions always round down" in caption.value for caption in app.caption)
    slider(app, "ph").set_value(2).run()
    assert not app.code
    assert any("PyTorch has no layer" in caption.value for caption in app.caption)
