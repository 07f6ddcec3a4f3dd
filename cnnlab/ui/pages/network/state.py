"""What the network page holds: layers, input, hidden numbers and the selected row, all of them in the link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import streamlit as st

from cnnlab.errors import ParseError, ShapeError
from cnnlab.feedback.verdict import Verdict
from cnnlab.layers import Layer, Shape, short_shape
from cnnlab.lessons.network.forms import fields_of, read_layer
from cnnlab.lessons.network.hiding import Cover, covers
from cnnlab.lessons.network.presets import DEFAULT, PRESETS, known, preset_of
from cnnlab.lessons.network.quiz import judge_params, judge_shape
from cnnlab.lessons.network.texts import (
    MAX_ROWS,
    Question,
    format_hidden,
    format_net,
    parse_hidden,
    parse_net,
)
from cnnlab.networks import Network, parse_shape
from cnnlab.networks.suggestions import Reading, read
from cnnlab.texts import Message
from cnnlab.ui.components.pictures import blocks
from cnnlab.ui.components.table import Entry, act_of
from cnnlab.ui.state import links, undo

TABLE = "network/table"
PICTURE = "network/picture"

_ANSWERS = "network/answers"
_REFUSED = "network/refused"
_HANDLED = "network/handled"
_REVISION = "network/revision"


@dataclass(frozen=True)
class Refused:
    """What was typed and cannot be used.

    Args:
        row: where; None is the input.
        sentence: why.
        typed: what stands in the fields, by the arguments' names, where it is not what is in use; under "input" that
            of the input.
    """

    row: int | None
    sentence: Message
    typed: Mapping[str, str]


@dataclass(frozen=True)
class State:
    """All that is on the screen.

    Args:
        network: the layers, with the name of the preset whose they are.
        input_shape: what goes in.
        hidden: the numbers that are asked for.
        selected: the row that is looked at, or None.
        answers: what was filled in, by what it answers: s3 for the shape of row 3.
    """

    network: Network
    input_shape: Shape
    hidden: frozenset[Question] = frozenset()
    selected: int | None = None
    answers: Mapping[str, str] | None = None

    @cached_property
    def reading(self) -> Reading:
        """How far the input comes, and why no further."""
        return read_network(self.network, self.input_shape)

    @cached_property
    def preset(self) -> str | None:
        """The preset whose layers and input these are."""
        return preset_of(self.network, self.input_shape)

    @cached_property
    def verdicts(self) -> dict[Question, Verdict]:
        """What is said to each answer that was given."""
        rows, answers = self.reading.rows, self.answers or {}
        # A first look covers all that is asked for; what was answered rightly is asked for no more.
        found: dict[Question, Verdict] = {}
        for kind, index in sorted(self.hidden, key=lambda question: question[1]):
            text = answers.get(f"{kind[0]}{index}", "")
            if index >= len(rows) or not text.strip():
                continue
            cover = covers(rows, self._open(found))[index]
            if kind == "shape":
                found[kind, index] = judge_shape(rows[index], text, formula=not cover.input)
            else:
                found[kind, index] = judge_params(rows[index], text, formula=not cover.arguments)
        return found

    @cached_property
    def open_questions(self) -> frozenset[Question]:
        """What is asked for and not answered rightly yet."""
        return self._open(self.verdicts)

    @cached_property
    def covers(self) -> tuple[Cover, ...]:
        """What of each row must not be shown."""
        return covers(self.reading.rows, self.open_questions)

    def _open(self, verdicts: Mapping[Question, Verdict]) -> frozenset[Question]:
        right = {question for question, verdict in verdicts.items() if verdict.right}
        count = len(self.reading.rows)
        return frozenset(question for question in self.hidden if question[1] < count) - right


@lru_cache(maxsize=256)
def read_network(network: Network, input_shape: Shape) -> Reading:
    """Follow an input through a network; the same for everybody who looks at it."""
    return read(network, input_shape)


def take_state() -> State:
    """The link's state when the page is entered, the session's with what was done since otherwise."""
    if links.is_new("net"):
        raise_revision()
        forget_answers()
    network = links.read("net", DEFAULT.network, parse_net)
    shape = links.read("net_input", usual_input(network), parse_shape)
    count = len(network.layers)
    hidden = links.read("net_hide", frozenset[Question](), lambda text: _parse_hidden(text, count))
    selected = links.read("net_row", None, lambda text: _parse_row(text, count))
    state = State(known(network), shape, hidden, selected, st.session_state.get(_ANSWERS, {}))
    for key, take in ((TABLE, _take_act), (PICTURE, _take_choice)):
        state = take(state, key)
    keep(state)
    links.write("net", state.network, DEFAULT.network, format_net)
    links.write("net_input", state.input_shape, usual_input(state.network), short_shape)
    links.write("net_hide", state.hidden, frozenset[Question](), format_hidden)
    links.write("net_row", state.selected, None, lambda row: "" if row is None else str(row), undo="along")
    return state


def keep(state: State) -> None:
    """Put a state on the page; the URL follows when it is drawn."""
    links.keep("net", state.network)
    links.keep("net_input", state.input_shape)
    links.keep("net_hide", state.hidden)
    links.keep("net_row", state.selected)
    st.session_state[_ANSWERS] = dict(state.answers or {})


class Layers:
    """What presets change on the page; see `cnnlab.ui.state.preset_menu`."""

    def take(self) -> State:
        network: Network = links.kept("net", DEFAULT.network)
        return State(
            network,
            links.kept("net_input", usual_input(network)),
            links.kept("net_hide", frozenset[Question]()),
            links.kept("net_row", None),
        )

    def give_back(self, taken: State) -> None:
        show(taken)


def load(name: str) -> None:
    """Put a preset on the page."""
    settings = PRESETS[name].settings
    show(State(settings.network, settings.input_shape, selected=settings.selected))


def show(state: State) -> None:
    """Put a state on the page in place of what is there, typed or not."""
    forget_answers()
    keep(state)
    raise_revision()


def refused() -> Refused | None:
    """What was typed last and cannot be used."""
    return st.session_state.get(_REFUSED)


def revision() -> int:
    """Raised whenever the table must take what it is given."""
    return st.session_state.get(_REVISION, 0)


def raise_revision() -> None:
    """Let the table take what it is given."""
    st.session_state[_REVISION] = revision() + 1
    st.session_state[_REFUSED] = None


def forget_answers() -> None:
    """Other numbers, other answers."""
    st.session_state[_ANSWERS] = {}


def handled(key: str) -> int:
    """The number of the last message of a component that has been taken into account; 0 before the first."""
    return st.session_state.get(_HANDLED, {}).get(key, 0)


def usual_input(network: Network) -> Shape:
    """The input that a link leaves out: what the network is made for, as far as that is known."""
    return known(network).input_shape or DEFAULT.input_shape


def _is_news(key: str, message: int) -> bool:
    if handled(key) == message:
        return False
    st.session_state[_HANDLED] = st.session_state.get(_HANDLED, {}) | {key: message}
    return True


def _take_choice(state: State, key: str) -> State:
    choice = blocks.chosen(key)
    if choice is None or not _is_news(key, choice.message):
        return state
    if choice.row is not None and choice.row >= len(state.network.layers):
        return state
    return replace(state, selected=choice.row)


def _take_act(state: State, key: str) -> State:
    act = act_of(key)
    if act is None or not _is_news(key, act.message):
        return state
    st.session_state[_REFUSED] = None
    layers: list[Layer] = []
    try:
        if len(act.entries) > MAX_ROWS:
            raise ParseError("This page shows at most {most} layers: remove some.", most=MAX_ROWS)
        shape = parse_shape(act.input)
        hidden = _parse_hidden(".".join(act.hidden), len(act.entries))
    except ParseError as error:
        _refuse(None, error, {"input": act.input})
        return state
    arriving: Shape | None = shape
    for row, entry in enumerate(act.entries):
        try:
            layers.append(read_layer(entry.type_name, entry.texts, arriving))
        except ParseError as error:
            _refuse(row, error, _typed(state.network, row, act.entries))
            return state
        arriving = _passed(layers[-1], arriving)
    selected = act.selected if act.selected is not None and act.selected < len(layers) else None
    edited = State(known(Network("network", tuple(layers))), shape, hidden, selected, act.answers)
    if act.suggestion is None:
        undo.tell_removed([layer.name for layer in state.network.layers], [layer.name for layer in layers])
        return edited
    problem = edited.reading.problem
    if problem is None or act.suggestion >= len(problem.suggestions):
        return edited
    suggestion = problem.suggestions[act.suggestion]
    mended = replace(edited, network=known(suggestion.network), input_shape=suggestion.input_shape, answers={})
    if len(suggestion.network.layers) == len(layers):
        return mended
    # Rows have moved, and what was asked of them with them.
    return replace(mended, hidden=frozenset[Question](), selected=None)


def _refuse(row: int | None, error: ParseError, typed: Mapping[str, str]) -> None:
    st.session_state[_REFUSED] = Refused(row, error.message, typed)


def _typed(network: Network, row: int, entries: Sequence[Entry]) -> dict[str, str]:
    """What was typed into a row and is not in use; nothing where rows were added, moved or changed to another type."""
    if [entry.type_name for entry in entries] != [layer.name for layer in network.layers]:
        return {}
    used = {field.name: field.value for field in fields_of(network.layers[row])}
    return {name: text for name, text in entries[row].texts.items() if name in used and text != used[name]}


def _passed(layer: Layer, shape: Shape | None) -> Shape | None:
    try:
        return None if shape is None else layer.output_shape(shape)
    except ShapeError:
        return None


def _parse_hidden(text: str, count: int) -> frozenset[Question]:
    hidden = parse_hidden(text)
    if beyond := [index for _, index in hidden if index >= count]:
        if not count:
            raise ParseError("There are no rows.")
        raise ParseError(
            "There is no row {row}: a link counts the rows from 0 to {last}.", row=min(beyond), last=count - 1
        )
    return hidden


def _parse_row(text: str, count: int) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 4 and int(text) < count:
        return int(text)
    if not count:
        raise ParseError("There are no rows.")
    raise ParseError("It is the number of a row, which a link counts from 0 to {last} here.", last=count - 1)
