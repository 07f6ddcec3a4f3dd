// Present mode, for as long as the tab is open: F begins and ends it, S brings the settings and takes them away, Esc takes
// away what came last. In a block of its own, as it is run again on every page that is entered. (A "less than" before a
// letter would have the whole script left out as no script of ours.)
{
  const KEPT = "lab-present";
  const root = document.documentElement;
  // Text of 15 pixels is drawn with 24 at 1280x720, and grows with the screen.
  const LARGER = 1.65;
  const USUAL = { width: 1280, height: 720 };
  const isOn = () => root.hasAttribute("data-present");
  const isOpen = () => root.hasAttribute("data-drawer");

  const measure = () => {
    const screen = Math.min(window.innerWidth / USUAL.width, window.innerHeight / USUAL.height);
    root.style.setProperty("--lab-zoom", (LARGER * screen).toFixed(3));
  };

  const open = (/** @type {boolean} */ on) => root.toggleAttribute("data-drawer", on);

  /** @type {[Element, number][]} how far the page was scrolled */
  let scrolled = [];

  /** @param {boolean} on */
  const present = (on) => {
    if (on === isOn()) return;
    if (on) {
      scrolled = [];
      for (let at = document.querySelector(".st-key-stage,.st-key-stage_boards"); at; at = at.parentElement)
        if (at.scrollTop > 0) scrolled.push([at, at.scrollTop]);
    }
    root.toggleAttribute("data-present", on);
    open(false);
    window.dispatchEvent(new Event("lab:present"));
    if (!on) for (const [element, top] of scrolled) element.scrollTop = top;
  };

  const toggle = () => {
    const on = !isOn();
    if (on) sessionStorage.setItem(KEPT, "yes");
    else sessionStorage.removeItem(KEPT);
    present(on);
  };

  /**
   * @param {string} key
   * @returns {boolean} whether it was of use
   */
  const take = (key) => {
    if (key === "f") toggle();
    else if (!isOn()) return false;
    else if (key === "s") open(!isOpen());
    else if (key === "Escape" && isOpen()) open(false);
    else if (key === "Escape") toggle();
    else return false;
    return true;
  };

  /** @param {MouseEvent} event */
  const click = (event) => {
    const target = /** @type {Element} */ (event.target);
    const key = target.closest(".st-key-present_mode") ? "f" : target.closest(".st-key-present_settings") ? "s" : "";
    if (key === "") return;
    // Streamlit would run the page for it.
    event.preventDefault();
    event.stopImmediatePropagation();
    take(key);
    // A space then plays, and does not press again.
    const focused = document.activeElement;
    if (event.detail > 0 && focused instanceof HTMLElement) focused.blur();
  };

  // The landing page has nothing to present.
  present(sessionStorage.getItem(KEPT) !== null && document.querySelector("[data-page]:not([data-page=''])") !== null);
  measure();
  if (!root.dataset.labPresent) {
    root.dataset.labPresent = "yes";
    document.addEventListener("click", click, true);
    window.addEventListener("resize", measure);
    window.addEventListener("lab:key", (event) => {
      if (take(/** @type {CustomEvent} */ (event).detail)) event.preventDefault();
    });
  }
}
