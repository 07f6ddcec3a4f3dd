"""The button "Check with PyTorch", for every page that has one: it asks the one process that holds PyTorch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.number_text import show_number
from cnnlab.shown_text import plain
from cnnlab.torch_reference import Agreement, TorchReference

AXES = {1: ("number",), 2: ("row", "column"), 3: ("channel", "row", "column"), 4: ("map", "slice", "row", "column")}
"""What the axes of a compared output are called, by their number."""

# A value of this module, since anybody may have Streamlit's cache of resources emptied, for one more process each time.
_WITNESS = TorchReference()


def reference() -> TorchReference:
    """The one process that asks PyTorch for all sessions. PyTorch would never leave this server's memory again."""
    return _WITNESS


@st.fragment
def check_button(
    about: str,
    ask: Callable[[TorchReference], Agreement],
    *,
    key: str,
    axes: Sequence[str] = (),
    label: str = "Check with PyTorch",
    tell: Callable[[Agreement], str] | None = None,
) -> None:
    """Draw the button and, once pressed, the answer.

    Args:
        about: a text that says what is checked, such as the code; with another one the answer goes.
        ask: is called with the reference process when the button is pressed.
        axes: what the axes of the output are called; `AXES` has the usual names.
        label: what the button says, where a page has several.
        tell: what is said to the answer, where it is not about the cells of an output.
    """
    if st.button(label, key=key, icon=":material/fact_check:"):
        with st.spinner("PyTorch computes the same. It takes a few seconds to start."):
            try:
                answer = ask(reference())
            except CnnlabError as error:
                answer = str(error)
        st.session_state[f"{key}/answer"] = (about, answer)
    asked, answer = st.session_state.get(f"{key}/answer", (None, None))
    # An answer belongs to what it was given for; with the next edit it goes.
    if asked == about:
        _show(answer, axes, tell)


@dataclass(frozen=True)
class Check:
    """One of several things that are checked: what its button says, its key, and what is asked."""

    label: str
    key: str
    ask: Callable[[TorchReference], Agreement]


def code_with_checks(write: Callable[[], str], *checks: Check) -> None:
    """Draw a script, with a button for each check above it; where the settings allow no script, say why."""
    try:
        code = write()
    except CnnlabError as error:
        st.warning(f"There is no code for these settings: {plain(error)}.")
        return
    for place, check in zip(st.columns(len(checks)), checks, strict=True):
        with place:
            check_button(code, check.ask, key=check.key, label=check.label)
    st.code(code, language="python")


def _show(answer: Agreement | str, axes: Sequence[str], tell: Callable[[Agreement], str] | None) -> None:
    if isinstance(answer, str):
        st.error(f"PyTorch gave no answer. {plain(answer)}.")
    elif answer.agrees:
        st.success(plain(tell(answer) if tell else agreement_sentence(answer)), icon=":material/check:")
    else:
        st.error(plain(tell(answer) if tell else difference_sentence(answer, axes)))


def agreement_sentence(answer: Agreement) -> str:
    """What is said where every cell agrees.

    >>> agreement_sentence(Agreement(True, 9, (3, 3), (3, 3), 0.0, None, None, None, "2.9.0"))
    'PyTorch 2.9.0 agrees: all 9 cells are equal, to the last digit.'
    """
    if answer.largest_difference == 0:
        return f"PyTorch {answer.torch_version} agrees: all {answer.cells} cells are equal, to the last digit."
    return (
        f"PyTorch {answer.torch_version} agrees: in all {answer.cells} cells the largest difference is"
        f" {answer.largest_difference:.1e}, which is rounding in the last digits of 64-bit numbers."
    )


def difference_sentence(answer: Agreement, axes: Sequence[str] = ()) -> str:
    """What is said where they differ: how much, and where."""
    if answer.where is None or answer.ours is None or answer.theirs is None:
        ours, theirs = (" × ".join(map(str, shape)) for shape in (answer.shape, answer.torch_shape))
        return f"PyTorch {answer.torch_version} differs: its output has {theirs} cells, the lab's has {ours}."
    names = axes or AXES[len(answer.where)]
    place = ", ".join(f"{name} {index + 1}" for name, index in zip(names, answer.where, strict=True))
    return (
        f"PyTorch {answer.torch_version} differs, most of all in {place}:"
        f" PyTorch has {show_number(answer.theirs)} there, the lab {show_number(answer.ours)}."
    )
