"""The JavaScript of components, joined of several files."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def joined(*files: Path) -> str:
    """A component's files behind `words.js`, which fills in what texts leave open; the last file holds the export."""
    # Components that are not installed packages take their script as one string.
    return "\n".join(file.read_text("utf-8") for file in (_FOLDER / "words.js", *files))


def with_dom(*files: Path) -> str:
    """The same, with the functions of `dom.js` for what is edited in place."""
    return joined(_FOLDER / "dom.js", *files)
