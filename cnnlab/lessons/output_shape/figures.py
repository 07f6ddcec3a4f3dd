"""The output-shape page's pictures: formulas with the learner's own numbers, and the padded input with its windows."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cnnlab.figures import style
from cnnlab.lessons.output_shape.settings import ShapeSettings
from cnnlab.shapes import AxisWindows
from cnnlab.texts import Message, in_a_row, message, plural

LETTERS = {
    "height": ("H", "P", "D", r"\mathit{FH}", "S", r"\mathit{OH}"),
    "width": ("W", "P", "D", r"\mathit{FW}", "S", r"\mathit{OW}"),
}
"""The lecture's names of size, padding, dilation, kernel, stride and the output's size along an axis."""


def size_formula(axis: AxisWindows, name: str) -> str:
    """Write the formula of the output's size along one axis in LaTeX, in letters and with its numbers.

    Args:
        name: height or width.

    >>> print(size_formula(AxisWindows(7, 3, stride=3), "height").splitlines()[3])
    &= \\left\\lfloor 1.33 \\right\\rfloor + 1 = \\mathbf{2}
    """
    size, padding, dilation, kernel, stride, output = LETTERS[name]
    before = axis.padding[0]
    letters = rf"\frac{{{size} + 2{padding} - {dilation}({kernel} - 1) - 1}}{{{stride}}}"
    numbers = (
        rf"\frac{{{axis.size} + 2\cdot {before} - {axis.dilation}\cdot({axis.kernel_size} - 1) - 1}}{{{axis.stride}}}"
    )
    quotient = _decimal(Fraction(axis.padded - axis.extent, axis.stride))
    # With ceil a window that would start behind the input is left out again.
    adjustment = " - 1" if _is_adjusted(axis) else ""
    return "\n".join(
        (
            r"\begin{aligned}",
            rf"{output} &= {_rounded(letters, axis)} + 1 \\[4pt]",
            rf"&= {_rounded(numbers, axis)} + 1 \\[4pt]",
            rf"&= {_rounded(quotient, axis)} + 1{adjustment} = \mathbf{{{axis.count}}}",
            r"\end{aligned}",
        )
    )


def lecture_formula(axis: AxisWindows, name: str) -> str:
    """Write the lecture's formula, which knows neither floor nor dilation, in LaTeX with its numbers.

    >>> print(lecture_formula(AxisWindows(7, 3, stride=3), "height").splitlines()[3])
    &\\approx \\mathbf{2.33}
    """
    size, padding, _, kernel, stride, _ = LETTERS[name]
    value = _lecture_value(axis)
    relation = "=" if value * 100 == int(value * 100) else r"\approx"
    return "\n".join(
        (
            r"\begin{aligned}",
            rf"&\frac{{{size} + 2{padding} - {kernel}}}{{{stride}}} + 1 \\[4pt]",
            rf"&= \frac{{{axis.size} + 2\cdot {axis.padding[0]} - {axis.kernel_size}}}{{{axis.stride}}} + 1 \\[4pt]",
            rf"&{relation} \mathbf{{{_decimal(value)}}}",
            r"\end{aligned}",
        )
    )


def lecture_remark(axis: AxisWindows) -> Message:
    """Say in words whether the lecture's formula gives the same, and if not, why.

    >>> lecture_remark(AxisWindows(7, 3, stride=2))
    'It gives the same here: the stride divides evenly, and the kernel has no gaps.'
    """
    spare = (axis.padded - axis.extent) % axis.stride
    has_gaps = axis.extent > axis.kernel_size
    if not spare and not has_gaps:
        if _is_adjusted(axis):
            return message("Not the same: it counts a window that would start beyond the input, which ceil leaves out.")
        return message("It gives the same here: the stride divides evenly, and the kernel has no gaps.")
    if _lecture_value(axis) == axis.count:
        return message("It gives the same here by chance: the gaps of the dilation and the rounding up cancel out.")
    if not spare:
        return message(
            "Not the same: it has no dilation, and with gaps the kernel of {kernel} spans {extent} pixels.",
            kernel=axis.kernel_size,
            extent=axis.extent,
        )
    return _rounding_remark(axis, spare)


def _rounding_remark(axis: AxisWindows, spare: int) -> Message:
    """The lecture's formula does not round, and leaves a part of a step of `spare` pixels."""
    if axis.extent > axis.kernel_size:
        sizes = {"kernel": axis.kernel_size, "extent": axis.extent, "stride": axis.stride}
        if axis.ceil:
            return plural(
                "Not the same: it has neither the dilation (the kernel of {kernel} spans {extent} pixels) nor the ceil "
                "(the stride of {stride} leaves {n} pixel over).",
                "Not the same: it has neither the dilation (the kernel of {kernel} spans {extent} pixels) nor the ceil "
                "(the stride of {stride} leaves {n} pixels over).",
                n=spare,
                **sizes,
            )
        return plural(
            "Not the same: it has neither the dilation (the kernel of {kernel} spans {extent} pixels) nor the floor "
            "(the stride of {stride} leaves {n} pixel over).",
            "Not the same: it has neither the dilation (the kernel of {kernel} spans {extent} pixels) nor the floor "
            "(the stride of {stride} leaves {n} pixels over).",
            n=spare,
            **sizes,
        )
    if axis.ceil:
        return plural(
            "Not the same: the stride of {stride} leaves {n} pixel over, and it has no ceil, which counts a part of a "
            "step as a whole one.",
            "Not the same: the stride of {stride} leaves {n} pixels over, and it has no ceil, which counts a part of a "
            "step as a whole one.",
            n=spare,
            stride=axis.stride,
        )
    return plural(
        "Not the same: the stride of {stride} leaves {n} pixel over, and it has no floor, which drops the part of a "
        "step.",
        "Not the same: the stride of {stride} leaves {n} pixels over, and it has no floor, which drops the part of a "
        "step.",
        n=spare,
        stride=axis.stride,
    )


def ceil_remark(axis: AxisWindows) -> Message | None:
    """Say what ceil does along an axis; None where it is off."""
    if not axis.ceil:
        return None
    if _is_adjusted(axis):
        return message(
            "With ceil one more window would start beyond the input; it reads nothing and is left out (− 1)."
        )
    beyond = axis.end - axis.padded
    if beyond <= 0:
        return message("Ceil changes nothing here: the stride divides evenly.")
    return plural(
        "With ceil the last window reaches {n} pixel beyond the padded input.",
        "With ceil the last window reaches {n} pixels beyond the padded input.",
        n=beyond,
    )


def unread_remark(settings: ShapeSettings) -> Message:
    """Say which rows and columns the floor drops, and how many pixels of the input no window reads.

    >>> unread_remark(ShapeSettings(h=7, w=7, fh=3, fw=3, sh=3, sw=3))
    'The last row and column are never read. So 13 of the 49 input pixels stay unread.'
    """
    dropped = _dropped_remark(settings.rows, settings.cols)
    if settings.unread_pixels:
        so = plural(
            "So {n:,} of the {pixels:,} input pixels stays unread.",
            "So {n:,} of the {pixels:,} input pixels stay unread.",
            n=settings.unread_pixels,
            pixels=settings.h * settings.w,
        )
        if _has_gaps(settings):
            return in_a_row(dropped, message("More lie between the cells that the windows read."), so)
        return in_a_row(dropped, so)
    if settings.rows.dropped or settings.cols.dropped:
        return in_a_row(dropped, message("That is padding only: every pixel of the input is read."))
    return in_a_row(dropped, message("Every pixel of the input is read."))


def _dropped_remark(rows: AxisWindows, cols: AxisWindows) -> Message:
    if rows.dropped == cols.dropped == 1:
        return message("The last row and column are never read.")
    if rows.dropped or cols.dropped:
        lost_rows = plural("The last row is never read.", "The last {n} rows are never read.", n=rows.dropped)
        lost_columns = plural("The last column is never read.", "The last {n} columns are never read.", n=cols.dropped)
        return in_a_row(lost_rows if rows.dropped else "", lost_columns if cols.dropped else "")
    if rows.end > rows.padded or cols.end > cols.padded:
        return message("No row and no column is dropped: the last window reaches beyond the padded input.")
    return message("No row and no column is dropped: the last window ends with the padded input.")


def window_map(settings: ShapeSettings, texts: Mapping[str, str]) -> dict[str, Any]:
    """Collect what the picture of the padded input draws: plain numbers, colours and words.

    Args:
        texts: the words of the picture, by name; `{row}` and the like are filled in by the picture.
    """
    rows, cols = settings.rows, settings.cols
    visits = rows.visits(), cols.visits()
    most = int(visits[0].max(initial=0) * visits[1].max(initial=0))
    return {
        "rows": _axis_data(rows, visits[0].tolist()),
        "cols": _axis_data(cols, visits[1].tolist()),
        "most": most,
        "remark": unread_remark(settings),
        "scale": [{"ground": ground, "text": text} for ground, text in visit_colours(most)],
        "texts": dict(texts),
    }


def visit_colours(most: int) -> list[tuple[str, str]]:
    """Give every count from 1 to `most` a ground colour and the text colour that reads on it.

    >>> visit_colours(1)
    [('#fde725', '#000000')]
    """
    grounds = [style.sequential(count / most) for count in range(1, most + 1)]
    return [(ground, style.text_on(ground)) for ground in grounds]


def _axis_data(axis: AxisWindows, visits: list[int]) -> dict[str, Any]:
    return {
        "size": axis.size,
        "before": axis.padding[0],
        "padded": axis.padded,
        "kernel": axis.kernel_size,
        "dilation": axis.dilation,
        "extent": axis.extent,
        "count": axis.count,
        "starts": list(axis.starts),
        "stride": axis.stride,
        "end": axis.end,
        "dropped": axis.dropped,
        "visits": visits,
    }


def _has_gaps(settings: ShapeSettings) -> bool:
    """Whether pixels between the windows are unread, too."""
    return any((axis.visits()[: axis.end] == 0).any() for axis in (settings.rows, settings.cols))


def _is_adjusted(axis: AxisWindows) -> bool:
    return axis.ceil and axis.count < -(-(axis.padded - axis.extent) // axis.stride) + 1


def _lecture_value(axis: AxisWindows) -> Fraction:
    return Fraction(axis.padded - axis.kernel_size, axis.stride) + 1


def _rounded(body: str, axis: AxisWindows) -> str:
    side = "ceil" if axis.ceil else "floor"
    return rf"\left\l{side} {body} \right\r{side}"


def _decimal(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
