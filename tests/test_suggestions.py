"""Where a network does not fit together, reading it says so at the layer, and every suggestion helps."""

import pytest
import torch
from hypothesis import given, settings

from cnnlab.errors import ShapeError
from cnnlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Dropout2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Shape,
    Softmax,
    View,
)
from cnnlab.networks import Network, lenet5, parse_network
from cnnlab.networks.suggestions import Problem, read
from cnnlab.networks.zoo import ZOO
from tests.drawn_layers import doubtful_networks, networks
from tests.templates import unknown_templates

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths"),
    pytest.mark.filterwarnings("ignore:Implicit dimension choice for .*softmax"),
    pytest.mark.filterwarnings("ignore:dropout2d"),
]

SETTINGS = settings(deadline=None, max_examples=300)


def problem_of(layers: tuple[Layer, ...], shape: Shape, own: Shape | None = None) -> Problem:
    problem = read(Network("drawn", layers, own), shape).problem
    assert problem is not None
    return problem


@given(networks())
@SETTINGS
def test_what_fits_together_has_no_problem(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    reading = read(network, shape)
    assert reading.problem is None
    assert list(reading.rows) == network.summary(shape)


@given(doubtful_networks())
@SETTINGS
def test_everything_up_to_the_problem_is_read(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    reading = read(network, shape)
    problem = reading.problem
    if problem is None:
        assert list(reading.rows) == network.summary(shape)
        return
    assert len(reading.rows) == problem.index
    assert problem.layer == network.layers[problem.index]
    assert problem.input_shape == (reading.rows[-1].output_shape if reading.rows else shape)
    with pytest.raises(ShapeError, match=rf"^Layer {problem.index + 1} \("):
        network.summary(shape)
    assert list(reading.rows) == Network("before", network.layers[: problem.index]).summary(shape)


@given(doubtful_networks())
@SETTINGS
def test_every_suggestion_helps(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    problem = read(network, shape).problem
    if problem is None:
        return
    left = len(network.layers) - problem.index
    for way in problem.suggestions:
        assert (way.network.layers, way.input_shape) != (network.layers, shape)
        assert way.network.input_shape == way.input_shape
        after = read(way.network)
        # Fewer layers are left behind: the one in trouble takes what comes now, or is gone.
        assert len(way.network.layers) - len(after.rows) < left
    assert len({way.label for way in problem.suggestions}) == len(problem.suggestions)
    assert len({(way.network, way.input_shape) for way in problem.suggestions}) == len(problem.suggestions)


@given(doubtful_networks())
@SETTINGS
def test_a_sentence_names_the_layer_and_a_way_out(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    problem = read(network, shape).problem
    if problem is None:
        return
    assert problem.sentence.startswith(f"Layer {problem.index + 1} ({problem.layer.name}) ")
    assert "\n" not in problem.sentence
    assert problem.suggestions, problem.sentence
    labels = [way.label for way in problem.suggestions]
    assert any(label in problem.sentence for label in labels)


@given(doubtful_networks())
@SETTINGS
def test_all_that_is_said_of_a_problem_can_be_translated(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    problem = read(network, shape).problem
    if problem is None:
        return
    said = [problem.sentence, problem.fact, problem.title, *(way.label for way in problem.suggestions)]
    assert not set().union(*map(unknown_templates, said))
    assert not any("{" in each for each in said), "a place that is not filled in"


@given(doubtful_networks())
@SETTINGS
def test_pytorch_ends_at_the_same_layer_with_the_message_that_is_shown(drawn: tuple[Network, Shape]) -> None:
    network, shape = drawn
    problem = read(network, shape).problem
    x = torch.zeros(1, *shape)
    for index, module in enumerate(network.to_torch().eval()):
        x, message = _through(module, x)
        if message is not None:
            assert problem is not None
            assert problem.index == index
            assert problem.torch_says in (None, message)
            return
        if problem is not None and problem.index == index:
            # A mean of everything, a map weighed row by row, or channels dropped that are none: PyTorch lets it pass.
            assert isinstance(problem.layer, Linear | Dropout2d | AdaptiveAvgPool2d)
            assert problem.torch_says is None
            return
    assert problem is None


def _through(module: torch.nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, str | None]:
    try:
        return module(x), None
    except (RuntimeError, ValueError, IndexError) as error:
        return x, str(error)


# --- sentence by sentence -------------------------------------------------------------------------------------------

FRONT = (Conv2d(1, 6, 5), ReLU(), AvgPool2d(2), Conv2d(6, 16, 5), ReLU(), AvgPool2d(2))
CLASSIC = (*FRONT, Flatten(), Linear(400, 120), ReLU(), Linear(120, 10))


@pytest.mark.parametrize(
    ("layers", "shape", "sentence"),
    [
        (
            CLASSIC,
            (1, 28, 28),
            "Layer 8 (Linear) expects 400 features. Layer 7 (Flatten) gives 16 × 4 × 4 = 256. Possible fixes: “Set "
            "in_features to 256”, “Take an input of 1 × 32 × 32” or “Pad the first convolution (layer 1) by 2”.",
        ),
        (
            (*FRONT, Linear(400, 10)),
            (1, 32, 32),
            "Layer 7 (Linear) expects a row of 400 features. Layer 6 (AvgPool2d) gives a map of 16 × 5 × 5. Possible "
            "fix: “Put Flatten() before layer 7 (Linear)”.",
        ),
        (
            (*FRONT, Linear(5, 10)),
            (1, 32, 32),
            "Layer 7 (Linear) expects a row of 5 features. Layer 6 (AvgPool2d) gives a map of 16 × 5 × 5. PyTorch "
            "would take each row of that map by itself. Possible fix: “Put Flatten() before layer 7 (Linear) and set "
            "its in_features to 400”.",
        ),
        (
            (Flatten(), Linear(784, 30), ReLU(), Linear(20, 10)),
            (1, 28, 28),
            "Layer 4 (Linear) expects 20 features. Layer 2 (Linear) gives 30 features. Possible fixes: “Set "
            "in_features to 30” or “Set out_features of layer 2 (Linear) to 20”.",
        ),
        (
            (Flatten(), Linear(784, 30)),
            (3, 32, 32),
            "Layer 2 (Linear) expects 784 features. Layer 1 (Flatten) gives 3 × 32 × 32 = 3,072. Possible fixes: "
            "“Set in_features to 3072” or “Take an input of 1 × 28 × 28”.",
        ),
        (
            (Linear(784, 30),),
            (1,),
            "Layer 1 (Linear) expects 784 features. The input is 1 feature. Possible fixes: “Set in_features to 1” "
            "or “Take an input of 784”.",
        ),
        (
            (Conv2d(3, 6, 5),),
            (1, 32, 32),
            "Layer 1 (Conv2d) expects 3 channels. The input is a map of 1 × 32 × 32. Possible fixes: “Set "
            "in_channels to 1” or “Take an input of 3 × 32 × 32”.",
        ),
        (
            (Conv2d(3, 6, 5),),
            (32, 32, 3),
            "Layer 1 (Conv2d) expects 3 channels. The input is a map of 32 × 32 × 3. Possible fix: “Take an input of "
            "3 × 32 × 32, channels first”.",
        ),
        (
            (Conv2d(3, 6, 5), AvgPool2d(2), Conv2d(16, 20, 5)),
            (3, 32, 32),
            "Layer 3 (Conv2d) expects 16 channels. Layer 2 (AvgPool2d) gives a map of 6 × 14 × 14. Possible fixes: "
            "“Set in_channels to 6” or “Set out_channels of layer 1 (Conv2d) to 16”.",
        ),
        (
            (Conv2d(8, 16, 3, groups=8),),
            (6, 9, 9),
            "Layer 1 (Conv2d) expects 8 channels. The input is a map of 6 × 9 × 9. Possible fixes: “Set in_channels "
            "to 6, groups to 6 and out_channels to 12”, “Set in_channels to 6 and groups to 2” or “Take an input of "
            "8 × 9 × 9”.",
        ),
        (
            (ConvTranspose2d(16, 8, 2, stride=2),),
            (8, 4, 4),
            "Layer 1 (ConvTranspose2d) expects 16 channels. The input is a map of 8 × 4 × 4. Possible fixes: “Set "
            "in_channels to 8” or “Take an input of 16 × 4 × 4”.",
        ),
        (
            (Conv2d(3, 8, 3), BatchNorm2d(16)),
            (3, 8, 8),
            "Layer 2 (BatchNorm2d) expects 16 channels. Layer 1 (Conv2d) gives a map of 8 × 6 × 6. Possible fixes: "
            "“Set num_features to 8” or “Set out_channels of layer 1 (Conv2d) to 16”.",
        ),
        (
            (Linear(8, 6), BatchNorm1d(5)),
            (8,),
            "Layer 2 (BatchNorm1d) expects 5 features. Layer 1 (Linear) gives 6 features. Possible fixes: “Set "
            "num_features to 6” or “Set out_features of layer 1 (Linear) to 5”.",
        ),
        (
            (BatchNorm1d(5),),
            (5, 4, 4),
            "Layer 1 (BatchNorm1d) expects a row of features. The input is a map of 5 × 4 × 4. Possible fix: "
            "“Replace layer 1 (BatchNorm1d) with BatchNorm2d(5)”.",
        ),
        (
            (Linear(8, 6), BatchNorm2d(6)),
            (8,),
            "Layer 2 (BatchNorm2d) expects a map (channels, height, width). Layer 1 (Linear) gives 6 features. "
            "Possible fixes: “Replace layer 2 (BatchNorm2d) with BatchNorm1d(6)” or “Leave out layer 2 "
            "(BatchNorm2d)”.",
        ),
        (
            (Flatten(), Dropout2d(0.2)),
            (1, 4, 4),
            "Layer 2 (Dropout2d) expects a map (channels, height, width). Layer 1 (Flatten) gives 1 × 4 × 4 = 16. "
            "Possible fixes: “Leave out layer 1 (Flatten)”, “Put layer 2 (Dropout2d) before layer 1 (Flatten)” or "
            "“Replace layer 2 (Dropout2d) with Dropout(p=0.2)”.",
        ),
        (
            (Conv2d(1, 4, 3), Flatten(), Conv2d(4, 8, 3)),
            (1, 9, 9),
            "Layer 3 (Conv2d) expects a map (channels, height, width). Layer 2 (Flatten) gives 4 × 7 × 7 = 196. "
            "Possible fixes: “Leave out layer 2 (Flatten)”, “Put layer 3 (Conv2d) before layer 2 (Flatten)” or "
            "“Leave out layer 3 (Conv2d)”.",
        ),
        (
            (Conv2d(3, 6, 5),),
            (3072,),
            "Layer 1 (Conv2d) expects a map (channels, height, width). The input is 3,072 features. Possible fix: "
            "“Take an input of 3 × 32 × 32”.",
        ),
        (
            (*FRONT, Conv2d(16, 120, 5)),
            (1, 28, 28),
            "Layer 7 (Conv2d) has a kernel of 5 × 5. Layer 6 (AvgPool2d) gives a map of 16 × 4 × 4. That is too "
            "small for the kernel. Possible fixes: “Take an input of 1 × 32 × 32”, “Pad the first convolution (layer "
            "1) by 2” or “Set padding to 1”.",
        ),
        (
            (Conv2d(3, 8, 3, padding=(0, 1), dilation=4),),
            (3, 8, 8),
            "Layer 1 (Conv2d) has a kernel of 3 × 3 that its dilation spreads over 9 × 9. The input is a map of 3 × "
            "8 × 8. Even padded to 8 × 10, that is too small for the kernel. Possible fixes: “Take an input of 3 × 9 "
            "× 9”, “Set padding to 1” or “Set kernel_size to 2”.",
        ),
        (
            (MaxPool2d(2), MaxPool2d(2), MaxPool2d(2)),
            (1, 4, 4),
            "Layer 3 (MaxPool2d) has a window of 2 × 2. Layer 2 (MaxPool2d) gives a map of 1 × 1 × 1. That is too "
            "small for the window. Possible fixes: “Take an input of 1 × 8 × 8”, “Leave out layer 3 (MaxPool2d)” or "
            "“Set ceil_mode to True”.",
        ),
        (
            (Conv2d(1, 8, 5, padding=4, padding_mode="reflect"),),
            (1, 4, 8),
            "Layer 1 (Conv2d) fills 4 pixels of padding from the map (padding_mode='reflect'). The input is a map of "
            "1 × 4 × 8. That map has too few pixels. Possible fixes: “Set padding_mode to 'zeros'”, “Set padding to "
            "3” or “Take an input of 1 × 5 × 10”.",
        ),
        (
            (ConvTranspose2d(1, 8, 2, padding=4),),
            (1, 4, 8),
            "Layer 1 (ConvTranspose2d) cuts its padding 4 off the 5 × 9 pixels that it makes, and nothing is left. "
            "The input is a map of 1 × 4 × 8. Possible fixes: “Set padding to (2, 4)” or “Take an input of 1 × 8 × "
            "16”.",
        ),
        (
            (Conv2d(3, 8, 5),),
            (1, 4, 4),
            "Layer 1 (Conv2d) expects 3 channels. The input is a map of 1 × 4 × 4. There is a second problem. Layer "
            "1 (Conv2d) has a kernel of 5 × 5. The input is a map of 1 × 4 × 4. That is too small for the kernel. "
            "Possible fixes: “First: Set in_channels to 1. Then: Take an input of 1 × 5 × 5”, “First: Set "
            "in_channels to 1. Then: Set padding to 1” or “Take an input of 3 × 5 × 5”.",
        ),
        (
            (ReLU(), Flatten(), AvgPool2d(2)),
            (4,),
            "Layer 3 (AvgPool2d) expects a map (channels, height, width). Layer 2 (Flatten) gives 4 features. "
            "Possible fix: “Leave out layer 3 (AvgPool2d)”.",
        ),
        (
            (Softmax(dim=2),),
            (8,),
            "Layer 1 (Softmax) has dim=2, but there are only 2 axes, the batch included. Possible fix: “Set dim to 1”.",
        ),
    ],
)
def test_a_problem_is_told_in_words(layers: tuple[Layer, ...], shape: Shape, sentence: str) -> None:
    assert problem_of(layers, shape).sentence == sentence


def test_the_classic_mismatch_has_pytorchs_words_and_five_ways_out() -> None:
    problem = problem_of(CLASSIC, (1, 28, 28))
    assert problem.torch_says == "mat1 and mat2 shapes cannot be multiplied (1x256 and 400x120)"
    assert [way.label for way in problem.suggestions] == [
        "Set in_features to 256",
        "Take an input of 1 × 32 × 32",
        "Pad the first convolution (layer 1) by 2",
        "Put AdaptiveAvgPool2d(5) before layer 7 (Flatten)",
        "Set out_channels of layer 4 (Conv2d) to 25",
    ]
    assert all(read(way.network).problem is None for way in problem.suggestions)
    assert problem.suggestions[2].network.layers[0] == Conv2d(1, 6, 5, padding=2)
    assert problem.suggestions[3].network.layers[6:8] == (AdaptiveAvgPool2d(5), Flatten())


def test_an_input_that_the_network_is_not_made_for_is_the_cause() -> None:
    problem = read(lenet5(), (3, 28, 28)).problem
    assert problem is not None
    assert problem.sentence.endswith(
        "too small for the kernel. The input is 28 × 28 instead of the 32 × 32 that the network is made for. "
        "Possible fixes: “Pad the first convolution (layer 1) by 2”, “Set padding to 1” or “Set kernel_size to 4”."
    )
    assert problem.suggestions[0].label == "Take an input of 3 × 32 × 32"


def test_other_mends_are_offered_but_not_named() -> None:
    problem = problem_of((*FRONT, Conv2d(16, 120, 5)), (1, 28, 28))
    assert [way.label for way in problem.suggestions][3:] == [
        "Set kernel_size to 4",
        "Leave out layer 6 (AvgPool2d)",
    ]


def test_an_input_of_the_same_proportions_is_looked_for() -> None:
    layers = (Conv2d(1, 4, 3), MaxPool2d(2), Flatten(), Linear(4 * 7 * 15, 10))
    labels = [way.label for way in problem_of(layers, (1, 20, 40)).suggestions]
    assert "Take an input of 1 × 16 × 32" in labels


def test_of_several_inputs_a_usual_one_is_offered() -> None:
    layers = tuple(layer for layer in ZOO["vgg16"].layers if not isinstance(layer, AdaptiveAvgPool2d))
    labels = [way.label for way in problem_of(layers, (3, 64, 64)).suggestions]
    assert "Take an input of 3 × 224 × 224" in labels  # 224 to 255 would all do


def test_a_batch_normalisation_goes_along_with_its_convolution() -> None:
    layers = (Conv2d(3, 8, 3), BatchNorm2d(8), ReLU(), Conv2d(16, 4, 3))
    way = problem_of(layers, (3, 9, 9)).suggestions[1]
    assert way.network.layers[:2] == (Conv2d(3, 16, 3), BatchNorm2d(16))


def test_a_suggestion_leaves_the_rest_as_it_was() -> None:
    layers = (Conv2d(3, 8, 3, stride=2, bias=False), Dropout(0.3), Conv2d(16, 4, 3, padding=1))
    way = problem_of(layers, (3, 9, 9)).suggestions[0]
    assert way.network.layers == (*layers[:2], Conv2d(8, 4, 3, padding=1))
    assert (way.network.name, way.input_shape) == ("drawn", (3, 9, 9))


def test_nothing_is_set_in_a_layer_that_is_then_left_out() -> None:
    layers = (ConvTranspose2d(1, 1, 1, stride=512), ConvTranspose2d(2, 1, 1, stride=9))
    problem = problem_of(layers, (1, 20, 20))
    assert (
        " There is a second problem. Layer 2 (ConvTranspose2d) gives too large a map. Along the height: 87,553 "
        "numbers" in problem.sentence
    )
    assert [way.label for way in problem.suggestions] == [
        "First: Set in_channels to 1. Then: Set stride to 1",
        "First: Set out_channels of layer 1 (ConvTranspose2d) to 2. Then: Set stride to 1",
        "Leave out layer 2 (ConvTranspose2d)",
    ]


def test_layers_behind_the_mended_one_may_have_problems_of_their_own() -> None:
    layers = (Conv2d(3, 8, 3), Conv2d(9, 4, 3), Conv2d(5, 4, 3))
    first = problem_of(layers, (3, 9, 9))
    second = read(first.suggestions[0].network).problem
    assert second is not None
    assert (first.index, second.index) == (1, 2)


def test_a_layer_that_nothing_mends_can_still_be_left_out() -> None:
    # The pattern of what the units see would repeat only after 511 * 509 of them.
    layers = (ConvTranspose2d(1, 1, 3, stride=511), ConvTranspose2d(1, 1, 3, stride=509))
    problem = problem_of(layers, (1, 1, 1))
    assert (
        "Layer 2 (ConvTranspose2d) cannot take what comes, 1 × 3 × 3. The receptive fields repeat" in problem.sentence
    )
    assert problem.sentence.endswith("Possible fix: “Leave out layer 2 (ConvTranspose2d)”.")


BOMBS = {
    "a wide map": "ConvTranspose2d(1, 1, 1, stride=(1, 512)), ConvTranspose2d(1, 1, 1, stride=(1, 63)), "
    "AdaptiveAvgPool2d(1)",
    "a wide map for a pooling": "ConvTranspose2d(1, 1, 1, stride=(1, 512)), AdaptiveAvgPool2d(1)",
    "a wide map for a linear layer": "ConvTranspose2d(1, 1, (1, 512), stride=(1, 512)), Flatten(), Linear(8388608, 1)",
    "a wide map with a rim": "ConvTranspose2d(1, 1, 1, stride=(1, 4)), Conv2d(1, 1, 1, padding=(0, 512), "
    "padding_mode='reflect')",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_no_map_grows_beyond_all_measure(text: str) -> None:
    problem = read(parse_network(text), (1, 1, 16384)).problem
    assert problem is not None
    assert "gives too large a map. Along the width: " in problem.sentence
    assert "numbers would come out, and no map here has more than 65,536. " in problem.sentence
    assert f"Leave out layer {problem.index + 1} " in problem.sentence


def test_a_stride_that_makes_too_much_can_be_one() -> None:
    problem = problem_of((ConvTranspose2d(1, 1, 1, stride=512),), (1, 512, 512))
    assert [way.label for way in problem.suggestions] == ["Set stride to 1"]


def test_a_pattern_that_hardly_repeats_is_refused() -> None:
    text = "ConvTranspose2d(1, 1, 1, stride=512), ConvTranspose2d(1, 1, 1, stride=31), " + "Conv2d(1, 1, 1), " * 97
    problem = read(parse_network(text), (1, 1, 1)).problem
    assert problem is not None
    assert "The receptive fields repeat only every 15,872 units, which is too much to follow" in problem.sentence


def test_mends_are_tried_by_shapes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    views: list[View] = []
    through = View.through
    monkeypatch.setattr(View, "through", lambda view, *step: views.append(view) or through(view, *step))
    layers = (ConvTranspose2d(1, 1, 1, stride=512), *[Conv2d(1, 1, 3)] * 20, Conv2d(2, 1, 9))
    assert problem_of(layers, (1, 4, 4)).suggestions
    assert len(views) == 21


def test_reading_needs_an_input() -> None:
    with pytest.raises(ShapeError, match="drawn is not tied to one input"):
        read(Network("drawn", (ReLU(),)))
    with pytest.raises(ShapeError, match=r"\(3, 3\) is not an input shape"):
        read(Network("drawn", (ReLU(),)), (3, 3))


def test_no_layers_have_no_problem() -> None:
    assert read(Network("drawn", ()), (3, 8, 8)).problem is None
