// Close the menu where it lies over the page that was just chosen from it.
if (window.innerWidth <= 768 && document.querySelector('[data-testid="stSidebar"]')?.dataset.collapsed === "false") {
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}
