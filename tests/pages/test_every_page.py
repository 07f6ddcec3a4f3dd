"""What must hold for every page that is listed, whoever wrote it: it opens, and no link breaks it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.ui.shell import jobs
from cnnlab.ui.shell.page_list import PAGES
from cnnlab.ui.state import links

ROOT = Path(__file__).parents[2]

# Names that pages read, and one that none does. What a page says about them is up to its own tests.
HOSTILE = {
    "x": "…",
    "step": "99999999",
    "stride": "abc",
    "input": ";;",
    "kernel": "nan",
    "padding": "-1",
    "view": "<b>",
    "seed": "1e999",
    "h": "0",
    "run": "../..",
}


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No data sets of whoever runs the tests, and no worker that loads PyTorch for nothing."""
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "COMMAND", (sys.executable, str(ROOT / "tests" / "fake_run.py")))
    monkeypatch.setattr(jobs._SHELF, "manager", None)
    yield
    if jobs._SHELF.manager is not None:
        jobs._SHELF.manager.close()


def opened(key: str, **parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.query_params.update(parameters)
    return app.switch_page(f"pages/{key}.py").run()


def names_of(app: AppTest) -> tuple[str, ...]:
    """The parameters that a page has asked for."""
    return tuple(app.session_state[links.VISIT].owners) if links.VISIT in app.session_state else ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_page_opens_with_its_title_and_its_line(page) -> None:
    app = opened(page.key)
    assert not app.exception
    assert [title.value for title in app.title] == [page.title]
    assert page.line in [caption.value for caption in app.main.caption]
    assert not app.warning
    assert not app.error


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_link_full_of_nonsense_breaks_no_page(page) -> None:
    app = opened(page.key, **HOSTILE)
    assert not app.exception
    assert [title.value for title in app.title] == [page.title]
    assert not app.run().exception


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
@pytest.mark.parametrize("nonsense", ["nan", "-99999999999", "<b>;,;"])
def test_nonsense_in_every_parameter_that_a_page_reads_is_named(page, nonsense: str) -> None:
    names = names_of(opened(page.key))
    app = opened(page.key, **dict.fromkeys(names, nonsense))
    assert not app.exception
    assert bool(app.warning) == bool(names)
