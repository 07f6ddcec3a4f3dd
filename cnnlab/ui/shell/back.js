// The browser's Back leads to the page before. Streamlit makes an entry of the history for each change of a page's
// parameters, and Back would go through all that was typed. In a block of its own, as it is run again.
{
  const root = document.documentElement;
  if (!root.dataset.labBack) {
    root.dataset.labBack = "yes";
    const push = history.pushState.bind(history);
    history.pushState = (state, unused, url) => {
      const isSamePage = url && new URL(url, location.href).pathname === location.pathname;
      if (isSamePage) history.replaceState(state, unused, url);
      else push(state, unused, url);
    };
  }
}
