"""The trainer: it learns, it does what it is told while it goes, and it refuses in words what cannot be trained."""

import copy
import itertools
import json
import math
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from cnnlab.data import Dataset
from cnnlab.errors import ParseError, ShapeError, TrainingError
from cnnlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
)
from cnnlab.networks import Network, lenet5
from cnnlab.training import End, Progress, Start, TrainingConfig, train
from cnnlab.training.config import DEFAULT_EPOCHS, LEARNING_RATES
from cnnlab.training.feasibility import check_fit, without_validation
from cnnlab.training.progress import RateChange, read_event, write_event
from tests.drawn_layers import networks

TINY = Network("tiny", (Conv2d(3, 4, 3), ReLU(), MaxPool2d(2), Conv2d(4, 8, 3), ReLU(), Flatten(), Linear(8, 3)))


def colours(count: int = 600, side: int = 8, seed: int = 0) -> Dataset:
    """Noise in which one of the three channels is a little brighter: the class."""
    random = np.random.default_rng(seed)

    def part(size: int) -> tuple[np.ndarray, np.ndarray]:
        labels = random.integers(0, 3, size)
        pixels = random.integers(0, 180, (size, 3, side, side))
        pixels[np.arange(size), labels] += 60
        return pixels.astype(np.uint8), labels.astype(np.int64)

    return Dataset("colours", *part(count), *part(200), classes=("red", "green", "blue"))


DATA = colours()
SHORT = TrainingConfig(epochs=4, batch_size=32)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.123, 0.5])
def test_the_pictures_that_a_page_counts_are_those_that_a_run_trains_on(share: float):
    config = replace(SHORT, validation=share)
    assert without_validation(DATA.facts, share).train_images == train(TINY, DATA, config).images[0]


def losses_of(config: TrainingConfig, data: Dataset = DATA) -> list[float]:
    return [loss for progress in train(TINY, data, config) for loss in progress.losses]


# Settings


def test_settings_say_everything_once_they_are_checked():
    assert TrainingConfig().epochs == DEFAULT_EPOCHS
    assert TrainingConfig(seconds=5).epochs is None
    assert TrainingConfig(optimizer="adamw").learning_rate == LEARNING_RATES["adamw"]
    config = TrainingConfig(seconds=5, optimizer="adamw", crop=2, flip=False)
    assert TrainingConfig.from_dict(config.to_dict()) == config
    assert TrainingConfig.from_dict({"epochs": 2}) == TrainingConfig(epochs=2)


def test_numpys_numbers_are_taken_and_kept_as_pythons():
    numbers = TrainingConfig(
        epochs=np.int64(2),
        batch_size=np.uint8(32),
        learning_rate=np.float32(0.25),
        seed=np.int32(3),
        flip=np.bool_(False),
    )
    assert numbers == TrainingConfig(epochs=2, batch_size=32, learning_rate=0.25, seed=3, flip=False)
    assert json.loads(json.dumps(numbers.to_dict())) == numbers.to_dict()
    assert TrainingConfig(seconds=np.float64(2.5)).seconds == 2.5


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"epochs": 2, "seconds": 60.0}, "2 epochs or 60 seconds, not both: leave one out"),
        ({"epochs": 0}, "The number of epochs is 0: give a whole number from 1 to 1000"),
        ({"epochs": 1.5}, "The number of epochs is 1.5: give a whole number"),
        ({"epochs": True}, "The number of epochs is True"),
        ({"seconds": 0}, "The time budget in seconds is 0: give a number above 0"),
        ({"seconds": math.nan}, "The time budget in seconds is nan"),
        ({"batch_size": 0}, "The batch size is 0: give a whole number from 1 to 8192"),
        ({"learning_rate": 0}, "The learning rate is 0: give a number above 0 and at most 10"),
        ({"learning_rate": "fast"}, "The learning rate is 'fast': give a number"),
        ({"weight_decay": -1}, "The weight decay is -1: give a number from 0 to 1"),
        ({"flip": 1}, "The setting flip is either true or false, not 1"),
        ({"crop": 17}, "The crop in pixels is 17"),
        ({"seed": -1}, "The seed is -1"),
        ({"validation": 0.6}, "The validation fraction is 0.6: give a number from 0 to 0.5"),
        ({"optimizer": "lion"}, "There is no optimizer 'lion': choose sgd or adamw"),
        ({"device": "tpu"}, "There is no device 'tpu': choose auto, cpu, cuda or mps"),
        ({"optimizer": ["sgd"]}, r"There is no optimizer \['sgd'\]: choose sgd or adamw"),
        ({"device": np.zeros(2)}, r"There is no device array\(\[0\., 0\.\]\): choose"),
        ({"learning_rate": 10**400}, r"The learning rate is 10{78}…: give a number above 0"),
        ({"seed": 10**5000}, r"The seed is int\(…\): give a whole number from 0 to"),
        ({"epochs": np.int64(0)}, "The number of epochs is 0: give a whole number"),
        ({"crop": np.float32(1.5)}, r"The crop in pixels is 1\.5: give a whole number"),
        ({"seconds": np.float32("nan")}, "The time budget in seconds is nan"),
        ({"batch_size": np.bool_(True)}, r"The batch size is np\.True_"),
        ({"momentum": 0.9}, "There is no training setting 'momentum': the settings are epochs"),
    ],
)
def test_settings_that_cannot_be_trained_are_refused(values, sentence):
    with pytest.raises(TrainingError, match=f"^(A run takes |){sentence}"):
        TrainingConfig.from_dict(values)


# Records


def test_records_come_back_from_their_lines():
    progress = Progress(1, None, 0.5, 0.25, 1.0, 3.0, 900.0, 0.05, (2.3, 2.2), kernels=[[[[0.5]]]])
    line = write_event("progress", progress.to_dict())
    assert "\n" not in line
    assert Progress.from_dict(read_event(line)) == progress
    start = Start(
        "tiny", TINY.to_text(), "3x8x8", 64102, "cpu", 90, 10, 20, ("a", "b"), TrainingConfig().to_dict(), "mine.npz"
    )
    assert Start.from_dict(read_event(write_event("start", start.to_dict()))) == start
    end = End("stopped", 0.5, None, [[1, 0], [0, 1]], None, 1.0, 100.0, 3, None)
    assert End.from_dict(read_event(write_event("end", end.to_dict()))) == end


@pytest.mark.parametrize(
    ("confusion", "only"),
    [
        ([[0, 3], [0, 5]], 1),
        ([[0, 3], [1, 5]], None),
        ([[0, 0], [0, 5]], None),  # there were no others to be told apart
        ([[7]], None),
    ],
)
def test_an_end_tells_where_all_pictures_were_taken_for_one_class(confusion, only):
    assert End("finished", 0.5, None, confusion, None, 1.0, 100.0, 3, None).only_class == only


@given(st.floats())
@settings(max_examples=30)
def test_lines_hold_finite_numbers_only(number):
    value = read_event(write_event("x", {"value": [number]}))["value"][0]
    assert value == number if math.isfinite(number) else value is None


@pytest.mark.parametrize("line", ["", "null", "[]", "{}", '{"event": 1}', "Traceback", "[" * 100_000])
def test_lines_that_are_no_events_are_refused(line):
    with pytest.raises(ParseError, match="is not an event of a run"):
        read_event(line)


def test_a_record_that_lacks_something_is_refused():
    with pytest.raises(ParseError, match="The record end lacks reason, test_accuracy"):
        End.from_dict({"event": "end"})


# Learning


def test_it_learns_and_tells_the_truth_about_it():
    run = train(TINY, DATA, TrainingConfig(epochs=8, batch_size=32))
    records = list(run)
    result = run.finish()
    losses = [loss for record in records for loss in record.losses]
    assert len(losses) == result.steps == records[-1].step == records[-1].steps_total == 8 * (540 // 32)
    assert np.mean(losses[-10:]) < 0.5 * np.mean(losses[:10])
    assert result.reason == "finished"
    assert result.test_accuracy > 0.8
    assert result.confusion.sum() == 200
    assert result.confusion.sum(1).tolist() == np.bincount(DATA.y_test).tolist()
    assert result.test_accuracy == pytest.approx(np.trace(result.confusion) / 200)
    assert result.validation_accuracy == records[-1].validation_accuracy
    assert run.finish() is result


@pytest.mark.parametrize("config", [replace(SHORT, optimizer="adamw", learning_rate=0.01), replace(SHORT, crop=1)])
def test_other_settings_learn_too(config):
    losses = losses_of(replace(config, epochs=8))
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:10])


def test_the_result_is_what_the_weights_give(tmp_path):
    import torch

    from cnnlab.training.checkpoints import load_weights, save_weights

    run = train(TINY, DATA, SHORT)
    result = run.finish()
    model = load_weights(save_weights(tmp_path / "tiny.safetensors", result.weights), TINY)
    mean, std = (np.array(values).reshape(3, 1, 1) for values in (DATA.mean, DATA.std))
    images = torch.from_numpy(((DATA.x_test / 255 - mean) / std).astype(np.float32))
    with torch.inference_mode():
        logits = model(images)
    labels = torch.from_numpy(DATA.y_test.copy())
    assert torch.nn.functional.cross_entropy(logits, labels).item() == pytest.approx(result.test_loss, abs=1e-4)
    assert (logits.argmax(1) == labels).double().mean().item() == pytest.approx(result.test_accuracy, abs=0.011)


def test_records_say_where_a_run_stands():
    records = list(train(TINY, DATA, SHORT))
    first, last = records[0], records[-1]
    assert first.step == 1
    assert first.kernels is not None
    assert np.shape(first.kernels) == (4, 3, 3, 3)
    assert (last.fraction, last.epoch, last.eta_seconds) == (1.0, 4.0, 0.0)
    for before, after in itertools.pairwise(records):
        assert before.step < after.step
        assert before.seconds <= after.seconds
        assert len(after.losses) == after.step - before.step
    assert last.validation_accuracy is not None
    assert last.images_per_second > 0


def test_a_time_budget_is_kept_and_anneals():
    run = train(TINY, DATA, TrainingConfig(seconds=1.0, batch_size=32))
    records = list(run)
    last = records[-1]
    assert 1.0 <= last.seconds < 2.0
    assert last.steps_total is None
    assert (last.fraction, last.eta_seconds) == (1.0, 0.0)
    assert last.learning_rate < 0.2 * LEARNING_RATES["sgd"]
    assert max(record.learning_rate for record in records) > 0.7 * LEARNING_RATES["sgd"]
    assert len(records) <= 2 + last.seconds * 8
    assert run.finish().reason == "finished"


def test_the_seed_decides_everything():
    config = replace(SHORT, epochs=2, crop=1)
    first = losses_of(config)
    assert first == losses_of(config)
    assert first != losses_of(replace(config, seed=1))
    assert losses_of(replace(config, flip=False)) != first


def test_a_run_leaves_the_callers_random_numbers_alone():
    import torch

    torch.manual_seed(7)
    wanted = torch.rand(3)
    torch.manual_seed(7)
    train(TINY, DATA, replace(SHORT, epochs=1)).finish()
    assert torch.equal(torch.rand(3), wanted)


# Steering


def test_not_asking_for_records_is_a_pause_that_is_not_counted():
    run = train(TINY, DATA, TrainingConfig(epochs=1000, batch_size=32))
    before = next(run)
    time.sleep(1.5)
    after = next(run)
    assert after.seconds - before.seconds < 1.2
    assert after.step > before.step
    run.close()


def test_the_peak_of_the_learning_rate_changes_without_a_new_start():
    from cnnlab.training.trainer import one_cycle

    run = train(TINY, DATA, TrainingConfig(epochs=300, batch_size=32))
    before = next(run)
    run.learning_rate = 0.4
    after = next(run)
    assert run.learning_rate == 0.4
    assert after.step > before.step
    assert after.steps_total is not None
    assert after.learning_rate == pytest.approx(0.4 * one_cycle((after.step - 1) / after.steps_total))
    with pytest.raises(TrainingError, match="The learning rate is -1: give a number above 0"):
        run.learning_rate = -1
    run.close()


def test_a_result_tells_the_changes_of_the_rate_that_counted_for_a_step():
    run = train(TINY, DATA, TrainingConfig(epochs=300, batch_size=32))
    first = next(run).step
    run.learning_rate = 0.4
    run.learning_rate = 0.2
    second = next(run).step
    run.learning_rate = 0.2
    run.learning_rate = 0.3
    assert run.rate_changes == (RateChange(first + 1, 0.2),), "no step was taken with 0.3 yet"
    next(run)
    run.learning_rate = 0.01
    assert run.finish().rate_changes == (RateChange(first + 1, 0.2), RateChange(second + 1, 0.3))


def test_a_run_that_is_closed_is_tested_as_it_is():
    run = train(TINY, DATA, TrainingConfig(epochs=1000, batch_size=32))
    step = next(run).step
    run.close()
    assert next(run, None) is None
    result = run.finish()
    assert (result.reason, result.steps) == ("stopped", step)


def test_without_validation_all_pictures_are_learnt_from():
    run = train(TINY, DATA, replace(SHORT, validation=0.0))
    assert run.images == (600, 0, 200)
    records = list(run)
    assert all(record.validation_loss is None for record in records)
    assert run.finish().validation_accuracy is None
    assert train(TINY, DATA, SHORT).images == (540, 60, 200)


@pytest.mark.parametrize(("value", "word"), [(math.nan, "NaN"), (1e38, "(infinite|NaN)")])
def test_a_loss_that_is_no_number_ends_the_run_with_a_sentence(value, word):
    import torch

    run = train(TINY, DATA, SHORT)
    with torch.no_grad():
        for parameter in run.model.parameters():
            parameter.fill_(value)
    sentence = (
        f"^The training loss became {word} at step 1, with a learning rate of 0.002 where the highest was to be 0.05: "
        r"start again with a lower highest learning rate, 0.005 for instance\.$"
    )
    with pytest.raises(TrainingError, match=sentence):
        next(run)


@pytest.mark.parametrize(("optimizer", "usual"), LEARNING_RATES.items())
def test_where_the_loss_was_lost_the_rate_in_effect_is_named_and_the_optimizers_own_suggested(optimizer, usual):
    import torch

    run = train(TINY, DATA, TrainingConfig(epochs=100, batch_size=32, optimizer=optimizer, learning_rate=10.0))
    step = next(run).step + 1
    with torch.no_grad():
        next(run.model.parameters()).fill_(math.nan)
    with pytest.raises(TrainingError) as told:
        next(run)
    rate = 10 * (0.04 + 0.96 * (step - 1) / (0.25 * 100 * (540 // 32)))  # of the way up
    assert f"became NaN at step {step}, with a learning rate of {rate:.3g} where the highest" in str(told.value)
    assert str(told.value).endswith(f"a lower highest learning rate, {usual:g} for instance.")


# Refusals


def test_what_does_not_go_together_is_refused_before_training():
    with pytest.raises(
        TrainingError, match=r"LeNet-5, made for 3 × 32 × 32, cannot take the 3 × 8 × 8 pictures of colours\. Layer 4"
    ):
        train(lenet5(), DATA)
    with pytest.raises(TrainingError, match="cannot take the 3 × 8 × 8 pictures of colours"):
        train(replace(TINY, layers=(Conv2d(1, 4, 3), *TINY.layers[1:])), DATA)
    with pytest.raises(
        TrainingError,
        match=r"tiny gives 3 numbers for a picture, but colours has 4 classes: make its last layer Linear\(8, 4\)\.$",
    ):
        train(TINY, replace(DATA, classes=("red", "green", "blue", "grey")))
    with pytest.raises(
        TrainingError,
        match=r"tiny ends in a map and gives 8 × 1 × 1 numbers .*: end it with Flatten\(\), Linear\(8, 3\)\.$",
    ):
        train(replace(TINY, layers=TINY.layers[:-2]), DATA)
    with pytest.raises(TrainingError, match=r"A batch of 541 does not fit into 540 training pictures: .* at most 540"):
        train(TINY, DATA, TrainingConfig(batch_size=541))
    with pytest.raises(TrainingError, match="colours has no test pictures"):
        train(TINY, replace(DATA, x_test=DATA.x_test[:0], y_test=DATA.y_test[:0]))
    with pytest.raises(TrainingError, match="There are no training pictures"):
        train(TINY, replace(DATA, x_train=DATA.x_train[:0], y_train=DATA.y_train[:0]))


def test_what_is_no_network_no_data_set_and_no_settings_is_refused():
    with pytest.raises(
        TrainingError, match=r"The network to train is 'lenet5': give a Network, lenet5\(\) for instance"
    ):
        train("lenet5", DATA)  # pyright: ignore[reportArgumentType]
    with pytest.raises(TrainingError, match="The data to train on are 'cifar10-mini': give load_dataset"):
        train(TINY, "cifar10-mini")  # pyright: ignore[reportArgumentType]
    with pytest.raises(TrainingError, match=r"The settings of the training are \{'epochs': 2\}: give"):
        train(TINY, DATA, {"epochs": 2})  # pyright: ignore[reportArgumentType]


def test_a_run_of_millions_of_steps_is_refused():
    many = replace(colours(4000), name="many")
    with pytest.raises(
        TrainingError, match=r"1000 epochs with batches of 1 would take 3,600,000 steps, .* fewer epochs"
    ):
        train(TINY, many, TrainingConfig(epochs=1000, batch_size=1))


def test_a_device_that_is_not_there_is_refused():
    import torch

    missing = "mps" if not torch.backends.mps.is_available() else "cuda"
    with pytest.raises(TrainingError, match=f"does not find the device '{missing}' here: choose auto or"):
        train(TINY, DATA, TrainingConfig(device=missing))


# What is inside


def test_fast_layers_give_what_the_layers_give():
    import torch

    from cnnlab.training.fast_layers import fast_twin

    torch.manual_seed(0)
    model = lenet5().to_torch().to(memory_format=torch.channels_last)
    fast = fast_twin(model, (3, 32, 32))
    assert [place for place, layer in enumerate(fast) if layer is not model[place]] == [2, 5, 6]
    assert [type(fast[place]).__name__ for place in (2, 5, 6)] == [*["TilingAverage"] * 2, "WholeMapConvolution"]
    results = []
    for version in (model, fast):
        images = torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(1))
        images = images.to(memory_format=torch.channels_last).requires_grad_()
        model.zero_grad()
        logits = version(images)
        logits.square().sum().backward()
        results.append([logits.detach(), images.grad, *(parameter.grad.clone() for parameter in model.parameters())])
    for plain, ours in zip(*results, strict=True):
        torch.testing.assert_close(ours, plain, rtol=1e-4, atol=1e-5)


@st.composite
def shortcuts(draw: st.DrawFn) -> tuple[Network, tuple[int, int, int]]:
    """Draw a network full of layers that a fast one could stand for, or nearly could, and its input."""
    shape = input_shape = (draw(st.integers(1, 4)), draw(st.sampled_from([4, 6, 8])), draw(st.sampled_from([4, 6, 8])))
    chosen: list[Layer] = []
    for _ in range(draw(st.integers(1, 5))):
        if len(shape) != 3:
            break
        channels, height, width = shape
        sizes = st.sampled_from([1, 2, 3, (1, 2), (height, width), (height, width - 1), (height - 1, width)])
        usual = {"padding": st.just(0), "dilation": st.just(1), "groups": st.just(1)}
        pooling = st.builds(
            AvgPool2d,
            st.sampled_from([2, 2, 3, (2, 1), 4]),
            st.sampled_from([None, None, None, 1, 2, 3]),
            st.sampled_from([0, 0, 0, 1]),
            ceil_mode=st.booleans(),
            count_include_pad=st.booleans(),
        )
        odd = {"padding": st.sampled_from([0, 1, "same", "valid"]), "dilation": st.sampled_from([1, 2])}
        whole = st.builds(Conv2d, st.just(channels), st.integers(1, 4), st.just((height, width)), **usual)
        other = st.builds(
            Conv2d, st.just(channels), st.just(2 * channels), sizes, st.sampled_from([1, 2]), **odd,
            groups=st.sampled_from([1, channels]), bias=st.booleans(),
            padding_mode=st.sampled_from(["zeros", "reflect", "circular"]),
        )  # fmt: skip
        plain = st.sampled_from(
            [ReLU(), ReLU(inplace=True), Dropout(0.3), BatchNorm2d(channels), MaxPool2d(2), Flatten()]
        )
        try:
            layer = draw(st.one_of(pooling, pooling, whole, other, plain))
            shape = layer.output_shape(shape)
        except ShapeError:
            continue
        chosen.append(layer)
    assume(chosen)
    return Network("drawn", tuple(chosen)), input_shape


@pytest.mark.filterwarnings("ignore:Implicit dimension choice", "ignore:Using padding='same'")  # PyTorch's own words
@given(st.one_of(shortcuts(), shortcuts(), networks()), st.integers(0, 1000))
@settings(max_examples=300, deadline=None)
def test_fast_layers_of_any_network_give_what_the_layers_give(drawn, seed):
    import torch

    from cnnlab.training.fast_layers import fast_twin

    network, shape = drawn
    assume(len(shape) == 3 and network.layers)
    assume(all(getattr(layer, "eps", 1) > 0 for layer in network.layers))
    torch.manual_seed(seed)
    model = network.without_inplace().to_torch().double().to(memory_format=torch.channels_last)
    fast = fast_twin(model, shape)
    for layer, stands_for in zip(fast, model, strict=True):
        event(type(layer).__name__ if layer is not stands_for else "as it is")
    batch = torch.randn(3, *shape, dtype=torch.float64).to(memory_format=torch.channels_last)
    for learns in (True, False):
        model.train(learns)
        results = []
        statistics = copy.deepcopy(model.state_dict())
        for version in (model, fast):
            model.load_state_dict(statistics)  # a batch norm has counted the batch
            torch.manual_seed(seed)  # what a dropout drops
            images = batch.clone().requires_grad_()
            model.zero_grad()
            given = version(images)
            given.square().sum().backward()
            gradients = [parameter.grad.clone() for parameter in model.parameters()]
            results.append([given.detach(), images.grad, *gradients, *copy.deepcopy(model.state_dict()).values()])
        for plain, ours in zip(*results, strict=True):
            torch.testing.assert_close(ours, plain, rtol=1e-8, atol=1e-9, equal_nan=True)


def test_what_behaves_otherwise_while_it_learns_does_so_only_then():
    import torch

    network = Network(
        "norms",
        (Conv2d(3, 8, 3), BatchNorm2d(8), ReLU(inplace=True), Dropout(0.5), Flatten(), Linear(288, 3)),
    )
    run = train(network, DATA, replace(SHORT, epochs=3))
    modes: list[tuple[bool, int]] = []
    norm = run.model[1]
    norm.register_forward_pre_hook(lambda layer, given: modes.append((layer.training, len(given[0]))))
    list(run)
    result = run.finish()
    assert {count for learns, count in modes if learns} == {32}
    assert {count for learns, count in modes if not learns} == {60, 200}, "validation and test change nothing"
    assert result.weights["1.num_batches_tracked"] == result.steps
    assert result.weights["1.num_batches_tracked"].dtype == np.int64
    # The test's result is that of the finished network: nothing dropped, the statistics as they were gathered.
    model = network.to_torch()
    model.load_state_dict({name: torch.from_numpy(value) for name, value in result.weights.items()})
    mean, std = (np.array(values).reshape(3, 1, 1) for values in (DATA.mean, DATA.std))
    images = torch.from_numpy(((DATA.x_test / 255 - mean) / std).astype(np.float32))
    with torch.inference_mode():
        logits = model.eval()(images)
    loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(DATA.y_test.copy())).item()
    assert loss == pytest.approx(result.test_loss, abs=1e-4)


@pytest.mark.filterwarnings("ignore:Implicit dimension choice", "ignore:Using padding='same'")
@given(networks())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_network_that_is_not_refused_is_trained_to_its_end(drawn):
    network, shape = drawn
    assume(len(shape) == 3)
    size = math.prod(network.summary(shape)[-1].output_shape if network.layers else shape)
    network = replace(network, layers=(*network.layers, Flatten(), Linear(size, 3)))
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (12, *shape), dtype=np.uint8)
    data = Dataset("drawn", pixels, np.arange(12) % 3, pixels[:3], np.arange(3), ("a", "b", "c"))
    assume(check_fit(network, data.facts, 4) is None)
    # A window that dilation lays on padding alone has minus infinity for its largest number, in PyTorch as well.
    assume(not any(isinstance(layer, MaxPool2d) and layer.dilation != 1 and layer.padding for layer in network.layers))
    run = train(network, data, TrainingConfig(epochs=1, batch_size=4, validation=0.25, learning_rate=1e-5))
    assert len([loss for progress in run for loss in progress.losses]) == 2
    assert run.finish().confusion.sum() == 3


def test_a_large_map_is_tested_on_fewer_pictures_at_a_time():
    from cnnlab.training.trainer import TEST_BATCH, _test_batch

    wide = Network("wide", (Conv2d(3, 64, 3, padding=1), AdaptiveAvgPool2d(1), Flatten(), Linear(64, 3)))
    assert _test_batch(lenet5(), (3, 32, 32)) == TEST_BATCH
    assert 1 <= _test_batch(wide, (3, 224, 224)) < 50


def test_losses_are_told_with_all_their_digits():
    losses = [loss for progress in train(TINY, DATA, SHORT) for loss in progress.losses]
    assert all(float(str(np.float32(loss))) == loss for loss in losses), "each is one that 32 bits can hold"
    assert any(round(loss, 6) != loss for loss in losses)


def test_only_kernels_that_make_a_picture_are_told():
    from cnnlab.training.trainer import SHOWN_KERNELS, first_kernels

    model = Network("n", (Conv2d(3, 2, 3),)).to_torch()
    assert (np.array(first_kernels(model), np.float32) == model[0].weight.detach().numpy()).all(), "no digit is lost"
    many = first_kernels(Network("n", (Conv2d(3, 100, 3),)).to_torch())
    assert np.shape(many) == (SHOWN_KERNELS, 3, 3, 3)
    assert np.shape(first_kernels(Network("n", (Conv2d(3, 64, 11),)).to_torch())) == (55, 3, 11, 11)
    assert first_kernels(Network("n", (Conv2d(3, 2, 100),)).to_torch()) is None
    assert first_kernels(Network("n", (Conv2d(8, 4, 3),)).to_torch()) is None
    assert first_kernels(Network("n", (Flatten(), Linear(3, 3))).to_torch()) is None
    assert np.shape(first_kernels(Network("n", (Conv2d(8, 8, 3, groups=8),)).to_torch())) == (8, 1, 3, 3)


@pytest.mark.parametrize("size", [2, 3])
def test_the_gradient_of_a_tiling_average_is_pytorchs(size):
    import torch

    from cnnlab.training.fast_layers import TilingAverage

    maps = torch.randn(2, 5, 6, 12, dtype=torch.float64, requires_grad=True)
    layer = TilingAverage(size)
    assert torch.equal(layer(maps), torch.nn.functional.avg_pool2d(maps, size))
    assert torch.autograd.gradcheck(layer, maps)


def test_other_layers_stay_as_they_are():
    import torch
    from torch import nn

    from cnnlab.training.fast_layers import fast_twin

    model = nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.AvgPool2d(2),  # 9 is odd
        nn.AvgPool2d(2, stride=1),
        nn.AvgPool2d((3, 1)),
        nn.Conv2d(4, 4, (1, 3), groups=2),
    )
    statistics = model[1].running_mean.clone()
    assert list(fast_twin(model, (2, 9, 9))) == list(model)
    assert torch.equal(model[1].running_mean, statistics)
    assert model.training
    assert torch.is_grad_enabled()


def test_pictures_become_numbers_with_mean_0_and_deviation_1():
    import torch

    from cnnlab.training.batches import Pictures

    pictures = Pictures(DATA.x_train, DATA.y_train, DATA.mean, DATA.std, torch.device("cpu"))
    assert pictures.pixels.dtype == torch.uint8
    images = torch.cat([images for images, _ in pictures.in_order(100)])
    assert images.shape == (600, 3, 8, 8)
    assert images.mean((0, 2, 3)).tolist() == pytest.approx([0, 0, 0], abs=1e-3)
    assert images.std((0, 2, 3)).tolist() == pytest.approx([1, 1, 1], abs=1e-3)
    expected = (DATA.x_train[5, 1] / 255 - DATA.mean[1]) / DATA.std[1]
    np.testing.assert_allclose(images[5, 1].numpy(), expected, atol=1e-5)


def test_a_channel_without_contrast_is_no_division_by_zero():
    import torch

    from cnnlab.training.batches import Pictures

    flat = Pictures(np.full((2, 1, 2, 2), 7, np.uint8), np.zeros(2, np.int64), [7 / 255], [0.0], torch.device("cpu"))
    images, _ = next(flat.in_order(2))
    assert images.abs().max() < 1e-6


@pytest.mark.parametrize("crop", [0, 2])
def test_an_epoch_has_each_picture_once_flipped_by_chance_and_shifted(crop):
    import torch

    from cnnlab.training.batches import Pictures

    count, side = 256, 6
    # Each picture tells its own number in every pixel's first channel, and each pixel its place in the others.
    pixels = np.zeros((count, 3, side, side), np.uint8)
    pixels[:, 0] = np.arange(count).reshape(-1, 1, 1)
    pixels[:, 1] = np.arange(1, side + 1).reshape(side, 1)
    pixels[:, 2] = np.arange(1, side + 1)
    labels = np.arange(count) % 7
    pictures = Pictures(pixels, labels, [0.0] * 3, [1 / 255] * 3, torch.device("cpu"))
    generator = torch.Generator().manual_seed(0)
    batches = list(pictures.shuffled(32, generator, flip=True, crop=crop))
    images = torch.cat([images for images, _ in batches]).round().int()
    numbers = images[:, 0].amax((1, 2))
    assert sorted(numbers.tolist()) == list(range(count))
    assert torch.cat([labels for _, labels in batches]).tolist() == [int(number) % 7 for number in numbers]
    centre = images[:, 1:, side // 2 - 1 : side // 2 + 1, side // 2 - 1 : side // 2 + 1]
    flipped = centre[:, 1, 0, 0] > centre[:, 1, 0, 1]
    assert 0.35 < flipped.double().mean() < 0.65
    down = centre[:, 0, 0, 0] - side // 2
    assert set(down.tolist()) == set(range(-crop, crop + 1))
    # What is shifted in is black, and what is left stays in order.
    rows = images[:, 1].amax(2)
    for shift, row in zip(down.tolist(), rows.tolist(), strict=True):
        assert row == [place if 1 <= place <= side else 0 for place in range(1 + shift, side + 1 + shift)]


def test_the_remainder_of_an_epoch_is_left_out():
    import torch

    from cnnlab.training.batches import Pictures

    pictures = Pictures(DATA.x_train[:10], DATA.y_train[:10], DATA.mean, DATA.std, torch.device("cpu"))
    sizes = [len(labels) for _, labels in pictures.shuffled(4, torch.Generator(), flip=False, crop=0)]
    assert sizes == [4, 4]


def test_training_does_not_load_the_compiler():
    code = (
        "import numpy as np, sys; from cnnlab.data import Dataset; "
        "from cnnlab.networks import lenet5; from cnnlab.training import train, TrainingConfig; "
        "x, y = np.zeros((40, 3, 32, 32), np.uint8), np.arange(40) % 10; "
        "data = Dataset('zeros', x, y, x.copy(), y.copy(), tuple('abcdefghij')); "
        "[list(train(lenet5(), data, TrainingConfig(epochs=1, batch_size=4, optimizer=name))) "
        "for name in ('sgd', 'adamw')]; "
        "print('torch' in sys.modules, 'torch._dynamo' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_importing_the_training_package_does_not_load_torch():
    code = (
        "import cnnlab, cnnlab.training, cnnlab.training.jobs, cnnlab.training.worker, cnnlab.cli, sys; "
        "print({'torch', 'streamlit', 'plotly', 'pandas'} & set(sys.modules) or 'none')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"
