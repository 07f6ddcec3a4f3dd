"""Where runs are kept: how one is found, which are forgotten when there are too many, and where weights lie.

`FolderStore` keeps runs in memory and their weights in a folder, for as long as the server lives. Whatever has the
methods of `RunStore` can take its place: `JobManager(store=...)`.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from cnnlab.errors import TrainingError
from cnnlab.texts import Message
from cnnlab.training.job import Job
from cnnlab.training.run_folder import RunFolder, no_room

KEPT_JOBS = 20
WEIGHTS = "weights.safetensors"

log = logging.getLogger(__name__)


class RunStore(Protocol):
    """Keeps runs. It is asked by one thread at a time.

    A run that goes on changes while it is kept: as long as it does, what is given back is the object that was given.
    """

    @property
    def obstacle(self) -> Message | None:
        """Why no run could be kept now, a sentence for whoever runs the server; None where nothing is in the way."""
        ...

    def keep(self, job: Job) -> None:
        """Keep a run: when it is submitted, and once more when it has come to its end."""
        ...

    def find(self, job_id: str) -> Job | None:
        """Find a run by its id or its id for looking on."""
        ...

    def all(self) -> list[Job]:
        """All runs that are still known, oldest first."""
        ...

    def place_for_weights(self, job: Job) -> Path:
        """Make room for the weights of a run that is about to start, and tell the file that they are to be written to.

        Raises:
            TrainingError: there is no room; all who look at the run read why.
        """
        ...

    def weights_of(self, job: Job) -> Path | None:
        """The file that a run's weights are written to; None for one that never began, or is not known any more."""
        ...

    def forget_old(self, going_on: Collection[Job], shown: Collection[str]) -> list[Job]:
        """Throw away the oldest finished runs, if there are too many, with their weights. Return what was thrown away.

        Args:
            going_on: runs that a process still works for; they do not count.
            shown: ids of runs that somebody looks at: they count, but stay.
        """
        ...

    def close(self) -> None:
        """The server ends."""
        ...


class FolderStore:
    """Keeps runs in memory, and their weights in a folder.

    Args:
        directory: the folder; a temporary one of its own by default, which is made with the first run, and removed by
            `close`, or by the next server where this one is killed.
        kept: how many finished runs stay, at least.
    """

    def __init__(self, directory: Path | None = None, kept: int = KEPT_JOBS) -> None:
        self.kept = kept
        self.folder = RunFolder(directory)
        self._jobs: dict[str, Job] = {}  # by id, oldest first
        self._places: dict[str, Path] = {}

    @property
    def obstacle(self) -> Message | None:
        try:
            self.folder.path()
        except TrainingError as error:
            return error.message
        return None

    def keep(self, job: Job) -> None:
        self._jobs[job.id] = job

    def find(self, job_id: str) -> Job | None:
        if job_id in self._jobs:
            return self._jobs[job_id]
        return next((job for job in self._jobs.values() if job.watch_id == job_id), None)

    def all(self) -> list[Job]:
        return list(self._jobs.values())

    def place_for_weights(self, job: Job) -> Path:
        folder = self.folder.path()
        # Not the name that steers the run: sentences quote paths.
        place = folder / job.watch_id
        try:
            place.mkdir(exist_ok=True)
        except OSError as error:
            log.warning("No folder for a run's weights could be made in %s: %s", folder, error)
            raise no_room(error) from None
        self._places[job.id] = place
        return place / WEIGHTS

    def weights_of(self, job: Job) -> Path | None:
        place = self._places.get(job.id)
        return None if place is None else place / WEIGHTS

    def forget_old(self, going_on: Collection[Job], shown: Collection[str]) -> list[Job]:
        over = [job for job in self._jobs.values() if not job.live and job not in going_on]
        forgotten = [job for job in over[: max(0, len(over) - self.kept)] if job.id not in shown]
        for job in forgotten:
            del self._jobs[job.id]
            place = self._places.pop(job.id, None)
            if place is not None:
                shutil.rmtree(place, ignore_errors=True)
        return forgotten

    def close(self) -> None:
        self.folder.remove()
