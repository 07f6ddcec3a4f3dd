"""The words that people read: the same for the same thing on every page, and English as it is written.

Every string of the program is looked at but for docstrings, so a new sentence is held to this as well. What may say
otherwise is listed below, with the reason.
"""

import re
from pathlib import Path

import pytest

from cnnlab.layers import LAYER_TYPES
from cnnlab.lessons.network.forms import about
from tests.words import faults_of, python_texts, script_texts

ROOT = Path(__file__).parents[1]
MODULES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "cnnlab").rglob("*.py"))]
SCRIPTS = sorted((ROOT / "cnnlab").rglob("*.js"))
POOLING = [
    path
    for path in MODULES
    if "pooling" in path.relative_to(ROOT).as_posix() and "cnnlab/ops/" not in path.relative_to(ROOT).as_posix()
]

FROM_0 = "rows, columns, layers and units count from 1"
SIZES = "× between sizes"
ORDER = "C × H × W"
ALLOWED = {
    # PyTorch's own words.
    "layers/torch_words.py": {SIZES},
    # What is typed at a prompt, where x is the letter that there is.
    "networks/parsing.py": {SIZES},
    "cli.py": {SIZES},
    # Links count from 0, as code does, and say so; so do the arguments of a function.
    "ui/network/state.py": {FROM_0},
    "ui/output_shape.py": {FROM_0, ORDER},  # The order of the slides is named as theirs.
    "ui/picture_choice.py": {FROM_0},
    "lessons/network/texts.py": {FROM_0},
    "lessons/receptive_field/stack.py": {FROM_0},
    "lessons/learn_a_kernel/settings.py": {FROM_0},
    "ops/arguments.py": {FROM_0},
    "data/files.py": {FROM_0},  # PyTorch's labels do.
    # The order of the slides is named as theirs.
    "lessons/network/quiz.py": {ORDER},
    "lessons/output_shape/presets.py": {ORDER},
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().removeprefix("cnnlab/")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_sentence_says_the_word_that_all_others_say(path: Path) -> None:
    allowed = ALLOWED.get(name_of(path), set())
    found = [
        f"line {line}: {text!r}: say {instead}"
        for line, text in python_texts(path)
        for instead in faults_of(text)
        if instead not in allowed and " " in text.strip()
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_components_script_says_them_too(path: Path) -> None:
    # "note advice" and the like are classes of elements, which nobody reads.
    texts = [(line, text) for line, text in script_texts(path) if not re.fullmatch(r"[a-z -]*", text)]
    found = [f"line {line}: {text!r}: say {instead}" for line, text in texts for instead in faults_of(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", POOLING, ids=name_of)
def test_a_pooling_takes_an_average(path: Path) -> None:
    """A mean of numbers elsewhere may be a mean; a pooling's has one name."""
    found = [
        f"line {line}: {text!r}" for line, text in python_texts(path) if re.search(r"\bmeans? | (mean|avg)\b", text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", LAYER_TYPES)
def test_what_a_layer_does_is_said_in_these_words(name: str) -> None:
    """Its docstring's first line stands on the Network page."""
    line = about(LAYER_TYPES[name])
    assert not faults_of(line)
    assert not re.search(r"\*|\bmean\b", line, re.IGNORECASE) or "Norm" in name


@pytest.mark.parametrize("name", ["README.md", "docs/teaching.md"])
def test_the_notes_say_them_too(name: str) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`", "", (ROOT / name).read_text("utf-8"), flags=re.DOTALL)
    found = [f"{line}: say {instead}" for line in prose.splitlines() for instead in faults_of(line)]
    assert not [one for one in found if "slide" not in one]


def test_what_may_say_otherwise_still_does() -> None:
    """An exception that is not needed any more goes."""
    for name, allowed in ALLOWED.items():
        path = ROOT / name if (ROOT / name).is_file() else ROOT / "cnnlab" / name
        said = {fault for _, text in python_texts(path) if " " in text.strip() for fault in faults_of(text)}
        assert allowed <= said, f"{name} does not need {allowed - said} any more"


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("'a' is no number", "is not a …"),
        ("PIL images are none", "is not a …"),
        ("whoever opens the link", "anyone who"),
        ("Mend the pipeline, and what mends it", "fix, suggestion"),
        (r"H_{\text{out}} &= 3", "OH and OW"),
        ("(C, H′, W′)", "OH and OW"),
        ("a filter of 3", "kernel"),
        ("N: kernels", "O or a word: N is the batch"),
        ("a map of {} x {}", "× between sizes"),
        ("channels x height x width", "× between sizes"),
        ("28 × 28 pixels, H × W × C", "C × H × W"),
        ("columns 2 to 4, counted from 0", FROM_0),
    ],
)
def test_a_word_that_is_not_said_is_found(text: str, instead: str) -> None:
    assert instead in faults_of(text)


@pytest.mark.parametrize(
    "text", ["There is no output yet", "it is no longer here", "it was no more than 3", "3×3, hex 0x10", "H's and W's"]
)
def test_plain_english_is_let_be(text: str) -> None:
    assert not faults_of(text)
