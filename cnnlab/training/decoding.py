"""What the events of a process that trains become: news of a run, as values that change nothing by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any, cast

from cnnlab.data.paths import without_folders
from cnnlab.texts import Message
from cnnlab.training.feasibility import MAX_KERNEL_NUMBERS
from cnnlab.training.progress import End, Progress, RateChange, Start, read_sentence

MESSAGE_LENGTH = 500
"""Characters of each text in a process's sentences: they are kept, and sent to all who look on."""

Kernels = list[list[list[list[float]]]]


@dataclass(frozen=True)
class Started:
    start: Start


@dataclass(frozen=True)
class Advanced:
    """A record of progress.

    Args:
        progress: all of it, losses included.
        newest: what is kept of it: where the run stands.
        kernels: the first convolution's weights, if there are any and not too many.
    """

    progress: Progress
    newest: Progress
    kernels: Kernels | None


@dataclass(frozen=True)
class Paused:
    pass


@dataclass(frozen=True)
class Resumed:
    pass


@dataclass(frozen=True)
class TookRate:
    change: RateChange


@dataclass(frozen=True)
class Noted:
    note: Message


@dataclass(frozen=True)
class Failed:
    error: Message


@dataclass(frozen=True)
class Ended:
    end: End


News = Started | Advanced | Paused | Resumed | TookRate | Noted | Failed | Ended


@dataclass(frozen=True)
class Secrets:
    """What those who look on must not read in a sentence.

    Args:
        word: the id that steers the run.
        paths: files and folders of the server; only their last parts are shown.
    """

    word: str
    paths: Sequence[str | PathLike[str]] = ()

    def kept_out_of(self, sentence: Message) -> Message:
        """The sentence as all may read it.

        >>> from cnnlab.texts import message
        >>> sentence = message("{file} of run {run} cannot be read.", file="/srv/lab/a.npz", run="1f2e")
        >>> Secrets("1f2e").kept_out_of(sentence)
        'a.npz of run … cannot be read.'
        """
        without_word = sentence.with_texts(lambda text: text.replace(self.word, "…"))
        return without_folders(without_word, *self.paths).with_texts(lambda text: text[:MESSAGE_LENGTH])


def decode(event: Mapping[str, Any], secrets: Secrets) -> News | None:
    """Tell what an event says about its run; None for one that is not known here: a newer process may say more.

    Raises:
        ParseError, TypeError, ValueError, KeyError, OverflowError: it is not what its name says.

    >>> decode({"event": "learning_rate", "step": 7, "learning_rate": 0.01}, Secrets("1f2e"))
    TookRate(change=RateChange(step=7, learning_rate=0.01))
    """
    match event["event"]:
        case "start":
            return Started(Start.from_dict(event))
        case "progress":
            return _advanced(Progress.from_dict(event))
        case "paused":
            return Paused()
        case "resumed":
            return Resumed()
        case "learning_rate":
            return TookRate(RateChange(int(event["step"]), float(event["learning_rate"])))
        case "message":
            return Noted(secrets.kept_out_of(read_sentence(event)))
        case "error":
            return Failed(secrets.kept_out_of(read_sentence(event)))
        case "end":
            return Ended(End.from_dict(event))
        case _:
            return None


def devices_of(event: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The devices that a process has found, of its event "ready"; None where it does not say.

    >>> devices_of({"event": "ready", "devices": ["cpu", "cuda"]})
    ('cpu', 'cuda')
    """
    devices = event.get("devices")
    if not isinstance(devices, list) or not devices:
        return None
    return tuple(str(device) for device in cast(list[object], devices))


def _advanced(progress: Progress) -> Advanced:
    are_shown = progress.kernels is not None and _count(progress.kernels) <= MAX_KERNEL_NUMBERS
    newest = replace(progress, losses=(), kernels=None)
    return Advanced(progress, newest, progress.kernels if are_shown else None)


def _count(nested: object) -> int:
    return sum(_count(item) for item in cast(list[object], nested)) if isinstance(nested, list) else 1
