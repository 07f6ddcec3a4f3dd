// Present mode, in which what is looked at fills the screen: whether it is on, and when that changes. The page's frame
// begins and ends it.

/** Pixels above and below what is presented, together: as in present.css of the frame. */
export const EDGES = 20;

/**
 * Have the page end so many pixels above the window's foot: the bar of a lesson lies there. It stands on the page itself,
 * since each component has its own copy of this module.
 *
 * @param {number} pixels
 */
export function leaveFoot(pixels) {
  const root = document.documentElement;
  if (Number(root.dataset.foot ?? 0) === pixels) return;
  root.dataset.foot = String(pixels);
  root.style.setProperty("--lab-foot", `${pixels}px`);
  root.toggleAttribute("data-lesson", pixels > 0);
  window.dispatchEvent(new Event("resize"));
}

/** Pixels of the window that the page has. */
export function windowHeight() {
  return window.innerHeight - Number(document.documentElement.dataset.foot ?? 0);
}

export function isPresented() {
  return document.documentElement.hasAttribute("data-present");
}

/**
 * How much larger an element is drawn than it is laid out. Boxes and pointers are measured as drawn, `clientWidth` and
 * what is drawn inside as laid out.
 *
 * @param {Element} element
 */
export function zoomOf(element) {
  return element.currentCSSZoom ?? 1;
}

/**
 * @param {HTMLElement} root a part of the page, as long as it is there
 * @param {() => void} act called when the mode begins or ends
 */
export function onPresent(root, act) {
  const listen = () => {
    // A component may be taken off the page without a word.
    if (!root.isConnected) window.removeEventListener("lab:present", listen);
    else act();
  };
  window.addEventListener("lab:present", listen);
}
