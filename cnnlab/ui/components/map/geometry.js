// Where cells lie in a drawing, and which one lies under the pointer.

import { clamp } from "../lib/numbers.js";

/**
 * @import { Axis, Place, Plane, Run } from "./types"
 */

export const LARGEST_CELL = 44;

/**
 * The pixels of a cell: as many as fit, up to a limit; whole ones, where there are enough of them.
 *
 * @param {number} side pixels that there are
 * @param {number} cells that they are for
 * @param {{ fine: number, least: number }} limits smaller cells than `fine` are no whole pixels; none is below `least`
 * @param {number} [largest]
 */
export function cellSize(side, cells, { fine, least }, largest = LARGEST_CELL) {
  const cell = Math.min(largest, side / cells);
  return cell >= fine ? Math.floor(cell) : Math.max(cell, least);
}

/**
 * Cells of an axis with the room around them.
 *
 * @param {Axis} axis
 */
export function across({ size, room }) {
  return room[0] + size + room[1];
}

/**
 * @param {Plane} plane
 * @param {number} cell pixels
 * @param {number} edge pixels before the drawing's first cell
 * @returns {Place}
 */
export function placeOf({ rows, cols }, cell, edge) {
  return { x: edge + cols.room[0] * cell, y: edge + rows.room[0] * cell, cell };
}

/**
 * Whether a cell is one of the axis, its padding included.
 *
 * @param {Axis} axis
 * @param {number} cell
 */
export function isOn({ size, padding }, cell) {
  return cell >= -padding[0] && cell < size + padding[1];
}

/**
 * The row and column under a point, or null: where `beyond`, also those that the drawing only leaves room for.
 *
 * @param {Plane} plane
 * @param {Place} place
 * @param {number} x pixels from the drawing's left edge
 * @param {number} y
 * @param {boolean} beyond
 * @returns {[row: number, col: number] | null}
 */
export function cellAt({ rows, cols }, place, x, y, beyond) {
  const row = Math.floor((y - place.y) / place.cell);
  const col = Math.floor((x - place.x) / place.cell);
  const lies = (/** @type {Axis} */ axis, /** @type {number} */ cell) =>
    beyond ? cell >= -axis.room[0] && cell < axis.size + axis.room[1] : isOn(axis, cell);
  return lies(rows, row) && lies(cols, col) ? [row, col] : null;
}

/**
 * A rectangle of cells as a path.
 *
 * @param {Place} place
 * @param {number} row
 * @param {number} col
 * @param {number} height
 * @param {number} width
 */
export function box({ x, y, cell }, row, col, height, width) {
  return `M${x + col * cell} ${y + row * cell}h${width * cell}v${height * cell}h${-width * cell}z`;
}

/**
 * The cells that lie in runs of rows and runs of columns.
 *
 * @param {Place} place
 * @param {Run[]} rows
 * @param {Run[]} cols
 */
export function boxes(place, rows, cols) {
  return rows.flatMap(([row, height]) => cols.map(([col, width]) => box(place, row, col, height, width))).join("");
}

/**
 * The lines between cells, padding included.
 *
 * @param {Plane} plane
 * @param {Place} place
 */
export function gridLines({ rows, cols }, { x, y, cell }) {
  const [top, bottom] = [-rows.padding[0], rows.size + rows.padding[1]];
  const [left, right] = [-cols.padding[0], cols.size + cols.padding[1]];
  let d = "";
  for (let row = top; row <= bottom; row++) d += `M${x + left * cell} ${y + row * cell}h${(right - left) * cell}`;
  for (let col = left; col <= right; col++) d += `M${x + col * cell} ${y + top * cell}v${(bottom - top) * cell}`;
  return d;
}

const RULER_STEPS = [1, 2, 5, 10, 20, 50, 100];
const RULER_ROOM = 22; // pixels that a number takes

/**
 * The cells of an axis that are numbered: as many as there is room for. The first that is no padding always is:
 * 1, 2, 3 or 1, 3, 5, then 1, 5, 10.
 *
 * @param {Axis} axis
 * @param {number} cell pixels
 */
export function numbered({ size, padding }, cell) {
  const every = RULER_STEPS.find((step) => step * cell >= RULER_ROOM) ?? 200;
  const found = [];
  for (let index = -padding[0]; index < size + padding[1]; index++) {
    const number = index + 1;
    if (every < 5 ? index % every === 0 : number === 1 || number % every === 0) found.push(index);
  }
  return found;
}

/**
 * In how many columns tiles become largest.
 *
 * @param {number[]} choices of columns
 * @param {number} count of tiles
 * @param {number} width pixels for all of them, with their captions
 * @param {number} height
 * @param {{ gap: number, line: number, caption: number }} between pixels from column to column and from row to row,
 *   and above each tile
 */
export function tiling(choices, count, width, height, { gap, line, caption }) {
  let best = { tile: 0, columns: 1 };
  for (const columns of choices) {
    const rows = Math.ceil(count / columns);
    const room = (height + caption - (rows - 1) * line) / rows - caption;
    const tile = Math.min(room, (width - (columns - 1) * gap) / columns);
    if (tile > best.tile) best = { tile, columns };
  }
  return best;
}

/**
 * The cell of one axis that looks nearest to where a cell of another one looks.
 *
 * @param {Axis} from
 * @param {number} cell
 * @param {Axis} to
 * @param {(value: number) => number} [round]
 */
export function nearest(from, cell, to, round = Math.round) {
  return clamp(round((from.centre + cell * from.jump - to.centre) / to.jump), 0, to.size - 1);
}

/**
 * Rounds, and down where two are as near: of two windows a click goes to the first.
 *
 * @param {number} value
 */
export function roundDown(value) {
  return Math.ceil(value - 0.5);
}
