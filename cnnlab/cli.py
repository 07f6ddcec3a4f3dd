"""The command line: train a network, download a data set, show what a network is made of.

    python -m cnnlab train --data cifar10-mini --epochs 2
    python -m cnnlab train tiny-vgg --data cifar10-mini --seconds 60
    python -m cnnlab train my_network.py --data cifar10-mini
    python -m cnnlab download cifar10
    python -m cnnlab summary my_network.py --input 3x32x32

It ends with status 0; with 1 and one sentence where something was refused or went wrong; with 2 where the command
itself was not understood. With --json it speaks the lines that `cnnlab.training.progress` describes instead.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from cnnlab.errors import CnnlabError, ParseError, is_out_of_memory
from cnnlab.optimizers import present_word
from cnnlab.texts import Message, all_of, message, plural, say
from cnnlab.training.config import DEFAULT_EPOCHS, DEVICES, LEARNING_RATES, OPTIMIZERS, POOLINGS, TrainingConfig
from cnnlab.training.progress import format_seconds

if TYPE_CHECKING:
    from cnnlab.data.cifar10 import DownloadProgress
    from cnnlab.layers import Shape
    from cnnlab.networks import LayerSummary, Network, PastedNetwork
    from cnnlab.training.progress import End, Progress, Start

PLAIN_SECONDS = 5.0  # between lines where the terminal cannot redraw one


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    # Two threads that wait for each other spin, which beside any other load costs most of the speed; a short spin count
    # makes them sleep. It is read when torch is loaded.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except CnnlabError as error:
        return _fail(error.message, options)
    except (MemoryError, RuntimeError, ImportError) as error:
        from cnnlab.training.worker import explain

        if not is_out_of_memory(error):
            raise
        return _fail(explain(error), options)
    except KeyboardInterrupt:
        return _fail(message("Stopped before there was a result."), options)
    except OSError as error:
        if error.filename is not None:  # a file of ours, not the output: a fault that shall be seen
            raise
        # What Python still holds of the output must not fail as well when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # whoever read the output has closed it, and wants no more
            _remark(
                message(
                    "The output could not be written ({reason}): make room, or send it elsewhere.",
                    reason=error.strerror or error,
                )
            )
        return 1


def train(options: argparse.Namespace) -> int:
    """Train a network and test it."""
    from cnnlab.networks.remarks import remark_on
    from cnnlab.training import worker
    from cnnlab.training.feasibility import usual_rate

    if options.standby:
        return worker.work(None)
    if options.data is None:
        raise ParseError("No data set was named: add --data cifar10-mini, or the path of an .npz file.")
    found = _network_to_train(options)
    rate = options.learning_rate
    config = TrainingConfig(
        epochs=options.epochs,
        seconds=options.seconds,
        batch_size=options.batch_size,
        optimizer=options.optimizer,
        learning_rate=usual_rate(found.network, options.optimizer) if rate is None else rate,
        weight_decay=options.weight_decay,
        flip=not options.no_flip,
        crop=options.crop,
        seed=options.seed,
        device=options.device,
        validation=options.validation,
    )
    order = worker.Order(options.data, config, found.network, options.save)
    if options.json:
        return worker.work(order)

    begun = worker.begin(order)
    print(say(_describe_start(begun.start)))
    for remark in (*found.remarks, *filter(None, [remark_on(found.network)])):
        _remark(remark)
    line = StatusLine()
    accuracy = None
    with worker.StopRequest() as stop:
        for progress in begun.run:
            accuracy = accuracy if progress.validation_accuracy is None else progress.validation_accuracy
            line.show(progress.fraction, _describe_progress(progress, accuracy), progress.eta_seconds)
            if stop.requested:
                line.note(message("Stopping: what has been learnt so far is being tested."))
                break
        line.end()
        end, unsaved = worker.conclude(begun, order.save)
    for sentence in _describe_end(end, begun.start.classes):
        print(say(sentence))
    if unsaved is not None:
        raise unsaved
    return 0


def download(options: argparse.Namespace) -> int:
    """Download a data set."""
    from cnnlab.data.cifar10 import download as download_cifar10
    from cnnlab.training.worker import tell

    line = StatusLine()
    pace = _Pace()
    folder = None
    for progress in download_cifar10(options.root, options.mirror):
        folder = progress.folder
        part = progress.done / progress.total if progress.total else 0.0
        if options.json:
            tell("download", {"stage": progress.stage, "done": progress.done, "total": progress.total})
        elif progress.stage != "ready":
            eta = pace.eta(progress.done, progress.total) if progress.stage == "downloading" else None
            line.show(part, _describe_download(progress), eta)
    line.end()
    if options.json:
        tell("end", {"folder": str(folder)})
    else:
        print(say("CIFAR-10 is in {folder}.", folder=folder))
    return 0


def summary(options: argparse.Namespace) -> int:
    """Show a network layer by layer, or write its PyTorch source."""
    from cnnlab.layers import short_shape
    from cnnlab.networks import format_summary, guess_input, parse_shape, to_script
    from cnnlab.networks.suggestions import read

    given = None if options.input is None else parse_shape(options.input)
    network = _network_to_show(options, given)
    shape = given or guess_input(network) or _first_try(network)
    if given is None and network.input_shape is None:
        _remark(
            message(
                "The source does not give the input size: {shape} is assumed. Set another with --input.",
                shape=short_shape(shape),
            )
        )
    reading = read(network, shape)
    if reading.problem is None and options.code is not None:
        print(network.to_code(shape, options.code), end="")
    elif reading.problem is None and options.script is not None:
        print(to_script(network, shape, data=options.script), end="")
    elif reading.rows and options.code is None and options.script is None:
        print(format_summary(reading.rows))
        print(say(_describe_memory(reading.rows)))
    if reading.problem is not None:
        return _fail(reading.problem.sentence, options)
    return 0


def _network_to_train(options: argparse.Namespace) -> PastedNetwork:
    """A network by its name, fitted to the data, or the one whose source a file holds, as it stands there."""
    from cnnlab.data import data_facts
    from cnnlab.networks import PastedNetwork
    from cnnlab.training.presets import NETWORKS, network_for

    if options.network in NETWORKS:
        return PastedNetwork(network_for(options.network, data_facts(options.data), options.pooling))
    if options.network == "-" and options.json:
        raise ParseError("With --json, the standard input carries commands to the run: give the network as a file.")
    return _pasted(options.network)


def _network_to_show(options: argparse.Namespace, shape: Shape | None) -> Network:
    """The network by its name or from its source, with what is to be said about the reading."""
    from cnnlab.networks import lenet5
    from cnnlab.networks.files import LENET5

    if options.network == LENET5:
        return lenet5(in_channels=shape[0] if shape and len(shape) == 3 else 3, pooling=options.pooling)
    pasted = _pasted(options.network)
    for remark in pasted.remarks:
        _remark(remark)
    return pasted.network


def _pasted(network: str) -> PastedNetwork:
    """The network of a name, a file, or the standard input."""
    from cnnlab.networks import load_network, read_source
    from cnnlab.networks.files import MAX_BYTES

    if network == "-":
        return read_source(sys.stdin.buffer.read(MAX_BYTES + 1), message("The input"))
    return load_network(network)


def _first_try(network: Network) -> Shape:
    """An input for a network that nothing fits, to show how far one comes."""
    names = ((layer, layer.input_setting()) for layer in network.layers)
    channels = [getattr(layer, name) for layer, name in names if name == "in_channels"]
    return (channels[0] if channels else 3, 32, 32)


def _describe_memory(rows: Sequence[LayerSummary]) -> Message:
    """Say what a network takes as float32.

    >>> from cnnlab.networks import lenet5
    >>> _describe_memory(lenet5().summary())
    'As float32: 256.4 kB of parameters, 59.0 kB of activations for one picture.'
    """
    from cnnlab.networks.network import format_bytes

    return message(
        "As float32: {parameters} of parameters, {activations} of activations for one picture.",
        parameters=format_bytes(sum(row.weight_memory for row in rows)),
        activations=format_bytes(sum(row.memory for row in rows)),
    )


class _Pace:
    """How long the rest of a download will take, going by what has come since it was first looked at.

    What was there before, from a download that was broken off, came at no pace at all.
    """

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None  # bytes, and when

    def eta(self, done: int, total: int) -> float | None:
        """Seconds to go; None as long as there is nothing to go by."""
        now = time.monotonic()
        if self._first is None or done < self._first[0]:  # it begins, or once more from the start
            self._first = done, now
        arrived, seconds = done - self._first[0], now - self._first[1]
        return (total - done) * seconds / arrived if arrived and seconds else None


class StatusLine:
    """A bar with its numbers, redrawn in one line of a terminal; elsewhere a plain line every few seconds."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = sys.stderr if file is None else file
        self._redraws = self._file.isatty()
        self._blocks = (self._file.encoding or "").lower().startswith("utf")
        self._last = float("-inf")
        self._open = False

    def show(self, fraction: float, told: Message, eta_seconds: float | None) -> None:
        percent, text = f"{fraction:4.0%}", say(told)
        if eta_seconds is not None:
            text = f"{text} | {say('{time} to go', time=format_seconds(eta_seconds))}"
        if self._redraws:
            columns = shutil.get_terminal_size().columns - 1
            width = max(0, min(30, columns - len(percent) - len(text) - 2))
            bar = _bar(fraction, width) if self._blocks else "#" * round(fraction * width)
            self._file.write(f"\r{f'{percent} {bar} {text}'[:columns]}\x1b[K")
            self._open = True
        elif time.monotonic() - self._last >= PLAIN_SECONDS or fraction >= 1:
            self._last = time.monotonic()
            self._file.write(f"{percent} {text}\n")
        self._file.flush()

    def note(self, told: Message) -> None:
        self.end()
        self._file.write(f"{say(told)}\n")
        self._file.flush()

    def end(self) -> None:
        if self._open:
            self._file.write("\n")
            self._file.flush()
            self._open = False


def _bar(fraction: float, width: int) -> str:
    """A bar in eighths of a character.

    >>> _bar(0.5, 5)
    '██▌  '
    """
    eighths = round(max(0.0, min(1.0, fraction)) * width * 8)
    full, part = divmod(eighths, 8)
    return ("█" * full + " ▏▎▍▌▋▊▉"[part] * (part > 0)).ljust(width)


def _describe_start(start: Start) -> Message:
    from cnnlab.networks.zoo import UNNAMED

    values = {
        "network": message("The network") if start.name == UNNAMED else start.name,
        "parameters": start.parameters,
        "pictures": start.train_images,
        "data": start.data,
        "device": start.device,
    }
    if start.validation_images:
        return message(
            "{network} with {parameters:,} parameters learns from {pictures:,} pictures of {data}, {kept:,} more are "
            "kept for validation ({device}).",
            kept=start.validation_images,
            **values,
        )
    return message(
        "{network} with {parameters:,} parameters learns from {pictures:,} pictures of {data} ({device}).", **values
    )


def _describe_progress(progress: Progress, accuracy: float | None) -> Message:
    recent = progress.losses[-20:]
    values = {"epoch": progress.epoch, "speed": progress.images_per_second}
    if not recent:
        return message("epoch {epoch:.1f}, {speed:,.0f} images/s", **values)
    loss = sum(recent) / len(recent)
    if accuracy is None:
        return message("epoch {epoch:.1f}, loss {loss:.3f}, {speed:,.0f} images/s", loss=loss, **values)
    return message(
        "epoch {epoch:.1f}, loss {loss:.3f}, validation {accuracy:.1%}, {speed:,.0f} images/s",
        loss=loss,
        accuracy=accuracy,
        **values,
    )


def _describe_download(progress: DownloadProgress) -> Message:
    megabytes = {"done": progress.done / 1e6, "total": progress.total / 1e6}
    match progress.stage:
        case "waiting":
            return message("waiting {done:.0f} of {total:.0f} MB", **megabytes)
        case "downloading":
            return message("downloading {done:.0f} of {total:.0f} MB", **megabytes)
        case "checking":
            return message("checking {done:.0f} of {total:.0f} MB", **megabytes)
        case "extracting":
            return message("extracting {done:.0f} of {total:.0f} MB", **megabytes)
        case "ready":
            return message("ready")


def _describe_end(end: End, classes: Sequence[str]) -> list[Message]:
    time = format_seconds(end.seconds)
    if end.reason == "stopped":
        told = plural(
            "Test accuracy {accuracy:.2%} after {time} and {n:,} step (stopped early).",
            "Test accuracy {accuracy:.2%} after {time} and {n:,} steps (stopped early).",
            n=end.steps,
            accuracy=end.test_accuracy,
            time=time,
        )
    else:
        told = plural(
            "Test accuracy {accuracy:.2%} after {time} and {n:,} step.",
            "Test accuracy {accuracy:.2%} after {time} and {n:,} steps.",
            n=end.steps,
            accuracy=end.test_accuracy,
            time=time,
        )
    lines = [told]
    confused = _most_confused(end.confusion)
    if confused is not None:
        count, true, taken = confused
        lines.append(
            plural(
                "Most often mistaken: {true} for {taken}, {n} time.",
                "Most often mistaken: {true} for {taken}, {n} times.",
                n=count,
                true=classes[true],
                taken=classes[taken],
            )
        )
    if end.weights is not None:
        lines.append(message("The weights are in {file}.", file=end.weights))
    return lines


def _most_confused(confusion: Sequence[Sequence[int]]) -> tuple[int, int, int] | None:
    """How often, and for what pair of a true and a taken class, the network was wrong most often.

    >>> _most_confused([[8, 2], [3, 7]])
    (3, 1, 0)
    """
    wrong = [
        (count, true, taken)
        for true, row in enumerate(confusion)
        for taken, count in enumerate(row)
        if true != taken and count
    ]
    return max(wrong, default=None, key=lambda found: found[0])


def _remark(sentence: Message) -> None:
    print(f"cnnlab: {say(sentence)}", file=sys.stderr)


def _fail(sentence: Message, options: argparse.Namespace) -> int:
    if getattr(options, "json", False):
        from cnnlab.training.progress import write_sentence

        print(write_sentence("error", sentence), flush=True)
    else:
        _remark(sentence)
    return 1


def _parser() -> argparse.ArgumentParser:
    from cnnlab import __version__

    parser = argparse.ArgumentParser(
        "python -m cnnlab", description=say("A lab for convolution mechanics: the command line.")
    )
    parser.add_argument("--version", action="version", version=f"cnnlab {__version__}")
    commands = parser.add_subparsers(title=say("commands"), required=True, metavar="train | download | summary")
    _add_train(
        commands.add_parser(
            "train",
            help=say("train a network on a data set and test it"),
            description=say("Train a network and test it."),
        )
    )
    _add_download(
        commands.add_parser("download", help=say("download a data set"), description=say("Download a data set."))
    )
    _add_summary(
        commands.add_parser(
            "summary",
            help=say("show a network's layers"),
            description=say("Show a network layer by layer, or write its PyTorch source."),
        )
    )
    return parser


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=train)
    defaults = TrainingConfig()
    parser.add_argument(
        "network",
        nargs="?",
        default="lenet5",
        metavar="NETWORK",
        help=say("lenet5, tiny-vgg or another one by its name, or a file with the source of your own (%(default)s)"),
    )
    rates = all_of(
        message("{rate:g} for {optimizer}", rate=rate, optimizer=name) for name, rate in LEARNING_RATES.items()
    )
    parser.add_argument("--data", metavar="NAME_OR_PATH", help=say("cifar10-mini, cifar10, or a file of your own"))
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs", type=int, help=say("passes over the training pictures ({default})", default=DEFAULT_EPOCHS)
    )
    length.add_argument("--seconds", type=float, help=say("a time budget instead"))
    parser.add_argument(
        "--batch-size", type=int, default=defaults.batch_size, help=say("pictures a step (%(default)s)")
    )
    parser.add_argument(
        "--optimizer", choices=OPTIMIZERS, type=present_word, default=defaults.optimizer, help="(%(default)s)"
    )
    parser.add_argument(
        "--learning-rate",
        type=float,
        help=say("the peak of the schedule ({rates}; less for networks of two layers)", rates=rates),
    )
    parser.add_argument("--weight-decay", type=float, default=defaults.weight_decay, help="(%(default)s)")
    parser.add_argument("--pooling", choices=POOLINGS, default="avg", help=say("of lenet5 (%(default)s)"))
    parser.add_argument("--no-flip", action="store_true", help=say("do not mirror training pictures at random"))
    parser.add_argument(
        "--crop", type=int, default=defaults.crop, help=say("shift by up to this many pixels (%(default)s)")
    )
    parser.add_argument("--seed", type=int, default=defaults.seed, help="(%(default)s)")
    parser.add_argument("--device", choices=DEVICES, default=defaults.device, help="(%(default)s)")
    parser.add_argument(
        "--validation",
        type=float,
        default=defaults.validation,
        help=say("part of the training pictures (%(default)s)"),
    )
    parser.add_argument("--save", metavar="PATH", help=say("where to write the weights, as .safetensors"))
    parser.add_argument(
        "--json", action="store_true", help=say("print one JSON record a line, take commands on the input")
    )
    parser.add_argument(
        "--standby", action="store_true", help=say("load torch, then wait for one line of JSON settings on the input")
    )


def _add_download(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=download)
    parser.add_argument("name", choices=("cifar10",), help=say("the data set"))
    parser.add_argument("--root", metavar="DIR", help=say("the folder that it is put in"))
    parser.add_argument("--mirror", metavar="URL", help=say("another host that has the archive"))
    parser.add_argument("--json", action="store_true", help=say("print one JSON record a line"))


def _add_summary(parser: argparse.ArgumentParser) -> None:
    from cnnlab.networks.scripts import CIFAR10

    parser.set_defaults(command=summary)
    parser.add_argument(
        "network",
        nargs="?",
        default="lenet5",
        metavar="NETWORK",
        help=say(
            "lenet5, vgg16 or another one by its name, a file with the source of your own, or - for the standard "
            "input (%(default)s)"
        ),
    )
    parser.add_argument("--input", metavar="CxHxW", help=say("the shape of a picture, 3x32x32 for instance"))
    parser.add_argument("--pooling", choices=POOLINGS, default="avg", help=say("of lenet5 (%(default)s)"))
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--code",
        nargs="?",
        const="sequential",
        choices=("sequential", "module"),
        help=say("write its PyTorch source instead: an nn.Sequential, or a class"),
    )
    source.add_argument(
        "--script",
        nargs="?",
        const=CIFAR10,
        metavar="DATA",
        help=say("write a whole training script instead, for CIFAR-10 or the .npz file named here"),
    )
