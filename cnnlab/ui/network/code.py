"""The network page's part "Code": source to paste, source to take away, and PyTorch's own check."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from cnnlab.errors import CnnlabError, ParseError, as_sentence, counted
from cnnlab.layers import Shape, format_shape
from cnnlab.lessons.network.agreement import NUMBERS, ask_torch
from cnnlab.lessons.network.presets import known
from cnnlab.lessons.network.texts import MAX_ROWS, format_net
from cnnlab.networks import Network, guess_input, read_code, to_script
from cnnlab.networks.reading.pasted import MAX_TEXT
from cnnlab.networks.suggestions import Problem, Suggestion, read
from cnnlab.networks.zoo import name_of
from cnnlab.shown_text import plain
from cnnlab.torch_reference import Agreement
from cnnlab.training.record import file_word
from cnnlab.ui import controls
from cnnlab.ui.network import state as page
from cnnlab.ui.network.state import State
from cnnlab.ui.torch_check import check_button

FORMS = {"sequential": "nn.Sequential", "module": "A class", "script": "A script that trains it"}

_PASTED = "network/pasted"
_TOLD = "network/told"


@dataclass(frozen=True)
class Told:
    """What is said to a text that was pasted, and of what: once that is gone, nothing.

    Args:
        sentences: the error, or what was read and what there is to mind.
        about: the text that cannot be read, or else what was put on the page.
    """

    sentences: tuple[str, ...]
    about: str | tuple[Network, Shape]


def code_section(state: State) -> None:
    """Draw the part."""
    paste, take = st.columns([2, 3], gap="medium")
    with paste:
        _paste(state)
    with take:
        _take_away(state)


def _paste(state: State) -> None:
    st.session_state.setdefault(_PASTED, "")
    st.text_area(
        "Paste a network",
        key=_PASTED,
        height=320,
        max_chars=2 * MAX_TEXT,  # what is somewhat too long comes whole, and is refused in words
        persist_state="session",
        placeholder="nn.Sequential(...), or a class with its layers in __init__ and a chain of them in forward. "
        "It is read, never executed.",
    )
    st.button("Read it", key="net_read", icon=":material/input:", on_click=_read, args=(state,))
    told: Told | None = st.session_state.get(_TOLD)
    if told is None:
        return
    if told.about == st.session_state[_PASTED]:
        st.error(plain(" ".join(told.sentences)), icon=":material/error:")
    elif told.about == (state.network, state.input_shape):
        for sentence in told.sentences:
            st.info(plain(sentence), icon=":material/info:")


def _read(state: State) -> None:
    """Put what was pasted on the page; a text that cannot be read stays as it is, beside what is wrong with it."""
    text: str = st.session_state[_PASTED]
    try:
        pasted = read_code(text)
        network = pasted.network
        if len(network.layers) > MAX_ROWS:
            raise ParseError(
                "The network has {layers} layers: at most {MAX_ROWS} are shown here.",
                layers=len(network.layers),
                MAX_ROWS=MAX_ROWS,
            )
    except ParseError as error:
        st.session_state[_TOLD] = Told((as_sentence(error),), text)
        return
    shape = network.input_shape or state.input_shape
    if network.input_shape is None and read(network, shape).problem is not None:
        # Source code names channels, not the size of pictures.
        shape = guess_input(network) or shape
    count = len(network.layers)
    where = "See the table."
    said = [f"Read: {counted(count, 'layer')}, for an input of {format_shape(shape)}. {where}"]
    if problem := read(network, shape).problem:
        title = problem.title
        said.append(f"{title[0].upper()}{title[1:]} does not fit. The fix is next to the code.")
    network = known(network)
    st.session_state[_TOLD] = Told((*said, *pasted.remarks), (network, shape))
    page.show(State(network, shape))


def _take_away(state: State) -> None:
    if state.open_questions:
        st.info("The code would give away the hidden numbers. Fill them in first, or show them again.")
        return
    form = controls.choice("Take it away as", "net_form", FORMS, "sequential", widget="segmented")
    network = replace(state.network, name=name_of(state.network))
    code = _written(lambda: _source(network, state, form))
    if state.reading.problem:
        _warn(state.reading.problem, has_code=code is not None)
    if code is None:
        return
    left, right = st.columns(2)
    with left:
        st.download_button(
            "Download",
            code,
            # With a hyphen in its name no file can be imported.
            f"{file_word(network.name).replace('-', '_')}.py",
            "text/x-python",
            key="net_download",
            icon=":material/download:",
            on_click="ignore",
        )
    if state.network.layers:
        with right:
            _check(state)
    st.code(code, language="python", height=420)


def _warn(problem: Problem, *, has_code: bool) -> None:
    """Say what does not fit, if that is not said yet, and offer the ways out that the table has."""
    if has_code:
        torch = " PyTorch stops there with an error." if problem.torch_says else ""
        st.warning(plain(f"{problem.sentence}{torch}"))
    with st.container(horizontal=True, gap="xsmall"):
        for number, suggestion in enumerate(problem.suggestions):
            st.button(plain(suggestion.label), key=f"net_suggestion_{number}", on_click=_take, args=(suggestion,))


def _take(suggestion: Suggestion) -> None:
    page.show(State(known(suggestion.network), suggestion.input_shape))


def _check(state: State) -> None:
    about = f"{format_net(state.network)} {state.input_shape}"
    check_button(
        about,
        lambda reference: ask_torch(reference, state.network, state.input_shape),
        key="net_check",
        tell=lambda answer: _tell(answer, state.reading.problem),
    )


def _source(network: Network, state: State, form: str) -> str:
    if form == "script":
        return to_script(network, state.input_shape)
    written = "module" if form == "module" else "sequential"
    if state.reading.problem is not None:
        # Without its shapes: there are none behind the layer that does not fit.
        return replace(network, input_shape=None).to_code(form=written)
    return network.to_code(state.input_shape, form=written)


def _written(write: Callable[[], str]) -> str | None:
    try:
        return write()
    except CnnlabError as error:
        st.warning(plain(f"There is no code for this network: {error}."))
        return None


def _tell(answer: Agreement, problem: Problem | None) -> str:
    version = f"PyTorch {answer.torch_version}"
    fitting = answer.shape[0] - (problem is not None)
    if answer.agrees:
        before = "the one layer" if fitting == 1 else f"each of the {fitting} layers"
        if problem is None:
            return f"{version} agrees: the shape behind {before}, and its number of parameters."
        same = f" It gives the same shape behind {before} before, and the same number of parameters."
        stops = f"{problem.title} does not fit, and PyTorch stops there with an error, too."
        return f"{version} agrees: {stops}{same if fitting else ''}"
    if answer.where is None or answer.ours is None or answer.theirs is None:
        return f"{version} has another number of layers."
    row, column = answer.where
    if problem is not None and row == problem.index:
        return f"{version} takes {problem.title}, which the lab refuses: it is stricter there."
    return (
        f"{version} differs in row {row + 1}: its {NUMBERS[column]} is {answer.theirs:,.0f}, "
        f"the lab's is {answer.ours:,.0f}."
    )
