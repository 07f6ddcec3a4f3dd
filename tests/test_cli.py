"""The command line as a person meets it."""

import gettext
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from cnnlab import cli
from cnnlab.cli import StatusLine, main
from cnnlab.networks import lenet5, parse_network
from cnnlab.networks.suggestions import read
from cnnlab.texts import ENGLISH, message, speak
from cnnlab.training.checkpoints import read_network


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """200 small pictures in Keras' format."""
    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("data") / "small.npz"
    pixels = random.integers(0, 256, (250, 32, 32, 3), dtype=np.uint8)
    labels = random.integers(0, 4, 250)
    np.savez(path, x_train=pixels[:200], y_train=labels[:200], x_test=pixels[200:], y_test=labels[200:])
    return str(path)


def test_training_tells_what_it_does_and_what_came_out(data, tmp_path, capsys):
    before = signal.getsignal(signal.SIGINT)
    weights = tmp_path / "weights.safetensors"
    assert main(["train", "--data", data, "--epochs", "2", "--batch-size", "20", "--save", str(weights)]) == 0
    out, err = capsys.readouterr()
    first, *_ = out.splitlines()
    assert first.startswith("LeNet-5 with 63,")
    assert "learns from 180 pictures of" in first
    assert "20 more are kept for validation" in first
    assert "Test accuracy " in out
    assert "and 18 steps." in out
    assert f"The weights are in {weights}." in out
    assert weights.is_file()
    last = err.splitlines()[-1]
    assert last.startswith("100% epoch 2.0, loss ")
    assert "images/s" in last
    assert signal.getsignal(signal.SIGINT) is before


def test_a_network_is_trained_by_its_name_or_from_its_source(data, tmp_path, capsys):
    short = ["--data", data, "--epochs", "1", "--batch-size", "50", "--validation", "0"]
    assert main(["train", "tiny-vgg", *short]) == 0
    assert capsys.readouterr().out.startswith("Tiny VGG with 4,014 parameters learns from 200 pictures of")
    assert main(["train", "lenet5", "--pooling", "max", *short]) == 0
    assert capsys.readouterr().out.startswith("LeNet-5 with 63,")
    source, weights = tmp_path / "mine.py", tmp_path / "mine.safetensors"
    source.write_text(
        "nn.Sequential(\n    nn.Conv2d(3, 4, 5),\n    nn.Flatten(),\n    nn.Linear(3136, 4),\n    nn.Softmax(1))"
    )
    assert main(["train", str(source), *short, "--save", str(weights)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("mine with 12,852 parameters learns from 200 pictures of")
    assert "The last layer is Softmax(dim=1): cross-entropy takes a softmax itself" in err
    assert [layer.name for layer in read_network(weights).layers] == ["Conv2d", "Flatten", "Linear", "Softmax"]


def test_the_source_that_the_lab_writes_is_trained(data, tmp_path, capsys):
    source = tmp_path / "net.py"
    source.write_text(lenet5(num_classes=4).to_code())
    assert main(["train", str(source), "--data", data, "--epochs", "1", "--batch-size", "50"]) == 0
    assert capsys.readouterr().out.startswith("LeNet-5 with 63,")


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        ("alexnet", "AlexNet cannot take the 3 × 32 × 32 pictures of small"),
        ("vgg16", "VGG-16 has 134,276,932 parameters, more than the 20,000,000 that can be trained here"),
        (
            "nowhere.py",
            "There is no network and no file 'nowhere.py': the networks are lenet5, ",
        ),
        ("nn.Linear(3072, 4)", "net cannot take the 3 × 32 × 32 pictures of small. Layer 1 (Linear) expects a row"),
        ("nn.Flatten(), nn.Linear(3072, 10)", "gives 10 numbers for a picture, but small has 4 classes: make its last"),
        (
            "nn.Conv2d(1, 4, 5), nn.Flatten()",
            "expects 1 channel. The input is a map of 3 × 32 × 32. Possible fix: “Set in_channels",
        ),
        ("nn.Conv2d(3, 4, 5)", "ends in a map and gives 4 × 28 × 28 numbers for a picture"),
        ("nn.Conv2d(3, 4, 5),\nnn.Conv3d(4, 4, 5)", "ine 2: 'nn.Conv3d(4, 4, 5)' is not a layer that"),
        ("", "has no layers"),
    ],
)
def test_a_network_that_cannot_be_trained_is_one_sentence_before_anything_starts(
    network, sentence, data, tmp_path, capsys
):
    if "(" in network or not network:
        (tmp_path / "net.py").write_text(f"nn.Sequential({network})")
        network = str(tmp_path / "net.py")
    assert main(["train", network, "--data", data]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train"], "No data set was named: add --data cifar10-mini"),
        (["train", "--data", "nowhere"], "There is no data set and no file 'nowhere'"),
        (["train", "--data", "cifar10-mini", "--batch-size", "0"], "The batch size is 0: give a whole number"),
        (["train", "--data", "cifar10-mini", "--save", "/nowhere/a"], "There is no folder /nowhere for a"),
        (
            ["train", "--data", "cifar10-mini", "--save", "w.pt"],
            "w.pt looks like another format: name the file w.safetensors",
        ),
        (["summary", ""], "The network's name is empty: give one of lenet5, lenet5-cifar, "),
        (
            ["train", "--data", "cifar10-mini", "--save", "~nosuch/a"],
            "'~nosuch/a' begins with a home folder that is not",
        ),
        (["download", "cifar10", "--root", "~nosuch/a"], "'~nosuch/a' begins with a home folder that is not known"),
        (["summary", "--input", "big"], "'big' is not a shape: write channels, height and width"),
        (["summary", "vgg61"], "There is no network and no file 'vgg61': the networks are lenet5, lenet5-cifar, "),
        (["summary", "."], "'.' is a folder: give the file with the network"),
        (["summary", "~nosuch/net.py"], "There is no network and no file '~nosuch/net.py'"),
        (["summary", "/dev/zero"], "'zero' is too long: put the network alone into a file, 60,000 characters at most"),
        (["summary", sys.executable], "is not text in UTF-8: give a file with Python source"),
        (["summary", "--code", "--input", "3x8x8"], "Layer 4 (Conv2d)"),
        (
            ["summary", "lecture-9x9", "--script"],
            "(2 × 5 × 5), but each class needs one number",
        ),
    ],
)
def test_what_cannot_be_is_one_sentence_and_status_1(arguments, sentence, capsys):
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cnnlab: ")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_run_that_hears_commands_reads_no_network_from_the_same_place(capsys):
    assert main(["train", "-", "--data", "cifar10-mini", "--json"]) == 1
    event = json.loads(capsys.readouterr().out)
    assert event["message"].startswith("With --json, the standard input carries commands to the run: give the network")


def test_a_network_from_the_standard_input_is_trained():
    source = "model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))"
    command = [sys.executable, "-m", "cnnlab", "train", "-", "--data", "cifar10-mini", "--epochs", "1"]
    run = subprocess.run(command, input=source, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout.partition(" learns")[0]) == (0, "The network with 30,730 parameters"), run.stderr


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes")])
def test_full_memory_is_a_sentence(error, monkeypatch, capsys):
    def train(*_):
        raise error

    monkeypatch.setattr("cnnlab.training.worker.train", train)
    assert main(["train", "--data", "cifar10-mini"]) == 1
    assert "cnnlab: The memory is full: use a smaller batch" in capsys.readouterr().err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", [["summary"], ["train", "--data", "cifar10-mini", "--epochs", "1", "--json"]])
def test_an_output_that_takes_nothing_is_one_sentence(command):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cnnlab", *command],
            stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, text=True, timeout=240,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        "cnnlab: The output could not be written (No space left on device): make room, or send it elsewhere.\n"
    )


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    def train(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr("cnnlab.training.worker.train", train)
    with pytest.raises(RuntimeError, match="a fault"):
        main(["train", "--data", "cifar10-mini"])


def test_with_json_the_sentence_is_an_event(capsys):
    assert main(["train", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["event"] == "error"
    assert err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["train", "--epochs", "many"],
        ["train", "--data", "cifar10-mini", "--epochs", "1", "--seconds", "2"],
        ["train", "--optimizer", "lion"],
        ["download", "imagenet"],
    ],
)
def test_what_is_not_understood_is_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: python -m cnnlab" in capsys.readouterr().err


def test_the_summary_is_a_table_with_totals(capsys):
    assert main(["summary"]) == 0
    out = capsys.readouterr().out
    assert "Conv2d(3, 6, kernel_size=5)" in out
    assert "64,102" in out
    assert main(["summary", "lenet5", "--input", "1x32x32", "--pooling", "max"]) == 0
    assert "MaxPool2d" in capsys.readouterr().out


SOURCE = """\
from torch import nn

model = nn.Sequential(
    nn.Conv2d(1, 6, 5),
    nn.Flatten(),
    nn.Linear(3456, 10),
)
"""


def test_the_summary_of_a_file_finds_its_input_and_says_so(tmp_path, capsys):
    file = tmp_path / "mine.py"
    file.write_text(SOURCE)
    assert main(["summary", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "Input" in out
    assert "1 × 28 × 28" in out
    assert "34,726" in out
    assert out.splitlines()[-1] == "As float32: 138.9 kB of parameters, 27.7 kB of activations for one picture."
    assert err == "cnnlab: The source does not give the input size: 1x28x28 is assumed. Set another with --input.\n"
    assert main(["summary", str(file), "--input", "1x28x28"]) == 0
    assert capsys.readouterr().err == ""


def test_a_mismatch_shows_all_before_it_and_the_sentence_of_the_page(tmp_path, capsys):
    file = tmp_path / "mine.py"
    file.write_text(SOURCE)
    assert main(["summary", str(file), "--input", "1x32x32"]) == 1
    out, err = capsys.readouterr()
    assert "Conv2d(1, 6, kernel_size=5)  6 × 28 × 28" in out
    assert "Linear" not in out
    problem = read(parse_network(SOURCE), (1, 32, 32)).problem
    assert problem is not None
    assert err == f"cnnlab: {problem.sentence}\n"
    assert main(["summary", str(file), "--input", "3x28x28"]) == 1
    assert capsys.readouterr().out == ""


def test_a_network_that_nothing_fits_is_shown_as_far_as_it_goes(tmp_path, capsys):
    file = tmp_path / "mine.py"
    file.write_text(SOURCE.replace("3456", "3457"))
    assert main(["summary", str(file)]) == 1
    out, err = capsys.readouterr()
    assert "1 × 32 × 32" in out
    assert "3,457 features" in err or "3457 features" in err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", r"cnnlab: 'mine\.py'[:,.] [Tt]he text is empty: paste nn\.Sequential"),
        (b"\xff\xfe\x00", r"cnnlab: 'mine\.py' is not text in UTF-8: give a file with Python source"),
        (b"nn.Sequential(\0)", r"cnnlab: 'mine\.py' is not text in UTF-8"),
        (
            b'{"nbformat":4,"cells":[]}',
            r"cnnlab: 'mine\.py' is a notebook: copy the cell with the network into a \.py file",
        ),
        (b'{"cells":[]}', r"cnnlab: 'mine\.py' is a notebook: copy the cell with the network into a \.py file"),
        (b'{\n "cells": []}', r"cnnlab: 'mine\.py' is a notebook: copy the cell with the network into a \.py file"),
        (
            b'{\n "cells": ["' + b"x" * 240_001,
            r"cnnlab: 'mine\.py' is a notebook: copy the cell with the network into a",
        ),
        (b"x" * 240_001, r"cnnlab: 'mine\.py' is too long: put the network alone into a file"),
        (
            b"import torch\nnn.Sequential(nn.LSTM(3, 4))",
            r"cnnlab: 'mine\.py'[:,.] [Ll]ine 2: 'nn\.LSTM\(3, 4\)' is not a layer that",
        ),
    ],
)
def test_a_bad_file_is_one_sentence(content, words, tmp_path, capsys):
    file = tmp_path / "mine.py"
    file.write_bytes(content)
    assert main(["summary", str(file)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.match(words, err)
    assert err.count("\n") == 1


def test_a_file_that_may_not_be_read_is_one_sentence(tmp_path, monkeypatch, capsys):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "mine.py"
    file.write_text(SOURCE)
    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert main(["summary", str(file)]) == 1
    assert "cannot be read (Permission denied): give another file" in capsys.readouterr().err


def test_the_source_may_come_from_the_standard_input():
    done = subprocess.run(
        [sys.executable, "-m", "cnnlab", "summary", "-", "--code", "module"],
        input=SOURCE, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == parse_network(SOURCE).to_code((1, 28, 28), "module")


def test_a_well_known_network_is_shown_by_its_name(capsys):
    assert main(["summary", "vgg16"]) == 0
    out, err = capsys.readouterr()
    assert "138,357,544" in out
    assert err == ""


def test_remarks_on_the_reading_are_told(tmp_path, capsys):
    file = tmp_path / "mine.py"
    file.write_text(
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.fc = nn.Linear(784, 10)\n"
        "    def forward(self, x):\n"
        "        return self.fc(F.dropout(x.view(-1, 784)))\n"
    )
    assert main(["summary", str(file), "--input", "1x28x28"]) == 0
    assert "cnnlab: Line 6: 'F.dropout(x.view(-1, 784))' drops while testing as well" in capsys.readouterr().err


def test_every_command_and_option_is_explained(capsys):
    for arguments in ([], ["train"], ["download"], ["summary"]):
        with pytest.raises(SystemExit) as stop:
            main([*arguments, "--help"])
        assert stop.value.code == 0
        for line in capsys.readouterr().out.splitlines():
            words = line.split()
            assert not (words and words[0].startswith("--") and len(line) < 24 and len(words) == 1), line


def test_downloading_tells_how_far_it_is(monkeypatch, capsys, tmp_path):
    from cnnlab.data import cifar10
    from cnnlab.data.cifar10 import DownloadProgress

    asked = []

    def download(root, mirror):
        asked.append((root, mirror))
        yield DownloadProgress("downloading", 50_000_000, 100_000_000, tmp_path)
        yield DownloadProgress("ready", 100_000_000, 100_000_000, tmp_path)

    monkeypatch.setattr(cifar10, "download", download)
    assert main(["download", "cifar10", "--root", "there", "--mirror", "http://localhost/"]) == 0
    out, err = capsys.readouterr()
    assert out == f"CIFAR-10 is in {tmp_path}.\n"
    assert " 50% downloading 50 of 100 MB" in err
    assert main(["download", "cifar10", "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events == [
        {"event": "download", "stage": "downloading", "done": 50_000_000, "total": 100_000_000},
        {"event": "download", "stage": "ready", "done": 100_000_000, "total": 100_000_000},
        {"event": "end", "folder": str(tmp_path)},
    ]
    assert asked == [("there", "http://localhost/"), (None, None)]


def test_what_was_there_before_a_download_went_on_does_not_make_it_look_quick(monkeypatch, tmp_path):
    from cnnlab.data import cifar10
    from cnnlab.data.cifar10 import DownloadProgress

    now, shown = [100.0], []

    def download(*_):
        for seconds, stage, done in [
            (0, "checking", 50), (9, "downloading", 80), (10, "downloading", 82), (14, "downloading", 90),
            (20, "downloading", 0), (25, "downloading", 25),
        ]:  # fmt: skip
            now[0] = 100.0 + seconds
            yield DownloadProgress(stage, done, 100, tmp_path)

    monkeypatch.setattr(cifar10, "download", download)
    monkeypatch.setattr(cli.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(StatusLine, "show", lambda _self, _fraction, _text, eta: shown.append(eta))
    assert main(["download", "cifar10"]) == 0
    # 18 are left at 2 a second, 10 at 2 a second, and after the new start 75 at 5 a second.
    assert shown == [None, None, 9.0, 5.0, None, 15.0]


def test_an_interrupted_download_is_a_sentence(monkeypatch, capsys):
    from cnnlab.data import cifar10

    def download(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cifar10, "download", download)
    assert main(["download", "cifar10"]) == 1
    assert "cnnlab: Stopped" in capsys.readouterr().err


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_redrawn_that_fits(monkeypatch):
    monkeypatch.setattr(cli.shutil, "get_terminal_size", lambda *_, **__: os.terminal_size((40, 24)))
    terminal = Terminal()
    line = StatusLine(terminal)
    line.show(0.5, message("epoch 1.0"), 75)
    line.show(1.0, message("epoch 2.0, loss 1.234, validation 61.0%, 12,000 images/s"), 0)
    line.end()
    first, second = terminal.getvalue().removesuffix("\n").split("\r")[1:]
    assert first.endswith(" epoch 1.0 | 1 min 15 s to go\x1b[K")
    assert first.startswith(" 50% █")
    assert len(second.removesuffix("\x1b[K")) <= 39
    assert terminal.getvalue().count("\n") == 1


def test_elsewhere_there_are_plain_lines_now_and_then(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(cli.time, "monotonic", lambda: now[0])
    file = io.StringIO()
    line = StatusLine(file)
    for second in range(12):
        now[0] = 100.0 + second
        line.show(second / 12, message("second {second}", second=second), None)
    line.show(1.0, message("done"), 0)
    line.end()
    assert file.getvalue() == "  0% second 0\n 42% second 5\n 83% second 10\n100% done | 0 s to go\n"


def test_ctrl_c_ends_a_run_with_a_tested_result(data):
    run = subprocess.Popen(
        [sys.executable, "-m", "cnnlab", "train", "--data", data, "--epochs", "1000", "--batch-size", "4"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with run:
        assert run.stderr is not None
        assert run.stdout is not None
        assert "epoch" in run.stderr.readline()
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
        assert run.returncode == 0
    assert "Stopping: what has been learnt so far is being tested." in err
    assert "(stopped early)" in out
    assert "Traceback" not in err


class Marked(gettext.NullTranslations):
    """A language that says the English between marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def marked() -> Iterator[None]:
    speak(Marked)
    yield
    speak(lambda: ENGLISH)


@pytest.mark.usefixtures("marked")
def test_sentences_and_results_are_said_in_the_language_of_the_command_line(data, capsys):
    assert main(["train", "--data", data, "--batch-size", "0"]) == 1
    assert capsys.readouterr().err == "cnnlab: ⟦⟦The batch size⟧ is 0: give a whole number from 1 to 8192.⟧\n"
    assert main(["train", "--data", data, "--epochs", "1", "--batch-size", "50"]) == 0
    out, err = capsys.readouterr()
    assert all(line.startswith("⟦") and line.endswith("⟧") for line in out.splitlines())
    assert err.splitlines()[-1].startswith("100% ⟦epoch 1.0, loss ")


@pytest.mark.usefixtures("marked")
def test_help_is_said_in_the_language_of_the_command_line(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "⟦Train a network and test it.⟧" in told
    assert "--crop CROP ⟦shift by up to this many pixels (0)⟧" in told
