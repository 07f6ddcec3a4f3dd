"""What a pooling's settings do to the numbers at hand, in sentences that say what they would be otherwise."""

from dataclasses import replace

import numpy as np

from cnnlab.lessons.pooling.settings import PoolSettings, ShiftExperiment, walk
from cnnlab.number_text import show_number
from cnnlab.shapes import AxisWindows


def effects(settings: PoolSettings) -> tuple[str, ...]:
    """Say what rounding and padding do here.

    Returns:
        A sentence for each of them that makes a difference, or that one might think does.

    Raises:
        ShapeError: the settings do not go together.

    >>> effects(PoolSettings(np.ones((5, 5)), ceil=True))[0]
    'With ceil the output is 3 × 3, without it 2 × 2: the windows in its last row and column reach beyond the input.'
    """
    settings.output()
    said = (_rounding(settings), _padding_of_a_mean(settings) if settings.kind == "avg" else _padding_of_max(settings))
    return tuple(filter(None, said))


def shares(experiment: ShiftExperiment) -> str:
    """Say how much of the input and how much of the output a shift leaves as it was.

    >>> shares(ShiftExperiment(*[np.zeros((2, 2))] * 3, np.ones((2, 2), bool), np.eye(2, dtype=bool)))
    'Without pooling 2 of 4 numbers stay (50 %), with pooling 4 of 4 (100 %).'
    """
    inputs, outputs = experiment.input_same, experiment.same
    return (
        f"Without pooling {int(inputs.sum())} of {inputs.size} numbers stay ({_percent(experiment.input_share)}),"
        f" with pooling {int(outputs.sum())} of {outputs.size} ({_percent(experiment.share)})."
    )


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):g} %"


def _rounding(settings: PoolSettings) -> str | None:
    up, down = (replace(settings, ceil=ceil).axes for ceil in (True, False))
    more = (up[0].count > down[0].count, up[1].count > down[1].count)
    if not any(more):
        either = f"Rounding up changes nothing here: the output is {_size(up)} either way."
        return either if settings.ceil else None
    lines = {(True, True): "row and column", (True, False): "row", (False, True): "column"}[more]
    beyond = "beyond the padded input" if settings.padding else "beyond the input"
    if not settings.ceil:
        return (
            f"Without ceil the output is {_size(down)}: {_dropped(down, settings)}. "
            f"With ceil it would be {_size(up)}, and the windows in its last {lines} would reach {beyond}."
        )
    reach = f"the windows in its last {lines} reach {beyond}"
    if not all(axis.count for axis in down):
        return f"With ceil the output is {_size(up)}; without it not even one window fits, since {reach}."
    return f"With ceil the output is {_size(up)}, without it {_size(down)}: {reach}."


def _dropped(axes: tuple[AxisWindows, AxisWindows], settings: PoolSettings) -> str:
    where = "padded input" if settings.padding else "input"
    rows, columns = (axis.dropped for axis in axes)
    if rows and columns:
        return f"the last {_count(rows, 'row')} and {_count(columns, 'column')} of the {where} are never read"
    verb = "is" if rows + columns == 1 else "are"
    lines = _count(rows, "row") if rows else _count(columns, "column")
    return f"the last {lines} of the {where} {verb} never read"


def _count(number: int, what: str) -> str:
    return what if number == 1 else f"{number} {what}s"


def _size(axes: tuple[AxisWindows, AxisWindows]) -> str:
    return f"{axes[0].count} × {axes[1].count}"


def _padding_of_max(settings: PoolSettings) -> str | None:
    return "The padding counts as −∞, so it is never the largest." if settings.padding else None


def _padding_of_a_mean(settings: PoolSettings) -> str | None:
    """Name the output cell for which it matters most whether the padding counts."""
    if not settings.padding:
        return None
    counted, not_counted = (walk(replace(settings, count_include_pad=counts)) for counts in (True, False))
    difference = np.abs(counted.totals - not_counted.totals).ravel()
    step = int(difference.argmax())
    if not difference[step]:
        return "Whether the padding counts changes nothing here: the sums of all windows that reach it are 0."
    row, column = (number + 1 for number in divmod(step, counted.totals.shape[1]))
    added = show_number(float(counted.sums[step]), 4)
    (with_it, with_mean), (without_it, without_mean) = (
        (int(steps.divisors[step]), show_number(float(steps.totals.flat[step]), 4)) for steps in (counted, not_counted)
    )
    if settings.count_include_pad:
        return (
            f"The padding counts: the sum of {added} for row {row}, column {column} is divided by {with_it}, which"
            f" gives {with_mean}. Were it left out, the sum would be divided by {without_it}, which gives"
            f" {without_mean}."
        )
    return (
        f"The padding does not count: the sum of {added} for row {row}, column {column} is divided by {without_it},"
        f" which gives {without_mean}. Were it counted, the sum would be divided by {with_it}, which gives {with_mean}."
    )
