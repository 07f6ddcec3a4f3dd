"""What a learner's answer for a layer's output shape, or for its parameters, says about what was forgotten."""

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from cnnlab.errors import ParseError
from cnnlab.feedback.mistakes import judge
from cnnlab.feedback.output_size import judge_size
from cnnlab.feedback.shape_answer import read_shape
from cnnlab.feedback.verdict import Slip, Verdict
from cnnlab.layers import Shape, WindowLayer, with_times
from cnnlab.networks import LayerSummary
from cnnlab.number_text import parse_number
from cnnlab.shapes import AxisWindows
from cnnlab.texts import Message, message, plural

MOST_SENTENCES = 3

_ANOTHER_ORDER = message(
    "These are the right sizes in another order: PyTorch writes channels × height × width. (The lecture's slides write "
    "height × width × channels.)"
)
_ONE_MISSING = message("One of the three sizes is missing: a map has channels × height × width.")
_BIASES_MISSING = message("The biases are missing: each output has one.")
_NO_IDEA = message("Not this. Put the numbers into the formula, one term after the other.")
_ROW_BEFORE_FIRST = message("Not this. What comes in is hidden as well: fill in the row before first.")


def judge_shape(row: LayerSummary, text: str, *, formula: bool = True) -> Verdict:
    """Judge an answer for the shape that comes out of a layer.

    Args:
        text: `6 x 28 x 28`, or `400` for a row of features; an N may stand before them.
        formula: whether the sentences may name what comes in; not while that is asked for, too.

    >>> from cnnlab.networks import lenet5
    >>> row = lenet5().summary()[0]
    >>> judge_shape(row, "6x28x28").right
    True
    >>> judge_shape(row, "28x28x6").sentences[0]
    "These are the right sizes in another order: PyTorch writes channels × height × width. (The lecture's slides write \
height × width × channels.)"
    >>> judge_shape(row, "6x27x27").sentences[0]
    'Height and width: The + 1 is missing: the window has a place before its first step, too.'
    """
    try:
        sizes = _sizes(text)
    except ParseError as error:
        return Verdict(False, (error.message,), "not_a_number")
    wanted = row.output_shape
    if sizes == tuple(map(Fraction, wanted)):
        return Verdict(True, kind="right")
    if not formula:
        return Verdict(False, (_ROW_BEFORE_FIRST,), "hidden")
    sentences = list(dict.fromkeys(_shape_sentences(row, sizes)))[:MOST_SENTENCES]
    kind = "explained" if sentences else "unexplained"
    return Verdict(False, (*(sentences or [_NO_IDEA]), *_formulas(row.shape_text)), kind)


def judge_params(row: LayerSummary, text: str, *, formula: bool = True) -> Verdict:
    """Judge an answer for the number of a layer's parameters.

    >>> from cnnlab.networks import lenet5
    >>> judge_params(lenet5().summary()[0], "450").sentences[0]
    'The biases are missing: each output has one.'
    """
    try:
        value = parse_number(_one_number(text))
    except ParseError as error:
        return Verdict(False, (error.message,), "not_a_number")
    if value == row.num_params:
        return Verdict(True, kind="right")
    if not formula:
        return Verdict(False, (_ROW_BEFORE_FIRST,), "hidden")
    verdict = judge(value, row.num_params, _param_slips(row), is_whole=True, scale=row.num_params or 1)
    # How far off it is would be a way of trying until it fits.
    sentences = (_NO_IDEA,) if verdict.kind == "unexplained" else verdict.sentences
    return Verdict(False, (*sentences, *_formula(row.params_text)), verdict.kind)


# --- shapes -----------------------------------------------------------------------------------------------------------


def _shape_sentences(row: LayerSummary, sizes: tuple[Fraction, ...]) -> list[Message]:
    wanted = tuple(map(Fraction, row.output_shape))
    if len(wanted) == 1:
        return _feature_sentences(row, sizes)
    if len(sizes) == 3 and sorted(sizes) == sorted(wanted):
        return [_ANOTHER_ORDER]
    if len(sizes) < 3:
        of_map = sizes * 2 if len(sizes) == 1 else sizes
        if of_map == wanted[1:]:
            return [
                message("Right for height and width. Which channels? Write all three sizes: channels × height × width.")
            ]
        if len(sizes) == 1 and sizes[0] == math.prod(wanted):
            return [
                message(
                    "That is how many numbers the map has in all. Write its three sizes: channels × height × width."
                )
            ]
        missing = [] if len(sizes) == 1 else [_ONE_MISSING]
        # Two sizes that begin with the channels are no height and width.
        return missing if missing and sizes[:1] == wanted[:1] else missing + _axis_sentences(row, of_map)
    if len(sizes) > 3:
        return [message("A map has three sizes: channels × height × width. The batch is left out here, or an N.")]
    of_channels = [] if sizes[0] == wanted[0] else [_channel_sentence(row, sizes[0])]
    return of_channels + _axis_sentences(row, sizes[1:])


def _feature_sentences(row: LayerSummary, sizes: tuple[Fraction, ...]) -> list[Message]:
    wanted = row.output_shape[0]
    if len(sizes) > 1:
        if math.prod(sizes) == wanted:
            return [message("These are the right factors, but what comes out is one row of numbers: multiply them.")]
        return [message("A row of features has one size, not {sizes}.", sizes=len(sizes))]
    answer, given = math.prod(sizes), row.input_shape
    slips = [Slip("input", math.prod(given), message("This is how many numbers come in, not how many come out."))]
    if len(given) == 3 and row.macs == 0:
        slips = list(_flatten_slips(*given))
    return [slip.sentence for slip in slips if answer == slip.value and slip.value != wanted]


def _flatten_slips(channels: int, height: int, width: int) -> Iterator[Slip]:
    """Yield what a learner may have counted in a map that becomes one row."""
    yield Slip(
        "no_channels",
        height * width,
        message(
            "The channels are forgotten: there are {channels} maps of {height} × {width}.",
            channels=channels,
            height=height,
            width=width,
        ),
    )
    yield Slip(
        "one_side", channels * height, message("One side is forgotten: each map has height times width numbers.")
    )
    yield Slip("square", channels * height**2, message("Height and width differ here: multiply one by the other."))
    yield Slip(
        "channels_added",
        channels + height * width,
        message("Multiply by the number of channels: each of them is a whole map."),
    )
    yield Slip(
        "all_added",
        channels + height + width,
        message("The sizes are multiplied, not added: every channel has height times width numbers."),
    )
    yield Slip("channels", channels, message("This is the number of channels; each is a whole map of numbers."))


def _channel_sentence(row: LayerSummary, answer: Fraction) -> Message:
    if not row.macs:
        return message("Channels: this layer works on each channel separately, so as many come out as came in.")
    if answer == row.input_shape[0]:
        return plural(
            "{n} channel comes in. What comes out has a channel for each kernel: the layer's second number.",
            "{n} channels come in. What comes out has a channel for each kernel: the layer's second number.",
            n=row.input_shape[0],
        )
    return message("Channels: there is one map for each kernel, so their number is the layer's out_channels.")


def _axis_sentences(row: LayerSummary, answers: tuple[Fraction, ...]) -> list[Message]:
    told: dict[Message, list[int]] = {}
    for index, (axis, answer) in enumerate(zip(_axes(row), answers, strict=True)):
        wanted = row.output_shape[1 + index]
        if answer == wanted:
            continue
        sentences = judge_size(axis, answer).sentences if axis else ()
        for sentence in sentences or (_by_hand(row, index, answer),):
            told.setdefault(sentence, []).append(index)
    return [_of_axes(indices, sentence) for sentence, indices in told.items()]


def _of_axes(indices: list[int], mistake: Message) -> Message:
    """Say of which axes a sentence is true: height (0), width (1) or both."""
    match indices:
        case [0]:
            return message("Height: {mistake}", mistake=mistake)
        case [1]:
            return message("Width: {mistake}", mistake=mistake)
        case _:
            return message("Height and width: {mistake}", mistake=mistake)


def _by_hand(row: LayerSummary, index: int, answer: Fraction) -> Message:
    if answer == row.input_shape[-2:][index] and len(row.input_shape) == 3:
        return message("This is the size of what comes in.")
    if answer > row.output_shape[1 + index]:
        return message("{answer} is too large.", answer=answer)
    return message("{answer} is too small.", answer=answer)


def _axes(row: LayerSummary) -> tuple[AxisWindows | None, ...]:
    """The windows along height and width; None where the layer slides none that give this size."""
    if not isinstance(row.layer, WindowLayer) or len(row.input_shape) != 3:
        return (None, None)
    found: list[AxisWindows | None] = []
    for index, axis in enumerate(row.layer.axes(row.input_shape)):
        found.append(axis if axis.count == row.output_shape[1 + index] else None)
    return tuple(found)


# --- parameters -------------------------------------------------------------------------------------------------------


def _param_slips(row: LayerSummary) -> Iterator[Slip]:
    settings = {name: getattr(row.layer, name) for name in row.layer.rules()}
    if "kernel_size" in settings and "out_channels" in settings:
        yield from _kernel_slips(settings, row.output_shape)
    elif "in_features" in settings:
        yield from _linear_slips(settings)
    elif "running_mean" in row.layer.weight_shapes() and row.num_params:
        channels = row.input_shape[0]
        yield Slip("one each", channels, message("Each channel learns two numbers: a scale and a shift."), 2)
        yield Slip(
            "buffers",
            4 * channels,
            message("Running mean and variance are not learned: they are kept beside the parameters."),
        )
    elif not row.num_params:
        yield Slip("any", 1, message("It has nothing to learn: no weights, no biases."), 0.5)
    yield Slip(
        "macs",
        row.macs,
        message("This is how many multiplications it takes: every place of the window uses the same parameters."),
        0.5,
    )
    yield Slip(
        "outputs",
        math.prod(row.output_shape),
        message("This is how many numbers come out, not how many are learned."),
        0.5,
    )


def _kernel_slips(settings: dict[str, object], output_shape: Shape) -> Iterator[Slip]:
    inner, kernels, groups = (_whole(settings[name]) for name in ("in_channels", "out_channels", "groups"))
    sides = settings["kernel_size"]
    rows, columns = map(_whole, cast("tuple[object, ...]", sides) if isinstance(sides, tuple) else (sides, sides))
    cells, depth, bias = rows * columns, inner // groups, int(bool(settings["bias"]))
    weights, places = kernels * depth * cells, math.prod(output_shape[1:])
    yield Slip(
        "depth",
        kernels * (cells + bias),
        plural(
            "in_channels is forgotten: every kernel has a slice for the one channel.",
            "in_channels is forgotten: every kernel has a slice for each of the {n} channels.",
            n=depth,
        ),
        3,
    )
    yield Slip(
        "kernels",
        depth * cells + bias,
        plural(
            "out_channels is forgotten: this is one kernel, and there is {n}.",
            "out_channels is forgotten: this is one kernel, and there are {n}.",
            n=kernels,
        ),
        2,
    )
    yield Slip("depth and bias", kernels * cells, message("in_channels and the biases are forgotten."))
    yield Slip("slice", cells + bias, message("This is one slice of one kernel."))
    yield Slip(
        "side",
        kernels * (depth * rows + bias),
        message("A slice of a kernel has {rows} × {columns} cells, not {rows}.", rows=rows, columns=columns),
    )
    yield Slip(
        "places",
        places * (weights + kernels * bias),
        message("The weights are shared: all places of the window use the same kernel."),
    )
    if bias:
        yield Slip("bias", weights, _BIASES_MISSING, 4)
        yield Slip("one bias", weights + 1, message("There is a bias for each kernel, not one for all."), 2)
        yield Slip(
            "bias a slice",
            kernels * depth * (cells + 1),
            message("A kernel has one bias, not one for each of its slices."),
            2,
        )
        yield Slip(
            "bias in",
            weights + inner,
            message("There is a bias for each kernel, not for each channel that comes in."),
        )
    else:
        yield Slip("bias", weights + kernels, message("bias is False: this layer has no biases."), 3)
    if groups > 1:
        yield Slip(
            "groups",
            kernels * (inner * cells + bias),
            message(
                "With groups={groups} a kernel sees only {depth} of the {channels} channels.",
                groups=groups,
                depth=depth,
                channels=inner,
            ),
            3,
        )


def _linear_slips(settings: dict[str, object]) -> Iterator[Slip]:
    inner, outer = _whole(settings["in_features"]), _whole(settings["out_features"])
    yield Slip("sum", inner + outer, message("Every output has a weight for every input: multiply."), 2)
    if settings["bias"]:
        yield Slip("bias", inner * outer, _BIASES_MISSING, 4)
        yield Slip("one bias", inner * outer + 1, message("There is a bias for each output, not one for all."), 2)
        yield Slip("bias in", (outer + 1) * inner, message("There is a bias for each output, not for each input."), 2)
    else:
        yield Slip("bias", (inner + 1) * outer, message("bias is False: this layer has no biases."), 3)


# --- reading ----------------------------------------------------------------------------------------------------------

_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


def _one_number(text: str) -> str:
    # 48,120 is how the page itself writes a count.
    plain = text.strip()
    return plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain


def _sizes(text: str) -> tuple[Fraction, ...]:
    """Read the sizes, those of a batch left out; a row of features may be written like 48,120.

    Raises:
        ParseError: a part of it is no number.
    """
    return read_shape(_one_number(text)).sizes


class _Asked:
    """Stands in a formula for the number that is asked for, however that would be written."""

    def __format__(self, _: str) -> str:
        return "?"


_RESULTS = ("size", "features", "channels")
"""The places in which lines of `LayerSummary.shape_text` have what the formula comes to."""


def _formulas(told: Message) -> tuple[Message, ...]:
    """The formulas of a shape with their numbers, but for what they come to; other lines are left out."""
    if "line0" in told.values:
        return tuple(one for line in told.values.values() for one in _formulas(cast(Message, line)))
    asked = {name: _Asked() for name in _RESULTS if name in told.values}
    return (with_times(told.with_values(**asked)),) if asked else ()


def _formula(text: str) -> tuple[Message, ...]:
    """A formula with its numbers, but for what it comes to."""
    head = text.rpartition(" = ")[0]
    return (message("{formula} = ?", formula=with_times(head)),) if head else ()


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
