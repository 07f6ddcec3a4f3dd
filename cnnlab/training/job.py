"""One run of training, as the process that has started it sees it."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from cnnlab.networks import Network, lenet5
from cnnlab.texts import Message
from cnnlab.training.config import TrainingConfig, check_learning_rate
from cnnlab.training.decoding import Kernels
from cnnlab.training.history import History
from cnnlab.training.progress import End, Progress, RateChange, Start
from cnnlab.training.record import record_of

State = Literal["queued", "starting", "running", "paused", "ended", "failed"]


@dataclass(frozen=True)
class RunSettings:
    """Everything that decides a run: the data set's name or path, the network, and how it is trained."""

    data: str
    network: Network = field(default_factory=lenet5)
    config: TrainingConfig = field(default_factory=TrainingConfig)

    def to_line(self, save: Path) -> str:
        """The line of JSON that a waiting worker reads."""
        return json.dumps({**self.config.to_dict(), **record_of(self.network), "data": self.data, "save": str(save)})


class Manager(Protocol):
    """Whoever looks after a run, and answers for it."""

    def history(self, job: Job) -> History: ...
    def queue_position(self, job: Job) -> int | None: ...
    def viewers(self, job: Job) -> int: ...
    def path_of(self, job: Job) -> Path | None: ...
    def stop(self, job: Job) -> None: ...
    def tell(self, job: Job, command: str) -> None: ...


class Job:
    """One run: what it was asked for, how far it is, and what came out of it.

    Its fields are written by the manager's threads and may be read from any thread; each is replaced as a whole.
    """

    def __init__(self, manager: Manager, settings: RunSettings) -> None:
        self.id = secrets.token_hex(8)  # who knows it may steer the run
        self.watch_id = secrets.token_hex(8)  # who knows only this one may look on
        self.settings = settings
        self.state: State = "queued"
        self.stopping = False
        self.start: Start | None = None
        self.progress: Progress | None = None
        self.end: End | None = None
        self.error: Message | None = None  # why it failed, a sentence
        self.rate_changes: tuple[RateChange, ...] = ()  # of the learning rate's peak, while the run went on
        self.note: Message | None = None  # something else to know: a refused command, why it was stopped
        self.kernels: Kernels | None = None  # the first convolution's weights, the newest
        self.first_kernels: Kernels | None = None
        self.created = time.time()
        self._manager = manager

    @property
    def live(self) -> bool:
        """Whether something can still happen to it."""
        return self.state not in ("ended", "failed")

    @property
    def learning_rate(self) -> float:
        """The peak of the learning rate's schedule: the one that was asked for, or that it was changed to."""
        changes = self.rate_changes
        return changes[-1].learning_rate if changes else self.settings.config.peak

    @property
    def history(self) -> History:
        """The course so far, as a copy."""
        return self._manager.history(self)

    @property
    def queue_position(self) -> int | None:
        """1 for the run that starts next; None for one that does not wait."""
        return self._manager.queue_position(self)

    @property
    def viewers(self) -> int:
        """How many sessions look on."""
        return self._manager.viewers(self)

    @property
    def weights_path(self) -> Path | None:
        """Where the trained weights lie, once they do."""
        path = self._manager.path_of(self)
        return path if self.end is not None and path is not None and path.is_file() else None

    def stop(self) -> None:
        """End it early. What was learnt until then is still tested; a process that does not obey is ended by force."""
        self._manager.stop(self)

    def pause(self) -> None:
        """Hold it after the step it is in. It keeps its place and its memory."""
        self._manager.tell(self, "pause")

    def resume(self) -> None:
        """Let it go on where it was held."""
        self._manager.tell(self, "resume")

    def set_learning_rate(self, value: float) -> None:
        """Change the peak learning rate from the next step on.

        Raises:
            TrainingError: no number, or one that cannot be trained with.
        """
        self._manager.tell(self, f"lr {check_learning_rate(value)!r}")
