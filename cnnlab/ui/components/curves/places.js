// Two networks' accuracy at every place, as maps: the lighter the colour, the more answers are right.

import { along } from "../lib/colours.js";
import { drawing, make, setAttribute, setText, told } from "../lib/dom.js";
import { arrow, isShortcut } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { fill } from "../lib/words.js";

const CELL = 18;

/** @typedef {[row: number, column: number]} Place */

/**
 * @typedef {object} Places
 * @property {{ key: string, name: string, note: string, map: number[][] | null }[]} networks shares of right answers
 * @property {number} size rows and columns
 * @property {[rows: number, columns: number]} trained
 * @property {string[]} colours from no right answers to all
 * @property {string} told where nothing is pointed at
 */

export class PlaceMaps {
  /** @type {Place | null} */
  #pointed = null;
  /** @type {SVGRectElement[]} */
  #marks = [];
  /** @type {{ name: HTMLElement, svg: SVGSVGElement, note: HTMLElement}[]} */
  #figures = [];
  #maps = make("div", "maps");
  #bar = make("i", "bar");
  #readout = make("p", "readout", { role: "status" });

  /** @param {Record<string, string> & { scale: [string, string] }} words */
  constructor(words) {
    this.words = words;
    const [worst, best] = words.scale;
    this.element = make("section", "card places", {}, [
      told("h2", "", words.places),
      this.#maps,
      make("p", "scale", {}, [worst, this.#bar, best]),
      this.#readout,
    ]);
  }

  /** @param {Places} places */
  draw(places) {
    this.places = places;
    this.#bar.style.setProperty("--sequence", places.colours.join(", "));
    places.networks.forEach((network, index) => {
      this.#figures[index] ??= this.#figure(network.key);
      const { name, svg, note } = this.#figures[index];
      setText(name, network.name);
      setText(note, network.note);
      setAttribute(svg, "aria-label", network.note);
      this.#drawMap(svg, network.map, index);
    });
    this.#point(this.#pointed);
  }

  /**
   * @param {SVGSVGElement} svg
   * @param {number[][] | null} map
   * @param {number} index
   */
  #drawMap(svg, map, index) {
    const { size, trained, colours } = /** @type {Places} */ (this.places);
    const side = size * CELL;
    setAttribute(svg, "viewBox", `-2 -2 ${side + 4} ${side + 4}`);
    const cells = Array.from({ length: size * size }, (_, place) => {
      const [row, column] = [Math.floor(place / size), place % size];
      const at = { x: column * CELL, y: row * CELL, width: CELL - 1, height: CELL - 1 };
      if (!map) return drawing("rect", { ...at, class: "unknown" });
      const cell = drawing("rect", { ...at, class: "known" });
      cell.style.fill = along(colours, map[row][column]);
      return cell;
    });
    const frame = { x: -1, y: -1, width: trained[1] * CELL + 1, height: trained[0] * CELL + 1 };
    const frames = ["around", "trained"].map((name) => drawing("rect", { ...frame, class: name }));
    this.#marks[index] = drawing("rect", { width: CELL, height: CELL, class: "pointed" });
    svg.replaceChildren(...cells, ...frames, this.#marks[index]);
  }

  /** @param {string} key */
  #figure(key) {
    const svg = drawing("svg", { class: "heat", role: "img", tabindex: 0 });
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      this.#point([
        this.#along((event.clientY - box.top) / box.height),
        this.#along((event.clientX - box.left) / box.width),
      ]);
    });
    svg.addEventListener("pointerleave", () => this.#point(null));
    svg.addEventListener("keydown", (event) => {
      const step = arrow(event.key);
      if (!step || isShortcut(event)) return;
      event.preventDefault();
      const [row, column] = this.#pointed ?? [0, -1];
      this.#point([this.#inside(row + step[0]), this.#inside(column + step[1])]);
    });
    svg.addEventListener("blur", () => this.#point(null));
    const figure = { name: make("figcaption", "name"), svg, note: make("p", "note") };
    this.#maps.append(make("figure", `of-${key}`, {}, [figure.name, svg, figure.note]));
    return figure;
  }

  /** @param {number} share of a map's side */
  #along(share) {
    return this.#inside(Math.floor(share * (this.places?.size ?? 1)));
  }

  /** @param {number} index */
  #inside(index) {
    return clamp(index, 0, (this.places?.size ?? 1) - 1);
  }

  /** @param {Place | null} place */
  #point(place) {
    this.#pointed = place;
    for (const mark of this.#marks) {
      mark.style.display = place ? "" : "none";
      if (!place) continue;
      setAttribute(mark, "x", place[1] * CELL - 0.5);
      setAttribute(mark, "y", place[0] * CELL - 0.5);
    }
    const { networks, told: hint } = /** @type {Places} */ (this.places);
    const [mlp, cnn] = networks.map(({ map }) => place && map && Math.round(map[place[0]][place[1]] * 100));
    const at = place && { row: place[0] + 1, column: place[1] + 1 };
    setText(this.#readout, at && mlp !== null && cnn !== null ? fill(this.words.readout, { ...at, mlp, cnn }) : hint);
  }
}
