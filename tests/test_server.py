"""The server stays quick: nothing that stays is collected again, nothing that is sent waits."""

import gc
import inspect
import pkgutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue, SimpleQueue

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

from cnnlab.ui.shell import server, streamlit_inside
from cnnlab.ui.shell.page_list import PAGES, Page
from tests.live_lab import Visitor, errors, observed_lab, running_lab, wait_until

ROOT = Path(__file__).parents[1]

SLOW_TO_IMPORT = {"torch", "torchvision"}


def test_a_server_is_prepared_once_after_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = Queue[int]()
    monkeypatch.setattr(server, "import_and_freeze", lambda: prepared.put(1))
    monkeypatch.setattr(server, "_is_prepared", False)
    # Pages that were drawn in this process have left a thread that waits, too.
    monkeypatch.setattr(server, "_sent", SimpleQueue[None]())
    waiting = threading.Thread(target=server._prepare_when_told)
    waiting.start()
    server.prepare_after_a_run("start", {"generation": 2})
    server.prepare_after_a_run("stop", {"generation": 1})
    assert not server._is_prepared
    server.prepare_after_a_run("stop", {"generation": 2})
    server.prepare_after_a_run("stop", {"generation": 2})
    prepared.get(timeout=20)
    waiting.join(20)
    assert not waiting.is_alive()
    assert all(thread.name != "cnnlab-imports" or not thread.join(20) for thread in threading.enumerate())
    assert prepared.empty()


def test_what_cannot_be_imported_keeps_nothing_from_being_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    none_such = pkgutil.ModuleInfo(None, "no_such_module", ispkg=False)  # pyright: ignore[reportArgumentType]
    monkeypatch.setattr(pkgutil, "walk_packages", lambda *_: [none_such])
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        server.import_and_freeze()
    assert frozen == [True]


def test_what_pages_draw_with_is_whole_before_a_thread_imports_beside_them() -> None:
    program = """
import sys
from cnnlab.ui.shell import server, streamlit_inside
server.tune()
before = set(sys.modules)
server.import_and_freeze()
print({"pandas", "pyarrow", "plotly.graph_objects", "PIL.Image"} - before)
print({name for name in set(sys.modules) - before if name.startswith(("pandas", "pyarrow", "PIL", "numpy"))})
"""
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert told.stdout.splitlines() == ["set()", "set()"], told.stderr


def test_a_process_that_ends_before_its_first_page_was_sent_ends() -> None:
    # As it ends it collects once more, and a thread that is started then never begins.
    program = "from cnnlab.ui.shell import server; server.tune(); print(server._is_prepared)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (told.returncode, told.stdout) == (0, "False\n"), told.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_page_may_be_the_first_thing_that_a_cold_server_is_asked(page: Page) -> None:
    with running_lab() as url, Visitor(url) as visitor:
        messages = visitor.open(page.key)
    assert errors(messages) == []
    elements = [message.delta.new_element for message in messages if message.WhichOneof("type") == "delta"]
    assert page.title in [element.heading.body for element in elements]


def test_visitors_leave_nothing_frozen_behind(tmp_path: Path) -> None:
    def visit_all_pages() -> None:
        for page in ["", *(page.key for page in PAGES)]:
            with Visitor(lab.url) as visitor:
                assert not errors(visitor.open(page)), page

    with observed_lab(tmp_path) as lab:
        with Visitor(lab.url) as visitor:
            visitor.open("")
        wait_until(lambda: lab.state()["frozen"])
        first = lab.state()
        assert SLOW_TO_IMPORT.isdisjoint(first["modules"])
        for _ in range(3):
            visit_all_pages()
        last = lab.state()
    # A text's encoding is a module too, of a dozen objects.
    late = {name for name in set(last["modules"]) - set(first["modules"]) if not name.startswith("encodings.")}
    assert not late, "what pages import late is not taken out of the collector's sight"
    assert last["frozen"] <= first["frozen"], "what visitors held is kept for good"


class Session:
    """What is needed of Streamlit's class of sessions."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def request_rerun(self, client_state: ClientState | None) -> None:
        self.heard.append("" if client_state is None else client_state.page_script_hash + client_state.fragment_id)


def test_a_fragment_of_a_page_that_was_left_is_not_rerun() -> None:
    class Here(Session):
        pass

    streamlit_inside.hear_the_page_asked_for(Here)
    once = Here.request_rerun
    streamlit_inside.hear_the_page_asked_for(Here)
    assert Here.request_rerun is once
    session = Here()
    for page, fragment in [("", ""), ("a", "1"), ("b", ""), ("a", "1"), ("b", "2"), ("a", ""), ("a", "1")]:
        session.request_rerun(ClientState(page_script_hash=page, fragment_id=fragment))
    session.request_rerun(None)
    assert session.heard == ["", "a1", "b", "b2", "a", "a1", ""]


def test_streamlits_sessions_have_what_is_wrapped() -> None:
    assert "client_state" in inspect.signature(AppSession.request_rerun).parameters


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux promises that connections inherit the option")
def test_connections_of_a_listening_socket_send_at_once() -> None:
    with socket.socket() as listening:  # the protocol is not named, as in Streamlit
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        streamlit_inside.send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
