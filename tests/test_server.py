"""The server stays quick: nothing that stays is collected again, nothing that is sent waits."""

import gc
import socket
import sys
from types import ModuleType

import pytest

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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux promises that connections inherit the option")
def test_connections_of_a_listening_socket_send_at_once() -> None:
    with socket.socket() as listening:  # the protocol is not named, as in Streamlit
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server._send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
