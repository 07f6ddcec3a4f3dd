"""Layers as a table that is edited in place: what is set of each, and beside it what follows.

The table knows no layer type, no argument and no page. Its columns, the types, what can be done with a row, what an
argument may be and what is asked for come with the data; what is done comes back as text, unchecked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from typing import Any, Literal, cast

from cnnlab.texts import Message, say_all
from cnnlab.ui.components.declared import declared
from cnnlab.ui.components.told import are_named_texts, are_texts, is_list, is_text, is_whole, last_told, number_of

MAX_ENTRIES = 200
"""Layers, hidden numbers or answers that a message is read with."""
MAX_TEXT = 80
"""Characters of any text in a message."""

Result = str | tuple[str, str, str]
"""What stands in a cell: a text, or one that stands out, with what comes before and after it."""

_mount = declared("table", html='<div class="layers"></div>')


@dataclass(frozen=True)
class Asking:
    """How the numbers of a column are asked for instead of shown.

    Args:
        key: the letter of its questions; that of row 3 (counted from 0) is this letter and a 3.
        all: what the button in the column's head does.
        question: what a field for an answer is called, with a place for `row`.
        hide, show: what the button does that asks for one number, or shows it.
    """

    key: str
    all: Message
    question: Message
    hide: Message
    show: Message


@dataclass(frozen=True)
class Column:
    """What a column's cells hold.

    Args:
        kind: `arguments` are all that have no column of their own, each with its name, but for those as usual.
        name: of the argument or the result; the style sheet knows it, too.
        label: its head.
        help: what the head means.
        limits: lowest and highest value of an argument that is a whole number: the browser refuses others at once.
        asking: how its numbers are asked for.
        absent: what stands where there is no result; None is a dash.
    """

    kind: Literal["number", "type", "arguments", "argument", "result", "tools"]
    name: str
    label: Message | Literal[""] = ""
    help: Message | Literal[""] = ""
    limits: tuple[int, int] | None = None
    asking: Asking | None = None
    absent: Result | None = None


@dataclass(frozen=True)
class LayerType:
    """A type that a layer can have.

    Args:
        name: as messages tell it.
        label: as it is shown; None is the name.
        about: what it does.
        add: what the button says that adds one, where each type has its own button.
        start: what a new one begins with. Where each type says so, the table draws a change before it is answered.
        usual: the values that follow the type, as a text or as another argument's name: a layer that changes its type
            leaves those of the old one behind.
    """

    name: str
    label: Message | None = None
    about: str = ""
    add: Message | None = None
    start: Mapping[str, str] | None = None
    usual: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A layer, and what follows from it.

    Args:
        type: its name.
        args: what is set, as text.
        results: by column; None where the input does not come so far.
        details: how they are worked out: a label, a text, and whether it is a formula; None where none can be shown.
        fields: how the arguments are typed that have no column.
        masked: the arguments that would tell what is asked for.
        asked: what is said to the answers, by column.
        is_quiet: whether it is drawn so that others stand out.
    """

    type: str
    args: Mapping[str, str]
    results: Mapping[str, Result] | None
    details: Sequence[tuple[Message, str, bool]] | None = None
    fields: Sequence[Mapping[str, Any]] = ()
    masked: Sequence[str] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)
    is_quiet: bool = False


@dataclass(frozen=True)
class Table:
    """All that the table shows.

    Args:
        look: dense, for many layers with many arguments, or roomy.
        columns, types: what there is.
        actions: the buttons of a row; `open` shows its details.
        rows: the layers.
        most: how many there may be.
        texts: by name.
        answered: the number of the last message that this takes into account: the table keeps what is being typed until
            its own message is answered.
        revision: another one replaces what is typed in any case.
        selects: whether the learner selects rows. A selected one shows its details.
        selected: the row that is looked at.
        input: the input's shape, where it is asked for.
        problem: why the layers do not fit: `row`, `sentence`, `suggestions` and `torch_says`.
        refused: what was typed last and cannot be used: `row` (None is the input), `sentence`, `typed` and `news`.
        totals: the last row, by column.
        hidden: the numbers that are asked for, by their keys; see `Asking`.
        askable: those that can be.
        answers: what was filled in, by the same keys.
        note: what stands below the table.
        news: what is read out to those who do not see where it stands. Without it each sentence is read out by itself.
    """

    look: Literal["dense", "roomy"]
    columns: Sequence[Column]
    types: Sequence[LayerType]
    actions: Sequence[Literal["open", "up", "down", "remove"]]
    rows: Sequence[Row]
    most: int
    texts: Mapping[str, Message]
    answered: int
    revision: int
    selects: bool = False
    selected: int | None = None
    input: str | None = None
    problem: Mapping[str, Any] | None = None
    refused: Mapping[str, Any] | None = None
    totals: Mapping[str, str] | None = None
    hidden: Sequence[str] = ()
    askable: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    news: str | None = None


@dataclass(frozen=True)
class Entry:
    """A layer as it was typed: its type, and the texts of its arguments; none of it is checked."""

    type_name: str
    texts: dict[str, str]


@dataclass(frozen=True)
class Act:
    """What the learner has done, as the whole state of the table afterwards.

    Args:
        input: the input's shape as text; empty where it is not asked for.
        entries: the layers.
        hidden: the numbers that are asked for.
        selected: the row that is looked at, or None.
        answers: what was filled in, by what it answers.
        suggestion: the number of the way out that was chosen, or None.
        message: the number of the message that tells this.
    """

    input: str
    entries: tuple[Entry, ...]
    hidden: tuple[str, ...]
    selected: int | None
    answers: dict[str, str]
    suggestion: int | None
    message: int


def draw_table(table: Table, key: str, on_act: Callable[[], None] = lambda: None) -> None:
    """Draw it.

    Args:
        on_act: called before the page is drawn when the learner has done something, which `act_of` then tells.
    """
    _mount(key=key, data=say_all(_plain(table)), tells={"act": on_act})


def act_of(key: str) -> Act | None:
    """The last thing that was done, or None for what cannot be one."""
    message = last_told(key, "act")
    typed, layers = message.get("input"), message.get("layers")
    hidden, answers = message.get("hidden"), message.get("answers")
    selected, suggestion = message.get("selected"), message.get("suggestion")
    number = number_of(message)
    if not (is_text(typed, MAX_TEXT) and is_list(layers, MAX_ENTRIES) and all(map(_is_entry, layers))):
        return None
    if not (are_texts(hidden, MAX_ENTRIES, MAX_TEXT) and are_named_texts(answers, MAX_ENTRIES, MAX_TEXT)):
        return None
    if not (_is_index(selected) and _is_index(suggestion) and number):
        return None
    entries = tuple(Entry(one["type"], one["args"]) for one in layers)
    return Act(typed, entries, tuple(hidden), selected, answers, suggestion, number)


def _is_entry(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return is_text(value.get("type"), MAX_TEXT) and are_named_texts(value.get("args"), MAX_ENTRIES, MAX_TEXT)


def _is_index(value: Any) -> bool:
    return value is None or is_whole(value, MAX_ENTRIES - 1)


def _plain(described: Any) -> Any:
    """Descriptions as dictionaries, however deep, without what is left at its default; messages stay what they are."""
    if is_dataclass(described):
        told = {one.name: (getattr(described, one.name), _default(one)) for one in fields(described)}
        return {name: _plain(value) for name, (value, default) in told.items() if value != default}
    if isinstance(described, list | tuple):
        return [_plain(one) for one in cast("Sequence[Any]", described)]
    return described


def _default(one: Field[Any]) -> Any:
    return one.default if one.default_factory is MISSING else one.default_factory()
