"""Runs in processes of their own, tried with a child that speaks the protocol and learns nothing."""

import csv
import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks._sent import open_parts
from cnnlab.errors import TrainingError
from cnnlab.layers import Conv2d, Flatten, Linear, ReLU
from cnnlab.networks import Network, lenet5
from cnnlab.training.config import TrainingConfig
from cnnlab.training.history import COLUMNS, History
from cnnlab.training.jobs import Job, JobManager, RunSettings
from cnnlab.training.launcher import COMMAND
from cnnlab.training.progress import Progress, RateChange, as_float32, read_event, write_event
from cnnlab.training.worker import Order
from cnnlab.ui.components.curves.run import course
from cnnlab.ui.components.parts import whole

FAKE = Path(__file__).with_name("fake_run.py")
ROOT = FAKE.parent.parent


@pytest.fixture
def start_manager() -> Iterator[Callable[..., JobManager]]:
    managers: list[JobManager] = []

    def start(mode: str = "normal", **options: object) -> JobManager:
        options = {"slots": 1, **options}
        managers.append(JobManager(command=[sys.executable, str(FAKE), mode], **options))
        return managers[-1]

    yield start
    for manager in managers:
        manager.close()


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.01)


def settings(data: str = "normal", **config: object) -> RunSettings:
    return RunSettings(data, lenet5(), TrainingConfig(**config))


def ended(job: Job) -> bool:
    return not job.live


def pid_of(manager: JobManager) -> int:
    (child,) = manager.launcher.processes
    return child._process.pid


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_run_goes_from_start_to_end_and_keeps_every_step(start_manager):
    job = start_manager().submit(settings(epochs=4))
    assert job.state == "starting"
    wait_until(lambda: ended(job))
    assert job.state == "ended"
    assert job.end is not None
    assert job.end.test_accuracy == 0.625
    assert job.end.reason == "finished"
    assert job.start is not None
    assert job.start.parameters == 64102
    assert job.progress is not None
    assert job.progress.fraction == 1
    assert job.history.steps == 100
    assert [point.step for point in job.history.validations] == [25, 50, 75, 100]
    assert np.array(job.kernels).shape == (6, 3, 5, 5)
    assert job.first_kernels != job.kernels
    assert job.weights_path is not None
    assert job.weights_path.read_bytes().startswith(b"weights")


def test_ids_fit_into_a_url_and_cannot_be_guessed(start_manager):
    manager = start_manager()
    jobs = [manager.submit(settings("slow")) for _ in range(5)]
    ids = {job.id for job in jobs} | {job.watch_id for job in jobs}
    assert len(ids) == 10
    assert all(len(name) == 16 and name.isalnum() for name in ids)
    assert manager.get(jobs[2].id) is jobs[2]
    assert manager.get(jobs[2].watch_id) is jobs[2]
    assert manager.get("nothing") is None
    assert manager.jobs() == jobs[::-1]


def test_a_run_is_paused_goes_on_and_takes_another_learning_rate(start_manager):
    job = start_manager().submit(settings("forever"))
    wait_until(lambda: job.history.steps > 10)
    job.pause()
    wait_until(lambda: job.state == "paused")
    steps = job.history.steps
    time.sleep(0.2)
    assert job.history.steps == steps
    job.resume()
    wait_until(lambda: job.state == "running")
    wait_until(lambda: job.history.steps > steps)
    job.set_learning_rate(0.01)
    wait_until(lambda: job.progress and job.progress.learning_rate == 0.01)
    assert job.learning_rate == 0.01
    (change,) = job.rate_changes
    assert change.learning_rate == 0.01
    assert change.step > steps
    with pytest.raises(TrainingError, match="learning rate is 0"):
        job.set_learning_rate(0)
    job.stop()
    wait_until(lambda: ended(job))
    assert job.end is not None
    assert job.end.reason == "stopped"
    assert job.end.test_accuracy == 0.625


def test_a_paused_run_can_be_stopped(start_manager):
    job = start_manager().submit(settings("forever"))
    job.pause()
    wait_until(lambda: job.state == "paused")
    job.stop()
    wait_until(lambda: ended(job))
    assert job.end is not None
    assert job.end.reason == "stopped"


@pytest.mark.parametrize("mode", ["deaf", "stubborn"])
def test_a_run_that_does_not_listen_is_ended_by_force(start_manager, monkeypatch, mode):
    monkeypatch.setattr("cnnlab.training.launcher.TERMINATE_SECONDS", 0.3)
    manager = start_manager(stop_seconds=0.3)
    job = manager.submit(settings(mode))
    wait_until(lambda: job.state == "running")
    process = pid_of(manager)
    job.stop()
    job.stop()
    assert job.stopping
    wait_until(lambda: ended(job))
    assert job.state == "ended"
    assert job.end is None
    assert "ended by force" in (job.note or "")
    assert not is_alive(process)


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("crash", r"The run ended unexpectedly \(exit status 1\)"),
        ("killed", r"killed by signal 9; the machine may have run out of memory"),
        ("memory", r"killed by signal 9; the machine may have run out of memory"),
        ("silent", r"The run ended without a result"),
        ("nan", r"lower the learning rate \(it is 0.05\)"),
        ("unready", r"The run ended unexpectedly \(exit status 1\)"),
    ],
)
def test_a_run_that_dies_is_a_sentence_and_the_next_one_starts(start_manager, caplog, mode, sentence):
    manager = start_manager(mode)
    job, following = manager.submit(settings("as its mode says")), manager.submit(settings("normal"))
    # One whose process dies at once may have left its place already.
    assert following.queue_position == 1 or ended(job)
    wait_until(lambda: ended(job))
    assert job.state == "failed"
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError(job.error)
    wait_until(lambda: ended(following))
    if mode != "unready":
        assert following.state == "ended"
    if mode == "crash":
        assert "RuntimeError: something broke" in caplog.text


def test_a_run_killed_from_outside_is_a_sentence(start_manager):
    manager = start_manager()
    job = manager.submit(settings("forever"))
    wait_until(lambda: job.state == "running")
    os.kill(pid_of(manager), signal.SIGKILL)
    wait_until(lambda: ended(job))
    assert "killed by signal 9" in (job.error or "")


def test_a_program_that_is_not_there_is_a_sentence():
    manager = JobManager(command=["/nowhere/at/all"])
    job = manager.submit(settings())
    assert job.state == "failed"
    assert job.error == "The process of the run could not be started: No such file or directory."
    manager.warm_up()
    assert not manager.is_warm
    manager.close()


def test_lines_that_are_no_events_are_passed_over(start_manager):
    job = start_manager().submit(settings("garbage"))
    wait_until(lambda: ended(job))
    assert job.state == "ended"
    assert job.history.steps == 30


def test_a_flood_of_records_is_taken_in_whole(start_manager):
    job = start_manager().submit(settings("flood"))
    wait_until(lambda: ended(job))
    assert job.history.steps == 5000
    assert job.history.curve(1000).steps.size <= 1000


def test_a_process_that_stays_after_its_last_word_is_ended(start_manager, monkeypatch):
    monkeypatch.setattr("cnnlab.training.jobs.LINGER_SECONDS", 0.2)
    manager = start_manager()
    job, following = manager.submit(settings("linger")), manager.submit(settings("normal"))
    wait_until(lambda: ended(job) and ended(following))
    assert job.end is not None
    assert following.end is not None


def test_runs_beyond_the_slots_wait_in_order(start_manager):
    manager = start_manager(slots=2)
    jobs = [manager.submit(settings("forever")) for _ in range(5)]
    assert [job.queue_position for job in jobs] == [None, None, 1, 2, 3]
    # A quick machine has a child running before the last one is submitted.
    assert {job.state for job in jobs[:2]} <= {"starting", "running"}
    assert [job.state for job in jobs[2:]] == ["queued", "queued", "queued"]
    jobs[2].stop()
    assert jobs[2].state == "ended"
    assert jobs[2].note == "The run was stopped before it began."
    assert [job.queue_position for job in jobs] == [None, None, None, 1, 2]
    jobs[0].stop()
    wait_until(lambda: jobs[3].state == "running")
    assert [job.queue_position for job in jobs] == [None, None, None, None, 1]


def test_by_default_one_run_trains_per_two_cores(start_manager, monkeypatch):
    for cores, slots in ((1, 1), (2, 1), (5, 2), (16, 8)):
        monkeypatch.setattr("cnnlab.training.jobs.usable_cores", lambda cores=cores: cores)
        assert start_manager(slots=None).slots == slots


def test_a_viewer_has_one_run_in_the_queue_and_the_queue_has_an_end(start_manager):
    manager = start_manager(max_queued=2)
    manager.submit(settings("forever"), "ann")
    manager.submit(settings(), "ann")
    with pytest.raises(TrainingError, match="already have a run waiting"):
        manager.submit(settings(), "ann")
    manager.submit(settings(), "bob")
    with pytest.raises(TrainingError, match="queue is full: 2 runs are waiting"):
        manager.submit(settings(), "eve")


def test_who_looks_on_at_waiting_runs_of_others_may_start_one(start_manager):
    manager = start_manager()
    going, waiting = manager.submit(settings("forever"), "ann"), manager.submit(settings("forever"), "ann")
    for job in (going, waiting):
        manager.watch("bob", job.watch_id)
        manager.watch("bob", job.id)  # came by the owner's own address
    mine = manager.submit(settings("forever"), "bob")
    assert mine.queue_position == 2
    with pytest.raises(TrainingError, match="already have a run waiting"):
        manager.submit(settings(), "bob")
    mine.stop()
    assert manager.submit(settings(), "bob").live


def test_a_run_stops_when_its_last_viewer_has_been_gone_for_the_grace_time(start_manager):
    here = {"ann", "bob"}
    manager = start_manager(grace_seconds=0.4, is_here=here.__contains__)
    job = manager.submit(settings("forever"), "ann")
    manager.watch("bob", job.id)
    assert job.viewers == 2
    here.remove("ann")
    time.sleep(0.7)
    assert job.viewers == 1
    assert not job.stopping
    here.remove("bob")
    assert not job.stopping
    wait_until(lambda: ended(job))
    assert job.note == "The run was stopped because nobody looked at it any more."
    assert job.end is not None


@pytest.mark.parametrize("returns", ["as another session", "as the same session, which says nothing"])
def test_a_viewer_who_comes_back_in_time_keeps_the_run_going(start_manager, returns):
    here = {"ann"}
    manager = start_manager(grace_seconds=0.6, is_here=here.__contains__)
    job = manager.submit(settings("forever"), "ann")
    here.remove("ann")
    wait_until(lambda: manager._viewers["ann"].gone_since is not None)
    if returns == "as another session":
        here.add("ann again")
        manager.watch("ann again", job.id)
    else:
        here.add("ann")
    time.sleep(0.8)
    assert job.state == "running"
    assert not job.stopping


def test_paused_and_queued_runs_stop_too_when_nobody_looks(start_manager):
    here = {"ann", "bob"}
    manager = start_manager(grace_seconds=0.3, is_here=here.__contains__)
    paused, queued = manager.submit(settings("forever"), "ann"), manager.submit(settings("forever"), "bob")
    paused.pause()
    wait_until(lambda: paused.state == "paused")
    here.remove("bob")
    wait_until(lambda: ended(queued))
    assert queued.note == "The run was stopped because nobody looked at it any more."
    here.remove("ann")
    wait_until(lambda: ended(paused))


def test_a_run_that_nobody_ever_looked_at_goes_on(start_manager):
    manager = start_manager(grace_seconds=0.0, is_here=lambda _: False)
    job = manager.submit(settings("slow"))
    wait_until(lambda: job.history.steps > 10)
    assert not job.stopping


def test_a_run_paused_for_long_makes_room_for_those_who_wait(start_manager):
    manager = start_manager(pause_seconds=0.3)
    job = manager.submit(settings("forever"))
    job.pause()
    wait_until(lambda: job.state == "paused")
    time.sleep(0.5)
    assert job.state == "paused"
    following = manager.submit(settings("normal"))
    wait_until(lambda: ended(following))
    assert "had been paused for 0.3 seconds while others were waiting" in (job.note or "")


def test_a_worker_waits_ready_and_takes_the_next_run(start_manager):
    manager = start_manager()
    assert manager.devices is None
    manager.warm_up()
    manager.warm_up()
    wait_until(lambda: manager.is_warm)
    assert manager.devices == ("cpu", "cuda")
    process = pid_of(manager)
    job = manager.submit(settings("forever"))
    assert pid_of(manager) == process
    assert not manager.is_warm
    manager.warm_up()
    assert len(manager.launcher.processes) == 1, "no worker is started beside a run that takes the only slot"
    job.stop()
    wait_until(lambda: not manager.launcher.processes)
    manager.warm_up()
    wait_until(lambda: manager.is_warm)


def test_a_worker_that_died_while_it_waited_is_replaced(start_manager, caplog):
    manager = start_manager()
    manager.warm_up()
    wait_until(lambda: manager.is_warm)
    os.kill(pid_of(manager), signal.SIGKILL)
    wait_until(lambda: not manager.launcher.processes)
    assert "A waiting worker ended with status -9" in caplog.text
    job = manager.submit(settings("normal"))
    wait_until(lambda: ended(job))
    assert job.end is not None


def test_a_worker_that_nobody_needs_ends(start_manager):
    manager = start_manager(standby_seconds=0.3)
    manager.warm_up()
    wait_until(lambda: manager.is_warm)
    process = pid_of(manager)
    wait_until(lambda: not manager.launcher.processes)
    assert not is_alive(process)
    assert not manager.is_warm


@pytest.mark.parametrize("mode", ["unsaved", "blurts"])
def test_no_sentence_of_a_run_names_a_folder_or_the_id_that_steers(start_manager, tmp_path, mode):
    data = tmp_path / "my own" / "pictures.npz"
    manager = start_manager(mode)
    job = manager.submit(settings(str(data)))
    wait_until(lambda: ended(job))
    told = f"{job.note} {job.error}"
    assert job.id not in told
    assert "/" not in told
    if mode == "unsaved":
        assert (
            job.note == "The weights could not be written to weights.safetensors (No space left on device): make room."
        )
        assert job.end is not None
        assert job.weights_path is None
    else:
        assert job.error == "Neither pictures.npz nor weights.safetensors nor 'b.npz' can be read."


def test_where_nothing_can_be_written_a_run_is_refused_in_words_and_later_started(start_manager, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")
    manager = start_manager()
    sentence = "nothing can be written to /proc/nowhere on the server"
    with pytest.raises(TrainingError, match=sentence):
        manager.submit(settings())
    assert sentence in (manager.obstacle or "")
    assert not manager.jobs()
    manager.warm_up()
    wait_until(lambda: manager.is_warm)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert manager.obstacle is None
    job = manager.submit(settings())
    wait_until(lambda: ended(job))
    assert job.weights_path is not None


@pytest.mark.parametrize("waits", [False, True])
def test_a_disk_that_fills_up_before_a_run_begins_is_a_sentence(start_manager, monkeypatch, tmp_path, waits):
    manager = start_manager(directory=tmp_path)
    first = manager.submit(settings("forever")) if waits else None

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    job = manager.submit(settings()) if waits else None
    monkeypatch.setattr(Path, "mkdir", full)
    if first is not None:
        first.stop()
    else:
        job = manager.submit(settings())
    wait_until(lambda: ended(job))
    assert job.state == "failed"
    assert "the server could not make one (No space left on device): make room on the server's disk" in (
        job.error or ""
    )
    assert str(tmp_path) not in (job.error or "")


def test_too_little_memory_to_load_pytorch_is_a_sentence(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    limited = ["/bin/sh", "-c", 'ulimit -v 300000; exec "$@"', "sh", *COMMAND]
    manager = JobManager(slots=1, command=limited)
    try:
        job = manager.submit(settings("cifar10-mini"))
        wait_until(lambda: ended(job), 60)
        assert job.error == (
            "There is not enough memory to load PyTorch: close other programs, or wait until fewer runs are going on."
        )
    finally:
        manager.close()


def test_only_the_newest_finished_runs_are_kept(start_manager):
    manager = start_manager(kept=2)
    jobs = []
    for _ in range(4):
        jobs.append(manager.submit(settings("normal")))
        wait_until(lambda: jobs[-1].end is not None and not manager.launcher.processes)
    assert [manager.get(job.id) is not None for job in jobs] == [False, False, True, True]
    assert jobs[0].weights_path is None
    assert jobs[3].weights_path is not None


def finish(manager: JobManager, viewer: str | None = None) -> Job:
    job = manager.submit(settings("normal"), viewer)
    wait_until(lambda: job.end is not None and not manager.launcher.processes)
    return job


def test_a_finished_run_is_kept_while_anybody_looks_at_it(start_manager):
    here = {"ann", "bob"}
    manager = start_manager(kept=1, is_here=here.__contains__, grace_seconds=0.0, return_seconds=0.0)
    first, second = finish(manager, "ann"), finish(manager)
    manager.watch("bob", second.watch_id)
    others = [finish(manager) for _ in range(3)]
    assert [manager.get(job.id) is not None for job in (first, second, *others)] == [True, True, False, False, True]
    assert first.weights_path is not None
    assert second.weights_path is not None
    manager.watch("ann", others[-1].id)  # who looks at another one looks at this one no more
    here.remove("bob")
    newest = finish(manager, "eve")
    wait_until(lambda: "bob" not in manager._viewers)
    newest = finish(manager, "eve")
    assert manager.jobs() == [newest, others[-1]]
    assert first.weights_path is None


def test_a_finished_run_waits_a_while_for_who_looked_at_it_last(start_manager):
    here = {"ann"}
    manager = start_manager(kept=1, is_here=here.__contains__, grace_seconds=0.0)
    job = finish(manager, "ann")
    here.remove("ann")
    finish(manager)
    finish(manager)
    assert manager.get(job.id) is job


def test_close_ends_everything_and_removes_the_files(start_manager):
    manager = start_manager(slots=2)
    jobs = [manager.submit(settings("forever")), manager.submit(settings("forever")), manager.submit(settings())]
    wait_until(lambda: jobs[1].state == "running" and jobs[0].state == "running")
    processes = [child._process.pid for child in manager.launcher.processes]
    directory = manager.store.folder.path()
    assert directory.is_dir()
    manager.close()
    manager.close()
    assert not any(is_alive(process) for process in processes)
    assert not directory.exists()
    assert not manager._ticker.is_alive()
    assert jobs[0].note == "The server was shut down."
    with pytest.raises(TrainingError, match="shutting down"):
        manager.submit(settings())


def test_an_exit_in_the_middle_of_a_run_makes_no_noise():
    program = textwrap.dedent(f"""
        import sys, time
        from cnnlab.training.config import TrainingConfig
        from cnnlab.training.jobs import JobManager, RunSettings
        manager = JobManager(slots=1, command=[sys.executable, {str(FAKE)!r}, "forever"])
        job = manager.submit(RunSettings("x", config=TrainingConfig()))
        manager.submit(RunSettings("x", config=TrainingConfig()))
        while job.state != "running":
            time.sleep(0.01)
        (child,) = manager.launcher.processes
        print(child._process.pid)
        print({{"torch", "streamlit"}} & set(sys.modules))
    """)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    pid, heavy = done.stdout.split()
    assert done.returncode == 0
    assert done.stderr == ""
    assert heavy == "set()"
    assert not is_alive(int(pid))


def test_a_change_of_the_rate_that_came_after_the_last_step_is_not_told(start_manager):
    job = start_manager().submit(settings("forever"))
    wait_until(lambda: job.history.steps > 10)
    job.pause()
    wait_until(lambda: job.state == "paused")
    assert job.learning_rate == 0.05
    job.set_learning_rate(0.2)
    wait_until(lambda: job.learning_rate == 0.2)
    job.stop()
    wait_until(lambda: ended(job))
    assert job.rate_changes == ()


def test_many_threads_may_ask_at_once(start_manager):
    import threading

    here = {"ann"}
    manager = start_manager(slots=2, is_here=here.__contains__)
    job = manager.submit(settings("forever"), "ann")
    failures: list[BaseException] = []

    def use(number: int) -> None:
        try:
            for turn in range(60):
                viewer = f"viewer {number}"
                here.add(viewer)
                manager.watch(viewer, job.id)
                manager.jobs()
                job.history.curve(50)
                (job.pause if turn % 2 else job.resume)()
                _ = job.queue_position, job.viewers
                here.discard(viewer)
        except BaseException as error:  # noqa: BLE001 - it is told to the test
            failures.append(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert job.viewers == 1
    job.stop()
    wait_until(lambda: ended(job))


def test_the_settings_are_one_line_of_json_that_a_worker_understands():
    network = Network("mine", (Conv2d(3, 4, 3, padding="same"), ReLU(), Flatten(), Linear(4096, 10)), (3, 32, 32))
    wanted = RunSettings("cifar10-mini", network, TrainingConfig(epochs=3))
    line = wanted.to_line(Path("/tmp/weights"))
    assert "\n" not in line
    assert Order.from_line(line) == Order("cifar10-mini", wanted.config, network, "/tmp/weights")


def record(step: int, losses: tuple[float | None, ...], **more: float) -> Progress:
    return Progress(step, None, step / 100, 0.1, step / 10, None, 1000.0, 0.05, losses=losses, **more)


def test_a_history_is_thinned_for_drawing_and_exported_whole():
    history = History()
    for step in range(10, 10_001, 10):
        history.add(record(step, tuple(float(n) for n in range(step - 9, step + 1))))
    history.add(record(10_001, (7.5,), validation_loss=1.5, validation_accuracy=0.4))
    curve = history.curve(limit=1000)
    assert curve.width == 16
    assert curve.steps[:2].tolist() == [16, 32]
    assert curve.mean[:2].tolist() == [8.5, 24.5]
    assert (curve.low[1], curve.high[1]) == (17, 32)
    assert curve.steps[-1] == 10_001
    assert curve.mean[-1] == 7.5
    assert len(history.thinned_marks(100)) <= 100
    assert history.thinned_marks(100)[-1].step == 10_001
    rows = history.to_csv().splitlines()
    assert rows[0] == ",".join(COLUMNS)
    assert len(rows) == 10_002
    assert rows[3] == "3,,,3.0,,,,"
    assert rows[10] == "10,0.1,1.0,10.0,0.05,,,"
    assert rows[-1] == "10001,100.01,1000.1,7.5,0.05,1.5,0.4,"
    assert history.to_csv([RateChange(3, 0.2)]).splitlines()[3] == "3,,,3.0,,,,0.2"


@given(
    losses=st.lists(st.floats(0, 1e6, width=32), min_size=1, max_size=40),
    others=st.tuples(*[st.floats(0, 1)] * 4),
)
def test_numbers_keep_all_their_digits_from_the_trainer_to_the_file_and_the_browser(losses, others):
    """The trainer computes losses with 32 bits, and Python the rest with 64."""
    told = as_float32(np.array(losses, np.float32))
    seconds, rate, loss, accuracy = others
    line = write_event(
        "progress",
        Progress(
            len(losses), None, seconds, 0.1, seconds, None, 1.0, rate,
            losses=tuple(told), validation_loss=loss, validation_accuracy=accuracy, kernels=[[[[rate]]]],
        ).to_dict(),
    )  # fmt: skip
    progress = Progress.from_dict(read_event(line))
    history = History()
    history.add(progress)
    exact = np.array(losses, np.float32)
    assert (history.losses == exact).all()
    job = SimpleNamespace(
        history=history, progress=progress, kernels=progress.kernels, watch_id="", rate_changes=(RateChange(1, rate),)
    )
    sent = open_parts(whole(course(job)), {})
    lines = [each["series"] for each in sent["charts"]]
    (means, smoothed, losses_checked), (accuracies,), (rates,) = lines
    assert means["y"].dtype == np.float32
    assert means["y"].tolist() == exact.tolist()
    assert means["x"].tolist() == list(range(1, len(losses) + 1))
    assert smoothed["of"] == means["key"]
    assert (losses_checked["y"].tolist(), accuracies["y"].tolist()) == ([loss], [accuracy])
    assert rates["y"].tolist() == [rate]
    assert [mark["x"] for mark in sent["charts"][2]["marks"]] == [1]
    assert (sent["kernels"]["shape"], sent["kernels"]["weights"].tolist()) == ([1, 1, 1, 1], [rate])
    rows = list(csv.DictReader(history.to_csv([RateChange(1, rate)]).splitlines()))
    assert (np.array([row["training_loss"] for row in rows]).astype(np.float32) == exact).all()
    names = ("epoch", "learning_rate", "validation_loss", "validation_accuracy")
    assert [float(rows[-1][name]) for name in names] == [seconds, rate, loss, accuracy]
    assert float(rows[0]["new_peak"]) == rate


def test_a_curve_that_grows_record_by_record_is_that_of_all_steps_at_once():
    random = np.random.default_rng(0)
    losses = random.normal(2, 1, 30_011).astype(np.float32)
    history, drawn = History(), 0
    while drawn < losses.size:
        count = int(random.integers(0, 700))
        history.add(record(drawn + count, tuple(losses[drawn : drawn + count].tolist())))
        drawn = min(drawn + count, losses.size)
        history.copy()
        for limit in (1, 600, 2048):
            curve = history.curve(limit)
            starts = np.arange(0, drawn, curve.width)
            groups = [losses[start : min(start + curve.width, drawn)] for start in starts]
            assert curve.steps.tolist() == [min(start + curve.width, drawn) for start in starts]
            assert len(groups) <= limit
            assert curve.width == 1 or drawn > curve.width / 2 * limit, "no coarser than need be"
            np.testing.assert_allclose(curve.mean, [group.mean(dtype=np.float64) for group in groups])
            assert curve.low.tolist() == [group.min() for group in groups]
            assert curve.high.tolist() == [group.max() for group in groups]


def test_a_copy_of_a_history_does_not_grow_and_a_lost_number_is_a_gap():
    history = History()
    history.add(record(2, (1.0, None)))
    other = history.copy()
    history.add(record(3, (2.0,)))
    assert other.steps == 2
    assert history.steps == 3
    assert np.isnan(history.losses[1])
    assert np.isnan(history.curve(1).mean).tolist() == [True]
    assert History().curve().steps.size == 0
