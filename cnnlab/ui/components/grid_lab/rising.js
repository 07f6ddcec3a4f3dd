// A slow step: the products rise from their cells one by one, row by row they join, and what they come to lands in the
// output's cell. All of it is drawn before; until its time has come a part is not seen. Whoever asks for no movement sees
// the parts appear, one after the other.

import { make } from "../lib/dom.js";

/** @import { GridLab } from "./grid_lab.js" */

const FLIGHT = 700; // milliseconds at most, from a cell to its place in the sum
const APPEARING = 200; // milliseconds
const APART = 40; // pixels that the sum of a row comes from

/**
 * When what is seen in a step: the products in its first half, then their sums, and at last the result.
 *
 * @typedef {object} Times milliseconds from the step's beginning
 * @property {number[]} terms when each product leaves its cell
 * @property {number} flight how long it is on its way
 * @property {number[]} joins when each sum of a row, or of a section, is there
 * @property {number} end when the last line of the sum is
 * @property {number} landing when the result leaves for the output, as long on its way
 */

/**
 * @param {number} terms
 * @param {number} joins
 * @param {number} duration of the step
 * @returns {Times}
 */
export function timesOf(terms, joins, duration) {
  const flight = Math.min(FLIGHT, 0.1 * duration);
  const spread = (/** @type {number} */ count, /** @type {number} */ from, /** @type {number} */ to) =>
    Array.from({ length: count }, (_, index) => duration * (from + ((to - from) * index) / Math.max(1, count)));
  return {
    terms: spread(terms, 0.02, 0.5),
    flight,
    joins: spread(joins, 0.62, 0.72),
    end: 0.74 * duration,
    landing: 0.8 * duration,
  };
}

/**
 * @param {number} across pixels
 * @param {number} down
 */
function at(across, down) {
  return `translate(${across}px, ${down}px)`;
}

export class Rising {
  /** @type {Animation[]} */
  #running = [];

  /** @param {GridLab} lab */
  constructor(lab) {
    this.lab = lab;
    this.layer = make("div", "flying", { "aria-hidden": "true" });
  }

  stop() {
    for (const animation of this.#running) animation.cancel();
    this.#running = [];
    this.layer.replaceChildren();
  }

  /**
   * The step that is drawn.
   *
   * @param {number} duration milliseconds
   */
  play(duration) {
    this.stop();
    const { lab } = this;
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { terms, joins, end } = lab.sum.parts;
    const times = timesOf(terms.length, joins.length, duration);
    const flight = isStill ? 0 : times.flight;
    const cells = lab.terms(lab.step).map(({ left, leftCell }) => left.elementAt(leftCell));
    terms.forEach(({ element, number }, index) => {
      if (!isStill && cells[index]) this.#fly(cells[index], number, times.terms[index], flight);
      this.#appear(element, times.terms[index] + flight);
    });
    joins.forEach((each, index) => {
      this.#appear(each, times.joins[index]);
      if (!isStill) this.#slide(each, times.joins[index]);
    });
    this.#appear(end, times.end);
    const board = lab.boardOf(lab.step);
    const cell = board?.elementAt(lab.step - board.first);
    const result = end.querySelector(".result");
    if (!cell || !(result instanceof HTMLElement)) return;
    if (!isStill) this.#fly(result, cell, times.landing, flight);
    this.#appear(cell.children[0], times.landing + flight);
  }

  /**
   * @param {Element} element
   * @param {Keyframe[]} frames
   * @param {KeyframeAnimationOptions} timing
   */
  #animate(element, frames, timing) {
    this.#running.push(element.animate(frames, timing));
  }

  /**
   * @param {Element} element
   * @param {number} delay
   */
  #appear(element, delay) {
    this.#animate(element, [{ opacity: 0 }, { opacity: 1 }], { delay, duration: APPEARING, fill: "backwards" });
  }

  /**
   * The sum of a row comes out of it.
   *
   * @param {Element} element
   * @param {number} delay
   */
  #slide(element, delay) {
    const frames = [{ transform: at(-APART, 0) }, { transform: at(0, 0) }];
    this.#animate(element, frames, { delay, duration: 2 * APPEARING, easing: "ease-out", fill: "backwards" });
  }

  /**
   * A number rises from an element and goes to another, over all that is in between.
   *
   * @param {Element} from
   * @param {HTMLElement} to
   * @param {number} delay
   * @param {number} duration
   */
  #fly(from, to, delay, duration) {
    const number = make("span", "chip", {}, [to.textContent ?? ""]);
    this.layer.append(number);
    const [start, goal, own] = [from, to, number].map((each) => each.getBoundingClientRect());
    const over = ({ left, top, width, height } = start, up = 0) =>
      at(left + (width - own.width) / 2 - own.left, top + (height - own.height) / 2 - own.top - up);
    this.#animate(
      number,
      [
        { transform: over(), opacity: 0 },
        { transform: over(start, start.height / 2), scale: 1.2, opacity: 1, offset: 0.35 },
        { transform: over(goal), opacity: 1 },
      ],
      { delay, duration, easing: "ease-in-out" },
    );
  }
}
