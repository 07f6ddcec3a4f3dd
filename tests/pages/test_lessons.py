"""Lessons in the lab: every step shows what it claims, places and answers are kept, and the bar's words are judged."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.lessons.courses.shelf import KEYS, SHELF
from cnnlab.ui.shell.page_list import PAGES
from tests.pages.app import ROOT, rerun

PAGE_KEYS = {page.key for page in PAGES}


def open_step(key: str, at: int, **more: str) -> AppTest:
    """Open the lab by the link of a lesson's step."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update({"lesson": key, "at": str(at)} | more)
    return rerun(app)


STEPS = [(key, at) for key in KEYS for at in range(1, len(SHELF.get(key).steps) + 1)]  # type: ignore[union-attr]


@pytest.mark.parametrize(("key", "at"), STEPS)
def test_a_step_opens_its_screen_and_shows_what_it_claims(key: str, at: int) -> None:
    step = SHELF.get(key).steps[at - 1]  # type: ignore[union-attr]
    assert step.page in PAGE_KEYS | {""}
    app = open_step(key, at)
    assert not [told.value for told in app.warning if "The link asks for" in told.value]
    facts: Any = app.session_state["facts/told"]
    for claim in step.shows:
        assert claim.holds(facts), f"{claim}: {claim.why_not(facts)}"
