"""The windows of one output pixel as numbers, and what becomes of them: a sum of products, a maximum or a mean."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from streamlit.components.v2 import component

from cnnlab.number_text import show_number
from cnnlab.ops import ConvStep, PoolStep

WORDS = {
    "window": "Window",
    "kernel": "Kernel",
    "products": "Products",
    "padding": "padding",
    "max": "The largest is {total}.",
    "tie": "The largest is {total}, held by {count} pixels.",
    "avg": "{sum} ÷ {divisor} = {total}",
    "sum": "The products add up to {total}, which is the output.",
    "part": "The products add up to {sum}.",
    "channels": "The channels and the bias: {sums} + {bias} = {total}, which is the output.",
    "sum_with_bias": "The products add up to {sum}; with the bias of {bias} the output is {total}.",
}

_FOLDER = Path(__file__).parent


def _file(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


_mount = component(
    "cnnlab_window_sum",
    html='<div class="sums"><div class="mount"></div></div>',
    css=_file("window_sum.css"),
    js=_file("window_sum.js"),
)


def window_sum(parts: dict[str, ConvStep], colour: str, *, key: str) -> None:
    """Write out the sums of one pixel.

    Args:
        parts: what each channel is called -> its step, one kernel for all.
        colour: the pixel as it is drawn, as CSS says it.
    """
    _mount(
        key=key,
        data={
            "parts": [_part(name, step, 0, "sum_with_bias" if step.bias else "sum") for name, step in parts.items()],
            "colour": colour,
            "together": "",
            "words": WORDS,
        },
    )


def window_pool(parts: dict[str, PoolStep], colour: str, *, key: str) -> None:
    """Write out the windows of one pixel of a pooling.

    Args:
        parts: what each channel is called -> its step.
        colour: the pixel as it is drawn, as CSS says it.
    """
    data = {"parts": [_pool_part(name, step) for name, step in parts.items()], "colour": colour, "words": WORDS}
    _mount(key=key, data=data)


def _pool_part(name: str, step: PoolStep) -> dict[str, Any]:
    # The padding of a maximum counts as minus infinity, and what lies beyond it is nothing at all.
    padding = "−∞" if step.kind == "max" else "0"
    texts = [[show_number(number, digits=4) for number in row] for row in step.window.tolist()]
    outside = np.where(step.is_beyond, "", np.where(step.is_padding, padding, texts))
    words = {"total": show_number(step.total), "count": len(step.winners)}
    if step.kind == "avg":
        words |= {"sum": show_number(step.sum or 0), "divisor": step.divisor}
    return {
        "name": name,
        "window": [[{"text": text} for text in row] for row in outside.tolist()],
        "padding": (step.is_padding | step.is_beyond).tolist(),
        "won": [list(cell) for cell in step.winners],
        "sentence": WORDS["tie" if len(step.winners) > 1 else step.kind].format(**words),
    }


def channel_sum(names: Sequence[str], step: ConvStep, colour: str, *, key: str) -> None:
    """Write out the one sum of a pixel that all channels add up to.

    Args:
        names: what the channels are called.
        step: with as many channels.
        colour: as in `window_sum`.
    """
    sums = [show_number(part) for part in step.partial_sums.tolist()]
    together = WORDS["channels"].format(
        sums=" + ".join(map(_bracketed, sums)), bias=_bracketed(show_number(step.bias)), total=show_number(step.total)
    )
    _mount(
        key=key,
        data={
            "parts": [_part(name, step, channel, "part") for channel, name in enumerate(names)],
            "colour": colour,
            "together": together,
            "words": WORDS,
        },
    )


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("\N{MINUS SIGN}") else number


def _part(name: str, step: ConvStep, channel: int, sentence: str) -> dict[str, Any]:
    words = {
        "sum": show_number(step.partial_sums[channel].item()),
        "bias": show_number(step.bias),
        "total": show_number(step.total),
    }
    return {
        "name": name,
        "window": _cells(step.window[channel]),
        "padding": step.is_padding[channel].tolist(),
        "kernel": _cells(step.kernel[channel]),
        "products": _cells(step.products[channel]),
        "sentence": WORDS[sentence].format(**words),
    }


def _cells(numbers: NDArray[Any]) -> list[list[dict[str, Any]]]:
    largest = float(np.abs(numbers).max()) or 1.0
    return [
        [{"text": show_number(number, digits=4), "share": number / largest} for number in row]
        for row in numbers.tolist()
    ]
