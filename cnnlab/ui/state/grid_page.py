"""What the grids of a page hold: the matrices that are typed, where the learner is, and what was predicted.

A page makes one `GridPage` at import, of the stacks of matrices that are typed there, and asks it in every run:

    GRID = GridPage("pooling", (Stack("input", DEFAULT_INPUT, max_rows=12, max_columns=12),), prefix="pool_")

    GRID.enter()                        # once per run of the whole page, before the controls: a visit's link counts
    GRID.write_link(GRID.take_edit())
    ...                                 # the controls
    stacks = GRID.typed(beside)         # within a fragment: an edit reruns only that; by name, each (K, H, W)
    ...                                 # the core
    GRID.run(count, scene, judge)       # where the learner is, what was predicted, the grids
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, get_args

import numpy as np
import streamlit as st

from cnnlab.errors import ParseError
from cnnlab.number_text import (
    Matrix,
    as_matrix,
    format_kernels,
    format_stack,
    parse_kernels,
    parse_number,
    parse_stack,
    show_number,
)
from cnnlab.texts import Message, in_a_row, message
from cnnlab.ui.components.grid_lab import STATES, CellError, Cells, Scene, View, grid_lab
from cnnlab.ui.components.parts import held
from cnnlab.ui.components.told import is_whole, last_told, number_of, only_about
from cnnlab.ui.state import links, undo
from cnnlab.ui.state.history import Setting

LAST_STEP = 99_999
"""More steps than any page has."""

_PLACE_LIMITS = {"step": LAST_STEP, "all": 1, "predict": 1}
_CELLS: Mapping[str, Cells] = {cells: cells for cells in get_args(Cells)}


@dataclass(frozen=True, eq=False)
class Stack:
    """Matrices of one size that are typed on a page, and that stand in the link as one parameter.

    Args:
        name: how the page and the component call it.
        default: (K, H, W), or (H, W) for a single one; (O, K, H, W) for kernels.
        max_rows, max_columns: how large a matrix may get.
        max_depth: how many there may be.
        min_depth: how many there must be.
        max_kernels: where given, the matrices are the slices of kernels, (O, K, H, W), and this is how many kernels
            there may be. The component's index then counts on from kernel to kernel.
        spare: what stands in cells that were never typed, when a matrix grows into them: all that the limits allow.
            None is zeros.
    """

    name: str
    default: Matrix
    max_rows: int
    max_columns: int
    max_depth: int = 1
    max_kernels: int | None = None
    spare: Matrix | None = None
    min_depth: int = 1

    @property
    def start(self) -> Matrix:
        """The default as (K, H, W), or as (O, K, H, W)."""
        return self.default[None] if self.default.ndim == 2 else self.default

    @property
    def limits(self) -> tuple[int, ...]:
        """The largest shape that it may have."""
        lead = () if self.max_kernels is None else (self.max_kernels,)
        return (*lead, self.max_depth, self.max_rows, self.max_columns)

    def parse(self, text: str) -> Matrix:
        """Read it as the link holds it.

        Raises:
            ParseError: it cannot be read.
        """
        if self.max_kernels is not None:
            return parse_kernels(text, self.max_kernels, self.max_depth, self.max_rows, self.max_columns)
        stack = parse_stack(text, self.max_depth, self.max_rows, self.max_columns)
        if len(stack) < self.min_depth:
            raise ParseError(
                "There are fewer than {least} matrices: use {least}, with | between them.", least=self.min_depth
            )
        return stack

    def text(self, matrices: Matrix) -> str:
        """Write it as the link holds it."""
        return format_stack(matrices) if self.max_kernels is None else format_kernels(matrices)


@dataclass(frozen=True)
class Judgement:
    """What is said to a prediction.

    Args:
        right: whether it is right.
        sentence: what the learner reads.
        terms: the numbers of the sum's terms to look at.
    """

    right: bool
    sentence: Message
    terms: tuple[int, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where the learner is.

    Args:
        step: the step that is looked at, counted from 0.
        show_all: whether all cells are filled.
        predict: whether cells are predicted before they are shown.
        pick: a board's name and the number of the cell chosen there.
        cells: what the cells are to show.
    """

    step: int = 0
    show_all: bool = False
    predict: bool = False
    pick: tuple[str, int] | None = None
    cells: Cells = "numbers"

    @property
    def shown_cells(self) -> Cells:
        """What the cells do show: a number that is predicted has to be seen, once it is right."""
        return "both" if self.predict and self.cells == "letters" else self.cells


@dataclass
class _Session:
    """What one visitor did on one page, beyond what the link holds.

    Args:
        revision: raised when a matrix changes other than by typing; see `cnnlab.ui.components.grid_lab`.
        canvases: the largest matrices, by stack; one that is shrunk and grown again finds there what it held.
        errors: what is typed but no number, by stack and matrix.
        answers: predictions by step, for the numbers of `answers_for` only.
        beside: what the rest of the page shows of the matrices; None where it was drawn anew and that is not known yet.
        shown: the matrices of this run, by stack.
        follows: whether the rest of the page does not show them yet.
        tried: the steps of which the first prediction has been counted.
        judged: the number of the last prediction that was judged.
        right, asked: how many of the first predictions were right, and how many there were.
        way: what a step is at present, where a page has several kinds of steps.
        steps: where the learner was, by way, when another one was chosen.
    """

    canvases: dict[str, Matrix]
    revision: int = 0
    errors: dict[str, list[list[CellError]]] = field(default_factory=dict)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    answers_for: Any = None
    tried: set[int] = field(default_factory=set)
    right: int = 0
    asked: int = 0
    beside: Any = None
    shown: dict[str, Matrix] = field(default_factory=dict)
    follows: bool = False
    judged: int = 0
    way: str | None = None
    steps: dict[str, int] = field(default_factory=dict)


class GridPage:
    """The grids of one page.

    Args:
        name: of the page; the component's key is `{name}_grid`.
        stacks: the matrices that are typed.
        prefix: of all parameters in the link.
        picks: the boards of which a cell may be chosen, and which it is before one is; the link then holds the choice.
        opens_at: the step that the default matrices are shown at first: one at which there is something to see.
        has_letters: whether the learner chooses what cells show: their numbers, letters, or both.
    """

    def __init__(
        self,
        name: str,
        stacks: Sequence[Stack],
        prefix: str = "",
        picks: Mapping[str, int] = MappingProxyType({}),
        opens_at: int = 0,
        has_letters: bool = False,
    ) -> None:
        self.name = name
        self.key = f"{name}_grid"
        self.stacks = {stack.name: stack for stack in stacks}
        self.prefix = prefix
        self.picks = dict(picks)
        self.opens_at = opens_at
        self.has_letters = has_letters

    # -------------------------------------------------------------------------------------------------- matrices

    def enter(self) -> None:
        """Read the link, if this is the first run of a visit. Call it once in every run of the whole page."""
        first = next(iter(self.stacks))
        is_new_visit = links.is_new(self._parameter(first))
        is_undone = is_new_visit and not links.is_new(self._parameter("step"))
        first_step = self._default("step")
        matrices = {name: self._read(name) for name in self.stacks}
        step = self._read_place()[0]["step"]
        if is_undone and step == first_step:
            # Other numbers may begin elsewhere.
            links.keep(self._parameter("step"), self._first_step(matrices))
        if is_new_visit:
            # The link may have brought other matrices: what the component still holds is of an earlier visit.
            self._session.revision += 1
            self._session.way = None
            self._remember(matrices)
        undo.take_first(self._take_back)

    def take_edit(self) -> dict[str, Matrix]:
        """Read what was typed into the cells; a cell that is no number keeps its last good value.

        Returns:
            By stack, (K, H, W) or, of kernels, (O, K, H, W).
        """
        session = self._session
        matrices = {name: self._read(name) for name in self.stacks}
        session.errors = {}
        edit, resize = self._state("edit"), self._state("resize")
        typed = edit.get("stacks")
        if isinstance(typed, dict):
            for name in self.stacks:
                matrices[name], session.errors[name] = _read_stack(typed.get(name), matrices[name])
        name = resize.get("name")
        if isinstance(name, str) and name in self.stacks:
            self._remember(matrices)
            stack = self.stacks[name]
            rows, columns = _size(resize.get("rows"), stack.max_rows), _size(resize.get("columns"), stack.max_columns)
            matrices[name] = _filled(self._part(name, (*matrices[name].shape[:-2], rows, columns)), resize)
            session.revision += 1
            session.errors = {}
        if edit or resize:
            self._keep(matrices)
        return matrices

    def _take_back(self, by: int) -> bool:
        """Take what was typed; what of it is no number goes first, where one wants back."""
        self.take_edit()
        is_refused = by < 0 and any(each for errors in self._session.errors.values() for each in errors)
        if is_refused:
            self._session.revision += 1
            self._session.errors = {}
        return is_refused

    def errors(self, name: str, index: int = 0) -> list[CellError]:
        """What is typed into a matrix but is no number."""
        errors = self._session.errors.get(name, [])
        return errors[index] if index < len(errors) else []

    def write_link(self, matrices: Mapping[str, Matrix]) -> None:
        """Write the matrices into the link: in runs of the whole page, which then shows them."""
        self._write(matrices)
        self._session.beside = None

    def load(self, matrices: Mapping[str, Matrix]) -> None:
        """Put other numbers on the page, from a callback: a preset's. A stack that is not named stays as it is."""
        self._keep({name: matrix[None] if matrix.ndim == 2 else matrix for name, matrix in matrices.items()})
        self._session.revision += 1
        step = self._default("step")
        links.write(self._parameter("step"), step, step, undo="never")

    def reshape(self, name: str, shape: tuple[int, ...]) -> None:
        """Have a stack's matrices be other in number and size, from a callback; what was there before comes back."""
        matrices = self.take_edit()[name]
        if matrices.shape == shape:
            return
        self._remember({name: matrices})
        self._keep({name: self._part(name, shape)})
        self._session.revision += 1

    # ----------------------------------------------------------------------------------------------- a fragment's run

    def typed(self, beside: Callable[[Mapping[str, Matrix]], Any] | None = None) -> dict[str, Matrix]:
        """Begin to draw the grids; call it within a fragment, before anything is worked out.

        Once the typing rests, the page is run anew if what it shows beside the grids depends on what was typed.

        Args:
            beside: what the rest of the page shows of the matrices, as a value to compare; without it, all of them.

        Returns:
            What is typed now: by stack, (K, H, W) or, of kernels, (O, K, H, W).
        """
        session = self._session
        matrices = self.take_edit()
        shown = fingerprint(matrices) if beside is None else (beside(matrices),)
        if session.beside is None:
            session.beside = shown
        session.shown, session.follows = matrices, shown != session.beside
        if self._has_rested():
            if session.follows:
                # Not drawn before that: the component takes it for an answer, and an edit that it then sends would stop
                # the run of the page before it comes to the grids. Streamlit puts new ones there, without the focus.
                st.rerun()
            self._write(matrices)
        return matrices

    def run(
        self,
        steps: int,
        scene: Callable[[Place], Scene],
        judge: Callable[[int, float], Judgement] | None = None,
        about: Any = None,
        *,
        way: str | None = None,
        picks: int = 0,
    ) -> Place:
        """Find out where the learner is, judge what was predicted, and draw the grids. Call it after `typed`.

        Args:
            steps: how many there are; 0 where the settings do not go together, and the step is kept for later.
            scene: describes the grids, as the learner is there.
            judge: what is said to a value for a step; None where nothing can be predicted.
            about: all that the predictions are about besides the matrices; with another one they start afresh.
            way: what a step is, where a page has several kinds of steps: each keeps its own place, which is also the
                one that a link means when it shows this way. None is as before.
            picks: how many cells of the first board with a choice can be chosen now.

        Returns:
            Where the learner is.
        """
        place = self._take_place(steps, way)
        if picks:
            board, first = next(iter(self.picks.items()))
            chosen = place.pick[1] if place.pick and place.pick[0] == board else first
            place = replace(place, pick=(board, chosen if chosen < picks else 0))
        if judge is not None:
            self._take_guess((fingerprint(self._session.shown), about), steps, judge)
        self._draw(scene(place), place)
        return place

    def predicts(self) -> bool:
        """Whether the learner is predicting, for the parts of the page that would give the answer away."""
        # The link says it only once the grids were drawn.
        told = self._state("place").get("predict")
        in_link = links.read_int(self._parameter("predict"), 0, 0, 1)
        return bool(told if is_whole(told, 1) or isinstance(told, bool) else in_link)

    def step(self) -> int:
        """The step that the learner was at when the grids were last drawn, for parts of the page without them."""
        return self._read_place_of("step")

    def _take_place(self, steps: int, way: str | None) -> Place:
        """Where the learner is: as the component has said, else as the link says. The link then says it too."""
        place, pick = self._read_place()
        told = self._state("place")
        for name, limit in _PLACE_LIMITS.items():
            value = told.get(name)
            if is_whole(value, limit) or (isinstance(value, bool) and limit == 1):
                place[name] = int(value)
        match told.get("pick"):
            case [str(board), cell] if board in self.picks and is_whole(cell, LAST_STEP):
                pick = (board, cell)
        session = self._session
        if way is not None and way != session.way:
            if session.way is not None:
                session.steps[session.way] = place["step"]
                place["step"] = session.steps.get(way, 0)
                # The component goes to a step that Python names only with another revision.
                session.revision += 1
            session.way = way
        if steps:
            place["step"] = min(place["step"], steps - 1)
        for name, value in place.items():
            links.write(self._parameter(name), value, self._default(name), undo="never")
        if self.picks:
            links.write(self._parameter("pick"), pick, None, _pick_text, undo="never")
        cells = self._take_cells() if self.has_letters else "numbers"
        return Place(place["step"], bool(place["all"]), bool(place["predict"]), pick, cells)

    def _take_cells(self) -> Cells:
        name = self._parameter("cells")
        told = self._state("place").get("cells")
        linked = links.read_word(name, "numbers", tuple(_CELLS))
        cells = _CELLS[told if isinstance(told, str) and told in _CELLS else linked]
        links.write(name, cells, "numbers")
        return cells

    def _take_guess(self, about: Any, place_count: int, judge: Callable[[int, float], Judgement]) -> None:
        """Judge a prediction, once."""
        session = self._session
        if session.answers_for != about:
            session.answers_for, session.answers, session.tried = about, {}, set()
        guess = self._state("guess")
        number, step = guess.get("number"), guess.get("step")
        if not is_whole(number, least=session.judged + 1):
            return
        session.judged = number
        if not is_whole(step, place_count - 1):
            return
        earlier = session.answers.get(step, {"right": False, "revealed": False, "sentence": "", "terms": []})
        if guess.get("reveal"):
            session.answers[step] = earlier | {"revealed": True}
        else:
            try:
                value = float(parse_number(str(guess.get("text", ""))))
            except ParseError as error:
                session.answers[step] = earlier | {"sentence": error.message, "terms": []}
                return
            verdict = judge(step, value)
            told = {"right": verdict.right, "sentence": verdict.sentence, "terms": list(verdict.terms)}
            session.answers[step] = earlier | told
        if step not in session.tried:
            session.tried.add(step)
            session.asked += 1
            session.right += session.answers[step]["right"]

    def _draw(self, scene: Scene, place: Place) -> None:
        session = self._session
        newest = max(STATES, key=self._number)
        view = View(
            revision=session.revision,
            answered=self._number(newest),
            step=place.step,
            show_all=place.show_all,
            predict=place.predict,
            pick=place.pick,
            cells=place.cells if self.has_letters else None,
            answers=session.answers,
            right=session.right,
            asked=session.asked,
            follows=session.follows,
            first_step=self._default("step"),
            parameters={name: self._parameter(name) for name in (*self.stacks, *_PLACE_LIMITS)},
            address={self._parameter(name): self._address(name) for name in self.stacks},
            depths={name: matrix.shape[1] for name, matrix in session.shown.items() if matrix.ndim == 4},
        )
        # A component that lacks a part of what it was sent is sent all of it.
        holds = frozenset[str]() if newest == "lack" else held(last_told(self.key, newest).get("held"))
        grid_lab(scene, view, holds, key=self.key)

    # --------------------------------------------------------------------------------------------------- inside

    @property
    def _session(self) -> _Session:
        key = f"{self.name}/grids"
        # One question, as it is asked twenty times in a run.
        session: _Session | None = st.session_state.get(key)
        if session is None:
            canvases: dict[str, Matrix] = {
                name: np.zeros(stack.limits) if stack.spare is None else stack.spare.astype(np.float64)
                for name, stack in self.stacks.items()
            }
            session = _Session(canvases)
            st.session_state[key] = session
            self._remember({name: stack.start for name, stack in self.stacks.items()})
            self._remember({name: self._read(name) for name in self.stacks})
        return session

    def _parameter(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def _write(self, matrices: Mapping[str, Matrix]) -> None:
        for name, matrix in matrices.items():
            links.write(self._parameter(name), matrix, self.stacks[name].start, self.stacks[name].text)

    def _address(self, name: str) -> str:
        """What the link says of a stack; nothing where it is the default."""
        stack = self.stacks[name]
        text = stack.text(self._session.shown[name])
        return "" if text == stack.text(stack.start) else text

    def _read(self, name: str) -> Matrix:
        stack = self.stacks[name]
        return links.read(self._parameter(name), stack.start, stack.parse)

    def _read_place(self) -> tuple[dict[str, int], tuple[str, int] | None]:
        place = {name: self._read_place_of(name) for name in _PLACE_LIMITS}
        return place, links.read(self._parameter("pick"), None, self._parse_pick) if self.picks else None

    def _read_place_of(self, name: str) -> int:
        return links.read_int(self._parameter(name), self._default(name), 0, _PLACE_LIMITS[name])

    def _default(self, name: str) -> int:
        """What a link that does not name a part of the place stands for."""
        return self._first_step({name: self._kept(name) for name in self.stacks}) if name == "step" else 0

    def _first_step(self, matrices: Mapping[str, Matrix]) -> int:
        # What is to be seen at a step is in the default's numbers; others begin with their first.
        is_own = all(np.array_equal(matrices[name], stack.start) for name, stack in self.stacks.items())
        return self.opens_at if is_own else 0

    def _kept(self, name: str) -> Matrix:
        return links.kept(self._parameter(name), self.stacks[name].start)

    def _remember(self, matrices: Mapping[str, Matrix]) -> None:
        for name, matrix in matrices.items():
            self._session.canvases[name][_corner(matrix.shape)] = matrix

    def _part(self, name: str, shape: tuple[int, ...]) -> Matrix:
        """What a stack holds, in this size."""
        return as_whole(self._session.canvases[name][_corner(shape)].copy())

    def _keep(self, matrices: Mapping[str, Matrix]) -> None:
        self._remember(matrices)
        for name, matrix in matrices.items():
            links.keep(self._parameter(name), matrix)
            links.note(self._parameter(name), Setting(self.stacks[name].text(matrix)))

    def _number(self, name: str) -> int:
        """The number of what the component said last under this name, whatever it is about."""
        return number_of(last_told(self.key, name))

    def _state(self, name: str) -> dict[str, Any]:
        """What the component said last under this name, if it is about the matrices as they are now; else empty."""
        return only_about(last_told(self.key, name), self._session.revision)

    def _has_rested(self) -> bool:
        """Whether the component has told a place since the last edit.

        It does when the typing rests, unless the step is the same and nothing beside the grids follows.
        """
        return self._number("place") > max(self._number("edit"), self._number("resize"))

    def _parse_pick(self, text: str) -> tuple[str, int] | None:
        board, _, cell = text.rpartition(",")
        if board not in self.picks or not (cell.isascii() and cell.isdecimal() and len(cell) <= 5):
            raise ParseError(
                "A chosen cell is a grid and the number of a cell, like {example}.",
                example=f"{next(iter(self.picks))},0",
            )
        return board, int(cell)


def _pick_text(pick: tuple[str, int] | None) -> str:
    return "" if pick is None else f"{pick[0]},{pick[1]}"


def fingerprint(matrices: Mapping[str, Matrix]) -> tuple[Any, ...]:
    """A value that differs for other matrices."""
    return tuple((name, matrix.shape, matrix.tobytes()) for name, matrix in matrices.items())


def _read_stack(texts: Any, current: Matrix) -> tuple[Matrix, list[list[CellError]]]:
    matrices = current.reshape(-1, *current.shape[-2:])
    if not isinstance(texts, list) or len(texts) != len(matrices):
        return current, [[] for _ in matrices]
    read = [read_cells(each, matrix) for each, matrix in zip(texts, matrices, strict=True)]
    return as_whole(np.stack([matrix for matrix, _ in read]).reshape(current.shape)), [errors for _, errors in read]


def _filled(matrices: Matrix, told: Mapping[str, Any]) -> Matrix:
    """Put a pasted block into one of the matrices that were made as large as it is."""
    each = list(matrices.reshape(-1, *matrices.shape[-2:]))
    index = told.get("index")
    if not is_whole(index, len(each) - 1):
        return matrices
    each[index] = read_cells(told.get("texts"), each[index])[0]
    return as_whole(np.stack(each).reshape(matrices.shape))


def _corner(shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(size) for size in shape)


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
                held = message("Until then the cell counts as {number}.", number=show_number(numbers[row][column]))
                errors.append(CellError(row, column, str(text), in_a_row(error.message, held)))
    return as_whole(as_matrix(numbers)), errors


def as_whole(matrix: Matrix) -> Matrix:
    """The same numbers as integers where all are whole, so that their sums are exact."""
    rounded = np.rint(matrix)
    return rounded.astype(np.int64) if np.array_equal(rounded, matrix) else matrix


def _size(value: Any, limit: int) -> int:
    return min(limit, max(1, value)) if is_whole(value) else 1
