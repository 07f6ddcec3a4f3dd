// How the boards stand, and how large their cells are.
//
// Python offers arrangements, the best one first. Each is a tree of rows, columns, tables and wrapping rows whose leaves
// are the names of boards, the sum, or signs between them such as "=".

import { make } from "../lib/dom.js";
import { CURVE, CURVE_SIZE } from "./curve.js";

/** @import { Arrangement, ArrangementNode, Fitting, Group, Scene } from "./types.d.ts" */
/** @typedef {[width: number, height: number]} Extent in pixels */

export const GAP = 3; // pixels between two cells, as in grid_lab.css
const LONG = 0.76; // how much smaller long numbers are set, as in grid_lab.css
const HEAD = 142; // pixels that a board's name and its size fields take
const BETWEEN = 26; // pixels between boards that stand side by side
const ABOVE = 34; // pixels of a board's head
export const SUM = "(sum)"; // as in __init__.py
const APART = { across: 6, down: 10 }; // pixels between the places of a table
const SIGN = 16; // pixels of a sign in a table
const NARROW = 500; // a component of fewer pixels is on a phone

/**
 * The room that a board or a group of boards takes.
 *
 * @param {ArrangementNode} node
 * @param {(name: string, inTable: boolean) => Extent} leaf the room of a board, the sum or a sign, in a table or not
 * @returns {Extent}
 */
export function extent(node, leaf) {
  if (typeof node === "string") return leaf(node, false);
  const inTable = node.way === "table";
  const sizes = node.items.map((item) => (typeof item === "string" ? leaf(item, inTable) : extent(item, leaf)));
  const widths = sizes.map(([width]) => width);
  const heights = sizes.map(([, height]) => height);
  if (node.way === "row") return [added(widths) + BETWEEN * (widths.length - 1), Math.max(...heights)];
  if (node.way === "table") return extentOfTable(sizes, node.columns);
  if (node.way === "wrap") return [Math.max(...widths), 0];
  return [Math.max(...widths), added(heights) + 10 * (heights.length - 1)];
}

/**
 * With cells of this size.
 *
 * @param {Pick<Scene, "boards" | "groups">} data
 * @param {number} cell
 * @returns {(name: string, inTable: boolean) => Extent}
 */
function leafOf({ boards, groups }, cell) {
  return (name, inTable) => {
    if (name === SUM) return extentOfSum(groups);
    if (name === CURVE) return [CURVE_SIZE.width, CURVE_SIZE.height + ABOVE];
    if (!(name in boards)) return [inTable ? (name === "" ? 0 : SIGN) : 26, 0];
    const part = boards[name];
    const [rows, columns] = part.extent;
    const head = part.resizable
      ? HEAD + 7 * Math.max(0, part.title.length - 6)
      : Math.max(64, 8 * part.title.length + 40);
    return [Math.max(head, part.refusal ? 190 : 0, columns * (cell + GAP)), rows * (cell + GAP) + ABOVE];
  };
}

/**
 * @param {Extent[]} sizes
 * @param {number} columns
 * @returns {Extent}
 */
function extentOfTable(sizes, columns) {
  const wide = Array(columns).fill(0);
  /** @type {number[]} */
  const high = [];
  sizes.forEach(([width, height], index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    wide[column] = Math.max(wide[column], width);
    high[row] = Math.max(high[row] ?? 0, height);
  });
  return [added(wide) + APART.across * (columns - 1), added(high) + APART.down * (high.length - 1)];
}

/** @param {number[]} numbers */
export function added(numbers) {
  return numbers.reduce((all, number) => all + number, 0);
}

/**
 * The sum beside the boards: its sections one below the other, as wide as their longest row of terms.
 *
 * @param {Group[]} groups
 * @returns {Extent}
 */
function extentOfSum(groups) {
  const columns = groups.flatMap(({ sections }) => sections.flatMap((section) => section.columns));
  // As in grid_lab.css, where the terms of several sections are smaller.
  const term = groups.some(({ sections }) => sections.length > 1) ? 58 : 72;
  return [Math.max(190, term * Math.max(0, ...columns) + 30), 0];
}

/**
 * The arrangement for a component of this width, the pixels of a cell and its digits, and how many characters fit:
 * `room` in full size, `longRoom` in smaller type, `weightRoom` in the corner of a cell of the window.
 *
 * @param {Pick<Scene, "arrangements" | "boards" | "groups">} data
 * @param {number} width
 * @returns {Fitting}
 */
export function arrange(data, width) {
  const narrow = width < NARROW;
  const most = narrow ? 42 : width > 900 && window.innerHeight > 950 ? 58 : 48;
  // Fingers need 30 pixels; a board that is wider then scrolls in its own box.
  const least = narrow || window.matchMedia("(pointer: coarse)").matches ? 30 : 20;
  // Arrangements are made for a window of 800 pixels; a taller one has more room.
  const taller = Math.max(0, window.innerHeight - 800);
  const biggest = (/** @type {Arrangement} */ { node, tall, largest: limit }) => {
    const fits = (/** @type {number} */ cell) => {
      const [wide, high] = extent(node, leafOf(data, cell));
      return wide <= width && high <= tall + ABOVE + taller;
    };
    let cell = Math.min(most, limit);
    while (cell > least && !fits(cell)) cell -= 1;
    return fits(cell) ? cell : 0;
  };
  const offered = data.arrangements.filter(
    (each, index) => !narrow || each.narrow || index === data.arrangements.length - 1,
  );
  const chosen = offered.find((each) => biggest(each) >= each.enough) ?? offered[offered.length - 1];
  const cell = Math.max(least, biggest(chosen));
  const digits = Math.max(12, Math.min(22, Math.round(cell * 0.4)));
  /** @type {(pixels: number, size: number, fewest?: number) => number} */
  const characters = (pixels, size, fewest = 3) => Math.max(fewest, Math.floor(pixels / (size * 0.6)));
  const room = characters(cell - 4, digits, 2);
  return {
    node: chosen.node,
    cell,
    tall: cell,
    digits,
    room,
    longRoom: Math.max(room, characters(cell - 2, Math.max(9, digits * LONG))),
    weightRoom: characters(cell - 6, Math.max(9, digits * 0.58)) - 1,
  };
}

/**
 * Put the boards' elements into the stage as the tree says; signs are made anew.
 *
 * @param {ArrangementNode} node
 * @param {Map<string, HTMLElement>} elements
 * @returns {HTMLElement}
 */
export function furnish(node, elements) {
  if (typeof node === "string") {
    const element = elements.get(node);
    if (element !== undefined) return element;
    if (node === "") return make("span", "gap");
    return make("span", "operator", { "aria-hidden": "true" }, [node]);
  }
  const group = make(
    "div",
    `group ${node.way}`,
    {},
    node.items.map((item) => furnish(item, elements)),
  );
  if (node.way === "table") group.style.setProperty("--places", String(node.columns));
  return group;
}
