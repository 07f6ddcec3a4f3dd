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
    // Tab goes past it: arrow keys lead here from the board above and back, and step nothing.
    this.element.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (by === 0 && event.key !== "ArrowUp") return;
      event.preventDefault();
      event.stopPropagation();
      if (by === 0) this.lab.focus();
      else this.#numbers[this.#numbers.indexOf(/** @type {HTMLButtonElement} */ (event.target)) + by]?.focus();
    });
  }

  focus() {
    this.#numbers[0]?.focus();
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
    const number = make("button", "number", { type: "button", tabindex: -1, title: about, "aria-label": about }, [
      text,
    ]);
    number.addEventListener("pointerenter", () => this.lab.light(cells));
    number.addEventListener("pointerleave", () => this.lab.light(null));
    number.addEventListener("focus", () => this.lab.light(cells));
    number.addEventListener("blur", () => this.lab.light(null));
    this.#numbers.push(number);
    return number;
  }
}
