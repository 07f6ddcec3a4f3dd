"""Another store and another way to start processes can be put in: the manager goes by what they say alone."""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
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
        self.stays = False
        self.tended = 0

    @property
    def has_processes(self) -> bool:
        return self.stays

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
        self.tended += 1

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
        self.breaks = False

    def keep(self, job: Job) -> None:
        self.check()
        self.written.append((job.id, job.state))
        if job not in self.pages:
            self.pages.append(job)

    def find(self, job_id: str) -> Job | None:
        return next((job for job in self.pages if job_id in (job.id, job.watch_id)), None)

    def check(self) -> None:
        if self.breaks:
            raise RuntimeError("The ledger burns.")

    def all(self) -> list[Job]:
        self.check()
        return list(self.pages)

    def place_for_weights(self, job: Job) -> Path:
        self.check()
        if self.is_full:
            raise TrainingError("The ledger is full.")
        return Path("/ledger") / job.watch_id / "weights"

    def weights_of(self, job: Job) -> Path | None:
        return Path("/ledger") / job.watch_id / "weights"

    def forget_old(self, going_on: Collection[Job], shown: Collection[str]) -> list[Job]:  # noqa: ARG002, it keeps all
        return []

    def close(self) -> None:
        self.is_closed = True


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.01)


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


def test_where_the_store_breaks_a_run_ends_all_the_same(manager, theatre, ledger):
    job = manager.submit(SETTINGS)
    ledger.breaks = True
    theatre.say("end", END.to_dict())
    assert (job.state, job.end) == ("ended", END)
    assert [process for process, _ in theatre.ended] == theatre.actors


def test_where_the_store_breaks_a_run_fails_all_the_same(manager, theatre, ledger):
    job = manager.submit(SETTINGS)
    ledger.breaks = True
    theatre.say("error", {"message": "It broke."})
    assert (job.state, job.error) == ("failed", "It broke.")
    assert [process for process, _ in theatre.ended] == theatre.actors


def test_where_the_store_broke_the_queue_does_not_stand_still(manager, theatre, ledger):
    first, second, third = (manager.submit(SETTINGS) for _ in range(3))
    ledger.breaks = True
    theatre.part(3)
    assert first.state == second.state == third.state == "failed"
    assert second.error == "The run could not be started. The server's log says more; try it again."
    ledger.breaks = False
    fourth = manager.submit(SETTINGS)
    assert fourth.state == "starting"


def test_where_the_store_cannot_keep_the_next_one_starts(manager, theatre, ledger, monkeypatch):
    first, second = manager.submit(SETTINGS), manager.submit(SETTINGS)

    def keep(job: Job) -> None:
        raise RuntimeError(job.id)

    monkeypatch.setattr(ledger, "keep", keep)
    theatre.part(-9)
    assert first.error == why_it_ended(-9)
    assert second.state == "starting"


def test_whoever_looks_after_the_runs_survives_a_store_that_breaks(theatre, ledger, caplog):
    theatre.stays = True
    manager = JobManager(slots=1, launcher=theatre, store=ledger, grace_seconds=0.0, is_here=lambda _: False)
    ledger.breaks = True
    manager.warm_up()
    wait_until(lambda: theatre.tended > 2)
    assert caplog.text.count("The runs could not be looked after") == 1, "the log tells of it once"
    ledger.breaks = False
    job = manager.submit(SETTINGS, "somebody")
    wait_until(lambda: job.stopping)
    manager.close()


def test_a_run_that_was_lost_can_be_stopped(manager, ledger):
    job = Job(manager, SETTINGS)
    ledger.keep(job)
    job.stop()
    assert (job.state, job.note) == ("ended", "The run was stopped before it began.")


def test_a_worker_is_kept_warm_only_where_a_place_is_free(manager, theatre):
    manager.warm_up()
    manager.submit(SETTINGS)
    manager.warm_up()
    assert theatre.warmed == [True, False]


def test_nobody_looks_after_processes_while_there_are_none(manager, theatre):
    manager.warm_up()
    assert manager._ticker is None
    theatre.stays = True
    manager.warm_up()
    assert manager._ticker is not None


def test_a_closed_launcher_starts_nothing_and_says_so():
    launcher = ChildLauncher()
    launcher.close()
    with pytest.raises(TrainingError, match=r"The server is shutting down: no new run can be started\."):
        launcher.start("{}")


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
