"""The front door opens without what is slow to import."""

import ast
import json
import subprocess
import sys
from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SLOW = {"torch", "torchvision", "streamlit", "plotly", "pandas", "PIL"}


def imported_by(program: str) -> set[str]:
    """What a fresh interpreter has imported after a program: in this one, other tests have imported everything."""
    told = "import json, sys; print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-c", f"{program}\n{told}"]
    return set(json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout))


def test_importing_the_lab_imports_nothing_but_the_front_door() -> None:
    modules = imported_by("import cnnlab")
    assert SLOW.isdisjoint(modules)
    assert "numpy" not in modules
    assert {name for name in modules if name.split(".")[0] == "cnnlab"} == {"cnnlab"}


def test_all_public_names_together_import_nothing_slow() -> None:
    modules = imported_by("from cnnlab import *")
    assert {"numpy", "cnnlab.training", "cnnlab.effective_fields"} <= modules
    assert SLOW.isdisjoint(modules)


def test_an_operation_imports_no_network_and_no_data() -> None:
    modules = imported_by("from cnnlab import conv2d")
    assert "cnnlab.ops" in modules
    assert modules.isdisjoint({"cnnlab.networks", "cnnlab.data", "cnnlab.training", "cnnlab.layers"})


def test_no_module_imports_itself_in_a_circle() -> None:
    # With a front door that imports nothing, a circle would show only to those who enter it at the wrong place.
    paths = {path.relative_to(ROOT): path for path in sorted((ROOT / "cnnlab").rglob("*.py"))}
    names = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): paths[path] for path in paths}
    assert len(names) > 200
    graph = {name: imports_of(path.read_text("utf-8"), names.keys()) for name, path in names.items()}
    assert "cnnlab.ops" in graph["cnnlab.networks.network"] | graph["cnnlab.layers.convolutions"]
    list(TopologicalSorter(graph).static_order())


def test_a_circle_is_found() -> None:
    sources = {"a": "from b import c", "b": "", "b.c": "import a"}
    graph = {name: imports_of(source, sources.keys()) for name, source in sources.items()}
    with pytest.raises(CycleError):
        list(TopologicalSorter(graph).static_order())


def imports_of(source: str, names: Collection[str]) -> set[str]:
    """Which of some modules a source imports when it is imported itself."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (parts & set(names)) or {node.module}
    return found & set(names)
