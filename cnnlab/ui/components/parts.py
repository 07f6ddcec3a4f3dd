"""What a component is sent: only the parts that its browser does not hold already, and its numbers as bytes.

A component's data falls into parts by name. Each has a mark, which is another one where the part is. The browser says
with every message which marks it holds, of the parts that it has last drawn; those go to it as their marks, the others
as they are. Only the browser knows what it holds: an answer may be lost, and a session may go on in a new window. A
component that tells nothing is sent everything (`whole`).

On the wire stand, one after the other: the length of the JSON (four bytes, the lowest first), the JSON, and the numbers
of all arrays. `lib/parts.js` is the other end.
"""

import base64
import hashlib
import json
import re
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALL = 40
"""Characters of JSON up to which a part is sent as it is: its mark would not be much shorter."""

FEW = 12
"""Numbers up to which an array is sent as JSON, and texts up to which a list is sent as it is."""

DECIMALS = 10
"""More than any cell or tooltip shows. What lies beyond is the noise of floats, which the wire need not carry."""

MOST_HELD = 300
"""More marks than any component's data has parts."""

_HALF = re.compile("[\ud800-\udfff]")

_WIDTHS = (1, 2, 3, 4)
"""Bytes of a whole number."""


@dataclass(frozen=True, eq=False)
class Column:
    """Numbers in one line that keep all their bits: what is drawn, and measured by what is drawn.

    Args:
        numbers: floats of four or eight bytes, NaN where there is a gap; or whole numbers from 0 on, below 2^32.
    """

    numbers: NDArray[Any]


def parts(data: Mapping[str, Any], held: Collection[str] = ()) -> bytes:
    """Write the data without what the browser holds.

    Args:
        data: by name, what JSON can say, and arrays of numbers: NaN is null there.
        held: the marks that the browser says it holds.

    Returns:
        The bytes. Their JSON has "plain", the small parts by name; "new", by name the mark, where the part's numbers
        begin among all numbers, and the part; and "held", by name the mark alone. An array is there as its place among
        its part's numbers: {"$packed": [start, decimals, *shape]}, where every row has the bytes a number before it;
        or, for floats, {"$packed": [start, -bytes a number, *shape]}. A column is {"$column": [start, kind of a number,
        how many]}, or {"$every": [first, stride, last]} where its numbers are equally far apart, but for the last one.
        Lines that begin and end alike are there as {"$lines": [begin, end, what is between in each]}. Nothing else that
        is sent has a name with such a sign.
    """
    plain: dict[str, Any] = {}
    new: dict[str, Any] = {}
    marks: dict[str, str] = {}
    numbers = bytearray()
    for name, part in data.items():
        own = bytearray()
        packed = _packed(part, own)
        text = _json(packed)
        if not own and len(text) <= SMALL:
            plain[name] = packed
            continue
        mark = _mark(text.encode() + own)
        if mark in held:
            marks[name] = mark
            continue
        new[name] = [mark, len(numbers), packed]
        numbers += own
    return _as_bytes({"plain": plain, "new": new, "held": marks}, numbers)


def whole(data: Mapping[str, Any]) -> bytes:
    """Write all of the data, as `parts` does what is small: for a component that does not say what it holds."""
    numbers = bytearray()
    return _as_bytes({"plain": _packed(data, numbers), "new": {}, "held": {}}, numbers)


def _as_bytes(sent: Mapping[str, Any], numbers: bytearray) -> bytes:
    said = _json(sent).encode()
    return struct.pack("<I", len(said)) + said + bytes(numbers)


def held(told: object) -> frozenset[str]:
    """Read the marks that a browser says it holds; anything but a list of texts is none."""
    if not isinstance(told, list) or len(told) > MOST_HELD:
        return frozenset()
    return frozenset(mark for mark in told if isinstance(mark, str))


def _json(value: Any) -> str:
    """Compact JSON. Half of a pair of UTF-16, which a browser may send, is no UTF-8: there all is escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return json.dumps(value, allow_nan=False, separators=(",", ":")) if _HALF.search(text) else text


def _packed(part: Any, numbers: bytearray) -> Any:
    """A part with its arrays' numbers put behind the others, and their places in its stead."""
    if isinstance(part, np.ndarray):
        return _placed(part, numbers)
    if isinstance(part, Column):
        return _column(part.numbers, numbers)
    if isinstance(part, Mapping):
        return {name: _packed(each, numbers) for name, each in part.items()}
    if isinstance(part, list | tuple):
        if len(part) > FEW and all(isinstance(each, str) for each in part):
            return _lines(part)
        return [_packed(each, numbers) for each in part]
    return part


def _lines(texts: Sequence[str]) -> Any:
    begin = _alike(texts)
    rests = [text[begin:] for text in texts]
    end = _alike([rest[::-1] for rest in rests])
    between = [rest[: len(rest) - end] for rest in rests]
    return {"$lines": [texts[0][:begin], texts[0][len(texts[0]) - end :], between]}


def _alike(texts: Sequence[str]) -> int:
    """With how many characters all of them begin alike: the first and the last by the alphabet differ soonest."""
    first, last = min(texts), max(texts)
    return next(
        (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first)
    )


def _placed(array: NDArray[Any], numbers: bytearray) -> Any:
    if array.size <= FEW and array.dtype != np.float32:
        return _plain(array)
    start = len(numbers)
    return {"$packed": [start, _written(array, numbers), *array.shape]}


def _column(column: NDArray[Any], numbers: bytearray) -> Any:
    is_whole = column.dtype.kind in "iu"
    if is_whole and (ends := _equally_far(column.astype(np.int64))):
        return {"$every": ends}
    kind = "u4" if is_whole else f"f{column.dtype.itemsize}"
    start = len(numbers)
    numbers += column.astype(f"<{kind}").tobytes()
    return {"$column": [start, kind, column.size]}


def _equally_far(column: NDArray[np.int64]) -> list[int] | None:
    """The first of growing numbers, how far it is to the next, and the last, which may follow sooner."""
    if column.size < 2:
        return None
    first, stride, last = int(column[0]), int(column[1] - column[0]), int(column[-1])
    ends = np.minimum(first + stride * np.arange(column.size), last)
    return [first, stride, last] if (np.diff(column) > 0).all() and (ends == column).all() else None


def _plain(array: NDArray[Any]) -> Any:
    if array.dtype.kind in "iu":
        return array.tolist()
    rounded = (_rounded(array) + 0.0).astype(object)
    rounded[np.isnan(array)] = None
    return rounded.tolist()


def _written(array: NDArray[Any], numbers: bytearray) -> int:
    """Write decimals as whole numbers of their last place: 2.15 and -0.9 as 215 and -90 hundredths, a byte or two each.

    Floats of four bytes go as they are, and are read as the numbers of seven digits next to them.

    Returns:
        How many decimals; for floats, how many bytes each has, below zero.
    """
    if array.dtype == np.float32:
        numbers += array.astype("<f4").tobytes()
        return -4
    values = array.astype(np.float64)
    nothing = np.isnan(values)
    filled = _rounded(np.where(nothing, 0.0, values))
    for decimals in range(DECIMALS + 1):
        with np.errstate(over="ignore"):
            whole = np.rint(filled * 10.0**decimals)
        if decimals < DECIMALS and not np.array_equal(whole / 10.0**decimals, filled):
            continue
        if _width(whole) is None:
            break
        # What changes with the steps often comes to rest: each step's row has the bytes that it needs.
        for row, gaps in zip(_rows(whole), _rows(nothing), strict=True):
            width = _width(row) or 1
            # The lowest number of all stands for nothing.
            told = np.where(gaps, -(2 ** (8 * width - 1)), row).astype("<i8")
            numbers.append(width)
            numbers += told.view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
        return decimals
    numbers += _rounded(values).astype("<f8").tobytes()
    return -8


def _rows(array: NDArray[Any]) -> NDArray[Any]:
    """The rows of the first axis, each in one line; numbers in one line are one row."""
    return array.reshape(1 if array.ndim == 1 else len(array), -1)


def _width(whole: NDArray[np.float64]) -> int | None:
    """How many bytes each of the numbers needs; None where they are too long."""
    most = float(np.abs(whole).max())
    return next((width for width in _WIDTHS if most < 2 ** (8 * width - 1)), None)


def _rounded(values: NDArray[Any]) -> NDArray[Any]:
    """Round to `DECIMALS`; a number that has no digits there any more is left alone, for rounding would change it."""
    rounded = np.array(values, dtype=np.float64)
    small = np.abs(rounded) < 2**53 / 10.0**DECIMALS
    rounded[small] = np.round(rounded[small], DECIMALS)
    return rounded


def _mark(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.blake2b(content, digest_size=6).digest()).decode()
