"""The server stays quick: nothing that stays is collected again, nothing that is sent waits."""

import inspect
import socket
import sys
import threading

import pytest
from streamlit import net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.web.server import server_util
from websockets.exceptions import ConnectionClosed

from cnnlab.ui import server
from cnnlab.ui.pages import PAGES
from tests.session import Session, lab_of, lab_that_runs, wait_until


def test_the_pages_are_prepared_once_when_the_first_has_been_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[str] = []
    monkeypatch.setattr(server, "_PREPARED", threading.Event())
    monkeypatch.setattr(server, "prepare", lambda: prepared.append(threading.current_thread().name))
    server.prepare_after_the_first_page("start", {"generation": 2})
    server.prepare_after_the_first_page("stop", {"generation": 1})
    assert not prepared
    for _ in range(3):
        server.prepare_after_the_first_page("stop", {"generation": 2})
    for thread in threading.enumerate():
        if thread.name == "cnnlab-prepare":
            thread.join()
    assert prepared == ["cnnlab-prepare"]


VISITS = """
import gc, json, sys, threading
from cnnlab.ui import server

def tell():
    for _ in sys.stdin:
        facts = {"frozen": gc.get_freeze_count(), "modules": sorted(sys.modules)}
        print(json.dumps([facts]), flush=True)

threading.Thread(target=tell, daemon=True).start()
sys.argv = ["streamlit", "run", "app.py", "--server.port={port}", "--server.address=127.0.0.1"]
from streamlit.web.cli import main
main()
"""


def test_nothing_is_frozen_while_sessions_are_open() -> None:
    with lab_of(VISITS) as lab:
        with Session(lab.url) as first:
            first.open("")
        wait_until(lambda: lab.ask()[0]["frozen"], pause=0.1)
        (before,) = lab.ask()
        for page in PAGES:
            with Session(lab.url) as session:
                session.open(page.key)
                (after,) = lab.ask()
                late = set(after["modules"]) - set(before["modules"])
                assert not {name for name in late if name.partition(".")[0] != "encodings"}, page.key
                assert after["frozen"] <= before["frozen"]
        assert "torch" not in after["modules"]


def test_a_message_that_is_too_large_ends_its_own_session_only() -> None:
    with lab_that_runs("normal") as lab, Session(lab.url) as other, Session(lab.url) as sender:
        other.open("convolution")
        sender.open("convolution")
        message = BackMsg()
        message.rerun_script.query_string = "a" * 5_000_000
        with pytest.raises(ConnectionClosed):
            sender.send_and_drain(message)
        other.ask(other.rerun())
        assert other.elements("bidi_component")


def test_streamlit_does_not_ask_for_an_address_before_it_refuses_a_foreign_page() -> None:
    server.ask_nobody_for_an_address()
    assert net_util.get_external_ip() is None
    assert not server_util.is_url_from_allowed_origins("http://somewhere.example")


class FakeSession:
    """What is needed of Streamlit's class of sessions."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def request_rerun(self, client_state: ClientState | None) -> None:
        self.heard.append("" if client_state is None else client_state.page_script_hash + client_state.fragment_id)


def test_a_fragment_of_a_page_that_was_left_is_not_rerun() -> None:
    class Here(FakeSession):
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


def test_a_page_may_talk_to_the_server_that_it_came_from_whatever_its_name_and_no_other_page_may() -> None:
    with lab_that_runs("normal") as lab:
        port = lab.url.rpartition(":")[2]
        answers: list[bytes] = []
        for host, origin in [("lab.school", "lab.school"), ("lab.school", "elsewhere.example")]:
            # Chosen by the port alone, which is what a name server would have led to.
            request = (
                f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: http://{origin}:{port}\r\n"
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
            )
            with socket.create_connection(("127.0.0.1", int(port)), timeout=30) as connection:
                connection.sendall(request.encode())
                answers.append(connection.recv(12))
        assert answers == [b"HTTP/1.1 101", b"HTTP/1.1 403"]
