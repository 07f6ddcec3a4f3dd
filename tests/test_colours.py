"""A colour that means something is the same one wherever it is drawn: by a figure, a component or Streamlit's theme."""

import re
import tomllib
from pathlib import Path

import pytest

from cnnlab.figures import style

ROOT = Path(__file__).parents[1]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
SHEETS = sorted((ROOT / "cnnlab" / "ui").rglob("*.css"))
MEANINGS = {
    "positive": style.POSITIVE,
    "negative": style.NEGATIVE,
    **{f"chart-{place}": style.CATEGORICAL[place] for place in range(4)},
}


def contrast(one: str, other: str) -> float:
    low, high = sorted((style._luminance(one), style._luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_figures_have_the_themes_colours() -> None:
    assert list(style.CATEGORICAL) == THEME["light"]["chartCategoricalColors"]
    assert list(style.CATEGORICAL_ON_DARK) == THEME["dark"]["chartCategoricalColors"]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_lines_are_seen_on_each_themes_ground(name: str) -> None:
    ground = THEME[name]["backgroundColor"]
    assert min(contrast(colour, ground) for colour in THEME[name]["chartCategoricalColors"]) >= 3
    assert min(contrast(colour, ground) for colour in style.CATEGORICAL[:2]) >= 3


@pytest.mark.parametrize("meaning", MEANINGS)
def test_style_sheets_give_a_meaning_the_colour_of_the_figures(meaning: str) -> None:
    found = [colour for sheet in SHEETS for colour in re.findall(rf"--{meaning}: (#\w+)", sheet.read_text("utf-8"))]
    assert found
    assert set(found) == {MEANINGS[meaning]}


@pytest.mark.parametrize("step", range(101))
def test_a_number_reads_on_every_colour_of_the_sequential_scale(step: int) -> None:
    ground = style.sequential(step / 100)
    assert contrast(ground, style.text_on(ground)) >= 4.5
