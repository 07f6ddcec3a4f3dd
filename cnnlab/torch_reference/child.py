"""Asking PyTorch from a server that must not keep PyTorch: a child process answers, and goes again.

PyTorch costs seconds to import and hundreds of megabytes that a process never gives back. A class that presses the
same button at once is served by one child, one after the other: the first waits for the import, each of the others
for about a millisecond. When nobody has asked for a while the child ends and its memory is free again.

`python -m cnnlab.torch_reference` is the child.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

from cnnlab.errors import CnnlabError
from cnnlab.texts import Message, message

IDLE_SECONDS = 30.0
"""How long the child waits for the next question: a class presses within seconds of one another."""

TIMEOUT_SECONDS = 60.0
"""How long an asker waits, for its turn and for the answer each. A cold disk on a small machine needs some 20 s."""


_UNREADABLE = message("PyTorch's process gave an answer that cannot be read: try again.")


class TorchReference:
    """One child process at most, shared by all who ask. Threads may ask at the same time.

    Args:
        idle_seconds: the child is ended when nobody has asked for this long.
        timeout_seconds: longest wait for one's turn, and again for the answer.
        command: what to start instead of the lab's own child.
    """

    def __init__(
        self,
        idle_seconds: float = IDLE_SECONDS,
        timeout_seconds: float = TIMEOUT_SECONDS,
        command: Sequence[str] | None = None,
    ) -> None:
        self._idle_seconds = idle_seconds
        self._timeout_seconds = timeout_seconds
        self._command = list(command or (sys.executable, "-m", "cnnlab.torch_reference"))
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._bedtime: threading.Timer | None = None
        self._awake_until = 0.0

    def ask(self, function: str, question: dict[str, Any], *, stay_seconds: float = 0.0) -> dict[str, Any]:
        """Have a function called with a question where PyTorch may be imported, and return its answer.

        Args:
            function: `package.module:name` of a function from a question to an answer.
            question: of what JSON knows, as is the answer.
            stay_seconds: the child stays at least this long after the answer, for a page whose every edit asks.

        Raises:
            CnnlabError: what the function raised of this kind, or PyTorch could not be asked.
        """
        if not self._turn.acquire(timeout=self._timeout_seconds):
            raise CnnlabError(
                "PyTorch has been busy with other checks for {seconds:g} seconds: try again in a minute.",
                seconds=self._timeout_seconds,
            )
        try:
            answer = self._answer(json.dumps({"function": function, "question": question}))
            # Who asks next, for a check of a moment, must not send it to bed earlier than was promised to this one.
            self._awake_until = max(self._awake_until, time.monotonic() + max(stay_seconds, self._idle_seconds))
            self._bedtime = threading.Timer(self._awake_until - time.monotonic(), self._end_if_idle)
            self._bedtime.daemon = True
            self._bedtime.start()
        except BaseException:
            # Whatever came between leaves an answer in the pipe that the next asker would take for theirs.
            self._end()
            raise
        finally:
            self._turn.release()
        if "error" in answer:
            raise CnnlabError(_read_error(answer["error"]))
        return answer["answer"]

    @property
    def is_awake(self) -> bool:
        """Whether a child is there."""
        return self._child is not None and self._child.is_alive

    def close(self) -> None:
        """End the child, if there is one."""
        with self._turn:
            self._end()

    def _answer(self, line: str) -> dict[str, Any]:
        if self._bedtime:
            self._bedtime.cancel()
        if self._child is None or not self._child.is_alive:
            self._end()
            self._child = _Child(self._command)
        try:
            reply = self._child.ask(line, self._timeout_seconds)
        except queue.Empty:
            raise CnnlabError(
                "PyTorch did not answer within {seconds:g} seconds: the machine may be busy, try again.",
                seconds=self._timeout_seconds,
            ) from None
        if reply is None:
            raise CnnlabError(
                "PyTorch's process ended before it answered: the machine may be short of memory, try again later."
            )
        try:
            return json.loads(reply)
        except json.JSONDecodeError:
            raise CnnlabError(_UNREADABLE) from None

    def _end_if_idle(self) -> None:
        # Somebody whose turn it is keeps the child; their own timer follows.
        if self._turn.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._turn.release()

    def _end(self) -> None:
        if self._bedtime:
            self._bedtime.cancel()
        self._awake_until = 0.0
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _read_error(plain: object) -> Message:
    try:
        return Message.from_plain(plain)
    except ValueError:
        return _UNREADABLE


class _Child:
    """A process that answers each line with a line."""

    def __init__(self, command: Sequence[str]) -> None:
        # Threads that wait by spinning would take the cores from everybody else on a small machine.
        environment = os.environ | {"OMP_NUM_THREADS": "1", "GOMP_SPINCOUNT": "1000"}
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=environment,
                cwd=Path(__file__).parents[2],
            )
        except OSError as error:
            raise CnnlabError(
                "PyTorch's process cannot be started ({reason}): try again later.", reason=error
            ) from None
        self._questions = cast(IO[str], self._process.stdin)
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(cast(IO[str], self._process.stdout),), daemon=True)
        self._reader.start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, question: str, timeout: float) -> str | None:
        """Return the line that answers; None if the process ended instead. Raises queue.Empty after the timeout."""
        try:
            self._questions.write(question + "\n")
            self._questions.flush()
        except OSError:
            return None
        return self._answers.get(timeout=timeout)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        with contextlib.suppress(OSError):
            # A question that nobody has read is still in the buffer, and closing tries to write it.
            self._questions.close()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._answers.put(line)
        self._answers.put(None)
