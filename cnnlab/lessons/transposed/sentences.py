"""What a transposed convolution's settings do to the sizes, the overlaps and the direct form at hand, in sentences."""

from collections.abc import Sequence

import numpy as np

from cnnlab.errors import CnnlabError
from cnnlab.lessons.transposed.settings import TransposedSettings, TransposedWalk
from cnnlab.shapes import output_size
from cnnlab.texts import Message, in_a_row, message, plural

_MOST_COUNTS = 12
"""More counts than that are not read: the sentence leaves the rest out."""


def size_sentence(settings: TransposedSettings) -> Message | None:
    """Say what output padding decides: the sizes that a convolution with these settings brings to the input's.

    Returns:
        None where there is nothing to decide.

    >>> size_sentence(TransposedSettings(np.ones((3, 3)), np.ones((3, 3)), padding=1))
    'A convolution with these settings turns both 5 × 5 and 6 × 6 into 3 × 3. Output padding 0 brings 5 × 5 back.'
    """
    if settings.stride == 1 or settings.output_padding >= settings.stride:
        return None
    outputs = [
        (size - 1) * settings.stride - 2 * settings.padding + settings.dilation * (cells - 1) + 1
        for size, cells in zip(settings.input.shape, settings.kernel.shape, strict=True)
    ]
    if min(outputs) < 1:
        return None
    last = [size + settings.stride - 1 for size in outputs]
    try:
        for size, cells, wanted in zip(last, settings.kernel.shape, settings.input.shape, strict=True):
            if output_size(size, cells, settings.stride, settings.padding, settings.dilation) != wanted:
                return None
    except CnnlabError:
        # The kernel does not fit into what is to come back: no convolution makes the input of it.
        return None
    back = [size + settings.output_padding for size in outputs]
    values = {
        "input": _by(settings.input.shape),
        "first": _by(outputs),
        "last": _by(last),
        "output_padding": settings.output_padding,
        "output": _by(back),
    }
    if settings.stride > 2:
        return message(
            "A convolution with these settings turns all sizes from {first} to {last} into {input}. Output padding"
            " {output_padding} brings {output} back.",
            **values,
        )
    return message(
        "A convolution with these settings turns both {first} and {last} into {input}. Output padding {output_padding}"
        " brings {output} back.",
        **values,
    )


def stamps_along(settings: TransposedSettings, axis: int) -> list[int]:
    """Count the stamps that cover each place along an axis of the output: 0 for its rows, 1 for its columns.

    A cell's count is that of its row times that of its column.

    >>> stamps_along(TransposedSettings(np.ones((3, 3)), np.ones((3, 3))), 0)
    [1, 1, 2, 1, 2, 1, 1]
    """
    size, cells = settings.input.shape[axis], settings.kernel.shape[axis]
    length = (size - 1) * settings.stride + settings.dilation * (cells - 1) + 1 + settings.output_padding
    places = (
        np.arange(size, dtype=np.int64)[:, None] * settings.stride
        + np.arange(cells, dtype=np.int64) * settings.dilation
    )
    counts: list[int] = np.bincount(places.ravel(), minlength=length).tolist()
    return counts[settings.padding : length - settings.padding]


def pattern_along(settings: TransposedSettings, axis: int) -> list[int]:
    """Count the stamps that cover `stride` neighbouring places far from the rim, where the same comes again and again.

    A place i is covered by the kernel's cells a with a*D = i modulo S (Odena and others 2016, for D = 1).

    >>> pattern_along(TransposedSettings(np.ones((3, 3)), np.ones((3, 3))), 0)
    [2, 1]
    """
    cells = np.arange(settings.kernel.shape[axis], dtype=np.int64) * settings.dilation % settings.stride
    pattern: list[int] = np.bincount(cells, minlength=settings.stride).tolist()
    return pattern


def overlap_sentences(settings: TransposedSettings, steps: TransposedWalk) -> tuple[Message, ...]:
    """Say how many stamps meet in the cells of the output, and why that is even or not.

    Args:
        settings: what was walked.
        steps: `walk(settings)`.

    >>> from cnnlab.lessons.transposed.settings import walk
    >>> settings = TransposedSettings(np.ones((3, 3)), np.ones((3, 3)))
    >>> for sentence in overlap_sentences(settings, walk(settings)): print(sentence)
    Rows and columns alike get 1, 1, 2, 1, 2, 1, 1 stamps.
    Multiply a cell's row count by its column count to get its number of stamps.
    The kernel size 3 is not a multiple of the stride 2, so 2, 1 repeats away from the rim: a checkerboard.
    """
    kept = steps.overlaps[~steps.is_cut]
    rows, columns = (stamps_along(settings, axis) for axis in (0, 1))
    sentences: list[Message] = []
    if steps.is_even:
        sentences.append(
            plural(
                "Every cell of the output gets {n} stamp: there is no pattern to see.",
                "Every cell of the output gets {n} stamps: there is no pattern to see.",
                n=int(kept[0]),
            )
        )
    else:
        if rows == columns:
            sentences.append(message("Rows and columns alike get {counts} stamps.", counts=_listed(rows)))
        else:
            sentences.append(
                message(
                    "The rows get {rows} stamps from top to bottom, the columns {columns} from left to right.",
                    rows=_listed(rows),
                    columns=_listed(columns),
                )
            )
        sentences.append(message("Multiply a cell's row count by its column count to get its number of stamps."))
    if settings.kernel.shape[0] == settings.kernel.shape[1]:
        sentences.append(_reason(settings, 0))
    else:
        sentences.append(message("Rows: {reason}", reason=_reason(settings, 0)))
        sentences.append(message("Columns: {reason}", reason=_reason(settings, 1)))
    return tuple(sentences)


def _reason(settings: TransposedSettings, axis: int) -> Message:
    """Say why the counts along an axis are even, or repeat."""
    cells, stride = settings.kernel.shape[axis], settings.stride
    pattern = pattern_along(settings, axis)
    if stride == 1:
        return plural(
            "With stride 1 each place away from the rim gets {n} stamp: no checkerboard.",
            "With stride 1 each place away from the rim gets {n} stamps: no checkerboard.",
            n=cells,
        )
    is_even = len(set(pattern)) == 1
    values = {"kernel": cells, "stride": stride, "dilation": settings.dilation}
    if settings.dilation > 1 and is_even:
        return plural(
            "With kernel size {kernel}, stride {stride} and dilation {dilation} each place away from the rim gets {n}"
            " stamp: no checkerboard.",
            "With kernel size {kernel}, stride {stride} and dilation {dilation} each place away from the rim gets {n}"
            " stamps: no checkerboard.",
            n=pattern[0],
            **values,
        )
    if settings.dilation > 1:
        return message(
            "With kernel size {kernel}, stride {stride} and dilation {dilation} the counts repeat {counts} away from"
            " the rim: a checkerboard.",
            counts=_listed(pattern),
            **values,
        )
    if is_even:
        return plural(
            "The kernel size {kernel} is a multiple of the stride {stride}, so each place away from the rim gets {n}"
            " stamp: no checkerboard.",
            "The kernel size {kernel} is a multiple of the stride {stride}, so each place away from the rim gets {n}"
            " stamps: no checkerboard.",
            n=pattern[0],
            **values,
        )
    return message(
        "The kernel size {kernel} is not a multiple of the stride {stride}, so {counts} repeats away from the rim: a"
        " checkerboard.",
        counts=_listed(pattern),
        **values,
    )


def direct_sentences(settings: TransposedSettings) -> tuple[Message, ...]:
    """Say which convolution does the same, with these numbers, and what is the same about it.

    >>> for sentence in direct_sentences(TransposedSettings(np.ones((2, 2)), np.ones((3, 3)))): print(sentence)
    Stride 2 puts 1 zero between neighbouring input cells. Around the input 2 zeros are added on every side.
    The kernel is turned by 180°, and its window moves by 1.
    In each cell the same products add up as with the stamps: the zeros add nothing.
    """
    if settings.stride == 1:
        between = message("Stride 1 puts nothing between the input cells.")
    else:
        between = plural(
            "Stride {stride} puts {n} zero between neighbouring input cells.",
            "Stride {stride} puts {n} zeros between neighbouring input cells.",
            n=settings.stride - 1,
            stride=settings.stride,
        )
    rows, columns = (settings.dilation * (cells - 1) - settings.padding for cells in settings.kernel.shape)
    around = [_all_around(rows)] if rows == columns else [_above_and_below(rows), _left_and_right(columns)]
    if settings.output_padding:
        around.append(
            plural(
                "Output padding adds {n} more zero at the end of rows and columns.",
                "Output padding adds {n} more zeros at the end of rows and columns.",
                n=settings.output_padding,
            )
        )
    turned = message("The kernel is turned by 180°, and its window moves by 1.")
    if settings.dilation > 1:
        turned = message(
            "The kernel is turned by 180° and keeps its dilation of {dilation}, and its window moves by 1.",
            dilation=settings.dilation,
        )
    return (
        in_a_row(between, *around),
        turned,
        message("In each cell the same products add up as with the stamps: the zeros add nothing."),
    )


def _all_around(zeros: int) -> Message:
    if zeros == 0:
        return message("Around the input no zeros are added.")
    if zeros < 0:
        return plural(
            "On every side {n} line of cells is cut off.", "On every side {n} lines of cells are cut off.", n=-zeros
        )
    return plural(
        "Around the input {n} zero is added on every side.",
        "Around the input {n} zeros are added on every side.",
        n=zeros,
    )


def _above_and_below(zeros: int) -> Message:
    if zeros == 0:
        return message("Above and below no zeros are added.")
    if zeros < 0:
        return plural("Above and below {n} row is cut off.", "Above and below {n} rows are cut off.", n=-zeros)
    return plural("Above and below {n} zero is added.", "Above and below {n} zeros are added.", n=zeros)


def _left_and_right(zeros: int) -> Message:
    if zeros == 0:
        return message("On the left and right no zeros are added.")
    if zeros < 0:
        return plural(
            "On the left and right {n} column is cut off.", "On the left and right {n} columns are cut off.", n=-zeros
        )
    return plural("On the left and right {n} zero is added.", "On the left and right {n} zeros are added.", n=zeros)


def _by(sizes: Sequence[int]) -> str:
    return " × ".join(map(str, sizes))


def _listed(counts: Sequence[int]) -> str:
    return ", ".join(map(str, counts[:_MOST_COUNTS])) + (", …" if len(counts) > _MOST_COUNTS else "")
