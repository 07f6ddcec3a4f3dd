"""What the output-shape page is put together from: its controls, its formulas, its picture and its small quiz."""

from dataclasses import asdict
from pathlib import Path

import streamlit as st

from cnnlab.errors import ParseError, ShapeError
from cnnlab.feedback.output_size import judge_size, parse_size
from cnnlab.lessons.output_shape import figures
from cnnlab.lessons.output_shape.presets import DEFAULT, PRESETS, preset_of
from cnnlab.lessons.output_shape.settings import LIMITS, PaddingName, ShapeSettings
from cnnlab.shown_text import markdown, plain
from cnnlab.texts import Message, in_a_row, message, say
from cnnlab.ui.components.map import chosen, draw_map
from cnnlab.ui.parts.corrections import correction
from cnnlab.ui.state import controls, links, screen, undo

_CSS = Path(__file__).with_suffix(".css")

_PAIRS = (("h", "w"), ("fh", "fw"), ("ph", "pw"), ("sh", "sw"), ("dh", "dw"))
_LABELS = {
    "h": (message("H = W: input size"), message("H: input height"), message("W: input width")),
    "fh": (message("FH = FW: kernel size"), message("FH: kernel"), message("FW: kernel")),
    "ph": (message("P: padding on each side"), message("P vertical"), message("P horizontal")),
    "sh": (message("S: stride"), message("S vertical"), message("S horizontal")),
    "dh": (message("D: dilation"), message("D vertical"), message("D horizontal")),
}
_HELP = {
    "h": message("Pixels of the input, without padding."),
    "fh": message("Cells of the kernel."),
    "ph": message("Pixels added at both ends of the axis, so it counts twice."),
    "sh": message("Pixels from one place of the window to the next."),
    "dh": message("Pixels from one cell of the kernel to the next; 1 is a kernel without gaps."),
}
_PADDINGS: dict[PaddingName | None, Message] = {
    "valid": message('No padding ("valid"): only places where the kernel lies wholly on the input.'),
    "same": message('"Same" padding: the output is as large as the input.'),
    "full": message('"Full" padding: every place where kernel and input touch at all.'),
    None: message("This padding has no name."),
}
_VIEWS = {"windows": message("Places of the window"), "visits": message("How often each pixel is read")}

_MAP = "output_shape/map"
_CHOICE = "output_shape/choice"
_REVISION = "output_shape/revision"
_WAS_SQUARE = "output_shape/was_square"

_ADVICE = message("Put the settings into the formula, one term after the other.")


def preset_buttons() -> None:
    """Offer the lecture's examples and a few more."""
    st.html(_CSS)
    predicting = controls.is_on("hide")
    with st.container(horizontal=True, gap="xsmall", key="shape_presets"):
        for name, preset in PRESETS.items():
            st.button(
                plain(say(preset.title)),
                key=f"preset_{name}",
                # A note has the answer in it.
                help=None if predicting else markdown(preset.note),
                on_click=_apply,
                args=(preset.settings,),
            )


def ask_settings() -> ShapeSettings:
    """Draw the controls and return what they say."""
    _untie_where_a_link_says_so()
    is_new_visit = links.is_new("square")
    with st.container(horizontal=True):
        is_square = controls.switch(say("Square"), "square", True, help=say("One number for both axes."))
        ceil = controls.switch(
            say("Ceil"),
            "ceil",
            help=say("Round up instead of down. In PyTorch only poolings can do that: it is their ceil_mode."),
        )
    if not is_square and not is_new_visit and st.session_state.get(_WAS_SQUARE):
        for along_rows, along_cols in _PAIRS:
            controls.set_control(along_cols, st.session_state.get(along_rows, getattr(DEFAULT, along_rows)))
    st.session_state[_WAS_SQUARE] = is_square
    undo.along(_WAS_SQUARE)
    values = {}
    for along_rows, along_cols in _PAIRS:
        if is_square:
            values[along_rows] = values[along_cols] = _ask(along_rows, _LABELS[along_rows][0], along_rows)
            _let_go_of(along_cols, values[along_cols])
            continue
        for column, field, label in zip(
            st.columns(2, wrap=False), (along_rows, along_cols), _LABELS[along_rows][1:], strict=True
        ):
            with column:
                values[field] = _ask(field, label, along_rows)
    for column, field, label in zip(
        st.columns(2, wrap=False), ("c", "n"), (say("C: input channels"), say("O: kernels")), strict=True
    ):
        with column:
            values[field] = controls.whole_number(
                label, field, *LIMITS[field], getattr(DEFAULT, field), widget="number"
            )
    return ShapeSettings(**values, ceil=ceil)


def padding_buttons(settings: ShapeSettings) -> None:
    """Offer the paddings that go by a name, and say which one this is or why one cannot be had."""
    reason: Message | None = None
    names: tuple[PaddingName, ...] = ("valid", "same", "full")
    current = None
    buttons = st.container(horizontal=True, gap="xsmall", key="shape_paddings")
    for name in names:
        try:
            padded = settings.padded_as(name)
        except ShapeError as error:
            padded, reason = None, error.message
        if padded == settings and current is None:
            current = name
        buttons.button(
            name,
            key=f"padding_{name}",
            icon=":material/check:" if padded == settings else None,
            disabled=padded is None,
            on_click=_apply,
            args=(padded,),
        )
    st.caption(plain(say(in_a_row(_PADDINGS[current], reason or ""))))


def show_trouble(settings: ShapeSettings, error: ShapeError) -> None:
    """Say why the kernel does not fit, and offer the nearest settings with which it does."""
    st.error(plain(say(error.message)), icon=":material/error:")
    st.write(markdown("The nearest settings that work, with one number changed:"))
    with st.container(horizontal=True):
        for index, suggestion in enumerate(settings.suggestions()):
            st.button(
                plain(say(suggestion.differences(settings))),
                key=f"suggestion_{index}",
                on_click=_apply,
                args=(suggestion,),
            )


def show_result(settings: ShapeSettings, hidden: bool) -> None:
    """Show the shapes of output and weight, and count the parameters."""
    channels, height, width = ("?", "?", "?") if hidden else settings.output_shape
    kernels, depth, kernel_height, kernel_width = settings.weight_shape
    with st.container(horizontal=True, key="shape_result"):
        st.metric(
            say("Output (O × OH × OW)"),
            f"{channels} × {height} × {width}",
            help=say(
                "Channels × height × width, as in PyTorch; each kernel makes one channel. The lecture's slides write "
                "height × width × channels."
            ),
        )
        st.metric(
            say("Weight tensor (O, C, FH, FW)"),
            f"{kernels} × {depth} × {kernel_height} × {kernel_width}",
            help=say("Every kernel is as deep as the input has channels."),
        )
        st.metric(
            say("Parameters"),
            f"{settings.parameters:,}",
            help=say(
                "O · (C · FH · FW) weights and O biases: {kernels} · ({channels} · {height} · {width}) + {kernels}.",
                kernels=kernels,
                channels=depth,
                height=kernel_height,
                width=kernel_width,
            ),
        )


def show_formulas(settings: ShapeSettings) -> None:
    """Work the formula out with the learner's own numbers, next to the lecture's, each for both axes."""
    axes = settings.rows, settings.cols
    with st.container(key="shape_formulas", gap="xsmall"):
        in_full, of_lecture = st.columns([7, 6])
        with in_full:
            st.caption(markdown("PyTorch's formula; the width has W and FW"))
            st.latex(figures.size_formula(*axes))
        with of_lecture:
            st.caption(markdown("The lecture's formula"))
            st.latex(figures.lecture_formula(*axes))
        st.caption(plain(say(figures.lecture_remarks(*axes))))


@st.fragment
def show_map(settings: ShapeSettings, hidden: bool) -> None:
    """Draw the padded input with the window; where the window stands is in the link."""
    at = st.session_state.pop(_CHOICE, None)
    if links.is_new("at"):
        st.session_state[_REVISION] = st.session_state.get(_REVISION, 0) + 1
    linked = links.read("at", (0, 0), lambda text: _parse_window(text, settings))
    row, col = at or linked
    at = min(row, settings.rows.count - 1), min(col, settings.cols.count - 1)
    links.write("at", at, (0, 0), lambda window: f"{window[0]},{window[1]}", undo="along")
    view = controls.choice(
        say("Picture"),
        "map",
        _VIEWS,
        "windows",
        widget="segmented",
        label_visibility="collapsed",
        is_view=True,
    )
    drawn = figures.window_map(settings, visits=view == "visits", hidden=hidden)
    draw_map(drawn, _MAP, (1, *at), st.session_state.get(_REVISION, 0), _note_choice)


def show_words(settings: ShapeSettings) -> None:
    """Say what the preset is there for, and how to write the layer in PyTorch."""
    for remark in dict.fromkeys((figures.ceil_remark(settings.rows), figures.ceil_remark(settings.cols))):
        if remark:
            st.write(plain(say(remark)))
    if preset := preset_of(settings):
        st.info(markdown(preset.note), icon=":material/lightbulb:")
    code = settings.to_code()
    if code is None:
        st.caption(
            markdown(
                "PyTorch has no layer with these settings: its convolutions round down, and its poolings, which can "
                "round up, take a padding of at most half the kernel."
            )
        )
        return
    st.code(code, language="python", wrap_lines=True)
    if settings.ceil:
        st.caption(
            markdown(
                "PyTorch's convolutions always round down; only its poolings have ceil_mode. This one gives the same "
                "height and width, and keeps the channels of its input."
            )
        )


def ask_prediction(settings: ShapeSettings) -> bool:
    """Ask for the output's size, and say what was forgotten. Return whether the answer stays hidden."""
    if settings.is_square:
        axes = [("both", settings.rows, message("Height and width of the output"))]
    else:
        axes = [
            ("height", settings.rows, message("Height of the output")),
            ("width", settings.cols, message("Width of the output")),
        ]
    right = True
    for column, (name, axis, label) in zip(st.columns(len(axes)), axes, strict=True):
        # An answer belongs to its settings: other settings, an empty field.
        key = f"answer_{name}_{'_'.join(str(int(value)) for value in asdict(settings).values())}"
        with column:
            text = st.text_input(
                plain(say(label)), key=key, placeholder=say("your answer, then Enter"), persist_state="session"
            )
            right = _tell(text, axis) and right
    return not right


def _tell(text: str, axis: figures.AxisWindows) -> bool:
    if not text.strip():
        return False
    try:
        verdict = judge_size(axis, parse_size(text))
    except ParseError as error:
        st.warning(plain(say(error.message)))
        return False
    if verdict.right:
        st.success(markdown("Right: {answer}.", answer=axis.count), icon=":material/check:")
    else:
        st.warning(correction(verdict.sentences, _ADVICE))
    return verdict.right


def _ask(field: str, label: Message, kind: str) -> int:
    widget = "number" if kind == "h" else "slider"
    return controls.whole_number(
        say(label), field, *LIMITS[field], getattr(DEFAULT, field), help=say(_HELP[kind]), widget=widget
    )


def _apply(settings: ShapeSettings) -> None:
    for field, value in asdict(settings).items():
        controls.set_control(field, value)
    if any(getattr(settings, along_rows) != getattr(settings, along_cols) for along_rows, along_cols in _PAIRS):
        controls.set_control("square", False)
        st.session_state[_WAS_SQUARE] = False


def _untie_where_a_link_says_so() -> None:
    """A link by hand may give a width and not say that the axes differ: its width counts."""
    asked = links.asked()
    if not links.is_new("square") or "square" in asked:
        return
    if any(along_cols in asked and asked[along_cols] != asked.get(along_rows) for along_rows, along_cols in _PAIRS):
        controls.set_control("square", False)


def _let_go_of(along_cols: str, value: int) -> None:
    """Leave out of the link what only axes of their own have: read again, it would let go of the square."""
    asked = links.incoming(along_cols)
    if asked is not None and asked != str(value):
        why = message("While Square is on, one number stands for both axes.")
        links.refuse(along_cols, asked, why, str(value))
    links.drop(along_cols)
    # Streamlit writes what a control is set to into the URL only if it has known the key since an earlier run.
    st.session_state.setdefault(along_cols, value)


def _note_choice() -> None:
    cell = chosen(_MAP)
    st.session_state[_CHOICE] = cell and cell[1:]


def _parse_window(text: str, settings: ShapeSettings) -> tuple[int, int]:
    parts = text.split(",")
    counts = settings.rows.count, settings.cols.count
    if len(parts) == 2 and all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
        row, col = int(parts[0]), int(parts[1])
        if row < counts[0] and col < counts[1]:
            return row, col
    raise ParseError(
        "It is the row and the column of a window, which a link counts from 0,0 to {row},{column} here.",
        row=counts[0] - 1,
        column=counts[1] - 1,
    )


def tell(settings: ShapeSettings, hidden: bool) -> None:
    """Tell a lesson what is on the screen."""
    screen.tell(
        input_shape=(settings.c, settings.h, settings.w),
        kernel_shape=settings.weight_shape,
        padding=max(settings.ph, settings.pw),
        stride=max(settings.sh, settings.sw),
        output_shape=None if hidden else settings.output_shape,
        parameters=settings.parameters,
        lost_rows=settings.rows.dropped,
        lost_columns=settings.cols.dropped,
    )
