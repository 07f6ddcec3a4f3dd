"""The convolution page's state: matrices, step and predictions, and how the grid component changes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import streamlit as st

from cnnlab.errors import CnnlabError, ParseError, ShapeError
from cnnlab.lessons.convolution.predict import explain
from cnnlab.lessons.convolution.presets import (
    DEFAULT_INPUT,
    DEFAULT_KERNEL,
    MAX_INPUT,
    MAX_KERNEL,
    PRESETS,
    Preset,
    random_preset,
)
from cnnlab.lessons.convolution.settings import ConvSettings, ConvWalk, padded_input, walk
from cnnlab.matrices import Matrix, as_matrix, parse_number
from cnnlab.ui import controls, links
from cnnlab.ui.components.conv_grid import STATES, CellError, GridView, conv_grid

GRID = "convolution_grid"
"""The component's key; its states are read from the session under this name."""

LIMITS = {"input": MAX_INPUT, "kernel": MAX_KERNEL}
DEFAULTS = {"input": DEFAULT_INPUT, "kernel": DEFAULT_KERNEL}
MODES = {"zeros": "zeros", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
LAST_STEP = (MAX_INPUT + 12) ** 2 - 1
OWN_NUMBERS = "own"
PLAIN: Mapping[str, int | float | bool] = {"stride": 1, "padding": 0, "dilation": 1, "bias": 0.0, "flip": False}
"""The settings that an example stands for; the fields of ConvSettings are also the controls' keys."""

_SAME_FLIPPED = "Flipping changes nothing here: this kernel looks the same after a turn by 180°."
_FLIPPED = "True convolution: the window meets the kernel turned by 180°."


@dataclass
class Session:
    """What one visitor did, beyond what the link holds.

    Args:
        revision: raised when a matrix changes other than by typing; see `cnnlab.ui.components.conv_grid`.
        errors: what is typed but no number, by grid.
        canvases: the largest grids, by name; a grid that is shrunk and grown again finds there what it held.
        answers: predictions by step, for the numbers of `answers_for` only.
        drawn: the matrices that the rest of the page shows.
        tried: the steps of which the first prediction has been counted.
        judged: the number of the last prediction that was judged.
    """

    revision: int
    canvases: dict[str, Matrix]
    answers: dict[int, dict[str, Any]]
    errors: dict[str, list[CellError]] = field(default_factory=dict)
    answers_for: tuple[Any, ...] = ()
    tried: set[int] = field(default_factory=set)
    right: int = 0
    asked: int = 0
    drawn: tuple[Any, ...] = ()
    judged: int = 0


def settings_panel() -> ConvSettings:
    """Read everything from the link or the session, and draw the controls for what has one."""
    is_new_visit = links.is_new("input")
    matrices = {name: _read(name) for name in LIMITS}
    session = _session(matrices)
    if is_new_visit:
        # The link may have brought other matrices: what the component still holds is of an earlier visit.
        session.revision += 1
        _remember(session, matrices)
    matrices = _take_edit(session)
    for name, matrix in matrices.items():
        links.write_matrix(name, matrix, DEFAULTS[name])
    session.drawn = _fingerprint(matrices)
    menu = st.container()
    left, right = st.columns(2, gap="small")
    with left:
        stride = controls.whole_number("Stride", "stride", 1, 6, 1)
        padding = controls.whole_number("Padding", "padding", 0, 6, 0)
        bias = controls.real_number("Bias", "bias", -1000, 1000, 0, step=1.0)
    with right:
        dilation = controls.whole_number("Dilation", "dilation", 1, 5, 1)
        mode = controls.choice("Padding holds", "mode", MODES, "zeros")
        st.space("small")
        flip = controls.switch("Flip kernel", "flip")
    settings = ConvSettings(matrices["input"], matrices["kernel"], stride, padding, mode, dilation, bias, flip)
    current = _current_preset(settings)
    with menu:
        _preset_menu(current)
    if current in PRESETS:
        st.caption(PRESETS[current].note)
    return settings


@st.fragment
def grids(chosen: ConvSettings, compact: bool = False) -> None:
    """Draw the grids, with the player and the sum unless `compact`.

    An edit reruns this only; the rest of the page and the URL follow when the typing rests.

    (A fragment of the controls as well took much longer from key press to changed cell: 90 ms instead of 55 ms.)
    """
    session: Session = st.session_state["convolution"]
    matrices = _take_edit(session)
    place = _take_place(session)
    settings = replace(chosen, input=matrices["input"], kernel=matrices["kernel"], step=place["step"])
    steps, refusal = _walk(settings)
    if steps is not None:
        settings = replace(settings, step=min(settings.step, steps.totals.size - 1))
        _take_guess(session, settings, steps)
    view = GridView(
        revision=session.revision,
        answered=max(map(_number, STATES)),
        step=settings.step,
        show_all=bool(place["all"]),
        predict=bool(place["predict"]),
        errors=session.errors,
        refusal=refusal,
        note=_note(settings),
        answers=session.answers,
        right=session.right,
        asked=session.asked,
        compact=compact,
    )
    conv_grid(settings, steps, _padded(settings, steps), view, key=GRID)
    if _has_rested() and _fingerprint(matrices) != session.drawn:
        st.rerun()


# ------------------------------------------------------------------------------------------------------- matrices


def _read(name: str) -> Matrix:
    return links.read_matrix(name, DEFAULTS[name], max_rows=LIMITS[name], max_cols=LIMITS[name])


def _session(matrices: Mapping[str, Matrix]) -> Session:
    if "convolution" not in st.session_state:
        canvases: dict[str, Matrix] = {name: np.zeros((limit, limit)) for name, limit in LIMITS.items()}
        session = Session(0, canvases, {})
        _remember(session, matrices)
        st.session_state["convolution"] = session
    return st.session_state["convolution"]


def _remember(session: Session, matrices: Mapping[str, Matrix]) -> None:
    for name, matrix in matrices.items():
        session.canvases[name][: matrix.shape[0], : matrix.shape[1]] = matrix


def _keep(session: Session, matrices: Mapping[str, Matrix]) -> None:
    _remember(session, matrices)
    for name, matrix in matrices.items():
        links.keep(name, matrix)


def _message(name: str) -> dict[str, Any]:
    """What the component said last under this name, whatever it is about; empty if nothing."""
    message = st.session_state.get(GRID, {}).get(name)
    return message if isinstance(message, dict) else {}


def _number(name: str) -> int:
    """The number of that message; see outbox.js."""
    number = _message(name).get("message")
    return number if isinstance(number, int) else 0


def _state(name: str, session: Session) -> dict[str, Any] | None:
    """What the component said last under this name, if it is about the matrices as they are now."""
    message = _message(name)
    return message if message.get("revision") == session.revision else None


def _take_edit(session: Session) -> dict[str, Matrix]:
    """Read what was typed into the cells; a cell that is no number keeps its last good value."""
    matrices = {name: _read(name) for name in LIMITS}
    session.errors = {}
    edit = _state("edit", session)
    resize = _state("resize", session)
    if edit is not None:
        for name in LIMITS:
            matrices[name], session.errors[name] = read_cells(edit.get(name), matrices[name])
    name = resize.get("name") if resize is not None else None
    if resize is not None and isinstance(name, str) and name in LIMITS:
        _remember(session, matrices)
        rows, columns = (_size(resize.get(axis), LIMITS[name]) for axis in ("rows", "columns"))
        matrices[name] = _whole(session.canvases[name][:rows, :columns].copy())
        session.revision += 1
        session.errors = {}
    if edit is not None or resize is not None:
        _keep(session, matrices)
    return matrices


def _fingerprint(matrices: Mapping[str, Matrix]) -> tuple[Any, ...]:
    return tuple((matrix.shape, matrix.tobytes()) for matrix in matrices.values())


def read_cells(texts: Any, current: Matrix) -> tuple[Matrix, list[CellError]]:
    """Read the texts of a grid's cells.

    Returns:
        The matrix, in which a cell that is no number keeps its value in `current`, and a complaint for each of those.
        Anything but rows of texts of the shape of `current` changes nothing.
    """
    rows, columns = current.shape
    is_grid = isinstance(texts, list) and len(texts) == rows
    if not is_grid or not all(isinstance(line, list) and len(line) == columns for line in texts):
        return current, []
    errors: list[CellError] = []
    numbers: list[list[int | float]] = current.tolist()
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            try:
                numbers[row][column] = parse_number(str(text))
            except ParseError as error:
                why = f"{_sentence(error)} Until then the cell counts as {numbers[row][column]:g}."
                errors.append(CellError(row, column, str(text), why))
    return _whole(as_matrix(numbers)), errors


def _whole(matrix: Matrix) -> Matrix:
    """The same numbers as integers where all are whole, so that their sums are exact."""
    rounded = np.rint(matrix)
    return rounded.astype(np.int64) if np.array_equal(rounded, matrix) else matrix


def _size(value: Any, limit: int) -> int:
    return min(limit, max(1, value)) if isinstance(value, int) else 1


# -------------------------------------------------------------------------------------------------------- presets


def _preset_menu(current: str) -> None:
    titles = {OWN_NUMBERS: "Your own numbers"} | {name: preset.title for name, preset in PRESETS.items()}
    # A menu that the script sets would be set back by the browser's next message, which still holds the earlier
    # choice, and that would load it. So it is another menu whenever the numbers are another preset's.
    key = f"convolution_preset/{current}"
    st.selectbox(
        "Preset",
        titles,
        index=list(titles).index(current),
        format_func=lambda name: titles[name],
        key=key,
        on_change=_load_chosen,
        args=(key,),
    )
    with st.popover("Random numbers", width="stretch"):
        st.number_input("Seed", 0, 9999, 0, key="convolution_seed")
        st.button("Fill input and kernel", on_click=_load_random, width="stretch")


def _current_preset(settings: ConvSettings) -> str:
    """The preset whose numbers are on the screen: an example before a kernel before an input."""
    is_plain = all(getattr(settings, name) == value for name, value in PLAIN.items())

    def shows(preset: Preset) -> bool:
        pairs = (preset.input, settings.input), (preset.kernel, settings.kernel)
        same = all(wanted is None or np.array_equal(wanted, matrix) for wanted, matrix in pairs)
        return same and (is_plain or not preset.is_example)

    matching = [name for name, preset in PRESETS.items() if shows(preset)]
    matching.sort(key=lambda name: (not PRESETS[name].is_example, PRESETS[name].kernel is None))
    return matching[0] if matching else OWN_NUMBERS


def _load_chosen(key: str) -> None:
    name = st.session_state[key]
    if name in PRESETS:
        load(PRESETS[name])


def _load_random() -> None:
    shapes = [_read(name).shape for name in LIMITS]
    load(random_preset(int(st.session_state["convolution_seed"] or 0), *shapes))


def load(preset: Preset) -> None:
    """Put a preset's numbers on the page; an example brings the plain settings along."""
    session: Session = st.session_state["convolution"]
    brought = {"input": preset.input, "kernel": preset.kernel}
    _keep(session, {name: matrix for name, matrix in brought.items() if matrix is not None})
    session.revision += 1
    links.write_int("step", 0, 0)
    if preset.is_example:
        for key, value in PLAIN.items():
            controls.set_control(key, value)


# ---------------------------------------------------------------------------------------------- step and prediction


def _take_place(session: Session) -> dict[str, int]:
    """Step, all and predict: from the component where it has said so, else from the link."""
    limits = {"step": LAST_STEP, "all": 1, "predict": 1}
    place = {name: links.read_int(name, 0, 0, limit) for name, limit in limits.items()}
    told = _state("place", session)
    if told is not None:
        for name, limit in limits.items():
            if isinstance(told.get(name), int) and 0 <= told[name] <= limit:
                place[name] = int(told[name])
                links.write_int(name, place[name], 0)
    return place


def _has_rested() -> bool:
    """Whether the component has told a place since the last edit, which it does when the typing rests."""
    return _number("place") > max(_number("edit"), _number("resize"))


def _take_guess(session: Session, settings: ConvSettings, steps: ConvWalk) -> None:
    """Judge a prediction, once. Predictions are about these numbers only; others start afresh."""
    matrices = {"input": settings.input, "kernel": settings.kernel}
    about = (_fingerprint(matrices), str(settings.arguments), settings.bias, settings.flip)
    if session.answers_for != about:
        session.answers_for, session.answers, session.tried = about, {}, set()
    guess = _state("guess", session)
    if guess is None or not isinstance(guess.get("number"), int) or guess["number"] <= session.judged:
        return
    session.judged = guess["number"]
    step = guess.get("step")
    if not isinstance(step, int) or not 0 <= step < steps.totals.size:
        return
    earlier = session.answers.get(step, {"right": False, "revealed": False, "sentence": "", "terms": []})
    if guess.get("reveal"):
        session.answers[step] = earlier | {"revealed": True}
    else:
        try:
            value = float(parse_number(str(guess.get("text", ""))))
        except ParseError as error:
            session.answers[step] = earlier | {"sentence": _sentence(error), "terms": []}
            return
        row, column = divmod(step, steps.totals.shape[1])
        verdict = explain(settings.cell(row, column), value, _neighbours(steps.totals, row, column))
        terms = [list(term[1:]) for term in verdict.terms]
        session.answers[step] = earlier | {"right": verdict.right, "sentence": verdict.sentence, "terms": terms}
    if step not in session.tried:
        session.tried.add(step)
        session.asked += 1
        session.right += session.answers[step]["right"]


def _neighbours(totals: Matrix, row: int, column: int) -> dict[str, float]:
    places = {"left": (0, -1), "right": (0, 1), "above": (-1, 0), "below": (1, 0)}
    return {
        name: float(totals[row + down, column + across])
        for name, (down, across) in places.items()
        if 0 <= row + down < totals.shape[0] and 0 <= column + across < totals.shape[1]
    }


# ------------------------------------------------------------------------------------------------ what is drawn


def _walk(settings: ConvSettings) -> tuple[ConvWalk | None, str | None]:
    try:
        return walk(settings), None
    except CnnlabError as error:
        return None, _sentence(error)


def _sentence(error: CnnlabError) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


def _padded(settings: ConvSettings, steps: ConvWalk | None) -> Matrix:
    """The input as it is drawn: where the settings do not go together, with its padding if that much is possible."""
    if steps is not None:
        return steps.padded
    try:
        return padded_input(settings)[0]
    except ShapeError:
        return settings.input


def _note(settings: ConvSettings) -> str | None:
    if not settings.flip:
        return None
    return _SAME_FLIPPED if settings.flip_changes_nothing else _FLIPPED
