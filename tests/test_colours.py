"""A colour that means something is the same one wherever it is drawn: by a figure, a component or Streamlit's theme."""

import re
import tomllib
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from cnnlab.figures import style

ROOT = Path(__file__).parents[1]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
SHEETS = sorted((ROOT / "cnnlab" / "ui").rglob("*.css"))
MEANINGS = {
    "positive": style.POSITIVE,
    "negative": style.NEGATIVE,
    **{f"chart-{place}": style.CATEGORICAL[place] for place in range(2)},
}
GROUNDS = ("backgroundColor", "secondaryBackgroundColor")
QUIET = "color-mix(in srgb, var(--ink) 70%, var(--paper))"
"""What stands behind something else, in every style sheet: explanations, units, signs between numbers."""

EYES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
"""What becomes of red, green and blue light: Machado, Oliveira and Fernandes (2009), at full severity."""


def contrast(one: str, other: str) -> float:
    low, high = sorted((style._luminance(one), style._luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, share: float, other: str) -> str:
    """What `color-mix(in srgb, one share, other)` is."""
    pairs = zip(style.channels(one), style.channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def seen(colour: str, eyes: str) -> np.ndarray:
    """Where a colour lies in CIELAB (L from 0 to 100) for somebody who sees no red, or no green."""
    value = np.array(style.channels(colour)) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = to_xyz @ np.clip(np.array(EYES[eyes]) @ light, 0, 1) / [0.9505, 1, 1.089]
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(one: str, other: str, eyes: str) -> float:
    """How far two colours are from each other (CIE 1976): 2 is just seen where they touch."""
    return float(np.linalg.norm(seen(one, eyes) - seen(other, eyes)))


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


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_accent_carries_white_text_and_has_a_shade_that_is_text(name: str) -> None:
    theme = THEME[name]
    assert contrast("#ffffff", theme["primaryColor"]) >= 4.5
    for ground in (*(theme[each] for each in GROUNDS), theme["sidebar"]["backgroundColor"]):
        assert contrast(theme["primaryColor"], ground) >= 3  # a frame, a slider
        assert contrast(theme["linkColor"], ground) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_quiet_text_reads_on_every_ground_and_is_one_shade(name: str) -> None:
    ink, paper = THEME[name]["textColor"], THEME[name]["backgroundColor"]
    found = {mix for sheet in SHEETS for mix in re.findall(r"--quiet: (.+);", sheet.read_text("utf-8"))}
    assert found == {QUIET}
    quiet = mixed(ink, 0.7, paper)
    for ground in (*(THEME[name][each] for each in GROUNDS), mixed(ink, 0.05, paper)):
        assert contrast(quiet, ground) >= 4.5


@pytest.mark.parametrize("eyes", EYES)
def test_signs_and_the_first_two_curves_differ_without_red_or_green(eyes: str) -> None:
    for colours in (
        (style.NEGATIVE, style.NEUTRAL, style.POSITIVE),
        style.CATEGORICAL[:2],
        style.CATEGORICAL_ON_DARK[:2],
    ):
        for one, other in combinations(colours, 2):
            assert difference(one, other, eyes) >= 40


@pytest.mark.parametrize("eyes", EYES)
def test_the_sequential_scale_gets_lighter_with_each_step_without_red_or_green(eyes: str) -> None:
    steps = [seen(style.sequential(step / 20), eyes)[0] for step in range(21)]
    assert min(after - before for before, after in pairwise(steps)) >= 2


def test_streamlits_own_parts_take_the_accent_as_text_from_the_theme() -> None:
    sheet = (ROOT / "cnnlab" / "ui" / "shell" / "streamlit_inside.css").read_text("utf-8")
    light, dark = (THEME[name]["linkColor"] for name in ("light", "dark"))
    assert f"--lab-accent-text: light-dark({light}, {dark});" in sheet
