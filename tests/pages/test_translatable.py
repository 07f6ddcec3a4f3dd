"""Everything that a page says can be said in another language: with one of its own in the catalogue's place, no English
is left.

In that language each text stands in ⟦brackets⟧. What stands outside of them did not pass through the catalogue.

Of the states that the teaching notes open, those are looked at that are the first on their page with some word in their
link: every page, and every view, part and way of each.
"""

import dataclasses
import gettext
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.layers import LAYER_TYPES
from cnnlab.lessons.courses.shelf import own_courses
from cnnlab.lessons.image_pipeline.steps import STEP_TYPES
from cnnlab.optimizers import OPTIMIZER_TYPES
from cnnlab.texts import ENGLISH, speak
from cnnlab.ui.shell import language
from cnnlab.ui.shell.page_list import PAGES
from tests.pages.app import ROOT, components
from tests.pages.test_every_page import HOSTILE
from tests.pages.test_words import STATES, opened, told

NAMES = {
    # What things are called.
    *("cnnlab", "MIT", "PyTorch", "torch", "torchvision", "Matplotlib", "NumPy", "Pillow", "PIL", "Python"),
    *("CIFAR", "MNIST", "LeNet", "AlexNet", "VGG", "MobileNet", "ImageNet", "ResNet", "CNN", "MLP"),
    # Signs: units, formats, colours, the letters of the lecture's formulas.
    *("MACs", "kB", "MB", "GB", "ms", "RGB", "SVG", "PNG", "JPEG", "WebP", "FH", "FW", "OH", "OW", "OP"),
    # Arguments, types and values, as PyTorch writes them.
    *(field.name for layer in LAYER_TYPES.values() for field in dataclasses.fields(layer)),
    *("size", "scale", "mean", "std", "dtype", "num_output_channels"),
    *("uint8", "int64", "float32", "float64", "True", "False", "None"),
    *("zeros", "reflect", "replicate", "circular", "valid", "same", "full"),
    *LAYER_TYPES,
    *(step.title for step in STEP_TYPES.values() if step.title.isidentifier()),
    *(optimizer.torch_name for optimizer in OPTIMIZER_TYPES.values()),
    # Devices, and data sets that are called so.
    *("CPU", "CUDA", "MPS", "cifar10", "mini"),
}
"""Words that are the same in every language."""

CODE = re.compile(
    r"""
    `+[^`]+`+                                   # as Markdown has it
    | \$\$?[^$]+\$\$?                           # a formula
    | :material/\w+: | :[a-z]+(?=\[)            # a symbol, a colour
    | \b(?:https?|data):\S+ | \#[0-9a-fA-F]{6}\b
    | \b[\w.]+\([^()]*\) | \([-\d.,\s]*\)     # a call, a tuple
    | \b[A-Za-z_]\w*\.[a-z]\w*[\w.]*           # a name with dots, a file
    | \b\w+=[\w.,;:+-]+                         # an argument
    | %\{[^}]*\} | %[.\d]*[a-z]\b                # Plotly's places, and formats
    | </?[a-z]+>
    """,
    re.VERBOSE,
)

LABELS = {"label", "help", "body", "options", "placeholder", "caption", "text", "title", "header", "note", "refusal"}
"""Fields of elements, and keys of what components are given, that people read even where it is one word only."""


class Bracketed(gettext.NullTranslations):
    """A language in which each text stands in brackets, but for those that are places and signs only."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if re.search(r"[A-Za-z]{2}", re.sub(r"\{[^}]*\}", "", message)) else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture(autouse=True)
def spoken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[gettext.NullTranslations]]:
    """The language of all sessions, as the only item of a list: the bracketed one, until a test puts another there."""
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path))  # no data sets of whoever runs the tests
    spoken: list[gettext.NullTranslations] = [Bracketed()]
    monkeypatch.setattr(language, "of_session", lambda: spoken[0])
    yield spoken
    speak(lambda: ENGLISH)


def first_with_each_word() -> list[str]:
    """The states that are the first of their page with some word in their link."""
    seen, chosen = set[tuple[str, ...]](), list[str]()
    for link in STATES:
        address = urlsplit(link)
        words = {(address.path, name, word) for name, word in parse_qsl(address.query) if re.fullmatch("[a-z_]+", word)}
        if not seen.issuperset(words | {(address.path,)}):
            chosen.append(link)
            seen |= words | {(address.path,)}
    return chosen


def not_translated(texts: Iterator[str]) -> list[str]:
    """Those that say something outside of brackets."""
    return sorted({text for text in texts if _says(text)})


LESSONS = {
    text.said("en")
    for course in own_courses().values()
    for text in (course.title, course.line, *(text for step in course.steps for text in (step.title, step.say)))
}
"""What lessons say: in the language that a lesson is read in, which is its own."""


def _says(text: str) -> bool:
    text = "\n".join(line for line in text.splitlines() if re.sub(r"^\d+\. ", "", line) not in LESSONS)
    for pattern in (re.compile("⟦[^⟦⟧]*⟧"), CODE):
        left = None
        # From the innermost on.
        while left != text:
            left, text = text, pattern.sub("", text)
    words = [word for word in re.findall(r"[^\W\d]\w+", text) if re.search("[A-Za-z]{2}", word)]
    return not NAMES.issuperset(words)


def everything(app: AppTest) -> Iterator[str]:
    """Every text of more than one word, and what stands in places for people; PyTorch's own sentences are left out."""
    given = components(app)
    says = set(_under({"says", "torch_says"}, given))
    elements = [
        _plain(element.proto)
        for element in app._tree
        # A component's files go with it.
        if hasattr(element, "proto") and element.type not in ("bidi_component", "code")
    ]
    yield from (text for text in (*told(app), *_under(LABELS, given), *_under(LABELS, elements)) if text not in says)


def _plain(proto: Any) -> Any:
    """A message of Streamlit's as dicts and lists; what is JSON in it is read."""
    if hasattr(proto, "ListFields"):
        return {field.name: _plain(value) for field, value in proto.ListFields()}
    if isinstance(proto, str):
        if proto.startswith(("{", "[")):
            try:
                return json.loads(proto)
            except ValueError:
                pass
        return proto
    return [_plain(one) for one in proto] if hasattr(proto, "__iter__") and not isinstance(proto, bytes) else proto


def _under(keys: set[str], data: Any, *, is_read: bool = False) -> Iterator[str]:
    """The texts in data that stand under one of these keys."""
    if isinstance(data, str):
        if is_read and not data.startswith("<"):
            yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            # Lists of texts are what was typed, and of an option a value comes before what it is called.
            is_words = key in ("words", "texts") and isinstance(value, dict) and keys is LABELS
            named = (
                [one[1] if isinstance(one, list) and len(one) == 2 else one for one in value]
                if key == "options"
                else value
            )
            yield from _under(keys, named, is_read=key in keys or is_words or (is_read and key != "texts"))
    elif isinstance(data, list):
        for value in data:
            yield from _under(keys, value, is_read=is_read)


@pytest.mark.parametrize("link", first_with_each_word())
def test_nothing_on_a_page_is_english_only(link: str) -> None:
    found = not_translated(everything(opened(link)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("link", first_with_each_word())
def test_what_one_session_was_told_is_not_kept_for_another(link: str, spoken: list[gettext.NullTranslations]) -> None:
    """Whatever is cached is in no language yet."""
    opened(link)
    spoken[0] = ENGLISH
    assert not [text for text in everything(opened(link)) if "⟦" in text or "⟧" in text]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_what_a_page_says_to_a_link_that_cannot_be_is_not_english_only(page: Any) -> None:
    names = "&".join(f"{name}={value}" for name, value in HOSTILE.items())
    found = not_translated(everything(opened(f"/{page.key}?{names}")))
    assert not found, "\n".join(found)


def test_the_landing_page_is_not_english_only() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    found = not_translated(everything(app))
    assert len(list(everything(app))) > 3 * len(PAGES)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("⟦Step ⟦one⟧ of 3⟧", False),
        ("⟦Step 1⟧, LeNet-5: `stride=2`", False),
        ("⟦Step 1⟧ of 3", True),
        ("the ⟦kernel⟧", True),
        ("Kernel", True),
        ("Conv2d(3, 6, 5) → 6 × 28 × 28", False),
        ("%{y:.1%} ⟦at epoch %{x}⟧", False),
    ],
)
def test_english_outside_of_brackets_is_found(text: str, is_found: bool) -> None:
    assert _says(text) == is_found
