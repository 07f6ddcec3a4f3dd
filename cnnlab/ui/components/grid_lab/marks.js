// How a cell looks: its colour, what a step says about it, and the frame around those that the step reads.

import { setAttribute } from "../lib/dom.js";
import { GAP } from "./layout.js";

/** @import { CellLook, Drawn } from "./types.d.ts" */

/**
 * Whether an element already looks like this, as the text says that its look depends on: then there is nothing to draw.
 *
 * @param {Drawn | SVGElement & { drawn?: string }} element
 * @param {string} look
 */
export function isDrawn(element, look) {
  if (element.drawn === look) return true;
  element.drawn = look;
  return false;
}

/**
 * A signed number's colour: CSS mixes orange (positive) or blue (negative) into the tile by `--tint`.
 *
 * @param {Drawn} element
 * @param {number} value
 * @param {number} scale the number that is drawn in full colour
 */
export function tint(element, value, scale) {
  const share = scale > 0 ? Math.min(1, Math.abs(value) / scale) : 0;
  const sign = value > 0 ? "+" : value < 0 ? "-" : "0";
  const colour = `${sign}${Math.round(share * 100)}%`;
  if (element.tinted === colour) return;
  element.tinted = colour;
  element.style.setProperty("--tint", colour.slice(1));
  element.dataset.sign = sign;
}

/** @param {Drawn} element */
export function clearTint(element) {
  if (element.tinted === undefined) return;
  element.tinted = undefined;
  element.style.removeProperty("--tint");
  delete element.dataset.sign;
}

/**
 * The marks of a cell, and their classes: tapped (read by the window), pointed, won (the largest of a pooling's window),
 * tied (as large, but not taken), same (equal to its counterpart), hinted.
 */
const MARKS = /** @type {const} */ ([
  ["tapped", "tap"],
  ["pointed", "pointed"],
  ["won", "won"],
  ["tied", "tied"],
  ["same", "same"],
  ["hinted", "hinted"],
]);

/**
 * @param {Drawn} cell
 * @param {CellLook | undefined} look its `weight` is the text in a read cell's corner
 */
export function markCell(cell, look) {
  const key = look ? `${MARKS.map(([mark]) => Boolean(look[mark]))} ${look.weight}` : "";
  if ((cell.marked ?? "") === key) return;
  cell.marked = key;
  for (const [mark, name] of MARKS) cell.classList.toggle(name, Boolean(look?.[mark]));
  setAttribute(cell, "data-weight", look?.weight ?? null);
}

/**
 * Lay a frame around the cells that are read; hidden where there are none.
 *
 * @param {HTMLElement} frame
 * @param {Map<number, CellLook> | null | undefined} looks
 * @param {number} columns
 * @param {number} size of a cell, in pixels
 */
export function frameAround(frame, looks, columns, size) {
  const read = [...(looks ?? [])].filter(([, look]) => look.tapped).map(([cell]) => cell);
  frame.hidden = read.length === 0;
  if (frame.hidden) return;
  const rows = read.map((cell) => Math.floor(cell / columns));
  const places = read.map((cell) => cell % columns);
  const [top, bottom, left, right] = [Math.min(...rows), Math.max(...rows), Math.min(...places), Math.max(...places)];
  const pitch = size + GAP;
  Object.assign(frame.style, {
    transform: `translate(${left * pitch}px, ${top * pitch}px)`,
    width: `${(right - left + 1) * pitch - GAP}px`,
    height: `${(bottom - top + 1) * pitch - GAP}px`,
  });
}
