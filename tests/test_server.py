"""The server stays quick: nothing that stays is collected again, nothing that is sent waits."""

import gc
import inspect
import socket
import sys
from types import ModuleType

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

from cnnlab.ui import server


def test_what_is_imported_late_is_frozen_by_the_next_full_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    monkeypatch.setattr(server, "_modules_when_frozen", len(sys.modules))
    server.freeze_late_imports("stop", {"generation": 2})
    assert not frozen
    monkeypatch.setitem(sys.modules, "imported_late", ModuleType("imported_late"))
    server.freeze_late_imports("start", {"generation": 2})
    server.freeze_late_imports("stop", {"generation": 1})
    assert not frozen
    server.freeze_late_imports("stop", {"generation": 2})
    server.freeze_late_imports("stop", {"generation": 2})
    assert frozen == [True]


class Session:
    """What is needed of Streamlit's class of sessions."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def request_rerun(self, client_state: ClientState | None) -> None:
        self.heard.append("" if client_state is None else client_state.page_script_hash + client_state.fragment_id)


def test_a_fragment_of_a_page_that_was_left_is_not_rerun() -> None:
    class Here(Session):
        pass

    server.hear_the_page_asked_for(Here)
    once = Here.request_rerun
    server.hear_the_page_asked_for(Here)
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
        server._send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
