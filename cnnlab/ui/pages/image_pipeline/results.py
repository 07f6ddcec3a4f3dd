"""What torchvision made of pictures, kept for all sessions: whoever goes back to an earlier order waits for nothing.

Whoever asks gets a promise and looks again: a page that waited for PyTorch inside one call could not be left meanwhile.
A class that opens the same steps waits for one run of them.
"""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from io import BytesIO
from threading import Event, Lock, Thread

import numpy as np
from numpy.typing import NDArray

from cnnlab.lessons.image_pipeline.pipeline import Pipeline
from cnnlab.lessons.image_pipeline.running import ask_torch
from cnnlab.lessons.image_pipeline.snapshots import Outcome
from cnnlab.torch_reference import TorchReference

MOST_CHARACTERS = 32 * 2**20
"""Of all pictures that are kept. One outcome has 10 to 300 kB of them."""

_NUMBERS = 4_000
"""What the numbers of one snapshot count for."""

Key = tuple[str, str, int]


class Promise:
    """An outcome that somebody is working on."""

    def __init__(self) -> None:
        self._done = Event()
        self._found: Outcome | Exception | None = None

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it is there."""
        return self._done.wait(seconds)

    def keep(self, found: Outcome | Exception) -> None:
        """Have it ready for those who wait."""
        self._found = found
        self._done.set()

    def outcome(self) -> Outcome:
        """The outcome. Raises what kept it from being found."""
        if isinstance(self._found, Outcome):
            return self._found
        raise self._found or RuntimeError("the promise was looked at before it was kept")


class Shelf:
    """Outcomes by picture, steps and seed; those that nobody has asked for longest go first."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Key, Outcome] = OrderedDict()
        self._promised: dict[Key, Promise] = {}
        self._characters = 0

    def get(self, key: Key) -> Outcome | None:
        """What is kept under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def ask(self, key: Key, find: Callable[[], Outcome]) -> Promise:
        """Have an outcome found by a thread of its own, unless it is there or one is at it."""
        with self._lock:
            promise = self._promised.get(key)
            if promise is not None:
                return promise
            promise = Promise()
            if key in self._kept:
                promise.keep(self._kept[key])
                return promise
            self._promised[key] = promise
        Thread(target=self._find, args=(key, find, promise), daemon=True).start()
        return promise

    def _find(self, key: Key, find: Callable[[], Outcome], promise: Promise) -> None:
        try:
            found: Outcome | Exception = find()
        except Exception as error:  # noqa: BLE001, it is raised where somebody waits
            found = error
        with self._lock:
            del self._promised[key]
            if isinstance(found, Outcome):
                self._keep(key, found)
        promise.keep(found)

    def _keep(self, key: Key, outcome: Outcome) -> None:
        self._characters += _characters(outcome) - _characters(self._kept.pop(key, None))
        self._kept[key] = outcome
        while self._characters > self._most:
            self._characters -= _characters(self._kept.popitem(last=False)[1])


def _characters(outcome: Outcome | None) -> int:
    return 0 if outcome is None else sum(len(snapshot.picture) + _NUMBERS for snapshot in outcome.snapshots)


# A value of this module, as anybody may have Streamlit's caches emptied.
_SHELF = Shelf()


def key_of(pixels: NDArray[np.uint8], pipeline: Pipeline, seed: int) -> Key:
    """What an outcome is kept under. Without random steps the seed says nothing."""
    digest = blake2b(f"{pixels.shape}".encode() + pixels.tobytes(), digest_size=16).hexdigest()
    return digest, str(pipeline), seed if pipeline.is_random else 0


def known(key: Key) -> Outcome | None:
    """The outcome, if it is kept."""
    return _SHELF.get(key)


def promised(reference: TorchReference, key: Key, pixels: NDArray[np.uint8], pipeline: Pipeline) -> Promise:
    """Have torchvision run the pipeline.

    Args:
        pixels: uint8 (3, H, W), at most 512 pixels a side.

    Returns:
        what becomes the outcome, or the CnnlabError that says why PyTorch could not be asked.
    """
    return _SHELF.ask(key, lambda: ask_torch(reference, png(pixels), pipeline, key[2]))


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A (3, H, W) picture as the bytes of a PNG."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0))).save(file, format="PNG", compress_level=1)
    return file.getvalue()
