"""A lab in a process of its own, and visitors who speak to it as Streamlit's client in a browser does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[1]
OBSERVER = Path(__file__).parent / "observer"


@contextmanager
def running_lab(**environment: str) -> Iterator[str]:
    """Run the lab in a process of its own, for this machine alone; yield its address."""
    with _running(["--server.address", "127.0.0.1"], environment) as (_, port):
        yield f"http://127.0.0.1:{port}"


@dataclass(frozen=True)
class ObservedLab:
    """A lab that serves every network of this machine, as for a class, and whose processes are looked into."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def outside(self) -> list[str]:
        """What went, or wanted to go, to another machine, from all processes since the start."""
        file = self.folder / "outside"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def state(self) -> dict[str, Any]:
        """The server's imported modules and the number of its frozen objects."""
        file = self.folder / f"state-{self.process.pid}"
        file.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        wait_until(file.exists)
        return json.loads(file.read_text("utf-8"))


@contextmanager
def observed_lab(folder: Path) -> Iterator[ObservedLab]:
    """Run the lab where no nameserver ever answers, and see what its processes do (`tests/observer`)."""
    environment = {"PYTHONPATH": str(OBSERVER), "CNNLAB_OBSERVED": str(folder)}
    with _running([], environment) as (process, port):
        yield ObservedLab(port, process, folder)


class Visitor:
    """A browser's websocket. Its pages are opened one after the other; it leaves at the end of the block."""

    def __init__(self, url: str, way: socket.socket | None = None, session: str = "") -> None:
        """Connect to a lab.

        Args:
            way: a connection to it, where the address names no host of ours.
            session: the one to go on with, as after a connection that broke.
        """
        self._url = url
        self.socket: ClientConnection = connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            # Streamlit's client sends a token and its session in the places of further protocols.
            subprotocols=["streamlit", *(["none", session] if session else [])],  # type: ignore[list-item]
            origin=url,  # type: ignore[arg-type]
            max_size=None,
            sock=way,
        )

    def __enter__(self) -> "Visitor":
        self.socket.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.socket.__exit__(*error)

    def open(self, address: str) -> list[ForwardMsg]:
        """Open a page by its address, as in "network?net_view=code", and return what the server sent."""
        message = BackMsg()
        page, _, message.rerun_script.query_string = address.partition("?")
        message.rerun_script.page_name = page
        message.rerun_script.context_info.url = f"{self._url}/{page}"
        return self.ask(message)

    def ask(self, message: BackMsg) -> list[ForwardMsg]:
        """Send a message, and return all that comes until the run that it started is over."""
        self.socket.send(message.SerializeToString())
        received = []
        while True:
            data = self.socket.recv(timeout=120)
            assert isinstance(data, bytes)
            received.append(ForwardMsg.FromString(data))
            last = received[-1]
            if (
                last.WhichOneof("type") == "script_finished"
                and last.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return received


def errors(messages: list[ForwardMsg]) -> list[str]:
    """The tracebacks that a page shows."""
    elements = [message.delta.new_element for message in messages if message.WhichOneof("type") == "delta"]
    return [element.exception.message for element in elements if element.WhichOneof("type") == "exception"]


def wait_until(happened: Any, seconds: float = 60.0) -> None:
    """Ask again and again until the answer is true."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"{happened} did not come true within {seconds:.0f} s"
        time.sleep(0.05)


@contextmanager
def _running(arguments: list[str], environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *arguments]
    server = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_healthy(server, f"http://127.0.0.1:{port}")
        yield server, port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_healthy(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the lab's server ended with status {server.returncode} before it answered")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the lab's server did not answer within 60 s")
