"""The output-shape page's pictures: formulas with the learner's own numbers, and the padded input with its windows."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

from cnnlab.figures import style
from cnnlab.figures.maps import Area, Axis, Entry, Link, Map, Plane, Reach
from cnnlab.lessons.output_shape.settings import ShapeSettings
from cnnlab.shapes import AxisWindows
from cnnlab.texts import NOTHING, Message, in_a_row, message, plural, unfilled

LETTERS = {
    "height": ("H", "P", "D", r"\mathit{FH}", "S", r"\mathit{OH}"),
    "width": ("W", "P", "D", r"\mathit{FW}", "S", r"\mathit{OW}"),
}
"""The lecture's names of size, padding, dilation, kernel, stride and the output's size along an axis."""


def size_formula(rows: AxisWindows, cols: AxisWindows) -> str:
    """Write PyTorch's formula of the output's size in LaTeX: in the height's letters, and with both axes' numbers.

    >>> print(size_formula(AxisWindows(7, 3, stride=3), AxisWindows(7, 3)).splitlines()[3].partition(" + 1 = ")[2])
    \\left\\lfloor 4 \\right\\rfloor + 1 = \\mathbf{5}
    """
    size, padding, dilation, kernel, stride, output = LETTERS["height"]
    letters = _fraction(f"{size} + 2{padding} - {dilation}({kernel} - 1) - 1", stride)
    return "\n".join(
        (
            r"\begin{aligned}",
            rf"{output} &= {_rounded(letters, rows)} + 1 \\[4pt]",
            rf"&= {_size_in_numbers(rows)} \\[4pt]",
            rf"{LETTERS['width'][-1]} &= {_size_in_numbers(cols)}",
            r"\end{aligned}",
        )
    )


def _size_in_numbers(axis: AxisWindows) -> str:
    numbers = _fraction(
        rf"{axis.size} + 2\cdot {axis.padding[0]} - {axis.dilation}\cdot ({axis.kernel_size} - 1) - 1", axis.stride
    )
    quotient = _decimal(Fraction(axis.padded - axis.extent, axis.stride))
    # With ceil a window that would start behind the input is left out again.
    adjustment = " - 1" if _is_adjusted(axis) else ""
    return rf"{_rounded(numbers, axis)} + 1 = {_rounded(quotient, axis)} + 1{adjustment} = \mathbf{{{axis.count}}}"


def lecture_formula(rows: AxisWindows, cols: AxisWindows) -> str:
    """Write the lecture's formula of both axes, which knows neither floor nor dilation, in LaTeX with their numbers.

    >>> print(lecture_formula(AxisWindows(7, 3, stride=3), AxisWindows(7, 3)).splitlines()[4])
    &\\approx (\\mathbf{2.33},\\ \\mathbf{5})
    """
    axes = {"height": rows, "width": cols}
    letters = [
        _fraction(f"{size} + 2{padding} - {kernel}", stride) + " + 1"
        for size, padding, _, kernel, stride, _ in map(LETTERS.__getitem__, axes)
    ]
    numbers = [
        _fraction(rf"{axis.size} + 2\cdot {axis.padding[0]} - {axis.kernel_size}", axis.stride) + " + 1"
        for axis in axes.values()
    ]
    values = [_lecture_value(axis) for axis in axes.values()]
    relation = "=" if all(value * 100 == int(value * 100) for value in values) else r"\approx"
    results = [rf"\mathbf{{{_decimal(value)}}}" for value in values]
    return "\n".join(
        (
            r"\begin{aligned}",
            rf"&({', '.join(LETTERS[name][-1] for name in axes)}) \\[2pt]",
            rf"&= {_pair(letters)} \\[4pt]",
            rf"&= {_pair(numbers)} \\[4pt]",
            rf"&{relation} ({', '.join(results)})".replace(", ", r",\ "),
            r"\end{aligned}",
        )
    )


def _fraction(above: str, below: str | int) -> str:
    """A fraction without the room that TeX leaves around signs: both formulas stand beside each other."""
    for sign in (r"\cdot", "+", "-"):
        above = above.replace(f" {sign} ", f"{{{sign}}}").replace(f"{sign} ", f"{{{sign}}}")
    return rf"\frac{{{above}}}{{{below}}}"


def _pair(parts: Sequence[str]) -> str:
    return rf"\left( {parts[0]},\ {parts[1]} \right)"


def lecture_remarks(rows: AxisWindows, cols: AxisWindows) -> Message:
    """Say of both axes whether the lecture's formula gives the same."""
    height, width = lecture_remark(rows), lecture_remark(cols)
    if height == width:
        return height
    return in_a_row(message("Height: {remark}", remark=height), message("Width: {remark}", remark=width))


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
    if _reaches_beyond(rows, cols):
        return message("No row and no column is dropped: the last window reaches beyond the padded input.")
    return message("No row and no column is dropped: the last window ends with the padded input.")


_WORDS: dict[str, Message] = {
    "first": message("First window"),
    "back": message("One window back"),
    "play": message("Play"),
    "pause": message("Pause"),
    "forward": message("One window on"),
    "last": message("Last window"),
}
_TOLD = {
    "told_window": unfilled(
        "Window {number} of {total} spans rows {top} to {bottom} and columns {left} to {right} of the input; it gives "
        "the output in row {row}, column {col}."
    ),
    "told_pixel": unfilled(
        "The pixel in row {row}, column {col} is read by {count} windows, which give the marked outputs."
    ),
    "told_pixel_once": unfilled(
        "The pixel in row {row}, column {col} is read by one window, which gives the marked output."
    ),
}
_RIM = message("(The input's first row and column are 1; smaller numbers lie in the padding.)")


def window_map(settings: ShapeSettings, *, visits: bool = False, hidden: bool = False) -> Map:
    """Describe the padded input and the output, and which window reads which pixels.

    Args:
        visits: colour every pixel by the number of windows that read it.
        hidden: without what would give the output's size away.
    """
    rows = _reach(settings.rows)
    cols = None if settings.is_square else _reach(settings.cols)
    shown = "hidden" if hidden else "visits" if visits else "windows"
    if hidden:
        words = _WORDS | {"told_window": message("Where can the window stand? Count, or use the formula.")}
    else:
        words = _WORDS | _TOLD | {f"{name}_rim": in_a_row(text, _RIM) for name, text in _TOLD.items()}
        words["told_pixel_beyond"] = message("No pixel is here: with ceil the window reaches beyond the padded input.")
    return Map(
        (_input(settings, shown), _output(settings, hidden)),
        "beside",
        words,
        links=(Link(1, 0, rows, cols),),
        legend=_legend(settings, shown),
        has_player=True,
        is_fixed=hidden,
    )


_Shown = Literal["windows", "visits", "hidden"]


def _input(settings: ShapeSettings, shown: _Shown) -> Plane:
    return Plane(
        _input_axis(settings.rows, shown),
        _input_axis(settings.cols, shown),
        title=message("Padded input"),
        name=message(
            "Padded input with the places of the window. The arrow keys move the window, Home and End jump, Space "
            "plays."
        ),
        use="look" if shown == "hidden" else "point",
        keys=True,
        told="pixel",
        unit="pixel",
        cells="traced" if shown == "visits" else "kernel",
        outline="frame" if shown == "visits" else "window",
        areas=tuple(_areas(settings.rows, settings.cols, shown)),
        scale=tuple(visit_colours(_most(settings))) if shown == "visits" else (),
        rulers=True,
        centres=1 if shown == "windows" else None,
    )


def _output(settings: ShapeSettings, hidden: bool) -> Plane:
    rows, cols = _output_axis(settings.rows), _output_axis(settings.cols)
    title = message("Output, one channel")
    if hidden:
        return Plane(rows, cols, title=title, told="window", unknown=True)
    return Plane(
        rows,
        cols,
        title=title,
        name=title,
        use="choose",
        told="window",
        unit="unit",
        cells="feeds",
        rulers=True,
        note=unread_remark(settings),
    )


def _input_axis(axis: AxisWindows, shown: _Shown) -> Axis:
    before, after = axis.padding
    beyond = 0 if shown == "hidden" else max(0, axis.end - axis.padded)
    return Axis(axis.size, axis.padding, (before, after + beyond))


def _output_axis(axis: AxisWindows) -> Axis:
    return Axis(axis.count, centre=(axis.extent - 1) / 2 - axis.padding[0], jump=axis.stride)


def _reach(axis: AxisWindows) -> Reach:
    cells = tuple((cell * axis.dilation, 1) for cell in range(axis.kernel_size))
    return Reach(tuple(start - axis.padding[0] for start in axis.starts), ((axis.extent, cells),))


def _areas(rows: AxisWindows, cols: AxisWindows, shown: _Shown) -> Iterator[Area]:
    """What the floor drops, and what ceil adds."""
    top, left = -rows.padding[0], -cols.padding[0]
    if shown == "windows":
        if rows.dropped:
            yield Area("dropped", top + rows.end, left, rows.dropped, cols.padded)
        if cols.dropped:
            yield Area("dropped", top, left + cols.end, min(rows.end, rows.padded), cols.dropped)
    if shown != "hidden" and _reaches_beyond(rows, cols):
        yield Area("beyond", top, left, max(rows.end, rows.padded), max(cols.end, cols.padded))


def _legend(settings: ShapeSettings, shown: _Shown) -> tuple[Entry, ...]:
    if shown == "visits":
        most = _most(settings)
        return (
            Entry("unread", message("never read")),
            Entry("scale", message("read once"), message("{most} times", most=most) if most > 1 else NOTHING),
            Entry("border", message("edge of the input")),
        )
    rows, cols = settings.rows, settings.cols
    entries = [Entry("kernel", message("window"))]
    if rows.padding[0] or cols.padding[0]:
        entries.append(Entry("padding", message("padding")))
    if shown == "windows":
        entries.append(Entry("centres", message("centres of all windows")))
        if rows.dropped or cols.dropped:
            entries.append(Entry("dropped", message("dropped: never read")))
        if _reaches_beyond(rows, cols):
            entries.append(Entry("beyond", message("beyond the padded input")))
    return tuple(entries)


def _most(settings: ShapeSettings) -> int:
    """How many windows read the pixel that is read most often."""
    return int(settings.rows.visits().max(initial=0) * settings.cols.visits().max(initial=0))


def _reaches_beyond(rows: AxisWindows, cols: AxisWindows) -> bool:
    return rows.end > rows.padded or cols.end > cols.padded


def visit_colours(most: int) -> list[tuple[str, str]]:
    """Give every count from 1 to `most` a ground colour and the text colour that reads on it.

    >>> visit_colours(1)
    [('#fde725', '#000000')]
    """
    grounds = [style.sequential(count / most) for count in range(1, most + 1)]
    return [(ground, style.text_on(ground)) for ground in grounds]


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
