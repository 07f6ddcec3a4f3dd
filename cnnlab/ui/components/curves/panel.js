// One chart of several that are looked at together: a drag chooses a part, a pointer or a key reads a step, in all.

import { make, setText, told } from "../lib/dom.js";
import { isShortcut } from "../lib/keys.js";
import { Chart, drawLegend } from "./chart.js";

const MARGIN = { left: 46, right: 12, top: 8, bottom: 22 };
const LEAST_WIDTH = 80; // pixels
const MIN_DRAG = 6; // pixels; less than this is a click
const PADDING = 16; // pixels left and right of a drawing together, as in curves.css

/**
 * @typedef {object} Reader what all panels tell
 * @property {(step: number | null) => void} point
 * @property {(range: import("./zoom.js").Range) => void} zoomTo
 * @property {() => void} zoomToAll
 * @property {(key: string) => boolean} act
 */

export class Panel {
  /** @type {{ pixel: number, step: number } | null} */
  #from = null;

  /**
   * @param {string} key
   * @param {string} name
   * @param {string} label for who does not see it
   * @param {number} height
   * @param {Reader} reader
   */
  constructor(key, name, label, height, reader) {
    this.reader = reader;
    this.chart = new Chart(key, height, MARGIN);
    const { svg } = this.chart;
    svg.setAttribute("height", String(height));
    svg.setAttribute("aria-hidden", "true");
    this.legend = make("div", "legend");
    // An unseen head with the longest names, behind the one that is seen: as high as that will ever be.
    this.room = make("div", "legend");
    this.readout = make("div", "readout", { role: "status" });
    this.element = make("div", `panel panel-${key}`, { tabindex: 0, role: "group", "aria-label": label }, [
      make("div", "heads", {}, [
        make("div", "head", {}, [told("strong", "", name), this.legend]),
        make("div", "head room", { "aria-hidden": "true" }, [told("strong", "", name), this.room]),
      ]),
      this.readout,
      svg,
    ]);
    svg.addEventListener("pointerdown", (event) => this.#begin(event));
    svg.addEventListener("pointermove", (event) => this.#move(event));
    svg.addEventListener("pointerup", (event) => this.#end(event));
    svg.addEventListener("pointercancel", () => this.#leave());
    svg.addEventListener("pointerleave", () => {
      if (!this.#from) reader.point(null);
    });
    svg.addEventListener("dblclick", () => reader.zoomToAll());
    this.element.addEventListener("keydown", (event) => {
      if (!isShortcut(event) && reader.act(event.key)) event.preventDefault();
    });
    this.element.addEventListener("blur", () => reader.point(null));
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0) return;
    this.chart.svg.setPointerCapture(event.pointerId);
    this.#from = { pixel: event.clientX, step: this.chart.valueAt(event) };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const step = this.chart.valueAt(event);
    if (this.#from) this.chart.select([this.#from.step, step]);
    this.reader.point(step);
  }

  /** @param {PointerEvent} event */
  #end(event) {
    const from = this.#from;
    this.#leave();
    if (!from || Math.abs(event.clientX - from.pixel) < MIN_DRAG) return;
    const step = this.chart.valueAt(event);
    this.reader.zoomTo([Math.min(from.step, step), Math.max(from.step, step)]);
  }

  #leave() {
    this.#from = null;
    this.chart.select(null);
  }

  /** @param {import("./chart.js").Shown} shown */
  draw(shown) {
    const width = this.chart.svg.clientWidth || this.element.clientWidth - PADDING;
    if (shown.series.length > 1) {
      drawLegend(this.legend, shown.series);
      drawLegend(
        this.room,
        shown.series.map((series) => ({ ...series, name: series.longest_name ?? series.name })),
      );
    }
    if (width >= LEAST_WIDTH) this.chart.draw(shown, width);
  }

  /**
   * @param {number | null} step
   * @param {string} reading what stands there
   */
  point(step, reading) {
    this.chart.point(step);
    setText(this.readout, reading);
  }
}
