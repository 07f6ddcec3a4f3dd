"""What keeps one server quick for a whole class, and its pages whole.

The frame calls `tune()`; it acts once per process.
"""

import functools
import gc
import importlib
import pkgutil
import socket
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

import streamlit as st
from streamlit import net_util
from streamlit.runtime.app_session import AppSession

import cnnlab.ui

_TCP_FAMILIES = (socket.AF_INET, socket.AF_INET6)

# What pages import only when they come to it: Streamlit with the first component, Pillow with the first picture, the
# lab with the first run and the first chart.
_NEEDED = (
    "pandas",
    "pyarrow",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "PIL.WebPImagePlugin",
    "plotly.graph_objects",
    "cnnlab.training.jobs",
)

_is_prepared = False
_sent: SimpleQueue[None] = SimpleQueue()
"""Gets something once the first page was sent."""


@st.cache_resource(show_spinner=False)
def tune() -> None:
    """Import, keep the collector away from what stays, send at once, ask nobody, hear nothing of a page that was left.

    Call it before anything is frozen: the collector no longer knows of sockets that are.
    """
    import_libraries()
    if prepare_after_a_run not in gc.callbacks:
        threading.Thread(target=_prepare_when_told, name="cnnlab-waits", daemon=True).start()
        gc.callbacks.append(prepare_after_a_run)
    _send_at_once()
    ask_no_other_host()
    hear_the_page_asked_for(AppSession)


def ask_no_other_host() -> None:
    """Have Streamlit not ask the internet for this machine's address.

    Streamlit (1.67) asks when a page of another host opens a websocket, to see whether that host is this machine, and
    answers nobody else in the meantime: for 40 s where no nameserver answers. Such a page is refused all the same. Who
    lays a proxy before the lab that hands on another name than the browser's names it in `server.corsAllowedOrigins`.
    """
    net_util.get_external_ip = _no_address


def _no_address() -> None:
    return None


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


def prepare_after_a_run(phase: str, info: dict[str, int]) -> None:
    """Once the first page was sent, which Streamlit follows with a full collection, have the others prepared for.

    The collector calls this anywhere, with any lock held, and once more as the interpreter ends, when a thread that is
    started never begins: all that is done here is to put something into a queue that may be entered at any time.
    """
    global _is_prepared
    if phase == "stop" and info["generation"] == 2 and not _is_prepared:
        _is_prepared = True
        _sent.put(None)


def _prepare_when_told() -> None:
    _sent.get()
    # No daemon, as the thread that waits is: one that imports while the interpreter ends can take it down.
    threading.Thread(target=import_and_freeze, name="cnnlab-imports").start()


def import_libraries() -> None:
    """Import what the pages draw with, before any page is drawn.

    Not in a thread beside one: plotly asks whether pandas is there, and takes one that is half imported for whole.
    """
    for name in _NEEDED:
        importlib.import_module(name)


def import_and_freeze() -> None:
    """Import all pages, and take whatever is there out of the collector's sight.

    Streamlit collects in full after every run of a page, while holding the interpreter's lock; without this every edit
    of every session walks all modules. It is done once, before a class has come: what is frozen stays even when nobody
    can reach it any more, and later that would be what the open sessions hold.
    """
    try:
        for module in pkgutil.walk_packages(cnnlab.ui.__path__, "cnnlab.ui."):
            importlib.import_module(module.name)
    finally:
        gc.collect()
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
