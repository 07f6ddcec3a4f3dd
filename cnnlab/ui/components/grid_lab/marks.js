// How a cell looks: what a step says about it, and the frame around those that the step reads.

import { setAttribute } from "../lib/dom.js";
import { gapOf } from "./layout.js";

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
 * The marks of a cell, and their classes: tapped (read by the window), pointed, won (the largest of a pooling's window),
 * tied (as large, but not taken), same (equal to its counterpart), hinted, lit (what a number of a caption tells of).
 */
const MARKS = /** @type {const} */ ([
  ["tapped", "tap"],
  ["pointed", "pointed"],
  ["won", "won"],
  ["tied", "tied"],
  ["same", "same"],
  ["hinted", "hinted"],
  ["lit", "lit"],
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
 * @param {readonly [width: number, height: number]} cell in pixels
 */
export function frameAround(frame, looks, columns, [width, height]) {
  const read = [...(looks ?? [])].filter(([, look]) => look.tapped).map(([cell]) => cell);
  frame.hidden = read.length === 0;
  if (frame.hidden) return;
  const rows = read.map((cell) => Math.floor(cell / columns));
  const places = read.map((cell) => cell % columns);
  const [top, bottom, left, right] = [Math.min(...rows), Math.max(...rows), Math.min(...places), Math.max(...places)];
  const gap = gapOf(width);
  const [across, down] = [width + gap, height + gap];
  Object.assign(frame.style, {
    transform: `translate(${left * across}px, ${top * down}px)`,
    width: `${(right - left + 1) * across - gap}px`,
    height: `${(bottom - top + 1) * down - gap}px`,
  });
}
