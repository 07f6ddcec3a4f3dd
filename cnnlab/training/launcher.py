"""How processes that train are started, kept warm and ended.

`ChildLauncher` starts them on this machine. Whatever has the methods of `Launcher` can take its place:
`JobManager(launcher=...)`.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from cnnlab.errors import TrainingError
from cnnlab.texts import Message, message
from cnnlab.training.children import Child
from cnnlab.training.decoding import devices_of
from cnnlab.training.progress import read_event

COMMAND = (sys.executable, "-m", "cnnlab", "train", "--json", "--standby")

TERMINATE_SECONDS = 3.0  # from SIGTERM to SIGKILL
STANDBY_SECONDS = 300.0  # how long a worker waits for a run; it holds torch in memory meanwhile
STANDBY_RETRY_SECONDS = 60.0

log = logging.getLogger(__name__)


class Process(Protocol):
    """A process that trains one run."""

    def tell(self, line: str) -> bool:
        """Send a command, if it still takes any."""
        ...


class Listener(Protocol):
    """Who hears of processes, from threads of the launcher's, which hold nothing of it meanwhile."""

    def hear(self, process: Process, event: Mapping[str, Any]) -> None:
        """A process has said something.

        Raises:
            ParseError, TypeError, ValueError, KeyError, OverflowError: it cannot be understood.
        """
        ...

    def part(self, process: Process, status: int, last_words: str) -> None:
        """A process has ended, whatever the reason.

        Args:
            status: as `subprocess` has it: the number of a signal is negative.
            last_words: what it said that was not an event, for the server's log.
        """
        ...


class Launcher(Protocol):
    """Starts processes that train."""

    @property
    def devices(self) -> tuple[str, ...] | None:
        """What they can train on, once one has told."""
        ...

    @property
    def is_warm(self) -> bool:
        """Whether a process waits with torch loaded."""
        ...

    @property
    def has_processes(self) -> bool:
        """Whether there is anything to look after."""
        ...

    def listen(self, listener: Listener) -> None:
        """Tell this one of everything from now on."""
        ...

    def start(self, line: str) -> Process:
        """Start a process with the settings of a run, one line of JSON.

        Raises:
            OSError: it cannot be started.
            TrainingError: the same, in a sentence that all who look at the run read.
        """
        ...

    def warm_up(self, may_start: bool) -> None:
        """A run is likely to be asked for soon: let a process that waits go on waiting, or start one if that may be."""
        ...

    def end(self, process: Process, seconds: float) -> None:
        """Should a process still be there after so many seconds, end it by force."""
        ...

    def tend(self) -> None:
        """Do what is due. It is called again and again while there are processes."""
        ...

    def close(self) -> None:
        """End every process and wait for them. Nothing is started afterwards."""
        ...


class ChildLauncher:
    """Starts child processes of this one.

    Args:
        command: the program that trains, if not this lab's own.
        standby_seconds: how long a process waits for a run.
    """

    def __init__(self, command: Sequence[str] | None = None, standby_seconds: float = STANDBY_SECONDS) -> None:
        self.devices: tuple[str, ...] | None = None
        self._command = tuple(COMMAND if command is None else command)
        self._standby_seconds = standby_seconds
        self._listener: Listener | None = None
        # Each with what is sent to it when, should it still be there.
        self._children: dict[Child, deque[tuple[float, signal.Signals]]] = {}
        self._standby: Child | None = None
        self._standby_wanted = 0.0  # when it was last asked for
        self._standby_failed: float | None = None
        self._lock = threading.RLock()
        self._closed = False

    @property
    def processes(self) -> list[Child]:
        """All that are there, the one that waits among them."""
        with self._lock:
            return list(self._children)

    @property
    def is_warm(self) -> bool:
        standby = self._standby
        return standby is not None and standby.is_ready

    @property
    def has_processes(self) -> bool:
        return bool(self._children)

    def listen(self, listener: Listener) -> None:
        self._listener = listener

    def start(self, line: str) -> Child:
        with self._lock:
            child, self._standby = self._standby, None
            if child is None or not child.tell(line):
                child = self._spawn()
                child.tell(line)
            return child

    def warm_up(self, may_start: bool) -> None:
        with self._lock:
            now = time.monotonic()
            self._standby_wanted = now
            failed_lately = self._standby_failed is not None and now - self._standby_failed < STANDBY_RETRY_SECONDS
            if self._closed or not may_start or self._standby is not None or failed_lately:
                return
            try:
                self._standby = self._spawn()
            except OSError as error:
                self._standby_failed = now
                log.warning("No worker could be started ahead: %s", error)

    def end(self, process: Process, seconds: float) -> None:
        with self._lock:
            if isinstance(process, Child) and process in self._children:
                late = time.monotonic() + seconds
                self._children[process] = deque(
                    [(late, signal.SIGTERM), (late + TERMINATE_SECONDS, signal.SIGKILL)],
                )

    def tend(self) -> None:
        with self._lock:
            now = time.monotonic()
            for child, signals in self._children.items():
                while signals and now >= signals[0][0]:
                    child.send_signal(signals.popleft()[1])
            if self._standby is not None and now - self._standby_wanted >= self._standby_seconds:
                self._standby.send_signal(signal.SIGTERM)
                self._standby = None

    def close(self) -> None:
        with self._lock:
            self._closed = True
            children = list(self._children)
            for child in children:
                child.send_signal(signal.SIGTERM)
        give_up = time.monotonic() + TERMINATE_SECONDS
        for child in children:
            if not child.join(give_up - time.monotonic()):
                child.send_signal(signal.SIGKILL)
        for child in children:
            child.join(TERMINATE_SECONDS)

    def _spawn(self) -> Child:
        if self._closed:
            raise TrainingError("The server is shutting down: no new run can be started.")
        child = Child(self._command, self._hear, self._part)
        self._children[child] = deque()
        child.listen()
        return child

    # Called from a child's thread

    def _hear(self, child: Child, line: str) -> None:
        try:
            event = read_event(line)
            if event["event"] == "ready":
                child.is_ready = True
                self.devices = devices_of(event) or self.devices
            elif self._listener is not None:
                self._listener.hear(child, event)
        except (TypeError, ValueError, KeyError, OverflowError):  # ParseError is a ValueError
            child.remember(line)

    def _part(self, child: Child, status: int, tail: str) -> None:
        with self._lock:
            if self._standby is child:
                self._standby = None
                self._standby_failed = time.monotonic()
                if not self._closed:
                    log.warning("A waiting worker ended with status %d:\n%s", status, tail)
        try:
            if self._listener is not None:
                self._listener.part(child, status, tail)
        finally:
            with self._lock:
                del self._children[child]


def why_it_ended(status: int) -> Message:
    """Say why a process may have ended that gave no result.

    >>> why_it_ended(2)
    "The run ended unexpectedly (exit status 2). The server's log says more; try it again."
    """
    if status == -signal.SIGKILL:
        return message(
            "The run ended unexpectedly (killed by signal 9; the machine may have run out of memory). Try a smaller "
            "batch, or wait until fewer runs are going on."
        )
    if status < 0:
        return message(
            "The run ended unexpectedly (killed by signal {signal}). The server's log says more; try it again.",
            signal=-status,
        )
    if status == 0:
        return message("The run ended without a result. The server's log says more; try it again.")
    return message(
        "The run ended unexpectedly (exit status {status}). The server's log says more; try it again.", status=status
    )
