"""Find every message in the source and write the catalogue that translations start from.

python -m scripts.extract_messages            write cnnlab/texts/cnnlab.pot
python -m scripts.extract_messages --count    say how many there are
"""

import argparse
import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "cnnlab" / "texts" / "cnnlab.pot"

KEYWORDS = {
    **dict.fromkeys(
        (
            "message",
            "unfilled",
            "say",
            "markdown",
            "CnnlabError",
            "ShapeError",
            "ParseError",
            "DataError",
            "TrainingError",
        ),
        None,
    ),
    "plural": (1, 2),
}
"""The functions whose first argument is a template; `plural` has two."""

PLACES = (("cnnlab/**.py", "python"), ("pages/**.py", "python"), ("app.py", "python"))


def extract() -> Catalog:
    """Return all messages of the source, each with the files that it is in."""
    catalogue = Catalog(project="cnnlab", charset="utf-8", header_comment="# The lab's messages. Written by a script.")
    found = extract_from_dir(ROOT, list(PLACES), keywords=KEYWORDS, comment_tags=("For translators:",))
    for file, _, template, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        # An empty id is the head of a catalogue.
        if template not in ("", ("", "")):
            catalogue.add(template, None, [(file, 1)], auto_comments=comments, context=context)
    return catalogue


def text_of(catalogue: Catalog) -> str:
    """Write a catalogue without what differs from day to day and from line to line."""
    written = io.BytesIO()
    write_po(written, catalogue, width=120, omit_header=True, include_lineno=False)
    return written.getvalue().decode("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Find every message in the source.")
    parser.add_argument("--count", action="store_true", help="say how many there are")
    catalogue = extract()
    if parser.parse_args().count:
        several = sum(isinstance(one.id, tuple) for one in catalogue if one.id)
        print(f"{len(catalogue):,} messages, {several} of them with a plural")
        return
    CATALOGUE.write_text(text_of(catalogue), "utf-8")


if __name__ == "__main__":
    main()
