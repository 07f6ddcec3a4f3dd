"""The network page's picture and table: the data that the two components draw."""

import math
from functools import lru_cache
from typing import Any

from cnnlab.feedback.shape_answer import BATCH
from cnnlab.feedback.verdict import Verdict
from cnnlab.figures import style
from cnnlab.layers import LAYER_TYPES, Layer, Shape, with_times
from cnnlab.lessons.network import blocks
from cnnlab.lessons.network.forms import about, fields_of
from cnnlab.lessons.network.hiding import Cover, askable
from cnnlab.lessons.network.texts import MAX_ROWS, Question, describe_count, format_hidden
from cnnlab.networks import LayerSummary, Network
from cnnlab.networks.network import BYTES, format_bytes
from cnnlab.networks.remarks import remark_on_logits
from cnnlab.networks.zoo import name_of
from cnnlab.texts import Message, in_a_row, message, unfilled
from cnnlab.training.record import file_word
from cnnlab.ui.components.pictures.blocks import block_picture
from cnnlab.ui.components.table import Asking, Column, LayerType, Row, Table, draw_table
from cnnlab.ui.pages.network import state as page
from cnnlab.ui.pages.network.state import PICTURE, TABLE, State, read_network

_PALETTE = {"conv": 0, "pool": 3, "linear": 1, "other": 2, "input": 6}
"""The names of the picture's colours, as places in the palette. A window is marked in the accent."""

_PICTURE_TEXTS = {
    "title": message("The network, drawn as blocks"),
    "save_svg": message("Save as SVG"),
    "save_png": message("Save as PNG"),
}

_COLUMNS = (
    Column(
        "number",
        "number",
        message("Row"),
        message("Rows count from 1, PyTorch from 0: row 1 is model[0], with the weights 0.weight and 0.bias."),
    ),
    Column("type", "type", message("Layer")),
    Column("arguments", "arguments", message("Arguments")),
    Column(
        "result",
        "shape",
        message("Shape in → out"),
        message(
            "Channels × height × width of one picture, or the number of features in a row; N, the number of pictures "
            "in a batch, stands before them if the switch N is on."
        ),
        asking=Asking(
            "s",
            all=message("Ask for all shapes, or show them again"),
            question=unfilled("What shape comes out of row {row}?"),
            hide=message("Ask for this shape"),
            show=message("Show this shape"),
        ),
    ),
    Column(
        "result",
        "params",
        message("Parameters"),
        message("Numbers that the layer learns: weights and biases."),
        asking=Asking(
            "p",
            all=message("Ask for all numbers of parameters, or show them again"),
            question=unfilled("How many parameters does row {row} have?"),
            hide=message("Ask for these parameters"),
            show=message("Show these parameters"),
        ),
    ),
    Column(
        "result",
        "field",
        message("Receptive field"),
        message("Pixels of the input along each axis that one number of the output depends on."),
    ),
    Column(
        "result",
        "macs",
        message("MACs"),
        message("Multiplications with a weight, each added into a sum, for one picture."),
    ),
    Column("tools", "tools"),
)

_TABLE_TEXTS = {
    "legend": message("What the columns say"),
    "input": message("Input"),
    "input_name": message("Shape of the input"),
    "add_name": message("Type of the layer to add"),
    "add_last": message("Add at the end"),
    "add_after": unfilled("Add after row {row}"),
    "full": message("At most {most} layers.", most=MAX_ROWS),
    "cell_name": unfilled("{name} of row {row}"),
    "do_open": message("Show how the numbers of this row are worked out"),
    "name_open": unfilled("Row {row}, {type}: show how its numbers are worked out"),
    "do_up": message("Move up"),
    "do_down": message("Move down"),
    "do_remove": message("Remove"),
    "name_up": unfilled("Move row {row} up"),
    "name_down": unfilled("Move row {row} down"),
    "name_remove": unfilled("Remove row {row}"),
    "more": message("More arguments:"),
    "reveal": message("Show it"),
    "torch_says": message("PyTorch says:"),
    "memory_help": message("As float32: the numbers that all layers give for one picture, and the parameters."),
}


def show_picture(state: State, *, is_large: bool = False) -> None:
    """Draw the blocks."""
    problem = _problem(state, bool(state.open_questions))
    data = {
        "picture": _drawn(state.network, state.input_shape, state.covers, is_large),
        "palette": {name: [index, style.CATEGORICAL[index]] for name, index in _PALETTE.items()},
        "selected": state.selected,
        "answered": page.handled(PICTURE),
        "is_large": is_large,
        "trouble": problem["sentence"] if problem else "",
        "file": file_word(name_of(state.network)),
        "texts": _PICTURE_TEXTS,
    }
    block_picture(data, PICTURE)


def show_table(state: State, *, with_batch: bool = False) -> None:
    """Draw the layers, to be edited, with what follows from them."""
    reading = state.reading
    verdicts = state.verdicts
    covers = state.covers
    problem = _problem(state, bool(state.open_questions))
    told = page.refused()
    progress = _progress(state, verdicts)
    wrong = [sentence for verdict in verdicts.values() if not verdict.right for sentence in verdict.sentences]
    table = Table(
        "dense",
        _COLUMNS,
        [LayerType(name, about=about(layer_type)) for name, layer_type in LAYER_TYPES.items()],
        ("up", "down", "remove"),
        [
            _row(layer, reading.rows[index], covers[index], state, with_batch)
            if index < len(reading.rows)
            else Row(layer.name, _args(layer), None, fields=_forms(layer))
            for index, layer in enumerate(state.network.layers)
        ],
        MAX_ROWS,
        _TABLE_TEXTS,
        page.handled(TABLE),
        page.revision(),
        selects=True,
        selected=state.selected,
        input=_batch(with_batch) + "×".join(map(str, state.input_shape)),
        problem=problem,
        refused=vars(told) | {"news": in_a_row(told.sentence, *wrong, progress)} if told else None,
        totals=_totals(reading.rows, covers, is_whole=problem is None),
        hidden=_keys(state.hidden),
        askable=_keys(askable(reading.rows, "shape") | askable(reading.rows, "params")),
        answers=state.answers or {},
        note=progress,
        news=in_a_row(problem["sentence"] if problem else "", *wrong, progress),
    )
    draw_table(table, TABLE)


def _row(layer: Layer, summary: LayerSummary, cover: Cover, state: State, with_batch: bool) -> Row:
    hidden = blocks.HIDDEN
    values = {"shape": _batch(with_batch) + _shown(summary.output_shape), "params": f"{summary.num_params:,}"}
    asked: dict[str, Any] = {}
    for kind in ("shape", "params"):
        if (kind, summary.index) in state.hidden:
            verdict = state.verdicts.get((kind, summary.index), Verdict(False))
            value = values[kind] if verdict.right else ""
            asked[kind] = {"right": verdict.right, "value": value, "sentences": verdict.sentences}
    return Row(
        layer.name,
        _args(layer),
        {
            "shape": (
                # With the batch there is no room for both; what comes in is what comes out of the row above.
                "→ " if with_batch else f"{hidden if cover.input else _shown(summary.input_shape)} → ",
                hidden if cover.shape else values["shape"],
                "",
            ),
            "params": hidden if cover.params else values["params"],
            "field": hidden if cover.arguments else _pair(summary.receptive_field),
            "macs": hidden if cover.costs else describe_count(summary.macs),
        },
        _details(summary, cover, _behind(summary, state)),
        _forms(layer),
        cover.arguments,
        asked,
        blocks.is_act(summary),
    )


def _args(layer: Layer) -> dict[str, str]:
    return {field.name: field.value for field in fields_of(layer)}


def _forms(layer: Layer) -> list[dict[str, Any]]:
    """How its arguments are typed, without what is set."""
    told = [vars(field) | {"is_usual": field.is_usual} for field in fields_of(layer)]
    return [{name: value for name, value in form.items() if name != "value"} for form in told]


def _behind(row: LayerSummary, state: State) -> Message | None:
    """What is said of the end of the network in its last row."""
    return remark_on_logits(state.network) if row.index == len(state.network.layers) - 1 else None


def _details(row: LayerSummary, cover: Cover, behind: Message | None) -> list[tuple[Message, str, bool]]:
    """How a row's numbers come about, but for what is covered: a label, a text, and whether it is a formula."""
    found: list[tuple[Message, str, bool]] = [(message("What it does"), about(type(row.layer)), False)]
    # How many numbers come out may be asked for.
    found += [(message("After it"), behind, False)] if behind and not cover.shape and not cover.arguments else []
    found += [] if cover.formula else [(message("Shape"), with_times(row.shape_text), True)]
    found += [] if cover.params else [(message("Parameters"), with_times(row.params_text), True)]
    if not (cover.costs or cover.formula):
        found.append((message("Multiplications (MACs)"), with_times(row.macs_text), True))
        found.append((message("Memory of the output"), _memory_text(row), True))
    if not cover.arguments:
        sees = message(
            "{field} pixels of the input; from one unit to the next it moves by {jump} (the jump)",
            field=_sides(row.receptive_field),
            jump=_pair(row.jump),
        )
        found.append((message("Receptive field"), sees, False))
    return found


def _memory_text(row: LayerSummary) -> Message:
    memory = format_bytes(row.memory)
    if len(row.output_shape) == 1:
        return message(
            "{numbers:,} numbers, {bytes} bytes each: {memory}", numbers=row.activations, bytes=BYTES, memory=memory
        )
    return message(
        "{sizes} = {numbers:,} numbers, {bytes} bytes each: {memory}",
        sizes="×".join(map(str, row.output_shape)),
        numbers=row.activations,
        bytes=BYTES,
        memory=memory,
    )


def _problem(state: State, is_open: bool) -> dict[str, Any] | None:
    problem = state.reading.problem
    if problem is None:
        return None
    if is_open:
        # The sentence has the shapes in it that are asked for.
        sentence = message("This layer does not fit. The reason is shown once the hidden numbers are filled in.")
        return {"row": problem.index, "sentence": sentence, "suggestions": [], "torch_says": None}
    return {
        "row": problem.index,
        "sentence": problem.sentence,
        "suggestions": [suggestion.label for suggestion in problem.suggestions],
        "torch_says": problem.torch_says,
    }


def _totals(rows: tuple[LayerSummary, ...], covers: tuple[Cover, ...], is_whole: bool) -> dict[str, str]:
    hidden = blocks.HIDDEN
    params = hidden if any(cover.params for cover in covers) else f"{sum(row.num_params for row in rows):,}"
    costs = any(cover.costs for cover in covers)
    macs = hidden if costs else describe_count(sum(row.macs for row in rows))
    of_outputs = hidden if costs else format_bytes(sum(row.memory for row in rows))
    of_params = params if params == hidden else format_bytes(sum(row.weight_memory for row in rows))
    return {
        "type": message("Total") if is_whole else message("Total so far"),
        "params": params,
        "macs": macs,
        "arguments": message(
            "Memory: outputs {outputs}, parameters {parameters}", outputs=of_outputs, parameters=of_params
        ),
    }


def _progress(state: State, verdicts: dict[Any, Verdict]) -> str:
    # Rows that the input does not reach have no field to fill in.
    asked = sum(index < len(state.reading.rows) for _, index in state.hidden)
    right = sum(verdict.right for verdict in verdicts.values())
    return message("{right} of {asked} correct.", right=right, asked=asked) if asked else ""


@lru_cache(maxsize=128)
def _drawn(network: Network, input_shape: Shape, covers: tuple[Cover, ...], is_large: bool) -> dict[str, Any]:
    reading = read_network(network, input_shape)
    problem = reading.problem
    failure = blocks.Failure(problem.index, problem.layer) if problem else None
    return blocks.draw(reading.rows, input_shape, covers, failure, is_large=is_large).to_plain()


def _keys(questions: frozenset[Question]) -> list[str]:
    return format_hidden(questions).split(".") if questions else []


def _batch(is_written: bool) -> str:
    return f"{BATCH}×" if is_written else ""


def _shown(shape: Shape) -> str:
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{math.prod(shape):,}"


def _sides(value: object) -> str:
    return _pair(value if isinstance(value, tuple) else (value, value))


def _pair(value: object) -> str:
    return "×".join(map(str, value)) if isinstance(value, tuple) else str(value)
