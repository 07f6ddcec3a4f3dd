"""What the lab changes inside of Streamlit is there to be changed; where it is not, the lab says so and goes on."""

import logging
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import streamlit
from streamlit import net_util
from streamlit.runtime.app_session import AppSession

from cnnlab.ui.shell import streamlit_inside

ROOT = Path(__file__).parents[1]
INSIDE = ROOT / "cnnlab" / "ui" / "shell"
FRAME = ROOT / "cnnlab" / "ui" / "components" / "frame"
OURS = {INSIDE / "streamlit_inside.css", FRAME / "menu.js", FRAME / "numbers.js", FRAME / "title.js"}
NAMES = re.compile(r"""data-testid=\\?["']?(\w+)""")


def names_in(path: Path) -> set[str]:
    return set(NAMES.findall(path.read_text("utf-8")))


def test_names_of_streamlits_elements_stand_in_one_place() -> None:
    files = [path for kind in ("py", "css", "js") for path in (ROOT / "cnnlab").rglob(f"*.{kind}")]
    assert {path for path in files if names_in(path)} == OURS


@pytest.mark.parametrize("name", sorted(name for path in OURS for name in names_in(path)))
def test_streamlit_has_an_element_of_this_name(name: str) -> None:
    scripts = (Path(streamlit.__file__).parent / "static" / "static" / "js").glob("*.js")
    assert any(name in script.read_text("utf-8") for script in scripts)


def test_all_changes_are_made_without_a_word(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net_util, "get_external_ip", lambda: "192.0.2.1")
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    with caplog.at_level(logging.WARNING):
        streamlit_inside.adapt()
    assert not caplog.records
    assert net_util.get_external_ip() is None
    assert hasattr(AppSession.request_rerun, "__wrapped__")


def test_what_is_gone_is_told_and_the_rest_is_changed(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(net_util, "get_external_ip")
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    with caplog.at_level(logging.WARNING):
        streamlit_inside.adapt()
    (told,) = caplog.messages
    has_no = "has no net_util.get_external_ip, so the lab goes on without `ask_no_other_host`."
    assert told == f"Streamlit {version('streamlit')} {has_no}"
    assert not hasattr(net_util, "get_external_ip")
    assert hasattr(AppSession.request_rerun, "__wrapped__")


def test_one_line_of_versions_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (asked,) = (each for each in project["dependencies"] if each.startswith("streamlit"))
    assert re.fullmatch(r"streamlit~=\d+\.\d+\.0", asked)
