"""What all tests share."""

import os
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from cnnlab.ui.shell import server
from tests.live_lab import running_lab

# Threads of torch that wait for each other take most of the time where anything else runs beside them, as tests do:
# five epochs took 16 s with two threads on two busy cores, 6 s with one. Those that spin take even more.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

# The machine may be busy, and the first call of torch is slow: how long an example takes says nothing here.
settings.register_profile("lab", deadline=None)
settings.load_profile("lab")

# A page prepares no server in this process: nothing is imported behind a test's back, nothing is frozen. Hypothesis
# asks the garbage collector who holds its random state.
server._is_prepared = True

# AppTest reads what each installed package says of itself, and does so anew for each run of a page: five times as long
# as the run. What is installed does not change meanwhile.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# Each process of an observed lab imports it as it begins; here it would observe the tests.
collect_ignore = ["observer/sitecustomize.py"]


@pytest.fixture(scope="session")
def lab_url() -> Iterator[str]:
    """A lab for all who only visit it."""
    with running_lab() as url:
        yield url
