"""What keeps one server quick for a whole class. The frame calls `tune()`; it acts once per process."""

import gc
import socket
import sys
from contextlib import suppress

import streamlit as st

_TCP_FAMILIES = (socket.AF_INET, socket.AF_INET6)

_modules_when_frozen = 0


@st.cache_resource(show_spinner=False)
def tune() -> None:
    """Keep the garbage collector away from what stays, and send every message at once.

    Call it before anything is frozen: the collector no longer knows of sockets that are.
    """
    if freeze_late_imports not in gc.callbacks:
        gc.callbacks.append(freeze_late_imports)
    _send_at_once()


def freeze_late_imports(phase: str, info: dict[str, int]) -> None:
    """Freeze what has survived a full collection, whenever modules were imported since the last time.

    Streamlit imports pandas only when the first component is drawn, after the frame has frozen everything; each edit of
    each session then walked pandas' 35,000 objects, 10 ms long and holding the interpreter's lock.
    """
    global _modules_when_frozen
    if phase == "stop" and info["generation"] == 2 and len(sys.modules) != _modules_when_frozen:
        _modules_when_frozen = len(sys.modules)
        gc.freeze()


def _send_at_once() -> None:
    """Switch Nagle's algorithm off, for the server's open connections and for those to come.

    Streamlit binds its socket without naming the protocol, and asyncio sets TCP_NODELAY only where it is named
    (the same as https://github.com/Kludex/uvicorn/issues/3149). An answer is several messages, so the second would wait
    until the browser has acknowledged the first: 40 ms for every edit. New connections take the option over from the
    listening socket.
    """
    for found in gc.get_objects():
        # isinstance would ask objects for their __class__, and wake those that load a library when asked for anything.
        if (
            issubclass(type(found), socket.socket)
            and found.type == socket.SOCK_STREAM
            and found.family in _TCP_FAMILIES
        ):
            with suppress(OSError):  # it may be closed by now
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
