"""The README tells the truth about what lies where and what the lab holds."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnlab import lecture
from cnnlab.number_text import parse_matrix
from cnnlab.ui.shell.page_list import PAGES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


PLACES = [place for row in table("The files") for place in re.findall(r"`([^`]+)`", row[0])]


def test_every_page_has_its_line_in_lesson_order() -> None:
    assert [row[0] for row in table("What is in it")] == [page.title for page in PAGES]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_file_map_is_there(place: str) -> None:
    path = ROOT / place
    assert path.is_dir() if place.endswith("/") else path.is_file()


def test_the_file_map_has_every_folder_with_code() -> None:
    folders = {f"{path.relative_to(ROOT).parts[0]}/" for path in ROOT.glob("[!.]*/*.py")}
    parts = {f"{path.parent.relative_to(ROOT)}/" for path in ROOT.glob("cnnlab/*/__init__.py")}
    assert {"cnnlab/", "pages/", "tests/", "cnnlab/ui/"} <= folders | parts
    assert folders | parts <= set(PLACES)


def test_the_picture_shows_the_lectures_numbers() -> None:
    with Image.open(ROOT / "docs" / "convolution.png") as picture:
        assert picture.size == (1280, 800)
        told = {name: parse_matrix(picture.text[name], 5, 9) for name in ("input", "kernel", "output")}
    assert np.array_equal(told["input"], lecture.INPUT)
    assert np.array_equal(told["kernel"], lecture.KERNEL)
    shown = told["output"].ravel()
    assert np.array_equal(shown, lecture.OUTPUT.ravel()[: len(shown)])


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_what_the_readme_links_to_is_there(link: str) -> None:
    assert (ROOT / link).is_file()
