"""Runs of training, each in a process of its own, as the process that started them sees them.

    manager = JobManager()
    job = manager.submit(RunSettings("cifar10-mini", lenet5(), TrainingConfig(epochs=2)))
    job.state, job.progress, job.end

A run that crashes, hangs or takes all memory is a sentence in `job.error`, and nothing else dies: this process never
loads torch. The lines that parent and child exchange are described in `cnnlab.training.progress`.

The manager holds the lock and decides what happens when. What it needs for that has modules of its own, which know
nothing of each other: `queue` (who starts next), `viewers` (who looks), `launcher` (processes), `decoding` (what they
say), `store` (where runs are kept).
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from cnnlab.errors import TrainingError
from cnnlab.texts import Message, message
from cnnlab.training.cores import usable_cores
from cnnlab.training.decoding import (
    Advanced,
    Ended,
    Failed,
    News,
    Noted,
    Paused,
    Resumed,
    Secrets,
    Started,
    TookRate,
    decode,
)
from cnnlab.training.history import History
from cnnlab.training.job import Job, RunSettings
from cnnlab.training.launcher import STANDBY_SECONDS, TERMINATE_SECONDS, ChildLauncher, Launcher, Process, why_it_ended
from cnnlab.training.progress import with_change
from cnnlab.training.queue import RunQueue
from cnnlab.training.store import KEPT_JOBS, FolderStore, RunStore
from cnnlab.training.viewers import Viewers

__all__ = ["Job", "JobManager", "RunSettings"]

STOP_SECONDS = 30.0  # a run that was told to stop still tests what it has
LINGER_SECONDS = 10.0  # from a run's last word to the end of its process
PAUSE_SECONDS = 600.0  # how long a paused run may keep its place while others wait
TICK_SECONDS = 0.2

MAX_QUEUED = 20
RETURN_SECONDS = 120.0  # how long a finished run waits for who looked at it last: a reload, a connection that broke off

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Place:
    """A run that has a process, and with it one of the places."""

    job: Job
    process: Process
    paused_since: float | None = None


class JobManager:
    """Starts runs, at most `slots` at once, and looks after them until the last one is gone.

    Args:
        slots: how many runs train at once; by default one per two cores. Others wait in a queue.
        grace_seconds: how long a run goes on after its last viewer has left.
        directory: where runs keep their weights, if not in a temporary folder; see `FolderStore`.
        command: the program that trains, if not this lab's own.
        launcher: how processes are started; as children of this one by default, with `command` and `standby_seconds`.
        store: where runs are kept; in memory and a folder by default, with `directory` and `kept`.
        is_here: whether a viewer is still there. It is asked again and again, from a thread of the manager's own.
    """

    def __init__(
        self,
        slots: int | None = None,
        grace_seconds: float = 60.0,
        directory: Path | None = None,
        command: Sequence[str] | None = None,
        *,
        launcher: Launcher | None = None,
        store: RunStore | None = None,
        is_here: Callable[[str], bool] = lambda _: True,
        stop_seconds: float = STOP_SECONDS,
        standby_seconds: float = STANDBY_SECONDS,
        pause_seconds: float = PAUSE_SECONDS,
        return_seconds: float = RETURN_SECONDS,
        kept: int = KEPT_JOBS,
        max_queued: int = MAX_QUEUED,
    ) -> None:
        self.launcher = ChildLauncher(command, standby_seconds) if launcher is None else launcher
        self.store = FolderStore(directory, kept) if store is None else store
        self._stop_seconds = stop_seconds
        self._pause_seconds = pause_seconds
        self._viewers = Viewers(is_here, grace_seconds, return_seconds)
        self._queue = RunQueue[Job](max(1, usable_cores() // 2) if slots is None else slots, max_queued)
        self._places: dict[Process, _Place] = {}
        self._histories = WeakKeyDictionary[Job, History]()  # they grow; everybody else takes copies
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        self._ticker: threading.Thread | None = None
        self._closed = False
        self.launcher.listen(self)
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
            self._queue.check(viewer, len(self._places))
            if obstacle := self.store.obstacle:
                raise TrainingError(obstacle)
            job = Job(self, settings)
            self.store.keep(job)
            if viewer is not None:
                self._viewers.note(viewer, job.id)
            self._queue.add(job, viewer)
            self._start_next()
            self._forget_old()
            self._wake_ticker()
            return job

    def get(self, job_id: str) -> Job | None:
        """Find a run by its id or its id for looking on."""
        with self._lock:
            return self.store.find(job_id)

    def jobs(self) -> list[Job]:
        """All runs that are still known, newest first."""
        with self._lock:
            return self.store.all()[::-1]

    def watch(self, viewer: str, job_id: str) -> None:
        """Note that a session looks at a run, for as long as it is here.

        A run that goes on is stopped when all who looked at it have been gone for the grace time. A finished one is
        kept while a session looks at it and at no other since.
        """
        with self._lock:
            job = self.store.find(job_id)
            if job is not None:
                self._viewers.note(viewer, job.id)

    def warm_up(self) -> None:
        """Have a worker ready that has torch loaded already, if a run could start now. It ends when nobody comes."""
        with self._lock:
            self.launcher.warm_up(may_start=not self._closed and self._queue.has_free_slot(len(self._places)))
            if self.launcher.has_processes:
                self._wake_ticker()

    @property
    def devices(self) -> tuple[str, ...] | None:
        """What runs can train on, once a worker has told."""
        return self.launcher.devices

    @property
    def slots(self) -> int:
        """How many runs train at once."""
        return self._queue.slots

    @property
    def obstacle(self) -> Message | None:
        """Why no run could be started, a sentence for whoever runs the server; None where nothing stands in the way."""
        with self._lock:
            return None if self._closed else self.store.obstacle

    @property
    def is_warm(self) -> bool:
        """Whether a worker waits with torch loaded."""
        return self.launcher.is_warm

    def stop(self, job: Job) -> None:
        """End a run early; see `Job.stop`."""
        with self._lock:
            if not job.live or job.stopping:
                return
            job.stopping = True
            if (place := self._place_of(job)) is not None:
                place.process.tell("stop")
                self._end(place, self._stop_seconds)
                return
            # It waits, or was lost on its way from the queue to a process.
            self._queue.remove(job)
            job.note = job.note or message("The run was stopped before it began.")
            self._finish(job)

    def tell(self, job: Job, command: str) -> None:
        """Pass a command on to a run that can still take one."""
        with self._lock:
            place = self._place_of(job)
            if place is not None and job.live and not job.stopping:
                place.process.tell(command)

    def history(self, job: Job) -> History:
        """The course of a run so far, as a copy."""
        with self._lock:
            return self._histories[job].copy() if job in self._histories else History()

    def viewers(self, job: Job) -> int:
        """How many sessions look at a run."""
        with self._lock:
            return self._viewers.count(job.id)

    def queue_position(self, job: Job) -> int | None:
        """1 for the run that starts next; None for one that does not wait."""
        with self._lock:
            return self._queue.position(job)

    def path_of(self, job: Job) -> Path | None:
        """Where the weights of a run lie when it has ended; None for one that never began, or is known no more."""
        with self._lock:
            return self.store.weights_of(job)

    def close(self) -> None:
        """End every process, wait for them, and remove the files."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._queue.clear()
            self._wake.notify_all()
        atexit.unregister(self.close)
        self.launcher.close()
        if self._ticker is not None and self._ticker is not threading.current_thread():
            self._ticker.join(TERMINATE_SECONDS)
        self.store.close()

    # What the launcher calls, from threads of its own

    def hear(self, process: Process, event: Mapping[str, Any]) -> None:
        """A process has said something; see `Listener`."""
        with self._lock:
            place = self._places.get(process)
            if place is None or not place.job.live:
                return
            job = place.job
            weights = self.store.weights_of(job)
            paths = [job.settings.data, *([] if weights is None else [weights.parent])]
            news = decode(event, Secrets(job.id, paths))
            if news is not None:
                self._take_in(place, news)

    def part(self, process: Process, status: int, last_words: str) -> None:
        """A process has ended; see `Listener`."""
        with self._lock:
            place = self._places.pop(process, None)
            try:
                if place is not None and place.job.live:
                    self._end_without_result(place.job, status, last_words)
            finally:
                self._start_next()
                self._forget_old()

    # All of this is called with the lock held

    def _place_of(self, job: Job) -> _Place | None:
        return next((place for place in self._places.values() if place.job is job), None)

    def _start_next(self) -> None:
        while not self._closed and (job := self._queue.take(len(self._places))) is not None:
            try:
                process = self.launcher.start(job.settings.to_line(self.store.place_for_weights(job)))
            except TrainingError as error:
                self._fail(job, error.message)
            except OSError as error:
                reason = error.strerror or error
                self._fail(job, message("The process of the run could not be started: {reason}.", reason=reason))
            except Exception:  # the next one has its chance
                log.exception("Run %s could not be started.", job.watch_id)
                self._fail(job, message("The run could not be started. The server's log says more; try it again."))
            else:
                self._places[process] = _Place(job, process)
                job.state = "starting"

    def _forget_old(self) -> None:
        """Throw away the oldest of the finished runs that nobody looks at."""
        self._viewers.look_round(time.monotonic())
        going_on = [place.job for place in self._places.values()]
        for job in self.store.forget_old(going_on, self._viewers.shown()):
            self._viewers.forget(job.id)

    def _take_in(self, place: _Place, news: News) -> None:
        job = place.job
        match news:
            case Started(start):
                job.start, job.state = start, "running"
            case Advanced(progress, newest, kernels):
                self._histories.setdefault(job, History()).add(progress)
                if kernels is not None:
                    job.kernels = kernels
                    job.first_kernels = job.first_kernels or kernels
                job.progress = newest
            case Paused():
                job.state = "paused"
                place.paused_since = time.monotonic()
            case Resumed():
                job.state = "running"
                place.paused_since = None
            case TookRate(change):
                job.rate_changes = with_change(job.settings.config.peak, job.rate_changes, change)
            case Noted(note):
                job.note = note
            case Failed(error):
                self._end(place, LINGER_SECONDS)
                self._fail(job, error)
            case Ended(end):
                job.end = end
                # One that came after the last step changed nothing.
                job.rate_changes = tuple(change for change in job.rate_changes if change.step <= end.steps)
                self._end(place, LINGER_SECONDS)
                self._finish(job)

    def _end_without_result(self, job: Job, status: int, last_words: str) -> None:
        if self._closed:
            job.note = message("The server was shut down.")
            self._finish(job)
        elif job.stopping:
            job.note = job.note or message(
                "The run did not answer when it was told to stop and was ended by force: there is no result."
            )
            self._finish(job)
        else:
            why = why_it_ended(status)
            self._fail(job, why)
            log.warning("Run %s: %s\n%s", job.watch_id, why, last_words)

    def _finish(self, job: Job) -> None:
        job.state = "ended"
        self._keep_ended(job)

    def _fail(self, job: Job, why: Message) -> None:
        job.error = why
        job.state = "failed"
        self._keep_ended(job)

    def _keep_ended(self, job: Job) -> None:
        try:
            self.store.keep(job)
        except Exception:
            # Those who look at the run see how it ended all the same, and the others go on.
            log.exception("Run %s has ended and could not be kept.", job.watch_id)

    def _end(self, place: _Place, seconds: float) -> None:
        """Should the process still be there after so many seconds, it is ended by force."""
        self.launcher.end(place.process, seconds)
        self._wake_ticker()

    # Looking after them, from a thread of its own

    def _wake_ticker(self) -> None:
        if self._ticker is None and not self._closed:
            self._ticker = threading.Thread(target=self._tick, name="cnnlab-jobs", daemon=True)
            self._ticker.start()
        self._wake.notify_all()

    def _tick(self) -> None:
        with self._lock:
            troubles: dict[str, str] = {}  # so that the log tells of each once, and not at every tick
            while not self._closed:
                for name, care in (("runs", self._tend_all), ("processes", self.launcher.tend)):
                    try:
                        care()
                    except Exception as error:
                        if troubles.get(name) != repr(error):
                            log.exception("The %s could not be looked after; it is tried again.", name)
                        troubles[name] = repr(error)
                    else:
                        troubles.pop(name, None)
                # Where nothing is going on, nothing wakes up.
                self._wake.wait(TICK_SECONDS if self.launcher.has_processes or self._queue else None)

    def _tend_all(self) -> None:
        now = time.monotonic()
        self._viewers.look_round(now)
        for job in self.store.all():
            if job.live and not job.stopping:
                self._tend(job, now)

    def _tend(self, job: Job, now: float) -> None:
        if self._viewers.have_left(job.id, now):
            job.note = message("The run was stopped because nobody looked at it any more.")
            self.stop(job)
            return
        place = self._place_of(job)
        since = None if place is None else place.paused_since
        if since is not None and self._queue and now - since >= self._pause_seconds:
            job.note = _paused_for_long(self._pause_seconds)
            self.stop(job)


def _paused_for_long(seconds: float) -> Message:
    if seconds >= 120:
        return message(
            "The run was stopped because it had been paused for {minutes:g} minutes while others were waiting.",
            minutes=seconds / 60,
        )
    return message(
        "The run was stopped because it had been paused for {seconds:g} seconds while others were waiting.",
        seconds=seconds,
    )
