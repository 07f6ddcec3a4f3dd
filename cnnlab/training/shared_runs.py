"""Runs that are the same for everybody: who asks for the same settings looks at the same run.

    runs = SharedRuns(lambda settings: settings.command(), Epoch.from_plain)
    run = runs.ask(settings)
    run.state, run.records, run.error

A seeded run of some seconds gives the same numbers to thirty students, so it is run once, in a process of its own, and
its records are kept. One runs at a time; others wait in a queue, for as long as somebody looks at them.

The process writes JSON, one object a line: `{"event": "end"}`, `{"event": "start"}`, what `write_sentence` in
`cnnlab.training.progress` makes of an error, and records with any other event.
"""

from __future__ import annotations

import atexit
import json
import logging
import signal
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, Literal, TypeVar, cast

from cnnlab.errors import ParseError
from cnnlab.texts import Message, message, plural
from cnnlab.training.children import Child
from cnnlab.training.progress import read_sentence

Settings = TypeVar("Settings", bound=Hashable)
Record = TypeVar("Record")

State = Literal["queued", "starting", "running", "ended", "failed"]

LIMIT_SECONDS = 180.0  # a run that takes longer hangs, or the machine has far too much to do
PATIENCE_SECONDS = 30.0  # how long a run waits in the queue with nobody looking at it
CLOSE_SECONDS = 3.0
KEPT_RUNS = 40
MAX_QUEUED = 40

log = logging.getLogger(__name__)


class SharedRun(Generic[Settings, Record]):
    """One run, for all who asked for it. Its fields may be read from any thread; each is replaced as a whole."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.state: State = "queued"
        self.records: tuple[Record, ...] = ()
        self.error: Message | None = None  # why it failed, a sentence
        self.looked_at = time.monotonic()

    @property
    def live(self) -> bool:
        """Whether something can still happen to it."""
        return self.state not in ("ended", "failed")


class SharedRuns(Generic[Settings, Record]):
    """All runs of one kind on this server.

    Args:
        command: settings -> the program that runs them.
        read: an event that is a record -> the record; raises ParseError for what it cannot read.
        limit_seconds: a run that takes longer is ended.
        patience_seconds: how long a run waits in the queue with nobody looking.
        kept: how many finished runs stay in memory.
    """

    def __init__(
        self,
        command: Callable[[Settings], Sequence[str]],
        read: Callable[[dict[str, Any]], Record],
        *,
        limit_seconds: float = LIMIT_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
        kept: int = KEPT_RUNS,
        max_queued: int = MAX_QUEUED,
    ) -> None:
        self._command = command
        self._read = read
        self._limit_seconds = limit_seconds
        self._patience_seconds = patience_seconds
        self._kept = kept
        self._max_queued = max_queued
        self._runs: dict[Settings, SharedRun[Settings, Record]] = {}  # oldest first
        self._queue: list[SharedRun[Settings, Record]] = []
        self._current: tuple[Child, SharedRun[Settings, Record]] | None = None
        self._alarm: threading.Timer | None = None
        self._lock = threading.RLock()
        self._closed = False
        atexit.register(self.close)

    def find(self, settings: Settings) -> SharedRun[Settings, Record] | None:
        """The run with these settings, if there is one; whoever looks at it keeps it in the queue."""
        with self._lock:
            run = self._runs.get(settings)
            if run is not None:
                run.looked_at = time.monotonic()
            return run

    def ask(self, settings: Settings, *, again: bool = False) -> SharedRun[Settings, Record]:
        """The run with these settings; started, or put in the queue, if there is none.

        Args:
            again: start another one where the last one failed.
        """
        with self._lock:
            run = self.find(settings)
            if run is not None and not (again and run.state == "failed"):
                return run
            run = SharedRun[Settings, Record](settings)
            if self._closed:
                self._fail(run, message("The server is shutting down: try again later."))
                return run
            if len(self._queue) >= self._max_queued:
                told = plural(
                    "{n} other run is waiting already: try again in a minute.",
                    "{n} other runs are waiting already: try again in a minute.",
                    n=len(self._queue),
                )
                self._fail(run, told)
                return run
            # Deleted first, so that the order stays the order of age.
            self._runs.pop(settings, None)
            self._runs[settings] = run
            self._queue.append(run)
            self._start_next()
            self._forget_old()
            return run

    def queue_position(self, run: SharedRun[Settings, Record]) -> int | None:
        """1 for the run that starts next; None for one that does not wait."""
        with self._lock:
            return self._queue.index(run) + 1 if run in self._queue else None

    def close(self) -> None:
        """End what goes on, and start nothing more."""
        with self._lock:
            self._closed = True
            self._queue.clear()
            current = self._current
        atexit.unregister(self.close)
        if current is not None:
            child = current[0]
            child.send_signal(signal.SIGTERM)
            if not child.join(CLOSE_SECONDS):
                child.send_signal(signal.SIGKILL)
                child.join(CLOSE_SECONDS)

    # Called with the lock held

    def _start_next(self) -> None:
        while self._queue and self._current is None and not self._closed:
            run = self._queue.pop(0)
            if time.monotonic() - run.looked_at > self._patience_seconds:
                self._runs.pop(run.settings, None)
                continue
            try:
                child = Child(self._command(run.settings), self._hear, self._part)
            except OSError as error:
                why = message("The process could not be started ({reason}): try again.", reason=error.strerror or error)
                self._fail(run, why)
                continue
            run.state = "starting"
            self._current = child, run
            self._alarm = threading.Timer(self._limit_seconds, self._end_late, [child])
            self._alarm.daemon = True
            self._alarm.start()
            child.listen()

    def _forget_old(self) -> None:
        over = [settings for settings, run in self._runs.items() if not run.live]
        for settings in over[: max(0, len(over) - self._kept)]:
            del self._runs[settings]

    def _fail(self, run: SharedRun[Settings, Record], why: Message) -> None:
        run.error = why
        run.state = "failed"

    # Called from threads of their own

    def _hear(self, child: Child, line: str) -> None:
        try:
            event: Any = json.loads(line)
            if not isinstance(event, dict) or "event" not in event:
                raise ParseError("A line that is not an event.")
            with self._lock:
                if self._current is not None and self._current[0] is child and self._current[1].live:
                    self._take_in(self._current[1], cast(dict[str, Any], event))
        except (ValueError, RecursionError):  # ParseError is one: what is no event is for the log, should the run fail
            child.remember(line)

    def _take_in(self, run: SharedRun[Settings, Record], event: dict[str, Any]) -> None:
        match event["event"]:
            case "start":
                run.state = "running"
            case "end":
                run.state = "ended"
            case "error":
                self._fail(run, read_sentence(event))
            case _:
                run.records = (*run.records, self._read(event))

    def _part(self, child: Child, status: int, tail: str) -> None:
        with self._lock:
            if self._current is None or self._current[0] is not child:
                return
            run = self._current[1]
            self._current = None
            if self._alarm is not None:
                self._alarm.cancel()
            if run.live:
                self._fail(run, _why_it_ended(status))
                if not self._closed:
                    log.warning("A shared run ended with status %d:\n%s", status, tail)
            self._start_next()
            self._forget_old()

    def _end_late(self, child: Child) -> None:
        with self._lock:
            if self._current is not None and self._current[0] is child:
                if self._current[1].live:
                    told = message(
                        "The run did not end within {limit:g} seconds: the machine may be busy, try again later.",
                        limit=self._limit_seconds,
                    )
                    self._fail(self._current[1], told)
                child.send_signal(signal.SIGKILL)


def _why_it_ended(status: int) -> Message:
    if status == -signal.SIGKILL:
        return message("The process was killed (signal 9): the machine may be short of memory, try again later.")
    return message(
        "The process ended without a result (status {status}): try again. The server's log says more.", status=status
    )
