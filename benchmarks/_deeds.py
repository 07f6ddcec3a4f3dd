"""What people do on each page that answers at once: where they type, and what changes with it.

The Training page is left out: what is typed there sets up a run, whose first answer takes seconds
(`python -m benchmarks.training` measures those). So is Lessons, on which nothing is worked out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page


@dataclass(frozen=True)
class Deed:
    """Something that a person can do over and over, each time with an answer.

    Args:
        path: the page's address, with what makes every turn change the answer.
        field: what has the focus; a selector.
        answer: whose text changes, a CSS selector within its document or component.
        act: does it another time. The time counts from the last key of it that is one sign, or Enter.
    """

    path: str
    field: str
    answer: str
    act: Callable[[Page, Locator], None]


def _type_over(*texts: str, confirm: bool = False) -> Callable[[Page, Locator], None]:
    """Write two texts into a field by turns."""
    first, second = texts

    def act(page: Page, field: Locator) -> None:
        page.keyboard.press("Control+a")
        page.keyboard.type(second if field.input_value() == first else first)
        if confirm:
            page.keyboard.press("Enter")

    return act


def _press_space(page: Page, field: Locator) -> None:  # noqa: ARG001 (which has the focus)
    page.keyboard.press(" ")


# Every cell of this kernel counts, so that each digit typed changes the output.
CONVOLUTION = "/convolution?kernel=1,2,1;2,4,2;1,2,1"
FIRST_INPUT_CELL = '.matrix[data-stack="input"] input[data-row="0"][data-column="0"]'
FIRST_OUTPUT_CELL = ".matrix.output .cell .number"

_type_a_digit = _type_over("7", "3")

ECHO = Deed("", 'input[type="checkbox"]', ".stMarkdown:last-of-type p", _press_space)
"""On the page that does the least with it (`benchmarks._servers.ECHO`)."""

GRIDS = {
    "convolution": Deed(CONVOLUTION, FIRST_INPUT_CELL, FIRST_OUTPUT_CELL, _type_a_digit),
    "learn_a_kernel": Deed(
        "/learn_a_kernel?learn_target=1,2,1;2,4,2;1,2,1",
        FIRST_INPUT_CELL,
        '[aria-label^="Wanted output, row 1, column 1:"] .number',
        _type_a_digit,
    ),
    "channels": Deed(
        "/channels?ch_kernel=1|1|1||2|2|2&ch_stride=1&ch_padding=0", FIRST_INPUT_CELL, FIRST_OUTPUT_CELL, _type_a_digit
    ),
    "pooling": Deed("/pooling?pool_kind=avg", FIRST_INPUT_CELL, FIRST_OUTPUT_CELL, _type_a_digit),
    "transposed": Deed("/transposed?tr_way=gather", FIRST_INPUT_CELL, FIRST_OUTPUT_CELL, _type_a_digit),
}
"""A digit typed into the first input cell, until a cell that depends on it shows another number."""

DEEDS = GRIDS | {
    "why_convolution": Deed("/why_convolution?why=draw", ".grid.paint", ".facts dd", _press_space),
    "receptive_field": Deed(
        "/receptive_field",
        '[aria-label="Kernel of layer 1"]',
        ".layers tbody tr .field",
        _type_over("3", "5", confirm=True),
    ),
    "output_shape": Deed(
        "/output_shape",
        'input[aria-label="H = W: input size"]',
        '[data-testid="stMetricValue"]',
        _type_over("12", "14", confirm=True),
    ),
    "network": Deed(
        "/network",
        '[aria-label="out_features of row 12"]',  # the last one: no other layer stops to fit
        'tr[data-row="11"] .shape',
        _type_over("12", "10", confirm=True),
    ),
    "image_pipeline": Deed(
        "/image_pipeline?img_steps=open;resize:64;tensor&img_step=2",
        '[aria-label="size of step 2"]',
        ".film .card:nth-child(2) .shape",
        _type_over("48", "64", confirm=True),
    ),
}
"""The same, and on the other pages a key that a cell is drawn with, or Enter after a number."""
