"""A few photographs that are part of the package, free for any use: what a kernel makes of a real picture.

They lie in `photos/`, which `scripts/make_photographs.py` made; SOURCES.md there tells where from, and under which
licence. Each is decoded when it is first asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from cnnlab.errors import DataError, reason
from cnnlab.texts import in_a_row, message

FOLDER = Path(__file__).with_name("photos")


@dataclass(frozen=True)
class Source:
    """Whose a photograph is.

    Args:
        by: who took it, or gave it away.
        licence: as they name it.
    """

    by: str
    licence: str


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "chelsea": Source("Stefan van der Walt", "CC0"),
        "coffee": Source("Rachel Michetti", "CC0"),
        "astronaut": Source("NASA", "public domain"),
        "rocket": Source("SpaceX", "public domain"),
    }
)
"""By name, in the order in which they are offered."""


def path_of(name: str) -> Path:
    """Where a photograph lies."""
    return FOLDER / f"{name}.webp"


@cache
def photograph(name: str) -> NDArray[np.uint8]:
    """One of the photographs: uint8 (3, H, W), read-only, its sides from 256 to 512 pixels.

    Raises:
        DataError: its file is missing or damaged.

    >>> photograph("coffee").shape
    (3, 300, 450)
    """
    from PIL import Image  # here, so that `import cnnlab` does not pay for it

    try:
        with Image.open(path_of(name), formats=("WEBP",)) as image:
            pixels = np.ascontiguousarray(np.asarray(image.convert("RGB")).transpose(2, 0, 1))
    except (OSError, ValueError) as error:
        raise DataError(
            in_a_row(
                message(
                    "The embedded photograph {file} is missing or damaged ({reason}).",
                    file=path_of(name).name,
                    reason=reason(error),
                ),
                message("Install cnnlab again, or restore its folder {folder}.", folder=FOLDER),
            )
        ) from None
    pixels.flags.writeable = False
    return pixels
