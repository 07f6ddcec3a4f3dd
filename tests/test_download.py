"""CIFAR-10 is fetched, checked, unpacked and read; what can go wrong on the way ends in a sentence."""

import errno
import gzip
import json
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cnnlab import DataError, load_dataset
from cnnlab.data import DATASETS, batches, cifar10
from tests import small_cifar10 as small
from tests.small_cifar10 import Server

CONTENT = small.small_tar_gz()
ARCHIVE = small.describe(CONTENT)


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv("CNNLAB_CIFAR10_MIRROR", raising=False)
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path / "default"))


@pytest.fixture
def server() -> Iterator[Server]:
    with small.serve(CONTENT) as running:
        yield running


def fetch(root: Path | None, server: Server, archive: cifar10.Archive = ARCHIVE) -> list[cifar10.DownloadProgress]:
    return list(cifar10.download(root, server.url, archive=archive, timeout=5))


def close(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let nobody look into a folder. (The tests may run as root, whom permissions do not stop.)"""
    stat = Path.stat

    def refuse(path: Path, **options: bool) -> os.stat_result:
        if folder in path.parents:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)


def write_folder(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, content in small.files().items():
        (folder / name).write_bytes(content)
    return folder


# What should happen.


def test_a_download_tells_its_stages_and_leaves_only_the_data_set(tmp_path: Path, server: Server) -> None:
    records = fetch(tmp_path / "new" / "root", server)
    stages = list(dict.fromkeys(record.stage for record in records))
    assert stages == ["downloading", "checking", "extracting", "ready"]
    assert all(0 <= record.done <= record.total and 0 <= record.fraction <= 1 for record in records)
    assert records[-1].fraction == 1
    visible = [path.name for path in (tmp_path / "new" / "root").iterdir() if not path.name.startswith(".")]
    assert visible == [batches.FOLDER]
    assert set(os.listdir(records[-1].folder)) == set(batches.NEEDED)


def test_the_downloaded_pictures_are_those_that_were_packed(tmp_path: Path, server: Server) -> None:
    fetch(tmp_path, server)
    dataset = cifar10.load(tmp_path)
    assert dataset.x_train.shape == (100, 3, 32, 32)
    packed = np.concatenate([small.pictures(name) for name in batches.TRAIN_BATCHES])
    assert np.array_equal(dataset.x_train.reshape(100, -1), packed)
    assert dataset.y_test.tolist() == small.labels("test_batch")
    assert dataset.classes[:2] == ("airplane", "automobile")


def test_torchvision_accepts_what_was_downloaded_and_agrees_about_the_real_archive(
    tmp_path: Path, server: Server
) -> None:
    fetch(tmp_path, server)
    # In a process of its own: it would leave torch in the memory of this one, and NumPy warns of pickles of Python 2.
    code = """
import json, sys
from torchvision.datasets import CIFAR10
real = {"url": CIFAR10.url, "file_name": CIFAR10.filename, "md5": CIFAR10.tgz_md5, "folder": CIFAR10.base_folder}
real["files"] = dict(CIFAR10.train_list + CIFAR10.test_list, **{CIFAR10.meta["filename"]: CIFAR10.meta["md5"]})
md5 = json.loads(sys.argv[2])
class Small(CIFAR10):
    train_list = [[name, md5[name]] for name, _ in CIFAR10.train_list]
    test_list = [[name, md5[name]] for name, _ in CIFAR10.test_list]
    meta = CIFAR10.meta | {"md5": md5["batches.meta"]}
train, test = Small(sys.argv[1], train=True), Small(sys.argv[1], train=False)
print(json.dumps([real, train.data.sum().item(), train.targets, test.targets, train.classes]))
"""
    arguments = [sys.executable, "-c", code, str(tmp_path), json.dumps(dict(ARCHIVE.files))]
    real, *found = json.loads(subprocess.check_output(arguments))
    dataset = cifar10.load(tmp_path)
    assert found == [
        int(dataset.x_train.sum()),
        dataset.y_train.tolist(),
        dataset.y_test.tolist(),
        list(dataset.classes),
    ]
    facts = {name: value for name, value in asdict(cifar10.OFFICIAL).items() if name in real}
    assert real == {**facts, "folder": batches.FOLDER}


def test_what_is_there_is_not_downloaded_again(tmp_path: Path, server: Server) -> None:
    write_folder(tmp_path / batches.FOLDER)
    assert [record.stage for record in fetch(tmp_path, server)][-1] == "ready"
    assert server.asked == []


def test_an_archive_that_lies_there_is_only_unpacked(tmp_path: Path, server: Server) -> None:
    (tmp_path / small.FILE_NAME).write_bytes(CONTENT)
    fetch(tmp_path, server)
    assert server.asked == []
    assert cifar10.is_ready(tmp_path)
    assert (tmp_path / small.FILE_NAME).exists(), "it was not ours to delete"


def test_a_damaged_file_of_the_data_set_is_replaced(tmp_path: Path, server: Server) -> None:
    folder = write_folder(tmp_path / batches.FOLDER)
    (folder / "data_batch_3").write_bytes(b"cut short")
    with pytest.raises(DataError, match=r"data_batch_3 in .* is damaged.*python -m cnnlab download cifar10"):
        cifar10.load(tmp_path)
    fetch(tmp_path, server)
    assert len(cifar10.load(tmp_path).x_train) == 100


def test_the_default_root_and_the_mirror_come_from_the_environment(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNLAB_CIFAR10_MIRROR", server.url.rpartition("/")[0] + "/")
    assert not DATASETS["cifar10"].is_ready()
    with pytest.raises(DataError, match=r"not in .*default yet: run `python -m cnnlab download cifar10`.*cifar10-mini"):
        load_dataset("cifar10")
    *_, last = cifar10.download(archive=ARCHIVE)
    assert last.folder == tmp_path / "default" / batches.FOLDER
    assert DATASETS["cifar10"].is_ready()
    assert load_dataset("cifar10") is load_dataset("cifar10")


# What can go wrong on the network.


def test_a_host_out_of_reach(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens: connections are refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(DataError, match=r"127\.0\.0\.1:\d+ cannot be reached .*mirror.*cifar10-mini is part of"):
            list(cifar10.download(tmp_path, url, archive=ARCHIVE))


def test_a_host_that_never_answers(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DataError, match=r"cannot be reached .*timed out"):
            list(cifar10.download(tmp_path, url, archive=ARCHIVE, timeout=0.2))


def test_an_answer_that_says_no(tmp_path: Path, server: Server) -> None:
    server.status = 404
    with pytest.raises(DataError, match=r"answered 404 Not Found when asked for http://127.*choose another mirror"):
        fetch(tmp_path, server)


@pytest.mark.parametrize("mirror", ["ftp://host/x.tar.gz", "file:///etc", "/local/path", "http:/x"])
def test_a_mirror_that_is_no_web_address(tmp_path: Path, mirror: str) -> None:
    with pytest.raises(DataError, match="is not an address that begins with http:// or https://"):
        list(cifar10.download(tmp_path, mirror, archive=ARCHIVE))


@pytest.mark.parametrize("mirror", ["http://[::1/x", "http://", "https:///x", "http://host:port/", "http://a:99999/"])
def test_a_mirror_without_a_host_is_told(tmp_path: Path, mirror: str) -> None:
    with pytest.raises(DataError, match=r"does not name a host: write it as in https://www\.cs"):
        list(cifar10.download(tmp_path, mirror, archive=ARCHIVE))
    assert not list(tmp_path.iterdir())


@given(rest=st.text(st.sampled_from(list("[]:/@?#%. \\\x00\n\u00e91aZ-_\u2100\U0001f600")), max_size=20))
@example("[::1/x")
@example("a" * 64 + ".com")
@example("host/\u00e9")
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_given_as_a_mirror_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rest: str
) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise OSError("nobody is asked in this test")

    monkeypatch.setattr("socket.create_connection", nobody)
    with pytest.raises(DataError, match=r"cifar10-mini is part of|give its path as the data set instead"):
        list(cifar10.download(tmp_path, f"http://{rest}", archive=ARCHIVE))


def test_a_web_page_instead_of_the_archive(tmp_path: Path, server: Server) -> None:
    server.content = b"<html>Please log in to this network</html>"
    with pytest.raises(DataError, match=f"offers 42 bytes, but the archive of CIFAR-10 has {len(CONTENT)}"):
        fetch(tmp_path, server)


def test_a_wrong_md5(tmp_path: Path, server: Server) -> None:
    server.content = bytes(len(CONTENT))
    with pytest.raises(DataError, match=rf"its md5 is [0-9a-f]{{32}} instead of {ARCHIVE.md5}: try again"):
        fetch(tmp_path, server)
    assert not (tmp_path / batches.FOLDER).exists()
    server.content = CONTENT
    fetch(tmp_path, server)
    assert cifar10.is_ready(tmp_path)


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_connection_is_told_and_the_next_try_goes_on(tmp_path: Path, server: Server, ranges: bool) -> None:
    server.break_after, server.ranges = 50_000, ranges
    with pytest.raises(DataError, match=r"broke off after 0\.\d of 0\.\d MB: start the download again"):
        fetch(tmp_path, server)
    assert not (tmp_path / batches.FOLDER).exists()
    server.break_after = None
    fetch(tmp_path, server)
    assert server.asked == ["", "bytes=50000-"]
    assert len(cifar10.load(tmp_path).x_train) == 100


def test_a_spoilt_beginning_is_thrown_away(tmp_path: Path, server: Server) -> None:
    (tmp_path / f"{small.FILE_NAME}.part").write_bytes(b"from elsewhere" * 100)
    fetch(tmp_path, server)
    assert server.asked == ["bytes=1400-", ""]
    assert cifar10.is_ready(tmp_path)


# What can go wrong on this machine.


def child(body: str, root: Path, server: Server, **options: object) -> subprocess.Popen[str]:
    """A process that downloads into `root`, printing each stage once and an error's sentence."""
    code = f"""
import json, sys
from cnnlab.data import cifar10
{body}
archive = cifar10.Archive(**json.loads(sys.argv[3]))
told = ""
try:
    for record in cifar10.download(sys.argv[1], sys.argv[2], archive=archive):
        if record.stage != told:
            told = record.stage
            print(told, flush=True)
except ValueError as error:
    print(type(error).__name__, error)
"""
    arguments = [sys.executable, "-c", code, str(root), server.url, json.dumps(asdict(ARCHIVE))]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]


def test_two_downloads_at_once_are_one(tmp_path: Path, server: Server) -> None:
    server.pause = 0.05
    both = [child("", tmp_path, server), child("", tmp_path, server)]
    outputs = sorted(process.communicate(timeout=60)[0].split() for process in both)
    assert len(server.asked) == 1
    assert outputs[0] == ["downloading", "checking", "extracting", "ready"]
    assert outputs[1] == ["waiting", "checking", "ready"]
    assert len(cifar10.load(tmp_path).x_train) == 100


def test_a_killed_download_leaves_no_lock_and_is_continued(tmp_path: Path, server: Server) -> None:
    server.pause = 0.05
    process = child("", tmp_path, server)
    partial = tmp_path / f"{small.FILE_NAME}.part"
    deadline = monotonic() + 30
    while not (partial.exists() and partial.stat().st_size > 0) and monotonic() < deadline:
        sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    arrived = partial.stat().st_size
    assert 0 < arrived < len(CONTENT)
    server.pause = 0
    records = fetch(tmp_path, server)
    assert server.asked[1:] == [f"bytes={arrived}-"]
    assert records[0].done >= arrived
    assert cifar10.is_ready(tmp_path)


FULL = r"The disk of .* is full: CIFAR-10 needs 0\.\d MB there while it is unpacked\. Make room.*--root.*CNNLAB_DATA"


def test_a_disk_that_is_too_full_to_begin(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = len(CONTENT)

    monkeypatch.setattr(cifar10, "disk_usage", lambda _: Usage)
    with pytest.raises(DataError, match=FULL):
        fetch(tmp_path, server)
    assert server.asked == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
def test_a_disk_that_fills_up_on_the_way(tmp_path: Path, server: Server) -> None:
    (tmp_path / f"{small.FILE_NAME}.part").symlink_to("/dev/full")
    with pytest.raises(DataError, match=FULL):
        fetch(tmp_path, server)


def test_a_file_that_may_not_grow(tmp_path: Path, server: Server) -> None:
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # noqa: E731, a word for the next line
    output, _ = child("", tmp_path, server, preexec_fn=limit).communicate(timeout=60)
    assert "DataError The disk of" in output
    assert "is full" in output


def test_a_disk_that_fills_up_while_unpacking_leaves_no_half_data_set(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_open = Path.open

    def open_on_a_full_disk(path: Path, mode: str = "r", *rest: object) -> object:
        if path.name == "data_batch_4" and "w" in mode:
            raise OSError(errno.ENOSPC, "No space left on device")
        return plain_open(path, mode, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as context:
        context.setattr(Path, "open", open_on_a_full_disk)
        with pytest.raises(DataError, match=FULL):
            fetch(tmp_path, server)
    assert not (tmp_path / batches.FOLDER).exists()
    fetch(tmp_path, server)
    assert len(server.asked) == 1, "the archive was whole, so the second try unpacks it"
    assert cifar10.is_ready(tmp_path)


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EACCES, "may not be written to"), (errno.EROFS, "may not be written to")]
)
def test_a_folder_that_may_not_be_written_to(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DataError, match=rf"The folder .* {words}.* Choose another one with --root"):
        fetch(tmp_path / "x", server)


@pytest.mark.parametrize("ask", [cifar10.load, cifar10.check_root, lambda root: list(cifar10.download(root))])
def test_a_home_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch, ask: Callable[..., object]) -> None:
    with pytest.raises(
        DataError, match=r"'~nosuch/x' begins with a home folder that is not known here\. Write the whole"
    ):
        ask("~nosuch/x")
    monkeypatch.setenv("CNNLAB_DATA", "~nosuch/x")
    with pytest.raises(
        DataError, match=r"'~nosuch/x' begins .*Set the environment variable CNNLAB_DATA to the whole path"
    ):
        ask(None)
    assert not cifar10.is_ready()
    assert not cifar10.is_ready("~nosuch/x")


def test_a_user_without_a_home_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def expanduser(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("CNNLAB_DATA")
    monkeypatch.setattr(Path, "expanduser", expanduser)
    with pytest.raises(
        DataError, match=r"'~/\.cache/cnnlab' begins .* CNNLAB_DATA .*\. cifar10-mini is part of the lab"
    ):
        load_dataset("cifar10")
    assert not cifar10.is_ready()


def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = write_folder(tmp_path / "locked" / batches.FOLDER).parent
    close(monkeypatch, locked)
    monkeypatch.setenv("CNNLAB_DATA", str(locked))
    assert not cifar10.is_ready()
    with pytest.raises(
        DataError, match=r"The folder .*locked may not be read\. Change its permissions, .* CNNLAB_DATA"
    ):
        load_dataset("cifar10")
    for path in (locked, locked / batches.FOLDER, locked / "mine.npz"):
        with pytest.raises(DataError, match=r"locked.* may not be read[.:] [Cc]hange its permissions"):
            load_dataset(path)


def test_a_root_that_is_a_file(tmp_path: Path, server: Server) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"The folder .*file cannot be used .*Choose another one"):
        fetch(tmp_path / "file", server)
    with pytest.raises(DataError, match=r"The folder .*file cannot be used \(Not a directory\)\. Change its"):
        cifar10.load(tmp_path / "file")


# Archives and folders by path, hostile ones included.


def archive_at(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_local_archive_and_a_local_folder_are_data_sets(tmp_path: Path) -> None:
    packed = load_dataset(archive_at(tmp_path / small.FILE_NAME, CONTENT))
    folder = write_folder(tmp_path / "torchvision" / batches.FOLDER)
    for path in (folder, folder.parent, str(folder)):
        assert np.array_equal(load_dataset(path).x_test, packed.x_test)


@pytest.mark.parametrize("inside", ["{F}/{F}", "{F}", "wrapper", "wrapper/{F}", "{F}/wrapper"])
@pytest.mark.parametrize("given", ["", "{F}"])
def test_batches_in_a_folder_too_many_are_found(tmp_path: Path, inside: str, given: str) -> None:
    top = tmp_path / given.format(F=batches.FOLDER)
    folder = top / inside.format(F=batches.FOLDER)
    folder.parent.mkdir(parents=True, exist_ok=True)
    write_folder(folder)
    (top / "a-neighbour").mkdir()
    assert len(load_dataset(top).x_test) == small.COUNT
    (folder / "data_batch_3").unlink()
    with pytest.raises(DataError, match=r"data_batch_3 is missing|is not a data set that cnnlab reads"):
        load_dataset(top)


OTHERS = [
    ("cifar-100-python", "train", "is CIFAR-100"),
    ("cifar-100-binary", "train.bin", "is CIFAR-100"),
    ("cifar-10-batches-bin", "data_batch_1.bin", "is the binary version of CIFAR-10"),
    ("cifar-10-batches-mat", "data_batch_1.mat", "is the Matlab version of CIFAR-10"),
]


@pytest.mark.parametrize(("folder", "file", "words"), OTHERS)
def test_another_archive_of_the_family_is_called_by_its_name(
    tmp_path: Path, folder: str, file: str, words: str
) -> None:
    sentence = f"{words}, but cnnlab reads the Python .*\\. Get CIFAR-10 again with"
    for members in (
        [small.tar_member(folder, kind=tarfile.DIRTYPE), small.tar_member(f"{folder}/{file}", b"x")],
        [small.tar_member(f"{folder}/{file}", b"x")],
    ):
        with pytest.raises(DataError, match=sentence):
            load_dataset(archive_at(tmp_path / "x.tar.gz", small.tar_gz(members)))
    (tmp_path / "extracted" / folder).mkdir(parents=True)
    for path in (tmp_path / "extracted", tmp_path / "extracted" / folder):
        with pytest.raises(DataError, match=sentence):
            load_dataset(path)


def test_an_incomplete_folder(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / batches.FOLDER)
    (folder / "data_batch_2").unlink()
    (folder / "test_batch").unlink()
    with pytest.raises(DataError, match=r"is not complete: data_batch_2 and test_batch are missing.*--root"):
        load_dataset(tmp_path)


@pytest.mark.parametrize("keep", [0, 10, 1000, len(CONTENT) // 2, len(CONTENT) - 5])
def test_a_truncated_local_archive(tmp_path: Path, keep: int) -> None:
    with pytest.raises(DataError, match=r"is damaged or cut short|is not complete"):
        load_dataset(archive_at(tmp_path / "x.tar.gz", CONTENT[:keep]))


def test_a_local_archive_with_one_wrong_byte(tmp_path: Path) -> None:
    content = small.small_tar_gz()
    spoilt = bytearray(content)
    spoilt[len(content) // 2] ^= 1  # noise is stored as it is, so only the checksum can tell
    with pytest.raises(DataError, match="is damaged or cut short"):
        load_dataset(archive_at(tmp_path / "x.tar.gz", bytes(spoilt)))


def test_an_archive_that_goes_on_after_its_end(tmp_path: Path) -> None:
    content = gzip.compress(gzip.decompress(CONTENT) + bytes(4_000_000))
    with pytest.raises(DataError, match="goes on after its last file"):
        load_dataset(archive_at(tmp_path / "x.tar.gz", content))


def test_an_archive_without_a_batch(tmp_path: Path) -> None:
    contents = small.files()
    del contents["data_batch_5"]
    with pytest.raises(DataError, match="of CIFAR-10 is not complete, data_batch_5 is missing"):
        load_dataset(archive_at(tmp_path / "x.tgz", small.small_tar_gz(contents)))


F = batches.FOLDER
HOSTILE_MEMBERS = {
    "upwards": small.tar_member(f"{F}/../../escaped", b"x"),
    "absolute": small.tar_member("/tmp/escaped", b"x"),
    "unknown": small.tar_member(f"{F}/escaped.py", b"x"),
    "symbolic link": small.tar_member(f"{F}/data_batch_1", kind=tarfile.SYMTYPE, link="/etc/passwd"),
    "hard link": small.tar_member(f"{F}/data_batch_1", kind=tarfile.LNKTYPE, link="../../etc/passwd"),
    "device": small.tar_member(f"{F}/data_batch_1", kind=tarfile.CHRTYPE),
    "pipe": small.tar_member(f"{F}/data_batch_1", kind=tarfile.FIFOTYPE),
    "folder": small.tar_member(f"{F}/data_batch_1", kind=tarfile.DIRTYPE),
    "other folder": small.tar_member("elsewhere/data_batch_1", b"x"),
}


@pytest.mark.parametrize("name", HOSTILE_MEMBERS)
def test_an_archive_with_a_strange_member_is_refused(tmp_path: Path, name: str) -> None:
    content = small.tar_gz([HOSTILE_MEMBERS[name]])
    with pytest.raises(DataError, match=r"which is not part of CIFAR-10: do not trust this archive"):
        load_dataset(archive_at(tmp_path / "x.tar.gz", content))
    root = tmp_path / "root"
    with small.serve(content) as server, pytest.raises(DataError, match="do not trust this archive"):
        fetch(root, server, small.describe(content))
    assert not (root / batches.FOLDER).exists()
    assert not list(tmp_path.rglob("escaped*"))


def test_an_archive_that_unpacks_to_very_much_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo(f"{F}/data_batch_1")
    info.size = 2 * batches.MAX_FILE_BYTES
    content = small.tar_gz([(info, bytes(info.size))])
    assert len(content) < 1_000_000
    with pytest.raises(DataError, match="too many for a part of CIFAR-10"):
        load_dataset(archive_at(tmp_path / "x.tar.gz", content))


class Runs:
    """A pickle of this would make a folder when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


def hostile_pickles(path: Path) -> dict[str, bytes]:
    plain = {"data": small.pictures("x"), "labels": small.labels("x")}
    return {
        "code": pickle.dumps(Runs(path)),
        "code inside": pickle.dumps({**plain, "extra": Runs(path)}),
        "builtins": b"cbuiltins\neval\n(S'1'\ntR.",
        "numpy loader": b"cnumpy\nload\n(S'/etc/passwd'\ntR.",
        "dotted": b"\x80\x04\x8c\x05numpy\x8c\x0endarray.tofile\x93.",
        "changes a stand-in": b"cnumpy\nndarray\n}S'shape'\nK\x01sb.",
        "changes an encoder": b"c_codecs\nencode\n(Vx\nVlatin1\ntR}S'x'\nK\x01sb.",
        "array of objects": pickle.dumps({"data": np.array([[1, "x"]], object), "labels": [1]}, protocol=2),
        "array of floats": pickle.dumps({"data": np.zeros((1, 3072)), "labels": [1]}, protocol=2),
        "too few pixels": pickle.dumps({"data": np.zeros((1, 10), np.uint8), "labels": [1]}, protocol=2),
        "more labels": pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": [1, 2]}, protocol=2),
        "shape without content": small.python_2_batch(small.pictures("x"), small.labels("x")).replace(
            b"M\x14\x00M", b"M\x15\x00M"
        ),
        "strange labels": pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": [-1]}, protocol=2),
        "text labels": pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": ["a"]}, protocol=2),
        "no pictures": pickle.dumps({"labels": [1]}),
        "a list": pickle.dumps([1, 2]),
        "nothing": b"",
        "noise": bytes(range(256)),
        "huge length": b"\x80\x04\x8e" + b"\xff" * 7 + b"\x0f",
    }


@pytest.mark.parametrize("name", hostile_pickles(Path()))
def test_a_hostile_or_wrong_pickle_runs_nothing_and_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / batches.FOLDER)
    made = tmp_path / "made-by-the-pickle"
    (folder / "data_batch_1").write_bytes(hostile_pickles(made)[name])
    with pytest.raises(DataError, match=r"^data_batch_1 in .*Get CIFAR-10 again"):
        load_dataset(folder)
    assert not made.exists()


@pytest.mark.parametrize("protocol", range(5))
def test_batches_pickled_by_python_3_are_read_too(tmp_path: Path, protocol: int) -> None:
    folder = write_folder(tmp_path / batches.FOLDER)
    batch = {"data": small.pictures("new"), "labels": small.labels("new")}
    (folder / "test_batch").write_bytes(pickle.dumps(batch, protocol=protocol))
    assert np.array_equal(load_dataset(folder).x_test.reshape(small.COUNT, -1), batch["data"])


def test_an_array_stored_by_columns_is_read_right(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / batches.FOLDER)
    (folder / "test_batch").write_bytes(small.python_2_batch(small.pictures("f"), small.labels("f"), order="F"))
    assert np.array_equal(load_dataset(folder).x_test.reshape(small.COUNT, -1), small.pictures("f"))
