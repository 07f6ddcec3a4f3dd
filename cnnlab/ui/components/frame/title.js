// Streamlit's link past the menu, the first thing that Tab reaches, leads to the page as a whole, where the buttons beside
// the title come first. Here it leads to the title.

const LINK = '[data-testid="stSkipToContent"]';

/** @param {string} words Streamlit's own are English */
export function nameTheWay(words) {
  document.querySelector(LINK)?.setAttribute("aria-label", words);
}

export function leadToTheTitle() {
  // Behind Streamlit's own listener.
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element && target.closest(LINK))) return;
    /** @type {HTMLElement | null} */
    const title = document.querySelector('[data-testid="stMain"] h1');
    if (title === null) return;
    title.tabIndex = -1;
    title.focus();
  });
}
