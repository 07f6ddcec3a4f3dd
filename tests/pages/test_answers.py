"""What is answered in a field of a page stays there while the learner is on another page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("why_convolution", {"why": "draw", "draw_hide": "true"}),
        ("output_shape", {"hide": "true"}),
        ("receptive_field", {"reach_hide": "true"}),
    ],
)
def test_an_answer_survives_a_look_at_another_page(page: str, parameters: dict[str, str]) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    app.query_params.update(parameters)
    app.switch_page(f"pages/{page}.py").run()
    app.text_input[0].set_value("99").run()
    said = [warning.value for warning in app.warning]
    assert said
    app.query_params.clear()
    app.switch_page("pages/pooling.py").run()
    assert not app.text_input
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert app.text_input[0].value == "99"
    assert [warning.value for warning in app.warning] == said
