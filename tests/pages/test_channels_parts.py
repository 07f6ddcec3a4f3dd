"""The channels page's other parts: on a picture, in memory, what it costs, as code."""

import dataclasses
import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnlab.data.images import example_pictures
from cnnlab.errors import CnnlabError
from cnnlab.lessons.channels.presets import DEFAULT, DEFAULT_PIXELS, PRESETS
from cnnlab.lessons.channels.pytorch_code import layer_code
from cnnlab.number_text import format_kernels
from cnnlab.torch_reference import Agreement
from cnnlab.ui.pages.channels import memory
from cnnlab.ui.parts import torch_check
from tests.pages.app import components, rerun
from tests.pages.test_channels import choose, open_page


def part(at: AppTest, name: str) -> dict[str, Any]:
    """The data of the one component that has a part of this name."""
    (found,) = (data for data in components(at) if name in data)
    return found


def strip(at: AppTest) -> str:
    (html,) = (element.proto.body for element in at.get("html") if "channel-strip" in element.proto.body)
    return html


def link_of(name: str) -> dict[str, str]:
    layer = PRESETS[name].settings
    return {
        "ch_input": "|".join(";".join(",".join(map(str, row)) for row in rows) for rows in layer.input.tolist()),
        "ch_kernel": format_kernels(layer.kernels),
        "ch_bias": ";".join(map(str, layer.biases.tolist())),
        "ch_stride": str(layer.stride),
        "ch_padding": str(layer.padding),
        "ch_groups": str(layer.groups),
    }


# ------------------------------------------------------------------------------------------------- on a picture


def test_a_picture_is_taken_apart_and_convolved_with_the_kernels_of_the_page() -> None:
    at = open_page(ch_view="picture", ch_photo="ship", ch_pixel="3,4", ch_map="2.1")
    assert strip(at).count("<img") == 4
    pair = part(at, "pair")
    assert (pair["pair"]["input_size"], pair["pair"]["output_size"]) == ([32, 32], [16, 16])
    assert pair["pixel"] == [3, 4]
    sums = part(at, "parts")
    assert [each["name"] for each in sums["parts"]] == ["Red", "Green", "Blue"]
    x = example_pictures()["ship"].astype(np.int64)[:, 5:8, 7:10]  # stride 2, padding 1
    parts = (x * DEFAULT.kernels[1]).sum(axis=(1, 2)).tolist()
    told = [str(number).replace("-", "−") for number in (*parts, sum(parts))]
    assert all(f"add up to {text}." in each["sentence"] for text, each in zip(told, sums["parts"], strict=False))
    assert f"+ 0 = {told[-1]}, which is the output" in sums["together"]


def test_a_channel_that_is_switched_off_counts_as_0() -> None:
    at = open_page(ch_view="picture", ch_green="false")
    assert "Green: off" in strip(at)
    assert "Red: off" not in strip(at)
    green = part(at, "parts")["parts"][1]
    assert {cell["text"] for row in green["products"] for cell in row} == {"0"}
    assert "add up to 0." in green["sentence"]


def test_channels_can_be_drawn_in_grey() -> None:
    assert strip(open_page(ch_view="picture")) != strip(open_page(ch_view="picture", ch_tint="grey"))


def test_an_uploaded_picture_is_taken_apart() -> None:
    at = open_page(ch_view="picture")
    file = BytesIO()
    Image.fromarray(np.full((20, 40, 3), (200, 100, 50), dtype=np.uint8)).save(file, format="PNG")
    at.get("file_uploader")[0].set_value(("mine.png", file.getvalue(), "image/png"))
    rerun(at)
    assert "Red: 200 to 200" in strip(at)
    assert "Together: 3 × 20 × 40" in strip(at)
    assert part(at, "pair")["pair"]["input_size"] == [20, 40]


def test_a_click_asks_for_that_window_and_stays_in_the_link() -> None:
    at = open_page(ch_view="picture", ch_photo="frog")
    before = part(at, "pair")
    at.session_state["channels_pair"] = {"pixel": {"at": [0, 15]}}
    rerun(at)
    assert part(at, "pair") == before
    assert part(at, "parts")["parts"][0]["padding"][0] == [True, True, True]
    assert at.query_params["ch_pixel"] == "0,15"


@pytest.mark.parametrize(("name", "fits"), [("depthwise", True), ("groups", False), ("pointwise", True)])
def test_kernels_that_do_not_go_with_three_channels_are_told_so(name: str, fits: bool) -> None:
    at = open_page(ch_view="picture", **link_of(name))
    assert bool(at.info) is not fits
    if not fits:
        assert "A picture has three channels" in at.info[0].value
        assert "groups=2 does not divide the 3 channels" in at.info[0].value
        assert "Above, choose 3 channels instead of 4: the kernels follow." in at.info[0].value
        choose(at, "Channels", 3)
        assert not at.info
    assert strip(at)


def test_a_thin_kernel_gives_a_slice_of_a_volume_on_a_picture_too() -> None:
    at = open_page(ch_view="picture", ch_map="1.2", **link_of("thin"))
    assert [each["name"] for each in part(at, "parts")["parts"]] == ["Green", "Blue"]


def test_a_map_whose_kernel_is_gone_gives_way_to_the_first() -> None:
    at = open_page(ch_view="picture", ch_map="2.1")
    choose(at, "Kernels", 1)
    assert not at.warning
    assert next(box for box in at.selectbox if box.label == "Map").value == "1.1"


# ---------------------------------------------------------------------------------------------------- in memory


def test_both_orders_are_drawn_and_typed_numbers_move_in_both() -> None:
    at = open_page(ch_view="memory")
    boards = part(at, "grid")["grid"]["boards"]
    assert boards["(C, H, W)"]["values"] == DEFAULT_PIXELS.ravel().tolist()
    assert boards["(H, W, C)"]["values"][:4] == [10, 11, 12, 20]
    assert boards["(H, W, C)"]["tones"][:4] == ["red", "green", "blue", "red"]
    texts = [[[str(number) for number in row] for row in rows] for rows in DEFAULT_PIXELS.tolist()]
    texts[2][0][0] = "99"
    revision = part(at, "grid")["grid"]["revision"]
    at.session_state[memory.GRID.key] = {"edit": {"revision": revision, "stacks": {"pixels": texts}}}
    rerun(at)
    boards = part(at, "grid")["grid"]["boards"]
    assert boards["(C, H, W)"]["values"][12] == boards["(H, W, C)"]["values"][2] == 99
    assert "[10, 11, 99]" in at.code[1].value
    assert at.query_params["ch_memory_pixels"].startswith("10,20,30;40,50,60|11,")


def test_every_place_in_memory_reads_the_cell_that_it_came_from() -> None:
    data = part(open_page(ch_view="memory"), "grid")["grid"]
    values = [value for name in ("(C, H, W)", "(H, W, C)") for value in data["boards"][name]["values"]]
    assert [(group["first"], group["count"]) for group in data["groups"][:4]] == [(0, 6), (6, 6), (12, 6), (18, 1)]
    for group in data["groups"]:
        (section,) = group["sections"]
        pixels = np.ravel(data["boards"][section["left"]]["values"])
        for step in range(group["first"], group["first"] + group["count"]):
            (cell,) = data["reads"]["pixels"][step]
            assert pixels[cell] == values[step]


def test_the_shapes_and_the_counts_are_said() -> None:
    at = open_page(ch_view="memory", ch_memory_pixels="1,2|3,4|5,6")
    assert at.code[0].value.startswith("# (C, H, W) = (3, 1, 2)\n# x[c, h, w] == memory[c*2 + h*2 + w]")
    assert at.code[1].value.startswith("# (H, W, C) = (1, 2, 3)\n# x[h, w, c] == memory[h*6 + w*3 + c]")
    # Above the boards, where it is in sight; the first caption is the page's.
    told = at.caption[1].value
    assert "28 × 28 = 784" in told
    assert "28 × 28 × 3 = 2,352" in told
    assert "PyTorch's is (C, H, W)" in told


# ----------------------------------------------------------------------------------------- costs, and as code


def test_cheaper_layers_stand_beside_the_full_one() -> None:
    at = open_page(ch_view="costs", **link_of("groups"))
    table = next(element.value for element in at.markdown if "multiplications |" in element.value)
    assert "| **Full** | `(4, 4, 3, 3)` | `4 × (3×3×4 + 1) = 148` | 576 | 100.0% |" in table
    assert "| **2 groups** | `(4, 2, 3, 3)` | `4 × (3×3×2 + 1) = 76` | 288 | 50.0% |" in table
    short = at.markdown[0].value
    assert "288 products. In full, with 3 × 3: 148 parameters, 576 products." in short


def test_a_layer_of_mobilenet_can_be_compared() -> None:
    at = open_page(ch_view="costs", ch_layer="mobilenet")
    assert any("`512 × (3×3×512 + 1) = 2,359,808`" in element.value for element in at.markdown)


@pytest.mark.parametrize(("view", "words"), [("costs", "so there is nothing to count"), ("code", "There is no code")])
def test_a_layer_without_an_output_is_told_in_every_view(view: str, words: str) -> None:
    at = open_page(ch_view=view, ch_groups="3")
    assert words in at.warning[0].value


@pytest.mark.parametrize("name", PRESETS)
def test_the_code_is_shown(name: str) -> None:
    at = open_page(ch_view="code", **link_of(name))
    assert at.code[0].value == layer_code(PRESETS[name].settings).rstrip()


def test_the_code_keeps_to_itself_what_is_to_be_predicted() -> None:
    assert "# tensor" in open_page(ch_view="code").code[0].value
    assert "# tensor" not in open_page(ch_view="code", ch_predict="1").code[0].value


def press(monkeypatch: pytest.MonkeyPatch, answer: Agreement | CnnlabError, **link: str) -> AppTest:
    class FakeReference:
        def ask(self, function: str, question: dict[str, Any]) -> dict[str, Any]:
            assert function == "cnnlab.lessons.channels.agreement:answer"
            json.dumps(question)
            if isinstance(answer, CnnlabError):
                raise answer
            return json.loads(json.dumps(dataclasses.asdict(answer)))

    monkeypatch.setattr(torch_check, "reference", FakeReference)
    at = open_page(ch_view="code", **link)
    at.button(key="channels_check").click()
    return rerun(at)


def test_agreement_of_all_maps_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    at = press(monkeypatch, Agreement(True, 18, (2, 3, 3), (2, 3, 3), 0.0, None, None, None, "2.9.0"))
    assert at.success[0].value == "PyTorch 2.9.0 agrees: all 18 cells are equal, to the last digit."


def test_a_difference_is_told_with_its_map(monkeypatch: pytest.MonkeyPatch) -> None:
    at = press(monkeypatch, Agreement(False, 18, (2, 3, 3), (2, 3, 3), 4.0, (1, 0, 2), 3.0, 7.0, "2.9.0"))
    assert "in map 2, row 1, column 3: PyTorch has 7 there, the lab 3." in at.error[0].value
    deep = Agreement(False, 12, (1, 3, 2, 2), (1, 3, 2, 2), 4.0, (0, 2, 0, 1), 3.0, 7.0, "2.9.0")
    at = press(monkeypatch, deep, **link_of("thin"))
    assert "in map 1, slice 3, row 1, column 2" in at.error[0].value


@pytest.mark.parametrize("pixels", ["1,2;3,4", "1|2"])
def test_fewer_channels_than_three_are_told_and_the_picture_stands(pixels: str) -> None:
    at = open_page(ch_view="memory", ch_memory_pixels=pixels)
    assert "use 3, with \\| between them" in at.warning[0].value
    assert part(at, "grid")["grid"]["steps"] == 2 * DEFAULT_PIXELS.size
