"""The child's side of a run: settings in, lines of JSON out, commands on standard input.

`cnnlab.training.progress` describes the lines. The command line uses the same `begin` and `conclude` for a person.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

from cnnlab.data import load_dataset
from cnnlab.errors import CnnlabError, DataError, TrainingError, is_out_of_memory, quoted
from cnnlab.networks import Network, lenet5
from cnnlab.texts import Message, message
from cnnlab.training import train
from cnnlab.training.checkpoints import check_target, save_weights
from cnnlab.training.config import TrainingConfig, check_learning_rate
from cnnlab.training.feasibility import check_trainable, fitted, without_validation
from cnnlab.training.progress import End, RateChange, Start, write_event, write_sentence
from cnnlab.training.record import network_from, record_of

if TYPE_CHECKING:
    from cnnlab.data import Dataset
    from cnnlab.training.trainer import Run, TrainingResult

NICENESS = 10  # whoever looks at a page comes before whoever trains
THREADS = 2  # of a worker: the lab lets one run train per two cores
REASON_LENGTH = 300  # of what an error that nobody foresaw says
PARENT_SECONDS = 1.0  # between looks at whether the parent is still there, while a run is held


@dataclass(frozen=True)
class Order:
    """What is to be trained, on what, how, and where the weights go."""

    data: str
    config: TrainingConfig
    network: Network | None = None  # LeNet-5, fitted to the data, where none is named
    save: str | None = None

    @classmethod
    def from_line(cls, line: str) -> Order:
        """Read a line of JSON: the training settings with `data`, `network`, `input`, `name` and `save` among them.

        Raises:
            TrainingError: it is no such line, or asks for something that cannot be.
            ParseError: the network cannot be read.
        """
        try:
            values: Any = json.loads(line)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise TrainingError("The settings of a run are one JSON object on one line.")
        rest = dict(cast(dict[str, Any], values))
        data, save = rest.pop("data", None), rest.pop("save", None)
        named = {key: rest.pop(key) for key in ("name", "network", "input") if key in rest}
        if not isinstance(data, str):
            raise TrainingError("The settings name no data set: give data, cifar10-mini for instance.")
        if save is not None and not isinstance(save, str):
            raise TrainingError(
                "The setting save is {given}: give the path of the file for the weights, or nothing.",
                given=quoted(save),
            )
        network = network_from(named) if "network" in named else None
        return cls(data, TrainingConfig.from_dict(rest), network, save)


@dataclass(frozen=True, eq=False)
class Begun:
    """A run that is ready for its first step."""

    run: Run
    start: Start
    settings: dict[str, Any]  # what is written beside the weights


def begin(order: Order) -> Begun:
    """Load the data and make the run. Imports torch.

    Raises:
        CnnlabError: whatever stands in the way, before any time is spent on it.
    """
    from cnnlab.training.trainer import find_device

    if order.save is not None:
        check_target(order.save)
    dataset = load_dataset(order.data)
    network = fitted(lenet5(), dataset.facts) if order.network is None else order.network
    on_gpu = find_device(order.config.device).type != "cpu"
    facts = without_validation(dataset.facts, order.config.validation)
    if reason := check_trainable(network, facts, order.config.batch_size, on_gpu=on_gpu):
        raise TrainingError(reason)
    network = replace(network, input_shape=dataset.image_shape)
    run = train(network, dataset, order.config)
    training, validation, test = run.images
    start = Start(
        **record_of(network),
        parameters=run.parameters,
        device=run.device.type,
        train_images=training,
        validation_images=validation,
        test_images=test,
        classes=dataset.classes,
        config=order.config.to_dict(),
        data=order.data,
    )
    return Begun(run, start, _settings(order, network, dataset))


def conclude(begun: Begun, save: str | None) -> tuple[End, DataError | None]:
    """Test what was trained and save it. Weights that cannot be saved do not take the result with them.

    Returns:
        The last record, and why there are no weights, if they could not be saved.
    """
    result = begun.run.finish()
    if save is None:
        return result.to_end(), None
    try:
        path = save_weights(save, result.weights, {**begun.settings, **_outcome(result)})
    except DataError as error:
        return result.to_end(), error
    return result.to_end(str(path)), None


def work(order: Order | None) -> int:
    """Train as a child process does; without an order, wait for one on standard input with torch loaded.

    Returns:
        The exit status: 0, or 1 after an `error`.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        return _work(order)
    except BrokenPipeError:
        # Nobody listens any more. What Python still has to write at its end must not fail as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def explain(error: Exception) -> Message:
    """A sentence for an error that nobody foresaw."""
    if is_out_of_memory(error) and isinstance(error, ImportError | OSError):
        return message(
            "There is not enough memory to load PyTorch: close other programs, or wait until fewer runs are going on."
        )
    if is_out_of_memory(error):
        return message("The memory is full: use a smaller batch, a smaller data set, or close other programs.")
    kind, lines = type(error).__name__, str(error).strip().splitlines()
    if not lines:
        return message("The run ended with an unexpected {error}.", error=kind)
    return message("The run ended with an unexpected {error}: {reason}", error=kind, reason=lines[0][:REASON_LENGTH])


def tell(event: str, values: Mapping[str, Any] | None = None) -> None:
    """Print one event, at once."""
    _print(write_event(event, values))


def tell_sentence(event: str, sentence: Message) -> None:
    """Print an event that is a sentence, "message" or "error", at once."""
    _print(write_sentence(event, sentence))


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _work(order: Order | None) -> int:
    commands = Commands(input_is_life=order is None)
    try:
        if order is None:
            line = _await_order(commands)
            if line is None:
                return 0
            order = Order.from_line(line)
        begun = begin(order)
        tell("start", begun.start.to_dict())
        with StopRequest(commands.stop):
            for progress in begun.run:
                tell("progress", progress.to_dict())
                if not commands.obey(begun.run):
                    break
            end, unsaved = conclude(begun, order.save)
        if unsaved is not None:
            tell_sentence("message", unsaved.message)
        tell("end", end.to_dict())
    except CnnlabError as error:
        tell_sentence("error", error.message)
        return 1
    except BrokenPipeError:
        raise
    except Exception as error:
        with suppress(OSError):  # it may be the very thing that is wrong
            tell_sentence("error", explain(error))
        raise
    return 0 if unsaved is None else 1


def _await_order(commands: Commands) -> str | None:
    """Load all that a run needs, then wait for its settings; None where nobody will send any."""
    import torch

    import_module("cnnlab.training.trainer")
    torch.set_num_threads(min(torch.get_num_threads(), THREADS))
    devices = ["cpu"]
    if torch.cuda.is_available():
        devices.append("cuda")
    if torch.backends.mps.is_available():
        devices.append("mps")
    tell("ready", {"devices": devices})
    return commands.next_line()


class StopRequest:
    """Within it, the first Ctrl-C asks for an end with a result, the second one for an end at once.

    Args:
        tell: is called at the first one, whatever the program is doing just then.
    """

    def __init__(self, tell: Callable[[], None] | None = None) -> None:
        self.requested = False
        self._tell = tell

    def __enter__(self) -> StopRequest:
        self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if self._tell is not None:
            self._tell()


class Commands:
    """The lines of standard input, read by a thread of its own.

    Where the input ends the parent has most likely died. A worker that waits for its order knows that for sure. A run
    started by hand, `python -m cnnlab train --json < /dev/null`, goes on as long as whoever started it is there.
    """

    def __init__(self, *, input_is_life: bool) -> None:
        self._input_is_life = input_is_life
        self._parent = os.getppid()
        self._ended = False
        self._paused = False
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # None is the end of the input
        threading.Thread(target=self._read, name="cnnlab-commands", daemon=True).start()

    def stop(self) -> None:
        """As if the line had come; a signal's handler may call it."""
        self._lines.put("stop")

    def next_line(self) -> str | None:
        """Wait for a line; None at the end of the input."""
        line = self._lines.get()
        self._ended = line is None
        return line

    def obey(self, run: Run) -> bool:
        """Do what the lines so far ask for, which may be to wait. False when the run shall end."""
        while True:
            if self._ended and (self._input_is_life or os.getppid() != self._parent):
                return False
            try:
                line = self._lines.get(timeout=PARENT_SECONDS) if self._paused else self._lines.get_nowait()
            except queue.Empty:
                if self._paused:
                    continue
                return True
            if line is None:
                self._ended = True
                self._paused = False  # nobody is left to let it go on
            elif not self._do(line, run):
                return False

    def _do(self, line: str, run: Run) -> bool:
        match line.split():
            case ["stop"]:
                return False
            case ["pause"]:
                self._paused = True
                tell("paused")
            case ["resume"] if self._paused:
                self._paused = False
                tell("resumed")
            case ["resume"]:
                tell_sentence("message", message("The run is not paused: there is nothing to resume."))
            case ["lr", number]:
                try:
                    run.learning_rate = check_learning_rate(_number(number))
                except TrainingError as error:
                    tell_sentence("message", error.message)
                else:
                    tell("learning_rate", RateChange(run.step + 1, run.learning_rate).to_dict())
            case []:
                pass
            case _:
                told = message("{given} is not a command: use stop, pause, resume or lr 0.01.", given=quoted(line))
                tell_sentence("message", told)
        return True

    def _read(self) -> None:
        # From the descriptor itself: a thread that is inside sys.stdin when Python ends would bring it down.
        rest = b""
        while True:
            try:
                block = os.read(0, 65536)
            except OSError:  # there is no input at all
                block = b""
            if not block:
                break
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                self._lines.put(line.decode("utf-8", "replace").strip())
        if rest.strip():
            self._lines.put(rest.decode("utf-8", "replace").strip())
        self._lines.put(None)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _settings(order: Order, network: Network, dataset: Dataset) -> dict[str, Any]:
    return {
        **record_of(network),
        "data": Path(order.data).name,  # where a file lies on this machine is nobody's business who gets the weights
        "image_shape": list(dataset.image_shape),
        "classes": list(dataset.classes),
        "mean": list(dataset.mean),
        "std": list(dataset.std),
        "config": order.config.to_dict(),
    }


def _outcome(result: TrainingResult) -> dict[str, Any]:
    return {
        "reason": result.reason,
        "test_accuracy": result.test_accuracy,
        "validation_accuracy": result.validation_accuracy,
        "seconds": result.seconds,
        "steps": result.steps,
        "rate_changes": [change.to_dict() for change in result.rate_changes],
    }
