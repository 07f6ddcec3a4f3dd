"""axe-core, which finds what keeps somebody from using a page: its rules are run in the page itself."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, expect

from tests.test_colours import THEME

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")
OURS_TOO = ("heading-order", "empty-table-header")
"""Rules that axe takes less seriously than we do."""
RULES = {"label-content-name-mismatch": {"enabled": True}}
"""Which axe leaves out unless it is asked."""

MEANT = ("label-content-name-mismatch", 'role="gridcell"')
"""A rule, and what it does not know: a cell is named by all digits of a number that is rounded for want of room."""
STREAMLITS = [
    # The label of what cannot be used just now, and so need not have contrast; only Streamlit knows that it is one.
    "label[disabled]",
]
"""Elements of Streamlit's own that cannot be mended from here."""


def violations(page: Page, within: str = "body") -> Iterator[str]:
    """What axe finds wrong in what stands on the page, in light and, as far as it is about colours, in dark.

    Args:
        within: the selector of the part to look at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    context = {"include": [within], "exclude": STREAMLITS}
    for scheme, options in (("dark", {"runOnly": ["color-contrast"]}), ("light", {"rules": RULES})):
        page.emulate_media(color_scheme=scheme)
        ground = tuple(bytes.fromhex(THEME[scheme]["backgroundColor"][1:]))
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb{ground}")
        at_rest(page)
        told = page.evaluate("(all) => axe.run(...all)", [context, options | {"resultTypes": ["violations"]}])
        for found in told["violations"]:
            if found["impact"] not in SERIOUS and found["id"] not in OURS_TOO:
                continue
            for node in found["nodes"]:
                if found["id"] != MEANT[0] or MEANT[1] not in node["html"]:
                    yield f"{scheme}, {found['id']}: {node['html'][:160]} {seen(node)}"


def at_rest(page: Page) -> None:
    """Wait until nothing fades any more."""
    page.evaluate(
        """() => Promise.allSettled(
          document.getAnimations().flatMap((each) =>
            each.effect.getComputedTiming().endTime < Infinity ? each.finished : []))"""
    )


def seen(node: dict[str, Any]) -> str:
    data = [check["data"] for check in node["any"] if isinstance(check["data"], dict)]
    return " ".join(
        f"{each['contrastRatio']}:1 {each['fgColor']} on {each['bgColor']}" for each in data if "fgColor" in each
    )
