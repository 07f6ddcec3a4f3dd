"""A layer type is one class and one line of the registry: with these, everything that shows layers takes it."""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch

from cnnlab.data import DataFacts
from cnnlab.errors import ShapeError
from cnnlab.layers import LAYER_TYPES, Conv2d, Flatten, Kind, Layer, Linear, Mismatch, Shape, between
from cnnlab.lessons.receptive_field.of_network import stack_of
from cnnlab.lessons.receptive_field.stack import format_layers
from cnnlab.networks import Network, guess_input, parse_network
from cnnlab.networks.refusals import torch_says
from cnnlab.networks.remarks import remark_on
from cnnlab.networks.settings import suggest_settings
from cnnlab.networks.suggestions import read
from cnnlab.texts import Message, message
from cnnlab.training.feasibility import check_fit
from tests.own_layer import PixelUnshuffle
from tests.pages.app import components, open_at

NETWORK = Network("own", (Conv2d(1, 2, 3), PixelUnshuffle(2), Flatten(), Linear(72, 10)), (1, 8, 8))
LINK = NETWORK.to_text().replace(" ", "")


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LAYER_TYPES, "PixelUnshuffle", PixelUnshuffle)


def test_it_is_read_and_followed_and_computes_what_pytorch_computes() -> None:
    assert parse_network(NETWORK.to_text()).layers == NETWORK.layers
    rows = NETWORK.summary()
    assert [row.output_shape for row in rows] == [(2, 6, 6), (8, 3, 3), (72,), (10,)]
    assert rows[1].receptive_field == 4
    x = np.random.default_rng(0).normal(size=(2, 1, 8, 8))
    model = NETWORK.to_torch().double()
    ours = NETWORK.forward(x, {name: weight.numpy() for name, weight in model.state_dict().items()})
    np.testing.assert_allclose(ours[-1], model(torch.from_numpy(x)).detach().numpy(), atol=1e-9)


def test_its_code_names_it_as_its_class_says() -> None:
    code = NETWORK.to_code(form="module")
    assert "self.blocks = nn.PixelUnshuffle(2)" in code
    assert "x = self.blocks(x)" in code


def test_what_it_refuses_has_its_words_its_ways_out_and_pytorchs_words() -> None:
    layers = (PixelUnshuffle(2), Flatten(), Linear(25, 10))
    problem = read(Network("own", layers), (1, 5, 5)).problem
    assert problem is not None
    assert problem.sentence == (
        "Layer 1 (PixelUnshuffle) needs sides that 2 divides. The input is a map of 1 × 5 × 5. Possible fixes: “Set "
        "downscale_factor to 1” or “Leave out layer 1 (PixelUnshuffle)”."
    )
    with pytest.raises(RuntimeError) as caught:
        layers[0].to_torch()(torch.zeros(1, 1, 5, 5))
    assert problem.torch_says == torch_says(layers[0], (1, 5, 5)) == str(caught.value)


def test_what_all_layers_refuse_needs_no_word_of_its_own() -> None:
    problem = read(Network("own", (Flatten(), PixelUnshuffle(2))), (1, 4, 4)).problem
    assert problem is not None
    assert problem.fact.startswith("Layer 2 (PixelUnshuffle) expects a map (channels, height, width). Layer 1")
    assert problem.suggestions[0].label == "Leave out layer 1 (Flatten)"


def test_whether_it_can_be_trained_is_asked_of_it() -> None:
    data = DataFacts("digits", (1, 8, 8), num_classes=10, train_images=100, test_images=100)
    assert check_fit(NETWORK, data, batch_size=8) is None
    assert check_fit(NETWORK, data, batch_size=4) == "Layer 2 (PixelUnshuffle(2)): It wants batches of 8 or more."


def test_an_input_is_guessed_through_it() -> None:
    assert guess_input(Network("own", NETWORK.layers)) == (1, 8, 8)


@dataclass(frozen=True, repr=False)
class Doubled(Layer):
    """A layer whose settings must agree, and which nobody would end a network with."""

    small: int = field(metadata=between(1, 9, about=message("The smaller one")))
    large: int = field(metadata=between(1, 9, about=message("The larger one")))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.large < self.small:
            raise ShapeError("large is {large}: use {small} or more.", large=self.large, small=self.small)

    @classmethod
    def agreeing(cls, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        yield "large", settings["small"]

    def repeats_pixels(self, input_shape: Shape) -> bool:
        return input_shape[1] < 40

    def remark_at_end(self) -> Message:
        return message("Nobody ends with this.")


def test_what_it_thinks_of_its_settings_its_input_and_its_place_is_asked_of_it() -> None:
    assert [way.label for way in suggest_settings(Doubled, {"small": 3, "large": 2})] == ["Set large to 3"]
    network = Network("own", (Conv2d(3, 4, 3), Doubled(1, 2)))
    assert guess_input(network) == (3, 224, 224)
    assert remark_on(network) == "Nobody ends with this."


def test_the_network_page_shows_it_and_what_it_refuses() -> None:
    app = open_at("network", net=LINK, net_input="1x8x8")
    assert not app.warning
    table = next(data for data in components(app) if "rows" in data)
    assert [row["results"]["shape"][1] for row in table["rows"]] == ["2×6×6", "8×3×3", "72", "10"]
    picture = next(data for data in components(app) if "picture" in data)["picture"]
    assert "unshuffle" in [label["text"] for label in picture["labels"]]
    app = open_at("network", net=LINK, net_input="1x7x7")
    told = str(components(app))
    assert "needs sides that 2 divides. Layer 1 (Conv2d) gives a map of 2 × 5 × 5" in told
    assert "pixel_unshuffle expects height to be divisible by downscale_factor" in told


def test_the_receptive_field_page_shows_what_stands_before_it_and_says_why() -> None:
    shown = stack_of(NETWORK.layers, (1, 8, 8))
    assert shown.remarks[0].startswith("Receptive field ends before layer 2 (PixelUnshuffle(2)): it shows only")
    app = open_at("receptive_field", layers=format_layers(shown.stack.layers), size=str(shown.stack.size))
    assert len(components(app)[1]["rows"]) == 1


def test_a_mismatch_is_a_value_with_its_facts() -> None:
    with pytest.raises(Mismatch, match="Linear expects 72 features but gets 50: use in_features=50") as caught:
        Linear(72, 10).output_shape((50,))
    for mismatch in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert mismatch.kind is Kind.FEATURES
        assert (mismatch.setting, mismatch.expected, mismatch.given) == ("in_features", 72, 50)


def test_a_problem_keeps_the_mismatch_without_the_frames_it_came_through() -> None:
    problem = read(Network("own", (Linear(72, 10),)), (50,)).problem
    assert problem is not None
    assert problem.mismatch is not None
    assert (problem.mismatch.kind, problem.mismatch.__traceback__) == (Kind.FEATURES, None)
