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
    // Here the arrow keys do not step.
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
    // The lab is drawn once all boards have taken what came, and so is that nothing is lit any more.
    this.lab.lit = null;
    this.#numbers = [];
    setText(this.element, "");
    this.element.append(...parts.map((part) => (part.about === null ? part.text : this.#number(part, part.about))));
  }

  /**
   * @param {CaptionPart} part
   * @param {string} about
   */
  #number({ text, cells }, about) {
    const number = make("button", "number", { type: "button", title: about, "aria-label": about }, [text]);
    // Tab goes on to the player; what a number stands for is told by its name, too.
    number.tabIndex = -1;
    number.addEventListener("pointerenter", () => this.lab.light(cells));
    number.addEventListener("pointerleave", () => this.lab.light(null));
    number.addEventListener("focus", () => this.lab.light(cells));
    number.addEventListener("blur", () => this.lab.light(null));
    this.#numbers.push(number);
    return number;
  }
}
