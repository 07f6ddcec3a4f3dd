// Draws one plane: what stays as it is, and the marks that follow the pointer and the keys.

import { drawing, make } from "../lib/dom.js";
import { MINUS } from "../lib/numbers.js";
import { zoomOf } from "../lib/present.js";
import { countsOf } from "./connections.js";
import { box, boxes, cellAt, gridLines, numbered, placeOf } from "./geometry.js";

/**
 * @import { Axis, Cell, Entry, MapData, Mark, Place, Plane } from "./types"
 */

/** What surrounds a plane in its drawing: pixels before and after it, and how small its cells may be (`cellSize`). */
export const FRAMES = {
  beside: { before: 24, after: 2, fine: 5, least: 0.01 }, // before it stand the rulers
  tiles: { before: 3, after: 3, fine: 4, least: 0.5 }, // room for the outlines at the rim
};
const TEXT_CELL = 17; // pixels that a cell needs for a number
const PICTURE_CELL = 14; // pixels that a cell of a picture needs: smaller ones would be covered by the lines
const HATCH = "url(#hatching)";
const HATCHED = new Set(["dropped", "outside", "unread"]);
const OVER_LINES = new Set(["kernel", "traced", "window", "frame", "span", "pixel"]);

export class PlaneView {
  /** @type {Place | null} */
  #place = null;
  #under = drawing("g");
  #over = drawing("g");

  /**
   * @param {MapData} map
   * @param {number} index of the plane
   * @param {typeof FRAMES.tiles} frame
   */
  constructor(map, index, frame) {
    this.map = map;
    this.index = index;
    this.frame = frame;
    this.plane = map.planes[index];
    const { title, facts, name, use, keys, note, unknown } = this.plane;
    const caption = make("figcaption", "", facts ? { title: `${title} ${facts}` } : {}, [make("b", "", {}, [title])]);
    if (facts) caption.append(make("span", "", {}, [facts]));
    this.svg = drawing("svg", { class: `drawing ${use}` });
    if (name) this.svg.setAttribute("aria-label", name);
    if (name) this.svg.setAttribute("role", keys ? "application" : "img");
    if (keys) this.svg.setAttribute("tabindex", "0");
    this.figure = make("figure", "", { "data-plane": index }, [caption, this.svg]);
    if (note || unknown) this.figure.append(make("p", "remark", {}, [note]));
  }

  /**
   * Where the focus is for keys.
   *
   * @returns {number | null}
   */
  get focused() {
    return this.index;
  }

  /** @param {number} cell pixels */
  draw(cell) {
    const { plane, svg } = this;
    if (plane.unknown) {
      const { width, height } = svg.getBoundingClientRect();
      const twice = 2 * zoomOf(svg);
      svg.replaceChildren(label(width / twice, height / twice, "?", "unknown"));
      return;
    }
    const { rows, cols } = plane;
    const place = placeOf(plane, cell, this.frame.before);
    this.#place = place;
    const parts = [hatching()];
    if (padded(rows) > rows.size || padded(cols) > cols.size)
      parts.push(rectangle(place, -rows.padding[0], -cols.padding[0], padded(rows), padded(cols), "padding"));
    parts.push(rectangle(place, 0, 0, rows.size, cols.size, "pixels"));
    if (plane.image) parts.push(picture(plane, place));
    parts.push(...this.#visits(place), this.#under);
    if (cell >= this.frame.fine && !(plane.image && cell < PICTURE_CELL))
      parts.push(path("lines", gridLines(plane, place)));
    parts.push(
      ...plane.areas.map(({ look, row, col, height, width }) => rectangle(place, row, col, height, width, look)),
    );
    parts.push(rectangle(place, 0, 0, rows.size, cols.size, "border"));
    if (plane.centres !== null) parts.push(dots(this.map.planes[plane.centres], place));
    if (plane.rulers) parts.push(...rulers(plane, place));
    svg.replaceChildren(...parts, this.#over);
  }

  // Every cell in the colour of how many others are connected to it, with that number where there is room.
  #visits(/** @type {Place} */ place) {
    const { rows, cols, scale } = this.plane;
    if (!scale.length) return [];
    const [link] = this.map.links.filter(({ target }) => target === this.index);
    const counts = [countsOf(link.rows, rows), countsOf(link.cols, cols)];
    /** @type {Map<number, string>} */
    const paths = new Map();
    for (const row of alike(counts[0]))
      for (const col of alike(counts[1])) {
        const value = row.count * col.count;
        paths.set(value, (paths.get(value) ?? "") + box(place, row.cell, col.cell, row.length, col.length));
      }
    const grounds = [...paths].map(([value, d]) =>
      value ? path("visits", d, { fill: scale[value - 1][0] }) : path("unread", d),
    );
    if (place.cell < TEXT_CELL) return grounds;
    const size = Math.min(15, place.cell * (scale.length > 99 ? 0.42 : 0.5));
    const numbers = counts[0].flatMap((row) =>
      counts[1].map((col) => {
        const value = row.count * col.count;
        const made = label(...middle(place, row.cell, col.cell), String(value), "count");
        made.style.fontSize = `${size}px`;
        if (value) made.style.fill = scale[value - 1][1];
        return made;
      }),
    );
    return [...grounds, ...numbers];
  }

  /** @param {Mark[]} marks */
  mark(marks) {
    const place = this.#place;
    if (place === null) return;
    /** @type {Element[]} */
    const under = [];
    /** @type {Element[]} */
    const over = [];
    for (const [look, d] of marks.flatMap((mark) => this.#looks(mark, place)))
      (OVER_LINES.has(look) ? over : under).push(path(look, d));
    this.#under.replaceChildren(...under);
    this.#over.replaceChildren(...over);
  }

  /**
   * @param {Mark} mark
   * @param {Place} place
   * @returns {[look: string, d: string][]}
   */
  #looks({ rows, cols, isOwn }, place) {
    const { plane } = this;
    const cells = boxes(place, rows.runs, cols.runs);
    if (isOwn) return [[plane.unit, cells]];
    /** @type {[look: string, d: string][]} */
    const looks = [];
    if (plane.cells === "veil") looks.push(["veil", box(place, 0, 0, plane.rows.size, plane.cols.size) + cells]);
    // The edges of cells of a pixel or two would be a blot.
    else if (plane.cells && !(plane.cells === "traced" && place.cell < this.frame.fine))
      looks.push([plane.cells, cells]);
    if (!plane.outline) return looks;
    const outline = box(place, rows.first, cols.first, rows.last - rows.first + 1, cols.last - cols.first + 1);
    if (plane.outside) looks.push(["outside", outline + within(plane, { rows, cols, isOwn }, place)]);
    looks.push([plane.outline, outline]);
    return looks;
  }

  /**
   * @param {PointerEvent | MouseEvent} event
   * @returns {Cell | null}
   */
  cellUnder(event) {
    if (this.#place === null || this.plane.use === "look") return null;
    const { left, top } = this.svg.getBoundingClientRect();
    const beyond = `told_${this.plane.told}_beyond` in this.map.words;
    const zoom = zoomOf(this.svg);
    const [x, y] = [(event.clientX - left) / zoom, (event.clientY - top) / zoom];
    const found = cellAt(this.plane, this.#place, x, y, beyond);
    return found && [this.index, ...found];
  }
}

/**
 * A line of the legend.
 *
 * @param {Entry} entry
 * @param {MapData} map
 */
export function legendEntry({ look, text, end = "" }, { planes, layout }) {
  if (look === "scale") {
    const grounds = planes.flatMap(({ scale }) => scale.map(([ground]) => ground));
    const bar = make("i", "scale");
    bar.style.background = `linear-gradient(to right, ${[...grounds, grounds.at(-1)].join(", ")})`;
    return make("span", "", {}, [text, bar, ...(end ? [end] : [])]);
  }
  const edge = layout === "beside" ? 1 : 2;
  const swatch = drawing("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" });
  if (look === "centres") swatch.append(path(look, "M8 8h0", { "stroke-width": 6 }));
  else swatch.append(hatching(), rectangle({ x: edge, y: edge, cell: 16 - 2 * edge }, 0, 0, 1, 1, look));
  return make("span", "", {}, [swatch, text]);
}

function hatching() {
  const pattern = drawing(
    "pattern",
    { id: "hatching", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    [drawing("line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "hatch" })],
  );
  return drawing("defs", {}, [pattern]);
}

/** @param {Axis} axis */
function padded({ size, padding }) {
  return padding[0] + size + padding[1];
}

/**
 * What a mark's look is made of: the style sheet does the rest.
 *
 * @param {string} look
 * @returns {Record<string, string>}
 */
function painted(look) {
  return HATCHED.has(look) ? { class: look, fill: HATCH } : { class: look };
}

/**
 * @param {string} look
 * @param {string} d
 * @param {Record<string, string | number>} [attributes]
 */
function path(look, d, attributes = {}) {
  return drawing("path", { d, ...painted(look), ...attributes });
}

/**
 * @param {Place} place
 * @param {number} row
 * @param {number} col
 * @param {number} height
 * @param {number} width
 * @param {string} look
 */
function rectangle({ x, y, cell }, row, col, height, width, look) {
  const corner = { x: x + col * cell, y: y + row * cell };
  return drawing("rect", { ...corner, width: width * cell, height: height * cell, ...painted(look) });
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {string} className
 */
export function label(x, y, text, className) {
  return drawing("text", { x, y, class: className }, [text]);
}

/**
 * @param {Plane} plane
 * @param {Place} place
 */
function picture({ rows, cols, image }, { x, y, cell }) {
  const size = { width: cols.size * cell, height: rows.size * cell };
  return drawing("image", { x, y, ...size, preserveAspectRatio: "none", href: image });
}

/**
 * @param {Place} place
 * @param {number} row
 * @param {number} col
 * @returns {[x: number, y: number]}
 */
function middle({ x, y, cell }, row, col) {
  return [x + (col + 0.5) * cell, y + (row + 0.5) * cell];
}

/**
 * The part of what is marked that lies on the plane's own cells.
 *
 * @param {Plane} plane
 * @param {Mark} mark
 * @param {Place} place
 */
function within(plane, { rows, cols }, place) {
  const [top, left] = [Math.max(0, rows.first), Math.max(0, cols.first)];
  const height = Math.min(plane.rows.size - 1, rows.last) - top + 1;
  const width = Math.min(plane.cols.size - 1, cols.last) - left + 1;
  return height > 0 && width > 0 ? box(place, top, left, height, width) : "";
}

/**
 * The middles of what the cells of another plane are connected to.
 *
 * @param {Plane} seen from there
 * @param {Place} place
 */
function dots({ rows, cols }, place) {
  const size = Math.min(6, Math.max(1, 0.22 * place.cell * Math.min(rows.jump, cols.jump)));
  let d = "";
  for (let row = 0; row < rows.size; row++)
    for (let col = 0; col < cols.size; col++)
      d += `M${middle(place, rows.centre + row * rows.jump, cols.centre + col * cols.jump).join(" ")}h0`;
  return path("centres", d, { "stroke-width": size });
}

/**
 * Numbers along the left side and the top, from 1 at the first cell that is no padding.
 *
 * @param {Plane} plane
 * @param {Place} place
 */
function rulers({ rows, cols }, place) {
  const [left, top] = [place.x - cols.padding[0] * place.cell, place.y - rows.padding[0] * place.cell];
  const number = (/** @type {number} */ cell) => String(cell + 1).replace("-", MINUS);
  return [
    ...numbered(rows, place.cell).map((row) => label(left - 12, middle(place, row, 0)[1], number(row), "ruler")),
    ...numbered(cols, place.cell).map((col) => label(middle(place, 0, col)[0], top - 10, number(col), "ruler")),
  ];
}

/**
 * Neighbours with the same count as one.
 *
 * @param {{ cell: number, count: number }[]} counts
 */
function alike(counts) {
  /** @type {{ cell: number, count: number, length: number }[]} */
  const found = [];
  for (const { cell, count } of counts) {
    const before = found.at(-1);
    if (before?.count === count) before.length += 1;
    else found.push({ cell, count, length: 1 });
  }
  return found;
}
