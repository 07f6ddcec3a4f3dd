"""The channels page: what its link says, what the grids are handed, what comes back from them."""

import re
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.layers import with_times
from cnnlab.lessons.channels.presets import ABOUT_DEPTH, DEFAULT, PRESETS
from cnnlab.lessons.channels.settings import ChannelSettings, walk
from cnnlab.number_text import format_kernels
from cnnlab.ui.pages.channels.grids import GRID
from tests.pages import app
from tests.pages.app import board, grid, menu, open_at, rerun

open_page = partial(open_at, "channels")
tell = partial(app.tell, GRID)


def totals(at: AppTest) -> list[list[float]]:
    return [each["values"] for name, each in grid(at)["boards"].items() if name.startswith("out")]


def texts(stack: np.ndarray) -> list[list[list[str]]]:
    matrices = stack.reshape(-1, *stack.shape[-2:]).tolist()
    return [[[str(number) for number in row] for row in matrix] for matrix in matrices]


def type_(at: AppTest, settings: ChannelSettings) -> AppTest:
    stacks = {
        "input": texts(settings.input),
        "kernel": texts(settings.kernels),
        "bias": texts(settings.biases[:, None]),
    }
    return tell(at, edit={"stacks": stacks})


def choose(at: AppTest, label: str, value: object) -> AppTest:
    menu(at, label).select(value)
    return rerun(at)


def words(at: AppTest) -> str:
    return " ".join(element.value for element in [*at.markdown, *at.caption])


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_puts_its_layer_on_the_page(name: str) -> None:
    at = open_page(ch_stride="3")
    choose(at, "Preset", name)
    wanted = PRESETS[name].settings
    assert totals(at) == [pytest.approx(slice_.ravel().tolist()) for volume in walk(wanted).totals for slice_ in volume]
    assert menu(at, "Preset").value == name
    assert f"`{with_times(wanted.parameters_in_words)}`" in words(at)
    assert str(wanted.weight_shape) in words(at)
    assert not at.warning


def test_the_page_opens_with_three_channels_and_two_kernels() -> None:
    at = open_page()
    boards = grid(at)["boards"]
    assert [boards[f"input{channel}"]["extent"] for channel in range(3)] == [[7, 7]] * 3
    assert [boards[f"out{kernel}_0"]["size"] for kernel in range(2)] == [[3, 3]] * 2
    assert "`2 × (3×3×3 + 1) = 56`" in words(at)


def test_the_sum_of_a_cell_is_the_sum_of_its_channels_and_the_bias() -> None:
    at = open_page()
    data = grid(at)
    results = [value for map_ in totals(at) for value in map_]
    for step, (products, parts) in enumerate(zip(data["products"], data["parts"], strict=True)):
        assert [sum(products[start : start + 9]) for start in (0, 9, 18)] == parts
        tail = data["groups"][step // 9]["tail"]
        assert [what for kind, what in tail if kind == "part"] == [0, 1, 2]
        (bias,) = (what for kind, what in tail if kind == "given")
        assert sum(parts) + bias == results[step]


def test_each_kernel_has_its_own_bias() -> None:
    at = open_page(ch_bias="10;-20")
    plain = walk(DEFAULT).totals
    assert totals(at)[0] == (plain[0, 0] - 1 + 10).ravel().tolist()
    assert totals(at)[1] == (plain[1, 0] - 20).ravel().tolist()


def test_a_link_brings_numbers_step_and_settings() -> None:
    at = open_page(
        ch_input="1,2|3,4", ch_kernel="1|2||3|4", ch_bias="0;1/2", ch_stride="1", ch_padding="0", ch_step="3"
    )
    assert totals(at) == [[7, 10], [15.5, 22.5]]  # 1 + 2*3, 2 + 2*4; 3 + 4*3 + 0.5, 6 + 4*4 + 0.5
    assert grid(at)["step"] == 3
    assert not at.warning


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"ch_kernel": "1|2||3"}, "Kernel 2 is 1×1×1 but kernel 1 is 2×1×1"),
        ({"ch_kernel": "||".join(["1"] * 5)}, "more than 4 kernels"),
        ({"ch_kernel": "1||x"}, "Kernel 2: Row 1: 'x' is not a number"),
        ({"ch_input": "|".join(["1"] * 5)}, "more than 4 matrices"),
        ({"ch_input": ";".join(["1"] * 9)}, "more than 8 rows"),
        ({"ch_groups": "7"}, "It is a whole number from 1 to 4"),
        ({"ch_stride": "0"}, "It goes from 1 to 4"),
        ({"ch_padding": "3"}, "It goes from 0 to 2"),
        ({"ch_view": "elsewhere"}, "It is one of hand, picture, memory, costs, code"),
        ({"ch_bias": "1;2;3"}, "in the link `ch_kernel` holds 2 and `ch_bias` holds 3: extra"),
    ],
)
def test_a_bad_link_is_told_in_words_and_the_rest_survives(parameters: dict[str, str], sentence: str) -> None:
    at = open_page(**({"ch_step": "1"} | parameters))
    assert len(at.warning) == 1
    assert sentence in at.warning[0].value.replace("\\", "")
    assert grid(at)["step"] == 1
    assert grid(at)["refusal"] is None


def test_a_typed_number_changes_the_sums_and_the_link() -> None:
    at = open_page()
    kernels = DEFAULT.kernels.copy()
    kernels[1, 2, 0, 0] = 7
    type_(at, ChannelSettings(DEFAULT.input, kernels, DEFAULT.biases))
    changed = ChannelSettings(DEFAULT.input, kernels, DEFAULT.biases, DEFAULT.stride, DEFAULT.padding)
    assert totals(at) == [map_.ravel().tolist() for map_ in walk(changed).totals[:, 0]]
    assert at.query_params["ch_kernel"] == format_kernels(kernels)


def test_a_cell_that_is_no_number_says_so_on_its_own_board() -> None:
    at = open_page()
    stacks = {"kernel": texts(DEFAULT.kernels)}
    stacks["kernel"][4][1][2] = "many"
    tell(at, edit={"stacks": stacks})
    (error,) = board(at, "kernel1_1")["errors"]
    assert (error["row"], error["column"]) == (1, 2)
    assert not board(at, "kernel1_0")["errors"]


def test_another_size_is_the_size_of_all_slices() -> None:
    at = open_page()
    tell(at, resize={"name": "kernel", "rows": 2, "columns": 1})
    assert np.shape(board(at, "kernel1_2")["values"]) == (2, 1)
    assert board(at, "kernel1_2")["values"] == DEFAULT.kernels[1, 2, :2, :1].tolist()
    tell(at, resize={"name": "kernel", "rows": 3, "columns": 3})
    assert board(at, "kernel1_2")["values"] == DEFAULT.kernels[1, 2].tolist()


def test_another_channel_comes_with_a_slice_of_every_kernel_and_goes_with_it() -> None:
    at = open_page()
    choose(at, "Channels", 4)
    boards = grid(at)["boards"]
    assert {"input3", "kernel0_3", "kernel1_3"} <= set(boards)
    assert boards["kernel1_0"]["values"] == DEFAULT.kernels[1, 0].tolist()
    assert len(grid(at)["parts"][0]) == 4
    choose(at, "Channels", 2)
    assert "kernel0_2" not in grid(at)["boards"]
    choose(at, "Channels", 3)
    assert totals(at) == [map_.ravel().tolist() for map_ in walk(DEFAULT).totals[:, 0]]


def test_another_kernel_comes_with_a_bias_and_a_map() -> None:
    at = open_page()
    choose(at, "Kernels", 3)
    assert len(totals(at)) == 3
    assert board(at, "bias")["values"] == [[1], [0], [0]]
    choose(at, "Kernels", 1)
    assert len(totals(at)) == 1
    assert board(at, "bias")["title"] == "Bias"


def test_a_thinner_kernel_gives_a_volume_and_as_deep_as_the_input_one_map() -> None:
    at = open_page(ch_kernel=format_kernels(DEFAULT.kernels[:1]), ch_bias="0")
    assert len(totals(at)) == 1
    choose(at, "Kernel depth", 1)
    assert list(grid(at)["boards"])[-3:] == ["out0_0", "out0_1", "out0_2"]
    assert [group["sections"][0]["left"] for group in grid(at)["groups"]] == ["input0", "input1", "input2"]
    choose(at, "Kernel depth", 3)
    assert len(totals(at)) == 1


def test_groups_make_kernels_thinner_and_their_number_a_multiple() -> None:
    at = open_page()
    choose(at, "Groups", 3)
    assert len(totals(at)) == 3
    assert [section["left"] for group in grid(at)["groups"] for section in group["sections"]] == [
        "input0",
        "input1",
        "input2",
    ]
    assert menu(at, "Kernel depth").disabled
    assert list(menu(at, "Kernels").options) == ["3"]
    assert at.query_params["ch_groups"] == "3"
    choose(at, "Channels", 2)
    assert at.query_params["ch_groups"] == "2", "depthwise stays depthwise"
    choose(at, "Groups", 1)
    assert grid(at)["refusal"] is None
    assert len(grid(at)["parts"][0]) == 2


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"ch_input": "1,2,3;4,5,6;7,8,9"}, "The kernel is 3 deep but the input has 1 channel"),
        ({"ch_groups": "3"}, "groups=3 does not divide the 2 kernels"),
        ({"ch_groups": "2"}, "groups=2 does not divide the 3 channels"),
        ({"ch_input": "1|2|3", "ch_padding": "0"}, "3×3 kernel does not fit into a 1×1 input"),
    ],
)
def test_settings_without_an_output_say_so_beside_the_grids(parameters: dict[str, str], sentence: str) -> None:
    at = open_page(**parameters)
    assert re.search(sentence, grid(at)["refusal"], re.IGNORECASE)
    assert not at.warning
    choose(at, "Preset", "one_map")
    assert grid(at)["refusal"] is None


def boards_of(node: Any) -> list[str]:
    """The leaves of an arrangement."""
    return [node] if isinstance(node, str) else [leaf for item in node["items"] for leaf in boards_of(item)]


@pytest.mark.parametrize("parameters", [{"ch_groups": "3"}, {"ch_groups": "2"}, {"ch_input": "1,2,3;4,5,6;7,8,9"}])
def test_settings_without_an_output_leave_all_kernels_where_they_are(parameters: dict[str, str]) -> None:
    data = grid(open_page(**parameters))
    for arrangement in data["arrangements"]:
        leaves = [leaf for leaf in boards_of(arrangement["node"]) if leaf not in ("", "+", "=", "(sum)")]
        assert sorted(leaves) == sorted(data["boards"])


def test_another_number_of_kernels_is_all_that_groups_need() -> None:
    at = open_page(ch_groups="3")
    assert "use groups=1, or 3 kernels" in grid(at)["refusal"]
    choose(at, "Kernels", 3)
    assert grid(at)["refusal"] is None
    assert len(grid(at)["parts"][0]) == 1, "each kernel sees one channel"


def test_a_prediction_of_one_channel_alone_is_told() -> None:
    at = open_page(ch_input="5|70|900", ch_kernel="1|1|1||1|2|1", ch_bias="1;0", ch_stride="1", ch_padding="0")
    tell(at, guess={"number": 1, "step": 0, "text": "900"})
    answer = grid(at)["predict"]["answers"]["0"]
    assert answer["sentence"] == "Channel 3 alone gives 900: add up the sums of all channels."
    assert answer["terms"] == [0, 1]
    tell(at, guess={"number": 2, "step": 0, "text": "975"})
    assert "Without the bias the sum is 975" in grid(at)["predict"]["answers"]["0"]["sentence"]
    tell(at, guess={"number": 3, "step": 1, "text": "976"})
    assert "what kernel 1 gives here" in grid(at)["predict"]["answers"]["1"]["sentence"]
    tell(at, guess={"number": 4, "step": 1, "text": "1045"})
    assert grid(at)["predict"]["answers"]["1"]["right"]


def test_random_numbers_come_from_the_seed() -> None:
    at, again = open_page(), open_page()
    for each in (at, again):
        next(field for field in each.number_input if field.label == "Seed").set_value(5)
        each.button(key="channels_fill").click()
        rerun(each)
    assert board(at, "input0")["values"] == board(again, "input0")["values"] != DEFAULT.input[0].tolist()


@pytest.mark.parametrize("name", ["edit", "resize", "place", "guess"])
@pytest.mark.parametrize(
    "sent",
    [None, "text", 7, {"stacks": {"kernel": [["1"]]}}, {"name": "kernel", "rows": 99}, {"step": -1, "number": 1}],
)
def test_the_page_bears_whatever_a_browser_may_send(name: str, sent: Any) -> None:
    at = open_page()
    message = {"revision": grid(at)["revision"]} | sent if isinstance(sent, dict) else sent
    at.session_state[GRID.key] = {name: message}
    rerun(at)
    assert grid(at)["refusal"] is None


def test_the_largest_screen_stays_small_enough_for_every_edit() -> None:
    shape = ("|".join([";".join(["1,2,3,4,5,6,7,8"] * 8)] * 4), "|".join(["-1,2,1;3,1,2;1,-3,1"] * 4))
    link = {"ch_input": shape[0], "ch_bias": "0;0;0;0", "ch_padding": "2", "ch_stride": "1"}
    at = open_page(ch_kernel="||".join([shape[1]] * 4), **link)
    assert sum(part.proto.ByteSize() for part in at.get("bidi_component")) < 150_000
    at = open_page(ch_kernel="||".join(["|".join(shape[1].split("|")[:2])] * 4), **link)
    assert len(totals(at)) == 12
    assert sum(part.proto.ByteSize() for part in at.get("bidi_component")) < 150_000


def test_a_link_opens_ones_own_numbers_at_the_step_that_it_names() -> None:
    for step in (3, 4, 5):
        at = open_page(ch_input="|".join([";".join(["1,2,3,4,5"] * 5)] * 3), ch_step=str(step))
        assert grid(at)["step"] == step


@pytest.mark.parametrize("name", ABOUT_DEPTH)
def test_what_a_preset_is_there_to_say_stands_beside_the_player(name: str) -> None:
    at = open_page()
    usual = grid(at)["words"]["tip"]
    menu(at).select(name)
    rerun(at)
    note = PRESETS[name].note
    assert grid(at)["words"]["tip"] == note
    assert note not in [caption.value for caption in at.caption]
    # In present mode it has one line of 125 characters.
    assert len(note) <= 125
    menu(at).select("groups")
    rerun(at)
    assert grid(at)["words"]["tip"] == usual
