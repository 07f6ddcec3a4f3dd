// Tables of numbers, one line per channel. Everything is a text that Python wrote.

import { tint } from "../lib/colours.js";
import { component } from "../lib/component.js";
import { make } from "../lib/dom.js";

/**
 * What Python sends, as __init__.py makes it.
 *
 * @typedef {{ text: string }} Pixel
 * @typedef {{ text: string, share: number }} Signed
 *
 * @typedef {object} Part of a sum: a channel
 * @property {string} name
 * @property {Pixel[][]} window
 * @property {boolean[][]} padding for each cell of the window
 * @property {[row: number, column: number][]} [won] the largest, in a pooling
 * @property {Signed[][]} [kernel] not in a pooling
 * @property {Signed[][]} [products] likewise
 * @property {string} sentence
 *
 * @typedef {object} Data
 * @property {Part[]} parts
 * @property {string} colour of the pixel that comes out, as CSS says it
 * @property {string} [together] what the parts come to
 * @property {Record<string, string>} words
 */

/**
 * @template Cell
 * @typedef {(box: HTMLElement, cell: Cell, row: number, column: number) => void} Finish
 */

/**
 * @template {Pixel} Cell
 * @param {string} className
 * @param {string} title
 * @param {Cell[][]} cells
 * @param {Finish<Cell>} finish
 */
function table(className, title, cells, finish) {
  const rows = cells.map((line, row) => {
    const boxes = line.map((cell, column) => {
      const box = make("td", "", {}, [cell.text]);
      finish(box, cell, row, column);
      return box;
    });
    return make("tr", "", {}, boxes);
  });
  return make("table", className, {}, [make("caption", "", {}, [title]), make("tbody", "", {}, rows)]);
}

/** @type {Finish<Signed>} */
function signed(box, cell) {
  tint(box, cell.share, 1);
}

/**
 * A pixel is drawn in its own grey.
 *
 * @type {Finish<Pixel>}
 */
function pixel(box, cell) {
  const level = Number(cell.text);
  box.style.background = `rgb(${level} ${level} ${level})`;
  box.style.color = level > 117 ? "#000" : "#fff";
}

/**
 * A sentence, with the colour in which its result is drawn.
 *
 * @param {string} text
 * @param {string | null} colour
 */
function sentence(text, colour) {
  const line = make("p", "total", {}, [make("span", "", {}, [text])]);
  if (colour !== null) {
    const swatch = make("span", "swatch");
    swatch.style.background = colour;
    line.append(swatch);
  }
  return line;
}

/**
 * @param {Part} part
 * @param {string | null} colour
 * @param {Record<string, string>} words
 */
function drawPart(part, colour, words) {
  const won = new Set((part.won ?? []).map(String));
  const equation = make("div", part.window[0].length > 5 ? "equation small" : "equation", {}, [
    table("window", words.window, part.window, (box, cell, row, column) => {
      if (part.padding[row][column]) {
        box.className = "padding";
        box.title = words.padding;
      } else pixel(box, cell, row, column);
      box.classList.toggle("won", won.has(`${row},${column}`));
    }),
  ]);
  if (part.kernel && part.products) {
    equation.append(
      make("span", "operator", {}, ["×"]),
      table("kernel", words.kernel, part.kernel, signed),
      make("span", "operator", {}, ["="]),
      table("products", words.products, part.products, signed),
    );
  }
  const name = part.name ? [make("p", "name", {}, [part.name])] : [];
  return make("section", "part", {}, [...name, equation, sentence(part.sentence, colour)]);
}

export default component(".mount", (root) => ({
  /** @param {Data} data */
  update({ parts, colour, together, words }) {
    const isAlone = parts.length === 1 && !together;
    root.replaceChildren(
      ...parts.map((part) => drawPart(part, isAlone ? colour : null, words)),
      ...(together ? [sentence(together, colour)] : []),
    );
  },
}));
