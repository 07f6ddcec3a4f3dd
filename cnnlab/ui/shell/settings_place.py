"""Where the settings stand that need more than a line: at the right of what they change."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def settings_beside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Make room for what is looked at and, at its right, its settings. In a narrow window they stand below it."""
    with st.container(key="settings_beside"):
        looked_at, settings = st.columns([2.7, 1], gap="medium")
    return looked_at, settings
