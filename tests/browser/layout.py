"""What is wrong with how a page lies in its window: what runs off it, what is cut, what lies over the title."""

from playwright.sync_api import Page, expect

from tests.browser.axe import AT_REST

Size = tuple[int, int]

FOLDED = 1000
"""Pixels: in a narrower window the menu is folded."""

MEANT = (
    # Code and wide matrices are scrolled to within their own box.
    ("scrolls", "pre"),
    ("scrolls", ".scroller"),
    # A table of costs, and a network drawn to scale, on a phone.
    ("scrolls", "[data-testid=stMarkdownContainer]:has(table)"),
    ("scrolls", ".frame"),
    # The sum of a window has a test of its own.
    ("scrolls", ".terms, .sections"),
    # A card's title; the whole call stands in the code below.
    ("cut", ".title"),
)
"""A kind of fault, and the elements in which it is none."""

DRAWN = """() => {
  const parts = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]:not(.st-key-tools *)')];
  return parts.every(({ shadowRoot }) => shadowRoot?.querySelector('div')?.offsetHeight
    && [...shadowRoot.querySelectorAll('link')].every(({ sheet }) => sheet));
}"""
"""Whether all components have drawn something, and their style sheets are read."""

OPEN = """(link) => {
  History.prototype.pushState.call(history, null, '', link);
  dispatchEvent(new PopStateEvent('popstate'));
}"""
"""As Streamlit hears of the browser's Back: the page comes without all scripts being loaded again. It reads its link
when it is entered from another one.
"""

LAID_OUT = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Waits until what has an observer of its size has followed the window."""

FAULTS = """async ([animations, meant]) => {
  await eval(animations)();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const found = new Set();
  const main = document.querySelector('[data-testid=stMain]');
  const tell = (kind, element, ...numbers) => {
    if (meant.some(([rule, selector]) => rule === kind && element.matches(selector))) return;
    const name = element.dataset.testid ?? `${element.tagName.toLowerCase()}.${element.classList[0] ?? ''}`;
    const text = (typeof element.value === "string" ? element.value : element.innerText ?? '').trim().slice(0, 40);
    found.add(`${kind}: ${name} ${JSON.stringify(text)} ${numbers.map(Math.round).join(' > ')}`);
  };
  if (main.scrollWidth > main.clientWidth) tell('sideways', main, main.scrollWidth, main.clientWidth);

  const look = (element, within) => {
    const style = getComputedStyle(element);
    if (style.display === 'none') return;
    const box = element.getBoundingClientRect();
    const isContents = style.display === 'contents';
    // Read out, and not seen; or a folded menu.
    const isOut = style.clipPath !== 'none' || (box.width <= 1 && box.height <= 1) || box.right <= 0;
    if (!isContents && isOut) return;
    let inner = within;
    if (!isContents && style.visibility === 'visible' && box.width > 0) {
      const isWide = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
      const isText = (typeof element.value === "string" ? element.value : element.innerText ?? '').trim() !== '';
      const clips = (overflow) => overflow === 'hidden' || overflow === 'clip';
      if (isWide && clips(style.overflowX)) {
        if (isText) tell('cut', element, element.scrollWidth, element.clientWidth);
        inner = true;
      } else if (isWide && element !== main && /auto|scroll/.test(style.overflowX)) {
        tell('scrolls', element, element.scrollWidth, element.clientWidth);
        inner = true;
      } else if (isWide && element.matches('input:not([type=range])')) {
        tell('cut', element, element.scrollWidth, element.clientWidth);
      }
      const isHigh = element.clientHeight > 0 && element.scrollHeight > element.clientHeight + 2;
      if (isText && isHigh && clips(style.overflowY))
        tell('cut', element, element.scrollHeight, element.clientHeight);
      if (!within && box.right > innerWidth + 1) tell('beyond', element, box.right, innerWidth);
      if (element.tagName === 'SELECT' && style.appearance !== 'none') {
        const canvas = document.createElement('canvas').getContext('2d');
        canvas.font = style.font;
        const arrow = 16;
        const room = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
        const { width } = canvas.measureText(element.selectedOptions[0]?.text ?? '');
        if (width > room + 1) tell('cut', element, width, room);
      }
    }
    for (const child of [...(element.shadowRoot?.children ?? []), ...element.children]) look(child, inner);
  };
  look(document.querySelector('[data-testid=stApp]'), false);

  const title = document.querySelector('h1');
  const range = document.createRange();
  range.selectNodeContents(title);
  const { left, top, bottom } = range.getBoundingClientRect();
  const bar = document.querySelector('[data-testid=stHeader]');
  const isOpaque = !getComputedStyle(bar).backgroundColor.endsWith(', 0)');
  if (main.scrollTop === 0 && isOpaque && bar.getBoundingClientRect().bottom > top + 4) tell('over the title', bar);
  for (const y of [top + 4, (top + bottom) / 2]) {
    const above = document.elementFromPoint(left + 4, y);
    const isFree = title.contains(above) || above?.contains(title);
    if (main.scrollTop === 0 && !isFree) tell('over the title', above ?? main);
  }
  return [...found];
}"""


def resize(page: Page, size: Size) -> None:
    """Give the window another size, and wait until the menu is as it is there."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    is_folded = str(size[0] <= FOLDED).lower()
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", is_folded)


def faults(page: Page, view: str) -> list[str]:
    """What is wrong at the size that the window has."""
    size = page.viewport_size
    assert size
    return [
        f"{view}, {size['width']}x{size['height']}: {each}"
        for each in page.evaluate(FAULTS, [AT_REST, [list(each) for each in MEANT]])
    ]


def wait_until_drawn(page: Page, part: str) -> None:
    """Wait until the page stands, one of these parts and all components among it."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)
    page.locator(part).filter(visible=True).first.wait_for()
    page.wait_for_function(DRAWN)
