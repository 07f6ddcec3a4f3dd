// A curve over the steps, with a mark at the one that is looked at. Python computed its values; here they become places.

import { make, setAttribute, setText } from "../lib/dom.js";
import { isDrawn } from "./marks.js";

export const CURVE = "(curve)"; // as in __init__.py
export const CURVE_SIZE = { width: 220, height: 126, left: 50, right: 8, top: 8, bottom: 20 };

export class CurveView {
  constructor(lab) {
    this.lab = lab;
    this.title = make("span", "name");
    this.value = make("span", "extent");
    this.svg = this.#shape("svg", { viewBox: `0 0 ${CURVE_SIZE.width} ${CURVE_SIZE.height}`, role: "img" });
    this.svg.addEventListener("pointerdown", (event) => this.#seek(event));
    this.svg.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) this.#seek(event);
    });
    this.ticks = this.#shape("g", {});
    this.about = this.#shape("title", {});
    this.line = this.#shape("polyline", { class: "line" });
    this.now = this.#shape("line", { class: "now" });
    this.dot = this.#shape("circle", { class: "dot", r: 4.5 });
    this.svg.append(this.about, this.ticks, this.line, this.now, this.dot);
    this.element = make("section", "matrix curve", {}, [make("div", "head", {}, [this.title, this.value]), this.svg]);
  }

  #shape(tag, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  #seek(event) {
    const { left, right, width } = CURVE_SIZE;
    const box = this.svg.getBoundingClientRect();
    const share = (((event.clientX - box.left) / box.width) * width - left) / (width - left - right);
    this.lab.go(Math.round(share * (this.lab.steps - 1)));
  }

  draw() {
    const { curve, steps } = this.lab.data;
    this.element.hidden = !curve || steps === 0;
    if (this.element.hidden) return;
    const { width, height, left, right, top, bottom } = CURVE_SIZE;
    const x = (step) => left + (width - left - right) * (steps > 1 ? step / (steps - 1) : 0);
    const y = (share) => top + (height - top - bottom) * (1 - share);
    if (this.curve !== curve) {
      this.curve = curve;
      setText(this.title, curve.title);
      setText(this.about, curve.about);
      if (!isDrawn(this.ticks, JSON.stringify([curve.ticks, steps]))) {
        const parts = curve.ticks.flatMap(({ share, text }) => [
          this.#shape("line", { class: "grid", x1: left, x2: width - right, y1: y(share), y2: y(share) }),
          this.#shape("text", { class: "tick", x: left - 5, y: y(share) + 4, "text-anchor": "end" }, text),
        ]);
        parts.push(this.#shape("text", { class: "tick", x: left, y: height - 5 }, "0"));
        parts.push(
          this.#shape(
            "text",
            { class: "tick", x: width - right, y: height - 5, "text-anchor": "end" },
            String(steps - 1),
          ),
        );
        this.ticks.replaceChildren(...parts);
      }
      setAttribute(
        this.line,
        "points",
        curve.shares.map((share, step) => `${x(step).toFixed(1)},${y(share).toFixed(1)}`).join(" "),
      );
      setAttribute(this.now, "y1", String(top));
      setAttribute(this.now, "y2", String(height - bottom));
    }
    const step = this.lab.shown;
    setText(this.value, curve.texts[step]);
    setAttribute(this.now, "x1", String(x(step)));
    setAttribute(this.now, "x2", String(x(step)));
    setAttribute(this.dot, "cx", String(x(step)));
    setAttribute(this.dot, "cy", String(y(curve.shares[step])));
  }
}
