"""The network page's picture and table: the data that the two components draw."""

import math
from functools import lru_cache
from typing import Any

from cnnlab.feedback.verdict import Verdict
from cnnlab.figures import style
from cnnlab.layers import LAYER_TYPES, Shape, with_times
from cnnlab.lessons.network import blocks
from cnnlab.lessons.network.forms import about, fields_of
from cnnlab.lessons.network.hiding import Cover, askable
from cnnlab.lessons.network.texts import MAX_ROWS, describe_count, format_hidden
from cnnlab.networks import LayerSummary, Network
from cnnlab.networks.network import BYTES, format_bytes
from cnnlab.networks.zoo import name_of
from cnnlab.texts import Message, message, unfilled
from cnnlab.training.record import file_word
from cnnlab.ui.components.block_picture import block_picture
from cnnlab.ui.components.network_table import network_table
from cnnlab.ui.pages.network import state as page
from cnnlab.ui.pages.network.state import PICTURE, TABLE, State, read_network

_PALETTE = {"conv": 0, "pool": 3, "linear": 2, "other": 5, "mark": 1, "input": 6}
"""The names of the picture's colours, as places in the palette."""

_PICTURE_TEXTS = {
    "title": message("The network, drawn as blocks"),
    "save_svg": message("Save as SVG"),
    "save_png": message("Save as PNG"),
}

_TABLE_TEXTS = {
    "number": message("Row"),
    "number_help": message(
        "Rows count from 1, PyTorch from 0: row 1 is model[0], with the weights 0.weight and 0.bias."
    ),
    "type": message("Layer"),
    "arguments": message("Arguments"),
    "shape": message("Shape in → out"),
    "params": message("Parameters"),
    "field": message("Receptive field"),
    "macs": message("MACs"),
    "tools": "",
    "shape_help": message(
        "Channels × height × width of one picture, or the number of features in a row; without the batch."
    ),
    "params_help": message("Numbers that the layer learns: weights and biases."),
    "field_help": message("Pixels of the input along each axis that one number of the output depends on."),
    "macs_help": message("Multiplications with a weight, each added into a sum, for one picture."),
    "legend": message("What the columns say"),
    "input": message("Input"),
    "input_name": message("Shape of the input"),
    "add_name": message("Type of the layer to add"),
    "add_last": message("Add at the end"),
    "add_after": unfilled("Add after row {row}"),
    "full": message("At most {most} layers.", most=MAX_ROWS),
    "cell_name": unfilled("{name} of row {row}"),
    "open": message("Show how the numbers of this row are worked out"),
    "open_name": unfilled("Row {row}, {type}: show how its numbers are worked out"),
    "do_up": message("Move up"),
    "do_down": message("Move down"),
    "do_remove": message("Remove"),
    "name_up": unfilled("Move row {row} up"),
    "name_down": unfilled("Move row {row} down"),
    "name_remove": unfilled("Remove row {row}"),
    "more": message("More arguments:"),
    "hide_shape": message("Ask for this shape"),
    "show_shape": message("Show this shape"),
    "hide_params": message("Ask for these parameters"),
    "show_params": message("Show these parameters"),
    "ask_all_shape": message("Ask for all shapes, or show them again"),
    "ask_all_params": message("Ask for all numbers of parameters, or show them again"),
    "question_shape": unfilled("What shape comes out of row {row}?"),
    "question_params": unfilled("How many parameters does row {row} have?"),
    "reveal": message("Show it"),
    "torch_says": message("PyTorch says:"),
    "total": message("Total"),
    "total_so_far": message("Total so far"),
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


def show_table(state: State) -> None:
    """Draw the layers, to be edited, with what follows from them."""
    reading = state.reading
    verdicts = state.verdicts
    is_open = bool(state.open_questions)
    covers = state.covers
    told = page.refused()
    summaries: list[LayerSummary | None] = list(reading.rows)
    summaries += [None] * (len(state.network.layers) - len(summaries))
    rows = [
        {
            "type": layer.name,
            "fields": [{**vars(field), "is_usual": field.is_usual} for field in fields_of(layer)],
            **(
                _results(summary, covers[index], verdicts, state)
                if summary
                else {"masked": [], "asked": {}, "can_ask": [], "details": None, "is_quiet": False}
            ),
        }
        for index, (layer, summary) in enumerate(zip(state.network.layers, summaries, strict=True))
    ]
    data: dict[str, Any] = {
        "input": "×".join(map(str, state.input_shape)),
        "rows": rows,
        "types": [{"name": name, "about": about(layer_type)} for name, layer_type in LAYER_TYPES.items()],
        "problem": _problem(state, is_open),
        "refused": vars(told) if told else None,
        "totals": _totals(reading.rows, covers),
        "hidden": format_hidden(state.hidden).split(".") if state.hidden else [],
        "askable": format_hidden(askable(reading.rows, "shape") | askable(reading.rows, "params")).split("."),
        "answers": dict(state.answers or {}),
        "selected": state.selected,
        "progress": _progress(state, verdicts),
        "most": MAX_ROWS,
        "texts": _TABLE_TEXTS,
        "answered": page.handled(TABLE),
        "revision": page.revision(),
    }
    network_table(data, TABLE)


def _results(row: LayerSummary, cover: Cover, verdicts: dict[Any, Verdict], state: State) -> dict[str, Any]:
    hidden = blocks.HIDDEN
    values = {"shape": _shown(row.output_shape), "params": f"{row.num_params:,}"}
    asked: dict[str, Any] = {}
    for kind in ("shape", "params"):
        if (kind, row.index) in state.hidden:
            verdict = verdicts.get((kind, row.index), Verdict(False))
            value = values[kind] if verdict.right else ""
            asked[kind] = {"right": verdict.right, "value": value, "sentences": list(verdict.sentences)}
    return {
        "shape_in": hidden if cover.input else _shown(row.input_shape),
        "shape": hidden if cover.shape else values["shape"],
        "params": hidden if cover.params else values["params"],
        "field": hidden if cover.arguments else _pair(row.receptive_field),
        "macs": hidden if cover.costs else describe_count(row.macs),
        "masked": list(cover.arguments),
        "asked": asked,
        "can_ask": ["shape", "params"],
        "details": _details(row, cover),
        "is_quiet": blocks.is_act(row),
    }


def _details(row: LayerSummary, cover: Cover) -> list[tuple[Message, str, bool]]:
    """How a row's numbers come about, but for what is covered: a label, a text, and whether it is a formula."""
    found: list[tuple[Message, str, bool]] = [(message("What it does"), about(type(row.layer)), False)]
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


def _totals(rows: tuple[LayerSummary, ...], covers: tuple[Cover, ...]) -> dict[str, str]:
    hidden = blocks.HIDDEN
    params = hidden if any(cover.params for cover in covers) else f"{sum(row.num_params for row in rows):,}"
    costs = any(cover.costs for cover in covers)
    macs = hidden if costs else describe_count(sum(row.macs for row in rows))
    of_outputs = hidden if costs else format_bytes(sum(row.memory for row in rows))
    of_params = params if params == hidden else format_bytes(sum(row.weight_memory for row in rows))
    return {
        "params": params,
        "macs": macs,
        "memory": message(
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


def _shown(shape: Shape) -> str:
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{math.prod(shape):,}"


def _sides(value: object) -> str:
    return _pair(value if isinstance(value, tuple) else (value, value))


def _pair(value: object) -> str:
    return "×".join(map(str, value)) if isinstance(value, tuple) else str(value)
