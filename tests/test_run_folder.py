"""The folder of a server's runs: whose is removed, whose never, and what is said where none can be made."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from cnnlab.errors import TrainingError
from cnnlab.training.run_folder import LOCK, OWNER, RunFolder, clear_up


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for temporary files of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def start_server(place: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Another process that has such a folder, and waits."""
    code = (
        "import sys, tempfile; from cnnlab.training.run_folder import RunFolder; "
        f"tempfile.tempdir = {str(place)!r}; folder = RunFolder(); print(folder.path(), flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_folder_is_made_when_it_is_asked_for_and_removed_in_the_end(place: Path) -> None:
    folder = RunFolder()
    assert not list(place.iterdir())
    made = folder.path()
    assert made == folder.path()
    assert made.parent == place
    (made / "weights").write_bytes(b"0")
    folder.remove()
    assert not list(place.iterdir())


def test_one_that_was_cleared_away_is_made_again(place: Path) -> None:
    folder = RunFolder()
    first = folder.path()
    for file in first.iterdir():
        file.unlink()
    first.rmdir()
    assert folder.path().is_dir()
    folder.remove()
    assert not list(place.iterdir())


def test_what_a_killed_server_left_is_removed_by_the_next_one_and_that_of_a_living_one_never(place: Path) -> None:
    (dead, left), (alive, kept) = start_server(place), start_server(place)
    with dead, alive:
        (left / "run").mkdir()
        (left / "run" / "weights.safetensors").write_bytes(b"0" * 1000)
        dead.send_signal(signal.SIGKILL)
        dead.wait()
        assert left.is_dir(), "nobody could clear it up"
        mine = RunFolder()
        try:
            assert mine.path().is_dir()
            assert not left.exists()
            assert kept.is_dir()
            assert clear_up(place) == []
            assert mine.path().is_dir()
        finally:
            mine.remove()
            alive.kill()


@pytest.mark.parametrize(
    "kind", ["without an owner", "owner not written yet", "of a living process", "locked", "a link", "of another name"]
)
def test_what_is_not_surely_left_behind_stays(place: Path, tmp_path_factory: pytest.TempPathFactory, kind: str) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    folder = place / ("cnnlab-abc" if kind != "of another name" else "other-abc")
    real = tmp_path_factory.mktemp("elsewhere") if kind == "a link" else folder
    real.mkdir(exist_ok=True)
    if kind == "a link":
        folder.symlink_to(real)
    (real / LOCK).touch()
    (real / "precious").write_text("here")
    owner = {"owner not written yet": "", "of a living process": str(os.getppid())}.get(kind, str(gone.pid))
    if kind != "without an owner":
        (real / OWNER).write_text(owner)
    lock = FileLock(real / LOCK)
    if kind == "locked":
        lock.acquire(timeout=0)
    try:
        assert clear_up(place) == []
        assert (real / "precious").read_text() == "here"
    finally:
        lock.release()


def test_a_new_server_with_the_number_of_the_old_one_clears_up_after_it(place: Path) -> None:
    folder = place / "cnnlab-abc"
    folder.mkdir()
    (folder / OWNER).write_text(str(os.getpid()))
    assert clear_up(place) == [folder]
    assert not folder.exists()


def test_where_nothing_can_be_written_the_place_and_the_way_out_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/proc/nowhere")
    sentence = r"nothing can be written to /proc/nowhere on the server \(No such file or directory\)\. .* TMPDIR naming"
    with pytest.raises(TrainingError, match=sentence):
        RunFolder().path()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/proc/nowhere"])
    with pytest.raises(TrainingError, match=r"the server has no folder for temporary files that can be written to\. "):
        RunFolder().path()
    with pytest.raises(TrainingError, match=r"nothing can be written to /proc/lasting on the server \("):
        RunFolder(Path("/proc/lasting")).path()
