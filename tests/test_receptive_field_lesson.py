"""The receptive-field lesson: stacks and their text, presets, what a wrong answer tells, and code that runs."""

import contextlib
import io
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnnlab.errors import ParseError
from cnnlab.lessons.receptive_field.agreement import check_with_torch
from cnnlab.lessons.receptive_field.presets import LENET5, PRESETS, StackSettings, preset_of
from cnnlab.lessons.receptive_field.pytorch_code import network_code, probe_code
from cnnlab.lessons.receptive_field.quiz import judge, parse_answer, slips
from cnnlab.lessons.receptive_field.stack import (
    LIMITS,
    MAX_LAYERS,
    Stack,
    StackLayer,
    format_layers,
    format_unit,
    parse_layers,
    parse_unit,
)
from cnnlab.networks import Network
from cnnlab.presets import Preset
from cnnlab.pytorch_text import Style

LAYERS = st.builds(
    StackLayer,
    st.sampled_from(["conv", "pool"]),
    st.integers(*LIMITS["kernel"]),
    st.integers(*LIMITS["stride"]),
    st.integers(*LIMITS["padding"]),
    st.integers(*LIMITS["dilation"]),
)
SMALL_LAYERS = st.builds(
    StackLayer,
    st.sampled_from(["conv", "pool"]),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(1, 3),
)


@st.composite
def stacks(draw: st.DrawFn) -> Stack:
    """Draw a stack of which at least one layer fits."""
    stack = Stack(draw(st.integers(1, 24)), tuple(draw(st.lists(SMALL_LAYERS, min_size=1, max_size=5))))
    assume(stack.rows)
    return stack


# --- text -------------------------------------------------------------------------------------------------------------


@given(st.lists(LAYERS, max_size=MAX_LAYERS).map(tuple))
def test_layers_come_back_from_their_text(layers: tuple[StackLayer, ...]) -> None:
    assert parse_layers(format_layers(layers)) == layers


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x3", "Layer 1 is 'x3': write c3 for a convolution of 3×3 or p2 for a pooling"),
        ("c3,,p2", "Layer 2 is ''"),
        ("c", "Layer 1 is 'c'"),
        ("c3s0", "Layer 1 has stride 0: use 1 to 6"),
        ("c3,c12", "Layer 2 has kernel 12: use 1 to 11"),
        ("c3p99", "Layer 1 has padding 99: use 0 to 10"),
        ("c3d9", "Layer 1 has dilation 9: use 1 to 8"),
        ("c3s1s2", "Layer 1 sets stride twice: set it once"),
        (",".join(["c3"] * 9), "There are 9 layers: use at most 8"),
        ("c3" * 200, "more than 200 characters"),
        ("c٣", "Layer 1 is"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse_layers(text)


def test_no_layer_has_a_text_of_its_own() -> None:
    assert format_layers(()) == "none"
    assert parse_layers("none") == parse_layers(" ") == ()


def test_a_unit_comes_back_from_its_text_and_one_that_is_not_there_is_refused() -> None:
    assert parse_unit("3,5,9", LENET5) == (3, 5, 9)
    assert format_unit((3, 5, 9)) == "3,5,9"
    for text in ("3,10,0", "6,0,0", "0,0,0", "3,5", "a,b,c", "3,-1,0", "", "3,5,9,1"):
        with pytest.raises(
            ParseError, match="a link counts from 1, and the row and column of a unit in it, counted from 0"
        ):
            parse_unit(text, LENET5)


# --- stacks -----------------------------------------------------------------------------------------------------------


@given(stacks())
@settings(deadline=None, max_examples=100)
def test_a_stack_has_the_sizes_and_fields_of_its_network(stack: Stack) -> None:
    layers = tuple(row.layer.to_layer() for row in stack.rows)
    for row, summary in zip(stack.rows, Network("one", layers).summary((1, stack.size, stack.size)), strict=True):
        assert (row.size, row.field) == (summary.output_shape[1], summary.view.height)
    assert stack.chain.sizes == (stack.size, *(row.size for row in stack.rows))


@given(stacks())
@settings(deadline=None, max_examples=100)
def test_the_sums_that_are_written_out_are_true(stack: Stack) -> None:
    for row in stack.rows:
        for text in row.recurrence().values():
            left, right = text.replace("−", "-").replace("·", "*").rsplit(" = ", 1)
            left = left.replace("⌊", "(").replace("⌋", ")").replace("/", "//")
            assert eval(left) == int(right), text


def test_lenets_sums_are_those_of_the_lecture() -> None:
    assert [row.recurrence()["field"] for row in LENET5.rows] == [
        "1 + (5 − 1)·1 = 5",
        "5 + (2 − 1)·1 = 6",
        "6 + (5 − 1)·2 = 14",
        "14 + (2 − 1)·2 = 16",
        "16 + (5 − 1)·4 = 32",
    ]


def test_what_stands_before_a_layer_that_does_not_fit_is_still_there() -> None:
    stack = Stack(8, parse_layers("c3,p2,c5,c3"))
    assert [row.size for row in stack.rows] == [6, 3]
    assert stack.trouble is not None
    assert stack.trouble.number == 3
    assert stack.trouble.sentence.startswith("Layer 3 (conv 5×5) does not fit. ")
    assert "kernel of 5 does not fit into 3 pixels with padding 0" in stack.trouble.sentence


def test_a_pooling_that_pytorch_refuses_is_trouble_too() -> None:
    trouble = Stack(8, parse_layers("p2p2")).trouble
    assert trouble is not None
    assert "more than half of its kernel size 2" in trouble.sentence


def test_a_unit_that_is_gone_gives_way_to_the_nearest() -> None:
    assert LENET5.nearest(None) == LENET5.middle == (5, 0, 0)
    assert LENET5.nearest((3, 12, 4)) == (3, 9, 4)
    assert LENET5.nearest((8, 1, 1)) == (5, 0, 0)
    assert Stack(5, ()).nearest((1, 1, 1)) is None


@given(stacks())
@settings(deadline=None, max_examples=30)
def test_a_layer_is_found_in_the_network_behind_its_relu(stack: Stack) -> None:
    layers = stack.network_layers()
    sizes = [summary.output_shape[1] for summary in Network("own", layers).summary((3, stack.size, stack.size))]
    for row in stack.rows:
        index = stack.index_in_network(row.number)
        assert sizes[index] == row.size
        assert layers[index].name == ("ReLU" if row.layer.kind == "conv" else "MaxPool2d")


# --- presets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_fits_and_has_its_unit(preset: Preset[StackSettings]) -> None:
    assert preset.settings.stack.trouble is None
    assert preset_of(preset.settings.stack) == preset
    assert preset.settings.stack.nearest(preset.settings.unit) == (preset.settings.unit or preset.settings.stack.middle)


FIELDS = {
    "lecture": [3, 4],
    "two_3x3": [3, 5],
    "one_5x5": [5],
    "lenet5": [5, 6, 14, 16, 32],
    "strides": [3, 7, 15],
    "gridding": [5, 9, 13],
    "hybrid": [3, 7, 13],
    "vgg16": [3, 5, 6, 10, 14, 16, 24, 32],
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sees_what_its_note_says(name: str) -> None:
    assert [row.field.size for row in PRESETS[name].settings.stack.rows] == FIELDS[name]


def test_the_gridding_preset_has_holes_and_the_hybrid_one_has_none() -> None:
    paths = {}
    for name, preset in PRESETS.items():
        unit = preset.settings.stack.middle
        assert unit
        paths[name] = int(preset.settings.stack.region(unit).mask.sum())
    assert paths["gridding"] == 7 * 7
    assert paths["hybrid"] == 13 * 13


def test_two_small_kernels_have_fewer_weights_than_a_large_one() -> None:
    by_key = {name: preset.settings.stack for name, preset in PRESETS.items()}
    assert by_key["two_3x3"].weights_sentence() == (
        "With C channels everywhere, the 2 convolutions have 18·C² weights; one of 5×5, which sees as much, has 25·C²."
    )
    assert by_key["one_5x5"].weights_sentence() is None
    assert "which spans as much" in (by_key["gridding"].weights_sentence() or "")


# --- quiz -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer", "sentence"),
    [
        ("c5,p2,c5", 10, "The jump is forgotten"),
        ("c5,p2,c5", 17, "whole kernels are added"),
        ("c3,c3", 7, "The − 1 is forgotten: the first cell"),
        ("c3,c3", 6, "whole kernels are added"),
        ("c5,p2,c5", 12, "this is the sum of the kernels"),
        ("c5,p2,c5", 50, "Receptive fields are not multiplied"),
        ("c5,p2,c5", 13, "The 1 to begin with is forgotten"),
        ("c3d2,c3d2", 5, "The dilation is forgotten"),
        ("c3d2,c3d2", 11, "taken too wide"),
        ("c3s2,c3", 9, "own stride does not widen"),
        ("c3s2,c3s2,c3", 11, "product of all strides before"),
        ("c3p1,c3p1", 9, "Padding does not make a unit see more"),
        ("c5,p2,c5", 6, "one layer is missing"),
        ("c5,p2,c5", 5, "the map right before it"),
        ("c5,p2,c5", 2, "This is the jump"),
        ("c3,p2,c3", 13, "how large the layer's map is"),
        ("c5,p2,c5", 196, "the number of pixels in the square"),
    ],
)
def test_a_slip_is_told_by_its_answer(text: str, answer: int, sentence: str) -> None:
    verdict = judge(Stack(32, parse_layers(text)).rows, Fraction(answer))
    assert not verdict.right
    assert any(sentence in one for one in verdict.sentences), verdict.sentences


@given(stacks())
@settings(deadline=None, max_examples=100)
def test_the_right_answer_is_never_taken_for_a_slip(stack: Stack) -> None:
    right = stack.rows[-1].field.size
    assert judge(stack.rows, Fraction(right)).right
    for slip in slips(stack.rows):
        assert judge(stack.rows, Fraction(slip.value)).right == (slip.value == right)


def test_an_answer_may_be_a_square() -> None:
    assert parse_answer("14x14") == parse_answer("14 × 14") == parse_answer(" 14 ") == 14
    with pytest.raises(ParseError, match="is not the side of a square: give one number"):
        parse_answer("14x13")
    with pytest.raises(ParseError, match="is not a number"):
        parse_answer("many")


@pytest.mark.parametrize("typed", ["xxx", "x", "14x", "×", "x14", "1xx1"])
def test_what_has_a_side_left_out_is_named_as_it_was_typed(typed: str) -> None:
    with pytest.raises(ParseError) as refused:
        parse_answer(f" {typed} ")
    assert str(refused.value) == f"'{typed}' is not a number: give one, 14 for instance."


# --- PyTorch ----------------------------------------------------------------------------------------------------------


@given(stacks(), st.data())
@settings(deadline=None, max_examples=60)
def test_autograd_agrees_on_any_unit(stack: Stack, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(stack.rows)))
    places = st.integers(0, stack.rows[number - 1].size - 1)
    agreement = check_with_torch(stack, (number, data.draw(places), data.draw(places)))
    assert agreement.agrees
    assert agreement.cells == stack.size**2


@given(stacks(), st.data())
@settings(deadline=None, max_examples=40)
def test_the_probe_prints_what_its_comment_says(stack: Stack, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(stack.rows)))
    places = st.integers(0, stack.rows[number - 1].size - 1)
    code = probe_code(stack, (number, data.draw(places), data.draw(places)))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    said = code.splitlines()[-1].rsplit("# ", 1)[1]
    assert printed.getvalue().strip() == said.split(":")[0]


@pytest.mark.parametrize("style", ["short", "slides"])
@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_the_networks_code_runs_and_has_the_shapes_of_its_comments(preset: Preset[StackSettings], style: Style) -> None:
    code = network_code(preset.settings.stack, style)
    assert ("in_channels=" in code) == (style == "slides")
    names: dict[str, nn.Sequential] = {}
    exec(code, names)
    x = torch.zeros(1, 3, preset.settings.stack.size, preset.settings.stack.size)
    lines = code.splitlines()[3:-1]
    for layer, line in zip(names["model"], lines, strict=True):
        x = layer(x)
        shape = " × ".join(map(str, x.shape[1:]))
        assert f"# {shape}, each unit sees" in line


def test_a_difference_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    region = LENET5.region((3, 5, 5))
    region.rows.paths[0] = 1
    monkeypatch.setattr(Stack, "region", lambda *_: region)
    agreement = check_with_torch(LENET5, (3, 5, 5))
    assert not agreement.agrees
    assert agreement.where == (0, 10)


def test_paths_of_the_lesson_are_those_of_the_core() -> None:
    assert np.array_equal(LENET5.region((3, 0, 0)).paths[:14, :14] > 0, np.ones((14, 14), bool))
