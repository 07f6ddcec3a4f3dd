"""A lab's server in a process of its own, and sessions that speak the messages of Streamlit's own client.

with lab_that_runs("forever", CNNLAB_GRACE_SECONDS="0.5") as lab, Session(lab.url) as session:
    session.open("training")
    session.press("Start training")
    lab.runs()
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ROOT = Path(__file__).parents[1]
FAKE = ROOT / "tests" / "fake_run.py"
PATIENCE_SECONDS = 60.0

# Starts Streamlit with a trainer that learns nothing, and tells of its runs for each line that it is sent.
_SERVER = """
import json, sys, threading
from cnnlab.ui.shell import jobs
jobs.COMMAND = (sys.executable, {fake!r}, {mode!r})

def tell():
    for _ in sys.stdin:
        manager = jobs._SHELF.manager
        found = manager.jobs() if manager else []
        print(json.dumps([
            {{"id": job.id, "watch_id": job.watch_id, "state": job.state, "steps": job.history.steps,
              "viewers": job.viewers, "note": job.note, "folder": str(manager.store.folder.path())}}
            for job in found
        ]), flush=True)

threading.Thread(target=tell, daemon=True).start()
sys.argv = ["streamlit", "run", "app.py", "--server.port={port}", "--server.address=127.0.0.1"]
from streamlit.web.cli import main
main()
"""


@dataclass(frozen=True)
class Lab:
    """A server that answers."""

    url: str
    process: subprocess.Popen[str]

    def runs(self) -> list[dict[str, Any]]:
        """The runs that the server knows, newest first."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        while not (line := self.process.stdout.readline()).startswith("["):  # what Streamlit itself says
            assert line, "the server has ended"
        return json.loads(line)


@contextmanager
def lab_that_runs(mode: str, **environment: str) -> Iterator[Lab]:
    """Run the lab with tests/fake_run.py as its trainer; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = _SERVER.format(fake=str(FAKE), mode=mode, port=port)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: _is_healthy(process, url), pause=0.1)
            yield Lab(url, process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until(condition: Callable[[], object], pause: float = 0.01) -> None:
    """Wait for something that will be so; fail when it is not so after a minute."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(pause)


class Session:
    """One browser, as far as the server can tell."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._at_the_end = ExitStack()
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        protocols: list[Any] = ["streamlit"]
        self._socket = self._at_the_end.enter_context(connect(address, subprotocols=protocols, max_size=None))
        self.page_script_hash = ""
        self.query_string = ""
        self.received: list[ForwardMsg] = []

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave, as a browser does whose window is closed."""
        self._at_the_end.close()

    def send(self, message: BackMsg) -> None:
        self._socket.send(message.SerializeToString())

    def open(self, page: str, query: str = "") -> None:
        """Come to a page and wait until it stands."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = self.query_string = query
        message.rerun_script.context_info.url = f"{self._url}/{page}"
        self.ask(message)

    def press(self, label: str) -> None:
        """Press a button and wait for what comes of it."""
        buttons = [element.button for element in self.elements("button") if element.button.label == label]
        assert buttons, f"there is no button {label}"
        message = self.rerun()
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = buttons[-1].id, True
        self.ask(message)

    def rerun(self) -> BackMsg:
        """The message that has the page run again."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page_script_hash
        message.rerun_script.query_string = self.query_string
        return message

    def ask(self, message: BackMsg) -> None:
        """Send a message, and take what comes until the run that it started is over."""
        self.received.clear()
        self.send(message)
        while not self._take(self.next()):
            pass

    def next(self) -> ForwardMsg:
        received = self._socket.recv(PATIENCE_SECONDS)
        message = ForwardMsg.FromString(received.encode() if isinstance(received, str) else received)
        self.received.append(message)
        return message

    def elements(self, kind: str) -> list[Any]:
        """What the page has drawn of a kind since it was last asked."""
        deltas = [message.delta for message in self.received if message.WhichOneof("type") == "delta"]
        drawn = [delta.new_element for delta in deltas if delta.WhichOneof("type") == "new_element"]
        return [element for element in drawn if element.WhichOneof("type") == kind]

    def _take(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.page_script_hash = message.navigation.page_script_hash
        elif kind == "new_session" and not self.page_script_hash:
            self.page_script_hash = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self.query_string = message.page_info_changed.query_string
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _is_healthy(process: subprocess.Popen[str], url: str) -> bool:
    assert process.poll() is None, f"the server ended with status {process.returncode} before it answered"
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
