"""Runs of training, each in a process of its own, as the process that started them sees them.

    manager = JobManager()
    job = manager.submit(RunSettings("cifar10-mini", lenet5(), TrainingConfig(epochs=2)))
    job.state, job.progress, job.end

A run that crashes, hangs or takes all memory is a sentence in `job.error`, and nothing else dies: this process never
loads torch. The lines that parent and child exchange are described in `cnnlab.training.progress`.
"""

from __future__ import annotations

import atexit
import json
import logging
import secrets
import shutil
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

from cnnlab.data.paths import without_folders
from cnnlab.errors import ParseError, TrainingError
from cnnlab.networks import Network, lenet5
from cnnlab.training.children import Child
from cnnlab.training.config import TrainingConfig, check_learning_rate
from cnnlab.training.cores import usable_cores
from cnnlab.training.feasibility import MAX_KERNEL_NUMBERS
from cnnlab.training.history import History
from cnnlab.training.progress import End, Progress, RateChange, Start, read_event, with_change
from cnnlab.training.queue import RunQueue
from cnnlab.training.record import record_of
from cnnlab.training.run_folder import RunFolder, no_room
from cnnlab.training.viewers import Viewers

State = Literal["queued", "starting", "running", "paused", "ended", "failed"]
Kernels = list[list[list[list[float]]]]

COMMAND = (sys.executable, "-m", "cnnlab", "train", "--json", "--standby")
WEIGHTS = "weights.safetensors"

STOP_SECONDS = 30.0  # a run that was told to stop still tests what it has
TERMINATE_SECONDS = 3.0  # from SIGTERM to SIGKILL
LINGER_SECONDS = 10.0  # from a run's last word to the end of its process
STANDBY_SECONDS = 300.0  # how long a worker waits for a run; it holds torch in memory meanwhile
STANDBY_RETRY_SECONDS = 60.0
PAUSE_SECONDS = 600.0  # how long a paused run may keep its place while others wait
TICK_SECONDS = 0.2

MAX_QUEUED = 20
KEPT_JOBS = 20
RETURN_SECONDS = 120.0  # how long a finished run waits for who looked at it last: a reload, a connection that broke off
MESSAGE_LENGTH = 500

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunSettings:
    """Everything that decides a run: the data set's name or path, the network, and how it is trained."""

    data: str
    network: Network = field(default_factory=lenet5)
    config: TrainingConfig = field(default_factory=TrainingConfig)

    def to_line(self, save: Path) -> str:
        """The line of JSON that a waiting worker reads."""
        return json.dumps({**self.config.to_dict(), **record_of(self.network), "data": self.data, "save": str(save)})


class Job:
    """One run: what it was asked for, how far it is, and what came out of it.

    Its fields are written by the manager's threads and may be read from any thread; each is replaced as a whole.
    """

    def __init__(self, manager: JobManager, settings: RunSettings) -> None:
        self.id = secrets.token_hex(8)  # who knows it may steer the run
        self.watch_id = secrets.token_hex(8)  # who knows only this one may look on
        self.settings = settings
        self.state: State = "queued"
        self.stopping = False
        self.start: Start | None = None
        self.progress: Progress | None = None
        self.end: End | None = None
        self.error: str | None = None  # why it failed, a sentence
        self.rate_changes: tuple[RateChange, ...] = ()  # of the learning rate's peak, while the run went on
        self.note: str | None = None  # something else to know: a refused command, why it was stopped
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


@dataclass(eq=False)
class _Run:
    """What only the manager knows about a job."""

    job: Job
    directory: Path | None = None  # for its weights, once it has begun
    history: History = field(default_factory=History)
    child: Child | None = None
    paused_since: float | None = None
    # What is sent to the process when, should it still be there.
    signals: deque[tuple[float, signal.Signals]] = field(default_factory=deque[tuple[float, signal.Signals]])


class JobManager:
    """Starts runs, at most `slots` at once, and looks after them until the last one is gone.

    Args:
        slots: how many runs train at once; by default one per two cores. Others wait in a queue.
        grace_seconds: how long a run goes on after its last viewer has left.
        is_here: whether a viewer is still there. It is asked again and again, from a thread of the manager's own.
        directory: where runs keep their weights; a temporary one of its own by default, which is made with the first
            run, and removed by `close`, or by the next server where this one is killed.
        command: the program that trains, if not this lab's own.
    """

    def __init__(
        self,
        slots: int | None = None,
        grace_seconds: float = 60.0,
        directory: Path | None = None,
        command: Sequence[str] | None = None,
        *,
        is_here: Callable[[str], bool] = lambda _: True,
        stop_seconds: float = STOP_SECONDS,
        standby_seconds: float = STANDBY_SECONDS,
        pause_seconds: float = PAUSE_SECONDS,
        return_seconds: float = RETURN_SECONDS,
        kept: int = KEPT_JOBS,
        max_queued: int = MAX_QUEUED,
    ) -> None:
        self.devices: tuple[str, ...] | None = None  # what a worker has found, once one has told
        self._stop_seconds = stop_seconds
        self._standby_seconds = standby_seconds
        self._pause_seconds = pause_seconds
        self._kept = kept
        self._command = tuple(COMMAND if command is None else command)
        self._folder = RunFolder(directory)
        self._runs: dict[str, _Run] = {}  # by id, oldest first
        self._viewers = Viewers(is_here, grace_seconds, return_seconds)
        self._queue = RunQueue[_Run](max(1, usable_cores() // 2) if slots is None else slots, max_queued)
        self._children: dict[Child, _Run | None] = {}  # None beside one that has no run: a waiting worker
        self._standby: Child | None = None
        self._standby_wanted = 0.0  # when it was last asked for
        self._standby_failed: float | None = None
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        self._ticker: threading.Thread | None = None
        self._closed = False
        atexit.register(self.close)

    # What callers do

    def submit(self, settings: RunSettings, viewer: str | None = None) -> Job:
        """Start a run, or put it in the queue.

        Raises:
            TrainingError: the queue is full, this viewer has a run waiting in it already, or nothing can be written.
        """
        with self._lock:
            if self._closed:
                raise TrainingError("The server is shutting down: no new run can be started.")
            self._queue.check(viewer, self._taken)
            self._folder.path()
            job = Job(self, settings)
            run = _Run(job)
            self._runs[job.id] = run
            if viewer is not None:
                self._viewers.note(viewer, job.id)
            self._queue.add(run, viewer)
            self._start_next()
            self._forget_old()
            self._wake_ticker()
            return job

    def get(self, job_id: str) -> Job | None:
        """Find a run by its id or its id for looking on."""
        with self._lock:
            run = self._find(job_id)
            return None if run is None else run.job

    def jobs(self) -> list[Job]:
        """All runs that are still known, newest first."""
        with self._lock:
            return [run.job for run in self._runs.values()][::-1]

    def watch(self, viewer: str, job_id: str) -> None:
        """Note that a session looks at a run, for as long as it is here.

        A run that goes on is stopped when all who looked at it have been gone for the grace time. A finished one is
        kept while a session looks at it and at no other since.
        """
        with self._lock:
            run = self._find(job_id)
            if run is not None:
                self._viewers.note(viewer, run.job.id)

    def warm_up(self) -> None:
        """Have a worker ready that has torch loaded already, if a run could start now. It ends when nobody comes."""
        with self._lock:
            now = time.monotonic()
            self._standby_wanted = now
            failed_lately = self._standby_failed is not None and now - self._standby_failed < STANDBY_RETRY_SECONDS
            if self._closed or self._standby is not None or failed_lately or not self._queue.has_free_slot(self._taken):
                return
            try:
                self._standby = self._spawn()
            except OSError as error:
                self._standby_failed = now
                log.warning("No worker could be started ahead: %s", error)
            self._wake_ticker()

    @property
    def slots(self) -> int:
        """How many runs train at once."""
        return self._queue.slots

    @property
    def obstacle(self) -> str | None:
        """Why no run could be started, a sentence for whoever runs the server; None where nothing stands in the way."""
        try:
            with self._lock:
                if not self._closed:
                    self._folder.path()
        except TrainingError as error:
            return str(error)
        return None

    @property
    def is_warm(self) -> bool:
        """Whether a worker waits with torch loaded."""
        standby = self._standby
        return standby is not None and standby.is_ready

    def stop(self, job: Job) -> None:
        """End a run early; see `Job.stop`."""
        with self._lock:
            run = self._runs.get(job.id)
            if run is None or not job.live or job.stopping:
                return
            job.stopping = True
            if self._queue.remove(run):
                job.state = "ended"
                job.note = job.note or "The run was stopped before it began."
                return
            if run.child is not None:
                run.child.tell("stop")
            self._send_off(run, self._stop_seconds)

    def tell(self, job: Job, command: str) -> None:
        """Pass a command on to a run that can still take one."""
        with self._lock:
            run = self._runs.get(job.id)
            if run is not None and run.child is not None and job.live and not job.stopping:
                run.child.tell(command)

    def history(self, job: Job) -> History:
        """The course of a run so far, as a copy."""
        with self._lock:
            run = self._runs.get(job.id)
            return History() if run is None else run.history.copy()

    def viewers(self, job: Job) -> int:
        """How many sessions look at a run."""
        with self._lock:
            return self._viewers.count(job.id)

    def queue_position(self, job: Job) -> int | None:
        """1 for the run that starts next; None for one that does not wait."""
        with self._lock:
            run = self._runs.get(job.id)
            return None if run is None else self._queue.position(run)

    def path_of(self, job: Job) -> Path | None:
        """Where the weights of a run lie when it has ended; None for one that never began, or is known no more."""
        with self._lock:
            run = self._runs.get(job.id)
            return None if run is None or run.directory is None else run.directory / WEIGHTS

    def close(self) -> None:
        """End every process, wait for them, and remove the files."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._queue.clear()
            children = list(self._children)
            for child in children:
                child.send_signal(signal.SIGTERM)
            self._wake.notify_all()
        atexit.unregister(self.close)
        give_up = time.monotonic() + TERMINATE_SECONDS
        for child in children:
            if not child.join(give_up - time.monotonic()):
                child.send_signal(signal.SIGKILL)
        for child in children:
            child.join(TERMINATE_SECONDS)
        if self._ticker is not None and self._ticker is not threading.current_thread():
            self._ticker.join(TERMINATE_SECONDS)
        self._folder.remove()

    # Starting; all of this is called with the lock held

    def _find(self, job_id: str) -> _Run | None:
        if job_id in self._runs:
            return self._runs[job_id]
        return next((run for run in self._runs.values() if run.job.watch_id == job_id), None)

    @property
    def _taken(self) -> int:
        """How many places have a run in them."""
        return sum(run is not None for run in self._children.values())

    def _start_next(self) -> None:
        while not self._closed and (run := self._queue.take(self._taken)) is not None:
            weights = self._place_for_weights(run)
            if weights is None:
                continue
            line = run.job.settings.to_line(weights)
            try:
                child, self._standby = self._standby, None
                if child is None or not child.tell(line):
                    child = self._spawn()
                    child.tell(line)
            except OSError as error:
                run.job.state = "failed"
                run.job.error = f"The process of the run could not be started: {error.strerror or error}."
                continue
            self._children[child] = run
            run.child = child
            run.job.state = "starting"

    def _place_for_weights(self, run: _Run) -> Path | None:
        """Make the folder for a run's weights, or have the run fail.

        It does not have the name that steers the run: sentences quote paths.
        """
        try:
            place = self._folder.path()
            try:
                (place / run.job.watch_id).mkdir(exist_ok=True)
            except OSError as error:
                log.warning("No folder for a run's weights could be made in %s: %s", place, error)
                raise no_room(error) from None
        except TrainingError as error:
            run.job.state, run.job.error = "failed", str(error)
            return None
        run.directory = place / run.job.watch_id
        return run.directory / WEIGHTS

    def _spawn(self) -> Child:
        child = Child(self._command, self._hear, self._part)
        self._children[child] = None
        child.listen()
        return child

    def _forget_old(self) -> None:
        """Throw away the oldest of the finished runs that nobody looks at."""
        self._viewers.look_round(time.monotonic())
        shown = self._viewers.shown()
        over = [run for run in self._runs.values() if not run.job.live and run.child is None]
        for run in over[: max(0, len(over) - self._kept)]:
            if run.job.id not in shown:
                del self._runs[run.job.id]
                self._viewers.forget(run.job.id)
                if run.directory is not None:
                    shutil.rmtree(run.directory, ignore_errors=True)

    def _send_off(self, run: _Run, seconds: float) -> None:
        """Should the process still be there after so many seconds, it is ended by force."""
        now = time.monotonic()
        run.signals.clear()
        run.signals.append((now + seconds, signal.SIGTERM))
        run.signals.append((now + seconds + TERMINATE_SECONDS, signal.SIGKILL))
        self._wake_ticker()

    # Listening; called from a child's thread

    def _hear(self, child: Child, line: str) -> None:
        try:
            event = read_event(line)
            with self._lock:
                if event["event"] == "ready":
                    self._take_in_ready(child, event)
                run = self._children.get(child)
                if run is not None and run.job.live:
                    self._take_in(run, event)
        except (ParseError, TypeError, ValueError, KeyError, OverflowError):
            child.remember(line)

    def _take_in_ready(self, child: Child, event: dict[str, Any]) -> None:
        child.is_ready = True
        devices = event.get("devices")
        if isinstance(devices, list) and devices:
            self.devices = tuple(str(device) for device in cast(list[object], devices))

    def _take_in(self, run: _Run, event: dict[str, Any]) -> None:
        job = run.job
        match event["event"]:
            case "start":
                job.start = Start.from_dict(event)
                job.state = "running"
            case "progress":
                self._take_in_progress(run, Progress.from_dict(event))
            case "paused":
                job.state = "paused"
                run.paused_since = time.monotonic()
            case "resumed":
                job.state = "running"
                run.paused_since = None
            case "learning_rate":
                change = RateChange(int(event["step"]), float(event["learning_rate"]))
                job.rate_changes = with_change(job.settings.config.peak, job.rate_changes, change)
            case "message":
                job.note = self._without_secrets(run, str(event["text"]))
            case "error":
                job.error = self._without_secrets(run, str(event["message"]))
                job.state = "failed"
                self._send_off(run, LINGER_SECONDS)
            case "end":
                job.end = end = End.from_dict(event)
                # One that came after the last step changed nothing.
                job.rate_changes = tuple(change for change in job.rate_changes if change.step <= end.steps)
                job.state = "ended"
                self._send_off(run, LINGER_SECONDS)
            case _:
                pass  # a newer child may say more

    def _without_secrets(self, run: _Run, text: str) -> str:
        """A sentence of the child's as all who look on may read it."""
        known = [run.job.settings.data, *([run.directory] if run.directory else [])]
        return without_folders(text.replace(run.job.id, "…"), *known)[:MESSAGE_LENGTH]

    def _take_in_progress(self, run: _Run, progress: Progress) -> None:
        job = run.job
        run.history.add(progress)
        if progress.kernels is not None and _count(progress.kernels) <= MAX_KERNEL_NUMBERS:
            job.kernels = progress.kernels
            job.first_kernels = job.first_kernels or progress.kernels
        job.progress = replace(progress, losses=(), kernels=None)

    def _part(self, child: Child, status: int, tail: str) -> None:
        """A process has ended, whatever the reason."""
        with self._lock:
            run = self._children.pop(child, None)
            if self._standby is child:
                self._standby = None
                self._standby_failed = time.monotonic()
                if not self._closed:
                    log.warning("A waiting worker ended with status %d:\n%s", status, tail)
            if run is not None:
                run.child = None
                run.signals.clear()
                if run.job.live:
                    self._end_without_result(run.job, status, tail)
            self._start_next()
            self._forget_old()

    def _end_without_result(self, job: Job, status: int, tail: str) -> None:
        if self._closed or job.stopping:
            forced = "The run did not answer when it was told to stop and was ended by force: there is no result."
            job.note = "The server was shut down." if self._closed else job.note or forced
            job.state = "ended"
            return
        job.error = _why_it_ended(status)
        job.state = "failed"
        log.warning("Run %s: %s\n%s", job.watch_id, job.error, tail)

    # Looking after them, from a thread of its own

    def _wake_ticker(self) -> None:
        if self._ticker is None and not self._closed:
            self._ticker = threading.Thread(target=self._tick, name="cnnlab-jobs", daemon=True)
            self._ticker.start()
        self._wake.notify_all()

    def _tick(self) -> None:
        with self._lock:
            while not self._closed:
                now = time.monotonic()
                self._viewers.look_round(now)
                for run in list(self._runs.values()):
                    self._tend(run, now)
                self._tend_standby(now)
                # Where nothing is going on, nothing wakes up.
                self._wake.wait(TICK_SECONDS if self._children or self._queue else None)

    def _tend(self, run: _Run, now: float) -> None:
        job = run.job
        if job.live and not job.stopping:
            if self._viewers.have_left(job.id, now):
                job.note = "The run was stopped because nobody looked at it any more."
                self.stop(job)
            elif run.paused_since is not None and self._queue and now - run.paused_since >= self._pause_seconds:
                job.note = (
                    f"The run was stopped because it had been paused for {_spoken(self._pause_seconds)} "
                    "while others were waiting."
                )
                self.stop(job)
        while run.child is not None and run.signals and now >= run.signals[0][0]:
            run.child.send_signal(run.signals.popleft()[1])

    def _tend_standby(self, now: float) -> None:
        if self._standby is not None and now - self._standby_wanted >= self._standby_seconds:
            self._standby.send_signal(signal.SIGTERM)
            self._standby = None


def _why_it_ended(status: int) -> str:
    if status == -signal.SIGKILL:
        return (
            "The run ended unexpectedly (killed by signal 9; the machine may have run out of memory). "
            "Try a smaller batch, or wait until fewer runs are going on."
        )
    if status < 0:
        return f"The run ended unexpectedly (killed by signal {-status}). The server's log says more; try it again."
    if status == 0:
        return "The run ended without a result. The server's log says more; try it again."
    return f"The run ended unexpectedly (exit status {status}). The server's log says more; try it again."


def _spoken(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} seconds"


def _count(nested: object) -> int:
    return sum(_count(item) for item in cast(list[object], nested)) if isinstance(nested, list) else 1
