"""A process that trains, seen from outside: its lines, its input, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

LINE_BYTES = 1 << 20  # the longest line that is read; a progress record has about 10 kB
REMEMBERED_LINES = 40
REMEMBERED_LENGTH = 500


class Child:
    """A process that speaks the protocol. Each line, and its end, is told from a thread of its own."""

    def __init__(
        self,
        command: Sequence[str],
        hear: Callable[[Child, str], None],
        part: Callable[[Child, int, str], None],
    ) -> None:
        self.is_ready = False
        self._closing = threading.Lock()
        self._hear = hear
        self._part = part
        self._tail: deque[str] = deque(maxlen=REMEMBERED_LINES)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,  # a Ctrl-C at the server's terminal is the server's to pass on
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdin, self._stdout, self._stderr = self._process.stdin, self._process.stdout, self._process.stderr
        # A child that does not read must not hold up the server.
        os.set_blocking(self._stdin.fileno(), False)
        self._errors = threading.Thread(target=self._read_errors, name="cnnlab-run-errors", daemon=True)
        self._reader = threading.Thread(target=self._read, name="cnnlab-run", daemon=True)

    def listen(self) -> None:
        self._errors.start()
        self._reader.start()

    def tell(self, line: str) -> bool:
        """Send a line, if the process still takes any."""
        data = f"{line}\n".encode()
        with self._closing:
            try:
                return os.write(self._stdin.fileno(), data) == len(data)
            except (OSError, ValueError):  # a broken pipe, a full one, one closed already
                return False

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and whatever it started."""
        if self._process.poll() is None:
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                return

    def join(self, seconds: float) -> bool:
        """Wait until the process has ended and everything it said was heard."""
        self._reader.join(max(0.0, seconds))
        return not self._reader.is_alive()

    def remember(self, line: str) -> None:
        """Keep a line that is no event, for the log, should the run fail."""
        self._tail.append(line.rstrip()[:REMEMBERED_LENGTH])

    def _read(self) -> None:
        for line in _lines(self._stdout):
            self._hear(self, line)
        status = self._process.wait()
        self._errors.join(1.0)
        with self._closing:  # a number that is closed may be given to another file at once
            self._stdin.close()
        self._stdout.close()
        if not self._errors.is_alive():
            self._stderr.close()
        self._part(self, status, "\n".join(self._tail))

    def _read_errors(self) -> None:
        for line in _lines(self._stderr):
            self.remember(line)


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """The lines of a stream; one that is far too long is cut."""
    while line := stream.readline(LINE_BYTES):
        yield line.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    """What a child needs around it.

    Two threads of torch that wait for each other spin, and beside any other load they spin most of the time away; a
    short spin count makes them sleep instead. It has to be there before torch is loaded.
    """
    root = str(Path(__file__).resolve().parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "GOMP_SPINCOUNT": os.environ.get("GOMP_SPINCOUNT", "1000"),
        "PYTHONPATH": f"{root}{os.pathsep}{inherited}" if inherited else root,
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
    }
