"""The receptive-field page, as the server sees it: layers in, regions, sums and words out."""

import json
from functools import partial
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnnlab.lessons.receptive_field.presets import PRESETS
from cnnlab.ui.components import map as map_component
from cnnlab.ui.pages.receptive_field import stack as page
from tests.pages.app import components, open_at

open_page = partial(open_at, "receptive_field")

NOTHING_ELSE = {"input": "", "hidden": [], "answers": {}, "selected": None, "suggestion": None}
VGG = "c3p1,c3p1,p2,c3p1,c3p1,p2,c3p1,c3p1"


def map_data(app: AppTest) -> dict[str, Any]:
    return components(app)[0]["map"]


def unit_at(app: AppTest) -> list[int] | None:
    return components(app)[0]["at"]


def table(app: AppTest) -> dict[str, Any]:
    return components(app)[1]


def fields(app: AppTest) -> list[int | None]:
    return [int(row["results"]["field"][1]) if row["results"] else None for row in table(app)["rows"]]


def sums(app: AppTest, index: int) -> dict[str, str]:
    return {label: text for label, text, _ in table(app)["rows"][index]["details"]}


def titles(app: AppTest) -> list[str]:
    """Of the heat maps, which must have one scale."""
    specs = [json.loads(one.proto.spec) for one in app.get("plotly_chart")]
    assert len({spec["data"][0]["zmax"] for spec in specs}) == 1
    return [spec["layout"]["title"]["text"] for spec in specs]


def typed(text: str) -> list[dict[str, Any]]:
    """What the table tells of layers that a link writes so."""
    names = ("kernel", "stride", "padding", "dilation")
    layers = page.parse_layers(text)
    return [{"type": one.kind, "args": {name: str(getattr(one, name)) for name in names}} for one in layers]


def press_in_table(app: AppTest, text: str, message: int = 1) -> None:
    """What the table's callback does with an edit of the browser; AppTest itself cannot send one."""
    app.session_state["links/value/layers"] = page.parse_layers(text)
    app.session_state["receptive_field/table"] = {"act": {**NOTHING_ELSE, "layers": typed(text), "message": message}}
    app.run()
    assert not app.exception


def test_the_page_opens_with_lenet5() -> None:
    app = open_page()
    assert fields(app) == [5, 6, 14, 16, 32]
    data = map_data(app)
    assert unit_at(app) == [3, 5, 5]
    assert data["planes"][0]["image"].startswith("data:image/webp")
    (seen,) = (link["rows"] for link in data["links"] if (link["source"], link["target"]) == (3, 0))
    assert (seen["firsts"][5], seen["shapes"]) == (10, [[14, [[0, 14]]]])
    assert sums(app, 2)["jump:"] == "2·1 = 2"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_shows_its_stack_and_what_it_is_there_for(name: str) -> None:
    preset, shown = PRESETS[name], PRESETS[name].settings
    app = open_page()
    app.button(key=f"reach_preset_{name}").click().run()
    assert not app.exception
    assert fields(app) == [row.field.size for row in shown.stack.rows]
    assert tuple(unit_at(app) or ()) == (shown.unit or shown.stack.middle)
    assert map_data(app)["layout"] == {"maps": "tiles", "side": "side"}[shown.view]
    assert preset.note in [info.value for info in app.info]
    sentence = shown.stack.weights_sentence()
    assert sentence is None or sentence in [markdown.value for markdown in app.markdown]


def test_a_link_brings_layers_unit_and_view() -> None:
    app = open_page(layers=VGG, unit="8,1,4", reach_view="side", reach_photo="none")
    assert not app.warning
    assert (unit_at(app), map_data(app)["layout"]) == ([8, 1, 4], "side")
    assert "image" not in map_data(app)["planes"][0]
    assert fields(app)[-1] == 32
    assert table(app)["selected"] == 7


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"layers": "c3,q2"}, "Layer 2 is 'q2': write c3 for a convolution of 3×3"),
        ({"layers": ",".join(["c3"] * 9)}, "There are 9 layers: use at most 8"),
        ({"layers": "c3s9"}, "Layer 1 has stride 9: use 1 to 6"),
        ({"unit": "3,10,0"}, "It is a layer, which a link counts from 1, and the row and column of a unit in it"),
        ({"reach_size": "65"}, "It goes from 1 to 64 in whole numbers"),
        ({"reach_view": "top"}, "It is one of maps, side"),
        ({"reach_photo": "cow"}, "It is one of none, chelsea, coffee, astronaut, rocket, frog"),
        ({"reach_hide": "maybe"}, "It is true or false"),
        ({"reach_part": "all"}, "It is one of words, effective, code"),
    ],
)
def test_a_link_with_a_value_that_cannot_be_is_told_so(parameters: dict[str, str], sentence: str) -> None:
    app = open_page(**parameters)
    assert any(sentence in warning.value for warning in app.warning), [warning.value for warning in app.warning]
    assert fields(app) == [5, 6, 14, 16, 32]


def test_a_layer_that_does_not_fit_is_told_at_its_row_and_the_rest_still_shows() -> None:
    app = open_page(layers="c5,p2,c11p1,c11,c3")
    data = table(app)
    assert fields(app) == [5, 6, 26, None, None]
    assert data["problem"]["row"] == 3
    assert data["problem"]["sentence"].startswith("Layer 4 (conv 11×11) does not fit. ")
    assert "kernel of 11 does not fit into 6" in data["problem"]["sentence"]
    assert len(map_data(app)["planes"]) == 4
    assert unit_at(app) == [3, 3, 3]


def test_no_layer_at_all_is_a_state_too() -> None:
    for part in ("words", "effective", "code"):
        app = open_page(layers="none", reach_part=part, reach_network="stack", reach_hide="true")
        assert unit_at(app) is None
        assert table(app)["rows"] == []
    assert any("No layer fits yet, so there is no code." in info.value for info in app.info)


def test_an_edit_of_the_table_changes_everything() -> None:
    app = open_page()
    press_in_table(app, "c5s1p0d1,p2s2p0d1,c3s1p2d2")
    assert fields(app) == [5, 6, 14]
    assert table(app)["answered"] == 1
    assert sums(app, 2)["extent:"] == "2·(3 − 1) + 1 = 5"


def test_a_smaller_input_keeps_the_unit_as_near_as_it_can() -> None:
    app = open_page(layers="c3,c3", reach_size="12", unit="2,7,7")
    assert unit_at(app) == [2, 7, 7]
    app.number_input(key="reach_size").set_value(8).run()
    assert unit_at(app) == [2, 3, 3]


def test_a_prediction_is_judged_before_anything_is_shown() -> None:
    app = open_page(reach_hide="true", unit="3,5,5")
    assert "links" not in map_data(app)
    assert [row["results"]["field"] for row in table(app)["rows"]] == [["", "?", ""]] * 5
    assert not any("details" in row for row in table(app)["rows"])
    assert app.text_input[0].label == "How many pixels wide is the area that layer 3 (conv 5×5) sees?"
    app.text_input[0].set_value("10").run()
    assert "The jump is forgotten: units of the map before lie several pixels apart" in app.warning[0].value
    app.text_input[0].set_value("99").run()
    assert app.warning[0].value.startswith("Not this number. Start with 1")
    for typed in ("wide", "xxx"):
        app.text_input[0].set_value(typed).run()
        assert f"'{typed}' is not a number" in app.warning[0].value
    app.text_input[0].set_value("14 × 14").run()
    assert not app.warning
    assert app.success[0].value == "Right: 6 + (5 − 1)·2 = 14."
    assert map_data(app)["links"]


def test_the_code_is_that_of_the_stack_and_of_the_unit() -> None:
    app = open_page(reach_part="code", unit="2,0,0")
    network, probe = (code.value for code in app.code)
    assert "nn.MaxPool2d(kernel_size=2)," in network
    assert "probe(x)[0, 0, 0, 0].backward()" in probe
    assert probe.endswith("# 0 5 0 5 36")


@pytest.mark.parametrize("part", ["code", "effective"])
def test_pytorch_is_asked_when_a_button_is_pressed(part: str) -> None:
    app = open_page(reach_part=part, layers="c3d2,c3d2", reach_size="12", reach_network="stack")
    key = "reach_check" if part == "code" else "reach_measure"
    app.button(key=key).click().run(timeout=60)
    assert not app.exception
    if part == "code":
        assert "agrees: all 144 cells are equal" in app.success[0].value
        return
    assert titles(app) == ["All weights 1: the number of paths", "Weights drawn at random"]
    assert any("The dashed middle is 31 % of the receptive field" in one.value for one in app.markdown)


def test_lenet5_is_measured_untrained_and_trained() -> None:
    app = open_page(reach_part="effective", reach_layer="pool2")
    app.button(key="reach_measure").click().run(timeout=60)
    assert not app.exception
    assert titles(app) == [
        "Weights drawn at random",
        "Trained on CIFAR-10",
    ]
    # Another layer, another measurement.
    app.selectbox(key="reach_layer").set_value("conv1").run()
    assert not app.get("plotly_chart")


def test_a_pytorch_that_does_not_answer_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnnlab.errors import CnnlabError
    from cnnlab.ui.pages.receptive_field import effective

    def refuse(*_: Any, **__: Any) -> None:
        raise CnnlabError("PyTorch has been busy.")

    monkeypatch.setattr(effective, "ask_effective", refuse)
    app = open_page(reach_part="effective")
    app.button(key="reach_measure").click().run()
    assert app.error[0].value == "PyTorch gave no answer. PyTorch has been busy."


@pytest.mark.parametrize("at", [None, "3,1,1", [1, 2], [0, 1, 1], [1, -1, 0], [1, True, 0], [1, 1.5, 0], [1, 1, 10**6]])
def test_what_is_no_unit_is_not_taken_from_a_browser(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"map": {"choice": {"at": at, "message": 1}}})
    assert map_component.chosen("map") is None
    monkeypatch.setattr(st, "session_state", {"map": {"choice": {"at": [3, 5, 9], "message": 1}}})
    assert map_component.chosen("map") == (3, 5, 9)


@pytest.mark.parametrize(
    ("layers", "read"),
    [
        (typed("c5,p2s1d2"), ("c5,p2s1d2", None)),
        ([], ("none", None)),
        ([{"type": "conv", "args": {}}], (None, "Layer 1 is 'cspd'")),
        ([{"type": "", "args": typed("c3")[0]["args"]}], (None, "Layer 1 is '3s1p0d1'")),
        ([{"type": "conv", "args": typed("c3")[0]["args"] | {"stride": "9"}}], (None, "Layer 1 has stride 9")),
        (typed("c3") * 9, (None, "There are 9 layers")),
    ],
)
def test_what_the_table_tells_is_checked_as_a_link_is(
    layers: Any, read: tuple[str | None, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = {"receptive_field/table": {"act": {**NOTHING_ELSE, "layers": layers, "message": 1}}}
    monkeypatch.setattr(page.st, "session_state", session)
    kept = list[str]()
    monkeypatch.setattr(page.links, "kept", lambda _, default: default)
    monkeypatch.setattr(
        page.links, "keep", lambda name, value: kept.append(page.format_layers(value)) if name == "layers" else None
    )
    page._take_act()
    assert kept == [read[0]] if read[0] else not kept
    refused = session.get("receptive_field/refused")
    assert refused is None if read[1] is None else refused.startswith(read[1])
