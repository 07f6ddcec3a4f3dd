"""The JavaScript of components, joined of several files."""

from pathlib import Path

_DOM = Path(__file__).with_name("dom.js")


def with_dom(*files: Path) -> str:
    """A component's files behind the functions that all of them share, `dom.js`."""
    return "\n".join(file.read_text("utf-8") for file in (_DOM, *files))
