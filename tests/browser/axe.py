"""axe-core, which finds what keeps somebody from using a page: its rules are run in the page itself."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_for_app
from tests.test_colours import THEME

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")
OURS_TOO = ("heading-order", "empty-table-header")
"""Rules that axe takes less seriously than we do."""
RULES = {"label-content-name-mismatch": {"enabled": True}}
"""Which axe leaves out unless it is asked."""

MEANT = (
    # A cell is named by all digits of a number that is rounded for want of room.
    ("label-content-name-mismatch", 'role="gridcell"'),
    # Code of Streamlit's that is wider than its place: browsers themselves let Tab stop at what scrolls.
    ("scrollable-region-focusable", "<pre "),
)
"""A rule, and a part of the elements that it does not fit."""
STREAMLITS = [
    # The label of what cannot be used just now, and so need not have contrast; only Streamlit knows that it is one.
    "label[disabled]",
]
"""Elements of Streamlit's own that cannot be mended from here."""

SEEN_BEFORE = {"fromShadowDom": ["[data-testid=stBidiComponentIsolated]", ".lab.compact"]}
"""Grids that stand above another view: they are looked at in their own, and axe takes its time for each cell."""

AT_REST = """() => Promise.allSettled(
  document.getAnimations().flatMap((each) => (each.effect.getComputedTiming().endTime < Infinity ? each.finished : [])))
"""
"""Waits until nothing fades any more."""

MARK_ALIKE = """() => {
  const mark = (element, seen, ground) => {
    const style = getComputedStyle(element);
    const written = [...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : ''));
    const text = (element.matches('input, select') ? element.value : written.join('')).trim();
    const painted = [style.backgroundColor, style.backgroundImage, style.opacity, element.matches(':disabled')];
    const beneath = `${ground} ${element.getAttribute('class')} ${painted}`;
    // Of a single sign axe says nothing.
    const look = [beneath, style.color, style.fontSize, style.fontWeight, style.textShadow, text.length === 1].join();
    element.toggleAttribute('data-alike', seen.has(look));
    if (text && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) seen.add(look);
    for (const child of element.children) mark(child, seen, beneath);
  };
  for (const part of document.querySelectorAll('[data-testid=stBidiComponentIsolated], pre')) {
    const seen = new Set();
    for (const child of (part.shadowRoot ?? part).children) mark(child, seen, '');
  }
  axe.configure({ rules: [{ id: 'color-contrast', selector: ':not([data-alike])' }] });
}"""
"""Marks what looks like something before it in the same component or code, in colours, size and what it stands on: a
hundred cells of one colour have one contrast, and axe takes most of its time to find out what is behind each.
"""


def violations(page: Page, within: str = "body") -> list[str]:
    """What axe finds wrong in what stands on the page, in light and, as far as it is about colours, in dark.

    Args:
        within: the selector of the part to look at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    everything = []
    for scheme, options in (("dark", {"runOnly": ["color-contrast"]}), ("light", {"rules": RULES})):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
        # What begins to fade while axe looks, as a page is run anew, is no fault: what is found is looked at again.
        found = found_in(page, within, options) and found_in(page, within, options)
        everything += [f"{scheme}, {each}" for each in found]
    return everything


def ground(scheme: str) -> str:
    """What a page is painted on, in light or in dark, as the browser says it."""
    return f"rgb{tuple(bytes.fromhex(THEME[scheme]['backgroundColor'][1:]))}"


def found_in(page: Page, within: str, options: dict[str, Any]) -> list[str]:
    """What axe finds wrong with these options, once nothing moves any more."""
    wait_for_app(page)
    page.evaluate(AT_REST)
    page.evaluate(MARK_ALIKE)
    context = {"include": [within], "exclude": [*STREAMLITS, SEEN_BEFORE]}
    told = page.evaluate("(all) => axe.run(...all)", [context, options | {"resultTypes": ["violations"]}])
    return [
        f"{each['id']}: {node['html'][:160]} {contrasts(node)}"
        for each in told["violations"]
        if each["impact"] in SERIOUS or each["id"] in OURS_TOO
        for node in each["nodes"]
        if not any(each["id"] == rule and part in node["html"] for rule, part in MEANT)
    ]


def contrasts(node: dict[str, Any]) -> str:
    data = [check["data"] for check in node["any"] if isinstance(check["data"], dict)]
    return " ".join(
        f"{each['contrastRatio']}:1 {each['fgColor']} on {each['bgColor']}" for each in data if "fgColor" in each
    )
