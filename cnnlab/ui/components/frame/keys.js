// Keys that count on the whole page: shortcuts are taken here, the rest is offered to the page's parts (onPageKey).

const STEPS = ["ArrowLeft", "ArrowRight", " ", "Home", "End", "PageUp", "PageDown"];
/** What a slider or a choice has no use for. */
const OF_THE_FRAME = ["f", "s", "Escape", "?"];
/** Says of the page that the sheet lies over it. */
export const SHEET = "data-sheet";
// What has a use of its own for such keys.
const WRITTEN_IN = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";
const TYPED_INTO = `${WRITTEN_IN},[type=range]`;
const MOVED_IN = `${TYPED_INTO}, [type=radio], [role=radiogroup], [role=tablist], [role=listbox], [role=application], [role=grid]`;
const USED_PAGEWISE = "textarea, select, [contenteditable], [role=listbox]";
const PRESSED = "button, a[href], summary, [type=checkbox], [role=button], [role=option]";

/**
 * @param {KeyboardEvent} event
 * @param {string} selector
 */
function isWithin(event, selector) {
  return event.composedPath().some((target) => target instanceof Element && target.matches(selector));
}

/**
 * Fields that take a text of their own undo it themselves; those of the lab's grids and tables are the page's.
 *
 * @param {EventTarget | undefined} target
 */
function undoesItself(target) {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]") &&
    !(target.getRootNode() instanceof ShadowRoot && target.matches("input"))
  );
}

/**
 * @param {string} name
 * @returns {boolean} whether there is such a button
 */
function press(name) {
  /** @type {HTMLElement | null} */
  const button = document.querySelector(`.st-key-${name} button`);
  button?.click();
  return button !== null;
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  if (event.altKey || undoesItself(event.composedPath()[0])) return false;
  const key = event.key.toLowerCase();
  if (key === "z") return press(event.shiftKey ? "undo_redo" : "undo_undo");
  return key === "y" && press("undo_redo");
}

/** @param {KeyboardEvent} event */
function offer(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isOfTheFrame = OF_THE_FRAME.includes(key);
  if (!isOfTheFrame && !STEPS.includes(key) && key !== "p") return false;
  // A field of one line has no use for them, and a lesson has.
  const isOfALesson = ["PageUp", "PageDown"].includes(key) && document.documentElement.hasAttribute("data-lesson");
  const used = isOfALesson ? USED_PAGEWISE : isOfTheFrame ? `${WRITTEN_IN},[role=listbox]` : MOVED_IN;
  if (isWithin(event, used)) return false;
  if (key === " " && isWithin(event, PRESSED)) return false;
  // Whoever takes it says so by preventing what would happen otherwise.
  return !window.dispatchEvent(new CustomEvent("lab:key", { detail: key, cancelable: true }));
}

/** @param {KeyboardEvent} event */
function listen(event) {
  if (event.defaultPrevented || isWithin(event, "dialog") || document.querySelector("[role=dialog]")) return;
  // Whoever has clicked into the sheet has the focus nowhere.
  if (document.documentElement.hasAttribute(SHEET) && event.key !== "?") return;
  const isTaken = event.ctrlKey || event.metaKey ? shortcut(event) : !event.altKey && offer(event);
  if (!isTaken) return;
  event.preventDefault();
  event.stopPropagation();
}

export function listenToKeys() {
  // Behind the parts of the page, which may have a use of their own for a key.
  document.addEventListener("keydown", listen);
}

/**
 * Take the keys of the frame itself, before any part of the page is asked.
 *
 * @param {(key: string) => boolean} take whether it had a use for the key
 */
export function onFrameKey(take) {
  window.addEventListener("lab:key", (event) => {
    if (!event.defaultPrevented && take(/** @type {CustomEvent<string>} */ (event).detail)) event.preventDefault();
  });
}

/**
 * Take the clicks on one of the frame's buttons: Streamlit would run the page for them.
 *
 * @param {string} name the button's key
 * @param {() => void} act
 */
export function onFrameButton(name, act) {
  document.addEventListener(
    "click",
    (event) => {
      if (!(event.target instanceof Element && event.target.closest(`.st-key-${name}`))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      // A space then plays, and does not press again.
      const focused = document.activeElement;
      if (event.detail > 0 && focused instanceof HTMLElement) focused.blur();
      act();
    },
    true,
  );
}
