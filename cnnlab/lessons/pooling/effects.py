"""What a pooling's settings do to the numbers at hand, in sentences that say what they would be otherwise."""

from dataclasses import replace

import numpy as np

from cnnlab.lessons.pooling.settings import PoolSettings, ShiftExperiment, walk
from cnnlab.number_text import show_number
from cnnlab.shapes import AxisWindows
from cnnlab.texts import Message, in_a_row, message, plural, unfilled


def effects(settings: PoolSettings) -> tuple[Message, ...]:
    """Say what rounding and padding do here.

    Returns:
        One or a few sentences on each of them that makes a difference, or that one might think does.

    Raises:
        ShapeError: the settings do not go together.

    >>> effects(PoolSettings(np.ones((5, 5)), ceil=True))[0]
    'With ceil the output is 3 × 3, without it 2 × 2. The windows in its last row and column reach beyond the input.'
    """
    settings.output()
    said = (_rounding(settings), _padding_of_a_mean(settings) if settings.kind == "avg" else _padding_of_max(settings))
    return tuple(filter(None, said))


def shares(experiment: ShiftExperiment) -> Message:
    """Say how much of the input and how much of the output a shift leaves as it was.

    >>> shares(ShiftExperiment(*[np.zeros((2, 2))] * 3, np.ones((2, 2), bool), np.eye(2, dtype=bool)))
    'Without pooling 2 of 4 numbers stay the same (50 %), with pooling 4 of 4 (100 %).'
    """
    inputs, outputs = experiment.input_same, experiment.same
    return plural(
        "Without pooling {n} of {inputs} numbers stays the same ({share}), with pooling {kept} of {outputs}"
        " ({kept_share}).",
        "Without pooling {n} of {inputs} numbers stay the same ({share}), with pooling {kept} of {outputs}"
        " ({kept_share}).",
        n=int(inputs.sum()),
        inputs=inputs.size,
        share=_percent(experiment.input_share),
        kept=int(outputs.sum()),
        outputs=outputs.size,
        kept_share=_percent(experiment.share),
    )


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):g} %"


def _rounding(settings: PoolSettings) -> Message | None:
    up, down = (replace(settings, ceil=ceil).axes for ceil in (True, False))
    rows, columns = (up[0].count > down[0].count, up[1].count > down[1].count)
    if not (rows or columns):
        either = message("Rounding up makes no difference here: the output is {size} either way.", size=_size(up))
        return either if settings.ceil else None
    area = message("the padded input") if settings.padding else message("the input")
    if not settings.ceil:
        return in_a_row(
            message("Without ceil the output is {size}.", size=_size(down)),
            _never_read(down, area),
            _would_reach(rows, columns, up, area),
        )
    if not all(axis.count for axis in down):
        with_ceil = message("With ceil the output is {size}, without it not even one window fits.", size=_size(up))
    else:
        with_ceil = message(
            "With ceil the output is {size}, without it {smaller}.", size=_size(up), smaller=_size(down)
        )
    return in_a_row(with_ceil, _reach(rows, columns, area))


def _reach(rows: bool, columns: bool, area: Message) -> Message:
    if rows and columns:
        return message("The windows in its last row and column reach beyond {area}.", area=area)
    if rows:
        return message("The windows in its last row reach beyond {area}.", area=area)
    return message("The windows in its last column reach beyond {area}.", area=area)


def _would_reach(rows: bool, columns: bool, up: tuple[AxisWindows, AxisWindows], area: Message) -> Message:
    if rows and columns:
        told = unfilled(
            "With ceil it would be {size}, and the windows in its last row and column would reach beyond {area}."
        )
    elif rows:
        told = unfilled("With ceil it would be {size}, and the windows in its last row would reach beyond {area}.")
    else:
        told = unfilled("With ceil it would be {size}, and the windows in its last column would reach beyond {area}.")
    return told.with_values(size=_size(up), area=area)


def _never_read(axes: tuple[AxisWindows, AxisWindows], area: Message) -> Message:
    rows, columns = (axis.dropped for axis in axes)
    if rows == columns == 1:
        return message("The last row and column of {area} are never read.", area=area)
    lost_rows = plural(
        "The last row of {area} is never read.", "The last {n} rows of {area} are never read.", n=rows, area=area
    )
    lost_columns = plural(
        "The last column of {area} is never read.",
        "The last {n} columns of {area} are never read.",
        n=columns,
        area=area,
    )
    return in_a_row(lost_rows if rows else "", lost_columns if columns else "")


def _size(axes: tuple[AxisWindows, AxisWindows]) -> str:
    return f"{axes[0].count} × {axes[1].count}"


def _padding_of_max(settings: PoolSettings) -> Message | None:
    return message("The padding counts as −∞, so it is never the largest.") if settings.padding else None


def _padding_of_a_mean(settings: PoolSettings) -> Message | None:
    """Name the output cell for which it matters most whether the padding counts."""
    if not settings.padding:
        return None
    counted, not_counted = (walk(replace(settings, count_include_pad=counts)) for counts in (True, False))
    difference = np.abs(counted.totals - not_counted.totals).ravel()
    step = int(difference.argmax())
    if not difference[step]:
        return message(
            "Whether the padding counts makes no difference here: the sum of every window that reaches it is 0."
        )
    row, column = (number + 1 for number in divmod(step, counted.totals.shape[1]))
    shown, other = (counted, not_counted) if settings.count_include_pad else (not_counted, counted)
    numbers = {
        "row": row,
        "column": column,
        "sum": show_number(float(counted.sums[step]), 4),
        "divisor": int(shown.divisors[step]),
        "average": show_number(float(shown.totals.flat[step]), 4),
        "other_divisor": int(other.divisors[step]),
        "other_average": show_number(float(other.totals.flat[step]), 4),
    }
    if settings.count_include_pad:
        return message(
            "The padding counts: in row {row}, column {column} the sum of {sum} is divided by {divisor}, which gives"
            " {average}. If it did not count, the sum would be divided by {other_divisor}, which gives"
            " {other_average}.",
            **numbers,
        )
    return message(
        "The padding does not count: in row {row}, column {column} the sum of {sum} is divided by {divisor}, which"
        " gives {average}. If it counted, the sum would be divided by {other_divisor}, which gives {other_average}.",
        **numbers,
    )
