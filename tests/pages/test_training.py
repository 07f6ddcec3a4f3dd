"""The training page, with a child that speaks the protocol and learns nothing."""

import gettext
import json
import re
import subprocess
import sys
import textwrap
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnnlab.data import cifar10
from cnnlab.errors import DataError
from cnnlab.layers import LAYER_TYPES, Conv2d, Flatten, Linear, ReLU, short_shape
from cnnlab.lessons.network.texts import format_net
from cnnlab.networks import Network, lenet5
from cnnlab.networks.zoo import ZOO
from cnnlab.optimizers import OPTIMIZER_TYPES
from cnnlab.training.config import TrainingConfig
from cnnlab.training.jobs import Job, JobManager, RunSettings
from cnnlab.training.progress import RateChange
from cnnlab.ui.pages.training.live import where_it_stands
from cnnlab.ui.pages.training.runs import describe
from cnnlab.ui.parts import downloads
from cnnlab.ui.shell import jobs
from tests.own_layer import PixelUnshuffle
from tests.pages.app import components, open_at
from tests.pages.app import menu as any_menu

open_page = partial(open_at, "training")
menu = partial(any_menu, label="Network")

ROOT = Path(__file__).parents[2]
OWN = "Conv2d(3,5,3),ReLU(),Flatten(),Linear(4500,10)"
VGG16 = ZOO["vgg16"].to_text()
FAKE = ROOT / "tests" / "fake_run.py"
BUTTON = "Start training"


@pytest.fixture(autouse=True)
def _clean_slate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path))
    monkeypatch.setattr("cnnlab.training.jobs.usable_cores", lambda: 2)
    monkeypatch.setattr(jobs._SHELF, "manager", None)
    monkeypatch.setattr(downloads, "_CIFAR10", downloads.Download())
    use(monkeypatch, "normal")
    yield
    if jobs._SHELF.manager is not None:
        jobs._SHELF.manager.close()
    st.cache_resource.clear()


def use(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setattr(jobs, "COMMAND", (sys.executable, str(FAKE), mode))


def button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


def press(app: AppTest, label: str) -> AppTest:
    button(app, label).click().run()
    assert not app.exception
    return app


def save_pictures(path: Path, side: int = 32, channels: int = 3, classes: int = 10) -> None:
    """A data set of as many pictures as it has classes."""
    pictures, labels = np.zeros((classes, channels, side, side), np.uint8), np.arange(classes)
    np.savez(path, x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)


def newest() -> Job:
    return jobs.manager().jobs()[0]


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.01)


def texts(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.header)
    progress = [bar.proto.text for bar in app.get("progress")]
    return "\n".join([element.value for kind in kinds for element in kind] + progress)


def test_a_run_goes_from_the_button_to_its_result():
    app = press(open_page(), BUTTON)
    job = newest()
    assert app.query_params["run"] == job.id
    assert "LeNet-5, average pooling · cifar10-mini · 12 epochs · SGD 0.05 · batch 64 · seed 0" in texts(app)
    wait_until(lambda: not job.live)
    app.run()
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["62.5%", "60.0%", "12 s", "12,346"]
    assert "Tested on 1,000 pictures that the network had never seen" in texts(app)
    assert not app.warning
    assert [tab.label for tab in app.tabs] == ["Confusion matrix", "Curves", "First kernels"]
    charts = [json.loads(chart.proto.spec)["data"][0] for chart in app.get("plotly_chart")]
    assert charts[0]["type"] == "heatmap"
    assert len(charts) == 4
    assert [element.proto.label for element in app.get("download_button")] == ["Weights (safetensors)", "History (CSV)"]
    assert button(app, BUTTON).disabled is False


def test_a_run_that_has_ended_is_smoothed_and_scaled_as_while_it_went():
    app = press(open_page(), BUTTON)
    wait_until(lambda: not newest().live)
    app.run()
    loss = drawn_loss(app)
    slider, box = app.select_slider(key=f"smoothing {newest().watch_id}"), app.checkbox[0]
    assert (slider.label, slider.value, box.label, box.value) == ("Smoothing", 20, "Logarithmic loss", False)
    assert slider.options[:3] == ["each step", "2 steps", "5 steps"]
    assert loss["layout"]["yaxis"].get("type") is None
    raw, smoothed, _ = loss["data"]
    assert smoothed["y"] != raw["y"]
    slider.set_value(1).run()
    box.check().run()
    assert not app.exception
    loss = drawn_loss(app)
    raw, smoothed, _ = loss["data"]
    assert np.frombuffer(b64decode(smoothed["y"]["bdata"])) == pytest.approx(
        np.frombuffer(b64decode(raw["y"]["bdata"]), np.float32)
    ), "smoothed over one step"
    assert loss["layout"]["yaxis"]["type"] == "log"


def drawn_loss(app: AppTest) -> dict:
    return next(
        spec
        for chart in app.get("plotly_chart")
        if (spec := json.loads(chart.proto.spec))["layout"]["yaxis"]["title"]["text"] == "Loss"
    )


def test_the_settings_reach_the_run():
    app = open_page(
        until="seconds", seconds="30", optimizer="adamw", lr="0.01", batch="64", pooling="max", noflip="true",
        seed="7", val="20", device="cpu",
    )  # fmt: skip
    press(app, BUTTON)
    assert newest().settings == RunSettings(
        "cifar10-mini",
        lenet5(pooling="max"),
        TrainingConfig(
            seconds=30.0, optimizer="adamw", learning_rate=0.01, batch_size=64, flip=False, seed=7, validation=0.2,
            device="cpu",
        ),
    )  # fmt: skip


def test_old_links_still_mean_adamw():
    app = open_page(optimizer="adam")
    assert not app.warning
    (field,) = [box for box in app.selectbox if box.label == "Optimizer"]
    assert field.value == "adamw"
    assert field.options == [one.title for one in OPTIMIZER_TYPES.values()]
    assert app.query_params["optimizer"] == "adamw"
    press(app, BUTTON)
    assert newest().settings.config == TrainingConfig(optimizer="adamw")
    assert "· AdamW 0.003 ·" in texts(app)


def test_old_links_still_open_lenet5_with_the_pooling_they_name():
    app = open_page(pooling="max", data="cifar10-mini", epochs="3")
    assert menu(app).value == "lenet5"
    assert not app.warning
    press(app, BUTTON)
    assert newest().settings.network == lenet5(pooling="max")
    assert "LeNet-5, max pooling · cifar10-mini · 3 epochs" in texts(app)


# The network


def test_a_network_is_told_in_one_line_with_its_cost():
    told = texts(open_page())
    assert "**LeNet-5**: 12 layers, 64,102 parameters, from 3 × 32 × 32 to 10 classes." in told
    assert "An epoch of 4,500 pictures takes about 1 s" in told
    assert "**Tiny VGG**: 12 layers, 5,520 parameters, from 3 × 32 × 32" in texts(open_page(train_net="tiny-vgg"))


@pytest.mark.parametrize(("share", "pictures"), [("0", "5,000"), ("10", "4,500"), ("33", "3,350"), ("50", "2,500")])
def test_an_epoch_has_the_pictures_that_are_not_kept_aside(share: str, pictures: str):
    assert f"An epoch of {pictures} pictures takes about" in texts(open_page(val=share))


def test_a_preset_is_chosen_reaches_the_run_and_stands_in_the_link():
    app = open_page(pooling="max")
    menu(app).select("tiny-vgg").run()
    assert app.query_params["train_net"] == "tiny-vgg"
    assert "pooling" not in app.query_params, "no control on the screen stands for it"
    press(app, BUTTON)
    assert newest().settings.network == ZOO["tiny-vgg"]
    assert "Tiny VGG, max pooling · cifar10-mini" in texts(app)
    assert newest().settings.network == open_and_start(train_net="tiny-vgg")


def open_and_start(**parameters: str) -> Network:
    press(open_page(**parameters), BUTTON)
    return newest().settings.network


def test_a_network_from_a_link_is_trained_as_it_is_and_stays_in_the_link():
    app = open_page(train_net=OWN, train_input="3x32x32", epochs="2")
    assert not app.warning
    assert menu(app).value == "own"
    assert app.query_params["train_net"] == OWN
    assert app.query_params["train_input"] == "3x32x32"
    assert "**The network**: 4 layers, 45,150 parameters, from 3 × 32 × 32 to 10 classes." in texts(app)
    press(app, BUTTON)
    layers = (Conv2d(3, 5, 3), ReLU(), Flatten(), Linear(4500, 10))
    assert newest().settings.network == Network("network", layers, (3, 32, 32))
    wait_until(lambda: not newest().live)
    app.run()
    assert "own network · cifar10-mini · 2 epochs" in texts(app)
    names = [element.proto.label for element in app.get("download_button")]
    assert names == ["Weights (safetensors)", "History (CSV)"]


def test_a_network_from_a_link_can_be_left_for_a_preset_and_come_back():
    app = open_page(train_net=OWN, train_input="3x32x32")
    menu(app).select("lenet5").run()
    assert "train_net" not in app.query_params
    assert "train_input" not in app.query_params
    menu(app).select("own").run()
    assert app.query_params["train_net"] == OWN
    assert "45,150 parameters" in texts(app)
    app.switch_page("app.py").run()
    app.switch_page("pages/training.py").run()
    assert menu(app).value == "own"


@pytest.mark.parametrize("parameters", [{}, {"train_net": OWN}, {"train_net": "Conv2d(1,5,3)", "train_input": "1x9x9"}])
def test_every_network_can_be_looked_at_on_its_page(parameters):
    (link,) = open_page(**parameters).main.get("page_link")
    query = dict(parse_qsl(link.proto.query_string))
    text, shape = parameters.get("train_net", format_net(lenet5())), parameters.get("train_input", "3x32x32")
    assert query == {"net": text, "net_input": shape}


@pytest.mark.parametrize("word", ["vgg16", "lenet5-cifar"])
def test_every_network_that_has_a_word_is_read_by_it(word: str):
    app = open_page(train_net=word)
    assert not app.warning
    assert menu(app).value == "own"
    network = ZOO[word]
    assert app.query_params["train_net"] == format_net(network)
    assert app.query_params["train_input"] == short_shape(network.input_shape)
    assert network.name in texts(app) + " ".join(error.value for error in app.error).replace("\\", "")


def test_a_known_network_from_a_link_has_its_name():
    app = open_page(train_net=lenet5().to_text().replace(" ", ""), train_input="3x32x32")
    assert "**LeNet-5**: 12 layers" in texts(app)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nn.Sequential(Conv2d(3,5,3),\nConv3d(1))", "Line 2: "),
        ("Conv2d(0,5,3)", "in_channels must be a whole number from 1"),
        ("lenet6", "Line 1: "),
        ("__import__('os').system('x')", "Line 1: "),
    ],
)
def test_a_network_that_cannot_be_read_is_told_with_its_line_and_the_rest_survives(text, reason):
    app = open_page(train_net=text, train_input="3x32x32", epochs="7", pooling="max")
    (told,) = [warning.value for warning in app.warning]
    assert told.startswith("The link asks for `train_net=")
    assert reason in told.replace("\\", "")
    assert menu(app).value == "lenet5"
    press(app, BUTTON)
    assert newest().settings == RunSettings("cifar10-mini", lenet5(pooling="max"), TrainingConfig(epochs=7))


def test_an_input_that_cannot_be_read_is_told():
    app = open_page(train_net=OWN, train_input="wide")
    assert "`train_input=wide`" in texts(app)
    assert not button(app, BUTTON).disabled


@pytest.mark.parametrize(
    ("network", "data", "sentence"),
    [
        (
            "Conv2d(1,5,3),Flatten(),Linear(4500,10)",
            {},
            "Layer 1 (Conv2d) expects 1 channel. The input is a map of 3",
        ),
        ("lenet5", {"side": 28}, "LeNet-5 cannot take the 3 × 28 × 28 pictures of mine. Layer 7 (Conv2d)"),
        (
            "Conv2d(3,5,3),Flatten(),Linear(400,10)",
            {},
            "expects 400 features. Layer 2 (Flatten) gives 5 × 30 × 30 =",
        ),
        (
            "Flatten(),Linear(3072,10)",
            {"classes": 3},
            "gives 10 numbers for a picture, but mine has 3 classes: make its",
        ),
        ("Conv2d(3,5,3),ReLU()", {}, "ends in a map and gives 5 × 30 × 30 numbers for a picture"),
        ("AvgPool2d(32),Flatten()", {"classes": 3}, "has no weights to train: add a convolution or a linear layer"),
        (
            "Flatten(),Linear(3072,8000),Linear(8000,10)",
            {},
            "more than the 20,000,000 that can be trained here. Layer 2",
        ),
        (VGG16, {}, "VGG-16 has 138,357,544 parameters, more than the 20,000,000 that can be trained here"),
        ("Flatten(),Linear(3072,10)", {"channels": 1}, "expects 3,072 features. Layer 1"),
    ],
)
def test_what_cannot_be_trained_is_said_as_soon_as_it_is_chosen_and_nothing_starts(tmp_path, network, data, sentence):
    save_pictures(tmp_path / "mine.npz", **data)
    app = open_page(train_net=network, data="mine.npz")
    (told,) = [error.value for error in app.error]
    assert sentence in told.replace("\\", "")
    assert button(app, BUTTON).disabled
    assert not jobs.manager().jobs()


def test_a_network_too_slow_for_a_large_data_set_is_refused_with_its_time(monkeypatch):
    monkeypatch.setattr("cnnlab.data.cifar10.is_ready", lambda: True)
    slow = "Conv2d(3,64,3),Conv2d(64,256,9),AvgPool2d(22),Flatten(),Linear(256,10)"
    app = open_page(train_net=slow, data="cifar10", device="cpu")
    (told,) = [error.value for error in app.error]
    assert re.search(r"The network would need about \d+ min \d+ s for one epoch of 45,000 pictures of cifar10", told)
    app.selectbox(key="data").select("cifar10-mini").run()
    assert not app.error


def test_a_large_batch_that_fills_the_memory_is_refused_until_it_is_smaller():
    app = open_page(train_net="Conv2d(3,256,3),ReLU(),AvgPool2d(30),Flatten(),Linear(256,10)", batch="1024")
    (told,) = [error.value for error in app.error]
    assert "Use batches of at most" in told
    assert button(app, BUTTON).disabled
    app.number_input(key="batch").set_value(64).run()
    assert not app.error
    assert not button(app, BUTTON).disabled


def test_a_small_change_that_makes_it_fit_is_one_click(tmp_path):
    save_pictures(tmp_path / "digits.npz", side=28, channels=1)
    app = open_page(data="digits.npz")
    assert button(app, BUTTON).disabled
    press(app, next(one.label for one in app.button if one.label.startswith("Pad ")))
    assert not app.error
    assert app.query_params["train_input"] == "1x28x28"
    press(app, BUTTON)
    first = newest().settings.network.layers[0]
    assert (first.in_channels, first.padding) == (1, 2)


def test_a_softmax_at_the_end_is_allowed_with_a_remark():
    app = open_page(train_net="Flatten(),Linear(3072,10),Softmax(1)")
    (told,) = [warning.value for warning in app.warning]
    assert told.startswith("The last layer is Softmax(dim=1): cross-entropy takes a softmax itself")
    assert not button(app, BUTTON).disabled


def test_the_presets_are_fitted_to_the_data(tmp_path):
    save_pictures(tmp_path / "grey.npz", channels=1, classes=4)
    app = open_page(data="grey.npz")
    assert not app.error
    press(app, BUTTON)
    assert newest().settings.network.layers == lenet5(1, 4).layers


def test_a_file_that_is_no_data_set_is_told_before_the_run(tmp_path):
    (tmp_path / "mine.npz").write_bytes(b"not at all")
    app = open_page(data="mine.npz")
    (told,) = [error.value for error in app.error]
    assert "mine.npz is not a complete .npz file" in told.replace("\\", "")
    assert button(app, BUTTON).disabled


def test_where_there_are_no_kernels_to_look_at_the_page_says_so(monkeypatch):
    use(monkeypatch, "forever")
    app = press(open_page(train_net="Flatten(),Linear(3072,10)"), BUTTON)
    assert "This network has no convolution, so there are no kernels to look at." in texts(app)


def test_another_optimizer_brings_its_own_learning_rate_unless_one_was_typed():
    app = open_page()
    rate = "Highest learning rate"
    field = lambda: next(field for field in app.number_input if field.label == rate)  # noqa: E731
    assert field().value == 0.05
    app.selectbox(key="optimizer").select("adamw").run()
    assert field().value == 0.003
    field().set_value(0.01).run()
    app.selectbox(key="optimizer").select("sgd").run()
    assert field().value == 0.01


def test_a_network_of_few_layers_brings_its_own_learning_rate_too():
    app = open_page()
    menu(app).select("tiny-vgg").run()
    assert app.number_input(key="lr").value == 0.05
    app = open_page(train_net="Flatten(),Linear(3072,10)")
    assert app.number_input(key="lr").value == 0.01
    menu(app).select("lenet5").run()
    assert app.number_input(key="lr").value == 0.05
    menu(app).select("own").run()
    assert app.number_input(key="lr").value == 0.01
    assert open_page(train_net="Flatten(),Linear(3072,10)", lr="0.05").number_input(key="lr").value == 0.05


def test_a_setting_that_a_link_cannot_have_is_told():
    shown = texts(open_page(batch="0", optimizer="magic", epochs="12345"))
    assert "`batch=0`" in shown
    assert "`optimizer=magic`" in shown
    assert "`epochs=12345`" in shown


def test_a_live_run_has_its_numbers_curves_and_handles(monkeypatch):
    use(monkeypatch, "forever")
    app = press(open_page(), BUTTON)
    job = newest()
    wait_until(lambda: job.history.steps >= 50)
    app.run()
    (course,) = components(app)
    assert course["run"] == job.watch_id
    (raw, _, validation), (accuracy,), _ = (chart["series"] for chart in course["charts"])
    assert raw["x"].size == raw["y"].size >= 50
    assert validation["x"][:2].tolist() == accuracy["x"][:2].tolist() == [25, 50]
    assert course["kernels"]["shape"] == [6, 3, 5, 5]
    assert [chart["x"]["name"] for chart in course["charts"]] == ["step"] * 3
    assert [chart["y"]["name"] for chart in course["charts"]] == ["Loss", "Validation accuracy", "Learning rate"]
    assert [number["label"] for number in course["numbers"]][2] == "Images per second"
    assert not app.metric

    press(app, "Pause")
    wait_until(lambda: job.state == "paused")
    app.run()
    assert "Paused, 50% done. The run keeps its place" in texts(app)
    press(app, "Resume")
    wait_until(lambda: job.state == "running")
    app.number_input(key=f"rate {job.watch_id}").set_value(0.02).run()
    wait_until(lambda: job.progress.learning_rate == 0.02)
    (change,) = job.rate_changes
    press(app, "Stop and test")
    wait_until(lambda: not job.live)
    app.run()
    assert f"SGD 0.05 → 0.02 from step {change.step} · batch 64" in texts(app)
    assert "It was stopped early; this is what it had learnt until then." in texts(app)
    assert app.metric[0].value == "62.5%"


def test_the_field_of_the_learning_rate_shows_the_runs_own_wherever_it_is_looked_at(monkeypatch):
    use(monkeypatch, "forever")
    app = press(open_page(), BUTTON)
    job = newest()
    rate = lambda app: app.number_input(key=f"rate {job.watch_id}")  # noqa: E731
    wait_until(lambda: job.history.steps > 5)
    other = open_page(run=job.id)
    assert rate(app.run()).value == rate(other).value == 0.05

    rate(app).set_value(0.01).run()
    wait_until(lambda: job.learning_rate == 0.01)
    assert "The learning rate now peaks at 0.01, from step" in texts(app.run())
    assert "The run began with 0.05." in texts(app)
    assert rate(other.run()).value == 0.01
    assert rate(open_page(run=job.id)).value == 0.01
    app.switch_page("app.py").run()
    app.switch_page("pages/training.py").run()
    assert rate(app).value == 0.01

    rate(app).set_value(None).run()
    assert rate(app).value == 0.01
    rate(app).set_value(0.05).run()
    wait_until(lambda: job.learning_rate == 0.05)
    assert rate(other.run()).value == 0.05
    assert [change.learning_rate for change in job.rate_changes] == [0.01, 0.05]


@pytest.mark.parametrize(
    ("rate", "advice"),
    [
        (
            "1",
            "Most often the learning rate was too high: one step carries the weights so far",
        ),
        ("0.05", "The weights have hardly moved away from where they began: train for longer"),
    ],
)
def test_a_network_that_tells_nothing_apart_is_explained(monkeypatch, rate, advice):
    use(monkeypatch, "blind")
    app = press(open_page(lr=rate), BUTTON)
    wait_until(lambda: not newest().live)
    app.run()
    (told,) = [warning.value for warning in app.warning]
    assert told.startswith("The network predicted **frog** for every test image: the accuracy is only")
    assert advice in told
    assert told.endswith("with a highest learning rate of 0.05.")


def test_many_changes_of_the_rate_are_told_by_their_newest():
    manager = JobManager(slots=1, command=[sys.executable, str(FAKE), "forever"])
    try:
        job = manager.submit(RunSettings("x", lenet5(), TrainingConfig(epochs=1)))
        job.rate_changes = tuple(RateChange(step, step / 10_000) for step in (10, 200, 3000, 4000))
        told = "SGD 0.05 → 1 other rate → 0.02 from step 200 → 0.3 from step 3,000 → 0.4 from step 4,000 ·"
        assert told in describe(job)
    finally:
        manager.close()


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("killed", "killed by signal 9; the machine may have run out of memory"),
        ("nan", "The loss is no longer a number: lower the learning rate"),
        ("crash", "The run ended unexpectedly (exit status 1)"),
    ],
)
def test_a_run_that_fails_is_a_sentence_and_the_next_can_start(monkeypatch, mode, sentence):
    use(monkeypatch, mode)
    app = press(open_page(), BUTTON)
    job = newest()
    wait_until(lambda: not job.live)
    app.run()
    assert sentence in app.error[0].value
    assert not app.exception
    press(app, BUTTON)
    assert newest() is not job
    assert "Your runs" in texts(app)


def test_a_reload_finds_the_run_and_a_second_browser_sees_it(monkeypatch):
    use(monkeypatch, "forever")
    press(open_page(), BUTTON)
    job = newest()
    other = open_page(run=job.id)
    wait_until(lambda: job.state == "running")
    other.run()
    assert where_it_stands(job) in texts(other)
    assert button(other, "Pause").disabled is False
    assert other.query_params["run"] == job.id


def test_a_run_of_others_is_listed_and_can_be_watched_but_not_steered(monkeypatch):
    use(monkeypatch, "forever")
    press(open_page(), BUTTON)
    job = newest()
    other = open_page()
    assert any("Runs of others in progress: 1" in expander.label for expander in other.expander)
    press(other, "Look on")
    wait_until(lambda: job.state == "running")
    other.run()
    assert other.query_params["run"] == job.watch_id
    assert "You are looking on." in texts(other)
    assert "Pause" not in [button.label for button in other.button]
    assert job.id not in str(other._tree), "the id that steers does not leave the server"


@pytest.mark.parametrize("mode", ["normal", "forever", "unsaved", "blurts", "crash"])
def test_no_part_of_an_onlookers_page_holds_a_folder_or_the_id_that_steers(monkeypatch, tmp_path, mode):
    use(monkeypatch, mode)
    save_pictures(tmp_path / "mine.npz")
    owner = press(open_page(data="mine.npz"), BUTTON)
    job = newest()
    wait_until(lambda: job.history.steps >= 10 and (mode == "forever" or not job.live))
    onlooker, stranger = open_page(run=job.watch_id), open_page()
    folder = jobs.manager().store.folder.path()
    for app in (onlooker, stranger, owner.run()):
        page = str(app._tree)
        assert "cifar10-mini" in page
        assert str(tmp_path) not in page
        assert str(folder) not in page
        assert folder.name not in page
    for app in (onlooker, stranger):
        assert job.id not in str(app._tree) + str(dict(app.query_params))
    if mode == "unsaved":
        assert "The weights could not be written to weights.safetensors (No space left on device)" in texts(onlooker)
    if mode == "blurts":
        assert "Neither mine.npz nor weights.safetensors nor 'b.npz' can be read" in onlooker.error[0].value


def test_a_file_of_pictures_that_cannot_be_read_is_told_without_its_folder(tmp_path):
    (tmp_path / "mine.npz").write_bytes(b"not at all")
    (told,) = [error.value for error in open_page(data="mine.npz").error]
    assert "The data set cannot be used. mine" in told
    assert str(tmp_path) not in told.replace("\\", "")


@pytest.mark.parametrize("gone", ["file", "never saved"])
def test_weights_that_are_gone_are_a_sentence_with_a_way_out(monkeypatch, gone):
    use(monkeypatch, "normal" if gone == "file" else "unsaved")
    app = press(open_page(), BUTTON)
    job = newest()
    wait_until(lambda: not job.live)
    app.run()
    sentence = "The weights of this run are not on the server"
    if gone == "file":
        assert sentence not in texts(app)
        job.weights_path.unlink()
        app.run()
    (told,) = [info.value for info in app.info if info.value.startswith(sentence)]
    assert told.endswith("start the run again with the same settings and the same seed.")
    assert [element.proto.label for element in app.get("download_button")] == ["History (CSV)"]
    assert app.metric[0].value == "62.5%"


def test_where_nothing_can_be_written_the_page_says_so_and_goes_on_as_soon_as_it_can(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")
    app = open_page()
    (told,) = [error.value.replace("\\", "") for error in app.error]
    assert "nothing can be written to /proc/nowhere on the server (No such file or directory)" in told
    assert "with the environment variable TMPDIR naming a folder that can be written to" in told
    assert button(app, BUTTON).disabled
    assert "**LeNet-5**: 12 layers" in texts(app)
    app.selectbox(key="optimizer").select("sgd").run()
    assert not app.exception
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    press(app.run(), BUTTON)
    assert not app.error
    wait_until(lambda: newest().weights_path)


def test_a_finished_run_stays_on_the_screen_however_many_others_finish():
    app = press(open_page(), BUTTON)
    mine = newest()
    wait_until(lambda: mine.end)
    manager = jobs.manager()
    manager.store.kept = 1
    for _ in range(3):
        job = manager.submit(mine.settings)
        wait_until(lambda job=job: job.end and not manager.launcher.processes)
    manager.store.kept = 0
    assert manager.submit(mine.settings).live
    app.run()
    assert app.metric[0].value == "62.5%"
    assert "Weights (safetensors)" in [element.proto.label for element in app.get("download_button")]


def test_who_looks_on_at_a_waiting_run_may_start_one(monkeypatch):
    use(monkeypatch, "forever")
    manager = jobs.manager()
    manager.submit(RunSettings("cifar10-mini"), "ann")
    waiting = manager.submit(RunSettings("cifar10-mini"), "ann")
    app = press(open_page(run=waiting.watch_id), BUTTON)
    assert not app.error
    assert newest().queue_position == 2
    assert newest() is not waiting


def test_an_unknown_run_is_told_and_the_page_still_works():
    app = open_page(run="0123456789abcdef")
    assert "This run is no longer on the server" in app.warning[0].value
    press(app, BUTTON)
    wait_until(lambda: not newest().live)
    app.run()
    assert app.metric[0].value == "62.5%"
    assert not app.warning


def test_a_second_run_waits_in_the_queue_and_a_third_is_refused(monkeypatch):
    use(monkeypatch, "forever")
    app = press(open_page(), BUTTON)
    first = newest()
    press(app, BUTTON)
    second = newest()
    assert second.queue_position == 1
    assert "Waiting in the queue at place 1" in texts(app)
    press(app, BUTTON)
    assert "You already have a run waiting in the queue" in app.error[0].value
    press(app, "Leave the queue")
    app.run()
    assert "The run was stopped before it began." in texts(app)
    assert second.state == "ended"
    assert first.live


def test_earlier_runs_of_the_session_are_listed_and_open_again():
    app = press(open_page(), BUTTON)
    first = newest()
    wait_until(lambda: not first.live)
    press(app.run(), BUTTON)
    second = newest()
    wait_until(lambda: not second.live)
    app.run()
    assert "Your runs" in texts(app)
    assert "**62.5%** on the test pictures" in texts(app)
    app.button(key=f"open {first.watch_id}").click().run()
    assert app.query_params["run"] == first.id


def test_the_run_goes_on_while_other_pages_are_read(monkeypatch):
    use(monkeypatch, "forever")
    app = press(open_page(), BUTTON)
    job = newest()
    app.switch_page("app.py").run()
    assert job.viewers == 1
    wait_until(lambda: job.history.steps > 20)
    app.switch_page("pages/training.py").run()
    assert "cifar10-mini · 12 epochs" in texts(app)


def test_a_visit_elsewhere_starts_no_manager():
    AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()
    assert jobs._SHELF.manager is None


def test_a_session_counts_as_long_as_the_server_knows_its_browser(monkeypatch):
    use(monkeypatch, "forever")
    press(open_page(), BUTTON)
    job = newest()
    (name,) = jobs.manager()._viewers._of_run[job.id]
    assert job.viewers == 1, "where no server runs nobody can leave"
    connected = {name}
    server = SimpleNamespace(is_active_session=connected.__contains__)
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: server)
    assert job.viewers == 1
    connected.clear()
    assert job.viewers == 0


def test_runs_outlive_a_visitor_who_has_the_servers_caches_emptied(monkeypatch):
    use(monkeypatch, "forever")
    app = press(open_page(), BUTTON)
    job, manager, download = newest(), jobs.manager(), downloads.cifar10_download()
    st.cache_resource.clear()
    st.cache_data.clear()
    assert job.viewers == 1
    assert jobs.manager() is manager
    assert downloads.cifar10_download() is download
    app.run()
    assert job.viewers == 1
    assert "cifar10-mini · 12 epochs" in texts(app)


def test_opening_the_page_has_a_worker_load_torch():
    open_page()
    wait_until(lambda: jobs.manager().is_warm)
    assert jobs.manager().devices == ("cpu", "cuda")
    app = open_page(device="cuda")
    assert app.selectbox(key="device").options == ["Automatic", "CPU", "CUDA (graphics card)"]
    assert "Found on this machine: CPU and CUDA" in app.selectbox(key="device").help


def test_a_device_that_this_machine_lacks_is_told():
    app = open_page(device="mps")
    wait_until(lambda: jobs.manager().is_warm)
    app.run()
    assert not app.exception
    assert "The link asks for the device `mps`, which this machine does not have" in texts(app)
    assert app.selectbox(key="device").value == "auto"


def test_files_in_the_data_folder_are_offered_by_name_and_paths_are_not_taken(tmp_path):
    save_pictures(tmp_path / "mine.npz")
    app = open_page(data="mine.npz")
    assert app.selectbox(key="data").value == "mine.npz"
    press(app, BUTTON)
    assert newest().settings.data == str(tmp_path / "mine.npz")
    assert "mine.npz · 12 epochs" in texts(app)
    assert str(tmp_path) not in texts(app)
    assert "`data=/etc/passwd`" in texts(open_page(data="/etc/passwd"))


def test_cifar10_is_offered_as_a_download_with_its_progress_in_words(monkeypatch, tmp_path):
    go_on, told = [], []

    def download():
        yield cifar10.DownloadProgress("downloading", 20_000_000, 170_000_000, tmp_path)
        told.append("half")
        wait_until(lambda: go_on)
        raise DataError("www.cs.toronto.edu cannot be reached: cifar10-mini needs no network")

    monkeypatch.setattr(cifar10, "download", download)
    app = open_page(data="cifar10")
    assert "CIFAR-10 is not on this machine yet" in app.info[0].value
    assert button(app, BUTTON).disabled
    press(app, "Download CIFAR-10")
    wait_until(lambda: told)
    app.run()
    assert "Downloading CIFAR-10: 20 of 170 MB." in texts(app)
    go_on.append(True)
    wait_until(lambda: not downloads.cifar10_download().is_going_on)
    app.run()
    assert "cannot be reached" in app.error[0].value
    app.selectbox(key="data").select("cifar10-mini").run()
    assert not button(app, BUTTON).disabled


@pytest.mark.parametrize("folder", ["~nosuch/x", __file__])
def test_a_data_folder_that_cannot_be_used_is_told_and_cifar10_mini_goes_on(monkeypatch, folder):
    monkeypatch.setenv("CNNLAB_DATA", folder)
    app = press(open_page(), BUTTON)
    assert newest().settings.data == "cifar10-mini"
    app.selectbox(key="data").select("cifar10").run()
    assert not app.exception
    (told,) = [error.value for error in app.error]
    assert "CNNLAB" in told
    assert "cifar10-mini is part of the lab and needs no network" in told
    assert button(app, BUTTON).disabled
    assert "Download CIFAR-10" not in [button.label for button in app.button]


@pytest.mark.parametrize(("text", "seconds"), [("", 60), ("2.5", 2.5), ("0", 0), ("-1", 60), ("nan", 60), ("soon", 60)])
def test_how_long_a_run_goes_on_alone_comes_from_the_environment(monkeypatch, caplog, text, seconds):
    monkeypatch.setenv("CNNLAB_GRACE_SECONDS", text)
    assert jobs.grace_seconds() == seconds
    assert ("give a number of seconds" in caplog.text) == (text in ("-1", "nan", "soon"))
    assert jobs.manager()._viewers.grace_seconds == seconds


def test_where_a_run_stands_is_said_in_words():
    manager = JobManager(slots=1, command=[sys.executable, str(FAKE), "forever"])
    try:
        first, second = (manager.submit(RunSettings("x", lenet5(), TrainingConfig())) for _ in range(2))
        assert where_it_stands(first).startswith("Starting: the worker loads PyTorch")
        assert where_it_stands(second).startswith("Waiting in the queue at place 1")
        wait_until(lambda: first.progress is not None)
        assert where_it_stands(first) == "Training, 50% done."
        first.stopping = True
        assert where_it_stands(first).startswith("Stopping: what has been learnt so far")
    finally:
        manager.close()


def test_the_server_never_loads_torch_for_a_run():
    program = textwrap.dedent(f"""
        import sys, time
        from streamlit.testing.v1 import AppTest
        from cnnlab.ui.shell import jobs
        jobs.COMMAND = (sys.executable, {str(FAKE)!r}, "normal")
        app = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=20)
        app.switch_page("pages/training.py").run()
        heavy = {{"torchvision", "torch"}}
        print("before", sorted(heavy & set(sys.modules)))
        next(button for button in app.button if button.label == {BUTTON!r}).click().run()
        job = jobs.manager().jobs()[0]
        while job.live:
            time.sleep(0.05)
        app.run()
        print("after", app.metric[0].value, sorted(heavy & set(sys.modules)))
    """)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines() == ["before []", "after 62.5% []"], done.stderr


def test_what_the_page_imports_is_light():
    program = (
        "import sys, cnnlab.ui.shell.jobs, cnnlab.ui.pages.training.live, cnnlab.ui.pages.training.result;"
        "import cnnlab.ui.pages.training.settings;"
        "print(sorted({'torch', 'torchvision', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_click_on_start_outlives_a_rerun_that_comes_between(monkeypatch):
    """The devices become known while the page is being drawn, which draws it anew."""
    app = open_page()
    known = iter([None, ("cpu",)])
    monkeypatch.setattr(
        JobManager, "devices", property(lambda _: next(known, ("cpu",)), lambda *_: None), raising=False
    )
    press(app, BUTTON)
    assert len(jobs.manager().jobs()) == 1


def test_a_new_layer_type_can_be_chosen_and_says_itself_what_it_cannot_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LAYER_TYPES, "PixelUnshuffle", PixelUnshuffle)
    app = open_page(train_net="PixelUnshuffle(2),Flatten(),Linear(3072,10)", train_input="3x32x32")
    assert not button(app, BUTTON).disabled
    app = open_page(train_net="PixelUnshuffle(3),Flatten(),Linear(3072,10)", train_input="3x33x33")
    assert button(app, BUTTON).disabled
    assert any("needs sides that 3 divides" in error.value for error in (*app.error, *app.warning))


class Marked(gettext.NullTranslations):
    """A language that says the English between marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def unmarked(app: AppTest) -> set[str]:
    """The words on the page that are of no language's message."""
    widgets = (app.button, app.selectbox, app.number_input, app.toggle, app.tabs, app.expander, app.metric)
    said = texts(app).splitlines()
    for widget in (widget for kind in widgets for widget in kind):
        said += [widget.label, getattr(widget, "help", None) or "", *getattr(widget, "options", [])]
    said += [element.proto.label for element in app.get("download_button")]
    text = "\n".join(said)
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = inner
    return set(re.findall(r"[A-Za-z][\w-]{2,}", text))


def test_all_that_the_page_says_is_said_in_the_sessions_language(monkeypatch, tmp_path):
    monkeypatch.setattr("cnnlab.ui.shell.language.LANGUAGES", {"en": Marked()})
    use(monkeypatch, "forever")
    names = {"cifar10-mini", "cifar10"}  # of data sets, as options
    app = open_page()
    assert unmarked(app) <= names
    next(button for button in app.button if "Start training" in button.label).click().run()
    job = newest()
    wait_until(lambda: job.history.steps > 50)
    job.set_learning_rate(0.5)
    wait_until(lambda: job.rate_changes)
    assert unmarked(app.run()) <= names
    assert unmarked(open_page(run=job.watch_id)) <= names
    job.stop()
    wait_until(lambda: not job.live)
    assert unmarked(app.run()) <= names
    (tmp_path / "mine.npz").write_bytes(b"not at all")
    for parameters in (
        {"train_net": "Conv2d(1,5,3),Flatten(),Linear(4500,10)"}, {"train_net": "Conv2d(3,5,3),ReLU()"},
        {"run": "0123"}, {"data": "cifar10", "device": "mps"}, {"data": "mine.npz"},
    ):  # fmt: skip
        assert unmarked(open_page(**parameters)) <= names | {"mine", "npz"}, parameters


@pytest.mark.parametrize("mode", ["killed", "crash", "silent"])
def test_why_a_run_failed_is_said_in_the_language_of_whoever_looks(monkeypatch, mode):
    use(monkeypatch, mode)
    press(open_page(), BUTTON)
    job = newest()
    wait_until(lambda: not job.live)
    english = open_page(run=job.watch_id).error[0].value
    monkeypatch.setattr("cnnlab.ui.shell.language.LANGUAGES", {"en": Marked()})
    assert open_page(run=job.watch_id).error[0].value == f"⟦{english}⟧"
