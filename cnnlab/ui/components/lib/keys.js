// Arrow keys, which move by rows and columns, and the keys of the whole page.

/** @typedef {readonly [rows: number, columns: number]} Move */

/** @type {Record<string, Move>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Where an arrow key leads; undefined for other keys.
 *
 * @param {string} key
 * @returns {Move | undefined}
 */
export function arrow(key) {
  return ARROWS[key];
}

/**
 * Whether a key is meant for the browser or the system: a shortcut, not a step.
 *
 * @param {KeyboardEvent} event
 */
export function isShortcut(event) {
  return event.altKey || event.ctrlKey || event.metaKey;
}

/**
 * Take part in the keys of the whole page, which keys.js of the page's frame gives away while nothing is typed. Whoever
 * is first on the page is asked first.
 *
 * @param {HTMLElement} root a part of the page that has keys as long as it is there
 * @param {(key: string) => boolean} take whether it had a use for the key
 */
export function onPageKey(root, take) {
  const listen = (/** @type {Event} */ event) => {
    // A component may be taken off the page without a word.
    if (!root.isConnected) window.removeEventListener("lab:key", listen);
    else if (!event.defaultPrevented && take(/** @type {CustomEvent<string>} */ (event).detail)) event.preventDefault();
  };
  window.addEventListener("lab:key", listen);
}

/**
 * Where a key leads among steps that follow each other; undefined for other keys. Presenters' remote controls send Page
 * Up and Page Down.
 *
 * @param {string} key
 * @param {{ index: number, last: number }} at
 * @returns {number | undefined}
 */
export function stepOf(key, { index, last }) {
  const places = {
    ArrowLeft: index - 1,
    PageUp: index - 1,
    ArrowRight: index + 1,
    PageDown: index + 1,
    Home: 0,
    End: last,
  };
  const place = places[/** @type {keyof typeof places} */ (key)];
  return place === undefined ? undefined : Math.min(Math.max(place, 0), last);
}
