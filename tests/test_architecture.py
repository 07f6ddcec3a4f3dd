"""docs/architecture.md stays short and true, and the index of decisions lists them all."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
DECISIONS = ROOT / "docs" / "decisions"
INDEX = (DECISIONS / "README.md").read_text("utf-8")
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in INDEX.splitlines() if line[:4] == "| 20"
]
FILES = sorted(path.name for path in DECISIONS.glob("*.md") if path.name != "README.md")

# Paths in the text are written in full, with a folder; in the picture, also names in the folder above them.
NAMED = sorted(
    set(re.findall(r"(?:cnnlab|pages|tests|docs|benchmarks|scripts)/[\w/]*[\w./*]*\w(?:\.\w+)?", ARCHITECTURE))
)
WALKS = re.findall(r"(?ms)^### ([^\n]+): (\d+) files\n(.*?)(?=^##)", ARCHITECTURE)


def test_the_architecture_can_be_read_in_one_sitting() -> None:
    assert len(ARCHITECTURE.splitlines()) <= 150


def test_paths_are_found_in_the_architecture() -> None:
    assert {"cnnlab/number_text.py", "pages/convolution.py", "tests/test_house.py", "cnnlab/training"} <= set(NAMED)


@pytest.mark.parametrize("path", NAMED)
def test_a_path_of_the_architecture_is_there(path: str) -> None:
    assert list(ROOT.glob(path))


def test_a_name_in_the_picture_is_that_of_a_file() -> None:
    picture = ARCHITECTURE.split("```")[1]
    names = set(re.findall(r"(?<![\w/*])\w+\.py\b", picture))
    assert {"frame.py", "worker.py"} <= names
    assert not [name for name in names if not list(ROOT.glob(name)) + list(ROOT.glob(f"cnnlab/**/{name}"))]


def test_there_are_three_walks() -> None:
    assert [title for title, _, _ in WALKS] == ["A typed digit", "A loss", "Pasted code"]


@pytest.mark.parametrize(("title", "count", "text"), WALKS, ids=[title for title, _, _ in WALKS])
def test_a_walk_counts_the_files_that_it_passes(title: str, count: str, text: str) -> None:
    paths = set(re.findall(r"`([^`\s]+/[^`\s]+)`", text))
    assert (title, len(paths)) == (title, int(count))
    assert all((ROOT / path).is_file() for path in paths)


def test_the_index_lists_exactly_the_decisions() -> None:
    assert sorted(link for *_, link in ROWS) == [f"[{name}]({name})" for name in FILES]
    assert len(FILES) > 70


def test_the_newest_decision_comes_first() -> None:
    dates = [date for date, *_ in ROWS]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_a_decision_has_the_date_and_the_title_of_its_line(row: tuple[str, str, str]) -> None:
    date, title, link = row
    name = link[1:].split("]")[0]
    assert name == f"{date}-{slug(title)}.md"
    assert (DECISIONS / name).read_text("utf-8").startswith(f"# {title}\n\n{date}\n\n")


def slug(title: str) -> str:
    """The first words of a title, at most 50 characters of them."""
    words = re.findall(r"[a-z0-9]+", title.lower().replace("'", ""))
    return max((part for n in range(len(words)) if len(part := "-".join(words[: n + 1])) <= 50), key=len)
