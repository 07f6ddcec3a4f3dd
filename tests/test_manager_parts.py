"""Another store and another way to start processes can be put in: the manager goes by what they say alone."""

import threading
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cnnlab.errors import TrainingError
from cnnlab.networks import lenet5
from cnnlab.texts import Message, message
from cnnlab.training.config import TrainingConfig
from cnnlab.training.jobs import Job, JobManager, RunSettings
from cnnlab.training.launcher import ChildLauncher, Launcher, Listener, Process, why_it_ended
from cnnlab.training.progress import End, Start
from cnnlab.training.store import FolderStore, RunStore

START = Start("LeNet-5", "ReLU()", "3x32x32", 1, "cpu", 9, 1, 5, ("cat", "dog"), {}, "x")
END = End("finished", 0.6, 1.1, [[1, 0], [0, 1]], None, 2.0, 100.0, 10, None)
SETTINGS = RunSettings("x", lenet5(), TrainingConfig(epochs=1))


class Actor:
    """A process that is none: it says what a test has it say."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def tell(self, line: str) -> bool:
        self.heard.append(line)
        return True


class Theatre:
    """Starts actors."""

    devices: tuple[str, ...] | None = ("abacus",)
    is_warm = False

    def __init__(self) -> None:
        self.actors: list[Actor] = []
        self.ended: list[tuple[Process, float]] = []
        self.warmed: list[bool] = []
        self.is_closed = False
        self.listener: Listener | None = None
        self.refuses = False

    @property
    def has_processes(self) -> bool:
        return False

    def listen(self, listener: Listener) -> None:
        self.listener = listener

    def start(self, line: str) -> Actor:
        if self.refuses:
            raise OSError(11, "Resource temporarily unavailable")
        self.actors.append(Actor())
        self.actors[-1].tell(line)
        return self.actors[-1]

    def warm_up(self, may_start: bool) -> None:
        self.warmed.append(may_start)

    def end(self, process: Process, seconds: float) -> None:
        self.ended.append((process, seconds))

    def tend(self) -> None:
        pass

    def close(self) -> None:
        self.is_closed = True

    def say(self, name: str, values: Mapping[str, Any] | None = None, actor: int = -1) -> None:
        assert self.listener is not None
        self.listener.hear(self.actors[actor], {"event": name, **(values or {})})

    def part(self, status: int, actor: int = -1) -> None:
        assert self.listener is not None
        self.listener.part(self.actors[actor], status, "last words")


class Ledger:
    """Keeps every run for good, and writes down each time that it is told to."""

    def __init__(self) -> None:
        self.obstacle: Message | None = None
        self.written: list[tuple[str, str]] = []
        self.pages: list[Job] = []
        self.is_closed = False
        self.is_full = False

    def keep(self, job: Job) -> None:
        self.written.append((job.id, job.state))
        if job not in self.pages:
            self.pages.append(job)

    def find(self, job_id: str) -> Job | None:
        return next((job for job in self.pages if job_id in (job.id, job.watch_id)), None)

    def all(self) -> list[Job]:
        return list(self.pages)

    def place_for_weights(self, job: Job) -> Path:
        if self.is_full:
            raise TrainingError("The ledger is full.")
        return Path("/ledger") / job.watch_id / "weights"

    def weights_of(self, job: Job) -> Path | None:
        return Path("/ledger") / job.watch_id / "weights"

    def forget_old(self, going_on: Collection[Job], shown: Collection[str]) -> list[Job]:  # noqa: ARG002, it keeps all
        return []

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def theatre() -> Theatre:
    return Theatre()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def manager(theatre: Theatre, ledger: Ledger) -> Iterator[JobManager]:
    manager = JobManager(slots=1, launcher=theatre, store=ledger)
    yield manager
    manager.close()


def test_the_parts_are_what_the_manager_asks_for() -> None:
    launchers: list[Launcher] = [Theatre(), ChildLauncher()]
    stores: list[RunStore] = [Ledger(), FolderStore()]
    assert len(launchers) == len(stores)


def test_a_run_goes_its_way_with_a_launcher_and_a_store_of_another_kind(manager, theatre, ledger):
    job = manager.submit(SETTINGS)
    assert job.state == "starting"
    assert theatre.actors[0].heard == [SETTINGS.to_line(Path("/ledger") / job.watch_id / "weights")]
    theatre.say("start", START.to_dict())
    assert (job.state, job.start) == ("running", START)
    job.pause()
    job.set_learning_rate(0.5)
    assert theatre.actors[0].heard[1:] == ["pause", "lr 0.5"]
    theatre.say("paused")
    assert job.state == "paused"
    theatre.say("end", END.to_dict())
    assert (job.state, job.end) == ("ended", END)
    assert [process for process, _ in theatre.ended] == theatre.actors
    assert ledger.written == [(job.id, "queued"), (job.id, "ended")]
    assert manager.get(job.watch_id) is job
    assert manager.devices == ("abacus",)


def test_the_next_one_starts_when_a_process_has_parted_and_why_is_told(manager, theatre, ledger):
    first, second = manager.submit(SETTINGS), manager.submit(SETTINGS)
    assert second.queue_position == 1
    theatre.part(-9)
    assert first.error == why_it_ended(-9)
    assert second.state == "starting"
    assert (first.id, "failed") in ledger.written
    theatre.say("start", START.to_dict(), actor=0)
    assert first.start is None, "what a parted process says means nothing any more"


def test_a_process_that_cannot_be_started_is_a_sentence(manager, theatre):
    theatre.refuses = True
    job = manager.submit(SETTINGS)
    assert job.error == "The process of the run could not be started: Resource temporarily unavailable."


def test_where_the_store_is_in_the_way_nothing_is_submitted(manager, ledger):
    ledger.obstacle = message("The ledger is lost.")
    assert manager.obstacle == "The ledger is lost."
    with pytest.raises(TrainingError, match=r"The ledger is lost\."):
        manager.submit(SETTINGS)
    assert manager.jobs() == []


def test_where_the_store_has_no_place_a_run_fails_and_the_next_has_its_chance(manager, theatre, ledger):
    first, second = manager.submit(SETTINGS), manager.submit(SETTINGS)
    ledger.is_full = True
    theatre.part(0)
    assert second.error == "The ledger is full."
    assert first.state == second.state == "failed"


def test_a_worker_is_kept_warm_only_where_a_place_is_free(manager, theatre):
    manager.warm_up()
    manager.submit(SETTINGS)
    manager.warm_up()
    assert theatre.warmed == [True, False]


def test_closing_closes_both(manager, theatre, ledger):
    manager.close()
    assert theatre.is_closed
    assert ledger.is_closed
    assert manager.obstacle is None


def test_events_come_from_any_thread(manager, theatre):
    job = manager.submit(SETTINGS)
    threads = [threading.Thread(target=theatre.say, args=("start", START.to_dict())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert job.state == "running"


def test_a_store_in_a_folder_forgets_the_oldest_that_nobody_looks_at(manager, tmp_path):
    store = FolderStore(tmp_path, kept=1)
    jobs = [Job(manager, SETTINGS) for _ in range(5)]
    for job in jobs:
        store.keep(job)
        store.place_for_weights(job).write_bytes(b"0")
    for job in jobs[:4]:
        job.state = "ended"
    assert store.forget_old(going_on=[jobs[0]], shown=[jobs[1].id]) == [jobs[2]]
    assert store.all() == [jobs[0], jobs[1], jobs[3], jobs[4]]
    assert store.weights_of(jobs[2]) is None
    assert not (tmp_path / jobs[2].watch_id).exists()
    assert (tmp_path / jobs[1].watch_id / "weights.safetensors").is_file()
    assert store.find(jobs[4].watch_id) is jobs[4]
    assert store.find(jobs[2].id) is None


@pytest.mark.parametrize(
    ("status", "words"),
    [(-9, "signal 9; the machine may have run out of memory"), (-15, "killed by signal 15"), (0, "without a result"),
     (3, "exit status 3")],
)  # fmt: skip
def test_why_a_process_ended_is_a_whole_sentence(status: int, words: str):
    told = why_it_ended(status)
    assert words in told
    assert told.endswith(".")
