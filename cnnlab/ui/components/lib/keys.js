// Arrow keys, which move by rows and columns.

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
