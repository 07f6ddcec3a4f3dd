"""What a wrong size of an output says about the term of the formula that was forgotten, along one axis."""

from collections.abc import Iterator
from fractions import Fraction

from cnnlab.feedback.verdict import Slip, Verdict, explain_exactly
from cnnlab.number_text import parse_number
from cnnlab.shapes import AxisWindows
from cnnlab.texts import message


def judge_size(axis: AxisWindows, answer: Fraction) -> Verdict:
    """Judge an answer for the number of windows along an axis.

    >>> judge_size(AxisWindows(7, 3, stride=2), Fraction(2)).sentences
    ('The + 1 is missing: the window has a place before its first step, too.',)
    >>> judge_size(AxisWindows(7, 3, stride=2), Fraction(3)).right
    True
    """
    return explain_exactly(float(answer), axis.count, slips(axis, answer))


def slips(axis: AxisWindows, answer: Fraction) -> Iterator[Slip]:
    """Yield the ways to go wrong that there are at these settings.

    Args:
        answer: what was typed. A third is typed as 2.33: that counts for what it is meant for.
    """
    room, stride, before = axis.padded - axis.extent, axis.stride, axis.padding[0]
    has_rest = room % stride > 0

    def steps(pixels: int) -> int:
        """Strides in so many pixels, rounded as these settings round."""
        return -(-pixels // stride) if axis.ceil else pixels // stride

    yield Slip(
        "no_one_more",
        steps(room),
        message("The + 1 is missing: the window has a place before its first step, too."),
    )
    if has_rest and not axis.ceil:
        exact = Fraction(room, stride) + 1
        is_meant = abs(exact - answer) < Fraction(1, 100)
        yield Slip(
            "no_floor",
            float(answer if is_meant else exact),
            message(
                "The floor is missing: ({padded} − {extent})/{stride} is not a whole number, and part of a step is not "
                "a place.",
                padded=axis.padded,
                extent=axis.extent,
                stride=stride,
            ),
        )
        yield Slip(
            "rounded_up",
            -(-room // stride) + 1,
            message("This rounds up. A convolution rounds down: the window must lie inside the padded input."),
        )
    if has_rest and axis.ceil:
        yield Slip(
            "rounded_down",
            room // stride + 1,
            message("This rounds down. With ceil the last step counts as well, even if only part of it fits."),
        )
    if axis.ceil:
        yield Slip(
            "starts_behind",
            -(-room // stride) + 1,
            message("This counts a window that starts beyond the input. Even with ceil such a window is left out."),
        )
    if before:
        yield Slip(
            "padding_once",
            steps(axis.size + before - axis.extent) + 1,
            message("The padding is counted on one side only. It lies on both sides, so it is added twice."),
        )
        yield Slip(
            "no_padding",
            steps(axis.size - axis.extent) + 1,
            message(
                "The padding is forgotten: the window slides over {padded} pixels, not over {size}.",
                padded=axis.padded,
                size=axis.size,
            ),
        )
    if axis.extent > axis.kernel_size:
        yield Slip(
            "no_dilation",
            steps(axis.padded - axis.kernel_size) + 1,
            message(
                "The dilation is forgotten: with its gaps the kernel of {kernel} spans {extent} pixels.",
                kernel=axis.kernel_size,
                extent=axis.extent,
            ),
        )
    if axis.dilation > 1:
        yield Slip(
            "dilated_too_wide",
            steps(axis.padded - axis.dilation * axis.kernel_size) + 1,
            message(
                "The dilated kernel is taken too wide: there are gaps only between its cells, so it spans "
                "{dilation}·({kernel} − 1) + 1 = {extent} pixels.",
                dilation=axis.dilation,
                kernel=axis.kernel_size,
                extent=axis.extent,
            ),
        )
    if stride > 1:
        yield Slip(
            "no_stride",
            room + 1,
            message("The stride is forgotten: the window moves by {stride} pixels at a time.", stride=stride),
        )
    if steps(axis.padded) != axis.size:
        yield Slip(
            "no_kernel",
            steps(axis.padded),
            message("The kernel is forgotten: this is how often the stride fits into the whole axis."),
        )
    yield Slip(
        "input",
        axis.size,
        message("This is the size of the input. The size of the output is the number of places of the window."),
    )


def parse_size(text: str) -> Fraction:
    """Read a learner's answer: a whole number, a decimal number, a fraction such as 10/3.

    Raises:
        ParseError: it is none of these.

    >>> parse_size(" 14.5 ")
    Fraction(29, 2)
    """
    return Fraction(parse_number(text)).limit_denominator(1000)
