"""The receptive-field page's part "As code": the stack in PyTorch, and PyTorch's own answer."""

import streamlit as st

from cnnlab.lessons.receptive_field.agreement import ask_torch
from cnnlab.lessons.receptive_field.pytorch_code import network_code, probe_code
from cnnlab.lessons.receptive_field.stack import Stack, Unit
from cnnlab.shown_text import markdown
from cnnlab.ui.parts.code_style import ask_style
from cnnlab.ui.parts.torch_check import check_button


def code_section(stack: Stack, unit: Unit | None) -> None:
    """Draw the part."""
    if unit is None:
        st.info(markdown("No layer fits yet, so there is no code."))
        return
    st.code(network_code(stack, ask_style("reach_style")), language="python")
    number, row, column = unit
    st.write(
        markdown(
            "What the unit in row {row}, column {column} of layer {layer} sees can be measured in any network: the "
            "gradient of the unit with respect to the input is zero where there is no path.",
            row=row + 1,
            column=column + 1,
            layer=number,
        )
    )
    code = probe_code(stack, unit)
    st.code(code, language="python")
    check_button(
        code,
        lambda reference: ask_torch(reference, stack, unit),
        key="reach_check",
        axes=("row", "column"),
    )
