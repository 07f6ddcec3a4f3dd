"""Which run starts next: the places in which runs train, and the queue of those that wait for one.

It knows nothing of processes: what waits in it may be anything.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from cnnlab.errors import TrainingError
from cnnlab.texts import plural

MAX_QUEUED_PER_VIEWER = 1

Item = TypeVar("Item")


class RunQueue(Generic[Item]):
    """Runs that wait, first come, first served.

    Args:
        slots: how many runs train at once.
        max_queued: how many may wait.
    """

    def __init__(self, slots: int, max_queued: int) -> None:
        self.slots = slots
        self._max_queued = max_queued
        self._waiting: list[tuple[Item, str | None]] = []  # each with its owner, who comes first in front

    def __len__(self) -> int:
        return len(self._waiting)

    def check(self, owner: str | None, taken: int) -> None:
        """See whether one more may be added, with so many places taken.

        Raises:
            TrainingError: the queue is full, or the owner has a run waiting in it already.
        """
        waiting = sum(other == owner for _, other in self._waiting) if owner is not None else 0
        if waiting >= MAX_QUEUED_PER_VIEWER:
            raise TrainingError(
                "You already have a run waiting in the queue: wait until it starts, or stop it "
                "before you ask for another."
            )
        if not self.has_free_slot(taken) and len(self) >= self._max_queued:
            raise TrainingError(
                plural(
                    "The queue is full: {n} run is waiting already. Try again in a few minutes.",
                    "The queue is full: {n} runs are waiting already. Try again in a few minutes.",
                    n=len(self),
                )
            )

    def has_free_slot(self, taken: int) -> bool:
        """Whether a run could start where so many places are taken."""
        return taken < self.slots

    def add(self, item: Item, owner: str | None = None) -> None:
        """Put one at the end."""
        self._waiting.append((item, owner))

    def take(self, taken: int) -> Item | None:
        """Take out the one that starts next, where there is one and a place for it."""
        return self._waiting.pop(0)[0] if self._waiting and self.has_free_slot(taken) else None

    def remove(self, item: Item) -> bool:
        """Take one out of turn; False where it does not wait."""
        position = self.position(item)
        if position is not None:
            del self._waiting[position - 1]
        return position is not None

    def position(self, item: Item) -> int | None:
        """1 for the one that starts next; None for one that does not wait."""
        return next((number for number, (other, _) in enumerate(self._waiting, 1) if other == item), None)

    def clear(self) -> None:
        """Let nobody wait any more."""
        self._waiting.clear()
