"""The convolution page's part "As code": the PyTorch lines for the settings, and PyTorch's own answer."""

import streamlit as st

from cnnlab.errors import CnnlabError
from cnnlab.lessons.convolution.agreement import Agreement
from cnnlab.lessons.convolution.pytorch_code import conv2d_code
from cnnlab.lessons.convolution.settings import ConvSettings
from cnnlab.lessons.convolution.torch_check import TorchChecker
from cnnlab.matrices import show_number

_KEY = "code_check"
_ANSWER = "code_check/answer"


def code_section(settings: ConvSettings) -> None:
    """Draw the part."""
    try:
        code = conv2d_code(settings)
    except CnnlabError as error:
        st.warning(f"There is no code for these settings: {error}.")
        return
    st.code(code, language="python")
    _check(settings, code)


# A value of this module, since anybody may have Streamlit's cache of resources emptied, for one more process each time.
_CHECKER = TorchChecker()


def checker() -> TorchChecker:
    """The one process that asks PyTorch for all sessions. PyTorch would never leave this server's memory again."""
    return _CHECKER


@st.fragment
def _check(settings: ConvSettings, code: str) -> None:
    if st.button("Check with PyTorch", key=_KEY, icon=":material/fact_check:"):
        with st.spinner("PyTorch computes the same. It takes some seconds to start, unless somebody asked just now."):
            try:
                answer = checker().check(settings)
            except CnnlabError as error:
                answer = str(error)
        st.session_state[_ANSWER] = (code, answer)
    asked, answer = st.session_state.get(_ANSWER, (None, None))
    # An answer belongs to the code that it was given for; with the next edit it goes.
    if asked == code:
        _show(answer)


def _show(answer: Agreement | str) -> None:
    if isinstance(answer, str):
        st.error(f"PyTorch gave no answer. {answer}.")
    elif answer.agrees:
        st.success(agreement_sentence(answer), icon=":material/check:")
    else:
        st.error(difference_sentence(answer))


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


def difference_sentence(answer: Agreement) -> str:
    """What is said where they differ: how much, and where."""
    if answer.where is None or answer.ours is None or answer.theirs is None:
        (rows, columns), (torch_rows, torch_columns) = answer.shape, answer.torch_shape
        return (
            f"PyTorch {answer.torch_version} differs: its output has {torch_rows} × {torch_columns} cells,"
            f" the lab's has {rows} × {columns}."
        )
    row, column = answer.where
    return (
        f"PyTorch {answer.torch_version} differs, most of all in row {row + 1}, column {column + 1}:"
        f" PyTorch has {show_number(answer.theirs)} there, the lab {show_number(answer.ours)}."
    )
