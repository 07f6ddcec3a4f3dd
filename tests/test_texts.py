"""Messages: a template and values until they are shown, in the language of whoever reads; and the catalogue of them."""

import ast
import copy
import gettext
import json
import math
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, cast

import numpy as np
import pytest

from cnnlab.errors import ShapeError
from cnnlab.shown_text import Markdown, markdown
from cnnlab.texts import (
    ENGLISH,
    NOTHING,
    Message,
    all_of,
    in_a_row,
    message,
    one_of,
    plural,
    say,
    say_all,
    speak,
    unfilled,
    verbatim,
)
from scripts.extract_messages import CATALOGUE, KEYWORDS, extract, text_of

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "cnnlab").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])

MAKERS = {
    "cnnlab/errors.py": "Message(text, values)",
    "cnnlab/shown_text.py": "Message(text, values)",
    "cnnlab/layers/shapes.py": "Message('\\n'.join((f'{{{name}}}' for name in told)), told)",
}
"""The calls of `Message` outside `cnnlab.texts`: those that pass a literal on, and one that puts lines together."""


class German(gettext.NullTranslations):
    """A few templates in a language whose words stand in another order."""

    SAID: ClassVar = {
        "{kernel} does not fit into {input}.": "In {input} passt {kernel} nicht.",
        "a {size} kernel": "ein Kernel von {size}",
        "{first} and {last}": "{first} und {last}",
        "Step {step} of {steps}": "{steps} Schritte, hier {step}",
    }

    def gettext(self, message: str) -> str:
        return self.SAID.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        assert (msgid1, msgid2) == ("{n} run", "{n} runs")
        return "{n} Lauf" if n == 1 else "{n} Läufe"


@pytest.fixture
def german() -> Iterator[None]:
    speak(German)
    yield
    speak(lambda: ENGLISH)


@pytest.mark.usefixtures("german")
def test_a_message_is_english_and_is_said_in_the_readers_language() -> None:
    told = message("{kernel} does not fit into {input}.", kernel=message("a {size} kernel", size=5), input="3 × 3")
    assert told == "a 5 kernel does not fit into 3 × 3."
    assert say(told) == "In 3 × 3 passt ein Kernel von 5 nicht."
    assert say(plural("{n} run", "{n} runs", n=1)) == "1 Lauf"
    assert say(plural("{n} run", "{n} runs", n=3)) == "3 Läufe"
    assert say(all_of(["stride", "padding"])) == "stride und padding"


@pytest.mark.usefixtures("german")
def test_an_error_is_english_and_carries_its_template_and_values() -> None:
    error = ShapeError("{kernel} does not fit into {input}.", kernel="5", input="3")
    assert str(error) == "5 does not fit into 3."
    assert (error.message.template, dict(error.message.values)) == (
        "{kernel} does not fit into {input}.",
        {"kernel": "5", "input": "3"},
    )
    assert say(error.message) == "In 3 passt 5 nicht."
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert say(pickle.loads(pickle.dumps(error)).message) == say(error.message)


@pytest.mark.usefixtures("german")
def test_values_are_escaped_in_markdown_and_templates_are_not() -> None:
    told = markdown("**{kernel}** {bold}", kernel="a*b", bold=Markdown("_c_"))
    assert told == r"**a\*b** _c_"
    assert (
        markdown(message("{kernel} does not fit into {input}.", kernel="*", input="`x`")) == r"In \`x\` passt \* nicht."
    )


def test_a_value_is_no_template() -> None:
    assert say("{name} is no number", name="{name} {0} %s") == "{name} {0} %s is no number"


@pytest.mark.usefixtures("german")
def test_data_for_the_browser_are_said_and_its_templates_stay_open() -> None:
    words = {"counter": unfilled("Step {step} of {steps}"), "sizes": [message("a {size} kernel", size=3), "3 × 3", 4]}
    assert say_all(words) == {"counter": "{steps} Schritte, hier {step}", "sizes": ["ein Kernel von 3", "3 × 3", 4]}


@pytest.mark.parametrize("told", [message("{a} of {b:,}", a="x", b=1000), plural("{n} run", "{n} runs", n=2)])
@pytest.mark.usefixtures("german")
def test_a_message_goes_through_files_and_processes(told: Message) -> None:
    for again in (Message.from_plain(told.to_plain()), pickle.loads(pickle.dumps(told)), copy.deepcopy(told)):
        assert again == told
        assert say(again) == say(told)


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ("{x:,} of them", np.int64(12345)),
        ("{x:.3g}", np.float32(0.1)),
        ("{x}", np.float32(0.1)),
        ("{x}", np.float64(0.1)),
        ("{x:.1f}", math.nan),
        ("{x:.1f}", np.float64(-math.inf)),
        ("{x:+}", True),
    ],
)
def test_numbers_stay_numbers_on_their_way(template: str, number: float) -> None:
    told = Message(template, {"x": number})
    again = Message.from_plain(json.loads(json.dumps(told.to_plain(), allow_nan=False)))
    assert (again, again.template) == (told, template)
    assert isinstance(again.values["x"], int | float)
    assert told.with_texts(str.upper).values["x"] is number


def test_a_numpy_number_decides_between_one_and_many() -> None:
    told = Message("{n} run", {"n": np.int64(1)}, "{n} runs")
    assert Message.from_plain(told.to_plain()).said(German()) == "1 Lauf"


@pytest.mark.parametrize(
    "plain",
    [
        None,
        "text",
        [],
        {},
        {"template": "No."},
        {"template": 3, "values": {}, "many": None},
        {"template": "No.", "values": [], "many": None},
        {"template": "No.", "values": {}, "many": 3},
        {"template": "x" * 10_001, "values": {}, "many": None},
        {"template": "{n} run", "values": {"n": 2}, "many": "x" * 10_001},
        {"template": "{n} run", "values": {"n": "2"}, "many": "{n} runs"},
        {"template": "{n} run", "values": {"m": 2}, "many": "{n} runs"},
        {"template": "{a}", "values": {"b": 1}, "many": None},
        {"template": "{a", "values": {"a": 1}, "many": None},
        {"template": "{a:,}", "values": {"a": "x"}, "many": None},
        {"template": "{a.b}", "values": {"a": 1}, "many": None},
        {"template": "{a}", "values": {"a": [1]}, "many": None},
        {"template": "{a}", "values": {"a": {"float": "1"}}, "many": None},
        {"template": "{a}", "values": {"a": {"template": 3}}, "many": None},
    ],
    ids=str,
)
def test_what_is_no_message_is_refused(plain: object) -> None:
    with pytest.raises(ValueError, match="a message that cannot be said"):
        Message.from_plain(plain)


def test_without_values_nothing_is_a_place() -> None:
    assert str(ShapeError("The set {1, 2} has no shape.")) == "The set {1, 2} has no shape."
    assert say(message("100 % of {}")) == "100 % of {}"
    assert say(verbatim("{a} {0}")) == "{a} {0}"
    assert markdown(verbatim("*a*")) == r"\*a\*"
    assert NOTHING == verbatim("") == ""
    assert unfilled("{a}").with_values(a=1) == "1"


def test_a_place_that_stays_open_has_no_format() -> None:
    for template in ("{n:,} of {count}", "{n!r} of {count}"):
        with pytest.raises(ValueError, match="stays open"):
            unfilled(template)
    assert unfilled("{n} of {count:,}", count=1000) == "{n} of 1,000"


def test_texts_are_cheap_to_import() -> None:
    program = "import sys, cnnlab.texts; print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert told.stdout == "False\n"


def test_lists_and_rows() -> None:
    assert one_of("abc") == "a, b or c"
    assert all_of("a") == "a"
    assert in_a_row(message("It fits."), message(""), message("So does that.")) == "It fits. So does that."
    assert in_a_row() == ""


def test_the_catalogue_is_the_sources() -> None:
    assert CATALOGUE.read_text("utf-8") == text_of(extract()), "run python -m scripts.extract_messages"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_are_written_where_they_are_used(source: Path) -> None:
    """A template that is put together cannot be found, and cannot be translated."""
    file = str(source.relative_to(ROOT))
    if file.startswith("cnnlab/texts/"):
        return
    wrong = [
        f"line {call.lineno}: {ast.unparse(call)[:80]}"
        for call in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call) != MAKERS.get(file) and not _has_a_template(call)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "call",
    [
        "Message('Read.')",
        "texts.Message('Read.')",
        "message(text)",
        "message(f'Read {file}.')",
        "message('Read {file}.')",
        "plural('{n} run', many, n=n)",
        "unfilled('a' if odd else 'b')",
        "say('Step ' + step)",
        "say('Step {}'.format(step))",
        "markdown(f'**{name}**')",
        "ShapeError(str(error))",
        "ShapeError('Read {file}.')",
    ],
)
def test_what_cannot_be_found_is_refused(call: str) -> None:
    assert not _has_a_template(cast("ast.Call", ast.parse(call, mode="eval").body))


@pytest.mark.parametrize(
    "call",
    [
        "Message.from_plain(plain)",
        "message('Read {file}.', file=file)",
        "message('Read.')",
        "plural('{n} run', '{n} runs', n=n)",
        "unfilled('Step {step}')",
        "say(told if told else other)",
        "markdown(error.message)",
        "ShapeError(in_a_row(told, way_out))",
        "st.markdown(f'{told}')",
    ],
)
def test_what_can_be_found_is_not(call: str) -> None:
    assert _has_a_template(cast("ast.Call", ast.parse(call, mode="eval").body))


def _has_a_template(call: ast.Call) -> bool:
    """Whether the template that a call takes, if it takes any, stands there as it is, and its places have values."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if "Message" in {name, getattr(call.func, "attr", "")}:
        return False
    if name not in KEYWORDS or not call.args:
        return True
    templates = call.args[: 2 if name == "plural" else 1]
    if all(isinstance(node, ast.Constant) for node in templates):
        return (
            bool(call.keywords)
            or name == "unfilled"
            or not any(_places(cast("ast.Constant", node)) for node in templates)
        )
    return name not in {"message", "plural", "unfilled"} and not _is_put_together(templates[0])


def _places(template: ast.Constant) -> list[str]:
    return re.findall(r"\{[a-z_]\w*[^{}]*\}", str(template.value))


def _is_put_together(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call)
        and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) in {"str", "format"}
    )
