// Draws all planes from the side: a line of dots each, the first at the bottom, and the paths between them.

import { drawing } from "../lib/dom.js";
import { zoomOf } from "../lib/present.js";
import { fill } from "../lib/words.js";
import { connected, spanOf } from "./connections.js";
import { across } from "./geometry.js";
import { label } from "./plane.js";
import { show } from "./telling.js";

/**
 * @import { Cell, MapData } from "./types"
 */

const LARGEST_STEP = 104; // pixels from one dot to the next
const DASHED_RADIUS = 5; // a smaller circle would have no room for dashes
const MOST_WIRES = 6000;

export class SideView {
  #wires = drawing("g");
  #bracket = drawing("g");
  /** @type {Map<number, SVGCircleElement>[]} */
  #dots = [];

  /**
   * @param {MapData} map
   * @param {number} width pixels
   * @param {number} height
   * @param {boolean} isNarrow
   */
  constructor(map, width, height, isNarrow) {
    this.map = map;
    this.width = width;
    this.last = map.planes.length - 1;
    const left = isNarrow ? 4 : 150;
    this.step = Math.max(isNarrow ? 52 : 30, Math.min(96, (height - 58) / Math.max(1, this.last)));
    this.top = isNarrow ? 34 : 16;
    const cells = across(map.planes[0].cols);
    this.scale = Math.min(LARGEST_STEP, (width - left - 8) / cells);
    this.origin = left + (width - left - 8 - this.scale * cells) / 2;
    const whole = this.top + this.last * this.step + 44;
    this.svg = drawing("svg", {
      width,
      height: whole,
      viewBox: `0 0 ${width} ${whole}`,
      class: "side",
      tabindex: 0,
      role: "application",
      "aria-label": map.words.side_name,
    });
    this.svg.append(...this.#allWires(), this.#wires);
    for (let plane = 0; plane <= this.last; plane++) this.#drawDots(plane);
    for (let plane = 0; plane <= this.last; plane++) this.svg.append(...this.#names(plane, left, isNarrow));
    this.svg.append(this.#bracket);
  }

  /** Keys go on from the chosen cell, in whatever plane. */
  get focused() {
    return null;
  }

  /**
   * @param {number} plane
   * @param {number} cell
   */
  #x(plane, cell) {
    const { centre, jump } = this.map.planes[plane].cols;
    return this.origin + (centre + cell * jump + this.map.planes[0].cols.room[0] + 0.5) * this.scale;
  }

  /** @param {number} plane */
  #y(plane) {
    return this.top + (this.last - plane) * this.step;
  }

  /**
   * The cells of the plane before that a window reads.
   *
   * @param {number} plane
   * @param {number} cell
   */
  #read(plane, cell) {
    return spanOf(this.map.ways[plane - 1], cell).runs.map(([start]) => start);
  }

  /**
   * @param {number} plane
   * @param {number} cell
   */
  #isCell(plane, cell) {
    return cell >= 0 && cell < this.map.planes[plane].cols.size;
  }

  /**
   * @param {number} plane
   * @param {number} cell
   * @param {number} below a cell of the plane before
   */
  #wire(plane, cell, below) {
    return `M${this.#x(plane, cell)} ${this.#y(plane)}L${this.#x(plane - 1, below)} ${this.#y(plane - 1)}`;
  }

  #allWires() {
    const { planes, ways } = this.map;
    const wires = ways.flatMap(({ firsts }, index) =>
      [...firsts.keys()].flatMap((cell) =>
        this.#read(index + 1, cell)
          .filter((below) => this.#isCell(index, below))
          .map((below) => this.#wire(index + 1, cell, below)),
      ),
    );
    const are = wires.length <= MOST_WIRES && (ways.length > 0 || planes.length === 1);
    return are ? [drawing("path", { d: wires.join(""), class: "wire" })] : [];
  }

  /** @param {number} plane */
  #drawDots(plane) {
    const radius = Math.max(2, Math.min(13, 0.33 * this.scale, 0.2 * this.step));
    const { size, padding } = this.map.planes[plane].cols;
    /** @type {Map<number, SVGCircleElement>} */
    const dots = new Map();
    for (let cell = -padding[0]; cell < size + padding[1]; cell++) {
      const isRim = !this.#isCell(plane, cell);
      const dot = drawing("circle", {
        cx: this.#x(plane, cell),
        cy: this.#y(plane),
        r: isRim ? 0.8 * radius : radius,
        class: isRim ? "rim" : "",
      });
      if (isRim && radius < DASHED_RADIUS) dot.style.strokeDasharray = "none";
      dots.set(cell, dot);
      this.svg.append(dot);
    }
    this.#dots.push(dots);
  }

  /**
   * @param {number} plane
   * @param {number} left
   * @param {boolean} isNarrow
   */
  #names(plane, left, isNarrow) {
    const { title, facts } = this.map.planes[plane];
    const y = this.#y(plane);
    if (isNarrow) return [label(left, y - 22, facts ? `${title}, ${facts}` : title, "title")];
    return [label(0, y - (facts ? 8 : 0), title, "title"), label(0, y + 10, facts, "sees")];
  }

  /**
   * @param {MouseEvent} event
   * @returns {Cell | null}
   */
  cellUnder(event) {
    const { left, top } = this.svg.getBoundingClientRect();
    const zoom = zoomOf(this.svg);
    const plane = Math.round(this.last - ((event.clientY - top) / zoom - this.top) / this.step);
    if (plane < 1 || plane > this.last) return null;
    const { centre, jump } = this.map.planes[plane].cols;
    const seen = ((event.clientX - left) / zoom - this.origin) / this.scale - this.map.planes[0].cols.room[0] - 0.5;
    // + 0, since a little left of the first one is −0 to the browser.
    const cell = Math.round((seen - centre) / jump) + 0;
    return this.#isCell(plane, cell) ? [plane, cell, cell] : null;
  }

  /** @param {Cell | null} shown */
  mark(shown) {
    const regions = shown === null ? new Map() : connected(this.map, shown);
    /** @type {Set<number>[]} */
    const on = this.map.planes.map(() => new Set());
    if (shown !== null) on[shown[0]].add(shown[2]);
    for (const [plane, { cols }] of regions)
      for (const [start, length] of cols.runs)
        for (let cell = start; cell < start + length; cell++) on[plane].add(cell);
    this.#drawPaths(on, regions.size > 0 && shown !== null ? shown[0] : 0);
    this.#dots.forEach((dots, plane) => {
      for (const [cell, dot] of dots) {
        dot.classList.toggle("on", on[plane].has(cell));
        dot.classList.toggle("unit", shown !== null && plane === shown[0] && cell === shown[2]);
      }
    });
    const pixels = regions.get(0)?.cols;
    this.#bracket.replaceChildren(...(pixels ? this.#bracketOf(pixels.first, pixels.last) : []));
  }

  /**
   * The paths to a cell of plane `top`; the cells in padding that they come from are put among those that are on.
   *
   * @param {Set<number>[]} on
   * @param {number} top
   */
  #drawPaths(on, top) {
    /** @type {string[]} */
    const inside = [];
    /** @type {string[]} */
    const outside = [];
    for (let plane = top; plane >= 1; plane--)
      for (const cell of [...on[plane]].filter((each) => this.#isCell(plane, each)))
        for (const below of this.#read(plane, cell)) {
          const isCell = this.#isCell(plane - 1, below);
          (isCell ? inside : outside).push(this.#wire(plane, cell, below));
          if (!isCell) on[plane - 1].add(below);
        }
    this.#wires.replaceChildren(
      drawing("path", { d: outside.join(""), class: "wire out" }),
      drawing("path", { d: inside.join(""), class: "wire on" }),
    );
  }

  /**
   * @param {number} first
   * @param {number} last
   */
  #bracketOf(first, last) {
    const [from, to, below] = [
      this.#x(0, first) - 0.45 * this.scale,
      this.#x(0, last) + 0.45 * this.scale,
      this.#y(0) + 14,
    ];
    const [start, stop] = [Math.max(2, from), Math.min(this.width - 2, to)];
    return [
      drawing("path", { d: `M${start} ${below - 5}v5H${stop}v-5`, class: "bracket" }),
      label((start + stop) / 2, below + 18, fill(this.map.words.pixels, { size: last - first + 1 }, show), "size"),
    ];
  }
}
