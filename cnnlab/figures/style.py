"""Colours and layout that all figures share.

Signed numbers run from blue over a neutral to orange, a pair that the common kinds of colour blindness tell apart;
counts and magnitudes run along viridis, whose lightness rises evenly.
"""

# plotly leaves its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ACCENT = "#6366f1"
"""The lab's indigo, in a shade that reads on light and on dark ground."""

NEGATIVE, NEUTRAL, POSITIVE = "#2b6cb0", "#f2f2f2", "#d9730d"

DIVERGING = ((0.0, NEGATIVE), (0.5, NEUTRAL), (1.0, POSITIVE))

SEQUENTIAL = "Viridis"

CATEGORICAL = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7a7f91")
"""Okabe and Ito's palette (2008), its yellow darkened so that a line of it is seen on white."""


def layout(figure: "Figure", height: int = 360) -> "Figure":
    """Give a figure the lab's margins and a transparent ground, so that Streamlit's theme shows through.

    Returns the same figure.
    """
    figure.update_layout(
        height=height,
        margin={"l": 48, "r": 16, "t": 32, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        colorway=list(CATEGORICAL),
        legend={"orientation": "h", "y": 1.08, "x": 0},
        hoverlabel={"namelength": -1},
    )
    return figure
