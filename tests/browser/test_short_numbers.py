"""How the grids write a number for which a cell is too small."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import module

pytestmark = pytest.mark.browser

FORMAT = Path(__file__).parents[2] / "cnnlab" / "ui" / "components" / "lib" / "numbers.js"


@pytest.mark.parametrize(
    ("number", "room", "text"),
    [
        (48_000, 4, "48k"),
        (12_345, 4, "12k"),
        (12_345.5, 6, "12.35k"),
        (120.25, 5, "120.3"),
        (-30.125, 5, "−30.1"),
        (-0.125, 5, "−.125"),
        (999.9999, 5, "1000"),
        (999.9999, 3, "1k"),
        (999_999.9999, 8, "1.00M"),
        (999_999.9999, 5, "1.00M"),
        (999_999.9999, 4, "1.0M"),
        (999_600, 4, "1M"),
        (-999_999_999.5, 5, "−1.0G"),
        (2_500_000_000, 4, "2.5G"),
        (999_999_999_999, 5, "1e12"),
        (-1e15, 5, "−1e15"),
        (1.25e15, 7, "1.25e15"),
        (-0.0004, 3, "≈0"),
        (0.125, 4, ".125"),
    ],
)
def test_a_number_is_rounded_before_its_unit_is_chosen(page: Page, number: float, room: int, text: str) -> None:
    found = page.evaluate(
        f"async () => (await import({json.dumps(module(FORMAT))})).shortNumber({json.dumps(number)}, {room})"
    )
    assert found == text
