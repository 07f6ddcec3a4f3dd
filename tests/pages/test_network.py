"""The network page, as the server sees it: layers in, shapes, sums, pictures and words out."""

import json
import re
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnnlab import lecture
from cnnlab.layers import LAYER_TYPES, Layer, Shape, between, one_of, switch
from cnnlab.lessons.network.agreement import check_with_torch
from cnnlab.lessons.network.presets import PRESETS
from cnnlab.networks import lenet5
from cnnlab.networks.suggestions import read
from cnnlab.texts import message
from cnnlab.ui.components import table as table_component
from cnnlab.ui.components.pictures import blocks
from cnnlab.ui.pages.network import code
from cnnlab.ui.pages.network.state import PICTURE, TABLE
from cnnlab.ui.state.preset_menu import OWN_NUMBERS
from tests.pages.app import components, open_at

open_page = partial(open_at, "network")

TUTORIAL = "Conv2d(1,6,5),ReLU(),MaxPool2d(2),Conv2d(6,16,5),ReLU(),MaxPool2d(2),Flatten(),Linear(400,120)"


def table(app: AppTest) -> dict[str, Any]:
    return next(data for data in components(app) if "rows" in data)


def picture(app: AppTest) -> dict[str, Any]:
    return next(data for data in components(app) if "picture" in data)


def shapes(app: AppTest) -> list[str | None]:
    return [row["results"]["shape"][1] if row["results"] else None for row in table(app)["rows"]]


def act(app: AppTest, message: int = 1, **changes: Any) -> AppTest:
    """What the table tells after an edit: the whole of its state, with these changes."""
    data = table(app)
    layers = [{"type": row["type"], "args": row["args"]} for row in data["rows"]]
    nothing: dict[str, Any] = {"hidden": [], "selected": None, "answers": {}}
    state = {name: data.get(name, nothing.get(name)) for name in ("input", *nothing)}
    told = state | {"layers": layers, "suggestion": None, "message": message} | changes
    app.session_state[TABLE] = {"act": told}
    app.run()
    assert not app.exception
    return app


def edit(app: AppTest, row: int, message: int = 1, **arguments: str) -> AppTest:
    layers = [{"type": one["type"], "args": one["args"]} for one in table(app)["rows"]]
    layers[row]["args"] |= arguments
    return act(app, message, layers=layers)


def warnings(app: AppTest) -> list[str]:
    return [warning.value for warning in app.warning]


def test_the_page_opens_with_lenet5_for_cifar10() -> None:
    app = open_page()
    assert shapes(app)[:3] == ["6×28×28", "6×28×28", "6×14×14"]
    assert table(app)["totals"]["params"] == "64,102"
    assert table(app)["totals"]["macs"] == "653,800"
    assert table(app)["totals"]["arguments"] == "Memory: outputs 59.0 kB, parameters 256.4 kB"
    assert len(picture(app)["picture"]["blocks"]) == 9


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_shows_its_network_and_what_it_is_there_for(key: str) -> None:
    preset = PRESETS[key]
    shown = preset.settings
    app = open_page(net="ReLU()")
    app.selectbox[0].select(key).run()
    assert not app.exception
    rows = read(shown.network, shown.input_shape).rows
    assert [row["results"]["shape"][0] for row in table(app)["rows"] if row["results"]] == [
        f"{'×'.join(map(str, row.input_shape))} → " if len(row.input_shape) > 1 else f"{row.input_shape[0]:,} → "
        for row in rows
    ]
    assert preset.note in [caption.value for caption in app.caption]
    assert app.selectbox[0].value == key


def test_the_last_row_says_why_no_relu_follows_unless_its_numbers_are_asked_for() -> None:
    def behind(app: AppTest) -> list[str | None]:
        return [dict(part[:2] for part in row["details"]).get("After it") for row in table(app)["rows"]]

    told = behind(open_page())
    assert told[:-1] == [None] * 11
    assert "these 10 numbers are logits" in (told[-1] or "")
    assert behind(open_page(net_hide="s11"))[-1] is None


def test_a_picture_with_a_hole_goes_through_the_inpainting_presets_alone() -> None:
    def captions(**link: str) -> list[str]:
        return [image.caption for each in open_page(**link).get("image") for image in each.proto.imgs]

    shrunk = captions(net="inpainting", net_input="1x32x32")
    assert [text.split(": ")[1] for text in shrunk] == ["32 × 32", "30 × 30", "28 × 28", "26 × 26"]
    kept = captions(net="inpainting-padded", net_input="1x32x32")
    assert [text.split(": ")[-1] for text in kept] == [*["32 × 32"] * 4, "laid into the hole"]
    assert captions() == []
    assert captions(net="inpainting", net_input="1x32x32", net_hide="s0") == []


def test_the_batch_is_written_into_the_table_and_read_from_its_fields() -> None:
    app = open_page(net="lenet5-slides", net_input="1x32x32", net_batch="true")
    written = ["×".join(("N", *map(str, shape))) for shape in lecture.LENET_OUTPUTS]
    assert table(app)["input"] == "N×1×32×32"
    assert [row["results"]["shape"][:2] for row in table(app)["rows"]] == [["→ ", shape] for shape in written]
    app.toggle(key="net_batch").set_value(False).run()
    assert table(app)["input"] == "1×32×32"
    assert shapes(app) == [shape.removeprefix("N×") for shape in written]
    hidden = open_page(net="lenet5-slides", net_input="1x32x32", net_batch="true", net_hide="s0.s1")
    assert all("28" not in text for row in table(hidden)["rows"][:2] for text in row["results"]["shape"])


def test_what_was_typed_is_given_back_after_a_preset() -> None:
    app = edit(open_page(), 0, out_channels="7")
    assert shapes(app)[0] == "7×28×28"
    assert app.selectbox[0].value == OWN_NUMBERS
    app.selectbox[0].select("vgg16").run()
    assert shapes(app)[0] == "64×224×224"
    app.selectbox[0].select(OWN_NUMBERS).run()
    assert shapes(app)[0] == "7×28×28"


def test_what_nobody_typed_is_not_offered() -> None:
    assert "Your own layers" not in open_page().selectbox[0].options
    assert "Your own layers" in edit(open_page(), 0, out_channels="7").selectbox[0].options


def test_who_begins_with_no_layer_can_add_the_first() -> None:
    app = open_page()
    app.selectbox[0].select("empty").run()
    assert not app.exception
    assert table(app)["rows"] == []
    assert table(app)["totals"]["params"] == "0"
    layers = [{"type": "Conv2d", "args": {}}]
    assert shapes(act(app, layers=layers)) == ["16×30×30"]


def test_a_link_brings_layers_input_hidden_numbers_and_the_selected_row() -> None:
    app = open_page(net="Conv2d(1,4,3),ReLU()", net_input="1x8x8", net_hide="s0.p0", net_row="0", net_view="table")
    assert not app.warning
    assert (table(app)["selected"], table(app)["hidden"]) == (0, ["s0", "p0"])
    assert len(components(app)) == 1
    assert table(app)["rows"][0]["asked"]["shape"] == {"right": False, "value": "", "sentences": []}


def test_a_link_may_name_a_network_of_the_zoo() -> None:
    app = open_page(net="vgg16")
    assert not app.warning
    assert table(app)["totals"]["params"] == "138,357,544"
    assert table(app)["input"] == "3×224×224"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"net": "Conv2d(3,6,5),LSTM(3)"}, "LSTM"),
        ({"net": "Conv2d(3,6,0)"}, "kernel\\_size must be a whole number from 1 to 512"),
        ({"net": ",".join(["ReLU()"] * 101)}, "The network has 101 layers: this page shows at most 100"),
        ({"net_input": "3xx"}, "is not a shape: write channels, height and width"),
        ({"net_hide": "s1.q2"}, "It lists the rows whose numbers are hidden"),
        ({"net_hide": "s0000" + "9" * 5000}, "It lists the rows whose numbers are hidden"),
        ({"net_hide": "s12"}, "There is no row 12: a link counts the rows from 0 to 11"),
        ({"net_row": "12"}, "It is the number of a row, which a link counts from 0 to 11 here"),
        ({"net_view": "all"}, "It is one of both, table, picture, code"),
    ],
)
def test_a_link_with_a_value_that_cannot_be_is_told_so_and_the_rest_survives(
    parameters: dict[str, str], sentence: str
) -> None:
    app = open_page(**({"net_view": "both", "net_input": "3x32x32"} | parameters))
    assert any(sentence in warning for warning in warnings(app)), warnings(app)
    assert shapes(app)[0] == "6×28×28"


def test_an_edit_changes_all_that_follows() -> None:
    app = edit(open_page(), 0, kernel_size="3")
    assert shapes(app)[0] == "6×30×30"
    assert dict(part[:2] for part in table(app)["rows"][0]["details"])["Parameters"] == "(3×3×3 + 1) × 6 = 168"


def test_what_cannot_be_used_is_told_with_its_row_and_changes_nothing() -> None:
    app = edit(open_page(), 3, kernel_size="0")
    told = table(app)["refused"]
    assert (told["row"], table(app)["answered"], told["typed"]) == (3, 1, {"kernel_size": "0"})
    assert told["sentence"].startswith("Conv2d's kernel_size must be a whole number from 1 to 512")
    assert shapes(app)[3] == "16×10×10"
    app = act(app, 2, input="3x")
    assert table(app)["refused"]["row"] is None
    assert "is not a shape" in table(app)["refused"]["sentence"]
    assert table(act(app, 3)).get("refused") is None


ACT = {"input": "3", "layers": [], "hidden": [], "answers": {}, "message": 1}


@pytest.mark.parametrize(
    "told",
    [
        None,
        7,
        [],
        {},
        *(
            ACT | {name: value}
            for name, values in {
                "input": (None, 3, "x" * 81),
                "layers": (
                    "ReLU()",
                    [3],
                    [{"type": "ReLU", "args": []}],
                    [{"type": "ReLU", "args": {"inplace": True}}],
                    [{"type": "x" * 81, "args": {}}],
                    [{"args": {}}],
                    [{"type": "ReLU", "args": {}}] * 201,
                ),
                "hidden": (None, "s0", [3], ["x" * 81], ["s0"] * 201),
                "answers": (None, [], {"s0": 3}, {"s0": "x" * 81}, {f"s{n}": "" for n in range(201)}),
                "selected": (-1, 200, True, "0", 0.5, [0]),
                "suggestion": (-1, 200, True, "0"),
                "message": (None, True, "1", 0, -1),
            }.items()
            for value in values
        ),
    ],
)
def test_what_no_table_would_tell_is_taken_for_nothing(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"key": {"act": told}})
    assert table_component.act_of("key") is None


def test_what_a_table_tells_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert table_component.act_of("key") is None
    layers = [{"type": "ReLU", "args": {"inplace": "x" * 80}}]
    told = ACT | {"layers": layers, "hidden": ["s0"], "answers": {"s0": "3"}, "selected": 199, "suggestion": None}
    monkeypatch.setattr(st, "session_state", {"key": {"act": told}})
    entry = table_component.Entry("ReLU", {"inplace": "x" * 80})
    assert table_component.act_of("key") == table_component.Act("3", (entry,), ("s0",), 199, {"s0": "3"}, None, 1)


@pytest.mark.parametrize(
    "told", [None, 7, [3], {}, {"row": 3}, *({"row": row, "message": 1} for row in (-1, 1000, True, "3", 0.5, [3]))]
)
def test_what_is_no_click_on_a_block_is_taken_for_nothing(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"key": {"choice": told}})
    assert blocks.chosen("key") is None
    for row in (3, None):
        monkeypatch.setattr(st, "session_state", {"key": {"choice": {"row": row, "message": 2}}})
        assert blocks.chosen("key") == blocks.Choice(row, 2)


def test_a_message_is_taken_once() -> None:
    app = edit(open_page(), 0, out_channels="7")
    app.selectbox[0].select("lenet5-grey").run()
    assert shapes(app)[0] == "6×28×28"
    assert table(app)["input"] == "1×32×32"


def test_a_click_on_a_block_selects_its_row() -> None:
    app = open_page()
    app.session_state[PICTURE] = {"choice": {"row": 3, "message": 1}}
    app.run()
    assert (table(app)["selected"], picture(app)["selected"]) == (3, 3)
    app.session_state[PICTURE] = {"choice": {"row": 99, "message": 2}}
    app.run()
    assert table(app)["selected"] == 3


def test_a_mismatch_stands_at_its_row_with_pytorchs_words_and_ways_out() -> None:
    app = open_page(net=TUTORIAL, net_input="1x28x28")
    problem = table(app)["problem"]
    assert problem["row"] == 7
    assert problem["sentence"].startswith("Layer 8 (Linear) expects 400 features. Layer 7 (Flatten) gives")
    assert problem["torch_says"] == "mat1 and mat2 shapes cannot be multiplied (1x256 and 400x120)"
    assert shapes(app)[6:] == ["256", None]
    assert picture(app)["trouble"] == problem["sentence"]
    assert [one["name"] for one in picture(app)["picture"]["blocks"]][-1] == "Layer 8, Linear, does not fit"
    number = problem["suggestions"].index("Take an input of 1 × 32 × 32")
    app = act(app, suggestion=number)
    assert table(app).get("problem") is None
    assert table(app)["input"] == "1×32×32"


def test_a_suggestion_that_moves_rows_lets_go_of_what_was_asked_of_them() -> None:
    app = open_page(net=TUTORIAL, net_input="1x28x28", net_row="3")
    labels = table(app)["problem"]["suggestions"]
    number = next(index for index, label in enumerate(labels) if "AdaptiveAvgPool2d" in label)
    app = act(app, suggestion=number, hidden=["p0"])
    assert table(app).get("problem") is None
    assert len(table(app)["rows"]) == 9
    assert (table(app).get("hidden", []), table(app).get("selected")) == ([], None)


def test_hidden_numbers_are_told_nowhere() -> None:
    app = open_page(net_hide="s0.s8.p0.p9", net_row="2")
    drawn = picture(app)["picture"]
    words = [label["text"] for label in drawn["labels"]] + [block["name"] for block in drawn["blocks"]]
    sent = json.dumps([table(app), words], ensure_ascii=False)
    for number in ("28", "456", "12,100", "64,102", "653,800", "352,800"):
        assert not re.search(rf"(?<![\d,]){number}(?![\d,])", sent), number
    assert table(app)["rows"][9]["masked"] == ["in_features"]
    assert [caption.value for caption in app.caption if "456" in caption.value] == []


def test_a_hidden_mismatch_does_not_tell_what_is_asked_for() -> None:
    app = open_page(net=TUTORIAL, net_input="1x28x28", net_hide="s6")
    problem = table(app)["problem"]
    assert problem["sentence"] == "This layer does not fit. The reason is shown once the hidden numbers are filled in."
    assert problem["suggestions"] == []
    assert problem["torch_says"] is None


def test_rows_that_the_input_does_not_reach_are_not_asked_for() -> None:
    app = open_page(net=TUTORIAL, net_input="1x28x28", net_hide="s7.p7")
    assert table(app).get("note", "") == ""
    app = open_page(net=TUTORIAL, net_input="1x28x28", net_hide="s0.s7")
    assert table(app)["note"] == "0 of 1 correct."


def test_a_map_is_not_asked_for_its_height_where_a_size_is_missing() -> None:
    app = act(open_page(net_hide="s0"), answers={"s0": "6x28"})
    sentences = table(app)["rows"][0]["asked"]["shape"]["sentences"]
    assert sentences[0] == "One of the three sizes is missing: a map has channels × height × width."
    assert not any("too small" in sentence for sentence in sentences)


def test_an_answer_uncovers_its_number_when_it_is_right() -> None:
    app = act(open_page(net_hide="s0.p0"), answers={"s0": "6 x 27 x 27", "p0": "6"})
    asked = table(app)["rows"][0]["asked"]
    assert asked["shape"]["sentences"][0].startswith("Height and width: The + 1 is missing")
    assert asked["shape"]["sentences"][-2:] == (
        ["height and width: floor((32 + 2×0 - 5) / 1) + 1 = ?", "channels: out_channels = ?"]
    )
    app = act(app, 2, answers={"s0": "6 x 28 x 28", "p0": "456"})
    row = table(app)["rows"][0]
    assert row["results"]["shape"] == ["3×32×32 → ", "6×28×28", ""]
    assert row["results"]["params"] == "456"
    assert table(app)["note"] == "2 of 2 correct."
    assert table(app)["totals"]["params"] == "64,102"


def test_an_answer_behind_a_hidden_shape_waits_for_it() -> None:
    app = act(open_page(net_hide="s0.s2"), answers={"s2": "6x13x13"})
    assert table(app)["rows"][2]["asked"]["shape"]["sentences"] == [
        "Not this. What comes in is hidden as well: fill in the row before first."
    ]


def test_code_is_taken_away_in_four_forms() -> None:
    app = open_page(net_view="code")
    assert "nn.Conv2d(3, 6, kernel_size=5),     # 6 × 28 × 28" in app.code[0].value
    app = open_page(net_view="code", net_form="module")
    assert "def forward(self, x):" in app.code[0].value
    app = open_page(net_view="code", net_form="slides")
    assert "self.conv1 = nn.Conv2d(in_channels=3, out_channels=6, kernel_size=5)" in app.code[0].value
    assert "x = self.relu(self.conv1(x))" in app.code[0].value
    app = open_page(net_view="code", net_form="script")
    assert "CIFAR10" in app.code[0].value


def test_the_slides_lines_are_pasted_and_a_lenet5_of_them_keeps_its_name() -> None:
    def pasted(text: str) -> AppTest:
        app = open_page(net="ReLU()", net_view="code")
        app.text_area[0].input(text)
        return app.button(key="net_read").click().run()

    lines = [line.strip() for line in lenet5().to_code(form="slides").splitlines() if line.startswith("        ")]
    app = pasted("\n".join(line for line in lines if "relu = " not in line))
    assert app.selectbox[0].value == "lenet5-cifar"
    assert [info.value for info in app.info][1] == "Line 8: no line makes 'self.relu': it is read as nn.ReLU()."
    assert "no line makes 'self.conv1'" in pasted("x = self.relu(self.conv1(x))").error[0].value


def test_code_of_a_mismatch_is_there_without_shapes_and_a_script_says_why_not() -> None:
    app = open_page(net=TUTORIAL, net_input="1x28x28", net_view="code")
    assert "nn.Linear(400, 120)," in app.code[0].value
    assert "# 6 ×" not in app.code[0].value
    assert warnings(app)[0].startswith("Layer 8 (Linear) expects 400 features")
    assert "It can be trained once layer 8 (Linear) fits." in [caption.value for caption in app.caption]
    app.button(key="net_suggestion_0").click().run()
    assert not app.exception
    assert not warnings(app)
    assert "# 6 ×" in app.code[0].value
    assert not any("It can be trained" in caption.value for caption in app.caption)
    app = open_page(net=TUTORIAL, net_input="1x28x28", net_view="code", net_form="script")
    assert "There is no code for this network" in warnings(app)[0]


def test_the_ways_out_stand_below_the_picture_unless_they_tell_what_is_hidden() -> None:
    app = open_page(net=TUTORIAL, net_input="1x28x28")
    app.button(key="net_suggestion_0").click().run()
    assert not app.exception
    assert "problem" not in table(app)
    assert "net_suggestion_0" not in [button.key for button in app.button]
    app = open_page(net=TUTORIAL, net_input="1x28x28", net_hide="s0")
    assert table(app)["problem"] is not None
    assert "net_suggestion_0" not in [button.key for button in app.button]


def test_code_would_tell_hidden_numbers_and_waits() -> None:
    app = open_page(net_hide="s0", net_view="code")
    assert not app.code
    assert app.info[0].value.startswith("The code would give away the hidden numbers.")


def test_pasted_code_is_read_and_its_input_is_guessed() -> None:
    app = open_page(net_view="code")
    source = "nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(4 * 26 * 26, 10))"
    app.text_area[0].set_value(source).run()
    app.button(key="net_read").click().run()
    assert not app.exception
    assert app.info[0].value == "Read: 3 layers, for an input of 1 × 28 × 28. See the table."
    assert app.text_area[0].value == source
    app.text_area[0].set_value("nn.Sequential(\nnn.LSTM(3, 4))").run()
    app.button(key="net_read").click().run()
    assert "Line 2" in app.error[0].value
    assert app.text_area[0].value == "nn.Sequential(\nnn.LSTM(3, 4))"
    assert "nn.Linear(2704, 10)" in app.code[0].value


def test_code_that_is_too_long_is_refused_in_words() -> None:
    app = open_page(net_view="code")
    assert app.text_area[0].proto.max_chars == 120_000
    app.text_area[0].set_value("nn.ReLU()\n" * 7_000).run()
    app.button(key="net_read").click().run()
    assert app.error[0].value.startswith("The text has 70,000 characters: paste the network alone, 60,000 at most")


def test_a_pasted_network_that_does_not_fit_says_so() -> None:
    app = open_page(net_view="code")
    app.text_area[0].set_value("nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(7, 10))").run()
    app.button(key="net_read").click().run()
    assert [one.value for one in app.info] == [
        "Read: 3 layers, for an input of 3 × 32 × 32. See the table.",
        "Layer 3 (Linear) does not fit. The fix is next to the code.",
    ]
    assert warnings(app)[0].startswith("Layer 3 (Linear) expects 7 features")
    app.text_area[0].set_value("nn.Sequential(nn.ReLU())").run()
    app.button(key="net_read").click().run()
    assert [one.value for one in app.info] == ["Read: 1 layer, for an input of 3 × 32 × 32. See the table."]


@pytest.mark.parametrize(
    ("net", "sentence"),
    [
        (
            "Conv2d(3,6,5),Flatten(),Linear(7,3),ReLU()",
            "agrees: layer 3 (Linear) does not fit, and PyTorch stops there with an error, too. It gives the same "
            "shape and the same number of parameters for each of the 2 layers before.",
        ),
        ("Linear(7,3)", "agrees: layer 1 (Linear) does not fit, and PyTorch stops there with an error, too."),
        ("ReLU()", "agrees on the shape that comes out of the one layer, and on its number of parameters."),
    ],
)
def test_pytorch_agrees_on_where_a_network_ends(net: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "ask_torch", lambda _reference, network, shape: check_with_torch(network, shape))
    app = open_page(net=net, net_input="3x32x32", net_view="code")
    app.button(key="net_check").click().run()
    assert not app.exception
    assert app.success[0].value.endswith(sentence)


def test_there_is_nothing_to_check_without_a_layer() -> None:
    assert "net_check" not in [button.key for button in open_page(net="none", net_view="code").button]


@dataclass(frozen=True, repr=False)
class Squeeze(Layer):
    """Squeeze each channel together. A layer that only this test knows."""

    strength: int = field(metadata=between(1, 9, about=message("How hard it squeezes.")))
    mode: str = field(default="soft", metadata=one_of("soft", "hard", about=message("In which way.")))
    both: bool = field(default=False, metadata=switch(message("Whether from both sides.")))

    def output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *(max(1, size // self.strength) for size in input_shape[1:]))


def test_a_new_layer_type_has_its_form_its_row_and_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LAYER_TYPES, "Squeeze", Squeeze)
    app = open_page(net="Squeeze(2,mode='hard'),Squeeze(3)", net_input="3x32x32")
    assert not app.warning
    assert shapes(app) == ["3×16×16", "3×5×5"]
    strength, mode, both = table(app)["rows"][0]["fields"]
    assert (strength["kind"], strength["usual"]) == ("number", None)
    assert strength["about"] == "How hard it squeezes. A whole number from 1 to 9."
    assert (mode["kind"], mode["options"]) == ("choice", ["soft", "hard"])
    assert (both["kind"], both["is_usual"]) == ("choice", True)
    assert list(table(app)["rows"][0]["args"].values()) == ["2", "hard", "False"]
    assert ("Squeeze", "Squeeze each channel together. A layer that only this test knows.") in [
        (one["name"], one["about"]) for one in table(app)["types"]
    ]
    assert [block["rows"] for block in picture(app)["picture"]["blocks"]] == [[], [0], [1]]
    app = act(app, layers=[{"type": "Squeeze", "args": {}}])
    assert shapes(app) == ["3×32×32"]


def test_what_was_said_to_pasted_code_goes_with_what_it_was_said_of() -> None:
    app = open_page(net_view="code")
    source = "nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())"
    app.text_area[0].set_value(source).run()
    app.button(key="net_read").click().run()
    assert app.info[0].value.startswith("Read: 2 layers")
    edited = {"input": "1x28x28", "layers": [{"type": "ReLU", "args": {}}], "hidden": [], "selected": None}
    app.session_state[TABLE] = {"act": edited | {"answers": {}, "suggestion": None, "message": 1}}
    app.run()
    assert not app.info
    app.text_area[0].set_value("nn.LSTM(3, 4)").run()
    app.button(key="net_read").click().run()
    assert app.error
    app.text_area[0].set_value(source).run()
    assert not app.error
    app.button(key="net_read").click().run()
    assert app.info
    assert not app.error
    app.selectbox[0].select("vgg16").run()
    assert not app.info


def test_the_links_to_other_pages_carry_the_network() -> None:
    app = open_page(net="vgg16", net_input="3x224x224")
    assert [caption.value for caption in app.main.caption][-1] == (
        "Receptive field ends before layer 15: it shows 8 layers with windows. "
        "Receptive field shows it on 64 × 64 pixels, not on the 224 × 224 of this network."
    )
