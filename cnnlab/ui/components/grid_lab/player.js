// The transport: step, play, speed, slider, and the two ways of looking (show all, predict).

import { buttonOf, icon, make, setAttribute, setText } from "../lib/dom.js";
import { fill } from "../lib/words.js";

const ICONS = {
  first: "M6 5v14M19 5l-10 7 10 7z",
  back: "M16 5l-9 7 9 7z",
  play: "M7 4l13 8-13 8z",
  pause: "M7 5h3v14H7zM14 5h3v14h-3z",
  forward: "M8 5l9 7-9 7z",
  last: "M18 5v14M5 5l10 7-10 7z",
};
const SLOW = 0.3; // steps per second: what is slower shows how a step comes about

/** @import { GridLab } from "./grid_lab.js" */
/** @import { Cells, Scene } from "./types.d.ts" */

const CELLS = /** @type {const} */ (["numbers", "letters", "both"]);

export class Player {
  /** @type {number | null} of the next step, while the steps play */
  #timer = null;

  /** @param {GridLab} lab */
  constructor(lab) {
    this.lab = lab;
    /** @type {(name: keyof typeof ICONS, act: () => void) => HTMLButtonElement} */
    const button = (name, act) => buttonOf(icon(ICONS[name], 24), act, `tool ${name}`);
    this.first = button("first", () => lab.go(0));
    this.back = button("back", () => lab.move(-1));
    this.play = button("play", () => this.toggle());
    this.forward = button("forward", () => lab.move(1));
    this.last = button("last", () => lab.go(lab.steps - 1));
    // Tab goes past them: their keys count on the whole page, and the slider has them, too.
    for (const step of [this.first, this.back, this.forward, this.last]) step.tabIndex = -1;
    this.slider = make("input", "slider", { type: "range", min: 0, step: 1 });
    this.slider.addEventListener("input", () => lab.go(Number(this.slider.value)));
    this.counter = make("output", "counter");
    this.speed = make("select", "speed");
    this.speed.addEventListener("change", () => {
      if (this.playing) this.#schedule();
    });
    this.all = buttonOf("", () => lab.showAll(!lab.all), "text", { "aria-pressed": "false" });
    this.predict = buttonOf("", () => lab.predict(!lab.predicting), "text", { "aria-pressed": "false" });
    this.cells = make("select", "speed");
    this.cells.addEventListener("change", () => lab.showCells(/** @type {Cells} */ (this.cells.value)));
    this.element = make("div", "player", { role: "group" }, [
      make("div", "buttons", {}, [this.first, this.back, this.play, this.forward, this.last]),
      this.slider,
      this.counter,
      make("div", "modes", {}, [this.all, this.predict, this.cells, this.speed]),
    ]);
  }

  get playing() {
    return this.#timer !== null;
  }

  toggle() {
    if (this.playing) this.stop();
    else this.start();
    this.lab.draw();
  }

  start() {
    if (this.lab.predicting || this.lab.data.refusal !== null || this.lab.steps < 2) return;
    if (this.lab.step >= this.lab.steps - 1) this.lab.go(0);
    this.#schedule();
  }

  stop() {
    if (!this.playing) return;
    this.#unschedule();
    this.lab.rising.stop();
    this.lab.rested();
  }

  #unschedule() {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
  }

  #schedule() {
    this.#unschedule();
    const rate = Number(this.speed.value);
    if (rate < SLOW) this.lab.rising.play(1000 / rate);
    else this.lab.rising.stop();
    this.#timer = setTimeout(() => {
      // The component may have been removed from the page without a word.
      if (!this.element.isConnected) {
        this.#timer = null;
        return;
      }
      const wasLast = this.lab.step >= this.lab.steps - 1;
      this.lab.go(this.lab.step + 1, { playing: true });
      const isSlow = Number(this.speed.value) < SLOW;
      // How the last step comes about is seen to its end, too.
      if (wasLast || (this.lab.step >= this.lab.steps - 1 && !isSlow)) this.stop();
      else this.#schedule();
      this.lab.draw();
    }, 1000 / rate);
  }

  /** @param {Scene} data */
  take(data) {
    const { words } = data;
    this.element.setAttribute("aria-label", words.player_label);
    for (const name of /** @type {const} */ (["first", "back", "forward", "last"])) {
      setAttribute(this[name], "aria-label", words[name]);
      setAttribute(this[name], "title", words[name]);
    }
    setAttribute(this.slider, "aria-label", words.slider_label);
    setAttribute(this.speed, "aria-label", words.speed_label);
    setText(this.predict, words.predict);
    this.predict.hidden = data.predict === null;
    this.all.hidden = !data.fills;
    this.element.hidden = data.steps < 2 && data.refusal === null && !data.fills;
    this.cells.hidden = data.cells === null;
    setAttribute(this.cells, "aria-label", words.cells_label);
    setAttribute(this.cells, "title", words.cells_label);
    if (this.cells.options.length === 0)
      for (const cells of CELLS) this.cells.append(make("option", "", { value: cells }, [words[`cells_${cells}`]]));
    if (this.speed.options.length === 0) {
      for (const [rate, label] of data.speeds) this.speed.append(make("option", "", { value: rate }, [label]));
      this.speed.value = String(data.speed);
    }
  }

  draw() {
    const { lab } = this;
    const { words } = lab.data;
    const idle = lab.data.refusal !== null;
    const steps = lab.steps;
    if (lab.cells !== null) this.cells.value = lab.cells;
    this.slider.max = String(Math.max(0, steps - 1));
    if (Number(this.slider.value) !== lab.step) this.slider.value = String(lab.step);
    this.slider.style.setProperty("--reached", `${steps > 1 ? (100 * lab.step) / (steps - 1) : 100}%`);
    const told = fill(words.counter, { step: lab.step + 1, steps, made: lab.step, last: steps - 1 });
    setAttribute(this.slider, "aria-valuetext", told);
    setText(this.counter, idle ? "" : told);
    for (const button of [this.first, this.back]) button.disabled = idle || lab.step === 0;
    for (const button of [this.forward, this.last]) button.disabled = idle || lab.step >= steps - 1;
    this.slider.disabled = idle || steps < 2;
    this.play.disabled = idle || lab.predicting || steps < 2;
    if (this.play.dataset.shown !== String(this.playing)) {
      this.play.dataset.shown = String(this.playing);
      this.play.replaceChildren(icon(ICONS[this.playing ? "pause" : "play"], 24));
      const label = this.playing ? words.pause : words.play;
      setAttribute(this.play, "aria-label", label);
      setAttribute(this.play, "title", label);
    }
    setText(this.all, words.show_all);
    setAttribute(this.all, "aria-pressed", lab.all);
    this.all.disabled = idle || lab.predicting;
    setAttribute(this.predict, "aria-pressed", lab.predicting);
    this.predict.disabled = idle;
  }
}
