"""What the lab changes inside of Streamlit, or asks it that no documented call tells; each with its reason.

`streamlit_inside.css` beside it does the same for how pages look; of `components/frame`, `menu.js` for the menu in a
narrow window, `title.js` for the way past it, `numbers.js` for its number fields, `back.js` for the browser's history.
`state/links.py` tells one run from another. Streamlit promises none of it, so the lab asks for one line of versions
(`streamlit ~=` in pyproject.toml).
What a newer one has not got any more the log names, and the lab goes on without; `tests/test_streamlit_inside.py` names
it before.
"""

import functools
import gc
import logging
import socket
from contextlib import suppress
from typing import Any

import streamlit as st

log = logging.getLogger(__name__)

_TCP_FAMILIES = (socket.AF_INET, socket.AF_INET6)


def adapt() -> None:
    """Make all changes, once per process."""
    for change in (know_emojis, send_at_once, ask_no_other_host, hear_the_page_asked_for):
        try:
            change()
        except (ImportError, AttributeError) as gone:
            log.warning(
                "Streamlit %s has no %s, so the lab goes on without `%s`.", st.__version__, gone, change.__name__
            )


def know_emojis() -> None:
    """Import Streamlit's list of emojis, which it asks as soon as a choice's text is not plain ASCII: Korean, to it.

    Imported by a page it would come after the rest was taken out of the collector's sight (`server.import_and_freeze`).
    """
    import streamlit.emojis  # noqa: F401


def ask_no_other_host() -> None:
    """Have Streamlit not ask the internet for this machine's address.

    Streamlit (1.67) asks when a page of another host opens a websocket, to see whether that host is this machine, and
    answers nobody else in the meantime: for 40 s where no nameserver answers. Such a page is refused all the same. Who
    lays a proxy before the lab that hands on another name than the browser's names it in `server.corsAllowedOrigins`.
    """
    from streamlit import net_util

    if not hasattr(net_util, "get_external_ip"):
        raise AttributeError("net_util.get_external_ip")
    net_util.get_external_ip = _no_address


def _no_address() -> None:
    return None


def hear_the_page_asked_for(session: type[Any] | None = None) -> None:
    """Have sessions ignore a fragment's rerun that is about another page than the last one that was asked for.

    Until the next page has come, the browser shows the one before, and what is done there, or by a timer, still asks
    for a rerun of a fragment. Streamlit (1.67) keeps that for later, then runs nothing, for the fragment is gone, and
    tells the browser that the old page was run: the new one is taken away, and the window stays white.

    Args:
        session: the class of sessions, whose method `request_rerun` takes the browser's message; None for Streamlit's.
    """
    if session is None:
        from streamlit.runtime.app_session import AppSession

        session = AppSession
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


def send_at_once() -> None:
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
