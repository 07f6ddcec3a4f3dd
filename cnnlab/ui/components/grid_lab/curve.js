// A curve over the steps, with a mark at the one that is looked at: a click or a drag goes to a step.

import { Chart } from "../curves/chart.js";
import { heightAt } from "../curves/reading.js";
import { readText } from "../curves/scale.js";
import { overSpan } from "../curves/smoothing.js";
import { drawing, make, setAttribute, setText } from "../lib/dom.js";
import { fill } from "../lib/words.js";

export const CURVE = "(curve)"; // as in __init__.py
export const CURVE_SIZE = { width: 220, height: 126 };
const MARGIN = { left: 50, right: 8, top: 8, bottom: 20 };

/** @import { Curve, Scene } from "./types.d.ts" */

/**
 * @typedef {object} Lab what the curve is a part of
 * @property {Scene} data
 * @property {number} shown the step that is looked at
 * @property {number} steps
 * @property {(step: number) => void} go
 */

export class CurveView {
  /** @type {number | null} the step under the pointer */
  #pointed = null;
  /** @type {Curve | null} as it is drawn */
  #curve = null;
  /** @type {import("../curves/chart.js").Series[]} */
  #series = [];
  #title = make("span", "name");
  #value = make("span", "extent");
  #about = drawing("title");
  #now = drawing("line", { class: "now" });
  #dot = drawing("circle", { class: "dot", r: 4.5 });
  #chart = new Chart("curve", CURVE_SIZE.height, MARGIN);

  /** @param {Lab} lab */
  constructor(lab) {
    this.lab = lab;
    const { svg } = this.#chart;
    svg.setAttribute("role", "img");
    svg.prepend(this.#about);
    svg.append(this.#now, this.#dot);
    svg.addEventListener("pointerdown", (event) => this.lab.go(this.#at(event)));
    svg.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) this.lab.go(this.#at(event));
      this.#point(this.#at(event));
    });
    svg.addEventListener("pointerleave", () => this.#point(null));
    this.element = make("section", "matrix curve", {}, [make("div", "head", {}, [this.#title, this.#value]), svg]);
  }

  /** @param {MouseEvent} event */
  #at(event) {
    return Math.round(this.#chart.valueAt(event));
  }

  draw() {
    const { curve, steps } = this.lab.data;
    this.element.hidden = curve === null || steps === 0;
    if (curve === null || steps === 0) return;
    if (this.#curve !== curve) {
      this.#curve = curve;
      this.#series = overSpan(curve.series, 1);
      const { x, y, marks } = curve;
      setText(this.#title, y.name);
      setText(this.#about, curve.about);
      this.#chart.draw({ x, y, series: this.#series, marks, range: [0, Math.max(1, steps - 1)] }, CURVE_SIZE.width);
    }
    const step = this.lab.shown;
    const [across, down] = this.#chart.placeOf(step, this.#heightAt(step));
    const line = { x1: across, x2: across, y1: MARGIN.top, y2: CURVE_SIZE.height - MARGIN.bottom };
    for (const [name, value] of Object.entries(line)) setAttribute(this.#now, name, value);
    setAttribute(this.#dot, "cx", across);
    setAttribute(this.#dot, "cy", down);
    this.#tell();
  }

  /** @param {number} step */
  #heightAt(step) {
    return heightAt(this.#series[0], step) ?? 0;
  }

  /** @param {number | null} step */
  #point(step) {
    this.#pointed = step;
    this.#chart.point(step);
    this.#tell();
  }

  // The number at the step that is pointed at, and which that is, or the one at the step that is looked at.
  #tell() {
    if (this.#curve === null) return;
    const { y, reading } = this.#curve;
    const number = readText(this.#heightAt(this.#pointed ?? this.lab.shown), y);
    setText(this.#value, this.#pointed === null ? number : fill(reading, { step: this.#pointed, number }));
  }
}
