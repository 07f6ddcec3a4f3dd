"""The button "Check with PyTorch", for every page that has one: it asks the one process that holds PyTorch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.number_text import show_number
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, message, plural, say, unfilled
from cnnlab.torch_reference import Agreement, TorchReference

PLACES: Mapping[tuple[str, ...], Message] = MappingProxyType(
    {
        ("number",): unfilled("number {number}"),
        ("row", "column"): unfilled("row {row}, column {column}"),
        ("channel", "row", "column"): unfilled("channel {channel}, row {row}, column {column}"),
        ("map", "row", "column"): unfilled("map {map}, row {row}, column {column}"),
        ("map", "slice", "row", "column"): unfilled("map {map}, slice {slice}, row {row}, column {column}"),
    }
)
"""How a cell of a compared output is called, by its axes."""

_USUAL = {1: ("number",), 2: ("row", "column"), 3: ("channel", "row", "column"), 4: ("map", "slice", "row", "column")}
"""The axes by their number, where nothing else is said."""

# A value of this module, since anybody may have Streamlit's cache of resources emptied, for one more process each time.
_REFERENCE = TorchReference()


def reference() -> TorchReference:
    """The one process that asks PyTorch for all sessions. PyTorch would never leave this server's memory again."""
    return _REFERENCE


_LABEL = message("Check with PyTorch")


@st.fragment
def check_button(
    about: str,
    ask: Callable[[TorchReference], Agreement],
    *,
    key: str,
    axes: Sequence[str] = (),
    label: Message | None = None,
    tell: Callable[[Agreement], Message] | None = None,
) -> None:
    """Draw the button and, once pressed, the answer.

    Args:
        about: a text that says what is checked, such as the code; with another one the answer goes.
        ask: is called with the reference process when the button is pressed.
        axes: what the axes of the output are, as `PLACES` has them, where they are not the usual ones.
        label: what the button says, where a page has several.
        tell: what is said to the answer, where it is not about the cells of an output.
    """
    if st.button(say(label or _LABEL), key=key, icon=":material/fact_check:"):
        with st.spinner(say("PyTorch computes the same. It takes a few seconds to start.")):
            try:
                answer = ask(reference())
            except CnnlabError as error:
                answer = error.message
        st.session_state[f"{key}/answer"] = (about, answer)
    asked, answer = st.session_state.get(f"{key}/answer", (None, None))
    # An answer belongs to what it was given for; with the next edit it goes.
    if asked == about:
        _show(answer, axes, tell)


@dataclass(frozen=True)
class Check:
    """One of several things that are checked: what its button says, its key, and what is asked."""

    label: Message
    key: str
    ask: Callable[[TorchReference], Agreement]


def code_with_checks(write: Callable[[], str], *checks: Check) -> None:
    """Draw a script, with a button for each check above it; where the settings allow no script, say why."""
    try:
        code = write()
    except CnnlabError as error:
        st.warning(no_code(error))
        return
    for place, check in zip(st.columns(len(checks)), checks, strict=True):
        with place:
            check_button(code, check.ask, key=check.key, label=check.label)
    st.code(code, language="python")


def no_code(error: CnnlabError) -> str:
    """Say in Markdown why there is no code."""
    return markdown("There is no code for these settings. {reason}", reason=error.message)


def _show(answer: Agreement | Message, axes: Sequence[str], tell: Callable[[Agreement], Message] | None) -> None:
    if isinstance(answer, Message):
        st.error(markdown("PyTorch gave no answer. {reason}", reason=answer))
    elif answer.agrees:
        st.success(plain(say(tell(answer) if tell else agreement_sentence(answer))), icon=":material/check:")
    else:
        st.error(plain(say(tell(answer) if tell else difference_sentence(answer, axes))))


def agreement_sentence(answer: Agreement) -> Message:
    """What is said where every cell agrees.

    >>> agreement_sentence(Agreement(True, 9, (3, 3), (3, 3), 0.0, None, None, None, "2.9.0"))
    'PyTorch 2.9.0 agrees: all 9 cells are equal, to the last digit.'
    """
    if answer.largest_difference == 0:
        return plural(
            "PyTorch {version} agrees: the {n} cell is equal, to the last digit.",
            "PyTorch {version} agrees: all {n} cells are equal, to the last digit.",
            n=answer.cells,
            version=answer.torch_version,
        )
    return plural(
        "PyTorch {version} agrees: in the {n} cell the difference is {difference}, which is rounding in the last digits"
        " of 64-bit numbers.",
        "PyTorch {version} agrees: in all {n} cells the largest difference is {difference}, which is rounding in the"
        " last digits of 64-bit numbers.",
        n=answer.cells,
        version=answer.torch_version,
        difference=f"{answer.largest_difference:.1e}",
    )


def difference_sentence(answer: Agreement, axes: Sequence[str] = ()) -> Message:
    """What is said where they differ: how much, and where."""
    if answer.where is None or answer.ours is None or answer.theirs is None:
        ours, theirs = (" × ".join(map(str, shape)) for shape in (answer.shape, answer.torch_shape))
        return message(
            "PyTorch {version} differs: its output has {theirs} cells, the lab's has {ours}.",
            version=answer.torch_version,
            theirs=theirs,
            ours=ours,
        )
    names = tuple(axes) or _USUAL[len(answer.where)]
    numbers = {name: index + 1 for name, index in zip(names, answer.where, strict=True)}
    return message(
        "PyTorch {version} differs, most of all in {place}: PyTorch has {theirs} there, the lab {ours}.",
        version=answer.torch_version,
        place=PLACES[names].with_values(**numbers),
        theirs=show_number(answer.theirs),
        ours=show_number(answer.ours),
    )
