// What cells are called: a board's letter with the cell's row and column, as in w11.

import { make, setText } from "../lib/dom.js";

/** @import { Part, Scene } from "./types.d.ts" */

export const SMALLER = 0.75; // of a number's digits, those of the name beside it, as in grid_lab.css
const LEAST = 7; // pixels of a name's digits in the smallest cell

/**
 * Counted from 1. Where a place has two digits, a comma keeps it from being read as another one: x1,12 and x11,2.
 *
 * @param {string} letter
 * @param {number} row from 0
 * @param {number} column
 */
export function symbolOf(letter, row, column) {
  return [letter, row + 1, row < 9 && column < 9 ? "" : ",", column + 1].join("");
}

/**
 * The most characters of a name on a board; 0 where its cells have none.
 *
 * @param {Pick<Scene, "boards" | "symbols">} data
 * @param {string | null} name of the board
 */
export function longestSymbol({ boards, symbols }, name) {
  const letter = symbols?.letters[name ?? ""];
  if (name === null || letter === undefined) return 0;
  const [rows, columns] = sizeOf(boards[name]);
  return symbolOf(letter, rows - 1, columns - 1).length;
}

/**
 * Rows and columns of what a board holds, without padding.
 *
 * @param {Part} part
 */
function sizeOf(part) {
  return part.kind === "typed" ? [part.values.length, part.values[0].length] : part.size;
}

/**
 * Pixels of a name's digits where it is longer than its cell has room for; "" where it is not.
 *
 * @param {string} symbol
 * @param {number} room characters
 * @param {number} width of the cell in pixels
 */
export function sizeInCell(symbol, room, width) {
  return symbol.length <= room ? "" : `${Math.max(LEAST, Math.floor((width - 2) / (0.6 * symbol.length)))}px`;
}

/**
 * Write a name into a cell's corner, beside its number; null takes it away.
 *
 * @param {HTMLElement} cell
 * @param {string | null} symbol
 */
export function nameCell(cell, symbol) {
  const there = /** @type {HTMLElement | null} */ (cell.querySelector(".symbol"));
  cell.classList.toggle("named", symbol !== null);
  if (symbol === null) there?.remove();
  else if (there) setText(there, symbol);
  else cell.append(make("span", "symbol", { "aria-hidden": "true" }, [symbol]));
}
