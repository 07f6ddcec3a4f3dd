"""What torchvision made of pictures, kept for all sessions: whoever goes back to an earlier order waits for nothing."""

from collections import OrderedDict
from hashlib import blake2b
from io import BytesIO
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from cnnlab.lessons.image_pipeline.running import ask_torch
from cnnlab.lessons.image_pipeline.snapshots import Outcome
from cnnlab.lessons.image_pipeline.steps import Pipeline
from cnnlab.witness import Witness

MOST_CHARACTERS = 32 * 2**20
"""Of all pictures that are kept. One outcome has 10 to 300 kB of them."""

Key = tuple[str, str, int]


class Shelf:
    """Outcomes by picture, steps and seed; those that nobody has asked for longest go first."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Key, Outcome] = OrderedDict()
        self._characters = 0

    def get(self, key: Key) -> Outcome | None:
        """What is kept under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Key, outcome: Outcome) -> None:
        """Keep an outcome, and let go of the oldest where there are too many."""
        with self._lock:
            self._characters += _characters(outcome) - _characters(self._kept.pop(key, None))
            self._kept[key] = outcome
            while self._characters > self._most:
                self._characters -= _characters(self._kept.popitem(last=False)[1])

    def __len__(self) -> int:
        return len(self._kept)


def _characters(outcome: Outcome | None) -> int:
    return 0 if outcome is None else sum(len(snapshot.picture) + 4_000 for snapshot in outcome.snapshots)


# A value of this module, as anybody may have Streamlit's caches emptied.
_SHELF = Shelf()


def key_of(pixels: NDArray[np.uint8], pipeline: Pipeline, seed: int) -> Key:
    """What an outcome is kept under. Without random steps the seed says nothing."""
    digest = blake2b(pixels.tobytes(), digest_size=16, person=str(pixels.shape).encode()[:16]).hexdigest()
    return digest, str(pipeline), seed if pipeline.is_random else 0


def known(key: Key) -> Outcome | None:
    """The outcome, if it is kept."""
    return _SHELF.get(key)


def found(witness: Witness, key: Key, pixels: NDArray[np.uint8], pipeline: Pipeline) -> Outcome:
    """Have torchvision run the pipeline, and keep what comes out.

    Args:
        pixels: uint8 (3, H, W), at most 512 pixels a side.

    Raises:
        CnnlabError: PyTorch could not be asked.
    """
    outcome = ask_torch(witness, png(pixels), pipeline, key[2])
    _SHELF.put(key, outcome)
    return outcome


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A (3, H, W) picture as the bytes of a PNG."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0))).save(file, format="PNG", compress_level=1)
    return file.getvalue()
