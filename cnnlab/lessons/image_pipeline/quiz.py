"""What a learner's prediction of a step's result tells: a shape, and one number of it."""

from collections.abc import Iterator

from cnnlab.errors import ParseError
from cnnlab.feedback.shape_answer import read_shape
from cnnlab.feedback.verdict import Slip, Verdict
from cnnlab.lessons.image_pipeline.sentences import CHANNEL_NAMES, number_text, shape_text
from cnnlab.lessons.image_pipeline.snapshots import Snapshot
from cnnlab.lessons.image_pipeline.steps import Normalize, RandomCrop, Resize, Step, ToDtype, ToTensor
from cnnlab.number_text import parse_number, show_number
from cnnlab.texts import Message, in_a_row, message, plural

ERROR = "error"
"""What is typed by those who expect that PyTorch refuses the step."""

_LOOK_AT = {
    "pil": message("Look at what comes in: a PIL image."),
    "array": message("Look at what comes in: a NumPy array."),
    "tensor": message("Look at what comes in: a tensor."),
}

_SHARE = 0.1
MAX_SIZE = 10**6
"""Of an axis, in an answer."""


def number_question(step: Step, before: Snapshot | None) -> Message:
    """Ask for one number of the result."""
    if isinstance(step, Normalize) and before is not None and before.kind == "tensor":
        one = before.channels[0]
        return message(
            "Mean of {channel} after {step} (before: {mean})",
            channel=CHANNEL_NAMES[one.name],
            step=step.title,
            mean=number_text(one.mean),
        )
    return message("Largest number after {step}, roughly", step=step.title)


def shape_question(step: Step, after: Snapshot | None) -> Message:
    """Ask for the shape of the result."""
    if after is not None and after.kind == "pil":
        return message("Size after {step}, as Pillow writes it", step=step.title)
    return message("Shape after {step}", step=step.title)


def parse_shape(text: str) -> tuple[int, ...] | None:
    """Read a shape, as `3, 32, 32` or `3x32x32`; None where an error is expected.

    Raises:
        ParseError: it is neither.

    >>> parse_shape("(3, 32, 32)"), parse_shape("3×32×32"), parse_shape("error")
    ((3, 32, 32), (3, 32, 32), None)
    """
    if text.strip().lower() == ERROR:
        return None
    no_shape = ParseError(
        "Write a shape like 3, 32, 32, or the word {word} if you expect that PyTorch refuses the step.", word=ERROR
    )
    try:
        answer = read_shape(text)
    except ParseError:
        raise no_shape from None
    # One picture has no batch.
    if answer.has_batch or not all(size.denominator == 1 and 0 <= size < MAX_SIZE for size in answer.sizes):
        raise no_shape
    return tuple(map(int, answer.sizes))


def _right(sentence: Message) -> Verdict:
    return Verdict(True, (sentence,), "right")


def _wrong(kind: str, sentence: Message) -> Verdict:
    return Verdict(False, (sentence,), kind)


# --- shapes -----------------------------------------------------------------------------------------------------------


def judge_shape(typed: tuple[int, ...] | None, step: Step, before: Snapshot | None, after: Snapshot | None) -> Verdict:
    """Tell whether this is the shape that comes out and, if not, what leads to it.

    Args:
        typed: None where an error was expected.
        after: None where PyTorch refuses the step.
    """
    if after is None:
        if typed is None:
            return _right(message("Right: PyTorch refuses this step."))
        refused = message("No shape comes out: PyTorch refuses this step.")
        if before is None:
            return _wrong("refused", refused)
        return _wrong("refused", in_a_row(refused, _LOOK_AT[before.kind]))
    if typed is None:
        return _wrong("runs", message("PyTorch takes this step. What comes out?"))
    wanted = _wanted(after)
    if typed == wanted:
        return _right(message("Right: {answer}.", answer=shape_text(after)))
    return _why_not(typed, wanted, step, before, after)


def _wanted(snapshot: Snapshot) -> tuple[int, ...]:
    if snapshot.kind == "pil":
        return snapshot.shape[1], snapshot.shape[0]
    return snapshot.shape


def _why_not(
    typed: tuple[int, ...], wanted: tuple[int, ...], step: Step, before: Snapshot | None, after: Snapshot
) -> Verdict:
    if after.kind == "pil":
        if len(typed) == 3:
            return _wrong("channels", message("Pillow's size is width and height only; the channels are in its mode."))
        if typed == wanted[::-1]:
            return _wrong("swapped", message("Height and width are swapped: Pillow puts the width first."))
    elif len(typed) == len(wanted) and sorted(typed) == sorted(wanted):
        return _other_order(typed, step, after)
    elif len(typed) == len(wanted) + 1 and typed[0] == 1:
        return _wrong("batch", message("There is no batch yet: a DataLoader puts it in front."))
    elif len(typed) == 2 and len(wanted) == 3:
        return _wrong("channels", message("The channels are missing: they are an axis, too."))
    if before is not None and typed == _wanted(before):
        return _wrong("unchanged", message("That is what comes in: {step} changes it.", step=step.title))
    sizes = {size for size in typed if size != after.size_of("C")}
    if isinstance(step, Resize) and sizes == {step.size}:
        return _wrong(
            "square",
            message(
                "{step} scales the shorter side to {size}; the longer side keeps the proportions.",
                step=step.call(),
                size=step.size,
            ),
        )
    if isinstance(step, RandomCrop) and before is not None and sizes & _padded(step, before):
        return _wrong(
            "padded",
            message("The padding comes first, and then a square is cut out: its side is one of the step's arguments."),
        )
    if len(typed) != len(wanted):
        return _wrong(
            "axes", plural("There is {n} number in the shape.", "There are {n} numbers in the shape.", n=len(wanted))
        )
    return _wrong("unexplained", message("Not this shape. Look at what comes in, and at the step's arguments."))


def _other_order(typed: tuple[int, ...], step: Step, after: Snapshot) -> Verdict:
    """The right sizes in another order."""
    by_axis = dict(zip(after.axes, after.shape, strict=True))

    def is_in_order(axes: str) -> bool:
        return typed == tuple(by_axis[axis] for axis in axes)

    if after.axes == "CHW" and is_in_order("HWC"):
        return _wrong(
            "channels_last",
            message("This has the channels last: after {step} they are first.", step=step.title),
        )
    if after.axes == "HWC" and is_in_order("CHW"):
        return _wrong(
            "channels_first",
            message("This has the channels first: after {step} they are last.", step=step.title),
        )
    if after.axes == "CHW" and is_in_order("CWH"):
        return _wrong("swapped", message("Height and width are swapped: a tensor has the height first."))
    return _wrong("order", message("The numbers are right, but their order is not."))


def _padded(step: RandomCrop, before: Snapshot) -> set[int]:
    return {size + 2 * step.padding for axis in "HW" if (size := before.size_of(axis)) is not None} - {step.size}


# --- numbers ----------------------------------------------------------------------------------------------------------


def judge_number(text: str, step: Step, before: Snapshot | None, after: Snapshot) -> Verdict:
    """Tell whether this is the number that `number_question` asks for.

    Raises:
        ParseError: it is no number.
    """
    value = float(parse_number(text))
    shown = show_number(value)
    if isinstance(step, Normalize) and before is not None and before.kind == "tensor":
        return _judge_mean(value, step, before, after)
    top = 1.0 if after.is_float and after.high <= 1 and after.low >= 0 else 255.0 if not after.is_float else after.high
    if _near(value, after.high, _SHARE) or value == top:
        high = number_text(after.high)
        if top == after.high:
            return _right(message("Right: {high} in this picture.", high=high))
        return _right(message("Right: {high} in this picture, and {top} at most.", high=high, top=number_text(top)))
    if isinstance(step, ToTensor | ToDtype) and before is not None:
        rescaled = after.high < before.high / 100
        if rescaled and (value == 255 or _near(value, before.high, _SHARE)):
            return _wrong(
                "not_rescaled",
                message("Without rescaling it would be {typed}: bytes are divided by 255.", typed=shown),
            )
        if not rescaled and (value == 1 or _near(value, before.high / 255, _SHARE)):
            return _wrong("rescaled", _not_divided(step, shown))
    if before is not None:
        return _wrong(
            "unexplained",
            message("Not about {typed}. What does the step do to the largest number that comes in?", typed=shown),
        )
    return _wrong("unexplained", message("Not about {typed}. Which numbers can a byte hold?", typed=shown))


def _not_divided(step: ToTensor | ToDtype, shown: str) -> Message:
    if isinstance(step, ToTensor):
        return message(
            "It would be {typed} if the numbers were rescaled, but those that are not bytes stay as they are.",
            typed=shown,
        )
    return message(
        "It would be {typed} if the numbers were rescaled, but without scale=True only the type changes.", typed=shown
    )


def _judge_mean(value: float, step: Normalize, before: Snapshot, after: Snapshot) -> Verdict:
    own, made = before.channels[0].mean, after.channels[0].mean
    if abs(value - made) <= max(0.02, 0.03 * abs(made)):
        sum_ = f"({number_text(own)} − {show_number(step.mean[0])}) / {show_number(step.std[0])}"
        return _right(message("Right: {sum} = {mean}.", sum=sum_, mean=number_text(made)))
    for slip in _mean_slips(value, step, own, made):
        if abs(value - slip.value) <= max(0.01, 0.02 * abs(slip.value)):
            return _wrong(slip.kind, slip.sentence)
    return _wrong(
        "unexplained",
        message(
            "Not {typed}. Subtract the given mean from the mean that comes in, then divide.", typed=show_number(value)
        ),
    )


def _mean_slips(value: float, step: Normalize, own: float, made: float) -> Iterator[Slip]:
    """Yield what may have been done instead of subtracting the mean and dividing by std.

    Args:
        value: what was typed.
        own: the picture's mean before the step.
        made: the one after it.
    """
    mean, std, shown = step.mean[0], step.std[0], show_number(value)
    yield Slip(
        "target",
        mean,
        message("{typed} is what is subtracted. It is not a target: this picture's own mean is another.", typed=shown),
    )
    yield Slip(
        "zero",
        0.0,
        message("0 comes out only if the mean that comes in is the given one."),
    )
    yield Slip(
        "not_divided",
        own - mean,
        message("{typed} has the mean subtracted. Now divide by {std}.", typed=shown, std=show_number(std)),
    )
    yield Slip(
        "sign",
        -made,
        message(
            "For {typed} the picture's mean was subtracted from the given one: it is the other way round.",
            typed=shown,
        ),
    )
    yield Slip("unchanged", own, message("{typed} is the mean that comes in.", typed=shown))
    yield Slip(
        "order",
        own / std - mean,
        message("For {typed} the mean was divided first. Subtract first, then divide.", typed=shown),
    )
    yield Slip(
        "multiplied",
        (own - mean) * std,
        message("{typed} is multiplied by {std}: divide by it.", typed=shown, std=show_number(std)),
    )


def _near(value: float, wanted: float, share: float) -> bool:
    return abs(value - wanted) <= share * abs(wanted) + 1e-9
