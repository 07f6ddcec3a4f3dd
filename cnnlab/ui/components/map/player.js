// Buttons that step and play through the cells that can be chosen.

import { drawing, make } from "../lib/dom.js";

const STEP_DELAY = 450; // milliseconds
const ICONS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M10 4v8L5 8z",
  play: "M4 2v12l10-6z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M6 4v8l5-4z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
};
const MOVES = /** @type {const} */ (["first", "back", "play", "forward", "last"]);

/**
 * @typedef {object} Walk what is stepped through
 * @property {() => { index: number, last: number, isFixed: boolean }} position
 * @property {(index: number) => void} go
 */

export class Player {
  /** @type {number | undefined} */
  #timer = undefined;
  /** @type {Record<string, string>} */
  #words = {};

  #icons = MOVES.map(() => drawing("path"));

  /** @param {Walk} walk */
  constructor(walk) {
    this.walk = walk;
    this.buttons = MOVES.map((move, place) => {
      const icon = drawing("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, [this.#icons[place]]);
      const button = make("button", move === "play" ? "play" : "", { type: "button", "data-move": move }, [icon]);
      button.addEventListener("click", () => this.#press(move));
      return button;
    });
  }

  /** @param {typeof MOVES[number]} move */
  #press(move) {
    if (move === "play") {
      this.toggle();
      return;
    }
    this.stop();
    const { index, last } = this.walk.position();
    this.walk.go({ first: 0, back: index - 1, forward: index + 1, last }[move]);
  }

  toggle() {
    if (this.#timer === undefined) this.#start();
    else this.stop();
  }

  #start() {
    const { index, last, isFixed } = this.walk.position();
    if (isFixed) return;
    if (index === last) this.walk.go(0);
    this.#timer = setInterval(() => this.#step(), STEP_DELAY);
    this.draw();
  }

  #step() {
    // The component may have been taken off the page without a word.
    if (!this.buttons[0].isConnected) {
      this.stop();
      return;
    }
    this.walk.go(this.walk.position().index + 1);
    const { index, last } = this.walk.position();
    if (index === last) this.stop();
  }

  stop() {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.draw();
  }

  /** @param {Record<string, string>} [words] */
  draw(words = this.#words) {
    this.#words = words;
    const { index, last, isFixed } = this.walk.position();
    const isPlaying = this.#timer !== undefined;
    MOVES.forEach((move, place) => {
      const button = this.buttons[place];
      const sign = move === "play" && isPlaying ? "pause" : move;
      button.disabled =
        isFixed ||
        (index === 0 && (move === "first" || move === "back")) ||
        (index === last && (move === "forward" || move === "last"));
      this.#icons[place].setAttribute("d", ICONS[sign]);
      button.setAttribute("aria-label", words[sign]);
      button.title = words[sign];
    });
  }
}
