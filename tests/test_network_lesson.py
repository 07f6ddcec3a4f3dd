"""What the network page teaches with: forms, texts of links, hidden numbers, verdicts, PyTorch's agreement."""

import math
import re
from contextlib import suppress
from urllib.parse import quote

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.errors import ParseError
from cnnlab.layers import (
    LAYER_TYPES,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Shape,
    short_shape,
)
from cnnlab.lessons.network.agreement import check_with_torch
from cnnlab.lessons.network.forms import MAX_VALUE, fields_of, read_layer
from cnnlab.lessons.network.hiding import askable, covers
from cnnlab.lessons.network.inpainting import through, with_hole
from cnnlab.lessons.network.presets import PRESETS, known, known_as_written, preset_of
from cnnlab.lessons.network.quiz import judge_params, judge_shape
from cnnlab.lessons.network.texts import (
    Question,
    describe_count,
    format_hidden,
    format_net,
    parse_hidden,
    parse_net,
)
from cnnlab.lessons.receptive_field.of_network import stack_of
from cnnlab.lessons.receptive_field.stack import format_layers, parse_layers
from cnnlab.networks import LayerSummary, Network, lenet5, parse_network, parse_shape
from cnnlab.networks.code import Form
from cnnlab.networks.suggestions import read
from tests import drawn_layers

LENET5 = lenet5().summary()


def texts(layer: Layer) -> dict[str, str]:
    return {field.name: field.value for field in fields_of(layer)}


# --- forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYER_TYPES)
@given(data=st.data())
def test_a_form_gives_back_the_layer_that_it_was_made_from(name: str, data: st.DataObject) -> None:
    layer = data.draw(drawn_layers.layers(LAYER_TYPES[name]))
    assert read_layer(name, texts(layer)) == layer


@pytest.mark.parametrize("name", LAYER_TYPES)
def test_every_layer_type_begins_with_settings_that_fit_what_arrives(name: str) -> None:
    rows = [field.name for field in fields_of(read_layer(name, {}))]
    arriving = (128,) if "in_features" in rows or name == "BatchNorm1d" else (8, 16, 16)
    assert read_layer(name, {}, arriving).output_shape(arriving)


def test_what_makes_sense_is_filled_in_for_a_new_layer() -> None:
    assert str(read_layer("Conv2d", {}, (3, 32, 32))) == "Conv2d(3, 16, kernel_size=3)"
    assert str(read_layer("MaxPool2d", {}, (3, 32, 32))) == "MaxPool2d(kernel_size=2)"
    assert str(read_layer("Linear", {}, (400,))) == "Linear(400, 10)"
    assert str(read_layer("BatchNorm2d", {}, (16, 5, 5))) == "BatchNorm2d(16)"


def test_another_type_keeps_the_arguments_that_it_shares() -> None:
    assert read_layer("AvgPool2d", texts(MaxPool2d(3, 2, dilation=2))) == AvgPool2d(3, 2)


@pytest.mark.parametrize("text", ["3x5", "3 × 5", "(3, 5)", " 3 , 5 "])
def test_a_pair_is_read_in_the_ways_in_which_it_is_written(text: str) -> None:
    layer = read_layer("Conv2d", {"kernel_size": text}, (1, 9, 9))
    assert isinstance(layer, Conv2d)
    assert layer.kernel_size == (3, 5)


@pytest.mark.parametrize("text", ["None", "none", ""])
def test_none_is_read_where_it_is_allowed(text: str) -> None:
    assert read_layer("MaxPool2d", {"kernel_size": "2", "stride": text}) == MaxPool2d(2)


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("LSTM", {}, "'LSTM' is not a layer that the lab knows: use Conv2d"),
        ("Conv2d", {"kernel_size": "0"}, "Conv2d's kernel_size must be a whole number from 1 to 512 or a pair of them"),
        ("Conv2d", {"kernel_size": "3x4x5"}, "kernel_size must be a whole number from 1 to 512"),
        ("Conv2d", {"in_channels": "2.5"}, "in_channels must be a whole number"),
        ("Conv2d", {"in_channels": "3", "groups": "2"}, "groups"),
        ("Conv2d", {"padding": "half"}, "'same' or 'valid', not 'half'"),
        ("Conv2d", {"bias": "perhaps"}, "Conv2d's bias must be True or False"),
        ("Conv2d", {"padding_mode": "mirror"}, "padding_mode must be 'zeros'"),
        ("Dropout", {"p": "2"}, "p must be a number from 0 to 1"),
        ("Conv2d", {"kernel_size": "9" * (MAX_VALUE + 1)}, f"write at most {MAX_VALUE} characters"),
    ],
)
def test_a_field_that_cannot_be_is_named(name: str, fields: dict[str, str], sentence: str) -> None:
    with pytest.raises(ParseError, match=re.escape(sentence)):
        read_layer(name, fields, (4, 9, 9))


@given(st.sampled_from(list(LAYER_TYPES)), st.dictionaries(st.sampled_from(["kernel_size", "p", "stride"]), st.text()))
def test_no_text_breaks_a_form(name: str, fields: dict[str, str]) -> None:
    with suppress(ParseError):
        assert read_layer(name, fields, (4, 9, 9)).name == name


# --- texts of links ---------------------------------------------------------------------------------------------------


@given(drawn_layers.networks())
def test_a_links_network_is_the_one_that_it_was_written_for(drawn: tuple[Network, Shape]) -> None:
    network, input_shape = drawn
    text = format_net(network)
    assert " " not in text
    assert parse_net(text).layers == network.layers
    assert parse_shape(short_shape(input_shape)) == input_shape


def test_vgg16_is_a_usable_link() -> None:
    assert len(quote(format_net(PRESETS["vgg16"].settings.network), safe="")) < 1500


def test_no_layers_are_a_text_too() -> None:
    assert parse_net(format_net(Network("network", ()))).layers == ()


questions = st.frozensets(st.tuples(st.sampled_from(["shape", "params"]), st.integers(0, 99)))


@given(questions)
def test_hidden_numbers_are_written_and_read(hidden: frozenset[Question]) -> None:
    assert parse_hidden(format_hidden(hidden)) == hidden


@pytest.mark.parametrize("text", ["x3", "s", "s1e3", "s100", "p-1", "s²", "0", "s0000" + "9" * 5000])
def test_what_are_no_hidden_numbers_is_told(text: str) -> None:
    with pytest.raises(ParseError, match="It lists the rows whose numbers are hidden"):
        parse_hidden(text)


def test_large_numbers_are_written_short() -> None:
    assert [describe_count(number) for number in (999_999, 1_000_000, 86_704_128)] == ["999,999", "1.00 M", "86.7 M"]


def test_presets_are_known_by_their_layers_and_input() -> None:
    for key, preset in PRESETS.items():
        shown = preset.settings
        parsed = parse_net(format_net(shown.network))
        assert preset_of(parsed, shown.input_shape) == key
        assert known(parsed) == shown.network


@pytest.mark.parametrize("form", ["sequential", "module", "slides"])
def test_a_preset_is_known_by_its_code_in_every_form(form: Form) -> None:
    for preset in PRESETS.values():
        shown = preset.settings.network
        if shown.layers:
            assert known_as_written(parse_network(shown.to_code(form=form))) == shown


def test_presets_say_their_numbers_rightly() -> None:
    numbers = {
        key: sum(row.num_params for row in read(one.settings.network, one.settings.input_shape).rows)
        for key, one in PRESETS.items()
    }
    assert numbers["lenet5-cifar"] == 64_102
    assert numbers["lenet5-1998"] == 61_706
    assert numbers["vgg16"] == 138_357_544
    assert LENET5[6].num_params > 0.74 * 64_102
    linear = [row.num_params for row in PRESETS["alexnet"].settings.network.summary() if row.name == "Linear"]
    assert round(sum(linear) / 1e6) == 59
    assert 102_764_544 in [row.num_params for row in PRESETS["vgg16"].settings.network.summary()]


def test_a_hole_is_closed_with_and_without_padding_and_only_with_it_the_result_fits() -> None:
    picture, known = with_hole()
    assert known.sum() == 32 * 32 - 6 * 6
    assert picture[known].min() > 0
    assert not picture[~known].any()
    for padding, key in ((0, "inpainting"), (1, "inpainting-padded")):
        way = through(padding)
        sides = [row.output_shape[1:] for row in PRESETS[key].settings.network.summary()]
        assert [made.shape for made in way.pictures] == [(32, 32), *sides]
        assert [made.min() > 0 for made in way.pictures] == [False, False, False, True]
        # PyTorch's, of what is known: the sum, and how many pixels are in it.
        x, mask = torch.tensor(np.stack([picture, known]).astype(float))[:, None, None]
        ones = torch.ones(1, 1, 3, 3, dtype=x.dtype)
        for made in way.pictures[1:]:
            total, count = (torch.nn.functional.conv2d(each, ones, padding=padding) for each in (x * mask, mask))
            x, mask = total / count.clamp(min=1), (count > 0).to(x.dtype)
            assert np.abs(x[0, 0].numpy() - made).max() <= 0.5 + 1e-9
    filled = through(1).filled
    assert through(0).filled is None
    assert filled is not None
    assert (filled[known] == picture[known]).all()
    # What fills the hole lies between the shades around it.
    assert picture[11:23, 11:23][known[11:23, 11:23]].min() <= filled[~known].min()


# --- hidden numbers ---------------------------------------------------------------------------------------------------


def test_layers_that_pass_numbers_on_are_covered_with_what_they_pass_on() -> None:
    tutorial = PRESETS["mismatch"].settings.network.summary((1, 32, 32))
    found = covers(tutorial, frozenset({("shape", 5)}))  # the last pooling; Flatten and Linear would tell
    assert [cover.shape for cover in found] == [False] * 5 + [True, True] + [False] * 5
    assert found[7].arguments == ("in_features",)
    assert found[7].params
    assert found[7].costs


@given(drawn_layers.networks(), questions)
def test_what_is_asked_for_is_covered_and_nothing_else_without_a_question(
    drawn: tuple[Network, Shape], hidden: frozenset[Question]
) -> None:
    network, input_shape = drawn
    rows = network.summary(input_shape)
    found = covers(rows, hidden)
    for index, cover in enumerate(found):
        assert cover.shape or ("shape", index) not in hidden
        assert cover.params or ("params", index) not in hidden
        assert cover.input == (index > 0 and found[index - 1].shape)
    assert not any(cover.shape or cover.params for cover in covers(rows, frozenset()))


def test_shapes_that_change_and_layers_that_learn_are_worth_asking() -> None:
    assert {index for _, index in askable(LENET5, "shape")} == {0, 2, 3, 5, 6, 8, 9, 11}
    assert {index for _, index in askable(LENET5, "params")} == {0, 3, 6, 9, 11}


# --- verdicts ---------------------------------------------------------------------------------------------------------


@given(drawn_layers.networks())
def test_the_right_answer_is_right_and_any_other_is_not(drawn: tuple[Network, Shape]) -> None:
    network, input_shape = drawn
    for row in network.summary(input_shape):
        assert judge_shape(row, " x ".join(map(str, row.output_shape))).right
        assert judge_params(row, f"{row.num_params:,}").right
        for wrong in ("77777", "7 x 77777 x 7", "0", "1", "2 x 3", "1x1x1x1"):
            for verdict in (judge_shape(row, wrong), judge_params(row, wrong)):
                assert verdict.right or verdict.sentences


def row_of(layer: Layer, input_shape: Shape) -> LayerSummary:
    return Network("one", (layer,)).summary(input_shape)[0]


@pytest.mark.parametrize(
    ("layer", "input_shape", "answer", "sentence"),
    [
        (Conv2d(3, 6, 5), (3, 32, 32), "6x27x27", "Height and width: The + 1 is missing"),
        (Conv2d(3, 6, 5, padding=2), (3, 32, 32), "6x30x30", "Height and width: The padding is counted on one side"),
        (Conv2d(3, 6, 5, padding=2), (3, 32, 32), "6x28x28", "Height and width: The padding is forgotten"),
        (Conv2d(3, 6, 3, stride=2), (3, 32, 32), "6x15.5x15.5", "Height and width: The floor is missing"),
        (Conv2d(3, 6, 3, stride=2), (3, 32, 32), "6x30x30", "Height and width: The stride is forgotten"),
        (Conv2d(3, 6, (5, 3)), (3, 32, 32), "6x28x29", "Width: The + 1 is missing"),
        (Conv2d(3, 6, 5), (3, 32, 32), "28x28x6", "PyTorch writes channels × height × width"),
        (Conv2d(3, 6, 5), (3, 32, 32), "3x28x28", "3 channels come in. What comes out has a channel for each kernel"),
        (Conv2d(3, 6, 5), (3, 32, 32), "5x28x28", "Channels: there is one map for each kernel"),
        (Conv2d(3, 6, 5), (3, 32, 32), "28", "Right for height and width. Which channels?"),
        (Conv2d(3, 6, 5), (3, 32, 32), "6x28", "One of the three sizes is missing: a map has channels × height"),
        (Conv2d(3, 6, 5), (3, 32, 32), "27x27", "One of the three sizes is missing: a map has channels × height"),
        (Conv2d(3, 6, 5), (3, 32, 32), "27x27", "Height and width: The + 1 is missing"),
        (Conv2d(3, 6, 5), (3, 32, 32), "4704", "That is how many numbers the map has in all"),
        (Conv2d(3, 6, 5), (3, 32, 32), "1x6x28x28", "The batch is left out here"),
        (MaxPool2d(2), (6, 28, 28), "3x14x14", "Channels: this layer works on each channel separately"),
        (MaxPool2d(2), (6, 28, 28), "6x28x28", "This is the size of the input"),
        (Flatten(), (16, 5, 5), "25", "The channels are forgotten: there are 16 maps of 5 × 5"),
        (Flatten(), (16, 5, 5), "80", "One side is forgotten"),
        (Flatten(), (16, 5, 5), "26", "The sizes are multiplied, not added"),
        (Flatten(), (16, 5, 5), "16x5x5", "what comes out is one row of numbers: multiply them"),
        (Linear(400, 120), (400,), "400", "This is how many numbers come in"),
        (Linear(400, 120), (400,), "7", "Not this. Put the numbers into the formula"),
        (Conv2d(3, 6, 5), (3, 32, 32), "six", "not a number"),
    ],
)
def test_a_wrong_shape_is_told_what_was_forgotten(layer: Layer, input_shape: Shape, answer: str, sentence: str) -> None:
    verdict = judge_shape(row_of(layer, input_shape), answer)
    assert not verdict.right
    assert any(sentence in one for one in verdict.sentences), verdict.sentences


@pytest.mark.parametrize(
    ("layer", "input_shape", "answer", "sentence"),
    [
        (Conv2d(3, 6, 5), (3, 32, 32), "450", "The biases are missing: each output has one."),
        (Conv2d(3, 6, 5), (3, 32, 32), "451", "There is a bias for each kernel, not one for all."),
        (Conv2d(3, 6, 5), (3, 32, 32), "156", "in_channels is forgotten"),
        (Conv2d(3, 6, 5), (3, 32, 32), "76", "out_channels is forgotten: this is one kernel, and there are 6."),
        (Conv2d(3, 6, 5), (3, 32, 32), "352800", "This is how many multiplications it takes"),
        (Conv2d(3, 6, 5), (3, 32, 32), "4704", "This is how many numbers come out"),
        (Conv2d(3, 6, 5, bias=False), (3, 32, 32), "456", "bias is False: this layer has no biases."),
        (Conv2d(4, 8, 3, groups=2), (4, 9, 9), "296", "With groups=2 a kernel sees only 2 of the 4 channels."),
        (Linear(400, 120), (400,), "48000", "The biases are missing: each output has one."),
        (Linear(400, 120), (400,), "48,400", "There is a bias for each output, not for each input."),
        (Linear(400, 120), (400,), "520", "Every output has a weight for every input: multiply."),
        (BatchNorm2d(16), (16, 5, 5), "16", "Each channel learns two numbers: a scale and a shift."),
        (BatchNorm2d(16), (16, 5, 5), "64", "Running mean and variance are not learned"),
        (ReLU(), (6, 28, 28), "1", "It has nothing to learn"),
        (Linear(400, 120), (400,), "7", "Not this. Put the numbers into the formula"),
    ],
)
def test_a_wrong_number_of_parameters_is_told_what_was_forgotten(
    layer: Layer, input_shape: Shape, answer: str, sentence: str
) -> None:
    row = row_of(layer, input_shape)
    verdict = judge_params(row, answer)
    assert not verdict.right
    assert any(sentence in one for one in verdict.sentences), verdict.sentences
    assert not any(re.search(rf"(?<!\d){row.num_params:,}(?!\d)", one) for one in verdict.sentences if row.num_params)


def test_the_formula_is_shown_without_what_it_comes_to() -> None:
    assert judge_params(LENET5[0], "1").sentences[-1] == "(5×5×3 + 1) × 6 = ?"
    assert judge_shape(LENET5[0], "1").sentences[-2] == "height and width: floor((32 + 2×0 - 5) / 1) + 1 = ?"


# --- other pages and PyTorch ------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(drawn_layers.networks())
def test_pytorch_agrees_on_every_layer(drawn: tuple[Network, Shape]) -> None:
    network, input_shape = drawn
    answer = check_with_torch(network, input_shape)
    assert answer.agrees, answer
    assert answer.shape == (len(network.layers), 4)


@given(drawn_layers.doubtful_networks())
def test_pytorch_stops_where_the_lab_does(drawn: tuple[Network, Shape]) -> None:
    network, input_shape = drawn
    reading = read(network, input_shape)
    answer = check_with_torch(network, input_shape)
    # Some of what the lab refuses PyTorch takes: rows for unbatched maps, to begin with.
    assert answer.agrees or (reading.problem and not reading.problem.torch_says), (reading.problem, answer)
    assert answer.where is None or answer.where[0] == len(reading.rows)
    assert answer.shape == (len(reading.rows) + (reading.problem is not None), 4)


def test_pytorch_agrees_on_vgg16_without_drawing_its_weights() -> None:
    preset = PRESETS["vgg16"].settings
    assert check_with_torch(preset.network, preset.input_shape).agrees


@given(drawn_layers.networks())
def test_what_the_receptive_field_page_is_sent_is_what_it_reads(drawn: tuple[Network, Shape]) -> None:
    network, input_shape = drawn
    stack = stack_of(network.layers, input_shape).stack
    assert parse_layers(format_layers(stack.layers)) == stack.layers
    assert 1 <= stack.size <= 64


def test_the_receptive_field_page_is_sent_what_it_can_show() -> None:
    assert format_layers(stack_of(lenet5().layers, (3, 32, 32)).stack.layers) == "c5,p2,c5,p2,c5"
    vgg = stack_of(PRESETS["vgg16"].settings.network.layers, (3, 224, 224))
    assert format_layers(vgg.stack.layers) == "c3p1,c3p1,p2,c3p1,c3p1,p2,c3p1,c3p1"
    assert vgg.remarks == (
        "Receptive field ends before layer 15: it shows 8 layers with windows.",
        "Receptive field shows it on 64 × 64 pixels, not on the 224 × 224 of this network.",
    )
    same = stack_of((Conv2d(3, 6, 5, padding="same"), Conv2d(6, 6, (3, 5))), (3, 32, 32))
    assert format_layers(same.stack.layers) == "c5p2"
    assert same.remarks == (
        "Receptive field ends before layer 2 (Conv2d(6, 6, kernel_size=(3, 5))): it shows only square windows.",
    )
    uneven = stack_of((Conv2d(3, 6, 4, padding="same"),), (3, 32, 32))
    assert uneven.remarks[0].endswith("whose padding differs at both ends.")
    assert stack_of((MaxPool2d(3, ceil_mode=True),), (3, 8, 8)).remarks[0].endswith("it has no ceil_mode.")
    assert stack_of((Linear(9, 2),), (9,)).remarks == ("The input is a row of features, which has no pixels.",)


def test_a_row_of_features_that_is_answered_with_several_sizes_counts_them() -> None:
    row = Network("", (Linear(9, 7),)).summary((9,))[0]
    assert judge_shape(row, "3x2").sentences[0] == "A row of features has one size, not 2."
    assert judge_shape(row, "1x3x2").sentences[0] == "A row of features has one size, not 3."


def test_the_right_factors_of_a_flattened_map_are_its_sizes() -> None:
    row = row_of(Flatten(), (16, 5, 5))
    assert math.prod(row.input_shape) == 400
    assert not judge_shape(row, "16x5x5").right
