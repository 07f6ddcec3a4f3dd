"""Grids of numbers that are typed into, stepped through and predicted: the heart of every page about mechanics.

The browser draws and takes what is typed; every number that it shows was computed in Python. A page describes a
`Scene`: boards (typed or computed), how they stand, and for every step which cells are read and what they add up to.
Stepping, playing and pointing then need no round trip. The browser says what happened in states of the component (all
of them come from outside, so `cnnlab.ui.state.grid_page` checks them again), each with the revision of the matrices
that it is about, and with what the browser holds (`cnnlab.ui.components.parts`):

    edit    the texts in all cells, by stack
    resize  a stack's name and its new size
    place   step, all, predict, pick, cells: where the learner is, once that has come to rest, and once a second while
            it plays; also once the typing rests, where something beside the grids follows it
    guess   a prediction for a cell, or the wish to have it revealed
    lack    a part of what it was sent is not there any more

Python raises the revision when it changes a matrix itself (a preset, a resize, a link); only then does the browser take
the texts of the cells from Python. Otherwise its own, newer ones would be overwritten by the echo of older ones.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from cnnlab.number_text import MAX_NUMBER_LENGTH, Matrix, format_number
from cnnlab.texts import Message, say_all
from cnnlab.ui.components.curves.over_steps import Curve
from cnnlab.ui.components.declared import declared
from cnnlab.ui.components.grid_lab.words import SPEEDS, STEADY, WORDS
from cnnlab.ui.components.parts import parts

STATES = ("edit", "resize", "place", "guess", "lack")

Look = Literal["picture", "signed", "counts"]
Cells = Literal["numbers", "letters", "both"]
"""What stands in the cells of boards: see `Symbols`."""
Tone = Literal["red", "green", "blue"]
Piece = tuple[Literal["text", "told", "chip", "given", "result", "part", "total"], Any]
"""A piece of the line that a sum ends in: a text, a text that gives the result away and is told with it, a number, one
that is given rather than computed, or the result.

A line that many steps share (`Group.tail`) names its numbers instead: "part" the step's sum of the section with this
number, "total" what the step's cell holds (the second is None).
"""

_mount = declared("grid_lab", html='<div class="mount"></div>')


@dataclass(frozen=True)
class CellError:
    """A text that is no number, and why; the cell keeps its last good value."""

    row: int
    column: int
    text: str
    why: str


@dataclass(frozen=True, eq=False)
class TypedBoard:
    """A matrix that the learner types. Boards of one stack have one size and stand in the link as one parameter.

    Args:
        title: its name, for people.
        values: (H, W)
        stack: the name of the stack in the page's `GridPage`.
        index: its place in that stack.
        label: its name where it stands alone, for a screen reader, if the title is not enough.
        limits: the most rows and columns that its size fields allow; None draws no size fields.
        padding: cells of padding on every side; `padded` is then (H + 2P, W + 2P).
        padded: the values with their padding, and with what lies beyond; the matrix itself where there is neither.
        beyond: rows and columns behind the padding that windows reach; nothing is there.
        outside: what stands in the padding in place of its numbers: −∞ where it can never be the largest.
        mode: what the padding holds, for its tooltip.
        sources: (H + 2P, W + 2P), numbers that are equal where the padding repeats an input cell, -1 elsewhere.
        look: a picture's positive numbers are shades of grey, signed numbers orange and blue.
        scale: the number that is drawn in full colour; None takes the largest of the board.
        first: the step that the first cell stands for, where a focused cell is to become the step.
        tone: a colour that its cells are underlined in.
        caption: a remark below it.
        errors: what is typed but no number.
    """

    title: str
    values: Matrix
    stack: str
    index: int = 0
    label: str | None = None
    limits: tuple[int, int] | None = None
    padding: int = 0
    padded: Matrix | None = None
    beyond: tuple[int, int] = (0, 0)
    outside: str | None = None
    mode: str = "zeros"
    sources: Matrix | None = None
    look: Look = "signed"
    scale: float | None = None
    first: int | None = None
    tone: Tone | None = None
    caption: str | None = None
    errors: Sequence[CellError] = ()

    def plain(self) -> dict[str, Any]:
        """Put by names what the browser draws."""
        padded = self.values if self.padded is None else self.padded
        limits = self.limits or self.values.shape
        return {
            "kind": "typed",
            "title": say_all(self.title),
            "label": say_all(self.label or self.title),
            "stack": self.stack,
            "index": self.index,
            "values": self.values.tolist(),
            "texts": [[cell_text(value) for value in row] for row in self.values.tolist()],
            "errors": say_all([vars(error) for error in self.errors]),
            "limits": list(limits),
            "resizable": self.limits is not None,
            # Where the padding cannot be had, the input is drawn without.
            "padding": (padded.shape[0] - self.beyond[0] - self.values.shape[0]) // 2,
            "beyond": list(self.beyond),
            "outside": self.outside,
            "padded": padded,
            "mode": self.mode,
            "sources": self.sources,
            "look": self.look,
            "scale": largest(padded) if self.scale is None else self.scale,
            "first": self.first,
            "tone": self.tone,
            "caption": say_all(self.caption),
            "extent": list(padded.shape),
        }


@dataclass(frozen=True)
class CaptionPart:
    """A part of what is said below a board.

    Args:
        text: as it stands there.
        about: what it is, for people, where it is more than a sign; it then lights its place.
        cells: by board, the cells that it lights, as numbers row by row in the board with its padding.
    """

    text: str
    about: Message | None = None
    cells: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Put by names what the browser draws."""
        return {"text": say_all(self.text), "about": say_all(self.about), "cells": _by_name(self.cells)}


@dataclass(frozen=True, eq=False)
class ComputedBoard:
    """A matrix that Python computed.

    Args:
        title: its name, for people.
        values: (H, W), or (steps, H, W) for numbers that change with the step; NaN is an empty cell in the latter.
        first: the step of its first cell, where its cells are the steps, row by row; else None: all are shown.
        look: as in TypedBoard; counts are shades of one colour.
        scale: likewise.
        gathers: whether the numbers of a step hold those of the steps before: "Show all" then shows the last ones, and
            where the step is still to be predicted nothing is shown.
        hatched: the cells, row by row, that are drawn like padding: put in, or cut off.
        pick: whether a cell can be chosen; the page finds it in `Place.pick`.
        tones: a colour for each cell, row by row, that it is underlined in, and with its letter where it has one.
        letters: by tone, what stands in its cells, for those to whom two colours are one.
        caption: what is said below it, part by part.
        refusal: a sentence to show in place of the numbers.
    """

    title: str
    values: Matrix
    first: int | None = None
    look: Look = "signed"
    scale: float | None = None
    gathers: bool = False
    hatched: Sequence[int] = ()
    pick: bool = False
    tones: Sequence[Tone] = ()
    letters: Mapping[Tone, Message] = field(default_factory=dict[Tone, Message])
    caption: Sequence[CaptionPart] = ()
    refusal: str | None = None

    def plain(self) -> dict[str, Any]:
        """Put by names what the browser draws."""
        changes = self.values.ndim == 3
        size = list(self.values.shape[-2:])
        return {
            "kind": "computed",
            "title": say_all(self.title),
            "values": None if changes else self.values.reshape(-1),
            "frames": self.values.reshape(len(self.values), -1) if changes else None,
            "size": size,
            "extent": [max(1, size[0]), max(2, size[1])],
            "first": self.first,
            "look": self.look,
            "scale": largest(self.values) if self.scale is None else self.scale,
            "gathers": self.gathers,
            "hatched": list(self.hatched),
            "pick": self.pick,
            "tones": list(self.tones),
            "letters": say_all(dict(self.letters)),
            "refusal": say_all(self.refusal),
            "stack": None,
            "resizable": False,
        }


@dataclass(frozen=True)
class Section:
    """A part of a sum: cells of one board, each times a cell of another.

    Args:
        left: the name of the board whose cells are read (`Scene.reads`), which are framed.
        right: the name of the board that they are multiplied with, by default all of its cells in order; None for no
            multiplication.
        columns: how many terms stand in a row; for each step of the group, where that changes.
        title: what the part is called, where there are several; {row} and {column} are those of its cell.
        of: where the part is the sum of another step, which this one reads: the board whose cell that step is. It is
            the step of the cell that was pointed at last, or of the first. Such parts come last.
    """

    left: str
    right: str | None
    columns: int | Sequence[int]
    title: str = ""
    of: str | None = None


@dataclass(frozen=True)
class Group:
    """Steps whose sums are made alike: those from `first` on, `count` of them.

    Args:
        sections: what they are made of.
        joiner: what stands between the terms.
        row_sums: whether the sum of each row of terms is written beside it.
        also: boards whose read cells are framed though they are no part of the sum.
        tail: the line that the sums of all these steps end in, in place of `Scene.tails`.
        adds_to: the board whose read cells each get one of the products added, in order; they are framed, too.
    """

    first: int
    count: int
    sections: tuple[Section, ...]
    joiner: str = "+"
    row_sums: bool = False
    also: tuple[str, ...] = ()
    tail: tuple[Piece, ...] = ()
    adds_to: str | None = None


@dataclass(frozen=True)
class Arrangement:
    """One way in which the boards may stand: which one is taken is asked of the screen alone, so no setting moves them.

    Args:
        node: a tree; see `row`, `column`, `table` and `wrap`. The sum stands below the boards unless `SUM` is in it.
        wide: it is taken where the component has at least this many pixels.
        tall: pixels that it has in a window of 800, so that what stands below is on the screen, too.
        tallest: likewise in any window.
        narrow: whether it is an arrangement for phones. The last one always is.
        largest: pixels that a cell has at most.
    """

    node: Any
    wide: int = 0
    tall: int = 360
    tallest: int = 480
    narrow: bool = False
    largest: int = 80


SUM = "(sum)"
"""The sum of the step, for an arrangement that has room for it beside the boards."""


CURVE = "(curve)"
"""The scene's curve, for its place in an arrangement."""


def row(*items: Any) -> dict[str, Any]:
    """Boards side by side, by their names; a text that names no board is a sign, such as "="."""
    return {"way": "row", "items": list(items)}


def column(*items: Any) -> dict[str, Any]:
    """Boards one below the other."""
    return {"way": "column", "items": list(items)}


def table(*rows: Sequence[Any]) -> dict[str, Any]:
    """Boards in rows and columns that line up; "" is an empty place. All rows have as many."""
    return {"way": "table", "columns": len(rows[0]), "items": [item for row in rows for item in row]}


def wrap(*items: Any) -> dict[str, Any]:
    """Boards side by side as far as there is room, and then in the next line: what always works, on a phone too."""
    return {"way": "wrap", "items": list(items)}


def on_a_phone(*boards: str) -> Arrangement:
    """Boards of any sizes on a phone: as many side by side as there is room for, in cells that a finger hits."""
    return Arrangement(wrap(*boards), narrow=True, largest=42)


@dataclass(frozen=True)
class Symbols:
    """What cells are called: by a letter, and their row and column from 1, as in w11.

    Args:
        letters: by board.
        numbers: whether their numbers stand beside the names; else a typed cell shows its own while it has the focus.
        right_first: whether the right cell of a product is written first: w11·x11 where the input is on the left.
    """

    letters: Mapping[str, str]
    numbers: bool
    right_first: bool = False


@dataclass(frozen=True, eq=False)
class Scene:
    """All that the component shows.

    Args:
        boards: by name.
        arrangements: how they may stand, the best one first, a `wrap` last.
        steps: how many there are.
        reads: by board (or stack, for all of its boards), for each step the cells that it reads, as numbers row by row
            in the board with its padding; where there are fewer lists than steps they are gone through again, so one
            list alone is for all steps, and one map's lists are for all maps.
        groups: what the sums of the steps are made of; without groups there is no sum.
        products: (steps, terms), or by step where not all are there.
        parts: likewise, the sums of the sections.
        row_sums: likewise, of the rows of terms.
        tails: likewise, the line that the sum ends in.
        marks: by board, for each step the cells that won.
        tied: likewise, the cells that are as good as one that won, and were not taken.
        same: by board, the cells that hold what their counterpart in another board holds, at every step.
        titles: for each step, what stands above its sum; None names the output cell.
        speed: steps per second, one of `SPEEDS`, until another is chosen.
        fills: whether cells fill as they are reached, so that "Show all" has something to show; else all are filled.
        predicts: whether the learner may predict.
        note: a remark below the boards.
        refusal: why there is nothing to step through.
        compact: draw the boards alone, without the player and the sum.
        is_high: whether its sums may have more rows of terms than a low window has room for; they then hang below its
            edge, and are scrolled to.
        words: what is said otherwise than in `words.py`.
        total_scale: the result that is drawn in full colour.
        curve: numbers over the steps; an arrangement gives it its place with `CURVE`.
        symbols: the names of cells, where they are shown.
    """

    boards: Mapping[str, TypedBoard | ComputedBoard]
    arrangements: Sequence[Arrangement]
    steps: int = 0
    reads: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)
    groups: Sequence[Group] = ()
    products: Any = ()
    parts: Any = ()
    row_sums: Any = None
    tails: Any = ()
    marks: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)
    tied: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)
    same: Mapping[str, Sequence[int]] = field(default_factory=dict)
    titles: Sequence[str] | None = None
    speed: float = STEADY
    fills: bool = True
    predicts: bool = True
    note: str | None = None
    refusal: str | None = None
    compact: bool = False
    is_high: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    total_scale: float = 0.0
    curve: Curve | None = None
    symbols: Symbols | None = None


@dataclass(frozen=True)
class View:
    """Where the learner is; `GridPage` makes it.

    Args:
        revision: raised whenever Python changed a matrix itself.
        answered: the number of the last message of the component that was taken into account.
        pick: the chosen cell: a board's name and the cell's number.
        cells: what the cells are to show; None where that cannot be chosen.
        answers: by step, what was predicted: right, revealed, sentence, terms.
        follows: whether something beside the grids follows when the typing rests; else only the link does.
        first_step: the step that a link without one stands for.
        parameters: what stacks, step, all and predict are called in the link.
        address: by parameter, what the link says of each stack; nothing where it is the default.
        depths: of stacks of kernels, how many slices each kernel has.
    """

    revision: int = 0
    answered: int = 0
    step: int = 0
    show_all: bool = False
    predict: bool = False
    pick: tuple[str, int] | None = None
    cells: Cells | None = None
    answers: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    right: int = 0
    asked: int = 0
    follows: bool = False
    first_step: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)
    address: Mapping[str, str] = field(default_factory=dict)
    depths: Mapping[str, int] = field(default_factory=dict)


def cell_text(value: float) -> str:
    """Write a number as a learner would: 1/9 rather than 0.1111111111111111.

    >>> cell_text(1 / 9), cell_text(0.25), cell_text(-3.0)
    ('1/9', '0.25', '-3')
    """
    text = format_number(value)
    if len(text) <= 5:
        return text
    fraction = Fraction(value).limit_denominator(64)
    return f"{fraction.numerator}/{fraction.denominator}" if float(fraction) == value and fraction else text


def grid_lab(scene: Scene, view: View, holds: Collection[str] = (), *, key: str) -> None:
    """Draw the component.

    Args:
        holds: the marks of the parts that the browser holds.
    """
    _mount(key=key, data=parts(scene_data(scene, view), holds), tells=dict.fromkeys(STATES))


def scene_data(scene: Scene, view: View) -> dict[str, Any]:
    """Put by names what the component draws: the boards by theirs, in the order in which "boards" lists them."""
    predict = {
        "answers": {str(step): say_all(answer) for step, answer in view.answers.items()},
        "right": view.right,
        "asked": view.asked,
    }
    return {
        "revision": view.revision,
        "answered": view.answered,
        "step": view.step,
        "all": view.show_all,
        "predicts": view.predict,
        "pick": list(view.pick) if view.pick else None,
        "cells": view.cells,
        "follows": view.follows,
        "first_step": view.first_step,
        "address": dict(view.address),
        "parameters": dict(view.parameters),
        "depths": dict(view.depths),
        "predict": predict if scene.predicts else None,
        "boards": list(scene.boards),
        **{f"board {name}": board.plain() for name, board in scene.boards.items()},
        "captions": {
            name: [part.plain() for part in board.caption]
            for name, board in scene.boards.items()
            if isinstance(board, ComputedBoard) and board.caption
        },
        "arrangements": [vars(each) for each in scene.arrangements],
        "steps": scene.steps,
        "reads": {name: _lists(reads) for name, reads in scene.reads.items()},
        "groups": [say_all(asdict(group)) for group in scene.groups],
        "products": _array(scene.products),
        "parts": _array(scene.parts),
        "row_sums": None if scene.row_sums is None else _array(scene.row_sums),
        "tails": _one_line(say_all(scene.tails)),
        "marks": {name: _lists(marks) for name, marks in scene.marks.items()},
        "tied": {name: _lists(tied) for name, tied in scene.tied.items()},
        "same": {name: list(same) for name, same in scene.same.items()},
        "titles": say_all(scene.titles),
        "fills": scene.fills,
        "note": say_all(scene.note),
        "refusal": say_all(scene.refusal),
        "compact": scene.compact,
        "is_high": scene.is_high,
        "words": say_all(WORDS | dict(scene.words)),
        "speeds": say_all(SPEEDS),
        "speed": scene.speed,
        "characters": MAX_NUMBER_LENGTH,
        "total_scale": scene.total_scale,
        "curve": None if scene.curve is None else scene.curve.plain(),
        "symbols": None if scene.symbols is None else asdict(scene.symbols),
    }


def _one_line(tails: Any) -> Any:
    """The lines of all steps as one, with the places at which they differ left open, and what stands there by step.

    Lines of several kinds, and those of some steps only, stay as they are.
    """
    if isinstance(tails, Mapping) or len({tuple(kind for kind, _ in tail) for tail in tails}) != 1:
        return tails
    places = list(zip(*tails, strict=True))
    left_open = [place for place, pieces in enumerate(places) if len({what for _, what in pieces}) > 1]
    return {
        "line": tails[0],
        "open": left_open,
        "steps": _array([[tail[place][1] for place in left_open] for tail in tails]),
    }


def _array(numbers: Any) -> Any:
    """Numbers as one array where they fill one; else, and where they are not all numbers, as they are."""
    if isinstance(numbers, Mapping):
        return {step: _array(each) for step, each in numbers.items()}
    try:
        array = np.asarray(numbers)
    except ValueError:  # rows of several lengths
        return numbers
    return array if array.dtype.kind in "iuf" else numbers


def _by_name(cells: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    return {name: [int(cell) for cell in numbers] for name, numbers in cells.items()}


def _lists(reads: Any) -> Any:
    return reads if isinstance(reads, np.ndarray) else [list(each) for each in reads]


def largest(matrix: Matrix) -> float:
    """The largest number of a matrix, whatever its sign; 0 where there is none."""
    finite = np.abs(matrix[np.isfinite(matrix)])
    return float(finite.max()) if finite.size else 0.0
