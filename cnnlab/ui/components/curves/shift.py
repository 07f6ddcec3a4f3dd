"""What the experiment of Why convolution? gave: accuracy against the shift, and at every place, for two networks."""

from typing import Any

from cnnlab.figures.charts import Chart
from cnnlab.figures.style import VIRIDIS
from cnnlab.texts import Message, message, say_all, unfilled
from cnnlab.ui.components.curves import draw, plain

WORDS = {
    "curve": message("Right answers, by shift"),
    "places": message("Right answers, by place of the box"),
    "hint": message("Point at the curves to read how often each network is right."),
    "point": unfilled("{name}, shifted by {shift}: {percent}% right"),
    "readout": unfilled(
        "Upper left corner of the box in row {row}, column {column}: the MLP has {mlp}% right, the CNN {cnn}%."
    ),
    "scale": [message("0%: always wrong"), message("100%: always right")],
}


def shift_curves(chart: Chart, summary: Message, places: dict[str, Any], *, key: str) -> None:
    """Draw both networks as far as they are.

    Args:
        summary: the chart in a sentence, for who does not see it.
        places: networks (key, name, note, map), size, trained (rows and columns), told.
    """
    maps = places | {"colours": list(VIRIDIS)}
    told = {"kind": "shift", "words": WORDS, "chart": plain(chart), "summary": summary, "places": maps}
    draw(say_all(told), key=key)
