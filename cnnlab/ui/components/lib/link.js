// The address of what is on the screen, which the page's frame copies: a part that knows something newer adds it.

/**
 * @param {HTMLElement} root a part of the page, as long as it is there
 * @param {(link: URL) => void} add
 */
export function onLink(root, add) {
  const listen = (/** @type {Event} */ event) => {
    // A component may be taken off the page without a word.
    if (!root.isConnected) window.removeEventListener("lab:link", listen);
    else add(/** @type {CustomEvent<URL>} */ (event).detail);
  };
  window.addEventListener("lab:link", listen);
}
