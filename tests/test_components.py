"""The components: each is declared and fetched by URL, and a page sends no script of theirs."""

import re
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from cnnlab.ui.components import declared
from cnnlab.ui.shell.page_list import PAGES
from tests.live_lab import ROOT
from tests.pages.app import open_at

MANIFEST = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["streamlit"]["component"]["components"]
NAMES = sorted(entry["name"] for entry in MANIFEST)
FILES = sorted(path for kind in ("*.js", "*.css") for path in declared.FOLDER.rglob(kind))
IMPORT = re.compile(r'^import [^;]* from "(.+)"', re.MULTILINE)


def fetch(lab_url: str, name: str, file: str) -> tuple[str, str]:
    with urllib.request.urlopen(f"{lab_url}/_stcore/bidi-components/cnnlab.{name}/{file}", timeout=20) as answer:
        return answer.headers["Content-Type"].partition(";")[0], answer.read().decode()


def test_every_component_is_declared_once_and_in_one_place() -> None:
    code = "".join(path.read_text("utf-8") for path in declared.FOLDER.rglob("*.py"))
    assert sorted(re.findall(r'= declared\(\s*"(\w+)"', code)) == NAMES
    assert {declared.FOLDER.parents[1] / entry["asset_dir"] for entry in MANIFEST} == {declared.FOLDER}


def test_what_components_tell_is_drawn_and_read_in_one_place() -> None:
    talk = re.compile(r"on_\{?\w+\}?_change|session_state\.get\((?:self\.)?key, \{\}\)")
    talking = {path.name for path in (declared.FOLDER.parent).rglob("*.py") if talk.search(path.read_text("utf-8"))}
    assert talking == {"declared.py", "told.py"}


@pytest.mark.parametrize("entry", PAGES, ids=lambda page: page.key)
def test_a_page_sends_no_script(entry) -> None:
    for part in open_at(entry.key).get("bidi_component"):
        assert part.proto.component_name.removeprefix("cnnlab.") in NAMES
        assert (part.proto.js_content, part.proto.css_content) == ("", "")
        assert (declared.FOLDER / part.proto.js_source_path).is_file()
        assert (declared.FOLDER / part.proto.css_source_path).is_file()


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_file_is_served_with_all_that_it_imports(lab_url: str, file: Path) -> None:
    name = file.relative_to(declared.FOLDER).as_posix()
    kind, text = fetch(lab_url, "grid_lab", name)
    assert kind in {".js": ("text/javascript", "application/javascript"), ".css": ("text/css",)}[file.suffix]
    assert text == file.read_text("utf-8")
    for other in IMPORT.findall(text):
        assert (file.parent / other).resolve() in FILES


@pytest.mark.parametrize("way_out", ["../frame.py", "%2e%2e/frame.py", "lib/../../frame.py", "/etc/passwd"])
def test_nothing_else_is_served(lab_url: str, way_out: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match=r"40[04]"):
        fetch(lab_url, "grid_lab", way_out)


@pytest.mark.parametrize(
    ("served", "told"),
    [
        (None, "The lab is not installed, so the browser cannot fetch its grids and charts."),
        ("/elsewhere/ui/components", "Another copy of the lab is installed"),
    ],
)
def test_a_lab_that_is_not_installed_says_what_to_do(monkeypatch, served: str | None, told: str) -> None:
    class Manager:
        def get_component_path(self, name: str) -> str | None:
            assert name == "cnnlab.grid_lab"
            return served

    monkeypatch.setattr(declared, "get_bidi_component_manager", Manager)
    at = open_at("convolution")
    (error,) = at.error
    assert error.value.startswith(told)
    assert "pip install -r requirements.txt" in error.value
    assert not at.get("bidi_component")
