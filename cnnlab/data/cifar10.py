"""The whole CIFAR-10: where it lies, and downloading it.

It lies where and as torchvision has it, `ROOT/cifar-10-batches-py`, so that either finds what the other downloaded.
The downloading is our own nevertheless: torchvision's tells a caller no progress, takes no mirror, does not resume and
does not lock.
"""

import hashlib
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EACCES, EDQUOT, EFBIG, ENOSPC, EPERM, EROFS
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from shutil import disk_usage, rmtree
from time import monotonic, sleep
from typing import Literal
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cnnlab.data.batches import FOLDER, META, NEEDED, archive_errors, archive_members, missing_files, read_folder
from cnnlab.data.dataset import DataFacts, Dataset, shared
from cnnlab.data.paths import at_home
from cnnlab.errors import DataError, quoted
from cnnlab.texts import Message, all_of, in_a_row, message

NAME = "cifar10"
FACTS = DataFacts(NAME, (3, 32, 32), num_classes=10, train_images=50_000, test_images=10_000)

_BLOCK = 256 * 1024
_PAUSE = 0.1  # seconds between two records of progress
_INSTEAD = message("cifar10-mini is part of the lab and needs no network.")


@dataclass(frozen=True)
class Archive:
    """What is known about an archive before it is downloaded."""

    url: str
    file_name: str
    md5: str
    size: int  # bytes of the archive
    extracted_size: int  # bytes of its files, rounded up
    files: Mapping[str, str]  # md5 of each file that is needed, as torchvision checks them too


OFFICIAL = Archive(
    url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    file_name="cifar-10-python.tar.gz",
    md5="c58f30108f718f92721af3b95e74349a",
    size=170_498_071,
    extracted_size=187_000_000,
    files={
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        "test_batch": "40351d587109b95175f43aff81a1287e",
        "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
    },
)


@dataclass(frozen=True)
class DownloadProgress:
    """Where a download stands; `done` and `total` count bytes within its stage.

    "waiting" means that another process or session downloads into the same folder, and `done` is how much it has;
    "checking" compares checksums; "ready" is the last record.
    """

    stage: Literal["waiting", "downloading", "checking", "extracting", "ready"]
    done: int
    total: int
    folder: Path  # where the data set is, or will be

    @property
    def fraction(self) -> float:
        return min(1.0, self.done / self.total) if self.total else 0.0


def default_root() -> Path:
    """The folder that holds downloads: $CNNLAB_DATA, or ~/.cache/cnnlab.

    Raises:
        DataError: it begins with a home folder that is not known here.
    """
    way_out = message("Set the environment variable CNNLAB_DATA to the whole path of a folder.")
    return at_home(os.environ.get("CNNLAB_DATA") or "~/.cache/cnnlab", in_a_row(way_out, _INSTEAD))


def check_root(root: str | os.PathLike[str] | None = None) -> Path:
    """The folder that the data set lies in or will be put into; it need not be there yet.

    Raises:
        DataError: its home is not known, or it may not be looked into.
    """
    folder = _root(root)
    try:
        (folder / FOLDER / META).stat()
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno in {EACCES, EPERM}:
            told = message("The folder {folder} may not be read.", folder=folder)
        else:
            told = message("The folder {folder} cannot be used ({reason}).", folder=folder, reason=error.strerror)
        way_out = message(
            "Change its permissions, or choose another one with the environment variable CNNLAB_DATA.",
        )
        raise _or_the_small_one(told, way_out) from None
    return folder


def is_ready(root: str | os.PathLike[str] | None = None) -> bool:
    """Whether the whole data set lies under `root`, ready to be loaded; `check_root` tells where it cannot even lie."""
    try:
        return not missing_files(check_root(root) / FOLDER)
    except (DataError, OSError):
        return False


def load(root: str | os.PathLike[str] | None = None) -> Dataset:
    """Load the data set that was downloaded to `root`; never downloads.

    Raises:
        DataError: it is not there, not whole, or may not be read.
    """
    folder = check_root(root) / FOLDER
    if not folder.is_dir():
        raise _or_the_small_one(
            message(
                "CIFAR-10 is not in {folder} yet: run `python -m cnnlab download cifar10`, or give the path of its "
                "archive or folder if you have it elsewhere.",
                folder=folder.parent,
            )
        )
    return shared((folder.resolve(), folder.stat().st_mtime_ns), lambda: read_folder(folder))


def _or_the_small_one(*told: Message) -> DataError:
    """The error that says so, and that there is a data set without all this."""
    return DataError(in_a_row(*told, _INSTEAD))


def _root(root: str | os.PathLike[str] | None) -> Path:
    return default_root() if root is None else at_home(root)


def download(
    root: str | os.PathLike[str] | None = None,
    mirror: str | None = None,
    *,
    archive: Archive = OFFICIAL,
    timeout: float = 30.0,
) -> Iterator[DownloadProgress]:
    """Download CIFAR-10 into `root`, telling how it goes; does nothing but say "ready" where it is already.

    Only one process or thread at a time downloads into a folder: another one waits for it, and then finds its work
    done. What a broken connection left is kept and continued by the next call.

    Args:
        root: the folder for the data set; $CNNLAB_DATA or ~/.cache/cnnlab by default.
        mirror: the address of the archive, or of the folder that it lies in, to ask instead of the official one;
            $CNNLAB_CIFAR10_MIRROR by default.
        archive: what must arrive.
        timeout: seconds without any answer after which the host counts as out of reach.

    Raises:
        DataError: the host cannot be reached, the archive is not the right one, the disk is full and the like.
    """
    folder = _root(root) / FOLDER
    ready = DownloadProgress("ready", archive.size, archive.size, folder)
    with _disk_errors(folder.parent, archive):
        if (yield from _is_whole(folder, archive)):
            yield ready
            return
        source = _address(mirror, archive)
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = folder.with_name(archive.file_name + ".part")
        with _one_at_a_time(folder) as try_to_lock:
            waited = False
            while not try_to_lock():
                waited = True
                yield DownloadProgress("waiting", _size(partial), archive.size, folder)
                sleep(0.2)
            if not (waited and (yield from _is_whole(folder, archive))):
                yield from _download_alone(source, folder, partial, archive, timeout)
    yield ready


def _address(mirror: str | None, archive: Archive) -> str:
    address = (mirror or os.environ.get("CNNLAB_CIFAR10_MIRROR") or archive.url).strip()
    if not address.lower().startswith(("http://", "https://")):
        raise DataError(
            "The mirror {address} is not an address that begins with http:// or https://: for an "
            "archive or folder on this machine, give its path as the data set instead.",
            address=quoted(address),
        )
    if not _names_a_host(address):
        raise _or_the_small_one(
            message(
                "The mirror {address} does not name a host: write it as in {url}.",
                address=quoted(address),
                url=OFFICIAL.url,
            )
        )
    return address if address.endswith((".tar.gz", ".tgz")) else f"{address.rstrip('/')}/{archive.file_name}"


def _names_a_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket that is not closed, a port that is no number
        return False


@contextmanager
def _one_at_a_time(folder: Path) -> Generator[Callable[[], bool]]:
    """Give a function that tries to take the lock of `folder`; the lock is given back at the end."""
    from filelock import FileLock, Timeout  # only needed here

    # Not local to a thread: whoever draws the progress may ask for the next record from another thread.
    lock = FileLock(folder.with_name(f".{folder.name}.lock"), thread_local=False)

    def try_to_lock() -> bool:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    try:
        yield try_to_lock
    finally:
        lock.release()


def _download_alone(
    source: str, folder: Path, partial: Path, archive: Archive, timeout: float
) -> Iterator[DownloadProgress]:
    path = folder.with_name(archive.file_name)
    was_there = path.is_file() and (yield from _md5(path, folder)) == archive.md5
    to_download = 0 if was_there else archive.size - _size(partial)
    if disk_usage(folder.parent).free < to_download + archive.extracted_size:
        raise _disk_full(folder.parent, archive)
    if not was_there:
        yield from _fetch_right(source, folder, partial, archive, timeout)
        partial.replace(path)
    yield from _extract(path, folder, archive)
    if not was_there:
        path.unlink()  # the folder has everything that is needed, for torchvision too


def _fetch_right(
    source: str, folder: Path, partial: Path, archive: Archive, timeout: float
) -> Iterator[DownloadProgress]:
    """Fetch the archive into `partial` until its md5 is right: once more from the start if an old piece spoilt it."""
    found = ""
    for _ in range(2 if _size(partial) else 1):
        yield from _fetch(source, folder, partial, archive, timeout)
        found = yield from _md5(partial, folder)
        if found == archive.md5:
            return
        partial.unlink()
    raise _or_the_small_one(
        message(
            "What {source} sent is not the archive of CIFAR-10, its md5 is {found} instead of {wanted}: try again or "
            "choose another mirror.",
            source=source,
            found=found,
            wanted=archive.md5,
        )
    )


def _fetch(source: str, folder: Path, partial: Path, archive: Archive, timeout: float) -> Iterator[DownloadProgress]:
    """Fetch what `partial` lacks."""
    done = _size(partial)
    if done == archive.size:
        return
    response, done = _ask(source, done if done < archive.size else 0, archive, timeout)
    told = 0.0
    with response, partial.open("ab" if done else "wb") as file:
        yield DownloadProgress("downloading", done, archive.size, folder)
        while block := _receive(response, source, done, archive):
            file.write(block)
            done += len(block)
            if monotonic() - told >= _PAUSE:
                told = monotonic()
                yield DownloadProgress("downloading", done, archive.size, folder)
    if done != archive.size:
        raise _broken_off(source, done, archive)
    yield DownloadProgress("downloading", done, archive.size, folder)


def _ask(source: str, start: int, archive: Archive, timeout: float) -> tuple[HTTPResponse, int]:
    """Ask for the archive from byte `start` on; the answer comes with the byte that it really begins with."""
    request = Request(source, headers={"User-Agent": "cnnlab"})
    if start:
        request.add_header("Range", f"bytes={start}-")
    host = urlsplit(source).netloc
    try:
        response: HTTPResponse = urlopen(request, timeout=timeout)
    except HTTPError as error:
        error.close()
        if start and error.code == 416:
            return _ask(source, 0, archive, timeout)
        raise _or_the_small_one(
            message(
                "{host} answered {code} {reason} when asked for {source}: choose another mirror with --mirror or the "
                "environment variable CNNLAB_CIFAR10_MIRROR.",
                host=host,
                code=error.code,
                reason=error.reason,
                source=source,
            )
        ) from None
    except (OSError, HTTPException, ValueError) as error:
        raise _or_the_small_one(
            message(
                "{host} cannot be reached ({reason}): check the network connection, choose another mirror with "
                "--mirror or the environment variable CNNLAB_CIFAR10_MIRROR, or give the path of the archive if you "
                "have it.",
                host=host,
                reason=getattr(error, "reason", None) or error,
            )
        ) from None
    if start and response.status != 206:
        start = 0  # this server only sends whole files
    elif start and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        response.close()
        return _ask(source, 0, archive, timeout)
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and start + int(length) != archive.size:
        response.close()
        raise _or_the_small_one(
            message(
                "{source} offers {offered} bytes, but the archive of CIFAR-10 has {wanted}: this is something else, "
                "choose another mirror.",
                source=source,
                offered=start + int(length),
                wanted=archive.size,
            )
        )
    return response, start


def _receive(response: HTTPResponse, source: str, done: int, archive: Archive) -> bytes:
    try:
        block = response.read1(_BLOCK)
    except (OSError, HTTPException):
        raise _broken_off(source, done, archive) from None
    if done + len(block) > archive.size:
        raise _or_the_small_one(
            message(
                "{source} sends more than the {size} bytes that the archive of CIFAR-10 has: choose another mirror.",
                source=source,
                size=archive.size,
            )
        )
    return block


def _broken_off(source: str, done: int, archive: Archive) -> DataError:
    return _or_the_small_one(
        message(
            "The connection to {host} broke off after {done:.1f} of {total:.1f} MB: start the download again, it goes "
            "on from there.",
            host=urlsplit(source).netloc,
            done=done / 1e6,
            total=archive.size / 1e6,
        )
    )


def _extract(path: Path, folder: Path, archive: Archive) -> Iterator[DownloadProgress]:
    """Extract beside `folder` and move each file into it when all are whole."""
    scratch = folder.with_name(f".{folder.name}.extracting")
    rmtree(scratch, ignore_errors=True)  # left by a process that was killed
    scratch.mkdir()
    try:
        with archive_errors(path), path.open("rb") as file:
            for name, member in archive_members(file, path.name):
                with (scratch / name).open("wb") as target:
                    while block := member.read(_BLOCK * 16):
                        target.write(block)
                        yield DownloadProgress("extracting", file.tell(), archive.size, folder)
        if missing := missing_files(scratch):
            raise DataError(
                "{archive} lacks {names}: delete the archive and download CIFAR-10 again.",
                archive=path,
                names=all_of(missing),
            )
        folder.mkdir(exist_ok=True)
        for name in NEEDED:
            (scratch / name).replace(folder / name)
    finally:
        rmtree(scratch, ignore_errors=True)


def _is_whole(folder: Path, archive: Archive) -> Generator[DownloadProgress, None, bool]:
    if missing_files(folder):
        return False
    for name in NEEDED:
        if (yield from _md5(folder / name, folder)) != archive.files[name]:
            return False
    return True


def _md5(path: Path, folder: Path) -> Generator[DownloadProgress, None, str]:
    digest, done, total, told = hashlib.md5(usedforsecurity=False), 0, _size(path), monotonic()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            if monotonic() - told >= _PAUSE:
                told = monotonic()
                yield DownloadProgress("checking", done, total, folder)
    yield DownloadProgress("checking", done, total, folder)
    return digest.hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _disk_full(root: Path, archive: Archive) -> DataError:
    return _or_the_small_one(
        message(
            "The disk of {folder} is full: CIFAR-10 needs {needed:.1f} MB there while it is unpacked.",
            folder=root,
            needed=(archive.size + archive.extracted_size) / 1e6,
        ),
        message("Make room, or choose another folder with --root or the environment variable CNNLAB_DATA."),
    )


@contextmanager
def _disk_errors(root: Path, archive: Archive) -> Generator[None]:
    """Turn what the file system says while `root` is written to into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in {ENOSPC, EDQUOT, EFBIG}:  # no room, no room for this user, no room for a file of this size
            raise _disk_full(root, archive) from None
        if error.errno in {EACCES, EPERM, EROFS}:
            told = message("The folder {folder} may not be written to.", folder=root)
        else:
            told = message("The folder {folder} cannot be used ({reason}).", folder=root, reason=error)
        way_out = message("Choose another one with --root or the environment variable CNNLAB_DATA.")
        raise _or_the_small_one(told, way_out) from None
