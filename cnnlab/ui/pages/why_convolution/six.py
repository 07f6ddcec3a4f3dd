"""The section "Six features": the lecture's extreme case, two rows with the same mark one place further."""

from typing import Any

import streamlit as st

from cnnlab.errors import ParseError
from cnnlab.lessons.why_convolution.six_features import (
    KERNELS,
    PAIRS,
    Comparison,
    Row,
    compare,
    format_row,
    parse_row,
)
from cnnlab.number_text import show_number
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, in_a_row, message, plural, say
from cnnlab.ui.components.shift_lab import cells, facts, feature_rows
from cnnlab.ui.components.told import last_told, number_of
from cnnlab.ui.pages.why_convolution.messages import desk, told
from cnnlab.ui.shell.present import stage
from cnnlab.ui.state import controls, links

ROWS = "why_six"
"""The component's key."""

PAIR_TITLES = {
    "one": message("One place further"),
    "far": message("Far away"),
    "gap": message("A mark with a gap"),
    "other": message("Two different marks"),
}

DEFAULTS = {"six_first": PAIRS["one"].first, "six_second": PAIRS["one"].second}
KERNEL_TITLES = {name: " ".join(show_number(number) for number in kernel) for name, kernel in KERNELS.items()}


@st.fragment
def six_section() -> None:
    """Draw the section."""
    is_new_visit = links.is_new("six_first")
    first, second = _take_rows(is_new_visit)
    left, right = st.columns([2.6, 1], gap="medium", vertical_alignment="bottom")
    with left, st.container(horizontal=True, gap="small"):
        for name, title in PAIR_TITLES.items():
            st.button(plain(say(title)), key=f"six_{name}", on_click=_load, args=(name,))
    with right:
        kernel = KERNELS[controls.choice(say("Kernel"), "six_kernel", KERNEL_TITLES, "pair")]
    found = compare(first, second, kernel)
    with stage():
        feature_rows(
            {
                "revision": desk(ROWS).revision,
                "answered": number_of(last_told(ROWS, "edit")),
                "rows": [list(first), list(second)],
                "both": cells(found.products),
                "kernel": cells(kernel),
                "maps": [cells(found.first_map, peak=True), cells(found.second_map, peak=True)],
                "facts": [_of_the_mlp(first, second, found), _of_the_map(found)],
            },
            key=ROWS,
        )
    st.caption(
        markdown(
            "Click a feature to switch it on or off. The kernel hangs over both ends of the row, where there are "
            "zeros, so every place is read by equally many windows."
        )
    )


def _take_rows(is_new_visit: bool) -> tuple[Row, Row]:
    rows = {name: links.read(name, default, parse_row) for name, default in DEFAULTS.items()}
    if is_new_visit:
        # The link may have brought other rows: what the component still holds is of an earlier visit.
        desk(ROWS).revision += 1
    edit = told(ROWS, "edit")
    for name, field in (("six_first", "first"), ("six_second", "second")):
        try:
            rows[name] = parse_row(str(edit[field])) if field in edit else rows[name]
        except ParseError:
            continue  # not from our component
    for name, row in rows.items():
        links.write(name, row, DEFAULTS[name], format_row)
    return rows["six_first"], rows["six_second"]


def _load(name: str) -> None:
    pair = PAIRS[name]
    links.keep("six_first", pair.first)
    links.keep("six_second", pair.second)
    controls.set_control("six_kernel", pair.kernel)
    desk(ROWS).revision += 1


def _of_the_mlp(first: Row, second: Row, found: Comparison) -> dict[str, Any]:
    numbers = {
        "own": (message("neuron, on the first row"), str(found.own)),
        "overlap": (message("on the second row"), str(found.overlap)),
        "cosine": (message("cosine"), "–" if found.cosine is None else f"{found.cosine:.2f}"),
    }
    if found.cosine is None:
        sentence = message("An empty row has nothing in common with any other: switch a feature on.")
    elif first == second:
        sentence = message("The same row twice. Move the second one by one place, and look again.")
    else:
        sentence = message(
            "A neuron that has learned the first row, with that row as its weights, answers {own} to it and {overlap} "
            "to the second one. To an MLP each place is a feature of its own.",
            own=found.own,
            overlap=found.overlap,
        )
    return facts(sentence, **numbers)


def _of_the_map(found: Comparison) -> dict[str, Any]:
    first, second = (show_number(value) for value in found.maxima)
    numbers = {
        "first": (message("maximum, first row"), first),
        "second": (message("maximum, second row"), second),
    }
    if not any(found.first_map) and not any(found.second_map):
        sentence = message("Both maps are empty: the kernel finds nothing.")
    elif found.travelled == 0:
        sentence = message("The same map twice.")
    elif found.travelled is not None:
        sentence = in_a_row(_way(found.travelled), _pooled(stays=first == second))
    elif first == second:
        sentence = message("The second map is not the first one moved: the marks differ, but the maximum stays.")
    else:
        sentence = message("The second map is not the first one moved: the marks differ, and the maximum changes.")
    return facts(sentence, **numbers)


def _way(places: int) -> Message:
    if places > 0:
        return plural(
            "The second map is the first one, one place to the right (equivariance).",
            "The second map is the first one, {n} places to the right (equivariance).",
            n=places,
        )
    return plural(
        "The second map is the first one, one place to the left (equivariance).",
        "The second map is the first one, {n} places to the left (equivariance).",
        n=-places,
    )


def _pooled(*, stays: bool) -> Message:
    if stays:
        return message("Global max pooling keeps only the largest number: the maximum stays (invariance).")
    return message("Global max pooling keeps only the largest number: the maximum changes.")
