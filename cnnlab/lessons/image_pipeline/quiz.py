"""What a learner's prediction of a step's result tells: a shape, and one number of it."""

import re

from cnnlab.errors import ParseError, counted
from cnnlab.feedback.mistakes import Verdict
from cnnlab.lessons.image_pipeline.sentences import HOLDERS, number_text, shape_text
from cnnlab.lessons.image_pipeline.snapshots import Snapshot
from cnnlab.lessons.image_pipeline.steps import Normalize, RandomCrop, Resize, Step, ToDtype, ToTensor
from cnnlab.number_text import parse_number, show_number

ERROR = "error"
"""What is typed by those who expect that PyTorch refuses the step."""

_SHARE = 0.1
_SEPARATORS = re.compile(r"[\s,x×()\[\]CHWchw=]+")


def number_question(step: Step, before: Snapshot | None) -> str:
    """Ask for one number of the result."""
    if isinstance(step, Normalize) and before is not None and before.kind == "tensor":
        one = before.channels[0]
        return f"Mean of {one.name} after {step.title} (before: {number_text(one.mean)})"
    return f"Largest number after {step.title}, roughly"


def shape_question(step: Step, after: Snapshot | None) -> str:
    """Ask for the shape of the result."""
    if after is not None and after.kind == "pil":
        return f"Size after {step.title}, as Pillow writes it"
    return f"Shape after {step.title}"


def parse_shape(text: str) -> tuple[int, ...] | None:
    """Read a shape, as `3, 32, 32` or `3x32x32`; None where an error is expected.

    Raises:
        ParseError: it is neither.

    >>> parse_shape("(3, 32, 32)"), parse_shape("3×32×32"), parse_shape("error")
    ((3, 32, 32), (3, 32, 32), None)
    """
    if text.strip().lower() == ERROR:
        return None
    parts = [part for part in _SEPARATORS.split(text) if part]
    if not parts or not all(part.isascii() and part.isdecimal() and len(part) <= 6 for part in parts):
        raise ParseError(
            "Write a shape like 3, 32, 32, or the word {ERROR} if you expect that PyTorch refuses the step.",
            ERROR=ERROR,
        )
    return tuple(map(int, parts))


def judge_shape(typed: tuple[int, ...] | None, step: Step, before: Snapshot | None, after: Snapshot | None) -> Verdict:
    """Tell whether this is the shape that comes out and, if not, what leads to it.

    Args:
        typed: None where an error was expected.
        after: None where PyTorch refuses the step.
    """
    if after is None:
        if typed is None:
            return Verdict(True, "right", ("Right: PyTorch refuses this step.",))
        incoming = f" Look at what comes in: a {HOLDERS[before.kind]}." if before else ""
        return Verdict(False, "refused", (f"No shape comes out: PyTorch refuses this step.{incoming}",))
    if typed is None:
        return Verdict(False, "runs", ("PyTorch takes this step. What comes out?",))
    wanted = _wanted(after)
    if typed == wanted:
        return Verdict(True, "right", (f"Right: {shape_text(after)}.",))
    return Verdict(False, *_why_not(typed, wanted, step, before, after))


def _wanted(snapshot: Snapshot) -> tuple[int, ...]:
    if snapshot.kind == "pil":
        return snapshot.shape[1], snapshot.shape[0]
    return snapshot.shape


def _why_not(
    typed: tuple[int, ...], wanted: tuple[int, ...], step: Step, before: Snapshot | None, after: Snapshot
) -> tuple[str, tuple[str, ...]]:
    if after.kind == "pil":
        if len(typed) == 3:
            return "channels", ("Pillow's size is width and height only; the channels are in its mode.",)
        if typed == wanted[::-1]:
            return "swapped", ("Height and width are swapped: Pillow puts the width first.",)
    elif len(typed) == len(wanted) and sorted(typed) == sorted(wanted):
        by_axis = dict(zip(after.axes, after.shape, strict=True))
        if after.axes == "CHW" and typed == tuple(by_axis[axis] for axis in "HWC"):
            return "channels_last", (f"The channels are last there: after {step.title} they stand first.",)
        if after.axes == "HWC" and typed == tuple(by_axis[axis] for axis in "CHW"):
            return "channels_first", (f"The channels are first there: after {step.title} they stand last.",)
        if after.axes == "CHW" and typed == tuple(by_axis[axis] for axis in "CWH"):
            return "swapped", ("Height and width are swapped: a tensor has the height first.",)
        return "order", ("The numbers are right, their order is not.",)
    elif len(typed) == len(wanted) + 1 and typed[0] == 1:
        return "batch", ("There is no batch yet: a DataLoader puts it in front.",)
    elif len(typed) == 2 and len(wanted) == 3:
        return "channels", ("The channels are missing: they are an axis, too.",)
    if before is not None and typed == _wanted(before):
        return "unchanged", (f"That is what comes in: {step.title} changes it.",)
    sizes = {size for size in typed if size != after.size_of("C")}
    if isinstance(step, Resize) and sizes == {step.size}:
        return "square", (
            f"{step.call()} scales the shorter side to {step.size}; the longer one keeps the proportions.",
        )
    if isinstance(step, RandomCrop) and before is not None and sizes & _padded(step, before):
        return "padded", (f"The padding comes first, and then {step.size} pixels a side are cut out.",)
    if len(typed) != len(wanted):
        return "axes", (f"There {'is' if len(wanted) == 1 else 'are'} {counted(len(wanted), 'number')} in it.",)
    return "unexplained", ("Not this shape. Look at what comes in, and at the step's arguments.",)


def _padded(step: RandomCrop, before: Snapshot) -> set[int]:
    return {size + 2 * step.padding for axis in "HW" if (size := before.size_of(axis)) is not None} - {step.size}


def judge_number(text: str, step: Step, before: Snapshot | None, after: Snapshot) -> Verdict:
    """Tell whether this is the number that `number_question` asks for.

    Raises:
        ParseError: it is no number.
    """
    value = float(parse_number(text))
    shown = show_number(value)
    if isinstance(step, Normalize) and before is not None and before.kind == "tensor":
        return _judge_mean(value, shown, step, before, after)
    top = 1.0 if after.is_float and after.high <= 1 and after.low >= 0 else 255.0 if not after.is_float else after.high
    if _near(value, after.high, _SHARE) or value == top:
        most = f", and {number_text(top)} at most" if top != after.high else ""
        return Verdict(True, "right", (f"Right: {number_text(after.high)} in this picture{most}.",))
    if isinstance(step, ToTensor | ToDtype) and before is not None:
        rescaled = after.high < before.high / 100
        if rescaled and (value == 255 or _near(value, before.high, _SHARE)):
            return Verdict(
                False, "not_rescaled", (f"{shown} would be left without rescaling: bytes are divided by 255.",)
            )
        if not rescaled and (value == 1 or _near(value, before.high / 255, _SHARE)):
            why = (
                "numbers that are not bytes stay as they are"
                if isinstance(step, ToTensor)
                else "without scale=True only the type changes"
            )
            return Verdict(False, "rescaled", (f"{shown} would come out if it was divided by 255, but {why}.",))
    if before is not None:
        return Verdict(
            False,
            "unexplained",
            (f"Not about {shown}. {number_text(before.high)} comes in: what does the step do to it?",),
        )
    return Verdict(False, "unexplained", (f"Not about {shown}. A byte goes from 0 to 255.",))


def _judge_mean(value: float, shown: str, step: Normalize, before: Snapshot, after: Snapshot) -> Verdict:
    own, made = before.channels[0].mean, after.channels[0].mean
    mean, std = step.mean[0], step.std[0]
    sum_ = f"({number_text(own)} − {show_number(mean)}) / {show_number(std)}"
    if abs(value - made) <= max(0.02, 0.03 * abs(made)):
        return Verdict(True, "right", (f"Right: {sum_} = {number_text(made)}.",))
    slips = (
        (
            mean,
            "target",
            f"{shown} is what is subtracted. It is not a target: this picture's own mean is {number_text(own)}.",
        ),
        (
            0.0,
            "zero",
            f"0 comes out only where the mean was {show_number(mean)} before; here it was {number_text(own)}.",
        ),
        (own - mean, "not_divided", f"{shown} has the mean subtracted. Now divide by {show_number(std)}."),
        (
            -made,
            "sign",
            f"{shown} has the wrong sign: the given mean is subtracted from the picture's, not the reverse.",
        ),
        (own, "unchanged", f"{shown} is the mean that comes in."),
        (own / std - mean, "order", f"{shown} is divided first. Subtract first, then divide."),
        ((own - mean) * std, "multiplied", f"{shown} is multiplied by {show_number(std)}: divide by it."),
    )
    for slip, kind, sentence in slips:
        if abs(value - slip) <= max(0.01, 0.02 * abs(slip)):
            return Verdict(False, kind, (sentence,))
    return Verdict(
        False, "unexplained", (f"Not {shown}. Subtract the given mean from {number_text(own)}, then divide.",)
    )


def _near(value: float, wanted: float, share: float) -> bool:
    return abs(value - wanted) <= share * abs(wanted) + 1e-9
