// In a narrow window, or at a large zoom, the menu is folded until somebody opens it, and again once a page was chosen.
// Streamlit folds it on a phone only, and closes it only for its own kind of menu.

import { onFrameKey } from "./keys.js";

const NARROW = 1000; // pixels, of which the menu would take a third

const TITLE = 16; // pixels that a page may be scrolled until the button that unfolds the menu would lie on something

/** @type {HTMLElement | null} */
let watched = null;
let isAskedFor = false;

/** @returns {HTMLElement | null} */
const menu = () => document.querySelector('[data-testid="stSidebar"]');

const kept = () => Object.entries(localStorage).find(([name]) => name.startsWith("stSidebarCollapsed-"));

function fold() {
  if (window.innerWidth > NARROW || menu()?.dataset.collapsed !== "false") return;
  const before = kept();
  /** @type {HTMLElement | null} */
  const button = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
  button?.click();
  // Streamlit keeps what was clicked, and would have the menu folded in the next wide window, too.
  const after = kept();
  if (before) localStorage.setItem(...before);
  else if (after) localStorage.removeItem(after[0]);
}

function foldAgain() {
  if (window.innerWidth > NARROW) isAskedFor = false;
  if (!isAskedFor) fold();
}

// Streamlit unfolds the menu when the window's width changes.
const observer = new MutationObserver(foldAgain);

/** Have the menu stay folded in a narrow window unless it is asked for. Once, for as long as the tab is open. */
export function keepTheMenuFolded() {
  const listen = (/** @type {Event} */ { target }) => {
    isAskedFor = target instanceof Element && target.closest('[data-testid="stExpandSidebarButton"]') !== null;
  };
  document.addEventListener("click", listen, true);
  const follow = (/** @type {Event} */ { target }) => {
    // Such an event does not rise.
    if (!(target instanceof HTMLElement && target.matches('[data-testid="stMain"]'))) return;
    document.documentElement.toggleAttribute("data-scrolled", target.scrollTop > TITLE);
  };
  document.addEventListener("scroll", follow, { capture: true, passive: true });
  window.addEventListener("resize", foldAgain);
  onFrameKey((key) => {
    if (key !== "Escape" || !isAskedFor) return false;
    foldMenu();
    return true;
  });
}

/** Fold the menu where it lies over the page that was just chosen from it. */
export function foldMenu() {
  isAskedFor = false;
  fold();
  if (watched === menu()) return;
  watched = menu();
  observer.disconnect();
  if (watched) observer.observe(watched, { attributeFilter: ["data-collapsed"] });
}
