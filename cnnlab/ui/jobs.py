"""The server's one manager of runs, and the sessions that look at them.

A run belongs to no page and no session: it goes on while learners read elsewhere, and stops when the last session that
looked at it has been gone for a while (CNNLAB_GRACE_SECONDS in the environment, a minute by default). `attend()`, which
every page's frame calls, tells that a session is there.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from cnnlab.training.jobs import JobManager

COMMAND: tuple[str, ...] | None = None
"""The program that trains; None for the lab's own. Tests put a quicker one here."""

GRACE_SECONDS = 60.0

_WATCHED = "jobs/watched"

log = logging.getLogger(__name__)


@dataclass
class _Shelf:
    """Holds the manager once there is one. Only a page that has to do with runs makes it."""

    manager: JobManager | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class _Lease:
    """A session that is there. Streamlit lets go of it when the browser disconnects, on a reload too."""

    viewer: str
    shelf: _Shelf


# Not in Streamlit's cache of resources: whoever can open the page may send its server the message that empties that
# cache for everybody, and all runs would be lost, and their places taken again, while their processes go on.
_SHELF = _Shelf()


def _release(lease: _Lease) -> None:
    if lease.shelf.manager is not None:
        lease.shelf.manager.leave(lease.viewer)


@st.cache_resource(scope="session", on_release=_release, show_spinner=False)
def _lease() -> _Lease:
    return _Lease(uuid.uuid4().hex, _SHELF)


def attend() -> None:
    """Tell that this session is there. It costs next to nothing where no run has ever been asked for."""
    manager = _SHELF.manager
    if manager is None:
        return
    viewer = _lease().viewer
    for job_id in st.session_state.get(_WATCHED, ()):
        manager.watch(viewer, job_id)


def manager() -> JobManager:
    """The manager of all runs of this server; made when it is first asked for."""
    with _SHELF.lock:
        if _SHELF.manager is None:
            from cnnlab.training.jobs import JobManager

            _SHELF.manager = JobManager(grace_seconds=grace_seconds(), command=COMMAND)
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
    return _lease().viewer


def watch(job_id: str) -> None:
    """From now on this session looks at a run, whatever page it is on."""
    st.session_state.setdefault(_WATCHED, set()).add(job_id)
    manager().watch(viewer(), job_id)
