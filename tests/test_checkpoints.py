"""Weights in files: they come back, and a file of something else is refused before anything is read from it."""

import errno
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from cnnlab.errors import DataError
from cnnlab.layers import BatchNorm2d, Conv2d, Flatten, Linear, ReLU
from cnnlab.networks import Network, lenet5
from cnnlab.training.checkpoints import load_weights, read_network, read_settings, save_weights
from cnnlab.training.record import record_of


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    import torch

    torch.manual_seed(0)
    return {name: value.numpy() for name, value in lenet5().to_torch().state_dict().items()}


def test_weights_and_settings_come_back(tmp_path, weights):
    path = save_weights(tmp_path / "a.safetensors", weights, {"data": "cifar10-mini", "test_accuracy": 0.5})
    model = load_weights(path, lenet5())
    assert not model.training
    assert {name: value.numpy().tolist() for name, value in model.state_dict().items()} == {
        name: value.tolist() for name, value in weights.items()
    }
    assert read_settings(path) == {"data": "cifar10-mini", "test_accuracy": 0.5}


def test_a_file_knows_its_network(tmp_path):
    network = Network("mine", (Conv2d(3, 4, 5), BatchNorm2d(4), ReLU(), Flatten(), Linear(3136, 2)), (3, 32, 32))
    weights = {name: value.numpy() for name, value in network.to_torch().state_dict().items()}
    path = save_weights(tmp_path / "a.safetensors", weights, record_of(network))
    assert read_network(path) == network
    assert load_weights(path).state_dict()["1.num_batches_tracked"].shape == ()
    with pytest.raises(DataError, match=r"has the shape 4x3x5x5 .*, but 6x3x5x5|lacks|unknown"):
        load_weights(path, lenet5())


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "does not say which network its weights belong to: give the network as well"),
        ({"network": 7}, "does not say which network its weights are of"),
        ({"network": "lenet5", "pooling": "avg"}, r"The network that .* names cannot be read\. Line 1"),
        ({"network": "ReLU()", "input": "wide"}, r"The network that .* names cannot be read\. 'wide' is not a shape"),
    ],
)
def test_a_file_whose_network_cannot_be_known_is_told(tmp_path, weights, settings, sentence):
    path = save_weights(tmp_path / "a.safetensors", weights, settings)
    with pytest.raises(DataError, match=sentence):
        load_weights(path)
    assert load_weights(path, lenet5()) is not None


def test_only_the_finished_file_is_there(tmp_path, weights):
    save_weights(tmp_path / "a.safetensors", weights)
    save_weights(tmp_path / "a.safetensors", weights, {"again": True})
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]
    assert read_settings(tmp_path / "a.safetensors") == {"again": True}


def test_loading_leaves_the_random_numbers_alone(tmp_path, weights):
    import torch

    path = save_weights(tmp_path / "a.safetensors", weights)
    torch.manual_seed(3)
    before = torch.rand(1)
    torch.manual_seed(3)
    load_weights(path, lenet5())
    assert torch.rand(1) == before


def test_another_networks_weights_are_refused(tmp_path, weights):
    path = save_weights(tmp_path / "a.safetensors", weights)
    with pytest.raises(DataError, match=r"0\.weight has the shape 6 × 3 × 5 × 5 in .*, but 6 × 1 × 5 × 5 in LeNet-5"):
        load_weights(path, lenet5(in_channels=1))
    with pytest.raises(DataError, match=r"11\.weight has the shape 10 × 100"):
        load_weights(path, lenet5(num_classes=4))


def test_missing_unknown_and_retyped_numbers_are_refused(tmp_path, weights):
    path = tmp_path / "a.safetensors"
    save_file({name: value for name, value in weights.items() if name != "0.bias"}, path)
    with pytest.raises(DataError, match=r"lacks 0\.bias: it holds the weights of another network"):
        load_weights(path, lenet5())
    save_file({**weights, "extra": np.zeros(2)}, path)
    with pytest.raises(DataError, match="has extra, which LeNet-5 does not have"):
        load_weights(path, lenet5())
    save_file({**weights, "0.bias": weights["0.bias"].astype(np.float64)}, path)
    with pytest.raises(DataError, match=r"0\.bias is of type F64 in .*, but F32 is needed"):
        load_weights(path, lenet5())


def test_what_is_no_such_file_is_refused(tmp_path, weights):
    path = tmp_path / "a.safetensors"
    with pytest.raises(DataError, match=r"There is no file .*: give the path"):
        load_weights(path, lenet5())
    path.write_bytes(b"not weights at all")
    with pytest.raises(DataError, match="cannot be read as a safetensors file"):
        load_weights(path, lenet5())
    save_weights(path, weights)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match="cannot be read as a safetensors file"):
        load_weights(path, lenet5())


def test_settings_of_a_file_from_elsewhere(tmp_path, weights):
    path = tmp_path / "a.safetensors"
    save_file(weights, path)
    assert read_settings(path) == {}
    save_file(weights, path, metadata={"cnnlab": json.dumps([1])})
    with pytest.raises(DataError, match=r"The settings in .* are damaged"):
        read_settings(path)


def test_places_that_cannot_be_written_are_told(tmp_path, weights):
    with pytest.raises(DataError, match="is a folder: name a file in it"):
        save_weights(tmp_path, weights)
    with pytest.raises(DataError, match=r"There is no folder .*: make it first"):
        save_weights(tmp_path / "nowhere" / "a.safetensors", weights)


def test_a_home_that_nobody_has_is_told(weights):
    for use in (lambda path: save_weights(path, weights), read_settings, lambda path: load_weights(path, lenet5())):
        with pytest.raises(
            DataError, match=r"'~nosuch/a' begins with a home folder that is not known here\. Write the"
        ):
            use("~nosuch/a")


def test_a_folder_that_may_not_be_looked_into_is_told(tmp_path, weights, monkeypatch):
    def refuse(path, **_):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(DataError, match=r"The folder .* may not be written to: choose another place"):
        save_weights(tmp_path / "locked" / "a", weights)
    with pytest.raises(DataError, match=r"locked.* may not be read: change its permissions or give another path"):
        read_settings(tmp_path / "locked" / "a")


def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path, weights, monkeypatch):
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DataError, match=r"No space left on device\): make room for [\d,]+ bytes there"):
        save_weights(tmp_path / "a.safetensors", weights)
    assert list(Path(tmp_path).iterdir()) == []
