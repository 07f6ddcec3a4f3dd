"""The receptive-field page's stack of layers: its state, the maps, the table that edits it, and the small quiz."""

from pathlib import Path

import numpy as np
import streamlit as st

from cnnlab.data.images import square
from cnnlab.errors import ParseError
from cnnlab.figures.data_url import data_url
from cnnlab.lessons.receptive_field.maps import reach_map
from cnnlab.lessons.receptive_field.presets import DEFAULT, PRESETS, StackSettings, preset_of
from cnnlab.lessons.receptive_field.quiz import judge, parse_answer
from cnnlab.lessons.receptive_field.stack import (
    LIMITS,
    MAX_LAYERS,
    MAX_SIZE,
    Row,
    Stack,
    StackLayer,
    Unit,
    format_layers,
    format_unit,
    parse_layers,
    parse_unit,
)
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, in_a_row, message, say, unfilled
from cnnlab.ui.components.map import chosen, draw_map
from cnnlab.ui.components.table import Column, Entry, LayerType, Table, act_of, draw_table
from cnnlab.ui.components.table import Row as TableRow
from cnnlab.ui.parts.corrections import correction
from cnnlab.ui.parts.picture_choice import ChosenPicture, picture_menu, picture_of
from cnnlab.ui.state import controls, links, screen, undo

_CSS = Path(__file__).with_suffix(".css")

VIEWS = {"maps": message("Maps"), "side": message("From the side")}
NO_PICTURE = "none"

_MAP = "receptive_field/map"
_TABLE = "receptive_field/table"
_CHOICE = "receptive_field/choice"
_MAP_REVISION = "receptive_field/map_revision"
_TABLE_REVISION = "receptive_field/table_revision"
_REFUSED = "receptive_field/refused"

_STEPS = {
    "extent": message("extent:"),
    "output": message("output:"),
    "field": message("receptive field:"),
    "jump": message("jump:"),
    "start": message("start:"),
}
"""What the sums of a row are called."""

_ADVICE = message("Start with 1, and add (extent − 1) · jump for each layer in turn.")

_SETTINGS = {
    "kernel": message("Kernel"),
    "stride": message("Stride"),
    "padding": message("Padding"),
    "dilation": message("Dilation"),
}

_COLUMNS = (
    Column("number", "number"),
    Column("type", "type", message("Layer")),
    *(Column("argument", name, label, limits=LIMITS[name]) for name, label in _SETTINGS.items()),
    Column("result", "output", message("Output")),
    Column(
        "result",
        "field",
        message("Receptive field"),
        message(
            "Pixels of the input along each axis that a unit can depend on: that of the layer before, plus "
            "(extent − 1) · jump of the layer before. The extent is dilation · (kernel − 1) + 1."
        ),
        absent=("", "–", ""),
    ),
    Column(
        "result",
        "jump",
        message("Jump"),
        message("Pixels of the input from one unit to the next: the product of all strides so far."),
    ),
    Column(
        "result",
        "start",
        message("Start"),
        message(
            "The first pixel that the first unit sees. The input's first pixel is 1; smaller numbers lie in padding."
        ),
    ),
    Column("tools", "tools"),
)

_TYPES = (
    LayerType(
        "conv",
        message("convolution"),
        add=message("+ Convolution"),
        start={"kernel": "3", "stride": "1", "padding": "0", "dilation": "1"},
        usual={"stride": "1"},
    ),
    LayerType(
        "pool",
        message("pooling"),
        add=message("+ Pooling"),
        start={"kernel": "2", "stride": "2", "padding": "0", "dilation": "1"},
        # As in PyTorch, where a pooling's stride is its own size unless something else is said.
        usual={"stride": "kernel"},
    ),
)

_TABLE_TEXTS = {
    "full": message("At most {most} layers.", most=MAX_LAYERS),
    "cell_name": unfilled("{name} of layer {row}"),
    "refused": unfilled("{cell} cannot be {value}: it is a whole number from {low} to {high}. It stays {kept}."),
    "refused_empty": unfilled("{cell} cannot be empty: it is a whole number from {low} to {high}. It stays {kept}."),
    "refused_text": unfilled(
        "{cell} cannot be what was typed: it is a whole number from {low} to {high}. It stays {kept}."
    ),
    "do_open": message("Show the sums"),
    "do_up": message("Move up"),
    "do_down": message("Move down"),
    "do_remove": message("Remove"),
    "name_open": unfilled("Show the sums of layer {row}"),
    "name_up": unfilled("Move layer {row} up"),
    "name_down": unfilled("Move layer {row} down"),
    "name_remove": unfilled("Remove layer {row}"),
}


# --- state ------------------------------------------------------------------------------------------------------------


def preset_buttons() -> None:
    """Offer the lecture's examples and a few more."""
    st.html(_CSS)
    predicting = controls.is_on("reach_hide")
    with st.container(horizontal=True, gap="xsmall", key="reach_presets"):
        for name, preset in PRESETS.items():
            st.button(
                plain(say(preset.title)),
                key=f"reach_preset_{name}",
                # A note has the answer in it.
                help=None if predicting else markdown(preset.note),
                on_click=_load,
                args=(preset.settings,),
            )


def read_layers() -> tuple[StackLayer, ...]:
    """The layers of the link or the session."""
    is_new_visit = links.is_new("layers")
    layers = links.read("layers", DEFAULT.stack.layers, parse_layers)
    if is_new_visit:
        _raise(_MAP_REVISION, _TABLE_REVISION)
    links.write("layers", layers, DEFAULT.stack.layers, format_layers)
    return layers


def ask_stack(layers: tuple[StackLayer, ...]) -> Stack:
    """Draw the control of the input's size, and put the layers on it."""
    size = controls.whole_number(
        say("Input size"),
        "reach_size",
        1,
        MAX_SIZE,
        DEFAULT.stack.size,
        widget="number",
        help=say("Pixels along each axis."),
    )
    return Stack(size, layers)


def ask_picture() -> str:
    """Draw the control of what the input shows."""
    return picture_menu("reach_photo", DEFAULT.picture, {NO_PICTURE: message("None")})


def ask_unit(stack: Stack) -> Unit | None:
    """The unit that is looked at: clicked, from the link, or the middle one of the last map."""
    clicked: Unit | None = st.session_state.pop(_CHOICE, None)
    linked: Unit | None = links.read("unit", None, lambda text: parse_unit(text, stack))
    unit = stack.nearest(clicked or linked or _preferred(stack))
    links.write("unit", unit, stack.nearest(_preferred(stack)), format_unit, undo="along")
    return unit


def _preferred(stack: Stack) -> Unit | None:
    preset = preset_of(stack)
    return preset.settings.unit if preset else None


def _load(settings: StackSettings) -> None:
    links.keep("layers", settings.stack.layers)
    links.keep("unit", None)
    controls.set_control("reach_size", settings.stack.size)
    controls.set_control("reach_view", settings.view)
    controls.set_control("reach_photo", settings.picture)
    _raise(_MAP_REVISION, _TABLE_REVISION)


def _take_act() -> None:
    act = act_of(_TABLE)
    if act is None:
        return
    try:
        layers = parse_layers(",".join(map(_link_text, act.entries)))
    except ParseError as error:
        st.session_state[_REFUSED] = error.message
        _raise(_TABLE_REVISION)
        return
    size = int(st.session_state.get("reach_size") or DEFAULT.stack.size)
    before = Stack(size, links.kept("layers", DEFAULT.stack.layers))
    unit: Unit | None = links.kept("unit", None)
    links.keep("layers", layers)
    undo.tell_removed([layer.title for layer in before.layers], [layer.title for layer in layers])
    if unit is None or unit[0] == len(before.rows):
        # Whoever looks at the last layer goes on to the one that is added. (The table's revision stays: the next edit
        # may be on its way already, and this answer must not undo it.)
        links.keep("unit", None)
        _raise(_MAP_REVISION)


def _link_text(entry: Entry) -> str:
    """A layer as a link has it, and checked as one: its type's first letter, then its numbers."""
    kernel, stride, padding, dilation = (entry.texts.get(name, "") for name in _SETTINGS)
    return f"{entry.type_name[:1]}{kernel}s{stride}p{padding}d{dilation}"


def _note_choice() -> None:
    st.session_state[_CHOICE] = chosen(_MAP)


def _raise(*revisions: str) -> None:
    for name in revisions:
        st.session_state[name] = st.session_state.get(name, 0) + 1


# --- pictures ---------------------------------------------------------------------------------------------------------


def show_maps(stack: Stack, unit: Unit | None, view: str, picture: str, hidden: bool) -> None:
    """Draw every map with what the unit sees in it."""
    encoded = "" if picture == NO_PICTURE else _encoded(picture_of(picture), stack.size)
    drawn = reach_map(stack, from_side=view == "side", hidden=hidden, picture=encoded)
    draw_map(drawn, _MAP, unit, st.session_state.get(_MAP_REVISION, 0), _note_choice)


def show_table(stack: Stack, unit: Unit | None, hidden: bool) -> None:
    """Draw the layers, to be edited, with what follows from them."""
    act = act_of(_TABLE)
    rows = stack.rows
    trouble = stack.trouble
    table = Table(
        "roomy",
        _COLUMNS,
        _TYPES,
        ("open", "up", "down", "remove"),
        [_row(layer, rows[index] if index < len(rows) else None, hidden) for index, layer in enumerate(stack.layers)],
        MAX_LAYERS,
        _TABLE_TEXTS,
        act.message if act else 0,
        st.session_state.get(_TABLE_REVISION, 0),
        selected=unit[0] - 1 if unit else None,
        problem={"row": trouble.number - 1, "sentence": trouble.sentence, "suggestions": [], "torch_says": None}
        if trouble
        else None,
    )
    draw_table(table, _TABLE, _take_act)
    refused: Message | None = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        st.warning(markdown("This cannot be used. {reason} The layers stay as they were.", reason=refused))


def _row(layer: StackLayer, row: Row | None, hidden: bool) -> TableRow:
    args = {name: str(getattr(layer, name)) for name in _SETTINGS}
    if row is None:
        return TableRow(layer.kind, args, None)
    output = f"{row.size}×{row.size}"
    if hidden:
        return TableRow(layer.kind, args, {"output": output, "field": ("", "?", ""), "jump": "?", "start": "?"})
    sums = row.recurrence()
    results = {
        "output": output,
        "field": ("", str(row.field.size), f" = {sums['field'].split(' = ')[0]}"),
        "jump": str(row.field.jump),
        "start": str(row.field.start + 1).replace("-", "−"),
    }
    return TableRow(layer.kind, args, results, [(_STEPS[name], text, False) for name, text in sums.items()])


def _encoded(picture: ChosenPicture, size: int) -> str:
    """The picture's middle with as many pixels as the input has, as a data URL."""
    return data_url(square(picture.pixels, size))


def tell_picture(stack: Stack, picture: str) -> None:
    """Say what has become of the picture, and where it is from."""
    if picture != NO_PICTURE:
        drawn = message("The picture is drawn with {size} × {size} pixels, as many as the input has.", size=stack.size)
        st.caption(plain(say(in_a_row(drawn, picture_of(picture).credit or ""))))


# --- words and quiz ---------------------------------------------------------------------------------------------------


def show_words(stack: Stack) -> None:
    """Say what the preset is there for, and compare the weights."""
    if preset := preset_of(stack):
        st.info(markdown(preset.note), icon=":material/lightbulb:")
    sentence = stack.weights_sentence()
    if sentence is not None:
        st.write(plain(say(sentence)))


def ask_prediction(stack: Stack, unit: Unit | None) -> bool:
    """Ask how much a unit of the selected layer sees, and tell what was forgotten. Return whether it stays hidden."""
    if unit is None:
        return False
    row = stack.rows[unit[0] - 1]
    # An answer belongs to its stack and layer: another one, an empty field.
    key = f"reach_answer_{stack.size}_{format_layers(stack.layers)}_{row.number}"
    field, verdict = st.columns([1, 1], vertical_alignment="bottom")
    with field:
        text = st.text_input(
            markdown(
                "How many pixels wide is the area that layer {number} ({layer}) sees?",
                number=row.number,
                layer=row.layer.title,
            ),
            key=key,
            placeholder=say("your answer, then Enter"),
            persist_state="session",
        )
    with verdict:
        return not _tell(text, stack.rows[: row.number])


def _tell(text: str, rows: tuple[Row, ...]) -> bool:
    if not text.strip():
        st.caption(markdown("Click a unit of another layer to be asked about that one."))
        return False
    try:
        verdict = judge(rows, parse_answer(text))
    except ParseError as error:
        st.warning(plain(say(error.message)))
        return False
    if verdict.right:
        st.success(markdown("Right: {answer}.", answer=rows[-1].recurrence()["field"]), icon=":material/check:")
    else:
        st.warning(correction(verdict.sentences, _ADVICE))
    return verdict.right


def tell(stack: Stack, unit: Unit | None, hidden: bool) -> None:
    """Tell a lesson what is on the screen."""
    shown = None if unit is None or hidden else unit[0]
    side = stack.rows[shown - 1].field.size if shown else 1
    layers = [row.layer for row in stack.rows]
    screen.tell(
        layers=len(layers),
        kernels=np.array([[layer.kernel for layer in layers]]),
        strides=np.array([[layer.stride for layer in layers]]),
        receptive_field=None if hidden else (side, side),
        last_field=None if hidden or not stack.rows else (stack.rows[-1].field.size,) * 2,
    )
