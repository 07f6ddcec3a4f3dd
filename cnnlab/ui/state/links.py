"""What a link carries: every setting of a page, so that opening the link reproduces the screen.

A page's parameters are read from the URL when the page is entered, and only then: from that moment on the session
holds the truth and the URL follows it. (A fast typist's next edit arrives with a URL that is one edit old; reading it
back would undo the edit.) A link that carries any parameter means the default for those that it leaves out; the menu's
links carry none and mean "as I left it".
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeVar
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnnlab.errors import ParseError
from cnnlab.number_text import MAX_NUMBER_LENGTH
from cnnlab.shown_text import code, markdown
from cnnlab.texts import Message
from cnnlab.ui.state.history import History, Setting

Value = TypeVar("Value")

MAX_TEXT = 30_000
"""Characters of one parameter: the largest stack of matrices and the longest network that a page writes have fewer."""

_WHOLE = re.compile(r"-?[0-9]{1,12}")

VISIT = "links/visit"
"""Where a session keeps what it is at."""
_REFUSALS = "links/refusals"


@dataclass
class _Visit:
    """What one session is at.

    Args:
        page: the key of the page that it is on; None where the next run enters one.
        incoming: the parameters that the page was entered with; None is a default that is meant.
        by_link: whether they say how the page is to be.
        settled: the parameters that were asked for on this visit.
        owners: the pages of the parameters that were ever asked for.
        histories: what each page was set to.
        changed: the controls that were changed since they were drawn.
    """

    page: str | None = None
    incoming: dict[str, str | None] = field(default_factory=dict)
    by_link: bool = False
    settled: set[str] = field(default_factory=set)
    owners: dict[str, str | None] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)


def _visit() -> _Visit:
    """The session's: one question for all of it, since each that Streamlit is asked takes its time."""
    visit: _Visit | None = st.session_state.get(VISIT)
    if visit is None:
        visit = st.session_state[VISIT] = _Visit()
    return visit


def enter(page: str) -> None:
    """Note the URL's parameters if this run is the first on `page` since the session was elsewhere."""
    visit = _visit()
    if visit.page != page:
        visit.page = page
        # Streamlit may write a page's parameters into the history entry of the page before. Whoever goes back there
        # would be taken for a visitor with a link, and lose what they had typed.
        for name in [name for name in st.query_params if visit.owners.get(name, page) != page]:
            del st.query_params[name]
        visit.incoming = dict(st.query_params.to_dict())
        visit.by_link = bool(visit.incoming)
        visit.settled, visit.changed = set(), set()


def is_on(page: str) -> bool:
    """Whether the session was on this page in its last run."""
    return _visit().page == page


def enter_as(query: Mapping[str, str]) -> None:
    """Have the page that is shown be read as if it had just been entered by an address with these parameters.

    Streamlit lets nobody lead to the page that is shown with the parameters of its controls.
    """
    visit = _visit()
    visit.incoming, visit.by_link, visit.settled, visit.changed = dict(query), True, set(), set()
    for name in [name for name in st.query_params if name not in query]:
        drop(name)


def here() -> dict[str, str]:
    """The parameters of the page as it is now: those of its address, and what was typed since that was written."""
    found = st.query_params.to_dict()
    for name, setting in history().now.items():
        if setting.is_left_out:
            found.pop(name, None)
        elif not setting.is_control and not is_new(name):
            found[name] = setting.value
    return found


def address(page: str, query: Mapping[str, str]) -> str:
    """Write a page and its parameters as an address of the lab: `/convolution?kernel=1,0;0,1`."""
    # What separates numbers and matrices stays readable.
    parameters = urlencode(query, quote_via=quote, safe=",;:()")
    return f"/{page}?{parameters}" if parameters else f"/{page}"


def changed_controls() -> set[str]:
    """The controls that were changed since they were drawn, other than by whoever uses them."""
    return _visit().changed


def is_by_link() -> bool:
    """Whether the page was entered by an address that says how it is to be."""
    return _visit().by_link


def enter_again(texts: Mapping[str, str]) -> None:
    """Have the page read these parameters once more, as if a link brought them; from a callback.

    Args:
        texts: by parameter. One that is empty is its default.
    """
    visit = _visit()
    visit.incoming.update((name, text or None) for name, text in texts.items())
    visit.settled.difference_update(texts)


def history() -> History:
    """What the page that the session is on was set to."""
    visit = _visit()
    return visit.histories.setdefault(visit.page or "", History())


def note(name: str, setting: Setting) -> None:
    """Have a setting be known to undo: all that is noted in one run, its callbacks among it, is one step."""
    context = get_script_run_ctx()
    # Streamlit begins each run with new ones, and counts no runs. Without them all that is changed would be one step.
    run = getattr(context, "cursors", None)
    history().note(name, setting, run)


def incoming(name: str) -> str | None:
    """The text that the link gave for a parameter, the first time that it is asked for on this visit."""
    visit = _visit()
    if name in visit.settled:
        return None
    visit.settled.add(name)
    visit.owners.setdefault(name, visit.page)
    return visit.incoming.get(name)


def asked() -> Mapping[str, str | None]:
    """All parameters that the page was entered with."""
    return _visit().incoming


def is_new(name: str) -> bool:
    """Whether a parameter has not been asked for yet on this visit of the page."""
    return name not in _visit().settled


def propose(name: str, text: str) -> None:
    """Have a parameter be this on the visit that begins here, unless the link names it; before it is asked for.

    Undo does not take it back: it was done elsewhere.
    """
    incoming = _visit().incoming
    if is_new(name) and name not in incoming:
        incoming[name] = text
        history().adopt(name, Setting(text))


def drop(name: str) -> None:
    """Take a parameter out of the URL that no control on the screen stands for any more.

    Left there, it would say something else to whoever opens the link. Where a control of the run before still holds it,
    Streamlit takes it out itself, when this run ends.
    """
    with suppress(StreamlitAPIException):
        if name in st.query_params:
            del st.query_params[name]


def tell_here() -> None:
    """Have `refuse` speak here in this run: nothing stands here before it does.

    Where a control is drawn, its column may be a few words wide, and a sentence there pushes the page down.
    """
    st.session_state[_REFUSALS] = st.container(key="refusals", gap=None)


def refuse(name: str, text: str, reason: Message, instead: str | None = None) -> None:
    """Say that the link's value for a parameter cannot be used, and what the page goes on with.

    Args:
        reason: why, as a whole sentence.
        instead: what the page goes on with, if it is not the default.
    """
    shown = text if len(text) <= 2 * MAX_NUMBER_LENGTH else text[: 2 * MAX_NUMBER_LENGTH] + "…"
    asked = code(f"{name}={shown}")
    if instead is None:
        sentence = markdown(
            "The link asks for {asked}, which cannot be used. {reason} The default is shown instead.",
            asked=asked,
            reason=reason,
        )
    else:
        sentence = markdown(
            "The link asks for {asked}, which cannot be used. {reason} Shown instead: {instead}.",
            asked=asked,
            reason=reason,
            instead=instead,
        )
    try:
        st.session_state[_REFUSALS].warning(sentence)
    except StreamlitAPIException:
        # A fragment's rerun that asks for a parameter for the first time may not write where the whole page does.
        st.warning(sentence)


def read(name: str, default: Value, parse: Callable[[str], Value]) -> Value:
    """Return a parameter's value: the session's, or the link's when the page has just been entered.

    `parse` raises ParseError for text that cannot be used; the sentence is shown, and the default used.
    """
    key = _key(name)
    is_new_visit = is_new(name)
    text = incoming(name)
    if text is not None:
        try:
            if len(text) > MAX_TEXT:
                raise ParseError(
                    "It has {characters:,} characters, and at most {most:,} are read.",
                    characters=len(text),
                    most=MAX_TEXT,
                )
            st.session_state[key] = parse(text)
        except ParseError as error:
            st.session_state[key] = default
            refuse(name, text, error.message)
    elif is_new_visit and ((visit := _visit()).by_link or name in visit.incoming):
        st.session_state[key] = default
    return st.session_state.get(key, default)


def keep(name: str, value: Any) -> None:
    """Keep a value in the session; the URL follows with the next `write`.

    For what changes with every key press: a new URL makes the browser draw the whole page anew.
    """
    st.session_state[_key(name)] = value


def kept(name: str, default: Value) -> Value:
    """What the session holds; for callbacks, which run before the page reads its link."""
    return st.session_state.get(_key(name), default)


def write(
    name: str,
    value: Any,
    default: Any,
    text: Callable[[Any], str] = str,
    undo: Literal["step", "along", "never"] = "step",
    is_private: bool = False,
) -> None:
    """Keep a value in the session and in the URL; the default is left out of the URL.

    Args:
        undo: whether a change is a step that can be taken back, goes along with others, or is where one looks.
        is_private: whether the value means something in this session only; it is left out of the URL, too.
    """
    keep(name, value)
    wanted = text(value)
    is_left_out = is_private or wanted == text(default)
    if undo != "never":
        note(name, Setting(wanted, is_step=undo == "step", is_left_out=is_left_out))
    if is_left_out:
        # A deletion is a message to the browser, so only where there is something to delete.
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != wanted:
        st.query_params[name] = wanted


def read_int(name: str, default: int, low: int, high: int) -> int:
    """Return a whole-number parameter between `low` and `high`."""

    def parse(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise ParseError("It is a whole number from {low:,} to {high:,}.", low=low, high=high)
        return int(text)

    return read(name, default, parse)


def write_int(name: str, value: int, default: int) -> None:
    """Keep a whole number in the session and in the URL."""
    write(name, value, default)


def read_word(
    name: str,
    default: str,
    words: tuple[str, ...],
    former: Mapping[str, str] = MappingProxyType({}),
    private: Mapping[str, Message] = MappingProxyType({}),
) -> str:
    """Return a parameter that is one of a few words, or was once called so.

    Args:
        private: why a word that only some sessions have cannot be had in another one, as a whole sentence.
    """

    def parse(text: str) -> str:
        text = former.get(text, text)
        if text not in words and text in private:
            raise ParseError(private[text])
        if text not in words:
            raise ParseError("It is one of {words}.", words=", ".join(words))
        return text

    return read(name, default, parse)


def _key(name: str) -> str:
    return f"links/value/{name}"
