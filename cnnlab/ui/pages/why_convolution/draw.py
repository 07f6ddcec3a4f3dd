"""The section "Draw and shift": a drawing as a vector and as a feature map, before and after a shift."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from cnnlab.errors import ParseError
from cnnlab.lessons.why_convolution.drawing import (
    CELLS,
    KERNELS,
    PRESETS,
    SIDE,
    Edge,
    Grid,
    Shift,
    ShiftedDrawing,
    as_edge,
    bits_of,
    format_drawing,
    parse_bits,
    parse_drawing,
    parse_places,
    random_drawing,
    shifted,
)
from cnnlab.lessons.why_convolution.quiz import judge, parse_answer
from cnnlab.number_text import show_number
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, in_a_row, message, plural, say, say_all
from cnnlab.ui.components.shift_lab import facts, painter, tints
from cnnlab.ui.components.told import is_whole, last_told, number_of
from cnnlab.ui.pages.why_convolution.messages import desk, told
from cnnlab.ui.shell.present import optional_place, stage
from cnnlab.ui.state import controls, links, screen

PAINTER = "why_draw"
"""The component's key."""

DEFAULT_DRAWING = PRESETS["x"]
DEFAULT_PLACES = (0, 1)

PRESET_TITLES = {"x": "X", "o": "O", "plus": "+", "l": "L", "block": message("Block"), "clear": message("Clear")}
KERNEL_TITLES = {
    "x": message("Kernel: X, 3×3"),
    "x5": message("Kernel: X, 5×5"),
    "plus": message("Kernel: +, 3×3"),
    "line": message("Kernel: vertical line, 3×3"),
}
EDGE_TITLES = {
    "fall": message("Cells fall off the edge"),
    "wrap": message("Cells come in on the other side"),
}


@dataclass(frozen=True, eq=False)
class DrawSettings:
    """What the link holds of this section: the drawing, the shift and what slides over it."""

    drawing: Grid
    shift: Shift
    kernel: str

    @property
    def found(self) -> ShiftedDrawing:
        """Both drawings with their maps."""
        return shifted(self.drawing, self.shift, KERNELS[self.kernel])


@st.fragment
def draw_section() -> None:
    """Draw the section."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="why_presets"):
        for name, title in PRESET_TITLES.items():
            st.button(plain(say_all(title)), key=f"draw_{name}", on_click=_load, args=(name,))
        st.button(say("Random"), key="draw_random", on_click=_load_random)
    kernel_column, edge_column, predict_column = st.columns([1.3, 1.9, 0.9], vertical_alignment="center")
    with kernel_column:
        kernel = controls.choice(say("Kernel"), "draw_kernel", KERNEL_TITLES, "x", label_visibility="collapsed")
    with edge_column:
        word = controls.choice(
            say("At the edge"),
            "draw_edge",
            EDGE_TITLES,
            "fall",
            widget="segmented",
            label_visibility="collapsed",
        )
        edge = as_edge(word)
    with predict_column:
        hidden = controls.switch(
            say("Predict first"),
            "draw_hide",
            help=say("Hide what the vectors have in common: predict it, then compare."),
        )
    settings = DrawSettings(*_take_drawing(edge), kernel)
    found = settings.found
    with optional_place():
        if hidden and found.drawn:
            hidden = not _ask_prediction(found)
    with stage():
        painter(_painter_data(found, hidden), key=PAINTER)
    screen.tell(overlap=None if hidden else found.same)


def read_settings() -> DrawSettings:
    """The section's settings for another section, which has no controls for them."""
    drawing, places = _read()
    kernel = links.read_word("draw_kernel", "x", tuple(KERNEL_TITLES))
    edge = as_edge(links.read_word("draw_edge", "fall", tuple(EDGE_TITLES)))
    for name, value, default in (("draw_kernel", kernel, "x"), ("draw_edge", edge, "fall")):
        links.write(name, value, default)
    _write(drawing, places)
    return DrawSettings(drawing, Shift(*places, edge), kernel)


def _read() -> tuple[Grid, tuple[int, int]]:
    return links.read("draw", DEFAULT_DRAWING, parse_drawing), links.read("draw_shift", DEFAULT_PLACES, parse_places)


def _write(drawing: Grid, places: tuple[int, int]) -> None:
    links.write("draw", drawing, DEFAULT_DRAWING, format_drawing)
    links.write("draw_shift", places, DEFAULT_PLACES, lambda pair: f"{pair[0]},{pair[1]}")


def _take_drawing(edge: Edge) -> tuple[Grid, Shift]:
    is_new_visit = links.is_new("draw")
    drawing, places = _read()
    if is_new_visit:
        # The link may have brought another drawing: what the component still holds is of an earlier visit.
        desk(PAINTER).revision += 1
    news = told(PAINTER, "drawing")
    cells = parse_bits(news.get("cells"))
    drawing = drawing if cells is None else cells
    match news.get("shift"):
        case [down, across] if is_whole(down, SIDE - 1, 1 - SIDE) and is_whole(across, SIDE - 1, 1 - SIDE):
            places = down, across
        case _:
            pass  # nothing was told, or not by our component
    _write(drawing, places)
    return drawing, Shift(*places, edge)


def _load(name: str) -> None:
    _put(PRESETS[name])


def _load_random() -> None:
    _put(random_drawing(np.random.default_rng()))


def _put(drawing: Grid) -> None:
    # The shift may be newer in the component than in the session.
    _, shift = _take_drawing("fall")
    _write(drawing, (shift.rows, shift.columns))
    desk(PAINTER).revision += 1


def _painter_data(found: ShiftedDrawing, hidden: bool) -> dict[str, Any]:
    return {
        "revision": desk(PAINTER).revision,
        "answered": number_of(last_told(PAINTER, "drawing")),
        "side": SIDE,
        "before": bits_of(found.before),
        "after": bits_of(found.after),
        "same": bits_of(found.before & found.after),
        "shift": [found.shift.rows, found.shift.columns],
        "told": told_shift(found),
        "hidden": hidden,
        "maps": [_map(cells) for cells in (found.map_before, found.map_after)],
        "facts": [_of_the_vector(found, hidden), _of_the_map(found)],
    }


def _map(cells: Grid) -> dict[str, Any]:
    numbers: list[int] = cells.ravel().tolist()
    is_peak = (cells == cells.max()) & (cells > 0)
    return {
        "texts": [show_number(number) if number else "" for number in numbers],
        "shares": tints(numbers),
        "peaks": bits_of(is_peak.astype(int)),
    }


def told_shift(found: ShiftedDrawing) -> Message:
    """Say where the drawing went, and what happened at the edge."""
    moved = _moved(found.shift.rows, found.shift.columns)
    if lost := found.drawn - found.left:
        return in_a_row(moved, plural("{n} cell fell off the edge.", "{n} cells fell off the edge.", n=lost))
    return moved


def _moved(rows: int, columns: int) -> Message:
    match np.sign(rows), np.sign(columns):
        case 0, 0:
            return message("Not shifted.")
        case 1, 0:
            return message("Shifted by {rows} down.", rows=rows)
        case -1, 0:
            return message("Shifted by {rows} up.", rows=-rows)
        case 0, 1:
            return message("Shifted by {columns} to the right.", columns=columns)
        case 0, _:
            return message("Shifted by {columns} to the left.", columns=-columns)
        case 1, 1:
            return message("Shifted by {rows} down and {columns} to the right.", rows=rows, columns=columns)
        case 1, _:
            return message("Shifted by {rows} down and {columns} to the left.", rows=rows, columns=-columns)
        case _, 1:
            return message("Shifted by {rows} up and {columns} to the right.", rows=-rows, columns=columns)
        case _:
            return message("Shifted by {rows} up and {columns} to the left.", rows=-rows, columns=-columns)


def _of_the_vector(found: ShiftedDrawing, hidden: bool) -> dict[str, Any]:
    if hidden:
        return facts(message("How many places of the vector are drawn before and after the shift? Type it above."))
    numbers = {
        "same": (message("drawn in both"), message("{some} of {all}", some=found.same, all=found.drawn)),
        "cosine": (message("cosine"), "–" if found.cosine is None else f"{found.cosine:.2f}"),
        "agreeing": (
            message("equal, blanks included"),
            message("{some} of {all}", some=found.agreeing, all=CELLS),
        ),
    }
    return facts(_compared(found), **numbers)


def _compared(found: ShiftedDrawing) -> Message:
    """What the two vectors have in common."""
    if not found.drawn:
        return message("Nothing is drawn yet: click or drag over the grid.")
    if found.same == found.drawn:
        return message("All drawn places are drawn again.")
    if not found.left:
        return message("Everything fell off the edge: shift it back.")
    if not found.same:
        return message("To us it is the same drawing; as vectors the two have nothing in common.")
    if found.same / found.drawn < 0.5:
        return plural(
            "Of {drawn} cells only {n} lands on a drawn place (marked): to an MLP it is another picture.",
            "Of {drawn} cells only {n} land on a drawn place (marked): to an MLP it is another picture.",
            n=found.same,
            drawn=found.drawn,
        )
    return plural(
        "Of {drawn} cells only {n} lands on a drawn place (marked): much of the mark covers itself.",
        "Of {drawn} cells only {n} land on a drawn place (marked): much of the mark covers itself.",
        n=found.same,
        drawn=found.drawn,
    )


def _of_the_map(found: ShiftedDrawing) -> dict[str, Any]:
    before, after = found.peaks
    numbers = {
        "before": (message("maximum of the map"), show_number(before.value)),
        "after": (message("after the shift"), show_number(after.value)),
    }
    return facts(_moved_map(found, stays=before.value == after.value), **numbers)


def _moved_map(found: ShiftedDrawing, *, stays: bool) -> Message:
    """What became of the feature map, and whether its maximum stays."""
    if not found.drawn:
        return message("Nothing is drawn, so the map is empty.")
    if not found.left:
        return message(
            "Everything fell off the edge: the kernel no longer finds anything, and the second map is empty."
        )
    if not found.differing:
        moved = message("The map moved with the drawing, in all {cells} cells (equivariance).", cells=CELLS)
        return in_a_row(moved, _pooled(stays=stays))
    moved = plural(
        "The map moved with the drawing in all but {n} cell, where the edge cut something off.",
        "The map moved with the drawing in all but {n} cells, where the edge cut something off.",
        n=found.differing,
    )
    return in_a_row(moved, message("Its maximum stays.") if stays else message("Its maximum changes."))


def _pooled(*, stays: bool) -> Message:
    if stays:
        return message("Its maximum, which global max pooling keeps, stays (invariance).")
    return message("Its maximum, which global max pooling keeps, changes.")


def _ask_prediction(found: ShiftedDrawing) -> bool:
    """Ask how much is left of the vector, and say what was mixed up. Return whether it may be shown now."""
    # An answer belongs to its drawing and its shift: with another one, an empty field.
    about = f"{format_drawing(found.before)}_{found.shift.rows}_{found.shift.columns}_{found.shift.edge}"
    question, reply = st.columns([1.6, 2], vertical_alignment="bottom")
    with question:
        text = st.text_input(
            markdown("How many of the {drawn} drawn places stay drawn?", drawn=found.drawn),
            key=f"draw_answer_{about}",
            placeholder=say("your answer, then Enter"),
            persist_state="session",
        )
    with reply:
        return _tell(text, found)


def _tell(text: str, found: ShiftedDrawing) -> bool:
    if not text.strip():
        return False
    try:
        verdict = judge(found, parse_answer(text))
    except ParseError as error:
        st.warning(plain(say(error.message)))
        return False
    if verdict.right:
        st.success(markdown("Right: {answer}.", answer=found.same), icon=":material/check:")
    elif not verdict.sentences:
        st.warning(
            markdown("Not this number. Take the drawn cells one by one: does the cell land where a cell was drawn?")
        )
    else:
        st.warning(markdown("Not this number. {mistakes}", mistakes=in_a_row(*verdict.sentences[:2])))
    return verdict.right
