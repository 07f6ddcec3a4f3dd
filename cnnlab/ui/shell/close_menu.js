// Close the menu where it lies over the page that was just chosen from it. In a block of its own, as it is run again.
{
  /** @type {HTMLElement | null} */
  const menu = document.querySelector('[data-testid="stSidebar"]');
  /** @type {HTMLElement | null} */
  const button = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
  if (window.innerWidth <= 768 && menu?.dataset.collapsed === "false") button?.click();
}
