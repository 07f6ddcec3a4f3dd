// Two networks' accuracy against the shift as curves, and at every place as maps. Redrawn in place while they train.

import { chartColours } from "../lib/colours.js";
import { make, setText, told } from "../lib/dom.js";
import { arrow, isShortcut } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { fill } from "../lib/words.js";
import { Chart, drawLegend } from "./chart.js";
import { PlaceMaps } from "./places.js";
import { heightAt } from "./reading.js";
import { overSpan } from "./smoothing.js";

const HEIGHT = 316;
const MARGIN = { left: 40, right: 12, top: 10, bottom: 36 };
const PADDING = 26; // pixels left and right of the chart together, as in curves.css

/**
 * @typedef {object} ShiftData as `shift_curves` in shift.py
 * @property {"shift"} kind
 * @property {Record<string, string> & { scale: [string, string] }} words
 * @property {import("./smoothing.js").SentChart} chart
 * @property {string} summary of the chart, for who does not see it
 * @property {import("./places.js").Places} places
 */

export class ShiftView {
  /** @type {number | null} the shift that is read */
  #shift = null;
  /** @type {import("./chart.js").Series[]} */
  #series = [];

  /**
   * @param {HTMLElement} root
   * @param {ShiftData} data
   */
  constructor(root, data) {
    const { words } = data;
    this.root = root;
    this.words = words;
    this.data = data;
    this.chart = new Chart("shift", HEIGHT, MARGIN, ({ key, y }, shift) => this.#told(key, shift, y[shift]));
    const { svg } = this.chart;
    svg.setAttribute("height", String(HEIGHT));
    svg.setAttribute("role", "img");
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("pointermove", (event) => this.#point(this.chart.valueAt(event)));
    svg.addEventListener("pointerleave", () => this.#point(null));
    svg.addEventListener("blur", () => this.#point(null));
    svg.addEventListener("keydown", (event) => {
      const move = arrow(event.key)?.[1];
      if (!move || isShortcut(event)) return;
      event.preventDefault();
      this.#point(this.#shift === null ? 0 : this.#shift + move);
    });
    this.legend = make("div", "legend");
    this.reading = make("div", "reading", { role: "status" });
    this.panel = make("section", "card curve", {}, [told("h2", "", words.curve), this.legend, svg, this.reading]);
    this.places = new PlaceMaps(words);
    root.replaceChildren(make("div", "body", {}, [this.panel, this.places.element]));
    this.observer = new ResizeObserver(() => this.#draw());
  }

  /** @param {ShiftData} data */
  update(data) {
    this.data = data;
    this.#series = overSpan(data.chart.series, 1);
    chartColours(this.root).forEach((colour, index) => {
      this.root.style.setProperty(`--chart-${index}`, colour);
    });
    drawLegend(this.legend, this.#series);
    this.chart.svg.setAttribute("aria-label", data.summary);
    this.#draw();
    this.places.draw(data.places);
    // Once it was begun a second time, it is still watched.
    this.observer.observe(this.panel);
  }

  #draw() {
    const { x, y, marks } = this.data.chart;
    const width = this.panel.clientWidth - PADDING;
    if (width <= 0) return;
    const last = (x.whole ?? [0, 1])[1];
    this.chart.draw({ x, y, series: this.#series, marks, range: last > 0 ? [0, last] : [-1, 1] }, width);
    this.#point(this.#shift);
  }

  /** @param {number | null} value of the shift, between two maybe */
  #point(value) {
    const [first, last] = this.data.chart.x.whole ?? [0, 0];
    this.#shift = value === null ? null : clamp(Math.round(value), first, last);
    const shift = this.#shift;
    this.chart.point(shift);
    const read = shift === null ? [] : this.#series.map((series) => ({ series, share: heightAt(series, shift) }));
    const told = read.flatMap(({ series, share }) =>
      share === null || shift === null ? [] : this.#told(series.key, shift, share),
    );
    setText(this.reading, told.join(" · ") || this.words.hint);
  }

  /**
   * @param {string} key of a network
   * @param {number} shift
   * @param {number} share
   */
  #told(key, shift, share) {
    const name = this.data.places.networks.find((network) => network.key === key)?.name ?? "";
    return fill(this.words.point, { name, shift, percent: Math.round(share * 100) });
  }
}
