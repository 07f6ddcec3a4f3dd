// The sentence that tells of a cell. The words come from Python; which of them, and their numbers, depend on the cell.

import { MINUS } from "../lib/numbers.js";
import { fill } from "../lib/words.js";
import { connected } from "./connections.js";
import { isOn } from "./geometry.js";
import { indexOf } from "./steps.js";

/**
 * @import { Cell, MapData } from "./types"
 */

/**
 * What is told of a cell; all numbers in it count from 1.
 *
 * @param {MapData} map
 * @param {Cell} cell
 */
export function telling(map, cell) {
  const { planes, layout, words } = map;
  const [plane, row, col] = cell;
  const { told, rows, cols } = planes[plane];
  const { index, last } = indexOf(map, cell);
  // Counts of windows stand without commas, as in the formulas beside them.
  const values = { layer: plane, row: row + 1, col: col + 1, number: String(index + 1), total: String(last + 1) };
  const name = `told_${told}`;
  const region = connected(map, cell).get(planes[plane].use === "point" ? firstSource(map, plane) : 0);
  if (region === undefined) return fill(words[name], values, show);

  const isLine = layout === "side";
  const [height, size] = [region.rows, region.cols].map((span) => span.last - span.first + 1);
  const all = isLine ? size : height * size;
  const count = isLine ? region.cols.count : region.rows.count * region.cols.count;
  const [top, bottom, left, right] = [region.rows.first, region.rows.last, region.cols.first, region.cols.last].map(
    (each) => each + 1,
  );
  const parts = [
    !(isOn(rows, row) && isOn(cols, col)) && "_beyond",
    count === 0 && "_nothing",
    count === 1 && "_once",
    count < all && "_part",
    "",
  ];
  const part = parts.find((each) => each !== false && name + each in words);
  const isOnRim = [values.row, values.col, left, ...(isLine ? [] : [top])].some((each) => each < 1);
  const rim = isOnRim && `${name}${part}_rim` in words ? "_rim" : "";
  return fill(words[`${name}${part}${rim}`], { ...values, top, bottom, left, right, size, all, count }, show);
}

/**
 * @param {MapData} map
 * @param {number} plane
 */
function firstSource({ links }, plane) {
  return links.find(({ target }) => target === plane)?.source ?? -1;
}

/**
 * @param {number | string} value
 */
export function show(value) {
  return typeof value === "number" ? value.toLocaleString("en-US").replace("-", MINUS) : value;
}
