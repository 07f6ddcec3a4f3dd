"""A script that is written runs in a fresh Python that knows nothing of the lab, and can be read by the lab again."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings

from cnnlab.errors import ShapeError, TrainingError
from cnnlab.layers import Conv2d, Flatten, Linear, LogSoftmax, Shape, Softmax
from cnnlab.networks import Network, lenet5, parse_network, to_script
from tests.drawn_layers import networks

FORMS = pytest.mark.parametrize("form", ["sequential", "module"])

# In place of CIFAR-10: 40 pictures of noise. Then each folder's script, for which PyTorch is loaded once.
PROGRAM = """
import contextlib, io, json, os, runpy, sys
import torchvision.datasets as datasets
def fake(root, train, download, transform):
    return datasets.FakeData(40 if train else 10, (3, 32, 32), 10, transform)
datasets.CIFAR10 = fake
told = {}
for folder in sys.argv[1:]:
    os.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()) as lines:
        runpy.run_path("script.py", run_name="__main__")
    told[folder] = lines.getvalue().splitlines()
print(json.dumps(told))
"""

GREY = Network("grey", (Conv2d(1, 2, kernel_size=5), Flatten(), Linear(2 * 24 * 20, 10), LogSoftmax(dim=1)))
SHAPES = {"channels first": (30, 3, 32, 32), "channels last": (30, 32, 32, 3), "grey": (30, 32, 32)}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, list[str]]]:
    """Scripts that were run for one epoch, away from the lab: for each the folder, and what it said."""
    scripts = {form: to_script(lenet5(), form=form) for form in ("sequential", "module")}
    scripts["small and grey"] = to_script(GREY, (1, 28, 24))
    chance = np.random.default_rng(0)
    folders = {name: tmp_path_factory.mktemp("script") for name in (*scripts, *SHAPES)}
    for name, shape in SHAPES.items():
        pictures = chance.integers(0, 256, shape, dtype=np.uint8)
        labels = chance.integers(0, 3, (30, 1))
        np.savez(
            folders[name] / "mine.npz", x_train=pictures, y_train=labels, x_test=pictures[:8], y_test=labels[:8, 0]
        )
        scripts[name] = to_script(lenet5(in_channels=3 if len(shape) == 4 else 1, num_classes=3), data="mine.npz")
    for name, script in scripts.items():
        (folders[name] / "script.py").write_text(script.replace("EPOCHS = 10", "EPOCHS = 1"))
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM, *map(str, folders.values())], capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return {name: (folder, told[str(folder)]) for name, folder in folders.items()}


@FORMS
def test_a_script_for_cifar10_trains_tests_and_saves(form, ran) -> None:
    folder, lines = ran[form]
    assert lines[0].startswith("epoch 1: loss 2.")
    assert lines[1].startswith("test: loss 2.")
    assert lines[2] == "The weights are in weights.pt."
    saved = torch.load(folder / "weights.pt", weights_only=True)
    assert [value.shape for value in saved.values()] == [
        value.shape for value in lenet5().to_torch().state_dict().values()
    ]


def test_a_script_brings_pictures_to_the_networks_size_and_colours(ran) -> None:
    script = to_script(GREY, (1, 28, 24))
    assert "transforms.Resize((28, 24)), transforms.Grayscale(), transforms.ToTensor()" in script
    assert "loss_of = nn.NLLLoss()" in script
    assert len(ran["small and grey"][1]) == 3


@pytest.mark.parametrize("shape", SHAPES)
def test_a_script_for_a_file_of_ones_own_reads_it(shape, ran) -> None:
    assert len(ran[shape][1]) == 3


@FORMS
@given(drawn=networks())
@settings(deadline=None, max_examples=50)
def test_a_script_is_read_as_the_network_that_it_trains(drawn: tuple[Network, Shape], form) -> None:
    network, shape = drawn
    network = Network("drawn", (*network.layers, Flatten()))
    assume(all(row.num_params < 10**6 for row in network.summary(shape)))
    features = network.summary(shape)[-1].output_shape[0]
    network = Network("drawn", (*network.layers, Linear(features, 10)))
    assume(len(shape) == 3)
    assert parse_network(to_script(network, shape, form, "own.npz")).layers == network.layers


def test_a_script_is_short_enough_to_be_read() -> None:
    script = to_script(lenet5()).splitlines()
    assert len(script) <= 85
    assert max(map(len, script)) <= 120
    assert "cnnlab" not in "".join(script)


@pytest.mark.parametrize(
    ("network", "data", "words"),
    [
        (Network("empty", (), (3, 32, 32)), "cifar10", "empty learns nothing: add a convolution or a linear layer"),
        (Network("flat", (Flatten(),), (3, 32, 32)), "cifar10", "flat learns nothing"),
        (Network("row", (Linear(784, 10),), (784,)), "cifar10", r"row takes rows of 784: put Flatten\(\) first"),
        (
            Network("map", (Conv2d(3, 9, 5),), (3, 32, 32)),
            "cifar10",
            r"map ends in a map \(9 × 28 × 28\), .*: end it",
        ),
        (lenet5(in_channels=2), "cifar10", "LeNet-5 takes 2 channels, but CIFAR-10 has 3: use in_channels=3"),
        (lenet5(num_classes=3), "cifar10", "LeNet-5 ends in 3 numbers, but CIFAR-10 has 10 classes: give it 10"),
        (lenet5(num_classes=12), "cifar10", "LeNet-5 ends in 12 numbers, but CIFAR-10 has 10 classes: give it 10"),
    ],
)
def test_what_could_not_be_trained_is_refused_in_words(network: Network, data: str, words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        to_script(network, data=data)


def test_what_hinders_learning_stands_in_the_script_as_a_remark() -> None:
    network = Network("soft", (*lenet5().layers, Softmax(dim=1)), (3, 32, 32))
    script = to_script(network)
    assert "# The last layer is Softmax(dim=1): cross-entropy takes a softmax itself" in script.splitlines()[1]
    assert max(map(len, script.splitlines())) <= 120
    assert parse_network(script).layers == network.layers
    assert "The last layer" not in to_script(lenet5())


def test_a_mismatch_is_refused_in_words() -> None:
    with pytest.raises(ShapeError, match=r"Layer 4 \(Conv2d"):
        to_script(lenet5(), (3, 8, 8))
