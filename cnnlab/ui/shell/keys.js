// Keys that count on the whole page. In a block of its own, as it is run again; whoever listens then is told once.
{
  const root = document.documentElement;

  /**
   * Fields that take a text of their own undo it themselves; those of the lab's grids and tables are the page's.
   *
   * @param {EventTarget | undefined} target
   */
  const undoesItself = (target) =>
    target instanceof HTMLElement &&
    target.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]") &&
    !(target.getRootNode() instanceof ShadowRoot && target.matches("input"));

  /** @param {KeyboardEvent} event */
  const listen = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || undoesItself(event.composedPath()[0])) return;
    const key = event.key.toLowerCase();
    const name = key === "z" ? (event.shiftKey ? "undo_redo" : "undo_undo") : key === "y" ? "undo_redo" : null;
    /** @type {HTMLElement | null} */
    const button = name && document.querySelector(`.st-key-${name} button`);
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  };

  if (!root.dataset.labKeys) {
    root.dataset.labKeys = "yes";
    document.addEventListener("keydown", listen, { capture: true });
  }
}
