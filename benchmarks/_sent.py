"""Reads what the lab sends its components, as a browser does (`cnnlab.ui.components.parts` writes it)."""

import json
import struct
from typing import Any

import numpy as np


def open_parts(sent: bytes, kept: dict[str, Any]) -> dict[str, Any]:
    """Put the parts together, by name, the boards of grids under "boards".

    Args:
        sent: the bytes.
        kept: the parts that came before, by their marks; the new ones are added.

    Raises:
        KeyError: a part is said to be held that is not kept.
    """
    said, numbers = _read(sent)
    for mark, start, part in said["new"].values():
        kept[mark] = _unpacked(part, numbers[start:])
    marks = said["held"] | {name: mark for name, (mark, _, _) in said["new"].items()}
    parts = _unpacked(said["plain"], numbers) | {name: kept[mark] for name, mark in marks.items()}
    if "boards" not in parts:
        return parts
    return parts | {"boards": {name: parts.pop(f"board {name}") for name in parts["boards"]}}


def marks_of(sent: bytes) -> list[str]:
    """The marks of all parts, which a browser then says it holds."""
    said, _ = _read(sent)
    return [*said["held"].values(), *(mark for mark, _, _ in said["new"].values())]


def _read(sent: bytes) -> tuple[dict[str, Any], bytes]:
    """What is said, and the numbers behind it."""
    (length,) = struct.unpack_from("<I", sent)
    return json.loads(sent[4 : 4 + length]), sent[4 + length :]


def _unpacked(part: Any, numbers: bytes) -> Any:
    if isinstance(part, list):
        return [_unpacked(each, numbers) for each in part]
    if not isinstance(part, dict):
        return part
    if "$column" in part:
        start, kind, count = part["$column"]
        return np.frombuffer(numbers, f"<{kind}", count, start)
    if "$every" in part:
        first, stride, last = part["$every"]
        return np.minimum(np.arange(first, last + stride, stride), last)
    if "$lines" in part:
        begin, end, between = part["$lines"]
        return [begin + each + end for each in between]
    if "$packed" not in part:
        return {name: _unpacked(each, numbers) for name, each in part.items()}
    start, decimals, *shape = part["$packed"]
    found: list[float | None] = []
    if decimals < 0:
        floats = np.frombuffer(numbers, f"<f{-decimals}", int(np.prod(shape)), start).tolist()
        found = [None if np.isnan(each) else float(f"{each:.7g}") if decimals == -4 else each for each in floats]
    else:
        rows = 1 if len(shape) == 1 else shape[0]
        for _ in range(rows):
            width, begin = numbers[start], start + 1
            start = begin + width * int(np.prod(shape)) // rows
            nothing = -(2 ** (8 * width - 1))
            for at in range(begin, start, width):
                whole = int.from_bytes(numbers[at : at + width], "little", signed=True)
                found.append(None if whole == nothing else whole / 10**decimals if decimals else whole)
    return np.array(found, dtype=object).reshape(shape).tolist()
