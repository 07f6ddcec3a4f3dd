"""The part "And then" of the convolution page: a second kernel takes the output further."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cnnlab import lecture
from cnnlab.feedback.window_sum import explain
from cnnlab.lessons.convolution.presets import MAX_KERNEL, PRESETS, Numbers
from cnnlab.lessons.convolution.second_layer import TwoLayers
from cnnlab.lessons.convolution.settings import ConvSettings, ConvWalk
from cnnlab.number_text import Matrix, show_number
from cnnlab.presets import Preset
from cnnlab.texts import Message, message, unfilled
from cnnlab.ui.components.grid_lab import (
    Arrangement,
    CellError,
    Cells,
    ComputedBoard,
    Group,
    Scene,
    Section,
    Symbols,
    TypedBoard,
    column,
    largest,
    on_a_phone,
    row,
)
from cnnlab.ui.pages.convolution import scene as one_layer
from cnnlab.ui.state.grid_page import Judgement

_LETTERS = one_layer.LETTERS | {"second": "v", "then": "z"}

_ARRANGEMENTS = (
    Arrangement(row("input", "∗", "kernel", "=", "output", "∗", "second", "=", "then"), wide=1000, tall=380),
    Arrangement(
        row("input", column(row("∗", "kernel"), row("=", "output")), column(row("∗", "second"), row("=", "then"))),
        wide=610,
        tall=380,
    ),
    Arrangement(
        row(column("input", row("∗", "kernel")), column(row("=", "output"), row("∗", "second"), row("=", "then"))),
        tall=380,
    ),
    on_a_phone("input", "kernel", "output", "second", "then"),
)

_FIRST = unfilled("First output, row {row}, column {column}")
_WITH_BIAS = unfilled("First output, row {row}, column {column}, with the bias {bias}")
_SECOND = unfilled("Second output, row {row}, column {column}")

_WORDS = {
    "tip": message(
        "Point at a product of the second sum: the sum beside it is that of the first output's cell. Click a cell of"
        " either output to step to it."
    ),
}


def about_the_slide(preset: Preset[Numbers] | None) -> Preset[Numbers] | None:
    """What is said of a preset here: of the lecture's example, what the slide with two layers leaves out."""
    lectures = PRESETS["lecture"]
    if preset is not lectures:
        return preset
    (a, b), (c, d) = lecture.OUTPUT[:2, :2].tolist()
    note = message(
        "The slide with two layers prints {printed} in its second output. That takes a second kernel that the slide"
        " does not show: type your own. The first output truly begins {a} {b} / {c} {d}.",
        printed=lecture.PRINTED_SECOND,
        a=a,
        b=b,
        c=c,
        d=d,
    )
    return replace(lectures, note=note)


def scene(
    settings: ConvSettings,
    second: Matrix,
    steps: ConvWalk | None,
    layers: TwoLayers | None,
    refusal: Message | None,
    errors: Mapping[str, Sequence[CellError]],
    cells: Cells,
) -> Scene:
    """Describe the grids of both layers. The first output's cells are the first steps, the second one's follow.

    Args:
        second: (FH, FW), the second kernel.
        steps: of the first layer; None where its settings have no output.
        layers: both; None where the second kernel does not fit, too. `refusal` says why.
        errors: what is typed but no number, by grid.
        cells: what they show.
    """
    alone = one_layer.scene(settings, steps, refusal if steps is None else None, errors, False, cells)
    boards: dict[str, TypedBoard | ComputedBoard] = dict(alone.boards)
    boards["kernel"] = one_layer.kernel_board(settings, errors, message("First kernel"))
    boards["second"] = TypedBoard(
        message("Second kernel"),
        second,
        "second",
        limits=(MAX_KERNEL, MAX_KERNEL),
        errors=errors.get("second", ()),
    )
    nothing = np.zeros((1, 0))
    if steps is None or layers is None:
        if steps is not None:
            boards["output"] = ComputedBoard(message("First output"), steps.totals)
            boards["then"] = ComputedBoard(message("Second output"), nothing, first=0, refusal=refusal)
        else:
            boards["then"] = ComputedBoard(message("Second output"), nothing)
        return Scene(boards, _ARRANGEMENTS, refusal=refusal)
    first, units = steps.totals.size, layers.second.totals.size
    boards["output"] = ComputedBoard(message("First output"), steps.totals, first=0)
    boards["then"] = ComputedBoard(message("Second output"), layers.second.totals, first=first)
    in_letters = cells == "letters"
    products = [*steps.products.reshape(first, -1).tolist(), *layers.second.products.reshape(units, -1).tolist()]
    totals = np.concatenate([steps.totals.ravel(), layers.second.totals.ravel()])
    width = settings.kernel.shape[1]
    bias = settings.bias_vector.tolist()[0]
    of_first = _FIRST if bias == 0 else _WITH_BIAS.with_values(row="{row}", column="{column}", bias=show_number(bias))
    sum_of_first = Section("input", "kernel", width, of_first)
    return Scene(
        boards,
        _ARRANGEMENTS,
        steps=first + units,
        reads={
            **alone.reads,
            "input": [*np.asarray(alone.reads["input"]).tolist(), *layers.fields.tolist()],
            "output": [*([] for _ in range(first)), *layers.inputs.tolist()],
        },
        groups=(
            Group(0, first, (sum_of_first,), row_sums=not in_letters, tail=alone.groups[0].tail),
            Group(
                first,
                units,
                (
                    Section("output", "second", second.shape[1], _SECOND),
                    Section("input", "kernel", width, of_first, of="output"),
                ),
                also=("input",),
                tail=(("text", message("without a bias")),) if in_letters else (("text", "="), ("total", None)),
            ),
        ),
        products=dict(enumerate(products)),
        parts=totals.reshape(-1, 1),
        row_sums=alone.row_sums,
        tails=alone.tails,
        total_scale=largest(totals),
        words=_WORDS,
        # Each part of a sum says which cell it is.
        titles=[""] * (first + units),
        symbols=None if cells == "numbers" else Symbols(_LETTERS, numbers=not in_letters, right_first=True),
    )


def judge(layers: TwoLayers, unit: int, value: float) -> Judgement:
    """Judge what was predicted for a cell of the second output.

    Args:
        unit: the cell's number, row by row.
    """
    totals = layers.second.totals
    row, column = divmod(unit, totals.shape[1])
    verdict = explain(layers.settings.cell(row, column), value, one_layer.neighbours(totals, row, column))
    width = layers.settings.kernel.shape[1]
    return Judgement(verdict.right, verdict.sentence, tuple(row * width + column for _, row, column in verdict.places))
