"""The language that a session reads.

It is found through the session and not through the process or the page's script: callbacks and fragments say texts
while no page's script runs, and two sessions of one server may read two languages.
"""

from types import MappingProxyType

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnnlab.texts import ENGLISH, Translations

LANGUAGES = MappingProxyType({"en": ENGLISH})
"""The languages that there are, by their codes."""

_CODE = "language/code"


def of_session() -> Translations:
    """The language of the session that is being served; English in threads that serve none."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return LANGUAGES.get(st.session_state.get(_CODE, "en"), ENGLISH)
