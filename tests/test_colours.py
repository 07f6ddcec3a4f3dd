"""A colour that means something is the same one wherever it is drawn: by a figure, a component or Streamlit's theme."""

import re
import tomllib
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from cnnlab.figures import style
from cnnlab.ui.pages.network.lab import _PALETTE

ROOT = Path(__file__).parents[1]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
SHEETS = sorted((ROOT / "cnnlab" / "ui").rglob("*.css"))
VARIABLES = {
    "positive": "positive",
    "negative": "negative",
    "chart-0": "first series",
    "chart-1": "second series",
    "same": "good",
    "lost": "lost",
}
"""What style sheets call a meaning."""

TOGETHER = (
    ("positive", "negative"),
    ("first series", "second series"),
    ("selected", "first series"),
    ("selected", "second series"),
    ("selected", "good"),
    ("selected", "lost"),
    ("negative", "first series"),
    ("positive", "selected"),
    ("red", "green"),
    ("red", "blue"),
    ("green", "blue"),
)
"""Meanings that one picture or page has side by side, and that nothing but the colour tells apart at a glance."""

LEAST = 25
"""How far such colours are from each other, at least, in CIELAB: 2 is just seen where two touch, 18 was one grey."""

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


def seen(colour: str, eyes: str | None) -> np.ndarray:
    """Where a colour lies in CIELAB (L from 0 to 100) for somebody who sees no red, or no green; None sees both."""
    value = np.array(style.channels(colour)) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = to_xyz @ np.clip((np.array(EYES[eyes]) if eyes else np.eye(3)) @ light, 0, 1) / [0.9505, 1, 1.089]
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(one: str, other: str, eyes: str | None) -> float:
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


@pytest.mark.parametrize("variable", VARIABLES)
def test_style_sheets_give_a_meaning_the_colour_of_the_table(variable: str) -> None:
    found = [
        colour
        for sheet in SHEETS
        for colour in re.findall(rf"--{variable}: (?:light-dark\()?(#\w+)", sheet.read_text("utf-8"))
    ]
    assert found
    assert set(found) == {style.MEANINGS[VARIABLES[variable]].light}


def test_no_style_sheet_has_a_colour_of_its_own() -> None:
    known = {shade for colour in style.MEANINGS.values() for shade in (colour.light, colour.dark)} | {"#ffffff", "#fff"}
    for sheet in SHEETS:
        if sheet.parent.name == "shell":
            continue  # Streamlit's own parts
        # What stands in where the theme says nothing is the theme's.
        text = re.sub(r"var\(--st-[\w-]+, #\w+\)", "", sheet.read_text("utf-8"))
        assert set(re.findall(r"#[0-9a-f]{3,6}\b(?=[;,) ])", text)) <= known, sheet.name


def test_what_is_selected_is_the_accent() -> None:
    selected = style.MEANINGS["selected"]
    assert [THEME[name]["primaryColor"] for name in ("light", "dark")] == [selected.light, selected.dark]
    found = {value for sheet in SHEETS for value in re.findall(r"--selected: ([^;]+);", sheet.read_text("utf-8"))}
    assert found == {"var(--accent)", "var(--st-primary-color)", selected.light}


@pytest.mark.parametrize("eyes", [None, *EYES])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_one_meaning_is_told_from_another_without_red_or_green(name: str, eyes: str | None) -> None:
    for one, other in TOGETHER:
        first, second = (getattr(style.MEANINGS[meaning], name) for meaning in (one, other))
        assert difference(first, second, eyes) >= LEAST, (one, other)


@pytest.mark.parametrize("eyes", [None, *EYES])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_window_is_seen_around_a_number_of_either_sign(name: str, eyes: str | None) -> None:
    theme = THEME[name]
    tile = mixed(theme["textColor"], 0.05, theme["backgroundColor"])
    for sign in (style.NEGATIVE, style.POSITIVE):
        for share in (0, 0.25, 0.55):  # as strong as a cell is tinted
            assert difference(theme["primaryColor"], mixed(sign, share, tile), eyes) >= 40


@pytest.mark.parametrize("name", ["light", "dark"])
def test_marks_are_seen_on_each_themes_ground(name: str) -> None:
    ground = THEME[name]["backgroundColor"]
    for meaning in ("selected", "first series", "second series", "good", "lost", "red", "green", "blue"):
        assert contrast(getattr(style.MEANINGS[meaning], name), ground) >= 3, meaning


def test_no_series_has_a_signs_colour() -> None:
    for series in (*style.CATEGORICAL, *style.CATEGORICAL_ON_DARK):
        assert min(difference(series, sign, None) for sign in (style.POSITIVE, style.NEGATIVE)) >= 35, series


@pytest.mark.parametrize("eyes", [None, *EYES])
@pytest.mark.parametrize("colours", [style.CATEGORICAL, style.CATEGORICAL_ON_DARK])
def test_kinds_of_layers_are_told_apart_without_red_or_green(colours: tuple[str, ...], eyes: str | None) -> None:
    kinds = [colours[place] for place in _PALETTE.values()]
    assert min(difference(one, other, eyes) for one, other in combinations(kinds, 2)) >= 18


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


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_name_of_a_kind_of_layer_reads_in_its_colour(name: str) -> None:
    theme = THEME[name]
    named = [theme["chartCategoricalColors"][place] for kind, place in _PALETTE.items() if kind != "input"]
    assert min(contrast(colour, theme["backgroundColor"]) for colour in named) >= 4.5


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


def test_no_picture_of_a_card_has_a_colour_of_its_own() -> None:
    known = {shade for colour in style.MEANINGS.values() for shade in (colour.light, colour.dark)}
    # Lines and what is in no window are grey; the accent is that of both themes.
    known |= {style.ACCENT, "#8a8fa3", "#7c8298"}
    for card in sorted((ROOT / "cnnlab" / "ui" / "shell" / "pictures").glob("*.svg")):
        assert set(re.findall(r"#[0-9a-f]{6}", card.read_text("utf-8"))) <= known, card.name
