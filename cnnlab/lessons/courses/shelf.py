"""The lessons that there are: those of the lab, and those that came by a file or a link since the server began."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from cnnlab.lessons.courses.course import Course
from cnnlab.lessons.courses.reading import read_course
from cnnlab.lessons.courses.writing import write_course

FOLDER = Path(__file__).parent
KEYS = ("lecture", "half_hour", "screens")
"""The lab's own lessons, each a file here, in the order in which they are offered."""

MOST_KEPT = 100
"""Lessons of others that a server keeps."""


@cache
def _own(key: str) -> Course:
    # What links of the lab's own lead to is tested, not asked for each time.
    return read_course((FOLDER / f"{key}.toml").read_bytes(), pages=None)


def own_courses() -> Mapping[str, Course]:
    """The lab's own lessons, by key."""
    return MappingProxyType({key: _own(key) for key in KEYS})


class Shelf:
    """Lessons of others, each under a name made of what it says; the one that nobody asked for longest goes first."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[str, Course] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, course: Course) -> str:
        """Keep a lesson, and return its name.

        >>> shelf = Shelf()
        >>> len(shelf.put(_own("lecture"))), shelf.put(_own("lecture")) == shelf.put(_own("lecture"))
        (17, True)
        """
        name = "x" + sha256(write_course(course).encode()).hexdigest()[:16]
        with self._lock:
            self._kept[name] = course
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return name

    def get(self, name: str) -> Course | None:
        """The lesson of this name, the lab's own among them."""
        if name in KEYS:
            return _own(name)
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)


SHELF = Shelf()
"""The server's."""
