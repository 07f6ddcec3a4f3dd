"""What is answered stays while the learner is on another page, and nothing beside a question has its answer in it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.lessons.channels import presets as channels
from cnnlab.lessons.pooling import presets as pooling
from cnnlab.lessons.transposed import presets as transposed
from tests.pages.app import grid, open_at

ROOT = Path(__file__).parents[2]
LATER = "Shown when you stop predicting."


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


@pytest.mark.parametrize(
    ("page", "prefix", "views", "predict", "note"),
    [
        ("convolution", "", ("hand", "picture", "code"), "predict", "The first two cells come to 27 and 36."),
        ("channels", "ch_", ("hand",), "predict", channels.PRESETS["two_kernels"].note),
        ("pooling", "pool_", ("hand", "shift", "code"), "predict", pooling.PRESETS["max"].note),
        ("transposed", "tr_", ("hand", "overlaps", "direct", "code"), "predict", transposed.PRESETS["overlap"].note),
        ("learn_a_kernel", "learn_", ("descent",), "hide", "to three digits"),
    ],
)
def test_a_presets_note_is_not_told_in_any_view_while_its_numbers_are_asked_for(
    page: str, prefix: str, views: tuple[str, ...], predict: str, note: str
) -> None:
    asking = {predict: "true" if predict == "hide" else "1"}
    for view in views:
        told = _beside(open_at(page, prefix, view=view))
        assert note in told, view
        assert LATER not in told, view
        asked = _beside(open_at(page, prefix, view=view, **asking))
        assert note not in asked, view
        assert LATER in asked, view


@pytest.mark.parametrize(
    ("page", "predict", "note"),
    [
        ("output_shape", {"hide": "true"}, "two kernels give 2×5×5"),
        ("receptive_field", {"reach_hide": "true"}, "5, 6, 14, 16, and the third convolution"),
        ("network", {"net_hide": "p0"}, "only the first layer's kernels get deeper, 456"),
    ],
)
def test_a_presets_note_is_not_told_while_its_numbers_are_asked_for(
    page: str, predict: dict[str, str], note: str
) -> None:
    told = _beside(open_at(page))
    assert note in told
    assert LATER not in told
    asked = _beside(open_at(page, **predict))
    assert note not in asked


@pytest.mark.parametrize(
    ("page", "prefix"), [("convolution", ""), ("channels", "ch_"), ("pooling", "pool_"), ("transposed", "tr_")]
)
def test_the_code_writes_no_output_while_it_is_asked_for(page: str, prefix: str) -> None:
    shown, hidden = (
        " ".join(one.value for one in open_at(page, prefix, view="code", predict=predict).code)
        for predict in ("0", "1")
    )
    assert "# tensor" in shown
    assert "# tensor" not in hidden


def test_what_a_pooling_says_of_its_numbers_waits_for_the_prediction() -> None:
    numbers = {"kind": "avg", "input": "8,4;4,4", "rows": "2", "columns": "2", "padding": "1"}
    assert "is divided by 4, which gives 2." in grid(open_at("pooling", "pool_", **numbers))["note"]
    assert not grid(open_at("pooling", "pool_", predict="1", **numbers))["note"]


def _beside(at: AppTest) -> str:
    """All that a page says in words of its own, tooltips among them."""
    said = [*at.caption, *at.info, *at.markdown]
    return " ".join([*(one.value for one in said), *(button.help for button in at.button)])
