"""Streamlit servers in processes of their own: the lab, and a page that only says hello."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAB = ROOT / "app.py"

HELLO = 'import streamlit as st\n\nst.title("Hello")\n'

# The least that a page can do with an edit: answer it in a fragment with one word.
ECHO_PAGE = """import streamlit as st

@st.fragment
def echo():
    st.write("yes" if st.checkbox("Tick") else "no")

echo()
"""

# The same for both, so that only the pages differ.
_OPTIONS = ("--server.headless=true", "--server.fileWatcherType=none", "--browser.gatherUsageStats=false")

_PATIENCE_SECONDS = 120.0


def address(port: int) -> str:
    """The address of a port of this machine."""
    return f"http://127.0.0.1:{port}"


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    port: int
    started: float
    """When its process was started, on the clock of `time.perf_counter`."""
    pid: int

    @property
    def url(self) -> str:
        """Its address."""
        return address(self.port)


@dataclass(frozen=True)
class Checkout:
    """A lab to measure: its files, and the interpreter of the environment that it is installed in."""

    folder: Path = ROOT
    python: str = sys.executable

    @property
    def app(self) -> Path:
        """What Streamlit runs."""
        return self.folder / "app.py"


@contextmanager
def running(script: Path, python: str = sys.executable) -> Iterator[Server]:
    """Run a Streamlit script in a new process; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-m", "streamlit", "run", script.name, *_OPTIONS]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=script.parent, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_until_healthy(process, port)
            yield Server(port, started, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def written(source: str) -> Iterator[Path]:
    """Write a page to compare with, far from the lab's configuration; it is gone after the block."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "page.py"
        script.write_text(source, "utf-8")
        yield script


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.perf_counter() + _PATIENCE_SECONDS
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(f"{address(port)}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise RuntimeError(f"the server did not answer within {_PATIENCE_SECONDS:.0f} s")
