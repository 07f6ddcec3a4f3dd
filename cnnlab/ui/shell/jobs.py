"""The server's one manager of runs, and the sessions that look at them.

A run belongs to no page and no session: it goes on while learners read elsewhere, and stops when the last session that
looked at it has been gone for a while (CNNLAB_GRACE_SECONDS in the environment, a minute by default).
"""

from __future__ import annotations

import logging
import math
import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from cnnlab.training.jobs import JobManager

COMMAND: tuple[str, ...] | None = None
"""The program that trains; None for the lab's own. Tests put a quicker one here."""

GRACE_SECONDS = 60.0

log = logging.getLogger(__name__)


@dataclass
class _Shelf:
    """Holds the manager once there is one. Only a page that has to do with runs makes it."""

    manager: JobManager | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


# Nothing here lies in Streamlit's cache of resources, not even for a session: whoever can open the page may send its
# server the message that empties that cache for everybody, and releases what other sessions hold in it.
_SHELF = _Shelf()


def manager() -> JobManager:
    """The manager of all runs of this server; made when it is first asked for."""
    with _SHELF.lock:
        if _SHELF.manager is None:
            from cnnlab.training.jobs import JobManager

            _SHELF.manager = JobManager(grace_seconds=grace_seconds(), command=COMMAND, is_here=is_here)
        return _SHELF.manager


def grace_seconds() -> float:
    """How long a run goes on after its last viewer has left, as whoever runs the server wants it."""
    text = os.environ.get("CNNLAB_GRACE_SECONDS", "").strip()
    try:
        seconds = float(text or GRACE_SECONDS)
    except ValueError:
        seconds = math.nan
    if seconds >= 0:
        return seconds
    log.warning("CNNLAB_GRACE_SECONDS is %r: give a number of seconds. %g are taken instead.", text, GRACE_SECONDS)
    return GRACE_SECONDS


def viewer() -> str:
    """The name under which the manager knows this session."""
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("only a page that is being run belongs to a session")
    return context.session_id


def is_here(viewer: str) -> bool:
    """Whether a session's browser is connected; any thread may ask. Without a server nobody can leave."""
    try:
        server = runtime.get_instance()
    except RuntimeError:
        return True
    return bool(server.is_active_session(viewer))


def watch(job_id: str) -> None:
    """From now on this session looks at a run, whatever page it is on."""
    manager().watch(viewer(), job_id)
