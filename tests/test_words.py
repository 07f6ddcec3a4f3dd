"""The words that people read: the same for the same thing on every page, and English as it is written.

Every string of the program is looked at but for docstrings, so a new sentence is held to this as well. What may say
otherwise is listed below, with the reason.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnnlab.layers import LAYER_TYPES
from cnnlab.lessons.network.forms import about
from tests.words import faults_of, literals, python_texts

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
    "ui/pages/network/state.py": {FROM_0},
    "ui/pages/output_shape/page.py": {FROM_0, ORDER},  # The order of the slides is named as theirs.
    "ui/parts/picture_choice.py": {FROM_0},
    "lessons/network/texts.py": {FROM_0},
    "lessons/receptive_field/stack.py": {FROM_0},
    "lessons/learn_a_kernel/settings.py": {FROM_0},
    "ops/arguments.py": {FROM_0},
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
def test_no_text_for_people_stands_in_a_script(path: Path) -> None:
    """All words come with the data of the component, in the session's language."""
    found = [f"line {line}: {text!r}" for line, text in texts_for_people(path.read_text("utf-8"), classes_of(path))]
    assert not found, "\n".join(found)


CODE = {
    # Keys, as the browser calls them.
    *("Enter", "Escape", "Tab", "Home", "End", "PageUp", "PageDown", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"),
    # Style sheets, and what is found by them.
    "'Source Sans', 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif",
    '[data-testid="stSidebarCollapseButton"] button',
    '[data-testid="stMain"] h1',
    'tr[data-row="{}"] [data-name="{}"]',
    "input, select, button, label",
    "textarea, select, [contenteditable], [role=listbox]",
    "input:not([type=range]), select",
    "input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]",
    "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]",
    "{}, [type=radio], [role=radiogroup], [role=tablist], [role=listbox], [role=application], [role=grid]",
    "button, a[href], summary, [type=checkbox], [role=button], [role=option]",
    ".st-key-{} button",
    "(pointer: coarse)",
    "(prefers-reduced-motion: reduce)",
    "translate({}px, {}px)",
    "repeat({}, {}px)",
    "rgb({} {} {})",
    "color-mix(in srgb, {} {}%, {})",
    "linear-gradient(to right, {})",
}
"""Literals with words that nobody reads, but for classes of elements, which the style sheet knows."""

UNSTYLED = {
    *("advice", "bias", "curve", "left", "name", "panel", "places", "side", "typed", "vector", "wide"),
}
"""Classes that no style sheet knows: tests find elements by them."""

READ_AT_ONCE = re.compile(
    r"""(?:\.(?:textContent|title|alt|placeholder)\s*\+?=|\b(?:title|alt|placeholder):|"(?:aria-label|aria-valuetext|title)"[,:])"""
    r"""\s*["'`](?P<text>[^"'`]*)["'`]"""
)
"""A literal that goes straight to where people read it."""


def classes_of(script: Path) -> set[str]:
    """The classes that the style sheets beside a script know."""
    return {name for sheet in script.parent.glob("*.css") for name in re.findall(r"\.([a-z][\w-]*)", sheet.read_text())}


def texts_for_people(code: str, classes: set[str]) -> Iterator[tuple[int, str]]:
    """The literals of a script that look like words for people, each with its line."""

    known = classes | UNSTYLED

    def is_class(word: str) -> bool:
        start = word.replace("{}", "").rstrip("-")
        return not start or word in known or (start != word and any(name.startswith(start) for name in known))

    for line, text in literals(code):
        has_words = re.search(r"[A-Za-z]{2}", text) and (" " in text.strip() or re.search(r"\b[A-Z][a-z]+", text))
        is_path = re.fullmatch(r"[MLHVhvlza-z\d .,-]*", text.replace("{}", "")) and not re.search(r"[a-z]{3}", text)
        if has_words and not is_path and text not in CODE and not all(map(is_class, text.split())):
            yield line, text
    for found in READ_AT_ONCE.finditer(code):
        if re.search("[A-Za-z]{2}", re.sub(r"\$\{[^}]*\}", "", found["text"])):
            yield code.count("\n", 0, found.start()) + 1, found["text"]


@pytest.mark.parametrize(
    "code",
    [
        'told("p", "", "Nothing is here")',
        "make('p').append('Nothing')",
        'let a = `Step ${step + "x"} of ${steps}`',
        "let a = `${n > 1 ? `${n} pixels` : 'none'}`",
        'input.placeholder = "number"',
        'make("div", { "aria-label": "grid" })',
        "row.textContent += ` ${said} left`",
        "button.title = 'remove'",
        "split(/[\"']/).join('and so on')",
    ],
)
def test_a_text_in_a_script_is_found(code: str) -> None:
    assert list(texts_for_people(code, {"card", "note"}))


@pytest.mark.parametrize(
    "code",
    [
        '// "A word of the code"\nmake("div", "card note")',
        "make('div', `card is-${kind}`)",
        'path.setAttribute("d", `M${x} ${y}h${width}v1z`)',
        'if (event.key === "ArrowUp") told("p", "note", fill(words.step, { step }))',
        'element.setAttribute("aria-label", words[name])',
        'sign.textContent = "?"',
    ],
)
def test_what_is_no_text_is_let_be(code: str) -> None:
    assert not list(texts_for_people(code, {"card", "note", "is-open"}))


def test_code_in_scripts_that_is_listed_is_there() -> None:
    """An exception that is not needed any more goes."""
    assert {text for path in SCRIPTS for _, text in literals(path.read_text("utf-8"))} >= CODE


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
