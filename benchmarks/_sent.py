"""Reads what the lab sends its grids, as a browser does (`cnnlab.ui.components.parts` writes it)."""

import json
import struct
from typing import Any

import numpy as np


def open_parts(sent: bytes, kept: dict[str, Any]) -> dict[str, Any]:
    """Put the parts together, by name, the boards under "boards".

    Args:
        sent: the bytes.
        kept: the parts that came before, by their marks; the new ones are added.

    Raises:
        KeyError: a part is said to be held that is not kept.
    """
    (length,) = struct.unpack_from("<I", sent)
    said = json.loads(sent[4 : 4 + length])
    for mark, start, part in said["new"].values():
        kept[mark] = _unpacked(part, sent[4 + length + start :])
    marks = said["held"] | {name: mark for name, (mark, _, _) in said["new"].items()}
    parts = said["plain"] | {name: kept[mark] for name, mark in marks.items()}
    return parts | {"boards": {name: parts.pop(f"board {name}") for name in parts["boards"]}}


def marks_of(sent: bytes) -> list[str]:
    """The marks of all parts, which a browser then says it holds."""
    (length,) = struct.unpack_from("<I", sent)
    said = json.loads(sent[4 : 4 + length])
    return [*said["held"].values(), *(mark for mark, _, _ in said["new"].values())]


def _unpacked(part: Any, numbers: bytes) -> Any:
    if isinstance(part, list):
        return [_unpacked(each, numbers) for each in part]
    if not isinstance(part, dict):
        return part
    if "lines" in part:
        begin, end, between = part["lines"]
        return [begin + each + end for each in between]
    if "packed" not in part:
        return {name: _unpacked(each, numbers) for name, each in part.items()}
    start, decimals, *shape = part["packed"]
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
