"""What goes on inside a process of the lab and the processes that it starts, for tests.

Python imports this file by its name as each process begins, where `PYTHONPATH` names this folder. It writes two kinds
of file into the folder that `CNNLAB_OBSERVED` names:

    outside        a line for every look-up of a name and every connection that leaves this machine
    state-<pid>    on the signal USR1: the modules that are imported, and how many objects are frozen

A name that is looked up is answered as by a nameserver that never answers: with an error, after a long wait.
"""

import gc
import ipaddress
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

_FOLDER = Path(os.environ["CNNLAB_OBSERVED"])
_PATIENCE_SECONDS = 20.0  # the usual resolver: two tries of five seconds for an address of each kind
_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
_SENDING = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}  # where the address stands


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _note(event: str, what: object) -> None:
    line = f"{event} {what!r} by {' '.join(sys.orig_argv)!r}\n"
    with (_FOLDER / "outside").open("a", encoding="utf-8") as file:
        file.write(line)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _LOOK_UPS:
        host = arguments[0][0] if event == "socket.getnameinfo" else arguments[0]
        if not _is_here(host):
            _note(event, host)
            time.sleep(_PATIENCE_SECONDS)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    elif event in _SENDING:
        address = arguments[_SENDING[event]]
        # A path is a socket of this machine; no address at all goes where the socket was connected before.
        if isinstance(address, tuple) and not _is_here(address[0]):
            _note(event, address)


def _tell(_number: int, _frame: FrameType | None) -> None:
    state = {"modules": sorted(sys.modules), "frozen": gc.get_freeze_count()}
    written = _FOLDER / f"state-{os.getpid()}.part"
    written.write_text(json.dumps(state), "utf-8")
    written.rename(_FOLDER / f"state-{os.getpid()}")


sys.addaudithook(_watch)
signal.signal(signal.SIGUSR1, _tell)
