"""The child's side of a run: the lines that it prints, the commands that it takes, and its end."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnlab.errors import DataError, ParseError, TrainingError
from cnnlab.networks import lenet5
from cnnlab.training import End, Progress, Start, TrainingConfig
from cnnlab.training.checkpoints import load_weights, read_network, read_settings
from cnnlab.training.progress import read_event
from cnnlab.training.record import record_of
from cnnlab.training.worker import Order, begin, conclude, explain

TRAIN = (sys.executable, "-m", "cnnlab", "train")
DEADLINE = 90.0  # seconds for any one line; loading torch takes a while on a busy machine


class Child:
    """A training process whose events can be waited for."""

    def __init__(self, *arguments: str, stdin: int = subprocess.PIPE) -> None:
        self.process = subprocess.Popen(
            [*TRAIN, *arguments], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
        )
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._events.put(read_event(line))
        self._events.put(None)

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def next(self, timeout: float = DEADLINE) -> dict[str, Any]:
        event = self._events.get(timeout=timeout)
        assert event is not None, f"the process ended with {self.process.wait()}: {self.errors()}"
        return event

    def until(self, name: str) -> dict[str, Any]:
        """The next event with this name; those before it are passed over, if they are progress."""
        while (event := self.next())["event"] != name:
            assert event["event"] == "progress", event
        return event

    def rest(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        while (event := self._events.get(timeout=DEADLINE)) is not None:
            events.append(event)
        return events

    def is_silent(self, seconds: float) -> bool:
        try:
            return self._events.get(timeout=seconds) is None
        except queue.Empty:
            return True

    def errors(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def child() -> Iterator[Any]:
    children: list[Child] = []

    def start(*arguments: str, stdin: int = subprocess.PIPE) -> Child:
        children.append(Child(*arguments, stdin=stdin))
        return children[-1]

    yield start
    for one in children:
        one.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """400 small pictures in Keras' format."""
    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("data") / "small.npz"
    pixels = random.integers(0, 256, (500, 32, 32, 3), dtype=np.uint8)
    labels = random.integers(0, 4, 500)
    np.savez(path, x_train=pixels[:400], y_train=labels[:400], x_test=pixels[400:], y_test=labels[400:])
    return str(path)


def test_a_worker_waits_ready_and_is_steered(child, data, tmp_path):
    weights = tmp_path / "weights.safetensors"
    run = child("--json", "--standby")
    ready = run.next()
    assert ready["event"] == "ready"
    assert "cpu" in ready["devices"]
    config = TrainingConfig(epochs=1000, batch_size=16, learning_rate=0.02)
    network = lenet5(num_classes=4, pooling="max")
    run.tell(json.dumps({**config.to_dict(), "data": data, **record_of(network), "save": str(weights)}))

    start = Start.from_dict(run.next())
    assert (start.name, start.network, start.input) == ("LeNet-5", network.to_text(), "3x32x32")
    assert (start.device, start.data) == ("cpu", data)
    assert (start.train_images, start.validation_images, start.test_images) == (360, 40, 100)
    assert start.parameters == sum(row.num_params for row in lenet5(3, len(start.classes)).summary())
    assert TrainingConfig.from_dict(start.config) == config
    first = Progress.from_dict(run.until("progress"))
    assert first.step == 1
    assert np.shape(first.kernels) == (6, 3, 5, 5)

    run.tell("pause")
    run.until("paused")
    assert run.is_silent(1.0)
    run.tell("lr 0.5")
    change = run.next()
    assert change == {"event": "learning_rate", "step": change["step"], "learning_rate": 0.5}
    assert change["step"] > first.step
    run.tell("lr fast")
    assert "The learning rate is 'fast': give a number" in run.next()["text"]
    run.tell("lr -1")
    assert "The learning rate is -1: give a number above 0" in run.next()["text"]
    run.tell("")
    run.tell("dance")
    assert run.next() == {
        "event": "message",
        "text": "'dance' is not a command: use stop, pause, resume or lr 0.01.",
        "told": {
            "template": "{given} is not a command: use stop, pause, resume or lr 0.01.",
            "values": {"given": "'dance'"},
            "many": None,
        },
    }
    run.tell("resume")
    assert run.next() == {"event": "resumed"}
    after = Progress.from_dict(run.next())
    assert after.learning_rate > 0.02
    run.tell("resume")
    assert run.until("message")["text"] == "The run is not paused: there is nothing to resume."

    run.tell("stop")
    end = End.from_dict(run.until("end"))
    assert run.rest() == []
    assert run.process.wait() == 0
    assert end.reason == "stopped"
    assert sum(map(sum, end.confusion)) == 100
    assert end.weights == str(weights)
    assert read_network(weights) == network
    model = load_weights(weights)
    assert sum(parameter.numel() for parameter in model.parameters()) == start.parameters
    settings = read_settings(weights)
    assert (settings["name"], settings["network"], settings["input"]) == ("LeNet-5", network.to_text(), "3x32x32")
    assert settings["test_accuracy"] == end.test_accuracy
    assert settings["config"] == config.to_dict()
    assert settings["rate_changes"] == [{"step": change["step"], "learning_rate": 0.5}]
    assert settings["data"] == "small.npz", "the path on this machine does not belong into a file that is given away"


def test_a_worker_ends_with_its_input(child, data):
    run = child("--standby")
    assert run.next()["event"] == "ready"
    run.tell(json.dumps({"epochs": 1000, "batch_size": 16, "data": data}))
    run.until("start")
    run.process.stdin.close()
    assert run.until("end")["reason"] == "stopped"
    assert run.process.wait() == 0


@pytest.mark.parametrize("paused", [False, True])
def test_ctrl_c_ends_a_run_by_hand_with_its_result(child, data, paused):
    run = child("--data", data, "--seconds", "600", "--batch-size", "16", "--json")
    run.until("start")
    run.until("progress")
    if paused:
        run.tell("pause")
        run.until("paused")
    run.process.send_signal(signal.SIGINT)
    assert run.until("end")["reason"] == "stopped"
    assert run.rest() == []
    assert run.process.wait() == 0


def test_a_worker_that_gets_no_order_ends_quietly(child):
    run = child("--standby", stdin=subprocess.DEVNULL)
    assert [event["event"] for event in run.rest()] == ["ready"]
    assert run.process.wait() == 0
    assert run.errors() == ""


def test_a_run_by_hand_goes_on_without_input_and_ends_with_the_result(child):
    run = child("--data", "cifar10-mini", "--epochs", "2", "--json", stdin=subprocess.DEVNULL)
    events = run.rest()
    assert run.process.wait() == 0, run.errors()
    assert events[0]["event"] == "start"
    assert {event["event"] for event in events[1:-1]} == {"progress"}
    last = events[-1]
    assert last["event"] == "end"
    assert last["reason"] == "finished"
    assert 0.2 < last["test_accuracy"] < 0.7
    assert sum(map(sum, last["confusion"])) == 1000
    assert last["weights"] is None


def test_a_run_ends_when_whoever_started_it_dies(data, tmp_path):
    lines = tmp_path / "lines.txt"
    # A parent that starts the run with a pipe as its input, tells its number, and waits.
    code = (
        "import subprocess, sys, time; "
        f"child = subprocess.Popen({[*TRAIN, '--data', data, '--epochs', '1000', '--batch-size', '8', '--json']!r}, "
        f"stdin=subprocess.PIPE, stdout=open({str(lines)!r}, 'w')); "
        "print(child.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    number = int(parent.stdout.readline())
    try:
        wait_until(lambda: '"progress"' in lines.read_text())
        assert '"end"' not in lines.read_text()
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    try:
        wait_until(lambda: '"end"' in lines.read_text())
        wait_until(lambda: not is_running(number))
    finally:
        if is_running(number):
            os.kill(number, signal.SIGKILL)
    assert read_event(lines.read_text().splitlines()[-1])["reason"] == "stopped"


def test_nobody_listening_is_a_quiet_end(data):
    run = subprocess.Popen(
        [*TRAIN, "--data", data, "--epochs", "1000", "--batch-size", "8", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert b"start" in run.stdout.readline()
        run.stdout.close()
        assert run.wait(DEADLINE) == 1
        assert run.stderr.read() == b""


def test_what_cannot_be_is_one_event_and_status_1(child):
    run = child("--data", "nowhere", "--json")
    (event,) = run.rest()
    assert event["event"] == "error"
    assert "There is no data set and no file 'nowhere'" in event["message"]
    assert run.process.wait() == 1
    assert run.errors() == ""


# Without a process


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("hello", "The settings of a run are one JSON object on one line"),
        ("[]", "The settings of a run are one JSON object on one line"),
        ("{}", "The settings name no data set: give data, cifar10-mini for instance"),
        ('{"data": "cifar10-mini", "network": 3}', "network is 3: give text, as Network"),
        ('{"data": "cifar10-mini", "network": "Conv3d(1)"}', r"[Ll]ine 1: .*Conv3d"),
        ('{"data": "cifar10-mini", "network": "ReLU()", "input": "big"}', "'big' is not a shape"),
        ('{"data": "cifar10-mini", "save": 3}', "The setting save is 3: give the path"),
        ('{"data": "cifar10-mini", "speed": 3}', "There is no training setting 'speed'"),
        ('{"data": "cifar10-mini", "epochs": "two"}', "The number of epochs is 'two'"),
    ],
)
def test_orders_that_cannot_be_are_refused(line, sentence):
    with pytest.raises((TrainingError, ParseError), match=sentence):
        Order.from_line(line)


def test_a_place_that_cannot_be_written_is_told_before_the_run(data, tmp_path):
    with pytest.raises(DataError, match="There is no folder"):
        begin(Order(data, TrainingConfig(), save=str(tmp_path / "nowhere" / "a.safetensors")))


def test_weights_that_cannot_be_saved_do_not_take_the_result_with_them(data, tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    begun = begin(Order(data, TrainingConfig(epochs=1), save=str(folder / "a.safetensors")))
    list(begun.run)
    folder.rmdir()
    end, unsaved = conclude(begun, str(folder / "a.safetensors"))
    assert end.weights is None
    assert end.reason == "finished"
    assert "There is no folder" in str(unsaved)


def test_unforeseen_errors_become_one_sentence():
    full = "The memory is full: use a smaller batch, a smaller data set, or close other programs."
    assert explain(MemoryError()) == full
    assert explain(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried")) == full
    assert explain(RuntimeError("one\ntwo")) == "The run ended with an unexpected RuntimeError: one"
    no_room = "There is not enough memory to load PyTorch: close other programs, or wait until fewer runs are going on."
    assert explain(ImportError("libtorch_cpu.so: failed to map segment from shared object")) == no_room
    assert explain(OSError("libc10.so: failed to map segment from shared object")) == no_room
    nested = ImportError("Importing the numpy C-extensions failed.")
    nested.__cause__ = ImportError("libscipy_openblas.so: cannot map zero-fill pages: Cannot allocate memory")
    assert explain(nested) == no_room
    assert explain(ImportError("No module named 'torch'")) == (
        "The run ended with an unexpected ImportError: No module named 'torch'"
    )
    assert explain(KeyError()) == "The run ended with an unexpected KeyError."


def wait_until(condition: Any, seconds: float = DEADLINE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_running(number: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
