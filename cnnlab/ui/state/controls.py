"""Controls whose value stands in the URL, and which say so in words when the URL holds a value they cannot take.

Each control belongs to one page: its key is both its name in the session and its parameter in the URL.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

import streamlit as st

from cnnlab.texts import Message, message, say_all
from cnnlab.ui.state import links
from cnnlab.ui.state.history import Setting


def whole_number(
    label: str,
    key: str,
    low: int,
    high: int,
    default: int,
    *,
    help: str | None = None,
    widget: Literal["slider", "number"] = "slider",
    disabled: bool = False,
) -> int:
    """Ask for a whole number from `low` to `high`."""
    is_new_visit, text = links.is_new(key), links.incoming(key)
    if text is not None and not (_is_whole(text) and low <= int(text) <= high):
        # Streamlit cuts 2.5 to 2, and nothing stops it: the URL outranks the session.
        instead = str(int(float(text))) if _is_real(text) and low <= int(float(text)) <= high else None
        reason = message("It goes from {low} to {high} in whole numbers.", low=low, high=high)
        links.refuse(key, text, reason, instead)
    if is_new_visit:
        is_good = text is not None and _is_whole(text) and low <= int(text) <= high
        _settle(key, int(text) if text is not None and is_good else default)
    draw = st.slider if widget == "slider" else st.number_input
    # Streamlit's number field breaks on an infinite value in the URL: for this run it is drawn without the URL.
    bind = None if text is not None and _is_infinite(text) else "query-params"
    if bind is None:
        del st.query_params[key]
    value = draw(label, low, high, default, step=1, key=key, help=help, disabled=disabled, bind=bind)
    # A number field that was emptied holds nothing; the default stands in until something is typed.
    number = default if value is None else int(value)
    _note(key, number)
    return number


def real_number(
    label: str,
    key: str,
    low: float,
    high: float,
    default: float,
    *,
    step: float | None = None,
    help: str | None = None,
    disabled: bool = False,
    format: str | None = "%g",
) -> float:
    """Ask for a real number from `low` to `high`."""
    is_new_visit, text = links.is_new(key), links.incoming(key)
    is_good = text is not None and _is_real(text) and low <= float(text) <= high
    if text is not None and not is_good:
        links.refuse(key, text, message("It goes from {low:g} to {high:g}.", low=low, high=high))
    if is_new_visit:
        _settle(key, float(text) if text is not None and is_good else float(default))
    value = st.number_input(
        label,
        float(low),
        float(high),
        float(default),
        step=step,
        format=format,
        key=key,
        help=help,
        disabled=disabled,
        bind="query-params",
    )
    number = default if value is None else float(value)
    _note(key, number)
    return number


def switch(label: str, key: str, default: bool = False, *, help: str | None = None, disabled: bool = False) -> bool:
    """Ask for yes or no."""
    is_new_visit, text = links.is_new(key), links.incoming(key)
    is_good = text is not None and text.lower() in ("true", "false")
    if text is not None and not is_good:
        links.refuse(key, text, message("It is true or false."))
    if is_new_visit:
        _settle(key, text.lower() == "true" if text is not None and is_good else default)
    value = st.toggle(label, default, key=key, help=help, disabled=disabled, bind="query-params")
    _note(key, value)
    return value


def choice(
    label: str,
    key: str,
    options: Mapping[str, str],
    default: str,
    *,
    help: str | None = None,
    widget: Literal["select", "segmented"] = "select",
    disabled: bool = False,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    former: Mapping[str, str] = MappingProxyType({}),
    is_view: bool = False,
    private: Mapping[str, Message] = MappingProxyType({}),
) -> str:
    """Ask for one of a few words. The URL holds the word, the screen shows its label.

    Labels may be messages. `former` are words that older links have for some of them. A view is where one looks, and
    changes nothing that could be taken back. A private word is one that other sessions do not have, with what is said
    where a link asks for it: the URL leaves it out.

    (A widget that Streamlit itself binds to the URL would put the label there, which changes with the language.)
    """
    words = tuple(options)
    is_new_visit = links.is_new(key)
    chosen = links.read_word(key, default, words, former, private)
    if is_new_visit or key not in st.session_state:
        st.session_state[key] = chosen
    if st.session_state[key] not in options:
        # The choice went with another control, or on another page: the kernel that was looked at is no longer there.
        st.session_state[key] = default
    shared: dict[str, Any] = {
        "format_func": lambda word: say_all(options[word]),
        "key": key,
        "help": help,
        "disabled": disabled,
        "label_visibility": label_visibility,
        "persist_state": "session",
    }
    if widget == "select":
        value = st.selectbox(label, words, **shared)
    else:
        # Within a column Streamlit would have a narrow screen scroll sideways to the choices that run off it.
        value = st.segmented_control(label, words, required=True, wrap=True, **shared)
    chosen = value if value in options else default
    links.write(key, chosen, default, undo="never" if is_view else "step", is_private=chosen in private)
    return chosen


def is_on(key: str) -> bool:
    """What a switch says, for what is drawn before it."""
    value: object = st.session_state.get(key)
    return value if isinstance(value, bool) else st.query_params.get(key, "").lower() == "true"


def set_control(key: str, value: Any) -> None:
    """Change a control before it is drawn: from a callback, or where the page knows better than the address."""
    st.session_state[key] = value
    links.changed_controls().add(key)


def _settle(key: str, value: float | bool) -> None:
    """Have a control be what the address says, on the first run of a visit.

    Streamlit keeps what it was on the visit before, and lets that count where the address does not name it.
    """
    if links.is_by_link() and key in st.session_state and key not in links.changed_controls():
        st.session_state[key] = value


def _note(key: str, value: float | bool) -> None:
    links.changed_controls().discard(key)
    links.note(key, Setting(value, is_control=True))


def _is_whole(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= 12


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


def _is_real(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
