"""Colours and layout that all figures share: what each colour means stands in `MEANINGS`, once for the whole lab.

Signed numbers run from blue over a neutral to orange, a pair that the common kinds of colour blindness tell apart;
counts and magnitudes run along viridis, whose lightness rises evenly.
"""

# plotly leaves its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ACCENT = "#6366f1"
"""The lab's indigo, in a shade that reads on light and on dark ground."""


@dataclass(frozen=True)
class Colour:
    """What a meaning is drawn in on the light ground, and on the dark one where that is another shade."""

    light: str
    dark: str


MEANINGS: Mapping[str, Colour] = MappingProxyType(
    {
        "positive": Colour("#e8850c", "#e8850c"),
        "negative": Colour("#2f7fd6", "#2f7fd6"),
        # A window, a unit and what it sees, a cell or row that is chosen: the accent.
        "selected": Colour("#4338ca", "#6063f0"),
        # What is trained or read as first: a run's training, the CNN.
        "first series": Colour("#00798c", "#4cc3d6"),
        # What it is held against: validation, the MLP.
        "second series": Colour("#7a7a00", "#d3c94e"),
        # Right, won, the same as before.
        "good": Colour("#12955c", "#12955c"),
        # Refused, wrong, never read.
        "wrong": Colour("#d92f4c", "#d92f4c"),
        "lost": Colour("#d6336c", "#d6336c"),
        # The channels of a picture, each with its letter.
        "red": Colour("#c2185b", "#c2185b"),
        "green": Colour("#4f9a2e", "#4f9a2e"),
        "blue": Colour("#2f6fd6", "#2f6fd6"),
    }
)
"""The one table of them. Style sheets and the theme, which cannot import it, are held against it by the tests."""

NEGATIVE, NEUTRAL, POSITIVE = MEANINGS["negative"].light, "#f2f2f2", MEANINGS["positive"].light

VIRIDIS = ("#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725")
"""Six even steps of the scale by S. van der Walt and N. Smith (2015); its lightness rises evenly."""

SEQUENTIAL = tuple((step / (len(VIRIDIS) - 1), colour) for step, colour in enumerate(VIRIDIS))
"""The same as plotly takes it: pairs of a position from 0 to 1 and its colour."""

_SERIES = (MEANINGS["first series"], MEANINGS["second series"])

CATEGORICAL = (*(series.light for series in _SERIES), "#4d4d19", "#8c38a8", "#77420d", "#ae133a", "#3f4250")
"""The light theme's colours for charts and for kinds of layers: those of two series, which read in both themes, and
others that differ from them without red or green. None is a sign's."""

CATEGORICAL_ON_DARK = (*(series.dark for series in _SERIES), "#cdc0ac", "#c884f5", "#f2d788", "#ab7373", "#6f7385")
"""The same of the dark theme."""


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, from 0 to 255.

    >>> channels("#00798c")
    (0, 121, 140)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def sequential(position: float) -> str:
    """Read viridis at a position from 0 to 1, as plotly does with `SEQUENTIAL`.

    >>> sequential(0), sequential(0.1), sequential(1)  # 0.1 lies halfway from the first step to the second
    ('#440154', '#42226e', '#fde725')
    """
    scaled = position * (len(VIRIDIS) - 1)
    index = min(int(scaled), len(VIRIDIS) - 2)
    low, high = channels(VIRIDIS[index]), channels(VIRIDIS[index + 1])
    mixed = (round(a + (b - a) * (scaled - index)) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def text_on(ground: str) -> str:
    """Black or white, whichever reads better on a colour.

    >>> text_on("#440154"), text_on("#fde725")
    ('#ffffff', '#000000')
    """
    # Where black and white have the same contrast, (L + 0.05) / 0.05 = 1.05 / (L + 0.05), L is 0.179.
    return "#000000" if _luminance(ground) > 0.179 else "#ffffff"


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [
        channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def layout(figure: "Figure", height: int = 360) -> "Figure":
    """Give a figure the lab's margins and a transparent ground, so that Streamlit's theme shows through.

    Lines without a colour of their own take the theme's, which fit its ground, dark or light.

    Returns the same figure.
    """
    figure.update_layout(
        height=height,
        margin={"l": 48, "r": 16, "t": 32, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.08, "x": 0},
        hoverlabel={"namelength": -1},
    )
    return figure
