"""Messages: a template and values until they are shown, in the language of whoever reads; and the catalogue of them."""

import ast
import copy
import gettext
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from cnnlab.errors import ShapeError
from cnnlab.shown_text import Markdown, markdown
from cnnlab.texts import ENGLISH, Message, all_of, in_a_row, message, one_of, plural, say, say_all, speak, unfilled
from scripts.extract_messages import CATALOGUE, KEYWORDS, extract, text_of

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "cnnlab").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])


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
    wrong = [
        f"line {call.lineno}: {ast.unparse(call)[:80]}"
        for call in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(call, ast.Call) and _name(call) in KEYWORDS and call.args and _is_put_together(call.args[0])
    ]
    assert not wrong, "\n".join(wrong)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_put_together(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call) and _name(node) in {"str", "format"}
    )
