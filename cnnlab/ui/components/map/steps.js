// Where keys and clicks lead.

import { arrow } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { nearest } from "./geometry.js";

/**
 * @import { Cell, MapData } from "./types"
 */

const ENDS = /** @type {Record<string, number>} */ ({ Home: 0, End: Number.POSITIVE_INFINITY });
const PAGES = /** @type {Record<string, number>} */ ({ PageUp: 1, PageDown: -1 });

/**
 * The cell of another plane that looks nearest to where this one looks.
 *
 * @param {MapData} map
 * @param {number} plane
 * @param {Cell} cell
 * @param {(value: number) => number} [round]
 * @returns {Cell}
 */
export function nearestIn({ planes }, plane, [from, row, col], round) {
  const [before, after] = [planes[from], planes[plane]];
  return [plane, nearest(before.rows, row, after.rows, round), nearest(before.cols, col, after.cols, round)];
}

/**
 * The cell that a key leads to, or null for a key that leads nowhere. From the side, left and right go along both axes
 * and up and down to another plane.
 *
 * @param {MapData} map
 * @param {Cell} at the chosen cell
 * @param {string} key
 * @param {number | null} focused the plane that has the focus; none from the side
 * @returns {Cell | null}
 */
export function target(map, at, key, focused) {
  const canChoose = focused === null || map.planes[focused].use === "choose";
  const from = focused === null || !canChoose || focused === at[0] ? at : nearestIn(map, focused, at);
  const [plane, row, col] = from;
  const { rows, cols } = map.planes[plane];
  const to = (/** @type {number} */ toRow, /** @type {number} */ toCol) =>
    /** @type {Cell} */ ([plane, clamp(toRow, 0, rows.size - 1), clamp(toCol, 0, cols.size - 1)]);

  const move = arrow(key);
  const up = PAGES[key] ?? (focused === null && move?.[0] ? -move[0] : undefined);
  if (up !== undefined) {
    if (!canChoose) return null;
    return nearestIn(map, clamp(plane + up, 1, map.planes.length - 1), from);
  }
  if (key in ENDS) return to(ENDS[key], ENDS[key]);
  if (move === undefined) return null;
  return focused === null ? to(row + move[1], col + move[1]) : to(row + move[0], col + move[1]);
}

/**
 * Whether there is such a cell, to be chosen.
 *
 * @param {MapData} map
 * @param {Cell | null} cell
 */
export function exists({ planes }, cell) {
  if (cell === null) return false;
  const plane = planes[cell[0]];
  return cell[0] > 0 && plane !== undefined && cell[1] < plane.rows.size && cell[2] < plane.cols.size;
}

/**
 * The number of a cell within its plane, from 0, and that of the last one.
 *
 * @param {MapData} map
 * @param {Cell} cell
 */
export function indexOf({ planes }, [plane, row, col]) {
  const { rows, cols } = planes[plane];
  return { index: row * cols.size + col, last: rows.size * cols.size - 1 };
}

/**
 * The cell of a number.
 *
 * @param {MapData} map
 * @param {number} plane
 * @param {number} index
 * @returns {Cell}
 */
export function cellOf({ planes }, plane, index) {
  const { size } = planes[plane].cols;
  return [plane, Math.floor(index / size), index % size];
}
