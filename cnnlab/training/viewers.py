"""Who looks at which run, and who has left.

Runs are known by their ids here; the caller gives the time, in seconds of a clock that only goes forward.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Viewer:
    """A session that looks, or has looked, at runs."""

    shown: str  # the id of the run that it looked at last
    gone_since: float | None = None  # when it was first missed


class Viewers:
    """All sessions that look at runs.

    Args:
        is_here: whether a viewer is still there.
        grace_seconds: how long all viewers of a run may be gone before it counts as left alone.
        return_seconds: how long what a viewer looked at last is remembered when it is gone, if that is longer.
    """

    def __init__(self, is_here: Callable[[str], bool], grace_seconds: float, return_seconds: float) -> None:
        self._is_here = is_here
        self.grace_seconds = grace_seconds
        self._return_seconds = return_seconds
        self._known: dict[str, Viewer] = {}
        self._of_run: dict[str, set[str]] = {}

    def __contains__(self, viewer: object) -> bool:
        return viewer in self._known

    def __getitem__(self, viewer: str) -> Viewer:
        return self._known[viewer]

    def note(self, viewer: str, run: str) -> None:
        """From now on a viewer looks at this run."""
        self._of_run.setdefault(run, set()).add(viewer)
        self._known[viewer] = Viewer(run)

    def look_round(self, now: float) -> None:
        """See who is still here, and forget who has been gone for long."""
        for name, viewer in list(self._known.items()):
            if self._is_here(name):
                viewer.gone_since = None
            elif viewer.gone_since is None:
                viewer.gone_since = now
            elif now - viewer.gone_since > max(self.grace_seconds, self._return_seconds):
                del self._known[name]

    def have_left(self, run: str, now: float) -> bool:
        """Whether all who looked at a run, if anybody did, have been gone for the grace time."""
        names = self._of_run.get(run, set())
        found = [self._known[name].gone_since for name in names if name in self._known]
        return bool(names) and all(since is not None and now - since >= self.grace_seconds for since in found)

    def count(self, run: str) -> int:
        """How many who looked at a run are here."""
        return sum(map(self._is_here, self._of_run.get(run, ())))

    def shown(self) -> set[str]:
        """The runs that somebody looked at last."""
        return {viewer.shown for viewer in self._known.values()}

    def forget(self, run: str) -> None:
        """A run is known no more."""
        self._of_run.pop(run, None)
