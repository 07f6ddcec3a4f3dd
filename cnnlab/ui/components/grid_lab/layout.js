// How the boards stand, and how large their cells are.
//
// Python offers arrangements, the best one first. Each is a tree of rows, columns, tables and wrapping rows whose leaves
// are the names of boards, the sum, or signs between them such as "=".

import { make } from "../lib/dom.js";
import { windowHeight } from "../lib/present.js";
import { CURVE, CURVE_SIZE } from "./curve.js";
import { heightOfTail, setTerms, widthOfTerms } from "./sum_room.js";

/** @import { ArrangementNode, Fitting, Scene } from "./types.d.ts" */
/** @import { SumRoom } from "./sum_room.js" */
/** @typedef {[width: number, height: number]} Extent in pixels */

export const GAP = 3; // pixels between two cells
const LONG = 0.76; // how much smaller long numbers are set, as in grid_lab.css
const HEAD = 142; // pixels that a board's name and its size fields take
const SIZE = 40; // pixels of the size that stands behind a computed board's name
const ABOVE = 34; // pixels of a board's head
const CAPTION = [150, 50]; // pixels that what is said below a board takes
const REFUSAL = [200, 150]; // likewise why a board has no numbers
export const SUM = "(sum)"; // as in __init__.py
const APART = { across: 6, down: 10 }; // pixels between the places of a table
const SIGN = 18; // pixels of a sign
export const PHONE = 640; // pixels up to which a window is a phone's
const WINDOW = 800; // pixels of the window that arrangements are made for
// Pixels of what stands below the boards: the player alone, or a sum of three rows, too, and a second line of the player.
const BELOW = { player: 100, sum: 262, line: 42 };
const ONE_LINE = 640; // pixels that the player needs for one line
const LOWEST = 200; // pixels that boards are given, however low the window is
const SMALL = 20; // pixels of a cell up to which cells stand closer
const READABLE = 20; // pixels of a cell: what is higher than the window is scrolled to rather than made smaller

/**
 * Pixels between two cells of this size.
 *
 * @param {number} cell
 */
export function gapOf(cell) {
  return cell <= SMALL ? 1 : GAP;
}

/**
 * The room that a board or a group of boards takes.
 *
 * @param {ArrangementNode} node
 * @param {(name: string, inTable: boolean) => Extent} leaf the room of a board, the sum or a sign, in a table or not
 * @param {number} between pixels between boards that stand side by side
 * @returns {Extent}
 */
export function extent(node, leaf, between) {
  if (typeof node === "string") return leaf(node, false);
  const inTable = node.way === "table";
  const sizes = node.items.map((item) =>
    typeof item === "string" ? leaf(item, inTable) : extent(item, leaf, between),
  );
  const widths = sizes.map(([width]) => width);
  const heights = sizes.map(([, height]) => height);
  if (node.way === "row") return [added(widths) + between * (widths.length - 1), Math.max(...heights)];
  if (node.way === "table") return extentOfTable(sizes, node.columns);
  if (node.way === "wrap") return [Math.max(...widths), 0];
  return [Math.max(...widths), added(heights) + 10 * (heights.length - 1)];
}

/**
 * With cells of this size.
 *
 * @param {Pick<Scene, "boards" | "captions">} data
 * @param {number} cell
 * @param {number} sumWidth
 * @returns {(name: string, inTable: boolean) => Extent}
 */
function leafOf({ boards, captions }, cell, sumWidth) {
  return (name, inTable) => {
    // It keeps its end on the screen, however high it is.
    if (name === SUM) return [sumWidth, 0];
    if (name === CURVE) return [CURVE_SIZE.width, CURVE_SIZE.height + ABOVE];
    if (!(name in boards)) return [inTable && name === "" ? 0 : SIGN, 0];
    const part = boards[name];
    const [rows, columns] = part.extent;
    const head = part.resizable
      ? HEAD + 7 * Math.max(0, part.title.length - 6)
      : Math.max(64, 8 * part.title.length + (part.kind === "typed" ? 8 : SIZE));
    const [across, below] = part.refusal ? REFUSAL : part.caption || captions[name] ? CAPTION : [0, 0];
    const each = cell + gapOf(cell);
    const high = part.refusal ? below : rows * each + below;
    return [Math.max(head, across, columns * each), high + ABOVE];
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
 * The arrangement for a component of this width, the pixels of a cell and its digits, and how many characters fit:
 * `room` in full size, `longRoom` in smaller type, `most` at all, `weightRoom` in the corner of a cell of the window.
 *
 * Which arrangement it is, and how high the boards may be, is asked of the screen alone: another setting makes the cells
 * smaller, and nothing else moves.
 *
 * @param {Scene} data
 * @param {number} width
 * @param {SumRoom} numbers
 * @returns {Fitting}
 */
export function arrange(data, width, numbers) {
  const isPhone = window.innerWidth <= PHONE;
  // Fingers need 30 pixels; a board that is wider then scrolls in its own box.
  const least = isPhone || window.matchMedia("(pointer: coarse)").matches ? 30 : 12;
  // What is made for a phone is taken elsewhere only where there is nothing else.
  const offered = data.arrangements.filter((each) => each.narrow === isPhone);
  const among = offered.length > 0 ? offered : data.arrangements;
  const { node, largest, tall, tallest } =
    among.find((each) => (isPhone ? each.narrow : each.wide <= width)) ?? among[among.length - 1];
  const high = isPhone ? 0 : Math.min(tallest, Math.max(LOWEST, tall + windowHeight() - WINDOW));
  const isBeside = hasSum(node);
  const isMany = data.groups.some(({ sections }) => sections.length > 1);
  // Longer numbers are set closer, so that the boards keep their room.
  const sumWidth = Math.max(isMany ? 250 : 380, widthOfTerms(data.groups, numbers.characters, "stacked", true));
  const roomOfSum = isBeside ? sumWidth : width;
  const fits = (/** @type {number} */ cell) => {
    const [wide, down] = extent(node, leafOf(data, cell, sumWidth), betweenOf(width));
    return wide <= width && (isPhone || down <= high || cell <= READABLE);
  };
  let cell = Math.min(largest, isPhone ? 42 : 80);
  while (cell > least && !fits(cell)) cell -= 1;
  const digits = Math.max(cell < 18 ? 10 : 12, Math.min(30, Math.round(cell * 0.4)));
  /** @type {(pixels: number, size: number, fewest?: number) => number} */
  const characters = (pixels, size, fewest = 3) => Math.max(fewest, Math.floor(pixels / (size * 0.6)));
  const room = characters(cell - 4, digits, 2);
  const long = Math.max(8, digits * LONG);
  const most = mostOf(cell, long);
  return {
    node,
    cell,
    tall: cell,
    digits,
    room,
    longRoom: Math.max(room, characters(cell - 2, long, Math.min(3, most))),
    most,
    weightRoom: characters(cell - 6, Math.max(9, digits * 0.58)) - 1,
    high: high && high + (isBeside ? BELOW.player : BELOW.sum) + (width < ONE_LINE ? BELOW.line : 0),
    terms: setTerms(data.groups, numbers.characters, roomOfSum, isBeside),
    sumWidth,
    tailHigh: heightOfTail(numbers.tail, roomOfSum),
    characters: numbers.characters,
  };
}

/**
 * The most characters that a cell shows whole.
 *
 * @param {number} cell pixels
 * @param {number} digits pixels of its smallest digits
 */
export function mostOf(cell, digits) {
  return Math.floor((cell - 1) / (0.5 * digits));
}

/**
 * Pixels between boards that stand side by side, as in grid_lab.css.
 *
 * @param {number} width
 */
function betweenOf(width) {
  return Math.min(26, Math.max(8, 0.022 * width));
}

/** @param {ArrangementNode} node */
export function hasSum(node) {
  return JSON.stringify(node).includes(JSON.stringify(SUM));
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
