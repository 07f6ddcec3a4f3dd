// The browser's Back leads to the page before, as it was left. Streamlit makes an entry of the history for each change of
// a page's parameters, and Back would go through all that was typed; and when a link leads to another page, it first takes
// the parameters out of this one's address. Where a page is switched from Python, it first writes those of the next page.

const LEAVING = 2000; // milliseconds from a click on a link to the address of its page, at most

let switched = -LEAVING;

/** Say that a page is about to be switched from Python. */
export function noteLeaving() {
  switched = performance.now();
}

export function keepTheWayBack() {
  const push = history.pushState.bind(history);
  let clicked = -LEAVING;
  /** @type {string | null} this page's address before it was cleared */
  let left = null;
  const listen = (/** @type {Event} */ event) => {
    left = null;
    if (event.composedPath().some((target) => target instanceof HTMLAnchorElement)) clicked = event.timeStamp;
  };
  document.addEventListener("click", listen, { capture: true });
  history.pushState = (state, unused, url) => {
    const address = new URL(url ?? "", location.href);
    if (address.pathname !== location.pathname) {
      if (left !== null) history.replaceState(history.state, "", left);
      left = null;
      push(state, unused, url);
      return;
    }
    const now = performance.now();
    const isCleared = address.search === "" && now - clicked < LEAVING;
    if (isCleared || now - switched < LEAVING) {
      switched = -LEAVING;
      left = location.href;
    }
    history.replaceState(state, unused, url);
  };
}
