// What is said below a board, part by part: each number lights its place while it is pointed at or has the focus.

import { make, setText } from "../lib/dom.js";
import { isDrawn } from "./marks.js";

/** @import { GridLab } from "./grid_lab.js" */
/** @import { CaptionPart } from "./types.d.ts" */

export class Caption {
  /** @type {HTMLButtonElement[]} */
  #numbers = [];

  /** @param {GridLab} lab */
  constructor(lab) {
    this.lab = lab;
    this.element = make("p", "note caption");
    // One stop for Tab, as a grid is; here the arrow keys do not step.
    this.element.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (by === 0) return;
      const next = this.#numbers[this.#numbers.indexOf(/** @type {HTMLButtonElement} */ (event.target)) + by];
      event.preventDefault();
      event.stopPropagation();
      next?.focus();
    });
  }

  /** @param {CaptionPart[]} parts */
  take(parts) {
    if (isDrawn(this.element, JSON.stringify(parts))) return;
    this.lab.light(null);
    this.#numbers = [];
    setText(this.element, "");
    this.element.append(...parts.map((part) => (part.about === null ? part.text : this.#number(part, part.about))));
    this.#rove(this.#numbers[0]);
  }

  /**
   * @param {CaptionPart} part
   * @param {string} about
   */
  #number({ text, cells }, about) {
    const number = make("button", "number", { type: "button", title: about, "aria-label": about }, [text]);
    number.addEventListener("pointerenter", () => this.lab.light(cells));
    number.addEventListener("pointerleave", () => this.lab.light(null));
    number.addEventListener("focus", () => {
      this.#rove(number);
      this.lab.light(cells);
    });
    number.addEventListener("blur", () => this.lab.light(null));
    this.#numbers.push(number);
    return number;
  }

  /** @param {HTMLButtonElement | undefined} stop */
  #rove(stop) {
    for (const number of this.#numbers) number.tabIndex = number === stop ? 0 : -1;
  }
}
