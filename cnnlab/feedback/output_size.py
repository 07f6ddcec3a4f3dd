"""What a wrong size of an output says about the term of the formula that was forgotten, along one axis."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from cnnlab.number_text import parse_number
from cnnlab.shapes import AxisWindows


@dataclass(frozen=True)
class Verdict:
    """What is said to an answer.

    Args:
        right: whether it is the output's size.
        sentences: one for every slip that leads to exactly this answer; empty where none is known that does.
    """

    right: bool
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slip:
    """One way to go wrong.

    Args:
        sentence: what is said to it, with the fields of an axis in braces.
        answer: the size that it leads to.
        tempts: whether there is anything to forget at these settings.
    """

    sentence: str
    answer: Callable[[AxisWindows], Fraction]
    tempts: Callable[[AxisWindows], bool] = lambda _: True


def _steps(axis: AxisWindows, room: int) -> Fraction:
    """Strides in a room, rounded as these settings round."""
    return Fraction(-(-room // axis.stride) if axis.ceil else room // axis.stride)


def _room(axis: AxisWindows) -> int:
    return axis.padded - axis.extent


SLIPS = (
    Slip(
        "The + 1 is missing: the window has a place before its first step, too.",
        lambda axis: _steps(axis, _room(axis)),
    ),
    Slip(
        "The floor is missing: ({padded} − {extent})/{stride} is not whole, and a part of a step is not a place.",
        lambda axis: Fraction(_room(axis), axis.stride) + 1,
        lambda axis: not axis.ceil and _room(axis) % axis.stride > 0,
    ),
    Slip(
        "This rounds up. A convolution rounds down: the window must lie inside the padded input.",
        lambda axis: Fraction(-(-_room(axis) // axis.stride) + 1),
        lambda axis: not axis.ceil and _room(axis) % axis.stride > 0,
    ),
    Slip(
        "This rounds down. With ceil the last step that does not fit whole counts as well.",
        lambda axis: Fraction(_room(axis) // axis.stride + 1),
        lambda axis: axis.ceil and _room(axis) % axis.stride > 0,
    ),
    Slip(
        "This counts a window that starts behind the input. Even with ceil such a window is left out.",
        lambda axis: Fraction(-(-_room(axis) // axis.stride) + 1),
        lambda axis: axis.ceil,
    ),
    Slip(
        "The padding is counted on one side only. It lies on both, so {before} twice.",
        lambda axis: _steps(axis, axis.size + axis.padding[0] - axis.extent) + 1,
        lambda axis: axis.padding[0] > 0,
    ),
    Slip(
        "The padding is forgotten: the window slides over {padded} pixels and not over {size}.",
        lambda axis: _steps(axis, axis.size - axis.extent) + 1,
        lambda axis: axis.padding[0] > 0,
    ),
    Slip(
        "The dilation is forgotten: with its gaps the kernel of {kernel_size} spans {extent} pixels.",
        lambda axis: _steps(axis, axis.padded - axis.kernel_size) + 1,
        lambda axis: axis.extent > axis.kernel_size,
    ),
    Slip(
        "The dilated kernel is taken too wide: there are gaps only between its cells, so it spans "
        "{dilation}·({kernel_size} − 1) + 1 = {extent} pixels.",
        lambda axis: _steps(axis, axis.padded - axis.dilation * axis.kernel_size) + 1,
        lambda axis: axis.dilation > 1,
    ),
    Slip(
        "The stride is forgotten: the window moves by {stride} pixels at a time.",
        lambda axis: Fraction(_room(axis) + 1),
        lambda axis: axis.stride > 1,
    ),
    Slip(
        "The kernel is forgotten: this is how often the stride fits into the whole axis.",
        lambda axis: _steps(axis, axis.padded),
        lambda axis: _steps(axis, axis.padded) != axis.size,
    ),
    Slip(
        "This is the size of the input; the size of the output is the number of places of the window.",
        lambda axis: Fraction(axis.size),
    ),
)


def judge_size(axis: AxisWindows, answer: Fraction) -> Verdict:
    """Judge an answer for the number of windows along an axis.

    >>> judge_size(AxisWindows(7, 3, stride=2), Fraction(2)).sentences
    ('The + 1 is missing: the window has a place before its first step, too.',)
    >>> judge_size(AxisWindows(7, 3, stride=2), Fraction(3)).right
    True
    """
    if answer == axis.count:
        return Verdict(right=True)
    fields = {
        "size": axis.size,
        "kernel_size": axis.kernel_size,
        "stride": axis.stride,
        "dilation": axis.dilation,
        "extent": axis.extent,
        "padded": axis.padded,
        "before": axis.padding[0],
    }
    slips = [slip for slip in SLIPS if slip.tempts(axis) and _is_the_same(slip.answer(axis), answer)]
    return Verdict(right=False, sentences=tuple(slip.sentence.format(**fields) for slip in slips))


def parse_size(text: str) -> Fraction:
    """Read a learner's answer: a whole number, a decimal number, a fraction such as 10/3.

    Raises:
        ParseError: it is none of these.

    >>> parse_size(" 14.5 ")
    Fraction(29, 2)
    """
    return Fraction(parse_number(text)).limit_denominator(1000)


def _is_the_same(size: Fraction, answer: Fraction) -> bool:
    # A third is typed as 2.33: two decimals are close enough for what is no whole number.
    return size == answer or (size.denominator > 1 and abs(size - answer) < Fraction(1, 100))
