"""The windows of one output pixel as numbers, and what becomes of them: a sum of products, a maximum or a mean."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.number_text import show_number
from cnnlab.ops import ConvStep, PoolStep
from cnnlab.texts import Message, message, plural, say, say_all
from cnnlab.ui.components.declared import declared

WORDS = {
    "window": message("Window"),
    "kernel": message("Kernel"),
    "products": message("Products"),
    "padding": message("padding"),
}

_mount = declared("window_sum", html='<div class="sums"><div class="mount"></div></div>')


def window_sum(parts: dict[str, ConvStep], colour: str, *, key: str) -> None:
    """Write out the sums of one pixel.

    Args:
        parts: what each channel is called -> its step, one kernel for all.
        colour: the pixel as it is drawn, as CSS says it.
    """
    _mount(
        key=key,
        data={
            "parts": [_part(name, step, 0, _whole_sum(step)) for name, step in parts.items()],
            "colour": colour,
            "together": "",
            "words": say_all(WORDS),
        },
    )


def window_pool(parts: dict[str, PoolStep], colour: str, *, key: str) -> None:
    """Write out the windows of one pixel of a pooling.

    Args:
        parts: what each channel is called -> its step.
        colour: the pixel as it is drawn, as CSS says it.
    """
    written = [_pool_part(name, step) for name, step in parts.items()]
    _mount(key=key, data={"parts": written, "colour": colour, "words": say_all(WORDS)})


def _pool_part(name: str, step: PoolStep) -> dict[str, Any]:
    # The padding of a maximum counts as minus infinity, and what lies beyond it is nothing at all.
    padding = "−∞" if step.kind == "max" else "0"
    texts = [[show_number(number, digits=4) for number in row] for row in step.window.tolist()]
    outside = np.where(step.is_beyond, "", np.where(step.is_padding, padding, texts))
    return {
        "name": say_all(name),
        "window": [[{"text": text} for text in row] for row in outside.tolist()],
        "padding": (step.is_padding | step.is_beyond).tolist(),
        "won": [list(cell) for cell in step.winners],
        "sentence": say(_pooled(step)),
    }


def _pooled(step: PoolStep) -> Message:
    total = show_number(step.total)
    if step.kind == "avg":
        return message("{sum} ÷ {divisor} = {total}", sum=show_number(step.sum or 0), divisor=step.divisor, total=total)
    if len(step.winners) <= 1:
        return message("The largest is {total}.", total=total)
    return plural(
        "The largest is {total}, held by {n} pixel.",
        "The largest is {total}, held by {n} pixels.",
        n=len(step.winners),
        total=total,
    )


def channel_sum(names: Sequence[str], step: ConvStep, colour: str, *, key: str) -> None:
    """Write out the one sum of a pixel that all channels add up to.

    Args:
        names: what the channels are called.
        step: with as many channels.
        colour: as in `window_sum`.
    """
    sums = [show_number(part) for part in step.partial_sums.tolist()]
    together = say(
        "The channels and the bias: {sum} = {total}, which is the output.",
        sum=" + ".join(map(_bracketed, [*sums, show_number(step.bias)])),
        total=show_number(step.total),
    )
    _mount(
        key=key,
        data={
            "parts": [_part(name, step, channel, _sum_of(step, channel)) for channel, name in enumerate(names)],
            "colour": colour,
            "together": together,
            "words": say_all(WORDS),
        },
    )


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("\N{MINUS SIGN}") else number


def _sum_of(step: ConvStep, channel: int) -> Message:
    return message("The products add up to {sum}.", sum=show_number(step.partial_sums[channel].item()))


def _whole_sum(step: ConvStep) -> Message:
    if not step.bias:
        return message("The products add up to {total}, which is the output.", total=show_number(step.total))
    return message(
        "The products add up to {sum}; with the bias of {bias} the output is {total}.",
        sum=show_number(step.partial_sums[0].item()),
        bias=show_number(step.bias),
        total=show_number(step.total),
    )


def _part(name: str, step: ConvStep, channel: int, sentence: Message) -> dict[str, Any]:
    return {
        "name": say_all(name),
        "window": _cells(step.window[channel]),
        "padding": step.is_padding[channel].tolist(),
        "kernel": _cells(step.kernel[channel]),
        "products": _cells(step.products[channel]),
        "sentence": say(sentence),
    }


def _cells(numbers: NDArray[Any]) -> list[list[dict[str, Any]]]:
    largest = float(np.abs(numbers).max()) or 1.0
    return [
        [{"text": show_number(number, digits=4), "share": number / largest} for number in row]
        for row in numbers.tolist()
    ]
