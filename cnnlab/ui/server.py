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
from typing import Any

import streamlit as st
from PIL import Image
from streamlit import net_util
from streamlit.runtime.app_session import AppSession

import cnnlab.ui

_TCP_FAMILIES = (socket.AF_INET, socket.AF_INET6)

DRAWN_WITH = ("pandas", "pyarrow", "plotly.graph_objects", "plotly.io", "encodings.idna")
"""What Streamlit and the pages import only when they first draw with it."""

_PREPARED = threading.Event()


@st.cache_resource(show_spinner=False)
def tune() -> None:
    """Keep the garbage collector away from what stays, send at once, and hear nothing of a page that was left.

    Call it before anything is frozen: the collector no longer knows of sockets that are.
    """
    if prepare_after_the_first_page not in gc.callbacks:
        gc.callbacks.append(prepare_after_the_first_page)
    _send_at_once()
    hear_the_page_asked_for(AppSession)
    ask_nobody_for_an_address()


def ask_nobody_for_an_address() -> None:
    """Let Streamlit not ask a host outside for this machine's address.

    It does so for a connection whose page came from another host than this one, before it refuses it, and everybody
    waits meanwhile: 20 s where no nameserver answers. (At the start `browser.serverAddress` keeps it from asking.)
    """
    net_util.get_external_ip = lambda: None


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


def prepare_after_the_first_page(phase: str, info: dict[str, int]) -> None:
    """Prepare for all pages as soon as the first one has been answered: Streamlit then collects all generations."""
    if phase == "stop" and info["generation"] == 2 and not _PREPARED.is_set():
        _PREPARED.set()
        threading.Thread(target=prepare, name="cnnlab-prepare", daemon=True).start()


def prepare() -> None:
    """Import what the pages need, and have the garbage collector look at none of it again.

    Streamlit collects after every run of every page, holding the interpreter's lock; pandas alone, which it imports
    with the first component, has 35,000 objects, 10 ms long. What is frozen is kept for good, the sessions' own objects
    too. So it is done once, while there are hardly any, and what comes to be imported later is left to the collector.
    """
    for name in needed_by_pages():
        importlib.import_module(name)
    Image.init()
    gc.collect()
    gc.freeze()


def needed_by_pages() -> list[str]:
    """Names of the modules that some page imports, its own as well as what it draws with."""
    own = [found.name for found in pkgutil.walk_packages(cnnlab.ui.__path__, "cnnlab.ui.")]
    return [*DRAWN_WITH, *own, "cnnlab.training.jobs"]


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
