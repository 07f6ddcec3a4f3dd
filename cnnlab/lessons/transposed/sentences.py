"""What a transposed convolution's settings do to the sizes, the overlaps and the direct form at hand, in sentences."""

from collections.abc import Sequence

import numpy as np

from cnnlab.errors import CnnlabError
from cnnlab.lessons.transposed.settings import TransposedSettings, TransposedWalk
from cnnlab.shapes import output_size

_MOST_COUNTS = 12
"""More counts than that are not read: the sentence leaves the rest out."""


def size_sentence(settings: TransposedSettings) -> str | None:
    """Say what output padding decides: the sizes that a convolution with these settings brings to the input's.

    Returns:
        None where there is nothing to decide.

    >>> size_sentence(TransposedSettings(np.ones((3, 3)), np.ones((3, 3)), padding=1))
    'A convolution with these settings makes 3 × 3 of 5 × 5 and of 6 × 6. Output padding 0 brings 5 × 5 back.'
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
    sizes = f"of {_by(outputs)} and of {_by(last)}"
    if settings.stride > 2:
        sizes = f"of all sizes from {_by(outputs)} to {_by(last)}"
    return (
        f"A convolution with these settings makes {_by(settings.input.shape)} {sizes}."
        f" Output padding {settings.output_padding} brings {_by(back)} back."
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


def overlap_sentences(settings: TransposedSettings, steps: TransposedWalk) -> tuple[str, ...]:
    """Say how many stamps meet in the cells of the output, and why that is even or not.

    Args:
        settings: what was walked.
        steps: `walk(settings)`.

    >>> from cnnlab.lessons.transposed.settings import walk
    >>> settings = TransposedSettings(np.ones((3, 3)), np.ones((3, 3)))
    >>> for sentence in overlap_sentences(settings, walk(settings)): print(sentence)
    Along rows and columns alike the cells get 1, 1, 2, 1, 2, 1, 1 stamps.
    Each cell's count is its row's times its column's.
    3 is not a multiple of the stride 2, so 2, 1 repeats away from the rim: a checkerboard.
    """
    kept = steps.overlaps[~steps.is_cut]
    along = [stamps_along(settings, axis) for axis in (0, 1)]
    if steps.is_even:
        sentences = [f"Every cell of the output gets {int(kept[0])} {_stamps(int(kept[0]))}: no pattern can show."]
    else:
        counted = (
            f"From top to bottom the cells get {_listed(along[0])} stamps, from left to right {_listed(along[1])}."
        )
        if along[0] == along[1]:
            counted = f"Along rows and columns alike the cells get {_listed(along[0])} stamps."
        sentences = [counted, "Each cell's count is its row's times its column's."]
    if settings.kernel.shape[0] == settings.kernel.shape[1]:
        sentences.append(_reason(settings, 0, ""))
    else:
        sentences += [_reason(settings, axis, name) for axis, name in ((0, "Rows: "), (1, "Columns: "))]
    return tuple(sentences)


def _reason(settings: TransposedSettings, axis: int, lead: str) -> str:
    cells, stride = settings.kernel.shape[axis], settings.stride
    pattern = pattern_along(settings, axis)
    if stride == 1:
        return f"{lead}With stride 1 each place away from the rim gets {cells} {_stamps(cells)}: no checkerboard."
    is_even = len(set(pattern)) == 1
    if settings.dilation > 1:
        said = "each place gets" if is_even else "the counts repeat"
        listed = str(pattern[0]) if is_even else _listed(pattern)
        ends = "no checkerboard" if is_even else "a checkerboard"
        return (
            f"{lead}With stride {stride}, dilation {settings.dilation} and {cells} cells of the kernel {said} {listed}"
            f" away from the rim: {ends}."
        )
    if is_even:
        return (
            f"{lead}{cells} is a multiple of the stride {stride}, so each place away from the rim gets"
            f" {pattern[0]} {_stamps(pattern[0])}: no checkerboard."
        )
    return (
        f"{lead}{cells} is not a multiple of the stride {stride}, so {_listed(pattern)} repeats away from the rim:"
        " a checkerboard."
    )


def direct_sentences(settings: TransposedSettings) -> tuple[str, ...]:
    """Say which convolution does the same, with these numbers, and what is the same about it.

    >>> for sentence in direct_sentences(TransposedSettings(np.ones((2, 2)), np.ones((3, 3)))): print(sentence)
    Stride 2 becomes 1 zero between neighbouring input cells, and 2 zeros lie around them.
    The kernel is turned by 180°, and its window moves by 1.
    In each cell the same products add up as in the stamps: the zeros add nothing.
    """
    between = settings.stride - 1
    rims = [settings.dilation * (cells - 1) - settings.padding for cells in settings.kernel.shape]
    if rims[0] == rims[1]:
        around = _around(rims[0], "")
    else:
        around = f"{_around(rims[0], ' above and below')}, {_around(rims[1], ' on the left and right')}"
    spread = (
        f"Stride {settings.stride} becomes {between} {_zeros(between)} between neighbouring input cells, and {around}."
        if between
        else f"Stride 1 puts nothing between the input cells; {around}."
    )
    extra = settings.output_padding
    if extra:
        spread += f" Output padding adds {extra} more {_zeros(extra)} at the end of rows and columns."
    dilated = f" and keeps its dilation of {settings.dilation}" if settings.dilation > 1 else ""
    return (
        spread,
        f"The kernel is turned by 180°{dilated}, and its window moves by 1.",
        "In each cell the same products add up as in the stamps: the zeros add nothing.",
    )


def _around(rim: int, where: str) -> str:
    if rim < 0:
        lines = "line is" if rim == -1 else "lines are"
        return f"{-rim} {lines} cut off at the rim{where}"
    lie = "lies" if rim == 1 else "lie"
    return f"{rim or 'no'} {_zeros(rim)} {lie} around them{where}"


def _zeros(count: int) -> str:
    return "zero" if count == 1 else "zeros"


def _stamps(count: int) -> str:
    return "stamp" if count == 1 else "stamps"


def _by(sizes: Sequence[int]) -> str:
    return " × ".join(map(str, sizes))


def _listed(counts: Sequence[int]) -> str:
    return ", ".join(map(str, counts[:_MOST_COUNTS])) + (", …" if len(counts) > _MOST_COUNTS else "")
