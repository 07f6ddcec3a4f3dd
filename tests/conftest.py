"""What all tests share."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from cnnlab.ui import server

# Threads of torch that wait for each other would spin, and beside any other load that takes most of the time.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

# The machine may be busy, and the first call of torch is slow: how long an example takes says nothing here.
settings.register_profile("lab", deadline=None)
settings.load_profile("lab")


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Undo what a page did to this process's garbage collector: Hypothesis asks it who holds its random state."""
    yield
    if server.freeze_late_imports in gc.callbacks:
        gc.callbacks.remove(server.freeze_late_imports)
    gc.unfreeze()
