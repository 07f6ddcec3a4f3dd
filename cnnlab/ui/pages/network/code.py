"""The network page's part "Code": source to paste, source to take away, and PyTorch's own check."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from cnnlab.errors import CnnlabError, ParseError
from cnnlab.layers import Shape, format_shape
from cnnlab.lessons.network.agreement import ask_torch
from cnnlab.lessons.network.presets import known, known_as_written
from cnnlab.lessons.network.texts import MAX_ROWS, format_net
from cnnlab.networks import Network, guess_input, read_code, to_script
from cnnlab.networks.code import Form
from cnnlab.networks.reading.pasted import MAX_TEXT
from cnnlab.networks.suggestions import Problem, Suggestion, read
from cnnlab.networks.zoo import name_of
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, in_a_row, message, plural, say
from cnnlab.torch_reference import Agreement
from cnnlab.training.record import file_word
from cnnlab.ui.pages.network import state as page
from cnnlab.ui.pages.network.state import State
from cnnlab.ui.parts.torch_check import check_button
from cnnlab.ui.state import controls

FORMS = {
    "sequential": "nn.Sequential",
    "module": message("A class"),
    "slides": message("A class as on the slides"),
    "script": message("A script that trains it"),
}

_PASTED = "network/pasted"
_TOLD = "network/told"


@dataclass(frozen=True)
class Told:
    """What is said to a text that was pasted, and of what: once that is gone, nothing.

    Args:
        sentences: the error, or what was read and what there is to mind.
        about: the text that cannot be read, or else what was put on the page.
    """

    sentences: tuple[Message, ...]
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
        say("Paste a network"),
        key=_PASTED,
        height=320,
        max_chars=2 * MAX_TEXT,  # what is somewhat too long comes whole, and is refused in words
        persist_state="session",
        placeholder=say(
            "nn.Sequential(...), a class with its layers in __init__ and a chain of them in forward, or single lines "
            "of one: self.conv1 = nn.Conv2d(...). It is read, never executed."
        ),
    )
    st.button(say("Read it"), key="net_read", icon=":material/input:", on_click=_read, args=(state,))
    told: Told | None = st.session_state.get(_TOLD)
    if told is None:
        return
    if told.about == st.session_state[_PASTED]:
        st.error(plain(say(in_a_row(*told.sentences))), icon=":material/error:")
    elif told.about == (state.network, state.input_shape):
        for sentence in told.sentences:
            st.info(plain(say(sentence)), icon=":material/info:")


def _read(state: State) -> None:
    """Put what was pasted on the page; a text that cannot be read stays as it is, beside what is wrong with it."""
    text: str = st.session_state[_PASTED]
    try:
        pasted = read_code(text)
        network = pasted.network
        if len(network.layers) > MAX_ROWS:
            raise ParseError(
                "The network has {layers} layers: this page shows at most {most}.",
                layers=len(network.layers),
                most=MAX_ROWS,
            )
    except ParseError as error:
        st.session_state[_TOLD] = Told((error.message,), text)
        return
    shape = network.input_shape or state.input_shape
    if network.input_shape is None and read(network, shape).problem is not None:
        # Source code names channels, not the size of pictures.
        shape = guess_input(network) or shape
    told = [
        plural(
            "Read: {n} layer, for an input of {shape}. See the table.",
            "Read: {n} layers, for an input of {shape}. See the table.",
            n=len(network.layers),
            shape=format_shape(shape),
        )
    ]
    if problem := read(network, shape).problem:
        told.append(
            message(
                "Layer {number} ({layer}) does not fit. The fix is next to the code.",
                number=problem.index + 1,
                layer=problem.layer.name,
            )
        )
    network = known_as_written(network)
    st.session_state[_TOLD] = Told((*told, *pasted.remarks), (network, shape))
    page.show(State(network, shape))


def _take_away(state: State) -> None:
    if state.open_questions:
        st.info(markdown("The code would give away the hidden numbers. Fill them in first, or show them again."))
        return
    form = controls.choice(say("Take it away as"), "net_form", FORMS, "sequential", widget="segmented", is_view=True)
    network = replace(state.network, name=name_of(state.network))
    code = _written(lambda: _source(network, state, form))
    if state.reading.problem:
        _warn(state.reading.problem, has_code=code is not None)
    if code is None:
        return
    left, right = st.columns(2)
    with left:
        st.download_button(
            say("Download"),
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
    # With the names of all arguments lines are long.
    st.code(code, language="python", height=420, wrap_lines=form == "slides")


def _warn(problem: Problem, *, has_code: bool) -> None:
    """Say what does not fit, if that is not said yet, and offer the ways out that the table has."""
    if has_code:
        torch = message("PyTorch stops there with an error.") if problem.torch_says else ""
        st.warning(plain(say(in_a_row(problem.sentence, torch))))
    ways_out(problem)


def ways_out(problem: Problem) -> None:
    """Offer what the table offers below the layer that does not fit."""
    with st.container(horizontal=True, gap="xsmall", key="net_ways"):
        for number, suggestion in enumerate(problem.suggestions):
            st.button(
                plain(say(suggestion.label)),
                key=f"net_suggestion_{number}",
                on_click=_take,
                args=(suggestion,),
            )


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
    written: Form = "slides" if form == "slides" else "module" if form == "module" else "sequential"
    if state.reading.problem is not None:
        # Without its shapes: there are none behind the layer that does not fit.
        return replace(network, input_shape=None).to_code(form=written)
    return network.to_code(state.input_shape, form=written)


def _written(write: Callable[[], str]) -> str | None:
    try:
        return write()
    except CnnlabError as error:
        st.warning(markdown("There is no code for this network. {reason}", reason=error.message))
        return None


def _tell(answer: Agreement, problem: Problem | None) -> Message:
    version = answer.torch_version
    if answer.agrees:
        return _agreement(version, answer.shape[0] - (problem is not None), problem)
    if answer.where is None or answer.ours is None or answer.theirs is None:
        return message("PyTorch {version} has another number of layers.", version=version)
    row, column = answer.where
    if problem is not None and row == problem.index:
        return message(
            "PyTorch {version} takes layer {number} ({layer}), which the lab refuses: it is stricter there.",
            version=version,
            number=problem.index + 1,
            layer=problem.layer.name,
        )
    return _difference(column, version=version, row=row + 1, theirs=answer.theirs, ours=answer.ours)


def _agreement(version: str, fitting: int, problem: Problem | None) -> Message:
    """What is said where PyTorch agrees on so many layers, and on the next one if that is a problem."""
    if problem is None:
        return plural(
            "PyTorch {version} agrees on the shape that comes out of the one layer, and on its number of parameters.",
            "PyTorch {version} agrees on the shape that comes out of each of the {n} layers, and on its number of "
            "parameters.",
            n=fitting,
            version=version,
        )
    stops = message(
        "PyTorch {version} agrees: layer {number} ({layer}) does not fit, and PyTorch stops there with an error, too.",
        version=version,
        number=problem.index + 1,
        layer=problem.layer.name,
    )
    if not fitting:
        return stops
    same = plural(
        "It gives the same shape and the same number of parameters for the one layer before.",
        "It gives the same shape and the same number of parameters for each of the {n} layers before.",
        n=fitting,
    )
    return in_a_row(stops, same)


def _difference(column: int, **values: object) -> Message:
    """What is said where PyTorch has another number in a column of what `check_with_torch` compares."""
    match column:
        case 0:
            return message(
                "PyTorch {version} differs in row {row}: it counts {theirs:,.0f} parameters, the lab {ours:,.0f}.",
                **values,
            )
        case 1:
            return message(
                "PyTorch {version} differs in row {row}: its first size of the output is {theirs:,.0f}, the lab's is "
                "{ours:,.0f}.",
                **values,
            )
        case 2:
            return message(
                "PyTorch {version} differs in row {row}: its second size of the output is {theirs:,.0f}, the lab's is "
                "{ours:,.0f}.",
                **values,
            )
        case _:
            return message(
                "PyTorch {version} differs in row {row}: its third size of the output is {theirs:,.0f}, the lab's is "
                "{ours:,.0f}.",
                **values,
            )
