"""What keeps one server quick for a whole class, and its pages whole.

The frame calls `tune()`; it acts once per process.
"""

import functools
import gc
import socket
import sys
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.runtime.app_session import AppSession

_TCP_FAMILIES = (socket.AF_INET, socket.AF_INET6)

_modules_when_frozen = 0


@st.cache_resource(show_spinner=False)
def tune() -> None:
    """Keep the garbage collector away from what stays, send at once, and hear nothing of a page that was left.

    Call it before anything is frozen: the collector no longer knows of sockets that are.
    """
    if freeze_late_imports not in gc.callbacks:
        gc.callbacks.append(freeze_late_imports)
    _send_at_once()
    hear_the_page_asked_for(AppSession)


def hear_the_page_asked_for(session: type[Any]) -> None:
    """Have sessions ignore a fragment's rerun that is about another page than the last one that was asked for.

    Until the next page has come, the browser shows the one before, and what is done there, or by a timer, still asks
    for a rerun of a fragment. Streamlit (1.67) keeps that for later, then runs nothing, for the fragment is gone, and
    tells the browser that the old page was run: the new one is taken away, and the window stays white.

    Args:
        session: Streamlit's class of sessions, whose method `request_rerun` takes the browser's message.
    """
    plain = session.request_rerun
    if hasattr(plain, "__wrapped__"):
        return

    @functools.wraps(plain)
    def request_rerun(self: Any, client_state: Any) -> None:
        page = client_state.page_script_hash if client_state else ""
        if client_state and client_state.fragment_id:
            asked = getattr(self, "_cnnlab_page", "")
            if page and asked and page != asked:
                return
        elif client_state:
            # An address that is typed has a name and no hash; then nothing is known until the next message.
            self._cnnlab_page = page
        plain(self, client_state)

    session.request_rerun = request_rerun


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
