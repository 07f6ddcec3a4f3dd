"""Each session reads in its own language, also where no page's script runs: in callbacks and fragments."""

import gettext
import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.texts import ENGLISH, message, say, speak
from cnnlab.ui.shell import language


class Loud(gettext.NullTranslations):
    """English in capitals, but for the places."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("{N}", "{n}")


@pytest.fixture(autouse=True)
def _two_languages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(language, "LANGUAGES", {"en": ENGLISH, "loud": Loud()})
    speak(language.of_session)
    yield
    speak(lambda: ENGLISH)


def _page() -> None:
    import streamlit as st

    from cnnlab.texts import say

    def count() -> None:
        st.session_state.told = say("counted {n}", n=1)

    @st.fragment
    def part() -> None:
        st.caption(say("in a part"))
        st.button("count", on_click=count)

    st.text(say("hello"))
    part()
    st.text(st.session_state.get("told", ""))


def opened(code: str) -> AppTest:
    app = AppTest.from_function(_page)
    app.session_state[language._CODE] = code
    return app.run()


def test_two_sessions_read_two_languages_at_a_time() -> None:
    loud, english = opened("loud"), opened("en")
    for app in (loud, english, loud):
        app.button[0].click().run()
    assert [loud.text[0].value, loud.caption[0].value, loud.text[1].value] == ["HELLO", "IN A PART", "COUNTED 1"]
    assert [english.text[0].value, english.caption[0].value, english.text[1].value] == [
        "hello",
        "in a part",
        "counted 1",
    ]


def test_a_language_that_is_not_there_is_english() -> None:
    assert opened("xx").text[0].value == "hello"


def test_a_thread_without_a_session_reads_english() -> None:
    told = list[str]()
    thread = threading.Thread(target=lambda: told.append(say(message("hello"))))
    thread.start()
    thread.join()
    assert told == ["hello"]
