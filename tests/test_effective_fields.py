"""The effective receptive field is a gradient: it lies in the theoretical one, is repeatable, and fades to the rim."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from cnnlab import effective_receptive_field, lenet5, load_dataset, receptive_field_region
from cnnlab.effective_fields import answer, ask_effective, lenet5_pictures, middle_half, noise_pictures, share_within
from cnnlab.errors import CnnlabError, DataError, ShapeError
from cnnlab.layers import AvgPool2d, Conv2d, ConvTranspose2d, Flatten, Linear, MaxPool2d, ReLU
from cnnlab.networks import Network
from cnnlab.torch_reference import TorchReference
from cnnlab.training.checkpoints import TRAINED_LENET5, load_weights, read_settings


def test_of_one_convolution_it_is_the_size_of_its_weights() -> None:
    layer = Conv2d(2, 4, kernel_size=3, dilation=2)
    field = effective_receptive_field([layer], np.ones((3, 2, 7, 7)), unit=(1, 1), seed=5)
    torch.manual_seed(5)
    weights = layer.to_torch().weight.detach().abs().mean(dim=(0, 1)).numpy()
    expected = np.zeros((7, 7))
    expected[1:6:2, 1:6:2] = weights
    np.testing.assert_allclose(field, expected, rtol=1e-6)


@pytest.mark.parametrize("pool", [MaxPool2d(2), AvgPool2d(3, 2, 1)])
def test_it_is_nothing_where_there_is_no_path(pool) -> None:
    layers = [Conv2d(3, 8, 3, padding=1), ReLU(), pool, Conv2d(8, 8, 3, padding=2, dilation=2), ReLU()]
    field = effective_receptive_field(layers, noise_pictures((3, 20, 20), 16), unit=(1, 4))
    mask = receptive_field_region(layers, (20, 20), (1, 4))[0].mask
    assert field.shape == (20, 20)
    assert np.array_equal(field > 0, mask)


def test_layers_that_overwrite_what_comes_in_change_nothing() -> None:
    pictures = noise_pictures((1, 8, 8), 4)
    before = pictures.copy()

    def measured(inplace: bool) -> np.ndarray:
        layers = [ReLU(inplace), ConvTranspose2d(1, 4, 4, stride=2), ReLU(inplace), Conv2d(4, 2, 3), ReLU(inplace)]
        return effective_receptive_field(layers, pictures, unit=(7, 7))

    assert np.array_equal(measured(True), measured(False))
    assert np.array_equal(pictures, before)


def test_the_seed_decides() -> None:
    layers = [Conv2d(1, 2, 3), ReLU()]
    pictures = noise_pictures((1, 6, 6), 4)
    state = torch.random.get_rng_state()
    first, again = (effective_receptive_field(layers, pictures, seed=1) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, effective_receptive_field(layers, pictures, seed=2))
    assert torch.equal(state, torch.random.get_rng_state())


def test_a_unit_after_flatten_is_asked_too() -> None:
    layers = [Conv2d(1, 4, 3), ReLU(), Flatten(), Linear(4 * 16, 5)]
    assert effective_receptive_field(layers, noise_pictures((1, 6, 6), 8)).all()


def test_the_embedded_lenet5_has_learnt() -> None:
    model = load_weights(TRAINED_LENET5, lenet5())
    dataset = load_dataset("cifar10-mini")
    with torch.no_grad():
        guesses = model(torch.from_numpy(lenet5_pictures(1000))).argmax(1).numpy()
    right = float((guesses == dataset.y_test).mean())
    assert right > 0.7
    assert read_settings(TRAINED_LENET5)["test_accuracy"] > 0.7


def test_training_makes_no_pixel_new_and_the_middle_weighs_most() -> None:
    network, pictures = lenet5(), lenet5_pictures()
    region = receptive_field_region(network.layers[:4], (32, 32), (5, 5))[0]
    for weights in (None, TRAINED_LENET5):
        field = effective_receptive_field(network, pictures, layer=3, unit=(5, 5), weights=weights)
        assert not field[~region.mask].any()
        middle = middle_half(region.rows.first, region.rows.last)
        share = share_within(field, middle, middle)
        even = ((middle[1] - middle[0] + 1) / region.rows.size) ** 2
        assert share > 1.2 * even


def test_other_weights_are_refused() -> None:
    with pytest.raises(DataError, match="holds the weights of another network"):
        effective_receptive_field([Conv2d(3, 6, 5)], noise_pictures((3, 8, 8), 1), weights=TRAINED_LENET5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"pictures": np.ones((3, 8, 8))}, r"The pictures have the shape \(3, 8, 8\): give \(N, C, H, W\)"),
        ({"layer": 2}, "There is no layer 2 in layers: use 0 to 1"),
        ({"unit": (6, 0)}, r"There is no unit \(6, 0\) in a map of 6 × 6"),
        ({"pictures": np.ones((1, 1, 8, 8))}, "Conv2d expects 3 channels but gets 1"),
        ({"seed": -1}, "seed is -1: use 0 or more"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(arguments: dict, message: str) -> None:
    usual = {"network": [Conv2d(3, 4, 3), ReLU()], "pictures": np.ones((1, 3, 8, 8))}
    with pytest.raises(ShapeError, match=message):
        effective_receptive_field(**(usual | arguments))


@pytest.fixture(scope="module")
def reference() -> Iterator[TorchReference]:
    reference = TorchReference()
    yield reference
    reference.close()


def test_the_reference_measures_the_same(reference: TorchReference) -> None:
    asked = ask_effective(reference, lenet5(), layer=3, unit=(5, 5), trained=True)
    here = effective_receptive_field(lenet5(), lenet5_pictures(), layer=3, unit=(5, 5), weights=TRAINED_LENET5)
    np.testing.assert_allclose(asked, here, rtol=1e-4)
    layers = (Conv2d(3, 4, (3, 3)), ReLU(), MaxPool2d(2))
    noise = ask_effective(reference, Network("own", layers, (3, 9, 9)), layer=2, unit=(1, 1), seed=3)
    assert noise.shape == (9, 9)
    with pytest.raises(CnnlabError, match="no unit"):
        ask_effective(reference, lenet5(), layer=3, unit=(10, 0))


def test_what_is_lenet5_is_decided_by_its_layers_not_by_its_name() -> None:
    def asked(network: Network) -> np.ndarray:
        layers = [{"type": layer.name, "settings": dataclasses.asdict(layer)} for layer in network.layers]
        about = {"layer": 0, "unit": [1, 1], "trained": False, "seed": 0, "pictures": 2}
        return np.array(
            answer({**about, "name": network.name, "layers": layers, "input_shape": network.input_shape})["field"]
        )

    renamed = dataclasses.replace(lenet5(), name="mine")
    pictures, noise = lenet5_pictures(2), noise_pictures((3, 32, 32), 2)
    expected = effective_receptive_field(renamed, pictures, layer=0, unit=(1, 1))
    np.testing.assert_allclose(asked(renamed), expected, rtol=1e-5)
    other = dataclasses.replace(lenet5(pooling="max"), layers=(ReLU(inplace=True), Conv2d(3, 6, 5), ReLU()))
    assert other.name == "LeNet-5"
    expected = effective_receptive_field(other, noise, layer=0, unit=(1, 1))
    np.testing.assert_allclose(asked(other), expected, rtol=1e-5)


def test_a_middle_lies_in_the_middle() -> None:
    for size in range(1, 40):
        first, last = middle_half(10, 10 + size - 1)
        assert first - 10 == 10 + size - 1 - last
        assert (last - first + 1) * 2 >= size
        assert (last - first - 1) * 2 < size or size <= 2


def test_a_large_network_is_asked_for_fewer_pictures_and_one_that_is_too_large_is_refused() -> None:
    asked: list[dict] = []

    class Listener:
        def ask(self, function: str, question: dict) -> dict:
            assert function == "cnnlab.effective_fields:answer"
            asked.append(question)
            return {"field": [[0.0]]}

    def layers(kernel: int, count: int) -> Network:
        convolutions = tuple(Conv2d(32 if index else 3, 32, kernel, padding=kernel // 2) for index in range(count))
        return Network("layers", convolutions, (3, 64, 64))

    for network in (layers(3, 1), layers(11, 4)):
        ask_effective(Listener(), network, layer=len(network.layers) - 1, unit=(0, 0))  # type: ignore[arg-type]
    assert asked[0]["pictures"] == 48
    assert 1 <= asked[1]["pictures"] < 48
    wide = Network("layers", (Conv2d(3, 512, 11, padding=5), Conv2d(512, 512, 11, padding=5)), (3, 128, 128))
    with pytest.raises(ShapeError, match=r"multiply-adds: use smaller kernels"):
        ask_effective(Listener(), wide, layer=1, unit=(0, 0))  # type: ignore[arg-type]
    assert len(asked) == 2
