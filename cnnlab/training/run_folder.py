"""The temporary folder of a server's runs: locked while the server lives, and cleared away by the next one if it died.

    folder = RunFolder()
    folder.path()  # made when it is first asked for
    folder.remove()

A server that is killed cannot clear up. So each folder holds the number of its server's process and a file that the
server keeps locked; a new server removes the folders whose process is gone and whose lock is free, and no others.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from cnnlab.errors import TrainingError
from cnnlab.texts import in_a_row, message

PREFIX = "cnnlab-"
LOCK = "lock"
OWNER = "owner"  # holds the process' number; written when the lock is held, so who finds it finds a lock that counts


class RunFolder:
    """A folder of this process alone.

    Args:
        path: one that is there for good, instead of a temporary one.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._is_lasting = path is not None
        self._lock: FileLock | None = None

    def path(self) -> Path:
        """The folder, made where it is not there yet, or not any more.

        Raises:
            TrainingError: it cannot be made; the sentence is for whoever runs the server.
        """
        if self._path is None or not self._path.is_dir():
            try:
                if self._path is None or not self._is_lasting:
                    self._path = self._make()
                else:
                    self._path.mkdir(parents=True)
            except OSError as error:
                raise cannot_write(self._path if self._is_lasting else None, error) from None
        return self._path

    def remove(self) -> None:
        """Clear it away, if it is a temporary one."""
        if self._is_lasting or self._path is None:
            return
        shutil.rmtree(self._path, ignore_errors=True)
        if self._lock is not None:
            self._lock.release()

    def _make(self) -> Path:
        clear_up(Path(tempfile.gettempdir()))
        made = Path(tempfile.mkdtemp(prefix=PREFIX))
        try:
            # Taken by this thread, given back by any other.
            self._lock = FileLock(made / LOCK, thread_local=False)
            self._lock.acquire(timeout=0)
            (made / OWNER).write_text(str(os.getpid()), "ascii")
        except NotImplementedError:  # a file system without locks: what nobody can lock, nobody else clears away
            self._lock = None
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
            raise
        return made


def clear_up(place: Path) -> list[Path]:
    """Remove what servers that were killed have left in a folder for temporary files; return what was removed."""
    return [folder for folder in _folders(place) if _is_left_behind(folder) and _remove_locked(folder)]


def cannot_write(place: Path | None, error: OSError) -> TrainingError:
    """The error for a folder that cannot be written to, or has no room.

    Args:
        place: the folder, where it is not the system's own for temporary files.
    """
    try:
        told = message(
            "A run keeps its weights in a file, and nothing can be written to {folder} on the server ({reason}).",
            folder=place or tempfile.gettempdir(),
            reason=error.strerror or error,
        )
    except OSError:  # Python has tried all the usual ones
        told = message(
            "A run keeps its weights in a file, and the server has no folder for temporary files that can be written "
            "to.",
        )
    way_out = message(
        "Make room there, or start the server with the environment variable TMPDIR naming a folder that can be "
        "written to.",
    )
    return TrainingError(in_a_row(told, way_out))


def no_room(error: OSError) -> TrainingError:
    """The error for a run whose weights find no room. All who look at the run read it, so it names no folder."""
    return TrainingError(
        "A run keeps its weights in a file, and the server could not make one ({reason}): make room on the server's "
        "disk and start the run again.",
        reason=error.strerror or error,
    )


def _folders(place: Path) -> Iterable[Path]:
    try:
        return sorted(place.glob(f"{PREFIX}*"))
    except OSError:
        return []


def _is_left_behind(folder: Path) -> bool:
    """Whether a folder is of a process of this user's that is no more."""
    try:
        owner = int((folder / OWNER).read_text("ascii"))
        return not folder.is_symlink() and folder.stat().st_uid == os.geteuid() and not _is_another(owner)
    except (OSError, ValueError):  # it is not of this kind, or just being made or removed
        return False


def _is_another(process: int) -> bool:
    """Whether another process than this one has the number. In a container a new server often has that of the old."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def _remove_locked(folder: Path) -> bool:
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError, NotImplementedError):  # its server lives, where this one cannot see it
        return False
    try:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()
    return True
