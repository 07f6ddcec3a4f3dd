// Keys that count on the whole page. In a block of its own, as it is run again; whoever listens then listens once.
{
  const STEPS = ["ArrowLeft", "ArrowRight", " ", "Home", "End", "PageUp", "PageDown"];
  const PRESENT = ["f", "s", "Escape"];
  // What has a use of its own for such keys.
  const WRITTEN_IN = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";
  const TYPED_INTO = `${WRITTEN_IN},[type=range]`;
  const MOVED_IN = `${TYPED_INTO}, [type=radio], [role=radiogroup], [role=tablist], [role=listbox], [role=application], [role=grid]`;
  const PRESSED = "button, a[href], summary, [type=checkbox], [role=button], [role=option]";

  /**
   * @param {KeyboardEvent} event
   * @param {string} selector
   */
  const isWithin = (event, selector) =>
    event.composedPath().some((target) => target instanceof Element && target.matches(selector));

  /**
   * Fields that take a text of their own undo it themselves; those of the lab's grids and tables are the page's.
   *
   * @param {EventTarget | undefined} target
   */
  const undoesItself = (target) =>
    target instanceof HTMLElement &&
    target.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]") &&
    !(target.getRootNode() instanceof ShadowRoot && target.matches("input"));

  /**
   * @param {string} name
   * @returns {boolean} whether there is such a button
   */
  const press = (name) => {
    /** @type {HTMLElement | null} */
    const button = document.querySelector(`.st-key-${name} button`);
    button?.click();
    return button !== null;
  };

  /** @param {KeyboardEvent} event */
  const shortcut = (event) => {
    if (event.altKey || undoesItself(event.composedPath()[0])) return false;
    const key = event.key.toLowerCase();
    if (key === "z") return press(event.shiftKey ? "undo_redo" : "undo_undo");
    return key === "y" && press("undo_redo");
  };

  /** @param {KeyboardEvent} event */
  const step = (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const isPresent = PRESENT.includes(key);
    if (!isPresent && !STEPS.includes(key) && key !== "p") return false;
    if (isWithin(event, isPresent ? `${WRITTEN_IN},[role=listbox]` : MOVED_IN)) return false;
    if (key === " " && isWithin(event, PRESSED)) return false;
    // Whoever takes it says so by preventing what would happen otherwise.
    return !window.dispatchEvent(new CustomEvent("lab:key", { detail: key, cancelable: true }));
  };

  /** @param {KeyboardEvent} event */
  const listen = (event) => {
    if (event.defaultPrevented || document.querySelector("[role=dialog]")) return;
    const isTaken = event.ctrlKey || event.metaKey ? shortcut(event) : !event.altKey && step(event);
    if (!isTaken) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const root = document.documentElement;
  if (!root.dataset.labKeys) {
    root.dataset.labKeys = "yes";
    // Behind the parts of the page, which may have a use of their own for a key.
    document.addEventListener("keydown", listen);
  }
}
