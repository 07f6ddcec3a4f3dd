"""What a learner's answer for a layer's output shape, or for its parameters, says about what was forgotten."""

import math
import re
from fractions import Fraction
from typing import cast

from cnnlab.errors import ParseError
from cnnlab.feedback.mistakes import Slip, judge
from cnnlab.feedback.output_size import Verdict, judge_size
from cnnlab.layers import Shape, WindowLayer, with_times
from cnnlab.networks import LayerSummary
from cnnlab.number_text import parse_number
from cnnlab.shapes import AxisWindows

MAX_ANSWER = 40
"""Characters of an answer."""

MOST_SENTENCES = 3

_AXES = ("height", "width")
_ANOTHER_ORDER = (
    "These are the right sizes in another order: PyTorch writes channels × height × width. (The lecture's slides write "
    "height × width × channels.)"
)
_ONE_MISSING = "One of the three sizes is missing: a map has channels × height × width."
_NO_IDEA = "Not this. Put the numbers into the formula, one term after the other."


def judge_shape(row: LayerSummary, text: str, *, formula: bool = True) -> Verdict:
    """Judge an answer for the shape that comes out of a layer.

    Args:
        text: `6 x 28 x 28`, or `400` for a row of features.
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
        return Verdict(False, (f"{error}.",))
    wanted = row.output_shape
    if sizes == tuple(map(Fraction, wanted)):
        return Verdict(True)
    if not formula:
        return Verdict(False, ("Not this. What comes in is hidden as well: fill in the row before first.",))
    sentences = list(dict.fromkeys(_shape_sentences(row, sizes)))[:MOST_SENTENCES]
    return Verdict(False, (*(sentences or [_NO_IDEA]), *_formula(row.shape_text)))


def judge_params(row: LayerSummary, text: str, *, formula: bool = True) -> Verdict:
    """Judge an answer for the number of a layer's parameters.

    >>> from cnnlab.networks import lenet5
    >>> judge_params(lenet5().summary()[0], "450").sentences[0]
    'The biases are missing: each of the 6 outputs has one.'
    """
    try:
        value = parse_number(_one_number(text))
    except ParseError as error:
        return Verdict(False, (f"{error}.",))
    if value == row.num_params:
        return Verdict(True)
    if not formula:
        return Verdict(False, ("Not this. What comes in is hidden as well: fill in the row before first.",))
    verdict = judge(value, row.num_params, _param_slips(row), is_whole=True, scale=row.num_params or 1)
    # How far off it is would be a way of trying until it fits.
    sentences = (_NO_IDEA,) if verdict.kind == "unexplained" else verdict.sentences
    return Verdict(False, (*sentences, *_formula(row.params_text)))


# --- shapes -----------------------------------------------------------------------------------------------------------


def _shape_sentences(row: LayerSummary, sizes: tuple[Fraction, ...]) -> list[str]:
    wanted = tuple(map(Fraction, row.output_shape))
    if len(wanted) == 1:
        return _feature_sentences(row, sizes)
    if len(sizes) == 3 and sorted(sizes) == sorted(wanted):
        return [_ANOTHER_ORDER]
    if len(sizes) < 3:
        of_map = sizes * 2 if len(sizes) == 1 else sizes
        if of_map == wanted[1:]:
            return ["Right for height and width. Which channels? Write all three sizes: channels × height × width."]
        if len(sizes) == 1 and sizes[0] == math.prod(wanted):
            return ["That is how many numbers the map has in all. Write its three sizes: channels × height × width."]
        missing = [] if len(sizes) == 1 else [_ONE_MISSING]
        # Two sizes that begin with the channels are no height and width.
        return missing if missing and sizes[:1] == wanted[:1] else missing + _axis_sentences(row, of_map)
    if len(sizes) > 3:
        return ["A map has three sizes: channels × height × width. The batch is left out here."]
    of_channels = [] if sizes[0] == wanted[0] else _channel_sentences(row, sizes[0])
    return of_channels + _axis_sentences(row, sizes[1:])


def _feature_sentences(row: LayerSummary, sizes: tuple[Fraction, ...]) -> list[str]:
    wanted = row.output_shape[0]
    if len(sizes) > 1:
        if math.prod(sizes) == wanted:
            return ["These are the right factors, and it is one row of numbers now: multiply them."]
        return [f"A row of features has one size, not {len(sizes)}."]
    answer, given = math.prod(sizes), row.input_shape
    slips: list[tuple[float, str]] = [(math.prod(given), "This is how many numbers come in, not how many come out.")]
    if len(given) == 3 and row.macs == 0:
        channels, height, width = given
        slips = [
            (height * width, f"The channels are forgotten: there are {channels} maps of {height} × {width}."),
            (channels * height, "One side is forgotten: each map has height times width numbers."),
            (channels * height**2, "Height and width differ here: multiply one by the other."),
            (channels + height * width, "The channels multiply: every one of them is a whole map."),
            (sum(given), "The sizes are multiplied, not added: every channel has height times width numbers."),
            (channels, "This is the number of channels; each is a whole map of numbers."),
        ]
    return [sentence for value, sentence in slips if answer == value and value != wanted]


def _channel_sentences(row: LayerSummary, answer: Fraction) -> list[str]:
    if not row.macs:
        return ["Channels: this layer works on each channel by itself, so as many come out as came in."]
    if answer == row.input_shape[0]:
        return [f"{answer} channels come in. What comes out has a channel for each kernel: the layer's second number."]
    return ["Channels: there is one map for each kernel, so their number is the layer's out_channels."]


def _axis_sentences(row: LayerSummary, answers: tuple[Fraction, ...]) -> list[str]:
    told: dict[str, list[str]] = {}
    for index, (axis, answer) in enumerate(zip(_axes(row), answers, strict=True)):
        wanted = row.output_shape[1 + index]
        if answer == wanted:
            continue
        sentences = judge_size(axis, answer).sentences if axis else ()
        for sentence in sentences or (_by_hand(row, index, answer),):
            told.setdefault(sentence, []).append(_AXES[index])
    return [f"{' and '.join(axes).capitalize()}: {sentence}" for sentence, axes in told.items()]


def _by_hand(row: LayerSummary, index: int, answer: Fraction) -> str:
    if answer == row.input_shape[-2:][index] and len(row.input_shape) == 3:
        return "This is the size of what comes in."
    return f"{answer} is too {'large' if answer > row.output_shape[1 + index] else 'small'}."


def _axes(row: LayerSummary) -> tuple[AxisWindows | None, ...]:
    """The windows along height and width; None where the layer slides none that give this size."""
    if not isinstance(row.layer, WindowLayer) or len(row.input_shape) != 3:
        return (None, None)
    found: list[AxisWindows | None] = []
    for index, axis in enumerate(row.layer.axes(row.input_shape)):
        found.append(axis if axis.count == row.output_shape[1 + index] else None)
    return tuple(found)


# --- parameters -------------------------------------------------------------------------------------------------------


def _param_slips(row: LayerSummary) -> list[Slip]:
    settings = {name: getattr(row.layer, name) for name in row.layer.rules()}
    if "kernel_size" in settings and "out_channels" in settings:
        slips = _kernel_slips(settings, row.output_shape)
    elif "in_features" in settings:
        slips = _linear_slips(settings)
    elif "running_mean" in row.layer.weight_shapes() and row.num_params:
        channels = row.input_shape[0]
        buffers = "Running mean and variance are not learned: they are kept beside the parameters."
        slips = [
            Slip("one each", channels, "Each channel learns two numbers: a scale and a shift.", 2),
            Slip("buffers", 4 * channels, buffers, 1),
        ]
    elif row.num_params:
        slips = []
    else:
        slips = [Slip("any", 1, "It has nothing to learn: no weights, no biases.", 0.5)]
    places = "This is how many multiplications it takes: every place of the window uses the same parameters."
    outputs = "This is how many numbers come out, not how many are learned."
    slips.append(Slip("macs", row.macs, places, 0.5))
    slips.append(Slip("outputs", math.prod(row.output_shape), outputs, 0.5))
    return slips


def _kernel_slips(settings: dict[str, object], output_shape: Shape) -> list[Slip]:
    inner, kernels, groups = (_whole(settings[name]) for name in ("in_channels", "out_channels", "groups"))
    sides = settings["kernel_size"]
    rows, columns = map(_whole, cast("tuple[object, ...]", sides) if isinstance(sides, tuple) else (sides, sides))
    cells, depth, bias = rows * columns, inner // groups, int(bool(settings["bias"]))
    weights, places = kernels * depth * cells, math.prod(output_shape[1:])
    in_forgotten = f"in_channels is forgotten: every kernel has a slice for each of the {depth} channels."
    out_forgotten = f"out_channels is forgotten: this is one kernel, and there are {kernels}."
    side = f"A slice of a kernel has {rows} × {columns} cells, not {rows}."
    shared = "The weights are shared: all places of the window use the same kernel."
    slips = [
        Slip("depth", kernels * (cells + bias), in_forgotten, 3),
        Slip("kernels", depth * cells + bias, out_forgotten, 2),
        Slip("depth and bias", kernels * cells, "in_channels and the biases are forgotten.", 1),
        Slip("slice", cells + bias, "This is one slice of one kernel.", 1),
        Slip("side", kernels * (depth * rows + bias), side, 1),
        Slip("places", places * (weights + kernels * bias), shared, 1),
    ]
    if bias:
        of_slices = "A kernel has one bias, not one for each of its slices."
        of_inputs = "There is a bias for each kernel, not for each channel that comes in."
        slips += [
            Slip("bias", weights, f"The biases are missing: each of the {kernels} outputs has one.", 4),
            Slip("one bias", weights + 1, "There is a bias for each kernel, not one for all.", 2),
            Slip("bias a slice", kernels * depth * (cells + 1), of_slices, 2),
            Slip("bias in", weights + inner, of_inputs, 1),
        ]
    else:
        slips.append(Slip("bias", weights + kernels, "bias is False: this layer has no biases.", 3))
    if groups > 1:
        of_groups = f"With groups={groups} a kernel sees only {depth} of the {inner} channels."
        slips.append(Slip("groups", kernels * (inner * cells + bias), of_groups, 3))
    return slips


def _linear_slips(settings: dict[str, object]) -> list[Slip]:
    inner, outer = _whole(settings["in_features"]), _whole(settings["out_features"])
    slips = [Slip("sum", inner + outer, "Every output has a weight for every input: multiply.", 2)]
    if settings["bias"]:
        slips += [
            Slip("bias", inner * outer, f"The biases are missing: each of the {outer} outputs has one.", 4),
            Slip("one bias", inner * outer + 1, "There is a bias for each output, not one for all.", 2),
            Slip("bias in", (outer + 1) * inner, "There is a bias for each output, not for each input.", 2),
        ]
    else:
        slips.append(Slip("bias", (inner + 1) * outer, "bias is False: this layer has no biases.", 3))
    return slips


# --- reading ----------------------------------------------------------------------------------------------------------

_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


def _one_number(text: str) -> str:
    # 48,120 is how the page itself writes a count.
    plain = text.strip()
    return plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain


def _sizes(text: str) -> tuple[Fraction, ...]:
    """Cut "6 x 28 x 28", "(6, 28, 28)" or "6 28 28" into its numbers.

    Raises:
        ParseError: a part of it is no number.
    """
    plain = text.strip()[: MAX_ANSWER + 1]
    if len(plain) > MAX_ANSWER:
        raise ParseError("An answer has at most {MAX_ANSWER} characters.", MAX_ANSWER=MAX_ANSWER)
    if _THOUSANDS.fullmatch(plain):
        return (Fraction(plain.replace(",", "")),)
    parts = re.sub(r"[x×*,;]", " ", plain.lower().strip("()[]")).split()
    if not parts:
        raise ParseError("Write the sizes, 6 × 28 × 28 for instance (x or a space will do).")
    return tuple(Fraction(parse_number(part)).limit_denominator(1000) for part in parts)


def _formula(text: str) -> tuple[str, ...]:
    """The formula with its numbers, but for what it comes to."""
    lines = [_without_result(line) for line in text.splitlines()]
    return tuple(line for line in lines if line)


def _without_result(line: str) -> str:
    head, _, _ = line.rpartition(" = ")
    return f"{with_times(head)} = ?" if head else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
