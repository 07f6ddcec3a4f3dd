"""Columns of numbers as the browser takes them from a component's data."""

from base64 import b64decode
from typing import Any

import numpy as np


def unpacked(column: list[Any]) -> np.ndarray:
    """What `packed` and `packed_steps` of `cnnlab.ui.components.curves` wrote."""
    if column[0] == "every":
        _, stride, last = column
        return np.array([min(end, last) for end in range(stride, last + stride, stride)])
    kind, text = column
    return np.frombuffer(b64decode(text), f"<{kind}")
