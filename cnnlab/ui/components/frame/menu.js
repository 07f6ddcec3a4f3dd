// On a phone the menu lies over the page, and Streamlit closes it only for its own kind of menu.

/** Close the menu where it lies over the page that was just chosen from it. */
export function closeMenu() {
  /** @type {HTMLElement | null} */
  const menu = document.querySelector('[data-testid="stSidebar"]');
  /** @type {HTMLElement | null} */
  const button = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
  if (window.innerWidth <= 768 && menu?.dataset.collapsed === "false") button?.click();
}
