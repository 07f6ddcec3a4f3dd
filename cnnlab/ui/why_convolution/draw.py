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
from cnnlab.shown_text import plain
from cnnlab.ui import controls, links
from cnnlab.ui.components.shift_lab import facts, painter, tints
from cnnlab.ui.why_convolution.messages import answered, desk, told

PAINTER = "why_draw"
"""The component's key."""

DEFAULT_DRAWING = PRESETS["x"]
DEFAULT_PLACES = (0, 1)

PRESET_TITLES = {"x": "X", "o": "O", "plus": "+", "l": "L", "block": "Block", "clear": "Clear"}
KERNEL_TITLES = {
    "x": "Kernel: X, 3×3",
    "x5": "Kernel: X, 5×5",
    "plus": "Kernel: +, 3×3",
    "line": "Kernel: upright line, 3×3",
}
EDGE_TITLES = {"fall": "Cells fall off the edge", "wrap": "Cells come in again"}


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
            st.button(title, key=f"draw_{name}", on_click=_load, args=(name,))
        st.button("Random", key="draw_random", on_click=_load_random)
    kernel_column, edge_column, predict_column = st.columns([1.3, 1.9, 0.9], vertical_alignment="center")
    with kernel_column:
        kernel = controls.choice("Kernel", "draw_kernel", KERNEL_TITLES, "x", label_visibility="collapsed")
    with edge_column:
        word = controls.choice(
            "At the edge", "draw_edge", EDGE_TITLES, "fall", widget="segmented", label_visibility="collapsed"
        )
        edge = as_edge(word)
    with predict_column:
        hidden = controls.switch(
            "Predict first", "draw_hide", help="Hide what the vectors have in common: predict it, then compare."
        )
    settings = DrawSettings(*_take_drawing(edge), kernel)
    found = settings.found
    if hidden and found.drawn:
        hidden = not _ask_prediction(found)
    painter(_painter_data(found, hidden), key=PAINTER)


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
    message = told(PAINTER, "drawing")
    cells = parse_bits(message.get("cells"))
    drawing = drawing if cells is None else cells
    match message.get("shift"):
        case [int(down), int(across)] if max(abs(down), abs(across)) < SIDE:
            places = int(down), int(across)
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
        "answered": answered(PAINTER, "drawing"),
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


def told_shift(found: ShiftedDrawing) -> str:
    """Say where the drawing went, and what happened at the edge."""
    rows, columns = found.shift.rows, found.shift.columns
    ways = [
        f"{abs(places)} {way}"
        for places, way in (
            (rows, "down" if rows > 0 else "up"),
            (columns, "to the right" if columns > 0 else "to the left"),
        )
        if places
    ]
    if not ways:
        return "Not shifted."
    moved = f"Shifted by {' and '.join(ways)}."
    lost = found.drawn - found.left
    if lost:
        return f"{moved} {_cells_of(lost)} fell off the edge."
    return moved


def _cells_of(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _of_the_vector(found: ShiftedDrawing, hidden: bool) -> dict[str, Any]:
    if hidden:
        return facts("How many places of the vector are drawn before and after the shift? Type it above.")
    numbers = {
        "same": ("drawn in both", f"{found.same} of {found.drawn}"),
        "cosine": ("cosine", "–" if found.cosine is None else f"{found.cosine:.2f}"),
        "agreeing": ("equal, blanks included", f"{found.agreeing} of {CELLS}"),
    }
    if not found.drawn:
        sentence = "Nothing is drawn yet: click or drag over the grid."
    elif not found.left:
        sentence = "Everything fell off the edge: shift it back."
    elif not (found.shift.rows or found.shift.columns):
        sentence = "Shift the drawing with the arrows, and watch the second vector."
    elif not found.same:
        sentence = "To us it is the same drawing; as vectors the two have nothing in common."
    else:
        sentence = (
            f"Of {_cells_of(found.drawn)} only {found.same} meet a drawn place again (marked): {_verdict(found)}."
        )
    if found.drawn and found.same == found.drawn:
        sentence = "All drawn places are drawn again."
    return facts(sentence, **numbers)


def _verdict(found: ShiftedDrawing) -> str:
    share = found.same / found.drawn
    return "to an MLP another picture" if share < 0.5 else "much of the mark covers itself"


def _of_the_map(found: ShiftedDrawing) -> dict[str, Any]:
    before, after = found.peaks
    numbers = {
        "before": ("maximum of the map", show_number(before.value)),
        "after": ("after the shift", show_number(after.value)),
    }
    stays = "stays" if before.value == after.value else "changes"
    if not found.drawn:
        sentence = "Nothing is drawn, and so the map is empty."
    elif not found.left:
        sentence = "Everything fell off the edge: the kernel finds nothing any more, and the second map is empty."
    elif not found.differing:
        sentence = (
            f"The map went along with the drawing, in all {CELLS} cells (equivariance); its maximum, which global max "
            f"pooling keeps, {stays} (invariance)."
        )
    else:
        sentence = (
            f"The map went along with the drawing in all but {_cells_of(found.differing)}, where the edge cut "
            f"something off; its maximum {stays}."
        )
    return facts(sentence, **numbers)


def _ask_prediction(found: ShiftedDrawing) -> bool:
    """Ask how much is left of the vector, and say what was mixed up. Return whether it may be shown now."""
    # An answer belongs to its drawing and its shift: with another one, an empty field.
    about = f"{format_drawing(found.before)}_{found.shift.rows}_{found.shift.columns}_{found.shift.edge}"
    question, reply = st.columns([1.6, 2], vertical_alignment="bottom")
    with question:
        text = st.text_input(
            f"How many of the {found.drawn:d} drawn places stay drawn?",
            key=f"draw_answer_{about}",
            placeholder="your answer, then Enter",
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
        message = str(error)
        st.warning(plain(f"{message[0].upper()}{message[1:]}."))
        return False
    if verdict.right:
        st.success(f"Right: {found.same:d}.", icon=":material/check:")
    elif not verdict.sentences:
        st.warning("Not this number. Take the drawn cells one by one: was the cell drawn on which it lands?")
    else:
        st.warning("Not this number. " + plain(" ".join(verdict.sentences[:2])))
    return verdict.right
